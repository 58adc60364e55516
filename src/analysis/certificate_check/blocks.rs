//! The blocks on which the functions of a piece live.

use super::super::certificate::CertifiedBlock;
use super::{Field, GraphCertificate, Pairs, Step};

/// How many copies of a piece occur in the functions on an orbit with these signs along the block of its base point.
pub(super) fn copies(
    pairs: &Pairs,
    field: Field,
    projector: &[u64],
    dim: usize,
    orbit: usize,
    block: &[(u32, bool)],
) -> Option<usize> {
    let base = pairs.bases[orbit];
    let sum = block.iter().fold(0, |sum, &(y, positive)| {
        let value = projector[pairs.of(base, y as usize)];
        if positive { field.plus(sum, value) } else { field.minus(sum, value) }
    });
    let scale = field.inverse((block.len() * dim) as u64 % field.prime);
    let value = field.times(field.times(sum, pairs.orbit_sizes[orbit] as u64), scale);
    usize::try_from(field.integer(value, pairs.n as u64)?).ok()
}

pub(super) fn signed(block: &CertifiedBlock, minus_sign: bool) -> Vec<(u32, bool)> {
    let plus = block.plus.iter().map(|&y| (y, true));
    plus.chain(block.minus.iter().map(|&y| (y, minus_sign))).collect()
}

/// Every block: its points are points of the orbit, its translates fit together with their signs, all copies of the piece
/// live on it, and no other point could belong to it.
pub(super) fn check_blocks(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
    projectors: &[Vec<u64>],
) -> Step<usize> {
    const NAME: &str = "the blocks of the sources";
    let mut count = 0;
    for (index, (piece, projector)) in certificate.pieces.iter().zip(projectors).enumerate() {
        if piece.blocks.len() != pairs.bases.len() {
            return Err((NAME, format!("piece {index} has {} blocks", piece.blocks.len())));
        }
        for (orbit, block) in piece.blocks.iter().enumerate() {
            let base = pairs.bases[orbit];
            let own = projector[pairs.of(base, base)];
            let Some(block) = block else {
                if own == 0 {
                    continue;
                }
                return Err((NAME, format!("piece {index} occurs on orbit {orbit} but has no block there")));
            };
            let place = format!("piece {index}, orbit {orbit}");
            let mut side = vec![0i8; pairs.n];
            for &(y, positive) in &signed(block, false) {
                let y = y as usize;
                if y >= pairs.n || pairs.orbit[y] != orbit || side[y] != 0 {
                    return Err((NAME, format!("{place}: a point is out of place")));
                }
                side[y] = if positive { 1 } else { -1 };
            }
            let opposite = field.minus(0, own);
            let expected = |y: usize| match projector[pairs.of(base, y)] {
                value if value == own => 1,
                value if value == opposite => -1,
                _ => 0,
            };
            let fits = |y: usize| pairs.orbit[y] != orbit || expected(y) == side[y];
            if own == 0 || !(0..pairs.n).all(fits) {
                return Err((NAME, format!("{place}: another set of points is the block")));
            }
            let whole = copies(pairs, field, projector, piece.dim, orbit, &[(base as u32, true)]);
            let on_block = copies(pairs, field, projector, piece.dim, orbit, &signed(block, false));
            if whole.is_none() || whole != on_block {
                return Err((NAME, format!("{place}: {on_block:?} of {whole:?} copies live on the block")));
            }
            if !translates_fit(pairs, base, &side) {
                return Err((NAME, format!("{place}: translates of the block overlap")));
            }
            count += 1;
        }
    }
    Ok(count)
}

/// Whether the translates of a signed block are disjoint or equal, with the same or with opposite signs: carries the block
/// and its sign from point to point along the generators and compares at every step.
fn translates_fit(pairs: &Pairs, base: usize, side: &[i8]) -> bool {
    let members: Vec<usize> = (0..pairs.n).filter(|&y| side[y] != 0).collect();
    // For every point of the orbit: the number of the translate that holds it, and its sign there.
    let mut translate = vec![usize::MAX; pairs.n];
    let mut sign = vec![0i8; pairs.n];
    let mut translates: Vec<Vec<usize>> = vec![members];
    for &y in &translates[0] {
        translate[y] = 0;
        sign[y] = side[y];
    }
    debug_assert_eq!(translate[base], 0);
    let mut at = 0;
    while at < translates.len() {
        for g in &pairs.generators {
            let image: Vec<usize> = translates[at].iter().map(|&y| g[y]).collect();
            let known = translate[image[0]];
            if known == usize::MAX {
                for (&y, &z) in translates[at].iter().zip(&image) {
                    if translate[z] != usize::MAX {
                        return false;
                    }
                    translate[z] = translates.len();
                    sign[z] = sign[y];
                }
                translates.push(image);
                continue;
            }
            let flip = sign[image[0]] * sign[translates[at][0]];
            let fits = |(&y, &z): (&usize, &usize)| translate[z] == known && sign[z] == flip * sign[y];
            if !translates[at].iter().zip(&image).all(fits) {
                return false;
            }
        }
        at += 1;
    }
    true
}
