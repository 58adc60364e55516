//! Two-layer ReLU networks without biases, with tied weights, trained by Adam on all samples at once.
//!
//! Weights are tied by an index: entry `(i, j)` of a layer is parameter `tying[i, j]`. A group convolution, an
//! invariant read-out and free weights differ in the index only, and the gradient of a parameter is the sum over
//! its entries.
//!
//! Implementation notes: the products are plain loops in a fixed order. Library kernels choose instructions by
//! processor, and training would amplify the difference in the last digit; with these the same seed gives the same
//! student on every machine.

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
        times(&self.weights(0), inputs).map(|z| z.max(0.0))
    }

    /// The outputs; a column per sample.
    pub fn outputs(&self, inputs: &DMatrix<f64>) -> DMatrix<f64> {
        times(&self.weights(1), &self.hidden(inputs))
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
            let hidden = times(&w1, inputs).map(|z| z.max(0.0));
            let difference = times(&w2, &hidden) - targets;
            error = difference.norm_squared() / size;
            if error < training.enough {
                break;
            }
            let back = difference * (scale / inputs.ncols() as f64);
            let second = times(&back, &hidden.transpose());
            let mut below = times(&w2.transpose(), &back);
            below.zip_apply(&hidden, |g, f| {
                if f <= 0.0 {
                    *g = 0.0;
                }
            });
            let first = times(&below, &inputs.transpose());
            let turn = std::f64::consts::PI * step as f64 / training.steps as f64;
            let rate = 0.5 * training.rate * (1.0 + libm::cos(turn));
            for (layer, gradient) in [first, second].iter().enumerate() {
                let gradient = self.tyings[layer].collect(gradient);
                moments[layer].update(&mut self.parameters[layer], &gradient, rate, step);
            }
            progress(step + 1, training.steps);
        }
        error
    }
}

/// `a b`, column by column; four columns of `a` at a time, which saves most of the memory traffic.
fn times(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let rows = a.nrows();
    let mut product = DMatrix::zeros(rows, b.ncols());
    for (sum, factors) in product.as_mut_slice().chunks_mut(rows).zip(b.as_slice().chunks(b.nrows())) {
        for (columns, factors) in a.as_slice().chunks(4 * rows).zip(factors.chunks(4)) {
            if let [f0, f1, f2, f3] = *factors {
                let (c0, rest) = columns.split_at(rows);
                let (c1, rest) = rest.split_at(rows);
                let (c2, c3) = rest.split_at(rows);
                for ((((s, v0), v1), v2), v3) in sum.iter_mut().zip(c0).zip(c1).zip(c2).zip(c3) {
                    *s += (v0 * f0 + v1 * f1) + (v2 * f2 + v3 * f3);
                }
            } else {
                for (column, &factor) in columns.chunks(rows).zip(factors) {
                    for (s, v) in sum.iter_mut().zip(column) {
                        *s += v * factor;
                    }
                }
            }
        }
    }
    product
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

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn products_are_products() {
        for (m, k, n) in [(3, 1, 2), (5, 4, 3), (7, 6, 5), (2, 9, 1)] {
            let a = DMatrix::from_fn(m, k, |i, j| (i * 7 + j * 3) as f64 * 0.1 - 1.0);
            let b = DMatrix::from_fn(k, n, |i, j| (i * 5 + j) as f64 * 0.3 - 2.0);
            assert!((times(&a, &b) - &a * &b).amax() < 1e-12);
        }
    }

    #[test]
    fn shared_layers_are_equivariant_and_their_gradients_are_sums() {
        let group = GroupTable::Cyclic(5);
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let tyings = [Tying::convolution(&group, 3, 2), Tying::invariant(&group, 2, 3)];
        let network = TwoLayer::random(tyings, &mut random);
        let x = DMatrix::from_fn(10, 1, |i, _| (i as f64 * 1.1).sin());
        let turned = DMatrix::from_fn(10, 1, |i, _| x[(i / 5 * 5 + (i + 4) % 5, 0)]);
        assert!((network.outputs(&x) - network.outputs(&turned)).amax() < 1e-12);
        let tying = Tying::convolution(&group, 3, 2);
        let counts = tying.collect(&DMatrix::from_element(15, 10, 1.0));
        assert!(counts.iter().all(|count| *count == 5.0) && tying.parameters() == 30);
    }

    #[test]
    fn training_finds_a_teacher() {
        let group = GroupTable::Cyclic(3);
        let tyings = || [Tying::convolution(&group, 2, 1), Tying::convolution(&group, 1, 2)];
        let mut random = ChaCha8Rng::seed_from_u64(4);
        let teacher = TwoLayer::random(tyings(), &mut random);
        let mut student = TwoLayer::random(
            [Tying::convolution(&group, 4, 1), Tying::convolution(&group, 1, 4)],
            &mut random,
        );
        let x = DMatrix::from_fn(3, 60, |_, _| random.sample::<f64, _>(StandardNormal));
        let error = student.train(&x, &teacher.outputs(&x), Training::default(), &mut |_, _| {});
        assert!(error < 1e-2, "{error}");
    }
}
