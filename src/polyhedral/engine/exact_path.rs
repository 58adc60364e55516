//! Exact forms and exact points along one path of the search tree.

use super::problem::Problem;
use crate::error::{Error, Result};
use crate::num::elimination::kernel;
use crate::num::{Integer, Rational, Sign, exact, primitive_row};

/// The bits of the neurons of each hidden layer on the current path: neuron `i` is bit `i % 64` of word `i / 64`.
pub(in crate::polyhedral) type LayerBits = Vec<Vec<u64>>;

/// Whether a bit is set.
#[inline]
pub(in crate::polyhedral) fn bit(words: &[u64], i: usize) -> bool {
    words[i / 64] >> (i % 64) & 1 == 1
}

/// Where a row of a cell comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::polyhedral) enum Source {
    /// The hyperplane at infinity, `t >= 0`.
    Infinity,
    /// A row of the domain.
    Border(u32),
    /// A neuron, by its hidden layer and its index there.
    Neuron(u32, u32),
}

/// Exact integer forms of neurons under the bits of the current path, computed when asked for.
pub(in crate::polyhedral) struct ExactPath<'p> {
    problem: &'p Problem,
    rows: Vec<Vec<Option<Box<[Integer]>>>>,
}

/// A point given exactly by a homogeneous integer vector, with the exact values of all neurons of the layers that were
/// asked for, each layer by its own positive factor.
pub(in crate::polyhedral) struct ExactPoint {
    pub(in crate::polyhedral) vector: Vec<Integer>,
    layers: Vec<Vec<Integer>>,
}

impl<'p> ExactPath<'p> {
    pub(in crate::polyhedral) fn new(problem: &'p Problem) -> Self {
        let rows = problem.layers.iter().map(|layer| vec![None; layer.width]).collect();
        ExactPath { problem, rows }
    }

    /// To be called where the bits of the layer before `layer` change.
    pub(in crate::polyhedral) fn enter(&mut self, layer: usize) {
        self.rows[layer].fill(None);
    }

    /// The form of a neuron of a layer whose earlier layers have their final bits.
    pub(in crate::polyhedral) fn row(&mut self, bits: &LayerBits, layer: usize, neuron: usize) -> &[Integer] {
        if self.rows[layer][neuron].is_none() {
            let row = self.compose(bits, layer, neuron);
            self.rows[layer][neuron] = Some(row.into());
        }
        self.rows[layer][neuron].as_deref().expect("just computed")
    }

    fn compose(&mut self, bits: &LayerBits, layer: usize, neuron: usize) -> Vec<Integer> {
        let problem = self.problem;
        let weights = &problem.map.integer_layer(layer).rows[neuron];
        if layer == 0 {
            return weights.clone();
        }
        let h = problem.homogeneous();
        let slope = problem.map.slope(layer - 1);
        let denominator = Integer::from(slope.denominator().clone());
        let (bias, weights) = weights.split_last().expect("a row ends in its bias");
        let mut sum = vec![Integer::ZERO; h];
        for (j, weight) in weights.iter().enumerate() {
            let factor = if bit(&bits[layer - 1], j) { &denominator } else { slope.numerator() };
            if weight.is_zero() || factor.is_zero() {
                continue;
            }
            let factor = weight * factor;
            for (entry, value) in sum.iter_mut().zip(self.row(bits, layer - 1, j)) {
                *entry += &factor * value;
            }
        }
        sum[h - 1] += bias * &problem.scales[layer - 1] * &denominator;
        sum
    }

    /// The row of a source, oriented as the neuron's form or the domain's row.
    pub(in crate::polyhedral) fn source_row(&mut self, bits: &LayerBits, source: Source) -> Vec<Integer> {
        match source {
            Source::Infinity => {
                let h = self.problem.homogeneous();
                (1..=h).map(|i| if i == h { Integer::ONE } else { Integer::ZERO }).collect()
            }
            Source::Border(i) => self.problem.border[i as usize].clone(),
            Source::Neuron(layer, neuron) => self.row(bits, layer as usize, neuron as usize).to_vec(),
        }
    }

    /// The row of a source, or its negative.
    pub(in crate::polyhedral) fn oriented_row(
        &mut self,
        bits: &LayerBits,
        (source, positive): (Source, bool),
    ) -> Vec<Integer> {
        let row = self.source_row(bits, source);
        if positive { row } else { row.iter().map(|entry| -entry).collect() }
    }

    /// The point in which the hyperplanes of `tight` meet, on the inner side of all rows of `others`.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where the hyperplanes do not meet in one homogeneous point.
    pub(in crate::polyhedral) fn meeting_point(
        &mut self,
        bits: &LayerBits,
        tight: impl Iterator<Item = Source>,
        others: impl Iterator<Item = Source>,
    ) -> Result<ExactPoint> {
        let h = self.problem.homogeneous();
        let rows: Vec<Vec<Integer>> = tight.map(|source| self.source_row(bits, source)).collect();
        let mut directions = kernel(&rows, h);
        let (Some(mut vector), true) = (directions.pop(), directions.is_empty()) else {
            return Err(Error::inconsistent("vertex of a cell", "its facets do not meet in one point"));
        };
        let mut orientation = Sign::of(&vector[h - 1]);
        for source in others {
            if orientation != Sign::Zero {
                break;
            }
            let value = dot(&self.source_row(bits, source), &vector);
            let inside = match source {
                Source::Neuron(layer, neuron) => bit(&bits[layer as usize], neuron as usize),
                _ => true,
            };
            orientation = Sign::of(&if inside { value } else { -value });
        }
        match orientation {
            Sign::Positive => {}
            Sign::Negative => vector.iter_mut().for_each(|entry| *entry = -&*entry),
            Sign::Zero => {
                return Err(Error::inconsistent("vertex of a cell", "a line lies in the cell"));
            }
        }
        Ok(ExactPoint::new(vector))
    }
}

impl ExactPoint {
    pub(in crate::polyhedral) fn new(vector: Vec<Integer>) -> Self {
        ExactPoint { vector, layers: Vec::new() }
    }

    /// The point with the given coordinates, `None` where one is not finite.
    pub(in crate::polyhedral) fn from_floats(point: &[f64]) -> Option<Self> {
        let mut vector: Vec<Rational> = point.iter().map(|&x| exact(x)).collect::<Option<_>>()?;
        vector.push(Rational::ONE);
        Some(ExactPoint::new(primitive_row(&vector).0))
    }

    /// The point with the given coordinates.
    pub(in crate::polyhedral) fn from_rationals(point: &[Rational]) -> Self {
        let vector: Vec<Rational> = point.iter().cloned().chain([Rational::ONE]).collect();
        ExactPoint::new(primitive_row(&vector).0)
    }

    /// The sign of a row at the point.
    pub(in crate::polyhedral) fn side_of(&self, row: &[Integer]) -> Sign {
        Sign::of(&dot(row, &self.vector))
    }

    /// The exact sign of a neuron at the point. For a point at infinity: of the neuron's growth along that direction.
    pub(in crate::polyhedral) fn sign(&mut self, problem: &Problem, layer: usize, neuron: usize) -> Sign {
        while self.layers.len() <= layer {
            let next = self.forward(problem);
            self.layers.push(next);
        }
        Sign::of(&self.layers[layer][neuron])
    }

    /// The values of the next layer that is not known yet.
    fn forward(&self, problem: &Problem) -> Vec<Integer> {
        let layer = self.layers.len();
        let rows = &problem.map.integer_layer(layer).rows;
        if layer == 0 {
            return rows.iter().map(|row| dot(row, &self.vector)).collect();
        }
        let slope = problem.map.slope(layer - 1);
        let denominator = Integer::from(slope.denominator().clone());
        let mut hidden: Vec<Integer> = self.layers[layer - 1]
            .iter()
            .map(|value| {
                value * if Sign::of(value) == Sign::Positive { &denominator } else { slope.numerator() }
            })
            .collect();
        hidden.push(&self.vector[problem.homogeneous() - 1] * &problem.scales[layer - 1] * &denominator);
        rows.iter().map(|row| dot(row, &hidden)).collect()
    }
}

pub(in crate::polyhedral) fn dot(row: &[Integer], vector: &[Integer]) -> Integer {
    row.iter().zip(vector).filter(|(a, x)| !a.is_zero() && !x.is_zero()).map(|(a, x)| a * x).sum()
}
