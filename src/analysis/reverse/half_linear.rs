//! Unbiased reversal for every half-linear activation, and what centring saves.

use super::experiment::{LayerKind, ReverseOptions, Support, run};
use super::generative::Generative;
use super::predict::{centring_factor, gain, off_support_variance};
use crate::error::Result;
use crate::network::SmoothActivation;
use serde::Serialize;

/// Sizes of the experiment.
#[derive(Clone, Copy, Debug)]
pub struct HalfLinearOptions {
    /// Visible units.
    pub visible: usize,
    /// Hidden units.
    pub hidden: usize,
    /// Non-zero hidden units.
    pub sparsity: usize,
    /// Keep probability.
    pub keep: f64,
    /// Trials.
    pub trials: usize,
    /// Seed.
    pub seed: u64,
}

/// Measured and predicted figures for `|h| = 1`; variances in units of `2 / t`.
#[derive(Clone, Debug, Serialize)]
pub struct HalfLinearReversal {
    /// The activation.
    pub activation: String,
    /// Keep probability.
    pub keep: f64,
    /// Mean of `h . W^T x`: 1 for half-linear activations.
    pub gain: f64,
    /// Its standard error.
    pub gain_standard_error: f64,
    /// Its prediction, `2 E f'`.
    pub predicted_gain: f64,
    /// Variance off the support.
    pub off_support_variance: f64,
    /// Its prediction.
    pub predicted_variance: f64,
    /// The factor by which centring reduced it.
    pub centring_factor: f64,
    /// Its prediction; `1 - keep / pi` for ReLU.
    pub predicted_factor: f64,
}

/// Decodes the same trials with and without centring.
///
/// # Errors
/// As [`run`].
pub fn half_linear_reversal(
    activation: SmoothActivation,
    options: HalfLinearOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<HalfLinearReversal> {
    let experiment = ReverseOptions {
        layer: LayerKind::Iid { visible: options.visible, hidden: options.hidden },
        model: Generative { keep: options.keep, activation },
        sparsity: options.sparsity,
        support: Support::Random,
        centred: false,
        trials: options.trials,
        seed: options.seed,
    };
    let report = run(&experiment, progress)?;
    Ok(HalfLinearReversal {
        activation: activation.to_string(),
        keep: options.keep,
        gain: report.gain,
        gain_standard_error: report.gain_standard_error,
        predicted_gain: gain(activation, 1.0),
        off_support_variance: report.off_support_variance,
        predicted_variance: off_support_variance(activation, 1.0),
        centring_factor: report.off_support_variance_centred / report.off_support_variance,
        predicted_factor: centring_factor(activation, 1.0, options.keep),
    })
}
