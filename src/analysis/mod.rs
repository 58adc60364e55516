//! Analyses: what the pieces, layers and regions say about a network.
//!
//! * [`parity`]: the parts of an activation that decide an interaction graph.
//! * [`interaction_graph`]: which simple pieces feed which.
//!
//! Uses `shallow` and below.

pub mod interaction_graph;
pub mod parity;

pub use interaction_graph::{EdgeKind, InteractionGraph};
pub use parity::PointwiseFunction;
