//! Zeros that equal weights and equal coordinates show, without the point of a vertex.
//!
//! On symmetric maps most exact zeros have this reason: where two coordinates are equal, so are the values of neurons
//! that differ by exchanging them, in every layer, and a neuron that cuts an edge vanishes there together with all
//! neurons whose weights on the remaining distinct values are a multiple of its own. Integers of machine size decide it.

use super::mask::Mask;
use super::search::VertexCells;
use crate::polyhedral::engine::{Source, Tie};
use rustc_hash::FxHashMap;

/// The class of inputs that are zero.
const ZERO: usize = 0;

/// Inputs of a layer that are known to be equal at a vertex.
pub(super) struct Ties {
    /// The class of each input; those of class [`ZERO`] are zero.
    classes: Vec<usize>,
    /// The number of classes with [`ZERO`].
    count: usize,
    /// Whether the vertex is a direction, where biases do not count.
    at_infinity: bool,
    /// The weights on the classes of neurons of the layer that vanish at the vertex.
    zeros: Vec<Vec<i128>>,
}

impl<M: Mask> VertexCells<'_, M> {
    /// The ties at a vertex among the inputs of a layer; `None` where weights are too large for small integers. `cut_by`
    /// is a neuron of the layer that vanishes at the vertex, beside those of `mask`.
    pub(super) fn ties(&self, vertex: usize, layer: usize, mask: M, cut_by: Option<usize>) -> Option<Ties> {
        let tight =
            || self.sources.iter().enumerate().filter(|&(row, _)| mask.contains(row)).map(|(_, s)| *s);
        let tight_neurons = |wanted: usize| {
            tight().filter_map(move |source| match source {
                Source::Neuron(l, neuron) if l as usize == wanted => Some(neuron as usize),
                _ => None,
            })
        };
        let at_infinity = tight().any(|source| source == Source::Infinity);
        let mut ties = Ties::of_coordinates(
            self.problem.homogeneous() - 1,
            at_infinity,
            tight().filter_map(|source| match source {
                Source::Border(row) => self.problem.ties[row as usize],
                _ => None,
            }),
        );
        for l in 0..layer {
            let (positive, slope) = (
                |j| self.store.signs(vertex, l, j / 64).0 >> (j % 64) & 1 == 1,
                self.problem.layers[l].slope,
            );
            let passes = |&j: &usize| slope != 0.0 || positive(j);
            ties = ties.behind(self.problem.small_weights[l].as_ref()?, passes, tight_neurons(l));
        }
        let weights = self.problem.small_weights[layer].as_ref()?;
        ties.zeros = tight_neurons(layer).chain(cut_by).map(|neuron| ties.fold(weights, neuron)).collect();
        Some(ties)
    }
}

impl Ties {
    fn of_coordinates(d: usize, at_infinity: bool, tight: impl Iterator<Item = Tie>) -> Ties {
        // Coordinates that are equal to a number have the class of a coordinate beyond the last one.
        let mut classes: Vec<usize> = (1..=d).collect();
        for tie in tight {
            let (coordinate, class) = match tie {
                Tie::Equal(i, j) => (i, classes[j]),
                Tie::Number(i, number) if number == 0 || at_infinity => (i, ZERO),
                Tie::Number(i, number) => (i, d + number),
            };
            let old = classes[coordinate];
            // A class that stands for a number or zero keeps its name.
            let (old, new) = if old > d || old == ZERO { (class, old) } else { (old, class) };
            classes.iter_mut().filter(|c| **c == old).for_each(|c| *c = new);
        }
        let mut names = FxHashMap::default();
        names.insert(ZERO, ZERO);
        for class in &mut classes {
            let next = names.len();
            *class = *names.entry(*class).or_insert(next);
        }
        Ties { classes, count: names.len(), at_infinity, zeros: Vec::new() }
    }

    /// The ties among the inputs of the next layer. `passes` says which neurons hand on their values.
    fn behind(
        &self,
        weights: &[i64],
        passes: impl Fn(&usize) -> bool,
        tight: impl Iterator<Item = usize>,
    ) -> Ties {
        let width = weights.len() / (self.classes.len() + 1);
        let mut names = FxHashMap::default();
        let zero = vec![0; self.count];
        names.insert(zero.clone(), ZERO);
        let mut classes = vec![ZERO; width];
        for neuron in (0..width).filter(passes) {
            let next = names.len();
            classes[neuron] = *names.entry(self.fold(weights, neuron)).or_insert(next);
        }
        for neuron in tight {
            let class = classes[neuron];
            classes.iter_mut().filter(|c| **c == class).for_each(|c| *c = ZERO);
        }
        Ties { classes, count: names.len(), at_infinity: self.at_infinity, zeros: Vec::new() }
    }

    /// The weights of a neuron on the classes but [`ZERO`], whose place holds the bias.
    fn fold(&self, weights: &[i64], neuron: usize) -> Vec<i128> {
        let inputs = self.classes.len();
        let row = &weights[neuron * (inputs + 1)..][..inputs + 1];
        let mut folded = vec![0; self.count];
        for (&class, &weight) in self.classes.iter().zip(row) {
            folded[class] += i128::from(weight);
        }
        folded[ZERO] = if self.at_infinity { 0 } else { i128::from(row[inputs]) };
        folded
    }

    /// Whether a neuron certainly vanishes at the vertex.
    pub(super) fn is_zero(&self, weights: &[i64], neuron: usize) -> bool {
        let folded = self.fold(weights, neuron);
        folded.iter().all(|&weight| weight == 0)
            || self.zeros.iter().any(|zero| are_proportional(&folded, zero))
    }
}

/// Whether a row is a multiple of another one that is not zero; not where products are too large to tell.
fn are_proportional(row: &[i128], other: &[i128]) -> bool {
    let Some(lead) = other.iter().position(|&b| b != 0) else { return false };
    let product = |a: i128, b: i128| a.checked_mul(b);
    row.iter()
        .zip(other)
        .all(|(&a, &b)| product(a, other[lead]).is_some_and(|left| Some(left) == product(row[lead], b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two channels on three positions: position `i` sees `x_i` and the sum.
    fn shared() -> Vec<i64> {
        let row = |own: i64, i: usize| (0..3).map(move |j| 1 + if i == j { own } else { 0 }).chain([5]);
        (0..6).flat_map(|neuron| row(if neuron < 3 { 2 } else { -3 }, neuron % 3)).collect()
    }

    #[test]
    fn equal_coordinates_make_equal_neurons() {
        let ties = Ties::of_coordinates(3, false, [Tie::Equal(0, 1)].into_iter());
        assert_eq!((ties.classes.as_slice(), ties.count), ([1, 1, 2].as_slice(), 3));
        let next = ties.behind(&shared(), |_| true, std::iter::empty());
        assert_eq!((next.classes.as_slice(), next.count), ([1, 1, 2, 3, 3, 4].as_slice(), 5));
        // A neuron that vanishes takes its equals along; one that is inactive hands on nothing.
        let next = ties.behind(&shared(), |&j| j != 5, [0].into_iter());
        assert_eq!(next.classes, [0, 0, 2, 3, 3, 0]);
    }

    #[test]
    fn equal_numbers_are_equal_coordinates() {
        let tight = || [Tie::Number(2, 1), Tie::Number(0, 1), Tie::Equal(0, 1)].into_iter();
        assert_eq!(Ties::of_coordinates(4, false, tight()).classes, [1, 1, 1, 2]);
        assert_eq!(Ties::of_coordinates(4, true, tight()).classes, [0, 0, 0, 1]);
    }

    #[test]
    fn multiples_of_a_zero_are_zero() {
        let mut ties = Ties::of_coordinates(3, false, [Tie::Equal(0, 1)].into_iter());
        ties.zeros.push(ties.fold(&shared(), 0));
        assert!(ties.is_zero(&shared(), 1) && !ties.is_zero(&shared(), 2));
        assert!(!are_proportional(&[i128::MAX, 1], &[2, 1]) && are_proportional(&[-2, 4], &[1, -2]));
    }
}
