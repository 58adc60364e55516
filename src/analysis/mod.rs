//! Analyses: what the pieces, layers and regions say about a network.
//!
//! * [`parity`]: the parts of an activation that decide an interaction graph.
//! * [`interaction_graph`]: which simple pieces feed which.
//! * [`network_symmetry`]: how a group acts on every layer of a network.
//! * [`region_domain`]: where regions are looked for; [`region_query`]: all of them, with orbits and merged counts.
//! * [`region_certificate`]: the proof that a list of regions is complete, as a file.
//! * [`region_search`]: counting regions one by one, once per orbit, in parts that can be resumed and merged.
//! * [`form_query`]: the three-layer form on a domain, once per orbit; [`evaluation`]: networks and forms on tables.
//! * [`explanation`]: what a form says about a point: region, attributions, nearest point decided otherwise.
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
pub mod evaluation;
pub mod explanation;
pub mod flow;
pub mod form_query;
pub mod group_table;
pub mod interaction_graph;
pub mod isotypic_projector;
pub mod network_symmetry;
pub mod overtones;
pub mod parity;
pub mod piece_map;
pub mod reach;
pub mod region_certificate;
pub mod region_domain;
pub mod region_query;
pub mod region_search;
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
pub use form_query::FormQuestion;
pub use group_table::GroupTable;
pub use interaction_graph::{EdgeKind, InteractionGraph};
pub use isotypic_projector::IsotypicProjectors;
pub use network_symmetry::{NetworkSymmetry, SymmetryQuestion};
pub use overtones::Overtones;
pub use parity::PointwiseFunction;
pub use piece_map::{PieceMap, PieceMapOptions};
pub use reach::Reach;
pub use region_certificate::RegionCertificate;
pub use region_domain::RegionDomain;
pub use region_query::{RegionAnswer, RegionOptions};
pub use response::FrequencyResponse;
pub use strata::Stratum;
pub use subnetwork::Subnetwork;
pub use trace::{EnergyTrace, LayerActions};
