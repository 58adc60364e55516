//! What is told of regions beyond their number: facets, boundedness, volume, and whether any is missing.

use super::RegionSearch;
use crate::error::{Error, Result};
use crate::num::{Integer, Natural, Rational};
use crate::polyhedral::adjacency::patterns_beyond;
use crate::polyhedral::describe::describe;
use crate::polyhedral::orbits::orbit_of;
use crate::polyhedral::volume::volume;
use crate::polyhedral::{ActivationPattern, Domain, Region};
use crate::shallow::OrbitSearch;
use rustc_hash::FxHashSet;

/// Counts over all regions, those of whole orbits from one of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The facets of all regions together, those on the border of the domain included.
    pub facets: Natural,
    /// Those on the border of the domain.
    pub border_facets: Natural,
    /// The bounded regions.
    pub bounded: Natural,
    /// The sum of all volumes, where asked for: that of the domain, if no region is missing.
    pub volume: Option<Rational>,
}

impl Details {
    /// The pairs of regions that share a facet, the edges of the dual graph, if all regions were seen: regions meet along
    /// whole facets, so every facet that is not on the border belongs to two.
    pub fn adjacent_pairs(&self) -> Natural {
        (&self.facets - &self.border_facets) / Natural::from(2u8)
    }
}

/// Collects details region by region, and what is needed to tell whether a region is missing.
pub struct Inspector<'s> {
    search: &'s RegionSearch,
    /// Whether the domain, and so every region, is bounded by being a box.
    in_box: bool,
    details: Details,
    found: FxHashSet<ActivationPattern>,
    beyond: FxHashSet<ActivationPattern>,
}

impl<'s> Inspector<'s> {
    /// An inspector that has seen nothing; volumes are costly and only added up where asked for.
    pub fn new(search: &'s RegionSearch, volumes: bool) -> Self {
        let details = Details { volume: volumes.then_some(Rational::ZERO), ..Details::default() };
        let in_box = matches!(search.domain(), Domain::Box { .. });
        Inspector { search, in_box, details, found: FxHashSet::default(), beyond: FxHashSet::default() }
    }

    /// Describes regions by their patterns and adds them, each with the size of its orbit.
    ///
    /// # Errors
    /// [`Error::Input`] where a volume is asked for and a region has none; else as [`describe`].
    pub fn add(&mut self, batch: &[(ActivationPattern, Natural)], threads: usize) -> Result<Vec<Region>> {
        let patterns: Vec<ActivationPattern> = batch.iter().map(|(pattern, _)| pattern.clone()).collect();
        let regions = describe(self.search.map(), self.search.domain(), &patterns, threads)?;
        for (region, (_, size)) in regions.iter().zip(batch) {
            self.add_region(region, size)?;
        }
        Ok(regions)
    }

    fn add_region(&mut self, region: &Region, size: &Natural) -> Result<()> {
        let map = self.search.map();
        let border = region.facets.iter().filter(|facet| facet.border).count();
        self.details.facets += size * Natural::from(region.facets.len());
        self.details.border_facets += size * Natural::from(border);
        if self.in_box || region.is_bounded() {
            self.details.bounded += size;
        }
        if let Some(total) = &mut self.details.volume {
            let rows: Vec<Vec<Integer>> =
                region.facets.iter().map(|facet| facet.half_space.clone()).collect();
            let of_region = volume(&rows, map.inputs()).ok_or_else(|| {
                Error::input(
                    "volume of regions",
                    "a region is unbounded",
                    "choose a bounded domain such as a box",
                )
            })?;
            *total += Rational::from(Integer::from(size.clone())) * of_region;
        }
        for (facet, pattern) in region.facets.iter().zip(patterns_beyond(map, region)?) {
            let Some(pattern) = pattern else { continue };
            let outwards = || facet.half_space[..map.inputs()].iter().map(|a| Rational::from(-a)).collect();
            self.beyond.insert(self.search.orbits.image_in_chamber(pattern, &facet.interior_point, outwards));
        }
        self.found.insert(region.pattern.clone());
        Ok(())
    }

    /// What was collected.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// Whether the region beyond every facet is among those seen or, under a symmetry, the image of one: then no region is
    /// missing, for the domain is connected.
    pub fn is_closed(&self) -> bool {
        let known = |pattern: &ActivationPattern| match &self.search.orbits {
            _ if self.found.contains(pattern) => true,
            OrbitSearch::Patterns { symmetry } => {
                orbit_of(symmetry, pattern).iter().any(|image| self.found.contains(image))
            }
            _ => false,
        };
        !self.found.is_empty() && self.beyond.iter().all(known)
    }
}
