//! Which regions a data set populates.

use crate::error::{Error, Result};
use crate::polyhedral::ActivationPattern;
use crate::shallow::{OrbitEvaluator, OrbitForm};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// How the points of a data set are spread over regions and orbits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The number of points.
    pub points: usize,
    /// The number of different regions that own a point.
    pub regions: usize,
    /// The orbits that own points, with their numbers of points, the most populated first.
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

impl OrbitForm {
    /// Finds the region and the orbit of every point, decided exactly.
    ///
    /// # Errors
    /// As [`OrbitEvaluator::locate_f64`]; the message names the point.
    pub fn coverage(&self, points: &[Vec<f64>]) -> Result<Coverage> {
        let evaluator = OrbitEvaluator::new(self)?;
        let places = points
            .par_iter()
            .enumerate()
            .map(|(number, point)| {
                let place = evaluator.locate_f64(point).map_err(|error| {
                    Error::input(
                        format!("point {}", number + 1),
                        error.to_string(),
                        "remove or mend the point",
                    )
                })?;
                Ok((place.orbit, place.pattern))
            })
            .collect::<Result<Vec<(usize, ActivationPattern)>>>()?;
        let regions: FxHashSet<&ActivationPattern> = places.iter().map(|(_, pattern)| pattern).collect();
        let mut counts = vec![0; self.orbits().len()];
        places.iter().for_each(|&(orbit, _)| counts[orbit] += 1);
        let mut orbits: Vec<(usize, usize)> =
            counts.into_iter().enumerate().filter(|&(_, count)| count > 0).collect();
        orbits.sort_by_key(|&(orbit, count)| (std::cmp::Reverse(count), orbit));
        Ok(Coverage {
            points: points.len(),
            regions: regions.len(),
            orbits,
            orbit_of_point: places.iter().map(|&(orbit, _)| orbit).collect(),
        })
    }
}
