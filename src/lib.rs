//! isotypic (skeleton)
pub mod action;
pub mod analysis;
pub mod draw;
pub mod error;
pub mod group;
pub mod harmonic;
pub mod io;
pub mod network;
pub mod num;
pub mod polyhedral;
pub mod report;
pub mod representation;
pub mod shallow;

pub use error::{Error, Result};
