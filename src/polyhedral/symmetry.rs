//! Orbits of regions under a symmetry that is given from outside.

use super::merged::DisjointSets;
use super::plain::domain_cell;
use super::{ActivationPattern, PiecewiseLinearMap, Regions};
use crate::error::{Error, Result};
use crate::num::Rational;
use std::collections::BTreeMap;

/// A finite group that acts linearly on the input space and permutes the neurons of every hidden layer, given by
/// generators: all that this module knows of symmetry.
///
/// The two actions must belong together: the pattern of the image of a point is the image of the point's pattern.
pub trait PatternSymmetry {
    /// The number of generators.
    fn generators(&self) -> usize;

    /// The image of a pattern under a generator.
    fn permute_pattern(&self, generator: usize, pattern: &ActivationPattern) -> ActivationPattern;

    /// The image of a point of the input space under a generator.
    fn permute_point(&self, generator: usize, point: &[Rational]) -> Vec<Rational>;
}

/// The orbits of the regions of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionOrbits {
    /// The orbit of each region.
    orbit_of: Vec<usize>,
    /// The members of each orbit, in increasing order.
    members: Vec<Vec<usize>>,
}

impl RegionOrbits {
    /// Follows every generator from every region. Orbits are numbered by their first regions.
    ///
    /// Cost: one exact evaluation of the map per region and generator.
    ///
    /// # Errors
    /// [`Error::Input`] where a generator does not map the domain to itself, where it does not map patterns as it maps
    /// points, or where the image of a region is no region.
    pub fn new(regions: &Regions, symmetry: &impl PatternSymmetry) -> Result<Self> {
        check_domain(regions, symmetry)?;
        let mut sets = DisjointSets::new(regions.len());
        for (r, region) in regions.iter().enumerate() {
            for generator in 0..symmetry.generators() {
                let image = symmetry.permute_pattern(generator, &region.pattern);
                let point = symmetry.permute_point(generator, &region.interior_point);
                check_pattern(regions.map(), generator, &point, &image)?;
                let Some(other) = regions.find(&image) else {
                    return Err(Error::inconsistent(
                        "orbits of regions",
                        format!("the image {image} of region {} is not among the regions", region.pattern),
                    ));
                };
                sets.unite(r, other);
            }
        }
        let mut orbit_of = Vec::with_capacity(regions.len());
        let mut members: Vec<Vec<usize>> = Vec::new();
        for r in 0..regions.len() {
            let root = sets.root(r);
            // Roots are smallest members, so the root of a later member already has its orbit.
            let orbit = if root == r { members.len() } else { orbit_of[root] };
            if root == r {
                members.push(Vec::new());
            }
            orbit_of.push(orbit);
            members[orbit].push(r);
        }
        Ok(RegionOrbits { orbit_of, members })
    }

    /// The number of orbits.
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// The orbit of a region.
    ///
    /// # Panics
    /// Panics where there is no such region.
    pub fn orbit_of(&self, region: usize) -> usize {
        self.orbit_of[region]
    }

    /// The regions of an orbit in increasing order; the first one stands for all.
    ///
    /// # Panics
    /// Panics where there is no such orbit.
    pub fn members(&self, orbit: usize) -> &[usize] {
        &self.members[orbit]
    }

    /// How many orbits there are of each size.
    pub fn sizes(&self) -> BTreeMap<usize, usize> {
        let mut sizes = BTreeMap::new();
        for orbit in &self.members {
            *sizes.entry(orbit.len()).or_default() += 1;
        }
        sizes
    }
}

/// Patterns must move as points do.
fn check_pattern(
    map: &PiecewiseLinearMap,
    generator: usize,
    point: &[Rational],
    expected: &ActivationPattern,
) -> Result<()> {
    let found = map.pattern_at(point)?;
    if found == *expected {
        return Ok(());
    }
    Err(Error::input(
        format!("symmetry, generator {}", generator + 1),
        format!(
            "it maps a region to pattern {expected}, but the image of its interior point has pattern {found}"
        ),
        "give a group under which every hidden layer is equivariant",
    ))
}

/// A generator maps the domain to itself iff it maps the vertices into it and the rays and lines into its cone of
/// directions (the group is finite, so into is onto).
fn check_domain(regions: &Regions, symmetry: &impl PatternSymmetry) -> Result<()> {
    let dimension = regions.map().inputs();
    let rows = regions.domain().half_spaces(dimension)?;
    let cell = domain_cell(dimension, &rows)?;
    let origin = vec![Rational::ZERO; dimension];
    for generator in 0..symmetry.generators() {
        let at_origin = symmetry.permute_point(generator, &origin);
        for (vector, constant) in cell.generating_vectors() {
            let mut image = symmetry.permute_point(generator, &vector);
            if !constant {
                image.iter_mut().zip(&at_origin).for_each(|(entry, base)| *entry -= base);
            }
            let inside = rows.iter().all(|row| {
                let end = if constant { Rational::from(row[dimension].clone()) } else { Rational::ZERO };
                let value =
                    row.iter().zip(&image).fold(end, |sum, (a, x)| sum + x * Rational::from(a.clone()));
                value >= Rational::ZERO
            });
            if !inside {
                return Err(Error::input(
                    format!("symmetry, generator {}", generator + 1),
                    "it does not map the domain to itself",
                    "choose a domain that the group preserves, or a smaller group",
                ));
            }
        }
    }
    Ok(())
}
