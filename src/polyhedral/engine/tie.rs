//! Rows of a domain that make coordinates equal where they are tight.

use crate::num::{Integer, Rational};

/// What holds where a row of the domain is tight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::polyhedral) enum Tie {
    /// Two coordinates are equal.
    Equal(usize, usize),
    /// A coordinate has a value, by its number among the values that occur; number 0 is the value zero.
    Number(usize, usize),
}

/// The tie of each row, where it is that simple.
pub(super) fn ties(border: &[Vec<Integer>]) -> Vec<Option<Tie>> {
    let mut numbers = vec![Rational::ZERO];
    border
        .iter()
        .map(|row| {
            let (constant, entries) = row.split_last()?;
            let axes: Vec<usize> = (0..entries.len()).filter(|&c| !entries[c].is_zero()).collect();
            match axes[..] {
                [i, j] if constant.is_zero() && entries[i] == -&entries[j] => Some(Tie::Equal(i, j)),
                [i] => {
                    let number = -Rational::from(constant.clone()) / Rational::from(entries[i].clone());
                    let known = numbers.iter().position(|other| *other == number);
                    Some(Tie::Number(
                        i,
                        known.unwrap_or_else(|| {
                            numbers.push(number);
                            numbers.len() - 1
                        }),
                    ))
                }
                _ => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_read_off() {
        let rows = [[1, -1, 0], [1, -1, 1], [2, 0, -1], [0, -4, 2], [0, 1, 0], [1, 2, 0]];
        let rows = rows.map(|row| row.map(Integer::from).to_vec());
        let half = |axis| Some(Tie::Number(axis, 1));
        assert_eq!(
            ties(&rows),
            [Some(Tie::Equal(0, 1)), None, half(0), half(1), Some(Tie::Number(1, 0)), None]
        );
    }
}
