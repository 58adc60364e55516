//! Overtones: what a pointwise activation makes of a single wave.
//!
//! On the circle `s(A cos t) = sum_h c_h cos(h t)`. For piecewise linear `s = a x + b |x|` the series is exact:
//! `c_0 = 2 b A / pi`, `c_1 = a A`, `c_(2m) = (4 b A / pi) (-1)^(m+1) / (4 m^2 - 1)`, nothing else; so ReLU
//! (`a = b = 1/2`) passes half of the wave and feeds the even overtones, whose energies fall with the fourth power.
//! Smooth activations have coefficients that fall exponentially; they are found by the trapezoidal rule.
//!
//! **Aliasing.** On the cycle `C_n` the wave `A cos(2 pi i x / n + phi)` has room for frequencies up to `n / 2` only:
//! overtone `h` lands on the `j` with `h i = +-j mod n`. Averaged over the phase, the overtones that meet on one `j` do
//! not interfere, and the mean square of component `j` is
//!
//! ```text
//! W_ij^2 A^2 = sum over h >= 0 with h i = +-j mod n of power_h,    power_0 = c_0^2,   power_h = c_h^2 / 2.
//! ```
//!
//! For piecewise linear activations the infinite sum is folded exactly: `sum_h power_h cos(h u)`, the mean of
//! `s(A cos t) s(A cos(t + u))` over `t`, is the arc-cosine kernel, and its values at `u = 2 pi m / q` have the folded
//! powers as their Fourier coefficients. For these activations `W_ij^2` is half the
//! [energy flow](crate::analysis::flow) from `i` to `j`, because a Gaussian amplitude only scales them.

use super::PointwiseFunction;
use super::flow::GaussianKernel;
use crate::error::{Error, Result};
use crate::group::permutation::gcd;
use num_complex::Complex64;
use rustfft::FftPlanner;
use std::f64::consts::{FRAC_2_PI, TAU};

/// The smallest number of samples of the trapezoidal rule.
const FIRST_SAMPLES: usize = 256;
/// The largest number of samples.
const LAST_SAMPLES: usize = 1 << 17;
/// The samples are doubled until the coefficients change by less than this, relative to the largest.
const GOAL: f64 = 1e-15;

/// The cosine coefficients of `s(A cos t)`.
///
/// ```
/// use isotypic::analysis::{Overtones, PointwiseFunction};
/// let overtones = Overtones::new(PointwiseFunction::Relu, 1.0, 5)?;
/// let pi = std::f64::consts::PI;
/// let expected = [1.0 / pi, 0.5, 2.0 / (3.0 * pi), 0.0, -2.0 / (15.0 * pi)];
/// assert!(overtones.coefficients().iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-15));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Overtones {
    coefficients: Vec<f64>,
    error: f64,
}

impl Overtones {
    /// The coefficients `c_0, ..., c_(count - 1)` at the given amplitude.
    ///
    /// # Errors
    /// [`Error::Input`] where the amplitude is not positive and finite; [`Error::TooLarge`] for a `count` above 2^16.
    pub fn new(activation: PointwiseFunction, amplitude: f64, count: usize) -> Result<Self> {
        check_amplitude(amplitude)?;
        if count > LAST_SAMPLES / 2 {
            return Err(Error::too_large(
                "overtones",
                format!("{count} coefficients"),
                format!("{} coefficients", LAST_SAMPLES / 2),
                "ask for fewer; higher ones vanish in rounding",
            ));
        }
        if let Some((p, q)) = activation.ramps() {
            let coefficients = piecewise_linear(0.5 * (p - q), 0.5 * (p + q), amplitude, count);
            return Ok(Overtones { coefficients, error: 0.0 });
        }
        let mut series = Overtones::sampled(activation, amplitude);
        series.coefficients.resize(count, 0.0);
        Ok(series)
    }

    /// All coefficients that matter, by the trapezoidal rule with samples doubled until nothing changes.
    fn sampled(activation: PointwiseFunction, amplitude: f64) -> Self {
        let coefficients =
            |samples: usize| by_trapezoid(|x| activation.evaluate(x), amplitude, samples, samples / 2 - 1);
        let mut samples = FIRST_SAMPLES;
        let mut found = coefficients(samples);
        let mut error = f64::INFINITY;
        while samples < LAST_SAMPLES {
            samples *= 2;
            let finer = coefficients(samples);
            let size = finer.iter().fold(0f64, |size, c| size.max(c.abs()));
            let change = |h: usize| (finer[h] - found.get(h).copied().unwrap_or(0.0)).abs();
            error = (0..finer.len()).map(change).fold(0.0, f64::max);
            found = finer;
            if error <= GOAL * size {
                break;
            }
        }
        Overtones { coefficients: found, error }
    }

    /// `c_0, c_1, ...`.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// How much the last doubling of the samples changed any coefficient; 0 where the series is exact.
    pub fn error(&self) -> f64 {
        self.error
    }

    /// The mean square of overtone `h`: `c_0^2`, or `c_h^2 / 2`.
    ///
    /// # Panics
    /// Panics where `h` is not below the number of coefficients.
    pub fn power(&self, h: usize) -> f64 {
        power(h, self.coefficients[h])
    }
}

/// The first `count` coefficients of `linear x + even |x|` at `x = amplitude cos t`, in closed form:
/// `|cos t| = 2/pi + (4/pi) sum_m (-1)^(m+1) cos(2 m t) / (4 m^2 - 1)`.
pub fn piecewise_linear(linear: f64, even: f64, amplitude: f64, count: usize) -> Vec<f64> {
    let even = even * amplitude.abs();
    let coefficient = |h: usize| {
        let square = (h * h) as f64;
        match h % 4 {
            0 if h == 0 => FRAC_2_PI * even,
            0 => -2.0 * FRAC_2_PI * even / (square - 1.0),
            2 => 2.0 * FRAC_2_PI * even / (square - 1.0),
            _ if h == 1 => linear * amplitude,
            _ => 0.0,
        }
    };
    (0..count).map(coefficient).collect()
}

/// The coefficients by the trapezoidal rule on `nodes` points.
///
/// # Panics
/// Panics unless `nodes > 2 * highest`.
pub fn by_trapezoid(f: impl Fn(f64) -> f64, amplitude: f64, nodes: usize, highest: usize) -> Vec<f64> {
    assert!(nodes > 2 * highest, "the trapezoidal rule resolves harmonics below half the nodes");
    // One quarter of the circle fixes all cosines, so that symmetric nodes get identical values.
    let mut values: Vec<Complex64> =
        (0..nodes).map(|s| Complex64::new(f(amplitude * cosine(s, nodes)), 0.0)).collect();
    FftPlanner::new().plan_fft_forward(nodes).process(&mut values);
    let scale = (nodes as f64).recip();
    (0..=highest).map(|h| values[h].re * if h == 0 { scale } else { 2.0 * scale }).collect()
}

/// `cos(2 pi s / n)`, with exact symmetry about both axes.
fn cosine(s: usize, n: usize) -> f64 {
    let s = if 2 * s > n { n - s } else { s };
    if 4 * s > n {
        -(TAU * (n as f64 / 2.0 - s as f64) / n as f64).cos()
    } else {
        (TAU * s as f64 / n as f64).cos()
    }
}

/// The phase-averaged edges of `C_n` out of frequency `source`: `W_ij^2` for `j = 0..=n/2`, the mean square per point of
/// component `j` of `s(A cos(2 pi i x / n + phi))`, divided by `A^2`. O(q log q), `q` the order of `source`.
///
/// ```
/// use isotypic::analysis::{PointwiseFunction, overtones::phase_averaged_energies};
/// let row = phase_averaged_energies(PointwiseFunction::Relu, 1.0, 8, 1)?;
/// let weights: Vec<f64> = row.iter().map(|energy| energy.sqrt()).collect();
/// assert!((weights[0] - 0.3184).abs() < 1e-4 && (weights[1] - 0.125f64.sqrt()).abs() < 1e-15);
/// assert_eq!(weights[3], 0.0);
/// # Ok::<(), isotypic::Error>(())
/// ```
///
/// # Errors
/// [`Error::Input`] where the amplitude is not positive and finite, `n` is 0 or above 2^24, or `source` above `n / 2`.
pub fn phase_averaged_energies(
    activation: PointwiseFunction,
    amplitude: f64,
    n: usize,
    source: usize,
) -> Result<Vec<f64>> {
    check_amplitude(amplitude)?;
    if n == 0 || n > 1 << 24 || source > n / 2 {
        return Err(Error::input(
            "overtones on a cycle",
            format!("frequency {source} on C{n}"),
            "give a cycle of 1 to 16777216 points and a frequency up to half of them",
        ));
    }
    Ok(match activation.ramps() {
        Some(_) => {
            let folded = folded_kernel(activation, n / gcd(n as u64, source as u64) as usize);
            onto_frequencies(&folded, n, source)
        }
        None => {
            let series = Overtones::sampled(activation, amplitude);
            energies_of_series(&series.coefficients, amplitude, n, source)
        }
    })
}

/// The same row for a function known by the cosine coefficients `c_0, c_1, ...` of `s(A cos t)`. O(coefficients + n).
///
/// ```
/// use isotypic::analysis::overtones::energies_of_series;
/// // 1 + cos t + cos 3t on C_4: the third overtone of frequency 1 lands on frequency 1 again.
/// assert_eq!(energies_of_series(&[1.0, 1.0, 0.0, 1.0], 1.0, 4, 1), [1.0, 1.0, 0.0]);
/// ```
///
/// # Panics
/// Panics for `n = 0`.
pub fn energies_of_series(coefficients: &[f64], amplitude: f64, n: usize, source: usize) -> Vec<f64> {
    let order = n / gcd(n as u64, source as u64) as usize;
    onto_frequencies(&folded_series(coefficients, amplitude, order), n, source)
}

/// Overtone `h` of `source` is frequency `+-h source` modulo `n`.
fn onto_frequencies(folded: &[f64], n: usize, source: usize) -> Vec<f64> {
    let mut row = vec![0.0; n / 2 + 1];
    for (h, energy) in folded.iter().enumerate() {
        let j = h * source % n;
        row[j.min(n - j)] += energy;
    }
    row
}

/// All rows of [`phase_averaged_energies`].
///
/// # Errors
/// As there, and [`Error::TooLarge`] for more than 2^27 entries.
pub fn phase_averaged_matrix(
    activation: PointwiseFunction,
    amplitude: f64,
    n: usize,
) -> Result<Vec<Vec<f64>>> {
    if n > 1 << 14 {
        return Err(Error::too_large(
            "overtones on a cycle",
            format!("{n} points"),
            format!("{} points", 1 << 14),
            "ask for single rows",
        ));
    }
    (0..=n / 2).map(|source| phase_averaged_energies(activation, amplitude, n, source)).collect()
}

/// Powers of overtones with `h = +-m mod order` together, for `m = 0..=order/2`, from the closed form of their sum. The
/// odd part is `c_1` alone and is kept apart, so that what is zero comes out as zero.
fn folded_kernel(activation: PointwiseFunction, order: usize) -> Vec<f64> {
    let (p, q) = activation.ramps().unwrap_or_default();
    let (linear, even) = (0.5 * (p - q), 0.5 * (p + q));
    // |cos t| has half the period: a transform of half the length suffices for an even order.
    let period = if order.is_multiple_of(2) { order / 2 } else { order };
    let kernel = GaussianKernel::new(PointwiseFunction::Abs, 0.0);
    let half = kernel.marginal(0.5);
    let mut values: Vec<Complex64> = (0..period)
        .map(|m| {
            let angle = TAU * m.min(period - m) as f64 / order as f64;
            Complex64::new(even * even * kernel.value(&half, &half, 0.5 * angle.cos()) / period as f64, 0.0)
        })
        .collect();
    FftPlanner::new().plan_fft_forward(period).process(&mut values);
    let mut folded = vec![0.0; order / 2 + 1];
    for (m, value) in values.iter().enumerate() {
        let h = m * (order / period);
        folded[h.min(order - h)] += value.re.max(0.0);
    }
    folded[1 % order] += 0.5 * linear * linear;
    folded
}

/// The same from a series, per square of the amplitude; from the smallest to the largest, so that a long tail is not
/// rounded away.
fn folded_series(coefficients: &[f64], amplitude: f64, order: usize) -> Vec<f64> {
    let mut folded = vec![0.0; order / 2 + 1];
    for (h, &coefficient) in coefficients.iter().enumerate().rev() {
        let m = h % order;
        folded[m.min(order - m)] += power(h, coefficient) / (amplitude * amplitude);
    }
    folded
}

/// The mean square of `c cos(h t)`.
fn power(h: usize, coefficient: f64) -> f64 {
    let square = coefficient * coefficient;
    if h == 0 { square } else { 0.5 * square }
}

fn check_amplitude(amplitude: f64) -> Result<()> {
    if amplitude.is_finite() && amplitude > 0.0 {
        return Ok(());
    }
    Err(Error::input("overtones", format!("an amplitude of {amplitude}"), "give a positive finite amplitude"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The closed form of the aliased sum equals the sum itself.
    #[test]
    fn folding_is_summing() {
        for s in [PointwiseFunction::Relu, PointwiseFunction::Abs, PointwiseFunction::Leaky(0.2)] {
            for order in [1, 2, 3, 4, 7, 8, 12, 30] {
                let long = Overtones::new(s, 3.0, 40_000).unwrap();
                let summed = folded_series(&long.coefficients, 3.0, order);
                for (a, b) in folded_kernel(s, order).iter().zip(&summed) {
                    assert!((a - b).abs() < 1e-13, "{s} {order}: {a} {b}");
                }
            }
        }
    }

    #[test]
    fn bad_questions_are_refused() {
        let relu = PointwiseFunction::Relu;
        assert!(Overtones::new(relu, 0.0, 4).is_err() && Overtones::new(relu, 1.0, 1 << 20).is_err());
        assert!(phase_averaged_energies(relu, 1.0, 0, 0).is_err());
        assert!(phase_averaged_energies(relu, 1.0, 8, 5).is_err());
        assert!(phase_averaged_matrix(relu, f64::NAN, 8).is_err());
    }
}
