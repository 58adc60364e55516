//! Exact error laws of the reversal by `W^T x`, for independent normal weights, `t = rho n`:
//!
//! * `E[W^T x | h] = h` for half-linear activations: by Stein's identity `E[w f(w h + xi)] = h E f' = h / 2`;
//! * ReLU: `Var (W^T x)_i = (2 |h|^2 + 4 h_i^2) / t - h_i^2 / n`, since `E[w^2 f(w h + xi)^2] = (3 h^2 + sigma^2) /
//!   2`;
//! * hence `E |W^T x - h|^2 / |h|^2 = (2 m + 4) / t - 1 / n`;
//! * with the threshold `delta = sqrt(4 log(m) / t) |h|` no unit off the support survives, and on a support of `k`
//!   units the relative error is `sqrt((k / t)(4 log m + 2))` for the soft and `sqrt((2 k + 4) / t - 1 / n)` for
//!   the hard one.

use crate::network::SmoothActivation;

/// Sizes of a reversal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Visible units, `n`.
    pub visible: usize,
    /// Hidden units, `m`.
    pub hidden: usize,
    /// Non-zero hidden units, `k`.
    pub sparsity: usize,
    /// Keep probability, `rho`.
    pub keep: f64,
}

impl Sizes {
    /// `t = rho n`, the expected number of visible units that are kept.
    pub fn kept(&self) -> f64 {
        self.keep * self.visible as f64
    }

    /// `E |W^T x - h|^2 / |h|^2`, exact for ReLU.
    pub fn linear_error(&self) -> f64 {
        (2.0 * self.hidden as f64 + 4.0) / self.kept() - (self.visible as f64).recip()
    }

    /// `Var (W^T x)_i`, exact for ReLU.
    pub fn entry_variance(&self, norm_squared: f64, entry: f64) -> f64 {
        (2.0 * norm_squared + 4.0 * entry * entry) / self.kept() - entry * entry / self.visible as f64
    }

    /// The threshold per unit of `|h|`: `sqrt(4 log(m) / t)`.
    pub fn threshold(&self) -> f64 {
        (4.0 * (self.hidden as f64).ln() / self.kept()).sqrt()
    }

    /// The relative error after the soft threshold, where the support is found.
    pub fn soft_error(&self) -> f64 {
        (self.sparsity as f64 / self.kept() * (4.0 * (self.hidden as f64).ln() + 2.0)).sqrt()
    }

    /// The relative error after the hard threshold, where the support is found.
    pub fn hard_error(&self) -> f64 {
        ((2.0 * self.sparsity as f64 + 4.0) / self.kept() - (self.visible as f64).recip()).sqrt()
    }
}

/// The mean of `function(sigma z)` over a standard normal `z`: Simpson's rule on both half-lines, so that a kink at
/// 0 does no harm.
pub fn gaussian_mean(function: impl Fn(f64) -> f64, sigma: f64) -> f64 {
    const STEPS: usize = 4000;
    const END: f64 = 12.0;
    let step = END / STEPS as f64;
    let mut sum = 0.0;
    for i in 0..=STEPS {
        let z = i as f64 * step;
        let weight = if i == 0 || i == STEPS {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        };
        sum += weight * (-0.5 * z * z).exp() * (function(sigma * z) + function(-sigma * z));
    }
    sum * step / 3.0 / (2.0 * std::f64::consts::PI).sqrt()
}

/// What `E[W^T x | h]` is a multiple of `h` by: `2 E f'(|h| z)`, which is 1 for every half-linear activation.
pub fn gain(activation: SmoothActivation, norm: f64) -> f64 {
    2.0 * gaussian_mean(|z| activation.df(z), norm)
}

/// The variance of `(W^T x)_i` off the support, in units of `2 |h|^2 / t`: `2 E f(|h| z)^2 / |h|^2`; 1 for ReLU.
pub fn off_support_variance(activation: SmoothActivation, norm: f64) -> f64 {
    2.0 * gaussian_mean(|z| activation.f(z).powi(2), norm) / (norm * norm)
}

/// The factor by which centring reduces that variance: `1 - rho (E f)^2 / E f^2`; `1 - rho / pi` for ReLU.
pub fn centring_factor(activation: SmoothActivation, norm: f64, keep: f64) -> f64 {
    let mean = gaussian_mean(|z| activation.f(z), norm);
    1.0 - keep * mean * mean / gaussian_mean(|z| activation.f(z).powi(2), norm)
}

/// The error law of a random group convolution `R[G]^ch -> R[G]^cx` on a simple piece with `End = R, C, H`
/// (`beta = 1, 2, 4`) and multiplicity `mu = dim / beta` in `R[G]`:
/// `E |W^T W h / n - h|^2 / |h|^2 = (ch mu + 2 / beta - 1) / (cx mu)`.
///
/// ```
/// use isotypic::analysis::reverse::predict::isotypic_error;
/// assert_eq!(isotypic_error(4, 1, 1, 1), 0.5); // the quaternionic piece of Q8
/// assert_eq!(isotypic_error(1, 1, 1, 1), 2.0); // the trivial piece
/// ```
pub fn isotypic_error(beta: usize, mu: usize, visible_channels: usize, hidden_channels: usize) -> f64 {
    let (beta, mu) = (beta as f64, mu as f64);
    (hidden_channels as f64 * mu + 2.0 / beta - 1.0) / (visible_channels as f64 * mu)
}

/// The scale of the largest entry of `W^T W h / n - h` over dense unit-sized `h`: `log(m n) sqrt(m / n)`, up to a
/// constant (measured: below 0.25).
pub fn dense_error_scale(visible: usize, hidden: usize) -> f64 {
    let (n, m) = (visible as f64, hidden as f64);
    (m * n).ln() * (m / n).sqrt()
}
