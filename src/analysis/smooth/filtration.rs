//! The order in which smoothing removes edges.
//!
//! As `alpha` tends to 0, `c_2m` of softplus vanishes like `alpha^(2m-1)` (`c_2 = alpha A^2 / 16`, `c_4 = -alpha^3
//! A^4 / 1536`). So on `C_n` the edge `i -> j` has order `h - 1` with `h` the least even number for which `h i =
//! +-j mod n`: the interaction graph is filtered by smoothing order.
//!
//! On any set the same holds with powers in place of harmonics, since the even part of softplus is a series in
//! `alpha^(h-1) u^h`, `h = 0, 2, 4, ...`, with no vanishing coefficient: the edge from `V` to `W` has order `h - 1`
//! with `h` the least even number for which `u^h` (entry by entry) has a part in `W` for some `u` in `V`.

use super::harmonics::{harmonics, softplus_overtone};
use super::temperature::random_in_piece;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::network::SmoothActivation;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// The highest power that [`sampled_orders`] looks at.
const HIGHEST_POWER: usize = 24;

/// Which powers of `u` the series of `f_alpha(u)` has: `f_alpha(u) = sum_h a_h alpha^(h-1) u^h`. All smooth families
/// have every even power from 2 on; the constant (for softplus, the root forms and `log cosh`) and the linear term
/// (for half-linear functions) depend on the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Powers {
    /// Whether `f(0)` is not 0.
    pub constant: bool,
    /// Whether there is a linear term.
    pub linear: bool,
}

impl Powers {
    /// Those of softplus: all.
    pub const SOFTPLUS: Powers = Powers { constant: true, linear: true };

    /// The powers of a family.
    pub fn of(activation: SmoothActivation) -> Self {
        Powers { constant: activation.at(1.0).f(0.0) != 0.0, linear: activation.is_half_linear() }
    }

    /// The powers up to a highest one, ascending.
    fn up_to(self, highest: usize) -> impl Iterator<Item = usize> {
        (0..=highest).filter(move |&h| match h {
            0 => self.constant,
            1 => self.linear,
            _ => h % 2 == 0,
        })
    }
}

/// One edge of the filtered graph on `C_n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FilteredEdge {
    /// Source frequency.
    pub from: usize,
    /// Target frequency.
    pub to: usize,
    /// The harmonic that carries the edge at small `alpha`.
    pub harmonic: usize,
    /// The weight vanishes like `alpha^order`; for softplus `harmonic - 1`. It is -1 for the mean of softplus, which
    /// grows, and 0 for the linear loop.
    pub order: i64,
}

/// The edge `i -> j` of softplus on `C_n`; `None` where `j` is no even multiple of `i` and not `i` itself.
///
/// ```
/// use isotypic::analysis::smooth::filtration::alpha_order;
/// assert_eq!(alpha_order(8, 1, 4).unwrap().order, 3);
/// assert!(alpha_order(8, 1, 3).is_none());
/// ```
pub fn alpha_order(n: usize, i: usize, j: usize) -> Option<FilteredEdge> {
    edges_from(n, i, Powers::SOFTPLUS)[fold(n, j)]
}

/// The frequency of a wave that turns `k` times on `C_n`.
fn fold(n: usize, k: usize) -> usize {
    (k % n).min(n - k % n)
}

/// The edges from frequency `i` of `C_n` to the frequencies `0..=n/2`, for a family with these powers: each carried by
/// the least power `p` for which one of the harmonics `p, p - 2, ...` of `cos^p` arrives. O(n).
pub fn edges_from(n: usize, i: usize, powers: Powers) -> Vec<Option<FilteredEdge>> {
    let mut edges = vec![None; n / 2 + 1];
    // The least even and the least odd harmonic that no lower power has.
    let mut new = [0, 1];
    for power in powers.up_to(2 * n) {
        for harmonic in (new[power % 2]..=power).step_by(2) {
            let to = fold(n, harmonic * i);
            edges[to].get_or_insert(FilteredEdge { from: i, to, harmonic, order: power as i64 - 1 });
        }
        new[power % 2] = power + 2;
    }
    edges
}

/// All edges of softplus on `C_n` from the frequencies `1..=n/2`, by source and target.
pub fn filtered_graph(n: usize) -> Vec<FilteredEdge> {
    (1..=n / 2).flat_map(|i| edges_from(n, i, Powers::SOFTPLUS)).flatten().collect()
}

/// The order of every edge on any set, `orders[i][j]`, by looking for the least even power of random vectors of piece
/// `i` that has a part in piece `j`; `None` where powers up to 24 have none. Four vectors per piece: a part that
/// exists shows with probability 1, up to rounding (parts below 1e-9 of the power count as none).
/// O(pieces^2 `|X|`^2).
pub fn sampled_orders(projectors: &IsotypicProjectors, powers: Powers, seed: u64) -> Vec<Vec<Option<i64>>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let pieces = projectors.pieces().len();
    (0..pieces)
        .map(|i| {
            let samples: Vec<_> = (0..4)
                .map(|_| {
                    let u = random_in_piece(projectors, i, &mut random);
                    let largest = u.amax();
                    u / largest
                })
                .collect();
            let reaches = |h: usize, j: usize| {
                samples.iter().any(|u| {
                    let power = u.map(|x| x.powi(h as i32));
                    (projectors.matrix(j) * &power).norm() > 1e-9 * power.norm()
                })
            };
            (0..pieces)
                .map(|j| powers.up_to(HIGHEST_POWER).find(|&h| reaches(h, j)).map(|h| h as i64 - 1))
                .collect()
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::GSet;
    use crate::analysis::interaction_graph::InteractionGraph;
    use crate::analysis::parity::PointwiseFunction;
    use crate::group::PermutationGroup;
    use crate::representation::Decomposition;
    use std::sync::Arc;

    #[test]
    fn powers_and_harmonics_give_the_same_orders_on_cycles() {
        for n in [5, 8, 12, 16] {
            let set = GSet::points(&Arc::new(PermutationGroup::parse(&format!("C{n}")).unwrap()));
            let sampled = sampled_orders(&IsotypicProjectors::new(&set).unwrap(), Powers::SOFTPLUS, 3);
            for i in 0..=n / 2 {
                for j in 0..=n / 2 {
                    let wanted = alpha_order(n, i, j).map(|edge| edge.order);
                    assert_eq!(sampled[i][j], wanted, "C{n}: {i} -> {j}");
                }
            }
        }
    }

    #[test]
    fn weights_of_every_family_fall_like_their_order() {
        use super::super::temperature::cyclic_weights;
        for name in ["softplus", "silu", "gelu", "root", "abs-tanh", "abs-logcosh", "abs-root"] {
            let f = SmoothActivation::parse(name).unwrap();
            for (j, order) in edges_from(16, 1, Powers::of(f))
                .into_iter()
                .map(|edge| edge.map(|edge| edge.order))
                .enumerate()
                .take(5)
            {
                let at = |scale: f64| cyclic_weights(16, f.at(scale), 1.0).unwrap()[1][j];
                let Some(order) = order else {
                    assert!(at(1.0) < 1e-12, "{name}: 1 -> {j}");
                    continue;
                };
                let slope = (at(0.1) / at(0.05)).log2();
                assert!((slope - order as f64).abs() < 0.02, "{name}: 1 -> {j}: {slope}, order {order}");
            }
        }
    }

    #[test]
    fn edges_with_an_order_are_the_edges_of_the_exact_graph() {
        for name in ["S4", "D5", "Q8", "A5"] {
            let set = GSet::regular(&Arc::new(PermutationGroup::parse(name).unwrap())).unwrap();
            let decomposition = Decomposition::new(&set).unwrap();
            let relu = PointwiseFunction::parse("relu").unwrap();
            let graph = InteractionGraph::of_decomposition(&decomposition, relu, false).unwrap();
            let orders = sampled_orders(&IsotypicProjectors::new(&set).unwrap(), Powers::SOFTPLUS, 3);
            for (i, row) in orders.iter().enumerate() {
                for (j, order) in row.iter().enumerate() {
                    assert_eq!(order.is_some(), graph.has_edge(i, j), "{name}: {i} -> {j}");
                }
            }
        }
    }
}
