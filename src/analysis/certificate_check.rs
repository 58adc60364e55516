//! The checker of graph certificates: own code, from the permutations up.
//!
//! It shares with the search only the format of the file. All pairs of points are joined into orbitals by union-find; the
//! central element and its spectral projectors are computed modulo the prime by plain sums over points; dimensions,
//! multiplicities, types and the copies on blocks are traces of idempotents, integers that are smaller than the prime and
//! therefore exact. O(pieces |X|^2 + rank |X|) multiplications and 4 |X|^2 bytes.

use super::certificate::{CertifiedBlock, GraphCertificate, LARGEST_SET, LARGEST_WORK};
use crate::error::{Error, Result};

/// Beyond so many unknowns the centre of the algebra is not computed.
const LARGEST_CENTRE: usize = 400;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// Numbers, or what is wrong.
    pub detail: String,
}

/// Checks a certificate; the graph is proved iff every check is `ok`. Checks that cannot be made after an earlier one
/// failed are left out.
///
/// # Errors
/// [`Error::TooLarge`] where the check would need too much memory or time.
///
/// ```
/// use isotypic::analysis::{GraphCertificate, InteractionGraph, PointwiseFunction, certificate_check::check};
/// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
/// use std::sync::Arc;
/// let set = GSet::subsets(&Arc::new(PermutationGroup::parse("S4")?), 2)?;
/// let decomposition = Decomposition::new(&set)?;
/// let relu = PointwiseFunction::Relu;
/// let graph = InteractionGraph::of_decomposition(&decomposition, relu, false)?;
/// let mut certificate = GraphCertificate::new(&set, &decomposition, &graph, relu, false)?;
/// assert!(check(&certificate)?.iter().all(|check| check.ok));
/// certificate.edges.pop();
/// assert!(!check(&certificate)?.iter().all(|check| check.ok));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn check(certificate: &GraphCertificate) -> Result<Vec<Check>> {
    let n = certificate.points;
    let work = certificate.pieces.len().saturating_mul(n).saturating_mul(n);
    if n > LARGEST_SET || work > LARGEST_WORK {
        return Err(Error::too_large(
            "the check of the certificate",
            format!("{n} points and {work} steps"),
            format!("{LARGEST_SET} points and {LARGEST_WORK} steps"),
            "certify a smaller set",
        ));
    }
    let mut checks = Vec::new();
    let failed = run(certificate, &mut checks).err();
    if let Some((name, detail)) = failed {
        checks.push(Check { name, ok: false, detail });
    }
    Ok(checks)
}

/// The name of a failed check and what is wrong.
type Failure = (&'static str, String);

fn run(certificate: &GraphCertificate, checks: &mut Vec<Check>) -> std::result::Result<(), Failure> {
    let mut passed = |name: &'static str, detail: String| checks.push(Check { name, ok: true, detail });
    passed(ACTIVATION, check_activation(certificate)?);
    let pairs = Pairs::new(certificate)?;
    passed(
        "the generators are permutations",
        format!("number of orbits {}, rank {}", pairs.bases.len(), pairs.representatives.len()),
    );
    let field = Field::new(certificate)?;
    passed("the prime is a prime and large enough", field.prime.to_string());
    let projectors = projectors(certificate, &pairs, field)?;
    passed(
        "the central element splits Fun(X) as stated",
        format!("{} orthogonal projectors that add up to the identity", projectors.len()),
    );
    check_traces(certificate, &pairs, field, &projectors)?;
    passed("dimensions, multiplicities and types", "three traces of each projector".into());
    if certificate.simple {
        let detail = check_simple(certificate, &pairs, field)?;
        passed("no piece splits further", detail);
    } else {
        passed("no piece splits further", "not claimed".into());
    }
    let blocks = check_blocks(certificate, &pairs, field, &projectors)?;
    passed("the blocks of the sources", format!("{blocks} blocks"));
    check_edges(certificate, &pairs, field, &projectors)?;
    passed(
        "edges and non-edges",
        format!("{} edges, {} non-edges", certificate.edges.len(), certificate.non_edges.len()),
    );
    Ok(())
}

const ACTIVATION: &str = "the parts of the activation";

/// That the parts which act are those of the named activation, after a bias if there is one.
fn check_activation(certificate: &GraphCertificate) -> std::result::Result<String, Failure> {
    let name = certificate.activation.as_str();
    let slope = name.strip_prefix("leaky:").and_then(|slope| slope.parse::<f64>().ok());
    let (linear, even, odd) = match (name, slope) {
        ("relu" | "min0" | "softplus" | "silu" | "gelu" | "root", _) => (true, true, false),
        ("abs", _) => (false, true, false),
        ("tanh", _) => (false, false, true),
        (_, Some(slope)) if slope.is_finite() => (slope != -1.0, slope != 1.0, false),
        _ => return Err((ACTIVATION, format!("'{name}' is no activation"))),
    };
    let mixed = certificate.bias && (even || odd);
    let parts = certificate.parts;
    if (parts.linear, parts.even, parts.odd, parts.mixed) != (linear, even && !mixed, odd && !mixed, mixed) {
        return Err((ACTIVATION, format!("those listed are not the parts of {name}")));
    }
    Ok(format!("{name}{}", if certificate.bias { " after a generic invariant bias" } else { ", no bias" }))
}

/// Arithmetic modulo the prime.
#[derive(Clone, Copy)]
struct Field {
    prime: u64,
}

impl Field {
    fn new(certificate: &GraphCertificate) -> std::result::Result<Self, Failure> {
        const NAME: &str = "the prime is a prime and large enough";
        let prime = certificate.prime;
        if prime >> 32 == 0 || prime >> 60 != 0 || prime.is_multiple_of(2) || !Field::is_prime(prime) {
            return Err((NAME, format!("{prime} is no prime between 2^32 and 2^60")));
        }
        let field = Field { prime };
        if certificate.pieces.iter().any(|piece| piece.eigenvalue >= prime) {
            return Err((NAME, "an eigenvalue is not reduced".into()));
        }
        Ok(field)
    }

    /// The test of Miller and Rabin with the first twelve primes, which is exact below `2^64`.
    fn is_prime(n: u64) -> bool {
        let field = Field { prime: n };
        let twos = (n - 1).trailing_zeros();
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].into_iter().all(|base| {
            let mut power = field.power(base, (n - 1) >> twos);
            let mut seen = power == 1 || power == n - 1;
            for _ in 1..twos {
                power = field.times(power, power);
                seen |= power == n - 1;
            }
            seen
        })
    }

    fn times(self, a: u64, b: u64) -> u64 {
        (u128::from(a) * u128::from(b) % u128::from(self.prime)) as u64
    }

    fn plus(self, a: u64, b: u64) -> u64 {
        (a + b) % self.prime
    }

    fn minus(self, a: u64, b: u64) -> u64 {
        (a + self.prime - b) % self.prime
    }

    fn power(self, a: u64, exponent: u64) -> u64 {
        (0..64).rev().fold(1, |result, bit| {
            let square = self.times(result, result);
            if exponent >> bit & 1 == 1 { self.times(square, a) } else { square }
        })
    }

    fn inverse(self, a: u64) -> u64 {
        self.power(a, self.prime - 2)
    }

    /// The integer between `-bound` and `bound` that a residue stands for.
    fn integer(self, a: u64, bound: u64) -> Option<i64> {
        if a <= bound {
            return i64::try_from(a).ok();
        }
        if self.prime - a <= bound { i64::try_from(self.prime - a).ok().map(|value| -value) } else { None }
    }
}

/// All pairs of points with their orbitals.
struct Pairs {
    n: usize,
    generators: Vec<Vec<usize>>,
    /// The orbital of `(x, y)` at `x * n + y`.
    label: Vec<u32>,
    /// The smallest point of each orbit, and the orbit of each point.
    bases: Vec<usize>,
    orbit: Vec<usize>,
    orbit_sizes: Vec<usize>,
    /// For each orbital a pair `(x_j, y)` that starts in a base point.
    representatives: Vec<(usize, usize)>,
    /// The number of pairs in each orbital.
    sizes: Vec<u64>,
}

fn root(parent: &mut [u32], mut x: usize) -> usize {
    while parent[x] as usize != x {
        parent[x] = parent[parent[x] as usize];
        x = parent[x] as usize;
    }
    x
}

/// The parts of the finest partition with `x` and `image(x)` together, as the smallest member of the part of each `x`.
fn joined(count: usize, images: impl Iterator<Item = (usize, usize)>) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..count as u32).collect();
    for (x, image) in images {
        let (a, b) = (root(&mut parent, x), root(&mut parent, image));
        parent[a.max(b)] = a.min(b) as u32;
    }
    (0..count).map(|x| root(&mut parent, x) as u32).collect()
}

impl Pairs {
    fn new(certificate: &GraphCertificate) -> std::result::Result<Self, Failure> {
        const NAME: &str = "the generators are permutations";
        let n = certificate.points;
        let mut generators = Vec::new();
        for (index, images) in certificate.generators.iter().enumerate() {
            let mut hit = vec![false; n];
            images.iter().for_each(|&x| hit.get_mut(x as usize).into_iter().for_each(|hit| *hit = true));
            if images.len() != n || hit.contains(&false) {
                return Err((NAME, format!("generator {} is no permutation of {n} points", index + 1)));
            }
            generators.push(images.iter().map(|&x| x as usize).collect::<Vec<usize>>());
        }
        if n == 0 {
            return Err((NAME, "there are no points".into()));
        }
        let steps = generators.iter().flat_map(|g| (0..n).map(|x| (x, g[x])));
        let smallest = joined(n, steps);
        let bases: Vec<usize> = (0..n).filter(|&x| smallest[x] as usize == x).collect();
        let number = |x: usize| bases.partition_point(|&base| base < smallest[x] as usize);
        let orbit: Vec<usize> = (0..n).map(number).collect();
        let mut orbit_sizes = vec![0; bases.len()];
        orbit.iter().for_each(|&o| orbit_sizes[o] += 1);
        let pairs =
            generators.iter().flat_map(|g| (0..n * n).map(move |pair| (pair, g[pair / n] * n + g[pair % n])));
        let mut label = joined(n * n, pairs);
        // The smallest pair of an orbital starts in a base point.
        let mut representatives = Vec::new();
        let mut number = vec![u32::MAX; n * n];
        for pair in 0..n * n {
            if label[pair] as usize == pair {
                number[pair] = representatives.len() as u32;
                representatives.push((pair / n, pair % n));
            }
        }
        let mut sizes = vec![0; representatives.len()];
        for entry in &mut label {
            *entry = number[*entry as usize];
            sizes[*entry as usize] += 1;
        }
        Ok(Pairs { n, generators, label, bases, orbit, orbit_sizes, representatives, sizes })
    }

    fn of(&self, x: usize, y: usize) -> usize {
        self.label[x * self.n + y] as usize
    }

    /// An element of the algebra, given by orbital, applied to a function.
    fn apply(&self, field: Field, element: &[u64], v: &[u64]) -> Vec<u64> {
        (0..self.n)
            .map(|x| {
                let row = &self.label[x * self.n..(x + 1) * self.n];
                let mut total = 0u128;
                // Products are below 2^120, so that 128 of them fit.
                for (labels, values) in row.chunks(128).zip(v.chunks(128)) {
                    let products = labels
                        .iter()
                        .zip(values)
                        .map(|(&k, &v)| u128::from(element[k as usize]) * u128::from(v));
                    total = (total + products.sum::<u128>()) % u128::from(field.prime);
                }
                total as u64
            })
            .collect()
    }
}

/// The projectors by piece and orbital.
fn projectors(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
) -> std::result::Result<Vec<Vec<u64>>, Failure> {
    const NAME: &str = "the central element splits Fun(X) as stated";
    let (n, count) = (pairs.n, certificate.pieces.len());
    let mut z = vec![0; pairs.sizes.len()];
    for term in &certificate.central {
        let mut product: Vec<usize> = (0..n).collect();
        for &letter in term.word.iter().rev() {
            let Some(g) = pairs.generators.get(letter as usize) else {
                return Err((NAME, format!("there is no generator {letter}")));
            };
            product = product.iter().map(|&x| g[x]).collect();
        }
        let mut power: Vec<usize> = (0..n).collect();
        for bit in (0..64).rev() {
            power = power.iter().map(|&x| power[x]).collect();
            if term.power >> bit & 1 == 1 {
                power = power.iter().map(|&x| product[x]).collect();
            }
        }
        for (x, &image) in power.iter().enumerate() {
            for k in [pairs.of(x, image), pairs.of(image, x)] {
                z[k] = field.plus(z[k], term.weight % field.prime);
            }
        }
    }
    for (value, &size) in z.iter_mut().zip(&pairs.sizes) {
        *value = field.times(*value, field.inverse(2 * size));
    }
    let eigenvalues: Vec<u64> = certificate.pieces.iter().map(|piece| piece.eigenvalue).collect();
    let mut projectors = vec![vec![0; pairs.sizes.len()]; count];
    for &base in &pairs.bases {
        let mut powers = vec![vec![0; n]];
        powers[0][base] = 1;
        for i in 1..count {
            powers.push(pairs.apply(field, &z, &powers[i - 1]));
        }
        let mut sum = vec![0; n];
        for (piece, &eigenvalue) in eigenvalues.iter().enumerate() {
            let mut coefficients = vec![1];
            let mut scale = 1;
            for (_, &other) in eigenvalues.iter().enumerate().filter(|(k, _)| *k != piece) {
                // Times (t - other).
                coefficients.insert(0, 0);
                for i in 0..coefficients.len() - 1 {
                    let shifted = field.times(other, coefficients[i + 1]);
                    coefficients[i] = field.minus(coefficients[i], shifted);
                }
                scale = field.times(scale, field.minus(eigenvalue, other));
            }
            if scale == 0 {
                return Err((NAME, format!("piece {piece} shares its eigenvalue with another")));
            }
            let scale = field.inverse(scale);
            let mut row = vec![0; n];
            for (&coefficient, power) in coefficients.iter().zip(&powers) {
                let coefficient = field.times(coefficient, scale);
                for (value, &p) in row.iter_mut().zip(power) {
                    *value = field.plus(*value, field.times(coefficient, p));
                }
            }
            let image = pairs.apply(field, &z, &row);
            if image.iter().zip(&row).any(|(&image, &v)| image != field.times(eigenvalue, v)) {
                return Err((NAME, format!("the eigenvalue of piece {piece} is none")));
            }
            for (y, &value) in row.iter().enumerate() {
                sum[y] = field.plus(sum[y], value);
                projectors[piece][pairs.of(base, y)] = value;
            }
        }
        if (0..n).any(|y| sum[y] != u64::from(y == base)) {
            return Err((NAME, "the projectors do not add up to the identity".into()));
        }
    }
    Ok(projectors)
}

/// `multiplicity dim`, `multiplicity^2 dim End`, and the sign of the type, from three traces.
fn check_traces(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
    projectors: &[Vec<u64>],
) -> std::result::Result<(), Failure> {
    let rank = pairs.sizes.len();
    let (mut left, mut transposed) = (vec![0u64; rank], vec![0u64; rank]);
    for (k, &(x, z)) in pairs.representatives.iter().enumerate() {
        for y in 0..pairs.n {
            let weight = pairs.of(x, y);
            left[weight] += u64::from(pairs.of(y, z) == k);
            transposed[weight] += u64::from(pairs.of(z, y) == k);
        }
    }
    let bound = (pairs.n * pairs.n) as u64;
    for (index, (piece, projector)) in certificate.pieces.iter().zip(projectors).enumerate() {
        let total = |form: &[u64]| {
            let sum = form
                .iter()
                .zip(projector)
                .fold(0, |sum, (&f, &p)| field.plus(sum, field.times(f % field.prime, p)));
            field.integer(sum, bound)
        };
        let rank_of_projector =
            pairs.bases.iter().zip(&pairs.orbit_sizes).fold(0, |sum, (&x, &size)| {
                field.plus(sum, field.times(size as u64, projector[pairs.of(x, x)]))
            });
        if piece.multiplicity < 1 || piece.multiplicity > pairs.n || piece.dim < 1 || piece.dim > pairs.n {
            return Err((TRACES, format!("piece {index}: the numbers are out of range")));
        }
        let (m, dim) = (piece.multiplicity as i64, piece.dim as i64);
        let (endomorphisms, sign) = match piece.real_type.as_str() {
            "R" => (1, 1),
            "C" => (2, 0),
            "H" => (4, -2),
            other => return Err((TRACES, format!("'{other}' is no type"))),
        };
        let found = [field.integer(rank_of_projector, bound), total(&left), total(&transposed)];
        let stated = [Some(m * dim), Some(m * m * endomorphisms), Some(m * sign)];
        if found != stated {
            return Err((TRACES, format!("piece {index}: {found:?} where {stated:?} is stated")));
        }
    }
    Ok(())
}

const TRACES: &str = "dimensions, multiplicities and types";

/// That there are as many pieces as the symmetric part of the centre of the algebra has dimensions.
fn check_simple(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
) -> std::result::Result<String, Failure> {
    const NAME: &str = "no piece splits further";
    if certificate.pieces.iter().all(|piece| piece.multiplicity == 1) {
        return Ok("all multiplicities are 1".into());
    }
    let rank = pairs.sizes.len();
    let paired: Vec<usize> = pairs.representatives.iter().map(|&(x, y)| pairs.of(y, x)).collect();
    let columns: Vec<usize> = (0..rank).filter(|&k| paired[k] >= k).collect();
    let unknown: Vec<usize> = (0..rank).map(|k| columns.partition_point(|&c| c < k.min(paired[k]))).collect();
    if columns.len() > LARGEST_CENTRE {
        return Err((NAME, format!("{} unknowns are too many to check it", columns.len())));
    }
    let mut basis: Vec<Option<Vec<u64>>> = vec![None; columns.len()];
    let mut independent = 0;
    for seed in [3u64, 5] {
        // Any two elements give an upper bound of the centre; powers of a number are as good as random ones.
        let b: Vec<u64> = (1..=rank as u64).map(|k| field.power(seed, 1000 * k + k * k)).collect();
        for &(x, z) in &pairs.representatives {
            let mut row = vec![0; columns.len()];
            for y in 0..pairs.n {
                let (xy, yz) = (pairs.of(x, y), pairs.of(y, z));
                row[unknown[xy]] = field.plus(row[unknown[xy]], b[yz]);
                row[unknown[yz]] = field.minus(row[unknown[yz]], b[xy]);
            }
            for place in 0..row.len() {
                if row[place] == 0 {
                    continue;
                }
                let Some(pivot) = &basis[place] else {
                    let scale = field.inverse(row[place]);
                    row.iter_mut().for_each(|value| *value = field.times(*value, scale));
                    basis[place] = Some(row);
                    independent += 1;
                    break;
                };
                let factor = row[place];
                for (value, &p) in row.iter_mut().zip(pivot) {
                    *value = field.minus(*value, field.times(factor, p));
                }
            }
        }
    }
    let centre = columns.len() - independent;
    if centre != certificate.pieces.len() {
        return Err((NAME, format!("{centre} pieces are possible, {} are listed", certificate.pieces.len())));
    }
    Ok(format!("the symmetric part of the centre has dimension {centre}"))
}

/// How many copies of a piece occur in the functions on an orbit with these signs along the block of its base point.
fn copies(
    pairs: &Pairs,
    field: Field,
    projector: &[u64],
    dim: usize,
    orbit: usize,
    block: &[(u32, bool)],
) -> Option<usize> {
    let base = pairs.bases[orbit];
    let sum = block.iter().fold(0, |sum, &(y, positive)| {
        let value = projector[pairs.of(base, y as usize)];
        if positive { field.plus(sum, value) } else { field.minus(sum, value) }
    });
    let scale = field.inverse((block.len() * dim) as u64 % field.prime);
    let value = field.times(field.times(sum, pairs.orbit_sizes[orbit] as u64), scale);
    usize::try_from(field.integer(value, pairs.n as u64)?).ok()
}

fn signed(block: &CertifiedBlock, minus_sign: bool) -> Vec<(u32, bool)> {
    let plus = block.plus.iter().map(|&y| (y, true));
    plus.chain(block.minus.iter().map(|&y| (y, minus_sign))).collect()
}

/// Every block: its points are points of the orbit, its translates fit together with their signs, all copies of the piece
/// live on it, and no other point could belong to it.
fn check_blocks(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
    projectors: &[Vec<u64>],
) -> std::result::Result<usize, Failure> {
    const NAME: &str = "the blocks of the sources";
    let mut count = 0;
    for (index, (piece, projector)) in certificate.pieces.iter().zip(projectors).enumerate() {
        if piece.blocks.len() != pairs.bases.len() {
            return Err((NAME, format!("piece {index} has {} blocks", piece.blocks.len())));
        }
        for (orbit, block) in piece.blocks.iter().enumerate() {
            let base = pairs.bases[orbit];
            let own = projector[pairs.of(base, base)];
            let Some(block) = block else {
                if own == 0 {
                    continue;
                }
                return Err((NAME, format!("piece {index} occurs on orbit {orbit} but has no block there")));
            };
            let place = format!("piece {index}, orbit {orbit}");
            let mut side = vec![0i8; pairs.n];
            for &(y, positive) in &signed(block, false) {
                let y = y as usize;
                if y >= pairs.n || pairs.orbit[y] != orbit || side[y] != 0 {
                    return Err((NAME, format!("{place}: a point is out of place")));
                }
                side[y] = if positive { 1 } else { -1 };
            }
            let opposite = field.minus(0, own);
            let expected = |y: usize| match projector[pairs.of(base, y)] {
                value if value == own => 1,
                value if value == opposite => -1,
                _ => 0,
            };
            let fits = |y: usize| pairs.orbit[y] != orbit || expected(y) == side[y];
            if own == 0 || !(0..pairs.n).all(fits) {
                return Err((NAME, format!("{place}: another set of points is the block")));
            }
            let whole = copies(pairs, field, projector, piece.dim, orbit, &[(base as u32, true)]);
            let on_block = copies(pairs, field, projector, piece.dim, orbit, &signed(block, false));
            if whole.is_none() || whole != on_block {
                return Err((NAME, format!("{place}: {on_block:?} of {whole:?} copies live on the block")));
            }
            if !translates_fit(pairs, base, &side) {
                return Err((NAME, format!("{place}: translates of the block overlap")));
            }
            count += 1;
        }
    }
    Ok(count)
}

/// Whether the translates of a signed block are disjoint or equal, with the same or with opposite signs: carries the block
/// and its sign from point to point along the generators and compares at every step.
fn translates_fit(pairs: &Pairs, base: usize, side: &[i8]) -> bool {
    let members: Vec<usize> = (0..pairs.n).filter(|&y| side[y] != 0).collect();
    // For every point of the orbit: the number of the translate that holds it, and its sign there.
    let mut translate = vec![usize::MAX; pairs.n];
    let mut sign = vec![0i8; pairs.n];
    let mut translates: Vec<Vec<usize>> = vec![members];
    for &y in &translates[0] {
        translate[y] = 0;
        sign[y] = side[y];
    }
    debug_assert_eq!(translate[base], 0);
    let mut at = 0;
    while at < translates.len() {
        for g in &pairs.generators {
            let image: Vec<usize> = translates[at].iter().map(|&y| g[y]).collect();
            let known = translate[image[0]];
            if known == usize::MAX {
                for (&y, &z) in translates[at].iter().zip(&image) {
                    if translate[z] != usize::MAX {
                        return false;
                    }
                    translate[z] = translates.len();
                    sign[z] = sign[y];
                }
                translates.push(image);
                continue;
            }
            let flip = sign[image[0]] * sign[translates[at][0]];
            let fits = |(&y, &z): (&usize, &usize)| translate[z] == known && sign[z] == flip * sign[y];
            if !translates[at].iter().zip(&image).all(fits) {
                return false;
            }
        }
        at += 1;
    }
    true
}

/// Every pair of pieces: the copies on the blocks, and whether it is listed as it must be.
fn check_edges(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
    projectors: &[Vec<u64>],
) -> std::result::Result<(), Failure> {
    const NAME: &str = "edges and non-edges";
    let count = certificate.pieces.len();
    let parts = certificate.parts;
    let mut edges = certificate.edges.iter().peekable();
    let mut non_edges = certificate.non_edges.iter().peekable();
    for from in 0..count {
        for to in 0..count {
            let target = &certificate.pieces[to];
            let mut found = Vec::with_capacity(pairs.bases.len());
            for (orbit, block) in certificate.pieces[from].blocks.iter().enumerate() {
                let Some(block) = block else {
                    found.push(0);
                    continue;
                };
                let mut sum = 0;
                for (active, signs) in [
                    (parts.even, signed(block, true)),
                    (parts.odd, signed(block, false)),
                    (parts.mixed, block.plus.iter().map(|&y| (y, true)).collect()),
                ] {
                    if active {
                        let number = copies(pairs, field, &projectors[to], target.dim, orbit, &signs);
                        sum += number.ok_or((NAME, format!("{from} -> {to}: a trace is no integer")))?;
                    }
                }
                found.push(sum);
            }
            let nonlinear = found.iter().any(|&copies| copies > 0);
            let kind = if nonlinear { "nonlinear" } else { "linear" };
            if nonlinear || (parts.linear && from == to) {
                let stated = edges.next_if(|edge| (edge.from, edge.to) == (from, to));
                if !stated.is_some_and(|edge| edge.kind == kind && edge.copies == found) {
                    return Err((NAME, format!("{from} -> {to} is a {kind} edge with copies {found:?}")));
                }
            } else if non_edges.next_if(|pair| **pair == [from, to]).is_none() {
                return Err((NAME, format!("{from} -> {to} is no edge")));
            }
        }
    }
    if edges.peek().is_some() || non_edges.peek().is_some() {
        return Err((NAME, "there are pairs that are no pairs of pieces".into()));
    }
    Ok(())
}
