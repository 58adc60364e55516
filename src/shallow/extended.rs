//! Numbers with plus and minus infinity, under the convention `0 * inf = 0`.

use crate::error::{Error, Result};
use crate::num::Rational;
use std::cmp::Ordering;
use std::fmt::Debug;

/// The numbers that the three layers can be computed in: exact rationals, and `f64` for speed.
pub trait Number: Clone + Debug + PartialOrd {
    /// 0.
    fn zero() -> Self;
    /// 1.
    fn one() -> Self;
    /// The number nearest to a rational.
    fn from_rational(value: &Rational) -> Self;
    /// The rational that the number is; `None` for NaN and infinity.
    fn to_rational(&self) -> Option<Rational>;
    /// `self + a * b`.
    fn plus_product(self, a: &Self, b: &Self) -> Self;
    /// `self + other`.
    fn plus(self, other: &Self) -> Self;
    /// `-self`.
    fn negated(self) -> Self;
}

impl Number for Rational {
    fn zero() -> Self {
        Rational::ZERO
    }
    fn one() -> Self {
        Rational::ONE
    }
    fn from_rational(value: &Rational) -> Self {
        value.clone()
    }
    fn to_rational(&self) -> Option<Rational> {
        Some(self.clone())
    }
    fn plus_product(self, a: &Self, b: &Self) -> Self {
        if a.is_zero() || b.is_zero() { self } else { self + a * b }
    }
    fn plus(self, other: &Self) -> Self {
        self + other
    }
    fn negated(self) -> Self {
        -self
    }
}

impl Number for f64 {
    fn zero() -> Self {
        0.0
    }
    fn one() -> Self {
        1.0
    }
    fn from_rational(value: &Rational) -> Self {
        crate::num::nearest_f64(value)
    }
    fn to_rational(&self) -> Option<Rational> {
        crate::num::exact(*self)
    }
    fn plus_product(self, a: &Self, b: &Self) -> Self {
        self + a * b
    }
    fn plus(self, other: &Self) -> Self {
        self + other
    }
    fn negated(self) -> Self {
        -self
    }
}

/// A number or one of the two infinities.
///
/// ```
/// use isotypic::shallow::Extended;
/// let zero = Extended::Finite(0.0);
/// assert_eq!(Extended::PlusInfinity.times(&zero), zero);
/// assert_eq!(Extended::Finite(3.0).plus(&Extended::MinusInfinity)?.relu(), zero);
/// assert!(Extended::<f64>::PlusInfinity.plus(&Extended::MinusInfinity).is_err());
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Extended<T> {
    /// Less than every number.
    MinusInfinity,
    /// A number.
    Finite(T),
    /// More than every number.
    PlusInfinity,
}

impl<T: Number> Extended<T> {
    /// The infinity of a sign, or zero.
    fn infinite(sign: Option<Ordering>) -> Self {
        match sign {
            Some(Ordering::Greater) => Extended::PlusInfinity,
            Some(Ordering::Less) => Extended::MinusInfinity,
            _ => Extended::Finite(T::zero()),
        }
    }

    /// How the number compares with zero; `None` for a NaN.
    fn sign(&self) -> Option<Ordering> {
        match self {
            Extended::MinusInfinity => Some(Ordering::Less),
            Extended::Finite(value) => value.partial_cmp(&T::zero()),
            Extended::PlusInfinity => Some(Ordering::Greater),
        }
    }

    /// The product, where zero times anything is zero.
    pub fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Extended::Finite(a), Extended::Finite(b)) => Extended::Finite(T::zero().plus_product(a, b)),
            _ => match (self.sign(), other.sign()) {
                (Some(Ordering::Less), Some(b)) => Extended::infinite(Some(b.reverse())),
                (Some(Ordering::Greater), b) => Extended::infinite(b),
                _ => Extended::infinite(None),
            },
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] for `inf - inf`, which the three layers never form.
    pub fn plus(self, other: &Self) -> Result<Self> {
        match (self, other) {
            (Extended::Finite(a), Extended::Finite(b)) => Ok(Extended::Finite(a.plus(b))),
            (Extended::Finite(_), infinite) => Ok(infinite.clone()),
            (Extended::PlusInfinity, Extended::MinusInfinity)
            | (Extended::MinusInfinity, Extended::PlusInfinity) => {
                Err(Error::inconsistent("extended numbers", "a sum of plus and minus infinity"))
            }
            (infinite, _) => Ok(infinite),
        }
    }

    /// The number, or zero where it is negative.
    pub fn relu(self) -> Self {
        if self.sign() == Some(Ordering::Less) { Extended::Finite(T::zero()) } else { self }
    }

    /// The number, where it is one.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] for an infinity.
    pub fn finite(self) -> Result<T> {
        match self {
            Extended::Finite(value) => Ok(value),
            _ => Err(Error::inconsistent("extended numbers", "an infinite value where a finite one is due")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Extended<Rational>> {
        let finite = (-2..=2).map(|n| Extended::Finite(Rational::from(n)));
        finite.chain([Extended::MinusInfinity, Extended::PlusInfinity]).collect()
    }

    #[test]
    fn products_commute_and_associate() {
        for a in all() {
            for b in all() {
                assert_eq!(a.times(&b), b.times(&a));
                for c in all() {
                    assert_eq!(a.times(&b).times(&c), a.times(&b.times(&c)));
                }
            }
        }
    }

    #[test]
    fn only_opposite_infinities_have_no_sum() {
        for a in all() {
            for b in all() {
                let opposite = matches!(
                    (&a, &b),
                    (Extended::PlusInfinity, Extended::MinusInfinity)
                        | (Extended::MinusInfinity, Extended::PlusInfinity)
                );
                match (a.clone().plus(&b), b.clone().plus(&a)) {
                    (Ok(left), Ok(right)) => assert!(!opposite && left == right),
                    (left, right) => assert!(opposite && left.is_err() && right.is_err()),
                }
            }
        }
    }

    #[test]
    fn infinity_is_no_result() {
        assert!(Extended::<f64>::PlusInfinity.relu().finite().is_err());
        assert_eq!(Extended::<f64>::MinusInfinity.relu().finite().unwrap(), 0.0);
    }
}
