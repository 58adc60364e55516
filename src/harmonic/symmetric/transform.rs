//! The fast transform on `S_n`.

use super::young::YoungForm;
use crate::error::{Error, Result};
use crate::group::Permutation;
use crate::group::stabilizer_chain::factorial;
use crate::harmonic::Transform;
use crate::num::Natural;
use crate::representation::partition::Partition;
use crate::representation::{RealType, SimplePiece};
use nalgebra::DMatrix;
use std::ops::Range;

/// The largest `n`: functions on `S_10` take 29 MB.
pub const LARGEST_DEGREE: usize = 10;

/// The orthonormal Fourier transform of functions on the symmetric group `S_n`.
///
/// The coefficients of partition `lambda` of dimension `d` are the matrix `sqrt(d / n!) sum_g f(g) rho(g)`, `rho` in
/// Young's orthogonal form, stored column by column: the columns are the `d` copies of the piece under
/// `(h.f)(g) = f(h^-1 g)`. A function is a vector over the elements in the lexicographic order of their images
/// ([`rank`](Self::rank)).
///
/// With `g = a_i h`, `h` in `S_(k-1)` and `a_i` the cycle `k -> i, i -> i + 1, ..., k - 1 -> k`, a transform on `S_k` is
/// `sum_i rho(a_i) F_i`, `F_i` the transforms on `S_(k-1)`, and `rho(a_i)` a product of `k - i` adjacent transpositions:
/// about `n! (n^3 - n) / 6` rotations of two numbers in all (Clausen). Memory is two functions.
///
/// ```
/// use isotypic::{group::Permutation, harmonic::{SymmetricTransform, Transform}};
/// let transform = SymmetricTransform::new(3)?;
/// let mut sign = [0.0; 6];
/// for (rank, value) in sign.iter_mut().enumerate() {
///     let odd = transform.element(rank).cycles().iter().filter(|c| c.len() % 2 == 0).count() % 2 == 1;
///     *value = if odd { -1.0 } else { 1.0 };
/// }
/// let energies = transform.energies(&sign); // on [3], [2,1], [1,1,1]
/// assert!((energies[2] - 6.0).abs() < 1e-12 && energies[0] + energies[1] < 1e-12);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SymmetricTransform {
    degree: usize,
    levels: Vec<Vec<YoungForm>>,
    pieces: Vec<SimplePiece>,
    starts: Vec<usize>,
    /// The lexicographic rank of each element in the order of the recursion.
    ranks: Vec<u32>,
}

impl SymmetricTransform {
    /// Plans the transform on `S_n`; O(n! n).
    ///
    /// # Errors
    /// [`Error::Input`] for `n = 0`, [`Error::TooLarge`] for `n` above [`LARGEST_DEGREE`].
    pub fn new(n: usize) -> Result<Self> {
        if n == 0 {
            return Err(Error::input(
                "transform on S0",
                "there are no points",
                "give a degree of at least 1",
            ));
        }
        if n > LARGEST_DEGREE {
            return Err(Error::too_large(
                format!("the transform on S{n}"),
                format!("{} values", factorial(n)),
                format!("{} values", factorial(LARGEST_DEGREE)),
                "use a coset space such as points or subsets",
            ));
        }
        let levels = YoungForm::up_to(n);
        let forms = &levels[n - 1];
        let pieces: Vec<SimplePiece> = forms.iter().map(|form| piece(form, n)).collect();
        let mut starts = vec![0];
        for form in forms {
            starts.push(starts[starts.len() - 1] + form.dim * form.dim);
        }
        Ok(SymmetricTransform { degree: n, pieces, starts, ranks: ranks(n), levels })
    }

    /// `n`.
    pub fn degree(&self) -> usize {
        self.degree
    }

    /// The partitions, in the order of the pieces: `[n]` first.
    pub fn partitions(&self) -> impl Iterator<Item = &Partition> {
        self.levels[self.degree - 1].iter().map(|form| &form.shape)
    }

    /// The place of an element in functions: its rank among all elements in the lexicographic order of images.
    ///
    /// # Panics
    /// Panics where the element has another degree.
    pub fn rank(&self, element: &Permutation) -> usize {
        assert_eq!(element.degree(), self.degree, "degree of the element");
        lexicographic_rank(element.images())
    }

    /// The element at a place.
    ///
    /// # Panics
    /// Panics where the rank is `n!` or more.
    pub fn element(&self, rank: usize) -> Permutation {
        assert!(rank < self.ranks.len(), "rank of an element");
        let mut left: Vec<usize> = (0..self.degree).collect();
        let (mut rest, mut block) = (rank, self.ranks.len());
        let mut images = Vec::with_capacity(self.degree);
        for remaining in (1..=self.degree).rev() {
            block /= remaining;
            images.push(left.remove(rest / block));
            rest %= block;
        }
        Permutation::from_fn(self.degree, |x| images[x])
    }

    /// The matrix of an element in Young's orthogonal form of a partition. O(d^2 n^2).
    ///
    /// # Panics
    /// Panics where the element has another degree or there is no such piece.
    pub fn representation(&self, piece: usize, element: &Permutation) -> DMatrix<f64> {
        assert_eq!(element.degree(), self.degree, "degree of the element");
        let form = &self.levels[self.degree - 1][piece];
        let mut matrix = DMatrix::<f64>::identity(form.dim, form.dim).as_slice().to_vec();
        // Bubble sort: each exchange of neighbouring images multiplies by a transposition from the right.
        let mut images = element.images().to_vec();
        let mut word = Vec::new();
        for end in (1..images.len()).rev() {
            for j in 0..end {
                if images[j] > images[j + 1] {
                    images.swap(j, j + 1);
                    word.push(j);
                }
            }
        }
        // element = s_(w_m) ... s_(w_1), where w_1 was exchanged first, acts with s_(w_1) first.
        word.iter().for_each(|&j| form.transpose_letters(j, &mut matrix));
        DMatrix::from_row_slice(form.dim, form.dim, &matrix)
    }

    /// The convolution `(f * g)(x) = sum_y f(y) g(y^-1 x)`, by multiplying coefficients: three transforms and
    /// `sum d^3` multiplications.
    ///
    /// # Panics
    /// Panics where a function has not `n!` values.
    pub fn convolve(&self, f: &[f64], g: &[f64]) -> Vec<f64> {
        let (left, right) = (self.forward(f), self.forward(g));
        let mut product = vec![0.0; self.size()];
        for (index, piece) in self.pieces.iter().enumerate() {
            let (range, d) = (self.range(index), piece.dim);
            let a = DMatrix::from_column_slice(d, d, &left[range.clone()]);
            let b = DMatrix::from_column_slice(d, d, &right[range.clone()]);
            let scale = (self.size() as f64 / d as f64).sqrt();
            product[range].copy_from_slice((a * b * scale).as_slice());
        }
        self.inverse(&product)
    }

    /// One step up, `S_(k-1)` to `S_k`, for each run of `k!` values. Matrices are stored row by row.
    fn ascend(&self, k: usize, values: &[f64], out: &mut [f64]) {
        let (forms, below) = (&self.levels[k - 1], &self.levels[k - 2]);
        let starts = block_starts(below);
        let part = starts[below.len()];
        let mut work = Vec::new();
        for (input, output) in values.chunks(part * k).zip(out.chunks_mut(part * k)) {
            let mut at = 0;
            for form in forms {
                let d = form.dim;
                let sum = &mut output[at..at + d * d];
                sum.fill(0.0);
                for (i, input) in input.chunks(part).enumerate() {
                    work.clear();
                    work.resize(d * d, 0.0);
                    for &(number, first) in &form.blocks {
                        let (m, scale) = (below[number].dim, scale(form, &below[number], k));
                        for row in 0..m {
                            let from = &input[starts[number] + row * m..][..m];
                            let to = &mut work[(first + row) * d + first..][..m];
                            to.iter_mut().zip(from).for_each(|(to, from)| *to = scale * from);
                        }
                    }
                    (i..k - 1).rev().for_each(|j| form.transpose_letters(j, &mut work));
                    sum.iter_mut().zip(&work).for_each(|(sum, value)| *sum += value);
                }
                at += d * d;
            }
        }
    }

    /// The transpose of [`ascend`](Self::ascend), which is its inverse.
    fn descend(&self, k: usize, values: &[f64], out: &mut [f64]) {
        let (forms, below) = (&self.levels[k - 1], &self.levels[k - 2]);
        let starts = block_starts(below);
        let part = starts[below.len()];
        let mut work = Vec::new();
        out.fill(0.0);
        for (input, output) in values.chunks(part * k).zip(out.chunks_mut(part * k)) {
            let mut at = 0;
            for form in forms {
                let d = form.dim;
                for (i, output) in output.chunks_mut(part).enumerate() {
                    work.clear();
                    work.extend_from_slice(&input[at..at + d * d]);
                    (i..k - 1).for_each(|j| form.transpose_letters(j, &mut work));
                    for &(number, first) in &form.blocks {
                        let (m, scale) = (below[number].dim, scale(form, &below[number], k));
                        for row in 0..m {
                            let from = &work[(first + row) * d + first..][..m];
                            let to = &mut output[starts[number] + row * m..][..m];
                            to.iter_mut().zip(from).for_each(|(to, from)| *to += scale * from);
                        }
                    }
                }
                at += d * d;
            }
        }
    }

    /// Exchanges storage by rows and by columns.
    fn transpose_blocks(&self, coefficients: &mut [f64]) {
        for (index, piece) in self.pieces.iter().enumerate() {
            let block = &mut coefficients[self.starts[index]..self.starts[index + 1]];
            for row in 0..piece.dim {
                for column in 0..row {
                    block.swap(row * piece.dim + column, column * piece.dim + row);
                }
            }
        }
    }
}

/// `sqrt(d_lambda (k-1)! / (k! d_mu))`, which keeps every step orthonormal.
fn scale(form: &YoungForm, below: &YoungForm, k: usize) -> f64 {
    (form.dim as f64 / (below.dim * k) as f64).sqrt()
}

/// Where the matrix of each form starts.
fn block_starts(forms: &[YoungForm]) -> Vec<usize> {
    let mut starts = vec![0];
    for form in forms {
        starts.push(starts[starts.len() - 1] + form.dim * form.dim);
    }
    starts
}

fn piece(form: &YoungForm, n: usize) -> SimplePiece {
    let order = factorial(n);
    let kernel_order = match form.shape.parts() {
        [_] => order,
        parts if parts.len() == n => order / Natural::from(2u8),
        [2, 2] => Natural::from(4u8),
        _ => Natural::ONE,
    };
    SimplePiece {
        label: form.shape.to_string(),
        dim: form.dim,
        multiplicity: form.dim,
        real_type: RealType::Real,
        kernel_order,
    }
}

/// The lexicographic rank of each element in the order of the recursion: `a_i h` comes in block `i`, at the place of
/// `h` in `S_(n-1)`.
fn ranks(n: usize) -> Vec<u32> {
    let mut elements: Vec<Vec<u8>> = vec![vec![0]];
    for k in 2..=n as u8 {
        elements = (0..k)
            .flat_map(|i| {
                elements.iter().map(move |h| {
                    let cycle = |x: u8| if x < i { x } else { x + 1 };
                    let mut g: Vec<u8> = h.iter().map(|&x| cycle(x)).collect();
                    g.push(i);
                    g
                })
            })
            .collect();
    }
    elements.iter().map(|g| lexicographic_rank(g) as u32).collect()
}

fn lexicographic_rank<T: PartialOrd>(images: &[T]) -> usize {
    let mut rank = 0;
    for (x, image) in images.iter().enumerate() {
        let smaller_behind = images[x + 1..].iter().filter(|later| *later < image).count();
        rank = rank * (images.len() - x) + smaller_behind;
    }
    rank
}

impl Transform for SymmetricTransform {
    fn size(&self) -> usize {
        self.ranks.len()
    }

    fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    fn range(&self, piece: usize) -> Range<usize> {
        self.starts[piece]..self.starts[piece + 1]
    }

    fn forward(&self, f: &[f64]) -> Vec<f64> {
        assert_eq!(f.len(), self.size(), "length of a function on the group");
        let mut values: Vec<f64> = self.ranks.iter().map(|&rank| f[rank as usize]).collect();
        let mut next = vec![0.0; values.len()];
        for k in 2..=self.degree {
            self.ascend(k, &values, &mut next);
            std::mem::swap(&mut values, &mut next);
        }
        self.transpose_blocks(&mut values);
        values
    }

    fn inverse(&self, coefficients: &[f64]) -> Vec<f64> {
        assert_eq!(coefficients.len(), self.size(), "number of coefficients");
        let mut values = coefficients.to_vec();
        self.transpose_blocks(&mut values);
        let mut next = vec![0.0; values.len()];
        for k in (2..=self.degree).rev() {
            self.descend(k, &values, &mut next);
            std::mem::swap(&mut values, &mut next);
        }
        for (&rank, value) in self.ranks.iter().zip(&values) {
            next[rank as usize] = *value;
        }
        next
    }
}
