//! What the equivariance check answers.

use crate::group::Permutation;
use crate::num::Rational;

/// How the group permutes a network's outputs.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputAction {
    /// As the inputs.
    Same,
    /// Not at all: the network is to be invariant.
    Trivial,
    /// By these permutations, one per generator.
    Given(Vec<Permutation>),
    /// As the inputs where there are as many outputs and it fits, else not at all.
    Auto,
}

/// The answer of the check.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Equivariant, exactly: every layer that matters intertwines the permutations, as rational numbers.
    Exact,
    /// Not shown to be equivariant exactly, but all layers agree up to `violation`, which the caller accepts.
    Within {
        /// The largest difference between two entries that should be equal.
        violation: f64,
    },
    /// Not equivariant: here is a point where the outputs differ, exactly.
    No {
        /// The point.
        witness: Witness,
    },
    /// No permutation of some hidden layer was found, and no counterexample either: the function may or may not be
    /// equivariant.
    Undecided,
}

/// A point `x` with `f(g x)[q[i]] != f(x)[i]`, in exact arithmetic.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The number of the generator `g`, from 0.
    pub generator: usize,
    /// The point `x`.
    pub input: Vec<Rational>,
    /// The output `i`.
    pub output: usize,
    /// `f(x)[i]`.
    pub value_here: Rational,
    /// `f(g x)[q[i]]`.
    pub value_there: Rational,
}

/// Two entries of an affine layer that should be equal: `W[row][column]` and its image under a generator.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The number of the generator, from 0.
    pub generator: usize,
    /// The affine layer, from 0.
    pub layer: usize,
    /// The row.
    pub row: usize,
    /// The column; the number of columns stands for the bias.
    pub column: usize,
    /// The entry.
    pub value_here: f64,
    /// Its image.
    pub value_there: f64,
    /// The absolute difference; positive even where rounding makes the two values look equal.
    pub difference: f64,
}

/// How the group acts on one hidden layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerAction {
    /// The number of neurons.
    pub size: usize,
    /// The permutation of the neurons for each generator, where there is one: `h(g x)[q[i]] = h(x)[i]`.
    ///
    /// Equal neurons are paired in order of index, constants stay, so products go to products. There is none where a
    /// neuron without influence has no partner or duplicates are spread unevenly; the function can be equivariant
    /// nevertheless. With [`Verdict::Within`] these are the nearest permutations, with no promise on products.
    pub permutations: Option<Vec<Permutation>>,
    /// The number of orbits on the neurons, where the permutations are known.
    pub orbits: Option<usize>,
    /// Whether a neuron goes to a positive multiple of itself: then `h(g x)[q[i]]` is a positive multiple of `h(x)[i]`.
    pub rescales: bool,
    /// Neurons that repeat another one up to a positive factor.
    pub merged: usize,
    /// Neurons whose value does not depend on the input.
    pub constant: usize,
    /// Neurons without influence on the output.
    pub idle: usize,
}

impl LayerAction {
    /// Records the permutations and counts their orbits.
    pub(super) fn set_permutations(&mut self, permutations: Vec<Permutation>) {
        let mut seen = vec![false; self.size];
        let mut orbits = 0;
        for start in 0..self.size {
            if seen[start] {
                continue;
            }
            orbits += 1;
            seen[start] = true;
            let mut open = vec![start];
            while let Some(neuron) = open.pop() {
                for permutation in &permutations {
                    let image = permutation.apply(neuron);
                    if !std::mem::replace(&mut seen[image], true) {
                        open.push(image);
                    }
                }
            }
        }
        self.orbits = Some(orbits);
        self.permutations = Some(permutations);
    }
}

/// The result of the equivariance check.
#[derive(Clone, Debug, PartialEq)]
pub struct EquivarianceReport {
    /// The answer.
    pub verdict: Verdict,
    /// The hidden layers.
    pub layers: Vec<LayerAction>,
    /// The action on the outputs that the answer is about; never [`OutputAction::Auto`]. With `Auto` and no exact
    /// answer, the one with the smaller violation.
    pub output: OutputAction,
    /// The worst violation of the nearest matching, where the answer is not [`Verdict::Exact`].
    pub worst: Option<Violation>,
}

impl EquivarianceReport {
    /// Whether the answer is yes, exactly or within the accepted tolerance.
    pub fn is_equivariant(&self) -> bool {
        matches!(self.verdict, Verdict::Exact | Verdict::Within { .. })
    }

    /// The largest difference between entries that should be equal; 0 where the answer is exact.
    pub fn max_violation(&self) -> f64 {
        self.worst.as_ref().map_or(0.0, |worst| worst.difference)
    }
}
