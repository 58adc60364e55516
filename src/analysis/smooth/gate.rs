//! Other smooth gates: `x H(alpha x)` with `H` a smooth step from 0 to 1.
//!
//! `x H(alpha x)` is half-linear if and only if `H(z) + H(-z) = 1`. The softplus-based gates below do not keep
//! this, and with it the half-identity and the unbiased reversal are lost.

use std::f64::consts::{LN_2, PI};

/// A smooth step `H`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gate {
    /// `1/2 + z / (2 log(2 cosh z))`.
    LogCosh,
    /// `(1 + z / sqrt(1 + z^2)) / 2`.
    Algebraic,
    /// `(1 + erf z) / 2`.
    Erf,
    /// `1/2 + arctan(z) / pi`.
    Arctan,
    /// `tanh(log(1 + e^z))`, as in the activation Mish; not half-linear.
    Mish,
    /// The logistic function to this power; half-linear for the power 1 only.
    LogisticPower(f64),
}

impl Gate {
    /// `H(z)`.
    pub fn step(self, z: f64) -> f64 {
        match self {
            Gate::LogCosh => {
                let log_two_cosh = z.abs() + (-2.0 * z.abs()).exp().ln_1p();
                0.5 + 0.5 * z / log_two_cosh
            }
            Gate::Algebraic => 0.5 + 0.5 * z / z.hypot(1.0),
            Gate::Erf => 0.5 * libm::erfc(-z),
            Gate::Arctan => 0.5 + z.atan() / PI,
            Gate::Mish => softplus(z).tanh(),
            // sigma(z)^power = e^(-power softplus(-z)).
            Gate::LogisticPower(power) => (-power * softplus(-z)).exp(),
        }
    }

    /// The activation `x H(alpha x)`.
    pub fn activation(self, alpha: f64, x: f64) -> f64 {
        x * self.step(alpha * x)
    }

    /// Whether `H(z) + H(-z) = 1`, so that the activation is half-linear.
    pub fn is_half_linear(self) -> bool {
        match self {
            Gate::Mish => false,
            Gate::LogisticPower(power) => power == 1.0,
            _ => true,
        }
    }

    /// The gate at 0, which half-linearity forces to be 1/2.
    pub fn at_zero(self) -> f64 {
        match self {
            Gate::Mish => LN_2.tanh(),
            Gate::LogisticPower(power) => 0.5f64.powf(power),
            _ => 0.5,
        }
    }
}

fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_symmetric_gates_are_half_linear() {
        let gates = [
            Gate::LogCosh,
            Gate::Algebraic,
            Gate::Erf,
            Gate::Arctan,
            Gate::LogisticPower(1.0),
            Gate::Mish,
            Gate::LogisticPower(2.0),
        ];
        for gate in gates {
            let worst = (-80..=80)
                .map(|i| f64::from(i) * 0.125)
                .map(|x| (gate.activation(1.5, x) - gate.activation(1.5, -x) - x).abs())
                .fold(0.0, f64::max);
            assert_eq!(gate.is_half_linear(), worst < 1e-13, "{gate:?} {worst}");
            assert!(gate.is_half_linear() || worst > 0.05, "{gate:?} {worst}");
            assert!((gate.step(0.0) - gate.at_zero()).abs() < 1e-15);
            assert!(gate.activation(1.0, 1000.0).is_finite() && gate.activation(1.0, -1000.0).is_finite());
            assert!((gate.step(1000.0) - 1.0).abs() < 1e-3 && gate.step(-1000.0).abs() < 1e-3, "{gate:?}");
        }
    }
}
