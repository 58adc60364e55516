//! What one activation does to the energies of a data set: before, after, and how much of it is new.
//!
//! **New energy.** Over the data, the output's part in a piece `K` is split into a multiple of the input's part in `K` and a
//! rest that is orthogonal to it. The rest is what the non-linearity fed from elsewhere: with sums over all rows,
//!
//! ```text
//! new_K = 1 - <P_K x, P_K s(x)>^2 / (|P_K x|^2 |P_K s(x)|^2),
//! ```
//!
//! 0 for a linear activation and 1 where the input has nothing in `K`.

use crate::error::{Error, Result};
use crate::harmonic::{EnergyStatistics, Frequencies, Spectrum};

/// Statistics of the energies at one place of a network, one row of data after the other, in bounded memory.
///
/// ```
/// use isotypic::{action::GSet, analysis::energy::StageStatistics, group::PermutationGroup};
/// use isotypic::harmonic::{Frequencies, Spectrum};
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C4")?));
/// let spectrum = Spectrum::new(&set)?;
/// let mut stage = StageStatistics::new(3, Frequencies::new(&set, spectrum.decomposition()), 1.0);
/// stage.push(&spectrum.energies(&[2.0, 0.0, 0.0, 0.0]));
/// assert_eq!(stage.energies().mean(), [1.0, 2.0, 1.0]);
/// assert_eq!(stage.shape().unwrap().mean()[0], 1.0); // the centroid
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StageStatistics {
    energies: EnergyStatistics,
    fractions: EnergyStatistics,
    frequencies: Option<(Frequencies, f64)>,
    shape: EnergyStatistics,
}

impl StageStatistics {
    /// Statistics for so many pieces. Where the pieces have frequencies, also of their centroid, their spread and the
    /// fraction above `cut`; for other groups the order of pieces is no frequency, and there is nothing of that kind.
    pub fn new(pieces: usize, frequencies: Option<Frequencies>, cut: f64) -> Self {
        StageStatistics {
            energies: EnergyStatistics::new(pieces),
            fractions: EnergyStatistics::new(pieces),
            frequencies: frequencies.map(|frequencies| (frequencies, cut)),
            shape: EnergyStatistics::new(3),
        }
    }

    /// Adds the energies of one row. A row without energy counts in the energies only.
    ///
    /// # Panics
    /// Panics where there is not one energy for each piece.
    pub fn push(&mut self, energies: &[f64]) {
        self.energies.push(energies);
        let total: f64 = energies.iter().sum();
        if total <= 0.0 {
            return;
        }
        self.fractions.push(&energies.iter().map(|energy| energy / total).collect::<Vec<f64>>());
        if let Some((frequencies, cut)) = &self.frequencies {
            let measures = [
                frequencies.centroid(energies),
                frequencies.spread(energies),
                frequencies.fraction_above(energies, *cut),
            ];
            self.shape.push(&measures.map(Option::unwrap_or_default));
        }
    }

    /// Mean and quantiles of the energy in each piece.
    pub fn energies(&self) -> &EnergyStatistics {
        &self.energies
    }

    /// Mean and quantiles of each piece's share of the row's energy.
    pub fn fractions(&self) -> &EnergyStatistics {
        &self.fractions
    }

    /// Mean and quantiles of three columns: centroid of frequency, spread of frequency, fraction above the cut; `None`
    /// where pieces have no frequencies.
    pub fn shape(&self) -> Option<&EnergyStatistics> {
        self.frequencies.as_ref().map(|_| &self.shape)
    }
}

/// How much of the energy behind an activation is new, by piece.
///
/// ```
/// use isotypic::{action::GSet, analysis::energy::NewEnergy, group::PermutationGroup, harmonic::Spectrum};
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C4")?));
/// let spectrum = Spectrum::new(&set)?;
/// let mut new = NewEnergy::new(3);
/// for x in [[1.0, 0.0, -1.0, 0.0], [0.6, 0.8, -0.6, -0.8]] {
///     new.push(&spectrum, &x, &x.map(|v: f64| v.max(0.0)))?;
/// }
/// let fractions = new.fractions();
/// assert!((fractions[0] - 1.0).abs() < 1e-12 && fractions[1].abs() < 1e-12); // a mean is made, the wave only halved
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NewEnergy {
    before: Vec<f64>,
    after: Vec<f64>,
    /// `<P_K x, P_K s(x)>`, summed over the rows.
    products: Vec<f64>,
}

impl NewEnergy {
    /// No data yet, for so many pieces.
    pub fn new(pieces: usize) -> Self {
        NewEnergy { before: vec![0.0; pieces], after: vec![0.0; pieces], products: vec![0.0; pieces] }
    }

    /// Adds one row: the values before the activation and behind it, channel by channel. Three spectra.
    ///
    /// # Errors
    /// [`Error::Shape`] where the two differ in length or do not fit the set.
    pub fn push(&mut self, spectrum: &Spectrum, before: &[f64], after: &[f64]) -> Result<()> {
        if before.len() != after.len() {
            return Err(Error::shape(
                "new energy",
                format!("{} values behind the activation", before.len()),
                after.len(),
                "give the values of one layer before and behind its activation",
            ));
        }
        let pieces = self.before.len();
        let sum: Vec<f64> = before.iter().zip(after).map(|(a, b)| a + b).collect();
        let (a, b) = (spectrum.batch_energies(before)?, spectrum.batch_energies(after)?);
        for (index, both) in spectrum.batch_energies(&sum)?.into_iter().enumerate() {
            self.before[index % pieces] += a[index];
            self.after[index % pieces] += b[index];
            self.products[index % pieces] += 0.5 * (both - a[index] - b[index]);
        }
        Ok(())
    }

    /// The fraction of the energy behind the activation that is new, by piece; 0 where there is no energy.
    pub fn fractions(&self) -> Vec<f64> {
        (0..self.after.len())
            .map(
                |piece| {
                    if self.after[piece] > 0.0 { self.new_energy(piece) / self.after[piece] } else { 0.0 }
                },
            )
            .collect()
    }

    /// The fraction over all pieces together.
    pub fn total(&self) -> f64 {
        let after: f64 = self.after.iter().sum();
        let new: f64 = (0..self.after.len()).map(|piece| self.new_energy(piece)).sum();
        if after > 0.0 { new / after } else { 0.0 }
    }

    fn new_energy(&self, piece: usize) -> f64 {
        let (before, after, product) = (self.before[piece], self.after[piece], self.products[piece]);
        // An input that is rounding only explains nothing.
        if before <= 1e-24 * self.before.iter().sum::<f64>() {
            return after;
        }
        (after - product * product / before).clamp(0.0, after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    fn spectrum(group: &str) -> Spectrum {
        let group = Arc::new(PermutationGroup::parse(group).unwrap());
        Spectrum::new(&grammar::parse(&group, "points").unwrap()).unwrap()
    }

    fn row(size: usize, number: usize) -> Vec<f64> {
        (0..size).map(|x| ((3 * x * x + 5 * number) as f64).sin()).collect()
    }

    #[test]
    fn nothing_is_new_behind_a_multiple() {
        for group in ["C6", "S4"] {
            let spectrum = spectrum(group);
            let mut new = NewEnergy::new(spectrum.pieces().len());
            for number in 0..9 {
                let x = row(2 * spectrum.size(), number);
                let y: Vec<f64> = x.iter().map(|v| -0.7 * v).collect();
                new.push(&spectrum, &x, &y).unwrap();
            }
            assert!(new.total() < 1e-12 && new.fractions().iter().all(|f| *f < 1e-12));
            assert!(new.push(&spectrum, &[0.0; 4], &[0.0; 5]).is_err());
        }
    }

    /// With symmetric data ReLU keeps x / 2, and |x| / 2 is orthogonal to it: half of the energy is new.
    #[test]
    fn half_is_new_behind_relu() {
        let spectrum = spectrum("C8");
        let mut new = NewEnergy::new(5);
        for number in 0..20 {
            for sign in [1.0, -1.0] {
                let x: Vec<f64> = row(8, number).iter().map(|v| sign * v).collect();
                new.push(&spectrum, &x, &x.iter().map(|v| v.max(0.0)).collect::<Vec<f64>>()).unwrap();
            }
        }
        assert!((new.total() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn other_groups_have_no_frequencies() {
        let spectrum = spectrum("S4");
        let mut stage = StageStatistics::new(2, None, 0.0);
        stage.push(&spectrum.energies(&[1.0, 2.0, 3.0, 4.0]));
        stage.push(&[0.0, 0.0]);
        assert!(stage.shape().is_none());
        assert_eq!((stage.energies().count(), stage.fractions().count()), (2, 1));
    }
}
