//! Explanations of single points and of data, all exact.
//!
//! * [`local`]: the regions around a point, found one by one.
//! * [`point`]: the region of a point, its affine piece and how far its facets are.
//! * [`counterfactual`]: the nearest point that gets another class or sign; [`projection`]: the nearest point of a
//!   polyhedron.
//! * [`path`]: integrated gradients, by cutting the path at the regions' boundaries.
//! * [`shapley`]: Shapley values against a baseline.
//! * [`coverage`]: which regions and orbits a data set populates.

pub mod counterfactual;
pub mod coverage;
pub mod local;
pub mod path;
pub mod point;
pub mod projection;
pub mod shapley;

pub use counterfactual::{Counterfactual, Decision};
pub use coverage::{Coverage, OrbitList};
pub use local::LocalRegions;
pub use path::{IntegratedGradients, Stage};
pub use point::{FacetDistance, PointExplanation};
pub use shapley::{ShapleyMethod, ShapleyValues};

use crate::num::{Integer, Rational};

fn sum(terms: impl Iterator<Item = Rational>) -> Rational {
    terms.fold(Rational::ZERO, |sum, term| sum + term)
}

/// The product of a row's coefficients with a direction.
fn along(row: &[Integer], direction: &[Rational]) -> Rational {
    sum(row.iter().zip(direction).filter(|(a, _)| !a.is_zero()).map(|(a, v)| v * Rational::from(a.clone())))
}
