//! Smooth maxima and minima.
//!
//! For `x` in `R^n`, `p = softmax(alpha x)` and `alpha > 0`:
//!
//! * log-sum-exp `L = log(sum e^(alpha x_i)) / alpha`: `max <= L <= max + log(n) / alpha`, gradient `p`;
//! * its mean form `L - log(n) / alpha` is a lower bound of the maximum;
//! * the softmax mean `S = sum p_i x_i` obeys `S = L - entropy(p) / alpha`, `dS/dalpha = Var_p(x) >= 0`, `dS/dx_i =
//!   p_i (1 + alpha (x_i - S))` (it can be negative), and `max - S <= W((n - 1) / e) / alpha`, which is sharp;
//! * the `k`-norm of positive numbers: `max <= |x|_k <= n^(1/k) max`;
//! * `min x = -max(-x)`, or `1 / max(1 / x)` for positive numbers: `|1/x|_k^-1 <= min <= n^(1/k) |1/x|_k^-1`. So
//!   the harmonic mean `HM` brackets the minimum as `HM / n <= min <= HM` (it is not below the minimum, as is
//!   sometimes said).
//!
//! All are shifted or scaled by the largest entry before exponentials are taken, so nothing overflows. Negative
//! `alpha` turns every maximum into the corresponding minimum.

fn assert_not_empty(x: &[f64]) {
    assert!(!x.is_empty(), "a smooth maximum needs at least one number");
}

/// The entry that dominates at `alpha`: the largest for `alpha >= 0`, the smallest otherwise.
fn dominant(x: &[f64], alpha: f64) -> f64 {
    assert_not_empty(x);
    if alpha >= 0.0 {
        x.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    } else {
        x.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// `e^(alpha (x_i - top))` for all `i`; the dominant entry gives 1.
fn weights(x: &[f64], alpha: f64) -> Vec<f64> {
    let top = dominant(x, alpha);
    x.iter().map(|v| (alpha * (v - top)).exp()).collect()
}

/// `log(sum e^(alpha x_i)) / alpha`.
///
/// # Panics
/// Panics where `x` is empty or `alpha` is zero.
///
/// ```
/// use isotypic::analysis::smooth::forms::log_sum_exp;
/// assert_eq!(log_sum_exp(&[1000.0, 1000.0], 1.0), 1000.0 + 2f64.ln());
/// ```
pub fn log_sum_exp(x: &[f64], alpha: f64) -> f64 {
    assert!(alpha != 0.0, "log-sum-exp has no value at alpha = 0");
    // The dominant entry contributes exactly 1; adding the others first keeps their digits.
    let mut others = 0.0;
    let mut first = true;
    for w in weights(x, alpha) {
        if w == 1.0 && first {
            first = false;
        } else {
            others += w;
        }
    }
    dominant(x, alpha) + others.ln_1p() / alpha
}

/// `log(mean e^(alpha x_i)) / alpha`, a lower bound of the maximum for `alpha > 0`; the mean at `alpha = 0`.
///
/// # Panics
/// Panics where `x` is empty.
pub fn mean_log_sum_exp(x: &[f64], alpha: f64) -> f64 {
    if alpha == 0.0 {
        assert_not_empty(x);
        return x.iter().sum::<f64>() / x.len() as f64;
    }
    // Near alpha = 0 the two logarithms cancel; log1p of the mean of expm1 does not.
    let top = dominant(x, alpha);
    let mean = x.iter().map(|v| (alpha * (v - top)).exp_m1()).sum::<f64>() / x.len() as f64;
    top + mean.ln_1p() / alpha
}

/// `softmax(alpha x)`: positive numbers that add up to 1.
///
/// # Panics
/// Panics where `x` is empty.
pub fn softmax(x: &[f64], alpha: f64) -> Vec<f64> {
    let mut p = weights(x, alpha);
    let sum: f64 = p.iter().sum();
    for value in &mut p {
        *value /= sum;
    }
    p
}

/// The entropy `-sum p_i log p_i` of `softmax(alpha x)`, from the exponents, so that vanishing `p_i` do no harm.
///
/// # Panics
/// Panics where `x` is empty.
pub fn softmax_entropy(x: &[f64], alpha: f64) -> f64 {
    let (top, p) = (dominant(x, alpha), weights(x, alpha));
    let sum: f64 = p.iter().sum();
    sum.ln() - x.iter().zip(&p).map(|(v, w)| alpha * (v - top) * w).sum::<f64>() / sum
}

/// The softmax mean `sum p_i x_i` with `p = softmax(alpha x)`: the mean at `alpha = 0`, the maximum and minimum for
/// `alpha` to plus and minus infinity.
///
/// # Panics
/// Panics where `x` is empty.
pub fn softmax_mean(x: &[f64], alpha: f64) -> f64 {
    let (top, p) = (dominant(x, alpha), softmax(x, alpha));
    top + x.iter().zip(&p).map(|(v, p)| p * (v - top)).sum::<f64>()
}

/// The gradient of [`softmax_mean`]: `p_i (1 + alpha (x_i - S))`.
///
/// # Panics
/// Panics where `x` is empty.
pub fn softmax_mean_gradient(x: &[f64], alpha: f64) -> Vec<f64> {
    let (mean, p) = (softmax_mean(x, alpha), softmax(x, alpha));
    x.iter().zip(&p).map(|(v, p)| p * (1.0 + alpha * (v - mean))).collect()
}

/// The sharp bound of `max - softmax_mean` over all `x` in `R^n`: `W((n - 1) / e) / alpha`.
pub fn softmax_mean_gap(n: usize, alpha: f64) -> f64 {
    lambert_w((n as f64 - 1.0) / std::f64::consts::E) / alpha
}

/// The sharp bound of `log_sum_exp - max` over all `x` in `R^n`: `log(n) / alpha`.
pub fn log_sum_exp_gap(n: usize, alpha: f64) -> f64 {
    (n as f64).ln() / alpha
}

/// `(sum |x_i|^k)^(1/k)` for `k > 0`, scaled by the largest entry.
///
/// # Panics
/// Panics where `x` is empty.
pub fn p_norm(x: &[f64], k: f64) -> f64 {
    assert_not_empty(x);
    let top = x.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if top == 0.0 {
        return 0.0;
    }
    top * x.iter().map(|v| (v.abs() / top).powf(k)).sum::<f64>().powf(k.recip())
}

/// `(mean |x_i|^k)^(1/k)`, a lower bound of the largest entry.
///
/// # Panics
/// Panics where `x` is empty.
pub fn p_mean(x: &[f64], k: f64) -> f64 {
    p_norm(x, k) / (x.len() as f64).powf(k.recip())
}

/// `sum |x_i|^p`, with `0^p = 0`; tends to the number of non-zero entries as `p` tends to 0, which is no norm.
pub fn power_sum(x: &[f64], p: f64) -> f64 {
    x.iter().map(|v| if *v == 0.0 { 0.0 } else { v.abs().powf(p) }).sum()
}

/// The soft minimum of positive numbers `(sum x_i^-k)^(-1/k)`: at most the minimum, at least `n^(-1/k)` times it.
///
/// # Panics
/// Panics where `x` is empty.
pub fn p_norm_min(x: &[f64], k: f64) -> f64 {
    let inverse: Vec<f64> = x.iter().map(|v| v.recip()).collect();
    p_norm(&inverse, k).recip()
}

/// The soft minimum `-log(sum e^(-alpha x_i)) / alpha`: between `min - log(n) / alpha` and the minimum.
///
/// # Panics
/// Panics where `x` is empty or `alpha` is zero.
pub fn soft_min(x: &[f64], alpha: f64) -> f64 {
    log_sum_exp(x, -alpha)
}

/// The smooth maximum of two numbers `(x + y + sqrt((x - y)^2 + eps)) / 2`; above the maximum by at most
/// `sqrt(eps) / 2`, reached at `x = y`.
pub fn root_max(x: f64, y: f64, eps: f64) -> f64 {
    let (high, low) = (x.max(y), x.min(y));
    let gap = high - low;
    high + eps / (2.0 * (gap + (gap * gap + eps).sqrt()))
}

/// The principal branch of Lambert's function on `x >= 0`: the `w >= 0` with `w e^w = x`.
pub fn lambert_w(x: f64) -> f64 {
    let mut w = x.ln_1p();
    for _ in 0..60 {
        // Halley's step on w e^w - x.
        let e = w.exp();
        let f = w * e - x;
        let step = f / (e * (w + 1.0) - (w + 2.0) * f / (2.0 * w + 2.0));
        w -= step;
        if step.abs() <= 1e-16 * w.abs() {
            break;
        }
    }
    w
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn smooth_maxima_keep_their_bounds(
            x in proptest::collection::vec(-50.0f64..50.0, 1..12),
            alpha in 0.01f64..40.0,
        ) {
            let n = x.len();
            let max = x.iter().copied().fold(f64::MIN, f64::max);
            let tiny = 1e-12 * (1.0 + max.abs() + 1.0 / alpha);
            let lse = log_sum_exp(&x, alpha);
            prop_assert!(lse >= max - tiny && lse <= max + log_sum_exp_gap(n, alpha) + tiny);
            prop_assert!((mean_log_sum_exp(&x, alpha) - (lse - log_sum_exp_gap(n, alpha))).abs() < tiny);
            let mean = softmax_mean(&x, alpha);
            prop_assert!(mean <= max + tiny && max - mean <= softmax_mean_gap(n, alpha) + tiny);
            prop_assert!((mean - (lse - softmax_entropy(&x, alpha) / alpha)).abs() < tiny);
            prop_assert!(soft_min(&x, alpha) <= x.iter().copied().fold(f64::MAX, f64::min) + tiny);
            let gradient = softmax_mean_gradient(&x, alpha);
            for i in 0..n {
                let step = 1e-6 / alpha.max(1.0);
                let at = |t: f64| { let mut y = x.clone(); y[i] += t; softmax_mean(&y, alpha) };
                prop_assert!(((at(step) - at(-step)) / (2.0 * step) - gradient[i]).abs() < 1e-5 * (1.0 + alpha));
            }
        }

        #[test]
        fn norms_bracket_the_extremes(x in proptest::collection::vec(0.01f64..50.0, 1..12), k in 0.2f64..40.0) {
            let (max, min) = (x.iter().copied().fold(0.0, f64::max), x.iter().copied().fold(f64::MAX, f64::min));
            let spread = (x.len() as f64).powf(1.0 / k) * (1.0 + 1e-12);
            prop_assert!(p_norm(&x, k) >= max * (1.0 - 1e-12) && p_norm(&x, k) <= max * spread);
            prop_assert!(p_norm_min(&x, k) <= min * (1.0 + 1e-12) && min <= p_norm_min(&x, k) * spread);
        }
    }

    #[test]
    fn the_softmax_gap_is_sharp() {
        // One entry above n - 1 equal ones, at the distance where the gap is largest: alpha d = 1 + W((n - 1) / e).
        for n in [2usize, 3, 8, 64] {
            let mut x = vec![0.0; n];
            x[0] = 1.0 + lambert_w((n as f64 - 1.0) / std::f64::consts::E);
            assert!((x[0] - softmax_mean(&x, 1.0) - softmax_mean_gap(n, 1.0)).abs() < 1e-13);
        }
    }
}
