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

/// What is left of a subtree from a node on: the subtree at the node, and the negative sides of the positive choices on
/// the way to it that are not `shared`. Like this, what a search leaves is one job, whose path is walked once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::polyhedral) struct Span {
    /// The first node.
    pub(in crate::polyhedral) first: Path,
    /// The number of choices that all nodes have in common.
    pub(in crate::polyhedral) shared: usize,
}

impl Span {
    /// The subtree at a node.
    pub(in crate::polyhedral) fn subtree(first: Path) -> Self {
        let shared = first.choices.len();
        Span { first, shared }
    }

    /// The span of neighbouring subtrees that one search left; `None` if there is none.
    pub(in crate::polyhedral) fn of_unfinished(paths: &[Path]) -> Option<Self> {
        let (first, others) = paths.split_first()?;
        let shared = others.last().map_or(first.choices.len(), |last| last.choices.len() - 1);
        Some(Span { first: first.clone(), shared })
    }

    /// Its subtrees in the order of the search.
    pub(in crate::polyhedral) fn into_paths(self) -> Vec<Path> {
        let Span { first, shared } = self;
        let turns = (shared..first.choices.len()).rev().filter(|&turn| first.choices[turn]);
        let sides: Vec<Path> = turns
            .map(|turn| {
                let mut choices = first.choices[..=turn].to_vec();
                choices[turn] = false;
                Path { root: first.root, choices }
            })
            .collect();
        std::iter::once(first).chain(sides).collect()
    }

    /// Whether this span, later in the order of the search or the same, is a part of the other one.
    pub(in crate::polyhedral) fn is_within(&self, other: &Span) -> bool {
        let shared = &other.first.choices[..other.shared];
        self.first.root == other.first.root && self.first.choices.starts_with(shared)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn path(choices: &[bool]) -> Path {
        Path { root: 2, choices: choices.to_vec() }
    }

    #[test]
    fn spans_are_their_subtrees() {
        let (t, f) = (true, false);
        let unfinished = [path(&[t, f, t, t]), path(&[t, f, t, f]), path(&[t, f, f])];
        let span = Span::of_unfinished(&unfinished).unwrap();
        assert_eq!(span.shared, 2);
        assert_eq!(span.clone().into_paths(), unfinished);
        let alone = Span::of_unfinished(&unfinished[..1]).unwrap();
        assert_eq!(alone, Span::subtree(path(&[t, f, t, t])));
        assert_eq!(alone.clone().into_paths(), unfinished[..1]);
        assert!(alone.is_within(&span) && !Span::subtree(path(&[f])).is_within(&span));
        assert_eq!(Span::of_unfinished(&[]), None);
    }
}
