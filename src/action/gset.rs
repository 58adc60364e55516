//! Finite sets on which a group acts.

use crate::group::{Orbits, Permutation, PermutationGroup, StabilizerChain};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// A finite set `{0, ..., size - 1}` with an action of a group: for each generator of the group, the permutation of the
/// set that it induces. No table of group elements against points is kept.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("S5")?);
/// let pairs = GSet::subsets(&group, 2)?;
/// assert_eq!((pairs.size(), pairs.orbits().count()), (10, 1));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GSet {
    pub(super) group: Arc<PermutationGroup>,
    pub(super) name: String,
    pub(super) size: usize,
    pub(super) kind: Kind,
    pub(super) generators: Vec<Permutation>,
}

/// How an element of the group acts.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Points,
    /// Left multiplication on the listed elements, or on the least elements of cosets `g H` with the chain of `H`.
    Cosets {
        representatives: Vec<Permutation>,
        index: FxHashMap<Permutation, u32>,
        subgroup: StabilizerChain,
    },
    /// Sets of points, each a sorted list.
    Sets(Members),
    /// Lists of distinct points.
    Lists(Members),
    /// Given by the images of the generators alone; the chain, built when first needed, is that of the group acting on
    /// its own points and, behind them, on the set.
    Given(OnceLock<StabilizerChain>),
    /// Nothing moves.
    Trivial,
    Sum(Vec<GSet>),
    Product(Box<GSet>, Box<GSet>),
}

/// Lists of points with their numbers.
#[derive(Clone, Debug)]
pub(super) struct Members {
    pub(super) lists: Vec<Vec<u32>>,
    pub(super) index: FxHashMap<Vec<u32>, u32>,
}

impl Members {
    pub(super) fn new(lists: Vec<Vec<u32>>) -> Self {
        let index = lists.iter().cloned().zip(0..).collect();
        Members { lists, index }
    }

    /// The number of the list that `element` makes of list `x`.
    fn image(&self, element: &Permutation, x: usize, sorted: bool) -> usize {
        let mut moved: Vec<u32> = self.lists[x].iter().map(|&m| element.apply(m as usize) as u32).collect();
        if sorted {
            moved.sort_unstable();
        }
        self.index[&moved] as usize
    }
}

impl GSet {
    /// The group that acts.
    pub fn group(&self) -> &Arc<PermutationGroup> {
        &self.group
    }

    /// The name, in the grammar of [`grammar`](super::grammar).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of points.
    pub fn size(&self) -> usize {
        self.size
    }

    /// What each generator of the group does to the set.
    pub fn generators(&self) -> &[Permutation] {
        &self.generators
    }

    /// The points (0-based) that make up a point of a set of subsets or tuples; `None` for other sets.
    pub fn members(&self, x: usize) -> Option<&[u32]> {
        match &self.kind {
            Kind::Sets(members) | Kind::Lists(members) => Some(&members.lists[x]),
            _ => None,
        }
    }

    /// Where the group is symmetric: the sizes of the parts of the Young subgroup that fixes a point, for points, subsets
    /// and tuples; `None` for other sets.
    pub fn young_content(&self) -> Option<Vec<usize>> {
        let n = self.group.degree();
        let ones = |k: usize| [vec![n - k], vec![1; k]].concat();
        match &self.kind {
            _ if !self.group.is_symmetric() => None,
            Kind::Points => Some(ones(1)),
            Kind::Sets(members) => members.lists.first().map(|list| vec![n - list.len(), list.len()]),
            Kind::Lists(members) => members.lists.first().map(|list| ones(list.len())),
            _ => None,
        }
    }

    /// Whether the set is the points on which the group was defined, in their order.
    pub fn is_points(&self) -> bool {
        matches!(self.kind, Kind::Points)
    }

    /// What an element of the group does to the set; O(size) steps of [`image_of`](Self::image_of).
    ///
    /// # Panics
    /// Panics where `element` is not in the group.
    pub fn images(&self, element: &Permutation) -> Permutation {
        match &self.kind {
            Kind::Points => element.clone(),
            Kind::Given(chain) => {
                let chain = chain.get_or_init(|| joint_chain(&self.group, &self.generators));
                let (lifted, degree) = (chain.lift(element), element.degree());
                Permutation::from_fn(self.size, |x| lifted.apply(degree + x) - degree)
            }
            _ => Permutation::from_fn(self.size, |x| self.image_of(element, x)),
        }
    }

    /// Where an element of the group carries one point; the cost of a hash lookup.
    ///
    /// # Panics
    /// Panics where `element` is not in the group.
    pub fn image_of(&self, element: &Permutation, x: usize) -> usize {
        match &self.kind {
            Kind::Points => element.apply(x),
            Kind::Given(chain) => {
                let chain = chain.get_or_init(|| joint_chain(&self.group, &self.generators));
                chain.lift(element).apply(element.degree() + x) - element.degree()
            }
            Kind::Trivial => x,
            Kind::Cosets { representatives, index, subgroup } => {
                index[&subgroup.smallest_in_left_coset(&(element * &representatives[x]))] as usize
            }
            Kind::Sets(members) => members.image(element, x, true),
            Kind::Lists(members) => members.image(element, x, false),
            Kind::Sum(parts) => {
                let mut start = 0;
                for part in parts {
                    if x < start + part.size {
                        return start + part.image_of(element, x - start);
                    }
                    start += part.size;
                }
                unreachable!("the point lies in one of the parts")
            }
            Kind::Product(left, right) => {
                let n = right.size;
                left.image_of(element, x / n) * n + right.image_of(element, x % n)
            }
        }
    }

    /// The orbits of the group.
    pub fn orbits(&self) -> Orbits {
        Orbits::under(self.size, &self.generators)
    }

    /// Whether the generators commute on this set.
    pub fn acts_as_abelian(&self) -> bool {
        let g = &self.generators;
        (0..g.len()).all(|i| (0..i).all(|j| crate::group::permutation_group::commute(&g[i], &g[j])))
    }

    /// A readable name of a point: `3`, `{1,4}`, `(2,1)`, all counted from 1.
    pub fn point_name(&self, x: usize) -> String {
        let list =
            |members: &[u32]| members.iter().map(|m| (m + 1).to_string()).collect::<Vec<_>>().join(",");
        match &self.kind {
            Kind::Points | Kind::Given(_) | Kind::Trivial => (x + 1).to_string(),
            Kind::Cosets { representatives, .. } => representatives[x].to_string(),
            Kind::Sets(members) => format!("{{{}}}", list(&members.lists[x])),
            Kind::Lists(members) => format!("({})", list(&members.lists[x])),
            Kind::Sum(parts) => {
                let mut x = x;
                for part in parts {
                    if x < part.size {
                        return part.point_name(x);
                    }
                    x -= part.size;
                }
                String::new()
            }
            Kind::Product(left, right) => {
                format!("({},{})", left.point_name(x / right.size), right.point_name(x % right.size))
            }
        }
    }
}

/// The chain of a group acting on its own points and, behind them, on a set.
pub(super) fn joint_chain(group: &PermutationGroup, images: &[Permutation]) -> StabilizerChain {
    let degree = group.degree();
    let size = images.first().map_or(0, Permutation::degree);
    let joint: Vec<Permutation> = group
        .generators()
        .iter()
        .zip(images)
        .map(|(g, h)| {
            let image = |p| if p < degree { g.apply(p) } else { degree + h.apply(p - degree) };
            Permutation::from_fn(degree + size, image)
        })
        .collect();
    StabilizerChain::with_lower_bound(degree + size, &joint, &group.order())
}
