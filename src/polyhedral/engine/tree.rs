//! The depth-first search for regions, whatever the cells are.
//!
//! A node is a cell on which all neurons of earlier layers and some of the current one are decided. The search decides
//! what it can, splits the cell by the first neuron that takes both signs, positive side first, and goes to the next
//! layer where none does. Every node holds a region, so a search for `R` regions makes `R - 1` splits.

use super::canonical::{Canonical, NeuronGroup};
use super::exact_path::LayerBits;
use super::job::{Outcome, Path, Span, Stop, Work};
use super::problem::Problem;
use crate::error::Result;
use crate::polyhedral::ActivationPattern;
use std::ops::ControlFlow;

/// Cells of one representation, and how to decide and split them.
pub(in crate::polyhedral) trait Kernel {
    /// A cell, or what of it is not shared with the cells above it.
    type Cell;
    /// What [`Kernel::release`] needs to drop all that was made since.
    type Mark;

    /// The cell at a root, ready for the first layer; `None` where it has too many facets.
    fn start(&mut self, root: usize) -> Result<Option<Self::Cell>>;
    /// Decides neurons of the layer in order until one takes both signs inside the cell, and returns that one; sets
    /// the bits of those that it decides.
    fn decide(&mut self, cell: &mut Self::Cell, layer: usize) -> Result<Option<usize>>;
    /// Whether no neuron of the layer but the given one is undecided, as far as is known without work.
    fn is_only_undecided(&self, cell: &Self::Cell, layer: usize, neuron: usize) -> bool;
    /// Makes a cell on which all neurons of the layer before are decided ready for a layer.
    fn enter_layer(&mut self, cell: &mut Self::Cell, layer: usize) -> Result<()>;
    /// Splits a cell by the neuron that [`Kernel::decide`] returned: the cell becomes its negative side, and the
    /// positive one is returned. `None` where there is no room for one more row.
    fn split(&mut self, cell: &mut Self::Cell, layer: usize, neuron: usize) -> Result<Option<Self::Cell>>;
    /// Remembers what is there.
    fn mark(&self) -> Self::Mark;
    /// Drops what was made since.
    fn release(&mut self, mark: Self::Mark);
    /// Takes back a cell that is done with.
    fn recycle(&mut self, cell: Self::Cell);
    /// The bits of the neurons on the current path.
    fn bits(&mut self) -> &mut LayerBits;
    /// The work so far.
    fn work(&self) -> Work;
}

/// Whether to go on, or why not.
type Flow = Result<ControlFlow<Stop>>;

/// A search with its visitor.
pub(in crate::polyhedral) struct TreeSearch<'p, 'v, K> {
    problem: &'p Problem,
    kernel: K,
    /// The choices on the way to the current node.
    path: Path,
    /// The choices on the way to the first node of the job; empty as soon as that node is reached.
    prescribed: Vec<bool>,
    /// The number of choices that the whole job has in common.
    shared: usize,
    splits: u64,
    budget: u64,
    unfinished: Vec<Path>,
    pattern: ActivationPattern,
    /// Where only the smallest pattern of every orbit is visited.
    canonical: Option<Canonical<'p>>,
    visit: &'v mut dyn FnMut(&ActivationPattern) -> ControlFlow<()>,
}

impl<'p, 'v, K: Kernel> TreeSearch<'p, 'v, K> {
    pub(in crate::polyhedral) fn new(
        problem: &'p Problem,
        kernel: K,
        group: Option<&'p NeuronGroup>,
        visit: &'v mut dyn FnMut(&ActivationPattern) -> ControlFlow<()>,
    ) -> Self {
        TreeSearch {
            problem,
            kernel,
            path: Path::default(),
            prescribed: Vec::new(),
            shared: 0,
            splits: 0,
            budget: 0,
            unfinished: Vec::new(),
            pattern: ActivationPattern::inactive(problem.map.neurons()),
            canonical: group.map(Canonical::new),
            visit,
        }
    }

    /// Visits the regions of a job, until the budget of splits is used up or the visitor stops.
    ///
    /// # Errors
    /// [`Error::Inconsistent`](crate::Error::Inconsistent) where an exact computation contradicts the search.
    pub(in crate::polyhedral) fn run(mut self, span: &Span, budget: u64) -> Result<(Outcome, Work)> {
        self.path = Path { root: span.first.root, choices: Vec::new() };
        self.prescribed.clone_from(&span.first.choices);
        self.shared = span.shared;
        self.budget = budget;
        let stop = self.start()?.break_value();
        Ok((Outcome { stop, unfinished: self.unfinished }, self.kernel.work()))
    }

    fn start(&mut self) -> Flow {
        if self.problem.layers.is_empty() {
            return self.emit();
        }
        match self.kernel.start(self.path.root as usize)? {
            Some(mut cell) => self.explore(&mut cell, 0),
            None => self.leave(Stop::Facets),
        }
    }

    /// Visits the regions of a cell whose layers before `layer` are decided, and drops what was made on the way.
    fn descend(&mut self, cell: &mut K::Cell, layer: usize) -> Flow {
        let depth = self.path.choices.len();
        let mark = self.kernel.mark();
        let passed = self.passed();
        let flow = self.explore(cell, layer);
        self.return_to(passed);
        self.kernel.release(mark);
        self.path.choices.truncate(depth);
        flow
    }

    fn explore(&mut self, cell: &mut K::Cell, mut layer: usize) -> Flow {
        loop {
            let undecided = self.kernel.decide(cell, layer)?;
            if !self.may_be_smallest(layer, undecided.unwrap_or(self.problem.layers[layer].width)) {
                return Ok(ControlFlow::Continue(()));
            }
            let Some(neuron) = undecided else {
                if self.problem.is_last(layer) {
                    return self.emit();
                }
                layer += 1;
                self.kernel.enter_layer(cell, layer)?;
                continue;
            };
            if self.problem.is_last(layer) && self.kernel.is_only_undecided(cell, layer, neuron) {
                return self.emit_both(layer, neuron);
            }
            let depth = self.path.choices.len();
            if depth >= self.prescribed.len() {
                self.prescribed.clear();
                if self.splits == self.budget {
                    return self.leave(Stop::Budget);
                }
                self.splits += 1;
            }
            let Some(mut positive) = self.kernel.split(cell, layer, neuron)? else {
                return self.leave(Stop::Facets);
            };
            let choice = self.prescribed.get(depth).copied();
            if choice != Some(false) {
                let both = choice.is_none() || depth >= self.shared;
                set_bit(self.kernel.bits(), layer, neuron, true);
                self.path.choices.push(true);
                let flow = self.descend(&mut positive, layer)?;
                self.path.choices.pop();
                if flow.is_break() && both {
                    self.path.choices.push(false);
                    self.unfinished.push(self.path.clone());
                }
                if flow.is_break() || !both {
                    return Ok(flow);
                }
                // The first node of the job lay on the positive side.
                self.prescribed.clear();
            }
            self.kernel.recycle(positive);
            self.path.choices.push(false);
            set_bit(self.kernel.bits(), layer, neuron, false);
        }
    }

    /// Visits the two regions of a cell on which one neuron of the last layer alone is undecided.
    fn emit_both(&mut self, layer: usize, neuron: usize) -> Flow {
        let mut flow = ControlFlow::Continue(());
        let depth = self.path.choices.len();
        let choice = self.prescribed.get(depth).copied();
        for active in [true, false] {
            if choice.is_some_and(|choice| choice != active && (active || depth < self.shared)) {
                continue;
            }
            self.path.choices.push(active);
            if flow.is_break() {
                self.unfinished.push(self.path.clone());
            } else {
                set_bit(self.kernel.bits(), layer, neuron, active);
                let passed = self.passed();
                if self.may_be_smallest(layer, self.problem.layers[layer].width) {
                    flow = self.emit()?;
                }
                self.return_to(passed);
            }
            self.path.choices.pop();
        }
        Ok(flow)
    }

    /// Whether one of the regions below the node may be the smallest of its orbit.
    fn may_be_smallest(&mut self, layer: usize, decided: usize) -> bool {
        match &mut self.canonical {
            Some(canonical) => canonical.may_be_smallest(layer, decided, self.kernel.bits()),
            None => true,
        }
    }

    fn passed(&self) -> usize {
        self.canonical.as_ref().map_or(0, Canonical::passed)
    }

    fn return_to(&mut self, passed: usize) {
        if let Some(canonical) = &mut self.canonical {
            canonical.return_to(passed);
        }
    }

    /// Leaves the current node unvisited or, on the way to the first node of the job, that node.
    fn leave(&mut self, stop: Stop) -> Flow {
        let ahead = self.prescribed.get(self.path.choices.len()..).unwrap_or_default();
        let choices = [&self.path.choices, ahead].concat();
        self.unfinished.push(Path { root: self.path.root, choices });
        Ok(ControlFlow::Break(stop))
    }

    /// Visits the region with the current bits.
    fn emit(&mut self) -> Flow {
        let offsets = self.problem.offsets.iter().copied();
        self.pattern.assemble(offsets.zip(&*self.kernel.bits()));
        Ok(match (self.visit)(&self.pattern) {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(Stop::Visitor),
        })
    }
}

fn set_bit(bits: &mut LayerBits, layer: usize, neuron: usize, active: bool) {
    let word = &mut bits[layer][neuron / 64];
    *word = *word & !(1 << (neuron % 64)) | u64::from(active) << (neuron % 64);
}
