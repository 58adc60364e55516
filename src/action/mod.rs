//! Actions of groups on finite sets.
//!
//! * [`gset`]: [`GSet`], a finite set on which a group acts, given by the images of the generators; the group itself
//!   is never listed.
//! * [`constructors`]: the sets themselves: points, cosets, subsets, tuples, orbits of these, products and sums.
//! * [`grammar`]: the text form of `--on`: `points`, `regular`, `subsets:2`, `tuples:2`, `pairs`, `cosets:(1,2,3)`,
//!   `orbit:{1,3,5}`, products, sums and channels.
//! * [`blocks`]: blocks of imprimitivity.
//! * [`orbitals`]: the orbits on pairs, by union-find over generators; one free weight of an equivariant layer each.
//! * [`suborbits`]: the orbits of the stabiliser of a base point, for sets too large for a table of pairs.
//! * [`intersection`]: intersection numbers, from which all products of the commutant algebra follow.
//! * [`combinatorial`]: numbering of subsets and tuples.
//!
//! Uses `group` and `num`.

pub mod blocks;
pub mod combinatorial;
pub mod constructors;
pub mod grammar;
pub mod gset;
pub mod intersection;
pub mod orbitals;
pub mod suborbits;

pub use gset::GSet;
pub use intersection::IntersectionNumbers;
pub use orbitals::Orbitals;
pub use suborbits::{BasePoint, Suborbits};
