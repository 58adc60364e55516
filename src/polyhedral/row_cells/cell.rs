//! What a row cell does not share with the cells above it.

use super::dictionary::Dictionary;
use super::witness::Witness;

/// A cell: a point inside it, a vertex to start linear programs from, and how far its layer is decided.
#[derive(Default)]
pub(in crate::polyhedral) struct Cell {
    pub(super) witness: Witness,
    /// A vertex of this cell or of one above it; rows that do not hold there are repaired when it is used.
    pub(super) dictionary: Dictionary,
    /// The first neuron of the layer that is not decided.
    pub(super) next: usize,
    /// The row that must change its sign when the search turns to this cell.
    pub(super) flip: Option<usize>,
    /// Witnesses for the positive and the negative side of the neuron that splits the cell; `None` is the cell's own.
    pub(super) sides: [Option<Witness>; 2],
}
