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
/// [`Error::Input`] for fewer than 4 points or no sample.
pub fn leakage(
    activation: SmoothActivation,
    options: LeakageOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<LeakageRow>> {
    let n = options.points;
    if n < 4 || options.samples == 0 {
        return Err(Error::input(
            "leakage",
            format!("{n} points and {} samples", options.samples),
            "give at least 4 points and one sample",
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
            let scale = energy.sqrt().recip();
            let mut signal: Vec<Complex64> = spectrum.iter().map(|c| c * scale).collect();
            inverse.process(&mut signal);
            for value in &mut signal {
                *value = Complex64::new(activation.f(value.re), 0.0);
            }
            forward.process(&mut signal);
            signal[0] = Complex64::ZERO;
            spectrum = signal;

            let energies = folded_energies(&spectrum);
            let total: f64 = energies.iter().sum();
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
