//! Generalised Fourier transforms of functions on a finite set.
//!
//! One convention: everything is orthonormal, so that the energies of the pieces add up to `|f|^2 = sum_x f(x)^2`.
//!
//! * [`transform`]: [`Transform`], the one interface, and [`plan()`], which chooses.
//! * [`abelian_transform`]: the complex transform of one orbit of an abelian group, by rustfft along a chain of subgroups.
//! * [`abelian_fourier`]: [`AbelianFourier`], any set with an abelian action in real isotypic coordinates.
//! * [`isotypic_basis`]: [`IsotypicBasis`], any set, by a dense orthogonal matrix.
//! * [`symmetric`]: [`SymmetricTransform`], functions on `S_n`, along `S_1 < ... < S_n`.
//! * [`mod@invariant_factors`]: which abelian group it is.
//! * [`spectrum`]: [`Spectrum`], energy per isotypic component, of one function or many.
//! * [`statistics`]: means and quantiles over a data set of any length; [`quantile`]: the method behind.
//! * [`frequency`]: centroid and spread of frequency, on cycles and tori.
//!
//! Uses `representation` and below.

pub mod abelian_fourier;
pub mod abelian_transform;
pub mod frequency;
pub mod invariant_factors;
pub mod isotypic_basis;
pub mod quantile;
pub mod spectrum;
pub mod statistics;
pub mod symmetric;
pub mod transform;

pub use abelian_fourier::AbelianFourier;
pub use abelian_transform::AbelianTransform;
pub use frequency::Frequencies;
pub use invariant_factors::invariant_factors;
pub use isotypic_basis::IsotypicBasis;
pub use spectrum::Spectrum;
pub use statistics::{Channels, EnergyStatistics};
pub use symmetric::SymmetricTransform;
pub use transform::{Transform, plan};
