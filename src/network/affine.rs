//! Exact affine layers.

use crate::error::{Error, Result};
use crate::num::{Rational, exact, nearest_f64};
use nalgebra::{DMatrix, DVector};
use std::collections::BTreeMap;

/// The affine map `y = W x + b` with `W` of `outputs` rows and `inputs` columns.
///
/// Entries are exact rationals. Nearly all of them are dyadic and *are* the `f64` in [`weights`](Self::weights); the
/// few that no `f64` can hold (one third of a weight, say) are kept exactly beside their nearest `f64`.
///
/// ```
/// use isotypic::network::AffineLayer;
/// use nalgebra::{dmatrix, dvector};
/// let layer = AffineLayer::new(dmatrix![1.0, 2.0; 0.0, -1.0], dvector![0.5, 0.0])?;
/// assert_eq!(layer.apply(&[1.0, 1.0]), [3.5, -1.0]);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct AffineLayer {
    weights: DMatrix<f64>,
    bias: DVector<f64>,
    /// Exact values of entries that differ from their `f64`; column `inputs` is the bias.
    exceptions: BTreeMap<(usize, usize), Rational>,
}

impl AffineLayer {
    /// The layer with these weights, taken exactly as the dyadic rationals that they are.
    ///
    /// # Errors
    /// [`Error::Shape`] where the bias has another length than `W` has rows; [`Error::Input`] for NaN or infinity.
    pub fn new(weights: DMatrix<f64>, bias: DVector<f64>) -> Result<Self> {
        if weights.nrows() != bias.len() {
            return Err(Error::shape(
                "affine layer",
                format!("{} biases, one per row of W", weights.nrows()),
                bias.len(),
                "give one bias per output",
            ));
        }
        for i in 0..weights.nrows() {
            for j in 0..=weights.ncols() {
                let value = if j < weights.ncols() { weights[(i, j)] } else { bias[i] };
                if !value.is_finite() {
                    let entry = if j < weights.ncols() { format!("W[{i}][{j}]") } else { format!("b[{i}]") };
                    return Err(Error::input(
                        format!("affine layer, {entry}"),
                        format!("the weight is {value}"),
                        "weights must be finite numbers; retrain or repair the file",
                    ));
                }
            }
        }
        Ok(AffineLayer { weights, bias, exceptions: BTreeMap::new() })
    }

    /// The layer with these exact entries: `rows[i]` holds the weights of output `i`, then its bias.
    ///
    /// # Panics
    /// Panics unless every row has `inputs + 1` entries.
    pub fn from_exact(inputs: usize, rows: &[Vec<Rational>]) -> Self {
        let mut layer = AffineLayer {
            weights: DMatrix::zeros(rows.len(), inputs),
            bias: DVector::zeros(rows.len()),
            exceptions: BTreeMap::new(),
        };
        for (i, row) in rows.iter().enumerate() {
            assert_eq!(row.len(), inputs + 1, "row {i} of an exact affine layer");
            for (j, entry) in row.iter().enumerate() {
                let rounded = nearest_f64(entry);
                if j < inputs {
                    layer.weights[(i, j)] = rounded;
                } else {
                    layer.bias[i] = rounded;
                }
                if exact(rounded).as_ref() != Some(entry) {
                    layer.exceptions.insert((i, j), entry.clone());
                }
            }
        }
        layer
    }

    /// The number of inputs, the columns of `W`.
    pub fn inputs(&self) -> usize {
        self.weights.ncols()
    }

    /// The number of outputs, the rows of `W`.
    pub fn outputs(&self) -> usize {
        self.weights.nrows()
    }

    /// `W`, each entry rounded to nearest.
    pub fn weights(&self) -> &DMatrix<f64> {
        &self.weights
    }

    /// `b`, each entry rounded to nearest.
    pub fn bias(&self) -> &DVector<f64> {
        &self.bias
    }

    /// Whether every entry is exactly the `f64` shown by [`weights`](Self::weights) and [`bias`](Self::bias).
    pub fn is_dyadic(&self) -> bool {
        self.exceptions.is_empty()
    }

    /// `W[i][j]` exactly; `j = inputs` gives `b[i]`.
    pub fn exact_entry(&self, i: usize, j: usize) -> Rational {
        if let Some(entry) = self.exceptions.get(&(i, j)) {
            return entry.clone();
        }
        let value = if j < self.inputs() { self.weights[(i, j)] } else { self.bias[i] };
        exact(value).expect("entries are finite")
    }

    /// Row `i` exactly: the weights of output `i`, then its bias.
    pub fn exact_row(&self, i: usize) -> Vec<Rational> {
        (0..=self.inputs()).map(|j| self.exact_entry(i, j)).collect()
    }

    /// `W x + b` in `f64`.
    ///
    /// # Panics
    /// Panics where `x` has another length than `inputs`.
    pub fn apply(&self, x: &[f64]) -> Vec<f64> {
        assert_eq!(x.len(), self.inputs(), "input of an affine layer");
        (0..self.outputs())
            .map(|i| x.iter().enumerate().fold(self.bias[i], |sum, (j, v)| sum + self.weights[(i, j)] * v))
            .collect()
    }

    /// `W x + b` exactly.
    ///
    /// # Panics
    /// Panics where `x` has another length than `inputs`.
    pub fn apply_exact(&self, x: &[Rational]) -> Vec<Rational> {
        assert_eq!(x.len(), self.inputs(), "input of an affine layer");
        (0..self.outputs())
            .map(|i| {
                let mut sum = self.exact_entry(i, self.inputs());
                for (j, v) in x.iter().enumerate() {
                    if self.weights[(i, j)] != 0.0 || self.exceptions.contains_key(&(i, j)) {
                        sum += self.exact_entry(i, j) * v;
                    }
                }
                sum
            })
            .collect()
    }
}
