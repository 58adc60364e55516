//! All regions of a network on a domain, held in memory, with their counts.

use super::network_symmetry::NetworkSymmetry;
use super::region_domain::RegionDomain;
use super::region_search::Tally;
use super::region_search::details::Details;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::Natural;
use crate::polyhedral::plain::{self, Limits};
use crate::polyhedral::{Adjacency, Options, RegionOrbits, Regions, describe, merged};
use crate::shallow::form::piecewise_linear_map;
use crate::shallow::symmetry::LayerSymmetry;
use std::collections::BTreeMap;

/// What is counted beyond the regions themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegionOptions {
    /// Count different affine maps and connected linear regions.
    pub merge: bool,
    /// The limits of the enumeration.
    pub limits: Limits,
}

/// The regions of a network on a domain, with their counts.
pub struct RegionAnswer {
    /// The regions.
    pub regions: Regions,
    /// Which regions share a facet.
    pub adjacency: Adjacency,
    /// The orbits of regions, where a symmetry was given.
    pub orbits: Option<RegionOrbits>,
    /// Whether adjacency closure proves that no region is missing.
    pub certified: bool,
    /// The number of pairs of regions that share a facet.
    pub adjacent_pairs: usize,
    /// The number of different affine maps, where asked for.
    pub distinct_affine: Option<usize>,
    /// The number of connected linear regions, where asked for.
    pub linear_regions_connected: Option<usize>,
}

impl RegionAnswer {
    /// Enumerates the regions by the plain exact engine.
    ///
    /// # Errors
    /// As the engine; [`Error::Input`] where a symmetry is given with a domain that it does not keep.
    pub fn new(
        network: &Network,
        domain: &RegionDomain,
        symmetry: Option<&NetworkSymmetry>,
        options: &RegionOptions,
    ) -> Result<Self> {
        let symmetry = layer_symmetry(domain, symmetry)?;
        let (network, domain) = domain.restrict(network)?;
        let map = piecewise_linear_map(&network)?;
        let regions = plain::enumerate_within(&map, &domain, options.limits)?;
        RegionAnswer::of(regions, symmetry, options.merge)
    }

    /// As [`new`](Self::new), by the fast engine; regions come without vertices.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::TooLarge`] where a limit of the options stops the search.
    pub fn fast(
        network: &Network,
        domain: &RegionDomain,
        symmetry: Option<&NetworkSymmetry>,
        merge: bool,
        options: &Options,
    ) -> Result<Self> {
        let symmetry = layer_symmetry(domain, symmetry)?;
        let (network, domain) = domain.restrict(network)?;
        let regions = describe::regions(&piecewise_linear_map(&network)?, &domain, options)?;
        RegionAnswer::of(regions, symmetry, merge)
    }

    fn of(regions: Regions, symmetry: Option<LayerSymmetry>, merge: bool) -> Result<Self> {
        let adjacency = Adjacency::new(&regions)?;
        let orbits = symmetry.map(|symmetry| RegionOrbits::new(&regions, &symmetry)).transpose()?;
        Ok(RegionAnswer {
            orbits,
            certified: adjacency.is_complete(),
            adjacent_pairs: adjacency.pairs().len(),
            distinct_affine: merge.then(|| merged::distinct_affine(&regions)),
            linear_regions_connected: merge.then(|| merged::linear_regions_connected(&regions, &adjacency)),
            adjacency,
            regions,
        })
    }

    /// How many orbits there are of each size; empty without a symmetry.
    pub fn orbit_sizes(&self) -> BTreeMap<usize, usize> {
        self.orbits.as_ref().map(RegionOrbits::sizes).unwrap_or_default()
    }

    /// The counts as a search tells them.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        match &self.orbits {
            Some(orbits) => {
                (0..orbits.count()).for_each(|orbit| tally.add(&Natural::from(orbits.members(orbit).len())));
            }
            None => (0..self.regions.len()).for_each(|_| tally.add(&Natural::ONE)),
        }
        tally
    }

    /// Facets and boundedness.
    pub fn details(&self) -> Details {
        let facets = || self.regions.iter().flat_map(|region| &region.facets);
        Details {
            facets: Natural::from(facets().count()),
            border_facets: Natural::from(facets().filter(|facet| facet.border).count()),
            bounded: Natural::from(self.regions.iter().filter(|region| region.is_bounded()).count()),
            volume: None,
        }
    }
}

/// The symmetry on all layers, refused where the domain has coordinates of its own.
fn layer_symmetry(
    domain: &RegionDomain,
    symmetry: Option<&NetworkSymmetry>,
) -> Result<Option<LayerSymmetry>> {
    if symmetry.is_some() && domain.is_sliced() {
        return Err(Error::input(
            format!("domain {}", domain.name()),
            "the group does not keep it",
            "count orbits on 'all' or on a box, or leave out --group",
        ));
    }
    symmetry.map(NetworkSymmetry::layer_symmetry).transpose()
}
