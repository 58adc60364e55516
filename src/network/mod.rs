//! Networks: exact affine layers with pointwise activations between them.
//!
//! * [`affine`]: [`AffineLayer`], `y = W x + b`, exact and in `f64`.
//! * [`activation`]: [`Activation`], the pointwise functions.
//! * [`layered`]: [`Network`], layers and activations in turn.
//! * [`equivariance`]: whether a network is equivariant, exactly, and how its hidden layers are permuted.
//!
//! Uses `harmonic` and below; knows nothing of polyhedra or files.

pub mod activation;
pub mod affine;
pub mod equivariance;
pub mod layered;

pub use activation::Activation;
pub use affine::AffineLayer;
pub use equivariance::{EquivarianceReport, OutputAction, Verdict, check_equivariance};
pub use layered::Network;
