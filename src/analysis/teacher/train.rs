//! Two-layer ReLU networks without biases, with tied weights, trained by Adam on all samples at once.
//!
//! Weights are tied by an index: entry `(i, j)` of a layer is parameter `tying[i, j]`. A group convolution, an invariant read-out and free
//! weights differ in the index only, and the gradient of a parameter is the sum over its entries.

use crate::analysis::group_table::GroupTable;
use nalgebra::DMatrix;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// Which parameter each entry of a weight matrix is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tying {
    rows: usize,
    columns: usize,
    /// Column by column.
    index: Vec<u32>,
    parameters: usize,
}

impl Tying {
    /// Every entry is a parameter of its own.
    pub fn free(rows: usize, columns: usize) -> Self {
        Tying { rows, columns, index: (0..(rows * columns) as u32).collect(), parameters: rows * columns }
    }

    /// A group convolution: entry `((c, s), (d, t))` is parameter `(c, d, t^-1 s)`.
    pub fn convolution(group: &GroupTable, out_channels: usize, in_channels: usize) -> Self {
        let n = group.order();
        Tying::by(out_channels * n, in_channels * n, out_channels * in_channels * n, |i, j| {
            ((i / n) * in_channels + j / n) * n + group.quotient(i % n, j % n)
        })
    }

    /// An invariant read-out: entry `(o, (d, t))` is parameter `(o, d)`.
    pub fn invariant(group: &GroupTable, outputs: usize, in_channels: usize) -> Self {
        let n = group.order();
        Tying::by(outputs, in_channels * n, outputs * in_channels, |i, j| i * in_channels + j / n)
    }

    fn by(rows: usize, columns: usize, parameters: usize, of: impl Fn(usize, usize) -> usize) -> Self {
        let index =
            (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j))).map(|(i, j)| of(i, j) as u32).collect();
        Tying { rows, columns, index, parameters }
    }

    /// The number of parameters.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// The matrix with these parameters.
    pub fn expand(&self, parameters: &[f64]) -> DMatrix<f64> {
        DMatrix::from_iterator(self.rows, self.columns, self.index.iter().map(|&p| parameters[p as usize]))
    }

    /// The sum of the entries of each parameter: the gradient by the chain rule.
    pub fn collect(&self, matrix: &DMatrix<f64>) -> Vec<f64> {
        let mut sums = vec![0.0; self.parameters];
        for (&p, value) in self.index.iter().zip(matrix.iter()) {
            sums[p as usize] += value;
        }
        sums
    }
}

/// `y = W2 relu(W1 x)` with tied weights.
#[derive(Clone, Debug)]
pub struct TwoLayer {
    tyings: [Tying; 2],
    parameters: [Vec<f64>; 2],
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// Steps of Adam over all samples.
    pub steps: usize,
    /// The first step size; it falls to zero along a cosine.
    pub rate: f64,
    /// Training stops where the mean squared error falls below this fraction of the targets' mean square.
    pub enough: f64,
}

impl Default for Training {
    fn default() -> Self {
        Training { steps: 1500, rate: 0.02, enough: 1e-7 }
    }
}

impl TwoLayer {
    /// Normal weights with variance `2 / columns` in the first and `1 / columns` in the second layer.
    pub fn random(tyings: [Tying; 2], random: &mut impl Rng) -> Self {
        let parameters = [0, 1].map(|layer: usize| {
            let gain = if layer == 0 { 2.0 } else { 1.0 };
            let deviation = (gain / tyings[layer].columns as f64).sqrt();
            (0..tyings[layer].parameters)
                .map(|_| deviation * random.sample::<f64, _>(StandardNormal))
                .collect()
        });
        TwoLayer { tyings, parameters }
    }

    /// The number of parameters.
    pub fn parameters(&self) -> usize {
        self.tyings.iter().map(Tying::parameters).sum()
    }

    /// The weights of a layer, 0 or 1.
    pub fn weights(&self, layer: usize) -> DMatrix<f64> {
        self.tyings[layer].expand(&self.parameters[layer])
    }

    /// The hidden activations; a column per sample.
    pub fn hidden(&self, inputs: &DMatrix<f64>) -> DMatrix<f64> {
        (self.weights(0) * inputs).map(|z| z.max(0.0))
    }

    /// The outputs; a column per sample.
    pub fn outputs(&self, inputs: &DMatrix<f64>) -> DMatrix<f64> {
        self.weights(1) * self.hidden(inputs)
    }

    /// Fits the targets in the mean square by Adam; returns the error divided by the targets' mean square.
    ///
    /// O(steps samples entries).
    pub fn train(
        &mut self,
        inputs: &DMatrix<f64>,
        targets: &DMatrix<f64>,
        training: Training,
        progress: &mut dyn FnMut(usize, usize),
    ) -> f64 {
        let size = targets.norm_squared().max(f64::MIN_POSITIVE);
        let scale = 2.0 / size * inputs.ncols() as f64;
        let mut moments = [Moments::new(self.parameters[0].len()), Moments::new(self.parameters[1].len())];
        let mut error = f64::INFINITY;
        for step in 0..training.steps {
            let [w1, w2] = [self.weights(0), self.weights(1)];
            let hidden = (w1 * inputs).map(|z| z.max(0.0));
            let difference = &w2 * &hidden - targets;
            error = difference.norm_squared() / size;
            if error < training.enough {
                break;
            }
            let back = difference * (scale / inputs.ncols() as f64);
            let second = &back * hidden.transpose();
            let mut below = w2.tr_mul(&back);
            below.zip_apply(&hidden, |g, f| {
                if f <= 0.0 {
                    *g = 0.0;
                }
            });
            let first = below * inputs.transpose();
            let turn = std::f64::consts::PI * step as f64 / training.steps as f64;
            let rate = 0.5 * training.rate * (1.0 + turn.cos());
            for (layer, gradient) in [first, second].iter().enumerate() {
                let gradient = self.tyings[layer].collect(gradient);
                moments[layer].update(&mut self.parameters[layer], &gradient, rate, step);
            }
            progress(step + 1, training.steps);
        }
        error
    }
}

/// The running means of Adam (D. Kingma, J. Ba, arXiv:1412.6980).
struct Moments {
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Moments {
    fn new(parameters: usize) -> Self {
        Moments { first: vec![0.0; parameters], second: vec![0.0; parameters] }
    }

    fn update(&mut self, parameters: &mut [f64], gradient: &[f64], rate: f64, step: usize) {
        let (fast, slow) = (0.9f64, 0.999f64);
        let age = step as i32 + 1;
        let (fast_bias, slow_bias) = (1.0 - fast.powi(age), 1.0 - slow.powi(age));
        for (((parameter, &g), m), v) in
            parameters.iter_mut().zip(gradient).zip(&mut self.first).zip(&mut self.second)
        {
            *m += (1.0 - fast) * (g - *m);
            *v += (1.0 - slow) * (g * g - *v);
            *parameter -= rate * (*m / fast_bias) / ((*v / slow_bias).sqrt() + 1e-10);
        }
    }
}
