//! Signed blocks: where the vectors `P_L e_x` of a piece agree up to sign, and what lives on such blocks.

use super::commutant::NEARLY_INTEGER;
use super::prime_field::PrimeField;
use crate::action::blocks::require_block;
use crate::action::{BasePoint, GSet, Suborbits};
use crate::error::{Error, Result};
use crate::group::Orbits;

/// The points of an orbit whose vectors `P_L e_x` are equal or opposite to that of the base point.
///
/// Both sets are unions of suborbits. `plus` is a block of imprimitivity, and so is the union of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBlock {
    /// Suborbits `K` with `P_L e_x = P_L e_{x_j}` for `x` in `K`.
    pub plus: Vec<usize>,
    /// Suborbits `K` with `P_L e_x = -P_L e_{x_j}` for `x` in `K`.
    pub minus: Vec<usize>,
}

impl SignedBlock {
    /// Both halves together.
    pub fn both(&self) -> Vec<usize> {
        [self.plus.as_slice(), self.minus.as_slice()].concat()
    }

    /// The points at which both blocks hold at once, with the signs of both.
    pub fn meet(&self, other: &SignedBlock) -> SignedBlock {
        let common = |a: &[usize], b: &[usize]| a.iter().copied().filter(|k| b.contains(k)).collect();
        SignedBlock { plus: common(&self.plus, &other.plus), minus: common(&self.minus, &other.minus) }
    }

    /// The numbers of points of both halves.
    pub fn sizes(&self, base: &BasePoint) -> (usize, usize) {
        let points = |part: &[usize]| part.iter().map(|&k| base.suborbits.sizes()[k]).sum();
        (points(&self.plus), points(&self.minus))
    }
}

/// Entries closer than this, relative to the diagonal, are taken for equal where only floats are known.
const EQUAL: f64 = 1e-7;
/// Entries closer than this that are not equal are too close to tell.
const CLEARLY_DIFFERENT: f64 = 1e-4;

/// The projector of a piece: exactly where it is known so, otherwise as floats.
#[derive(Clone, Copy)]
pub(super) struct Projector<'a> {
    pub dim: usize,
    pub floats: &'a [f64],
    pub exact: Option<(PrimeField, &'a [u64])>,
}

impl Projector<'_> {
    /// Whether the piece occurs in the orbit of a base point.
    fn occurs(&self, base: &BasePoint) -> bool {
        let own = base.first_orbital + base.suborbits.of(base.point);
        match self.exact {
            Some((_, projector)) => projector[own] != 0,
            None => self.floats[own] * base.orbit_size as f64 > 0.5 * self.dim as f64,
        }
    }

    /// The suborbits on which the projector has the same value as at the base point, and those with the opposite one.
    fn parallel(&self, base: &BasePoint) -> Result<SignedBlock> {
        let range = base.first_orbital..base.first_orbital + base.suborbits.count();
        let own = base.suborbits.of(base.point);
        if let Some((field, projector)) = self.exact {
            let row = &projector[range];
            let opposite = field.subtract(0, row[own]);
            let all = |value: u64| (0..row.len()).filter(|&k| row[k] == value).collect();
            return Ok(SignedBlock { plus: all(row[own]), minus: all(opposite) });
        }
        let row = &self.floats[range];
        let mut block = SignedBlock { plus: Vec::new(), minus: Vec::new() };
        for (k, &value) in row.iter().enumerate() {
            for (sign, part) in [(1.0, &mut block.plus), (-1.0, &mut block.minus)] {
                let distance = (value - sign * row[own]).abs() / row[own];
                if distance < EQUAL {
                    part.push(k);
                } else if distance < CLEARLY_DIFFERENT {
                    return Err(Error::inconsistent(
                        "signed block of a piece",
                        format!("two entries differ by {distance:e}, too little to tell whether they do"),
                    ));
                }
            }
        }
        Ok(block)
    }

    /// How often the piece occurs in the functions on the orbit that are constant (up to sign) along a block.
    pub(super) fn multiplicity(&self, base: &BasePoint, plus: &[usize], minus: &[usize]) -> Result<usize> {
        let sizes = base.suborbits.sizes();
        let block: usize = plus.iter().chain(minus).map(|&k| sizes[k]).sum();
        if let Some((field, projector)) = self.exact {
            let part = |suborbits: &[usize]| {
                suborbits.iter().fold(0, |sum, &k| {
                    let value = projector[base.first_orbital + k];
                    field.add(sum, field.multiply(sizes[k] as u64, value))
                })
            };
            let sum = field.multiply(field.subtract(part(plus), part(minus)), base.orbit_size as u64);
            let scale = field.multiply(block as u64, self.dim as u64);
            let value = field.small(field.multiply(sum, field.invert(scale)), base.orbit_size as u64);
            return value.and_then(|value| usize::try_from(value).ok()).ok_or_else(|| {
                Error::inconsistent("multiplicity on a block", "a trace is no number of copies")
            });
        }
        let part = |suborbits: &[usize]| -> f64 {
            suborbits.iter().map(|&k| sizes[k] as f64 * self.floats[base.first_orbital + k]).sum()
        };
        let value = base.orbit_size as f64 / block as f64 * (part(plus) - part(minus)) / self.dim as f64;
        if (value - value.round()).abs() > NEARLY_INTEGER.sqrt() || value < -0.5 {
            return Err(Error::inconsistent(
                "multiplicity on a block",
                format!("{value} should be a non-negative integer"),
            ));
        }
        Ok(value.round() as usize)
    }
}

/// The invariant partition of the orbit of a base point into the translates of a union of suborbits; points outside the
/// orbit are parts of their own.
///
/// # Errors
/// [`Error::Inconsistent`] where the union is no block of imprimitivity.
pub fn translates(set: &GSet, suborbits: &Suborbits, base: usize, union: &[usize]) -> Result<Orbits> {
    require_block(set.size(), set.generators(), &points_of(set, &suborbits.bases()[base], union))
}

/// The points of the orbit of a base point in some of its suborbits, the base point first.
pub fn points_of(set: &GSet, base: &BasePoint, suborbits: &[usize]) -> Vec<usize> {
    let mut inside = vec![false; base.suborbits.count()];
    suborbits.iter().for_each(|&k| inside[k] = true);
    let mut points = vec![base.point];
    points.extend((0..set.size()).filter(|&x| x != base.point && inside[base.suborbits.of(x)]));
    points
}

/// The signed blocks of a piece at every base point, each checked: both parts together and the plus part alone are blocks
/// of imprimitivity, and all copies of the piece live on them (for both parts, with the sign). `None` where the piece
/// does not occur.
pub(super) fn signed_blocks(
    suborbits: &Suborbits,
    set: &GSet,
    projector: Projector<'_>,
) -> Result<Vec<Option<SignedBlock>>> {
    let mut blocks = Vec::with_capacity(suborbits.bases().len());
    for base in suborbits.bases() {
        if !projector.occurs(base) {
            blocks.push(None);
            continue;
        }
        let block = projector.parallel(base)?;
        require_block(set.size(), set.generators(), &points_of(set, base, &block.plus))?;
        let own = [base.suborbits.of(base.point)];
        let in_orbit = projector.multiplicity(base, &own, &[])?;
        let on_plus = projector.multiplicity(base, &block.plus, &[])?;
        let mut signed = on_plus;
        if !block.minus.is_empty() {
            require_block(set.size(), set.generators(), &points_of(set, base, &block.both()))?;
            signed = projector.multiplicity(base, &block.plus, &block.minus)?;
        }
        if on_plus != in_orbit || signed != in_orbit {
            return Err(Error::inconsistent(
                "signed block of a piece",
                format!("{in_orbit} copies in the orbit, but {on_plus} and {signed} on the block"),
            ));
        }
        blocks.push(Some(block));
    }
    Ok(blocks)
}
