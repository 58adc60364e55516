//! Energies of a data set at one place, and what an activation adds to them.
//!
//! **New energy.** Over the data, the output's part in a piece `K` is split into a multiple of the input's part in `K` and a
//! rest that is orthogonal to it. The rest is what the non-linearity fed from elsewhere: with sums over all rows,
//!
//! ```text
//! new_K = |P_K s(x)|^2 - <P_K x, P_K s(x)>^2 / |P_K x|^2,
//! ```
//!
//! nothing for a linear activation and everything where the input has nothing in `K`. One multiple for all rows: row by
//! row, a piece that occurs once as a line (the mean, say) would be a multiple of itself whatever was done to it.

use crate::error::{Error, Result};
use crate::harmonic::{Channels, EnergyStatistics, Frequencies, Spectrum};
use crate::network::ChannelOrder;

/// Statistics of the energies at one place of a network or table, one row of data after the other, in bounded memory.
///
/// ```
/// use isotypic::{action::GSet, analysis::energy::StageStatistics, group::PermutationGroup};
/// use isotypic::harmonic::{Frequencies, Spectrum};
/// use std::sync::Arc;
/// let set = GSet::points(&Arc::new(PermutationGroup::parse("C4")?));
/// let spectrum = Spectrum::new(&set)?;
/// let mut stage = StageStatistics::new(3, Frequencies::new(&set, spectrum.decomposition()), Some(1.0));
/// stage.push(&spectrum.energies(&[2.0, 0.0, 0.0, 0.0]));
/// assert_eq!((stage.energies(), stage.total()), (vec![1.0, 2.0, 1.0], 4.0));
/// assert_eq!((stage.centroid(), stage.fraction_above()), (Some(1.0), Some(0.25)));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StageStatistics {
    by_piece: EnergyStatistics,
    /// One column: the energy of the whole row.
    totals: EnergyStatistics,
    frequencies: Option<Frequencies>,
    cut: Option<f64>,
    shape: EnergyStatistics,
}

impl StageStatistics {
    /// Statistics for so many pieces. Where the pieces have frequencies, also of their centroid, their spread and the
    /// fraction above `cut`; for other groups the order of pieces is no frequency, and there is nothing of that kind.
    pub fn new(pieces: usize, frequencies: Option<Frequencies>, cut: Option<f64>) -> Self {
        StageStatistics {
            by_piece: EnergyStatistics::new(pieces),
            totals: EnergyStatistics::new(1),
            cut,
            shape: EnergyStatistics::new(3),
            frequencies,
        }
    }

    /// Adds the energies of one row. A row without energy has no centroid, spread or fraction above.
    ///
    /// # Panics
    /// Panics where there is not one energy for each piece.
    pub fn push(&mut self, energies: &[f64]) {
        self.by_piece.push(energies);
        let total: f64 = energies.iter().sum();
        self.totals.push(&[total]);
        let Some(frequencies) = self.frequencies.as_ref().filter(|_| total > 0.0) else { return };
        let above = self.cut.and_then(|cut| frequencies.fraction_above(energies, cut));
        let measures = [frequencies.centroid(energies), frequencies.spread(energies), above];
        self.shape.push(&measures.map(Option::unwrap_or_default));
    }

    /// The mean energy of each piece.
    pub fn energies(&self) -> Vec<f64> {
        self.by_piece.mean()
    }

    /// The mean energy of all pieces together.
    pub fn total(&self) -> f64 {
        self.energies().iter().sum()
    }

    /// The share of each piece in the mean energy; zeros where there is no energy at all.
    pub fn fractions(&self) -> Vec<f64> {
        let total = self.total();
        self.energies().iter().map(|energy| if total > 0.0 { energy / total } else { 0.0 }).collect()
    }

    /// Mean and quantiles over the rows of the energy in each piece.
    pub fn by_piece(&self) -> &EnergyStatistics {
        &self.by_piece
    }

    /// Mean and quantiles over the rows of the energy of the whole row: one column.
    pub fn totals(&self) -> &EnergyStatistics {
        &self.totals
    }

    /// Mean and quantiles over the rows of three columns: centroid of frequency, spread of frequency, fraction above
    /// the cut (0 without a cut); `None` where pieces have no frequencies.
    pub fn shape(&self) -> Option<&EnergyStatistics> {
        self.frequencies.as_ref().map(|_| &self.shape)
    }

    /// The mean frequency of the mean energies; `None` without frequencies or energy.
    pub fn centroid(&self) -> Option<f64> {
        self.frequencies.as_ref()?.centroid(&self.energies())
    }

    /// The standard deviation of the frequency in the mean energies.
    pub fn spread(&self) -> Option<f64> {
        self.frequencies.as_ref()?.spread(&self.energies())
    }

    /// The fraction of the mean energies above the cut; `None` without a cut too.
    pub fn fraction_above(&self) -> Option<f64> {
        self.frequencies.as_ref()?.fraction_above(&self.energies(), self.cut?)
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
///     let y = x.map(|v: f64| v.max(0.0));
///     let sum = std::array::from_fn::<f64, 4, _>(|i| x[i] + y[i]);
///     new.push(&spectrum.energies(&x), &spectrum.energies(&y), &spectrum.energies(&sum));
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
    rows: u64,
}

impl NewEnergy {
    /// No data yet, for so many pieces.
    pub fn new(pieces: usize) -> Self {
        let zeros = || vec![0.0; pieces];
        NewEnergy { before: zeros(), after: zeros(), products: zeros(), rows: 0 }
    }

    /// Adds one row: the energies by piece of the values before the activation, behind it, and of the sum of the two,
    /// from which the inner products come by polarisation.
    ///
    /// # Panics
    /// Panics where there is not one energy for each piece.
    pub fn push(&mut self, before: &[f64], after: &[f64], of_sum: &[f64]) {
        self.rows += 1;
        for piece in 0..self.before.len() {
            self.before[piece] += before[piece];
            self.after[piece] += after[piece];
            self.products[piece] += 0.5 * (of_sum[piece] - before[piece] - after[piece]);
        }
    }

    /// The mean new energy, by piece.
    pub fn energies(&self) -> Vec<f64> {
        (0..self.after.len()).map(|piece| self.sum(piece) / self.rows.max(1) as f64).collect()
    }

    /// The fraction of the energy behind the activation that is new, by piece; 0 where there is no energy.
    pub fn fractions(&self) -> Vec<f64> {
        let share = |piece| if self.after[piece] > 0.0 { self.sum(piece) / self.after[piece] } else { 0.0 };
        (0..self.after.len()).map(share).collect()
    }

    /// The fraction over all pieces together.
    pub fn total(&self) -> f64 {
        let after: f64 = self.after.iter().sum();
        let new: f64 = (0..self.after.len()).map(|piece| self.sum(piece)).sum();
        if after > 0.0 { new / after } else { 0.0 }
    }

    fn sum(&self, piece: usize) -> f64 {
        let (before, after, product) = (self.before[piece], self.after[piece], self.products[piece]);
        // An input that is rounding only explains nothing.
        if before <= 1e-24 * self.before.iter().sum::<f64>() {
            return after;
        }
        (after - product * product / before).clamp(0.0, after)
    }
}

/// Statistics of a table each row of which holds `channels` functions on a set: over all channels together, or one for
/// each channel. Rows of any number in bounded memory.
///
/// # Errors
/// What the rows report; [`Error::Shape`] where one does not hold so many functions; [`Error::Input`] without rows.
pub fn table_statistics(
    spectrum: &Spectrum,
    rows: impl IntoIterator<Item = Result<Vec<f64>>>,
    (channels, order, mode): (usize, ChannelOrder, Channels),
    frequencies: Option<&Frequencies>,
    cut: Option<f64>,
) -> Result<Vec<StageStatistics>> {
    let pieces = spectrum.pieces().len();
    let stage = || StageStatistics::new(pieces, frequencies.cloned(), cut);
    let mut stages = vec![stage(); if mode == Channels::Kept { channels } else { 1 }];
    let size = spectrum.size();
    let channel_first = |row: Vec<f64>| match order {
        ChannelOrder::Last if row.len() == channels * size => {
            (0..row.len()).map(|i| row[i % size * channels + i / size]).collect()
        }
        _ => row,
    };
    let rows = rows.into_iter().map(|row| row.map(channel_first));
    let mut count = 0u64;
    spectrum.for_each_row(rows, channels, mode, |energies| {
        count += 1;
        for (stage, energies) in stages.iter_mut().zip(energies.chunks(pieces)) {
            stage.push(energies);
        }
    })?;
    if count == 0 {
        return Err(Error::input("spectrum of a table", "there is no data", "give at least one row"));
    }
    Ok(stages)
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

    fn push(new: &mut NewEnergy, spectrum: &Spectrum, x: &[f64], y: &[f64]) {
        let sum: Vec<f64> = x.iter().zip(y).map(|(x, y)| x + y).collect();
        new.push(&spectrum.energies(x), &spectrum.energies(y), &spectrum.energies(&sum));
    }

    #[test]
    fn nothing_is_new_behind_a_multiple() {
        for group in ["C6", "S4"] {
            let spectrum = spectrum(group);
            let mut new = NewEnergy::new(spectrum.pieces().len());
            for number in 0..9 {
                let x = row(spectrum.size(), number);
                let y: Vec<f64> = x.iter().map(|v| -0.7 * v).collect();
                push(&mut new, &spectrum, &x, &y);
            }
            assert!(new.total() < 1e-12 && new.fractions().iter().all(|f| *f < 1e-12));
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
                let y: Vec<f64> = x.iter().map(|v| v.max(0.0)).collect();
                push(&mut new, &spectrum, &x, &y);
            }
        }
        assert!((new.total() - 0.5).abs() < 1e-12);
        // The mean is a line, and its new energy shows all the same.
        assert!(new.energies()[0] > 0.1);
    }

    #[test]
    fn other_groups_have_no_frequencies() {
        let spectrum = spectrum("S4");
        let mut stage = StageStatistics::new(2, None, None);
        stage.push(&spectrum.energies(&[1.0, 2.0, 3.0, 4.0]));
        stage.push(&[0.0, 0.0]);
        assert!(stage.shape().is_none() && stage.centroid().is_none());
        assert_eq!(stage.by_piece().count(), 2);
        assert!((stage.total() - 15.0).abs() < 1e-12);
    }

    #[test]
    fn channels_of_tables() {
        let spectrum = spectrum("C4");
        let waves = [[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, -1.0, 0.0]];
        let first = waves.concat();
        let last: Vec<f64> = (0..8).map(|i| waves[i % 2][i / 2]).collect();
        let statistics = |row: &[f64], order, mode| {
            let rows = [Ok(row.to_vec())];
            let found = table_statistics(&spectrum, rows, (2, order, mode), None, None).unwrap();
            found.iter().map(StageStatistics::energies).collect::<Vec<_>>()
        };
        let kept = [[4.0, 0.0, 0.0], [0.0, 2.0, 0.0]];
        assert_eq!(statistics(&first, ChannelOrder::First, Channels::Kept), kept);
        assert_eq!(statistics(&last, ChannelOrder::Last, Channels::Kept), kept);
        assert_eq!(statistics(&first, ChannelOrder::First, Channels::Summed), [[4.0, 2.0, 0.0]]);
        let none = std::iter::empty();
        let question = (1, ChannelOrder::First, Channels::Summed);
        assert!(table_statistics(&spectrum, none, question, None, None).is_err());
    }
}
