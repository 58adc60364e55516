//! The isotypic reversal law.
//!
//! A random group convolution `R[G]^ch -> R[G]^cx` acts on the component of a simple piece `V` as a random matrix
//! over `End(V)`, which is R, C or H. So its reversal error depends on `V` only through `beta = dim End(V)` and the
//! multiplicity `mu = dim V / beta`: see [`isotypic_error`].

use super::experiment::{check_trials, mean_and_error};
use super::layer::{RandomLayer, check_size};
use super::predict::isotypic_error;
use crate::action::GSet;
use crate::analysis::group_table::GroupTable;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::error::{Error, Result};
use crate::group::PermutationGroup;
use nalgebra::DVector;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;
use std::sync::Arc;

/// Channels and trials.
#[derive(Clone, Copy, Debug)]
pub struct IsotypicOptions {
    /// Channels of the visible units.
    pub visible_channels: usize,
    /// Channels of the hidden units.
    pub hidden_channels: usize,
    /// Trials for each piece.
    pub trials: usize,
    /// Seed.
    pub seed: u64,
}

/// The error in one piece, measured and predicted.
#[derive(Clone, Debug, Serialize)]
pub struct IsotypicRow {
    /// The label of the piece.
    pub label: String,
    /// Its dimension.
    pub dim: usize,
    /// `dim End`: 1, 2 or 4.
    pub endomorphism_dim: usize,
    /// Its multiplicity in `R[G]`.
    pub multiplicity: usize,
    /// Mean of `|W^T W h / n - h|^2 / |h|^2`, with `n` the number of visible units.
    pub measured: f64,
    /// The standard error of that mean.
    pub standard_error: f64,
    /// The law.
    pub predicted: f64,
}

/// Measures the law on every piece of `R[G]`: a fresh layer and a random `h` of the piece in each trial.
/// O(trials (|G| channels)^2) per piece.
///
/// # Errors
/// [`Error::Input`] where there is no channel or fewer than two trials; [`Error::TooLarge`] for a layer beyond
/// [`MOST_WEIGHTS`](super::layer::MOST_WEIGHTS) or millions of trials; otherwise as [`IsotypicProjectors::new`].
pub fn isotypic_law(
    group: &Arc<PermutationGroup>,
    options: IsotypicOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<IsotypicRow>> {
    let (cx, ch) = (options.visible_channels, options.hidden_channels);
    if cx == 0 || ch == 0 || options.trials < 2 {
        return Err(Error::input(
            "isotypic reversal",
            format!("{cx} and {ch} channels, {} trials", options.trials),
            "give at least one channel on each side and two trials",
        ));
    }
    check_trials(options.trials)?;
    let table = GroupTable::new(group)?;
    let projectors = IsotypicProjectors::new(&GSet::regular(group)?)?;
    let order = table.order();
    check_size(cx.saturating_mul(order), ch.saturating_mul(order))?;
    let visible = (cx * order) as f64;
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let pieces = projectors.pieces();
    let mut rows = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        let errors: Vec<f64> = (0..options.trials)
            .map(|trial| {
                progress(index * options.trials + trial, pieces.len() * options.trials);
                let layer = RandomLayer::group_convolution(&table, cx, ch, &mut random);
                let mut h = DVector::zeros(ch * order);
                for channel in 0..ch {
                    let noise = DVector::from_fn(order, |_, _| random.sample::<f64, _>(StandardNormal));
                    h.rows_mut(channel * order, order).copy_from(&(projectors.matrix(index) * noise));
                }
                let back = layer.adjoint(&layer.apply(&h)) / visible;
                (back - &h).norm_squared() / h.norm_squared()
            })
            .collect();
        let (measured, standard_error) = mean_and_error(&errors);
        let beta = piece.real_type.endomorphism_dim();
        rows.push(IsotypicRow {
            label: piece.label.clone(),
            dim: piece.dim,
            endomorphism_dim: beta,
            multiplicity: piece.multiplicity,
            measured,
            standard_error,
            predicted: isotypic_error(beta, piece.multiplicity, cx, ch),
        });
    }
    Ok(rows)
}
