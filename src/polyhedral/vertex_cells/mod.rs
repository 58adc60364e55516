//! The kernel for low dimension: cells as vertices.
//!
//! A cell is the list of its vertices (points and directions, homogeneously), each with the set of rows that vanish on
//! it. Neurons are decided one after the other, layer by layer. A neuron with one sign at all vertices is decided for
//! the whole cell; one with both splits it: vertices go to either side, and every cut edge gives a new vertex. Two
//! vertices span an edge iff no third one lies on all rows that they share; where every vertex lies on just `d` rows
//! that is the case iff they share `d - 1`.
//!
//! # Implementation notes
//! * Values are interpolated along cut edges and pushed forward to the next layer at vertices, never recomposed as
//!   affine maps of cells; neighbouring cells share vertices and so their values (see [`store`]).
//! * Every sign that decides something is either certain in `f64` by the error bounds of the float layers or decided
//!   exactly. Combinatorics (who is tight where) follows from signs only.
//! * In the last layer a cell in which one neuron is undecided is two regions, no split needed.

mod mask;
mod search;
mod split;
mod store;
mod ties;
mod tighten;

pub(super) use mask::WideMask;
pub(super) use search::VertexCells;
