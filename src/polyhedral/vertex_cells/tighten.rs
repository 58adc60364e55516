//! A better bound on the displacement of a vertex, from the hyperplanes that define it.
//!
//! Bounds that are carried from vertex to vertex grow by the condition of every cut. The stored coordinates are much
//! better than that: they satisfy all tight rows up to the residual. With `A` the matrix of the tight rows (unit
//! norm) and of one row that fixes the scale of the homogeneous vector, and any approximate inverse `M` of it,
//! `|x - x*| <= |M r| / (1 - |I - M A*|)`, where `r` is the residual at the stored `x`, `x*` the true vertex, and `A*`
//! the true matrix, which differs from `A` by the known error of the rows.

use super::mask::Mask;
use super::search::VertexCells;
use crate::polyhedral::engine::Source;

/// Space for the matrices.
#[derive(Default)]
pub(super) struct Scratch {
    /// The rows of `A`, then space for elimination, each `h` by `2 h`.
    matrix: Vec<f64>,
    work: Vec<f64>,
    /// For each row, a bound on its residual and on its error.
    bounds: Vec<(f64, f64)>,
}

impl<M: Mask> VertexCells<'_, M> {
    /// A bound on the displacement of a vertex that lies on just `d` rows of the current cell; infinite where none is
    /// found. The vertex's values of `layer` are its newest.
    pub(super) fn displacement_bound(&mut self, vertex: usize, mask: M) -> f64 {
        let h = self.problem.homogeneous();
        if mask.count() != h - 1 {
            return f64::INFINITY;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.matrix.clear();
        scratch.bounds.clear();
        for i in 0..self.sources.len() {
            if mask.contains(i) {
                self.push_row(&mut scratch, vertex, self.sources[i]);
            }
        }
        let x = self.store.coordinates(vertex);
        let norm = x.iter().map(|c| c * c).sum::<f64>().sqrt();
        scratch.matrix.extend(x.iter().map(|c| c / norm));
        scratch.bounds.push((0.0, 0.0));
        let bound = scratch.bound(h);
        self.scratch = scratch;
        if bound.is_nan() { f64::INFINITY } else { bound }
    }

    /// Appends the row of a source, scaled to norm 1, with its bounds.
    fn push_row(&mut self, scratch: &mut Scratch, vertex: usize, source: Source) {
        let h = self.problem.homogeneous();
        let (row, doubt): (&[f64], f64) = match source {
            Source::Infinity => (&self.problem.infinity, 0.0),
            Source::Border(i) => (&self.problem.float_border[i as usize], f64::EPSILON),
            Source::Neuron(layer, neuron) => {
                let this = &self.problem.layers[layer as usize];
                let doubt = this.error * this.scale[neuron as usize];
                (self.floats.row(&self.bits, layer as usize, neuron as usize), doubt)
            }
        };
        let inverse = 1.0 / row.iter().map(|a| a * a).sum::<f64>().sqrt();
        let start = scratch.matrix.len();
        scratch.matrix.extend(row.iter().map(|a| a * inverse));
        let x = self.store.coordinates(vertex);
        let value: f64 = scratch.matrix[start..].iter().zip(x).map(|(a, c)| a * c).sum();
        let doubt = doubt * inverse + (h as f64 + 4.0) * f64::EPSILON;
        scratch.bounds.push((value.abs() + doubt, doubt));
    }
}

impl Scratch {
    /// The bound for the system that was pushed.
    fn bound(&mut self, h: usize) -> f64 {
        let stride = 2 * h;
        self.work.clear();
        for i in 0..h {
            self.work.extend_from_slice(&self.matrix[i * h..(i + 1) * h]);
            self.work.extend((0..h).map(|j| if i == j { 1.0 } else { 0.0 }));
        }
        // Gauss-Jordan with row pivots; the inverse appears, with its rows permuted, in the right half.
        for column in 0..h {
            let largest = |&a: &usize, &b: &usize| {
                self.work[a * stride + column].abs().total_cmp(&self.work[b * stride + column].abs())
            };
            let Some(pivot) = (column..h).max_by(largest) else { return f64::INFINITY };
            if pivot != column {
                for j in 0..stride {
                    self.work.swap(pivot * stride + j, column * stride + j);
                }
            }
            let inverse = 1.0 / self.work[column * stride + column];
            for j in column..stride {
                self.work[column * stride + j] *= inverse;
            }
            for i in (0..h).filter(|&i| i != column) {
                let factor = self.work[i * stride + column];
                if factor != 0.0 {
                    for j in column..stride {
                        self.work[i * stride + j] -= factor * self.work[column * stride + j];
                    }
                }
            }
        }
        let inverse = |i: usize, j: usize| self.work[i * stride + h + j];
        // The Frobenius norms bound the Euclidean ones.
        let (mut defect, mut doubt, mut moved) = (0.0, 0.0, 0.0);
        for i in 0..h {
            for j in 0..h {
                let product: f64 = (0..h).map(|k| inverse(i, k) * self.matrix[k * h + j]).sum();
                let wanted = if i == j { 1.0 } else { 0.0 };
                defect += (product - wanted) * (product - wanted);
            }
        }
        for (j, &(residual, error)) in self.bounds.iter().enumerate() {
            let column = (0..h).map(|i| inverse(i, j) * inverse(i, j)).sum::<f64>().sqrt();
            doubt += column * (error + h as f64 * 8.0 * f64::EPSILON);
            moved += column * residual;
        }
        let defect = defect.sqrt() + doubt;
        if defect < 0.5 { moved / (1.0 - defect) * (1.0 + 1e-9) + f64::EPSILON } else { f64::INFINITY }
    }
}
