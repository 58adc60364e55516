//! An explicit copy of a simple piece: floating-point coordinates, for pictures and samples, not for decisions.
//!
//! For a copy of `L` inside `Fun(X)` with an orthonormal basis, let `a_x` be the coordinates of the projection of `e_x`. The
//! embedding sends `v` to the function `x -> <a_x, v>`, the projection sends `f` to `sum_x f(x) a_x`.

use super::abelian::AbelianDecomposition;
use super::decomposition::{Decomposition, GeneralDecomposition};
use crate::action::GSet;
use crate::error::{Error, Result};
use nalgebra::{DMatrix, SymmetricEigen};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// The largest set times isotypic dimension for which coordinates are computed.
pub const LARGEST_COPY: usize = 1 << 24;

/// A copy of a simple piece in coordinates: `vectors[x]` is `a_x`, of length `dim`.
#[derive(Clone, Debug)]
pub struct SimpleCopy {
    /// The vectors `a_x`.
    pub vectors: Vec<Vec<f64>>,
}

impl SimpleCopy {
    /// A copy of a piece; `seed` chooses among the copies where there are several. In the abelian case a copy is spanned by
    /// a cosine and a sine, cut into orbits with random weights and phases.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the isotypic component is too large for dense linear algebra.
    pub fn new(set: &GSet, decomposition: &Decomposition, piece: usize, seed: u64) -> Result<Self> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        match decomposition {
            Decomposition::Abelian(abelian) => Ok(abelian_copy(set, abelian, piece, &mut random)),
            Decomposition::General(general) => general_copy(set, general, piece, &mut random),
        }
    }

    /// The dimension.
    pub fn dim(&self) -> usize {
        self.vectors.first().map_or(0, Vec::len)
    }

    /// The function `x -> <a_x, v>`.
    pub fn embed(&self, v: &[f64]) -> Vec<f64> {
        self.vectors.iter().map(|a| a.iter().zip(v).map(|(a, v)| a * v).sum()).collect()
    }

    /// The vector `sum_x f(x) a_x`.
    pub fn project(&self, f: &[f64]) -> Vec<f64> {
        let mut v = vec![0.0; self.dim()];
        for (a, &value) in self.vectors.iter().zip(f) {
            v.iter_mut().zip(a).for_each(|(v, &a)| *v += value * a);
        }
        v
    }
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

fn abelian_copy(
    set: &GSet,
    abelian: &AbelianDecomposition,
    piece: usize,
    random: &mut ChaCha8Rng,
) -> SimpleCopy {
    let dim = abelian.pieces()[piece].dim;
    let exponent = abelian.exponent() as u128;
    let present: Vec<usize> =
        (0..abelian.orbits().len()).filter(|&orbit| abelian.occurs(piece, orbit)).collect();
    let mut vectors = vec![vec![0.0; dim]; set.size()];
    let mut energy = 0.0;
    for &orbit in &present {
        let points = &abelian.orbits()[orbit].points;
        let (weight, phase) = if present.len() == 1 {
            (1.0, 0.0)
        } else {
            (normal(random), if dim == 1 { 0.0 } else { std::f64::consts::TAU * normal(random) })
        };
        energy += weight * weight * points.len() as f64;
        for (place, &point) in points.iter().enumerate() {
            let turns = abelian
                .character(piece)
                .iter()
                .zip(abelian.orbits()[orbit].coordinates(place))
                .fold(0u128, |sum, (&t, e)| (sum + t as u128 * e as u128) % exponent);
            let angle = std::f64::consts::TAU * turns as f64 / exponent as f64 + phase;
            let vector = &mut vectors[point as usize];
            vector[0] = weight * angle.cos();
            if dim == 2 {
                vector[1] = weight * angle.sin();
            }
        }
    }
    let scale = (dim as f64 / energy).sqrt();
    vectors.iter_mut().flatten().for_each(|value| *value *= scale);
    SimpleCopy { vectors }
}

/// An orthonormal basis of the isotypic component, split by a random symmetric element of the commutant algebra.
fn general_copy(
    set: &GSet,
    general: &GeneralDecomposition,
    piece: usize,
    random: &mut ChaCha8Rng,
) -> Result<SimpleCopy> {
    let simple = &general.pieces()[piece];
    let (n, whole) = (set.size(), simple.dim * simple.multiplicity);
    if n.saturating_mul(whole) > LARGEST_COPY {
        return Err(Error::too_large(
            format!("coordinates of the piece {} of {}", simple.label, set.name()),
            format!("{n} x {whole} entries"),
            format!("{LARGEST_COPY} entries"),
            "choose a smaller set or piece",
        ));
    }
    let suborbits = general.suborbits();
    let projector = general.projector(piece);
    // The component applied to random functions: `whole` of them span it.
    let mut columns = DMatrix::from_fn(n, whole, |_, _| normal(random));
    let mut image = DMatrix::zeros(n, whole);
    let mut weights: Vec<f64> = (0..suborbits.rank()).map(|_| normal(random)).collect();
    for (k, &pair) in suborbits.paired().iter().enumerate() {
        weights[pair] = weights[k];
    }
    for x in 0..n {
        for (y, &orbital) in suborbits.row(x).iter().enumerate() {
            let entry = projector[orbital as usize];
            for column in 0..whole {
                image[(x, column)] += entry * columns[(y, column)];
            }
        }
    }
    columns = image.qr().q();
    let mut mixed = DMatrix::zeros(n, whole);
    if simple.multiplicity > 1 {
        for x in 0..n {
            for (y, &orbital) in suborbits.row(x).iter().enumerate() {
                for column in 0..whole {
                    mixed[(x, column)] += weights[orbital as usize] * columns[(y, column)];
                }
            }
        }
        let inside = columns.transpose() * mixed;
        let inside = (&inside + inside.transpose()) * 0.5;
        let eigen = SymmetricEigen::new(inside);
        let mut order: Vec<usize> = (0..whole).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[a].total_cmp(&eigen.eigenvalues[b]));
        let chosen: Vec<usize> = order[..simple.dim].to_vec();
        columns *= eigen.eigenvectors.select_columns(&chosen);
    }
    Ok(SimpleCopy { vectors: columns.row_iter().map(|row| row.iter().copied().collect()).collect() })
}
