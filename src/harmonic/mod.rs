//! Generalised Fourier transforms of functions on a finite set.
//!
//! One convention: everything is orthonormal, so that the energies of the pieces add up to `|f|^2 = sum_x f(x)^2`.
//!
//! * [`abelian_transform`]: the fast transform of any abelian action, by rustfft along a chain of subgroups.
//! * [`spectrum`]: [`Spectrum`], energy per isotypic component.
//!
//! Uses `representation` and below.

pub mod abelian_transform;
pub mod spectrum;

pub use abelian_transform::AbelianTransform;
pub use spectrum::Spectrum;
