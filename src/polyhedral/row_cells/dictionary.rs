//! A vertex of a cell with its edges, and the walk along edges that improves a form.
//!
//! Column `k` stands for the row that is left when moving along edge `k`; before the walk has reached a vertex some
//! columns are *free*: directions in both senses along which no row in use changes. Everything here is approximate and
//! only proposes.

use super::row_stack::RowStack;

/// Marks a free column.
pub(super) const FREE: usize = usize::MAX;

/// Slacks below this count as violated.
const FEASIBLE: f64 = -1e-9;
/// Rates smaller than this count as zero.
const FLAT: f64 = 1e-11;
/// Pivots after which the edges are computed afresh.
const REFRESH: u32 = 50;

/// A vertex, or a point that still has free columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary {
    pub(super) point: Vec<f64>,
    /// `edges[c * d + k]` is coordinate `c` of edge `k`, scaled so that the slack of row `basis[k]` grows at rate 1.
    pub(super) edges: Vec<f64>,
    /// The row of each column, or [`FREE`].
    pub(super) basis: Vec<usize>,
    /// The slack of every row at the point.
    pub(super) slack: Vec<f64>,
    /// The squared norm of each edge.
    norms: Vec<f64>,
    /// A row that stops no move.
    ignored: Option<usize>,
    pivots: u32,
}

/// How a walk ended.
pub(super) enum WalkEnd {
    /// The form is negative at this point of the closed cell.
    Negative(Vec<f64>),
    /// No edge improves the form; its rates along the edges are in the scratch space.
    Optimal,
    /// No decision: too many steps.
    Unclear,
}

/// Space for walks.
#[derive(Default)]
pub(super) struct Scratch {
    /// The rates of the form along the edges.
    pub(super) rates: Vec<f64>,
    direction: Vec<f64>,
    along: Vec<f64>,
    weights: Vec<f64>,
}

impl Dictionary {
    /// Starts at a point inside the cell, all columns free.
    pub(super) fn reset(&mut self, rows: &RowStack, point: &[f64]) {
        let d = point.len();
        self.point.clear();
        self.point.extend_from_slice(point);
        self.edges.clear();
        self.edges.resize(d * d, 0.0);
        (0..d).for_each(|k| self.edges[k * d + k] = 1.0);
        self.norms.clear();
        self.norms.resize(d, 1.0);
        self.basis.clear();
        self.basis.resize(d, FREE);
        rows.at(point, &mut self.slack);
        self.pivots = 0;
    }

    /// Takes over the state of another dictionary.
    pub(super) fn copy(&mut self, other: &Dictionary) {
        self.point.clone_from(&other.point);
        self.edges.clone_from(&other.edges);
        self.norms.clone_from(&other.norms);
        self.basis.clone_from(&other.basis);
        self.slack.clone_from(&other.slack);
        self.pivots = other.pivots;
    }

    /// From now on, one row stops no move.
    pub(super) fn ignore(&mut self, row: Option<usize>) {
        self.ignored = row;
    }

    /// The rates of a form along all edges.
    pub(super) fn rates(&self, form: &[f64], rates: &mut Vec<f64>) {
        let d = self.point.len();
        rates.clear();
        rates.resize(d, 0.0);
        for (&factor, edges) in form.iter().zip(self.edges.chunks_exact(d.max(1))) {
            rates.iter_mut().zip(edges).for_each(|(rate, e)| *rate += factor * e);
        }
    }

    /// Walks until all rows hold; `false` where that fails.
    pub(super) fn repair(&mut self, rows: &RowStack, scratch: &mut Scratch) -> bool {
        if self.pivots > REFRESH && !self.refresh(rows) {
            return false;
        }
        let mut form = vec![0.0; self.point.len() + 1];
        while let Some(target) = self.slack.iter().position(|&slack| slack < FEASIBLE) {
            for (c, entry) in form.iter_mut().enumerate() {
                *entry = -rows.entry(target, c);
            }
            self.rates(&form[..self.point.len()], &mut scratch.rates);
            if !self.climb(rows, target, scratch) {
                return false;
            }
        }
        true
    }

    /// Walks until the violated row `target` holds, and makes it tight. The rates in the scratch space are those of
    /// its negative.
    fn climb(&mut self, rows: &RowStack, target: usize, scratch: &mut Scratch) -> bool {
        for step in 0..self.most_steps() {
            let Some((k, sense)) = self.entering(step, scratch) else { return false };
            let block = self.blocking(rows, k, sense, scratch);
            let rate = -scratch.rates[k] * sense;
            let reach = -self.slack[target] / rate;
            let blocked = block.filter(|&(_, length)| length < reach);
            let (row, length) = blocked.unwrap_or((target, reach));
            self.pivot(rows, (k, sense), row, length, scratch);
            if blocked.is_none() {
                return true;
            }
        }
        false
    }

    /// Walks to make a form smaller until it is negative or optimal. `form` has its constant last.
    pub(super) fn walk(&mut self, rows: &RowStack, form: &[f64], scratch: &mut Scratch) -> WalkEnd {
        let d = self.point.len();
        let mut value = form[d] + form.iter().zip(&self.point).map(|(a, x)| a * x).sum::<f64>();
        let size = form.iter().map(|a| a.abs()).sum::<f64>();
        if value < -1e-12 * size {
            return WalkEnd::Negative(self.point.clone());
        }
        self.rates(&form[..d], &mut scratch.rates);
        for step in 0..self.most_steps() {
            let Some((k, sense)) = self.entering(step, scratch) else {
                self.complete(rows, scratch);
                return WalkEnd::Optimal;
            };
            let block = self.blocking(rows, k, sense, scratch);
            let rate = scratch.rates[k] * sense;
            let crossing = value / -rate;
            let length = block.map_or(2.0 * crossing + 1.0, |(_, length)| length);
            if value + rate * length < -1e-12 * size {
                let moved = self.point.iter().zip(&scratch.direction).map(|(x, e)| x + length * e);
                return WalkEnd::Negative(moved.collect());
            }
            let Some((row, length)) = block else { return WalkEnd::Unclear };
            value += rate * length;
            self.pivot(rows, (k, sense), row, length, scratch);
        }
        WalkEnd::Unclear
    }

    /// Moves along free columns, which do not change the form, until a row takes their place.
    fn complete(&mut self, rows: &RowStack, scratch: &mut Scratch) {
        while let Some(k) = self.basis.iter().position(|&row| row == FREE) {
            let stop = [1.0, -1.0].into_iter().find_map(|sense| {
                let (row, length) = self.blocking(rows, k, sense, scratch)?;
                Some((sense, row, length))
            });
            // Nothing stops a line of the cell.
            let Some((sense, row, length)) = stop else { return };
            self.pivot(rows, (k, sense), row, length, scratch);
        }
    }

    fn most_steps(&self) -> usize {
        100 + 10 * (self.point.len() + self.slack.len())
    }

    /// The column along which the form falls fastest, and in which sense; after many steps the first one that falls
    /// (Bland's rule against cycling).
    fn entering(&self, step: usize, scratch: &Scratch) -> Option<(usize, f64)> {
        let d = self.point.len();
        let mut best: Option<(usize, f64)> = None;
        let mut steepest = 0.0;
        for k in 0..d {
            let rate = scratch.rates[k];
            let fall = if self.basis[k] == FREE { rate.abs() } else { -rate };
            if fall <= 0.0 {
                continue;
            }
            let steepness = fall * fall / self.norms[k];
            if steepness > FLAT * FLAT && steepness > steepest {
                (best, steepest) = (Some((k, if rate > 0.0 { -1.0 } else { 1.0 })), steepness);
                if step > 60 {
                    break;
                }
            }
        }
        best
    }

    /// The row that stops a move along a column first, and how far the move goes; violated rows do not stop it.
    fn blocking(&self, rows: &RowStack, k: usize, sense: f64, scratch: &mut Scratch) -> Option<(usize, f64)> {
        let d = self.point.len();
        scratch.direction.clear();
        scratch.direction.extend((0..d).map(|c| sense * self.edges[c * d + k]));
        rows.along(&scratch.direction, &mut scratch.along);
        let steep = FLAT * self.norms[k].sqrt();
        // Tight rows of other columns stay tight; what their rates show is rounding.
        for (column, &row) in self.basis.iter().enumerate() {
            if row != FREE && column != k {
                scratch.along[row] = 0.0;
            }
        }
        if let Some(row) = self.ignored {
            scratch.along[row] = 0.0;
        }
        let mut best: Option<(usize, f64)> = None;
        let mut shortest = f64::INFINITY;
        for (row, (&rate, &slack)) in scratch.along.iter().zip(&self.slack).enumerate() {
            // Without short circuits there is one branch, and it is rarely taken.
            if (rate < -steep) & (slack >= FEASIBLE) & (slack < -rate * shortest) {
                let length = slack.max(0.0) / -rate;
                (best, shortest) = (Some((row, length)), length);
            }
        }
        best
    }

    /// Moves along column `k` until `row` is tight, and puts the row in its place. The direction and the rates of all
    /// rows along it are in the scratch space.
    fn pivot(
        &mut self,
        rows: &RowStack,
        (k, sense): (usize, f64),
        row: usize,
        length: f64,
        scratch: &mut Scratch,
    ) {
        let d = self.point.len();
        self.point.iter_mut().zip(&scratch.direction).for_each(|(x, e)| *x += length * e);
        self.slack.iter_mut().zip(&scratch.along).for_each(|(slack, rate)| *slack += length * rate);
        self.slack[row] = 0.0;
        let rate = scratch.along[row];
        // The rates of the entering row along all edges, divided by the one along the edge that goes.
        let weights = &mut scratch.weights;
        weights.clear();
        weights.resize(d, 0.0);
        for (c, edges) in self.edges.chunks_exact(d).enumerate() {
            let entry = rows.entry(row, c) / rate;
            weights.iter_mut().zip(edges).for_each(|(weight, e)| *weight += entry * e);
        }
        weights[k] = 0.0;
        self.norms.fill(0.0);
        for (edges, &moved) in self.edges.chunks_exact_mut(d).zip(&scratch.direction) {
            for ((e, weight), norm) in edges.iter_mut().zip(weights.iter()).zip(&mut self.norms) {
                *e -= weight * moved;
                *norm += *e * *e;
            }
            edges[k] = moved / rate;
        }
        self.norms[k] = scratch.direction.iter().map(|e| e * e).sum::<f64>() / (rate * rate);
        let fall = scratch.rates[k] * sense;
        scratch.rates.iter_mut().zip(weights.iter()).for_each(|(r, weight)| *r -= weight * fall);
        scratch.rates[k] = fall / rate;
        self.basis[k] = row;
        self.pivots += 1;
    }

    /// Computes point, edges and slacks afresh from the basis; `false` where it is singular.
    fn refresh(&mut self, rows: &RowStack) -> bool {
        self.pivots = 0;
        let d = self.point.len();
        if self.basis.contains(&FREE) {
            return true;
        }
        let width = 2 * d;
        let mut matrix = vec![0.0; d * width];
        for (k, &row) in self.basis.iter().enumerate() {
            for c in 0..d {
                matrix[k * width + c] = rows.entry(row, c);
            }
            matrix[k * width + d + k] = 1.0;
        }
        for c in 0..d {
            let largest =
                |a: &usize, b: &usize| matrix[a * width + c].abs().total_cmp(&matrix[b * width + c].abs());
            let Some(pivot) = (c..d).max_by(|a, b| largest(a, b)) else { return false };
            if matrix[pivot * width + c].abs() < 1e-13 {
                return false;
            }
            (0..width).for_each(|j| matrix.swap(pivot * width + j, c * width + j));
            let inverse = 1.0 / matrix[c * width + c];
            (0..width).for_each(|j| matrix[c * width + j] *= inverse);
            for i in (0..d).filter(|&i| i != c) {
                let factor = matrix[i * width + c];
                if factor != 0.0 {
                    (0..width).for_each(|j| matrix[i * width + j] -= factor * matrix[c * width + j]);
                }
            }
        }
        for c in 0..d {
            for k in 0..d {
                self.edges[c * d + k] = matrix[c * width + d + k];
            }
            self.point[c] =
                -(0..d).map(|k| self.edges[c * d + k] * rows.entry(self.basis[k], d)).sum::<f64>();
        }
        for (k, norm) in self.norms.iter_mut().enumerate() {
            *norm = (0..d).map(|c| self.edges[c * d + k] * self.edges[c * d + k]).sum();
        }
        rows.at(&self.point, &mut self.slack);
        self.basis.iter().for_each(|&row| self.slack[row] = 0.0);
        true
    }
}
