//! Linear programs in integers, started at a point inside the cell.
//!
//! A dictionary `s_i = (b_i + sum_k a_ik y_k) / D` with `D > 0` is kept in integers by fraction-free pivoting: every
//! entry is a minor of the input, so all divisions are exact. At the start the columns are the free moves away from the
//! given point; a free column enters first and is never touched again once a row has taken its place. Bland's rule
//! excludes cycling. Reference: D. Avis, *lrs: a revised implementation of the reverse search vertex enumeration
//! algorithm* (2000), for integer pivoting.

use crate::num::{Integer, Rational, Sign};
use crate::polyhedral::domain::value_at;

/// What stands in a column or a row of the dictionary.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variable {
    /// A move along a coordinate, of either sign.
    Free,
    /// The slack of a row, `>= 0`.
    Slack(usize),
    /// The form.
    Form,
    /// A coordinate of the point.
    Coordinate(usize),
}

struct Dictionary {
    denominator: Integer,
    /// The constant of each row, then its coefficients.
    rows: Vec<Vec<Integer>>,
    in_rows: Vec<Variable>,
    in_columns: Vec<Variable>,
    /// The common denominator of the coordinates of the starting point.
    scale: Integer,
}

/// A point of the polyhedron `{ x : row . (x, 1) >= 0 }` at which the form is negative, or `None` where there is none.
/// `start` is a point strictly inside, as a homogeneous integer vector with positive last entry; the form must not be
/// negative there.
fn point_below(rows: &[Vec<Integer>], form: &[Integer], start: &[Integer]) -> Option<Vec<Rational>> {
    Dictionary::new(rows, form, start).minimise()
}

/// Writes a form as `sum of factor * rows[index] + constant` with positive factors and a constant that is not negative;
/// `None` where the form is negative somewhere in the polyhedron. `start` is as for [`point_below`].
pub(in crate::polyhedral) fn combination(
    rows: &[Vec<Integer>],
    form: &[Integer],
    start: &[Integer],
) -> Option<(Vec<(usize, Rational)>, Rational)> {
    let mut dictionary = Dictionary::new(rows, form, start);
    if dictionary.minimise().is_some() {
        return None;
    }
    let over =
        |value: &Integer, below: &Integer| Rational::from(value.clone()) / Rational::from(below.clone());
    let denominator = &dictionary.denominator;
    let mut terms: Vec<(usize, Rational)> = dictionary
        .in_columns
        .iter()
        .zip(&dictionary.rows[0][1..])
        .filter_map(|(variable, rate)| match variable {
            Variable::Slack(row) if !rate.is_zero() => Some((*row, over(rate, denominator))),
            _ => None,
        })
        .collect();
    terms.sort_unstable_by_key(|(row, _)| *row);
    Some((terms, over(&dictionary.rows[0][0], &(denominator * &dictionary.scale))))
}

/// A point strictly inside the polyhedron at which the form is negative, half-way between its zero and the point that
/// [`point_below`] finds.
pub(super) fn point_between(
    rows: &[Vec<Integer>],
    form: &[Integer],
    start: &[Integer],
) -> Option<Vec<Rational>> {
    let below = point_below(rows, form, start)?;
    let (scale, coordinates) = start.split_last()?;
    let scale = Rational::from(scale.clone());
    let start: Vec<Rational> = coordinates.iter().map(|x| Rational::from(x.clone()) / &scale).collect();
    let (at_start, at_below) = (value_at(form, &start), value_at(form, &below));
    let zero = &at_start / (&at_start - at_below);
    let part = (zero + Rational::ONE) / Rational::from(2);
    Some(start.iter().zip(&below).map(|(a, b)| a + (b - a) * &part).collect())
}

impl Dictionary {
    fn new(rows: &[Vec<Integer>], form: &[Integer], start: &[Integer]) -> Self {
        let d = start.len() - 1;
        let at_start = |row: &[Integer]| -> Vec<Integer> {
            let value = row.iter().zip(start).map(|(a, x)| a * x).sum();
            std::iter::once(value).chain(row[..d].iter().cloned()).collect()
        };
        let coordinate = |c: usize| -> Vec<Integer> {
            let unit = (0..d).map(|k| Integer::from(i32::from(k == c)));
            std::iter::once(start[c].clone()).chain(unit).collect()
        };
        Dictionary {
            denominator: Integer::ONE,
            rows: std::iter::once(at_start(form))
                .chain((0..d).map(coordinate))
                .chain(rows.iter().map(|row| at_start(row)))
                .collect(),
            in_rows: std::iter::once(Variable::Form)
                .chain((0..d).map(Variable::Coordinate))
                .chain((0..rows.len()).map(Variable::Slack))
                .collect(),
            in_columns: vec![Variable::Free; d],
            scale: start[d].clone(),
        }
    }

    /// Walks until the form is negative, and returns a point where it is, or until no edge makes it smaller.
    fn minimise(&mut self) -> Option<Vec<Rational>> {
        loop {
            let (k, sense) = self.entering()?;
            let block = self.blocking(k, sense);
            if let Some(point) = self.crossing(k, sense, block) {
                return Some(point);
            }
            // A form that falls without end crosses zero, so there is a row that stops it.
            self.pivot(block?, k);
        }
    }

    /// A column along which the form falls, and in which sense: a free one if possible, else the lowest slack.
    fn entering(&self) -> Option<(usize, bool)> {
        let rate = |k: usize| Sign::of(&self.rows[0][k + 1]);
        let columns = || self.in_columns.iter().copied().enumerate();
        let free = columns().find(|&(k, variable)| variable == Variable::Free && rate(k) != Sign::Zero);
        if let Some((k, _)) = free {
            return Some((k, rate(k) == Sign::Negative));
        }
        let falling = columns().filter_map(|(k, variable)| match variable {
            Variable::Slack(row) if rate(k) == Sign::Negative => Some((row, k)),
            _ => None,
        });
        falling.min().map(|(_, k)| (k, true))
    }

    /// The rate of a row along a move.
    fn rate(&self, row: usize, k: usize, sense: bool) -> Integer {
        let entry = &self.rows[row][k + 1];
        if sense { entry.clone() } else { -entry }
    }

    /// The row that stops a move first, the lowest slack among equals.
    fn blocking(&self, k: usize, sense: bool) -> Option<usize> {
        let mut best: Option<(usize, usize, Integer)> = None;
        for (i, variable) in self.in_rows.iter().enumerate() {
            let Variable::Slack(slack) = *variable else { continue };
            let rate = self.rate(i, k, sense);
            if Sign::of(&rate) != Sign::Negative {
                continue;
            }
            let better = match &best {
                None => true,
                Some((other, lowest, other_rate)) => {
                    // b_i / -rate_i against b_other / -rate_other
                    let (this, that) = (&self.rows[i][0] * other_rate, &self.rows[*other][0] * &rate);
                    this > that || (this == that && slack < *lowest)
                }
            };
            if better {
                best = Some((i, slack, rate));
            }
        }
        best.map(|(i, ..)| i)
    }

    /// A point beyond the form's zero on the move along column `k`, if the form crosses zero before the move is
    /// stopped.
    fn crossing(&self, k: usize, sense: bool, block: Option<usize>) -> Option<Vec<Rational>> {
        let length = |row: usize| {
            Rational::from(self.rows[row][0].clone()) / Rational::from(-self.rate(row, k, sense))
        };
        let zero = length(0);
        let end = match block {
            None => zero + Rational::ONE,
            Some(row) => {
                let end = length(row);
                if end <= zero {
                    return None;
                }
                end
            }
        };
        let scale = Rational::from(&self.denominator * &self.scale);
        let coordinates = self.in_rows.iter().enumerate().filter_map(|(i, variable)| match variable {
            Variable::Coordinate(_) => {
                let moved = &end * Rational::from(self.rate(i, k, sense));
                Some((Rational::from(self.rows[i][0].clone()) + moved) / &scale)
            }
            _ => None,
        });
        Some(coordinates.collect())
    }

    fn pivot(&mut self, row: usize, k: usize) {
        let pivot_row = self.rows[row].clone();
        let pivot = pivot_row[k + 1].clone();
        for (i, other) in self.rows.iter_mut().enumerate() {
            if i == row {
                continue;
            }
            let factor = other[k + 1].clone();
            for (j, entry) in other.iter_mut().enumerate() {
                if j != k + 1 {
                    *entry = (&*entry * &pivot - &factor * &pivot_row[j]) / &self.denominator;
                }
            }
        }
        for (j, entry) in self.rows[row].iter_mut().enumerate() {
            *entry = if j == k + 1 { self.denominator.clone() } else { -&*entry };
        }
        self.denominator = pivot;
        if self.denominator < Integer::ZERO {
            self.denominator = -&self.denominator;
            self.rows.iter_mut().flatten().for_each(|entry| *entry = -&*entry);
        }
        std::mem::swap(&mut self.in_rows[row], &mut self.in_columns[k]);
        if self.in_rows[row] == Variable::Free {
            self.rows.swap_remove(row);
            self.in_rows.swap_remove(row);
        }
    }
}
