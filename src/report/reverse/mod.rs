//! Reversibility: random layers beside their laws, trained layers beside random ones, a network sent back.

mod law;
mod likeness;
mod network;
mod run;

pub use law::LawReport;
pub use likeness::LikenessReport;
pub use network::ReversalReport;
pub use run::RunReport;
