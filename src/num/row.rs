//! Primitive integer rows: the canonical form of a rational vector up to a positive factor.

use super::{Integer, Natural, Rational};
use dashu_int::ops::Gcd;

/// The sign of an exactly known number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// Less than zero.
    Negative,
    /// Exactly zero.
    Zero,
    /// Greater than zero.
    Positive,
}

impl Sign {
    /// The sign of an integer.
    ///
    /// ```
    /// use isotypic::num::Sign;
    /// assert_eq!(Sign::of(&(-3).into()), Sign::Negative);
    /// ```
    pub fn of(value: &Integer) -> Self {
        if value.is_zero() {
            Sign::Zero
        } else if *value > Integer::ZERO {
            Sign::Positive
        } else {
            Sign::Negative
        }
    }

    /// The sign of a rational number.
    pub fn of_rational(value: &Rational) -> Self {
        Sign::of(value.numerator())
    }
}

/// The unique positive multiple of a rational vector whose entries are integers without a common divisor, and the
/// positive factor `s` with `row = s * vector`. The zero vector gives the zero row and factor 1.
///
/// Two vectors have the same primitive row iff one is a positive multiple of the other.
///
/// ```
/// use isotypic::num::{exact, primitive_row, Integer};
/// let vector = [exact(0.5).unwrap(), exact(-0.75).unwrap()];
/// let (row, factor) = primitive_row(&vector);
/// assert_eq!(row, [Integer::from(2), Integer::from(-3)]);
/// assert_eq!(factor, exact(4.0).unwrap());
/// ```
pub fn primitive_row(vector: &[Rational]) -> (Vec<Integer>, Rational) {
    let mut denominator = Natural::ONE;
    for entry in vector {
        let other = entry.denominator();
        let common = (&denominator).gcd(other);
        denominator = denominator / common * other;
    }
    let scale = Integer::from(denominator.clone());
    let mut row: Vec<Integer> = vector
        .iter()
        .map(|entry| entry.numerator() * (&scale / Integer::from(entry.denominator().clone())))
        .collect();
    let divisor = make_primitive(&mut row);
    (row, Rational::from_parts(scale, divisor))
}

/// Divides an integer vector by the greatest common divisor of its entries, in place, and returns that divisor
/// (1 for the zero vector).
///
/// ```
/// use isotypic::num::{row::make_primitive, Integer, Natural};
/// let mut row = [Integer::from(6), Integer::from(-9)];
/// assert_eq!(make_primitive(&mut row), Natural::from(3u8));
/// assert_eq!(row, [Integer::from(2), Integer::from(-3)]);
/// ```
pub fn make_primitive(row: &mut [Integer]) -> Natural {
    let mut divisor = Natural::ZERO;
    for entry in row.iter() {
        if entry.is_zero() {
            continue;
        }
        let (_, size) = entry.clone().into_parts();
        divisor = if divisor.is_zero() { size } else { divisor.gcd(&size) };
        if divisor.is_one() {
            return divisor;
        }
    }
    if divisor.is_zero() {
        return Natural::ONE;
    }
    let signed = Integer::from(divisor.clone());
    for entry in row.iter_mut() {
        *entry /= &signed;
    }
    divisor
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_positive_multiple_has_the_same_row(
            entries in proptest::collection::vec(-20i32..20, 1..6),
            top in 1i32..30,
            bottom in 1u32..30,
        ) {
            let vector: Vec<Rational> = entries.iter().map(|&e| Rational::from(e)).collect();
            let factor = Rational::from_parts(top.into(), bottom.into());
            let scaled: Vec<Rational> = vector.iter().map(|e| e * &factor).collect();
            let (row, s) = primitive_row(&vector);
            prop_assert_eq!(&primitive_row(&scaled).0, &row);
            for (integer, rational) in row.iter().zip(&vector) {
                prop_assert_eq!(Rational::from(integer.clone()), rational * &s);
            }
        }
    }
}
