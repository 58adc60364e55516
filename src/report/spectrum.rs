//! Spectra of tables as text, JSON, CSV and pictures.

use super::figures::{self, Figures};
use super::findings::Findings;
use super::symmetry::{SymmetryReport, counted};
use crate::action::GSet;
use crate::analysis::energy::StageStatistics;
use crate::draw::plot::{Axis, Mark, Plot, Series, panels};
use crate::draw::svg::Picture;
use crate::error::Result;
use crate::representation::{Decomposition, SimplePiece};
use serde::Serialize;
use std::fmt::Write;

/// Pieces beyond this number are left out of texts and pictures.
const MOST_PIECES: usize = 40;
/// Channels beyond this number are left out of texts and pictures.
const MOST_CHANNELS: usize = 9;

/// What `spectrum` prints.
#[derive(Serialize)]
pub struct SpectrumReport<'a> {
    #[serde(flatten)]
    symmetry: SymmetryReport<'a>,
    rows: u64,
    cut: Option<f64>,
    /// All channels together, or one after the other.
    channels: Vec<Channel>,
    #[serde(skip)]
    pieces: &'a [SimplePiece],
}

#[derive(Serialize)]
struct Channel {
    name: String,
    #[serde(flatten)]
    figures: Figures,
}

impl<'a> SpectrumReport<'a> {
    /// The report of one entry for all channels, or of one for each.
    pub fn new(
        set: &GSet,
        decomposition: &'a Decomposition,
        statistics: &[StageStatistics],
        cut: Option<f64>,
    ) -> Self {
        let name = |index: usize| match statistics.len() {
            1 => "all".to_owned(),
            _ => format!("channel {}", index + 1),
        };
        let channel = |(index, statistics)| Channel { name: name(index), figures: Figures::new(statistics) };
        SpectrumReport {
            symmetry: SymmetryReport::of_decomposition(set, decomposition),
            rows: statistics.first().map_or(0, |first| first.by_piece().count()),
            cut,
            channels: statistics.iter().enumerate().map(channel).collect(),
            pieces: decomposition.pieces(),
        }
    }

    /// The pieces that are shown: all, or those with most energy.
    fn shown(&self) -> Vec<usize> {
        let mut pieces: Vec<usize> = (0..self.pieces.len()).collect();
        if pieces.len() > MOST_PIECES {
            let peak = |k: usize| self.channels.iter().map(|c| c.figures.fractions[k]).fold(0.0, f64::max);
            pieces.sort_by(|&a, &b| peak(b).total_cmp(&peak(a)).then(a.cmp(&b)));
            pieces.truncate(MOST_PIECES);
            pieces.sort_unstable();
        }
        pieces
    }
}

impl Findings for SpectrumReport<'_> {
    fn text(&self) -> String {
        let shown = self.shown();
        let width = shown.iter().map(|&k| self.pieces[k].label.chars().count()).max().unwrap_or(0).max(8);
        let mut text = format!("energy on each simple piece over {}\n", counted(self.rows as usize, "row"));
        for channel in self.channels.iter().take(MOST_CHANNELS) {
            let figures = &channel.figures;
            text.push('\n');
            if self.channels.len() > 1 {
                let _ = writeln!(text, "{}", channel.name);
            }
            let _ = writeln!(
                text,
                "{:<width$}  {:>12}  {:>8}  {:>12}  {:>12}  {:>12}",
                "piece", "mean", "share", "10 %", "median", "90 %"
            );
            for &k in &shown {
                let quantile = |values: fn(&figures::Quantiles) -> &Vec<f64>| match &figures.quantiles {
                    Some(quantiles) => figure(values(quantiles)[k]),
                    None => "-".to_owned(),
                };
                let _ = writeln!(
                    text,
                    "{:<width$}  {:>12}  {:>8.4}  {:>12}  {:>12}  {:>12}",
                    self.pieces[k].label,
                    figure(figures.energies[k]),
                    figures.fractions[k],
                    quantile(|q| &q.tenth),
                    quantile(|q| &q.median),
                    quantile(|q| &q.ninetieth)
                );
            }
            let _ = writeln!(text, "{:<width$}  {:>12}", "total", figure(figures.energy));
            if let (Some(centroid), Some(spread)) = (figures.centroid, figures.spread) {
                let _ = write!(text, "frequency: mean {centroid:.4}, spread {spread:.4}");
                if let (Some(cut), Some(above)) = (self.cut, figures.above_cut) {
                    let _ = write!(text, ", share above {cut}: {above:.4}");
                }
                text.push('\n');
            }
        }
        if self.channels.len() > MOST_CHANNELS {
            let more = self.channels.len() - MOST_CHANNELS;
            let _ = writeln!(text, "\n... and {} (--format json lists all)", counted(more, "more channel"));
        }
        if shown.len() < self.pieces.len() {
            let _ = writeln!(text, "\nthe {} pieces with most energy, of {}", shown.len(), self.pieces.len());
        }
        text
    }

    /// Everything as CSV: one line for each figure of each channel.
    fn csv(&self) -> String {
        let labels: Vec<&str> = self.pieces.iter().map(|piece| piece.label.as_str()).collect();
        let mut text = figures::csv_header("channels");
        for channel in &self.channels {
            channel.figures.write_csv(&mut text, &channel.name, &labels);
        }
        text
    }

    /// Bars: the mean energy of each piece; dots: median, tenth and ninetieth percentile over the rows.
    fn picture(&self) -> Result<Picture> {
        let shown = self.shown();
        let mut pictures = Vec::new();
        for channel in self.channels.iter().take(MOST_CHANNELS) {
            let mut x = Axis::new("simple piece");
            x.names = shown.iter().map(|&k| self.pieces[k].label.clone()).collect();
            let title = if self.channels.len() == 1 { "Energy by simple piece" } else { &channel.name };
            let mut plot = Plot::new(title, x, Axis::new("energy"));
            plot.description = "The mean energy of each simple piece over the rows, with quantiles.".into();
            plot.width = (120.0 + 34.0 * shown.len() as f64).clamp(420.0, 1400.0);
            let pick = |values: &[f64]| shown.iter().map(|&k| values[k]).collect::<Vec<f64>>();
            plot.series.push(Series::new("mean", 0, Mark::Bars(pick(&channel.figures.energies))));
            if let Some(quantiles) = &channel.figures.quantiles {
                for (name, key, values) in [
                    ("10 %", 1, &quantiles.tenth),
                    ("median", 2, &quantiles.median),
                    ("90 %", 3, &quantiles.ninetieth),
                ] {
                    let dots = pick(values).into_iter().enumerate().map(|(i, v)| (i as f64, v)).collect();
                    plot.series.push(Series::new(name, key, Mark::Dots(dots)));
                }
            }
            pictures.push(plot.picture()?);
        }
        Ok(panels("", &pictures, 3.min(pictures.len())))
    }
}

/// Four digits behind the point where these show something.
fn figure(value: f64) -> String {
    if value == 0.0 || (1e-3..1e6).contains(&value) { format!("{value:.4}") } else { format!("{value:.3e}") }
}
