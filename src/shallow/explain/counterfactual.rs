//! The nearest point that is decided otherwise.

use super::point::squared_norm;
use super::projection::nearest_point;
use super::sum;
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, primitive_row};
use crate::shallow::ShallowNetwork;
use crate::shallow::locate::value_at;

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
    /// A selector whose closed region holds the point and whose affine piece is undecided there, or decides otherwise.
    pub selector: usize,
    /// For [`Decision::Largest`] the output that draws level; for [`Decision::Sign`] the output itself.
    pub output: usize,
}

impl ShallowNetwork {
    /// The nearest point of the closed domain at which the decision is on the verge of another one, or another one: for a
    /// positive output one where it is `<= 0`, for a largest output one where another is at least as large. `None` where
    /// the decision is the same on the whole domain.
    ///
    /// Regions are visited in the order of a lower bound of their distance, until none can hold a nearer point.
    ///
    /// # Errors
    /// [`Error::Input`] where the decision is undecided at the point itself (an output is zero, or two are largest) or
    /// names an output that there is not; else as [`locate`](Self::locate).
    pub fn counterfactual(&self, point: &[Rational], decision: Decision) -> Result<Option<Counterfactual>> {
        let outputs = self.evaluate(point)?;
        let rivals = rivals(&outputs, decision)?;
        let mut order: Vec<(Rational, usize)> =
            (0..self.selectors.len()).map(|s| (self.lower_bound(s, point), s)).collect();
        order.sort();
        let mut best: Option<Counterfactual> = None;
        for (bound, s) in order {
            if best.as_ref().is_some_and(|best| bound >= best.squared_distance) {
                break;
            }
            for (output, form) in &rivals {
                let Some(found) = self.nearest_in(s, point, form) else { continue };
                let squared_distance = sum(found.iter().zip(point).map(|(a, b)| (a - b) * (a - b)));
                if best.as_ref().is_none_or(|best| squared_distance < best.squared_distance) {
                    best =
                        Some(Counterfactual { point: found, squared_distance, selector: s, output: *output });
                }
            }
        }
        Ok(best)
    }

    /// The largest squared distance to one of the selector's half-spaces.
    fn lower_bound(&self, selector: usize, point: &[Rational]) -> Rational {
        let distance = |&c: &usize| {
            let row = &self.half_spaces[self.conditions[c].half_space].row;
            let value = value_at(row, point);
            if value > Rational::ZERO { &value * &value / squared_norm(row) } else { Rational::ZERO }
        };
        self.selectors[selector].conditions.iter().map(distance).max().unwrap_or(Rational::ZERO)
    }

    /// The nearest point of a closed region where a combination of its outputs is `<= 0`.
    fn nearest_in(&self, selector: usize, point: &[Rational], form: &[i32]) -> Option<Vec<Rational>> {
        let selector = &self.selectors[selector];
        let rational =
            |row: &[Integer]| -> Vec<Rational> { row.iter().cloned().map(Rational::from).collect() };
        let mut rows: Vec<Vec<Rational>> = selector
            .conditions
            .iter()
            .map(|&c| rational(&self.half_spaces[self.conditions[c].half_space].row))
            .collect();
        let mut verge = vec![Rational::ZERO; self.inputs + 1];
        for (factor, row) in form.iter().zip(&self.pieces[selector.piece].rows) {
            let factor = Rational::from(*factor);
            verge.iter_mut().zip(row).for_each(|(entry, a)| *entry += &factor * a);
        }
        rows.push(rational(&primitive_row(&verge).0));
        nearest_point(point, &rows)
    }
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
