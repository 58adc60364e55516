//! A central element of the commutant algebra whose eigenvalues tell the pieces apart, known exactly.
//!
//! For a group element `g` the mean of the permutation matrices of its conjugates is central in the commutant algebra: on
//! orbital `k` it is the number of pairs `(x, g x)` in `k`, divided by the size of `k`. On a piece `L` it acts by
//! `chi_L(g) / dim L`. If `g` has order `n`, then `chi_L(g)` is a sum of `n`-th roots of unity whose multiplicities are
//! integers; these are found by rounding, which turns a float into an exact number of a field modulo a prime. Nothing
//! rests on the rounding: [`exact`](super::exact) proves the eigenvalues afterwards.

use super::character::orbital_counts;
use super::commutant::Component;
use super::prime_field::PrimeField;
use crate::action::{GSet, Suborbits};
use crate::group::Permutation;
use crate::group::permutation::gcd;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How many group elements are tried.
const ATTEMPTS: usize = 60;
/// The longest word in the generators.
const LONGEST_WORD: usize = 24;
/// Steps that may be spent on the powers of one element.
const STEPS: usize = 1 << 28;
/// Values further apart than this are certainly different; equality is never concluded from floats.
const APART: f64 = 1e-7;

/// A group element as the power of a word in the generators of the set, with a weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Indices of generators; the element is their product from left to right, so the last one acts first.
    pub word: Vec<u32>,
    /// The power that is taken of the product.
    pub power: u64,
    /// The weight.
    pub weight: u64,
}

impl Term {
    /// The permutation of the set. `None` where an index is out of range.
    pub fn images(&self, size: usize, generators: &[Permutation]) -> Option<Permutation> {
        let mut product = Permutation::identity(size);
        for &letter in &self.word {
            product = &product * generators.get(letter as usize)?;
        }
        Some(product.power(i64::try_from(self.power).ok()?))
    }
}

/// `sum_t weight_t mean of (h + h^-1) / 2 over the conjugates h of g_t`, modulo a prime.
#[derive(Clone, Debug)]
pub struct CentralElement {
    /// The field.
    pub field: PrimeField,
    /// The sum that defines the element.
    pub terms: Vec<Term>,
    /// By piece: the number by which the element acts.
    pub eigenvalues: Vec<u64>,
    /// The element, by orbital.
    pub element: Vec<u64>,
}

/// A term with, by piece, the multiplicities of the roots of unity in its character.
struct Candidate {
    term: Term,
    order: u64,
    counts: Vec<u64>,
    spectra: Vec<Vec<u64>>,
    /// By piece: character over dimension.
    values: Vec<f64>,
}

impl CentralElement {
    /// Looks for an element that has different eigenvalues on different components. `None` where none is found among short
    /// words in the generators, or where the powers of the elements are too many.
    pub fn find(set: &GSet, suborbits: &Suborbits, components: &[Component]) -> Option<Self> {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut chosen: Vec<Candidate> = Vec::new();
        let mut separated = 1;
        for attempt in 0..ATTEMPTS {
            if separated == components.len() {
                break;
            }
            let word = word(attempt, set.generators().len(), &mut random)?;
            let largest = if attempt < ATTEMPTS / 2 { 60 } else { 4096 };
            let Some(candidate) = Candidate::new(set, suborbits, components, word, largest, attempt) else {
                continue;
            };
            chosen.push(candidate);
            let now = classes(&chosen, components.len());
            if now > separated {
                separated = now;
            } else {
                chosen.pop();
            }
        }
        if separated < components.len() {
            return None;
        }
        let common = chosen.iter().try_fold(1u64, |common, candidate| {
            common.checked_mul(candidate.order / gcd(common, candidate.order))
        })?;
        let field = PrimeField::with_roots_of_unity(common)?;
        let eigenvalues: Vec<u64> = (0..components.len())
            .map(|piece| {
                chosen.iter().fold(0, |sum, candidate| {
                    field.add(sum, candidate.eigenvalue(field, piece, components[piece].dim))
                })
            })
            .collect();
        let terms: Vec<Term> = chosen.iter().map(|candidate| candidate.term.clone()).collect();
        let counts: Vec<(u64, &[u64])> =
            chosen.iter().map(|candidate| (candidate.term.weight, candidate.counts.as_slice())).collect();
        let element = element(suborbits, field, &counts);
        Some(CentralElement { field, terms, eigenvalues, element })
    }
}

/// The generators first, then random words.
fn word(attempt: usize, generators: usize, random: &mut ChaCha8Rng) -> Option<Vec<u32>> {
    if generators == 0 {
        return None;
    }
    if attempt < generators.min(ATTEMPTS / 4) {
        return Some(vec![attempt as u32]);
    }
    let length = random.random_range(2..=LONGEST_WORD);
    Some((0..length).map(|_| random.random_range(0..generators) as u32).collect())
}

/// How many classes of pieces the weighted sums of the values tell apart.
fn classes(chosen: &[Candidate], pieces: usize) -> usize {
    let mut sums: Vec<f64> = (0..pieces)
        .map(|piece| chosen.iter().map(|c| c.term.weight as f64 * c.values[piece]).sum())
        .collect();
    sums.sort_by(f64::total_cmp);
    1 + sums.windows(2).filter(|pair| pair[1] - pair[0] > APART).count()
}

/// The element by orbital: `sum weight (count + count of the paired orbital) / (2 size)`.
pub(super) fn element(suborbits: &Suborbits, field: PrimeField, counts: &[(u64, &[u64])]) -> Vec<u64> {
    let mut element = vec![0; suborbits.rank()];
    for base in suborbits.bases() {
        for (k, &size) in base.suborbits.sizes().iter().enumerate() {
            let orbital = base.first_orbital + k;
            let pair = suborbits.paired()[orbital];
            let sum = counts.iter().fold(0, |sum, (weight, counts)| {
                field.add(sum, field.multiply(*weight, counts[orbital] + counts[pair]))
            });
            element[orbital] = field.fraction(sum, 2 * (base.orbit_size * size) as u64);
        }
    }
    element
}

impl Candidate {
    /// `None` where no power of the word has an order that is small enough, or where the floats do not show integers.
    fn new(
        set: &GSet,
        suborbits: &Suborbits,
        components: &[Component],
        word: Vec<u32>,
        largest_order: u64,
        attempt: usize,
    ) -> Option<Self> {
        let mut term = Term { word, power: 1, weight: 1 + (attempt as u64 * 37) % 101 };
        let product = term.images(set.size(), set.generators())?;
        let order = product.order()?;
        let affordable = (STEPS / (set.size() * suborbits.depth())).max(6) as u64;
        let allowed = (1..=largest_order.min(affordable)).rev().find(|&divisor| order % divisor == 0)?;
        if allowed == 1 && order > 1 {
            return None;
        }
        term.power = order / allowed;
        let g = product.power(i64::try_from(term.power).ok()?);
        let order = allowed as usize;
        let mut by_power: Vec<Vec<f64>> = Vec::with_capacity(order / 2 + 1);
        let mut counts = Vec::new();
        let mut power = Permutation::identity(set.size());
        for j in 0..=order / 2 {
            let here = orbital_counts(suborbits, &power);
            by_power.push(components.iter().map(|component| component.character(&here)).collect());
            if j == 1 || order == 1 {
                counts = here;
            }
            power = &power * &g;
        }
        let cosines: Vec<f64> =
            (0..order).map(|j| (std::f64::consts::TAU * j as f64 / order as f64).cos()).collect();
        let at = |j: usize, piece: usize| by_power[j.min(order - j)][piece];
        let spectra = (0..components.len())
            .map(|piece| {
                (0..order)
                    .map(|k| {
                        let sum: f64 = (0..order).map(|j| at(j, piece) * cosines[j * k % order]).sum();
                        let multiplicity = sum / order as f64;
                        let rounded = multiplicity.round();
                        ((multiplicity - rounded).abs() < 1e-2 && rounded >= 0.0).then_some(rounded as u64)
                    })
                    .collect::<Option<Vec<u64>>>()
            })
            .collect::<Option<Vec<_>>>()?;
        let values =
            (0..components.len()).map(|piece| at(1 % order, piece) / components[piece].dim as f64).collect();
        Some(Candidate { term, order: allowed, counts, spectra, values })
    }

    /// The weighted eigenvalue on a piece, exactly.
    fn eigenvalue(&self, field: PrimeField, piece: usize, dim: usize) -> u64 {
        let root = field.root_of_unity(self.order);
        let (mut sum, mut power) = (0, 1);
        for &multiplicity in &self.spectra[piece] {
            sum = field.add(sum, field.multiply(multiplicity, power));
            power = field.multiply(power, root);
        }
        field.fraction(field.multiply(self.term.weight, sum), dim as u64)
    }
}
