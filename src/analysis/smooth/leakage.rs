//! Leakage to high frequencies by depth, on a cycle.
//!
//! A wave of frequency 1 and random phase passes layers of: random all-pass convolution (every frequency gets a
//! random phase, its energy is kept), unit root mean square, activation, mean removed. After one ReLU layer
//! frequency 1 keeps `(1/8) / (1/4 - 1/pi^2) = 0.8407` of the energy.

use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use num_complex::Complex64;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustfft::FftPlanner;
use serde::Serialize;
use std::f64::consts::TAU;

/// The longest cycle.
pub const MOST_POINTS: usize = 1 << 20;

/// The most layers.
pub const MOST_LAYERS: usize = 1 << 12;

/// A leakage experiment.
#[derive(Clone, Copy, Debug)]
pub struct LeakageOptions {
    /// Points on the cycle.
    pub points: usize,
    /// Layers.
    pub layers: usize,
    /// Random inputs and filters to average over.
    pub samples: usize,
    /// Frequencies from this one on count as high.
    pub high: usize,
    /// Seed.
    pub seed: u64,
}

impl Default for LeakageOptions {
    fn default() -> Self {
        LeakageOptions { points: 64, layers: 6, samples: 400, high: 9, seed: 1 }
    }
}

/// The mean state after one layer.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LeakageRow {
    /// The layer, from 1.
    pub layer: usize,
    /// Fraction of the energy left on frequency 1.
    pub fraction_first: f64,
    /// Fraction of the energy at high frequencies.
    pub fraction_high: f64,
    /// Mean frequency, weighted by energy.
    pub centroid: f64,
}

/// Runs the experiment; O(samples layers n log n).
///
/// # Errors
/// [`Error::Input`] for fewer than 4 points, no sample, no layer, or no frequency that counts as high;
/// [`Error::TooLarge`] beyond [`MOST_POINTS`] or [`MOST_LAYERS`].
pub fn leakage(
    activation: SmoothActivation,
    options: LeakageOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<LeakageRow>> {
    let n = options.points;
    if n < 4 || options.samples == 0 || options.layers == 0 || options.high > n / 2 {
        return Err(Error::input(
            "leakage",
            format!(
                "{n} points, {} samples, {} layers, frequencies from {}",
                options.samples, options.layers, options.high
            ),
            "give at least 4 points, one sample and one layer, and a frequency up to half the points",
        ));
    }
    if n > MOST_POINTS {
        return Err(Error::too_large(
            "leakage",
            format!("a cycle of {n} points"),
            format!("{MOST_POINTS} points"),
            "choose a shorter cycle",
        ));
    }
    if options.layers > MOST_LAYERS {
        return Err(Error::too_large(
            "leakage",
            format!("{} layers", options.layers),
            format!("{MOST_LAYERS} layers"),
            "choose fewer layers",
        ));
    }
    let mut planner = FftPlanner::new();
    let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let mut rows: Vec<LeakageRow> = (1..=options.layers)
        .map(|layer| LeakageRow { layer, fraction_first: 0.0, fraction_high: 0.0, centroid: 0.0 })
        .collect();
    let share = (options.samples as f64).recip();
    for sample in 0..options.samples {
        let mut spectrum = vec![Complex64::ZERO; n];
        (spectrum[1], spectrum[n - 1]) = (Complex64::ONE, Complex64::ONE);
        for row in &mut rows {
            all_pass(&mut spectrum, &mut random);
            let energy: f64 = spectrum.iter().map(Complex64::norm_sqr).sum();
            // Unit root mean square in the signal is energy n^2 in the unnormalised spectrum.
            let scale = if energy > 0.0 { energy.sqrt().recip() } else { 0.0 };
            let mut signal: Vec<Complex64> = spectrum.iter().map(|c| c * scale).collect();
            inverse.process(&mut signal);
            for value in &mut signal {
                *value = Complex64::new(activation.f(value.re), 0.0);
            }
            forward.process(&mut signal);
            let mean = signal[0].norm_sqr();
            signal[0] = Complex64::ZERO;
            spectrum = signal;

            let energies = folded_energies(&spectrum);
            let total: f64 = energies.iter().sum();
            if total <= 1e-24 * mean {
                // A constant, up to rounding (|x| makes one of two opposite values): nothing is left to leak.
                spectrum.fill(Complex64::ZERO);
                continue;
            }
            row.fraction_first += share * energies[1] / total;
            row.fraction_high += share * energies.iter().skip(options.high).sum::<f64>() / total;
            row.centroid +=
                share * energies.iter().enumerate().map(|(k, e)| k as f64 * e).sum::<f64>() / total;
        }
        progress(sample + 1, options.samples);
    }
    Ok(rows)
}

/// Multiplies each pair of opposite frequencies by a random phase; the frequency `n / 2` by a random sign.
fn all_pass(spectrum: &mut [Complex64], random: &mut ChaCha8Rng) {
    let n = spectrum.len();
    for k in 1..n.div_ceil(2) {
        let turn = Complex64::from_polar(1.0, TAU * random.random::<f64>());
        spectrum[k] *= turn;
        spectrum[n - k] *= turn.conj();
    }
    if n.is_multiple_of(2) && random.random::<bool>() {
        spectrum[n / 2] = -spectrum[n / 2];
    }
}

/// Energy by frequency `0..=n/2`.
fn folded_energies(spectrum: &[Complex64]) -> Vec<f64> {
    let n = spectrum.len();
    let mut energies = vec![0.0; n / 2 + 1];
    for (k, c) in spectrum.iter().enumerate() {
        energies[k.min(n - k)] += c.norm_sqr();
    }
    energies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_high_frequency_counts_as_high() {
        // |cos| of frequency 1 on 8 points has the frequencies 0, 2 and 4 only.
        let high = |high| {
            let options = LeakageOptions { points: 8, layers: 1, samples: 5, high, seed: 1 };
            leakage(SmoothActivation::Abs, options, &mut |_, _| {}).unwrap()[0].fraction_high
        };
        assert!((high(1) - 1.0).abs() < 1e-12 && (high(2) - 1.0).abs() < 1e-12);
        assert!(high(3) < 0.5 && (high(3) - high(4)).abs() < 1e-12 && high(4) > 1e-3);
    }

    #[test]
    fn a_constant_leaks_nothing() {
        let options = LeakageOptions { points: 4, layers: 4, samples: 3, high: 2, seed: 1 };
        let rows = leakage(SmoothActivation::Abs, options, &mut |_, _| {}).unwrap();
        assert!(rows.iter().all(|row| row.fraction_high.is_finite() && row.centroid.is_finite()));
        assert_eq!(rows[3].fraction_first + rows[3].fraction_high, 0.0);
        for wrong in [
            LeakageOptions { layers: 0, ..options },
            LeakageOptions { high: 3, ..options },
            LeakageOptions { layers: 1 << 50, ..options },
            LeakageOptions { points: 1 << 40, ..options },
        ] {
            assert!(leakage(SmoothActivation::Relu, wrong, &mut |_, _| {}).is_err());
        }
    }
}
