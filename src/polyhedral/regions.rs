//! Regions and what is known of each.

use super::bounded::is_bounded;
use super::domain::value_at;
use super::{ActivationPattern, Domain, PiecewiseLinearMap};
use crate::num::{Integer, Rational};
use rustc_hash::FxHashMap;

/// The affine map of the outputs on one region, exactly.
///
/// `rows[i]` holds the coefficients of output `i` and then its constant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AffinePiece {
    /// One row per output, the constant last.
    pub rows: Vec<Vec<Rational>>,
}

impl AffinePiece {
    /// The value at a point.
    pub fn apply(&self, point: &[Rational]) -> Vec<Rational> {
        self.rows
            .iter()
            .map(|row| {
                let constant = row[point.len()].clone();
                row.iter().zip(point).fold(constant, |sum, (a, x)| sum + a * x)
            })
            .collect()
    }
}

/// A facet of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The primitive integer row with `half_space[..d] . x + half_space[d] >= 0` on the region and `= 0` on the facet.
    pub half_space: Vec<Integer>,
    /// Whether the facet lies on the border of the domain: there is no region beyond it.
    pub border: bool,
    /// All neurons whose affine form on this region is not identically zero but vanishes on the facet, in increasing
    /// order; empty on the border of the domain. At least one of them flips across the facet.
    pub neurons: Vec<usize>,
    /// A point in the relative interior of the facet.
    pub interior_point: Vec<Rational>,
}

/// A linear region: the closure of a full-dimensional set of points with one activation pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The pattern of the region's interior.
    pub pattern: ActivationPattern,
    /// A point in the interior.
    pub interior_point: Vec<Rational>,
    /// The facets, each half-space once.
    pub facets: Vec<Facet>,
    /// The vertices; where the region contains lines, one point of each minimal face.
    pub vertices: Vec<Vec<Rational>>,
    /// The directions of the unbounded edges, as primitive integer vectors; where the region contains lines, up to these.
    pub rays: Vec<Vec<Integer>>,
    /// A basis of the directions of the lines that the region contains, as primitive integer vectors.
    pub lines: Vec<Vec<Integer>>,
    /// The map on the region.
    pub affine: AffinePiece,
}

impl Region {
    /// Whether a point lies in the closed region.
    ///
    /// # Panics
    /// Panics on a point of another dimension.
    pub fn contains(&self, point: &[Rational]) -> bool {
        assert_eq!(point.len(), self.interior_point.len(), "dimension of a point");
        self.facets.iter().all(|facet| value_at(&facet.half_space, point) >= Rational::ZERO)
    }

    /// Whether the region is bounded: one exact linear program over its facets.
    pub fn is_bounded(&self) -> bool {
        let rows: Vec<&[Integer]> = self.facets.iter().map(|facet| facet.half_space.as_slice()).collect();
        is_bounded(&rows, self.interior_point.len())
    }
}

/// All regions of a map on a domain, ordered by pattern.
#[derive(Clone, Debug)]
pub struct Regions {
    map: PiecewiseLinearMap,
    domain: Domain,
    regions: Vec<Region>,
    index: FxHashMap<ActivationPattern, usize>,
}

impl Regions {
    /// Sorts and indexes the regions that an engine found.
    pub(super) fn new(map: PiecewiseLinearMap, domain: Domain, mut regions: Vec<Region>) -> Self {
        regions.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        let index = regions.iter().enumerate().map(|(i, region)| (region.pattern.clone(), i)).collect();
        Regions { map, domain, regions, index }
    }

    /// The map whose regions these are.
    pub fn map(&self) -> &PiecewiseLinearMap {
        &self.map
    }

    /// The domain in which they were looked for.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// The number of regions.
    pub fn len(&self) -> usize {
        self.regions.len()
    }

    /// Whether there is no region.
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }

    /// The regions in the order of their patterns.
    pub fn iter(&self) -> std::slice::Iter<'_, Region> {
        self.regions.iter()
    }

    /// The regions in the order of their patterns.
    pub fn as_slice(&self) -> &[Region] {
        &self.regions
    }

    /// The index of the region with a pattern.
    pub fn find(&self, pattern: &ActivationPattern) -> Option<usize> {
        self.index.get(pattern).copied()
    }
}

impl std::ops::Index<usize> for Regions {
    type Output = Region;

    fn index(&self, region: usize) -> &Region {
        &self.regions[region]
    }
}

impl<'a> IntoIterator for &'a Regions {
    type Item = &'a Region;
    type IntoIter = std::slice::Iter<'a, Region>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
