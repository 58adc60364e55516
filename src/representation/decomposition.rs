//! The decomposition of a permutation representation into simple pieces.

use super::abelian::AbelianDecomposition;
use super::central::CentralElement;
use super::commutant::{Component, components, require_moderate_rank};
use super::exact::ExactProjectors;
use super::kernel::kernel_order;
use super::label::{letters, partitions};
use super::piece::SimplePiece;
use super::signed_block::{Projector, SignedBlock, signed_blocks};
use crate::action::{GSet, IntersectionNumbers, Suborbits};
use crate::error::Result;
use crate::num::Natural;

/// The real simple pieces of `Fun(X)`, by characters where the group acts as an abelian group, through the commutant
/// algebra otherwise.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("S5")?);
/// let decomposition = Decomposition::new(&GSet::subsets(&group, 2)?)?;
/// let labels: Vec<&str> = decomposition.pieces().iter().map(|piece| piece.label.as_str()).collect();
/// assert_eq!(labels, ["[5]", "[4,1]", "[3,2]"]);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub enum Decomposition {
    /// The group acts as an abelian group.
    Abelian(AbelianDecomposition),
    /// Any other group.
    General(Box<GeneralDecomposition>),
}

impl Decomposition {
    /// Decomposes `Fun(X)`.
    ///
    /// # Errors
    /// [`TooLarge`](crate::Error::TooLarge) where the rank is too large for the algebra; [`Inconsistent`](crate::Error::Inconsistent) where a result does not
    /// pass its integer checks.
    pub fn new(set: &GSet) -> Result<Self> {
        if set.acts_as_abelian() {
            Ok(Decomposition::Abelian(AbelianDecomposition::new(set)?))
        } else {
            Ok(Decomposition::General(Box::new(GeneralDecomposition::new(set)?)))
        }
    }

    /// The pieces in a stable order; the trivial one is first.
    pub fn pieces(&self) -> &[SimplePiece] {
        match self {
            Decomposition::Abelian(abelian) => abelian.pieces(),
            Decomposition::General(general) => general.pieces(),
        }
    }

    /// What the decomposition rests on.
    pub fn proof(&self) -> Proof {
        match self {
            Decomposition::Abelian(_) => Proof::Complete,
            Decomposition::General(general) => match general.exact() {
                Some(exact) if exact.simple() => Proof::Complete,
                Some(_) => Proof::UpToRefinement,
                None => Proof::Rounding,
            },
        }
    }

    /// The rank: the number of orbitals, `sum m^2 dim End`.
    pub fn rank(&self) -> usize {
        self.pieces()
            .iter()
            .map(|piece| piece.multiplicity * piece.multiplicity * piece.real_type.endomorphism_dim())
            .sum()
    }
}

/// What a decomposition, and the graph that is read off it, rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Exact arithmetic throughout, with characters or modulo a prime.
    Complete,
    /// As `Complete`, but that no piece splits further into pieces whose numbers add up to the same was not checked: the
    /// commutant algebra is too large for it. A random element of the algebra showed no such splitting.
    UpToRefinement,
    /// Floating-point numbers that were rounded to integers and met all integer identities; the group elements at hand
    /// did not suffice for exact arithmetic.
    Rounding,
}

/// A decomposition through the commutant algebra.
#[derive(Clone, Debug)]
pub struct GeneralDecomposition {
    pieces: Vec<SimplePiece>,
    suborbits: Suborbits,
    /// By piece: the projector on orbitals.
    projectors: Vec<Vec<f64>>,
    exact: Option<ExactProjectors>,
    /// By piece and base point; `None` where the piece does not occur in that orbit.
    blocks: Vec<Vec<Option<SignedBlock>>>,
}

impl GeneralDecomposition {
    fn new(set: &GSet) -> Result<Self> {
        let suborbits = Suborbits::new(set)?;
        require_moderate_rank(set, &suborbits)?;
        let numbers = IntersectionNumbers::new(&suborbits);
        let components = components(set, &suborbits, &numbers)?;
        let exact = match CentralElement::find(set, &suborbits, &components) {
            Some(central) => ExactProjectors::new(&suborbits, &numbers, &components, central)?,
            None => None,
        };
        let symmetric_degree = set.group().is_symmetric().then(|| set.group().degree());
        let shapes = match symmetric_degree {
            Some(_) => partitions(set, &suborbits, &components)?,
            None => None,
        };
        let order = set.group().order();

        let mut found = Vec::with_capacity(components.len());
        for (index, component) in components.into_iter().enumerate() {
            let projector = Projector {
                dim: component.dim,
                floats: &component.projector,
                exact: exact.as_ref().map(|exact| (exact.field(), exact.projector(index))),
            };
            let blocks = signed_blocks(&suborbits, set, projector)?;
            let kernel_order = kernel_order(set, &suborbits, &blocks, &order, symmetric_degree)?;
            let shape = shapes.as_ref().map(|shapes| shapes[index].clone());
            found.push((component, blocks, kernel_order, shape, index));
        }
        found.sort_by(|(a, _, kernel_a, shape_a, _), (b, _, kernel_b, shape_b, _)| {
            shape_b
                .cmp(shape_a)
                .then(trivial_last(a, kernel_a, &order).cmp(&trivial_last(b, kernel_b, &order)))
                .then(a.dim.cmp(&b.dim))
                .then(a.real_type.cmp(&b.real_type))
                .then(kernel_b.cmp(kernel_a))
                .then(b.multiplicity.cmp(&a.multiplicity))
                .then_with(|| compare_projectors(&a.projector, &b.projector))
        });
        let places: Vec<usize> = found.iter().map(|entry| entry.4).collect();
        let exact = exact.map(|exact| exact.reordered(&places));

        let mut letter_of_dim: std::collections::BTreeMap<usize, usize> = Default::default();
        let mut pieces = Vec::with_capacity(found.len());
        let (mut projectors, mut blocks) = (Vec::new(), Vec::new());
        for (component, signed, kernel_order, shape, _) in found {
            let label = match shape {
                Some(shape) => shape.to_string(),
                None => {
                    let letter = letter_of_dim.entry(component.dim).or_default();
                    *letter += 1;
                    format!("{}{}", component.dim, letters(*letter - 1))
                }
            };
            pieces.push(SimplePiece {
                label,
                dim: component.dim,
                multiplicity: component.multiplicity,
                real_type: component.real_type,
                kernel_order,
            });
            projectors.push(component.projector);
            blocks.push(signed);
        }
        Ok(GeneralDecomposition { pieces, suborbits, projectors, exact, blocks })
    }

    /// The pieces; the trivial one is first.
    pub fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    /// The base points, suborbits and orbitals.
    pub fn suborbits(&self) -> &Suborbits {
        &self.suborbits
    }

    /// The projector onto an isotypic component, by orbital: `P(x, y) = projector[orbital of (x, y)]`.
    pub fn projector(&self, piece: usize) -> &[f64] {
        &self.projectors[piece]
    }

    /// The projectors modulo a prime, which prove the decomposition and everything that is read off it. `None` where that
    /// was too much work; then integers are found by rounding.
    pub fn exact(&self) -> Option<&ExactProjectors> {
        self.exact.as_ref()
    }

    /// The signed block of a piece at a base point; `None` where the piece does not occur in that orbit.
    pub fn signed_block(&self, piece: usize, base: usize) -> Option<&SignedBlock> {
        self.blocks[piece][base].as_ref()
    }

    /// The signed blocks of a piece, by base point.
    pub fn signed_blocks(&self, piece: usize) -> &[Option<SignedBlock>] {
        &self.blocks[piece]
    }

    /// How often a piece occurs in the functions `f` on the orbit of a base point with `f(x) = sign * f(x_j)` along a
    /// block: `sign` is +1 on the suborbits of `plus` and -1 on those of `minus`. An integer: the trace of an idempotent
    /// modulo a prime where [`exact`](Self::exact) is known, otherwise a rounded sum whose error is far below one half.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::Error::Inconsistent) where the sum is not near an integer.
    pub fn multiplicity_on_block(
        &self,
        piece: usize,
        base: usize,
        plus: &[usize],
        minus: &[usize],
    ) -> Result<usize> {
        let projector = Projector {
            dim: self.pieces[piece].dim,
            floats: &self.projectors[piece],
            exact: self.exact.as_ref().map(|exact| (exact.field(), exact.projector(piece))),
        };
        projector.multiplicity(&self.suborbits.bases()[base], plus, minus)
    }
}

fn trivial_last(component: &Component, kernel: &Natural, order: &Natural) -> bool {
    !(component.dim == 1 && kernel == order)
}

/// Larger entries first, at the first orbital where they differ by more than rounding.
fn compare_projectors(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    a.iter()
        .zip(b)
        .find(|(x, y)| (*x - *y).abs() > 1e-9)
        .map_or(std::cmp::Ordering::Equal, |(x, y)| y.total_cmp(x))
}
