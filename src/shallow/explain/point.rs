//! The region of a point.

use super::projection::nearest_point;
use super::{LocalRegions, sum};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational};
use crate::polyhedral::{ActivationPattern, AffinePiece};
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

/// How far a facet is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetDistance {
    /// The facet's half-space as a primitive row, `<= 0` on the region.
    pub row: Vec<Integer>,
    /// The exact square of the Euclidean distance to the facet, its boundary included.
    pub squared_distance: Rational,
    /// The nearest point of the facet.
    pub foot: Vec<Rational>,
    /// Whether nothing lies beyond: the facet is on the border of the domain.
    pub border: bool,
}

/// The product of a row's coefficients with themselves.
pub(super) fn squared_norm(row: &[Integer]) -> Rational {
    Rational::from(row[..row.len() - 1].iter().map(|a| a * a).sum::<Integer>())
}

impl LocalRegions {
    /// The region, affine piece and facet distances of a point. One region is computed, and one projection for each facet.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate).
    pub fn explain_point(&self, point: &[Rational]) -> Result<PointExplanation> {
        let region = self.region(&self.pattern(point)?)?;
        let rows: Vec<Vec<Integer>> = region.facets.iter().map(|facet| negated(&facet.half_space)).collect();
        let mut facets = Vec::with_capacity(rows.len());
        for (facet, row) in region.facets.iter().zip(&rows) {
            // The part of the region where the facet's half-space is tight.
            let opposite = std::iter::once(facet.half_space.clone());
            let within: Vec<Vec<Integer>> = opposite.chain(rows.iter().cloned()).collect();
            let foot = nearest_point(point, &within, None)
                .ok_or_else(|| Error::inconsistent("distance of a facet", "the facet has no point"))?;
            let squared_distance = sum(foot.iter().zip(point).map(|(a, b)| (a - b) * (a - b)));
            facets.push(FacetDistance { row: row.clone(), squared_distance, foot, border: facet.border });
        }
        facets.sort_by(|a, b| a.squared_distance.cmp(&b.squared_distance).then(a.row.cmp(&b.row)));
        let outputs = region.affine.apply(point);
        Ok(PointExplanation { pattern: region.pattern, affine: region.affine, outputs, facets })
    }
}
