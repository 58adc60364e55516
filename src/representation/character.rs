//! Characters of the pieces, read off the projectors.
//!
//! The trace of `g` on an isotypic component is `sum_x P(x, g x)`, a sum over orbitals: it needs only to be known how
//! often the pairs `(x, g x)` meet each orbital.

use super::abelian::AbelianDecomposition;
use super::commutant::Component;
use super::decomposition::{Decomposition, GeneralDecomposition};
use crate::action::{GSet, Suborbits};
use crate::error::{Error, Result};
use crate::group::{ConjugacyClass, Permutation};
use crate::num::{Natural, Rational};

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

/// The characters of all pieces on the conjugacy classes of the group, checked by their inner products.
#[derive(Clone, Debug)]
pub struct ClassCharacters {
    classes: Vec<ConjugacyClass>,
    fixed_points: Vec<usize>,
    characters: Vec<Vec<f64>>,
}

/// How far an inner product may be from the integer that it must be.
const NEARLY_INTEGER: f64 = 1e-6;

impl ClassCharacters {
    /// Evaluates and checks: in integers, that the mean number of fixed points is the number of orbits and the mean of its
    /// square the rank; and up to rounding that each piece has inner product `dim End` with itself, 0 with the others, and
    /// `multiplicity * dim End` with the permutation character.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the classes cannot be listed; [`Error::Inconsistent`] where a check fails.
    ///
    /// ```
    /// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
    /// use isotypic::representation::character::ClassCharacters;
    /// use std::sync::Arc;
    /// let set = GSet::subsets(&Arc::new(PermutationGroup::parse("S4")?), 2)?;
    /// let table = ClassCharacters::new(&set, &Decomposition::new(&set)?)?;
    /// assert_eq!(table.fixed_points(), [6, 2, 2, 0, 0]);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(set: &GSet, decomposition: &Decomposition) -> Result<Self> {
        let classes = set.group().classes()?;
        let mut fixed_points = Vec::with_capacity(classes.len());
        let mut characters = Vec::with_capacity(classes.len());
        for class in &classes {
            let images = set.images(&class.representative);
            fixed_points.push((0..set.size()).filter(|&x| images.apply(x) == x).count());
            characters.push(decomposition.characters(&images));
        }
        let table = ClassCharacters { classes, fixed_points, characters };
        table.check(set, decomposition)?;
        Ok(table)
    }

    fn check(&self, set: &GSet, decomposition: &Decomposition) -> Result<()> {
        let order = set.group().order();
        let failed = |problem: String| {
            Err(Error::inconsistent(
                format!("characters of {} of {}", set.name(), set.group().name()),
                problem,
            ))
        };
        let sum = |f: &dyn Fn(usize) -> usize| {
            self.classes
                .iter()
                .zip(&self.fixed_points)
                .fold(Natural::ZERO, |sum, (class, &fixed)| sum + &class.size * Natural::from(f(fixed)))
        };
        for (name, found, wanted) in [
            ("fixed points", sum(&|fixed| fixed), set.orbits().count()),
            ("squares of fixed points", sum(&|fixed| fixed * fixed), decomposition.rank()),
        ] {
            if found != &order * Natural::from(wanted) {
                return failed(format!("the mean number of {name} is not {wanted}"));
            }
        }
        let weights: Vec<f64> = self
            .classes
            .iter()
            .map(|class| {
                let share = Rational::from_parts(class.size.clone().into(), order.clone());
                crate::num::nearest_f64(&share)
            })
            .collect();
        let mean = |f: &dyn Fn(usize) -> f64| -> f64 {
            weights.iter().enumerate().map(|(class, weight)| weight * f(class)).sum()
        };
        for (i, piece) in decomposition.pieces().iter().enumerate() {
            let endomorphisms = piece.real_type.endomorphism_dim();
            let all = mean(&|class| self.characters[class][i] * self.fixed_points[class] as f64);
            let mut products = vec![(all, piece.multiplicity * endomorphisms)];
            products.extend((0..=i).map(|j| {
                let product = mean(&|class| self.characters[class][i] * self.characters[class][j]);
                (product, if i == j { endomorphisms } else { 0 })
            }));
            for (found, wanted) in products {
                if (found - wanted as f64).abs() > NEARLY_INTEGER * (1.0 + wanted as f64) {
                    return failed(format!(
                        "an inner product of {} is {found} instead of {wanted}",
                        piece.label
                    ));
                }
            }
        }
        Ok(())
    }

    /// The classes.
    pub fn classes(&self) -> &[ConjugacyClass] {
        &self.classes
    }

    /// The number of points that an element of each class fixes.
    pub fn fixed_points(&self) -> &[usize] {
        &self.fixed_points
    }

    /// By class and piece: the character.
    pub fn characters(&self) -> &[Vec<f64>] {
        &self.characters
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
