//! Edges and what is claimed to be none.

use super::blocks::{copies, signed};
use super::{Field, GraphCertificate, Pairs, Step};

/// Every pair of pieces: the copies on the blocks, and whether it is listed as it must be.
pub(super) fn check_edges(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
    projectors: &[Vec<u64>],
) -> Step<()> {
    const NAME: &str = "edges and non-edges";
    let count = certificate.pieces.len();
    let parts = certificate.parts;
    let mut edges = certificate.edges.iter().peekable();
    let mut non_edges = certificate.non_edges.iter().peekable();
    for from in 0..count {
        for to in 0..count {
            let target = &certificate.pieces[to];
            let mut found = Vec::with_capacity(pairs.bases.len());
            for (orbit, block) in certificate.pieces[from].blocks.iter().enumerate() {
                let Some(block) = block else {
                    found.push(0);
                    continue;
                };
                let mut sum = 0;
                for (active, signs) in [
                    (parts.even, signed(block, true)),
                    (parts.odd, signed(block, false)),
                    (parts.mixed, block.plus.iter().map(|&y| (y, true)).collect()),
                ] {
                    if active {
                        let number = copies(pairs, field, &projectors[to], target.dim, orbit, &signs);
                        sum += number.ok_or((NAME, format!("{from} -> {to}: a trace is no integer")))?;
                    }
                }
                found.push(sum);
            }
            let nonlinear = found.iter().any(|&copies| copies > 0);
            let kind = if nonlinear { "nonlinear" } else { "linear" };
            if nonlinear || (parts.linear && from == to) {
                let stated = edges.next_if(|edge| (edge.from, edge.to) == (from, to));
                if !stated.is_some_and(|edge| edge.kind == kind && edge.copies == found) {
                    return Err((NAME, format!("{from} -> {to} is a {kind} edge with copies {found:?}")));
                }
            } else if non_edges.next_if(|pair| **pair == [from, to]).is_none() {
                return Err((NAME, format!("{from} -> {to} is no edge")));
            }
        }
    }
    if edges.peek().is_some() || non_edges.peek().is_some() {
        return Err((NAME, "there are pairs that are no pairs of pieces".into()));
    }
    Ok(())
}
