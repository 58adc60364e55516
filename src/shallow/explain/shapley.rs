//! Shapley values against a baseline, exactly.

use super::LocalRegions;
use crate::error::{Error, Result};
use crate::num::{Integer, Natural, Rational};
use crate::polyhedral::ActivationPattern;
use crate::shallow::locate::value_at;

/// The largest number of differing inputs for which all hybrids are tried.
const HYBRID_INPUTS: usize = 16;

/// How Shapley values were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapleyMethod {
    /// All hybrids of the point and the baseline lie in one closed region, so that the function is one affine map on
    /// them: input `j` has the share `A_j (x_j - b_j)`.
    Affine {
        /// The pattern of a region whose closure holds all hybrids.
        pattern: ActivationPattern,
    },
    /// The defining sum, over the `2^n` hybrids, `n` being the number of inputs in which point and baseline differ.
    AllHybrids,
}

/// Shapley values of all inputs for all outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapleyValues {
    /// `attributions[o][j]`: the share of input `j` in the change of output `o`. Each row sums to that change.
    pub attributions: Vec<Vec<Rational>>,
    /// How they were found.
    pub method: ShapleyMethod,
}

impl LocalRegions {
    /// The Shapley values of the game in which a coalition of inputs takes its values from `x` and the others from the
    /// baseline (L. Shapley 1953; the *baseline* or single-reference interventional values of the attribution literature).
    ///
    /// Exact in both cases of [`ShapleyMethod`]. The first applies iff the box spanned by the two points lies in one closed
    /// region. That is decided without listing hybrids: an inequality `h.x + e >= 0` holds on the box iff it holds at the
    /// corner that takes, for each input, the value with the smaller product `h_j x_j`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the box is cut by regions and the points differ in more than 16 inputs;
    /// [`Error::Input`] where a hybrid is outside the domain; else as [`evaluate`](Self::evaluate).
    pub fn shapley_values(&self, baseline: &[Rational], x: &[Rational]) -> Result<ShapleyValues> {
        let at_baseline = self.evaluate(baseline)?;
        self.evaluate(x)?;
        let change: Vec<Rational> = x.iter().zip(baseline).map(|(a, b)| a - b).collect();
        // The middle lies inside the box; a closed region that holds the middle holds the box if any does, because
        // regions meet in common faces.
        let middle: Vec<Rational> =
            x.iter().zip(baseline).map(|(a, b)| (a + b) / Rational::from(2)).collect();
        let pattern = self.pattern(&middle)?;
        if self.holds_box(&pattern, baseline, x) {
            let shares = |row: &Vec<Rational>| row.iter().zip(&change).map(|(a, v)| a * v).collect();
            let attributions = self.affine(&pattern).iter().map(shares).collect();
            return Ok(ShapleyValues { attributions, method: ShapleyMethod::Affine { pattern } });
        }
        let players: Vec<usize> = (0..x.len()).filter(|&j| !change[j].is_zero()).collect();
        if players.len() > HYBRID_INPUTS {
            return Err(Error::too_large(
                "Shapley values across regions",
                format!("2^{} hybrid points", players.len()),
                format!("2^{HYBRID_INPUTS}"),
                "choose a baseline in the point's own region, or one that differs in fewer inputs",
            ));
        }
        let attributions = self.sum_over_hybrids(baseline, x, &players, at_baseline.len())?;
        Ok(ShapleyValues { attributions, method: ShapleyMethod::AllHybrids })
    }

    fn holds_box(&self, pattern: &ActivationPattern, baseline: &[Rational], x: &[Rational]) -> bool {
        self.inequalities(pattern).iter().all(|row| {
            let corner: Vec<Rational> = row
                .iter()
                .zip(x.iter().zip(baseline))
                .map(|(a, (x, b))| if *a > Integer::ZERO { x.min(b).clone() } else { x.max(b).clone() })
                .collect();
            value_at(row, &corner) >= Rational::ZERO
        })
    }

    /// `sum over coalitions S without j of |S|! (n - |S| - 1)! / n! (v(S + j) - v(S))`.
    fn sum_over_hybrids(
        &self,
        baseline: &[Rational],
        x: &[Rational],
        players: &[usize],
        outputs: usize,
    ) -> Result<Vec<Vec<Rational>>> {
        let n = players.len();
        let values: Vec<Vec<Rational>> = (0..1usize << n)
            .map(|coalition| {
                let mut hybrid = baseline.to_vec();
                let members = players.iter().enumerate().filter(|(bit, _)| coalition >> bit & 1 == 1);
                members.for_each(|(_, &j)| hybrid[j] = x[j].clone());
                self.evaluate(&hybrid)
            })
            .collect::<Result<_>>()?;
        let factorial = |n: usize| (1..=n).fold(Natural::ONE, |product, k| product * Natural::from(k));
        let weight = |size: usize| {
            let top = Integer::from(factorial(size) * factorial(n - size - 1));
            Rational::from_parts(top, factorial(n))
        };
        let weights: Vec<Rational> = (0..n).map(weight).collect();
        let mut shares = vec![vec![Rational::ZERO; x.len()]; outputs];
        for (bit, &j) in players.iter().enumerate() {
            for coalition in (0..1usize << n).filter(|coalition| coalition >> bit & 1 == 0) {
                let weight = &weights[coalition.count_ones() as usize];
                let (without, with) = (&values[coalition], &values[coalition | 1 << bit]);
                for o in 0..outputs {
                    shares[o][j] += weight * (&with[o] - &without[o]);
                }
            }
        }
        Ok(shares)
    }
}
