//! The isotypic projectors modulo a prime: what turns a proposed decomposition into a proved one.
//!
//! Let `z` be a central element of the commutant algebra `A` with proposed eigenvalues `l_1, ..., l_s` modulo a prime `p`
//! that does not divide `|G|` (see [`central`](super::central)). The spectral idempotents `P_i = prod_(k != i) (z - l_k) /
//! (l_i - l_k)` are computed, and it is checked that `z P_i = l_i P_i` and `sum P_i = 1`. Then the `P_i` are orthogonal
//! central idempotents of `A mod p`, equal to their transposes. As `A` is semisimple modulo `p`, they are the reductions of
//! central idempotents in characteristic 0, and the following integers, all at most `|X|^2 < p`, can be read off:
//!
//! * the rank of `P_i`, the trace `sum_j |X_j| P_i(x_j, x_j)`: multiplicity times dimension;
//! * the dimension of `P_i A`, the trace of `a -> P_i a` on `A`: multiplicity squared times `dim End`;
//! * the trace of `a -> P_i a^T` on `A`: multiplicity `m` for real type, 0 for complex, `-2 m` for quaternionic type;
//! * how often the piece occurs in functions on a block, again the trace of an idempotent.
//!
//! A piece with multiplicity 1 is simple by these numbers. Where larger multiplicities occur, the `P_i` are shown to be all
//! of them by computing the symmetric part of the centre of `A`: it has dimension `s`.
//! So no float and no tolerance is left in any conclusion; floats only found the eigenvalues.

use super::central::CentralElement;
use super::commutant::Component;
use super::piece::RealType;
use super::prime_field::PrimeField;
use crate::action::{IntersectionNumbers, Suborbits};
use crate::error::{Error, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Multiplications that may be spent on the projectors.
const STEPS: usize = 1 << 33;
/// The largest number of unknowns for which the centre is computed.
const LARGEST_CENTRE: usize = 200;

/// The projectors modulo a prime.
#[derive(Clone, Debug)]
pub struct ExactProjectors {
    central: CentralElement,
    /// By piece and orbital.
    projectors: Vec<Vec<u64>>,
    simple: bool,
}

impl ExactProjectors {
    /// Computes and checks. `None` where the work would be too much.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where a proposed dimension, multiplicity or type is wrong.
    pub fn new(
        suborbits: &Suborbits,
        numbers: &IntersectionNumbers,
        components: &[Component],
        central: CentralElement,
    ) -> Result<Option<Self>> {
        let largest = suborbits.bases().iter().map(|base| base.suborbits.count()).max().unwrap_or(0);
        let steps = components.len().saturating_mul(largest).saturating_mul(largest + components.len());
        if steps.saturating_mul(suborbits.bases().len()) > STEPS {
            return Ok(None);
        }
        let field = central.field;
        let mut projectors = vec![vec![0; suborbits.rank()]; components.len()];
        for base in 0..suborbits.bases().len() {
            split_base(suborbits, numbers, components, &central, base, &mut projectors)?;
        }
        check_integers(suborbits, numbers, components, field, &projectors)?;
        let simple = components.iter().all(|component| component.multiplicity == 1)
            || symmetric_centre(suborbits, numbers, field) == Some(components.len());
        Ok(Some(ExactProjectors { central, projectors, simple }))
    }

    /// The field.
    pub fn field(&self) -> PrimeField {
        self.central.field
    }

    /// The central element.
    pub fn central(&self) -> &CentralElement {
        &self.central
    }

    /// The projector of a piece, by orbital.
    pub fn projector(&self, piece: usize) -> &[u64] {
        &self.projectors[piece]
    }

    /// Whether it is proved that no piece splits further.
    pub fn simple(&self) -> bool {
        self.simple
    }

    /// The same projectors for the pieces in another order: piece `i` was piece `order[i]`.
    pub(super) fn reordered(mut self, order: &[usize]) -> Self {
        self.projectors = order.iter().map(|&old| std::mem::take(&mut self.projectors[old])).collect();
        self.central.eigenvalues = order.iter().map(|&old| self.central.eigenvalues[old]).collect();
        self
    }
}

fn failed(problem: impl Into<String>) -> Error {
    Error::inconsistent("decomposition modulo a prime", problem)
}

/// The part of the projectors that starts at one base point: their rows there.
fn split_base(
    suborbits: &Suborbits,
    numbers: &IntersectionNumbers,
    components: &[Component],
    central: &CentralElement,
    base: usize,
    projectors: &mut [Vec<u64>],
) -> Result<()> {
    let field = central.field;
    let point = &suborbits.bases()[base];
    let (first, r) = (point.first_orbital, point.suborbits.count());
    let own = first + point.suborbits.of(point.point);
    // What z does to functions that are constant on suborbits: one row for each representative.
    let mut z = vec![vec![0; r]; r];
    for number in numbers.of_base(base) {
        let (column, row) = (number.column as usize - first, number.row as usize - first);
        let term = field.multiply(number.count as u64, central.element[number.across as usize]);
        z[column][row] = field.add(z[column][row], term);
    }
    let apply = |v: &[u64]| -> Vec<u64> { z.iter().map(|row| field.dot(row, v)).collect() };

    let present: Vec<usize> = (0..components.len())
        .filter(|&i| components[i].projector[own] * point.orbit_size as f64 > 0.5 * components[i].dim as f64)
        .collect();
    let mut powers = vec![vec![0; r]];
    powers[0][own - first] = 1;
    for i in 1..present.len() {
        powers.push(apply(&powers[i - 1]));
    }
    let by_place: Vec<Vec<u64>> = (0..r).map(|k| powers.iter().map(|v| v[k]).collect()).collect();
    let mut sum = vec![0; r];
    for &piece in &present {
        let eigenvalue = central.eigenvalues[piece];
        let others: Vec<u64> =
            present.iter().filter(|&&k| k != piece).map(|&k| central.eigenvalues[k]).collect();
        let polynomial = product_of_roots(field, &others);
        let scale =
            others.iter().fold(1, |scale, &other| field.multiply(scale, field.subtract(eigenvalue, other)));
        if scale == 0 {
            return Err(failed("two pieces have one eigenvalue"));
        }
        let scale = field.invert(scale);
        let row: Vec<u64> =
            by_place.iter().map(|v| field.multiply(scale, field.dot(&polynomial, v))).collect();
        let image = apply(&row);
        if row.iter().zip(&image).any(|(&v, &image)| field.multiply(eigenvalue, v) != image) {
            return Err(failed("a proposed eigenvalue is none"));
        }
        for (sum, &value) in sum.iter_mut().zip(&row) {
            *sum = field.add(*sum, value);
        }
        projectors[piece][first..first + r].copy_from_slice(&row);
    }
    if (0..r).any(|k| sum[k] != u64::from(k == own - first)) {
        return Err(failed("the projectors do not add up to the identity"));
    }
    Ok(())
}

/// The coefficients of `prod (t - root)`, constant term first.
fn product_of_roots(field: PrimeField, roots: &[u64]) -> Vec<u64> {
    let mut coefficients = vec![1];
    for &root in roots {
        let mut next = vec![0; coefficients.len() + 1];
        for (i, &c) in coefficients.iter().enumerate() {
            next[i + 1] = field.add(next[i + 1], c);
            next[i] = field.subtract(next[i], field.multiply(root, c));
        }
        coefficients = next;
    }
    coefficients
}

/// The three traces of every projector against the proposed integers.
fn check_integers(
    suborbits: &Suborbits,
    numbers: &IntersectionNumbers,
    components: &[Component],
    field: PrimeField,
    projectors: &[Vec<u64>],
) -> Result<()> {
    let rank = suborbits.rank();
    let (mut trace, mut square, mut transposed) = (vec![0u64; rank], vec![0u64; rank], vec![0u64; rank]);
    for base in suborbits.bases() {
        trace[base.first_orbital + base.suborbits.of(base.point)] = base.orbit_size as u64;
    }
    for number in numbers.iter() {
        if number.row == number.column {
            square[number.across as usize] += number.count as u64;
        }
        if number.across == number.column {
            transposed[number.row as usize] += number.count as u64;
        }
    }
    let bound = (suborbits.size() as u64).saturating_mul(suborbits.size() as u64);
    for (component, projector) in components.iter().zip(projectors) {
        let m = component.multiplicity as i64;
        let signed = match component.real_type {
            RealType::Real => m,
            RealType::Complex => 0,
            RealType::Quaternionic => -2 * m,
        };
        let expected = [
            (&trace, m * component.dim as i64),
            (&square, m * m * component.real_type.endomorphism_dim() as i64),
            (&transposed, signed),
        ];
        for (form, value) in expected {
            let found = field.small(field.dot(form, projector), bound);
            if found != Some(value) {
                return Err(failed(format!("a trace is {found:?} where {value} was proposed")));
            }
        }
    }
    Ok(())
}

/// The dimension of the symmetric elements of the algebra that commute with two random elements, which is at least the
/// dimension of the symmetric part of its centre. `None` where there are too many unknowns.
fn symmetric_centre(
    suborbits: &Suborbits,
    numbers: &IntersectionNumbers,
    field: PrimeField,
) -> Option<usize> {
    let paired = suborbits.paired();
    let rank = suborbits.rank();
    let mut unknown = vec![usize::MAX; rank];
    let mut unknowns = 0;
    for k in 0..rank {
        if paired[k] >= k {
            unknown[k] = unknowns;
            unknown[paired[k]] = unknowns;
            unknowns += 1;
        }
    }
    if unknowns > LARGEST_CENTRE {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut basis: Vec<Option<Vec<u64>>> = vec![None; unknowns];
    let mut found = 0;
    for _ in 0..2 {
        let b: Vec<u64> = (0..rank).map(|_| random.random_range(0..field.prime())).collect();
        let mut rows = vec![vec![0; unknowns]; rank];
        for number in numbers.iter() {
            let (row, across) = (number.row as usize, paired[number.across as usize]);
            let count = number.count as u64;
            let target = &mut rows[number.column as usize];
            let (left, right) = (unknown[row], unknown[across]);
            target[left] = field.add(target[left], field.multiply(count, b[across]));
            target[right] = field.subtract(target[right], field.multiply(count, b[row]));
        }
        for row in rows {
            found += usize::from(reduce_into(field, row, &mut basis));
        }
    }
    Some(unknowns - found)
}

/// Reduces a row by the basis and adds what is left; whether anything was.
fn reduce_into(field: PrimeField, mut row: Vec<u64>, basis: &mut [Option<Vec<u64>>]) -> bool {
    for place in 0..row.len() {
        if row[place] == 0 {
            continue;
        }
        match &basis[place] {
            Some(pivot) => {
                let factor = row[place];
                for (value, &p) in row[place..].iter_mut().zip(&pivot[place..]) {
                    *value = field.subtract(*value, field.multiply(factor, p));
                }
            }
            None => {
                let scale = field.invert(row[place]);
                row[place..].iter_mut().for_each(|value| *value = field.multiply(*value, scale));
                basis[place] = Some(row);
                return true;
            }
        }
    }
    false
}
