//! The conditions under which the matrix form is exact, as numbers that vanish when they hold.

use super::enumerate::{Enumeration, Sample};
use super::tree::RegionTree;
use rustc_hash::FxHashMap;
use serde::Serialize;

/// The defects at one unit; those that refer to the root's parents or a leaf's children are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct UnitDefects {
    /// Focus, for this unit below its parents: largest `|P(x | z_parent, z) - P(x | z)|`, `x` the input of this unit.
    pub focus: f64,
    /// Broadness, for this unit above its children: largest `|P(x | z, z_child) - P(x | z)|`. It vanishes if and
    /// only if each child's event is a function of this unit's event.
    pub broadness: f64,
    /// Decorrelation of gate and raw activation given the event: largest `|Cov(f', f_raw | z)|`.
    pub decorrelation_forward: f64,
    /// Decorrelation of gate and raw gradient given the event: largest `|Cov(f', g_raw | z)|`.
    pub decorrelation_backward: f64,
    /// Largest `|sum_a P(z = a) Cov(f_k, g_j | z = a)|` over the unit's children: what the update leaves out.
    pub covariance: f64,
}

/// The defects of every unit. O(inputs times weights).
pub fn defects(tree: &RegionTree, exact: &Enumeration) -> Vec<UnitDefects> {
    let leaves = tree.leaves.len();
    let mut defects = vec![UnitDefects::default(); tree.units()];
    for (unit, own) in defects.iter_mut().enumerate() {
        let nodes = exact.activation[unit].ncols();
        for j in 0..nodes {
            let worst = |value: &dyn Fn(&Sample) -> f64| {
                covariances(exact, unit, &|s| s.gates[unit][j], value)
                    .into_iter()
                    .fold(0.0f64, |m, c| m.max(c.abs()))
            };
            own.decorrelation_forward = own.decorrelation_forward.max(worst(&|s| s.raw[unit][j]));
            own.decorrelation_backward = own.decorrelation_backward.max(worst(&|s| s.raw_gradients[unit][j]));
        }
    }
    for (index, region) in tree.regions.iter().enumerate() {
        let unit = leaves + index;
        let own_input = tree.leaves_below(unit);
        for &child in &region.children {
            let child_input = tree.leaves_below(child);
            let focus = conditional_change(exact, &child_input, child, unit);
            defects[child].focus = defects[child].focus.max(focus);
            let broadness = conditional_change(exact, &own_input, unit, child);
            defects[unit].broadness = defects[unit].broadness.max(broadness);
            for k in 0..exact.activation[child].ncols() {
                for j in 0..exact.gradient[unit].ncols() {
                    let given =
                        covariances(exact, unit, &|s| s.activations[child][k], &|s| s.gradients[unit][j]);
                    let total: f64 =
                        given.iter().zip(&exact.event_probability[unit]).map(|(c, p)| c * p).sum();
                    defects[unit].covariance = defects[unit].covariance.max(total.abs());
                }
            }
        }
    }
    defects
}

/// `Cov(a, b | z_unit)` by event.
fn covariances(
    exact: &Enumeration,
    unit: usize,
    a: &dyn Fn(&Sample) -> f64,
    b: &dyn Fn(&Sample) -> f64,
) -> Vec<f64> {
    let mean_a = exact.conditional_mean(unit, a);
    let mean_b = exact.conditional_mean(unit, b);
    exact.conditional_mean(unit, |s| (a(s) - mean_a[s.events[unit]]) * (b(s) - mean_b[s.events[unit]]))
}

/// The largest `|P(x | z_given, z_extra) - P(x | z_given)|` over the inputs `x` of some leaves.
fn conditional_change(exact: &Enumeration, leaves: &[usize], given: usize, extra: usize) -> f64 {
    let mut by_given: FxHashMap<(usize, Vec<usize>), f64> = FxHashMap::default();
    let mut by_both: FxHashMap<(usize, usize, Vec<usize>), f64> = FxHashMap::default();
    let mut both: FxHashMap<(usize, usize), f64> = FxHashMap::default();
    for sample in &exact.samples {
        let (z, w) = (sample.events[given], sample.events[extra]);
        let x: Vec<usize> = leaves.iter().map(|&leaf| sample.inputs[leaf]).collect();
        *by_given.entry((z, x.clone())).or_default() += sample.probability;
        *by_both.entry((z, w, x)).or_default() += sample.probability;
        *both.entry((z, w)).or_default() += sample.probability;
    }
    let mut worst = 0.0f64;
    for (&(z, w), &p_both) in &both {
        for ((other, x), &p) in by_given.iter().filter(|((other, _), _)| *other == z) {
            let joint = by_both.get(&(*other, w, x.clone())).copied().unwrap_or(0.0);
            worst = worst.max((joint / p_both - p / exact.event_probability[given][z]).abs());
        }
    }
    worst
}
