//! Affine forms of all neurons and outputs on the region of a given activation pattern.

use crate::network::Network;
use crate::num::{Integer, Rational, primitive_row};
use crate::polyhedral::{ActivationPattern, AffinePiece};

/// The layers of a network over the integers, ready to be multiplied up.
#[derive(Clone, Debug)]
pub struct MaskedLayers {
    inputs: usize,
    layers: Vec<IntegerLayer>,
    /// The activations' factors on the negative side, as numerator and denominator.
    slopes: Vec<(Integer, Integer)>,
}

/// `rows[i] . (y, 1) / denominator`.
#[derive(Clone, Debug)]
struct IntegerLayer {
    rows: Vec<Vec<Integer>>,
    denominator: Integer,
}

/// What the network computes where a pattern holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedForms {
    /// For each hidden neuron a positive multiple of its affine form, the constant last.
    pub neurons: Vec<Vec<Integer>>,
    /// The outputs.
    pub outputs: AffinePiece,
}

impl MaskedLayers {
    /// Clears the denominators of every layer of a network.
    pub fn new(network: &Network) -> Self {
        let layers = network
            .layers()
            .iter()
            .map(|layer| {
                let width = layer.inputs() + 1;
                let mut entries: Vec<Rational> =
                    (0..layer.outputs()).flat_map(|i| layer.exact_row(i)).collect();
                // With a 1 among the entries the primitive multiple is the one by the least common denominator.
                entries.push(Rational::ONE);
                let (mut integers, _) = primitive_row(&entries);
                let denominator = integers.pop().expect("the 1 just added");
                IntegerLayer { rows: integers.chunks(width).map(<[Integer]>::to_vec).collect(), denominator }
            })
            .collect();
        let slope = |slope: Rational| (slope.numerator().clone(), Integer::from(slope.denominator().clone()));
        let slopes = network.activations().iter().map(|a| slope(a.negative_slope())).collect();
        MaskedLayers { inputs: network.inputs(), layers, slopes }
    }

    /// The forms under a pattern: an inactive neuron is multiplied by its activation's factor on the negative side.
    ///
    /// O(weights * d) big-integer operations.
    ///
    /// # Panics
    /// Panics on a pattern of another number of neurons.
    pub fn forms(&self, pattern: &ActivationPattern) -> MaskedForms {
        let unit = |i: usize| (0..=self.inputs).map(|j| Integer::from(u8::from(i == j))).collect();
        let mut hidden: Vec<Vec<Integer>> = (0..self.inputs).map(unit).collect();
        let mut scale = Integer::ONE;
        let mut neurons = Vec::with_capacity(pattern.neurons());
        for (l, layer) in self.layers.iter().enumerate() {
            let rows: Vec<Vec<Integer>> =
                layer.rows.iter().map(|weights| self.combine(weights, &hidden, &scale)).collect();
            scale *= &layer.denominator;
            let Some((top, bottom)) = self.slopes.get(l) else {
                hidden = rows;
                break;
            };
            hidden = rows
                .iter()
                .enumerate()
                .map(|(i, row)| {
                    let factor = if pattern.is_active(neurons.len() + i) { bottom } else { top };
                    row.iter().map(|entry| entry * factor).collect()
                })
                .collect();
            scale *= bottom;
            neurons.extend(rows);
        }
        let scale = Rational::from(scale);
        let rational = |row: &Vec<Integer>| row.iter().map(|e| Rational::from(e.clone()) / &scale).collect();
        MaskedForms { neurons, outputs: AffinePiece { rows: hidden.iter().map(rational).collect() } }
    }

    fn combine(&self, weights: &[Integer], hidden: &[Vec<Integer>], scale: &Integer) -> Vec<Integer> {
        let mut sum = vec![Integer::ZERO; self.inputs + 1];
        for (weight, row) in weights.iter().zip(hidden).filter(|(weight, _)| !weight.is_zero()) {
            sum.iter_mut().zip(row).for_each(|(entry, value)| *entry += weight * value);
        }
        sum[self.inputs] += &weights[hidden.len()] * scale;
        sum
    }
}
