//! Results in the forms in which people and programs read them: text, JSON, pictures, the report page.
//!
//! * [`checks`]: what a verification found.
//! * [`flow`]: closed-form energy flow.
//! * [`network`]: networks and the equivariance check.
//! * [`page`]: the report page.
//! * [`piece_map`]: maps between simple pieces.
//! * [`regions`]: linear regions.
//! * [`shallow`]: the three-layer form.
//! * [`spectrum`]: energies of a table of functions.
//! * [`symmetry`]: decompositions and interaction graphs.
//! * [`trace`]: energy by layer.
//!
//! Uses `analysis`, `draw` and `io`, and below.

pub mod checks;
mod figures;
pub mod flow;
pub mod network;
pub mod page;
pub mod piece_map;
pub mod regions;
pub mod shallow;
pub mod spectrum;
pub mod symmetry;
mod symmetry_details;
pub mod trace;
