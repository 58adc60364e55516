//! Expected products of an activation of Gaussian numbers: `k(a, b, c) = E s(mu + u) s(mu + w)` for Gaussian `u`, `w`
//! with variances `a`, `b` and covariance `c`.
//!
//! * Piecewise linear `s`, `mu = 0`: the arc-cosine kernel of order one in closed form (Y. Cho, L. Saul, *Kernel
//!   methods for deep learning*, 2009). With `cos t` the correlation and `s(x) = p max(x, 0) + q max(-x, 0)`, it is
//!   `((p - q)^2 / 4) c + ((p + q)^2 / 4) (2/pi) sqrt(a b) (sin t + (pi/2 - t) cos t)`.
//! * Piecewise linear `s`, any `mu`: the second derivative in the correlation is the bivariate normal density, so two
//!   integrations give closed terms and one smooth integral over an angle, taken by Gauss-Legendre on panels that
//!   halve towards the end; good to about 1e-14.
//! * Smooth `s`: Mehler's expansion `k = sum_n c_n(a) c_n(b) (cos t)^n` with the Hermite coefficients `c_n(a)` of
//!   `s(mu + sqrt(a) x)`, found by Gauss-Hermite rules of doubling size. Since `sum_n c_n^2 = E s^2`, what the series
//!   leaves out is known and becomes the stated error.

use super::quadrature::{Rule, gauss_hermite, gauss_legendre};
use crate::analysis::PointwiseFunction;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2, TAU};
use std::sync::OnceLock;

/// The smallest Gauss-Hermite rule; each further one doubles.
const FIRST_RULE: usize = 32;
/// How many rules there are: up to 1024 nodes.
const RULES: usize = 6;
/// Smooth kernels are refined until the stated error is below this, relative to `E s^2`.
const GOAL: f64 = 1e-14;

/// The kernel of one activation with one mean.
#[derive(Debug)]
pub struct GaussianKernel {
    activation: PointwiseFunction,
    mean: f64,
    panel: Rule,
    rules: [OnceLock<Rule>; RULES],
}

/// What the kernel needs to know of one variance.
#[derive(Clone, Debug)]
pub struct Marginal {
    deviation: f64,
    expectation: f64,
    second_moment: f64,
    coefficients: Vec<f64>,
    error: f64,
}

impl Marginal {
    /// `E s(mu + u)`.
    pub fn expectation(&self) -> f64 {
        self.expectation
    }

    /// `E s(mu + u)^2`.
    pub fn second_moment(&self) -> f64 {
        self.second_moment
    }

    /// How far a kernel value of two such numbers may be off, apart from rounding: the mass that the Hermite series
    /// leaves out plus how much the last doubling of the rule changed. Zero for piecewise linear activations.
    pub fn error(&self) -> f64 {
        self.error
    }
}

impl GaussianKernel {
    /// The kernel of `activation` applied to Gaussian numbers of the given mean.
    ///
    /// ```
    /// use isotypic::analysis::{PointwiseFunction, flow::GaussianKernel};
    /// let kernel = GaussianKernel::new(PointwiseFunction::Relu, 0.0);
    /// let unit = kernel.marginal(1.0);
    /// assert!((kernel.value(&unit, &unit, 1.0) - 0.5).abs() < 1e-15);
    /// assert!((kernel.value(&unit, &unit, 0.0) - 0.5 / std::f64::consts::PI).abs() < 1e-15);
    /// ```
    pub fn new(activation: PointwiseFunction, mean: f64) -> Self {
        GaussianKernel {
            activation,
            mean,
            panel: gauss_legendre(16),
            rules: std::array::from_fn(|_| OnceLock::new()),
        }
    }

    /// The activation.
    pub fn activation(&self) -> PointwiseFunction {
        self.activation
    }

    /// The mean of the numbers to which it is applied.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Prepares a variance. O(1) for piecewise linear activations, else nodes times coefficients of the last rule.
    pub fn marginal(&self, variance: f64) -> Marginal {
        let deviation = variance.max(0.0).sqrt();
        if deviation == 0.0 {
            let value = self.activation.evaluate(self.mean);
            return Marginal {
                deviation,
                expectation: value,
                second_moment: value * value,
                coefficients: vec![value],
                error: 0.0,
            };
        }
        match self.activation.ramps() {
            Some((p, q)) => {
                let h = self.mean / deviation;
                let square = |h: f64| (1.0 + h * h) * distribution(h) + h * density(h);
                Marginal {
                    deviation,
                    expectation: deviation * (p * ramp_mean(h) + q * ramp_mean(-h)),
                    second_moment: variance * (p * p * square(h) + q * q * square(-h)),
                    coefficients: Vec::new(),
                    error: 0.0,
                }
            }
            None => self.series(deviation),
        }
    }

    /// The kernel at a covariance; the correlation is cut to `[-1, 1]`.
    pub fn value(&self, a: &Marginal, b: &Marginal, covariance: f64) -> f64 {
        let scale = a.deviation * b.deviation;
        if scale == 0.0 {
            return a.expectation * b.expectation;
        }
        let correlation = (covariance / scale).clamp(-1.0, 1.0);
        match self.activation.ramps() {
            Some((p, q)) if self.mean == 0.0 => {
                let (odd, even) = (0.5 * (p - q), 0.5 * (p + q));
                let absolute =
                    ((1.0 - correlation * correlation).sqrt() + correlation * correlation.asin()) / FRAC_PI_2;
                scale * (odd * odd * correlation + even * even * absolute)
            }
            Some((p, q)) => {
                // s(x) = (p + q) max(x, 0) - q x, multiplied out.
                let (h, k) = (self.mean / a.deviation, self.mean / b.deviation);
                let ramps = self.ramp_product(h, k, correlation);
                let mixed =
                    k * ramp_mean(h) + h * ramp_mean(k) + correlation * (distribution(h) + distribution(k));
                scale * ((p + q) * (p + q) * ramps - (p + q) * q * mixed + q * q * (h * k + correlation))
            }
            None => {
                let terms = a.coefficients.iter().zip(&b.coefficients);
                terms.rev().fold(0.0, |sum, (c, d)| sum * correlation + c * d)
            }
        }
    }

    /// `E max(h + u, 0) max(k + w, 0)` for standard normal `u`, `w` with correlation `r`:
    /// `m(h) m(k) + r Phi(h) Phi(k) + (1/2 pi) int_0^{asin r} (r - sin t) exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)) dt`
    /// with `m(h) = E max(h + u, 0)`.
    fn ramp_product(&self, h: f64, k: f64, r: f64) -> f64 {
        let end = r.asin();
        let integrand = |t: f64| {
            let (sin, cos) = t.sin_cos();
            // The exponent as a sum of two terms that stay finite for h = k at t = pi/2 and h = -k at t = -pi/2.
            let exponent = if t > 0.0 {
                (h - k) * (h - k) / (2.0 * cos * cos) + h * k / (1.0 + sin)
            } else {
                (h + k) * (h + k) / (2.0 * cos * cos) - h * k / (1.0 - sin)
            };
            (r - sin) * (-exponent).exp()
        };
        let mut integral = 0.0;
        let (mut start, mut reach) = (0.0f64, FRAC_PI_2);
        // Beyond the 20th panel the integrand contributes less than 1e-17.
        for _ in 0..20 {
            reach *= 0.5;
            let stop = (FRAC_PI_2 - reach).min(end.abs());
            let (middle, half) = (0.5 * (start + stop), 0.5 * (stop - start));
            let sum: f64 = self
                .panel
                .nodes
                .iter()
                .zip(&self.panel.weights)
                .map(|(x, w)| w * integrand((middle + half * x).copysign(end)))
                .sum();
            integral += half * sum;
            start = stop;
            if stop >= end.abs() {
                break;
            }
        }
        ramp_mean(h) * ramp_mean(k) + r * distribution(h) * distribution(k) + integral * end.signum() / TAU
    }

    fn rule(&self, index: usize) -> &Rule {
        self.rules[index].get_or_init(|| gauss_hermite(FIRST_RULE << index))
    }

    /// The Hermite coefficients for one deviation.
    fn series(&self, deviation: f64) -> Marginal {
        let (mut coefficients, mut second_moment) = self.coefficients(0, deviation);
        let mut error = f64::INFINITY;
        for index in 1..RULES {
            let (finer, finer_moment) = self.coefficients(index, deviation);
            let changed: f64 = (0..finer.len())
                .map(|n| (finer[n].powi(2) - coefficients.get(n).map_or(0.0, |c| c * c)).abs())
                .sum();
            let left_out = (finer_moment - finer.iter().map(|c| c * c).sum::<f64>()).abs();
            error = changed + (finer_moment - second_moment).abs() + left_out;
            (coefficients, second_moment) = (finer, finer_moment);
            if error <= GOAL * second_moment {
                break;
            }
        }
        // Coefficients beyond this add nothing to any digit.
        let needed =
            coefficients.iter().rposition(|c| c * c > 1e-18 * second_moment).map_or(1, |last| last + 1);
        coefficients.truncate(needed);
        Marginal { deviation, expectation: coefficients[0], second_moment, coefficients, error }
    }

    /// `c_n = E s(mu + deviation u) h_n(u)` with orthonormal Hermite polynomials `h_n`, for `n` below half the number
    /// of nodes, and `E s^2`.
    fn coefficients(&self, index: usize, deviation: f64) -> (Vec<f64>, f64) {
        let rule = self.rule(index);
        let mut coefficients = vec![0.0; (FIRST_RULE << index) / 2];
        let mut second_moment = 0.0;
        for (&x, &weight) in rule.nodes.iter().zip(&rule.weights) {
            let value = self.activation.evaluate(self.mean + deviation * x);
            second_moment += weight * value * value;
            let (mut before, mut current) = (0.0, weight * value);
            for (n, coefficient) in coefficients.iter_mut().enumerate() {
                *coefficient += current;
                let next = (x * current - (n as f64).sqrt() * before) / (n as f64 + 1.0).sqrt();
                (before, current) = (current, next);
            }
        }
        (coefficients, second_moment)
    }
}

/// The standard normal density.
fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / TAU.sqrt()
}

/// The standard normal distribution function.
fn distribution(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// `E max(h + u, 0)`.
fn ramp_mean(h: f64) -> f64 {
    density(h) + h * distribution(h)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The plain definition on a product of two Gauss-Hermite rules.
    fn double_sum(s: PointwiseFunction, mean: f64, a: f64, b: f64, correlation: f64, nodes: usize) -> f64 {
        let rule = gauss_hermite(nodes);
        let rest = (1.0 - correlation * correlation).sqrt();
        let mut sum = 0.0;
        for (u, p) in rule.nodes.iter().zip(&rule.weights) {
            for (v, q) in rule.nodes.iter().zip(&rule.weights) {
                let w = correlation * u + rest * v;
                sum += p * q * s.evaluate(mean + a.sqrt() * u) * s.evaluate(mean + b.sqrt() * w);
            }
        }
        sum
    }

    #[test]
    fn series_equal_the_double_sum() {
        use PointwiseFunction::{Gelu, Root, Silu, Softplus, Tanh};
        for s in [Softplus, Silu, Gelu, Root, Tanh] {
            for (mean, a, b) in [(0.0, 1.0, 1.0), (0.7, 0.5, 2.0), (-1.5, 0.1, 0.3)] {
                let kernel = GaussianKernel::new(s, mean);
                let (x, y) = (kernel.marginal(a), kernel.marginal(b));
                for correlation in [-1.0, -0.6, 0.0, 0.3, 0.99, 1.0] {
                    let value = kernel.value(&x, &y, correlation * (a * b).sqrt());
                    let slow = double_sum(s, mean, a, b, correlation, 96);
                    let finer = double_sum(s, mean, a, b, correlation, 128);
                    // The double sum itself is good to about the change of its last refinement.
                    let allowed = 1e-12 + 4.0 * (slow - finer).abs() + x.error() + y.error();
                    assert!(
                        (value - finer).abs() < allowed,
                        "{s} {mean} {a} {b} {correlation} {value} {finer}"
                    );
                }
                assert!(
                    x.error() < 1e-9
                        && (kernel.value(&x, &x, a) - x.second_moment()).abs() <= x.error() + 1e-14
                );
            }
        }
    }

    #[test]
    fn the_two_closed_forms_agree_without_a_mean() {
        for s in [
            PointwiseFunction::Relu,
            PointwiseFunction::Abs,
            PointwiseFunction::Leaky(0.3),
            PointwiseFunction::MinZero,
        ] {
            let (plain, shifted) = (GaussianKernel::new(s, 0.0), GaussianKernel::new(s, 1e-13));
            for correlation in [-1.0, -0.999_999, -0.7, -0.1, 0.0, 0.2, 0.9, 0.999_999, 1.0] {
                let value = |kernel: &GaussianKernel| {
                    let (a, b) = (kernel.marginal(1.0), kernel.marginal(4.0));
                    kernel.value(&a, &b, 2.0 * correlation)
                };
                assert!((value(&plain) - value(&shifted)).abs() < 1e-12, "{s} {correlation}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]
        /// With a mean: the definition as an average over one variable of what is exact in the other.
        #[test]
        fn ramps_with_a_mean_are_right(mean in -2.0f64..2.0, b in 0.2f64..3.0, correlation in -0.98f64..0.98) {
            let kernel = GaussianKernel::new(PointwiseFunction::Leaky(0.2), mean);
            let (x, y) = (kernel.marginal(1.0), kernel.marginal(b));
            let value = kernel.value(&x, &y, correlation * b.sqrt());
            // Given u, the other number is normal: its expected activation is closed; trapezoids do the rest.
            let inner = |u: f64| {
                let centre = mean + correlation * b.sqrt() * u;
                let spread = (b * (1.0 - correlation * correlation)).sqrt();
                spread * (ramp_mean(centre / spread) - 0.2 * ramp_mean(-centre / spread))
            };
            let step = 1.0 / 512.0;
            // The break at u = -mean is put on the grid.
            let sum: f64 = (-6000..6000)
                .map(|i| -mean + i as f64 * step)
                .map(|u| density(u) * PointwiseFunction::Leaky(0.2).evaluate(mean + u) * inner(u))
                .sum();
            prop_assert!((value - sum * step).abs() < 2e-6, "{value} {}", sum * step);
        }
    }
}
