//! Analyses: what the pieces, layers and regions say about a network.
//!
//! * [`parity`]: the parts of an activation that decide an interaction graph.
//! * [`interaction_graph`]: which simple pieces feed which.
//! * [`flow`]: how much energy an activation carries from piece to piece, in closed form.
//! * [`trace`]: energy per simple piece, layer by layer, measured on data.
//!
//! Uses `shallow` and below.

pub mod flow;
pub mod interaction_graph;
pub mod parity;
pub mod trace;

pub use flow::{EnergyFlow, FlowOptions};
pub use interaction_graph::{EdgeKind, InteractionGraph};
pub use parity::PointwiseFunction;
pub use trace::{EnergyTrace, LayerActions};
