//! The order in which smoothing removes edges.
//!
//! As `alpha` tends to 0, `c_2m` of softplus vanishes like `alpha^(2m-1)` (`c_2 = alpha A^2 / 16`, `c_4 = -alpha^3
//! A^4 / 1536`). So on `C_n` the edge `i -> j` has order `h - 1` with `h` the least even number for which `h i =
//! +-j mod n`: the interaction graph is filtered by smoothing order.

use super::harmonics::{harmonics, softplus_overtone};
use crate::network::SmoothActivation;
use serde::Serialize;

/// One edge of the filtered graph on `C_n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FilteredEdge {
    /// Source frequency.
    pub from: usize,
    /// Target frequency.
    pub to: usize,
    /// The harmonic that carries the edge at small `alpha`.
    pub harmonic: usize,
    /// The weight vanishes like `alpha^order`: `harmonic - 1`. It is -1 for the mean of softplus, which grows, and
    /// 0 for the linear loop.
    pub order: i64,
}

/// The edge `i -> j` on `C_n`; `None` where `j` is no even multiple of `i` and not `i` itself.
///
/// ```
/// use isotypic::analysis::smooth::filtration::alpha_order;
/// assert_eq!(alpha_order(8, 1, 4).unwrap().order, 3);
/// assert!(alpha_order(8, 1, 3).is_none());
/// ```
pub fn alpha_order(n: usize, i: usize, j: usize) -> Option<FilteredEdge> {
    let fold = |k: usize| (k % n).min(n - k % n);
    let carried = |h: usize| fold(h * i) == fold(j);
    let edge = |h: usize| FilteredEdge { from: i, to: j, harmonic: h, order: h as i64 - 1 };
    if carried(0) {
        return Some(edge(0));
    }
    if carried(1) {
        return Some(edge(1));
    }
    (1..=n).map(|m| 2 * m).find(|&h| carried(h)).map(edge)
}

/// All edges on `C_n` from the frequencies `1..=n/2`, by source and target.
pub fn filtered_graph(n: usize) -> Vec<FilteredEdge> {
    let nodes = n / 2 + 1;
    (1..nodes).flat_map(|i| (0..nodes).filter_map(move |j| alpha_order(n, i, j))).collect()
}

/// The slope of `log |c_h|` against `log alpha` between two temperatures, at amplitude 1.
pub fn slope_between(activation: SmoothActivation, harmonic: usize, alpha: f64, smaller: f64) -> f64 {
    let at = |alpha: f64| harmonics(activation.at(alpha), 1.0, harmonic)[harmonic].abs();
    (at(alpha) / at(smaller)).ln() / (alpha / smaller).ln()
}

/// The same for softplus by its series, which has no rounding floor.
pub fn softplus_slope(harmonic: usize, alpha: f64, smaller: f64) -> f64 {
    let at = |alpha: f64| softplus_overtone(alpha, 1.0, harmonic / 2).abs();
    (at(alpha) / at(smaller)).ln() / (alpha / smaller).ln()
}
