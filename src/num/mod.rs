//! Numbers: exact integers and rationals, and the bridge from floating point to them.
//!
//! Every finite `f64` is a dyadic rational `m * 2^e`, so a network's weights are exact numbers and every sign that
//! depends on them can be *decided*. This module is the only one that names the big-number crate; the rest of the
//! house writes [`Integer`], [`Natural`] and [`Rational`].
//!
//! * [`rational`]: conversion between `f64` and rationals, exactly and to nearest.
//! * [`row`]: primitive integer rows, the canonical form of a vector up to a positive factor.
//! * [`SparseRow`]: rows with few coefficients, as those of layers that share weights.
//! * [`elimination`]: fraction-free elimination: rank, kernel and solution over the integers.
//!
//! Uses no other module.

pub mod elimination;
pub mod rational;
pub mod row;
mod sparse_row;

pub use rational::{exact, nearest_f64, parse_decimal, parse_fraction, parse_number};
pub use row::{Sign, primitive_row};
pub use sparse_row::SparseRow;

/// An integer of any size.
pub type Integer = dashu_int::IBig;
/// A non-negative integer of any size.
pub type Natural = dashu_int::UBig;
/// A rational number of any size, always in lowest terms.
pub type Rational = dashu_ratio::RBig;
