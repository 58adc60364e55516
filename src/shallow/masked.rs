//! Affine forms of all neurons and outputs on the region of a given activation pattern.

use super::negated;
use crate::num::row::make_primitive;
use crate::num::{Integer, Rational, SparseRow, primitive_row};
use crate::polyhedral::{ActivationPattern, AffinePiece, PiecewiseLinearMap};

/// The layers of a map over the integers, ready to be multiplied up.
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
    rows: Vec<SparseRow>,
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
    /// Clears the denominators of every layer of a map.
    pub fn new(map: &PiecewiseLinearMap) -> Self {
        let layers = (0..=map.hidden_layers())
            .map(|l| {
                let rows = map.rows(l);
                let mut entries: Vec<Rational> = rows.iter().flatten().cloned().collect();
                // With a 1 among the entries the primitive multiple is the one by the least common denominator.
                entries.push(Rational::ONE);
                let (mut integers, _) = primitive_row(&entries);
                let denominator = integers.pop().expect("the 1 just added");
                let mut integers = integers.into_iter();
                let mut integral =
                    |row: &Vec<Rational>| integers.by_ref().take(row.len()).collect::<Vec<Integer>>();
                let rows = rows.iter().map(|row| SparseRow::new(&integral(row))).collect();
                IntegerLayer { rows, denominator }
            })
            .collect();
        let parts =
            |slope: &Rational| (slope.numerator().clone(), Integer::from(slope.denominator().clone()));
        let slopes = (0..map.hidden_layers()).map(|l| parts(map.slope(l))).collect();
        MaskedLayers { inputs: map.inputs(), layers, slopes }
    }

    /// The inequalities that define the closed region of a pattern in a domain, as primitive rows that are `>= 0` there:
    /// one per neuron in order, then the given rows of the domain.
    ///
    /// # Panics
    /// Panics on a pattern of another number of neurons.
    pub fn inequalities(&self, pattern: &ActivationPattern, border: &[Vec<Integer>]) -> Vec<Vec<Integer>> {
        let primitive = |mut row: Vec<Integer>| {
            make_primitive(&mut row);
            row
        };
        self.forms(pattern)
            .neurons
            .into_iter()
            .enumerate()
            .map(|(neuron, form)| primitive(if pattern.is_active(neuron) { form } else { negated(&form) }))
            .chain(border.iter().cloned())
            .collect()
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

    fn combine(&self, weights: &SparseRow, hidden: &[Vec<Integer>], scale: &Integer) -> Vec<Integer> {
        let mut sum = vec![Integer::ZERO; self.inputs + 1];
        for (place, weight) in weights.terms() {
            let terms = sum.iter_mut().zip(&hidden[*place]).filter(|(_, value)| !value.is_zero());
            terms.for_each(|(entry, value)| *entry += weight * value);
        }
        sum[self.inputs] += weights.constant() * scale;
        sum
    }
}
