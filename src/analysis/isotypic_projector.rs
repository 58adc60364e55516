//! Projectors onto isotypic components as matrices, and the group as a list: for experiments on small sets.
//!
//! Everything else in the crate avoids `|X| x |X|` matrices; the experiments of this module's neighbours draw random
//! vectors of one component and need nothing larger than a few hundred points.

use crate::action::GSet;
use crate::error::{Error, Result};
use crate::group::Permutation;
use crate::representation::abelian::AbelianDecomposition;
use crate::representation::decomposition::GeneralDecomposition;
use crate::representation::{Decomposition, SimplePiece};
use nalgebra::DMatrix;
use std::f64::consts::TAU;

/// The largest set for which matrices are built.
pub const LARGEST_PROJECTED_SET: usize = 2048;
/// The most group elements that are listed.
pub const MOST_ELEMENTS: usize = 20_000;

/// The most entries of all projectors together: a gigabyte.
const MOST_ENTRIES: usize = 1 << 27;

/// The orthogonal projectors onto the isotypic components of `Fun(X)`.
///
/// ```
/// use isotypic::{action::GSet, analysis::IsotypicProjectors, group::PermutationGroup};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C4")?);
/// let projectors = IsotypicProjectors::new(&GSet::points(&group))?;
/// assert_eq!(projectors.pieces().len(), 3);
/// assert!((projectors.matrix(1).trace() - 2.0).abs() < 1e-12);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub struct IsotypicProjectors {
    pieces: Vec<SimplePiece>,
    matrices: Vec<DMatrix<f64>>,
    /// Every group element as a permutation of the set, the identity first.
    elements: Vec<Permutation>,
}

impl IsotypicProjectors {
    /// Decomposes, builds the matrices and lists the group. O(pieces |X|^2 + |G| |X|).
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond [`LARGEST_PROJECTED_SET`] points, [`MOST_ELEMENTS`] elements or a gigabyte of
    /// projectors; otherwise as [`Decomposition::new`].
    pub fn new(set: &GSet) -> Result<Self> {
        if set.size() > LARGEST_PROJECTED_SET {
            return Err(Error::too_large(
                format!("projectors on {} of {}", set.name(), set.group().name()),
                format!("{} points", set.size()),
                format!("{LARGEST_PROJECTED_SET} points"),
                "choose a smaller set",
            ));
        }
        let decomposition = Decomposition::new(set)?;
        let entries = decomposition.pieces().len() * set.size() * set.size();
        if entries > MOST_ENTRIES {
            return Err(Error::too_large(
                format!("projectors on {} of {}", set.name(), set.group().name()),
                format!("{entries} entries"),
                format!("{MOST_ENTRIES} entries"),
                "choose a smaller set",
            ));
        }
        let matrices = (0..decomposition.pieces().len())
            .map(|piece| match &decomposition {
                Decomposition::Abelian(abelian) => abelian_projector(abelian, piece, set.size()),
                Decomposition::General(general) => general_projector(general, piece),
            })
            .collect();
        let elements = set.group().elements(MOST_ELEMENTS)?.iter().map(|g| set.images(g)).collect();
        Ok(IsotypicProjectors { pieces: decomposition.pieces().to_vec(), matrices, elements })
    }

    /// The simple pieces; the trivial one is first.
    pub fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    /// The projector onto the component of a piece.
    pub fn matrix(&self, piece: usize) -> &DMatrix<f64> {
        &self.matrices[piece]
    }

    /// Every group element as a permutation of the set, the identity first.
    pub fn elements(&self) -> &[Permutation] {
        &self.elements
    }

    /// A group element, as an index into [`elements`](Self::elements), that acts on a piece as multiplication by
    /// `sign`, if there is one.
    pub fn element_acting_as(&self, piece: usize, sign: f64) -> Option<usize> {
        (0..self.elements.len()).find(|&g| self.acts_as(g, piece, sign))
    }

    /// Whether a group element acts on a piece as multiplication by `sign`: `P(g x, y) = sign P(x, y)`.
    ///
    /// Entries that are equal or opposite for structural reasons differ by rounding only; those that are not differ
    /// by an amount of the order of `dim / |X|`.
    pub fn acts_as(&self, element: usize, piece: usize, sign: f64) -> bool {
        let (g, matrix) = (&self.elements[element], &self.matrices[piece]);
        let n = matrix.nrows();
        (0..n).all(|x| (0..n).all(|y| (matrix[(g.apply(x), y)] - sign * matrix[(x, y)]).abs() < 1e-9))
    }
}

fn abelian_projector(abelian: &AbelianDecomposition, piece: usize, size: usize) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(size, size);
    let exponent = abelian.exponent();
    for orbit in abelian.orbits() {
        let points = orbit.points.len();
        let own: Vec<Vec<u64>> = orbit
            .characters(exponent)
            .into_iter()
            .filter(|character| abelian.piece_of(character) == Some(piece))
            .collect();
        for character in &own {
            let turns: Vec<u64> = (0..points)
                .map(|index| {
                    let mut rest = index;
                    let mut turn = 0u128;
                    for (j, &radix) in orbit.radices.iter().enumerate().rev() {
                        turn += (rest % radix) as u128 * character[j] as u128;
                        rest /= radix;
                    }
                    (turn % exponent as u128) as u64
                })
                .collect();
            for (a, &x) in orbit.points.iter().enumerate() {
                for (b, &y) in orbit.points.iter().enumerate() {
                    let turn = (turns[a] + exponent - turns[b]) % exponent;
                    matrix[(x as usize, y as usize)] +=
                        (TAU * turn as f64 / exponent as f64).cos() / points as f64;
                }
            }
        }
    }
    matrix
}

fn general_projector(general: &GeneralDecomposition, piece: usize) -> DMatrix<f64> {
    let suborbits = general.suborbits();
    let projector = general.projector(piece);
    let size = suborbits.size();
    let mut matrix = DMatrix::zeros(size, size);
    for x in 0..size {
        for (y, orbital) in suborbits.row(x).into_iter().enumerate() {
            matrix[(x, y)] = projector[orbital as usize];
        }
    }
    // Steps towards the nearest idempotent, 3 P^2 - 2 P^3, square the error of the orbital values.
    for _ in 0..2 {
        let square = &matrix * &matrix;
        matrix = 3.0 * &square - 2.0 * &square * &matrix;
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    #[test]
    fn projectors_are_idempotent_commute_with_the_group_and_add_up_to_one() {
        for (group, on) in
            [("C6", "points*2"), ("Q8", "regular"), ("D4", "points+regular"), ("C2xC4", "points")]
        {
            let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap();
            let projectors = IsotypicProjectors::new(&set).unwrap();
            let n = set.size();
            let mut sum = DMatrix::zeros(n, n);
            for (piece, simple) in projectors.pieces().iter().enumerate() {
                let p = projectors.matrix(piece);
                assert!((p * p - p).amax() < 1e-12, "{group} {piece}");
                assert!((p.trace() - (simple.dim * simple.multiplicity) as f64).abs() < 1e-9);
                for g in projectors.elements() {
                    assert!(
                        (0..n)
                            .all(|x| (0..n).all(|y| (p[(g.apply(x), g.apply(y))] - p[(x, y)]).abs() < 1e-12))
                    );
                }
                sum += p;
            }
            assert!((sum - DMatrix::identity(n, n)).amax() < 1e-12, "{group} {on}");
        }
    }

    #[test]
    fn minus_one_is_found_where_it_exists() {
        let minus = |group: &str, piece: usize| {
            let set = GSet::regular(&Arc::new(PermutationGroup::parse(group).unwrap())).unwrap();
            IsotypicProjectors::new(&set).unwrap().element_acting_as(piece, -1.0).is_some()
        };
        assert!(minus("C8", 1) && minus("C8", 2) && minus("C8", 4));
        assert!(!minus("C7", 1) && !minus("C12", 4) && minus("C12", 3));
    }
}
