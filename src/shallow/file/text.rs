//! Exact numbers as text.

use crate::num::{Integer, Natural, Rational};
use std::fmt::Display;

/// Numbers separated by blanks.
fn line<T: Display>(numbers: &[T]) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    words.join(" ")
}

/// Rows of numbers, one line each.
pub(super) fn lines<'a, T: Display + 'a>(rows: impl Iterator<Item = &'a Vec<T>>) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&line(row));
        text.push('\n');
    }
    text.into_bytes()
}

/// Reads `p`.
pub(super) fn integer(word: &str) -> Option<Integer> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| word.parse().ok()).flatten()
}

/// Reads `p` or `p/q`.
pub(super) fn rational(word: &str) -> Option<Rational> {
    let Some((top, bottom)) = word.split_once('/') else { return integer(word).map(Rational::from) };
    let bottom: Natural = integer(bottom)?.try_into().ok()?;
    let top = integer(top)?;
    (!bottom.is_zero()).then(|| Rational::from_parts(top, bottom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let third = Rational::from_parts((-1).into(), 3u8.into());
        assert_eq!(rational(&third.to_string()), Some(third));
        assert_eq!(line(&[Integer::from(-5), Integer::from(7)]), "-5 7");
        for word in ["", "-", "1/0", "1/-2", "1/", "/2", "1.5", "+1", "1_0", "0x1"] {
            assert_eq!(rational(word), None, "{word}");
        }
    }
}
