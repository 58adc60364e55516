//! Finite permutation groups.
//!
//! Conventions: groups act on the left, `(g h)(x) = g(h(x))`; points are `0..degree` in memory and `1..=degree` in
//! print. A group is known by its generators; nothing here lists the elements unless asked to.
//!
//! * [`permutation`]: one permutation.
//! * [`permutation_group`]: [`PermutationGroup`], generators with a name and whatever is known of them.
//! * [`stabilizer_chain`]: order, membership and uniform random elements (Schreier and Sims).
//! * [`subgroup`]: subgroups and normal closures; [`classes`]: conjugacy classes.
//! * [`families`]: the named groups; [`product`]: direct powers, products and wreath products.
//! * [`grammar`]: the text form `C4^2`, `C2wrS3`, `<(1,2,3),(1,2)>`, `@file.json`.
//! * [`orbits`]: union-find, on which all orbit computations rest.
//!
//! Uses `num` only.

pub mod classes;
pub mod families;
pub mod grammar;
pub mod orbits;
pub mod permutation;
pub mod permutation_group;
pub mod product;
pub mod stabilizer_chain;
pub mod subgroup;

pub use classes::ConjugacyClass;
pub use orbits::Orbits;
pub use permutation::Permutation;
pub use permutation_group::PermutationGroup;
pub use stabilizer_chain::StabilizerChain;
