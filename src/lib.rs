//! `isotypic` takes equivariant ReLU networks apart, exactly: *by symmetry*, into the simple representations that its
//! layers contain and the interaction graph of what feeds what; and *by geometry*, into its linear regions, their orbits,
//! and the three-layer network that computes the same function.
//!
//! # The map
//!
//! | module | holds | may use |
//! |---|---|---|
//! | [`num`] | integers, rationals, fraction-free elimination | |
//! | [`group`] | permutations, stabiliser chains, named families, products | `num` |
//! | [`action`] | G-sets, orbits, suborbits, orbitals | `group`, `num` |
//! | [`representation`] | simple pieces and types, characters, the commutant algebra | `action` and above |
//! | [`harmonic`] | transforms and spectra | `representation` and above |
//! | [`network`] | affine layers, weight sharing, activations, equivariance | `harmonic` and above |
//! | [`polyhedral`] | half-spaces, cells, regions, enumeration; knows no groups and no networks | `num` |
//! | [`shallow`] | the three-layer form and its checks | `network`, `polyhedral` and above |
//! | [`analysis`] | interaction graphs, energy flow and traces, questions about regions, companion theories | `shallow` and above |
//! | [`draw`] | SVG, DOT, plots, pages; knows no mathematics | |
//! | [`io`] | ONNX, JSON, tables; whole files or none | `network` and above |
//! | [`report`] | text, JSON, pictures and the report page | `analysis`, `draw`, `io` |
//!
//! # Conventions
//!
//! * Permutations act on the left, `(g h)(x) = g(h(x))`; 0-based image arrays in memory, 1-based cycles in print.
//! * `Fun(X, R)` carries `(g.f)(x) = f(g^-1 x)`, so `P(g) e_x = e_{g x}` and `P[g[x], x] = 1`; vectors are columns.
//! * A layer is `y = W x + b` with `W` of `|Y|` rows and `|X|` columns; it is equivariant iff `W[g y, g x] = W[y, x]`
//!   and `b` is constant on orbits.
//! * Channels: `index = channel * |X| + x`.
//! * A neuron is *active* iff its pre-activation is `> 0`. A *region* is a maximal set of points with one activation
//!   pattern and non-empty interior.
//! * Transforms are orthonormal: energies add up to `|f|^2`.
//!
//! # Exactness
//!
//! Every finite `f64` is a dyadic rational, so a network's weights are exact numbers, and *exact* means: with respect
//! to those. A float may propose; a rational or combinatorial argument decides. What cannot be decided is said so.
//!
//! # First steps
//!
//! From a group to its interaction graph:
//!
//! ```
//! use isotypic::action::GSet;
//! use isotypic::analysis::{InteractionGraph, PointwiseFunction};
//! use isotypic::group::PermutationGroup;
//! use std::sync::Arc;
//!
//! let group = Arc::new(PermutationGroup::parse("S4")?);
//! let pairs = GSet::subsets(&group, 2)?;
//! let graph = InteractionGraph::new(&pairs, PointwiseFunction::Relu, false)?;
//! let names: Vec<&str> = graph.pieces().iter().map(|piece| piece.label.as_str()).collect();
//! assert_eq!(names, ["[4]", "[3,1]", "[2,2]"]);
//! // [3,1] feeds the trivial piece and [2,2], and itself by a linear loop only.
//! assert_eq!(graph.targets(1).collect::<Vec<_>>(), [0, 1, 2]);
//! # Ok::<(), isotypic::Error>(())
//! ```
//!
//! From a file to an exact value:
//!
//! ```
//! use isotypic::num::parse_decimal;
//! let network = isotypic::io::read_network("data/elnino_c4.onnx".as_ref())?;
//! let point: Vec<_> = ["0.5", "-1", "0.25", "0"].map(|text| parse_decimal(text).unwrap()).into();
//! let exact = network.evaluate_exact(&point);
//! let rounded = network.evaluate(&[0.5, -1.0, 0.25, 0.0]);
//! assert!((isotypic::num::nearest_f64(&exact[0]) - rounded[0]).abs() < 1e-12);
//! # Ok::<(), isotypic::Error>(())
//! ```

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

pub use action::GSet;
pub use error::{Error, Result};
pub use group::{Permutation, PermutationGroup};
pub use network::Network;
pub use representation::Decomposition;

/// The examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
