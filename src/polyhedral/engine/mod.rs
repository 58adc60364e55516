//! What the two kernels of the fast engine share: the prepared problem, float layers with error bounds, exact forms
//! and points, the cells to start from, and the search itself, for all regions or for one of every orbit.

mod canonical;
mod exact_path;
mod float_layer;
mod float_path;
mod job;
mod problem;
mod root;
mod tie;
mod tree;

pub(super) use canonical::NeuronGroup;
pub(super) use exact_path::{ExactPath, ExactPoint, LayerBits, Source, bit, dot};
pub(super) use float_path::FloatPath;
pub use job::Work;
pub(super) use job::{Outcome, Path, Span, Stop};
pub(super) use problem::{Problem, fingerprint};
pub(super) use root::{RootCell, root_cells};
pub(super) use tie::Tie;
pub(super) use tree::{Kernel, TreeSearch};
