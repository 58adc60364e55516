//! The exact three-layer form of a piecewise linear network.
//!
//! Let `C_1, ..., C_R` be the linear regions of a network `f: R^d -> R^o` and `f_i(x) = A_i x + c_i` its affine pieces.
//! Every facet inequality `h.x + e <= 0` of a region is a *half-space*; there are `K` of them. The rewritten network is
//!
//! | layer | units | width |
//! |---|---|---|
//! | hidden 1, finite weights | `t_k = relu(h_k.x + e_k)` for each half-space; `relu(x)`, `relu(-x)` | `K + 2d` |
//! | hidden 2, infinite weights | `v_c`, zero iff condition `c` holds: closed half-space `t_k`; open one `relu(1 - inf t)`, `t` the unit of the opposite half-space; `relu(x)`, `relu(-x)` | `J + 2d` |
//! | hidden 3, infinite weights | `relu(f_i(x) - inf s_i)` and `relu(-f_i(x) - inf s_i)`, `s_i` the sum of the violations of selector `i`, for each output | `2 R o` |
//! | output | difference of the two, summed over the selectors | `o` |
//!
//! with `0 * inf = 0`. An infinite weight only ever multiplies a non-negative activation, so `inf - inf` does not occur.
//! `J = K` when every region takes the facets that face the [`Viewpoint`] (the default): then exactly one region answers
//! at every point of the domain, boundaries included.
//!
//! Made and stored:
//!
//! * [`orbit_form`]: [`OrbitForm`], one selector per orbit of a group of symmetries, made by [`OrbitForm::from_network`] and,
//!   on an affine [`mod@slice`], by [`OrbitForm::from_slice`]; [`symmetry`]: groups that permute the entries of every layer;
//!   [`orbit_search`]: finding one region of every orbit; [`chamber`]: a fundamental domain; [`masked`]: affine forms under a pattern; [`farkas`]: proofs that no facet is
//!   missing.
//! * [`mod@file`]: saving and loading; [`checker`]: the independent proof that a stored form is its network's function;
//!   [`provenance`]: which network it was made from.
//! * [`orbit_evaluator`]: values from the stored form alone; [`orbit_layers`]: by the literal arithmetic of the layers;
//!   [`pattern_lookup`]: with the network's help, in microseconds.
//!
//! Written out in full:
//!
//! * [`form`]: [`ShallowNetwork`], from [`OrbitForm::expand`]; [`boundary`] and [`viewpoint`]: who owns a boundary point;
//!   [`form_symmetry`]: how the group permutes half-spaces and selectors; [`certificate`]: checks at points.
//! * [`locate`]: which selector answers; [`float`]: the same for `f64` points, decided exactly; [`layers`]: the three layers
//!   executed literally, in [`extended`] numbers; [`onnx`]: the same by a standard runtime.
//! * [`ShallowNetwork::merged`] and [`ShallowNetwork::restricted`]: smaller forms; [`explain`]: what follows for points,
//!   paths and data; [`OrbitForm::latex_table`].
//!
//! # References
//! M. Villani, N. Schoots, *Any ReLU Network Is Shallow*, arXiv 2306.11827 (ECAI 2025), for the construction with closed
//! half-spaces. The assignment of boundaries to single regions and the symmetric form are made here.
//!
//! Uses `network`, `polyhedral` and what these use; reads and writes no files.

pub mod boundary;
pub mod certificate;
pub mod chamber;
pub mod checker;
mod construct;
mod expand;
pub mod explain;
pub mod extended;
mod extent;
mod faces;
pub mod farkas;
pub mod file;
pub mod float;
pub mod form;
pub mod form_symmetry;
mod latex;
pub mod layers;
pub mod locate;
pub mod masked;
pub mod onnx;
pub mod orbit_evaluator;
pub mod orbit_form;
pub mod orbit_layers;
pub mod orbit_search;
pub mod pattern_lookup;
pub mod provenance;
mod short_points;
mod simplify;
mod sizes;
pub mod slice;
pub mod symmetry;
mod test_points;
pub mod viewpoint;

pub use boundary::Boundary;
pub use certificate::{Certificate, Check, FormCertificate};
pub use chamber::Chamber;
pub use extended::Extended;
pub use float::FloatEvaluator;
pub use form::{Condition, HalfSpace, Options, Selector, ShallowNetwork};
pub use form_symmetry::FormSymmetry;
pub use layers::ThreeLayers;
pub use masked::MaskedLayers;
pub use orbit_evaluator::{OrbitEvaluator, Place};
pub use orbit_form::{OrbitFacet, OrbitForm, SelectorOrbit};
pub use orbit_layers::OrbitLayers;
pub use orbit_search::OrbitSearch;
pub use pattern_lookup::PatternLookup;
pub use provenance::Provenance;
pub use sizes::FormSizes;
pub use symmetry::{LayerPermutation, LayerSymmetry};
pub use viewpoint::Viewpoint;

use crate::num::Integer;

/// The page of the documentation on the three-layer form, with a complete example.
#[doc = include_str!("../../docs/three_layer.md")]
pub mod guide {}

/// The row of the opposite half-space.
fn negated(row: &[Integer]) -> Vec<Integer> {
    row.iter().map(|entry| -entry).collect()
}
