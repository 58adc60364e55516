//! The network, computed plainly.

use super::Outcome;
use crate::network::Network;
use crate::num::Rational;
use crate::shallow::orbit_form::OrbitForm;

/// A network's exact rows, biases last, and the factors of its activations on the negative side.
pub(super) struct Layers {
    rows: Vec<Vec<Vec<Rational>>>,
    slopes: Vec<Rational>,
}

/// What the network computes under a pattern: each neuron's affine form, and the outputs'. Constants come last.
pub(super) struct Forms {
    pub(super) neurons: Vec<Vec<Rational>>,
    pub(super) outputs: Vec<Vec<Rational>>,
}

impl Layers {
    pub(super) fn new(network: &Network) -> Self {
        let rows =
            |layer: &crate::network::AffineLayer| (0..layer.outputs()).map(|i| layer.exact_row(i)).collect();
        Layers {
            rows: network.layers().iter().map(rows).collect(),
            slopes: network.activations().iter().map(|activation| activation.negative_slope()).collect(),
        }
    }

    /// The network on an affine slice: its first layer after `u -> E u + e`, rows `(E, e)`.
    pub(super) fn on_slice(mut self, slice: &[Vec<Rational>], inputs: usize) -> Self {
        self.rows[0] = self.rows[0].iter().map(|row| combine(row, slice, inputs)).collect();
        self
    }

    /// The product of the layers, each masked by a pattern.
    pub(super) fn forms(&self, inputs: usize, active: impl Fn(usize) -> bool) -> Forms {
        let unit = |i: usize| (0..=inputs).map(|j| Rational::from(u8::from(i == j))).collect();
        let mut values: Vec<Vec<Rational>> = (0..inputs).map(unit).collect();
        let mut neurons = Vec::new();
        for (l, rows) in self.rows.iter().enumerate() {
            let mut next: Vec<Vec<Rational>> = rows.iter().map(|row| combine(row, &values, inputs)).collect();
            if let Some(slope) = self.slopes.get(l) {
                for form in &mut next {
                    neurons.push(form.clone());
                    if !active(neurons.len() - 1) {
                        form.iter_mut().for_each(|entry| *entry *= slope);
                    }
                }
            }
            values = next;
        }
        Forms { neurons, outputs: values }
    }

    /// The outputs at a point, and the pattern at `point + e direction` for small `e > 0`.
    pub(super) fn run(&self, point: &[Rational], direction: &[Rational]) -> (Vec<Rational>, Vec<bool>) {
        // Pairs of a value and its derivative along the direction.
        let mut pairs: Vec<(Rational, Rational)> =
            point.iter().cloned().zip(direction.iter().cloned()).collect();
        let mut pattern = Vec::new();
        for (l, rows) in self.rows.iter().enumerate() {
            pairs = rows
                .iter()
                .map(|row| {
                    let start = (row[pairs.len()].clone(), Rational::ZERO);
                    row.iter().zip(&pairs).fold(start, |(v, dv), (w, (x, dx))| (v + w * x, dv + w * dx))
                })
                .collect();
            let Some(slope) = self.slopes.get(l) else { continue };
            for (value, change) in &mut pairs {
                let active = *value > Rational::ZERO || (value.is_zero() && *change > Rational::ZERO);
                pattern.push(active);
                if !active {
                    *value *= slope;
                    *change *= slope;
                }
            }
        }
        (pairs.into_iter().map(|(value, _)| value).collect(), pattern)
    }
}

fn combine(row: &[Rational], values: &[Vec<Rational>], inputs: usize) -> Vec<Rational> {
    let mut sum = vec![Rational::ZERO; inputs + 1];
    sum[inputs] = row[values.len()].clone();
    for (weight, value) in row.iter().zip(values).filter(|(weight, _)| !weight.is_zero()) {
        sum.iter_mut().zip(value).for_each(|(entry, v)| *entry += weight * v);
    }
    sum
}

/// Every generator takes each layer's weights to themselves: `W[q i, p j] s[j] = t[i] W[i, j]` and `b[q i] = t[i] b[i]`,
/// where `s, t > 0` are factors of neurons, 1 at inputs and outputs; and the domain's rows to themselves.
pub(super) fn symmetry(form: &OrbitForm, layers: &Layers) -> Outcome {
    let domain = super::geometry::domain_rows(form);
    for (number, generator) in form.symmetry().generators.iter().enumerate() {
        let mut before = &generator.input;
        let mut s = vec![Rational::ONE; form.inputs()];
        for (l, rows) in layers.rows.iter().enumerate() {
            let last = l == layers.slopes.len();
            let after = if last { &generator.output } else { &generator.hidden[l] };
            let mut t = vec![Rational::ONE; rows.len()];
            for (i, row) in rows.iter().enumerate() {
                let image = &rows[after.apply(i)];
                let width = row.len() - 1;
                let there =
                    |j: usize| if j == width { image[j].clone() } else { &image[before.apply(j)] * &s[j] };
                if let Some(j) = (0..=width).find(|&j| !row[j].is_zero()) {
                    t[i] = there(j) / &row[j];
                }
                let right_factor = if last { t[i] == Rational::ONE } else { t[i] > Rational::ZERO };
                if !right_factor || (0..=width).any(|j| there(j) != &t[i] * &row[j]) {
                    return Err(format!("generator {} does not preserve row {i} of layer {l}", number + 1));
                }
            }
            s = t;
            before = after;
        }
        let moved = |row: &Vec<Rational>| {
            let mut image = row.clone();
            (0..form.inputs()).for_each(|i| image[generator.input.apply(i)] = row[i].clone());
            image
        };
        if domain.iter().any(|row| !domain.contains(&moved(row))) {
            return Err(format!("generator {} does not preserve the domain", number + 1));
        }
    }
    Ok(format!("generators: {}; each preserves the weights and the domain", form.symmetry().generators.len()))
}
