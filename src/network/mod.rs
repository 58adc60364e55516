//! Networks: exact affine layers with pointwise activations between them.
//!
//! * [`affine`]: [`AffineLayer`], `y = W x + b`, exact and in `f64`.
//! * [`activation`]: [`Activation`], the pointwise functions.
//! * [`layered`]: [`Network`], layers and activations in turn.
//! * [`layout`]: [`InputLayout`], how input indices lie over a G-set and channels.
//! * [`weight_sharing`]: [`EquivariantMaps`], one free weight per orbital.
//!
//! Uses `harmonic` and below; knows nothing of polyhedra or files.

pub mod activation;
pub mod affine;
pub mod layered;
pub mod layout;
pub mod weight_sharing;

pub use activation::Activation;
pub use affine::AffineLayer;
pub use layered::Network;
pub use layout::{ChannelOrder, InputLayout};
pub use weight_sharing::EquivariantMaps;
