//! Random layers from hidden to visible units.

use crate::analysis::group_table::GroupTable;
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// The most weights of one layer in an experiment: 2 GiB of them.
pub const MOST_WEIGHTS: usize = 1 << 28;

/// Refuses layers beyond [`MOST_WEIGHTS`].
pub(super) fn check_size(visible: usize, hidden: usize) -> Result<()> {
    match visible.checked_mul(hidden) {
        Some(weights) if weights <= MOST_WEIGHTS => Ok(()),
        _ => Err(Error::too_large(
            "a random layer",
            format!("{visible} x {hidden} weights"),
            format!("{MOST_WEIGHTS} weights"),
            "choose fewer units or channels",
        )),
    }
}

/// A matrix `W` with a row for each visible and a column for each hidden unit.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomLayer {
    weights: DMatrix<f64>,
}

impl RandomLayer {
    /// Independent standard normal entries, drawn row by row.
    pub fn iid(visible: usize, hidden: usize, random: &mut impl Rng) -> Self {
        let entries: Vec<f64> = (0..visible * hidden).map(|_| random.sample(StandardNormal)).collect();
        RandomLayer { weights: DMatrix::from_row_slice(visible, hidden, &entries) }
    }

    /// A group convolution with independent standard normal kernel: `W[(c, s), (d, t)] = kernel[c][d][t^-1 s]`, units
    /// numbered channel by channel. It commutes with left multiplication of `s` and `t`.
    pub fn group_convolution(
        group: &GroupTable,
        visible_channels: usize,
        hidden_channels: usize,
        random: &mut impl Rng,
    ) -> Self {
        let kernel: Vec<f64> = (0..visible_channels * hidden_channels * group.order())
            .map(|_| random.sample(StandardNormal))
            .collect();
        RandomLayer::from_kernel(group, visible_channels, hidden_channels, &kernel)
    }

    /// The group convolution with a given kernel, `kernel[(c * hidden_channels + d) * |G| + g]`.
    ///
    /// # Panics
    /// Panics unless the kernel has `visible_channels * hidden_channels * |G|` entries.
    pub fn from_kernel(
        group: &GroupTable,
        visible_channels: usize,
        hidden_channels: usize,
        kernel: &[f64],
    ) -> Self {
        let order = group.order();
        assert_eq!(kernel.len(), visible_channels * hidden_channels * order, "entries of a kernel");
        let weights = DMatrix::from_fn(visible_channels * order, hidden_channels * order, |row, column| {
            let (c, s) = (row / order, row % order);
            let (d, t) = (column / order, column % order);
            kernel[(c * hidden_channels + d) * order + group.quotient(s, t)]
        });
        RandomLayer { weights }
    }

    /// A layer with given weights.
    pub fn from_weights(weights: DMatrix<f64>) -> Self {
        RandomLayer { weights }
    }

    /// The number of visible units, `n`.
    pub fn visible(&self) -> usize {
        self.weights.nrows()
    }

    /// The number of hidden units, `m`.
    pub fn hidden(&self) -> usize {
        self.weights.ncols()
    }

    /// `W`.
    pub fn weights(&self) -> &DMatrix<f64> {
        &self.weights
    }

    /// `W h`.
    pub fn apply(&self, h: &DVector<f64>) -> DVector<f64> {
        &self.weights * h
    }

    /// `W^T x`.
    pub fn adjoint(&self, x: &DVector<f64>) -> DVector<f64> {
        self.weights.tr_mul(x)
    }
}
