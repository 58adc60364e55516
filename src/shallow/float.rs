//! Values in `f64` with decisions that are right.

use super::form::ShallowNetwork;
use super::layers::scaled;
use super::locate::{Signs, check_dimension, check_domain, homogeneous, point_of, sign_at, unowned};
use crate::error::Result;
use crate::num::{Integer, Rational, Sign, nearest_f64};
use crate::polyhedral::AffinePiece;

/// Half of the distance from 1 to the next `f64`.
const UNIT_ROUNDOFF: f64 = f64::EPSILON / 2.0;

/// Evaluates a form at `f64` points: the point is taken as the rational that it is, the selector that owns it is found
/// exactly, and only the affine piece is computed in rounded arithmetic.
///
/// The sign of a half-space's row is first read off its rounded value and an error bound; inside the bound it is computed
/// exactly. So exactly one selector answers at every point of the domain, boundaries included.
///
/// ```
/// use isotypic::network::{Activation, AffineLayer, Network};
/// use isotypic::polyhedral::Domain;
/// use isotypic::shallow::{FloatEvaluator, Options, ShallowNetwork};
/// use nalgebra::{dmatrix, dvector};
/// let network = Network::new(
///     vec![
///         AffineLayer::new(dmatrix![3.0; -1.0], dvector![-0.3, 0.1])?,
///         AffineLayer::new(dmatrix![1.0, 1.0], dvector![0.0])?,
///     ],
///     vec![Activation::Relu],
/// )?;
/// let form = ShallowNetwork::from_network(&network, &Domain::WholeSpace, &Options::default())?;
/// let at = FloatEvaluator::new(&form);
/// for x in [0.1, 0.1f64.next_down(), 0.1f64.next_up(), -1e300] {
///     assert!((at.evaluate(&[x])?[0] - network.evaluate(&[x])[0]).abs() <= 1e-16 * (1.0 + x.abs()));
/// }
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FloatEvaluator<'a> {
    form: &'a ShallowNetwork,
    rows: FilteredRows,
    pieces: RoundedPieces,
}

impl<'a> FloatEvaluator<'a> {
    /// Rounds the rows and pieces of a form.
    pub fn new(form: &'a ShallowNetwork) -> Self {
        FloatEvaluator {
            form,
            rows: FilteredRows::new(form.half_spaces.iter().map(|h| h.row.as_slice())),
            pieces: RoundedPieces::new(&form.pieces),
        }
    }

    /// The value at a point: the right affine piece, with coefficients rounded to nearest, evaluated in `f64`.
    ///
    /// # Errors
    /// As [`locate`](Self::locate).
    pub fn evaluate(&self, point: &[f64]) -> Result<Vec<f64>> {
        let selector = &self.form.selectors[self.locate(point)?];
        Ok(self.pieces.apply(selector.piece, point))
    }

    /// The selector that owns a point, decided exactly.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a point of another dimension; [`Error::Input`](crate::Error::Input) for NaN, infinity, or a point outside the
    /// domain.
    pub fn locate(&self, point: &[f64]) -> Result<usize> {
        check_dimension(self.form.inputs, point.len())?;
        let rational = point_of(point)?;
        check_domain(&self.form.domain, &rational)?;
        let mut integers = None;
        let mut signs = Signs::new(self.form, |k| {
            self.rows.sign(k, point).unwrap_or_else(|| {
                let integers = integers.get_or_insert_with(|| homogeneous(&rational));
                sign_at(&self.form.half_spaces[k].row, integers)
            })
        });
        let owner = (0..self.form.selectors.len()).find(|&selector| signs.all_hold(selector));
        owner.map_or_else(|| Err(unowned()), Ok)
    }
}

/// Affine pieces rounded to nearest.
#[derive(Clone, Debug)]
pub(super) struct RoundedPieces(Vec<Vec<Vec<f64>>>);

impl RoundedPieces {
    pub(super) fn new(pieces: &[AffinePiece]) -> Self {
        RoundedPieces(
            pieces.iter().map(|piece| piece.rows.iter().map(|row| rounded(row)).collect()).collect(),
        )
    }

    pub(super) fn apply(&self, piece: usize, point: &[f64]) -> Vec<f64> {
        let value = |row: &Vec<f64>| row.iter().zip(point).fold(row[point.len()], |sum, (a, x)| sum + a * x);
        self.0[piece].iter().map(value).collect()
    }
}

fn rounded(row: &[Rational]) -> Vec<f64> {
    row.iter().map(nearest_f64).collect()
}

/// Rows rounded to nearest, with signs that are given only where they are certain.
#[derive(Clone, Debug)]
pub(super) struct FilteredRows {
    /// `None` where an entry is too small for the error bound to be valid.
    rows: Vec<Option<Vec<f64>>>,
}

impl FilteredRows {
    pub(super) fn new<'r>(rows: impl Iterator<Item = &'r [Integer]>) -> Self {
        let filter = |row: &[Integer]| {
            let row = scaled(row);
            let numbers = rounded(&row);
            let sound = numbers.iter().zip(&row).all(|(a, r)| r.is_zero() || a.abs() > 1e-200);
            sound.then_some(numbers)
        };
        FilteredRows { rows: rows.map(filter).collect() }
    }

    /// The sign of row `k` at a point; `None` where it has to be computed exactly.
    pub(super) fn sign(&self, k: usize, point: &[f64]) -> Option<Sign> {
        self.rows[k].as_ref().and_then(|row| filtered_sign(row, point))
    }
}

/// The sign of `row . (x, 1)` where rounding cannot have changed it.
///
/// Each of the `d + 1` terms carries the rounding of its coefficient, of the product and of at most `d + 1` sums, so the
/// error is below `(d + 4) u (1 + small)` times the sum of the sizes, whose own rounding the two units more make up for.
/// Coefficients are at least 1e-200 here and sums below 1e-100 are left undecided, so underflow of products is harmless.
fn filtered_sign(row: &[f64], point: &[f64]) -> Option<Sign> {
    let constant = row[point.len()];
    let (mut sum, mut size) = (constant, constant.abs());
    for (a, x) in row.iter().zip(point) {
        sum += a * x;
        size += (a * x).abs();
    }
    let bound = (point.len() as f64 + 6.0) * UNIT_ROUNDOFF * size + 1e-100;
    if sum > bound {
        Some(Sign::Positive)
    } else if sum < -bound {
        Some(Sign::Negative)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::exact;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_filter_never_errs(
            row in proptest::collection::vec(-1.0f64..1.0, 4),
            mut point in proptest::collection::vec(-4.0f64..4.0, 3),
            nudge in -3i32..=3,
        ) {
            // Move the point next to the hyperplane, where rounding matters.
            prop_assume!(row[0].abs() > 1e-3);
            point[0] = -(row[1] * point[1] + row[2] * point[2] + row[3]) / row[0];
            point[0] += f64::from(nudge) * f64::EPSILON * point[0].abs();
            let value = row.iter().zip(&point).fold(exact(row[3]).unwrap(), |sum, (a, x)| {
                sum + exact(*a).unwrap() * exact(*x).unwrap()
            });
            if let Some(sign) = filtered_sign(&row, &point) {
                prop_assert_eq!(sign, Sign::of_rational(&value));
            }
        }
    }

    #[test]
    fn overflow_is_left_to_the_integers() {
        assert_eq!(filtered_sign(&[1.0, -1.0, 0.0], &[f64::MAX, -f64::MAX]), None);
        assert_eq!(filtered_sign(&[1.0, -1.0, 0.0], &[f64::MAX, f64::MAX]), None);
        assert_eq!(filtered_sign(&[1.0, 0.0], &[1e-300]), None);
        assert_eq!(filtered_sign(&[1.0, 0.0], &[-1e-30]), Some(Sign::Negative));
    }
}
