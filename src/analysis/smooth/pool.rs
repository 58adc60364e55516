//! Pooling over a group orbit: invariant smooth maxima of the values that a function takes on the moved copies of
//! `x`.

use super::forms;
use crate::action::GSet;
use crate::analysis::isotypic_projector::MOST_ELEMENTS;
use crate::error::{Error, Result};

/// How to pool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PoolForm {
    /// The maximum.
    Max,
    /// Log-sum-exp at this inverse temperature.
    LogSumExp(f64),
    /// Log-mean-exp at this inverse temperature.
    MeanLogSumExp(f64),
    /// The softmax mean at this inverse temperature.
    SoftmaxMean(f64),
    /// The norm with this exponent, for non-negative values.
    PNorm(f64),
}

/// A pooled value with the sharp bound of its distance to the maximum.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Pooled {
    /// The pooled value.
    pub value: f64,
    /// `|value - max|` is at most this.
    pub error_bound: f64,
}

impl PoolForm {
    /// Pools values; bit for bit independent of their order, because they are sorted first.
    ///
    /// # Errors
    /// [`Error::Input`] where there is no value, the temperature or exponent is not positive, or a norm meets a
    /// negative value.
    pub fn pool(self, values: &[f64]) -> Result<Pooled> {
        let bad = |problem: String, mend: &str| Err(Error::input("pooling", problem, mend));
        if values.is_empty() {
            return bad("no values".into(), "give at least one value");
        }
        let parameter = match self {
            PoolForm::Max => 1.0,
            PoolForm::LogSumExp(a)
            | PoolForm::MeanLogSumExp(a)
            | PoolForm::SoftmaxMean(a)
            | PoolForm::PNorm(a) => a,
        };
        if !(parameter > 0.0 && parameter.is_finite()) {
            return bad(format!("the parameter is {parameter}"), "give a positive number");
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (n, max) = (sorted.len(), sorted[sorted.len() - 1]);
        let gap = forms::log_sum_exp_gap(n, parameter);
        Ok(match self {
            PoolForm::Max => Pooled { value: max, error_bound: 0.0 },
            PoolForm::LogSumExp(a) => Pooled { value: forms::log_sum_exp(&sorted, a), error_bound: gap },
            PoolForm::MeanLogSumExp(a) => {
                Pooled { value: forms::mean_log_sum_exp(&sorted, a), error_bound: gap }
            }
            PoolForm::SoftmaxMean(a) => {
                Pooled { value: forms::softmax_mean(&sorted, a), error_bound: forms::softmax_mean_gap(n, a) }
            }
            PoolForm::PNorm(k) => {
                if sorted[0] < 0.0 {
                    return bad(format!("the value {} is negative", sorted[0]), "pool exponentials instead");
                }
                Pooled { value: forms::p_norm(&sorted, k), error_bound: max * (gap.exp() - 1.0) }
            }
        })
    }
}

/// Pools `function(g x)` over all elements `g` of the group: an invariant function of `x`.
///
/// `x` is a function on the set, and `(g x)[g y] = x[y]`. The value at `x` and at any moved copy of `x` is the same
/// bit for bit, since both pool the same numbers. One evaluation per group element.
///
/// # Errors
/// [`Error::Shape`] where `x` has another length than the set; [`Error::TooLarge`] for more than [`MOST_ELEMENTS`]
/// elements; otherwise as [`PoolForm::pool`].
///
/// ```
/// use isotypic::action::GSet;
/// use isotypic::analysis::smooth::pool::{PoolForm, group_pool};
/// use isotypic::group::PermutationGroup;
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C4")?));
/// let first = |x: &[f64]| x[0] + 0.5 * x[1];
/// let a = group_pool(&set, &[1.0, 2.0, 3.0, 4.0], first, PoolForm::LogSumExp(8.0))?;
/// let b = group_pool(&set, &[4.0, 1.0, 2.0, 3.0], first, PoolForm::LogSumExp(8.0))?;
/// assert_eq!(a, b);
/// assert!((a.value - 5.0).abs() <= a.error_bound);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn group_pool(set: &GSet, x: &[f64], function: impl Fn(&[f64]) -> f64, form: PoolForm) -> Result<Pooled> {
    if x.len() != set.size() {
        return Err(Error::shape(
            "group pooling",
            format!("{} numbers, one per point", set.size()),
            x.len(),
            "give a function on the set",
        ));
    }
    let mut moved = vec![0.0; x.len()];
    let mut values = Vec::new();
    for element in set.group().elements(MOST_ELEMENTS)? {
        let images = set.images(&element);
        for (y, &value) in x.iter().enumerate() {
            moved[images.apply(y)] = value;
        }
        values.push(function(&moved));
    }
    form.pool(&values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    #[test]
    fn pooling_over_a_group_is_invariant_and_within_its_bound() {
        let set = GSet::points(&Arc::new(PermutationGroup::parse("S4").unwrap()));
        let x = [0.3, 1.7, 0.9, 2.2];
        let function = |v: &[f64]| v[0] * 1.5 + v[1] * v[2] + 0.1;
        let best = group_pool(&set, &x, function, PoolForm::Max).unwrap().value;
        for form in [
            PoolForm::LogSumExp(3.0),
            PoolForm::MeanLogSumExp(3.0),
            PoolForm::SoftmaxMean(3.0),
            PoolForm::PNorm(9.0),
        ] {
            let pooled = group_pool(&set, &x, function, form).unwrap();
            assert!((pooled.value - best).abs() <= pooled.error_bound, "{form:?}");
            for g in set.group().elements(100).unwrap() {
                let mut moved = [0.0; 4];
                for y in 0..4 {
                    moved[g.apply(y)] = x[y];
                }
                assert_eq!(group_pool(&set, &moved, function, form).unwrap(), pooled);
            }
        }
        assert!(PoolForm::PNorm(2.0).pool(&[-1.0]).is_err());
        assert!(PoolForm::LogSumExp(0.0).pool(&[1.0]).is_err());
    }
}
