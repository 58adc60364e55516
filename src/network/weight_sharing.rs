//! Equivariant layers by weight sharing.
//!
//! `W: Fun(X)^c -> Fun(Y)^d` commutes with the group iff `W[g y, g x] = W[y, x]` in every pair of channels: one free
//! weight for each orbital on `Y x X` and each pair of channels. An invariant bias has one free entry for each orbit of
//! `Y` and each channel. Index order is channel-major: `index = channel * |X| + x`.

use super::AffineLayer;
use crate::action::{GSet, Orbitals};
use crate::error::{Error, Result};
use crate::group::Orbits;
use nalgebra::{DMatrix, DVector};

/// The space of equivariant affine maps from `Fun(X)^c` to `Fun(Y)^d`.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, network::EquivariantMaps};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("S5")?);
/// let points = GSet::points(&group);
/// let maps = EquivariantMaps::new(&points, 1, &points, 1)?;
/// assert_eq!((maps.weight_count(), maps.bias_count()), (2, 1));
/// let layer = maps.layer(&[2.0, 0.5], &[1.0])?;
/// assert_eq!(layer.apply(&[1.0, 0.0, 0.0, 0.0, 0.0]), [3.0, 1.5, 1.5, 1.5, 1.5]);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EquivariantMaps {
    orbitals: Orbitals,
    orbits: Orbits,
    inputs: usize,
    outputs: usize,
}

impl EquivariantMaps {
    /// The maps from `inputs` channels on `columns` (`X`) to `outputs` channels on `rows` (`Y`).
    ///
    /// # Errors
    /// As [`Orbitals::new`].
    pub fn new(columns: &GSet, inputs: usize, rows: &GSet, outputs: usize) -> Result<Self> {
        Ok(EquivariantMaps {
            orbitals: Orbitals::new(rows, columns)?,
            orbits: rows.orbits(),
            inputs,
            outputs,
        })
    }

    /// The orbitals on `Y x X`.
    pub fn orbitals(&self) -> &Orbitals {
        &self.orbitals
    }

    /// The number of free weights: orbitals times pairs of channels. Weight `(d, c, k)`, from channel `c` to channel
    /// `d` along orbital `k`, has index `(d * inputs + c) * orbitals + k`.
    pub fn weight_count(&self) -> usize {
        self.orbitals.count() * self.inputs * self.outputs
    }

    /// The number of free bias entries: orbits of `Y` times output channels; entry `(d, o)` has index `d * orbits + o`.
    pub fn bias_count(&self) -> usize {
        self.orbits.count() * self.outputs
    }

    /// The layer with these free weights: every matrix entry is a copy, so the layer commutes with the group exactly.
    ///
    /// # Errors
    /// [`Error::Shape`] for other numbers of weights; as [`AffineLayer::new`] for weights that are not finite.
    pub fn layer(&self, weights: &[f64], bias: &[f64]) -> Result<AffineLayer> {
        if weights.len() != self.weight_count() || bias.len() != self.bias_count() {
            return Err(Error::shape(
                "equivariant layer",
                format!("{} weights and {} bias entries", self.weight_count(), self.bias_count()),
                format!("{} and {}", weights.len(), bias.len()),
                "give one weight per orbital and pair of channels, one bias entry per orbit and channel",
            ));
        }
        let (y, x) = (self.orbitals.rows(), self.orbitals.columns());
        let matrix = DMatrix::from_fn(self.outputs * y, self.inputs * x, |row, column| {
            let (d, c) = (row / y, column / x);
            weights[(d * self.inputs + c) * self.orbitals.count() + self.orbitals.of(row % y, column % x)]
        });
        let bias = DVector::from_fn(self.outputs * y, |row, _| {
            bias[row / y * self.orbits.count() + self.orbits.of(row % y)]
        });
        AffineLayer::new(matrix, bias)
    }

    /// The free weights of the equivariant matrix nearest to `matrix`: the mean over each orbital. This is the average
    /// of `P(g) W P(g)^-1` over the group, without a sum over the group.
    ///
    /// # Errors
    /// [`Error::Shape`] where the matrix has another shape.
    pub fn project(&self, matrix: &DMatrix<f64>) -> Result<Vec<f64>> {
        let (y, x) = (self.orbitals.rows(), self.orbitals.columns());
        if matrix.shape() != (self.outputs * y, self.inputs * x) {
            return Err(Error::shape(
                "projection to equivariant maps",
                format!("a matrix of {} x {}", self.outputs * y, self.inputs * x),
                format!("{} x {}", matrix.nrows(), matrix.ncols()),
                "give a matrix from the input space to the output space",
            ));
        }
        let mut weights = vec![0.0; self.weight_count()];
        for row in 0..matrix.nrows() {
            for column in 0..matrix.ncols() {
                let (d, c) = (row / y, column / x);
                let k = self.orbitals.of(row % y, column % x);
                weights[(d * self.inputs + c) * self.orbitals.count() + k] +=
                    matrix[(row, column)] / self.orbitals.sizes()[k] as f64;
            }
        }
        Ok(weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use proptest::prelude::*;
    use std::sync::Arc;

    proptest! {
        /// Shared weights commute with the group to the last bit, and projecting gives them back.
        #[test]
        fn layers_commute_exactly(choice in 0usize..5, seed in proptest::collection::vec(-2.0f64..2.0, 64)) {
            let (group, from, to) = [
                ("C6", "points", "points"), ("S4", "points", "subsets:2"), ("S4", "subsets:2", "points+pairs"),
                ("<(1,2,3)(4,5),(1,2)>", "points", "points"), ("Q8", "points", "cosets:(1,3)(2,4)(5,7)(6,8)"),
            ][choice];
            let group = Arc::new(PermutationGroup::parse(group).unwrap());
            let (x, y) = (grammar::parse(&group, from).unwrap(), grammar::parse(&group, to).unwrap());
            let maps = EquivariantMaps::new(&x, 1, &y, 2).unwrap();
            let weights: Vec<f64> = seed.iter().cycle().take(maps.weight_count()).copied().collect();
            let bias: Vec<f64> = seed.iter().rev().cycle().take(maps.bias_count()).copied().collect();
            let layer = maps.layer(&weights, &bias).unwrap();
            for (on_x, on_y) in x.generators().iter().zip(y.generators()) {
                for row in 0..layer.outputs() {
                    let moved_row = row / y.size() * y.size() + on_y.apply(row % y.size());
                    prop_assert_eq!(layer.bias()[moved_row].to_bits(), layer.bias()[row].to_bits());
                    for column in 0..layer.inputs() {
                        let moved = layer.weights()[(moved_row, on_x.apply(column))];
                        prop_assert_eq!(moved.to_bits(), layer.weights()[(row, column)].to_bits());
                    }
                }
            }
            for (a, b) in maps.project(layer.weights()).unwrap().iter().zip(&weights) {
                prop_assert!((a - b).abs() < 1e-12);
            }
        }
    }
}
