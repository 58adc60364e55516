//! The rows of the cells on the current path, by columns, so that products with all rows run over contiguous memory.

use crate::polyhedral::engine::Source;

/// A stack of rows `a . x + c >= 0` with `|a| = 1`.
pub(super) struct RowStack {
    dimension: usize,
    capacity: usize,
    /// Column `c` of all rows at `c * capacity`; column `dimension` holds the constants.
    columns: Vec<f64>,
    /// Where each row comes from, and whether it is the source's own row or its negative.
    sources: Vec<(Source, bool)>,
    /// How far each row is from the true one at most, in the 1-norm.
    doubts: Vec<f64>,
}

impl RowStack {
    pub(super) fn new(dimension: usize, capacity: usize) -> Self {
        RowStack {
            dimension,
            capacity,
            columns: vec![0.0; (dimension + 1) * capacity],
            sources: Vec::with_capacity(capacity),
            doubts: Vec::with_capacity(capacity),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.sources.truncate(len);
        self.doubts.truncate(len);
    }

    /// Appends a row with its constant last, scaled to norm 1; the positive factor is returned.
    pub(super) fn push(&mut self, row: &[f64], doubt: f64, source: Source, positive: bool) -> f64 {
        let norm = row[..self.dimension].iter().map(|a| a * a).sum::<f64>().sqrt();
        let factor = if norm > 0.0 { 1.0 / norm } else { 1.0 };
        let at = self.len();
        for (c, entry) in row.iter().enumerate() {
            let signed = if positive { *entry } else { -entry };
            self.columns[c * self.capacity + at] = signed * factor;
        }
        self.sources.push((source, positive));
        // The product with the factor rounds, and so does the factor.
        let size: f64 = row.iter().map(|a| a.abs()).sum();
        self.doubts.push((doubt + 4.0 * f64::EPSILON * size) * factor);
        factor
    }

    /// Replaces a row by its negative.
    pub(super) fn flip(&mut self, row: usize) {
        for c in 0..=self.dimension {
            let entry = &mut self.columns[c * self.capacity + row];
            *entry = -*entry;
        }
        self.sources[row].1 = !self.sources[row].1;
    }

    #[inline]
    pub(super) fn entry(&self, row: usize, column: usize) -> f64 {
        self.columns[column * self.capacity + row]
    }

    pub(super) fn doubt(&self, row: usize) -> f64 {
        self.doubts[row]
    }

    pub(super) fn source(&self, row: usize) -> (Source, bool) {
        self.sources[row]
    }

    /// `out[r] = a_r . direction` for all rows.
    pub(super) fn along(&self, direction: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.resize(self.len(), 0.0);
        self.add(direction, out);
    }

    /// `out[r] = a_r . point + c_r` for all rows.
    pub(super) fn at(&self, point: &[f64], out: &mut Vec<f64>) {
        let constants = self.dimension * self.capacity;
        out.clear();
        out.extend_from_slice(&self.columns[constants..constants + self.len()]);
        self.add(point, out);
    }

    fn add(&self, vector: &[f64], out: &mut [f64]) {
        for (c, &factor) in vector.iter().enumerate() {
            let column = &self.columns[c * self.capacity..c * self.capacity + out.len()];
            out.iter_mut().zip(column).for_each(|(sum, a)| *sum += a * factor);
        }
    }
}
