//! Energies of a whole data set: means and quantiles, row by row, in bounded memory.

use super::quantile::QuantileSketch;
use super::spectrum::Spectrum;
use crate::error::{Error, Result};

/// How many energies are kept, over all columns, before quantiles come from sketches.
const KEPT: usize = 1 << 22;
/// More rows than this are never kept for exact quantiles.
const KEPT_ROWS: usize = 1 << 14;
/// Beyond so many columns there are means only.
pub const LARGEST_SKETCHED: usize = 1 << 14;
/// Rows with more energy are refused: sums over many of them would overflow.
const LARGEST_ENERGY: f64 = 1e280;
/// How many functions are transformed together.
const BATCH: usize = 64;

/// What becomes of the channels of a row, which holds one function on the set for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// The energies of all channels are added up: one column for each piece.
    Summed,
    /// Each channel has columns of its own: column `channel * pieces + piece`.
    Kept,
}

/// Means and quantiles of columns of energies. Memory does not depend on the number of rows.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup};
/// use isotypic::harmonic::{Channels, Spectrum};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C4")?);
/// let spectrum = Spectrum::new(&GSet::points(&group))?;
/// let rows = [[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, -1.0, 0.0]].map(|row| Ok(row.to_vec()));
/// let statistics = spectrum.statistics(rows, 1, Channels::Summed)?;
/// assert_eq!(statistics.mean(), [2.0, 1.0, 0.0]);
/// assert_eq!(statistics.quantiles(0.5), Some(vec![2.0, 1.0, 0.0]));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct EnergyStatistics {
    count: u64,
    /// Sum and compensation of each column (Neumaier's summation).
    sums: Vec<(f64, f64)>,
    sketches: Vec<QuantileSketch>,
}

impl EnergyStatistics {
    /// Statistics of so many columns.
    pub fn new(columns: usize) -> Self {
        let limit = KEPT_ROWS.min(KEPT / columns.max(1));
        let sketched = if columns <= LARGEST_SKETCHED { columns } else { 0 };
        EnergyStatistics {
            count: 0,
            sums: vec![(0.0, 0.0); columns],
            sketches: vec![QuantileSketch::new(limit); sketched],
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// Panics where the row has another number of columns.
    pub fn push(&mut self, row: &[f64]) {
        assert_eq!(row.len(), self.sums.len(), "columns of a row of energies");
        self.count += 1;
        for ((sum, lost), &value) in self.sums.iter_mut().zip(row) {
            let total = *sum + value;
            *lost += if sum.abs() >= value.abs() { (*sum - total) + value } else { (value - total) + *sum };
            *sum = total;
        }
        for (sketch, &value) in self.sketches.iter_mut().zip(row) {
            sketch.push(value);
        }
    }

    /// The number of rows.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean of each column, from a compensated sum of all rows; zeros before the first row.
    pub fn mean(&self) -> Vec<f64> {
        let count = self.count.max(1) as f64;
        self.sums.iter().map(|(sum, lost)| (sum + lost) / count).collect()
    }

    /// The `q`-quantile of each column, exact for short data and within 0.5 % afterwards, see
    /// [`QuantileSketch::quantile`]; `None` before the first row and for more than [`LARGEST_SKETCHED`] columns.
    pub fn quantiles(&self, q: f64) -> Option<Vec<f64>> {
        if self.sketches.len() < self.sums.len() {
            return None;
        }
        self.sketches.iter().map(|sketch| sketch.quantile(q)).collect()
    }

    /// Whether quantiles are exact.
    pub fn quantiles_are_exact(&self) -> bool {
        self.sketches.len() == self.sums.len() && self.sketches.iter().all(QuantileSketch::is_exact)
    }
}

impl Spectrum {
    /// The energies of a row that holds `channels` functions, one behind the other.
    ///
    /// # Errors
    /// [`Error::Shape`] where the row has another length.
    pub fn channel_energies(&self, row: &[f64], channels: usize, mode: Channels) -> Result<Vec<f64>> {
        let energies = self.batch_energies(row)?;
        let pieces = self.pieces().len();
        if energies.len() != channels * pieces {
            return Err(self.wrong_length(0, channels, row.len()));
        }
        Ok(match mode {
            Channels::Kept => energies,
            Channels::Summed => sum_channels(&energies, pieces),
        })
    }

    /// Goes through rows of any number and calls `visit` with the energies of each, in order. A few rows are held at a
    /// time.
    ///
    /// # Errors
    /// What the rows' source reports; [`Error::Shape`] where a row does not hold `channels` functions on the set;
    /// [`Error::Input`] where the energy of a row is near the limit of floating point numbers or no number.
    pub fn for_each_row(
        &self,
        rows: impl IntoIterator<Item = Result<Vec<f64>>>,
        channels: usize,
        mode: Channels,
        mut visit: impl FnMut(&[f64]),
    ) -> Result<()> {
        let width = channels * self.size();
        let columns = channels * self.pieces().len();
        let mut held: Vec<f64> = Vec::new();
        let mut flush = |held: &mut Vec<f64>| -> Result<()> {
            for energies in self.batch_energies(held)?.chunks(columns.max(1)) {
                match mode {
                    Channels::Kept => visit(energies),
                    Channels::Summed => visit(&sum_channels(energies, self.pieces().len())),
                }
            }
            held.clear();
            Ok(())
        };
        for (index, row) in rows.into_iter().enumerate() {
            let row = row?;
            if row.len() != width || width == 0 {
                return Err(self.wrong_length(index, channels, row.len()));
            }
            let energy: f64 = row.iter().map(|value| value * value).sum();
            if energy.is_nan() || energy > LARGEST_ENERGY {
                return Err(Error::input(
                    format!("row {}", index + 1),
                    "its energy is out of the range of floating point numbers",
                    "scale the table",
                ));
            }
            held.extend_from_slice(&row);
            if held.len() >= BATCH * self.size() {
                flush(&mut held)?;
            }
        }
        flush(&mut held)
    }

    /// Means and quantiles of the energies of many rows.
    ///
    /// # Errors
    /// As [`for_each_row`](Self::for_each_row).
    pub fn statistics(
        &self,
        rows: impl IntoIterator<Item = Result<Vec<f64>>>,
        channels: usize,
        mode: Channels,
    ) -> Result<EnergyStatistics> {
        let kept = if mode == Channels::Kept { channels } else { 1 };
        let mut statistics = EnergyStatistics::new(kept * self.pieces().len());
        self.for_each_row(rows, channels, mode, |energies| statistics.push(energies))?;
        Ok(statistics)
    }

    fn wrong_length(&self, index: usize, channels: usize, got: usize) -> Error {
        Error::shape(
            format!("row {}", index + 1),
            format!("{channels} x {} values", self.size()),
            got,
            "give one value for each channel and point, channel by channel",
        )
    }
}

fn sum_channels(energies: &[f64], pieces: usize) -> Vec<f64> {
    let mut sums = vec![0.0; pieces];
    for channel in energies.chunks(pieces) {
        sums.iter_mut().zip(channel).for_each(|(sum, energy)| *sum += energy);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    #[test]
    fn streaming_equals_one_row_at_a_time() {
        for group in ["C4^2", "S4", "C5"] {
            let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), "points").unwrap();
            let spectrum = Spectrum::new(&set).unwrap();
            let row = |i: usize| -> Vec<f64> {
                (0..3 * set.size()).map(|x| ((x * x + 7 * i) as f64).sin()).collect()
            };
            for mode in [Channels::Kept, Channels::Summed] {
                let mut seen = Vec::new();
                spectrum
                    .for_each_row((0..150).map(|i| Ok(row(i))), 3, mode, |e| seen.push(e.to_vec()))
                    .unwrap();
                assert_eq!(seen.len(), 150);
                for (i, energies) in seen.iter().enumerate() {
                    let total: f64 = row(i).iter().map(|v| v * v).sum();
                    assert!((energies.iter().sum::<f64>() - total).abs() < 1e-9);
                    let single = spectrum.channel_energies(&row(i), 3, mode).unwrap();
                    assert!(energies.iter().zip(&single).all(|(a, b)| (a - b).abs() < 1e-12));
                    let first = spectrum.energies(&row(i)[..set.size()]);
                    if mode == Channels::Kept {
                        assert!(energies.iter().zip(&first).all(|(a, b)| (a - b).abs() < 1e-12));
                    }
                }
            }
        }
    }

    #[test]
    fn long_data_is_sketched_and_bad_rows_are_refused() {
        let mut statistics = EnergyStatistics::new(1);
        (0..100_000).for_each(|i| statistics.push(&[i as f64]));
        assert!(!statistics.quantiles_are_exact());
        assert!((statistics.quantiles(0.5).unwrap()[0] / 50_000.0 - 1.0).abs() < 0.006);
        assert_eq!(statistics.mean(), [49_999.5]);
        let set = grammar::parse(&Arc::new(PermutationGroup::parse("C4").unwrap()), "points").unwrap();
        let spectrum = Spectrum::new(&set).unwrap();
        assert!(spectrum.statistics([Ok(vec![1.0; 5])], 1, Channels::Summed).is_err());
        assert!(spectrum.channel_energies(&[1.0; 8], 1, Channels::Summed).is_err());
        for bad in [1e200, f64::NAN] {
            let row = vec![bad; spectrum.size()];
            assert!(spectrum.statistics([Ok(row)], 1, Channels::Summed).is_err(), "{bad}");
        }
    }
}
