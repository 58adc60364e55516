//! Sub-networks: the functions that a normal subgroup fixes.
//!
//! For a normal subgroup `N` of `G` the space `Fun(X)^N = Fun(X/N)` is kept by every equivariant linear map, every
//! pointwise activation and every invariant bias: it is a network of its own inside the network. As `N` is normal, it
//! fixes all of an isotypic component or nothing, so `Fun(X)^N` is the sum of the components with `N` in their kernel;
//! and every such space belongs to an intersection of kernels of pieces.

use crate::action::blocks::action_on_blocks;
use crate::action::{GSet, Suborbits};
use crate::error::{Error, Result};
use crate::group::{Orbits, Permutation, StabilizerChain};
use crate::num::Natural;
use crate::representation::Decomposition;
use crate::representation::abelian::AbelianDecomposition;
use crate::representation::decomposition::GeneralDecomposition;
use crate::representation::signed_block::translates;
use rustc_hash::FxHashSet;

/// The largest number of sub-networks that are listed.
pub const MOST: usize = 2048;

/// The functions fixed by one normal subgroup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnetwork {
    /// The order of the largest normal subgroup that fixes these functions.
    pub normal_order: Natural,
    /// The dimension of the space of functions: the number of orbits of the normal subgroup.
    pub dim: usize,
    /// The pieces, sorted.
    pub pieces: Vec<usize>,
}

/// All spaces `Fun(X)^N`, from the smallest (`N = G`) to the whole of `Fun(X)`.
///
/// # Errors
/// [`Error::TooLarge`] where there are more than [`MOST`].
///
/// ```
/// use isotypic::{action::GSet, analysis::subnetwork::subnetworks, group::PermutationGroup};
/// use isotypic::representation::Decomposition;
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C6")?));
/// let found = subnetworks(&set, &Decomposition::new(&set)?)?;
/// let dims: Vec<usize> = found.iter().map(|network| network.dim).collect();
/// assert_eq!(dims, [1, 2, 3, 6]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn subnetworks(set: &GSet, decomposition: &Decomposition) -> Result<Vec<Subnetwork>> {
    let closure = |generators: &[usize]| -> Result<Subnetwork> {
        let (normal_order, pieces) = match decomposition {
            Decomposition::Abelian(abelian) => abelian_closure(set, abelian, generators),
            Decomposition::General(general) => general_closure(set, general, generators)?,
        };
        let simple = decomposition.pieces();
        let dim = pieces.iter().map(|&k| simple[k].dim * simple[k].multiplicity).sum();
        Ok(Subnetwork { normal_order, dim, pieces })
    };
    let mut found: Vec<Subnetwork> = Vec::new();
    let mut known: FxHashSet<Vec<usize>> = FxHashSet::default();
    let mut add = |found: &mut Vec<Subnetwork>, next: Subnetwork| -> Result<()> {
        if !known.insert(next.pieces.clone()) {
            return Ok(());
        }
        if found.len() == MOST {
            return Err(Error::too_large(
                "the list of sub-networks",
                format!("more than {MOST}"),
                MOST,
                "choose a group with fewer normal subgroups",
            ));
        }
        found.push(next);
        Ok(())
    };
    for piece in 0..decomposition.pieces().len() {
        add(&mut found, closure(&[piece])?)?;
    }
    let principal = found.clone();
    let mut at = 0;
    while at < found.len() {
        for other in &principal {
            if other.pieces.iter().all(|k| found[at].pieces.binary_search(k).is_ok()) {
                continue;
            }
            let both: Vec<usize> = found[at].pieces.iter().chain(&other.pieces).copied().collect();
            add(&mut found, closure(&both)?)?;
        }
        at += 1;
    }
    found.sort_by(|a, b| a.dim.cmp(&b.dim).then_with(|| a.pieces.cmp(&b.pieces)));
    Ok(found)
}

/// The characters that some characters generate, and the order of their common kernel.
fn abelian_closure(
    set: &GSet,
    abelian: &AbelianDecomposition,
    generators: &[usize],
) -> (Natural, Vec<usize>) {
    let one = vec![0; set.generators().len()];
    let characters: Vec<Vec<u64>> = generators.iter().map(|&k| abelian.character(k).to_vec()).collect();
    let pieces = abelian.generated(&one, &characters).into_iter().map(|k| k as usize).collect();
    (set.group().order() / Natural::from(abelian.generated_order(&characters)), pieces)
}

/// The common kernel `N` of some pieces, by its orbits, and the pieces on which it acts trivially: those of which all
/// copies occur in the functions that are constant on the orbits of `N`.
fn general_closure(
    set: &GSet,
    general: &GeneralDecomposition,
    generators: &[usize],
) -> Result<(Natural, Vec<usize>)> {
    let suborbits = general.suborbits();
    let (order, orbits) = common_kernel(set, general, generators)?;
    let mut pieces = Vec::new();
    for (piece, simple) in general.pieces().iter().enumerate() {
        let mut fixed = 0;
        for base in 0..suborbits.bases().len() {
            if general.signed_block(piece, base).is_some() {
                let block = suborbits_inside(suborbits, base, &orbits);
                fixed += general.multiplicity_on_block(piece, base, &block, &[])?;
            }
        }
        if fixed == simple.multiplicity {
            pieces.push(piece);
        }
    }
    Ok((order, pieces))
}

/// The suborbits of a base point inside its orbit under a normal subgroup.
fn suborbits_inside(suborbits: &Suborbits, base: usize, orbits: &Orbits) -> Vec<usize> {
    let base = &suborbits.bases()[base];
    let own = orbits.of(base.point);
    (0..base.suborbits.count()).filter(|&k| orbits.of(base.suborbits.representatives()[k]) == own).collect()
}

/// The order and the orbits of the group that acts trivially on all blocks of the given pieces.
fn common_kernel(set: &GSet, general: &GeneralDecomposition, pieces: &[usize]) -> Result<(Natural, Orbits)> {
    let (suborbits, size) = (general.suborbits(), set.size());
    // The group acts on the parts of one system of blocks for each piece and orbit, listed before the points of the set.
    let mut systems: Vec<(usize, Vec<Permutation>)> = Vec::new();
    for &piece in pieces {
        for (base, point) in suborbits.bases().iter().enumerate() {
            if let Some(block) = general.signed_block(piece, base) {
                let system = translates(set, suborbits, base, &block.plus)?;
                let action = action_on_blocks(&system, suborbits.orbits(), point.point, set.generators());
                if !systems.contains(&action) {
                    systems.push(action);
                }
            }
        }
    }
    let parts: usize = systems.iter().map(|(count, _)| count).sum();
    let joint = |(index, generator): (usize, &Permutation)| {
        let mut images: Vec<u32> = Vec::with_capacity(parts + size);
        let mut first = 0;
        for (count, on_parts) in &systems {
            images.extend((0..*count).map(|part| (first + on_parts[index].apply(part)) as u32));
            first += count;
        }
        images.extend((0..size).map(|x| (parts + generator.apply(x)) as u32));
        Permutation::from_images(images)
    };
    let generators = set.generators().iter().enumerate().map(joint).collect::<Result<Vec<_>>>()?;
    let order = set.group().order();
    let image = StabilizerChain::with_upper_bound(parts, &restricted(&generators, parts)?, &order);
    let chain = StabilizerChain::with_base(parts + size, &generators, &image.base(), &order);
    let kernel: Vec<Permutation> = chain
        .generators_below(image.base().len())
        .iter()
        .map(|g| {
            Permutation::from_images((parts..parts + size).map(|x| (g.apply(x) - parts) as u32).collect())
        })
        .collect::<Result<_>>()?;
    Ok((order / image.order(), Orbits::under(size, &kernel)))
}

/// What the generators do to the first points.
fn restricted(generators: &[Permutation], points: usize) -> Result<Vec<Permutation>> {
    generators.iter().map(|g| Permutation::from_images(g.images()[..points].to_vec())).collect()
}
