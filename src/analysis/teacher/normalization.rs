//! Batch normalisation as a projection.
//!
//! `out = c1 (f - mean) / sqrt(var + eps) + c0`, mean and variance over events with weights `p` that add up to 1
//! (uniform over a batch). With `u = (f - mean) / sqrt(var + eps)` the Jacobian is `J = (c1 / sqrt(var + eps)) (I -
//! 1 p^T - u u^T diag(p))`. At `eps = 0` it is a multiple of the projector that removes constants and `f`,
//! orthogonal for `<a, b> = sum p_i a_i b_i` (not for the plain inner product unless `p` is uniform); for `eps > 0`
//! it is no projector any more: `f` keeps the fraction `eps / (var + eps)`. Gradients `J^T g` add up to 0, and at
//! `eps = 0` they are orthogonal to `f`.

use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector};

/// Batch normalisation of one node at given values.
#[derive(Clone, Debug)]
pub struct BatchNormalization {
    weights: DVector<f64>,
    normalized: DVector<f64>,
    deviation: f64,
    scale: f64,
    shift: f64,
}

impl BatchNormalization {
    /// Normalises `values` with weights `p`, then scales by `c1` and shifts by `c0`.
    ///
    /// # Errors
    /// [`Error::Shape`] where the lengths differ; [`Error::Input`] where the weights are no distribution, `eps` is
    /// negative, or nothing varies and `eps = 0`.
    ///
    /// ```
    /// use isotypic::analysis::teacher::BatchNormalization;
    /// let bn = BatchNormalization::uniform(&[1.0, 2.0, 3.0], 0.0, 1.0, 0.0)?;
    /// let gradient = bn.gradient(&[1.0, 0.0, 0.0]);
    /// assert!(gradient.iter().sum::<f64>().abs() < 1e-15);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(values: &[f64], weights: &[f64], eps: f64, scale: f64, shift: f64) -> Result<Self> {
        if values.len() != weights.len() {
            return Err(Error::shape(
                "batch normalisation",
                format!("{} weights, one per value", values.len()),
                weights.len(),
                "give one weight per value",
            ));
        }
        let total: f64 = weights.iter().sum();
        if weights.iter().any(|p| *p < 0.0) || (total - 1.0).abs() > 1e-9 || eps.is_nan() || eps < 0.0 {
            return Err(Error::input(
                "batch normalisation",
                format!("weights that add up to {total}, eps = {eps}"),
                "give non-negative weights that add up to 1 and eps >= 0",
            ));
        }
        let (f, weights) = (DVector::from_column_slice(values), DVector::from_column_slice(weights));
        let centred = f.add_scalar(-f.dot(&weights));
        let variance = centred.component_mul(&centred).dot(&weights);
        let deviation = (variance + eps).sqrt();
        if deviation == 0.0 {
            return Err(Error::input(
                "batch normalisation",
                "all values are equal and eps = 0",
                "give eps > 0 or values that vary",
            ));
        }
        Ok(BatchNormalization { weights, normalized: centred / deviation, deviation, scale, shift })
    }

    /// The same with equal weights.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn uniform(values: &[f64], eps: f64, scale: f64, shift: f64) -> Result<Self> {
        let weights = vec![(values.len() as f64).recip(); values.len()];
        BatchNormalization::new(values, &weights, eps, scale, shift)
    }

    /// The output.
    pub fn output(&self) -> Vec<f64> {
        self.normalized.iter().map(|u| self.scale * u + self.shift).collect()
    }

    /// `J[(i, j)] = d out_i / d f_j`.
    pub fn jacobian(&self) -> DMatrix<f64> {
        let n = self.normalized.len();
        DMatrix::from_fn(n, n, |i, j| {
            let identity = if i == j { 1.0 } else { 0.0 };
            let removed = self.weights[j] * (1.0 + self.normalized[i] * self.normalized[j]);
            self.scale / self.deviation * (identity - removed)
        })
    }

    /// `J^T g`: the gradient with respect to the values, from the one with respect to the output. O(n).
    ///
    /// # Panics
    /// Panics where `g` has another length than the values.
    pub fn gradient(&self, g: &[f64]) -> Vec<f64> {
        let g = DVector::from_column_slice(g);
        let (sum, along) = (g.sum(), g.dot(&self.normalized));
        (0..g.len())
            .map(|j| {
                self.scale / self.deviation * (g[j] - self.weights[j] * (sum + self.normalized[j] * along))
            })
            .collect()
    }

    /// The gradients with respect to the scale and the shift.
    ///
    /// # Panics
    /// Panics where `g` has another length than the values.
    pub fn parameter_gradients(&self, g: &[f64]) -> (f64, f64) {
        let g = DVector::from_column_slice(g);
        (g.dot(&self.normalized), g.sum())
    }
}
