//! Proofs in `f64` that a form is positive on a cell, from approximate multipliers.
//!
//! Let `g` be the form, `a_k` the rows of the basis, all `>= 0` on the cell, and `m_k >= 0` the multipliers. The
//! remainder `r = g - sum m_k a_k` is nearly a constant. Where the domain is bounded, `|x_c| <= M_c`, the form is at
//! least `r_const - sum |r_c| M_c` on the cell. Elsewhere the remainder is written as a combination of the basis rows
//! itself: by an approximate inverse with a bound on its defect, the true multipliers differ from the `m_k` by little,
//! and if all of them are still positive, the form is at least its constant.

use super::dictionary::{Dictionary, FREE};
use super::row_stack::RowStack;

/// Whether `form` (constant last, within `doubt` of the true one in the 1-norm) is certainly positive on the cell.
/// `rates` are the form's rates along the edges; `bounds` are the bounds of the coordinates, if there are any.
pub(super) fn is_positive(
    rows: &RowStack,
    dictionary: &Dictionary,
    rates: &[f64],
    form: &[f64],
    doubt: f64,
    bounds: Option<&[f64]>,
) -> bool {
    let d = dictionary.point.len();
    let multiplier = |k: usize| if dictionary.basis[k] == FREE { 0.0 } else { rates[k].max(0.0) };
    // The remainder, with a bound on the rounding of each entry and the doubt of the whole.
    let mut remainder = form.to_vec();
    let mut rounding: Vec<f64> = form.iter().map(|a| a.abs()).collect();
    let mut doubt = doubt;
    for k in (0..d).filter(|&k| multiplier(k) != 0.0) {
        let row = dictionary.basis[k];
        for c in 0..=d {
            let product = multiplier(k) * rows.entry(row, c);
            remainder[c] -= product;
            rounding[c] += product.abs();
        }
        doubt += multiplier(k) * rows.doubt(row);
    }
    let unit = (d as f64 + 4.0) * f64::EPSILON;
    match bounds {
        Some(bounds) => {
            let (mut lost, mut reach) = (unit * rounding[d], 1.0f64);
            for c in 0..d {
                lost += (remainder[c].abs() + unit * rounding[c]) * bounds[c];
                reach = reach.max(bounds[c]);
            }
            // The last term covers the rounding of this sum itself.
            remainder[d] > (lost + doubt * reach) * (1.0 + 2.0 * unit) + unit * remainder[d].abs()
        }
        None => {
            let off: Vec<f64> = (0..d).map(|c| remainder[c].abs() + unit * rounding[c] + doubt).collect();
            let shifts = multiplier_shifts(rows, dictionary, &off);
            let Some(shifts) = shifts else { return false };
            let mut least = remainder[d] - unit * rounding[d] - doubt;
            for k in 0..d {
                if multiplier(k) < shifts[k] {
                    return false;
                }
                let constant = rows.entry(dictionary.basis[k], d).abs() + rows.doubt(dictionary.basis[k]);
                least -= shifts[k] * constant;
            }
            least > unit * rounding[d]
        }
    }
}

/// Bounds on the coefficients of any vector within `off` of zero as a combination of the true basis rows: with `E` the
/// edges and `A` the basis, `|v A^-1| <= |v E| / (1 - |I - A E|)` in suitable norms. `None` where the edges are no good
/// inverse.
fn multiplier_shifts(rows: &RowStack, dictionary: &Dictionary, off: &[f64]) -> Option<Vec<f64>> {
    let d = off.len();
    if dictionary.basis.contains(&FREE) {
        return None;
    }
    let edge = |c: usize, k: usize| dictionary.edges[c * d + k];
    // v = s A; v E = s A E = s (I - D), so s = v E + s D and |s|_1 <= |v E|_1 / (1 - |D|), with |D| the largest row sum.
    let mut defect = 0.0f64;
    for (j, &row) in dictionary.basis.iter().enumerate() {
        let mut sum = 0.0;
        for k in 0..d {
            let product: f64 = (0..d).map(|c| rows.entry(row, c) * edge(c, k)).sum();
            let size: f64 = (0..d).map(|c| (rows.entry(row, c) * edge(c, k)).abs()).sum();
            let largest = (0..d).map(|c| edge(c, k).abs()).fold(0.0, f64::max);
            sum += (product - if j == k { 1.0 } else { 0.0 }).abs()
                + (d as f64 + 4.0) * f64::EPSILON * size
                + rows.doubt(row) * largest;
        }
        defect = defect.max(sum);
    }
    if defect.is_nan() || defect >= 0.5 {
        return None;
    }
    let first: Vec<f64> = (0..d).map(|k| (0..d).map(|c| off[c] * edge(c, k).abs()).sum::<f64>()).collect();
    // |s|_1 bounds every entry of s D by |s|_1 |D|.
    let total = first.iter().sum::<f64>() / (1.0 - defect);
    Some(first.iter().map(|s| (s + total * defect) * (1.0 + 1e-9)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polyhedral::engine::Source;
    use proptest::prelude::*;

    /// The rows `x_i >= -1` and, for a box, `x_i <= 1`, with a dictionary at the corner where the chosen ones are tight.
    fn corner(uppers: &[bool], boxed: bool) -> (RowStack, Dictionary) {
        let d = uppers.len();
        let mut rows = RowStack::new(d, 2 * d);
        let mut basis = Vec::new();
        let mut dictionary = Dictionary::default();
        for (i, &upper) in uppers.iter().enumerate() {
            for sign in [1.0, -1.0] {
                let mut row = vec![0.0; d + 1];
                (row[i], row[d]) = (sign, 1.0);
                if boxed || sign > 0.0 {
                    if (sign < 0.0) == upper {
                        basis.push(rows.len());
                    }
                    rows.push(&row, 0.0, Source::Infinity, true);
                }
            }
        }
        dictionary
            .reset(&rows, &uppers.iter().map(|&upper| if upper { 1.0 } else { -1.0 }).collect::<Vec<_>>());
        for (i, &upper) in uppers.iter().enumerate() {
            dictionary.edges[i * d + i] = if upper { -1.0 } else { 1.0 };
        }
        dictionary.basis = basis;
        (rows, dictionary)
    }

    proptest! {
        #[test]
        fn only_positive_forms_are_proven_positive(
            form in proptest::collection::vec(-3i32..=3, 4),
            uppers in proptest::collection::vec(any::<bool>(), 3),
            noise in proptest::collection::vec(-1i32..=1, 3),
            boxed in any::<bool>(),
        ) {
            let uppers: Vec<bool> = uppers.into_iter().map(|upper| upper && boxed).collect();
            let (rows, dictionary) = corner(&uppers, boxed);
            let form: Vec<f64> = form.into_iter().map(f64::from).collect();
            let mut rates = Vec::new();
            dictionary.rates(&form[..3], &mut rates);
            let true_rates = rates.clone();
            rates.iter_mut().zip(&noise).for_each(|(rate, &n)| *rate += f64::from(n));
            let bounds = [1.0; 3];
            let bounds = boxed.then_some(&bounds[..]);
            let proven = is_positive(&rows, &dictionary, &rates, &form, 0.0, bounds);
            let least = if boxed {
                form[3] - form[..3].iter().map(|a| a.abs()).sum::<f64>()
            } else if form[..3].iter().all(|&a| a >= 0.0) {
                form[3] - form[..3].iter().sum::<f64>()
            } else {
                f64::NEG_INFINITY
            };
            prop_assert!(!proven || least > 0.0);
            // At the right corner with the right multipliers the proof succeeds.
            if least > 0.0 && rates == true_rates && true_rates.iter().all(|&rate| rate > 0.0) {
                prop_assert!(proven);
            }
        }
    }
}
