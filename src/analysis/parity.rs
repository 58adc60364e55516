//! Activations by parity.
//!
//! Write `s(x) = a x + odd(x) + even(x)` with `odd` odd and non-linear, `even` even. Which simple pieces an activation
//! connects depends only on which of the three parts are present (for `odd` and `even`: at generic amplitude).

use crate::error::{Error, Result};
use std::f64::consts::FRAC_1_SQRT_2;
use std::fmt;

/// A pointwise function, known by name and by its linear, even and odd parts.
///
/// ```
/// use isotypic::analysis::PointwiseFunction;
/// let relu = PointwiseFunction::parse("relu")?;
/// assert!(relu.has_linear_part() && relu.has_even_part() && !relu.has_odd_part());
/// let tanh = PointwiseFunction::parse("tanh")?;
/// assert!(!tanh.has_even_part() && tanh.has_odd_part());
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PointwiseFunction {
    /// `max(x, 0)`: linear and even.
    Relu,
    /// `|x|`: even.
    Abs,
    /// `x` for positive `x`, `slope x` otherwise: linear and even, unless the slope is 1 (linear) or -1 (even).
    Leaky(f64),
    /// `min(x, 0)`: linear and even.
    MinZero,
    /// `log(1 + e^x)`: `x / 2` plus an even function.
    Softplus,
    /// `x / (1 + e^-x)`: `x / 2` plus an even function.
    Silu,
    /// `x Phi(x)` with the normal distribution: `x / 2` plus an even function.
    Gelu,
    /// `(x + sqrt(x^2 + 1)) / 2`: `x / 2` plus an even function.
    Root,
    /// Odd and non-linear.
    Tanh,
}

impl PointwiseFunction {
    /// Reads `relu`, `abs`, `leaky:0.01`, `prelu:-0.5`, `min0`, `softplus`, `silu`, `gelu`, `root` or `tanh`.
    ///
    /// # Errors
    /// [`Error::Input`] for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |problem: String| {
            Error::input(
                format!("activation '{text}'"),
                problem,
                "write relu, abs, leaky:SLOPE, prelu:SLOPE, min0, softplus, silu, gelu, root or tanh",
            )
        };
        Ok(match text {
            "relu" => PointwiseFunction::Relu,
            "abs" => PointwiseFunction::Abs,
            "leaky" => PointwiseFunction::Leaky(0.01),
            "min0" => PointwiseFunction::MinZero,
            "softplus" => PointwiseFunction::Softplus,
            "silu" => PointwiseFunction::Silu,
            "gelu" => PointwiseFunction::Gelu,
            "root" => PointwiseFunction::Root,
            "tanh" => PointwiseFunction::Tanh,
            _ => match text.split_once(':') {
                Some(("leaky" | "prelu", slope)) => match slope.parse::<f64>() {
                    Ok(slope) if slope.is_finite() => PointwiseFunction::Leaky(slope),
                    _ => return Err(bad(format!("'{slope}' is no finite slope"))),
                },
                _ => return Err(bad("unknown activation".into())),
            },
        })
    }

    /// The value at `x`, without cancellation or overflow for large `|x|`.
    ///
    /// ```
    /// use isotypic::analysis::PointwiseFunction;
    /// assert_eq!(PointwiseFunction::Leaky(0.5).evaluate(-2.0), -1.0);
    /// assert!((PointwiseFunction::Root.evaluate(-1e9) - 2.5e-10).abs() < 1e-20);
    /// ```
    pub fn evaluate(self, x: f64) -> f64 {
        match self {
            PointwiseFunction::Relu => x.max(0.0),
            PointwiseFunction::Abs => x.abs(),
            PointwiseFunction::Leaky(slope) => x.max(0.0) + slope * x.min(0.0),
            PointwiseFunction::MinZero => x.min(0.0),
            PointwiseFunction::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            PointwiseFunction::Silu => x / (1.0 + (-x).exp()),
            PointwiseFunction::Gelu => 0.5 * x * libm::erfc(-x * FRAC_1_SQRT_2),
            PointwiseFunction::Root if x > 0.0 => 0.5 * (x + x.hypot(1.0)),
            PointwiseFunction::Root => 0.5 / (x.hypot(1.0) - x),
            PointwiseFunction::Tanh => x.tanh(),
        }
    }

    /// For piecewise linear functions with a break at zero the numbers `(p, q)` with
    /// `s(x) = p max(x, 0) + q max(-x, 0)`; `None` for smooth ones.
    ///
    /// ```
    /// use isotypic::analysis::PointwiseFunction;
    /// assert_eq!(PointwiseFunction::Leaky(0.1).ramps(), Some((1.0, -0.1)));
    /// assert_eq!(PointwiseFunction::Tanh.ramps(), None);
    /// ```
    pub fn ramps(self) -> Option<(f64, f64)> {
        match self {
            PointwiseFunction::Relu => Some((1.0, 0.0)),
            PointwiseFunction::Abs => Some((1.0, 1.0)),
            PointwiseFunction::Leaky(slope) => Some((1.0, -slope)),
            PointwiseFunction::MinZero => Some((0.0, -1.0)),
            _ => None,
        }
    }

    /// Whether `s(x) - s(-x)` has a multiple of `x` in it.
    pub fn has_linear_part(self) -> bool {
        match self {
            PointwiseFunction::Abs | PointwiseFunction::Tanh => false,
            PointwiseFunction::Leaky(slope) => slope != -1.0,
            _ => true,
        }
    }

    /// Whether `s(x) + s(-x)` is not zero.
    pub fn has_even_part(self) -> bool {
        match self {
            PointwiseFunction::Tanh => false,
            PointwiseFunction::Leaky(slope) => slope != 1.0,
            _ => true,
        }
    }

    /// Whether the odd part is not linear.
    pub fn has_odd_part(self) -> bool {
        self == PointwiseFunction::Tanh
    }
}

/// Which parts of an activation act on a layer, with or without a generic invariant bias before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveParts {
    /// The linear part.
    pub linear: bool,
    /// The even part, by itself.
    pub even: bool,
    /// The odd non-linear part, by itself.
    pub odd: bool,
    /// Even and odd non-linear parts together, without a parity of their own, as after a bias.
    pub mixed: bool,
}

impl ActiveParts {
    /// The parts of `activation`; a bias mixes the non-linear ones.
    pub fn of(activation: PointwiseFunction, bias: bool) -> Self {
        let (linear, even, odd) =
            (activation.has_linear_part(), activation.has_even_part(), activation.has_odd_part());
        if bias && (even || odd) {
            return ActiveParts { linear, even: false, odd: false, mixed: true };
        }
        ActiveParts { linear, even, odd, mixed: false }
    }
}

impl fmt::Display for PointwiseFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PointwiseFunction::Relu => "relu",
            PointwiseFunction::Abs => "abs",
            PointwiseFunction::Leaky(slope) => return write!(f, "leaky:{slope}"),
            PointwiseFunction::MinZero => "min0",
            PointwiseFunction::Softplus => "softplus",
            PointwiseFunction::Silu => "silu",
            PointwiseFunction::Gelu => "gelu",
            PointwiseFunction::Root => "root",
            PointwiseFunction::Tanh => "tanh",
        })
    }
}
