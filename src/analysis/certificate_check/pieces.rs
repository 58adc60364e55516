//! The projectors of the pieces, and the numbers that are traces of them.

use super::{Field, GraphCertificate, Pairs, Step};

/// Beyond so many unknowns the centre of the algebra is not computed.
const LARGEST_CENTRE: usize = 400;

/// The projectors by piece and orbital.
pub(super) fn projectors(certificate: &GraphCertificate, pairs: &Pairs, field: Field) -> Step<Vec<Vec<u64>>> {
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
pub(super) fn check_traces(
    certificate: &GraphCertificate,
    pairs: &Pairs,
    field: Field,
    projectors: &[Vec<u64>],
) -> Step<()> {
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
pub(super) fn check_simple(certificate: &GraphCertificate, pairs: &Pairs, field: Field) -> Step<String> {
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
