//! The depth-first search over vertex cells.

use super::mask::Mask;
use super::store::{VertexStore, ones};
use super::tighten::Scratch;
use crate::error::Result;
use crate::num::Sign;
use crate::polyhedral::ActivationPattern;
use crate::polyhedral::engine::{
    ExactPath, FloatPath, LayerBits, Outcome, Path, Problem, RootCell, Source, Stop, Work,
};
use std::ops::ControlFlow;

/// A cell by its vertices.
pub(super) struct Cell<M> {
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

/// Whether to go on, or why not.
pub(super) type Flow = Result<ControlFlow<Stop>>;

const GO_ON: Flow = Ok(ControlFlow::Continue(()));

/// The search for regions below root cells.
pub(in crate::polyhedral) struct VertexSearch<'p, 'v, M> {
    pub(super) problem: &'p Problem,
    pub(super) store: VertexStore<'p>,
    pub(super) floats: FloatPath<'p>,
    pub(super) exact: ExactPath<'p>,
    pub(super) bits: LayerBits,
    /// Where the rows of the current cell come from.
    pub(super) sources: Vec<Source>,
    /// Cells that are not in use.
    pub(super) pool: Vec<Cell<M>>,
    /// The edges that the current split cuts: positive vertex, negative vertex, common rows.
    pub(super) edges: Vec<(u32, u32, M)>,
    pub(super) always_exact: bool,
    pub(super) scratch: Scratch,
    pub(super) work: Work,
    /// The choices on the way to the current node.
    path: Path,
    /// The choices that are prescribed from the start.
    prescribed: Vec<bool>,
    splits: u64,
    budget: u64,
    unfinished: Vec<Path>,
    pattern: ActivationPattern,
    visit: &'v mut dyn FnMut(&ActivationPattern) -> ControlFlow<()>,
}

impl<'p, 'v, M: Mask> VertexSearch<'p, 'v, M> {
    pub(in crate::polyhedral) fn new(
        problem: &'p Problem,
        always_exact: bool,
        visit: &'v mut dyn FnMut(&ActivationPattern) -> ControlFlow<()>,
    ) -> Self {
        VertexSearch {
            problem,
            store: VertexStore::new(problem),
            floats: FloatPath::new(problem),
            exact: ExactPath::new(problem),
            bits: problem.layers.iter().map(|layer| vec![0; layer.words]).collect(),
            sources: Vec::new(),
            pool: Vec::new(),
            edges: Vec::new(),
            always_exact,
            scratch: Scratch::default(),
            work: Work::default(),
            path: Path::default(),
            prescribed: Vec::new(),
            splits: 0,
            budget: 0,
            unfinished: Vec::new(),
            pattern: ActivationPattern::inactive(problem.map.neurons()),
            visit,
        }
    }

    /// What was decided so far.
    pub(in crate::polyhedral) fn work(&self) -> Work {
        self.work
    }

    /// Visits the regions of the subtree at a path, until the budget of splits is used up or the visitor stops.
    ///
    /// # Errors
    /// [`Error::Inconsistent`](crate::Error::Inconsistent) where an exact computation contradicts the search.
    pub(in crate::polyhedral) fn run(
        &mut self,
        roots: &[RootCell],
        path: &Path,
        budget: u64,
    ) -> Result<Outcome> {
        self.path = Path { root: path.root, choices: Vec::new() };
        self.prescribed.clone_from(&path.choices);
        self.splits = 0;
        self.budget = budget;
        self.store.truncate(0);
        let stop = self.start(&roots[path.root as usize])?.break_value();
        Ok(Outcome { stop, unfinished: std::mem::take(&mut self.unfinished) })
    }

    fn start(&mut self, root: &RootCell) -> Flow {
        if self.problem.layers.is_empty() {
            return self.emit();
        }
        if root.sources.len() > M::CAPACITY {
            self.unfinished.push(self.path.clone());
            return Ok(ControlFlow::Break(Stop::Facets));
        }
        self.sources.clone_from(&root.sources);
        let mut cell = self.pool.pop().unwrap_or_default();
        cell.clear();
        for (ray, rows) in &root.rays {
            let mask = rows.iter().fold(M::EMPTY, |mask, &row| mask.or(M::single(row)));
            cell.push(self.store.push_exact(ray.clone()) as u32, mask);
        }
        cell.simple = cell.masks.iter().all(|mask| mask.count() == self.problem.homogeneous() - 1);
        self.enter_layer(&mut cell, 0)?;
        let flow = self.explore(&mut cell, 0);
        self.pool.push(cell);
        flow
    }

    /// Visits the regions of a cell whose layers before `layer` are decided, and drops the vertices made on the way.
    fn descend(&mut self, cell: &mut Cell<M>, layer: usize) -> Flow {
        let floor = self.store.len();
        let flow = self.explore(cell, layer);
        self.store.truncate(floor);
        flow
    }

    fn explore(&mut self, cell: &mut Cell<M>, mut layer: usize) -> Flow {
        let depth = self.path.choices.len();
        let rows = self.sources.len();
        let mut saved = None;
        let flow = loop {
            let Some(neuron) = self.decide(cell, layer) else {
                if self.problem.is_last(layer) {
                    break self.emit();
                }
                layer += 1;
                self.enter_layer(cell, layer)?;
                continue;
            };
            if self.problem.is_last(layer)
                && let Some(flow) = self.finish_last_layer(cell, layer, neuron)?
            {
                break Ok(flow);
            }
            if self.path.choices.len() >= self.prescribed.len() {
                if self.splits == self.budget {
                    break self.leave(Stop::Budget);
                }
                self.splits += 1;
            }
            if self.sources.len() == M::CAPACITY {
                let mut old = self.renumber_facets(cell);
                old.truncate(rows);
                saved.get_or_insert(old);
                if self.sources.len() == M::CAPACITY {
                    break self.leave(Stop::Facets);
                }
            }
            let mut positive = self.split(cell, layer, neuron)?;
            let choice = self.prescribed.get(self.path.choices.len()).copied();
            let mut flow = GO_ON;
            if choice != Some(false) {
                self.path.choices.push(true);
                flow = self.descend(&mut positive, layer);
                self.path.choices.pop();
            }
            self.pool.push(positive);
            if choice == Some(true) {
                break flow;
            }
            self.path.choices.push(false);
            match flow {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(_)) => {
                    self.unfinished.push(self.path.clone());
                    break flow;
                }
                Err(_) => break flow,
            }
        };
        self.path.choices.truncate(depth);
        match saved {
            Some(sources) => self.sources = sources,
            None => self.sources.truncate(rows),
        }
        flow
    }

    /// Leaves the current node unvisited.
    fn leave(&mut self, stop: Stop) -> Flow {
        self.unfinished.push(self.path.clone());
        Ok(ControlFlow::Break(stop))
    }

    /// Decides all neurons that have one sign on the cell, and returns the first one that has both.
    fn decide(&mut self, cell: &mut Cell<M>, layer: usize) -> Option<usize> {
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
        first
    }

    /// Makes the values of a layer ready at all vertices of a cell, and all of its neurons undecided.
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
        let mut zeros: Vec<usize> = if uncertain == 0 { Vec::new() } else { cut_by.into_iter().collect() };
        for s in ones(uncertain) {
            match self.exact_sign(vertex, layer, 64 * word + s, mask, &zeros)? {
                Sign::Positive => positive |= 1 << s,
                Sign::Negative => negative |= 1 << s,
                Sign::Zero => zeros.push(64 * word + s),
            }
        }
        // Neurons that are decided on the cell keep their side at every vertex that is made in it.
        let others = self.problem.layers[layer].word_of_all(word) & !neurons;
        let decided = self.bits[layer][word];
        let signs = (positive | (others & decided), negative | (others & !decided));
        self.store.set_signs(vertex, layer, word, signs);
        Ok(())
    }

    /// Decides a sign exactly and makes the stored value agree with it; `zeros` are neurons of the layer that are known
    /// to be zero at the vertex.
    fn exact_sign(
        &mut self,
        vertex: usize,
        layer: usize,
        neuron: usize,
        mask: M,
        zeros: &[usize],
    ) -> Result<Sign> {
        self.work.exact_decisions += 1;
        let sign = if self.store.is_zero_by_weights(vertex, layer, neuron, zeros) {
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

    /// Where two or fewer neurons of the last layer are undecided, visits the regions without further cells.
    fn finish_last_layer(
        &mut self,
        cell: &Cell<M>,
        layer: usize,
        first: usize,
    ) -> Result<Option<ControlFlow<Stop>>> {
        let undecided: u32 = cell.undecided.iter().map(|word| word.count_ones()).sum();
        if undecided > 1 {
            return Ok(None);
        }
        let mut flow = ControlFlow::Continue(());
        for active in [true, false] {
            if self.prescribed.get(self.path.choices.len()).is_some_and(|&choice| choice != active) {
                continue;
            }
            self.path.choices.push(active);
            if flow.is_break() {
                self.unfinished.push(self.path.clone());
            } else {
                self.set_bit(layer, first, active);
                flow = self.emit()?;
            }
            self.path.choices.pop();
        }
        Ok(Some(flow))
    }

    pub(super) fn set_bit(&mut self, layer: usize, neuron: usize, active: bool) {
        let word = &mut self.bits[layer][neuron / 64];
        *word = *word & !(1 << (neuron % 64)) | u64::from(active) << (neuron % 64);
    }

    /// Visits the region with the current bits.
    pub(super) fn emit(&mut self) -> Flow {
        self.pattern.assemble(self.problem.offsets.iter().copied().zip(&self.bits));
        Ok(match (self.visit)(&self.pattern) {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(Stop::Visitor),
        })
    }
}
