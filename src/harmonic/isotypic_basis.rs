//! Orthonormal isotypic bases of any permutation representation, as one dense orthogonal matrix.
//!
//! Orbit by orbit and piece by piece: the columns of the projector `P_L` at well spread points span the component
//! (Cholesky with pivots); a random symmetric element of the commutant, restricted to it, splits it into copies; each
//! copy gets the basis that Gram-Schmidt makes of the projections of points, the base point first. So the first vector
//! of the first copy is the zonal one, positive at its pivot. A random equivariant map from the first copy to another
//! is a multiple of an orthogonal matrix, and carrying the basis along it makes both copies transform alike.
//!
//! Floats only find the basis; it is accepted only if it is orthonormal and every generator acts on it in equal blocks,
//! up to [`RESIDUAL`]. The random elements are seeded, so the basis is the same each time.

use super::transform::Transform;
use crate::action::{GSet, Suborbits};
use crate::error::{Error, Result};
use crate::representation::SimplePiece;
use crate::representation::decomposition::GeneralDecomposition;
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::ops::Range;

/// The largest set for which a dense basis is built.
pub const LARGEST_BASIS: usize = 2048;
/// How far from orthonormal and from equivariant a basis may be.
pub const RESIDUAL: f64 = 1e-8;

/// An orthonormal basis of `Fun(X)` in which every group element is block diagonal, with equal blocks for the copies of
/// a piece. Transforming takes O(|X|^2).
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
/// use isotypic::harmonic::{IsotypicBasis, Transform};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("S3")?);
/// let set = GSet::points(&group);
/// let Decomposition::General(general) = Decomposition::new(&set)? else { unreachable!() };
/// let basis = IsotypicBasis::new(&set, &general)?;
/// let zonal = basis.inverse(&[0.0, 1.0, 0.0]);
/// let expected = [2.0, -1.0, -1.0].map(|x| x / 6f64.sqrt());
/// assert!(zonal.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IsotypicBasis {
    pieces: Vec<SimplePiece>,
    starts: Vec<usize>,
    /// One column for each basis vector.
    matrix: DMatrix<f64>,
    /// The orbit that carries each copy, in the order of the coefficients.
    orbit_of_copy: Vec<usize>,
}

/// One copy of a piece: its vectors on the points of one orbit.
struct Copy {
    base: usize,
    vectors: DMatrix<f64>,
}

impl IsotypicBasis {
    /// Builds the basis. O(|X|^3) at worst.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than [`LARGEST_BASIS`] points; [`Error::Inconsistent`] where the residuals do not
    /// pass.
    pub fn new(set: &GSet, general: &GeneralDecomposition) -> Result<Self> {
        let size = set.size();
        if size > LARGEST_BASIS {
            return Err(Error::too_large(
                format!("the isotypic basis of {} of {}", set.name(), set.group().name()),
                format!("{size} points"),
                format!("{LARGEST_BASIS} points"),
                "choose a smaller set, or ask for energies only",
            ));
        }
        let suborbits = general.suborbits();
        let members: Vec<Vec<usize>> =
            (0..suborbits.bases().len()).map(|orbit| suborbits.orbits().members(orbit)).collect();
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut draw =
            || -> Vec<f64> { (0..suborbits.rank()).map(|_| StandardNormal.sample(&mut random)).collect() };
        let (splitter, linker) = (draw(), draw());
        let mut basis = IsotypicBasis {
            pieces: general.pieces().to_vec(),
            starts: vec![0],
            matrix: DMatrix::zeros(size, size),
            orbit_of_copy: Vec::new(),
        };
        let mut column = 0;
        for (index, piece) in general.pieces().iter().enumerate() {
            let mut copies: Vec<Copy> = Vec::new();
            for (base, points) in members.iter().enumerate() {
                let vectors = component(suborbits, general.projector(index), points, base, piece.dim);
                for vectors in split(suborbits, &splitter, points, vectors, piece.dim)? {
                    copies.push(Copy { base, vectors: canonical(&vectors) });
                }
            }
            if copies.len() != piece.multiplicity {
                return Err(Error::inconsistent(
                    format!("the isotypic basis of piece {}", piece.label),
                    format!("{} copies found where there are {}", copies.len(), piece.multiplicity),
                ));
            }
            for number in 0..copies.len() {
                let (first, rest) = copies.split_at_mut(number.min(1));
                let copy = &mut rest[number - number.min(1)];
                if let Some(first) = first.first() {
                    align(suborbits, &linker, &members, first, copy);
                }
                basis.orbit_of_copy.push(copy.base);
                for vector in copy.vectors.column_iter() {
                    for (&x, &value) in members[copy.base].iter().zip(vector.iter()) {
                        basis.matrix[(x, column)] = value;
                    }
                    column += 1;
                }
            }
            basis.starts.push(column);
        }
        basis.check(set)?;
        Ok(basis)
    }

    /// The basis vectors as columns, in the order of the coefficients.
    pub fn matrix(&self) -> &DMatrix<f64> {
        &self.matrix
    }

    /// The orbit on whose points a copy of a piece lives.
    pub fn orbit_of_copy(&self, piece: usize, copy: usize) -> usize {
        let before: usize = self.pieces[..piece].iter().map(|piece| piece.multiplicity).sum();
        self.orbit_of_copy[before + copy]
    }

    /// Orthonormal, invariant, and equal blocks on all copies; or an error.
    fn check(&self, set: &GSet) -> Result<()> {
        let q = &self.matrix;
        let size = q.nrows();
        let mut worst = (q.transpose() * q - DMatrix::identity(size, size)).amax();
        for generator in set.generators() {
            let mut moved = DMatrix::zeros(size, size);
            for x in 0..size {
                moved.row_mut(generator.apply(x)).copy_from(&q.row(x));
            }
            for (index, piece) in self.pieces.iter().enumerate() {
                let block = |copy: usize| self.starts[index] + copy * piece.dim;
                let own = |copy: usize| q.columns(block(copy), piece.dim);
                let first = own(0).transpose() * moved.columns(block(0), piece.dim);
                for copy in 0..piece.multiplicity {
                    let image = moved.columns(block(copy), piece.dim);
                    worst = worst.max((own(copy) * &first - image).amax());
                }
            }
        }
        if worst <= RESIDUAL {
            return Ok(());
        }
        Err(Error::inconsistent(
            format!("the isotypic basis of {} of {}", set.name(), set.group().name()),
            format!("a generator does not act in equal blocks; the residual is {worst:e}"),
        ))
    }
}

/// An orthonormal basis of the part of a component on one orbit, by Cholesky with pivots of its projector.
fn component(
    suborbits: &Suborbits,
    projector: &[f64],
    points: &[usize],
    base: usize,
    dim: usize,
) -> DMatrix<f64> {
    let own = projector[suborbits.orbital(suborbits.bases()[base].point, suborbits.bases()[base].point)];
    let rank = (own * points.len() as f64 / dim as f64).round() as usize * dim;
    let mut vectors = DMatrix::zeros(points.len(), rank);
    let mut left = vec![own; points.len()];
    for step in 0..rank {
        let pivot = first_largest(&left);
        let row = suborbits.row(points[pivot]);
        let mut column =
            DVector::from_iterator(points.len(), points.iter().map(|&y| projector[row[y] as usize]));
        for earlier in 0..step {
            let factor: f64 = vectors[(pivot, earlier)];
            column.axpy(-factor, &vectors.column(earlier), 1.0);
        }
        column /= left[pivot].sqrt();
        for (left, value) in left.iter_mut().zip(column.iter()) {
            *left -= value * value;
        }
        left[pivot] = 0.0;
        vectors.set_column(step, &column);
    }
    // One Newton step towards the nearest orthonormal matrix removes what rounding has built up.
    let correction = DMatrix::identity(rank, rank) * 1.5 - vectors.transpose() * &vectors * 0.5;
    vectors * correction
}

/// The first entry that is as large as any, up to rounding.
fn first_largest(values: &[f64]) -> usize {
    let largest = values.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
    values.iter().position(|&value| value >= largest - 1e-7 * largest.abs()).unwrap_or(0)
}

/// Splits a component on one orbit into copies, the eigenspaces of a random symmetric element of the commutant.
fn split(
    suborbits: &Suborbits,
    element: &[f64],
    points: &[usize],
    vectors: DMatrix<f64>,
    dim: usize,
) -> Result<Vec<DMatrix<f64>>> {
    if vectors.ncols() <= dim {
        return Ok(if vectors.ncols() == 0 { Vec::new() } else { vec![vectors] });
    }
    let restricted = vectors.transpose() * apply(suborbits, element, points, points, &vectors);
    let eigen = SymmetricEigen::new((&restricted + restricted.transpose()) * 0.5);
    let mut order: Vec<usize> = (0..vectors.ncols()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let scale = eigen.eigenvalues.amax();
    let groups: Vec<&[usize]> = order.chunks(dim).collect();
    let value = |column: usize| eigen.eigenvalues[column];
    let tight = groups.iter().all(|group| value(group[0]) - value(group[dim - 1]) < 1e-9 * scale);
    let apart = groups.windows(2).all(|pair| value(pair[0][dim - 1]) - value(pair[1][0]) > 1e-9 * scale);
    if !tight || !apart {
        return Err(Error::inconsistent(
            "splitting an isotypic component into copies",
            "a random element of the commutant has eigenvalues that do not come in separate groups",
        ));
    }
    Ok(groups.iter().map(|group| &vectors * eigen.eigenvectors.select_columns(group.iter())).collect())
}

/// Applies an algebra element, given by orbital, to vectors on one orbit; the result is on another.
fn apply(
    suborbits: &Suborbits,
    element: &[f64],
    to: &[usize],
    from: &[usize],
    vectors: &DMatrix<f64>,
) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(to.len(), from.len());
    for (row, &x) in to.iter().enumerate() {
        let orbitals = suborbits.row(x);
        for (column, &y) in from.iter().enumerate() {
            matrix[(row, column)] = element[orbitals[y] as usize];
        }
    }
    matrix * vectors
}

/// The basis of the span that Gram-Schmidt makes of the projections of points, largest projection first.
fn canonical(vectors: &DMatrix<f64>) -> DMatrix<f64> {
    let dim = vectors.ncols();
    let mut turn = DMatrix::zeros(dim, dim);
    let mut left = vectors.transpose();
    for step in 0..dim {
        let norms: Vec<f64> = left.column_iter().map(|column| column.norm_squared()).collect();
        let pivot = first_largest(&norms);
        let mut direction: DVector<f64> = left.column(pivot).into_owned();
        for earlier in 0..step {
            let overlap = turn.column(earlier).dot(&direction);
            direction.axpy(-overlap, &turn.column(earlier), 1.0);
        }
        direction.normalize_mut();
        let overlaps = direction.transpose() * &left;
        left -= &direction * overlaps;
        turn.set_column(step, &direction);
    }
    vectors * turn
}

/// Replaces the basis of `copy` by the image of the basis of `first` under a random equivariant map, with the sign that
/// makes the first large entry positive.
fn align(suborbits: &Suborbits, element: &[f64], members: &[Vec<usize>], first: &Copy, copy: &mut Copy) {
    let image = apply(suborbits, element, &members[copy.base], &members[first.base], &first.vectors);
    let map = copy.vectors.transpose() * image;
    let scale = (map.ncols() as f64).sqrt() / map.norm();
    copy.vectors = &copy.vectors * map * scale;
    let lead = copy.vectors.column(0);
    let sizes: Vec<f64> = lead.iter().map(|value| value.abs()).collect();
    if lead[first_largest(&sizes)] < 0.0 {
        copy.vectors.neg_mut();
    }
}

impl Transform for IsotypicBasis {
    fn size(&self) -> usize {
        self.matrix.nrows()
    }

    fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    fn range(&self, piece: usize) -> Range<usize> {
        self.starts[piece]..self.starts[piece + 1]
    }

    fn forward(&self, f: &[f64]) -> Vec<f64> {
        assert_eq!(f.len(), self.size(), "length of a function on the set");
        self.matrix.tr_mul(&DVector::from_column_slice(f)).as_slice().to_vec()
    }

    fn inverse(&self, coefficients: &[f64]) -> Vec<f64> {
        assert_eq!(coefficients.len(), self.size(), "number of coefficients");
        (&self.matrix * DVector::from_column_slice(coefficients)).as_slice().to_vec()
    }
}
