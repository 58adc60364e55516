//! Fourier coefficients of `f(A cos t) = sum_h c_h cos(h t)` and their decay.
//!
//! For a half-linear `f`, `c_1 = A / 2` and `c_h = 0` for odd `h >= 3`, exactly; the temperature moves the even
//! ones only.
//!
//! * ReLU: `c_0 = A / pi`, `c_2m = A (2 / pi) (-1)^(m+1) / (4 m^2 - 1)`; no exponential decay.
//! * Softplus: the even part `log(2 cosh(alpha x / 2)) / alpha` is a product over its zeros, which gives for `m >= 1`
//!   `c_2m = 2 (-1)^(m+1) / (alpha m) sum_{k >= 0} e^(-2 m asinh((2k+1) pi / (alpha A)))`.
//! * Rate per harmonic, from the nearest singularity: `asinh(pi / (alpha A))` with a factor `1/m` for softplus and
//!   1 for SiLU; `asinh(sqrt(eps) / A)` with a factor `m^(-3/2)` for the root form. GELU decays faster than any
//!   exponential.
//!
//! Implementation notes: the trapezoidal rule on a circle converges as fast as the harmonics decay. The even part
//! minus its value at 0 is transformed, so that rounding is relative to its rise and not to `f(0)`.

use crate::analysis::overtones::{by_trapezoid, piecewise_linear};
use crate::network::SmoothActivation;
use std::f64::consts::PI;

/// Nodes of the trapezoidal rule: at least this many, at most [`MOST_NODES`].
const LEAST_NODES: usize = 512;
/// More nodes than this are not taken; the error is then that of a bend of width `A / MOST_NODES`.
const MOST_NODES: usize = 1 << 18;

/// The coefficients `c_0, ..., c_highest` of `f(amplitude cos t)`.
///
/// Closed form for ReLU, leaky ReLU and `|x|`; otherwise the trapezoidal rule, O(N log N).
///
/// ```
/// use isotypic::analysis::smooth::harmonics::harmonics;
/// use isotypic::network::SmoothActivation;
/// let c = harmonics(SmoothActivation::Silu { alpha: 3.0 }, 2.0, 5);
/// assert!((c[1] - 1.0).abs() < 1e-14 && c[3].abs() < 1e-14);
/// ```
pub fn harmonics(activation: SmoothActivation, amplitude: f64, highest: usize) -> Vec<f64> {
    let a = amplitude;
    match activation {
        SmoothActivation::Relu => piecewise_linear(0.5, 0.5, a, highest + 1),
        SmoothActivation::LeakyRelu { slope } => {
            piecewise_linear(0.5 * (1.0 + slope), 0.5 * (1.0 - slope), a, highest + 1)
        }
        SmoothActivation::Abs => piecewise_linear(0.0, 1.0, a, highest + 1),
        SmoothActivation::Tanh => by_trapezoid(|x| x.tanh(), a, nodes(activation, a, highest), highest),
        _ => {
            let nodes = nodes(activation, a, highest);
            let mut c = by_trapezoid(|x| activation.even_rise(x), a, nodes, highest);
            for odd in c.iter_mut().skip(1).step_by(2) {
                *odd = 0.0;
            }
            c[0] += activation.even_part(0.0);
            if activation.is_half_linear() && highest >= 1 {
                c[1] = 0.5 * a;
            }
            c
        }
    }
}

/// Enough nodes for the first neglected harmonic to lie below rounding, a power of two.
fn nodes(activation: SmoothActivation, amplitude: f64, highest: usize) -> usize {
    let sharpness = match activation {
        SmoothActivation::Softplus { alpha }
        | SmoothActivation::Silu { alpha }
        | SmoothActivation::Gelu { alpha } => alpha,
        SmoothActivation::AbsTanh { alpha } | SmoothActivation::AbsLogCosh { alpha } => 2.0 * alpha,
        SmoothActivation::Root { eps } | SmoothActivation::AbsRoot { eps } => PI / eps.sqrt(),
        _ => 2.0,
    };
    let rate = (PI / (sharpness * amplitude.abs()).max(1e-300)).asinh();
    let needed = 40.0 / rate + highest as f64;
    if needed >= MOST_NODES as f64 {
        return MOST_NODES.max((2 * highest + 2).next_power_of_two());
    }
    (needed.ceil() as usize).max(2 * highest + 2).max(LEAST_NODES).next_power_of_two()
}

/// `c_2m` of softplus by the series over the zeros of `cosh`, to nearly full relative accuracy however small it is.
///
/// # Panics
/// Panics for `m = 0`.
pub fn softplus_overtone(alpha: f64, amplitude: f64, m: usize) -> f64 {
    assert!(m > 0, "the series gives the overtones, not the mean");
    let (power, scale) = (2.0 * m as f64, alpha * amplitude);
    let term = |k: f64| (-power * ((2.0 * k + 1.0) * PI / scale).asinh()).exp();
    // Beyond `last` the terms are (scale / (2 (2k+1) pi))^2m; their sum is an integral with a small correction.
    let last = 2000.0 + (200.0 * scale).ceil();
    let head: f64 = (0..last as usize).rev().map(|k| term(k as f64)).sum();
    let edge = term(last - 0.5);
    let width = 2.0 * last;
    let tail = edge * (width / (2.0 * (power - 1.0)) - power / (12.0 * width));
    let sign = if m % 2 == 1 { 1.0 } else { -1.0 };
    2.0 * sign / (alpha * m as f64) * (head + tail)
}

/// The exponential rate at which `|c_h|` falls per harmonic, and the power of `m` before it in `c_2m`; `None` where
/// the decay is not of this kind.
pub fn decay_law(activation: SmoothActivation, amplitude: f64) -> Option<(f64, f64)> {
    match activation {
        SmoothActivation::Softplus { alpha } => Some(((PI / (alpha * amplitude)).asinh(), -1.0)),
        SmoothActivation::Silu { alpha } => Some(((PI / (alpha * amplitude)).asinh(), 0.0)),
        SmoothActivation::Root { eps } => Some(((eps.sqrt() / amplitude).asinh(), -1.5)),
        _ => None,
    }
}

/// The rate per harmonic fitted to the computed coefficients, after division by the power of [`decay_law`]: least
/// squares over the upper half of the even harmonics that stand above rounding. `None` where there is no such law or
/// fewer than three harmonics stand out.
pub fn measured_decay(activation: SmoothActivation, amplitude: f64) -> Option<f64> {
    let (_, power) = decay_law(activation, amplitude)?;
    let c = harmonics(activation, amplitude, 120);
    let floor = 1e-13 * c[2].abs();
    let standing: Vec<(f64, f64)> = (1..=60)
        .map(|m| (m, c[2 * m].abs()))
        .take_while(|(_, size)| *size > floor)
        .map(|(m, size)| (2.0 * m as f64, size.ln() - power * (m as f64).ln()))
        .collect();
    let upper = &standing[standing.len() / 2..];
    (upper.len() >= 3).then(|| -slope(upper))
}

/// The slope of the least-squares line.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let mean_x = points.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_y = points.iter().map(|p| p.1).sum::<f64>() / n;
    let covariance: f64 = points.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum();
    covariance / points.iter().map(|p| (p.0 - mean_x).powi(2)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_of_softplus_is_its_transform() {
        for scale in [0.2, 1.0, 7.0, 40.0] {
            let c = harmonics(SmoothActivation::Softplus { alpha: scale }, 1.0, 12);
            for m in 1..=6 {
                let series = softplus_overtone(scale, 1.0, m);
                let tolerance = 1e-10 * series.abs() + 1e-16 * c[2].abs();
                assert!((series - c[2 * m]).abs() < tolerance, "{scale} {m}: {series} {}", c[2 * m]);
            }
        }
    }

    #[test]
    fn closed_forms_agree_with_the_trapezoidal_rule() {
        for f in [SmoothActivation::Relu, SmoothActivation::LeakyRelu { slope: -0.3 }, SmoothActivation::Abs]
        {
            let exact = harmonics(f, 1.7, 9);
            let numeric = by_trapezoid(|x| f.f(x), 1.7, 1 << 16, 9);
            for h in 0..10 {
                assert!((exact[h] - numeric[h]).abs() < 1e-8, "{f} {h}");
            }
        }
        // tanh has odd harmonics only.
        let c = harmonics(SmoothActivation::Tanh, 3.0, 7);
        assert!(c[0].abs() < 1e-15 && c[2].abs() < 1e-15 && c[3].abs() > 0.1);
    }
}
