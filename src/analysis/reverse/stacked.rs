//! Two random layers on top of each other.
//!
//! A sparse top code generates the middle layer, which generates the visible one. Decoding the middle layer is
//! noisy (its code is dense), but the errors average out and the support of the top code is found.

use super::decode::{Decoder, Threshold};
use super::experiment::{Support, median, sparse_code};
use super::generative::Generative;
use super::layer::{RandomLayer, check_size};
use super::predict::Sizes;
use crate::error::{Error, Result};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// A two-layer experiment; layer 0 is the visible one.
#[derive(Clone, Copy, Debug)]
pub struct StackedOptions {
    /// Visible units.
    pub visible: usize,
    /// Units of the middle layer.
    pub middle: usize,
    /// Units of the top layer.
    pub top: usize,
    /// Non-zero units of the top layer.
    pub sparsity: usize,
    /// Keep probability of visible units.
    pub keep_visible: f64,
    /// Keep probability of middle units.
    pub keep_middle: f64,
    /// The threshold of the middle layer, in units of its standard deviation of noise `sqrt(2 / t) |h|`.
    pub middle_threshold: f64,
    /// Trials.
    pub trials: usize,
    /// Seed.
    pub seed: u64,
}

/// Medians of relative errors.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StackedReport {
    /// Of the decoded middle layer.
    pub middle_error: f64,
    /// Of the top layer after the soft threshold.
    pub top_soft: f64,
    /// Of the top layer after the hard threshold at a quarter of the largest decoded entry.
    pub top_hard: f64,
    /// Fraction of trials in which the largest decoded top units are exactly the support.
    pub support_found: f64,
}

/// Runs the trials; O(trials (visible middle + middle top)).
///
/// # Errors
/// [`Error::Input`] where a size or probability makes no sense; [`Error::TooLarge`] for a layer beyond
/// [`MOST_WEIGHTS`](super::layer::MOST_WEIGHTS).
pub fn stacked(options: StackedOptions, progress: &mut dyn FnMut(usize, usize)) -> Result<StackedReport> {
    let visible_model = Generative::relu(options.keep_visible)?;
    let middle_model = Generative::relu(options.keep_middle)?;
    if options.trials == 0
        || options.visible == 0
        || options.middle == 0
        || options.sparsity == 0
        || options.sparsity > options.top
    {
        return Err(Error::input(
            "two-layer reversal",
            format!(
                "{} trials with {} visible, {} middle and {} of {} top units",
                options.trials, options.visible, options.middle, options.sparsity, options.top
            ),
            "give at least one trial and one unit in each layer, and no more non-zero units than top units",
        ));
    }
    check_size(options.visible, options.middle)?;
    check_size(options.middle, options.top)?;
    let top_sizes = Sizes {
        visible: options.middle,
        hidden: options.top,
        sparsity: options.sparsity,
        keep: options.keep_middle,
    };
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let (mut middle_errors, mut soft, mut hard, mut found) = (vec![], vec![], vec![], 0usize);
    for trial in 0..options.trials {
        let lower = RandomLayer::iid(options.visible, options.middle, &mut random);
        let upper = RandomLayer::iid(options.middle, options.top, &mut random);
        let top = sparse_code(options.top, 1, options.sparsity, Support::Random, &mut random);
        let middle = middle_model.generate(&upper, &top, &middle_model.mask(options.middle, &mut random));
        let x = visible_model.generate(&lower, &middle, &visible_model.mask(options.visible, &mut random));

        let noise = (2.0 / (options.keep_visible * options.visible as f64)).sqrt() * middle.norm();
        let decoder = Decoder::new(Threshold::Soft(options.middle_threshold * noise));
        let decoded = decoder.decode(&lower, &x);
        middle_errors.push((&decoded - &middle).norm() / middle.norm());
        // What the decoder leaves of an off unit is positive; only the variation carries the code.
        let back = Decoder { threshold: Threshold::Linear, centred: true }.decode(&upper, &decoded);
        let delta = top_sizes.threshold();
        soft.push((back.map(|v| Threshold::Soft(delta).apply(v)) - &top).norm());
        hard.push((back.map(|v| Threshold::Hard(0.25 * back.max()).apply(v)) - &top).norm());
        let mut order: Vec<usize> = (0..options.top).collect();
        order.sort_by(|&a, &b| back[b].total_cmp(&back[a]));
        found += usize::from(order[..options.sparsity].iter().all(|&unit| top[unit] > 0.0));
        progress(trial + 1, options.trials);
    }
    Ok(StackedReport {
        middle_error: median(&mut middle_errors),
        top_soft: median(&mut soft),
        top_hard: median(&mut hard),
        support_found: found as f64 / options.trials as f64,
    })
}
