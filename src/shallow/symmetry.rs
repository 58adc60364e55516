//! Groups that permute the entries of every layer of a network.

use crate::error::{Error, Result};
use crate::group::{Permutation, PermutationGroup};
use crate::network::Network;
use crate::num::Rational;
use crate::polyhedral::orbits::orbit_of;
use crate::polyhedral::{ActivationPattern, AffinePiece, Domain, PatternSymmetry};
use rustc_hash::FxHashSet;

/// An element of a group, as it permutes the entries of every layer: entry `i` goes to place `p[i]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerPermutation {
    /// The permutation of the inputs.
    pub input: Permutation,
    /// The permutation of the neurons of each hidden layer.
    pub hidden: Vec<Permutation>,
    /// The permutation of the outputs.
    pub output: Permutation,
}

/// The vector with entry `i` moved to place `p[i]`.
///
/// # Panics
/// Panics where the lengths differ.
///
/// ```
/// use isotypic::group::Permutation;
/// use isotypic::shallow::symmetry::permuted;
/// let shift = Permutation::parse("(1,2,3)", 3)?;
/// assert_eq!(permuted(&shift, &['a', 'b', 'c']), ['c', 'a', 'b']);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn permuted<T: Clone>(p: &Permutation, vector: &[T]) -> Vec<T> {
    assert_eq!(p.degree(), vector.len(), "a permutation of another degree");
    let mut image = vector.to_vec();
    for (i, entry) in vector.iter().enumerate() {
        image[p.apply(i)] = entry.clone();
    }
    image
}

impl LayerPermutation {
    /// First `first`, then `self`.
    pub fn after(&self, first: &Self) -> Self {
        LayerPermutation {
            input: &self.input * &first.input,
            hidden: self.hidden.iter().zip(&first.hidden).map(|(a, b)| a * b).collect(),
            output: &self.output * &first.output,
        }
    }

    /// The element that undoes this one.
    pub fn inverse(&self) -> Self {
        LayerPermutation {
            input: self.input.inverse(),
            hidden: self.hidden.iter().map(Permutation::inverse).collect(),
            output: self.output.inverse(),
        }
    }

    /// The row of the image half-space: `row'.(g x, 1) = row.(x, 1)`. Also the image of a point in homogeneous
    /// coordinates.
    pub fn permute_row<T: Clone>(&self, row: &[T]) -> Vec<T> {
        let (constant, coefficients) = row.split_last().expect("a row ends in its constant");
        let mut image = permuted(&self.input, coefficients);
        image.push(constant.clone());
        image
    }

    /// The pattern of the image region.
    pub fn permute_pattern(&self, pattern: &ActivationPattern) -> ActivationPattern {
        let mut image = ActivationPattern::inactive(pattern.neurons());
        let mut first = 0;
        for p in &self.hidden {
            for i in (0..p.degree()).filter(|i| pattern.is_active(first + i)) {
                image.set(first + p.apply(i), true);
            }
            first += p.degree();
        }
        image
    }

    /// The affine piece on the image region: `piece'(g x) = g piece(x)`.
    pub fn permute_piece(&self, piece: &AffinePiece) -> AffinePiece {
        let rows: Vec<Vec<Rational>> = piece.rows.iter().map(|row| self.permute_row(row)).collect();
        AffinePiece { rows: permuted(&self.output, &rows) }
    }

    /// One permutation of inputs, neurons and outputs in a row.
    fn joined(&self) -> Permutation {
        let mut images: Vec<u32> = Vec::new();
        for part in std::iter::once(&self.input).chain(&self.hidden).chain([&self.output]) {
            let offset = images.len() as u32;
            images.extend(part.images().iter().map(|image| image + offset));
        }
        Permutation::from_images(images).expect("parts permute disjoint sets")
    }

    /// Takes apart what [`joined`](Self::joined) made of permutations of the same degrees as this one's.
    fn split(&self, joined: &Permutation) -> Self {
        let mut offset = 0;
        let mut part = |degree: usize| {
            let permutation = Permutation::from_fn(degree, |i| joined.apply(offset + i) - offset);
            offset += degree;
            permutation
        };
        LayerPermutation {
            input: part(self.input.degree()),
            hidden: self.hidden.iter().map(|p| part(p.degree())).collect(),
            output: part(self.output.degree()),
        }
    }

    /// Whether the network's weights go to weights under this element, up to positive factors of neurons:
    /// `W[q i, p j] s_j = t_i W[i, j]` and `b[q i] = t_i b[i]` with `s, t > 0`, and factors 1 at inputs and outputs. Then
    /// `f(g x) = g f(x)`, and patterns go to patterns.
    ///
    /// The degrees must be those of the network's layers.
    fn preserves(&self, network: &Network) -> bool {
        let mut before = &self.input;
        let mut factors = vec![Rational::ONE; network.inputs()];
        for (l, layer) in network.layers().iter().enumerate() {
            let after = self.hidden.get(l).unwrap_or(&self.output);
            let mut next = Vec::with_capacity(layer.outputs());
            for i in 0..layer.outputs() {
                let row = layer.exact_row(i);
                let image = layer.exact_row(after.apply(i));
                // The image row pulled back to the places of `row`.
                let pulled: Vec<Rational> = (0..layer.inputs())
                    .map(|j| &image[before.apply(j)] * &factors[j])
                    .chain([image[layer.inputs()].clone()])
                    .collect();
                let factor = match row.iter().position(|entry| !entry.is_zero()) {
                    Some(at) => &pulled[at] / &row[at],
                    None => Rational::ONE,
                };
                let outermost = l == self.hidden.len();
                let allowed = if outermost { factor == Rational::ONE } else { factor > Rational::ZERO };
                if !allowed || row.iter().zip(&pulled).any(|(a, b)| a * &factor != *b) {
                    return false;
                }
                next.push(factor);
            }
            factors = next;
            before = after;
        }
        true
    }
}

/// A group acting on every layer of a network by permutations, given by generators. No generators: the trivial group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerSymmetry {
    /// The generators.
    pub generators: Vec<LayerPermutation>,
}

impl LayerSymmetry {
    /// The group as permutations of inputs, neurons and outputs in a row; `None` without generators.
    pub(super) fn joined_group(&self) -> Option<PermutationGroup> {
        let generators: Vec<Permutation> = self.generators.iter().map(LayerPermutation::joined).collect();
        let degree = generators.first()?.degree();
        PermutationGroup::from_generators("layers", degree, generators).ok()
    }

    /// The element that a permutation of inputs, neurons and outputs in a row stands for.
    ///
    /// # Panics
    /// Panics without generators.
    pub(super) fn element(&self, joined: &Permutation) -> LayerPermutation {
        self.generators[0].split(joined)
    }

    /// Checks that the group is one of symmetries of the network, exactly: every generator takes weights to weights, up
    /// to positive factors of neurons.
    ///
    /// # Errors
    /// [`Error::Shape`] where a permutation does not fit its layer, [`Error::Input`] where a generator is no symmetry.
    pub fn check(&self, network: &Network) -> Result<()> {
        let widths: Vec<usize> = network.layers().iter().map(|layer| layer.outputs()).collect();
        for (number, generator) in self.generators.iter().enumerate() {
            let degrees: Vec<usize> =
                generator.hidden.iter().chain([&generator.output]).map(Permutation::degree).collect();
            let place = || format!("symmetry of the layers, generator {}", number + 1);
            if generator.input.degree() != network.inputs() || degrees != widths {
                return Err(Error::shape(
                    place(),
                    format!("permutations of {} inputs and {widths:?} outputs of layers", network.inputs()),
                    format!("of {} and {degrees:?}", generator.input.degree()),
                    "give one permutation for the inputs and one for each layer's outputs",
                ));
            }
            if !generator.preserves(network) {
                return Err(Error::input(
                    place(),
                    "it does not take the weights of every layer to themselves",
                    "give a group under which every layer is equivariant; `isotypic check` tells which ones are",
                ));
            }
        }
        Ok(())
    }

    /// Checks that every generator permutes the half-spaces that define the domain.
    ///
    /// # Errors
    /// [`Error::Input`] where one does not; else as [`Domain::half_spaces`].
    pub fn check_domain(&self, domain: &Domain, dimension: usize) -> Result<()> {
        let rows = domain.half_spaces(dimension)?;
        for (number, generator) in self.generators.iter().enumerate() {
            if rows.iter().any(|row| !rows.contains(&generator.permute_row(row))) {
                return Err(Error::input(
                    format!("symmetry of the domain, generator {}", number + 1),
                    "it does not permute the half-spaces that define the domain",
                    "choose a domain that the group preserves, or a smaller group",
                ));
            }
        }
        Ok(())
    }

    /// The number of images of a pattern under the group.
    pub fn orbit_size(&self, pattern: &ActivationPattern) -> usize {
        orbit_of(self, pattern).len()
    }

    /// The images of a pattern under the group, each once with an element that leads to it, the pattern itself first.
    ///
    /// O(size of the orbit * generators * neurons).
    pub(super) fn orbit_of_pattern(
        &self,
        pattern: &ActivationPattern,
    ) -> Vec<(ActivationPattern, Option<LayerPermutation>)> {
        let mut known: FxHashSet<ActivationPattern> = FxHashSet::default();
        known.insert(pattern.clone());
        // `None` is the identity, so that the trivial group needs no degrees.
        let mut orbit: Vec<(ActivationPattern, Option<LayerPermutation>)> = vec![(pattern.clone(), None)];
        let mut at = 0;
        while at < orbit.len() {
            for generator in &self.generators {
                let (pattern, element) = &orbit[at];
                let image = generator.permute_pattern(pattern);
                if known.insert(image.clone()) {
                    let element = element.as_ref().map_or_else(|| generator.clone(), |g| generator.after(g));
                    orbit.push((image, Some(element)));
                }
            }
            at += 1;
        }
        orbit
    }
}

impl PatternSymmetry for LayerSymmetry {
    fn generators(&self) -> usize {
        self.generators.len()
    }

    fn permute_pattern(&self, generator: usize, pattern: &ActivationPattern) -> ActivationPattern {
        self.generators[generator].permute_pattern(pattern)
    }

    fn permute_point(&self, generator: usize, point: &[Rational]) -> Vec<Rational> {
        permuted(&self.generators[generator].input, point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Activation, AffineLayer};
    use nalgebra::{dmatrix, dvector};

    fn swap() -> Permutation {
        Permutation::parse("(1,2)", 2).unwrap()
    }

    /// `max(x, y)`-like network whose two neurons are swapped, one of them rescaled by `factor`.
    fn network(factor: f64) -> Network {
        let hidden = AffineLayer::new(dmatrix![1.0, -1.0; -factor, factor], dvector![0.0, 0.0]).unwrap();
        let output = AffineLayer::new(dmatrix![1.0, 1.0 / factor], dvector![0.0]).unwrap();
        Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap()
    }

    fn symmetry() -> LayerSymmetry {
        let output = Permutation::identity(1);
        LayerSymmetry { generators: vec![LayerPermutation { input: swap(), hidden: vec![swap()], output }] }
    }

    #[test]
    fn weights_are_compared_up_to_positive_factors() {
        assert!(symmetry().check(&network(1.0)).is_ok());
        assert!(symmetry().check(&network(4.0)).is_ok());
        assert!(symmetry().check(&network(-1.0)).is_err());
        let mut wrong = symmetry();
        wrong.generators[0].hidden[0] = Permutation::identity(2);
        assert!(wrong.check(&network(1.0)).is_err());
        wrong.generators[0].hidden.clear();
        assert!(matches!(wrong.check(&network(1.0)), Err(Error::Shape { .. })));
    }

    #[test]
    fn joined_elements_come_apart() {
        let symmetry = symmetry();
        let group = symmetry.joined_group().unwrap();
        assert_eq!(symmetry.element(&group.generators()[0]), symmetry.generators[0]);
        assert_eq!(group.order(), 2u8.into());
    }

    #[test]
    fn a_lopsided_box_is_refused() {
        let lo = vec![(-1).into(), (-1).into()];
        let domain = Domain::Box { lo, hi: vec![1.into(), 2.into()] };
        assert!(symmetry().check_domain(&domain, 2).is_err());
        assert!(symmetry().check_domain(&Domain::cube(2, 0.into(), 1.into()).unwrap(), 2).is_ok());
    }
}
