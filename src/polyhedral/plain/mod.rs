//! The plain exact engine: depth-first splitting of cones over the integers.
//!
//! A region is held as a cone in homogeneous coordinates `(x, t)`, `t >= 0`, by its lines and extreme rays (the double
//! description), so the whole space needs no box and unbounded regions are like any other. The domain is split by one
//! neuron after the other, layer by layer; each region of the result is reached exactly once.
//!
//! Everything is done in integers of any size and nothing is clever: this engine is the oracle of the fast one, and
//! stays.

mod cone;
mod enumerate;
mod region;

pub use enumerate::{Limits, enumerate, enumerate_within};

pub(super) use cone::{Cone, Split};
pub(super) use enumerate::domain_cell;
