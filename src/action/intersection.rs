//! Intersection numbers: how the orbitals multiply.
//!
//! For a base point `x_j`, a representative `z` of one of its suborbits and another of its suborbits `I`, the number of
//! points `y` of `I` with `(z, y)` in a given orbital. All products of the commutant algebra, and what it does to the
//! functions that are constant on suborbits, are sums over these numbers; the points are not needed any more.

use super::Suborbits;
use rustc_hash::FxHashMap;

/// One intersection number. With `z` the representative of the suborbit of `column`, there are `count` points `y` such
/// that `(x_j, y)` is in orbital `row` and `(z, y)` in orbital `across`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntersectionNumber {
    /// The orbital of `(x_j, z)`.
    pub column: u32,
    /// The orbital of `(x_j, y)`.
    pub row: u32,
    /// The orbital of `(z, y)`.
    pub across: u32,
    /// The number of such `y`; never 0.
    pub count: u32,
}

/// The intersection numbers of a set, by base point.
#[derive(Clone, Debug)]
pub struct IntersectionNumbers {
    by_base: Vec<Vec<IntersectionNumber>>,
}

impl IntersectionNumbers {
    /// Counts. O(|X| rank) steps; at most that many numbers, and at most `rank^3`.
    ///
    /// ```
    /// use isotypic::action::{GSet, Suborbits, intersection::IntersectionNumbers};
    /// use isotypic::group::PermutationGroup;
    /// use std::sync::Arc;
    /// let set = GSet::points(&Arc::new(PermutationGroup::parse("S5")?));
    /// let numbers = IntersectionNumbers::new(&Suborbits::new(&set)?);
    /// // Of the four other points, three are neither the base point nor a given one of them.
    /// assert!(numbers.of_base(0).iter().any(|n| (n.column, n.row, n.across, n.count) == (1, 1, 1, 3)));
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(suborbits: &Suborbits) -> Self {
        let of_base = |base: &super::BasePoint| {
            let mut numbers = Vec::new();
            for (column, &z) in base.suborbits.representatives().iter().enumerate() {
                let mut counts: FxHashMap<(u32, u32), u32> = FxHashMap::default();
                for (y, &across) in suborbits.row(z).iter().enumerate() {
                    *counts.entry((base.suborbits.of(y) as u32, across)).or_default() += 1;
                }
                let first = base.first_orbital as u32;
                let start = numbers.len();
                numbers.extend(counts.into_iter().map(|((row, across), count)| IntersectionNumber {
                    column: first + column as u32,
                    row: first + row,
                    across,
                    count,
                }));
                numbers[start..].sort_unstable();
            }
            numbers
        };
        IntersectionNumbers { by_base: suborbits.bases().iter().map(of_base).collect() }
    }

    /// The numbers of one base point, by column, then row.
    pub fn of_base(&self, base: usize) -> &[IntersectionNumber] {
        &self.by_base[base]
    }

    /// All numbers.
    pub fn iter(&self) -> impl Iterator<Item = &IntersectionNumber> {
        self.by_base.iter().flatten()
    }
}
