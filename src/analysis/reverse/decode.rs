//! Decoders: from visible back to hidden units.

use super::layer::RandomLayer;
use nalgebra::DVector;
use serde::Serialize;

/// What is done to `W^T x`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Threshold {
    /// Nothing.
    Linear,
    /// `max(y - delta, 0)`: ReLU with the constant bias `-delta`, hence equivariant for every group.
    Soft(f64),
    /// `y` where `y > delta`, else 0.
    Hard(f64),
}

/// `h = threshold(W^T x)`, with the mean of `x` subtracted first if `centred`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Decoder {
    /// The threshold.
    pub threshold: Threshold,
    /// Whether to subtract the mean of `x`; for independent weights it only carries noise.
    pub centred: bool,
}

impl Threshold {
    /// Applies the threshold to one entry.
    pub fn apply(self, y: f64) -> f64 {
        match self {
            Threshold::Linear => y,
            Threshold::Soft(delta) => (y - delta).max(0.0),
            Threshold::Hard(delta) => {
                if y > delta {
                    y
                } else {
                    0.0
                }
            }
        }
    }
}

impl Decoder {
    /// A decoder without centring.
    pub fn new(threshold: Threshold) -> Self {
        Decoder { threshold, centred: false }
    }

    /// Decodes. O(n m).
    ///
    /// # Panics
    /// Panics where `x` does not fit the layer.
    pub fn decode(&self, layer: &RandomLayer, x: &DVector<f64>) -> DVector<f64> {
        let y = if self.centred { layer.adjoint(&x.add_scalar(-x.mean())) } else { layer.adjoint(x) };
        y.map(|entry| self.threshold.apply(entry))
    }
}
