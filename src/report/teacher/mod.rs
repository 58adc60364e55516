//! Teacher and student: averaged back-propagation on a tree, specialisation, losses by simple piece.

mod check;
mod loss;
mod specialize;

pub use check::CheckReport;
pub use loss::LossReport;
pub use specialize::SpecializeReport;
