//! From `f64` to rationals and back.

use super::{Integer, Natural, Rational};

/// The rational number that a finite `f64` *is*; `None` for NaN and the infinities.
///
/// ```
/// use isotypic::num::{exact, Rational};
/// assert_eq!(exact(0.75), Some(Rational::from_parts(3.into(), 4u8.into())));
/// assert_eq!(exact(f64::NAN), None);
/// ```
pub fn exact(value: f64) -> Option<Rational> {
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let field = ((bits >> 52) & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) =
        if field == 0 { (fraction, -1074) } else { (fraction | (1 << 52), field - 1075) };
    let signed = if value.is_sign_negative() { -Integer::from(mantissa) } else { Integer::from(mantissa) };
    Some(if exponent >= 0 {
        Rational::from(signed << exponent as usize)
    } else {
        Rational::from_parts(signed, Natural::ONE << (-exponent) as usize)
    })
}

/// The `f64` nearest to a rational, ties to even; infinite where the rational is out of range.
///
/// ```
/// use isotypic::num::{exact, nearest_f64, Rational};
/// let third = Rational::from_parts(1.into(), 3u8.into());
/// assert_eq!(nearest_f64(&third), 1.0 / 3.0);
/// assert_eq!(nearest_f64(&exact(0.1).unwrap()), 0.1);
/// ```
pub fn nearest_f64(value: &Rational) -> f64 {
    value.to_f64().value()
}

/// Reads a decimal number such as `-0.25`, `1e-3` or `3` as the rational that it *writes* (not the nearest `f64`).
///
/// `None` where the text is no such number.
///
/// ```
/// use isotypic::num::{parse_decimal, Rational};
/// assert_eq!(parse_decimal("-0.1"), Some(Rational::from_parts((-1).into(), 10u8.into())));
/// assert_eq!(parse_decimal("2e3"), Some(Rational::from(2000)));
/// assert_eq!(parse_decimal("two"), None);
/// ```
pub fn parse_decimal(text: &str) -> Option<Rational> {
    let text = text.trim();
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    if exponent.abs() > 10_000 {
        return None;
    }
    let (negative, digits) = match mantissa.as_bytes().first()? {
        b'-' => (true, &mantissa[1..]),
        b'+' => (false, &mantissa[1..]),
        _ => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all: String = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = Integer::from_str_radix(&all, 10).ok()?;
    let value = if negative { -value } else { value };
    let shift = exponent - fraction.len() as i32;
    let power = Natural::from(10u8).pow(shift.unsigned_abs() as usize);
    Some(if shift >= 0 {
        Rational::from(value * Integer::from(power))
    } else {
        Rational::from_parts(value, power)
    })
}

/// Reads what [`Rational`] prints: `p` or `p/q` with decimal integers, `q > 0`. `None` where the text is no such number.
///
/// ```
/// use isotypic::num::{parse_fraction, Rational};
/// assert_eq!(parse_fraction("-2/6"), Some(Rational::from_parts((-1).into(), 3u8.into())));
/// assert_eq!(parse_fraction("1/0"), None);
/// ```
pub fn parse_fraction(text: &str) -> Option<Rational> {
    let integer = |word: &str| {
        let digits = word.strip_prefix('-').unwrap_or(word);
        let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        decimal.then(|| Integer::from_str_radix(word, 10).ok()).flatten()
    };
    let Some((top, bottom)) = text.split_once('/') else { return integer(text).map(Rational::from) };
    let bottom: Natural = integer(bottom)?.try_into().ok()?;
    let top = integer(top)?;
    (!bottom.is_zero()).then(|| Rational::from_parts(top, bottom))
}

/// Reads a decimal number, as [`parse_decimal`], or a fraction `p/q`, as [`parse_fraction`].
///
/// ```
/// use isotypic::num::{parse_number, Rational};
/// let quarter = Rational::from_parts(1.into(), 4u8.into());
/// assert_eq!((parse_number("0.25"), parse_number("1/4")), (Some(quarter.clone()), Some(quarter)));
/// ```
pub fn parse_number(text: &str) -> Option<Rational> {
    if text.contains('/') { parse_fraction(text) } else { parse_decimal(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_finite_double_survives_the_round_trip(value in proptest::num::f64::ANY) {
            match exact(value) {
                Some(rational) => prop_assert_eq!(nearest_f64(&rational), value),
                None => prop_assert!(!value.is_finite()),
            }
        }

        #[test]
        fn decimals_agree_with_the_standard_parser(value in -1e6f64..1e6) {
            let text = format!("{value:e}");
            prop_assert_eq!(nearest_f64(&parse_decimal(&text).unwrap()), value);
        }
    }

    #[test]
    fn fractions_come_back() {
        let third = Rational::from_parts((-1).into(), 3u8.into());
        assert_eq!(parse_fraction(&third.to_string()), Some(third));
        assert_eq!(parse_fraction("7"), Some(Rational::from(7)));
        for word in ["", "-", "1/0", "1/-2", "1/", "/2", "1.5", "+1", "1_0", "0x1"] {
            assert_eq!(parse_fraction(word), None, "{word}");
        }
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["", "-", ".", "1.2.3", "1e", "nan", "inf", "0x10", "1_000"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }
}
