//! Orbits one after the other, in bounded memory.

use super::reflections::OrbitSizes;
use super::{ReflectionGroup, chamber, check_symmetry, neuron_group};
use crate::error::Result;
use crate::num::Natural;
use crate::polyhedral::stream::{self, RegionStream};
use crate::polyhedral::{ActivationPattern, Domain, Options, PatternSymmetry, PiecewiseLinearMap};

/// The pattern of one region of every orbit with the size of the orbit. After an error there is nothing more.
pub struct OrbitStream(RegionStream);

/// The orbits that [`for_each_orbit`](super::for_each_orbit) visits, in the same order, found as they are asked for. Limits
/// of the options do not apply.
///
/// # Errors
/// As [`for_each_orbit`](super::for_each_orbit); errors of the search itself come in the place of an orbit.
pub fn orbits(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &impl PatternSymmetry,
    options: &Options,
) -> Result<OrbitStream> {
    let group = neuron_group(map, domain, symmetry)?;
    Ok(OrbitStream(RegionStream::new(map, domain, Some(group), options)?))
}

impl Iterator for OrbitStream {
    type Item = Result<(ActivationPattern, Natural)>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.0.next()?;
        Some(found.map(|pattern| {
            let size = self.0.group().map_or(1, |group| group.orbit_size(&pattern));
            (pattern, Natural::from(size))
        }))
    }
}

/// [`OrbitStream`] in the chamber of a reflection group.
pub struct ReflectionOrbitStream<'s, S> {
    regions: RegionStream,
    symmetry: &'s S,
    walls: usize,
    sizes: OrbitSizes<'s>,
}

/// The orbits that [`for_each_orbit_of_reflections`](super::for_each_orbit_of_reflections) visits, in the same order, found as
/// they are asked for. Limits of the options do not apply.
///
/// # Errors
/// As [`for_each_orbit_of_reflections`](super::for_each_orbit_of_reflections); errors of the search itself come in the place
/// of an orbit.
pub fn orbits_of_reflections<'s, S: PatternSymmetry>(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &'s S,
    group: &'s ReflectionGroup,
    options: &Options,
) -> Result<ReflectionOrbitStream<'s, S>> {
    check_symmetry(map, domain, symmetry)?;
    group.check_generators(map.inputs(), symmetry)?;
    let sizes = group.orbit_sizes()?;
    let regions = stream::regions(map, &chamber(map, domain, group.roots())?, options)?;
    Ok(ReflectionOrbitStream { regions, symmetry, walls: group.roots().len(), sizes })
}

impl<S: PatternSymmetry> Iterator for ReflectionOrbitStream<'_, S> {
    type Item = Result<(ActivationPattern, Natural)>;

    fn next(&mut self) -> Option<Self::Item> {
        let pattern = match self.regions.next()? {
            Ok(pattern) => pattern,
            Err(error) => return Some(Err(error)),
        };
        let keeps = |&wall: &usize| self.symmetry.permute_pattern(wall, &pattern) == pattern;
        let size = self.sizes.index_of((0..self.walls).filter(keeps).collect()).cloned();
        Some(size.map(|size| (pattern, size)))
    }
}
