//! Energy traces as text, JSON and charts.

use crate::analysis::EnergyTrace;
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;
use std::fmt::Write;

/// Pieces that are drawn and tabled one by one; the rest are shown together.
const MOST_PIECES: usize = 7;

/// What `trace` prints.
#[derive(Serialize)]
pub struct TraceReport {
    rows: usize,
    pieces: Vec<Piece>,
    stages: Vec<Stage>,
}

#[derive(Serialize)]
struct Piece {
    label: String,
    dim: usize,
}

#[derive(Serialize)]
struct Stage {
    name: String,
    /// Mean of `|f|^2` over the data.
    energy: f64,
    /// Mean energy in each piece.
    energies: Vec<f64>,
    /// The same divided by the total.
    fractions: Vec<f64>,
}

impl TraceReport {
    /// The report of a trace.
    pub fn new(trace: &EnergyTrace) -> Self {
        TraceReport {
            rows: trace.rows,
            pieces: trace.pieces.iter().map(|p| Piece { label: p.label.clone(), dim: p.dim }).collect(),
            stages: trace
                .stages
                .iter()
                .map(|stage| Stage {
                    name: stage.name.clone(),
                    energy: stage.total(),
                    energies: stage.energies.clone(),
                    fractions: stage.fractions(),
                })
                .collect(),
        }
    }

    /// The pieces with the largest share at any stage, in the order of pieces; all where there are few.
    fn shown(&self) -> Vec<usize> {
        let mut pieces: Vec<usize> = (0..self.pieces.len()).collect();
        if pieces.len() > MOST_PIECES {
            let peak = |piece: usize| self.stages.iter().map(|s| s.fractions[piece]).fold(0.0, f64::max);
            pieces.sort_by(|&a, &b| peak(b).total_cmp(&peak(a)).then(a.cmp(&b)));
            pieces.truncate(MOST_PIECES);
            pieces.sort_unstable();
        }
        pieces
    }

    /// A table of shares: one row for each stage, one column for each piece shown and one for the others.
    pub fn table(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let shown = self.shown();
        let rest = shown.len() < self.pieces.len();
        let mut header = vec!["stage".to_owned(), "energy".to_owned()];
        header.extend(shown.iter().map(|&piece| self.pieces[piece].label.clone()));
        if rest {
            header.push("others".into());
        }
        let rows = self
            .stages
            .iter()
            .map(|stage| {
                let mut row = vec![stage.name.clone(), format!("{:.4}", stage.energy)];
                row.extend(shown.iter().map(|&piece| format!("{:.4}", stage.fractions[piece])));
                if rest {
                    let others: f64 = 1.0 - shown.iter().map(|&piece| stage.fractions[piece]).sum::<f64>();
                    row.push(format!("{:.4}", others.max(0.0)));
                }
                row
            })
            .collect();
        (header, rows)
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let (header, rows) = self.table();
        let widths: Vec<usize> = (0..header.len())
            .map(|c| rows.iter().map(|row| row[c].len()).chain([header[c].len()]).max().unwrap_or(0))
            .collect();
        let mut text = format!("mean over {} rows; share of the energy in each simple piece\n\n", self.rows);
        for row in [&header].into_iter().chain(&rows) {
            let _ = write!(text, "{:<width$}", row[0], width = widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                let _ = write!(text, "  {cell:>width$}");
            }
            text.push('\n');
        }
        text
    }

    /// Stacked bars: the share of each piece at each stage.
    ///
    /// # Errors
    /// As [`Plot::picture`].
    pub fn picture(&self) -> Result<Picture> {
        let shown = self.shown();
        let mut x = Axis::new("");
        x.names = self.stages.iter().map(|stage| stage.name.clone()).collect();
        let mut y = Axis::new("share of energy");
        y.range = Some((0.0, 1.0));
        let mut plot = Plot::new("Energy by simple piece", x, y);
        plot.description =
            "Stacked bars: the share of the energy in each simple piece, stage by stage.".into();
        plot.stacked = true;
        plot.width = (130.0 + 90.0 * self.stages.len() as f64).max(560.0);
        for (key, &piece) in shown.iter().enumerate() {
            let bars = self.stages.iter().map(|stage| stage.fractions[piece]).collect();
            plot.series.push(Series::new(&self.pieces[piece].label, key, Mark::Bars(bars)));
        }
        if shown.len() < self.pieces.len() {
            let others = self
                .stages
                .iter()
                .map(|stage| (1.0 - shown.iter().map(|&piece| stage.fractions[piece]).sum::<f64>()).max(0.0));
            plot.series.push(Series::new("others", MOST_PIECES, Mark::Bars(others.collect())));
        }
        plot.picture()
    }
}
