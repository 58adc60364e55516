//! Fraction-free elimination (Bareiss): rank, one-dimensional kernels and solutions over the integers.
//!
//! All intermediate entries are minors of the input matrix, so they stay integers and grow no faster than
//! Hadamard's bound. Reference: E. H. Bareiss, *Sylvester's identity and multistep integer-preserving Gaussian
//! elimination*, Math. Comp. 22 (1968).

use super::{Integer, Rational, row::make_primitive};

/// An integer matrix brought to fraction-free echelon form: `pivots[i]` is the column of the pivot of row `i`.
struct Echelon {
    rows: Vec<Vec<Integer>>,
    pivots: Vec<usize>,
}

/// Gauss-Jordan without fractions: every pivot column is cleared above and below, and all pivots are equal.
fn eliminate(matrix: &[Vec<Integer>], columns: usize) -> Echelon {
    let mut rows = matrix.to_vec();
    let mut pivots = Vec::new();
    let mut previous = Integer::ONE;
    for column in 0..columns {
        let at = pivots.len();
        let Some(found) = (at..rows.len()).find(|&i| !rows[i][column].is_zero()) else {
            continue;
        };
        rows.swap(at, found);
        let pivot_row = rows[at].clone();
        let pivot = pivot_row[column].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i == at {
                continue;
            }
            let factor = row[column].clone();
            for (entry, above) in row.iter_mut().zip(&pivot_row) {
                *entry = (&pivot * &*entry - &factor * above) / &previous;
            }
        }
        previous = pivot;
        pivots.push(column);
    }
    rows.truncate(pivots.len());
    Echelon { rows, pivots }
}

/// The rank of an integer matrix given by rows of equal length.
///
/// O(rows * columns * rank) multiplications of integers.
///
/// ```
/// use isotypic::num::{elimination::rank, Integer};
/// let rows = [[1, 2, 3], [2, 4, 6], [0, 1, 1]].map(|row| row.map(Integer::from).to_vec());
/// assert_eq!(rank(&rows), 2);
/// ```
pub fn rank(matrix: &[Vec<Integer>]) -> usize {
    let columns = matrix.first().map_or(0, Vec::len);
    eliminate(matrix, columns).pivots.len()
}

/// A basis of `{ v : matrix * v = 0 }` in primitive integer vectors of length `columns`.
///
/// ```
/// use isotypic::num::{elimination::kernel, Integer};
/// let rows = [[1, 1, 0].map(Integer::from).to_vec()];
/// let basis = kernel(&rows, 3);
/// assert_eq!(basis.len(), 2);
/// assert!(basis.iter().all(|v| (&v[0] + &v[1]).is_zero()));
/// ```
pub fn kernel(matrix: &[Vec<Integer>], columns: usize) -> Vec<Vec<Integer>> {
    let echelon = eliminate(matrix, columns);
    let pivot = match echelon.pivots.first() {
        Some(&column) => echelon.rows[0][column].clone(),
        None => Integer::ONE,
    };
    (0..columns)
        .filter(|column| !echelon.pivots.contains(column))
        .map(|free| {
            let mut vector = vec![Integer::ZERO; columns];
            vector[free] = pivot.clone();
            for (row, &column) in echelon.rows.iter().zip(&echelon.pivots) {
                vector[column] = -&row[free];
            }
            make_primitive(&mut vector);
            vector
        })
        .collect()
}

/// The unique solution of `matrix * x = right`, or `None` where there is none or more than one.
///
/// ```
/// use isotypic::num::{elimination::solve, Integer, Rational};
/// let rows = [[2, 1], [1, 1]].map(|row| row.map(Integer::from).to_vec());
/// let x = solve(&rows, &[Integer::from(1), Integer::from(0)]).unwrap();
/// assert_eq!(x, [Rational::from(1), Rational::from(-1)]);
/// ```
pub fn solve(matrix: &[Vec<Integer>], right: &[Integer]) -> Option<Vec<Rational>> {
    let (numerators, denominator) = solve_over(matrix, right)?;
    let denominator = Rational::from(denominator);
    Some(numerators.into_iter().map(|numerator| Rational::from(numerator) / &denominator).collect())
}

/// As [`solve`], the solution as numerators over one positive denominator, not reduced: their signs cost no division.
///
/// Elimination below the diagonal, then substitution backwards: about a third of the work of a full elimination.
///
/// ```
/// use isotypic::num::{elimination::solve_over, Integer};
/// let rows = [[2, 1], [1, 3]].map(|row| row.map(Integer::from).to_vec());
/// let (x, denominator) = solve_over(&rows, &[1, -2].map(Integer::from)).unwrap();
/// assert_eq!((x, denominator), (vec![5.into(), (-5).into()], 5.into()));
/// ```
pub fn solve_over(matrix: &[Vec<Integer>], right: &[Integer]) -> Option<(Vec<Integer>, Integer)> {
    let columns = matrix.first().map_or(0, Vec::len);
    let mut rows: Vec<Vec<Integer>> = matrix
        .iter()
        .zip(right)
        .map(|(row, value)| row.iter().cloned().chain([value.clone()]).collect())
        .collect();
    let mut previous = Integer::ONE;
    for column in 0..columns {
        let found = (column..rows.len()).find(|&i| !rows[i][column].is_zero())?;
        rows.swap(column, found);
        let (above, below) = rows.split_at_mut(column + 1);
        let pivot_row = &above[column];
        let pivot = &pivot_row[column];
        for row in below {
            let factor = std::mem::take(&mut row[column]);
            for (entry, above) in row.iter_mut().zip(pivot_row).skip(column + 1) {
                let mut value = pivot * &*entry;
                if !factor.is_zero() {
                    value -= &factor * above;
                }
                *entry = value / &previous;
            }
        }
        previous = pivot.clone();
    }
    if rows[columns.min(rows.len())..].iter().any(|row| !row[columns].is_zero()) {
        return None;
    }
    // By Cramer's rule the solution times the last pivot, a minor, is integral.
    let mut solution = vec![Integer::ZERO; columns];
    for i in (0..columns).rev() {
        let known: Integer = (i + 1..columns).map(|j| &rows[i][j] * &solution[j]).sum();
        solution[i] = (&previous * &rows[i][columns] - known) / &rows[i][i];
    }
    if previous < Integer::ZERO {
        previous = -previous;
        solution.iter_mut().for_each(|numerator| *numerator = -&*numerator);
    }
    Some((solution, previous))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small_matrix() -> impl Strategy<Value = Vec<Vec<Integer>>> {
        (1usize..5, 1usize..5).prop_flat_map(|(rows, columns)| {
            proptest::collection::vec(
                proptest::collection::vec((-3i32..4).prop_map(Integer::from), columns),
                rows,
            )
        })
    }

    proptest! {
        #[test]
        fn the_kernel_is_the_kernel(matrix in small_matrix()) {
            let columns = matrix[0].len();
            let basis = kernel(&matrix, columns);
            prop_assert_eq!(basis.len(), columns - rank(&matrix));
            prop_assert_eq!(rank(&basis), basis.len());
            for vector in &basis {
                for row in &matrix {
                    let value: Integer = row.iter().zip(vector).map(|(a, b)| a * b).sum();
                    prop_assert!(value.is_zero());
                }
            }
        }

        #[test]
        fn a_solution_solves(matrix in small_matrix(), seed in proptest::collection::vec(-5i32..5, 5)) {
            let right: Vec<Integer> = matrix
                .iter()
                .map(|row| row.iter().zip(&seed).map(|(a, &s)| a * Integer::from(s)).sum())
                .collect();
            let full_rank = rank(&matrix) == matrix[0].len();
            let solution = solve(&matrix, &right);
            prop_assert_eq!(solution.is_some(), full_rank);
            if let Some(x) = solution {
                for (entry, &s) in x.iter().zip(&seed) {
                    prop_assert_eq!(entry, &Rational::from(s));
                }
            }
        }
    }
}
