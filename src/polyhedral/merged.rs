//! Regions on which the map is the same affine map.
//!
//! Distinct activation patterns may give the same affine map of the outputs. Two further counts are in use: the
//! number of distinct affine maps, and the number of connected pieces on which the map is one affine map, connected
//! across facets. A connected piece need not be convex.

use super::{Adjacency, AffinePiece, Regions};
use rustc_hash::FxHashMap;

/// The number of different affine maps among the regions.
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::{Domain, PiecewiseLinearMap, merged, plain};
/// let number = |n: i32| Rational::from(n);
/// // relu(x) + relu(-x) has two pieces; relu(x) - relu(x) is one, cut in two regions.
/// let layers = |w: i32, v: i32| [
///     vec![vec![number(1), number(0)], vec![number(w), number(0)]],
///     vec![vec![number(1), number(v), number(0)]],
/// ];
/// let pieces = |w, v| {
///     let map = PiecewiseLinearMap::new(1, &layers(w, v), vec![number(0)])?;
///     Ok::<_, isotypic::Error>(merged::distinct_affine(&plain::enumerate(&map, &Domain::WholeSpace)?))
/// };
/// assert_eq!((pieces(-1, 1)?, pieces(1, -1)?), (2, 1));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn distinct_affine(regions: &Regions) -> usize {
    affine_classes(regions).1
}

/// The number of connected components of the facet graph restricted to pairs of regions with the same affine map.
pub fn linear_regions_connected(regions: &Regions, adjacency: &Adjacency) -> usize {
    let (class, _) = affine_classes(regions);
    let mut sets = DisjointSets::new(regions.len());
    for (r, s) in adjacency.pairs() {
        if class[r] == class[s] {
            sets.unite(r, s);
        }
    }
    sets.count()
}

/// The class of each region by affine map, and the number of classes.
fn affine_classes(regions: &Regions) -> (Vec<usize>, usize) {
    let mut known: FxHashMap<&AffinePiece, usize> = FxHashMap::default();
    let class = regions
        .iter()
        .map(|region| {
            let next = known.len();
            *known.entry(&region.affine).or_insert(next)
        })
        .collect();
    (class, known.len())
}

/// Union-find with path halving; the root of a set is its smallest member.
#[derive(Clone, Debug)]
pub(super) struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    /// `size` sets of one member each.
    pub(super) fn new(size: usize) -> Self {
        DisjointSets { parent: (0..size).collect() }
    }

    /// The smallest member of the set of `x`.
    pub(super) fn root(&mut self, mut x: usize) -> usize {
        while self.parent[x] != x {
            self.parent[x] = self.parent[self.parent[x]];
            x = self.parent[x];
        }
        x
    }

    /// Makes one set of the sets of `x` and `y`.
    pub(super) fn unite(&mut self, x: usize, y: usize) {
        let (x, y) = (self.root(x), self.root(y));
        self.parent[x.max(y)] = x.min(y);
    }

    /// The number of sets.
    pub(super) fn count(&self) -> usize {
        self.parent.iter().enumerate().filter(|&(x, &parent)| x == parent).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_named_by_their_smallest_member() {
        let mut sets = DisjointSets::new(5);
        sets.unite(4, 2);
        sets.unite(2, 1);
        sets.unite(4, 1);
        assert_eq!(sets.root(4), 1);
        assert_eq!(sets.count(), 3);
    }
}
