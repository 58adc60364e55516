//! Teacher and student: a hierarchy of discrete events explains the data, a ReLU network learns it.
//!
//! After Y. Tian, *A theoretical framework for deep and locally connected ReLU network*, arXiv:1809.10829, with the
//! errata listed in `docs/teacher.md`. Receptive fields (*regions*) carry discrete events, each a function of the
//! events of its children; the quantities of back-propagation, averaged given an event, obey matrix equations where
//! four defects vanish.
//!
//! * [`tree`]: regions, event tables and the joint distribution; [`examples`]: random trees of each kind.
//! * [`enumerate`](mod@enumerate): exact conditional activations and gradients, by summing over all inputs.
//! * [`reformulate`](mod@reformulate): the matrix form and its errors; [`defects`]: focus, broadness, decorrelation.
//! * [`normalization`]: batch normalisation as a projection.
//! * [`polytope`]: vertices, and the construction of the identity by one ReLU layer; [`linear`]: what a linear
//!   layer loses, simple piece by simple piece; [`window`]: both for the images of one window.
//! * [`disentangle`]: disentangled activations and separable weights.
//! * [`orbit`]: regions that a group permutes.
//! * [`train`]: small two-layer students with shared or free weights; [`matching`]: which student node is which
//!   teacher node, modulo the group; [`specialize`]: the experiment.

pub mod defects;
pub mod disentangle;
pub mod enumerate;
pub mod examples;
pub mod linear;
pub mod matching;
pub mod normalization;
pub mod orbit;
pub mod polytope;
pub mod reformulate;
pub mod specialize;
pub mod train;
pub mod tree;
pub mod window;

pub use enumerate::Enumeration;
pub use normalization::BatchNormalization;
pub use tree::{RegionTree, Student};
