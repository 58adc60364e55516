//! Linear regions of piecewise linear maps, exactly.
//!
//! A [`PiecewiseLinearMap`] cuts its input space into *regions*: the maximal sets of points with one
//! [`ActivationPattern`] (a neuron is active iff its pre-activation is `> 0`) and non-empty interior. On each region
//! the map is affine. Regions are polyhedra, they meet along whole facets, and together they cover the domain.
//!
//! * [`layers`]: the map; [`pattern`]: activation patterns; [`domain`]: where to look.
//! * [`mod@enumerate`]: the fast engine, with its [`options`] and its checkpoints ([`frontier`]); [`stream`]: the same as an iterator;
//!   [`mod@describe`]: facets and affine pieces of regions that it found.
//! * [`plain`]: the plain exact engine, integers throughout, the oracle of the fast one.
//! * [`certificate`]: proofs of completeness, and their checker.
//! * [`volume`]: exact volumes.
//! * [`regions`]: what an enumeration returns; [`adjacency`]: which regions share a facet, and the completeness check;
//!   [`merged`]: regions with the same affine map; [`symmetry`]: orbits of regions; [`orbits`]: one region of
//!   every orbit without visiting the others.
//!
//! # Degenerate maps are the normal case
//! Hyperplanes may coincide, be parallel or meet in too many at a point; neurons may be constant or repeated. A neuron
//! whose affine form is constant on a region does not split it and gets its bit from the constant. Crossing a facet
//! may flip several neurons at once, and neurons of later layers that only touch zero there need not flip at all: the
//! region beyond a facet is found by exact evaluation with an infinitesimal step.
//!
//! # Invariants
//! This module knows no groups and no networks: it sees layers of numbers, and symmetry only through the trait
//! [`PatternSymmetry`]. No result rests on a floating-point comparison.

pub mod adjacency;
mod bounded;
pub mod certificate;
pub mod describe;
pub mod domain;
mod driver;
mod engine;
pub mod enumerate;
mod forms;
pub mod frontier;
pub mod layers;
pub mod merged;
pub mod options;
pub mod orbits;
pub mod pattern;
pub mod plain;
pub mod regions;
mod row_cells;
pub mod stream;
pub mod symmetry;
mod vertex_cells;
pub mod volume;

pub use adjacency::Adjacency;
pub use domain::Domain;
pub use engine::Work;
pub use enumerate::{count_regions, for_each_region, patterns};
pub use frontier::Frontier;
pub use layers::PiecewiseLinearMap;
pub use options::{Arithmetic, Kernel, Options, Summary};
pub use pattern::ActivationPattern;
pub use regions::{AffinePiece, Facet, Region, Regions};
pub use symmetry::{PatternSymmetry, RegionOrbits};
