//! Affine forms of a whole layer on one region, over the integers.

use super::AffinePiece;
use super::layers::IntegerLayer;
use crate::num::{Integer, Rational};

/// The outputs of one layer as affine forms of the input, valid on one region: the value of output `i` at `x` is
/// `rows[i] . (x, 1) / scale` with `scale > 0`.
///
/// One scale serves all rows, so that the next layer can add them up in the integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerForms {
    pub(super) rows: Vec<Vec<Integer>>,
    pub(super) scale: Integer,
}

impl LayerForms {
    /// The forms of `next` after the activation that keeps `active` rows and multiplies the others by `slope`.
    /// Rows have `inputs + 1` entries, the constant last.
    pub(super) fn compose(
        &self,
        active: &[bool],
        slope: &Rational,
        next: &IntegerLayer,
        inputs: usize,
    ) -> Self {
        self.compose_at(active, slope, next, inputs + 1, inputs)
    }

    /// As [`compose`](Self::compose), for rows of `columns` entries of which entry `constant` is the constant.
    pub(super) fn compose_at(
        &self,
        active: &[bool],
        slope: &Rational,
        next: &IntegerLayer,
        columns: usize,
        constant: usize,
    ) -> Self {
        let numerator = slope.numerator();
        let denominator = Integer::from(slope.denominator().clone());
        // The activated outputs over the common scale `self.scale * denominator`.
        let hidden: Vec<Option<Vec<Integer>>> = self
            .rows
            .iter()
            .zip(active)
            .map(|(row, &active)| {
                let factor = if active { &denominator } else { numerator };
                (!factor.is_zero()).then(|| row.iter().map(|entry| entry * factor).collect())
            })
            .collect();
        let scale = &self.scale * &denominator;
        let rows = next
            .rows
            .iter()
            .map(|weights| {
                let mut sum = vec![Integer::ZERO; columns];
                for (weight, row) in weights.iter().zip(&hidden) {
                    let Some(row) = row.as_ref().filter(|_| !weight.is_zero()) else { continue };
                    for (entry, value) in sum.iter_mut().zip(row) {
                        *entry += weight * value;
                    }
                }
                sum[constant] += &weights[self.rows.len()] * &scale;
                sum
            })
            .collect();
        LayerForms { rows, scale: scale * &next.denominator }
    }

    /// The forms as an affine map with rational coefficients.
    pub(super) fn affine_piece(&self) -> AffinePiece {
        let scale = Rational::from(self.scale.clone());
        let exact =
            |row: &Vec<Integer>| row.iter().map(|entry| Rational::from(entry.clone()) / &scale).collect();
        AffinePiece { rows: self.rows.iter().map(exact).collect() }
    }
}
