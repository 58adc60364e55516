//! Smooth activations and pooling, seen through the simple pieces.
//!
//! A *half-linear* function is `f(x) = x / 2 + even`; ReLU, softplus, SiLU, GELU and the root form all are, at every
//! temperature ([`crate::network::SmoothActivation`]).
//!
//! * [`forms`]: smooth maxima with gradients and sharp gaps; [`pool`]: pooling over a group orbit.
//! * [`gate`]: other smooth gates, and which of them keep half-linearity.
//! * [`harmonics`]: Fourier coefficients of `f(A cos)` and how fast they decay.
//! * [`temperature`]: weights of the interaction graph as functions of the temperature; [`filtration`]: the order in
//!   which edges appear; [`mod@sweep`]: both together on any set.
//! * [`half_identity`]: where some group element acts as -1, half the identity is all that a piece keeps.
//! * [`leakage`]: energy at high frequencies, layer by layer.
//! * [`sampling`]: how many samples a Fourier-pointwise layer needs.
//! * [`certificate`]: how far a smooth network can be from its piecewise linear limit.
//!
//! The page `docs/smooth.md` shows each statement beside measured figures.

pub mod certificate;
pub mod filtration;
pub mod forms;
pub mod gate;
pub mod half_identity;
pub mod harmonics;
pub mod leakage;
pub mod pool;
pub mod sampling;
pub mod sweep;
pub mod temperature;
