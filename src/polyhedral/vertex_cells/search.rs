//! Vertex cells as a kernel of the search, and the signs at vertices.

use super::mask::Mask;
use super::store::{VertexStore, ones};
use super::ties::Ties;
use super::tighten::Scratch;
use crate::error::Result;
use crate::num::Sign;
use crate::polyhedral::engine::{ExactPath, FloatPath, Kernel, LayerBits, Problem, RootCell, Source, Work};

/// A cell by its vertices.
pub(in crate::polyhedral) struct Cell<M> {
    /// The numbers of the vertices in the store.
    pub(super) ids: Vec<u32>,
    /// The rows that vanish on each vertex.
    pub(super) masks: Vec<M>,
    /// The neurons of the current layer that are not decided yet.
    pub(super) undecided: Vec<u64>,
    /// Whether every vertex lies on just `d` rows.
    pub(super) simple: bool,
}

impl<M> Default for Cell<M> {
    fn default() -> Self {
        Cell { ids: Vec::new(), masks: Vec::new(), undecided: Vec::new(), simple: true }
    }
}

impl<M> Cell<M> {
    pub(super) fn clear(&mut self) {
        self.ids.clear();
        self.masks.clear();
        self.undecided.clear();
    }

    pub(super) fn push(&mut self, id: u32, mask: M) {
        self.ids.push(id);
        self.masks.push(mask);
    }
}

/// The kernel, with everything that the cells on the current path share.
pub(in crate::polyhedral) struct VertexCells<'p, M> {
    pub(super) problem: &'p Problem,
    roots: &'p [RootCell],
    pub(super) store: VertexStore<'p>,
    pub(super) floats: FloatPath<'p>,
    exact: ExactPath<'p>,
    pub(super) bits: LayerBits,
    /// Where the rows of the current cell come from.
    pub(super) sources: Vec<Source>,
    /// Earlier states of the sources, where rows were renumbered.
    pub(super) renumbered: Vec<Vec<Source>>,
    /// Cells that are not in use.
    pub(super) pool: Vec<Cell<M>>,
    /// The edges that the current split cuts: positive vertex, negative vertex, common rows.
    pub(super) edges: Vec<(u32, u32, M)>,
    pub(super) always_exact: bool,
    pub(super) scratch: Scratch,
    pub(super) work: Work,
}

/// The state to come back to: numbers of vertices, of rows, and of renumberings.
pub(in crate::polyhedral) struct Mark {
    vertices: usize,
    rows: usize,
    renumbered: usize,
}

impl<'p, M: Mask> VertexCells<'p, M> {
    pub(in crate::polyhedral) fn new(
        problem: &'p Problem,
        roots: &'p [RootCell],
        always_exact: bool,
    ) -> Self {
        VertexCells {
            problem,
            roots,
            store: VertexStore::new(problem),
            floats: FloatPath::new(problem),
            exact: ExactPath::new(problem),
            bits: problem.layers.iter().map(|layer| vec![0; layer.words]).collect(),
            sources: Vec::new(),
            renumbered: Vec::new(),
            pool: Vec::new(),
            edges: Vec::new(),
            always_exact,
            scratch: Scratch::default(),
            work: Work::default(),
        }
    }
}

impl<M: Mask> Kernel for VertexCells<'_, M> {
    type Cell = Cell<M>;
    type Mark = Mark;

    fn start(&mut self, root: usize) -> Result<Option<Cell<M>>> {
        let root = &self.roots[root];
        if root.sources.len() > M::CAPACITY {
            return Ok(None);
        }
        self.sources.clone_from(&root.sources);
        let mut cell = Cell::default();
        for (ray, rows) in &root.rays {
            let mask = rows.iter().fold(M::EMPTY, |mask, &row| mask.or(M::single(row)));
            cell.push(self.store.push_exact(ray.clone()) as u32, mask);
        }
        cell.simple = cell.masks.iter().all(|mask| mask.count() == self.problem.homogeneous() - 1);
        self.enter_layer(&mut cell, 0)?;
        Ok(Some(cell))
    }

    fn decide(&mut self, cell: &mut Cell<M>, layer: usize) -> Result<Option<usize>> {
        let mut first = None;
        for (word, undecided) in cell.undecided.iter_mut().enumerate() {
            if *undecided == 0 {
                continue;
            }
            let (positive, negative) = cell.ids.iter().fold((0, 0), |(p, n), &id| {
                let signs = self.store.signs(id as usize, layer, word);
                (p | signs.0, n | signs.1)
            });
            let decided = *undecided & !(positive & negative);
            let bits = &mut self.bits[layer][word];
            *bits = (*bits & !decided) | (decided & positive);
            *undecided &= !decided;
            if first.is_none() && *undecided != 0 {
                first = Some(64 * word + undecided.trailing_zeros() as usize);
            }
        }
        Ok(first)
    }

    fn is_only_undecided(&self, cell: &Cell<M>, _layer: usize, _neuron: usize) -> bool {
        cell.undecided.iter().map(|word| word.count_ones()).sum::<u32>() == 1
    }

    fn enter_layer(&mut self, cell: &mut Cell<M>, layer: usize) -> Result<()> {
        self.exact.enter(layer);
        self.floats.enter(layer);
        cell.undecided.clear();
        cell.undecided.extend(self.problem.layers[layer].all_neurons());
        for i in 0..cell.ids.len() {
            let vertex = cell.ids[i] as usize;
            if self.store.is_ready(vertex, layer) {
                continue;
            }
            self.store.evaluate(vertex, layer);
            self.store.set_ready(vertex, layer);
            for word in 0..self.problem.layers[layer].words {
                let all = cell.undecided[word];
                self.certify(vertex, layer, word, all, cell.masks[i], None)?;
            }
        }
        Ok(())
    }

    fn split(&mut self, cell: &mut Cell<M>, layer: usize, neuron: usize) -> Result<Option<Cell<M>>> {
        if self.sources.len() == M::CAPACITY {
            self.renumber_facets(cell);
            if self.sources.len() == M::CAPACITY {
                return Ok(None);
            }
        }
        self.cut_cell(cell, layer, neuron).map(Some)
    }

    fn mark(&self) -> Mark {
        Mark { vertices: self.store.len(), rows: self.sources.len(), renumbered: self.renumbered.len() }
    }

    fn release(&mut self, mark: Mark) {
        self.store.truncate(mark.vertices);
        if self.renumbered.len() > mark.renumbered {
            self.sources = self.renumbered.swap_remove(mark.renumbered);
            self.renumbered.truncate(mark.renumbered);
        }
        self.sources.truncate(mark.rows);
    }

    fn recycle(&mut self, cell: Cell<M>) {
        self.pool.push(cell);
    }

    fn bits(&mut self) -> &mut LayerBits {
        &mut self.bits
    }

    fn work(&self) -> Work {
        self.work
    }
}

impl<M: Mask> VertexCells<'_, M> {
    /// Sets the sign bits of some neurons of a word at a vertex, beside those already given as `(positive, negative)`
    /// by the caller for the others.
    pub(super) fn certify(
        &mut self,
        vertex: usize,
        layer: usize,
        word: usize,
        neurons: u64,
        mask: M,
        cut_by: Option<usize>,
    ) -> Result<()> {
        self.work.decisions += u64::from(neurons.count_ones());
        let (mut positive, mut negative, mut uncertain) = (0u64, 0u64, 0u64);
        let error = self.store.error(vertex, layer);
        for s in ones(neurons) {
            let value = self.store.value(vertex, layer, 64 * word + s);
            let bound = error * self.problem.layers[layer].scale[64 * word + s];
            let (above, below) = (value > bound, value < -bound);
            positive |= u64::from(above) << s;
            negative |= u64::from(below) << s;
            uncertain |= u64::from(!above & !below) << s;
        }
        if self.always_exact {
            (positive, negative, uncertain) = (0, 0, neurons);
        }
        if uncertain != 0 {
            let ties = self.ties(vertex, layer, mask, cut_by);
            for s in ones(uncertain) {
                match self.exact_sign(vertex, layer, 64 * word + s, mask, ties.as_ref())? {
                    Sign::Positive => positive |= 1 << s,
                    Sign::Negative => negative |= 1 << s,
                    Sign::Zero => {}
                }
            }
        }
        // Neurons that are decided on the cell keep their side at every vertex that is made in it.
        let others = self.problem.layers[layer].word_of_all(word) & !neurons;
        let decided = self.bits[layer][word];
        let signs = (positive | (others & decided), negative | (others & !decided));
        self.store.set_signs(vertex, layer, word, signs);
        Ok(())
    }

    /// Decides a sign exactly and makes the stored value agree with it.
    fn exact_sign(
        &mut self,
        vertex: usize,
        layer: usize,
        neuron: usize,
        mask: M,
        ties: Option<&Ties>,
    ) -> Result<Sign> {
        self.work.exact_decisions += 1;
        let weights = self.problem.small_weights[layer].as_deref();
        let sign = if ties.zip(weights).is_some_and(|(ties, weights)| ties.is_zero(weights, neuron)) {
            Sign::Zero
        } else {
            if self.store.exact_mut(vertex).is_none() {
                self.work.exact_vertices += 1;
                self.find_point(vertex, mask)?;
            }
            let point = self.store.exact_mut(vertex).expect("just computed");
            point.sign(self.problem, layer, neuron)
        };
        self.store.correct(vertex, layer, neuron, sign);
        Ok(sign)
    }

    /// Computes the exact point of a vertex from the rows that vanish on it.
    fn find_point(&mut self, vertex: usize, mask: M) -> Result<()> {
        let tight = |&(row, _): &(usize, &Source)| mask.contains(row);
        let rows = self.sources.iter().enumerate();
        let point = self.exact.meeting_point(
            &self.bits,
            rows.clone().filter(tight).map(|(_, &source)| source),
            rows.filter(|row| !tight(row)).map(|(_, &source)| source),
        )?;
        self.store.keep_exact(vertex, point);
        Ok(())
    }

    /// Replaces a new vertex of poor accuracy by its exact point, with fresh values up to `layer`.
    pub(super) fn make_exact(&mut self, vertex: usize, layer: usize, mask: M) -> Result<()> {
        self.find_point(vertex, mask)?;
        self.store.refresh(vertex, layer);
        Ok(())
    }
}
