//! The nearest point of a polyhedron, exactly.

use super::sum;
use crate::num::Rational;

/// The point of `{ y : row . (y, 1) <= 0 for all rows }` with the least Euclidean distance to `point`; `None` where the
/// polyhedron is empty.
///
/// The dual active-set method of D. Goldfarb and A. Idnani, *A numerically stable dual method for solving strictly convex
/// quadratic programs*, Math. Programming 27 (1983), in rational arithmetic: the distance grows with every constraint
/// that is added, so the search ends.
///
/// Cost: one linear system of at most `d` unknowns per step.
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::shallow::explain::projection::nearest_point;
/// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
/// let quadrant = [row([1, 0, 0]), row([0, 1, 0])]; // x <= 0, y <= 0
/// let nearest = nearest_point(&[2.into(), 3.into()], &quadrant).unwrap();
/// assert_eq!(nearest, [Rational::ZERO, Rational::ZERO]);
/// let empty = [row([1, 0, 0]), row([-1, 0, 1])]; // x <= 0, x >= 1
/// assert!(nearest_point(&[2.into(), 3.into()], &empty).is_none());
/// ```
pub fn nearest_point(point: &[Rational], rows: &[Vec<Rational>]) -> Option<Vec<Rational>> {
    let d = point.len();
    let excess =
        |y: &[Rational], row: &[Rational]| row.iter().zip(y).fold(row[d].clone(), |sum, (a, x)| sum + a * x);
    let mut y = point.to_vec();
    let mut active = Active::default();
    while let Some(entering) = rows.iter().position(|row| excess(&y, row) > Rational::ZERO) {
        // Move against the outward normal of the violated row, keeping the active rows tight.
        let normal: Vec<Rational> = rows[entering][..d].iter().map(|a| -a).collect();
        let mut weight = Rational::ZERO;
        loop {
            let (shares, direction) = active.resolve(&normal);
            let length = dot(&direction, &normal);
            let blocking = active.first_to_leave(&shares);
            let full = (!length.is_zero()).then(|| excess(&y, &rows[entering]) / &length);
            let (step, leaving) = match (full, blocking) {
                (None, None) => return None,
                (Some(full), None) => (full, None),
                (None, Some((limit, leaving))) => (limit, Some(leaving)),
                (Some(full), Some((limit, leaving))) => {
                    if full <= limit {
                        (full, None)
                    } else {
                        (limit, Some(leaving))
                    }
                }
            };
            // Where the direction is zero only the weights change.
            y.iter_mut().zip(&direction).for_each(|(entry, z)| *entry += &step * z);
            active.weights.iter_mut().zip(&shares).for_each(|(w, r)| *w -= &step * r);
            weight += &step;
            match leaving {
                Some(leaving) => active.remove(leaving),
                None => {
                    active.normals.push(normal);
                    active.weights.push(weight);
                    break;
                }
            }
        }
    }
    Some(y)
}

fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    sum(a.iter().zip(b).map(|(x, y)| x * y))
}

/// Rows that are tight at the current point, by independent inward normals with their multipliers.
#[derive(Default)]
struct Active {
    normals: Vec<Vec<Rational>>,
    weights: Vec<Rational>,
}

impl Active {
    /// The coefficients of the projection of a vector to the span of the normals, and what is left of the vector.
    fn resolve(&self, vector: &[Rational]) -> (Vec<Rational>, Vec<Rational>) {
        let system: Vec<Vec<Rational>> = self
            .normals
            .iter()
            .map(|a| self.normals.iter().map(|b| dot(a, b)).chain([dot(a, vector)]).collect())
            .collect();
        let shares = solve_positive_definite(system);
        let mut rest = vector.to_vec();
        for (normal, share) in self.normals.iter().zip(&shares) {
            rest.iter_mut().zip(normal).for_each(|(entry, a)| *entry -= share * a);
        }
        (shares, rest)
    }

    /// The step at which the first multiplier reaches zero.
    fn first_to_leave(&self, shares: &[Rational]) -> Option<(Rational, usize)> {
        self.weights
            .iter()
            .zip(shares)
            .enumerate()
            .filter(|(_, (_, share))| **share > Rational::ZERO)
            .map(|(k, (weight, share))| (weight / share, k))
            .min()
    }

    fn remove(&mut self, k: usize) {
        self.normals.remove(k);
        self.weights.remove(k);
    }
}

/// Solves `A x = b`, rows `(A, b)`, `A` positive definite, by elimination without exchanges.
fn solve_positive_definite(mut rows: Vec<Vec<Rational>>) -> Vec<Rational> {
    let n = rows.len();
    for k in 0..n {
        let pivot = rows[k].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != k && !row[k].is_zero() {
                let factor = &row[k] / &pivot[k];
                row.iter_mut().zip(&pivot).for_each(|(entry, above)| *entry -= &factor * above);
            }
        }
    }
    (0..n).map(|k| &rows[k][n] / &rows[k][k]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(row: &[Rational], y: &[Rational]) -> Rational {
        row.iter().zip(y).fold(row[y.len()].clone(), |sum, (a, x)| sum + a * x)
    }

    proptest! {
        /// A point `y` of a convex set is nearest to `x` iff `(x - y).(z - y) <= 0` for all `z` of the set.
        #[test]
        fn the_nearest_point_is_nearest(
            rows in proptest::collection::vec(proptest::collection::vec(-3i32..=3, 4), 0..8),
            x in proptest::collection::vec(-6i32..=6, 3),
        ) {
            let rows: Vec<Vec<Rational>> =
                rows.iter().map(|row| row.iter().map(|&a| Rational::from(a)).collect()).collect();
            let x: Vec<Rational> = x.iter().map(|&a| Rational::from(a)).collect();
            let grid = (0..7i32.pow(3)).map(|code| -> Vec<Rational> {
                (0..3).map(|i| Rational::from(code / 7i32.pow(i) % 7 - 3)).collect()
            });
            let feasible: Vec<Vec<Rational>> =
                grid.filter(|z| rows.iter().all(|row| value(row, z) <= Rational::ZERO)).collect();
            match nearest_point(&x, &rows) {
                None => prop_assert!(feasible.is_empty()),
                Some(y) => {
                    prop_assert!(rows.iter().all(|row| value(row, &y) <= Rational::ZERO));
                    for z in feasible {
                        let product = sum((0..3).map(|i| (&x[i] - &y[i]) * (&z[i] - &y[i])));
                        prop_assert!(product <= Rational::ZERO);
                    }
                }
            }
        }
    }
}
