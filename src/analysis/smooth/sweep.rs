//! The weighted interaction graph at several temperatures, on any set.
//!
//! The *scale* of a step is the inverse temperature times the amplitude of a wave. Weights are root mean squares on
//! the target for a wave of amplitude 1 (root mean square `1/sqrt 2`): on a cycle in closed form
//! ([`cyclic_weights`]), elsewhere by sampling ([`sampled_weights`]). The order of an edge is the power of the scale
//! like which its weight vanishes: see [`filtration`](super::filtration).

use super::filtration::{FilteredEdge, Powers, edges_from, sampled_orders};
use super::temperature::{LONGEST_CYCLE, SampledWeights, cyclic_weights, sampled_weights};
use crate::action::GSet;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use serde::Serialize;
use std::f64::consts::FRAC_1_SQRT_2;

/// What to sweep over.
#[derive(Clone, Debug)]
pub struct SweepOptions {
    /// The family; its own temperature does not matter.
    pub activation: SmoothActivation,
    /// Inverse temperatures times amplitude.
    pub scales: Vec<f64>,
    /// Random inputs for each piece, where weights are sampled.
    pub samples: usize,
    /// Seed of the samples.
    pub seed: u64,
}

/// Weights at one temperature.
#[derive(Clone, Debug, Serialize)]
pub struct SweepStep {
    /// The activation.
    pub activation: String,
    /// Inverse temperature times amplitude; `None` for the sharp limit.
    pub scale: Option<f64>,
    /// `weights[i][j]` from piece `i` to piece `j`.
    pub weights: Vec<Vec<f64>>,
}

/// The graph at all temperatures, the sharp limit last.
#[derive(Clone, Debug, Serialize)]
pub struct Sweep {
    /// The labels of the pieces.
    pub labels: Vec<String>,
    /// `orders[i][j]`: the power of the scale with which the weight vanishes; `None` without an edge.
    pub orders: Vec<Vec<Option<i64>>>,
    /// The temperatures.
    pub steps: Vec<SweepStep>,
    /// The largest standard error of a squared weight; `None` where the weights are in closed form.
    pub squared_error: Option<f64>,
}

/// Whether the group turns the points of the set as a cycle: one generator, `x -> x + 1` or `x -> x - 1`.
pub fn is_cycle(set: &GSet) -> bool {
    let n = set.size();
    let [generator] = set.generators() else { return false };
    [1, n - 1].iter().any(|step| (0..n).all(|x| generator.apply(x) == (x + step) % n))
}

/// Weights and orders at every temperature. Closed form: O(harmonics n) per temperature; sampled: O(pieces^2 samples
/// `|X|`^2) per temperature.
///
/// # Errors
/// [`Error::Input`] for a function without a sharp limit or a temperature, no temperature, or one outside `1e-9..=1e9`; otherwise as
/// [`cyclic_weights`] and [`sampled_weights`].
///
/// ```
/// use isotypic::action::GSet;
/// use isotypic::analysis::smooth::sweep::{SweepOptions, sweep};
/// use isotypic::{PermutationGroup, network::SmoothActivation};
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C8")?));
/// let activation = SmoothActivation::Softplus { alpha: 1.0 };
/// let options = SweepOptions { activation, scales: vec![1.0, 64.0], samples: 1, seed: 1 };
/// let graph = sweep(&set, &options, &mut |_, _| {})?;
/// assert_eq!(graph.orders[1], [Some(-1), Some(0), Some(1), None, Some(3)]);
/// assert!(graph.steps[0].weights[1][4] < graph.steps[1].weights[1][4]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn sweep(set: &GSet, options: &SweepOptions, progress: &mut dyn FnMut(usize, usize)) -> Result<Sweep> {
    let Some(sharp) = options.activation.sharp() else {
        return Err(Error::input(
            "weights by temperature",
            format!("{} has no sharp limit", options.activation),
            "choose softplus, silu, gelu, root, or a smooth form of |x|",
        ));
    };
    if sharp == options.activation {
        return Err(Error::input(
            "weights by temperature",
            format!("{sharp} has no temperature"),
            "choose softplus, silu, gelu, root, or a smooth form of |x|; the sharp limit is the last row of each",
        ));
    }
    if options.scales.is_empty() || options.scales.iter().any(|s| !(1e-9..=1e9).contains(s)) {
        return Err(Error::input(
            "weights by temperature",
            format!("scales {:?}", options.scales),
            "give positive numbers, from 1e-9 to 1e9",
        ));
    }
    let functions: Vec<(SmoothActivation, Option<f64>)> = options
        .scales
        .iter()
        .map(|&scale| (options.activation.at(scale), Some(scale)))
        .chain([(sharp, None)])
        .collect();
    let powers = Powers::of(options.activation);
    let total = functions.len();
    let step = |activation: SmoothActivation, scale, weights| SweepStep {
        activation: activation.to_string(),
        scale,
        weights,
    };
    let mut steps = Vec::with_capacity(total);
    if is_cycle(set) && set.size() <= LONGEST_CYCLE {
        let n = set.size();
        for (done, (activation, scale)) in functions.into_iter().enumerate() {
            steps.push(step(activation, scale, cyclic_weights(n, activation, 1.0)?));
            progress(done + 1, total);
        }
        let nodes = n / 2 + 1;
        let order = |edge: Option<FilteredEdge>| edge.map(|edge| edge.order);
        let orders = (0..nodes).map(|i| edges_from(n, i, powers).into_iter().map(order).collect()).collect();
        let labels = (0..nodes).map(|k| k.to_string()).collect();
        return Ok(Sweep { labels, orders, steps, squared_error: None });
    }
    let sampled = SampledWeights { input_rms: FRAC_1_SQRT_2, samples: options.samples, seed: options.seed };
    let mut error = 0.0f64;
    let mut labels = Vec::new();
    for (done, (activation, scale)) in functions.into_iter().enumerate() {
        let table = sampled_weights(set, activation, sampled, &mut |_, _| {})?;
        // The table divides by the root mean square of the input, here by the amplitude.
        let half = |row: Vec<f64>| row.into_iter().map(|w| w * FRAC_1_SQRT_2).collect();
        steps.push(step(activation, scale, table.weights.into_iter().map(half).collect()));
        error = table.squared_errors.iter().flatten().fold(error, |worst, e| worst.max(0.5 * e));
        labels = table.labels;
        progress(done + 1, total);
    }
    let orders: Vec<Vec<Option<i64>>> = sampled_orders(&IsotypicProjectors::new(set)?, powers, options.seed);
    // What sampling leaves of a missing edge is rounding.
    for step in &mut steps {
        for (row, orders) in step.weights.iter_mut().zip(&orders) {
            for (weight, order) in row.iter_mut().zip(orders) {
                if order.is_none() && *weight < 1e-12 {
                    *weight = 0.0;
                }
            }
        }
    }
    Ok(Sweep { labels, orders, steps, squared_error: Some(error) })
}
