//! Exact counterexamples: points at which a network is not equivariant.

use super::Witness;
use crate::group::Permutation;
use crate::network::Network;
use crate::num::Rational;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// About how many exact products the search may cost.
const WORK: usize = 4_000_000;

/// Looks for a point `x`, a generator `g` and an output at which `f(g x)` and `g f(x)` differ, in exact arithmetic.
///
/// Tries small rational points of several sizes from a fixed seed, between 8 and 200 depending on the network's size.
/// Finding nothing proves nothing.
pub(super) fn find_witness(
    network: &Network,
    inputs: &[Permutation],
    outputs: &[Permutation],
) -> Option<Witness> {
    let weights: usize =
        network.layers().iter().map(|layer| layer.weights().iter().filter(|w| **w != 0.0).count()).sum();
    let trials = (WORK / (weights + 1)).clamp(8, 200);
    let mut random = ChaCha8Rng::seed_from_u64(0);
    for trial in 0..trials {
        // Sizes 1/4, 1, 4, 16, 64 in turn, with numerators that hit every linear region in reach.
        let size = Rational::from(1 << (2 * (trial % 5))) / Rational::from(4 * 64);
        let x: Vec<Rational> =
            (0..network.inputs()).map(|_| Rational::from(random.random_range(-64i32..=64)) * &size).collect();
        let y = network.evaluate_exact(&x);
        for (generator, (p, q)) in inputs.iter().zip(outputs).enumerate() {
            let mut moved = x.clone();
            for (j, value) in x.iter().enumerate() {
                moved[p.apply(j)] = value.clone();
            }
            let z = network.evaluate_exact(&moved);
            if let Some(output) = (0..y.len()).find(|&i| z[q.apply(i)] != y[i]) {
                return Some(Witness {
                    generator,
                    input: x,
                    output,
                    value_here: y[output].clone(),
                    value_there: z[q.apply(output)].clone(),
                });
            }
        }
    }
    None
}
