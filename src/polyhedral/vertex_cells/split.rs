//! Cutting a cell by the hyperplane of a neuron.

use super::mask::Mask;
use super::search::{Cell, VertexCells};
use crate::error::Result;
use crate::polyhedral::engine::Source;

impl<M: Mask> VertexCells<'_, M> {
    /// Splits a cell by a neuron that has both signs on it: the cell becomes its negative part, and the positive one
    /// is returned. The neuron's row is appended to the sources.
    pub(super) fn cut_cell(&mut self, cell: &mut Cell<M>, layer: usize, neuron: usize) -> Result<Cell<M>> {
        let row = M::single(self.sources.len());
        self.sources.push(Source::Neuron(layer as u32, neuron as u32));
        let mut positive = self.pool.pop().unwrap_or_default();
        let mut negative = self.pool.pop().unwrap_or_default();
        for part in [&mut positive, &mut negative] {
            part.clear();
            part.simple = cell.simple;
            part.undecided.extend_from_slice(&cell.undecided);
        }
        let (word, shift) = (neuron / 64, neuron % 64);
        let mut zero = self.pool.pop().unwrap_or_default();
        zero.clear();
        for (&id, &mask) in cell.ids.iter().zip(&cell.masks) {
            let (up, down) = self.store.signs(id as usize, layer, word);
            match (up >> shift & 1 == 1, down >> shift & 1 == 1) {
                (true, _) => positive.push(id, mask),
                (_, true) => negative.push(id, mask),
                _ => zero.push(id, mask.or(row)),
            }
        }
        self.find_edges(cell, &positive, &negative);
        let edges = std::mem::take(&mut self.edges);
        let form_norm = self.floats.norm(&self.bits, layer, neuron);
        for &(a, b, common) in &edges {
            let mask = common.or(row);
            let id = self.cut(cell, (a as usize, b as usize), layer, neuron, form_norm, mask)?;
            zero.push(id as u32, mask);
        }
        let simple = cell.simple && zero.ids.len() == edges.len();
        self.edges = edges;
        for part in [&mut positive, &mut negative] {
            part.ids.extend_from_slice(&zero.ids);
            part.masks.extend_from_slice(&zero.masks);
            part.simple = simple;
        }
        self.pool.push(zero);
        std::mem::swap(cell, &mut negative);
        self.pool.push(negative);
        Ok(positive)
    }

    /// Finds the edges between positive and negative vertices of a cell.
    pub(super) fn find_edges(&mut self, cell: &Cell<M>, positive: &Cell<M>, negative: &Cell<M>) {
        self.edges.clear();
        let needed = self.problem.homogeneous() - 2;
        for (&a, &mask) in positive.ids.iter().zip(&positive.masks) {
            if cell.simple {
                for (&b, &other) in negative.ids.iter().zip(&negative.masks) {
                    if mask.misses_at_most_one(other) {
                        self.edges.push((a, b, mask.and(other)));
                    }
                }
                continue;
            }
            for (&b, &other) in negative.ids.iter().zip(&negative.masks) {
                let common = mask.and(other);
                if common.count() < needed {
                    continue;
                }
                let beyond = |(&id, &third): (&u32, &M)| id != a && id != b && common.is_subset(third);
                if !cell.ids.iter().zip(&cell.masks).any(beyond) {
                    self.edges.push((a, b, common));
                }
            }
        }
    }

    /// Makes the vertex in which an edge meets a neuron's hyperplane, with the signs of all undecided neurons.
    fn cut(
        &mut self,
        cell: &Cell<M>,
        edge: (usize, usize),
        layer: usize,
        neuron: usize,
        form_norm: f64,
        mask: M,
    ) -> Result<usize> {
        // In the last layer only the undecided neurons are of interest.
        let needed = self.problem.is_last(layer).then_some(cell.undecided.as_slice());
        let id = self.store.push_cut(edge, layer, neuron, form_norm, needed);
        if self.store.is_poor(id, layer) {
            let bound = self.displacement_bound(id, mask);
            self.store.bound_displacement(id, bound);
        }
        if self.store.is_poor(id, layer) || self.always_exact {
            self.work.exact_vertices += 1;
            self.make_exact(id, layer, mask)?;
            self.store.set_value(id, layer, neuron, 0.0);
        }
        for word in 0..self.problem.layers[layer].words {
            let mut undecided = cell.undecided[word];
            if word == neuron / 64 {
                undecided &= !(1 << (neuron % 64));
            }
            self.certify(id, layer, word, undecided, mask, Some(neuron))?;
            if word == neuron / 64 {
                let (positive, negative) = self.store.signs(id, layer, word);
                let others = !(1 << (neuron % 64));
                self.store.set_signs(id, layer, word, (positive & others, negative & others));
            }
        }
        Ok(id)
    }

    /// Renumbers the rows of a cell so that only its facets remain.
    pub(super) fn renumber_facets(&mut self, cell: &mut Cell<M>) {
        let d = self.problem.homogeneous() - 1;
        let tight = |row: usize| cell.masks.iter().filter(|mask| mask.contains(row)).count();
        let facets: Vec<usize> = (0..self.sources.len()).filter(|&row| tight(row) >= d).collect();
        for mask in &mut cell.masks {
            let old = *mask;
            let kept = facets.iter().enumerate().filter(|&(_, &row)| old.contains(row));
            *mask = kept.fold(M::EMPTY, |mask, (new, _)| mask.or(M::single(new)));
        }
        cell.simple = cell.masks.iter().all(|mask| mask.count() == d);
        let sources = facets.iter().map(|&row| self.sources[row]).collect();
        let old = std::mem::replace(&mut self.sources, sources);
        self.renumbered.push(old);
    }
}
