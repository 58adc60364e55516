//! Frequencies of pieces, where pieces have frequencies.
//!
//! On a cycle or a torus, `C_n1 x ... x C_nk`, a piece is a vector `(k_1, ..., k_k)` up to sign, and its frequency is the
//! Euclidean norm of `(min(k_1, n_1 - k_1), ...)`: how fast its functions oscillate. For other groups the order of the
//! pieces is a convention and says nothing about smoothness, so there is no [`Frequencies`] for them.

use crate::action::GSet;
use crate::error::{Error, Result};
use crate::representation::Decomposition;

/// The frequency of each piece of a set with the action of a cyclic group or a product of such.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, harmonic::Frequencies, representation::Decomposition};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C8")?);
/// let set = GSet::points(&group);
/// let frequencies = Frequencies::new(&set, &Decomposition::new(&set)?).expect("a cycle has frequencies");
/// assert_eq!(frequencies.values(), [0.0, 1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(frequencies.centroid(&[0.0, 3.0, 1.0, 0.0, 0.0]), Some(1.25));
/// assert_eq!(frequencies.fraction_above(&[0.0, 3.0, 1.0, 0.0, 0.0], 1.0), Some(0.25));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Frequencies {
    values: Vec<f64>,
}

impl Frequencies {
    /// The frequencies of the pieces; `None` unless the group was given as a product of cyclic groups (`C8`, `C8^2`,
    /// `C4xC6`).
    pub fn new(set: &GSet, decomposition: &Decomposition) -> Option<Self> {
        let factors = set.group().cyclic_factors()?;
        let Decomposition::Abelian(abelian) = decomposition else { return None };
        let values = (0..abelian.pieces().len())
            .map(|piece| {
                let t = abelian.character(piece);
                if t.len() != factors.len() {
                    return None;
                }
                let square: f64 = t
                    .iter()
                    .zip(factors)
                    .map(|(&t, &n)| {
                        let k = t as u128 * n as u128 / abelian.exponent() as u128;
                        (k.min(n as u128 - k) as f64).powi(2)
                    })
                    .sum();
                Some(square.sqrt())
            })
            .collect::<Option<Vec<f64>>>()?;
        Some(Frequencies { values })
    }

    /// The same where somebody asks for the energy above a frequency, which other groups do not have.
    ///
    /// # Errors
    /// [`Error::Input`] for a cut that is no number, and for any cut where there are no frequencies.
    pub fn with_cut(set: &GSet, decomposition: &Decomposition, cut: Option<f64>) -> Result<Option<Self>> {
        let frequencies = Frequencies::new(set, decomposition);
        match cut {
            Some(cut) if cut.is_nan() => {
                Err(Error::input(format!("cut {cut}"), "it is no number", "give a frequency such as 1.5"))
            }
            Some(cut) if frequencies.is_none() => Err(Error::input(
                format!("cut {cut}"),
                format!("the pieces of {} have no frequency", set.group().name()),
                "leave it out, or give the group as a product of cyclic groups such as C8^2",
            )),
            _ => Ok(frequencies),
        }
    }

    /// The frequency of each piece.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The mean frequency, weighted by energy; `None` without energy.
    ///
    /// # Panics
    /// As all of these: where there is not one energy for each piece.
    pub fn centroid(&self, energies: &[f64]) -> Option<f64> {
        self.mean(energies, |frequency| frequency)
    }

    /// The standard deviation of the frequency, weighted by energy; `None` without energy.
    pub fn spread(&self, energies: &[f64]) -> Option<f64> {
        let centroid = self.centroid(energies)?;
        self.mean(energies, |frequency| (frequency - centroid).powi(2)).map(f64::sqrt)
    }

    /// The fraction of the energy at frequencies above `cut`; `None` without energy.
    pub fn fraction_above(&self, energies: &[f64], cut: f64) -> Option<f64> {
        self.mean(energies, |frequency| if frequency > cut { 1.0 } else { 0.0 })
    }

    fn mean(&self, energies: &[f64], value: impl Fn(f64) -> f64) -> Option<f64> {
        assert_eq!(energies.len(), self.values.len(), "one energy for each piece");
        let total: f64 = energies.iter().sum();
        let sum: f64 = self.values.iter().zip(energies).map(|(&frequency, e)| value(frequency) * e).sum();
        (total > 0.0).then(|| sum / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    fn frequencies(group: &str, on: &str) -> Option<Vec<f64>> {
        let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap();
        Frequencies::new(&set, &Decomposition::new(&set).unwrap()).map(|f| f.values().to_vec())
    }

    #[test]
    fn norms_of_frequency_vectors() {
        let root = 2f64.sqrt();
        assert_eq!(frequencies("C3^2", "points").unwrap(), [0.0, 1.0, 1.0, root, root]);
        // Cosets of a subgroup see some of the frequencies, with their own names.
        assert_eq!(frequencies("C6", "cosets:(1,4)(2,5)(3,6)").unwrap(), [0.0, 2.0]);
        assert_eq!(frequencies("C1", "points").unwrap(), [0.0]);
    }

    #[test]
    fn other_groups_have_none() {
        assert_eq!(frequencies("S3", "points"), None);
        assert_eq!(frequencies("<(1,2,3)>", "points"), None);
        assert_eq!(frequencies("D5", "points"), None);
    }
}
