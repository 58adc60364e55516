//! The region of a point.

use crate::error::Result;
use crate::num::{Integer, Rational};
use crate::shallow::ShallowNetwork;
use crate::shallow::locate::value_at;

/// What a form says about one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointExplanation {
    /// The selector that owns the point.
    pub selector: usize,
    /// The index of its affine piece.
    pub piece: usize,
    /// The value there.
    pub outputs: Vec<Rational>,
    /// The selector's facets, the nearest first.
    pub facets: Vec<FacetDistance>,
}

/// How far a facet's hyperplane is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetDistance {
    /// The index of the half-space.
    pub half_space: usize,
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

impl ShallowNetwork {
    /// The region, affine piece and facet distances of a point. One search for the owner, and O(f d).
    ///
    /// # Errors
    /// As [`locate`](Self::locate).
    pub fn explain_point(&self, point: &[Rational]) -> Result<PointExplanation> {
        let index = self.locate(point)?;
        let selector = &self.selectors[index];
        let mut facets: Vec<FacetDistance> = selector
            .conditions
            .iter()
            .map(|&c| {
                let half_space = self.conditions[c].half_space;
                let row = &self.half_spaces[half_space].row;
                let value = value_at(row, point);
                let step = &value / squared_norm(row);
                FacetDistance {
                    half_space,
                    squared_distance: &value * &step,
                    foot: point.iter().zip(row).map(|(x, a)| x - &step * Rational::from(a.clone())).collect(),
                    border: self.half_spaces[half_space].border,
                }
            })
            .collect();
        facets.sort_by(|a, b| {
            a.squared_distance.cmp(&b.squared_distance).then(a.half_space.cmp(&b.half_space))
        });
        let outputs = self.pieces[selector.piece].apply(point);
        Ok(PointExplanation { selector: index, piece: selector.piece, outputs, facets })
    }
}
