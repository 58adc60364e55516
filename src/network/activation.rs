//! Pointwise activations.

use crate::num::{Rational, exact};

/// A function of one variable that a network applies to every hidden entry.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `x` for `x > 0`, `slope * x` otherwise.
    LeakyRelu {
        /// The factor on the negative side.
        slope: f64,
    },
    /// `|x|`.
    Abs,
}

impl Activation {
    /// The value at `x`.
    ///
    /// ```
    /// use isotypic::network::Activation;
    /// assert_eq!(Activation::LeakyRelu { slope: 0.5 }.apply(-2.0), -1.0);
    /// ```
    pub fn apply(self, x: f64) -> f64 {
        if x > 0.0 { x } else { self.negative_slope_f64() * x }
    }

    /// The factor on the negative side as a rational; the factor on the positive side is 1 for each.
    pub fn negative_slope(self) -> Rational {
        exact(self.negative_slope_f64()).expect("slopes are finite")
    }

    fn negative_slope_f64(self) -> f64 {
        match self {
            Activation::Relu => 0.0,
            Activation::LeakyRelu { slope } => slope,
            Activation::Abs => -1.0,
        }
    }
}
