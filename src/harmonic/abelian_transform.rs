//! The fast Fourier transform of an orbit of an abelian group.
//!
//! In the coordinates of [`AbelianOrbit`] a character is
//! `chi(e) = exp(2 pi i sum_j e_j t_j / E)`, and `t_j = s_j + k_j E / r_j` with `s_j` fixed by the earlier `t_i` through
//! the relation of generator `j`. So the transform is taken axis by axis, first to last: multiply by
//! `exp(-2 pi i e_j s_j / E)`, then a plain transform of length `r_j`. No Smith normal form is needed, and for `C_n^k`
//! all twiddles are 1.

use crate::representation::abelian::AbelianOrbit;
use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

/// The orthonormal transform of functions on one orbit: `F[k] = N^(-1/2) sum_x f(x) conj(chi_k(x))`.
///
/// Coefficient `k` belongs to character `k` of
/// [`AbelianOrbit::characters`](crate::representation::abelian::AbelianOrbit::characters).
#[derive(Clone)]
pub struct AbelianTransform {
    points: Vec<u32>,
    axes: Vec<Axis>,
}

#[derive(Clone)]
struct Axis {
    radix: usize,
    /// Points of the axes behind this one: the stride of this axis.
    stride: usize,
    /// For each choice of the earlier characters the twiddles `exp(-2 pi i e s / E)`; empty where all are 1.
    twiddles: Vec<Vec<Complex64>>,
    fft: Arc<dyn Fft<f64>>,
}

impl AbelianTransform {
    /// Plans the transform; O(N) besides rustfft's planning. Plans of equal length are shared through `planner`.
    pub fn new(orbit: &AbelianOrbit, exponent: u64, planner: &mut FftPlanner<f64>) -> Self {
        let size = orbit.points.len();
        let mut stride = size;
        let mut earlier: Vec<Vec<u64>> = vec![vec![]];
        let mut axes = Vec::with_capacity(orbit.radices.len());
        for (j, &radix) in orbit.radices.iter().enumerate() {
            stride /= radix;
            let starts: Vec<u64> = earlier.iter().map(|t| orbit.first_choice(j, t, exponent)).collect();
            let twiddle = |start: u64| -> Vec<Complex64> {
                (0..radix as u64)
                    .map(|e| {
                        let turn = (e as u128 * start as u128 % exponent as u128) as f64 / exponent as f64;
                        Complex64::from_polar(1.0, -TAU * turn)
                    })
                    .collect()
            };
            let twiddles = if starts.iter().all(|&start| start == 0) {
                Vec::new()
            } else {
                starts.iter().map(|&start| twiddle(start)).collect()
            };
            axes.push(Axis { radix, stride, twiddles, fft: planner.plan_fft_forward(radix) });
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
        AbelianTransform { points: orbit.points.clone(), axes }
    }

    /// The number of points of the orbit.
    pub fn size(&self) -> usize {
        self.points.len()
    }

    /// The coefficients of the restriction to the orbit of a function on the whole set. O(N log N).
    ///
    /// # Panics
    /// Panics where `f` is too short to hold the points of the orbit.
    pub fn forward(&self, f: &[f64]) -> Vec<Complex64> {
        let size = self.size();
        let scale = (size as f64).sqrt().recip();
        let mut values: Vec<Complex64> =
            self.points.iter().map(|&x| Complex64::new(f[x as usize] * scale, 0.0)).collect();
        let mut line = Vec::new();
        for axis in &self.axes {
            if axis.radix == 1 {
                continue;
            }
            line.resize(axis.radix, Complex64::ZERO);
            let block = axis.radix * axis.stride;
            for (earlier, chunk) in values.chunks_mut(block).enumerate() {
                for offset in 0..axis.stride {
                    for (e, slot) in line.iter_mut().enumerate() {
                        *slot = chunk[offset + e * axis.stride];
                    }
                    if let Some(twiddles) = axis.twiddles.get(earlier) {
                        for (slot, twiddle) in line.iter_mut().zip(twiddles) {
                            *slot *= twiddle;
                        }
                    }
                    axis.fft.process(&mut line);
                    for (e, slot) in line.iter().enumerate() {
                        chunk[offset + e * axis.stride] = *slot;
                    }
                }
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use crate::representation::abelian::AbelianDecomposition;

    /// The fast transform equals the sum over characters, for products, overlapping generators and several orbits.
    #[test]
    fn the_transform_is_the_sum_over_characters() {
        for group in
            ["C7", "C4^2", "C2xC3xC4", "<(1,2)(3,4,5,6),(3,5)(4,6)>", "<(1,2,3,4),(1,3)(2,4)>", "<()>"]
        {
            let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), "points").unwrap();
            let abelian = AbelianDecomposition::new(&set).unwrap();
            let f: Vec<f64> = (0..set.size()).map(|x| (x as f64 * 1.7).sin() + 0.3).collect();
            for orbit in abelian.orbits() {
                let transform = AbelianTransform::new(orbit, abelian.exponent(), &mut FftPlanner::new());
                let fast = transform.forward(&f);
                let characters = orbit.characters(abelian.exponent());
                assert_eq!(characters.len(), fast.len());
                for (t, coefficient) in characters.iter().zip(&fast) {
                    let slow = slow_coefficient(&f, orbit, t, abelian.exponent());
                    assert!((slow - coefficient).norm() < 1e-12, "{group} {t:?}");
                }
            }
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
