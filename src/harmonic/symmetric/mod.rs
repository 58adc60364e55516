//! The fast Fourier transform of the symmetric group.
//!
//! * [`young`]: Young's orthogonal form, in which an adjacent transposition mixes basis vectors two by two.
//! * [`transform`]: [`SymmetricTransform`], from `S_1` up to `S_n`, with inverse and convolution.
//!
//! References: M. Clausen, *Fast generalized Fourier transforms*, 1989; P. Diaconis, *Group Representations in
//! Probability and Statistics*, 1988.

pub mod transform;
pub mod young;

pub use transform::SymmetricTransform;
