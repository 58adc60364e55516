//! Results in the forms in which people and programs read them: text, JSON, pictures, the report page.
//!
//! * [`network`]: networks and the equivariance check.
//! * [`symmetry`]: decompositions and interaction graphs.
//!
//! Uses `analysis`, `draw` and `io`, and below.

pub mod network;
pub mod symmetry;
