//! Forms of neurons in `f64` along one path of the search tree.

use super::exact_path::{LayerBits, bit};
use super::problem::Problem;

/// Forms of neurons under the bits of the current path, rounded, computed when asked for. The error of a form in the
/// 1-norm is at most `layers[l].error` times the neuron's scale.
pub(in crate::polyhedral) struct FloatPath<'p> {
    problem: &'p Problem,
    /// `homogeneous()` entries per neuron of each layer.
    rows: Vec<Vec<f64>>,
    known: Vec<Vec<bool>>,
}

impl<'p> FloatPath<'p> {
    pub(in crate::polyhedral) fn new(problem: &'p Problem) -> Self {
        let h = problem.homogeneous();
        FloatPath {
            problem,
            rows: problem.layers.iter().map(|layer| vec![0.0; layer.width * h]).collect(),
            known: problem.layers.iter().map(|layer| vec![false; layer.width]).collect(),
        }
    }

    /// To be called where the bits of the layer before `layer` change.
    pub(in crate::polyhedral) fn enter(&mut self, layer: usize) {
        self.known[layer].fill(false);
    }

    /// The form of a neuron of a layer whose earlier layers have their final bits.
    pub(in crate::polyhedral) fn row(&mut self, bits: &LayerBits, layer: usize, neuron: usize) -> &[f64] {
        if !self.known[layer][neuron] {
            self.compose(bits, layer, neuron);
            self.known[layer][neuron] = true;
        }
        let h = self.problem.homogeneous();
        &self.rows[layer][neuron * h..(neuron + 1) * h]
    }

    /// An upper bound of the Euclidean norm of a neuron's true form.
    pub(in crate::polyhedral) fn norm(&mut self, bits: &LayerBits, layer: usize, neuron: usize) -> f64 {
        let this = &self.problem.layers[layer];
        let doubt = this.error * this.scale[neuron];
        let row = self.row(bits, layer, neuron);
        row.iter().map(|x| x * x).sum::<f64>().sqrt() * (1.0 + 1e-12) + doubt
    }

    fn compose(&mut self, bits: &LayerBits, layer: usize, neuron: usize) {
        let h = self.problem.homogeneous();
        let this = &self.problem.layers[layer];
        let weight = |j: usize| this.columns[j * this.width + neuron];
        if layer == 0 {
            for j in 0..h {
                self.rows[0][neuron * h + j] = weight(j);
            }
            return;
        }
        let slope = self.problem.layers[layer - 1].slope;
        let factor =
            |j: usize, bits: &LayerBits| weight(j) * if bit(&bits[layer - 1], j) { 1.0 } else { slope };
        for j in 0..this.inputs {
            if factor(j, bits) != 0.0 {
                self.row(bits, layer - 1, j);
            }
        }
        let (before, after) = self.rows.split_at_mut(layer);
        let out = &mut after[0][neuron * h..(neuron + 1) * h];
        out.fill(0.0);
        out[h - 1] = weight(this.inputs);
        for (j, row) in before[layer - 1].chunks_exact(h).enumerate() {
            let factor = factor(j, bits);
            if factor != 0.0 {
                out.iter_mut().zip(row).for_each(|(sum, x)| *sum += factor * x);
            }
        }
    }
}
