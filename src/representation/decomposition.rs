//! The decomposition of a permutation representation into simple pieces.

use super::abelian::AbelianDecomposition;
use super::commutant::{Component, NEARLY_INTEGER, components};
use super::kernel::kernel_order;
use super::label::{letters, partitions};
use super::piece::SimplePiece;
use crate::action::blocks::require_block;
use crate::action::{GSet, Suborbits};
use crate::error::{Error, Result};
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
    General(GeneralDecomposition),
}

impl Decomposition {
    /// Decomposes `Fun(X)`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the rank is too large for the algebra; [`Error::Inconsistent`] where a result does not
    /// pass its integer checks.
    pub fn new(set: &GSet) -> Result<Self> {
        if set.acts_as_abelian() {
            Ok(Decomposition::Abelian(AbelianDecomposition::new(set)?))
        } else {
            Ok(Decomposition::General(GeneralDecomposition::new(set)?))
        }
    }

    /// The pieces in a stable order; the trivial one is first.
    pub fn pieces(&self) -> &[SimplePiece] {
        match self {
            Decomposition::Abelian(abelian) => abelian.pieces(),
            Decomposition::General(general) => general.pieces(),
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

/// The points of an orbit whose vectors `P_L e_x` are equal or opposite to that of the base point.
///
/// Both sets are unions of suborbits. `plus` is a block of imprimitivity, and so is the union of both.
#[derive(Clone, Debug)]
pub struct SignedBlock {
    /// Suborbits `K` with `P_L e_x = P_L e_{x_j}` for `x` in `K`.
    pub plus: Vec<usize>,
    /// Suborbits `K` with `P_L e_x = -P_L e_{x_j}` for `x` in `K`.
    pub minus: Vec<usize>,
}

/// A decomposition through the commutant algebra.
#[derive(Clone, Debug)]
pub struct GeneralDecomposition {
    pieces: Vec<SimplePiece>,
    suborbits: Suborbits,
    /// By piece: the projector on orbitals.
    projectors: Vec<Vec<f64>>,
    /// By piece and base point; `None` where the piece does not occur in that orbit.
    blocks: Vec<Vec<Option<SignedBlock>>>,
}

impl GeneralDecomposition {
    fn new(set: &GSet) -> Result<Self> {
        let suborbits = Suborbits::new(set)?;
        let mut components = components(set, &suborbits)?;
        let symmetric_degree = set.group().is_symmetric().then(|| set.group().degree());
        let shapes = match symmetric_degree {
            Some(_) => partitions(set, &suborbits, &components)?,
            None => None,
        };
        let order = set.group().order();

        let mut found = Vec::with_capacity(components.len());
        for (index, component) in components.drain(..).enumerate() {
            let blocks = signed_blocks(&suborbits, set, &component)?;
            let kernel_order = kernel_order(set, &suborbits, &blocks, &order, symmetric_degree)?;
            let shape = shapes.as_ref().map(|shapes| shapes[index].clone());
            found.push((component, blocks, kernel_order, shape));
        }
        found.sort_by(|(a, _, kernel_a, shape_a), (b, _, kernel_b, shape_b)| {
            shape_b
                .cmp(shape_a)
                .then(trivial_last(a, kernel_a, &order).cmp(&trivial_last(b, kernel_b, &order)))
                .then(a.dim.cmp(&b.dim))
                .then(a.real_type.cmp(&b.real_type))
                .then(kernel_b.cmp(kernel_a))
                .then(b.multiplicity.cmp(&a.multiplicity))
                .then_with(|| compare_projectors(&a.projector, &b.projector))
        });

        let mut letter_of_dim: std::collections::BTreeMap<usize, usize> = Default::default();
        let mut pieces = Vec::with_capacity(found.len());
        let (mut projectors, mut blocks) = (Vec::new(), Vec::new());
        for (component, signed, kernel_order, shape) in found {
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
        Ok(GeneralDecomposition { pieces, suborbits, projectors, blocks })
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

    /// The signed block of a piece at a base point; `None` where the piece does not occur in that orbit.
    pub fn signed_block(&self, piece: usize, base: usize) -> Option<&SignedBlock> {
        self.blocks[piece][base].as_ref()
    }

    /// The signed blocks of a piece, by base point.
    pub fn signed_blocks(&self, piece: usize) -> &[Option<SignedBlock>] {
        &self.blocks[piece]
    }

    /// How often a piece occurs in the functions `f` on the orbit of a base point with `f(x) = sign * f(x_j)` along a
    /// block: `sign` is +1 on the suborbits of `plus` and -1 on those of `minus`. An integer, decided by rounding a sum
    /// whose error is far below one half.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where the sum is not near an integer.
    pub fn multiplicity_on_block(
        &self,
        piece: usize,
        base: usize,
        plus: &[usize],
        minus: &[usize],
    ) -> Result<usize> {
        multiplicity_on_block(
            &self.suborbits,
            &self.projectors[piece],
            self.pieces[piece].dim,
            base,
            plus,
            minus,
        )
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

fn multiplicity_on_block(
    suborbits: &Suborbits,
    projector: &[f64],
    dim: usize,
    base: usize,
    plus: &[usize],
    minus: &[usize],
) -> Result<usize> {
    let base = &suborbits.bases()[base];
    let sizes = base.suborbits.sizes();
    let block: usize = plus.iter().chain(minus).map(|&k| sizes[k]).sum();
    let part = |suborbits: &[usize]| -> f64 {
        suborbits.iter().map(|&k| sizes[k] as f64 * projector[base.first_orbital + k]).sum()
    };
    let value = base.orbit_size as f64 / block as f64 * (part(plus) - part(minus)) / dim as f64;
    if (value - value.round()).abs() > NEARLY_INTEGER.sqrt() || value < -0.5 {
        return Err(Error::inconsistent(
            "multiplicity on a block",
            format!("{value} should be a non-negative integer"),
        ));
    }
    Ok(value.round() as usize)
}

/// The signed blocks of a component at every base point, proposed by floats and proved by integers: the plus part is a
/// block of imprimitivity, and all copies of the piece live on it (for both parts together, with the sign).
fn signed_blocks(
    suborbits: &Suborbits,
    set: &GSet,
    component: &Component,
) -> Result<Vec<Option<SignedBlock>>> {
    let mut blocks = Vec::with_capacity(suborbits.bases().len());
    for (index, base) in suborbits.bases().iter().enumerate() {
        let own_suborbit = base.suborbits.of(base.point);
        let entry = |k: usize| component.projector[base.first_orbital + k];
        let own = entry(own_suborbit);
        if own * (base.orbit_size as f64) < 0.5 * component.dim as f64 {
            blocks.push(None);
            continue;
        }
        let near = |k: &usize, sign: f64| (entry(*k) - sign * own).abs() < 1e-7 * own;
        let plus: Vec<usize> = (0..base.suborbits.count()).filter(|k| near(k, 1.0)).collect();
        let minus: Vec<usize> = (0..base.suborbits.count()).filter(|k| near(k, -1.0)).collect();
        let points = |parts: &[&[usize]]| -> Vec<usize> {
            let mut points = vec![base.point];
            points.extend((0..set.size()).filter(|&x| {
                x != base.point && parts.iter().any(|part| part.contains(&base.suborbits.of(x)))
            }));
            points
        };
        require_block(set.size(), set.generators(), &points(&[&plus]))?;
        let in_orbit = multiplicity_on_block(
            suborbits,
            &component.projector,
            component.dim,
            index,
            &[own_suborbit],
            &[],
        )?;
        let on_plus =
            multiplicity_on_block(suborbits, &component.projector, component.dim, index, &plus, &[])?;
        let mut signed = on_plus;
        if !minus.is_empty() {
            require_block(set.size(), set.generators(), &points(&[&plus, &minus]))?;
            signed =
                multiplicity_on_block(suborbits, &component.projector, component.dim, index, &plus, &minus)?;
        }
        if on_plus != in_orbit || signed != in_orbit {
            return Err(Error::inconsistent(
                "signed block of a piece",
                format!("{in_orbit} copies in the orbit, but {on_plus} and {signed} on the block"),
            ));
        }
        blocks.push(Some(SignedBlock { plus, minus }));
    }
    Ok(blocks)
}
