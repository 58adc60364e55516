//! Sampling error of Fourier-pointwise layers.
//!
//! Such a layer samples a band-limited signal at `N` points of the circle, applies the activation, and keeps the
//! Fourier coefficients of the result up to the band. Harmonics at `k + q N` alias onto `k` with a phase that
//! depends on where the samples lie, so turning the input by part of a sample changes the output: the layer is
//! equivariant only up to this error. It falls like `N^-2` for ReLU and like `e^(-rate N)` for smooth activations,
//! with the rate of [`decay_law`].

use super::harmonics::decay_law;
use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use num_complex::Complex64;
use serde::Serialize;
use std::f64::consts::{PI, TAU};

/// The most samples that [`samples_for_tolerance`] considers.
pub const MOST_SAMPLES: usize = 1 << 16;

/// The largest change of a coefficient `0..=band` of `f(amplitude cos t)`, sampled at `samples` points, when the
/// samples are turned by half a step (the worst turn). O(samples band).
pub fn sampling_error(activation: SmoothActivation, amplitude: f64, band: usize, samples: usize) -> f64 {
    let coefficients = |shift: f64| -> Vec<Complex64> {
        let mut sums = vec![Complex64::ZERO; band + 1];
        for s in 0..samples {
            let t = TAU * s as f64 / samples as f64 + shift;
            // The value at 0 is a constant that no turn changes; leaving it out keeps the digits of the rest.
            let value = activation.f(amplitude * t.cos()) - activation.f(0.0);
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum += Complex64::from_polar(value, -(k as f64) * t);
            }
        }
        sums.iter().map(|sum| sum / samples as f64).collect()
    };
    coefficients(0.0)
        .iter()
        .zip(coefficients(PI / samples as f64))
        .map(|(a, b)| (a - b).norm())
        .fold(0.0, f64::max)
}

/// Sampling errors of one function.
#[derive(Clone, Debug, Serialize)]
pub struct SamplingRow {
    /// The activation.
    pub activation: String,
    /// The errors at the asked numbers of samples, divided by the amplitude.
    pub errors: Vec<f64>,
    /// The least even number of samples within the tolerance; `None` beyond [`MOST_SAMPLES`].
    pub needed: Option<usize>,
    /// The predicted decay of the error per sample, `error ~ e^(-rate samples)`; `None` where it is no exponential.
    pub rate: Option<f64>,
}

/// Errors and numbers of samples for one function at one amplitude; errors and tolerance are relative to the
/// amplitude. O(samples band log) for the largest number of samples.
///
/// # Errors
/// As [`least_samples`], except that needing too many samples is a result; [`Error::Input`] for a number of samples
/// that is zero or beyond [`MOST_SAMPLES`].
pub fn sampling_row(
    activation: SmoothActivation,
    amplitude: f64,
    band: usize,
    tolerance: f64,
    numbers: &[usize],
) -> Result<SamplingRow> {
    if let Some(wrong) = numbers.iter().find(|n| !(1..=MOST_SAMPLES).contains(*n)) {
        return Err(Error::input(
            "sampling errors",
            format!("{wrong} samples"),
            format!("give numbers from 1 to {MOST_SAMPLES}"),
        ));
    }
    // A band that cannot be resolved is refused before the loop over it.
    let needed = match least_samples(activation, amplitude, band, tolerance) {
        Ok(samples) => Some(samples),
        Err(Error::TooLarge { .. }) if band < MOST_SAMPLES / 2 => None,
        Err(error) => return Err(error),
    };
    Ok(SamplingRow {
        activation: activation.to_string(),
        errors: numbers.iter().map(|&n| sampling_error(activation, amplitude, band, n) / amplitude).collect(),
        needed,
        rate: decay_law(activation, amplitude).map(|(rate, _)| rate),
    })
}

/// The least even number of samples, more than twice the band, with a [`sampling_error`] of at most `tolerance`,
/// for a signal of amplitude 1 at inverse temperature `alpha_amplitude` (give ReLU any). Found by bisection on the
/// error, which falls with the number of samples.
///
/// # Errors
/// [`Error::TooLarge`] where [`MOST_SAMPLES`] do not suffice; [`Error::Input`] for a tolerance below 1e-15 or
/// parameters that are not positive.
///
/// ```
/// use isotypic::analysis::smooth::sampling::samples_for_tolerance;
/// use isotypic::network::SmoothActivation;
/// let smooth = samples_for_tolerance(SmoothActivation::Softplus { alpha: 1.0 }, 2.0, 3, 1e-4)?;
/// let relu = samples_for_tolerance(SmoothActivation::Relu, 2.0, 3, 1e-4)?;
/// assert!(smooth <= 12 && relu > 100);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn samples_for_tolerance(
    activation: SmoothActivation,
    alpha_amplitude: f64,
    band: usize,
    tolerance: f64,
) -> Result<usize> {
    if !(alpha_amplitude > 0.0 && alpha_amplitude.is_finite()) {
        return Err(Error::input(
            "samples for a tolerance",
            format!("alpha * amplitude is {alpha_amplitude}"),
            "give a positive number",
        ));
    }
    least_samples(activation.at(alpha_amplitude), 1.0, band, tolerance)
}

/// The same for a function at its own temperature and any amplitude; the tolerance is relative to the amplitude.
///
/// # Errors
/// As [`samples_for_tolerance`]; [`Error::TooLarge`] also for a band that [`MOST_SAMPLES`] cannot resolve.
pub fn least_samples(
    activation: SmoothActivation,
    amplitude: f64,
    band: usize,
    tolerance: f64,
) -> Result<usize> {
    if !(tolerance >= 1e-15 && amplitude > 0.0 && amplitude.is_finite()) {
        return Err(Error::input(
            "samples for a tolerance",
            format!("tolerance {tolerance} at amplitude {amplitude}"),
            "give a tolerance of at least 1e-15 and a positive amplitude",
        ));
    }
    if band >= MOST_SAMPLES / 2 {
        return Err(Error::too_large(
            "a band-limited signal",
            format!("frequencies up to {band}"),
            format!("{}", MOST_SAMPLES / 2 - 1),
            "choose a lower band",
        ));
    }
    let good = |half: usize| sampling_error(activation, amplitude, band, 2 * half) <= tolerance * amplitude;
    let mut low = band;
    let mut high = band + 1;
    while !good(high) {
        low = high;
        high *= 2;
        if high > MOST_SAMPLES / 2 {
            return Err(Error::too_large(
                format!("sampling {activation} to {tolerance}"),
                format!("more than {} samples", 2 * low),
                format!("{MOST_SAMPLES} samples"),
                "allow a larger tolerance or choose a smoother activation",
            ));
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if good(middle) { high = middle } else { low = middle }
    }
    Ok(2 * high)
}
