//! Reversing a given network.
//!
//! * *Adjoint*: `L(x)^T y` with `L(x)` the derivative at `x`: the gates of the forward pass, transposed weights.
//!   For a bias-free ReLU network `y = L(x) x` exactly, and gradients go the same way back.
//! * *Deconvolution*: from the top layer down `relu(W^T .)`, each step with its own gates, biases left out.
//!
//! The transpose of an equivariant matrix between permutation representations is equivariant, so both reversals of an
//! equivariant network are equivariant maps.

use crate::action::GSet;
use crate::error::{Error, Result};
use crate::network::{Network, SmoothActivation};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;

/// How to go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ReverseRule {
    /// The transposed derivative.
    Adjoint,
    /// ReLU of the transposed weights, layer by layer.
    Deconvolution,
}

/// Sends the output at `x` back to the input, through all layers. O(weights).
///
/// # Panics
/// Panics where `x` has another length than the network has inputs.
pub fn reverse(network: &Network, x: &[f64], rule: ReverseRule) -> Vec<f64> {
    let output = network.evaluate(x);
    match rule {
        ReverseRule::Adjoint => adjoint(network, x, &output),
        ReverseRule::Deconvolution => {
            let mut value = output;
            for (index, layer) in network.layers().iter().enumerate().rev() {
                value = transposed(layer.weights(), &value);
                if index > 0 {
                    for entry in &mut value {
                        *entry = entry.max(0.0);
                    }
                }
            }
            value
        }
    }
}

/// `L(x)^T y`: the gradient at `x` of the output dotted with `y`.
///
/// # Panics
/// Panics where `x` or `y` do not fit the network.
pub fn adjoint(network: &Network, x: &[f64], y: &[f64]) -> Vec<f64> {
    let before = network.preactivations(x);
    let mut value = y.to_vec();
    for (index, layer) in network.layers().iter().enumerate().rev() {
        value = transposed(layer.weights(), &value);
        if index > 0 {
            let activation = SmoothActivation::from(network.activations()[index - 1]);
            for (entry, z) in value.iter_mut().zip(&before[index - 1]) {
                *entry *= activation.df(*z);
            }
        }
    }
    value
}

/// The output minus its linearisation `L(x) x`, as the largest entry, when every activation is replaced by
/// `activation`. Zero for ReLU without biases and for `|x|`; not for smooth activations.
///
/// # Panics
/// Panics where `x` has another length than the network has inputs.
pub fn linearity_defect(network: &Network, activation: SmoothActivation, x: &[f64]) -> f64 {
    defect(network, |_| activation, x)
}

/// The same with the network's own activations.
///
/// # Panics
/// As [`linearity_defect`].
pub fn own_linearity_defect(network: &Network, x: &[f64]) -> f64 {
    defect(network, |index| network.activations()[index].into(), x)
}

fn defect(network: &Network, activation: impl Fn(usize) -> SmoothActivation, x: &[f64]) -> f64 {
    let mut value = network.layers()[0].apply(x);
    // The derivative along x, carried forward beside the value.
    let mut along = linear(network.layers()[0].weights(), x);
    for (index, layer) in network.layers()[1..].iter().enumerate() {
        let activation = activation(index);
        for (entry, tangent) in value.iter_mut().zip(&mut along) {
            *tangent *= activation.df(*entry);
            *entry = activation.f(*entry);
        }
        value = layer.apply(&value);
        along = linear(layer.weights(), &along);
    }
    value.iter().zip(&along).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The worst violation of `reverse(g x) = g reverse(x)` over the generators and random normal inputs, relative to the
/// largest entry of the reversal.
///
/// # Errors
/// [`Error::Shape`] where the set is not the network's input.
pub fn equivariance_violation(
    network: &Network,
    inputs: &GSet,
    rule: ReverseRule,
    samples: usize,
    seed: u64,
) -> Result<f64> {
    if inputs.size() != network.inputs() {
        return Err(Error::shape(
            "reversal of a network",
            format!("an action on {} inputs", network.inputs()),
            format!("one on {} points", inputs.size()),
            "give the action on the inputs of the network",
        ));
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut worst = 0.0f64;
    for _ in 0..samples {
        let x: Vec<f64> = (0..inputs.size()).map(|_| random.sample(StandardNormal)).collect();
        let back = reverse(network, &x, rule);
        let scale = back.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
        for g in inputs.generators() {
            let mut moved = vec![0.0; x.len()];
            for (i, &value) in x.iter().enumerate() {
                moved[g.apply(i)] = value;
            }
            let moved_back = reverse(network, &moved, rule);
            for (i, value) in back.iter().enumerate() {
                worst = worst.max((moved_back[g.apply(i)] - value).abs() / scale);
            }
        }
    }
    Ok(worst)
}

/// One input, what the network makes of it, and both ways back.
#[derive(Clone, Debug, Serialize)]
pub struct Reversal {
    /// The input `x`.
    pub input: Vec<f64>,
    /// The output `y`.
    pub output: Vec<f64>,
    /// `L(x)^T y`.
    pub adjoint: Vec<f64>,
    /// The deconvolution of `y`.
    pub deconvolution: Vec<f64>,
    /// The cosine of the angle between input and adjoint; 0 where either vanishes.
    pub adjoint_cosine: f64,
    /// The same for the deconvolution.
    pub deconvolution_cosine: f64,
    /// `|y - L(x) x|`: zero without biases.
    pub linearity_defect: f64,
}

impl Reversal {
    /// Sends one input there and back. O(weights).
    ///
    /// # Panics
    /// Panics where `x` has another length than the network has inputs.
    pub fn new(network: &Network, x: &[f64]) -> Self {
        let adjoint = reverse(network, x, ReverseRule::Adjoint);
        let deconvolution = reverse(network, x, ReverseRule::Deconvolution);
        Reversal {
            input: x.to_vec(),
            output: network.evaluate(x),
            adjoint_cosine: cosine(x, &adjoint),
            deconvolution_cosine: cosine(x, &deconvolution),
            adjoint,
            deconvolution,
            linearity_defect: own_linearity_defect(network, x),
        }
    }
}

fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) =
        (nalgebra::DVectorView::from_slice(a, a.len()), nalgebra::DVectorView::from_slice(b, b.len()));
    let size = a.norm() * b.norm();
    if size > 0.0 { a.dot(&b) / size } else { 0.0 }
}

fn linear(weights: &nalgebra::DMatrix<f64>, x: &[f64]) -> Vec<f64> {
    (weights * nalgebra::DVectorView::from_slice(x, x.len())).as_slice().to_vec()
}

fn transposed(weights: &nalgebra::DMatrix<f64>, y: &[f64]) -> Vec<f64> {
    weights.tr_mul(&nalgebra::DVectorView::from_slice(y, y.len())).as_slice().to_vec()
}
