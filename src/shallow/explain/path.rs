//! Integrated gradients, exactly.

use super::{LocalRegions, along};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational};
use crate::polyhedral::ActivationPattern;
use crate::shallow::locate::value_at;

/// The integrated gradients of all outputs along a straight path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegratedGradients {
    /// `attributions[o][j]`: the share of input `j` in the change of output `o`. Each row sums to that change.
    pub attributions: Vec<Vec<Rational>>,
    /// `mean_gradient[o][j]`: the mean of the derivative of output `o` by input `j` along the path.
    pub mean_gradient: Vec<Vec<Rational>>,
    /// The regions along the path.
    pub stages: Vec<Stage>,
}

/// A stretch of a path in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The pattern of the region.
    pub pattern: ActivationPattern,
    /// Where on the path, from 0 to 1, the region is left.
    pub end: Rational,
    /// Whether the whole stretch runs inside a boundary between regions. The function has no derivative across that
    /// boundary; that of one region is taken.
    pub on_boundary: bool,
}

impl LocalRegions {
    /// `(x_j - b_j)` times the mean of the derivative by input `j` along the segment from the baseline `b` to `x`
    /// (M. Sundararajan, A. Taly, Q. Yan, *Axiomatic Attribution for Deep Networks*, ICML 2017).
    ///
    /// The derivative is constant in each region, so the segment is cut at the regions' boundaries and the mean is a finite
    /// sum: the answer is exact. A stretch that runs inside a boundary, as between symmetric points, counts for one of the
    /// regions there, and says so ([`Stage::on_boundary`]): shares of single inputs then depend on that choice, their sum
    /// does not.
    ///
    /// Cost: one product of the masked layers per region on the path.
    ///
    /// # Errors
    /// [`Error::Input`] where an end is outside the domain; [`Error::Shape`] where one has another dimension.
    pub fn integrated_gradients(&self, baseline: &[Rational], x: &[Rational]) -> Result<IntegratedGradients> {
        // Both ends in the domain: then the path is.
        let outputs = self.evaluate(baseline)?.len();
        self.evaluate(x)?;
        let direction: Vec<Rational> = x.iter().zip(baseline).map(|(a, b)| a - b).collect();
        let mut gradient = vec![vec![Rational::ZERO; x.len()]; outputs];
        let mut stages = Vec::new();
        let mut at = Rational::ZERO;
        while at < Rational::ONE {
            let point: Vec<Rational> = baseline.iter().zip(&direction).map(|(b, v)| b + v * &at).collect();
            let pattern = self.pattern_beyond(&point, &direction)?;
            let inequalities = self.inequalities(&pattern);
            let end = leaving(&inequalities, baseline, &direction);
            if end <= at {
                return Err(Error::inconsistent("integrated gradients", "the path does not leave a point"));
            }
            let length = &end - &at;
            for (sum, row) in gradient.iter_mut().zip(&self.affine(&pattern)) {
                sum.iter_mut().zip(row).for_each(|(entry, a)| *entry += a * &length);
            }
            // Behind the neurons' inequalities come those of the domain.
            let on_boundary = inequalities[..pattern.neurons()].iter().any(|row| {
                row[..x.len()].iter().any(|a| !a.is_zero())
                    && value_at(row, &point).is_zero()
                    && along(row, &direction).is_zero()
            });
            stages.push(Stage { pattern, end: end.clone(), on_boundary });
            at = end;
        }
        let scaled = |row: &Vec<Rational>| row.iter().zip(&direction).map(|(a, v)| a * v).collect();
        let attributions = gradient.iter().map(scaled).collect();
        Ok(IntegratedGradients { attributions, mean_gradient: gradient, stages })
    }
}

/// Where the path leaves a region given by rows `>= 0`, at the most 1.
fn leaving(rows: &[Vec<Integer>], baseline: &[Rational], direction: &[Rational]) -> Rational {
    rows.iter().fold(Rational::ONE, |end, row| {
        let speed = along(row, direction);
        if speed < Rational::ZERO { end.min(-value_at(row, baseline) / speed) } else { end }
    })
}
