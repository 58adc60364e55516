//! From values to places, and the round numbers that label an axis.

use super::{Axis, longest};

/// Font size of tick labels.
pub(crate) const SIZE: f64 = 10.5;

/// A linear or logarithmic map from values to picture coordinates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    log: bool,
    to: (f64, f64),
}

impl Scale {
    pub(crate) fn new(range: (f64, f64), log: bool, to: (f64, f64)) -> Self {
        let (low, high) = if log { (range.0.log10(), range.1.log10()) } else { range };
        Scale { low, high, log, to }
    }

    /// The place of a value; not finite if it has none.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let value = if self.log { value.log10() } else { value };
        if !value.is_finite() {
            return f64::NAN;
        }
        // Far values are drawn far outside, but not at infinity.
        let share = ((value - self.low) / (self.high - self.low)).clamp(-1e4, 1e4);
        self.to.0 + share * (self.to.1 - self.to.0)
    }

    /// The place where bars begin: zero, or the end of a logarithmic axis.
    pub(crate) fn ground(&self) -> f64 {
        if self.log { self.to.0 } else { self.at(0.0_f64.clamp(self.low, self.high)) }
    }
}

/// Labelled places of an axis.
#[derive(Debug, Clone)]
pub(crate) struct Ticks {
    /// Values with their labels.
    pub at: Vec<(f64, String)>,
}

impl Ticks {
    /// About one tick for every `spacing` pixels of `length`.
    pub(crate) fn new(axis: &Axis, range: (f64, f64), length: f64, spacing: f64) -> Self {
        let count = (length / spacing).clamp(2.0, 12.0);
        let at = if !axis.names.is_empty() {
            axis.names.iter().enumerate().map(|(i, name)| (i as f64, name.clone())).collect()
        } else if axis.log {
            logarithmic(range, count)
        } else {
            linear(range, count)
        };
        Ticks { at }
    }

    /// Printed width of the longest label.
    pub(crate) fn width(&self) -> f64 {
        longest(self.at.iter().map(|(_, label)| label), SIZE)
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `raw`, as digit and exponent.
fn round_step(raw: f64) -> (f64, i32) {
    let exponent = raw.log10().floor();
    let digit = raw / 10f64.powf(exponent);
    let round = [1.0, 2.0, 5.0].into_iter().find(|&d| digit <= d * 1.000_001);
    round.map_or((1.0, exponent as i32 + 1), |digit| (digit, exponent as i32))
}

/// Multiples of a round step within the range.
fn linear((low, high): (f64, f64), count: f64) -> Vec<(f64, String)> {
    let (digit, exponent) = round_step((high - low) / count);
    let step = digit * 10f64.powi(exponent);
    if !step.is_normal() {
        return Vec::new();
    }
    let size = low.abs().max(high.abs());
    let first = (low / step - 1e-6).ceil();
    let ticks: Vec<(f64, String)> = (0..=20)
        .map(|i| first + f64::from(i))
        .filter(|k| k * step <= high + 1e-6 * step)
        .map(|k| (k * step, label(k, digit, exponent, size)))
        .collect();
    // A short range between two round numbers may hold no tick.
    if ticks.len() < 2 && count < 16.0 { linear((low, high), 2.0 * count) } else { ticks }
}

/// The label of `k * digit * 10^exponent` on an axis that reaches to `size`.
fn label(k: f64, digit: f64, exponent: i32, size: f64) -> String {
    let value = k * digit;
    let text = if value == 0.0 {
        "0".to_string()
    } else if (1e-3..1e5).contains(&size) {
        let decimals = (-exponent).max(0) as usize;
        format!("{:.decimals$}", value * 10f64.powi(exponent))
    } else {
        let power = size.log10().floor() as i32;
        let decimals = (power - exponent).max(0) as usize;
        format!("{:.decimals$}×10^{{{power}}}", value * 10f64.powi(exponent - power))
    };
    text.replace('-', "−")
}

/// Powers of ten within the range; also 2 and 5 times them where there are few.
fn logarithmic((low, high): (f64, f64), count: f64) -> Vec<(f64, String)> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let decades = high.log10() - low.log10();
    let stride = (decades / count).ceil().max(1.0) as i32;
    let digits: &[f64] = if decades * 3.0 <= count { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let plain = low > 0.9e-3 && high < 1.1e4;
    let mut out = Vec::new();
    for exponent in (first..=last).filter(|e| e.rem_euclid(stride) == 0) {
        for &digit in digits {
            let value = digit * 10f64.powi(exponent);
            if value < low * (1.0 - 1e-9) || value > high * (1.0 + 1e-9) {
                continue;
            }
            let text = if plain {
                format!("{:.*}", (-exponent).max(0) as usize, value)
            } else if digit == 1.0 {
                format!("10^{{{exponent}}}").replace('-', "−")
            } else {
                format!("{digit}×10^{{{exponent}}}").replace('-', "−")
            };
            out.push((value, text));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(ticks: Vec<(f64, String)>) -> Vec<String> {
        ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            labels(linear((0.0, 1.0), 5.0)),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"].map(|t| { if t == "0.0" { "0" } else { t } })
        );
        assert_eq!(labels(linear((-3.0, 7.0), 5.0)), ["−2", "0", "2", "4", "6"]);
        assert_eq!(labels(linear((0.0, 2.5e6), 3.0)), ["0", "1×10^{6}", "2×10^{6}"]);
    }

    #[test]
    fn logarithmic_ticks_are_powers() {
        assert_eq!(labels(logarithmic((1.0, 100.0), 5.0)), ["1", "10", "100"]);
        assert_eq!(
            labels(logarithmic((1e-9, 1.0), 5.0)),
            ["10^{−8}", "10^{−6}", "10^{−4}", "10^{−2}", "10^{0}"]
        );
        assert_eq!(labels(logarithmic((1.0, 9.0), 6.0)), ["1", "2", "5"]);
    }

    proptest! {
        #[test]
        fn ticks_lie_in_range_and_ascend(low in -1e6..1e6f64, size in 1e-3..1e6f64, count in 2.0..12.0f64) {
            let ticks = linear((low, low + size), count);
            prop_assert!(!ticks.is_empty() && ticks.len() <= 20);
            prop_assert!(ticks.windows(2).all(|w| w[0].0 < w[1].0));
            prop_assert!(ticks.iter().all(|t| t.0 >= low - 1e-3 * size && t.0 <= low + 1.001 * size));
        }
    }
}
