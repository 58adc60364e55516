//! Reversibility of layers: how well hidden activities are recovered from what they generate.
//!
//! A random layer generates `x = (2 / (rho n)) f(W h) * mask` from a sparse non-negative `h`, and `W^T x` recovers
//! `h` without bias for every half-linear `f` (S. Arora, Y. Liang, T. Ma, *Why are deep nets reversible: a simple
//! theory, with implications for training*, arXiv:1511.05653, for ReLU).
//!
//! * [`layer`]: random layers, independent or equivariant; [`generative`]: the generative model; [`decode`]:
//!   decoders.
//! * [`predict`]: exact error laws; [`experiment`]: measured errors beside them.
//! * [`half_linear`]: unbiased reversal for every half-linear activation, and what centring saves.
//! * [`isotypic`]: the error of a random group convolution in each simple piece.
//! * [`likeness`]: how random the layers of a network are, piece by piece.
//! * [`network`]: reversing a given network by its adjoint or by deconvolution.
//! * [`stacked`]: two random layers; [`shadow`]: inputs regenerated from hidden activities, for training.
//!
//! The page `docs/reverse.md` shows each statement beside measured figures.

pub mod decode;
pub mod experiment;
pub mod generative;
pub mod half_linear;
pub mod isotypic;
pub mod layer;
pub mod likeness;
pub mod network;
pub mod predict;
pub mod shadow;
pub mod stacked;

pub use decode::{Decoder, Threshold};
pub use generative::Generative;
pub use layer::RandomLayer;
