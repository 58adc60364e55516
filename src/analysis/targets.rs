//! What the non-linear parts of an activation reach from one or several sources at once.
//!
//! Let the input be a sum of generic vectors in generic copies of the source pieces. On an orbit with base point `x_0` let
//! `B+` be the points at which *all* sources that occur there have the same vectors as at `x_0`, and `B-` those at which
//! *all* have the opposite ones. The rules of [`interaction_graph`](super::interaction_graph) hold with these blocks. For
//! a group that acts as an abelian group and sources `a, b, ...` the characters that are reached are the words in `a, b,
//! ...`: those of even length by the even part, those of odd length by the odd part, and all by both together.

use super::parity::ActiveParts;
use crate::error::Result;
use crate::representation::abelian::AbelianDecomposition;
use crate::representation::decomposition::GeneralDecomposition;
use crate::representation::{Decomposition, SignedBlock};

/// The pieces that the non-linear parts reach from the sources together, sorted.
pub(super) fn nonlinear_targets(
    decomposition: &Decomposition,
    sources: &[usize],
    parts: ActiveParts,
) -> Result<Vec<u32>> {
    match decomposition {
        Decomposition::Abelian(abelian) => match sources {
            [source] => Ok(powers(abelian, *source, parts)),
            _ => Ok(words(abelian, sources, parts)),
        },
        Decomposition::General(general) => block_targets(general, sources, parts),
    }
}

/// The powers of one character: even ones, odd ones, or all.
fn powers(abelian: &AbelianDecomposition, source: usize, parts: ActiveParts) -> Vec<u32> {
    let mut targets = Vec::new();
    if parts.even {
        targets.extend(abelian.powers(source, 0, 2));
    }
    if parts.odd {
        targets.extend(abelian.powers(source, 1, 2));
    }
    if parts.mixed {
        targets.extend(abelian.powers(source, 0, 1));
    }
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// The words in several characters, orbit by orbit, as sources need not occur on every orbit.
fn words(abelian: &AbelianDecomposition, sources: &[usize], parts: ActiveParts) -> Vec<u32> {
    let modulus = abelian.exponent() as u128;
    let mut present_before: Vec<Vec<usize>> = Vec::new();
    let mut targets = Vec::new();
    for orbit in 0..abelian.orbits().len() {
        let present: Vec<usize> =
            sources.iter().copied().filter(|&source| abelian.occurs(source, orbit)).collect();
        let Some(&first) = present.first() else { continue };
        if present_before.contains(&present) {
            continue;
        }
        let first = abelian.character(first);
        let inverse: Vec<u64> = first.iter().map(|&t| (modulus as u64 - t) % modulus as u64).collect();
        let times = |a: &[u64], b: &[u64]| -> Vec<u64> {
            a.iter().zip(b).map(|(&a, &b)| ((a as u128 + b as u128) % modulus) as u64).collect()
        };
        let one = vec![0; first.len()];
        let mut even = vec![times(first, first)];
        even.extend(present[1..].iter().map(|&source| times(abelian.character(source), &inverse)));
        if parts.even {
            targets.extend(abelian.generated(&one, &even));
        }
        if parts.odd {
            targets.extend(abelian.generated(first, &even));
        }
        if parts.mixed {
            even.push(first.to_vec());
            targets.extend(abelian.generated(&one, &even));
        }
        present_before.push(present);
    }
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// The blocks on which all sources that occur at a base point agree up to one common sign; `None` where none occurs.
pub(super) fn common_block(
    general: &GeneralDecomposition,
    sources: &[usize],
    base: usize,
) -> Option<SignedBlock> {
    sources
        .iter()
        .filter_map(|&source| general.signed_block(source, base).cloned())
        .reduce(|all, block| all.meet(&block))
}

/// How often a piece occurs in what the non-linear parts produce on one orbit.
pub(super) fn copies_reached(
    general: &GeneralDecomposition,
    block: &SignedBlock,
    target: usize,
    base: usize,
    parts: ActiveParts,
) -> Result<usize> {
    if general.signed_block(target, base).is_none() {
        return Ok(0);
    }
    let mut copies = 0;
    if parts.even {
        copies += general.multiplicity_on_block(target, base, &block.both(), &[])?;
    }
    if parts.odd {
        copies += general.multiplicity_on_block(target, base, &block.plus, &block.minus)?;
    }
    if parts.mixed {
        copies += general.multiplicity_on_block(target, base, &block.plus, &[])?;
    }
    Ok(copies)
}

/// The pieces that occur in the functions on the common blocks of the sources.
fn block_targets(general: &GeneralDecomposition, sources: &[usize], parts: ActiveParts) -> Result<Vec<u32>> {
    let bases = general.suborbits().bases().len();
    let blocks: Vec<(usize, SignedBlock)> =
        (0..bases).filter_map(|base| Some((base, common_block(general, sources, base)?))).collect();
    let mut targets = Vec::new();
    for target in 0..general.pieces().len() {
        for (base, block) in &blocks {
            if copies_reached(general, block, target, *base, parts)? > 0 {
                targets.push(target as u32);
                break;
            }
        }
    }
    Ok(targets)
}
