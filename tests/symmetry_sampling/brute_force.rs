//! Pieces by averaging over a listed group, and what an activation reaches by sampling.

use isotypic::analysis::PointwiseFunction;
use isotypic::group::{Orbits, Permutation};
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Vectors shorter than this are zero; in between the two bounds nothing is decided.
const ZERO: f64 = 1e-9;
const NOT_ZERO: f64 = 1e-7;

/// How many vectors are pushed through; those that a rectifier makes zero do not count.
const SAMPLES: usize = 60;

pub(crate) struct Piece {
    pub(crate) dim: usize,
    pub(crate) multiplicity: usize,
    pub(crate) endomorphisms: usize,
    pub(crate) character: Vec<f64>,
    /// Orthonormal columns that span one generic copy.
    pub(crate) copy: DMatrix<f64>,
    /// The projector onto all copies.
    projector: DMatrix<f64>,
}

pub(crate) struct BruteForce {
    pub(crate) elements: Vec<Permutation>,
    pub(crate) pieces: Vec<Piece>,
    orbits: Orbits,
    size: usize,
}

pub(crate) fn gaussian(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

impl BruteForce {
    pub(crate) fn new(size: usize, elements: Vec<Permutation>, random: &mut ChaCha8Rng) -> Self {
        let orbits = Orbits::under(size, &elements);
        let mut oracle = BruteForce { elements, pieces: Vec::new(), orbits, size };
        // Eigenspaces of a generic symmetric equivariant map are simple; wide gaps between them keep them accurate.
        let (eigen, order) = loop {
            let average = oracle.equivariant(random);
            let eigen = SymmetricEigen::new((&average + average.transpose()) * 0.5);
            let mut order: Vec<usize> = (0..size).collect();
            order.sort_by(|&a, &b| eigen.eigenvalues[a].total_cmp(&eigen.eigenvalues[b]));
            let gap = |pair: &[usize]| eigen.eigenvalues[pair[1]] - eigen.eigenvalues[pair[0]];
            if order.windows(2).all(|pair| !(1e-9..1e-2).contains(&gap(pair))) {
                break (eigen, order);
            }
        };
        let mut start = 0;
        for end in 1..=size {
            if end < size && eigen.eigenvalues[order[end]] - eigen.eigenvalues[order[end - 1]] < 1e-9 {
                continue;
            }
            let copy = eigen.eigenvectors.select_columns(&order[start..end]);
            start = end;
            // The eigenvectors are only good to some ten digits: average, and pull the eigenvalues to 0 and 1.
            let mut projector = oracle.mean(&(&copy * copy.transpose()));
            for _ in 0..3 {
                let square = &projector * &projector;
                projector = &square * 3.0 - &square * &projector * 2.0;
            }
            let copy = &projector * copy;
            let character: Vec<f64> =
                oracle.elements.iter().map(|g| (0..size).map(|x| projector[(x, g.apply(x))]).sum()).collect();
            let same = |piece: &&mut Piece| {
                piece.character.iter().zip(&character).all(|(a, b)| (a - b).abs() < 1e-7)
            };
            if let Some(piece) = oracle.pieces.iter_mut().find(same) {
                piece.multiplicity += 1;
                piece.projector += projector;
                continue;
            }
            let norm = character.iter().map(|c| c * c).sum::<f64>() / oracle.elements.len() as f64;
            assert!((norm - norm.round()).abs() < 1e-6);
            oracle.pieces.push(Piece {
                dim: copy.ncols(),
                multiplicity: 1,
                endomorphisms: norm.round() as usize,
                character,
                copy,
                projector,
            });
        }
        oracle
    }

    /// The part of a vector in all copies of a piece.
    pub(crate) fn part(&self, piece: usize, vector: &DVector<f64>) -> DVector<f64> {
        &self.pieces[piece].projector * vector
    }

    /// The mean over the group of a random matrix.
    fn equivariant(&self, random: &mut ChaCha8Rng) -> DMatrix<f64> {
        self.mean(&DMatrix::from_fn(self.size, self.size, |_, _| gaussian(random))) * self.size as f64
    }

    /// The mean over the group of the conjugates of a matrix.
    fn mean(&self, matrix: &DMatrix<f64>) -> DMatrix<f64> {
        let mut mean = DMatrix::zeros(self.size, self.size);
        for g in &self.elements {
            for x in 0..self.size {
                for y in 0..self.size {
                    mean[(g.apply(x), g.apply(y))] += matrix[(x, y)];
                }
            }
        }
        mean / self.elements.len() as f64
    }

    /// Which pieces appear after `depth` activations with generic equivariant maps in between.
    pub(crate) fn reached(
        &self,
        sources: &[usize],
        function: PointwiseFunction,
        bias: bool,
        depth: usize,
        random: &mut ChaCha8Rng,
    ) -> Vec<bool> {
        let mut longest = vec![0f64; self.pieces.len()];
        let mut alive = 0;
        for _ in 0..20 * SAMPLES {
            if alive == SAMPLES {
                break;
            }
            let mut v = DVector::zeros(self.size);
            for &source in sources {
                let copy = &self.pieces[source].copy;
                v += copy
                    * DVector::from_fn(copy.ncols(), |_, _| gaussian(random))
                    * (self.size as f64).sqrt();
            }
            for layer in 0..depth {
                if layer > 0 {
                    // Rounding errors must not grow: what is nearly zero is made zero, and a map that nearly cancels the
                    // vector is replaced by another one.
                    let before = v.norm();
                    for piece in &self.pieces {
                        let part = &piece.projector * &v;
                        if part.norm() < NOT_ZERO * before {
                            v -= part;
                        }
                    }
                    v = (0..50)
                        .map(|_| self.equivariant(random) * &v)
                        .find(|image| image.norm() >= 0.1 * before && before > 1e-3)
                        .unwrap_or_else(|| DVector::zeros(self.size));
                    v *= 5.0 * (self.size as f64).sqrt() / v.norm().max(1e-3);
                }
                let shift: Vec<f64> = (0..self.orbits.count()).map(|_| gaussian(random)).collect();
                v = DVector::from_fn(self.size, |x, _| {
                    evaluate(function, v[x] + if bias { shift[self.orbits.of(x)] } else { 0.0 })
                });
            }
            alive += usize::from(v.norm() > NOT_ZERO);
            for (longest, piece) in longest.iter_mut().zip(&self.pieces) {
                *longest = longest.max((&piece.projector * &v).norm());
            }
        }
        for &length in &longest {
            let clear = !(ZERO..NOT_ZERO).contains(&length);
            assert!(clear, "too close to tell: {length:e} for {function}, bias {bias}, depth {depth}");
        }
        longest.into_iter().map(|length| length > NOT_ZERO).collect()
    }
}

fn evaluate(function: PointwiseFunction, x: f64) -> f64 {
    match function {
        PointwiseFunction::Relu => x.max(0.0),
        PointwiseFunction::Abs => x.abs(),
        PointwiseFunction::Leaky(slope) => {
            if x > 0.0 {
                x
            } else {
                slope * x
            }
        }
        PointwiseFunction::MinZero => x.min(0.0),
        PointwiseFunction::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
        PointwiseFunction::Silu => x / (1.0 + (-x).exp()),
        PointwiseFunction::Tanh => x.tanh(),
        PointwiseFunction::Root => 0.5 * (x + (x * x + 1.0).sqrt()),
        PointwiseFunction::Gelu => 0.5 * x * (1.0 + libm::erf(x * std::f64::consts::FRAC_1_SQRT_2)),
    }
}
