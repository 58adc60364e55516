//! What a linear layer must lose, simple piece by simple piece.
//!
//! `min_W |P W - I|^2 = m - rank P` for `P` with `m` rows. If a group permutes the rows and the column space of `P`
//! is invariant, it splits by simple piece: each piece loses its dimension in `R^m` minus its dimension in the
//! column space.

use crate::action::GSet;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::error::{Error, Result};
use crate::group::Permutation;
use nalgebra::DMatrix;
use serde::Serialize;

/// Singular values below this fraction of the largest count as 0.
const RANK_TOLERANCE: f64 = 1e-9;

/// The rank of a matrix.
pub fn rank(matrix: &DMatrix<f64>) -> usize {
    column_basis(matrix).ncols()
}

/// An orthonormal basis of the column space.
fn column_basis(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let svd = matrix.clone().svd(true, false);
    let u = svd.u.expect("the left factor was asked for");
    let largest = svd.singular_values.max();
    let kept: Vec<usize> = (0..svd.singular_values.len())
        .filter(|&i| svd.singular_values[i] > RANK_TOLERANCE * largest && largest > 0.0)
        .collect();
    u.select_columns(&kept)
}

/// `min_W |P W - I|^2`, computed as the squared distance of the identity to the column space.
///
/// ```
/// use isotypic::analysis::teacher::linear::{indicator_features, linear_loss};
/// // Two binary leaves seen one by one: 4 - 3.
/// assert!((linear_loss(&indicator_features(2, 2, &[vec![0], vec![1]])) - 1.0).abs() < 1e-12);
/// ```
pub fn linear_loss(matrix: &DMatrix<f64>) -> f64 {
    let m = matrix.nrows();
    let basis = column_basis(matrix);
    (DMatrix::identity(m, m) - &basis * basis.transpose()).norm_squared()
}

/// One simple piece of the events of the root.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PieceLoss {
    /// The label of the piece.
    pub label: String,
    /// Its dimension in the functions on the events, multiplicity included.
    pub dim: usize,
    /// How much of it linear features capture.
    pub rank: usize,
    /// The loss: the difference.
    pub loss: usize,
}

/// Splits the linear loss by simple piece: `events` is the action on the rows of `features`, whose column space
/// must be invariant. O(m^3).
///
/// # Errors
/// [`Error::Shape`] where the set does not fit the rows; [`Error::Input`] where the column space is not invariant;
/// otherwise as [`IsotypicProjectors::new`].
pub fn linear_loss_by_piece(events: &GSet, features: &DMatrix<f64>) -> Result<Vec<PieceLoss>> {
    let m = features.nrows();
    if events.size() != m {
        return Err(Error::shape(
            "linear loss by piece",
            format!("{m} events, one per row"),
            events.size(),
            "give the action on the rows of the features",
        ));
    }
    let basis = column_basis(features);
    let onto = &basis * basis.transpose();
    for g in events.generators() {
        let worst = (0..m)
            .flat_map(|a| (0..m).map(move |b| (a, b)))
            .map(|(a, b)| (onto[(g.apply(a), g.apply(b))] - onto[(a, b)]).abs())
            .fold(0.0, f64::max);
        if worst > 1e-6 {
            return Err(Error::input(
                "linear loss by piece",
                format!("the span of the features is not invariant under {g}"),
                "give features for whole orbits of regions",
            ));
        }
    }
    let projectors = IsotypicProjectors::new(events)?;
    Ok(projectors
        .pieces()
        .iter()
        .enumerate()
        .map(|(index, piece)| {
            let dim = piece.dim * piece.multiplicity;
            // The projectors commute, so the trace of the product is the dimension of the intersection.
            let rank = (projectors.matrix(index) * &onto).trace().round() as usize;
            PieceLoss { label: piece.label.clone(), dim, rank, loss: dim - rank.min(dim) }
        })
        .collect())
}

/// The action on all assignments of `values` values to the points of a set: `(g z)[g i] = z[i]`. The value of point
/// 0 is the most significant digit of an assignment's number.
///
/// # Errors
/// [`Error::TooLarge`] for more than
/// [`LARGEST_PROJECTED_SET`](crate::analysis::isotypic_projector::LARGEST_PROJECTED_SET) assignments.
pub fn assignments(points: &GSet, values: usize) -> Result<GSet> {
    let limit = crate::analysis::isotypic_projector::LARGEST_PROJECTED_SET;
    let n = points.size();
    let size = values.checked_pow(n as u32).filter(|&size| size <= limit).ok_or_else(|| {
        Error::too_large(
            format!("assignments of {values} values to {n} points"),
            format!("{values}^{n}"),
            limit,
            "choose fewer points or values",
        )
    })?;
    let radices = vec![values; n];
    let images = points
        .generators()
        .iter()
        .map(|g| {
            Permutation::from_fn(size, |assignment| {
                let digits = super::enumerate::digits(assignment, &radices);
                let mut moved = vec![0; n];
                for (i, &digit) in digits.iter().enumerate() {
                    moved[g.apply(i)] = digit;
                }
                moved.iter().fold(0, |number, &digit| number * values + digit)
            })
        })
        .collect();
    GSet::from_images(points.group(), format!("assignments of {values} to {}", points.name()), size, images)
}

/// The one-hot features of groups of leaves, side by side: a row for each assignment of `values` values to `leaves`
/// leaves, and for each group a column per assignment of that group. This is `[P_ab]_b` for the deterministic
/// teacher whose root sees everything.
///
/// # Panics
/// Panics where a group names a leaf that does not exist, or a number of assignments does not fit a machine word.
pub fn indicator_features(leaves: usize, values: usize, groups: &[Vec<usize>]) -> DMatrix<f64> {
    let radices = vec![values; leaves];
    let power =
        |n: usize| values.checked_pow(n as u32).expect("the number of assignments fits a machine word");
    let rows = power(leaves);
    let columns: usize = groups.iter().map(|group| power(group.len())).sum();
    let mut matrix = DMatrix::zeros(rows, columns);
    for row in 0..rows {
        let digits = super::enumerate::digits(row, &radices);
        let mut start = 0;
        for group in groups {
            let place = group.iter().fold(0, |number, &leaf| number * values + digits[leaf]);
            matrix[(row, start + place)] = 1.0;
            start += power(group.len());
        }
    }
    matrix
}
