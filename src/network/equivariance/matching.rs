//! Exact matching: how a generator permutes the classes and the neurons of every hidden layer.

use super::canonical::{Canonical, CanonicalLayer, Neuron, Row};
use crate::group::Permutation;

/// What one generator does to the hidden layers.
pub(super) struct Matching {
    /// The image of each class of each layer; layers behind one that could not be matched are missing.
    pub(super) classes: Vec<Vec<Option<usize>>>,
    /// Whether every class that matters has its partner and the outputs agree exactly.
    pub(super) exact: bool,
}

/// Matches the layers one by one. Rows of different classes differ, so the image of a class is unique.
pub(super) fn match_generator(canonical: &Canonical, input: &Permutation, output: &Permutation) -> Matching {
    let mut matching = Matching { classes: Vec::new(), exact: false };
    let mut image: Vec<Option<usize>> = (0..input.degree()).map(|j| Some(input.apply(j))).collect();
    for layer in &canonical.layers {
        let partner = |row: &Row| layer.class_of.get(&row.permuted(&image, layer.activation)?).copied();
        let next: Vec<Option<usize>> = layer.rows.iter().map(partner).collect();
        let complete = next
            .iter()
            .enumerate()
            .filter(|&(class, _)| layer.influential[class])
            .all(|(_, partner)| partner.is_some_and(|partner| layer.influential[partner]));
        if !complete {
            return matching;
        }
        matching.classes.push(next.clone());
        image = next;
    }
    matching.exact = canonical.output.iter().enumerate().all(|(i, (terms, bias))| {
        let (there, bias_there) = &canonical.output[output.apply(i)];
        bias == bias_there
            && terms.len() == there.len()
            && terms
                .iter()
                .all(|(class, entry)| image[*class].is_some_and(|partner| there.get(&partner) == Some(entry)))
    });
    matching
}

/// A permutation of a layer's neurons over a permutation of its classes: the members of a class go to those of its
/// image in order of factor and index, and constants stay. `None` where a class has no image or one of another size.
///
/// Images of products are products of images, because the class permutations are unique and ranks are kept. The flag
/// tells whether some neuron goes to one of another factor.
pub(super) fn neuron_permutation(
    layer: &CanonicalLayer,
    classes: &[Option<usize>],
) -> Option<(Permutation, bool)> {
    let mut images: Vec<u32> = (0..layer.neurons.len() as u32).collect();
    let mut rescales = false;
    for (class, partner) in classes.iter().enumerate() {
        let (here, there) = (&layer.members[class], &layer.members[(*partner)?]);
        if here.len() != there.len() {
            return None;
        }
        for (&i, &k) in here.iter().zip(there) {
            images[i] = k as u32;
            rescales |= factor(layer, i) != factor(layer, k);
        }
    }
    Some((Permutation::from_images(images).ok()?, rescales))
}

fn factor(layer: &CanonicalLayer, neuron: usize) -> Option<&crate::num::Rational> {
    match &layer.neurons[neuron] {
        Neuron::Class { factor, .. } => Some(factor),
        Neuron::Constant(_) => None,
    }
}
