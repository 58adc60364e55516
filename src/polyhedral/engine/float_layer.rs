//! Hidden layers in `f64`, with what is needed to bound the error of every value.
//!
//! # Error bounds
//! Points are homogeneous vectors `(x, t)` of maximum norm at most 1. The *scale* of a neuron is a number `S` with
//! `|value| <= S` at every such vector, found by pushing absolute values through the layers:
//! `S_i = sum_j |W_ij| max(1, |slope|) S_j + |b_i|`. All errors are relative to scales: if the stored value of every
//! neuron of a layer is within `G S` of the true one, then a forward step in `f64` gives values of the next layer
//! within `(G + (n + 4) eps) S`, `n` being the number of inputs, since the activations do not enlarge errors beyond
//! the factor that is in the scale. (`eps` is twice the unit roundoff, which covers rounded weights, products, sums and
//! the rounding of the bounds themselves for `G` below 1/1000.) [`FloatLayer::error`] sums these terms over the layers.
//!
//! Scales out of a safe range become infinite. Then no comparison with a bound succeeds, and every sign is decided
//! exactly.

use crate::num::nearest_f64;
use crate::polyhedral::PiecewiseLinearMap;

/// A hidden layer in `f64`.
pub(in crate::polyhedral) struct FloatLayer {
    /// The number of inputs.
    pub(in crate::polyhedral) inputs: usize,
    /// The number of neurons.
    pub(in crate::polyhedral) width: usize,
    /// The number of 64-bit words that hold one bit per neuron.
    pub(in crate::polyhedral) words: usize,
    /// The weights by columns: `columns[j * width + i]` is `W[i][j]`; the last column is the bias.
    pub(in crate::polyhedral) columns: Vec<f64>,
    /// The scale of each neuron.
    pub(in crate::polyhedral) scale: Vec<f64>,
    /// The slope of the activation behind this layer on the negative side.
    pub(in crate::polyhedral) slope: f64,
    /// A bound, relative to the scales, of all rounding on the way from an exact input to the values of this layer.
    pub(in crate::polyhedral) error: f64,
}

impl FloatLayer {
    /// The hidden layers of a map.
    pub(in crate::polyhedral) fn all(map: &PiecewiseLinearMap) -> Vec<Self> {
        let mut layers: Vec<FloatLayer> = Vec::with_capacity(map.hidden_layers());
        let mut input_scale = vec![1.0; map.inputs()];
        let mut error = 0.0;
        for l in 0..map.hidden_layers() {
            let rows: Vec<Vec<f64>> =
                map.rows(l).iter().map(|row| row.iter().map(nearest_f64).collect()).collect();
            let inputs = input_scale.len();
            error += (inputs as f64 + 5.0) * f64::EPSILON;
            let columns = (0..=inputs).flat_map(|j| rows.iter().map(move |row| row[j])).collect();
            let scale: Vec<f64> = rows
                .iter()
                .map(|row| {
                    let weights = row[..inputs].iter().zip(&input_scale);
                    let sum: f64 = weights.map(|(w, s)| if *w == 0.0 { 0.0 } else { w.abs() * s }).sum();
                    safe_scale((sum + row[inputs].abs()) * (1.0 + error))
                })
                .collect();
            let slope = nearest_f64(map.slope(l));
            input_scale = scale.iter().map(|s| s * slope.abs().max(1.0)).collect();
            layers.push(FloatLayer {
                inputs,
                width: rows.len(),
                words: rows.len().div_ceil(64),
                columns,
                scale,
                slope,
                error,
            });
        }
        layers
    }

    /// The values of the layer in `out`, from `(input, value)` pairs for the inputs that are not zero and the last
    /// homogeneous coordinate.
    #[inline]
    pub(in crate::polyhedral) fn apply(
        &self,
        inputs: impl Iterator<Item = (usize, f64)>,
        t: f64,
        out: &mut [f64],
    ) {
        let bias = &self.columns[self.inputs * self.width..];
        out.iter_mut().zip(bias).for_each(|(value, b)| *value = b * t);
        for (j, input) in inputs {
            let column = &self.columns[j * self.width..(j + 1) * self.width];
            out.iter_mut().zip(column).for_each(|(value, w)| *value += w * input);
        }
    }

    /// The word with one bit set for every neuron that it holds.
    #[inline]
    pub(in crate::polyhedral) fn word_of_all(&self, word: usize) -> u64 {
        match self.width - 64 * word {
            rest if rest >= 64 => u64::MAX,
            rest => (1 << rest) - 1,
        }
    }

    /// The words with one bit set for every neuron.
    pub(in crate::polyhedral) fn all_neurons(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.words).map(|word| self.word_of_all(word))
    }
}

/// A scale that products of doubles can neither overflow nor underflow, or zero, or infinity.
fn safe_scale(scale: f64) -> f64 {
    if scale == 0.0 || (1e-200..1e200).contains(&scale) { scale } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::Rational;

    #[test]
    fn scales_bound_the_values() {
        let number = |n: i32| Rational::from(n);
        let layers = [
            vec![vec![number(3), number(-4)], vec![number(0), number(0)]],
            vec![vec![number(2), number(5), number(1)]],
            vec![vec![number(1), number(0)]],
        ];
        let map = PiecewiseLinearMap::new(1, &layers, vec![number(-2), number(0)]).unwrap();
        let layers = FloatLayer::all(&map);
        assert!((7.0..7.001).contains(&layers[0].scale[0]));
        assert_eq!(layers[0].scale[1], 0.0);
        assert!((29.0..29.001).contains(&layers[1].scale[0]));
        assert_eq!(layers[0].columns, [3.0, 0.0, -4.0, 0.0]);
    }

    #[test]
    fn extreme_scales_are_never_trusted() {
        assert_eq!(safe_scale(1e-300), f64::INFINITY);
        assert_eq!(safe_scale(f64::NAN), f64::INFINITY);
        assert_eq!(safe_scale(0.0), 0.0);
    }
}
