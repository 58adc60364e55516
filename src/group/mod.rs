//! Finite permutation groups.
//!
//! Conventions: groups act on the left, `(g h)(x) = g(h(x))`; points are `0..degree` in memory and `1..=degree` in
//! print. A group is known by its generators; nothing here lists the elements unless asked to.

pub mod permutation;

pub use permutation::Permutation;
