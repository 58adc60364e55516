//! Exact conditional activations and gradients, by summing over all inputs.

use super::tree::{RegionTree, Student};
use nalgebra::DMatrix;

/// One input with everything that back-propagation computes for it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its probability.
    pub probability: f64,
    /// The event of each unit.
    pub events: Vec<usize>,
    /// The input `z * E + e` of each leaf.
    pub inputs: Vec<usize>,
    /// Activations `f` by unit and node.
    pub activations: Vec<Vec<f64>>,
    /// Pre-activations.
    pub raw: Vec<Vec<f64>>,
    /// Gates `f'`: 1 where open. All 1 at the root.
    pub gates: Vec<Vec<f64>>,
    /// Gradients `g` after the gate, `g = f' g_raw`.
    pub gradients: Vec<Vec<f64>>,
    /// Gradients before the gate.
    pub raw_gradients: Vec<Vec<f64>>,
}

/// All inputs of positive probability, and averages over them.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The inputs.
    pub samples: Vec<Sample>,
    /// `P(z_unit)`, by unit.
    pub event_probability: Vec<Vec<f64>>,
    /// `F[unit][(a, j)] = E[f_j | z_unit = a]`; rows of impossible events are 0.
    pub activation: Vec<DMatrix<f64>>,
    /// `D[unit][(a, j)] = E[f'_j | z_unit = a]`.
    pub gate: Vec<DMatrix<f64>>,
    /// `G~[unit][(a, j)] = P(z_unit = a) E[g_j | z_unit = a]`.
    pub gradient: Vec<DMatrix<f64>>,
    /// `P[region][child][(a, b)] = P(z_child = b | z_region = a)`.
    pub transition: Vec<Vec<DMatrix<f64>>>,
    /// `dW[region][child][(k, j)] = E[f_k g_j]`.
    pub update: Vec<Vec<DMatrix<f64>>>,
}

impl Enumeration {
    /// Runs the student on every input and averages. The gradient at the root is that of `-|label - f|^2 / 2` per
    /// node: `g = onehot(label) - f`.
    ///
    /// O(inputs times weights); the tree and the student must have passed `checked`.
    pub fn new(tree: &RegionTree, student: &Student) -> Self {
        let samples = samples(tree, student);
        let units = tree.units();
        let leaves = tree.leaves.len();
        let mut event_probability: Vec<Vec<f64>> = (0..units).map(|u| vec![0.0; tree.events(u)]).collect();
        let empty = || -> Vec<DMatrix<f64>> {
            (0..units).map(|u| DMatrix::zeros(tree.events(u), student.nodes(u))).collect()
        };
        let (mut activation, mut gate, mut gradient) = (empty(), empty(), empty());
        let mut transition: Vec<Vec<DMatrix<f64>>> = Vec::new();
        let mut update: Vec<Vec<DMatrix<f64>>> = Vec::new();
        for (index, region) in tree.regions.iter().enumerate() {
            let sized = |child: &usize| DMatrix::zeros(region.events, tree.events(*child));
            transition.push(region.children.iter().map(sized).collect());
            update
                .push(student.weights[index].iter().map(|w| DMatrix::zeros(w.nrows(), w.ncols())).collect());
        }
        for sample in &samples {
            let p = sample.probability;
            for unit in 0..units {
                let event = sample.events[unit];
                event_probability[unit][event] += p;
                for j in 0..student.nodes(unit) {
                    activation[unit][(event, j)] += p * sample.activations[unit][j];
                    gate[unit][(event, j)] += p * sample.gates[unit][j];
                    gradient[unit][(event, j)] += p * sample.gradients[unit][j];
                }
            }
            for (index, region) in tree.regions.iter().enumerate() {
                let unit = leaves + index;
                for (slot, &child) in region.children.iter().enumerate() {
                    transition[index][slot][(sample.events[unit], sample.events[child])] += p;
                    let (f, g) = (&sample.activations[child], &sample.gradients[unit]);
                    let target = &mut update[index][slot];
                    for (k, f) in f.iter().enumerate() {
                        for (j, g) in g.iter().enumerate() {
                            target[(k, j)] += p * f * g;
                        }
                    }
                }
            }
        }
        for unit in 0..units {
            divide_rows(&mut activation[unit], &event_probability[unit]);
            divide_rows(&mut gate[unit], &event_probability[unit]);
            if let Some(index) = unit.checked_sub(leaves) {
                for matrix in &mut transition[index] {
                    divide_rows(matrix, &event_probability[unit]);
                }
            }
        }
        Enumeration { samples, event_probability, activation, gate, gradient, transition, update }
    }

    /// `E[value | z_unit]` by event; 0 for impossible events.
    pub fn conditional_mean(&self, unit: usize, value: impl Fn(&Sample) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.event_probability[unit].len()];
        for sample in &self.samples {
            sums[sample.events[unit]] += sample.probability * value(sample);
        }
        for (sum, &p) in sums.iter_mut().zip(&self.event_probability[unit]) {
            *sum = if p > 0.0 { *sum / p } else { 0.0 };
        }
        sums
    }
}

fn divide_rows(matrix: &mut DMatrix<f64>, by: &[f64]) {
    for (a, &p) in by.iter().enumerate() {
        if p > 0.0 {
            matrix.row_mut(a).unscale_mut(p);
        }
    }
}

fn samples(tree: &RegionTree, student: &Student) -> Vec<Sample> {
    let mut samples = Vec::new();
    let widths: Vec<usize> = tree.leaves.iter().map(|leaf| leaf.nuisances()).collect();
    let nuisances: usize = widths.iter().product();
    for (combination, &p) in tree.joint.iter().enumerate() {
        if p == 0.0 {
            continue;
        }
        let events = digits(combination, &tree.leaves.iter().map(|leaf| leaf.events()).collect::<Vec<_>>());
        for nuisance in 0..nuisances {
            let values = digits(nuisance, &widths);
            let mut probability = p;
            for ((leaf, &z), &e) in tree.leaves.iter().zip(&events).zip(&values) {
                probability *= leaf.noise[z][e];
            }
            if probability > 0.0 {
                let inputs = events.iter().zip(&values).zip(&widths).map(|((z, e), w)| z * w + e).collect();
                samples.push(back_propagate(tree, student, probability, &events, inputs));
            }
        }
    }
    samples
}

/// The digits of a number in mixed radix, the last one running fastest.
pub(super) fn digits(mut number: usize, radices: &[usize]) -> Vec<usize> {
    let mut digits = vec![0; radices.len()];
    for (digit, &radix) in digits.iter_mut().zip(radices).rev() {
        *digit = number % radix;
        number /= radix;
    }
    digits
}

fn back_propagate(
    tree: &RegionTree,
    student: &Student,
    probability: f64,
    leaf_events: &[usize],
    inputs: Vec<usize>,
) -> Sample {
    let events = tree.events_of(leaf_events);
    let (leaves, units) = (tree.leaves.len(), tree.units());
    let root = units - 1;
    let mut raw: Vec<Vec<f64>> = Vec::with_capacity(units);
    let mut gates: Vec<Vec<f64>> = Vec::with_capacity(units);
    let mut activations: Vec<Vec<f64>> = Vec::with_capacity(units);
    for unit in 0..units {
        let z: Vec<f64> = match unit.checked_sub(leaves) {
            None => student.features[unit].row(inputs[unit]).iter().copied().collect(),
            Some(region) => {
                let mut sums = vec![0.0; student.nodes(unit)];
                for (&child, w) in tree.regions[region].children.iter().zip(&student.weights[region]) {
                    for (k, f) in activations[child].iter().enumerate() {
                        for (j, sum) in sums.iter_mut().enumerate() {
                            *sum += f * w[(k, j)];
                        }
                    }
                }
                sums
            }
        };
        let gate: Vec<f64> = z.iter().map(|&z| if unit == root || z > 0.0 { 1.0 } else { 0.0 }).collect();
        activations.push(z.iter().zip(&gate).map(|(z, open)| z * open).collect());
        raw.push(z);
        gates.push(gate);
    }

    let mut raw_gradients: Vec<Vec<f64>> = (0..units).map(|u| vec![0.0; student.nodes(u)]).collect();
    let label = tree.labels[events[root]];
    for (class, (g, f)) in raw_gradients[root].iter_mut().zip(&activations[root]).enumerate() {
        *g = f64::from(u8::from(class == label)) - f;
    }
    let mut gradients = raw_gradients.clone();
    for unit in (0..units).rev() {
        gradients[unit] = raw_gradients[unit].iter().zip(&gates[unit]).map(|(g, open)| g * open).collect();
        let Some(region) = unit.checked_sub(leaves) else { continue };
        for (&child, w) in tree.regions[region].children.iter().zip(&student.weights[region]) {
            for (k, back) in raw_gradients[child].iter_mut().enumerate() {
                *back += gradients[unit].iter().enumerate().map(|(j, g)| w[(k, j)] * g).sum::<f64>();
            }
        }
    }
    Sample { probability, events, inputs, activations, raw, gates, gradients, raw_gradients }
}
