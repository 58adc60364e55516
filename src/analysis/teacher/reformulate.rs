//! The matrix form of the averaged back-propagation, and its errors against exact enumeration.
//!
//! With `F`, `D`, `G~`, `P` as in [`Enumeration`]:
//!
//! * forward `F_a = D_a * sum_b P_ab F_b W_ba` (entrywise product; no `D` at the root), exact under focus and
//!   decorrelation;
//! * backward `G~_b = D_b * sum_a P_ab^T G~_a W_ba^T`, exact under broadness and decorrelation;
//! * update `dW_ba = (P_ab F_b)^T G~_a`. It needs a fourth assumption, that `f_k` and `g_j` are uncorrelated given
//!   `z_a`; the exact form is `dW = E[f | z_a]^T G~_a + sum_a P(z_a) Cov(f_k, g_j | z_a)`.
//!
//! Each step starts from the exact values of the step before it, so that errors do not pile up.

use super::enumerate::Enumeration;
use super::tree::{RegionTree, Student};
use nalgebra::DMatrix;
use serde::Serialize;

/// The largest errors of the matrix form at one unit; entries that do not apply are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct UnitErrors {
    /// Of `F` (regions).
    pub forward: f64,
    /// Of `G~` (all units but the root).
    pub backward: f64,
    /// Of `dW` into the unit (regions).
    pub update: f64,
    /// Of `dW` with the covariance term (regions).
    pub update_with_covariance: f64,
}

/// The errors of the matrix form, by unit. O(inputs times weights).
pub fn reformulate(tree: &RegionTree, student: &Student, exact: &Enumeration) -> Vec<UnitErrors> {
    let (leaves, units) = (tree.leaves.len(), tree.units());
    let mut errors = vec![UnitErrors::default(); units];
    let mut backward: Vec<DMatrix<f64>> =
        (0..units).map(|u| DMatrix::zeros(tree.events(u), student.nodes(u))).collect();
    for (index, region) in tree.regions.iter().enumerate() {
        let unit = leaves + index;
        let mut forward = DMatrix::zeros(region.events, student.nodes(unit));
        for (slot, &child) in region.children.iter().enumerate() {
            let (p, w) = (&exact.transition[index][slot], &student.weights[index][slot]);
            let pushed = p * &exact.activation[child];
            forward += &pushed * w;
            backward[child] += p.tr_mul(&exact.gradient[unit]) * w.transpose();
            let update = pushed.tr_mul(&exact.gradient[unit]);
            let corrected = with_covariance(exact, unit, child);
            errors[unit].update = errors[unit].update.max((update - &exact.update[index][slot]).amax());
            errors[unit].update_with_covariance =
                errors[unit].update_with_covariance.max((corrected - &exact.update[index][slot]).amax());
        }
        if unit + 1 < units {
            forward.component_mul_assign(&exact.gate[unit]);
        }
        errors[unit].forward = (forward - &exact.activation[unit]).amax();
    }
    for unit in 0..units - 1 {
        let predicted = backward[unit].component_mul(&exact.gate[unit]);
        errors[unit].backward = (predicted - &exact.gradient[unit]).amax();
    }
    errors
}

/// `E[f | z_a]^T G~_a + sum_a P(z_a) Cov(f_k, g_j | z_a)`, term by term.
fn with_covariance(exact: &Enumeration, unit: usize, child: usize) -> DMatrix<f64> {
    let events = exact.event_probability[unit].len();
    let (below, above) = (exact.activation[child].ncols(), exact.gradient[unit].ncols());
    let mut mean_f = DMatrix::zeros(events, below);
    for k in 0..below {
        let column = exact.conditional_mean(unit, |sample| sample.activations[child][k]);
        mean_f.column_mut(k).copy_from_slice(&column);
    }
    let mut mean_g = exact.gradient[unit].clone();
    for (a, &p) in exact.event_probability[unit].iter().enumerate() {
        if p > 0.0 {
            mean_g.row_mut(a).unscale_mut(p);
        }
    }
    let mut result = mean_f.tr_mul(&exact.gradient[unit]);
    for sample in &exact.samples {
        let a = sample.events[unit];
        for k in 0..below {
            let f = sample.activations[child][k] - mean_f[(a, k)];
            for j in 0..above {
                result[(k, j)] += sample.probability * f * (sample.gradients[unit][j] - mean_g[(a, j)]);
            }
        }
    }
    result
}
