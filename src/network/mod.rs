//! Networks: exact affine layers with pointwise activations between them.
//!
//! * [`affine`]: [`AffineLayer`], `y = W x + b`, exact and in `f64`.
//! * [`activation`]: [`Activation`], the pointwise functions.
//! * [`smooth_activation`]: [`SmoothActivation`], smooth relatives with a temperature, in `f64`.
//! * [`layered`]: [`Network`], layers and activations in turn.
//! * [`layout`]: [`InputLayout`], how input indices lie over a G-set and channels.
//! * [`weight_sharing`]: [`EquivariantMaps`], one free weight per orbital.
//! * [`equivariance`]: whether a network is equivariant, exactly, and how its hidden layers are permuted.
//!
//! Uses `harmonic` and below; knows nothing of polyhedra or files.

pub mod activation;
pub mod affine;
pub mod equivariance;
pub mod layered;
pub mod layout;
pub mod smooth_activation;
pub mod weight_sharing;

pub use activation::Activation;
pub use affine::AffineLayer;
pub use equivariance::{EquivarianceReport, OutputAction, Verdict, check_equivariance};
pub use layered::Network;
pub use layout::{ChannelOrder, InputLayout};
pub use smooth_activation::SmoothActivation;
pub use weight_sharing::EquivariantMaps;
