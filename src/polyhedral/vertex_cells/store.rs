//! The vertices that are alive on the current path of the search, as a stack.
//!
//! A vertex is created when an edge is cut and dropped when the search leaves the node that created it; until then all
//! cells below that node share it. Pre-activations are functions of the point alone, not of the cell, so the values of
//! a layer are computed once per vertex and serve all cells that touch it.

use crate::num::{Integer, Rational, Sign, nearest_f64};
use crate::polyhedral::engine::{ExactPoint, Problem};
use std::cmp::Ordering;

/// Vertices whose error bound exceeds this, relative to the scales, are replaced by exactly computed ones.
const ERROR_LIMIT: f64 = 1e-5;

/// Stands for a value whose sign is known but whose stored value has another one.
const TINY: f64 = 1e-280;

/// A stack of vertices: homogeneous vectors of maximum norm at most 1, with the values of neurons there.
pub(super) struct VertexStore<'p> {
    problem: &'p Problem,
    /// The number of vertices alive.
    len: usize,
    /// The number of vertices for which there is room.
    capacity: usize,
    /// Coordinates, `homogeneous()` per vertex, the last one `t >= 0`.
    coordinates: Vec<f64>,
    /// How far the true vertex is from the stored coordinates at most, in the Euclidean norm.
    displacement: Vec<f64>,
    /// How far a stored value of layer `l` is from the form of its neuron at the stored coordinates at most, beside
    /// `layers[l].error`, relative to the scales.
    residual: Vec<f64>,
    /// The number of layers up to the last one with values.
    ready: Vec<u32>,
    /// The exact point, where it was needed.
    exact: Vec<Option<Box<ExactPoint>>>,
    /// The values of each layer, `width` per vertex. A value is `0.0` only where it is exactly zero or not needed.
    values: Vec<Vec<f64>>,
    /// The neurons of each layer that are positive at the vertex or nowhere negative on the cells that use it.
    positive: Vec<Vec<u64>>,
    /// The neurons of each layer that are negative at the vertex or nowhere positive on the cells that use it.
    negative: Vec<Vec<u64>>,
}

impl<'p> VertexStore<'p> {
    pub(super) fn new(problem: &'p Problem) -> Self {
        let layers = problem.layers.len();
        VertexStore {
            problem,
            len: 0,
            capacity: 0,
            coordinates: Vec::new(),
            displacement: Vec::new(),
            residual: Vec::new(),
            ready: Vec::new(),
            exact: Vec::new(),
            values: vec![Vec::new(); layers],
            positive: vec![Vec::new(); layers],
            negative: vec![Vec::new(); layers],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Drops all vertices from number `len` on.
    pub(super) fn truncate(&mut self, len: usize) {
        for vertex in len..self.len {
            self.exact[vertex] = None;
        }
        self.len = len;
    }

    fn push(&mut self) -> usize {
        if self.len == self.capacity {
            self.capacity = (2 * self.capacity).max(256);
            self.coordinates.resize(self.capacity * self.problem.homogeneous(), 0.0);
            self.displacement.resize(self.capacity, 0.0);
            self.residual.resize(self.capacity, 0.0);
            self.ready.resize(self.capacity, 0);
            self.exact.resize_with(self.capacity, || None);
            for (l, layer) in self.problem.layers.iter().enumerate() {
                self.values[l].resize(self.capacity * layer.width, 0.0);
                self.positive[l].resize(self.capacity * layer.words, 0);
                self.negative[l].resize(self.capacity * layer.words, 0);
            }
        }
        self.len += 1;
        self.len - 1
    }

    /// A new vertex at an exact point, without values.
    pub(super) fn push_exact(&mut self, vector: Vec<Integer>) -> usize {
        let vertex = self.push();
        self.ready[vertex] = 0;
        self.set_exact(vertex, ExactPoint::new(vector));
        vertex
    }

    /// Gives a vertex its exact point and rounds its coordinates from it.
    fn set_exact(&mut self, vertex: usize, point: ExactPoint) {
        let h = self.problem.homogeneous();
        let norm = point.vector.iter().map(magnitude).max().unwrap_or(Integer::ONE);
        let norm = Rational::from(norm);
        for (c, entry) in point.vector.iter().enumerate() {
            self.coordinates[vertex * h + c] = nearest_f64(&(Rational::from(entry.clone()) / &norm));
        }
        self.displacement[vertex] = h as f64 * f64::EPSILON;
        self.residual[vertex] = 0.0;
        self.exact[vertex] = Some(Box::new(point));
    }

    /// Makes a stored value agree with the sign that was found for it.
    pub(super) fn correct(&mut self, vertex: usize, layer: usize, neuron: usize, sign: Sign) {
        let value = self.value(vertex, layer, neuron);
        let corrected = match sign {
            Sign::Zero => 0.0,
            Sign::Positive => value.max(TINY),
            Sign::Negative => value.min(-TINY),
        };
        if corrected != value {
            self.set_value(vertex, layer, neuron, corrected);
            let scale = self.problem.layers[layer].scale[neuron];
            self.residual[vertex] += (corrected - value).abs() / scale.max(f64::MIN_POSITIVE);
        }
    }

    /// Keeps the exact point of a vertex for exact decisions; its values stay as they are.
    pub(super) fn keep_exact(&mut self, vertex: usize, point: ExactPoint) {
        self.exact[vertex] = Some(Box::new(point));
    }

    /// Rounds coordinates and values up to `layer` afresh from the exact point, and forgets the signs.
    pub(super) fn refresh(&mut self, vertex: usize, layer: usize) {
        let Some(point) = self.exact[vertex].take() else { return };
        self.set_exact(vertex, *point);
        for l in 0..=layer {
            self.evaluate(vertex, l);
            let error = self.error(vertex, l);
            let this = &self.problem.layers[l];
            for word in 0..this.words {
                let (mut positive, mut negative) = (0, 0);
                for s in ones(this.word_of_all(word)) {
                    let value = self.value(vertex, l, 64 * word + s);
                    let bound = error * this.scale[64 * word + s];
                    if value.abs() > bound {
                        positive |= u64::from(value > 0.0) << s;
                        negative |= u64::from(value < 0.0) << s;
                    } else {
                        // Either side will do for the step to the next layer: the value is within the error of zero.
                        positive |= 1 << s;
                        self.residual[vertex] = self.residual[vertex].max(error);
                    }
                }
                self.set_signs(vertex, l, word, (positive, negative));
            }
        }
    }

    pub(super) fn exact_mut(&mut self, vertex: usize) -> Option<&mut ExactPoint> {
        self.exact[vertex].as_deref_mut()
    }

    /// Whether the values of a layer are there.
    #[inline]
    pub(super) fn is_ready(&self, vertex: usize, layer: usize) -> bool {
        self.ready[vertex] as usize > layer
    }

    pub(super) fn set_ready(&mut self, vertex: usize, layer: usize) {
        self.ready[vertex] = layer as u32 + 1;
    }

    /// The bound on the error of the values of a layer, relative to the scales.
    #[inline]
    pub(super) fn error(&self, vertex: usize, layer: usize) -> f64 {
        self.displacement[vertex] + self.residual[vertex] + self.problem.layers[layer].error
    }

    /// Replaces the bound on a vertex's displacement by a better one.
    pub(super) fn bound_displacement(&mut self, vertex: usize, bound: f64) {
        if bound < self.displacement[vertex] || self.displacement[vertex].is_nan() {
            self.displacement[vertex] = bound;
        }
    }

    /// Whether the error of the values of a layer is too large to be of use, or unknown.
    pub(super) fn is_poor(&self, vertex: usize, layer: usize) -> bool {
        self.error(vertex, layer).partial_cmp(&ERROR_LIMIT) != Some(Ordering::Less)
    }

    pub(super) fn coordinates(&self, vertex: usize) -> &[f64] {
        let h = self.problem.homogeneous();
        &self.coordinates[vertex * h..(vertex + 1) * h]
    }

    #[inline]
    pub(super) fn value(&self, vertex: usize, layer: usize, neuron: usize) -> f64 {
        self.values[layer][vertex * self.problem.layers[layer].width + neuron]
    }

    #[inline]
    pub(super) fn set_value(&mut self, vertex: usize, layer: usize, neuron: usize, value: f64) {
        self.values[layer][vertex * self.problem.layers[layer].width + neuron] = value;
    }

    /// The positive and the negative neurons of one word.
    #[inline]
    pub(super) fn signs(&self, vertex: usize, layer: usize, word: usize) -> (u64, u64) {
        let at = vertex * self.problem.layers[layer].words + word;
        (self.positive[layer][at], self.negative[layer][at])
    }

    #[inline]
    pub(super) fn set_signs(&mut self, vertex: usize, layer: usize, word: usize, signs: (u64, u64)) {
        let at = vertex * self.problem.layers[layer].words + word;
        self.positive[layer][at] = signs.0;
        self.negative[layer][at] = signs.1;
    }

    /// Computes the values of a layer from those of the layer before, or from the coordinates.
    pub(super) fn evaluate(&mut self, vertex: usize, layer: usize) {
        let this = &self.problem.layers[layer];
        let width = this.width;
        let (before, after) = self.values.split_at_mut(layer);
        let out = &mut after[0][vertex * width..(vertex + 1) * width];
        let h = self.problem.homogeneous();
        let point = &self.coordinates[vertex * h..(vertex + 1) * h];
        if layer == 0 {
            this.apply(point[..h - 1].iter().copied().enumerate(), point[h - 1], out);
            return;
        }
        let last = &self.problem.layers[layer - 1];
        let hidden = &before[layer - 1][vertex * last.width..(vertex + 1) * last.width];
        let words = vertex * last.words..(vertex + 1) * last.words;
        let signs = self.positive[layer - 1][words.clone()].iter().zip(&self.negative[layer - 1][words]);
        let inputs = signs.enumerate().flat_map(|(word, (&positive, &negative))| {
            let negative = if last.slope == 0.0 { 0 } else { negative & !positive };
            let active = ones(positive).map(move |j| (64 * word + j, 1.0));
            active.chain(ones(negative).map(move |j| (64 * word + j, last.slope)))
        });
        this.apply(inputs.map(|(j, factor)| (j, factor * hidden[j])), point[h - 1], out);
    }

    /// A new vertex where the edge between `a` (neuron positive) and `b` (negative) meets the neuron's hyperplane, with
    /// interpolated values of the layer for the neurons of `needed`, or all where that is `None`. Signs are not set.
    pub(super) fn push_cut(
        &mut self,
        (a, b): (usize, usize),
        layer: usize,
        neuron: usize,
        form_norm: f64,
        needed: Option<&[u64]>,
    ) -> usize {
        let new = self.push();
        let h = self.problem.homogeneous();
        let (above, below) = (self.value(a, layer, neuron), self.value(b, layer, neuron));
        let (difference, inverse) = (above - below, 1.0 / (above - below));
        let (mut of_a, mut of_b) = (-below * inverse, above * inverse);
        let (old, fresh) = self.coordinates.split_at_mut(new * h);
        let (xa, xb) = (&old[a * h..(a + 1) * h], &old[b * h..(b + 1) * h]);
        let (mut norm, mut length) = (0.0f64, 0.0f64);
        for (c, entry) in fresh[..h].iter_mut().enumerate() {
            *entry = of_a * xa[c] + of_b * xb[c];
            norm = norm.max(entry.abs());
            length += (xa[c] - xb[c]) * (xa[c] - xb[c]);
        }
        let this = &self.problem.layers[layer];
        let displaced = self.displacement[a].max(self.displacement[b]);
        let residual = self.residual[a].max(self.residual[b]) + 8.0 * f64::EPSILON;
        let off = (residual + this.error) * this.scale[neuron];
        // The true values differ by at least this much.
        let apart = difference - 2.0 * (displaced * form_norm + off);
        let slide = if apart > 0.0 {
            (length.sqrt() * (1.0 + 1e-12) + 2.0 * displaced) / apart
        } else {
            f64::INFINITY
        };
        let displacement = (slide * form_norm).max(1.0) * displaced + slide * off + 8.0 * f64::EPSILON;
        let mut enlarged = 1.0;
        if norm < 0.25 && norm > 1e-100 {
            enlarged = (-norm.log2().floor()).exp2();
            fresh[..h].iter_mut().for_each(|entry| *entry *= enlarged);
            of_a *= enlarged;
            of_b *= enlarged;
        }
        self.displacement[new] = displacement * enlarged;
        self.residual[new] = residual * enlarged;
        self.ready[new] = layer as u32 + 1;
        let width = this.width;
        let (old, fresh) = self.values[layer].split_at_mut(new * width);
        let (va, vb) = (&old[a * width..(a + 1) * width], &old[b * width..(b + 1) * width]);
        let fresh = &mut fresh[..width];
        match needed {
            None => {
                for ((value, x), y) in fresh.iter_mut().zip(va).zip(vb) {
                    *value = of_a * x + of_b * y;
                }
            }
            Some(words) => {
                for (word, &bits) in words.iter().enumerate() {
                    for s in ones(bits).map(|s| 64 * word + s) {
                        fresh[s] = of_a * va[s] + of_b * vb[s];
                    }
                }
            }
        }
        fresh[neuron] = 0.0;
        if layer > 0 {
            // A neuron of the layer before has one sign on the whole edge, and is zero between its ends only if at both.
            for word in 0..self.problem.layers[layer - 1].words {
                let (of_a, of_b) = (self.signs(a, layer - 1, word), self.signs(b, layer - 1, word));
                self.set_signs(new, layer - 1, word, (of_a.0 | of_b.0, of_a.1 | of_b.1));
            }
        }
        new
    }
}

fn magnitude(value: &Integer) -> Integer {
    if *value < Integer::ZERO { -value } else { value.clone() }
}

/// The set bits of a word in increasing order.
#[inline]
pub(super) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if word == 0 {
            return None;
        }
        let lowest = word.trailing_zeros() as usize;
        word &= word - 1;
        Some(lowest)
    })
}
