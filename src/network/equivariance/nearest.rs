//! Matching within a tolerance: the nearest permutations of the neurons as they stand, and the worst violation.

use super::Violation;
use crate::group::Permutation;
use crate::network::{AffineLayer, Network};
use crate::num::nearest_f64;

/// Permutations of the hidden layers for one generator, found row by row, and the largest difference that they leave.
pub(super) struct Nearest {
    pub(super) layers: Vec<Permutation>,
    pub(super) worst: Option<Violation>,
}

/// Pairs every neuron with the nearest one (largest difference of an entry) that is still free, layer by layer.
///
/// Greedy: right where a network is equivariant up to rounding, and no more than a proposal elsewhere. Costs up to
/// `m^2 n` comparisons for a layer of `m` rows and `n` columns; most rows are given up after a few entries.
pub(super) fn nearest(
    network: &Network,
    generator: usize,
    input: &Permutation,
    output: &Permutation,
) -> Nearest {
    let mut before = input.clone();
    let mut result = Nearest { layers: Vec::new(), worst: None };
    let last = network.activations().len();
    for (l, layer) in network.layers().iter().enumerate() {
        let rows = if l == last { output.clone() } else { nearest_rows(layer, &before) };
        for i in 0..layer.outputs() {
            for j in 0..=layer.inputs() {
                let moved = if j < layer.inputs() { before.apply(j) } else { j };
                let difference = difference(layer, (i, j), (rows.apply(i), moved));
                if difference > result.worst.as_ref().map_or(0.0, |worst| worst.difference) {
                    result.worst = Some(Violation {
                        generator,
                        layer: l,
                        row: i,
                        column: j,
                        value_here: entry(layer, i, j),
                        value_there: entry(layer, rows.apply(i), moved),
                        difference,
                    });
                }
            }
        }
        if l < last {
            result.layers.push(rows.clone());
        }
        before = rows;
    }
    result
}

/// The permutation `q` with `W[q i, p j]` near `W[i, j]`.
fn nearest_rows(layer: &AffineLayer, p: &Permutation) -> Permutation {
    let width = layer.inputs() + 1;
    let row = |i: usize| (0..width).map(move |j| entry(layer, i, j));
    let rows: Vec<Vec<f64>> = (0..layer.outputs()).map(|i| row(i).collect()).collect();
    let mut free: Vec<usize> = (0..layer.outputs()).collect();
    let mut images = Vec::with_capacity(layer.outputs());
    for i in 0..layer.outputs() {
        let mut target = rows[i].clone();
        for j in 0..layer.inputs() {
            target[p.apply(j)] = rows[i][j];
        }
        let (mut best, mut least) = (0, f64::INFINITY);
        for (position, &k) in free.iter().enumerate() {
            let mut distance = 0.0f64;
            for (a, b) in target.iter().zip(&rows[k]) {
                distance = distance.max((a - b).abs());
                if distance >= least {
                    break;
                }
            }
            if distance < least {
                (best, least) = (position, distance);
            }
            if least == 0.0 {
                break;
            }
        }
        images.push(free.remove(best) as u32);
    }
    Permutation::from_images(images).expect("every row is used once")
}

/// The entry, with the bias as the last column, rounded.
fn entry(layer: &AffineLayer, i: usize, j: usize) -> f64 {
    if j < layer.inputs() { layer.weights()[(i, j)] } else { layer.bias()[i] }
}

/// The absolute difference of two entries, rounded; zero only where they are equal.
fn difference(layer: &AffineLayer, (i, j): (usize, usize), (k, m): (usize, usize)) -> f64 {
    let rounded = (entry(layer, i, j) - entry(layer, k, m)).abs();
    if layer.is_dyadic() {
        return rounded;
    }
    let (here, there) = (layer.exact_entry(i, j), layer.exact_entry(k, m));
    if here == there { 0.0 } else { nearest_f64(&(here - there)).abs().max(f64::MIN_POSITIVE) }
}
