//! Types of embeddings into the regular representation from the spaces themselves: the eigenspaces of all elements on one
//! copy of a piece, closed under intersection.

use crate::brute_force::{BruteForce, Piece, gaussian};
use isotypic::analysis::strata::Stratum;
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand_chacha::ChaCha8Rng;

/// The same spaces, vectors or lines.
const SAME: f64 = 1e-6;

/// What brute force knows of one piece of a regular representation.
pub(crate) struct Flats<'a> {
    oracle: &'a BruteForce,
    /// The matrices of all elements on one copy of the piece.
    matrices: Vec<DMatrix<f64>>,
    /// The character of each piece, in the order of the answer.
    characters: Vec<&'a [f64]>,
}

impl<'a> Flats<'a> {
    pub(crate) fn new(oracle: &'a BruteForce, piece: usize, place: &[usize]) -> Self {
        let Piece { copy, .. } = &oracle.pieces[piece];
        let matrices = oracle
            .elements
            .iter()
            .map(|g| {
                let moved =
                    DMatrix::from_fn(copy.nrows(), copy.ncols(), |x, i| copy[(g.inverse().apply(x), i)]);
                copy.transpose() * moved
            })
            .collect();
        let characters = place.iter().map(|&k| oracle.pieces[k].character.as_slice()).collect();
        Flats { oracle, matrices, characters }
    }

    /// One stratum for each orbit of flats, in no order.
    pub(crate) fn strata(&self, random: &mut ChaCha8Rng) -> Vec<Stratum> {
        let mut orbits: Vec<DMatrix<f64>> = Vec::new();
        for flat in self.flats() {
            let known = self.matrices.iter().any(|g| {
                let moved = g * &flat * g.transpose();
                orbits.iter().any(|other| (other - &moved).amax() < SAME)
            });
            if !known {
                orbits.push(flat);
            }
        }
        orbits.iter().map(|flat| self.describe(flat, random)).collect()
    }

    /// The projectors onto all intersections of eigenspaces for 1 and -1, apart from zero.
    fn flats(&self) -> Vec<DMatrix<f64>> {
        let dim = self.matrices[0].nrows();
        let mut eigenspaces: Vec<DMatrix<f64>> = Vec::new();
        for g in &self.matrices {
            for sign in [1.0, -1.0] {
                // g x = sign x iff (g + g^T) x / 2 = sign x, since g is orthogonal.
                let space = top_space((g + g.transpose()) * (0.5 * sign));
                add(&mut eigenspaces, space);
            }
        }
        let mut flats = vec![DMatrix::identity(dim, dim)];
        let mut next = 0;
        while next < flats.len() {
            for space in &eigenspaces {
                let common = top_space((&flats[next] + space) * 0.5);
                add(&mut flats, common);
            }
            next += 1;
        }
        flats
    }

    fn describe(&self, flat: &DMatrix<f64>, random: &mut ChaCha8Rng) -> Stratum {
        let dim = flat.nrows();
        let xi = (flat * DVector::from_fn(dim, |_, _| gaussian(random))).normalize();
        let fixing = |sign: f64| -> Vec<usize> {
            (0..self.matrices.len())
                .filter(|&g| (&self.matrices[g] * &xi - sign * &xi).amax() < SAME)
                .collect()
        };
        let stabilizer = fixing(1.0);
        let line: Vec<usize> = stabilizer.iter().copied().chain(fixing(-1.0)).collect();
        let reached: Vec<usize> = self
            .characters
            .iter()
            .map(|character| {
                let mean = line.iter().map(|&g| character[g]).sum::<f64>() / line.len() as f64;
                assert!((mean - mean.round()).abs() < SAME);
                mean.round() as usize
            })
            .collect();
        let mut normals: Vec<DVector<f64>> = Vec::new();
        for g in &self.matrices {
            add_line(&mut normals, g * &xi);
        }
        let chambers = match dim {
            1 => Some(2),
            2 => Some(2 * normals.len()),
            3 => Some(chambers_in_space(&normals)),
            _ => None,
        };
        Stratum {
            stabilizer_order: stabilizer.len(),
            line_stabilizer_order: line.len(),
            dim: flat.trace().round() as usize,
            hyperplanes: normals.len(),
            chambers,
            reached,
        }
    }

    /// Which pieces have a part in `|<g xi, v>|`, as a function of `g`, for random `v` and `xi` in some flat: one answer for
    /// each orbit of flats.
    pub(crate) fn sampled(&self, random: &mut ChaCha8Rng, place: &[usize]) -> Vec<Vec<bool>> {
        let mut orbits = Vec::new();
        for flat in self.flats() {
            let dim = flat.nrows();
            let mut reached = vec![false; place.len()];
            let xi = (&flat * DVector::from_fn(dim, |_, _| gaussian(random))).normalize();
            for _ in 0..8 {
                let v = DVector::from_fn(dim, |_, _| gaussian(random));
                let mut image = DVector::zeros(self.matrices.len());
                for (g, matrix) in self.oracle.elements.iter().zip(&self.matrices) {
                    image[g.apply(0)] = (matrix * &xi).dot(&v).abs();
                }
                for (reached, &k) in reached.iter_mut().zip(place) {
                    *reached |= self.oracle.part(k, &image).norm() > SAME;
                }
            }
            orbits.push(reached);
        }
        orbits
    }
}

/// The projector onto the eigenspace for 1 of a symmetric matrix without larger eigenvalues.
fn top_space(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(matrix);
    let chosen: Vec<usize> =
        (0..eigen.eigenvalues.len()).filter(|&i| eigen.eigenvalues[i] > 1.0 - SAME).collect();
    let basis = eigen.eigenvectors.select_columns(&chosen);
    &basis * basis.transpose()
}

fn add(spaces: &mut Vec<DMatrix<f64>>, space: DMatrix<f64>) {
    if space.trace() > 0.5 && !spaces.iter().any(|known| (known - &space).amax() < SAME) {
        spaces.push(space);
    }
}

fn add_line(lines: &mut Vec<DVector<f64>>, line: DVector<f64>) {
    if !lines.iter().any(|known| (known - &line).amax() < SAME || (known + &line).amax() < SAME) {
        lines.push(line);
    }
}

/// Plane by plane: a new one cuts a chamber in two for each sector between the lines in which it meets those before.
fn chambers_in_space(normals: &[DVector<f64>]) -> usize {
    let mut chambers = 2;
    for (i, normal) in normals.iter().enumerate().skip(1) {
        let mut lines = Vec::new();
        normals[..i].iter().for_each(|other| add_line(&mut lines, normal.cross(other).normalize()));
        chambers += 2 * lines.len();
    }
    chambers
}
