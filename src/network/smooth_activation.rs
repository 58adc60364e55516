//! Smooth activations that sharpen to ReLU or to `|x|`, evaluated without overflow or cancellation.
//!
//! Call `f` *half-linear* if `f(x) = x / 2 + e(x)` with `e` even, that is `f(x) - f(-x) = x`. ReLU and the families
//! `Softplus`, `Silu`, `Root` and `Gelu` are half-linear at every temperature; this one identity is behind the
//! half-identity theorem and the unbiased reversal of random layers (see [`crate::analysis::smooth`] and
//! [`crate::analysis::reverse`]).
//!
//! `alpha` is the inverse temperature: larger is sharper. With `z = alpha x`:
//!
//! | family | `f(x)` | largest distance to its limit |
//! |---|---|---|
//! | softplus | `log(1 + e^z) / alpha` | `log 2 / alpha` |
//! | SiLU | `x / (1 + e^-z)` | `kappa / alpha`, `kappa = W(1/e) = 0.27846...` |
//! | root | `(x + sqrt(x^2 + eps)) / 2` | `sqrt(eps) / 2` |
//! | GELU | `x Phi(z)`, `Phi` the normal distribution | `0.16997... / alpha` |
//! | x tanh | `x tanh z`, limit `|x|` | `kappa / alpha` |
//! | log cosh | `log(2 cosh z) / alpha`, limit `|x|` | `log 2 / alpha` |
//! | root of squares | `sqrt(x^2 + eps)`, limit `|x|` | `sqrt(eps)` |
//!
//! Implementation notes: `z = alpha x` is carried with its rounding error, because `e^z` multiplies that error by
//! `z`; for negative `x` the root form is written `eps / (2 (sqrt(x^2 + eps) - x))`, which does not cancel.

use super::Activation;
use crate::error::{Error, Result};
use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI};
use std::fmt;

/// `W(1/e)`, the root of `k e^k = 1/e`: the largest distance of SiLU at `alpha = 1` to ReLU, reached at
/// `|x| = 1 + kappa`.
pub const KAPPA: f64 = 0.278_464_542_761_073_8;
/// The largest distance of `x Phi(x)` to ReLU, reached at `|x| = 0.7517915246935645`.
pub const GELU_GAP: f64 = 0.169_971_207_479_903_66;
/// `1 / sqrt 2` minus its nearest `f64`.
const FRAC_1_SQRT_2_REST: f64 = -4.833_646_656_726_457e-17;

/// A pointwise function with a temperature, and its piecewise linear relatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SmoothActivation {
    /// `max(x, 0)`.
    Relu,
    /// `x` for `x > 0`, `slope * x` otherwise; half-linear for `slope = 0` only.
    LeakyRelu {
        /// The factor on the negative side.
        slope: f64,
    },
    /// `|x|`.
    Abs,
    /// `log(1 + e^(alpha x)) / alpha`.
    Softplus {
        /// Inverse temperature, positive.
        alpha: f64,
    },
    /// `x / (1 + e^(-alpha x))`.
    Silu {
        /// Inverse temperature, positive.
        alpha: f64,
    },
    /// `(x + sqrt(x^2 + eps)) / 2`.
    Root {
        /// The square of the width of the bend, positive.
        eps: f64,
    },
    /// `x Phi(alpha x)`.
    Gelu {
        /// Inverse temperature, positive.
        alpha: f64,
    },
    /// `x tanh(alpha x)`.
    AbsTanh {
        /// Inverse temperature, positive.
        alpha: f64,
    },
    /// `log(2 cosh(alpha x)) / alpha`.
    AbsLogCosh {
        /// Inverse temperature, positive.
        alpha: f64,
    },
    /// `sqrt(x^2 + eps)`.
    AbsRoot {
        /// The square of the width of the bend, positive.
        eps: f64,
    },
    /// `tanh x`: odd, the negative control of every statement on half-linear functions.
    Tanh,
}

/// `alpha x` as a rounded product and its rounding error.
fn product(alpha: f64, x: f64) -> (f64, f64) {
    let z = alpha * x;
    (z, alpha.mul_add(x, -z))
}

/// `e^(-|alpha x|)`, accurate in the far tail.
fn decay(alpha: f64, x: f64) -> f64 {
    let (z, rest) = product(alpha, -x.abs());
    z.exp() * (1.0 + rest)
}

/// `1 / (1 + e^(-alpha x))`.
fn logistic(alpha: f64, x: f64) -> f64 {
    let tail = decay(alpha, x);
    if x >= 0.0 { 1.0 / (1.0 + tail) } else { tail / (1.0 + tail) }
}

/// The normal distribution function at `alpha x`, accurate in the lower tail.
fn normal_distribution(alpha: f64, x: f64) -> f64 {
    let (z, rest) = product(alpha, -x);
    let t = z * FRAC_1_SQRT_2;
    let t_rest = z.mul_add(FRAC_1_SQRT_2, -t) + z * FRAC_1_SQRT_2_REST + rest * FRAC_1_SQRT_2;
    let value = libm::erfc(t) - t_rest * std::f64::consts::FRAC_2_SQRT_PI * (-t * t).exp();
    0.5 * value
}

/// `sqrt(x^2 + eps)`, also where the square overflows.
fn root(x: f64, eps: f64) -> f64 {
    let square = x * x + eps;
    if square.is_finite() { square.sqrt() } else { x.hypot(eps.sqrt()) }
}

fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

impl SmoothActivation {
    /// The root form with the same scale as `alpha`: `eps = 1 / alpha^2`.
    pub fn root_at(alpha: f64) -> Self {
        SmoothActivation::Root { eps: (alpha * alpha).recip() }
    }

    /// The same family at inverse temperature `alpha` (`eps = 1 / alpha^2` for the root forms); functions without a
    /// temperature stay as they are.
    pub fn at(self, alpha: f64) -> Self {
        match self {
            SmoothActivation::Softplus { .. } => SmoothActivation::Softplus { alpha },
            SmoothActivation::Silu { .. } => SmoothActivation::Silu { alpha },
            SmoothActivation::Gelu { .. } => SmoothActivation::Gelu { alpha },
            SmoothActivation::AbsTanh { .. } => SmoothActivation::AbsTanh { alpha },
            SmoothActivation::AbsLogCosh { .. } => SmoothActivation::AbsLogCosh { alpha },
            SmoothActivation::Root { .. } => SmoothActivation::root_at(alpha),
            SmoothActivation::AbsRoot { .. } => SmoothActivation::AbsRoot { eps: (alpha * alpha).recip() },
            other => other,
        }
    }

    /// The function `x -> f(amplitude x) / amplitude`, which lies in the same family: `alpha` times the amplitude,
    /// `eps` divided by its square. `None` for tanh, whose family has no temperature here.
    ///
    /// ```
    /// use isotypic::network::SmoothActivation;
    /// let f = SmoothActivation::Softplus { alpha: 2.0 };
    /// assert_eq!(f.scaled(3.0), Some(SmoothActivation::Softplus { alpha: 6.0 }));
    /// ```
    pub fn scaled(self, amplitude: f64) -> Option<Self> {
        Some(match self {
            SmoothActivation::Softplus { alpha } => SmoothActivation::Softplus { alpha: alpha * amplitude },
            SmoothActivation::Silu { alpha } => SmoothActivation::Silu { alpha: alpha * amplitude },
            SmoothActivation::Gelu { alpha } => SmoothActivation::Gelu { alpha: alpha * amplitude },
            SmoothActivation::AbsTanh { alpha } => SmoothActivation::AbsTanh { alpha: alpha * amplitude },
            SmoothActivation::AbsLogCosh { alpha } => {
                SmoothActivation::AbsLogCosh { alpha: alpha * amplitude }
            }
            SmoothActivation::Root { eps } => SmoothActivation::Root { eps: eps / (amplitude * amplitude) },
            SmoothActivation::AbsRoot { eps } => {
                SmoothActivation::AbsRoot { eps: eps / (amplitude * amplitude) }
            }
            SmoothActivation::Tanh => return None,
            homogeneous => homogeneous,
        })
    }

    /// The limit as a member of the family: ReLU, leaky ReLU or `|x|`; `None` for tanh.
    pub fn sharp(self) -> Option<Self> {
        self.limit().map(SmoothActivation::from)
    }

    /// The value at `x`.
    ///
    /// ```
    /// use isotypic::network::SmoothActivation;
    /// let softplus = SmoothActivation::Softplus { alpha: 2.0 };
    /// assert_eq!(softplus.f(1000.0), 1000.0);
    /// assert_eq!(softplus.f(-1000.0), 0.0);
    /// ```
    pub fn f(self, x: f64) -> f64 {
        match self {
            SmoothActivation::Relu => x.max(0.0),
            SmoothActivation::LeakyRelu { slope } => {
                if x > 0.0 {
                    x
                } else {
                    slope * x
                }
            }
            SmoothActivation::Abs => x.abs(),
            SmoothActivation::Softplus { alpha } => x.max(0.0) + decay(alpha, x).ln_1p() / alpha,
            SmoothActivation::Silu { alpha } => x * logistic(alpha, x),
            SmoothActivation::Root { eps } => {
                let root = root(x, eps);
                if x >= 0.0 { 0.5 * (x + root) } else { eps / (2.0 * (root - x)) }
            }
            SmoothActivation::Gelu { alpha } => x * normal_distribution(alpha, x),
            SmoothActivation::AbsTanh { alpha } => x * (alpha * x).tanh(),
            SmoothActivation::AbsLogCosh { alpha } => x.abs() + decay(2.0 * alpha, x).ln_1p() / alpha,
            SmoothActivation::AbsRoot { eps } => root(x, eps),
            SmoothActivation::Tanh => x.tanh(),
        }
    }

    /// The derivative at `x`; at a kink the mean of the two sides for ReLU and `|x|`, the left side for leaky ReLU.
    pub fn df(self, x: f64) -> f64 {
        match self {
            SmoothActivation::Relu => 0.5 * (1.0 + sign(x)),
            SmoothActivation::LeakyRelu { slope } => {
                if x > 0.0 {
                    1.0
                } else {
                    slope
                }
            }
            SmoothActivation::Abs => sign(x),
            SmoothActivation::Softplus { alpha } => logistic(alpha, x),
            SmoothActivation::Silu { alpha } => {
                let (open, closed) = (logistic(alpha, x), logistic(alpha, -x));
                open * (alpha * x).mul_add(closed, 1.0)
            }
            SmoothActivation::Root { eps } => {
                let root = root(x, eps);
                if x >= 0.0 { 0.5 + 0.5 * x / root } else { eps / (2.0 * root * (root - x)) }
            }
            SmoothActivation::Gelu { alpha } => {
                normal_distribution(alpha, x) + alpha * x * normal_density(alpha * x)
            }
            SmoothActivation::AbsTanh { alpha } => {
                let t = (alpha * x).tanh();
                t + alpha * x * (1.0 - t * t)
            }
            SmoothActivation::AbsLogCosh { alpha } => (alpha * x).tanh(),
            SmoothActivation::AbsRoot { eps } => x / root(x, eps),
            SmoothActivation::Tanh => 1.0 - x.tanh() * x.tanh(),
        }
    }

    /// `(f(x) + f(-x)) / 2`, computed without the cancellation of the two.
    pub fn even_part(self, x: f64) -> f64 {
        let m = x.abs();
        match self {
            SmoothActivation::Relu => 0.5 * m,
            SmoothActivation::LeakyRelu { slope } => 0.5 * (1.0 - slope) * m,
            SmoothActivation::Softplus { alpha } => 0.5 * m + decay(alpha, x).ln_1p() / alpha,
            SmoothActivation::Silu { alpha } => 0.5 * x * (0.5 * alpha * x).tanh(),
            SmoothActivation::Root { eps } => 0.5 * root(x, eps),
            SmoothActivation::Gelu { alpha } => 0.5 * x * libm::erf(alpha * x * FRAC_1_SQRT_2),
            SmoothActivation::Tanh => 0.0,
            even => even.f(x),
        }
    }

    /// `even_part(x) - even_part(0)` without the cancellation of the two, so that it is accurate where it is small.
    pub fn even_rise(self, x: f64) -> f64 {
        // log cosh u = log1p(sinh(u)^2) / 2 for small u.
        let log_cosh = |u: f64| {
            let u = u.abs();
            if u < 1.0 { 0.5 * (u.sinh() * u.sinh()).ln_1p() } else { u + (-2.0 * u).exp().ln_1p() - LN_2 }
        };
        match self {
            SmoothActivation::Softplus { alpha } => log_cosh(0.5 * alpha * x) / alpha,
            SmoothActivation::AbsLogCosh { alpha } => log_cosh(alpha * x) / alpha,
            SmoothActivation::Root { eps } => 0.5 * x * (x / (root(x, eps) + eps.sqrt())),
            SmoothActivation::AbsRoot { eps } => x * (x / (root(x, eps) + eps.sqrt())),
            vanishing_at_zero => vanishing_at_zero.even_part(x),
        }
    }

    /// Whether `f(x) = x / 2 + even`, that is `f(x) - f(-x) = x` for all `x`.
    pub fn is_half_linear(self) -> bool {
        match self {
            SmoothActivation::Relu
            | SmoothActivation::Softplus { .. }
            | SmoothActivation::Silu { .. }
            | SmoothActivation::Root { .. }
            | SmoothActivation::Gelu { .. } => true,
            SmoothActivation::LeakyRelu { slope } => slope == 0.0,
            _ => false,
        }
    }

    /// The piecewise linear function that the family tends to as `alpha` grows; `None` for tanh.
    pub fn limit(self) -> Option<Activation> {
        match self {
            SmoothActivation::Relu
            | SmoothActivation::Softplus { .. }
            | SmoothActivation::Silu { .. }
            | SmoothActivation::Root { .. }
            | SmoothActivation::Gelu { .. } => Some(Activation::Relu),
            SmoothActivation::LeakyRelu { slope } => Some(Activation::LeakyRelu { slope }),
            SmoothActivation::Abs
            | SmoothActivation::AbsTanh { .. }
            | SmoothActivation::AbsLogCosh { .. }
            | SmoothActivation::AbsRoot { .. } => Some(Activation::Abs),
            SmoothActivation::Tanh => None,
        }
    }

    /// The largest distance to [`limit`](Self::limit) over all `x`; sharp. `None` for tanh.
    pub fn sup_gap(self) -> Option<f64> {
        match self {
            SmoothActivation::Relu | SmoothActivation::LeakyRelu { .. } | SmoothActivation::Abs => Some(0.0),
            SmoothActivation::Softplus { alpha } | SmoothActivation::AbsLogCosh { alpha } => {
                Some(LN_2 / alpha)
            }
            SmoothActivation::Silu { alpha } | SmoothActivation::AbsTanh { alpha } => Some(KAPPA / alpha),
            SmoothActivation::Root { eps } => Some(0.5 * eps.sqrt()),
            SmoothActivation::AbsRoot { eps } => Some(eps.sqrt()),
            SmoothActivation::Gelu { alpha } => Some(GELU_GAP / alpha),
            SmoothActivation::Tanh => None,
        }
    }

    /// Reads `relu`, `abs`, `tanh`, `leaky:SLOPE`, `softplus:ALPHA`, `silu:ALPHA`, `gelu:ALPHA`, `root:EPS`,
    /// `abs-tanh:ALPHA`, `abs-logcosh:ALPHA` or `abs-root:EPS`; a missing parameter is 1 (0.01 for `leaky`).
    ///
    /// # Errors
    /// [`Error::Input`] for another name, or a parameter that is not a positive number (finite for `leaky`).
    ///
    /// ```
    /// use isotypic::network::SmoothActivation;
    /// assert_eq!(SmoothActivation::parse("softplus:4")?, SmoothActivation::Softplus { alpha: 4.0 });
    /// assert!(SmoothActivation::parse("silu:0").is_err());
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |problem: String| {
            Error::input(
                format!("activation '{text}'"),
                problem,
                "write relu, abs, tanh, leaky:SLOPE, softplus:ALPHA, silu:ALPHA, gelu:ALPHA, root:EPS, \
                 abs-tanh:ALPHA, abs-logcosh:ALPHA or abs-root:EPS",
            )
        };
        let (name, parameter) = match text.split_once(':') {
            None => (text, None),
            Some((name, number)) => match number.parse::<f64>() {
                Ok(value) if value.is_finite() && (value > 0.0 || name == "leaky") => (name, Some(value)),
                _ => return Err(bad(format!("'{number}' is no positive number"))),
            },
        };
        let value = parameter.unwrap_or(1.0);
        Ok(match name {
            "leaky" => SmoothActivation::LeakyRelu { slope: parameter.unwrap_or(0.01) },
            "softplus" => SmoothActivation::Softplus { alpha: value },
            "silu" => SmoothActivation::Silu { alpha: value },
            "gelu" => SmoothActivation::Gelu { alpha: value },
            "root" => SmoothActivation::Root { eps: value },
            "abs-tanh" => SmoothActivation::AbsTanh { alpha: value },
            "abs-logcosh" => SmoothActivation::AbsLogCosh { alpha: value },
            "abs-root" => SmoothActivation::AbsRoot { eps: value },
            "relu" | "abs" | "tanh" if parameter.is_some() => {
                return Err(bad(format!("{name} takes no parameter")));
            }
            "relu" => SmoothActivation::Relu,
            "abs" => SmoothActivation::Abs,
            "tanh" => SmoothActivation::Tanh,
            _ => return Err(bad(format!("'{name}' is no known function"))),
        })
    }
}

impl fmt::Display for SmoothActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, parameter) = match *self {
            SmoothActivation::Relu => return f.write_str("relu"),
            SmoothActivation::Abs => return f.write_str("abs"),
            SmoothActivation::Tanh => return f.write_str("tanh"),
            SmoothActivation::LeakyRelu { slope } => ("leaky", slope),
            SmoothActivation::Softplus { alpha } => ("softplus", alpha),
            SmoothActivation::Silu { alpha } => ("silu", alpha),
            SmoothActivation::Gelu { alpha } => ("gelu", alpha),
            SmoothActivation::Root { eps } => ("root", eps),
            SmoothActivation::AbsTanh { alpha } => ("abs-tanh", alpha),
            SmoothActivation::AbsLogCosh { alpha } => ("abs-logcosh", alpha),
            SmoothActivation::AbsRoot { eps } => ("abs-root", eps),
        };
        // Hundreds of zeros help nobody.
        if parameter == 0.0 || (1e-5..1e7).contains(&parameter.abs()) {
            write!(f, "{name}:{parameter}")
        } else {
            write!(f, "{name}:{parameter:e}")
        }
    }
}

impl From<Activation> for SmoothActivation {
    fn from(activation: Activation) -> Self {
        match activation {
            Activation::Relu => SmoothActivation::Relu,
            Activation::LeakyRelu { slope } => SmoothActivation::LeakyRelu { slope },
            Activation::Abs => SmoothActivation::Abs,
        }
    }
}

fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn family(alpha: f64) -> [SmoothActivation; 11] {
        [
            SmoothActivation::Relu,
            SmoothActivation::LeakyRelu { slope: 0.25 },
            SmoothActivation::Abs,
            SmoothActivation::Softplus { alpha },
            SmoothActivation::Silu { alpha },
            SmoothActivation::root_at(alpha),
            SmoothActivation::Gelu { alpha },
            SmoothActivation::AbsTanh { alpha },
            SmoothActivation::AbsLogCosh { alpha },
            SmoothActivation::AbsRoot { eps: alpha.powi(-2) },
            SmoothActivation::Tanh,
        ]
    }

    proptest! {
        #[test]
        fn every_function_keeps_its_laws(x in -40.0f64..40.0, alpha in 0.05f64..50.0) {
            for f in family(alpha) {
                let scale = 1e-13 * (1.0 + x.abs() + f.f(0.0).abs());
                prop_assert!((f.even_part(x) - 0.5 * (f.f(x) + f.f(-x))).abs() < scale, "{f}");
                let rise = f.even_part(x) - f.even_part(0.0);
                prop_assert!((f.even_rise(x) - rise).abs() < scale, "{f}");
                let half_linear = (f.f(x) - f.f(-x) - x).abs() < scale;
                prop_assert!(!f.is_half_linear() || half_linear, "{f}");
                if let (Some(limit), Some(gap)) = (f.limit(), f.sup_gap()) {
                    prop_assert!((f.f(x) - limit.apply(x)).abs() <= gap + scale, "{f}");
                }
                if let Some(scaled) = f.scaled(3.0) {
                    prop_assert!((scaled.f(x) - f.f(3.0 * x) / 3.0).abs() < scale, "{f} scaled");
                }
                let step = 1e-5 / alpha;
                if x.abs() > 2.0 * step {
                    let slope = (f.f(x + step) - f.f(x - step)) / (2.0 * step);
                    prop_assert!((f.df(x) - slope).abs() < 1e-6 * (1.0 + alpha), "{f}");
                }
            }
        }
    }

    #[test]
    fn the_rounding_of_alpha_x_does_not_reach_the_tail() {
        // alpha x = -(300 + 2^-23 + 300 2^-22 + 2^-45), and its nearest f64 leaves out 2^-45: 128 last places of
        // e^(alpha x).
        let (alpha, x) = (1.0 + 2f64.powi(-22), -(300.0 + 2f64.powi(-23)));
        let leading = (-(300.0 + 2f64.powi(-23) + 300.0 * 2f64.powi(-22))).exp();
        let exact = leading * (1.0 - 2f64.powi(-45));
        assert!((decay(alpha, x) / exact - 1.0).abs() < 1e-15);
        // The same for Phi in its lower tail, e^(-z^2 / 2) / (z sqrt(2 pi)) (1 - z^-2 + ...): z = 30 (1 + 2^-50).
        let relative =
            normal_distribution(1.0 + 2f64.powi(-50), -30.0) / normal_distribution(1.0, -30.0) - 1.0;
        assert!((relative / (-901.0 * 2f64.powi(-50)) - 1.0).abs() < 0.01);
    }

    #[test]
    fn squares_that_overflow_do_no_harm() {
        let (f, abs) = (SmoothActivation::Root { eps: 1.0 }, SmoothActivation::AbsRoot { eps: 1.0 });
        assert_eq!((f.f(1e300), f.f(-1e300), abs.f(-1e300)), (1e300, 2.5e-301, 1e300));
        assert_eq!((f.df(1e300), f.df(-1e300), abs.df(-1e300)), (1.0, 0.0, -1.0));
        assert_eq!((f.even_part(1e300), f.even_rise(1e300), abs.even_rise(1e300)), (5e299, 5e299, 1e300));
    }

    #[test]
    fn long_parameters_are_written_briefly_and_read_back() {
        for (alpha, text) in [(1e300, "silu:1e300"), (2.5e-9, "silu:2.5e-9"), (0.0625, "silu:0.0625")] {
            let f = SmoothActivation::Silu { alpha };
            assert_eq!((f.to_string().as_str(), SmoothActivation::parse(text).unwrap()), (text, f));
        }
    }

    #[test]
    fn extreme_arguments_give_numbers() {
        for f in family(20.0) {
            for x in [-1e9, -1000.0, 0.0, 1000.0, 1e9] {
                assert!(f.f(x).is_finite() && f.df(x).is_finite() && f.even_part(x).is_finite(), "{f} {x}");
            }
            assert_eq!(SmoothActivation::parse(&f.to_string()).unwrap(), f);
        }
    }
}
