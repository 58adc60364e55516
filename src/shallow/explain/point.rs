//! The region of a point.

use super::LocalRegions;
use crate::error::Result;
use crate::num::{Integer, Rational};
use crate::polyhedral::{ActivationPattern, AffinePiece};
use crate::shallow::locate::value_at;
use crate::shallow::negated;

/// What a network does around one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointExplanation {
    /// The activation pattern of the point's region.
    pub pattern: ActivationPattern,
    /// The affine piece there.
    pub affine: AffinePiece,
    /// The value at the point.
    pub outputs: Vec<Rational>,
    /// The region's facets, the nearest first.
    pub facets: Vec<FacetDistance>,
}

/// How far a facet's hyperplane is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetDistance {
    /// The facet's half-space as a primitive row, `<= 0` on the region.
    pub row: Vec<Integer>,
    /// The exact square of the Euclidean distance to the hyperplane. For the nearest hyperplane it is the distance to
    /// the boundary of the region, and `foot` lies on it.
    pub squared_distance: Rational,
    /// The nearest point of the hyperplane.
    pub foot: Vec<Rational>,
    /// Whether nothing lies beyond: the hyperplane bounds the domain.
    pub border: bool,
}

/// The product of a row's coefficients with themselves.
pub(super) fn squared_norm(row: &[Integer]) -> Rational {
    Rational::from(row[..row.len() - 1].iter().map(|a| a * a).sum::<Integer>())
}

impl LocalRegions {
    /// The region, affine piece and facet distances of a point. One region is computed.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate).
    pub fn explain_point(&self, point: &[Rational]) -> Result<PointExplanation> {
        let region = self.region(&self.pattern(point)?)?;
        let mut facets: Vec<FacetDistance> = region
            .facets
            .iter()
            .map(|facet| {
                let row = negated(&facet.half_space);
                let value = value_at(&row, point);
                let step = &value / squared_norm(&row);
                FacetDistance {
                    squared_distance: &value * &step,
                    foot: point
                        .iter()
                        .zip(&row)
                        .map(|(x, a)| x - &step * Rational::from(a.clone()))
                        .collect(),
                    border: facet.border,
                    row,
                }
            })
            .collect();
        facets.sort_by(|a, b| a.squared_distance.cmp(&b.squared_distance).then(a.row.cmp(&b.row)));
        let outputs = region.affine.apply(point);
        Ok(PointExplanation { pattern: region.pattern, affine: region.affine, outputs, facets })
    }
}
