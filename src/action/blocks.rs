//! Blocks of imprimitivity and the images of a group on them.

use crate::error::{Error, Result};
use crate::group::orbits::UnionFind;
use crate::group::{Orbits, Permutation, StabilizerChain};
use crate::num::Natural;

/// The finest invariant partition of an orbit in which all `seed` points lie in one part (Atkinson's algorithm): points
/// outside the seed's orbit are left alone. O(n generators) almost.
///
/// ```
/// use isotypic::{group::Permutation, action::blocks::block_system};
/// let turn = [Permutation::parse("(1,2,3,4,5,6)", 6)?];
/// assert_eq!(block_system(6, &turn, &[0, 3]).sizes(), [2, 2, 2]);
/// assert_eq!(block_system(6, &turn, &[0, 2]).sizes(), [3, 3]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn block_system(n: usize, generators: &[Permutation], seed: &[usize]) -> Orbits {
    let mut sets = UnionFind::new(n);
    let mut queue: Vec<(usize, usize)> = Vec::new();
    for pair in seed.windows(2) {
        if sets.unite(pair[0], pair[1]) {
            queue.push((pair[0], pair[1]));
        }
    }
    while let Some((x, y)) = queue.pop() {
        for generator in generators {
            let (a, b) = (generator.apply(x), generator.apply(y));
            if sets.unite(a, b) {
                queue.push((a, b));
            }
        }
    }
    sets.into_orbits()
}

/// Checks that `block` is a block of imprimitivity: the finest invariant partition that joins its points does not join
/// more.
///
/// # Errors
/// [`Error::Inconsistent`] where it is none.
pub fn require_block(n: usize, generators: &[Permutation], block: &[usize]) -> Result<Orbits> {
    let system = block_system(n, generators, block);
    let size = system.sizes()[system.of(block[0])];
    if size == block.len() {
        return Ok(system);
    }
    Err(Error::inconsistent(
        "block of imprimitivity",
        format!("{} points were proposed as a block, but their translates join {size}", block.len()),
    ))
}

/// What each generator does to the parts of an invariant partition that meet the orbit of `point`, and how many such
/// parts there are.
pub fn action_on_blocks(
    system: &Orbits,
    orbits: &Orbits,
    point: usize,
    generators: &[Permutation],
) -> (usize, Vec<Permutation>) {
    let orbit = orbits.of(point);
    let inside: Vec<usize> =
        (0..system.count()).filter(|&b| orbits.of(system.representatives()[b]) == orbit).collect();
    let mut number = vec![usize::MAX; system.count()];
    for (i, &b) in inside.iter().enumerate() {
        number[b] = i;
    }
    let images = generators
        .iter()
        .map(|g| {
            Permutation::from_fn(inside.len(), |i| {
                number[system.of(g.apply(system.representatives()[inside[i]]))]
            })
        })
        .collect();
    (inside.len(), images)
}

/// The order of the group that `generators` induce on `n` points, given that it divides `order`.
///
/// For the symmetric group on five or more points (`symmetric_degree`) the normal subgroups decide it: an action on
/// more than two points is faithful.
pub fn image_order(
    n: usize,
    generators: &[Permutation],
    order: &Natural,
    symmetric_degree: Option<usize>,
) -> Natural {
    if n == 1 {
        return Natural::ONE;
    }
    if symmetric_degree.is_some_and(|degree| degree >= 5) {
        return if n == 2 { Natural::from(2u8) } else { order.clone() };
    }
    StabilizerChain::with_upper_bound(n, generators, order).order()
}
