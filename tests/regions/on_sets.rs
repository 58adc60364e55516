//! Networks on sets: layers that commute with all permutations of the points.

use isotypic::num::Rational;
use isotypic::polyhedral::{ActivationPattern, PatternSymmetry, PiecewiseLinearMap};

/// The exchanges of neighbouring positions, in the inputs and in every channel.
pub(crate) struct Exchanges(pub(crate) usize);

impl Exchanges {
    /// Where a generator takes an input or neuron; it is its own inverse.
    pub(crate) fn image(&self, generator: usize, x: usize) -> usize {
        match x % self.0 {
            position if position == generator => x + 1,
            position if position == generator + 1 => x - 1,
            _ => x,
        }
    }
}

impl PatternSymmetry for Exchanges {
    fn generators(&self) -> usize {
        self.0 - 1
    }

    fn permute_pattern(&self, generator: usize, pattern: &ActivationPattern) -> ActivationPattern {
        let neurons = 0..pattern.neurons();
        ActivationPattern::from_bits(neurons.map(|x| pattern.is_active(self.image(generator, x))))
    }

    fn permute_point(&self, generator: usize, point: &[Rational]) -> Vec<Rational> {
        (0..point.len()).map(|x| point[self.image(generator, x)].clone()).collect()
    }
}

/// Two hidden layers of `channels` channels on `n` points, where a neuron sees its own point and, less, the sum of all;
/// the weights are small multiples of 1/32 and 1/256.
pub(crate) fn network_on_sets(n: usize, channels: usize, seed: u64) -> PiecewiseLinearMap {
    let mut state = seed;
    let mut number = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Rational::from((state >> 33) as i32 % 49 - 24) / Rational::from(32)
    };
    let mut layer = |inputs: usize| -> Vec<Vec<Rational>> {
        let mut rows = Vec::new();
        for _ in 0..channels {
            let own: Vec<Rational> = (0..inputs).map(|_| number()).collect();
            let all: Vec<Rational> = (0..inputs).map(|_| number() / Rational::from(8)).collect();
            let bias = number();
            rows.extend((0..n).map(|i| {
                let entry = |b: usize, j: usize| if i == j { &own[b] + &all[b] } else { all[b].clone() };
                let weights = (0..inputs * n).map(|at| entry(at / n, at % n));
                weights.chain([bias.clone()]).collect()
            }));
        }
        rows
    };
    let layers = [layer(1), layer(channels), vec![]];
    PiecewiseLinearMap::new(n, &layers, vec![Rational::ZERO; 2]).unwrap()
}
