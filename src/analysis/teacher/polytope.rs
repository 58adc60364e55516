//! Vertices of the rows of a matrix, and the identity by one ReLU layer.
//!
//! A row `r_i` is a *vertex* if it does not lie in the convex hull of the other rows. Let `q` be the point of that
//! hull nearest to `r_i` and `w = r_i - q`: then `w . r_j <= w . q` for all other rows, so `relu((w . r - w . q) /
//! |w|^2)` is 1 at row `i` and 0 at the others. If all rows are vertices, one ReLU layer maps the matrix to the
//! identity; a linear layer cannot, unless the rank is full.
//!
//! Implementation notes: nearest points by P. Wolfe's finite algorithm (*Finding the nearest point in a polytope*,
//! 1976), in `f64`; a row counts as a vertex if its distance exceeds [`VERTEX_TOLERANCE`] times the largest entry.

use nalgebra::{DMatrix, DVector};

/// Distance, relative to the largest entry, from which a row counts as a vertex.
pub const VERTEX_TOLERANCE: f64 = 1e-9;

/// The point of the convex hull of the columns of `points` that is nearest to `target`.
///
/// # Panics
/// Panics where there is no point or the dimensions differ.
pub fn nearest_in_hull(points: &DMatrix<f64>, target: &DVector<f64>) -> DVector<f64> {
    assert!(points.ncols() > 0 && points.nrows() == target.len(), "points of the dimension of the target");
    let moved = DMatrix::from_columns(&points.column_iter().map(|p| p - target).collect::<Vec<_>>());
    let size = moved.amax().powi(2).max(f64::MIN_POSITIVE);
    let tolerance = 1e-13 * size;
    let first = (0..moved.ncols())
        .min_by(|&a, &b| moved.column(a).norm_squared().total_cmp(&moved.column(b).norm_squared()))
        .expect("there is a point");
    let mut active = vec![first];
    let mut share = vec![1.0];
    // Wolfe's algorithm is finite; the bound only guards against cycling by rounding.
    for _ in 0..100 * moved.ncols() {
        let x = combination(&moved, &active, &share);
        let (best, value) = (0..moved.ncols())
            .map(|j| (j, moved.column(j).dot(&x)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .expect("there is a point");
        if value >= x.norm_squared() - tolerance || active.contains(&best) {
            break;
        }
        active.push(best);
        share.push(0.0);
        loop {
            let Some(affine) = affine_minimizer(&moved, &active) else {
                // The new point depends affinely on the others to rounding: nothing to gain from it.
                active.pop();
                share.pop();
                break;
            };
            if affine.iter().all(|a| *a > 1e-14) {
                share = affine;
                break;
            }
            let step = share
                .iter()
                .zip(&affine)
                .filter(|(_, a)| **a <= 1e-14)
                .map(|(s, a)| s / (s - a))
                .fold(1.0f64, f64::min);
            for (s, a) in share.iter_mut().zip(&affine) {
                *s += step * (a - *s);
            }
            let keep: Vec<bool> = share.iter().map(|s| *s > 1e-14).collect();
            let mut flags = keep.iter();
            active.retain(|_| *flags.next().expect("one flag per point"));
            let mut flags = keep.iter();
            share.retain(|_| *flags.next().expect("one flag per point"));
        }
    }
    combination(&moved, &active, &share) + target
}

fn combination(points: &DMatrix<f64>, active: &[usize], share: &[f64]) -> DVector<f64> {
    let total: f64 = share.iter().sum();
    let mut sum = DVector::zeros(points.nrows());
    for (&j, s) in active.iter().zip(share) {
        sum += points.column(j) * (s / total);
    }
    sum
}

/// The affine combination of the active points of least norm; `None` where they are affinely dependent.
fn affine_minimizer(points: &DMatrix<f64>, active: &[usize]) -> Option<Vec<f64>> {
    let k = active.len();
    // (1 + V^T V) lambda = 1 up to scale: positive definite for affinely independent points.
    let scale = active.iter().map(|&j| points.column(j).norm_squared()).fold(f64::MIN_POSITIVE, f64::max);
    let matrix =
        DMatrix::from_fn(k, k, |a, b| 1.0 + points.column(active[a]).dot(&points.column(active[b])) / scale);
    let solution = matrix.lu().solve(&DVector::from_element(k, 1.0))?;
    let total = solution.sum();
    let result: Vec<f64> = solution.iter().map(|v| v / total).collect();
    result.iter().all(|v| v.is_finite() && v.abs() < 1e12).then_some(result)
}

/// For each row whether it is a vertex, with the vector `w` from the nearest point of the other rows' hull and the
/// offset `w . q`.
fn separators(rows: &DMatrix<f64>) -> Vec<Option<(DVector<f64>, f64)>> {
    let points = rows.transpose();
    let tolerance = VERTEX_TOLERANCE * rows.amax();
    (0..rows.nrows())
        .map(|i| {
            let own = points.column(i).into_owned();
            if rows.nrows() == 1 {
                return Some((DVector::zeros(own.len()), -1.0));
            }
            let others = points.clone().remove_column(i);
            let nearest = nearest_in_hull(&others, &own);
            let w = &own - &nearest;
            (w.norm() > tolerance).then(|| {
                // The largest value over the others, which rounding may put a little above w . q.
                let offset = others.column_iter().map(|p| p.dot(&w)).fold(w.dot(&nearest), f64::max);
                (w, offset)
            })
        })
        .collect()
}

/// For each row of a matrix whether it is a vertex of the convex hull of all rows; equal rows are not.
///
/// ```
/// use isotypic::analysis::teacher::polytope::vertices;
/// use nalgebra::dmatrix;
/// assert_eq!(vertices(&dmatrix![0.0, 0.0; 1.0, 0.0; 0.5, 0.0; 0.0, 1.0]), [true, true, false, true]);
/// ```
pub fn vertices(rows: &DMatrix<f64>) -> Vec<bool> {
    separators(rows).iter().map(Option::is_some).collect()
}

/// `W` and `b` with `relu(rows * W + 1 b^T) = I`, one column per row; `None` unless all rows are vertices.
///
/// Where each row adds up to the same number `s` (probabilities: `s` is the number of concatenated blocks), `b` can
/// be absorbed as `W + 1 b^T / s`.
pub fn construct_identity(rows: &DMatrix<f64>) -> Option<(DMatrix<f64>, DVector<f64>)> {
    let (m, n) = rows.shape();
    let mut weights = DMatrix::zeros(n, m);
    let mut bias = DVector::zeros(m);
    for (i, separator) in separators(rows).into_iter().enumerate() {
        let (w, offset) = separator?;
        let own: f64 = rows.row(i).iter().zip(w.iter()).map(|(r, w)| r * w).sum();
        let height = own - offset;
        weights.column_mut(i).copy_from(&(w / height));
        bias[i] = -offset / height;
    }
    Some((weights, bias))
}

/// `|relu(rows * W + 1 b^T) - I|^2` for a given layer.
///
/// # Panics
/// Panics where the shapes do not fit.
pub fn relu_loss(rows: &DMatrix<f64>, weights: &DMatrix<f64>, bias: &DVector<f64>) -> f64 {
    let output = rows * weights;
    let m = rows.nrows();
    let mut loss = 0.0;
    for i in 0..m {
        for j in 0..m {
            let value = (output[(i, j)] + bias[j]).max(0.0);
            let target = if i == j { 1.0 } else { 0.0 };
            loss += (value - target).powi(2);
        }
    }
    loss
}
