//! Weights of the interaction graph as functions of the temperature.
//!
//! On `C_n` put a wave of frequency `i`, amplitude 1 and uniformly random phase through the activation. The weight
//! `i -> j` is the root mean square of what arrives on frequency `j`:
//!
//! `w_ij^2 = sum over h >= 0 with h i = +-j mod n of power_h`, as [`overtones`](crate::analysis::overtones) folds it.
//!
//! So for half-linear activations the *support* does not depend on the temperature: `i` itself and the even multiples
//! of `i`. Only `alpha` times the amplitude matters, since `f_alpha(A x) / A = f_(alpha A)(x)`.

use super::harmonics::harmonics;
use crate::action::GSet;
use crate::analysis::PointwiseFunction;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::analysis::overtones::{energies_of_series, phase_averaged_matrix};
use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use crate::representation::SimplePiece;
use nalgebra::DVector;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;

/// Harmonics beyond this are dropped; where there is no bend they vanish in rounding long before.
const HARMONICS: usize = 1 << 15;

/// The longest cycle for which a matrix of weights is built.
pub const LONGEST_CYCLE: usize = 4096;

/// The weights between the frequencies `0..=n/2` of `C_n`: `weights[i][j]` from `i` to `j`, for a wave of amplitude
/// `amplitude`, divided by the amplitude. O(n (n + H)) with H the number of harmonics.
///
/// # Errors
/// [`Error::Input`] for `n = 0` or an amplitude that is not positive; [`Error::TooLarge`] beyond [`LONGEST_CYCLE`].
///
/// ```
/// use isotypic::analysis::smooth::temperature::cyclic_weights;
/// use isotypic::network::SmoothActivation;
/// let w = cyclic_weights(8, SmoothActivation::Relu, 1.0)?;
/// assert!((w[1][1] - 0.125f64.sqrt()).abs() < 1e-12 && w[1][3] == 0.0);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn cyclic_weights(n: usize, activation: SmoothActivation, amplitude: f64) -> Result<Vec<Vec<f64>>> {
    if n == 0 || !(amplitude > 0.0 && amplitude.is_finite()) {
        return Err(Error::input(
            "interaction weights",
            format!("cycle length {n} and amplitude {amplitude}"),
            "give a cycle of at least one point and a positive amplitude",
        ));
    }
    if n > LONGEST_CYCLE {
        return Err(Error::too_large(
            "interaction weights",
            format!("a cycle of {n} points"),
            format!("{LONGEST_CYCLE} points"),
            "choose a shorter cycle",
        ));
    }
    let sharp = match activation {
        SmoothActivation::Relu => Some(PointwiseFunction::Relu),
        SmoothActivation::LeakyRelu { slope } => Some(PointwiseFunction::Leaky(slope)),
        SmoothActivation::Abs => Some(PointwiseFunction::Abs),
        _ => None,
    };
    let energies = match sharp {
        Some(sharp) => phase_averaged_matrix(sharp, amplitude, n)?,
        None => {
            let c = harmonics(activation, amplitude, HARMONICS);
            (0..=n / 2).map(|i| energies_of_series(&c, amplitude, n, i)).collect()
        }
    };
    Ok(energies.into_iter().map(|row| row.into_iter().map(f64::sqrt).collect()).collect())
}

/// What a sampled weight table needs to know.
#[derive(Clone, Copy, Debug)]
pub struct SampledWeights {
    /// Root mean square of the entries of the input.
    pub input_rms: f64,
    /// Random inputs for each piece.
    pub samples: usize,
    /// Seed.
    pub seed: u64,
}

/// Weights between the pieces of any set, by sampling.
#[derive(Clone, Debug, Serialize)]
pub struct WeightTable {
    /// The labels of the pieces.
    pub labels: Vec<String>,
    /// `weights[i][j]`: root mean square of piece `j` of the output for a random input in piece `i`, divided by the
    /// root mean square of the input.
    pub weights: Vec<Vec<f64>>,
    /// The standard errors of the squares of the weights.
    pub squared_errors: Vec<Vec<f64>>,
}

/// Samples the weights on any set: for each piece random directions of its whole component, uniform on the sphere.
///
/// On a component of a real piece of dimension 1 and multiplicity 1 there are two directions only, whereas
/// [`cyclic_weights`] averages over a phase; elsewhere on `C_n` the two agree, up to the factor `sqrt 2` between the
/// amplitude and the root mean square of a wave. O(pieces^2 samples |X|^2).
///
/// # Errors
/// [`Error::Input`] without a sample or for a size that is not positive; otherwise as [`IsotypicProjectors::new`].
pub fn sampled_weights(
    set: &GSet,
    activation: SmoothActivation,
    options: SampledWeights,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<WeightTable> {
    if options.samples == 0 || !(options.input_rms > 0.0 && options.input_rms.is_finite()) {
        return Err(Error::input(
            "sampled weights",
            format!("{} samples of root mean square {}", options.samples, options.input_rms),
            "give at least one sample and a positive size",
        ));
    }
    let projectors = IsotypicProjectors::new(set)?;
    let count = projectors.pieces().len();
    let n = set.size();
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let (mut weights, mut squared_errors) = (Vec::new(), Vec::new());
    for i in 0..count {
        let (mut sum, mut squares) = (vec![0.0; count], vec![0.0; count]);
        for _ in 0..options.samples {
            let u = random_in_piece(&projectors, i, &mut random) * (options.input_rms * (n as f64).sqrt());
            let out = u.map(|x| activation.f(x) / options.input_rms);
            for j in 0..count {
                let energy = (projectors.matrix(j) * &out).norm_squared() / n as f64;
                sum[j] += energy;
                squares[j] += energy * energy;
            }
        }
        let samples = options.samples as f64;
        weights.push(sum.iter().map(|s| (s / samples).sqrt()).collect());
        squared_errors.push(
            sum.iter()
                .zip(&squares)
                .map(|(s, q)| ((q / samples - (s / samples).powi(2)).max(0.0) / samples).sqrt())
                .collect(),
        );
        progress(i + 1, count);
    }
    Ok(WeightTable { labels: labels(projectors.pieces()), weights, squared_errors })
}

/// A random unit vector of the component of a piece, uniform on the sphere.
pub(crate) fn random_in_piece(
    projectors: &IsotypicProjectors,
    piece: usize,
    random: &mut ChaCha8Rng,
) -> DVector<f64> {
    let n = projectors.matrix(piece).nrows();
    let gaussian = DVector::from_fn(n, |_, _| random.sample::<f64, _>(StandardNormal));
    let projected = projectors.matrix(piece) * gaussian;
    let norm = projected.norm();
    projected / norm
}

fn labels(pieces: &[SimplePiece]) -> Vec<String> {
    pieces.iter().map(|piece| piece.label.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    #[test]
    fn sampling_agrees_with_the_closed_form_on_a_cycle() {
        let set = GSet::points(&Arc::new(PermutationGroup::parse("C9").unwrap()));
        let f = SmoothActivation::Softplus { alpha: 6.0 };
        let options = SampledWeights { input_rms: 0.5f64.sqrt(), samples: 4000, seed: 3 };
        let table = sampled_weights(&set, f, options, &mut |_, _| {}).unwrap();
        let exact = cyclic_weights(9, f, 1.0).unwrap();
        for i in 1..5 {
            for j in 0..5 {
                // The closed form divides by the amplitude, the table by the root mean square.
                let (measured, predicted) = (table.weights[i][j].powi(2), 2.0 * exact[i][j].powi(2));
                let tolerance = 5.0 * table.squared_errors[i][j] + 1e-12;
                assert!((measured - predicted).abs() < tolerance, "{i} {j} {measured} {predicted}");
            }
        }
    }
}
