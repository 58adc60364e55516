//! Layered networks.

use super::{Activation, AffineLayer};
use crate::error::{Error, Result};
use crate::num::Rational;

/// Affine layers with an activation between each two: `layers.len() == activations.len() + 1`.
///
/// A network that ends in an activation is stored with an identity layer behind it.
///
/// ```
/// use isotypic::network::{Activation, AffineLayer, Network};
/// use nalgebra::{dmatrix, dvector};
/// let abs = Network::new(
///     vec![
///         AffineLayer::new(dmatrix![1.0; -1.0], dvector![0.0, 0.0])?,
///         AffineLayer::new(dmatrix![1.0, 1.0], dvector![0.0])?,
///     ],
///     vec![Activation::Relu],
/// )?;
/// assert_eq!(abs.evaluate(&[-3.0]), [3.0]);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    layers: Vec<AffineLayer>,
    activations: Vec<Activation>,
    input_shape: Vec<usize>,
}

impl Network {
    /// A network from its layers and the activations between them.
    ///
    /// # Errors
    /// [`Error::Shape`] where there is no layer, the numbers do not fit, or a layer does not take what the one before
    /// it gives.
    pub fn new(layers: Vec<AffineLayer>, activations: Vec<Activation>) -> Result<Self> {
        if layers.len() != activations.len() + 1 {
            return Err(Error::shape(
                "network",
                format!("{} layers around {} activations", activations.len() + 1, activations.len()),
                layers.len(),
                "give one layer more than activations",
            ));
        }
        for (l, pair) in layers.windows(2).enumerate() {
            if pair[0].outputs() != pair[1].inputs() {
                return Err(Error::shape(
                    format!("network, layer {}", l + 1),
                    format!("{} inputs, the outputs of layer {l}", pair[0].outputs()),
                    pair[1].inputs(),
                    "make the widths of consecutive layers agree",
                ));
            }
        }
        let input_shape = vec![layers[0].inputs()];
        Ok(Network { layers, activations, input_shape })
    }

    /// The same network with the axes of its input as the file declares them, without the batch axis.
    ///
    /// # Panics
    /// Panics unless the product of the axes is the number of inputs.
    pub fn with_input_shape(mut self, shape: Vec<usize>) -> Self {
        assert_eq!(shape.iter().product::<usize>(), self.inputs(), "input shape of a network");
        self.input_shape = shape;
        self
    }

    /// The network behind an affine embedding of `parameters` coordinates: row `i` holds the coefficients of input `i`, then
    /// its constant. Exact, like every affine layer.
    ///
    /// # Panics
    /// Panics unless there is one row of `parameters + 1` entries for each input.
    pub fn behind_embedding(&self, parameters: usize, rows: &[Vec<Rational>]) -> Self {
        assert_eq!(rows.len(), self.inputs(), "rows of an embedding");
        let first = &self.layers[0];
        let composed: Vec<Vec<Rational>> = (0..first.outputs())
            .map(|i| {
                let mut row = vec![Rational::ZERO; parameters + 1];
                row[parameters] = first.exact_entry(i, first.inputs());
                for (j, embedded) in rows.iter().enumerate() {
                    let weight = first.exact_entry(i, j);
                    row.iter_mut().zip(embedded).for_each(|(entry, value)| *entry += &weight * value);
                }
                row
            })
            .collect();
        let mut layers = self.layers.clone();
        layers[0] = AffineLayer::from_exact(parameters, &composed);
        Network { layers, activations: self.activations.clone(), input_shape: vec![parameters] }
    }

    /// The affine layers, first to last.
    pub fn layers(&self) -> &[AffineLayer] {
        &self.layers
    }

    /// The activation behind each layer but the last.
    pub fn activations(&self) -> &[Activation] {
        &self.activations
    }

    /// The axes of the input without the batch axis; one axis where the file tells no more.
    pub fn input_shape(&self) -> &[usize] {
        &self.input_shape
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs()
    }

    /// The number of hidden entries, over all layers.
    pub fn neurons(&self) -> usize {
        self.layers[..self.activations.len()].iter().map(AffineLayer::outputs).sum()
    }

    /// The output at `x` in `f64`.
    ///
    /// # Panics
    /// Panics where `x` has another length than `inputs`.
    pub fn evaluate(&self, x: &[f64]) -> Vec<f64> {
        let mut value = self.layers[0].apply(x);
        for (layer, activation) in self.layers[1..].iter().zip(&self.activations) {
            for entry in &mut value {
                *entry = activation.apply(*entry);
            }
            value = layer.apply(&value);
        }
        value
    }

    /// The output at `x` exactly.
    ///
    /// # Panics
    /// Panics where `x` has another length than `inputs`.
    pub fn evaluate_exact(&self, x: &[Rational]) -> Vec<Rational> {
        let mut value = self.layers[0].apply_exact(x);
        for (layer, activation) in self.layers[1..].iter().zip(&self.activations) {
            let slope = activation.negative_slope();
            for entry in &mut value {
                if *entry <= Rational::ZERO {
                    *entry *= &slope;
                }
            }
            value = layer.apply_exact(&value);
        }
        value
    }

    /// The pre-activations of every hidden layer at `x`, in `f64`.
    ///
    /// # Panics
    /// Panics where `x` has another length than `inputs`.
    pub fn preactivations(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let mut hidden: Vec<Vec<f64>> = Vec::with_capacity(self.activations.len());
        let mut value = x.to_vec();
        for (layer, &activation) in self.layers.iter().zip(&self.activations) {
            let before = layer.apply(&value);
            value = before.iter().map(|&entry| activation.apply(entry)).collect();
            hidden.push(before);
        }
        hidden
    }
}
