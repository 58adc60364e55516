//! The kernel for high dimension: cells as rows.
//!
//! A cell is the stack of rows that its path pushed, one point strictly inside it (the *witness*, whose coordinates
//! are exact `f64` numbers), and a vertex with its edges, from which linear programs are warm-started.
//!
//! # Why the answers are exact
//! The linear programs only propose. Whether a neuron takes both signs inside a cell is accepted
//! * as *yes* when a witness for the other sign is found: a forward pass at an exactly known point, every sign certain
//!   by the error bound of the float layers or decided exactly;
//! * as *no* when multipliers prove it: the neuron's form is a combination of rows of the cell with coefficients
//!   that are certainly non-negative, plus a certainly positive constant ([`proof`]), or by exact elimination;
//! * and where neither succeeds, from an exact linear program ([`exact_program`]) started at the witness.

mod cell;
mod dictionary;
mod exact_program;
mod outline;
mod proof;
mod row_stack;
mod search;
mod witness;

pub(super) use exact_program::combination;
pub(super) use outline::Outline;
pub(super) use search::RowCells;
