//! Interaction graphs: which simple pieces a pointwise activation feeds from which.
//!
//! An edge `L -> K` says that the map `L -> Fun(X) -> Fun(X) -> K`, include, apply the activation, project, is not zero
//! for a generic copy of `L`. Let `a_x` be the projection of `e_x` to `L` and, on an orbit with base point `x_0`,
//! `B+ = {x : a_x = a_{x_0}}` and `B- = {x : a_x = -a_{x_0}}`. Then (see D. Gibson, D. Tubbenhauer, G. Williamson,
//! *Equivariant neural networks and piecewise linear representation theory*, arXiv:2408.00949, for cyclic groups):
//!
//! * the even part reaches the `K` that occur in the functions on the blocks `B+ u B-`;
//! * the odd non-linear part those that occur in the functions with opposite values on `B+` and `B-`;
//! * both together, as with ReLU after a non-zero bias, those that occur in the functions on the blocks `B+`;
//! * the linear part gives the loop at `L`.
//!
//! How often `K` occurs in such functions is an integer, so each edge is decided, not measured. For an intransitive set
//! the answer is the union over the orbits on which `L` occurs. For analytic activations the rule holds for generic
//! amplitude. What a bias contributes by itself, a constant, is no edge: a linear activation has its loops alone.

use super::parity::{ActiveParts, PointwiseFunction};
use super::targets::nonlinear_targets;
use crate::action::GSet;
use crate::error::Result;
use crate::representation::{Decomposition, SimplePiece};

/// Whether an edge carries a linear map only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EdgeKind {
    /// Only the linear part of the activation connects the two: a loop on which the map is a multiple of the identity.
    Linear,
    /// The even or the odd non-linear part connects them.
    Nonlinear,
}

impl EdgeKind {
    /// `linear` or `nonlinear`.
    pub fn name(self) -> &'static str {
        match self {
            EdgeKind::Linear => "linear",
            EdgeKind::Nonlinear => "nonlinear",
        }
    }
}

/// The interaction graph of an activation on a permutation representation.
///
/// ```
/// use isotypic::action::GSet;
/// use isotypic::analysis::{InteractionGraph, PointwiseFunction};
/// use isotypic::group::PermutationGroup;
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C8")?);
/// let graph = InteractionGraph::new(&GSet::points(&group), PointwiseFunction::Relu, false)?;
/// let row = |i: usize| graph.targets(i).collect::<Vec<_>>();
/// assert_eq!(row(1), [0, 1, 2, 4]);
/// assert_eq!(row(2), [0, 2, 4]);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct InteractionGraph {
    pieces: Vec<SimplePiece>,
    /// Where the edges of each source start; one entry more than pieces.
    starts: Vec<usize>,
    targets: Vec<u32>,
    /// Whether the loop at each piece is linear only.
    linear_loop: Vec<bool>,
}

impl InteractionGraph {
    /// The graph of `activation` on `Fun(X)`, with a generic invariant bias before the activation if `bias` is set.
    ///
    /// For abelian actions O(edges); otherwise the decomposition and O(pieces^2 rank).
    ///
    /// # Errors
    /// As [`Decomposition::new`].
    pub fn new(set: &GSet, activation: PointwiseFunction, bias: bool) -> Result<Self> {
        InteractionGraph::of_decomposition(&Decomposition::new(set)?, activation, bias)
    }

    /// The graph on a representation that is decomposed already.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::Error::Inconsistent) where an integer that decides an edge cannot be read off.
    pub fn of_decomposition(
        decomposition: &Decomposition,
        activation: PointwiseFunction,
        bias: bool,
    ) -> Result<Self> {
        let parts = ActiveParts::of(activation, bias);
        let pieces = decomposition.pieces().to_vec();
        let mut graph = InteractionGraph {
            starts: vec![0],
            targets: Vec::new(),
            linear_loop: vec![false; pieces.len()],
            pieces,
        };
        for source in 0..graph.pieces.len() {
            let mut targets = nonlinear_targets(decomposition, &[source], parts)?;
            if parts.linear && !targets.contains(&(source as u32)) {
                graph.linear_loop[source] = true;
                targets.push(source as u32);
                targets.sort_unstable();
            }
            graph.targets.extend(targets);
            graph.starts.push(graph.targets.len());
        }
        Ok(graph)
    }

    /// The nodes.
    pub fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    /// The pieces that a source feeds, in increasing order.
    pub fn targets(&self, source: usize) -> impl Iterator<Item = usize> + '_ {
        self.targets[self.starts[source]..self.starts[source + 1]].iter().map(|&target| target as usize)
    }

    /// The kind of an edge; `None` where there is none.
    pub fn kind(&self, from: usize, to: usize) -> Option<EdgeKind> {
        self.has_edge(from, to).then(|| {
            if from == to && self.linear_loop[from] { EdgeKind::Linear } else { EdgeKind::Nonlinear }
        })
    }

    /// All edges `(from, to, kind)`, by source and then by target.
    pub fn edges(&self) -> impl Iterator<Item = (usize, usize, EdgeKind)> + '_ {
        (0..self.pieces.len()).flat_map(move |from| {
            self.targets(from).map(move |to| {
                let linear = from == to && self.linear_loop[from];
                (from, to, if linear { EdgeKind::Linear } else { EdgeKind::Nonlinear })
            })
        })
    }

    /// The number of edges, loops included.
    pub fn edge_count(&self) -> usize {
        self.targets.len()
    }

    /// Whether there is an edge.
    pub fn has_edge(&self, from: usize, to: usize) -> bool {
        self.targets[self.starts[from]..self.starts[from + 1]].binary_search(&(to as u32)).is_ok()
    }
}
