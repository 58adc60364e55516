//! Analyses: what the pieces, layers and regions say about a network.
//!
//! * [`parity`]: the parts of an activation that decide an interaction graph.
//! * [`interaction_graph`]: which simple pieces feed which.
//! * [`network_symmetry`]: how a group acts on every layer of a network.
//! * [`region_query`]: linear regions on a domain, with orbits and merged counts.
//! * [`mod@slice`]: a plane on which the symmetry can be seen, and the regions that it meets.
//! * [`energy`]: energies of a data set at one place, and how much of them an activation added.
//! * [`flow`]: how much energy an activation carries from piece to piece, in closed form.
//! * [`overtones`]: what an activation makes of a single wave, on the circle and on cycles.
//! * [`response`]: what an equivariant linear layer does to each piece.
//! * [`certificate`]: the proof of a graph as a file; [`certificate_check`]: its independent checker.
//! * [`piece_map`]: the piecewise linear map between two pieces, sector by sector.
//! * [`reach`]: what several layers reach, from one source or several at once.
//! * [`strata`]: embeddings into the regular representation that are not generic, and what they reach.
//! * [`subnetwork`]: the functions that a normal subgroup fixes, a network inside the network.
//! * [`trace`]: energy per simple piece, layer by layer, measured on data.
//! * [`group_table`]: a small group as a table, for random group convolutions.
//! * [`isotypic_projector`]: projectors as matrices, for experiments on small sets.
//! * [`reverse`]: reversibility of random and trained layers.
//! * [`smooth`]: smooth activations and pooling.
//! * [`teacher`]: teacher and student networks on hierarchies of events.
//!
//! Uses `shallow` and below.

pub mod certificate;
pub mod certificate_check;
pub mod energy;
pub mod flow;
pub mod group_table;
pub mod interaction_graph;
pub mod isotypic_projector;
pub mod network_symmetry;
pub mod overtones;
pub mod parity;
pub mod piece_map;
pub mod reach;
pub mod region_query;
pub mod response;
pub mod reverse;
pub mod slice;
pub mod smooth;
pub mod strata;
pub mod subnetwork;
mod targets;
pub mod teacher;
pub mod trace;

pub use certificate::GraphCertificate;
pub use flow::{EnergyFlow, FlowOptions};
pub use group_table::GroupTable;
pub use interaction_graph::{EdgeKind, InteractionGraph};
pub use isotypic_projector::IsotypicProjectors;
pub use network_symmetry::{NetworkSymmetry, SymmetryQuestion};
pub use overtones::Overtones;
pub use parity::PointwiseFunction;
pub use piece_map::{PieceMap, PieceMapOptions};
pub use reach::Reach;
pub use region_query::{RegionAnswer, RegionDomain, RegionOptions};
pub use response::FrequencyResponse;
pub use strata::Stratum;
pub use subnetwork::Subnetwork;
pub use trace::{EnergyTrace, LayerActions};
