//! Results in the forms in which people and programs read them: text, JSON, pictures, the report page.
//!
//! * [`checks`]: what a verification found.
//! * [`explain`]: explanations of points.
//! * [`findings`]: what experiments find, in every form in which it is delivered.
//! * [`flow`]: closed-form energy flow.
//! * [`network`]: networks and the equivariance check.
//! * [`page`]: the report page.
//! * [`piece_map`]: maps between simple pieces.
//! * [`regions`]: linear regions; [`region_rows`], [`region_picture`]: one by one, and as pictures.
//! * [`reverse`], [`smooth`], [`teacher`]: the experiments of the companion theories.
//! * [`shallow`]: the three-layer form.
//! * [`spectrum`]: energies of a table of functions.
//! * [`symmetry`]: decompositions and interaction graphs.
//! * [`trace`]: energy by layer.
//!
//! Uses `analysis`, `draw` and `io`, and below.

pub mod checks;
pub mod explain;
mod figures;
pub mod findings;
pub mod flow;
mod form_section;
pub mod network;
pub mod page;
pub mod piece_map;
pub mod region_picture;
pub mod region_rows;
pub mod regions;
pub mod reverse;
pub mod shallow;
pub mod smooth;
pub mod spectrum;
pub mod symmetry;
mod symmetry_details;
pub mod teacher;
pub mod trace;
