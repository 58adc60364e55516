//! The figures of a data set's energies at one place, for reports.

use crate::analysis::energy::StageStatistics;
use crate::harmonic::EnergyStatistics;
use serde::Serialize;
use std::fmt::Write;

/// Energies at one place: means, shares and quantiles.
#[derive(Serialize)]
pub(super) struct Figures {
    /// Mean of `|f|^2` over the data.
    pub energy: f64,
    /// Mean energy in each piece.
    pub energies: Vec<f64>,
    /// The same divided by the total.
    pub fractions: Vec<f64>,
    /// Quantiles over the rows of the energy in each piece.
    pub quantiles: Option<Quantiles>,
    /// Mean frequency of the mean energies; only for products of cyclic groups.
    pub centroid: Option<f64>,
    /// Standard deviation of the frequency in the mean energies.
    pub spread: Option<f64>,
    /// Share of the mean energies above the cut.
    pub above_cut: Option<f64>,
    /// Quantiles over the rows of the row's own energy, centroid, spread and share above the cut.
    pub row_quantiles: RowQuantiles,
}

/// Quantiles of several columns.
#[derive(Serialize)]
pub(super) struct Quantiles {
    pub tenth: Vec<f64>,
    pub median: Vec<f64>,
    pub ninetieth: Vec<f64>,
    /// Whether they are exact rather than within 0.5 %.
    pub exact: bool,
}

#[derive(Serialize)]
pub(super) struct RowQuantiles {
    energy: Option<Triple>,
    centroid: Option<Triple>,
    spread: Option<Triple>,
    above_cut: Option<Triple>,
}

#[derive(Serialize)]
struct Triple {
    tenth: f64,
    median: f64,
    ninetieth: f64,
}

impl Quantiles {
    fn new(statistics: &EnergyStatistics) -> Option<Self> {
        Some(Quantiles {
            tenth: statistics.quantiles(0.1)?,
            median: statistics.quantiles(0.5)?,
            ninetieth: statistics.quantiles(0.9)?,
            exact: statistics.quantiles_are_exact(),
        })
    }

    fn column(&self, column: usize) -> Triple {
        Triple { tenth: self.tenth[column], median: self.median[column], ninetieth: self.ninetieth[column] }
    }
}

impl Figures {
    /// The figures of a place.
    pub(super) fn new(statistics: &StageStatistics) -> Self {
        let shape = statistics.shape().and_then(Quantiles::new);
        let column = |column| shape.as_ref().map(|shape| shape.column(column));
        let above_cut = statistics.fraction_above();
        Figures {
            energy: statistics.total(),
            energies: statistics.energies(),
            fractions: statistics.fractions(),
            quantiles: Quantiles::new(statistics.by_piece()),
            centroid: statistics.centroid(),
            spread: statistics.spread(),
            above_cut,
            row_quantiles: RowQuantiles {
                energy: Quantiles::new(statistics.totals()).map(|totals| totals.column(0)),
                centroid: column(0),
                spread: column(1),
                above_cut: above_cut.and_then(|_| column(2)),
            },
        }
    }

    /// The lines of a CSV file with [`csv_header`].
    pub(super) fn write_csv(&self, text: &mut String, place: &str, labels: &[&str]) {
        let triple = |triple: Option<&Triple>| {
            triple.map_or_else(|| ",,".to_owned(), |q| format!("{},{},{}", q.tenth, q.median, q.ninetieth))
        };
        for (k, label) in labels.iter().enumerate() {
            let quantiles = self.quantiles.as_ref().map(|q| q.column(k));
            let quantiles = triple(quantiles.as_ref());
            let _ = writeln!(text, "{place},energy,\"{label}\",{},{quantiles}", self.energies[k]);
        }
        for (k, label) in labels.iter().enumerate() {
            let _ = writeln!(text, "{place},fraction,\"{label}\",{},,,", self.fractions[k]);
        }
        let rows = &self.row_quantiles;
        for (measure, value, quantiles) in [
            ("energy", Some(self.energy), &rows.energy),
            ("centroid", self.centroid, &rows.centroid),
            ("spread", self.spread, &rows.spread),
            ("above cut", self.above_cut, &rows.above_cut),
        ] {
            if let Some(value) = value {
                let _ = writeln!(text, "{place},{measure},,{value},{}", triple(quantiles.as_ref()));
            }
        }
    }
}

/// The header of a CSV file of figures: the measure of a piece, or of all together where `piece` is empty.
pub(super) fn csv_header(place: &str) -> String {
    format!("{place},measure,piece,value,quantile_10,median,quantile_90\n")
}
