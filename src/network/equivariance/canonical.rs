//! The canonical form of a network: its neurons up to what makes no difference.
//!
//! Every supported activation is positively homogeneous, `f(s x) = s f(x)` for `s > 0`. Therefore, layer by layer:
//! * a neuron whose weights are all zero has a constant value, which moves into the next biases;
//! * neurons whose rows (with bias) agree up to a positive factor carry the same value up to that factor: they form a
//!   *class* with one primitive integer row, and the columns behind them are summed with their factors.
//!
//! Both steps use the columns of the previous layer's classes, so duplicates of duplicates are found too. The rows of
//! different classes of a layer are different, which makes permutations of classes unique. A class is *idle* where
//! no way to the output has only non-zero entries: it does not matter for the function.

use crate::network::{Activation, AffineLayer, Network};
use crate::num::{Integer, Rational, exact, primitive_row};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A primitive integer row over the classes of the previous layer (over the inputs in the first layer).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Row {
    /// Columns, ascending, with non-zero entries.
    terms: Vec<(usize, Integer)>,
    bias: Integer,
}

impl Row {
    /// The columns with non-zero entries.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.terms.iter().map(|&(column, _)| column)
    }

    /// The row with its columns moved; `None` where a column has no image.
    pub(super) fn permuted(&self, image: &[Option<usize>], activation: Activation) -> Option<Row> {
        let mut terms = self
            .terms
            .iter()
            .map(|(column, entry)| Some((image[*column]?, entry.clone())))
            .collect::<Option<Vec<_>>>()?;
        terms.sort_unstable_by_key(|&(column, _)| column);
        let mut row = Row { terms, bias: self.bias.clone() };
        row.normalise(activation);
        Some(row)
    }

    /// `|x| = |-x|`: rows in front of an absolute value start with a positive entry.
    fn normalise(&mut self, activation: Activation) {
        if activation == Activation::Abs && self.terms[0].1 < Integer::ZERO {
            for (_, entry) in &mut self.terms {
                *entry = -&*entry;
            }
            self.bias = -&self.bias;
        }
    }
}

/// One hidden layer in canonical form.
pub(super) struct CanonicalLayer {
    pub(super) activation: Activation,
    /// One row per class, in order of the class's first neuron.
    pub(super) rows: Vec<Row>,
    /// The class of each row.
    pub(super) class_of: FxHashMap<Row, usize>,
    /// The neurons of each class, ordered by factor and index.
    pub(super) members: Vec<Vec<usize>>,
    /// What each neuron gives.
    pub(super) neurons: Vec<Neuron>,
    /// Whether the class matters for the output.
    pub(super) influential: Vec<bool>,
}

/// What a neuron gives: a constant, or a positive multiple of its class's value.
pub(super) enum Neuron {
    Constant(Rational),
    Class { class: usize, factor: Rational },
}

/// A network in canonical form.
pub(super) struct Canonical {
    pub(super) layers: Vec<CanonicalLayer>,
    /// The rows of the last layer over the classes of the one before: sparse weights and bias.
    pub(super) output: Vec<(BTreeMap<usize, Rational>, Rational)>,
}

impl Canonical {
    /// The canonical form. Costs about one exact operation per non-zero weight and one hash per neuron.
    pub(super) fn new(network: &Network) -> Self {
        let mut layers: Vec<CanonicalLayer> = Vec::new();
        for (layer, &activation) in network.layers().iter().zip(network.activations()) {
            let reduced = canonical_layer(layer, activation, layers.last());
            layers.push(reduced);
        }
        let last = &network.layers()[layers.len()];
        let output = (0..last.outputs()).map(|i| reduced_row(last, i, layers.last())).collect();
        let mut canonical = Canonical { layers, output };
        canonical.mark_influence();
        canonical
    }

    /// From the output backwards: a class matters iff something that matters has a non-zero entry for it.
    fn mark_influence(&mut self) {
        let mut used: Vec<usize> = self.output.iter().flat_map(|(terms, _)| terms.keys().copied()).collect();
        for layer in self.layers.iter_mut().rev() {
            for class in std::mem::take(&mut used) {
                layer.influential[class] = true;
            }
            let matters = layer.rows.iter().zip(&layer.influential).filter(|&(_, &influential)| influential);
            used = matters.flat_map(|(row, _)| row.columns()).collect();
        }
    }
}

fn canonical_layer(
    layer: &AffineLayer,
    activation: Activation,
    before: Option<&CanonicalLayer>,
) -> CanonicalLayer {
    let mut canonical = CanonicalLayer {
        activation,
        rows: Vec::new(),
        class_of: FxHashMap::default(),
        members: Vec::new(),
        neurons: Vec::with_capacity(layer.outputs()),
        influential: Vec::new(),
    };
    let mut factors = Vec::new();
    for i in 0..layer.outputs() {
        let (terms, bias) = reduced_row(layer, i, before);
        if terms.is_empty() {
            let value = if bias > Rational::ZERO { bias } else { bias * activation.negative_slope() };
            canonical.neurons.push(Neuron::Constant(value));
            factors.push(Rational::ZERO);
            continue;
        }
        let (columns, mut entries): (Vec<usize>, Vec<Rational>) = terms.into_iter().unzip();
        entries.push(bias);
        let (mut integers, scale) = primitive_row(&entries);
        let bias = integers.pop().expect("the bias was pushed");
        let mut row = Row { terms: columns.into_iter().zip(integers).collect(), bias };
        row.normalise(activation);
        let class = *canonical.class_of.entry(row).or_insert_with_key(|row| {
            canonical.rows.push(row.clone());
            canonical.members.push(Vec::new());
            canonical.rows.len() - 1
        });
        canonical.members[class].push(i);
        let factor = Rational::ONE / scale;
        factors.push(factor.clone());
        canonical.neurons.push(Neuron::Class { class, factor });
    }
    for members in &mut canonical.members {
        members.sort_by(|&a, &b| factors[a].cmp(&factors[b]).then(a.cmp(&b)));
    }
    canonical.influential = vec![false; canonical.rows.len()];
    canonical
}

/// Row `i` over the classes of the layer before: non-zero entries and bias.
fn reduced_row(
    layer: &AffineLayer,
    i: usize,
    before: Option<&CanonicalLayer>,
) -> (BTreeMap<usize, Rational>, Rational) {
    let mut terms: BTreeMap<usize, Rational> = BTreeMap::new();
    let mut bias = layer.exact_entry(i, layer.inputs());
    for j in 0..layer.inputs() {
        let rounded = layer.weights()[(i, j)];
        if rounded == 0.0 && layer.is_dyadic() {
            continue;
        }
        // Only a layer with entries that no f64 holds pays for looking them up.
        let entry = if layer.is_dyadic() { exact(rounded) } else { None };
        let entry = entry.unwrap_or_else(|| layer.exact_entry(i, j));
        match before.map(|before| &before.neurons[j]) {
            None => {
                terms.insert(j, entry);
            }
            Some(Neuron::Constant(value)) => bias += entry * value,
            Some(Neuron::Class { class, factor }) => *terms.entry(*class).or_default() += entry * factor,
        }
    }
    terms.retain(|_, entry| !entry.is_zero());
    (terms, bias)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DVector, dmatrix, dvector};

    #[test]
    fn constants_duplicates_and_idle_classes_are_found() {
        let hidden = dmatrix![1.0, -1.0; 0.0, 0.0; 2.0, -2.0; 3.0, 1.0; 6.0, 2.0; 0.0, 5.0];
        let network = Network::new(
            vec![
                AffineLayer::new(hidden, dvector![1.0, 4.0, 2.0, 0.0, 0.0, 0.0]).unwrap(),
                AffineLayer::new(dmatrix![1.0, 3.0, 0.5, 2.0, -1.0, 0.0], DVector::zeros(1)).unwrap(),
            ],
            vec![Activation::Relu],
        )
        .unwrap();
        let canonical = Canonical::new(&network);
        let layer = &canonical.layers[0];
        assert_eq!(layer.members, [vec![0, 2], vec![3, 4], vec![5]]);
        assert_eq!(layer.influential, [true, false, false]);
        // 1 * v + 0.5 * 2 v, and the constant 4 times 3.
        let (terms, bias) = &canonical.output[0];
        assert_eq!((terms[&0].clone(), bias.clone()), (Rational::from(2), Rational::from(12)));
    }

    #[test]
    fn an_absolute_value_forgets_the_sign() {
        let network = Network::new(
            vec![
                AffineLayer::new(dmatrix![1.0, -1.0; -1.0, 1.0], DVector::zeros(2)).unwrap(),
                AffineLayer::new(dmatrix![1.0, 1.0], DVector::zeros(1)).unwrap(),
            ],
            vec![Activation::Abs],
        )
        .unwrap();
        assert_eq!(Canonical::new(&network).layers[0].members, [vec![0, 1]]);
    }
}
