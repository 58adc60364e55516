//! Which regions a data set populates.

use super::LocalRegions;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, exact};
use crate::polyhedral::{ActivationPattern, Domain, Options};
use crate::shallow::construct::pattern_orbits;
use crate::shallow::form::piecewise_linear_map;
use crate::shallow::symmetry::permuted;
use crate::shallow::{Chamber, LayerSymmetry, OrbitForm};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// How the points of a data set are spread over regions and orbits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The number of points.
    pub points: usize,
    /// The number of different regions that own a point.
    pub regions: usize,
    /// The orbits that own points, by their numbers in the list of all, with their numbers of points, the most populated
    /// first. Without a list they are numbered as they are met.
    pub orbits: Vec<(usize, usize)>,
    /// The orbit of each point.
    pub orbit_of_point: Vec<usize>,
}

impl Coverage {
    /// The number of orbits, the most populated first, that together own at least `part` of `whole` of the points.
    ///
    /// ```
    /// use isotypic::shallow::explain::Coverage;
    /// let orbits = vec![(3, 90), (0, 6), (7, 4)];
    /// let coverage = Coverage { points: 100, regions: 9, orbits, orbit_of_point: vec![] };
    /// assert_eq!(coverage.orbits_for(95, 100), 2);
    /// ```
    pub fn orbits_for(&self, part: usize, whole: usize) -> usize {
        let mut owned = 0;
        let enough = |owned: usize| owned as u128 * whole as u128 >= self.points as u128 * part as u128;
        self.orbits
            .iter()
            .take_while(|(_, count)| {
                let more = !enough(owned);
                owned += count;
                more
            })
            .count()
    }
}

/// All orbits of regions by their patterns.
#[derive(Clone, Debug)]
pub struct OrbitList {
    symmetry: LayerSymmetry,
    sizes: Vec<usize>,
    index: FxHashMap<ActivationPattern, usize>,
}

impl OrbitList {
    /// Searches one region of every orbit. The order is that of the [`OrbitForm`]'s orbits.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where a limit of the options stops the search; else as [`OrbitSearch::for_each`](crate::shallow::OrbitSearch::for_each).
    pub fn new(
        network: &Network,
        domain: &Domain,
        symmetry: &LayerSymmetry,
        options: &Options,
    ) -> Result<Self> {
        let map = piecewise_linear_map(network)?;
        Ok(Self::of(pattern_orbits(&map, domain, symmetry, options)?.into_iter(), symmetry))
    }

    /// The orbits of a form.
    pub fn of_form(form: &OrbitForm) -> Self {
        let orbits = form.orbits().iter().map(|orbit| (orbit.pattern.clone(), orbit.size));
        Self::of(orbits, form.symmetry())
    }

    fn of(orbits: impl Iterator<Item = (ActivationPattern, usize)>, symmetry: &LayerSymmetry) -> Self {
        let mut list =
            OrbitList { symmetry: symmetry.clone(), sizes: Vec::new(), index: FxHashMap::default() };
        for (pattern, size) in orbits {
            list.index.insert(pattern, list.sizes.len());
            list.sizes.push(size);
        }
        list
    }

    /// The number of orbits.
    pub fn orbits(&self) -> usize {
        self.sizes.len()
    }

    /// The number of regions, over all orbits.
    pub fn regions(&self) -> usize {
        self.sizes.iter().sum()
    }

    /// The orbit of a region.
    pub fn find(&self, pattern: &ActivationPattern) -> Option<usize> {
        let images = self.symmetry.orbit_of_pattern(pattern);
        images.iter().find_map(|(image, _)| self.index.get(image).copied())
    }
}

impl LocalRegions {
    /// Finds the region and the orbit of every point, decided exactly. Points that the group takes to each other are in one
    /// orbit, on boundaries, too.
    ///
    /// # Errors
    /// [`Error::Input`] that names the point for NaN and infinity and for a point outside the domain.
    pub fn coverage(
        &self,
        points: &[Vec<f64>],
        symmetry: &LayerSymmetry,
        list: Option<&OrbitList>,
    ) -> Result<Coverage> {
        let chamber = Chamber::new(self.map.inputs(), symmetry);
        let place = |point: &Vec<f64>| -> Result<(ActivationPattern, ActivationPattern)> {
            let exact: Option<Vec<Rational>> = point.iter().map(|&x| exact(x)).collect();
            let exact = exact.ok_or_else(|| {
                Error::input("point", "a coordinate is NaN or infinite", "give finite numbers")
            })?;
            self.evaluate(&exact)?;
            let carried = chamber.reduce(&exact);
            let inside = carried.as_ref().map_or_else(|| exact.clone(), |g| permuted(&g.input, &exact));
            let pattern = self.pattern(&inside)?;
            let region = carried.map_or_else(|| pattern.clone(), |g| g.inverse().permute_pattern(&pattern));
            let images = symmetry.orbit_of_pattern(&pattern).into_iter().map(|(image, _)| image);
            Ok((region, images.min().unwrap_or(pattern)))
        };
        let places = points
            .par_iter()
            .enumerate()
            .map(|(number, point)| {
                let named = |error: Error| {
                    let place = format!("point {}", number + 1);
                    Error::input(place, error.to_string(), "remove or mend the point")
                };
                place(point).map_err(named)
            })
            .collect::<Result<Vec<_>>>()?;
        let regions: FxHashSet<&ActivationPattern> = places.iter().map(|(region, _)| region).collect();
        let mut numbers: FxHashMap<&ActivationPattern, usize> = FxHashMap::default();
        let mut counts: FxHashMap<usize, usize> = FxHashMap::default();
        let mut orbit_of_point = Vec::with_capacity(places.len());
        for (_, orbit) in &places {
            let next = numbers.len();
            let number = *numbers
                .entry(orbit)
                .or_insert_with(|| list.and_then(|list| list.find(orbit)).unwrap_or(next));
            *counts.entry(number).or_default() += 1;
            orbit_of_point.push(number);
        }
        let mut orbits: Vec<(usize, usize)> = counts.into_iter().collect();
        orbits.sort_by_key(|&(orbit, count)| (std::cmp::Reverse(count), orbit));
        Ok(Coverage { points: points.len(), regions: regions.len(), orbits, orbit_of_point })
    }
}
