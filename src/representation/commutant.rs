//! Decomposition through the commutant algebra, for any finite group and set.
//!
//! The matrices that commute with `G` on `Fun(X)` form a *-algebra with one basis element per orbital; its dimension is
//! the rank `r`. For a base point `x_j` with stabiliser `H_j` the algebra acts on `Fun(X)^{H_j}`, the functions that are
//! constant on suborbits, in the orthonormal basis `1_K / sqrt |K|`. A generic symmetric element `a` of the algebra has
//! one eigenvalue for every copy of every simple piece `L`, and the eigenspace inside `Fun(X)^{H_j}` has dimension
//! `dim L^{H_j}`. So eigen-decompositions of size `r` give everything:
//!
//! * the spectral idempotent `E` of an eigenvalue, as a function on orbitals: `E(x_j, y) = (E delta_{x_j})(y)`;
//! * `dim L = trace E = sum_j |X_j| E(x_j, x_j)`, an integer;
//! * two eigenvalues belong to one `L` iff `E b E' != 0` for a second generic `b`;
//! * `dim End(L)` from the dimension of its eigenspaces, `dim End(L) * multiplicity^2` over all copies and base points.
//!
//! Floats only *find* the pieces. They are accepted iff all dimensions are integers, and the integers satisfy
//! `sum m d = |X|`, `sum m^2 dim End = rank` and `sum_R m - 2 sum_H m = #self-paired orbitals`. Otherwise another random
//! element is tried, and in the end an error given. The proof follows in [`exact`](super::exact).

use super::piece::RealType;
use crate::action::intersection::IntersectionNumber;
use crate::action::{GSet, IntersectionNumbers, Suborbits};
use crate::error::{Error, Result};
use nalgebra::{DMatrix, SymmetricEigen};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Eigenvalues closer than this, relative to the largest, belong together. Distinct generic eigenvalues are about
/// `1 / r^2` apart, equal ones about `1e-14`.
const SAME_EIGENVALUE: f64 = 1e-10;
/// Blocks `E b E'` smaller than this, relative to `b`, are zero; generic ones are of order `1 / r`.
const ZERO_BLOCK: f64 = 1e-8;
/// How far from an integer a number may be that must be one.
pub(super) const NEARLY_INTEGER: f64 = 1e-6;
/// How many random elements are tried.
const ATTEMPTS: u64 = 8;
/// The largest rank of one base point for which dense linear algebra is started.
pub const LARGEST_RANK: usize = 4000;

/// The most memory that the intersection numbers may take, in bytes.
pub const LARGEST_MEMORY: usize = 8 << 30;

/// An isotypic component, as found in the algebra.
#[derive(Clone, Debug)]
pub struct Component {
    /// The dimension of the simple representation.
    pub dim: usize,
    /// Its multiplicity.
    pub multiplicity: usize,
    /// Its type.
    pub real_type: RealType,
    /// The projector onto the component, by orbital: `P(x, y) = projector[orbital of (x, y)]`.
    pub projector: Vec<f64>,
}

/// Refuses sets whose commutant algebra is too large for dense linear algebra.
///
/// # Errors
/// [`Error::TooLarge`] where the rank at one base point exceeds [`LARGEST_RANK`] or its intersection numbers
/// [`LARGEST_MEMORY`].
pub fn require_moderate_rank(set: &GSet, suborbits: &Suborbits) -> Result<()> {
    let what = || format!("the commutant algebra of {} of {}", set.name(), set.group().name());
    let mend = "choose a set on which fewer orbitals exist, such as points or cosets of a larger subgroup";
    let rank = suborbits.rank();
    let (mut largest, mut numbers) = (0, 0usize);
    for base in suborbits.bases() {
        let r = base.suborbits.count();
        largest = largest.max(r);
        numbers = numbers.saturating_add(r.saturating_mul(set.size().min(r.saturating_mul(rank))));
    }
    if largest > LARGEST_RANK {
        return Err(Error::too_large(
            what(),
            format!("rank {largest}"),
            format!("rank {LARGEST_RANK}"),
            mend,
        ));
    }
    let bytes = numbers.saturating_mul(std::mem::size_of::<IntersectionNumber>());
    if bytes > LARGEST_MEMORY {
        return Err(Error::too_large(
            what(),
            format!("up to {} GiB of intersection numbers", bytes >> 30),
            format!("{} GiB", LARGEST_MEMORY >> 30),
            mend,
        ));
    }
    Ok(())
}

/// The isotypic components of `Fun(X)`, in no particular order. O(|X| r + r^3).
///
/// # Errors
/// [`Error::Inconsistent`] where the integer identities cannot be met.
pub fn components(
    set: &GSet,
    suborbits: &Suborbits,
    numbers: &IntersectionNumbers,
) -> Result<Vec<Component>> {
    let mut last = String::new();
    for attempt in 0..ATTEMPTS {
        match attempt_with_seed(suborbits, numbers, attempt) {
            Ok(components) => return Ok(components),
            Err(problem) => last = problem,
        }
    }
    Err(Error::inconsistent(format!("decomposition of {} of {}", set.name(), set.group().name()), last))
}

/// A random symmetric element of the algebra, by orbital, scaled so that every orbital weighs alike.
fn random_symmetric(suborbits: &Suborbits, random: &mut ChaCha8Rng) -> Vec<f64> {
    let mut element: Vec<f64> = (0..suborbits.rank()).map(|_| StandardNormal.sample(random)).collect();
    for base in suborbits.bases() {
        for (k, &size) in base.suborbits.sizes().iter().enumerate() {
            let orbital = base.first_orbital + k;
            let pair = suborbits.paired()[orbital];
            if pair >= orbital {
                let value = element[orbital] / (size as f64).sqrt();
                element[orbital] = value;
                element[pair] = value;
            }
        }
    }
    element
}

/// The matrices of algebra elements on `Fun(X)^{H_j}`, in the basis of normalised suborbit indicators.
fn collapsed(
    suborbits: &Suborbits,
    numbers: &IntersectionNumbers,
    base: usize,
    elements: &[&[f64]],
) -> Vec<DMatrix<f64>> {
    let split = &suborbits.bases()[base].suborbits;
    let first = suborbits.bases()[base].first_orbital;
    let r = split.count();
    let mut matrices = vec![DMatrix::zeros(r, r); elements.len()];
    for number in numbers.of_base(base) {
        let (row, column) = (number.row as usize - first, number.column as usize - first);
        for (matrix, element) in matrices.iter_mut().zip(elements) {
            matrix[(row, column)] += number.count as f64 * element[number.across as usize];
        }
    }
    for matrix in &mut matrices {
        for row in 0..r {
            for column in 0..r {
                let ratio = split.sizes()[column] as f64 / split.sizes()[row] as f64;
                matrix[(row, column)] *= ratio.sqrt();
            }
        }
        *matrix = (&*matrix + matrix.transpose()) * 0.5;
    }
    matrices
}

/// The eigenvectors of one eigenvalue: for each base point, which columns of its eigenbasis.
struct Cluster {
    columns: Vec<Vec<usize>>,
}

fn attempt_with_seed(
    suborbits: &Suborbits,
    numbers: &IntersectionNumbers,
    seed: u64,
) -> std::result::Result<Vec<Component>, String> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let first = random_symmetric(suborbits, &mut random);
    let second = random_symmetric(suborbits, &mut random);
    let bases = suborbits.bases().len();
    let mut eigen: Vec<SymmetricEigen<f64, nalgebra::Dyn>> = Vec::with_capacity(bases);
    let mut mixed: Vec<DMatrix<f64>> = Vec::with_capacity(bases);
    for base in 0..bases {
        let mut matrices = collapsed(suborbits, numbers, base, &[&first, &second]);
        let b = matrices.pop().expect("two matrices");
        let a = matrices.pop().expect("two matrices");
        let decomposition = SymmetricEigen::new(a);
        mixed.push(decomposition.eigenvectors.transpose() * b * &decomposition.eigenvectors);
        eigen.push(decomposition);
    }
    let clusters = cluster(&eigen);
    let groups = group_by_isomorphism(&clusters, &mixed);
    let mut components = Vec::with_capacity(groups.len());
    for members in groups {
        components.push(assemble(suborbits, &eigen, &clusters, &members)?);
    }
    check_identities(suborbits, &components)?;
    Ok(components)
}

/// Eigenvalues of all base points together, cut at gaps.
fn cluster(eigen: &[SymmetricEigen<f64, nalgebra::Dyn>]) -> Vec<Cluster> {
    let mut values: Vec<(f64, usize, usize)> = Vec::new();
    for (base, decomposition) in eigen.iter().enumerate() {
        values.extend(
            decomposition.eigenvalues.iter().enumerate().map(|(column, &value)| (value, base, column)),
        );
    }
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let scale = values.iter().fold(1e-300f64, |scale, value| scale.max(value.0.abs()));
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut previous = f64::NEG_INFINITY;
    for (value, base, column) in values {
        if value - previous > SAME_EIGENVALUE * scale || clusters.is_empty() {
            clusters.push(Cluster { columns: vec![Vec::new(); eigen.len()] });
        }
        let last = clusters.len() - 1;
        clusters[last].columns[base].push(column);
        previous = value;
    }
    clusters
}

/// Which clusters are copies of one simple piece: those that a generic second element connects.
fn group_by_isomorphism(clusters: &[Cluster], mixed: &[DMatrix<f64>]) -> Vec<Vec<usize>> {
    let scale = mixed.iter().fold(0f64, |scale, matrix| scale.max(matrix.amax()));
    let connected = |a: &Cluster, b: &Cluster| {
        mixed.iter().enumerate().any(|(base, matrix)| {
            a.columns[base]
                .iter()
                .any(|&i| b.columns[base].iter().any(|&j| matrix[(i, j)].abs() > ZERO_BLOCK * scale))
        })
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, cluster) in clusters.iter().enumerate() {
        match groups.iter_mut().find(|group| connected(&clusters[group[0]], cluster)) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// The integers and the projector of one component.
fn assemble(
    suborbits: &Suborbits,
    eigen: &[SymmetricEigen<f64, nalgebra::Dyn>],
    clusters: &[Cluster],
    members: &[usize],
) -> std::result::Result<Component, String> {
    let mut projector = vec![0.0; suborbits.rank()];
    let mut dim = None;
    let mut spaces = 0;
    for &member in members {
        let mut trace = 0.0;
        for (base, (point, decomposition)) in suborbits.bases().iter().zip(eigen).enumerate() {
            let split = &point.suborbits;
            let own = split.of(point.point);
            for &column in &clusters[member].columns[base] {
                let vector = decomposition.eigenvectors.column(column);
                spaces += 1;
                trace += point.orbit_size as f64 * vector[own] * vector[own];
                for k in 0..split.count() {
                    projector[point.first_orbital + k] +=
                        vector[own] * vector[k] / (split.sizes()[k] as f64).sqrt();
                }
            }
        }
        let rounded = trace.round();
        if (trace - rounded).abs() > NEARLY_INTEGER * trace.max(1.0) || rounded < 1.0 {
            return Err(format!("a piece has dimension {trace}, which is no positive integer"));
        }
        if *dim.get_or_insert(rounded as usize) != rounded as usize {
            return Err("copies of one piece differ in dimension".into());
        }
    }
    let multiplicity = members.len();
    let square = multiplicity * multiplicity;
    let real_type = (spaces % square == 0)
        .then(|| RealType::of_endomorphism_dim(spaces / square))
        .flatten()
        .ok_or_else(|| format!("{spaces} dimensions for {multiplicity} copies fit no type"))?;
    Ok(Component { dim: dim.unwrap_or(0), multiplicity, real_type, projector })
}

fn check_identities(suborbits: &Suborbits, components: &[Component]) -> std::result::Result<(), String> {
    let dims: usize = components.iter().map(|c| c.multiplicity * c.dim).sum();
    let rank: usize =
        components.iter().map(|c| c.multiplicity * c.multiplicity * c.real_type.endomorphism_dim()).sum();
    let signed: i64 = components
        .iter()
        .map(|c| match c.real_type {
            RealType::Real => c.multiplicity as i64,
            RealType::Complex => 0,
            RealType::Quaternionic => -2 * c.multiplicity as i64,
        })
        .sum();
    let expect = |name: &str, found: i64, wanted: usize| {
        if found == wanted as i64 {
            Ok(())
        } else {
            Err(format!("{name} is {found} where {wanted} is needed"))
        }
    };
    expect("the sum of multiplicity times dimension", dims as i64, suborbits.size())?;
    expect("the dimension of the commutant", rank as i64, suborbits.rank())?;
    expect("the Frobenius-Schur sum", signed, suborbits.self_paired())
}
