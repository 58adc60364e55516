//! Orbitals: the orbits of a group on pairs.

use super::GSet;
use crate::error::{Error, Result};
use crate::group::orbits::UnionFind;
use crate::group::{Orbits, Permutation};

/// The largest table of pairs that is built.
pub const LARGEST_TABLE: usize = 1 << 28;

/// The orbits of a group on `Y x X`, as a table of labels.
///
/// An equivariant map `W: Fun X -> Fun Y` satisfies `W[g y, g x] = W[y, x]`: it has one free weight per orbital. The
/// indicators of the orbitals are a basis of `Hom_G(Fun X, Fun Y)`, so their number is the dimension of that space.
#[derive(Clone, Debug)]
pub struct Orbitals {
    rows: usize,
    columns: usize,
    orbits: Orbits,
}

impl Orbitals {
    /// The orbitals on `Y x X`: rows are the points of `rows` (`Y`), columns those of `columns` (`X`). Union-find over
    /// the generators, O(|Y| |X| generators), four bytes a pair.
    ///
    /// # Errors
    /// [`Error::Shape`] where the sets have different numbers of generators; [`Error::TooLarge`] for more than
    /// [`LARGEST_TABLE`] pairs.
    ///
    /// ```
    /// use isotypic::{action::{GSet, Orbitals}, group::PermutationGroup};
    /// use std::sync::Arc;
    /// let group = Arc::new(PermutationGroup::parse("S5")?);
    /// let (points, pairs) = (GSet::points(&group), GSet::subsets(&group, 2)?);
    /// assert_eq!(Orbitals::new(&points, &points)?.count(), 2);
    /// assert_eq!(Orbitals::new(&pairs, &points)?.count(), 2);
    /// assert_eq!(Orbitals::new(&pairs, &pairs)?.count(), 3);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(rows: &GSet, columns: &GSet) -> Result<Self> {
        Orbitals::of_generators(rows.size(), rows.generators(), columns.size(), columns.generators())
    }

    /// The orbitals of parallel lists of generators: `on_rows[i]` and `on_columns[i]` are what one group element does.
    ///
    /// # Errors
    /// As [`Orbitals::new`].
    pub fn of_generators(
        rows: usize,
        on_rows: &[Permutation],
        columns: usize,
        on_columns: &[Permutation],
    ) -> Result<Self> {
        if on_rows.len() != on_columns.len() {
            return Err(Error::shape(
                "orbitals",
                format!("{} generators on both sets", on_rows.len()),
                on_columns.len(),
                "give the same group elements on both sets",
            ));
        }
        let pairs = rows.checked_mul(columns).filter(|&pairs| pairs <= LARGEST_TABLE).ok_or_else(|| {
            Error::too_large(
                "the table of orbitals",
                format!("{rows} x {columns} pairs"),
                format!("{LARGEST_TABLE} pairs"),
                "use the suborbits of a base point instead",
            )
        })?;
        let mut sets = UnionFind::new(pairs);
        for (g, h) in on_rows.iter().zip(on_columns) {
            for y in 0..rows {
                let image_row = g.apply(y) * columns;
                for x in 0..columns {
                    sets.unite(y * columns + x, image_row + h.apply(x));
                }
            }
        }
        Ok(Orbitals { rows, columns, orbits: sets.into_orbits() })
    }

    /// The number of orbitals; for `Y = X` this is the rank.
    pub fn count(&self) -> usize {
        self.orbits.count()
    }

    /// The number of the orbital that holds `(y, x)`; orbitals are numbered by their first pair in row-major order.
    pub fn of(&self, y: usize, x: usize) -> usize {
        self.orbits.of(y * self.columns + x)
    }

    /// The number of pairs in each orbital.
    pub fn sizes(&self) -> &[usize] {
        self.orbits.sizes()
    }

    /// The number of points of `Y`.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of points of `X`.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// For `Y = X`: the orbital of the transposed pairs, for each orbital. Fixed points are the self-paired orbitals.
    ///
    /// # Errors
    /// [`Error::Shape`] where the table is not square.
    pub fn paired(&self) -> Result<Vec<usize>> {
        if self.rows != self.columns {
            return Err(Error::shape(
                "paired orbitals",
                "a square table",
                format!("{} x {}", self.rows, self.columns),
                "take orbitals of a set with itself",
            ));
        }
        Ok(self
            .orbits
            .representatives()
            .iter()
            .map(|&pair| self.of(pair % self.columns, pair / self.columns))
            .collect())
    }
}
