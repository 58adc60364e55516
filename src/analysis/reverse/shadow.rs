//! Inputs regenerated from hidden activities, as additional training data.
//!
//! The first hidden layer of a network is sent back by `relu(W^T h)` with random dropping; the result is a
//! synthetic input that keeps the label. The source proposes this against over-fitting; in small experiments it
//! gave no gain over dropout or plain jitter, so it is an option and nothing is claimed.

use super::generative::Generative;
use crate::error::{Error, Result};
use crate::network::Network;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// One synthetic input for each input, scaled to the norm of the input that it came from (zero where nothing is
/// left).
///
/// # Errors
/// [`Error::Shape`] where an input does not fit the network; [`Error::Input`] for a keep probability outside `(0,
/// 1]`.
pub fn shadow_batch(network: &Network, inputs: &[Vec<f64>], keep: f64, seed: u64) -> Result<Vec<Vec<f64>>> {
    let model = Generative::relu(keep)?;
    let layer = &network.layers()[0];
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    inputs
        .iter()
        .enumerate()
        .map(|(index, x)| {
            if x.len() != network.inputs() {
                return Err(Error::shape(
                    format!("shadow batch, input {index}"),
                    format!("{} numbers", network.inputs()),
                    x.len(),
                    "give inputs of the network",
                ));
            }
            let hidden: Vec<f64> = layer.apply(x).iter().map(|z| z.max(0.0)).collect();
            let hidden = nalgebra::DVector::from_vec(hidden);
            let mask = model.mask(x.len(), &mut random);
            let back = layer.weights().tr_mul(&hidden).zip_map(&mask, |z, kept| kept * z.max(0.0));
            let norm = back.norm();
            let target = x.iter().map(|v| v * v).sum::<f64>().sqrt();
            let scale = if norm > 0.0 { target / norm } else { 0.0 };
            Ok(back.iter().map(|v| v * scale).collect())
        })
        .collect()
}
