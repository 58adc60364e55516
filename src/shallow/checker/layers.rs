//! The network, computed plainly, in integers: one denominator serves a whole layer.

use super::Outcome;
use crate::network::Network;
use crate::num::row::make_primitive;
use crate::num::{Integer, Rational, SparseRow, primitive_row};
use crate::polyhedral::ActivationPattern;
use crate::shallow::orbit_form::OrbitForm;

/// A network's exact rows, biases last, and the factors of its activations on the negative side.
pub(super) struct Layers {
    exact: Vec<Vec<Vec<Rational>>>,
    /// The rows of each layer times its denominator.
    rows: Vec<Vec<SparseRow>>,
    denominators: Vec<Integer>,
    slopes: Vec<(Integer, Integer)>,
}

/// What the network computes under a pattern: each neuron's affine form, as a primitive row, and the outputs'. Constants
/// come last.
pub(super) struct Forms {
    pub(super) neurons: Vec<Vec<Integer>>,
    pub(super) outputs: Vec<Vec<Rational>>,
}

impl Layers {
    pub(super) fn new(network: &Network) -> Self {
        let rows =
            |layer: &crate::network::AffineLayer| (0..layer.outputs()).map(|i| layer.exact_row(i)).collect();
        let slopes = network.activations().iter().map(|activation| {
            let slope = activation.negative_slope();
            (slope.numerator().clone(), Integer::from(slope.denominator().clone()))
        });
        Self::of(network.layers().iter().map(rows).collect(), slopes.collect())
    }

    /// Clears denominators.
    fn of(exact: Vec<Vec<Vec<Rational>>>, slopes: Vec<(Integer, Integer)>) -> Self {
        let integral = |rows: &Vec<Vec<Rational>>| -> (Vec<SparseRow>, Integer) {
            // With a 1 at the end the primitive multiple is the one by the least common denominator.
            let entries: Vec<Rational> = rows.iter().flatten().cloned().chain([Rational::ONE]).collect();
            let mut entries = primitive_row(&entries).0.into_iter();
            let mut integral =
                |row: &Vec<Rational>| entries.by_ref().take(row.len()).collect::<Vec<Integer>>();
            let rows = rows.iter().map(|row| SparseRow::new(&integral(row))).collect();
            (rows, entries.next().expect("the 1 at the end"))
        };
        let (rows, denominators) = exact.iter().map(integral).unzip();
        Layers { exact, rows, denominators, slopes }
    }

    /// The network on an affine slice: its first layer after `u -> E u + e`, rows `(E, e)`.
    pub(super) fn on_slice(mut self, slice: &[Vec<Rational>], inputs: usize) -> Self {
        let pulled = |row: &Vec<Rational>| {
            let mut sum = vec![Rational::ZERO; inputs + 1];
            sum[inputs] = row[slice.len()].clone();
            for (weight, image) in row.iter().zip(slice).filter(|(weight, _)| !weight.is_zero()) {
                sum.iter_mut().zip(image).for_each(|(entry, v)| *entry += weight * v);
            }
            sum
        };
        self.exact[0] = self.exact[0].iter().map(pulled).collect();
        Self::of(self.exact, self.slopes)
    }

    /// The product of the layers, each masked by a pattern.
    pub(super) fn forms(&self, inputs: usize, pattern: &ActivationPattern) -> Forms {
        let unit = |i: usize| (0..=inputs).map(|j| Integer::from(u8::from(i == j))).collect();
        let mut values: Vec<Vec<Integer>> = (0..inputs).map(unit).collect();
        let mut scale = Integer::ONE;
        let mut neurons = Vec::new();
        for (l, rows) in self.rows.iter().enumerate() {
            let mut next: Vec<Vec<Integer>> = Vec::with_capacity(rows.len());
            for row in rows {
                let mut sum = vec![Integer::ZERO; inputs + 1];
                sum[inputs] = row.constant() * &scale;
                for (place, weight) in row.terms() {
                    let terms = sum.iter_mut().zip(&values[*place]).filter(|(_, v)| !v.is_zero());
                    terms.for_each(|(entry, v)| *entry += weight * v);
                }
                next.push(sum);
            }
            scale *= &self.denominators[l];
            if let Some((slope, below)) = self.slopes.get(l) {
                for form in &mut next {
                    let mut primitive = form.clone();
                    make_primitive(&mut primitive);
                    neurons.push(primitive);
                    let factor = if pattern.is_active(neurons.len() - 1) { below } else { slope };
                    form.iter_mut().for_each(|entry| *entry *= factor);
                }
                scale *= below;
            }
            values = next;
        }
        let scale = Rational::from(scale);
        let rational = |row: &Vec<Integer>| row.iter().map(|e| Rational::from(e.clone()) / &scale).collect();
        Forms { neurons, outputs: values.iter().map(rational).collect() }
    }

    /// The outputs at a point, and the pattern at `point + e direction` for small `e > 0`.
    pub(super) fn run(
        &self,
        point: &[Rational],
        direction: &[Integer],
    ) -> (Vec<Rational>, ActivationPattern) {
        // Values over a common scale, and a positive multiple of their derivatives along the direction.
        let homogeneous: Vec<Rational> = point.iter().cloned().chain([Rational::ONE]).collect();
        let (mut values, _) = primitive_row(&homogeneous);
        let mut scale = values.pop().expect("the 1 just added");
        let mut changes = direction.to_vec();
        let mut pattern = Vec::new();
        for (l, rows) in self.rows.iter().enumerate() {
            let along = |row: &SparseRow, vector: &[Integer], start: Integer| {
                let terms = row.terms().iter().filter(|(place, _)| !vector[*place].is_zero());
                terms.fold(start, |sum, (place, weight)| sum + weight * &vector[*place])
            };
            let next = rows.iter().map(|row| along(row, &values, row.constant() * &scale)).collect();
            let next_changes = rows.iter().map(|row| along(row, &changes, Integer::ZERO)).collect();
            (values, changes) = (next, next_changes);
            scale *= &self.denominators[l];
            let Some((slope, below)) = self.slopes.get(l) else { continue };
            for (value, change) in values.iter_mut().zip(&mut changes) {
                let active = *value > Integer::ZERO || (value.is_zero() && *change > Integer::ZERO);
                pattern.push(active);
                let factor = if active { below } else { slope };
                *value *= factor;
                *change *= factor;
            }
            scale *= below;
        }
        let scale = Rational::from(scale);
        let outputs = values.into_iter().map(|value| Rational::from(value) / &scale).collect();
        (outputs, ActivationPattern::from_bits(pattern))
    }
}

/// Every generator takes each layer's weights to themselves: `W[q i, p j] s[j] = t[i] W[i, j]` and `b[q i] = t[i] b[i]`,
/// where `s, t > 0` are factors of neurons, 1 at inputs and outputs; and the domain's rows to themselves.
pub(super) fn symmetry(form: &OrbitForm, layers: &Layers) -> Outcome {
    let domain = super::geometry::domain_rows(form);
    for (number, generator) in form.symmetry().generators.iter().enumerate() {
        let mut before = &generator.input;
        let mut s = vec![Rational::ONE; form.inputs()];
        for (l, rows) in layers.exact.iter().enumerate() {
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
        let moved = |row: &Vec<Integer>| {
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
