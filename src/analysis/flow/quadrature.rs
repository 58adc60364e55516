//! Gauss rules: nodes and weights that integrate polynomials of degree below twice their number exactly.
//!
//! Nodes are the eigenvalues of the Jacobi matrix of the orthonormal polynomials (G. Golub, J. Welsch, *Calculation of
//! Gauss quadrature rules*, 1969), found one by one by bisection on Sturm counts; the weight of a node is one over the
//! sum of the squares of the polynomials there.

/// A quadrature rule: `sum_i weights[i] f(nodes[i])`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The nodes in increasing order.
    pub nodes: Vec<f64>,
    /// Their weights.
    pub weights: Vec<f64>,
}

/// Nodes of the Gauss-Hermite rule further out than this are left out: the normal density there is below `1e-146`.
const FAR_OUT: f64 = 26.0;

/// The Gauss-Hermite rule for the standard normal distribution: `E f(u)` for `u ~ N(0, 1)`. O(count^2).
///
/// ```
/// use isotypic::analysis::flow::quadrature::gauss_hermite;
/// let rule = gauss_hermite(8);
/// let fourth: f64 = rule.nodes.iter().zip(&rule.weights).map(|(x, w)| w * x.powi(4)).sum();
/// assert!((fourth - 3.0).abs() < 1e-13);
/// ```
pub fn gauss_hermite(count: usize) -> Rule {
    let mut rule = gauss(count, 2.0 * (count as f64).sqrt() + 1.0, |n| (n as f64).sqrt());
    let kept = |x: f64| x.abs() <= FAR_OUT;
    rule.weights = rule.nodes.iter().zip(&rule.weights).filter(|(x, _)| kept(**x)).map(|(_, w)| *w).collect();
    rule.nodes.retain(|&x| kept(x));
    rule
}

/// The Gauss-Legendre rule for the integral over `[-1, 1]`. O(count^2).
pub fn gauss_legendre(count: usize) -> Rule {
    let mut rule = gauss(count, 1.0, |n| {
        let n = n as f64;
        n / (4.0 * n * n - 1.0).sqrt()
    });
    rule.weights.iter_mut().for_each(|weight| *weight *= 2.0);
    rule
}

/// The rule with the given off-diagonal `b(1), b(2), ...` of a Jacobi matrix with zero diagonal, for a measure of total
/// mass 1 that is symmetric about 0; all nodes lie in `[-bound, bound]`.
fn gauss(count: usize, bound: f64, off_diagonal: impl Fn(usize) -> f64) -> Rule {
    let b: Vec<f64> = (0..=count).map(|n| if n == 0 { 0.0 } else { off_diagonal(n) }).collect();
    let mut nodes = vec![0.0; count];
    for i in 0..count / 2 {
        let node = bisect(&b[..count], count - 1 - i, bound);
        nodes[count - 1 - i] = node;
        nodes[i] = -node;
    }
    let weights = nodes.iter().map(|&x| christoffel(&b[..count], x)).collect();
    Rule { nodes, weights }
}

/// The eigenvalue with `index` smaller ones, known to be positive.
fn bisect(b: &[f64], index: usize, bound: f64) -> f64 {
    let (mut low, mut high) = (0.0, bound);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if count_below(b, middle) > index {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// How many eigenvalues of the Jacobi matrix are smaller than `x`: the negative pivots of `J - x`.
fn count_below(b: &[f64], x: f64) -> usize {
    let mut pivot = 1.0f64;
    let mut count = 0;
    for &b in b {
        pivot = -x - b * b / pivot;
        if pivot == 0.0 {
            pivot = -f64::MIN_POSITIVE;
        }
        count += usize::from(pivot < 0.0);
    }
    count
}

/// One over the sum of the squares of the orthonormal polynomials at `x`.
fn christoffel(b: &[f64], x: f64) -> f64 {
    let (mut before, mut value, mut sum) = (0.0, 1.0, 1.0);
    for n in 1..b.len() {
        let next = (x * value - b[n - 1] * before) / b[n];
        (before, value) = (value, next);
        sum += value * value;
    }
    1.0 / sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_integrate_polynomials_exactly() {
        for count in [1, 2, 5, 16, 33] {
            let (legendre, hermite) = (gauss_legendre(count), gauss_hermite(count));
            let mut normal_moment = 1.0;
            for degree in (0..2 * count.min(8)).step_by(2) {
                let moment = |rule: &Rule| -> f64 {
                    rule.nodes.iter().zip(&rule.weights).map(|(x, w)| w * x.powi(degree as i32)).sum()
                };
                assert!((moment(&legendre) - 2.0 / (degree as f64 + 1.0)).abs() < 1e-13);
                if degree > 0 {
                    normal_moment *= degree as f64 - 1.0;
                }
                assert!((moment(&hermite) / normal_moment - 1.0).abs() < 1e-12, "{count} {degree}");
            }
        }
    }
}
