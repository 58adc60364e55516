//! A fundamental domain for permutations of the inputs.

use super::symmetry::{LayerPermutation, LayerSymmetry, permuted};
use crate::group::{Permutation, PermutationGroup};
use crate::num::Integer;
use std::cmp::Ordering;

/// A convex cone that holds a point of every orbit of a group that permutes coordinates.
///
/// Let `b_1, b_2, ...` be the base points of a stabiliser chain and `O_i` the orbit of `b_i` under the stabiliser of
/// those before it. The chamber is `{ x : x[b_i] >= x[j] for all j in O_i }`. Greedily moving the largest entry of `O_1`
/// to `b_1`, then that of `O_2` to `b_2` and so on brings any `x` into it; where entries differ, only one element of the
/// group (modulo those that fix every input) does, so the interiors of the images of the chamber are disjoint. For `S_n`
/// on `n` inputs it is `x_1 >= x_2 >= ...`, for `C_n` it is `x_1 >= x_j`.
#[derive(Clone, Debug)]
pub struct Chamber {
    inputs: usize,
    symmetry: LayerSymmetry,
    /// `None` for the trivial group.
    group: Option<PermutationGroup>,
    /// Pairs `(b, j)` that stand for `x[b] >= x[j]`.
    walls: Vec<(usize, usize)>,
}

impl Chamber {
    /// The chamber of a group.
    pub fn new(inputs: usize, symmetry: &LayerSymmetry) -> Self {
        let group = symmetry.joined_group();
        let walls = group.iter().flat_map(|group| walls(group, inputs)).collect();
        Chamber { inputs, symmetry: symmetry.clone(), group, walls }
    }

    /// Whether a vector lies in the interior of the chamber.
    pub fn contains_inside(&self, vector: &[Integer]) -> bool {
        self.walls.iter().all(|&(b, j)| vector[b] > vector[j])
    }

    /// An element that brings a vector into the chamber; `None` for the identity. Only comparisons are made.
    ///
    /// O(d log d) and one product of permutations per level of the chain.
    ///
    /// # Panics
    /// Panics where entries cannot be compared.
    pub fn reduce<T: PartialOrd>(&self, vector: &[T]) -> Option<LayerPermutation> {
        let group = self.group.as_ref()?;
        let mut order: Vec<usize> = (0..self.inputs).collect();
        let compare = |a: &T, b: &T| -> Ordering { b.partial_cmp(a).expect("comparable numbers") };
        order.sort_by(|&a, &b| compare(&vector[a], &vector[b]).then(a.cmp(&b)));
        // `rank h` has the smallest images of the base points when `h` carries them to the largest entries.
        let mut rank: Vec<u32> = (0..group.degree() as u32).collect();
        for (place, &input) in order.iter().enumerate() {
            rank[input] = place as u32;
        }
        let rank = Permutation::from_images(rank).expect("ranks of distinct places");
        let smallest = group.chain().smallest_in_left_coset(&rank);
        let carried = &rank.inverse() * &smallest;
        (!carried.is_identity()).then(|| self.symmetry.element(&carried.inverse()))
    }

    /// All elements of the group; empty for the trivial group.
    pub(super) fn elements(&self) -> Vec<LayerPermutation> {
        let joined = self.group.as_ref().map(|group| group.chain().elements()).unwrap_or_default();
        joined.iter().map(|element| self.symmetry.element(element)).collect()
    }

    /// Exchanges of two inputs that generate what the group does to the inputs, where there are such: where the group
    /// permutes the inputs of each of its orbits in all ways. Then a region that meets the interior of the chamber of these
    /// reflections is the only one of its orbit to do so.
    ///
    /// Exchanges of inputs that follow one another in an orbit: the simple reflections of the chamber in which entries fall
    /// along every orbit.
    pub fn reflections(&self) -> Option<Vec<LayerPermutation>> {
        let Some(group) = &self.group else { return Some(Vec::new()) };
        let orbits = group.orbits();
        let mut last: Vec<Option<usize>> = vec![None; orbits.count()];
        let mut exchanges = Vec::new();
        for x in 0..self.inputs {
            if let Some(before) = last[orbits.of(x)].replace(x) {
                exchanges.push(self.exchange(before, x)?);
            }
        }
        Some(exchanges)
    }

    /// The element that exchanges two inputs and leaves the others where they are, if there is one.
    fn exchange(&self, i: usize, j: usize) -> Option<LayerPermutation> {
        let mut vector: Vec<usize> = (0..self.inputs).collect();
        if let Some(element) = self.reduce(&vector) {
            vector = permuted(&element.input, &vector);
        }
        // No element but one leads from here into the chamber, whose interior holds `vector`.
        let mut exchanged = vector.clone();
        exchanged.swap(i, j);
        self.reduce(&exchanged).filter(|element| permuted(&element.input, &exchanged) == vector)
    }
}

fn walls(group: &PermutationGroup, inputs: usize) -> Vec<(usize, usize)> {
    let chain = group.chain();
    chain
        .base()
        .into_iter()
        .zip(chain.basic_orbits())
        .filter(|&(b, _)| b < inputs)
        .flat_map(|(b, orbit)| orbit.iter().map(move |&j| (b, j as usize)).filter(|(b, j)| b != j))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chamber(text: &str, degree: usize) -> Chamber {
        let group = PermutationGroup::parse(text).unwrap();
        let on = |g: &Permutation| {
            Permutation::from_fn(degree, |i| {
                i / group.degree() * group.degree() + g.apply(i % group.degree())
            })
        };
        let generators = group
            .generators()
            .iter()
            .map(|g| LayerPermutation { input: on(g), hidden: vec![], output: Permutation::identity(1) })
            .collect();
        Chamber::new(degree, &LayerSymmetry { generators })
    }

    proptest! {
        #[test]
        fn every_point_is_brought_into_the_chamber(
            x in proptest::collection::vec(-3i32..=3, 8),
            which in 0usize..5,
        ) {
            let (text, degree) = [("S4", 4), ("C8", 8), ("D4", 8), ("<(1,2)(3,4),(1,3)(2,4)>", 4), ("A4", 8)][which];
            let chamber = chamber(text, degree);
            let x = &x[..degree];
            let image = chamber.reduce(x).map_or_else(|| x.to_vec(), |g| permuted(&g.input, x));
            prop_assert!(chamber.walls.iter().all(|&(b, j)| image[b] >= image[j]));
        }
    }

    #[test]
    fn reflection_groups_are_known() {
        let walls = |text: &str, degree: usize| -> Option<Vec<String>> {
            let exchanges = chamber(text, degree).reflections()?;
            Some(exchanges.iter().map(|element| element.input.to_string()).collect())
        };
        assert_eq!(walls("S4", 4).unwrap(), ["(1,2)", "(2,3)", "(3,4)"]);
        assert_eq!(walls("<(1,3),(2,4,5),(4,5)>", 5).unwrap(), ["(1,3)", "(2,4)", "(4,5)"]);
        assert_eq!(walls("S4", 8), None);
        assert_eq!(walls("A4", 4), None);
        assert_eq!(walls("C4", 4), None);
        assert_eq!(chamber("C4", 4).walls.len(), 3);
    }

    #[test]
    fn the_interior_of_the_chamber_is_moved_off_itself() {
        let chamber = chamber("C4", 4);
        let inside = [9, 1, 2, 3].map(Integer::from);
        let elements = chamber.elements();
        let images = elements.iter().filter(|g| chamber.contains_inside(&permuted(&g.input, &inside)));
        assert_eq!((elements.len(), images.count()), (4, 1));
    }
}
