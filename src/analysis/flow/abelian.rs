//! The flow under a group that acts as an abelian group.
//!
//! For input on a single character `chi` of order `q` the covariance on an orbit of `N` points depends on the turn
//! `chi(x) conj(chi(y)) = exp(2 pi i j / q)` alone, and so does the kernel. Its Fourier coefficients over `Z/q` are the
//! energies that the powers `chi^0, chi^1, ...` receive: one transform of length `q`, whatever the size of the set, and
//! exactly nothing for what is no power of `chi`.

use super::PointSums;
use super::kernel::GaussianKernel;
use crate::harmonic::AbelianFourier;
use crate::harmonic::abelian_transform::Scratch;
use crate::representation::abelian::AbelianDecomposition;
use num_complex::Complex64;
use rustc_hash::FxHashMap;
use rustfft::FftPlanner;
use std::f64::consts::TAU;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What the flow needs of an abelian decomposition.
pub(super) struct AbelianFlow<'a> {
    abelian: &'a AbelianDecomposition,
    /// The sizes of the orbits, each with the orbits of that size.
    orbits_by_size: Vec<(usize, Vec<usize>)>,
    powers: PowerTable,
    overtones: Mutex<OvertoneCache>,
    fourier: OnceLock<AbelianFourier>,
}

impl std::fmt::Debug for AbelianFlow<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AbelianFlow").field("orbits_by_size", &self.orbits_by_size).finish_non_exhaustive()
    }
}

impl<'a> AbelianFlow<'a> {
    pub(super) fn new(abelian: &'a AbelianDecomposition) -> Self {
        let mut orbits_by_size: Vec<(usize, Vec<usize>)> = Vec::new();
        for (index, orbit) in abelian.orbits().iter().enumerate() {
            match orbits_by_size.iter_mut().find(|(size, _)| *size == orbit.points.len()) {
                Some((_, orbits)) => orbits.push(index),
                None => orbits_by_size.push((orbit.points.len(), vec![index])),
            }
        }
        AbelianFlow {
            abelian,
            orbits_by_size,
            powers: PowerTable::new(abelian),
            overtones: Mutex::new(OvertoneCache::default()),
            fourier: OnceLock::new(),
        }
    }

    /// The energies that the powers of one character receive; `strength` is the eigenvalue of the covariance on it.
    pub(super) fn row(
        &self,
        kernel: &GaussianKernel,
        source: usize,
        strength: f64,
        output: &mut [f64],
    ) -> PointSums {
        let order = self.abelian.character_order(source) as usize;
        let dim = self.abelian.pieces()[source].dim as f64;
        let t = self.abelian.character(source);
        let mut sums = PointSums::default();
        let mut silent = 0;
        for (size, orbits) in &self.orbits_by_size {
            let carrying = orbits.iter().filter(|&&orbit| self.occurs(orbit, t)).count();
            silent += (orbits.len() - carrying) * size;
            if carrying == 0 {
                continue;
            }
            let marginal = kernel.marginal(strength * dim / *size as f64);
            let points = carrying * size;
            sums.add(points, &marginal);
            let variance = strength * dim / *size as f64;
            let mut cache = self.overtones.lock().unwrap_or_else(PoisonError::into_inner);
            let overtones = cache.get(order, variance, |turn| {
                kernel.value(&marginal, &marginal, variance * (TAU * turn).cos())
            });
            self.powers.for_each(self.abelian, source, overtones.len(), |power, target| {
                if reaches(kernel, power, order) {
                    output[target] += points as f64 * overtones[power];
                }
            });
        }
        // Orbits without the character see the mean only; their image is constant, hence trivial.
        if silent > 0 {
            let marginal = kernel.marginal(0.0);
            sums.add(silent, &marginal);
            output[0] += silent as f64 * marginal.second_moment();
        }
        sums
    }

    /// The energies for input on all pieces at once: one inverse and one forward transform for each orbit.
    pub(super) fn spread(&self, kernel: &GaussianKernel, strengths: &[f64], output: &mut [f64]) -> PointSums {
        let fourier = self.fourier.get_or_init(|| AbelianFourier::new(self.abelian));
        let mut sums = PointSums::default();
        let mut scratch = Scratch::default();
        for plan in fourier.orbits() {
            let size = plan.transform.size();
            let mut values = vec![Complex64::ZERO; size];
            for frequency in &plan.frequencies {
                let strength = Complex64::new(strengths[frequency.piece as usize] / size as f64, 0.0);
                values[frequency.index as usize] = strength;
                values[frequency.conjugate as usize] = strength;
            }
            plan.transform.process_inverse(&mut values, &mut scratch);
            let marginal = kernel.marginal(values[0].re);
            sums.add(size, &marginal);
            for value in &mut values {
                *value = Complex64::new(kernel.value(&marginal, &marginal, value.re), 0.0);
            }
            plan.transform.process_forward(&mut values, &mut scratch);
            for frequency in &plan.frequencies {
                let copies = if frequency.index == frequency.conjugate { 1.0 } else { 2.0 };
                output[frequency.piece as usize] += copies * values[frequency.index as usize].re;
            }
        }
        sums
    }

    /// Whether a character occurs on an orbit: whether it satisfies the relations between the generators there.
    fn occurs(&self, orbit: usize, t: &[u64]) -> bool {
        let (orbit, exponent) = (&self.abelian.orbits()[orbit], self.abelian.exponent());
        orbit.radices.iter().enumerate().all(|(j, &radix)| {
            let start = orbit.first_choice(j, &t[..j], exponent);
            ((t[j] + exponent - start) % exponent).is_multiple_of(exponent / radix as u64)
        })
    }
}

/// Whether an overtone lands on a power of a character of this order, so that what is zero comes out as zero and not as
/// a rounding error. Overtone `h` is of the parity of `h`; modulo an odd order both parities meet.
fn reaches(kernel: &GaussianKernel, power: usize, order: usize) -> bool {
    let activation = kernel.activation();
    let (even, odd) = (activation.has_even_part(), activation.has_odd_part());
    if kernel.mean() != 0.0 && (even || odd) {
        return true;
    }
    let (any, is_even) = (!order.is_multiple_of(2), power.is_multiple_of(2));
    activation.has_linear_part() && power == 1 % order || even && (any || is_even) || odd && (any || !is_even)
}

/// The transforms of the kernel, by order and variance: in a full matrix few are different.
#[derive(Default)]
struct OvertoneCache {
    planner: Option<FftPlanner<f64>>,
    known: FxHashMap<(usize, u64), Vec<f64>>,
    held: usize,
}

/// How many numbers the cache holds before it starts anew.
const CACHE_LIMIT: usize = 1 << 22;

impl OvertoneCache {
    /// For powers `0..=order / 2`: `(1 / order) sum_j k(j / order) exp(-2 pi i j power / order)`, both signs of a power
    /// together.
    fn get(&mut self, order: usize, variance: f64, kernel: impl Fn(f64) -> f64) -> &[f64] {
        if self.held > CACHE_LIMIT {
            self.known.clear();
            self.held = 0;
        }
        let (planner, held) = (&mut self.planner, &mut self.held);
        self.known.entry((order, variance.to_bits())).or_insert_with(|| {
            let mut values = vec![Complex64::ZERO; order];
            for j in 0..=order / 2 {
                let value = Complex64::new(kernel(j as f64 / order as f64) / order as f64, 0.0);
                values[j] = value;
                values[(order - j) % order] = value;
            }
            planner.get_or_insert_with(FftPlanner::new).plan_fft_forward(order).process(&mut values);
            *held += order / 2 + 1;
            (0..=order / 2)
                .map(|power| if (2 * power) % order == 0 { values[power].re } else { 2.0 * values[power].re })
                .collect()
        })
    }
}

/// Finds the pieces of the powers of a character.
struct PowerTable {
    /// Characters as numbers with the exponent as base, where such a table is small; else empty.
    dense: Vec<u32>,
}

impl PowerTable {
    fn new(abelian: &AbelianDecomposition) -> Self {
        let pieces = abelian.pieces().len();
        let exponent = abelian.exponent();
        let generators = abelian.character(0).len() as u32;
        let entries = exponent.checked_pow(generators).filter(|&n| n <= 64 * pieces as u64 + 1024);
        let Some(entries) = entries else { return PowerTable { dense: Vec::new() } };
        let mut dense = vec![u32::MAX; entries as usize];
        for piece in 0..pieces {
            let t = abelian.character(piece);
            let key = |sign: bool| {
                t.iter().fold(0, |key, &t| key * exponent + if sign { t } else { (exponent - t) % exponent })
            };
            dense[key(true) as usize] = piece as u32;
            dense[key(false) as usize] = piece as u32;
        }
        PowerTable { dense }
    }

    /// Calls `found(power, piece)` for `power < count`.
    fn for_each(
        &self,
        abelian: &AbelianDecomposition,
        source: usize,
        count: usize,
        mut found: impl FnMut(usize, usize),
    ) {
        let t = abelian.character(source);
        let exponent = abelian.exponent();
        if t.len() == 1 && !self.dense.is_empty() {
            let mut key = 0;
            for power in 0..count {
                found(power, self.dense[key as usize] as usize);
                key += t[0];
                if key >= exponent {
                    key -= exponent;
                }
            }
            return;
        }
        let mut current = vec![0u64; t.len()];
        for power in 0..count {
            let piece = if self.dense.is_empty() {
                abelian.piece_of(&current)
            } else {
                let key = current.iter().fold(0, |key, &t| key * exponent + t);
                Some(self.dense[key as usize] as usize)
            };
            found(power, piece.expect("powers of a character of an orbit are characters of it"));
            for (digit, &step) in current.iter_mut().zip(t) {
                *digit = (*digit + step) % exponent;
            }
        }
    }
}
