//! The generative model: a layer with an activation and random dropping.

use super::layer::RandomLayer;
use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use nalgebra::DVector;
use rand::{Rng, RngExt};

/// `x = (2 / (rho n)) f(W h) * mask`: every visible unit is kept with probability `rho`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generative {
    /// The probability `rho` of keeping a unit, in `(0, 1]`.
    pub keep: f64,
    /// The activation `f`.
    pub activation: SmoothActivation,
}

impl Generative {
    /// The model with ReLU.
    ///
    /// # Errors
    /// [`Error::Input`] unless `0 < keep <= 1`.
    pub fn relu(keep: f64) -> Result<Self> {
        Generative { keep, activation: SmoothActivation::Relu }.checked()
    }

    /// The model itself, if its keep probability is one.
    ///
    /// # Errors
    /// [`Error::Input`] unless `0 < keep <= 1`.
    pub fn checked(self) -> Result<Self> {
        if self.keep > 0.0 && self.keep <= 1.0 {
            Ok(self)
        } else {
            Err(Error::input(
                "keep probability",
                format!("{} does not lie in (0, 1]", self.keep),
                "give the fraction of units to keep",
            ))
        }
    }

    /// The factor `2 / (rho n)`: half the gates are open, and `rho n` units remain.
    pub fn scale(&self, visible: usize) -> f64 {
        2.0 / (self.keep * visible as f64)
    }

    /// A random mask: 1 where a unit is kept, 0 elsewhere.
    pub fn mask(&self, visible: usize, random: &mut impl Rng) -> DVector<f64> {
        DVector::from_fn(visible, |_, _| if random.random::<f64>() < self.keep { 1.0 } else { 0.0 })
    }

    /// Generates with a given mask. O(n m).
    ///
    /// # Panics
    /// Panics where `h` or `mask` do not fit the layer.
    ///
    /// ```
    /// use isotypic::analysis::reverse::{Generative, RandomLayer};
    /// use nalgebra::{dmatrix, dvector};
    /// let layer = RandomLayer::from_weights(dmatrix![1.0, 0.0; -1.0, 0.0]);
    /// let x = Generative::relu(1.0)?.generate(&layer, &dvector![3.0, 5.0], &dvector![1.0, 1.0]);
    /// assert_eq!(x, dvector![3.0, 0.0]);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn generate(&self, layer: &RandomLayer, h: &DVector<f64>, mask: &DVector<f64>) -> DVector<f64> {
        let scale = self.scale(layer.visible());
        layer.apply(h).zip_map(mask, |z, kept| kept * scale * self.activation.f(z))
    }
}
