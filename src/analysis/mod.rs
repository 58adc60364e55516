//! Analyses: what the pieces, layers and regions say about a network.
//!
//! * [`parity`]: the parts of an activation that decide an interaction graph.
//! * [`interaction_graph`]: which simple pieces feed which.
//! * [`network_symmetry`]: how a group acts on every layer of a network.
//! * [`region_query`]: linear regions on a domain, with orbits and merged counts.
//! * [`mod@slice`]: a plane on which the symmetry can be seen, and the regions that it meets.
//! * [`flow`]: how much energy an activation carries from piece to piece, in closed form.
//! * [`overtones`]: what an activation makes of a single wave, on the circle and on cycles.
//! * [`response`]: what an equivariant linear layer does to each piece.
//! * [`trace`]: energy per simple piece, layer by layer, measured on data.
//!
//! Uses `shallow` and below.

pub mod flow;
pub mod interaction_graph;
pub mod network_symmetry;
pub mod overtones;
pub mod parity;
pub mod region_query;
pub mod response;
pub mod slice;
pub mod trace;

pub use flow::{EnergyFlow, FlowOptions};
pub use interaction_graph::{EdgeKind, InteractionGraph};
pub use network_symmetry::{NetworkSymmetry, SymmetryQuestion};
pub use overtones::Overtones;
pub use parity::PointwiseFunction;
pub use region_query::{RegionAnswer, RegionDomain, RegionOptions};
pub use response::FrequencyResponse;
pub use trace::{EnergyTrace, LayerActions};
