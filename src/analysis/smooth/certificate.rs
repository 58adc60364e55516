//! How far a smooth network can be from its piecewise linear limit.
//!
//! Replace every activation of a network by a smooth one whose distance to it is at most `delta` everywhere. By
//! induction over the layers, since the limit is `L`-Lipschitz, `|smooth - sharp|_inf <= delta sum_l L^(n-l)
//! prod_{k > l} |W_k|` with `|W|` the largest absolute row sum: a proof for all inputs at once.

use crate::error::{Error, Result};
use crate::network::{Activation, Network, SmoothActivation};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;

/// The most numbers that [`normal_inputs`] draws.
const MOST_NUMBERS: usize = 1 << 27;

/// The bound with its ingredients.
#[derive(Clone, Debug, Serialize)]
pub struct DeviationCertificate {
    /// The smooth activation.
    pub activation: String,
    /// Its largest distance to the limit.
    pub gap: f64,
    /// The largest absolute row sum of each layer behind an activation.
    pub norms: Vec<f64>,
    /// The outputs differ by at most this, at every input.
    pub bound: f64,
}

/// The bound for a network whose activations are replaced by `activation`. O(weights).
///
/// # Errors
/// [`Error::Input`] where an activation of the network is not the limit of `activation`.
pub fn deviation_certificate(
    network: &Network,
    activation: SmoothActivation,
) -> Result<DeviationCertificate> {
    let gap = check_limit(network, activation)?;
    let norms: Vec<f64> = network.layers()[1..]
        .iter()
        .map(|layer| {
            let w = layer.weights();
            (0..w.nrows()).map(|i| w.row(i).iter().map(|v| v.abs()).sum::<f64>()).fold(0.0, f64::max)
        })
        .collect();
    let lipschitz = match activation.limit() {
        Some(Activation::LeakyRelu { slope }) => slope.abs().max(1.0),
        _ => 1.0,
    };
    // error <- |W| (lipschitz error + gap), layer by layer.
    let bound = norms.iter().fold(0.0, |error, norm| norm * (lipschitz * error + gap));
    Ok(DeviationCertificate { activation: activation.to_string(), gap, norms, bound })
}

/// The output of the network with every activation replaced by `activation`.
///
/// # Panics
/// Panics where `x` has another length than the network has inputs.
pub fn evaluate_smooth(network: &Network, activation: SmoothActivation, x: &[f64]) -> Vec<f64> {
    let mut value = network.layers()[0].apply(x);
    for layer in &network.layers()[1..] {
        for entry in &mut value {
            *entry = activation.f(*entry);
        }
        value = layer.apply(&value);
    }
    value
}

/// The largest deviation over given inputs, in the maximum norm.
///
/// # Errors
/// As [`deviation_certificate`]; [`Error::Input`] where an output is not finite.
pub fn measured_deviation(
    network: &Network,
    activation: SmoothActivation,
    inputs: &[Vec<f64>],
) -> Result<f64> {
    check_limit(network, activation)?;
    let mut worst = 0.0f64;
    for x in inputs {
        for (smooth, sharp) in evaluate_smooth(network, activation, x).into_iter().zip(network.evaluate(x)) {
            let deviation = (smooth - sharp).abs();
            if !deviation.is_finite() {
                return Err(Error::input(
                    "measured deviation",
                    "an output of the network overflows",
                    "give smaller inputs",
                ));
            }
            worst = worst.max(deviation);
        }
    }
    Ok(worst)
}

/// Random inputs: independent normal entries of a standard deviation.
///
/// # Errors
/// [`Error::Input`] for a deviation that is not positive; [`Error::TooLarge`] beyond a gigabyte of numbers.
pub fn normal_inputs(network: &Network, count: usize, deviation: f64, seed: u64) -> Result<Vec<Vec<f64>>> {
    if !(deviation > 0.0 && deviation.is_finite()) {
        return Err(Error::input(
            "random inputs",
            format!("a standard deviation of {deviation}"),
            "give a positive number",
        ));
    }
    if count.saturating_mul(network.inputs()) > MOST_NUMBERS {
        return Err(Error::too_large(
            "random inputs",
            format!("{count} times {} numbers", network.inputs()),
            format!("{MOST_NUMBERS} numbers"),
            "choose fewer samples",
        ));
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut entry = || deviation * random.sample::<f64, _>(StandardNormal);
    Ok((0..count).map(|_| (0..network.inputs()).map(|_| entry()).collect()).collect())
}

fn check_limit(network: &Network, activation: SmoothActivation) -> Result<f64> {
    let (Some(limit), Some(gap)) = (activation.limit(), activation.sup_gap()) else {
        return Err(Error::input(
            "deviation certificate",
            format!("{activation} is no smoothing of a piecewise linear function"),
            "choose softplus, silu, gelu, root, or a smooth form of |x|",
        ));
    };
    for (index, &found) in network.activations().iter().enumerate() {
        if found != limit {
            return Err(Error::input(
                format!("deviation certificate, activation {index}"),
                format!("the network has {found:?}, and {activation} tends to {limit:?}"),
                "choose a smooth form of the activation that the network has",
            ));
        }
    }
    Ok(gap)
}
