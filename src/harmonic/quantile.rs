//! Quantiles of a stream of non-negative numbers in bounded memory.
//!
//! Up to a limit all numbers are kept and quantiles are exact. Beyond, they are counted in buckets whose bounds grow by a
//! fixed ratio, so that a quantile is within [`RELATIVE_ERROR`] of an order statistic of the stream, whatever the stream
//! (C. Masson, J. Rim, H. Lee, *DDSketch: a fast and fully-mergeable quantile sketch*, 2019). No chance is involved.

use std::collections::BTreeMap;

/// How far a quantile of a long stream may be off, relative to the number it stands for.
pub const RELATIVE_ERROR: f64 = 0.005;
/// Numbers below this count as zero once buckets are used.
const ZERO_BELOW: f64 = 1e-300;

/// Quantiles of what was pushed.
///
/// ```
/// use isotypic::harmonic::quantile::QuantileSketch;
/// let mut sketch = QuantileSketch::new(100);
/// (1..=5).for_each(|x| sketch.push(x as f64));
/// assert_eq!((sketch.quantile(0.5), sketch.is_exact()), (Some(3.0), true));
/// ```
#[derive(Clone, Debug)]
pub struct QuantileSketch {
    limit: usize,
    count: u64,
    kept: Vec<f64>,
    buckets: BTreeMap<i32, u64>,
    zeros: u64,
}

impl QuantileSketch {
    /// A sketch that keeps up to `limit` numbers as they are.
    pub fn new(limit: usize) -> Self {
        QuantileSketch { limit, count: 0, kept: Vec::new(), buckets: BTreeMap::new(), zeros: 0 }
    }

    /// Adds a number; negative ones count as zero.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        if self.count <= self.limit as u64 {
            self.kept.push(value.max(0.0));
            return;
        }
        for value in std::mem::take(&mut self.kept) {
            self.bucket(value);
        }
        self.bucket(value);
    }

    fn bucket(&mut self, value: f64) {
        if value < ZERO_BELOW {
            self.zeros += 1;
        } else {
            *self.buckets.entry((value.ln() / ratio().ln()).ceil() as i32).or_default() += 1;
        }
    }

    /// Whether all numbers are still kept.
    pub fn is_exact(&self) -> bool {
        self.count <= self.limit as u64
    }

    /// The `q`-quantile, `0 <= q <= 1`; `None` before the first number.
    ///
    /// While exact, it interpolates linearly between the order statistics around rank `q (count - 1)`; later it is
    /// within [`RELATIVE_ERROR`] of the order statistic nearest to that rank.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let rank = q.clamp(0.0, 1.0) * (self.count - 1) as f64;
        if self.is_exact() {
            let mut sorted = self.kept.clone();
            sorted.sort_by(f64::total_cmp);
            let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
            return Some(below + (above - below) * rank.fract());
        }
        let mut passed = self.zeros;
        let rank = rank.round() as u64;
        if rank < passed {
            return Some(0.0);
        }
        for (&bucket, &count) in &self.buckets {
            passed += count;
            if rank < passed {
                return Some(2.0 * ratio().powi(bucket) / (ratio() + 1.0));
            }
        }
        unreachable!("the counts of the buckets add up to the count")
    }
}

/// The ratio of the bounds of a bucket.
fn ratio() -> f64 {
    (1.0 + RELATIVE_ERROR) / (1.0 - RELATIVE_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]
        /// Both methods against sorting.
        #[test]
        fn quantiles_are_order_statistics(values in proptest::collection::vec(0.0f64..1e6, 1..300), q in 0.0f64..=1.0) {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let rank = q * (values.len() - 1) as f64;
            for limit in [0, 1000] {
                let mut sketch = QuantileSketch::new(limit);
                values.iter().for_each(|&value| sketch.push(value));
                let found = sketch.quantile(q).unwrap();
                if limit == 0 {
                    let expected = sorted[rank.round() as usize];
                    prop_assert!((found - expected).abs() <= RELATIVE_ERROR * expected * 1.000_001);
                } else {
                    prop_assert!(sorted[rank.floor() as usize] <= found && found <= sorted[rank.ceil() as usize]);
                }
            }
        }
    }

    #[test]
    fn zeros_and_emptiness() {
        let mut sketch = QuantileSketch::new(0);
        assert_eq!(sketch.quantile(0.5), None);
        [0.0, 0.0, 0.0, 8.0].iter().for_each(|&value| sketch.push(value));
        assert_eq!(sketch.quantile(0.5), Some(0.0));
        assert!((sketch.quantile(1.0).unwrap() - 8.0).abs() < 0.05);
    }
}
