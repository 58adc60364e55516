//! The nearest point that is decided otherwise.

use super::point::squared_norm;
use super::projection::nearest_point;
use super::{LocalRegions, sum};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, primitive_row};
use crate::polyhedral::adjacency::patterns_beyond;
use crate::polyhedral::{ActivationPattern, Region};
use crate::shallow::locate::value_at;
use crate::shallow::negated;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How outputs become a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Whether one output is positive.
    Sign {
        /// The output.
        output: usize,
    },
    /// Which output is largest.
    Largest,
}

/// The nearest point at which the decision is no longer the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterfactual {
    /// The point: on the boundary between the two decisions, or one that gets the other.
    pub point: Vec<Rational>,
    /// The exact square of its Euclidean distance.
    pub squared_distance: Rational,
    /// The pattern of a region that holds the point and whose affine piece is undecided there, or decides otherwise.
    pub pattern: ActivationPattern,
    /// For [`Decision::Largest`] the output that draws level; for [`Decision::Sign`] the output itself.
    pub output: usize,
}

impl LocalRegions {
    /// The nearest point of the closed domain at which the decision is on the verge of another one, or another one: for a
    /// positive output one where it is `<= 0`, for a largest output one where another is at least as large. `None` where
    /// the decision is the same on the whole domain.
    ///
    /// A search from region to region across facets, in the order of a lower bound of their distance. The part of the
    /// domain that is nearer than the best point found is convex, so the regions that meet it are connected through facets
    /// that meet it; when no facet is left with a smaller bound, no region can hold a nearer point.
    ///
    /// Cost: one region is computed per step, and one exact projection per region that may hold the point.
    ///
    /// # Errors
    /// [`Error::Input`] where the decision is undecided at the point itself (an output is zero, or two are largest) or
    /// names an output that there is not; [`Error::TooLarge`] after `most_regions` regions; else as
    /// [`evaluate`](Self::evaluate).
    pub fn counterfactual(
        &self,
        point: &[Rational],
        decision: Decision,
        most_regions: u64,
    ) -> Result<Option<Counterfactual>> {
        let rivals = rivals(&self.evaluate(point)?, decision)?;
        let mut best: Option<Counterfactual> = None;
        let mut queue = BinaryHeap::from([Reverse((Rational::ZERO, self.pattern(point)?))]);
        let mut visited: FxHashSet<ActivationPattern> = FxHashSet::default();
        let beaten = |best: &Option<Counterfactual>, bound: &Rational| {
            best.as_ref().is_some_and(|b| b.squared_distance <= *bound)
        };
        while let Some(Reverse((bound, pattern))) = queue.pop() {
            if beaten(&best, &bound) {
                break;
            }
            if !visited.insert(pattern.clone()) {
                continue;
            }
            if visited.len() as u64 > most_regions {
                return Err(Error::too_large(
                    "search for the nearest other decision",
                    "the number of regions nearer than any found",
                    format!("{most_regions} regions"),
                    "allow more regions, or choose a smaller domain",
                ));
            }
            let region = self.region(&pattern)?;
            let rows: Vec<Vec<Integer>> =
                region.facets.iter().map(|facet| negated(&facet.half_space)).collect();
            let distances: Vec<(bool, Rational)> = rows.iter().map(|row| distance(row, point)).collect();
            let outside = distances.iter().filter(|(beyond, _)| *beyond).map(|(_, distance)| distance);
            let bound = outside.fold(bound, |bound, distance| bound.max(distance.clone()));
            if beaten(&best, &bound) {
                continue;
            }
            for (output, form) in &rivals {
                let limit = best.as_ref().map(|best| &best.squared_distance);
                let Some(found) = nearest_in(&region, &rows, point, form, limit) else { continue };
                let squared_distance = sum(found.iter().zip(point).map(|(a, b)| (a - b) * (a - b)));
                let pattern = pattern.clone();
                best = Some(Counterfactual { point: found, squared_distance, pattern, output: *output });
            }
            for (beyond, (_, distance)) in patterns_beyond(&self.map, &region)?.into_iter().zip(distances) {
                let bound = bound.clone().max(distance);
                let new = beyond.filter(|beyond| !beaten(&best, &bound) && !visited.contains(beyond));
                queue.extend(new.map(|beyond| Reverse((bound, beyond))));
            }
        }
        Ok(best)
    }
}

/// Whether a point is beyond a half-space, and the square of its distance to the hyperplane.
fn distance(row: &[Integer], point: &[Rational]) -> (bool, Rational) {
    let value = value_at(row, point);
    (value > Rational::ZERO, &value * &value / squared_norm(row))
}

/// The nearest point of a closed region where a combination of its outputs is `<= 0`, if the square of its distance is below
/// a limit.
fn nearest_in(
    region: &Region,
    rows: &[Vec<Integer>],
    point: &[Rational],
    form: &[i32],
    limit: Option<&Rational>,
) -> Option<Vec<Rational>> {
    let mut verge = vec![Rational::ZERO; point.len() + 1];
    for (factor, row) in form.iter().zip(&region.affine.rows).filter(|(factor, _)| **factor != 0) {
        let factor = Rational::from(*factor);
        verge.iter_mut().zip(row).for_each(|(entry, a)| *entry += &factor * a);
    }
    let rows: Vec<Vec<Integer>> =
        std::iter::once(primitive_row(&verge).0).chain(rows.iter().cloned()).collect();
    nearest_point(point, &rows, limit)
}

/// Combinations of the outputs that are positive at the point and cease to be where the decision changes, each with the
/// output that it is about.
fn rivals(outputs: &[Rational], decision: Decision) -> Result<Vec<(usize, Vec<i32>)>> {
    let undecided = |problem: String| {
        Error::input(
            "counterfactual",
            problem,
            "choose a point that is decided, and an output of the network",
        )
    };
    let unit = |plus: Option<usize>, minus: Option<usize>| -> Vec<i32> {
        (0..outputs.len()).map(|o| i32::from(Some(o) == plus) - i32::from(Some(o) == minus)).collect()
    };
    match decision {
        Decision::Sign { output } => {
            let value =
                outputs.get(output).ok_or_else(|| undecided(format!("there is no output {}", output + 1)))?;
            match value.cmp(&Rational::ZERO) {
                std::cmp::Ordering::Equal => {
                    Err(undecided(format!("output {} is zero at the point", output + 1)))
                }
                std::cmp::Ordering::Greater => Ok(vec![(output, unit(Some(output), None))]),
                std::cmp::Ordering::Less => Ok(vec![(output, unit(None, Some(output)))]),
            }
        }
        Decision::Largest => {
            let best = outputs.iter().max().ok_or_else(|| undecided("there is no output".into()))?;
            let leaders: Vec<usize> = (0..outputs.len()).filter(|&o| outputs[o] == *best).collect();
            let [leader] = leaders[..] else {
                return Err(undecided(format!("{} outputs are largest at the point", leaders.len())));
            };
            let others = (0..outputs.len()).filter(|&o| o != leader);
            Ok(others.map(|o| (o, unit(Some(leader), Some(o)))).collect())
        }
    }
}
