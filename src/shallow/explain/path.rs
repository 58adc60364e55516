//! Integrated gradients, exactly.

use super::along;
use crate::error::{Error, Result};
use crate::num::{Rational, Sign};
use crate::shallow::ShallowNetwork;
use crate::shallow::locate::value_at;

/// The integrated gradients of all outputs along a straight path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegratedGradients {
    /// `attributions[o][j]`: the share of input `j` in the change of output `o`. Each row sums to that change.
    pub attributions: Vec<Vec<Rational>>,
    /// `mean_gradient[o][j]`: the mean of the derivative of output `o` by input `j` along the path.
    pub mean_gradient: Vec<Vec<Rational>>,
    /// The regions along the path: the selector, and where on the path, from 0 to 1, it is left.
    pub stages: Vec<(usize, Rational)>,
}

impl ShallowNetwork {
    /// `(x_j - b_j)` times the mean of the derivative by input `j` along the segment from the baseline `b` to `x`
    /// (M. Sundararajan, A. Taly, Q. Yan, *Axiomatic Attribution for Deep Networks*, ICML 2017).
    ///
    /// The derivative is constant in each region, so the segment is cut at the regions' boundaries and the mean is a finite
    /// sum: the answer is exact. A stretch that runs inside a boundary counts for the region that owns it.
    ///
    /// Cost: one search for the owner per region on the path.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a form with selectors for faces; [`Error::Input`] where an end is outside the domain;
    /// [`Error::Shape`] where one has another dimension.
    pub fn integrated_gradients(&self, baseline: &[Rational], x: &[Rational]) -> Result<IntegratedGradients> {
        if self.selectors.iter().any(|selector| selector.dimension < self.inputs) {
            return Err(Error::unsupported(
                "a path through a form with selectors for faces",
                "use the half-open form",
            ));
        }
        // Both ends in the domain: then the path is.
        self.locate(baseline)?;
        self.locate(x)?;
        let direction: Vec<Rational> = x.iter().zip(baseline).map(|(a, b)| a - b).collect();
        let mut gradient = vec![vec![Rational::ZERO; self.inputs]; self.outputs];
        let mut stages = Vec::new();
        let mut at = Rational::ZERO;
        while at < Rational::ONE {
            let point: Vec<Rational> = baseline.iter().zip(&direction).map(|(b, v)| b + v * &at).collect();
            let selector = self.owner_after(&point, &direction)?;
            let end = self.leaving(selector, baseline, &direction);
            if end <= at {
                return Err(Error::inconsistent("integrated gradients", "the path does not leave a point"));
            }
            let length = &end - &at;
            for (sum, row) in gradient.iter_mut().zip(&self.pieces[self.selectors[selector].piece].rows) {
                sum.iter_mut().zip(row).for_each(|(entry, a)| *entry += a * &length);
            }
            stages.push((selector, end.clone()));
            at = end;
        }
        let scaled = |row: &Vec<Rational>| row.iter().zip(&direction).map(|(a, v)| a * v).collect();
        let attributions = gradient.iter().map(scaled).collect();
        Ok(IntegratedGradients { attributions, mean_gradient: gradient, stages })
    }

    /// The selector that owns the points just behind `point` on the way along `direction`.
    fn owner_after(&self, point: &[Rational], direction: &[Rational]) -> Result<usize> {
        // The sign at `point + e direction`; where that is zero for all e the mark decides, as it does at a point.
        let holds = |c: &usize| {
            let condition = self.conditions[*c];
            let row = &self.half_spaces[condition.half_space].row;
            let value = value_at(row, point);
            let value = if value.is_zero() { along(row, direction) } else { value };
            match Sign::of_rational(&value) {
                Sign::Negative => true,
                Sign::Zero => condition.closed,
                Sign::Positive => false,
            }
        };
        (0..self.selectors.len()).find(|&s| self.selectors[s].conditions.iter().all(holds)).ok_or_else(|| {
            Error::inconsistent("integrated gradients", "a point of the domain that no selector owns")
        })
    }

    /// Where the path leaves the closed region of a selector, at the most 1.
    fn leaving(&self, selector: usize, baseline: &[Rational], direction: &[Rational]) -> Rational {
        let mut end = Rational::ONE;
        for &c in &self.selectors[selector].conditions {
            let row = &self.half_spaces[self.conditions[c].half_space].row;
            let speed = along(row, direction);
            if speed > Rational::ZERO {
                end = end.min(-value_at(row, baseline) / speed);
            }
        }
        end
    }
}
