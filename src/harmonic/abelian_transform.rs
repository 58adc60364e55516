//! The fast Fourier transform of an orbit of an abelian group.
//!
//! In the coordinates of [`AbelianOrbit`] a character is `chi(e) = exp(2 pi i sum_j e_j t_j / E)`, and
//! `t_j = s_j + k_j E / r_j` with `s_j` fixed by the earlier `t_i` through the relation of generator `j`. So the
//! transform is taken axis by axis, first to last: multiply by `exp(-2 pi i e_j s_j / E)`, then a plain transform of
//! length `r_j`. No Smith normal form is needed, and for `C_n^k` all twiddles are 1.
//!
//! Before each axis the array is transposed so that its lines lie one behind the other; after as many steps as there
//! are axes the order is the original one.

use crate::representation::abelian::AbelianOrbit;
use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

/// The orthonormal transform of functions on one orbit: `F[k] = N^(-1/2) sum_x f(x) conj(chi_k(x))`.
///
/// Coefficient `k` belongs to character `k` of [`AbelianOrbit::characters`].
#[derive(Clone)]
pub struct AbelianTransform {
    points: Vec<u32>,
    axes: Vec<Axis>,
}

#[derive(Clone)]
struct Axis {
    radix: usize,
    /// The number of choices of the characters of the axes before this one.
    earlier: usize,
    /// For each of these choices the factors `exp(-2 pi i e s / E)`, one row each; empty where all are 1.
    twiddles: Vec<Complex64>,
    fft: Arc<dyn Fft<f64>>,
}

/// Room that the transforms need besides their argument; reuse it between calls.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    transposed: Vec<Complex64>,
    fft: Vec<Complex64>,
}

impl AbelianTransform {
    /// Plans the transform; O(N) besides rustfft's planning. Plans of equal length are shared through `planner`.
    pub fn new(orbit: &AbelianOrbit, exponent: u64, planner: &mut FftPlanner<f64>) -> Self {
        let mut earlier: Vec<Vec<u64>> = vec![vec![]];
        let mut axes = Vec::with_capacity(orbit.radices.len());
        for (j, &radix) in orbit.radices.iter().enumerate() {
            let starts: Vec<u64> = earlier.iter().map(|t| orbit.first_choice(j, t, exponent)).collect();
            let twiddles = if starts.iter().all(|&start| start == 0) {
                Vec::new()
            } else {
                starts
                    .iter()
                    .flat_map(|&start| (0..radix as u64).map(move |e| root(e, start, exponent)))
                    .collect()
            };
            axes.push(Axis { radix, earlier: earlier.len(), twiddles, fft: planner.plan_fft_forward(radix) });
            if j + 1 == orbit.radices.len() {
                break;
            }
            let step = exponent / radix as u64;
            earlier = earlier
                .iter()
                .zip(&starts)
                .flat_map(|(t, &start)| {
                    (0..radix as u64).map(move |k| {
                        let mut longer = t.clone();
                        longer.push((start + k * step) % exponent);
                        longer
                    })
                })
                .collect();
        }
        axes.retain(|axis| axis.radix > 1);
        AbelianTransform { points: orbit.points.clone(), axes }
    }

    /// The number of points of the orbit.
    pub fn size(&self) -> usize {
        self.points.len()
    }

    /// The points in the order of the transform: `points[e]` has the mixed-radix digits of `e` as its exponents.
    pub fn points(&self) -> &[u32] {
        &self.points
    }

    /// The coefficients of the restriction to the orbit of a function on the whole set. O(N log N).
    ///
    /// # Panics
    /// Panics where `f` is too short to hold the points of the orbit.
    pub fn forward(&self, f: &[f64]) -> Vec<Complex64> {
        let mut values: Vec<Complex64> =
            self.points.iter().map(|&x| Complex64::new(f[x as usize], 0.0)).collect();
        self.process_forward(&mut values, &mut Scratch::default());
        let scale = self.scale();
        values.iter_mut().for_each(|value| *value *= scale);
        values
    }

    /// Writes the real part of the function with these coefficients to the points of the orbit. O(N log N).
    ///
    /// # Panics
    /// Panics where there are not as many coefficients as points, or `f` is too short.
    pub fn inverse(&self, coefficients: &[Complex64], f: &mut [f64]) {
        assert_eq!(coefficients.len(), self.size(), "coefficients of an orbit");
        let mut values = coefficients.to_vec();
        self.process_inverse(&mut values, &mut Scratch::default());
        let scale = self.scale();
        for (&x, value) in self.points.iter().zip(&values) {
            f[x as usize] = value.re * scale;
        }
    }

    /// `N^(-1/2)`, the factor that makes the plain sums of the two in-place transforms orthonormal.
    pub fn scale(&self) -> f64 {
        (self.size() as f64).sqrt().recip()
    }

    /// Replaces each run of `N` values, in the order of [`points`](Self::points), by its plain sums
    /// `sum_e f(e) conj(chi_k(e))`. O(N log N) each.
    ///
    /// # Panics
    /// Panics where the length is no multiple of `N`.
    pub fn process_forward(&self, values: &mut [Complex64], scratch: &mut Scratch) {
        let size = self.size();
        assert_eq!(values.len() % size, 0, "a whole number of functions");
        for axis in &self.axes {
            let fft_room = axis.fft.get_inplace_scratch_len().max(axis.fft.get_outofplace_scratch_len());
            scratch.fft.resize(fft_room.max(scratch.fft.len()), Complex64::ZERO);
            if axis.radix == size {
                axis.twist(values);
                axis.fft.process_with_scratch(values, &mut scratch.fft);
                continue;
            }
            scratch.transposed.resize(values.len(), Complex64::ZERO);
            for (from, to) in values.chunks(size).zip(scratch.transposed.chunks_mut(size)) {
                transpose(from, to, axis.radix, size / axis.radix);
            }
            axis.twist(&mut scratch.transposed);
            axis.fft.process_outofplace_with_scratch(&mut scratch.transposed, values, &mut scratch.fft);
        }
    }

    /// Replaces each run of `N` coefficients by the plain sums `sum_k F[k] chi_k(e)`: `N` times the inverse of
    /// [`process_forward`](Self::process_forward).
    ///
    /// # Panics
    /// Panics where the length is no multiple of `N`.
    pub fn process_inverse(&self, values: &mut [Complex64], scratch: &mut Scratch) {
        let size = self.size();
        assert_eq!(values.len() % size, 0, "a whole number of functions");
        // The conjugate of a backward transform is the forward transform of the conjugate.
        values.iter_mut().for_each(|value| *value = value.conj());
        for axis in self.axes.iter().rev() {
            scratch.fft.resize(axis.fft.get_inplace_scratch_len().max(scratch.fft.len()), Complex64::ZERO);
            axis.fft.process_with_scratch(values, &mut scratch.fft);
            axis.twist(values);
            if axis.radix == size {
                continue;
            }
            scratch.transposed.resize(values.len(), Complex64::ZERO);
            for (from, to) in values.chunks(size).zip(scratch.transposed.chunks_mut(size)) {
                transpose(from, to, size / axis.radix, axis.radix);
            }
            values.copy_from_slice(&scratch.transposed);
        }
        values.iter_mut().for_each(|value| *value = value.conj());
    }
}

impl Axis {
    /// Multiplies lines by their twiddles; line `i` belongs to choice `i mod earlier` of the earlier characters.
    fn twist(&self, values: &mut [Complex64]) {
        if self.twiddles.is_empty() {
            return;
        }
        for block in values.chunks_mut(self.radix * self.earlier) {
            for (value, twiddle) in block.iter_mut().zip(&self.twiddles) {
                *value *= twiddle;
            }
        }
    }
}

/// `exp(-2 pi i e start / exponent)`.
fn root(e: u64, start: u64, exponent: u64) -> Complex64 {
    let turn = (e as u128 * start as u128 % exponent as u128) as f64 / exponent as f64;
    Complex64::from_polar(1.0, -TAU * turn)
}

/// Transposes a matrix of `rows` rows in square tiles, which fit the cache.
fn transpose(from: &[Complex64], to: &mut [Complex64], rows: usize, columns: usize) {
    const TILE: usize = 16;
    for top in (0..rows).step_by(TILE) {
        for left in (0..columns).step_by(TILE) {
            for column in left..(left + TILE).min(columns) {
                let line = &mut to[column * rows..(column + 1) * rows];
                for row in top..(top + TILE).min(rows) {
                    line[row] = from[row * columns + column];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use crate::representation::abelian::AbelianDecomposition;

    /// The fast transform equals the sum over characters, for products, overlapping generators and several orbits, and
    /// the inverse leads back.
    #[test]
    fn the_transform_is_the_sum_over_characters() {
        for group in [
            "C7",
            "C4^2",
            "C2xC3xC4",
            "C20xC3",
            "<(1,2)(3,4,5,6),(3,5)(4,6)>",
            "<(1,2,3,4),(1,3)(2,4)>",
            "<()>",
        ] {
            let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), "points").unwrap();
            let abelian = AbelianDecomposition::new(&set).unwrap();
            let f: Vec<f64> = (0..set.size()).map(|x| (x as f64 * 1.7).sin() + 0.3).collect();
            let mut back = vec![0.0; set.size()];
            for orbit in abelian.orbits() {
                let transform = AbelianTransform::new(orbit, abelian.exponent(), &mut FftPlanner::new());
                let fast = transform.forward(&f);
                let characters = orbit.characters(abelian.exponent());
                assert_eq!(characters.len(), fast.len());
                for (t, coefficient) in characters.iter().zip(&fast) {
                    let slow = slow_coefficient(&f, orbit, t, abelian.exponent());
                    assert!((slow - coefficient).norm() < 1e-12, "{group} {t:?}");
                }
                transform.inverse(&fast, &mut back);
            }
            assert!(f.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-12), "{group}");
        }
    }

    fn slow_coefficient(f: &[f64], orbit: &AbelianOrbit, t: &[u64], exponent: u64) -> Complex64 {
        let size = orbit.points.len();
        let mut sum = Complex64::ZERO;
        for (index, &x) in orbit.points.iter().enumerate() {
            let (mut rest, mut turn) = (index, 0.0);
            for (j, &radix) in orbit.radices.iter().enumerate().rev() {
                turn += (rest % radix) as f64 * t[j] as f64 / exponent as f64;
                rest /= radix;
            }
            sum += Complex64::from_polar(f[x as usize], -TAU * turn);
        }
        sum / (size as f64).sqrt()
    }
}
