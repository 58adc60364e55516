//! Reversal experiments: measured errors beside their laws.

use super::decode::{Decoder, Threshold};
use super::generative::Generative;
use super::layer::{RandomLayer, check_size};
use super::predict::Sizes;
use crate::analysis::group_table::GroupTable;
use crate::error::{Error, Result};
use nalgebra::DVector;
use rand::seq::index::sample;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// How the weights are drawn.
#[derive(Clone, Debug)]
pub enum LayerKind {
    /// Independent entries.
    Iid {
        /// Visible units.
        visible: usize,
        /// Hidden units.
        hidden: usize,
    },
    /// A group convolution.
    Convolution {
        /// The group.
        group: GroupTable,
        /// Channels of the visible units.
        visible_channels: usize,
        /// Channels of the hidden units.
        hidden_channels: usize,
    },
}

/// Where the non-zero hidden units lie. The last three make sense for channels of points only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Support {
    /// Anywhere.
    Random,
    /// Evenly spaced in one channel, a coset of a subgroup of a cyclic group; in the next channels where it is full.
    Coset,
    /// Consecutive units.
    Interval,
    /// At most one per channel while there are enough channels.
    PerChannel,
}

/// A reversal experiment.
#[derive(Clone, Debug)]
pub struct ReverseOptions {
    /// How the weights are drawn; anew in every trial.
    pub layer: LayerKind,
    /// The generative model.
    pub model: Generative,
    /// Non-zero hidden units.
    pub sparsity: usize,
    /// Where they lie.
    pub support: Support,
    /// Whether the decoder subtracts the mean of `x`.
    pub centred: bool,
    /// Trials.
    pub trials: usize,
    /// Seed.
    pub seed: u64,
}

/// Measured errors beside their predictions; errors are relative to `|h|`.
#[derive(Clone, Debug, Serialize)]
pub struct ReverseReport {
    /// Visible units.
    pub visible: usize,
    /// Hidden units.
    pub hidden: usize,
    /// Non-zero hidden units.
    pub sparsity: usize,
    /// Expected number of kept visible units.
    pub kept: f64,
    /// Trials.
    pub trials: usize,
    /// Median error after the soft threshold.
    pub soft: f64,
    /// Its prediction, for a found support.
    pub predicted_soft: f64,
    /// Median error after the hard threshold.
    pub hard: f64,
    /// Its prediction, for a found support.
    pub predicted_hard: f64,
    /// Mean squared error without threshold.
    pub linear: f64,
    /// The standard error of that mean.
    pub linear_standard_error: f64,
    /// Its exact expectation for independent weights and ReLU.
    pub exact_linear: f64,
    /// Variance off the support, in units of `2 |h|^2 / t`, without centring.
    pub off_support_variance: f64,
    /// The same with centring.
    pub off_support_variance_centred: f64,
    /// Mean of `h . W^T x / |h|^2`.
    pub gain: f64,
    /// The standard error of that mean.
    pub gain_standard_error: f64,
    /// Fraction of trials in which the hard threshold finds exactly the support.
    pub support_found: f64,
}

impl LayerKind {
    /// The numbers of visible and hidden units.
    pub fn size(&self) -> (usize, usize) {
        match self {
            LayerKind::Iid { visible, hidden } => (*visible, *hidden),
            LayerKind::Convolution { group, visible_channels, hidden_channels } => (
                visible_channels.saturating_mul(group.order()),
                hidden_channels.saturating_mul(group.order()),
            ),
        }
    }

    /// Draws a layer.
    pub fn draw(&self, random: &mut ChaCha8Rng) -> RandomLayer {
        match self {
            LayerKind::Iid { visible, hidden } => RandomLayer::iid(*visible, *hidden, random),
            LayerKind::Convolution { group, visible_channels, hidden_channels } => {
                RandomLayer::group_convolution(group, *visible_channels, *hidden_channels, random)
            }
        }
    }

    fn channels(&self) -> usize {
        match self {
            LayerKind::Iid { .. } => 1,
            LayerKind::Convolution { hidden_channels, .. } => *hidden_channels,
        }
    }
}

/// A sparse non-negative `h` with `|h| = 1`: entries between 1 and 2 before they are scaled, on the given kind of
/// support.
pub fn sparse_code(
    hidden: usize,
    channels: usize,
    sparsity: usize,
    support: Support,
    random: &mut ChaCha8Rng,
) -> DVector<f64> {
    let points = hidden / channels;
    let chosen: Vec<usize> = match support {
        Support::Random => sample(random, hidden, sparsity).into_vec(),
        Support::Coset => {
            let start = random.random_range(0..hidden);
            let step = (points / sparsity).max(1);
            let channel = start / points;
            (0..sparsity)
                .map(|i| {
                    let wrapped = channel + i * step / points;
                    wrapped % channels * points + (start + i * step) % points
                })
                .collect()
        }
        Support::Interval => {
            let start = random.random_range(0..hidden);
            (0..sparsity).map(|i| (start + i) % hidden).collect()
        }
        Support::PerChannel => {
            let order = sample(random, channels, channels).into_vec();
            let offset = random.random_range(0..points);
            (0..sparsity).map(|i| order[i % channels] * points + (offset + i / channels) % points).collect()
        }
    };
    let mut h = DVector::zeros(hidden);
    for unit in chosen {
        h[unit] = 1.0 + random.random::<f64>();
    }
    let norm = h.norm();
    h / norm
}

/// Runs the trials; O(trials n m).
///
/// # Errors
/// [`Error::Input`] where there is no trial or unit, more non-zero units than units, or no valid keep probability;
/// [`Error::TooLarge`] for a layer beyond [`MOST_WEIGHTS`](super::layer::MOST_WEIGHTS).
///
/// ```
/// use isotypic::analysis::reverse::Generative;
/// use isotypic::analysis::reverse::experiment::{LayerKind, ReverseOptions, Support, run};
/// let options = ReverseOptions {
///     layer: LayerKind::Iid { visible: 512, hidden: 32 },
///     model: Generative::relu(0.5)?,
///     sparsity: 2,
///     support: Support::Random,
///     centred: false,
///     trials: 20,
///     seed: 1,
/// };
/// let report = run(&options, &mut |_, _| {})?;
/// assert!((report.linear / report.exact_linear - 1.0).abs() < 0.5);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn run(options: &ReverseOptions, progress: &mut dyn FnMut(usize, usize)) -> Result<ReverseReport> {
    let model = options.model.checked()?;
    let (visible, hidden) = options.layer.size();
    if options.trials == 0 || visible == 0 || options.sparsity == 0 || options.sparsity > hidden {
        return Err(Error::input(
            "reversal experiment",
            format!(
                "{} trials with {} of {hidden} hidden and {visible} visible units",
                options.trials, options.sparsity
            ),
            "give at least one trial and one visible unit, and no more non-zero units than hidden units",
        ));
    }
    check_size(visible, hidden)?;
    check_trials(options.trials)?;
    let sizes = Sizes { visible, hidden, sparsity: options.sparsity, keep: model.keep };
    let delta = sizes.threshold();
    let linear = |centred| Decoder { threshold: Threshold::Linear, centred };
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let (mut soft, mut hard, mut squares, mut gains) = (vec![], vec![], vec![], vec![]);
    let (mut off_squares, mut off_centred, mut found) = (0.0, 0.0, 0usize);
    for trial in 0..options.trials {
        let layer = options.layer.draw(&mut random);
        let channels = options.layer.channels();
        let h = sparse_code(hidden, channels, options.sparsity, options.support, &mut random);
        let x = model.generate(&layer, &h, &model.mask(visible, &mut random));
        let (plain, centred) = (linear(false).decode(&layer, &x), linear(true).decode(&layer, &x));
        for (value, _) in plain.iter().zip(&h).filter(|(_, h)| **h == 0.0) {
            off_squares += value * value;
        }
        for (value, _) in centred.iter().zip(&h).filter(|(_, h)| **h == 0.0) {
            off_centred += value * value;
        }
        let y = if options.centred { centred } else { plain };
        let softened = y.map(|v| Threshold::Soft(delta).apply(v));
        let hardened = y.map(|v| Threshold::Hard(delta).apply(v));
        soft.push((softened - &h).norm());
        found += usize::from(hardened.iter().zip(&h).all(|(a, b)| (*a > 0.0) == (*b > 0.0)));
        hard.push((hardened - &h).norm());
        squares.push((&y - &h).norm_squared());
        gains.push(y.dot(&h));
        progress(trial + 1, options.trials);
    }
    let off_entries = ((hidden - options.sparsity) * options.trials).max(1);
    let off_scale = 0.5 * sizes.kept() / off_entries as f64;
    let (linear, linear_standard_error) = mean_and_error(&squares);
    let (gain, gain_standard_error) = mean_and_error(&gains);
    Ok(ReverseReport {
        visible,
        hidden,
        sparsity: options.sparsity,
        kept: sizes.kept(),
        trials: options.trials,
        soft: median(&mut soft),
        predicted_soft: sizes.soft_error(),
        hard: median(&mut hard),
        predicted_hard: sizes.hard_error(),
        linear,
        linear_standard_error,
        exact_linear: sizes.linear_error(),
        off_support_variance: off_squares * off_scale,
        off_support_variance_centred: off_centred * off_scale,
        gain,
        gain_standard_error,
        support_found: found as f64 / options.trials as f64,
    })
}

/// The most trials: their results are kept for medians and errors.
const MOST_TRIALS: usize = 1 << 24;

/// Refuses more trials than fit the memory.
pub(super) fn check_trials(trials: usize) -> Result<()> {
    if trials > MOST_TRIALS {
        return Err(Error::too_large(
            "a reversal experiment",
            format!("{trials} trials"),
            format!("{MOST_TRIALS} trials"),
            "choose fewer trials",
        ));
    }
    Ok(())
}

/// The mean and its standard error, which a single value does not have (NaN).
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// The median; the mean of the two middle values of an even number.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    0.5 * (values[(n - 1) / 2] + values[n / 2])
}
