//! Subtrees of the search as jobs.

/// A node of the search tree: the root cell, and which side was taken at each split on the way.
///
/// Neurons are always decided in order, so a path means the same to every kernel and on every machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::polyhedral) struct Path {
    /// The number of the root cell.
    pub(in crate::polyhedral) root: u32,
    /// Whether the positive side was taken, for each split.
    pub(in crate::polyhedral) choices: Vec<bool>,
}

impl Path {
    /// Whether this node is another one or below it.
    pub(in crate::polyhedral) fn is_below(&self, other: &Path) -> bool {
        self.root == other.root && self.choices.starts_with(&other.choices)
    }
}

/// Why a search left its subtree before the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::polyhedral) enum Stop {
    /// The budget of splits is used up.
    Budget,
    /// The visitor asked for it.
    Visitor,
    /// The first unfinished cell has more facets than the search can hold.
    Facets,
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::polyhedral) struct Outcome {
    /// Why the search left early, if it did.
    pub(in crate::polyhedral) stop: Option<Stop>,
    /// The subtrees that were not visited, in the order of the search.
    pub(in crate::polyhedral) unfinished: Vec<Path>,
}

/// What the search tells about its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Signs that were decided.
    pub decisions: u64,
    /// Those among them that needed exact arithmetic.
    pub exact_decisions: u64,
    /// Vertices that were computed exactly for that.
    pub exact_vertices: u64,
}

impl std::ops::AddAssign for Work {
    fn add_assign(&mut self, other: Work) {
        self.decisions += other.decisions;
        self.exact_decisions += other.exact_decisions;
        self.exact_vertices += other.exact_vertices;
    }
}
