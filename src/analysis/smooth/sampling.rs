//! Sampling error of Fourier-pointwise layers.
//!
//! Such a layer samples a band-limited signal at `N` points of the circle, applies the activation, and keeps the
//! Fourier coefficients of the result up to the band. Harmonics at `k + q N` alias onto `k` with a phase that
//! depends on where the samples lie, so turning the input by part of a sample changes the output: the layer is
//! equivariant only up to this error. It falls like `N^-2` for ReLU and like `e^(-rate N)` for smooth activations,
//! with the rate of [`decay_law`](super::harmonics::decay_law).

use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use num_complex::Complex64;
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
    if !(tolerance >= 1e-15 && alpha_amplitude > 0.0 && alpha_amplitude.is_finite()) {
        return Err(Error::input(
            "samples for a tolerance",
            format!("tolerance {tolerance} at alpha * amplitude {alpha_amplitude}"),
            "give a tolerance of at least 1e-15 and a positive alpha * amplitude",
        ));
    }
    let activation = activation.at(alpha_amplitude);
    let good = |half: usize| sampling_error(activation, 1.0, band, 2 * half) <= tolerance;
    let mut low = band;
    let mut high = band + 1;
    while !good(high) {
        low = high;
        high *= 2;
        if 2 * high > MOST_SAMPLES {
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
