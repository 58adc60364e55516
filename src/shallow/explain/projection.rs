//! The nearest point of a polyhedron, exactly.

mod active_set;

use super::sum;
use crate::num::elimination::{solve, solve_over};
use crate::num::{Integer, Rational, Sign, exact, nearest_f64};
use crate::shallow::layers::scaled;
use crate::shallow::locate::{homogeneous, sign_at};
use active_set::{Projection, project};

/// The point of `{ y : row . (y, 1) <= 0 for all rows }` with the least Euclidean distance to `point`; `None` where the
/// polyhedron is empty, or where the square of that distance is at least `limit`.
///
/// The rows that are tight at the nearest point are found in `f64`, and confirmed by solving for the point exactly; that all
/// points are far is confirmed by the multipliers found. Where neither succeeds, the same method runs in rational
/// arithmetic.
///
/// Cost: one exact linear system of at most `d` unknowns, or O(m d) exact operations where the limit is exceeded.
///
/// ```
/// use isotypic::num::{Integer, Rational};
/// use isotypic::shallow::explain::projection::nearest_point;
/// let row = |entries: [i32; 3]| entries.map(Integer::from).to_vec();
/// let quadrant = [row([1, 0, 0]), row([0, 1, 0])]; // x <= 0, y <= 0
/// let point = [2.into(), 3.into()];
/// assert_eq!(nearest_point(&point, &quadrant, None).unwrap(), [Rational::ZERO, Rational::ZERO]);
/// assert!(nearest_point(&point, &quadrant, Some(&13.into())).is_none());
/// let empty = [row([1, 0, 0]), row([-1, 0, 1])]; // x <= 0, x >= 1
/// assert!(nearest_point(&point, &empty, None).is_none());
/// ```
pub fn nearest_point(
    point: &[Rational],
    rows: &[Vec<Integer>],
    limit: Option<&Rational>,
) -> Option<Vec<Rational>> {
    let below = |y: &Vec<Rational>| {
        limit.is_none_or(|limit| sum(y.iter().zip(point).map(|(a, b)| (a - b) * (a - b))) < *limit)
    };
    let near: Vec<f64> = point.iter().map(nearest_f64).collect();
    let units: Vec<UnitRow> = rows.iter().map(|row| UnitRow::new(row)).collect();
    let float_rows: Vec<Vec<f64>> = units.iter().map(|unit| unit.entries.clone()).collect();
    let proposed = project(&near, &float_rows, limit.map(nearest_f64).as_ref());
    if let Some(Projection::Nearest { tight, .. }) = &proposed
        && let Some(found) = confirmed(point, rows, tight)
    {
        return Some(found).filter(below);
    }
    if let Some(Projection::Far { weights }) = &proposed
        && limit.is_some_and(|limit| is_certainly_far(point, &units, weights, limit))
    {
        return None;
    }
    if let Some(Projection::Empty { row, others }) = &proposed
        && is_certainly_positive(rows, *row, others)
    {
        return None;
    }
    let rational_rows: Vec<Vec<Rational>> =
        rows.iter().map(|row| row.iter().cloned().map(Rational::from).collect()).collect();
    match project(point, &rational_rows, limit)? {
        Projection::Nearest { point, .. } => Some(point).filter(below),
        Projection::Far { .. } | Projection::Empty { .. } => None,
    }
}

/// A row whose normal is about one long, in `f64`, and what it was made from.
struct UnitRow {
    entries: Vec<f64>,
    /// A positive multiple of the row, and the length of its normal.
    exact: Vec<Rational>,
    length: f64,
}

impl UnitRow {
    fn new(row: &[Integer]) -> Self {
        let exact = scaled(row);
        let rounded: Vec<f64> = exact.iter().map(nearest_f64).collect();
        let length = rounded[..row.len() - 1].iter().map(|a| a * a).sum::<f64>().sqrt();
        let length = if length > 0.0 { length } else { 1.0 };
        UnitRow { entries: rounded.iter().map(|a| a / length).collect(), exact, length }
    }
}

/// The nearest point of the flat on which the given rows are tight, if their multipliers and all other rows confirm that it
/// is the nearest of the polyhedron.
fn confirmed(point: &[Rational], rows: &[Vec<Integer>], tight: &[usize]) -> Option<Vec<Rational>> {
    let d = point.len();
    let here = homogeneous(point);
    let dot = |a: &[Integer], b: &[Integer]| -> Integer { a.iter().zip(b).map(|(x, y)| x * y).sum() };
    // y = point - sum of weight * normal, such that row . (y, 1) = 0 on all tight rows.
    let system: Vec<Vec<Integer>> =
        tight.iter().map(|&i| tight.iter().map(|&j| dot(&rows[i][..d], &rows[j][..d])).collect()).collect();
    let excess: Vec<Integer> = tight.iter().map(|&i| dot(&rows[i], &here)).collect();
    let weights = solve(&system, &excess)?;
    if weights.iter().any(|weight| *weight < Rational::ZERO) {
        return None;
    }
    let scale = Rational::from(here[d].clone());
    let mut nearest = point.to_vec();
    for (&i, weight) in tight.iter().zip(&weights) {
        let step = weight / &scale;
        nearest.iter_mut().zip(&rows[i]).for_each(|(y, a)| *y -= &step * Rational::from(a.clone()));
    }
    let there = homogeneous(&nearest);
    rows.iter().all(|row| sign_at(row, &there) != Sign::Positive).then_some(nearest)
}

/// Whether a row is positive wherever some others are not: it is a combination of them with factors that are not positive,
/// plus a positive constant.
fn is_certainly_positive(rows: &[Vec<Integer>], row: usize, others: &[usize]) -> bool {
    let d = rows[row].len() - 1;
    let columns: Vec<Vec<Integer>> =
        (0..d).map(|c| others.iter().map(|&other| -&rows[other][c]).collect()).collect();
    let Some((factors, denominator)) = solve_over(&columns, &rows[row][..d]) else { return false };
    let used: Integer = factors.iter().zip(others).map(|(factor, &other)| factor * &rows[other][d]).sum();
    factors.iter().all(|factor| *factor >= Integer::ZERO)
        && denominator * &rows[row][d] + used > Integer::ZERO
}

/// Whether multipliers prove that no point of the polyhedron is nearer than the square root of a limit: for a point `y` of
/// it, `v` the sum of the weighted normals and `e` that of the weighted values at `point`, `v . (point - y) >= e`, so that
/// `|point - y| >= e / |v|`.
fn is_certainly_far(
    point: &[Rational],
    units: &[UnitRow],
    weights: &[(usize, f64)],
    limit: &Rational,
) -> bool {
    let d = point.len();
    let mut combined = vec![Rational::ZERO; d + 1];
    for &(i, weight) in weights {
        // Weights below zero by rounding are left out: any that are not negative serve.
        let Some(weight) = exact(weight.max(0.0) / units[i].length) else { return false };
        combined.iter_mut().zip(&units[i].exact).for_each(|(v, a)| *v += &weight * a);
    }
    let normal = &combined[..d];
    let excess = normal.iter().zip(point).fold(combined[d].clone(), |sum, (a, x)| sum + a * x);
    excess > Rational::ZERO && &excess * &excess >= limit * sum(normal.iter().map(|a| a * a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shallow::locate::value_at;
    use proptest::prelude::*;

    fn row(entries: [i32; 2]) -> Vec<Integer> {
        entries.map(Integer::from).to_vec()
    }

    #[test]
    fn emptiness_is_believed_only_where_it_is_proved() {
        // x <= 0 against 1 <= x, 0 <= x (they touch) and x <= 1
        let rows = [row([1, 0]), row([-1, 1]), row([-1, 0]), row([1, -1])];
        assert!(is_certainly_positive(&rows, 1, &[0]));
        assert!(!is_certainly_positive(&rows, 2, &[0]));
        assert!(!is_certainly_positive(&rows, 3, &[0]));
        assert!(!is_certainly_positive(&rows, 1, &[]));
    }

    #[test]
    fn distance_is_believed_only_where_it_is_proved() {
        // From 2 it is 2 to x <= 0; x >= -5 holds there already.
        let units = [row([1, 0]), row([-1, -5])].map(|row| UnitRow::new(&row));
        let far = |weights: &[(usize, f64)], limit: i32| {
            is_certainly_far(&[Rational::from(2)], &units, weights, &Rational::from(limit))
        };
        assert!(far(&[(0, 1.0)], 4));
        assert!(!far(&[(0, 1.0)], 5));
        assert!(!far(&[(1, 1.0)], 1));
        assert!(!far(&[], 1));
    }

    proptest! {
        /// A point `y` of a convex set is nearest to `x` iff `(x - y).(z - y) <= 0` for all `z` of the set.
        #[test]
        fn the_nearest_point_is_nearest(
            rows in proptest::collection::vec(proptest::collection::vec(-3i32..=3, 4), 0..8),
            x in proptest::collection::vec(-6i32..=6, 3),
        ) {
            let rows: Vec<Vec<Integer>> =
                rows.iter().map(|row| row.iter().map(|&a| Integer::from(a)).collect()).collect();
            let x: Vec<Rational> = x.iter().map(|&a| Rational::from(a)).collect();
            let grid = (0..7i32.pow(3)).map(|code| -> Vec<Rational> {
                (0..3).map(|i| Rational::from(code / 7i32.pow(i) % 7 - 3)).collect()
            });
            let feasible: Vec<Vec<Rational>> =
                grid.filter(|z| rows.iter().all(|row| value_at(row, z) <= Rational::ZERO)).collect();
            for whole in [0, 4, 19, 60] {
                let limit = Rational::from_parts(whole.into(), 2u8.into());
                let near = nearest_point(&x, &rows, Some(&limit));
                let expected = nearest_point(&x, &rows, None).filter(|y| {
                    sum(y.iter().zip(&x).map(|(a, b)| (a - b) * (a - b))) < limit
                });
                prop_assert_eq!(near, expected);
            }
            let rational: Vec<Vec<Rational>> =
                rows.iter().map(|row| row.iter().cloned().map(Rational::from).collect()).collect();
            let nearest = nearest_point(&x, &rows, None);
            let slowly = match project(&x, &rational, None).unwrap() {
                Projection::Nearest { point, .. } => Some(point),
                Projection::Far { .. } | Projection::Empty { .. } => None,
            };
            prop_assert_eq!(&nearest, &slowly);
            match nearest {
                None => prop_assert!(feasible.is_empty()),
                Some(y) => {
                    prop_assert!(rows.iter().all(|row| value_at(row, &y) <= Rational::ZERO));
                    for z in feasible {
                        let product = sum((0..3).map(|i| (&x[i] - &y[i]) * (&z[i] - &y[i])));
                        prop_assert!(product <= Rational::ZERO);
                    }
                }
            }
        }
    }
}
