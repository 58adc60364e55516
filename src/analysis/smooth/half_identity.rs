//! The half-identity theorem.
//!
//! Let `V` be a simple piece on which some group element `g` acts as -1, `u` in the `V`-component of `Fun(X)`, and
//! `f` half-linear. Then `P_V f(u) = u / 2` exactly, and the even part lands only in pieces on which `g` acts
//! trivially. (The even part satisfies `e(u) = e(-u) = e(g u) = g e(u)`.)

use super::temperature::random_in_piece;
use crate::action::GSet;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// What the theorem says and what is measured, for one piece.
#[derive(Clone, Debug, Serialize)]
pub struct HalfIdentity {
    /// The label of the piece.
    pub label: String,
    /// Its dimension.
    pub dim: usize,
    /// Its type: R, C or H.
    pub real_type: String,
    /// Whether some group element acts as -1 on it.
    pub has_minus_one: bool,
    /// The largest entry of `P_V f(u) - u / 2` over the samples.
    pub deviation: f64,
    /// The largest entry of the even part in a piece on which that element does not act trivially; 0 without one.
    pub forbidden_even_part: f64,
}

/// Random inputs for [`half_identity`].
#[derive(Clone, Copy, Debug)]
pub struct HalfIdentityOptions {
    /// Root mean square of the entries of each input.
    pub input_rms: f64,
    /// Inputs per piece.
    pub samples: usize,
    /// Seed.
    pub seed: u64,
}

impl Default for HalfIdentityOptions {
    fn default() -> Self {
        HalfIdentityOptions { input_rms: 3.0, samples: 20, seed: 1 }
    }
}

/// Measures both statements on every piece of `Fun(X)` with random inputs.
///
/// The deviation is rounding where an element acts as -1, whatever the temperature, and of the order of the even part
/// elsewhere. For an activation that is not half-linear (tanh) it is large everywhere.
///
/// # Errors
/// [`Error::Input`] without a sample or for a size that is not positive; otherwise as [`IsotypicProjectors::new`].
///
/// ```
/// use isotypic::action::GSet;
/// use isotypic::analysis::smooth::half_identity::{HalfIdentityOptions, half_identity};
/// use isotypic::group::PermutationGroup;
/// use isotypic::network::SmoothActivation;
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C8")?));
/// let rows = half_identity(&set, SmoothActivation::Silu { alpha: 2.0 }, HalfIdentityOptions::default())?;
/// assert!(rows[1].has_minus_one && rows[1].deviation < 1e-13);
/// assert!(!rows[0].has_minus_one);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn half_identity(
    set: &GSet,
    activation: SmoothActivation,
    options: HalfIdentityOptions,
) -> Result<Vec<HalfIdentity>> {
    if options.samples == 0 || !(options.input_rms > 0.0 && options.input_rms.is_finite()) {
        return Err(Error::input(
            "half-identity",
            format!("{} samples of root mean square {}", options.samples, options.input_rms),
            "give at least one sample and a positive size",
        ));
    }
    let projectors = IsotypicProjectors::new(set)?;
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let norm = options.input_rms * (set.size() as f64).sqrt();
    let count = projectors.pieces().len();
    Ok((0..count)
        .map(|piece| {
            let minus_one = projectors.element_acting_as(piece, -1.0);
            let forbidden: Vec<usize> = match minus_one {
                Some(g) => (0..count).filter(|&other| !projectors.acts_as(g, other, 1.0)).collect(),
                None => Vec::new(),
            };
            let (mut deviation, mut forbidden_even_part) = (0.0f64, 0.0f64);
            for _ in 0..options.samples {
                let u = random_in_piece(&projectors, piece, &mut random) * norm;
                let image = projectors.matrix(piece) * u.map(|x| activation.f(x));
                deviation = deviation.max((image - 0.5 * &u).amax());
                let even = u.map(|x| activation.even_part(x));
                for &other in &forbidden {
                    forbidden_even_part = forbidden_even_part.max((projectors.matrix(other) * &even).amax());
                }
            }
            let simple = &projectors.pieces()[piece];
            HalfIdentity {
                label: simple.label.clone(),
                dim: simple.dim,
                real_type: simple.real_type.to_string(),
                has_minus_one: minus_one.is_some(),
                deviation,
                forbidden_even_part,
            }
        })
        .collect())
}
