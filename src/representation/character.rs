//! Characters of the pieces, read off the projectors.
//!
//! The trace of `g` on an isotypic component is `sum_x P(x, g x)`, a sum over orbitals: it needs only to be known how
//! often the pairs `(x, g x)` meet each orbital.

use super::abelian::AbelianDecomposition;
use super::commutant::Component;
use super::decomposition::{Decomposition, GeneralDecomposition};
use crate::action::Suborbits;
use crate::group::Permutation;

/// For each orbital the number of points `x` with `(x, g x)` in it, where `g` is a permutation of the set that the group
/// induces. O(|X| * depth of the tree of the orbits).
pub fn orbital_counts(suborbits: &Suborbits, images: &Permutation) -> Vec<u64> {
    let mut counts = vec![0; suborbits.rank()];
    for x in 0..suborbits.size() {
        counts[suborbits.orbital(x, images.apply(x))] += 1;
    }
    counts
}

/// The trace on the copies of one piece, divided by their number.
fn character(projector: &[f64], multiplicity: usize, counts: &[u64]) -> f64 {
    let trace: f64 = projector.iter().zip(counts).map(|(&p, &count)| p * count as f64).sum();
    trace / multiplicity as f64
}

impl Component {
    /// The value of the character at an element with these [`orbital_counts`].
    pub(super) fn character(&self, counts: &[u64]) -> f64 {
        character(&self.projector, self.multiplicity, counts)
    }
}

impl Decomposition {
    /// The characters of the pieces at the group element that permutes the set like `images`: for each piece the trace
    /// on one copy of the real simple representation.
    ///
    /// # Panics
    /// Panics where `images` has another degree than the set or leaves its orbits.
    ///
    /// ```
    /// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
    /// use std::sync::Arc;
    /// let group = Arc::new(PermutationGroup::parse("S4")?);
    /// let set = GSet::points(&group);
    /// let transposition = isotypic::Permutation::parse("(1,2)", 4)?;
    /// let characters = Decomposition::new(&set)?.characters(&transposition);
    /// assert!((characters[0] - 1.0).abs() < 1e-9 && (characters[1] - 1.0).abs() < 1e-9);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn characters(&self, images: &Permutation) -> Vec<f64> {
        match self {
            Decomposition::Abelian(abelian) => abelian_characters(abelian, images),
            Decomposition::General(general) => general_characters(general, images),
        }
    }
}

fn general_characters(general: &GeneralDecomposition, images: &Permutation) -> Vec<f64> {
    let counts = orbital_counts(general.suborbits(), images);
    general
        .pieces()
        .iter()
        .enumerate()
        .map(|(piece, simple)| character(general.projector(piece), simple.multiplicity, &counts))
        .collect()
}

/// On each orbit the element is a translation; its coordinates are the place to which it carries the base point.
fn abelian_characters(abelian: &AbelianDecomposition, images: &Permutation) -> Vec<f64> {
    let translations: Vec<Vec<u64>> = abelian
        .orbits()
        .iter()
        .map(|orbit| {
            let image = images.apply(orbit.points[0] as usize) as u32;
            let place = orbit.points.iter().position(|&point| point == image);
            orbit.coordinates(place.expect("the image of a point lies in its orbit"))
        })
        .collect();
    (0..abelian.pieces().len())
        .map(|piece| {
            let orbit = (0..translations.len()).find(|&orbit| abelian.occurs(piece, orbit));
            let translation = &translations[orbit.expect("a piece occurs in some orbit")];
            let exponent = abelian.exponent() as u128;
            let turns = abelian
                .character(piece)
                .iter()
                .zip(translation)
                .fold(0u128, |sum, (&t, &e)| (sum + t as u128 * e as u128) % exponent);
            let angle = std::f64::consts::TAU * turns as f64 / exponent as f64;
            abelian.pieces()[piece].dim as f64 * angle.cos()
        })
        .collect()
}
