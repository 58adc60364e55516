//! Results in the forms in which people and programs read them: text, JSON, pictures, the report page.
//!
//! * [`symmetry`]: decompositions and interaction graphs.
//!
//! Uses `analysis`, `draw` and `io`, and below.

pub mod symmetry;
