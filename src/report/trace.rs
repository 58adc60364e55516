//! Energy traces as text, JSON and charts.

use crate::analysis::trace::{self as analysis, EnergyTrace};
use crate::draw::plot::{Axis, Mark, Plot, Series, panels};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;
use std::fmt::Write;

/// Pieces that are drawn and tabled one by one; the rest are shown together.
const MOST_PIECES: usize = 7;

/// What `trace` prints.
#[derive(Serialize)]
pub struct TraceReport {
    rows: u64,
    /// The frequency above which energy is counted in `above_cut`.
    cut: Option<f64>,
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
    /// Quantiles over the rows of the energy in each piece.
    quantiles: Option<Quantiles>,
    /// Mean frequency, weighted by energy; only for products of cyclic groups.
    centroid: Option<f64>,
    /// Standard deviation of the frequency, weighted by energy.
    spread: Option<f64>,
    /// Share of the energy above the cut.
    above_cut: Option<f64>,
    /// Behind an activation: the share of the energy that it added.
    fraction_new: Option<f64>,
    /// Behind an activation: the energy that it added to each piece.
    new_energies: Option<Vec<f64>>,
}

#[derive(Serialize)]
struct Quantiles {
    tenth: Vec<f64>,
    median: Vec<f64>,
    ninetieth: Vec<f64>,
    /// Whether they are exact rather than within 0.5 %.
    exact: bool,
}

impl Stage {
    /// The share of the pieces that are not shown.
    fn others(&self, shown: &[usize]) -> f64 {
        (1.0 - shown.iter().map(|&piece| self.fractions[piece]).sum::<f64>()).max(0.0)
    }

    fn new(trace: &EnergyTrace, stage: &analysis::Stage, cut: Option<f64>) -> Self {
        let energies = stage.energies();
        let quantile = |q: f64| stage.statistics.quantiles(q);
        let frequencies = trace.frequencies.as_ref();
        Stage {
            name: stage.name.clone(),
            energy: stage.total(),
            fractions: stage.fractions(),
            quantiles: match (quantile(0.1), quantile(0.5), quantile(0.9)) {
                (Some(tenth), Some(median), Some(ninetieth)) => Some(Quantiles {
                    tenth,
                    median,
                    ninetieth,
                    exact: stage.statistics.quantiles_are_exact(),
                }),
                _ => None,
            },
            centroid: frequencies.and_then(|f| f.centroid(&energies)),
            spread: frequencies.and_then(|f| f.spread(&energies)),
            above_cut: cut.and_then(|cut| frequencies.and_then(|f| f.fraction_above(&energies, cut))),
            fraction_new: stage.fraction_new(),
            new_energies: stage.new_energies.clone(),
            energies,
        }
    }
}

impl TraceReport {
    /// The report of a trace; `cut` asks for the share of the energy at higher frequencies.
    pub fn new(trace: &EnergyTrace, cut: Option<f64>) -> Self {
        TraceReport {
            rows: trace.rows,
            cut,
            pieces: trace.pieces.iter().map(|p| Piece { label: p.label.clone(), dim: p.dim }).collect(),
            stages: trace.stages.iter().map(|stage| Stage::new(trace, stage, cut)).collect(),
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

    /// A table: one row for each stage; shares of the pieces shown and of the others, what the activation added, and
    /// where frequencies exist their mean and spread.
    pub fn table(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let shown = self.shown();
        let rest = shown.len() < self.pieces.len();
        let frequencies = self.stages.iter().any(|stage| stage.centroid.is_some());
        let mut header = vec!["stage".to_owned(), "energy".to_owned()];
        header.extend(shown.iter().map(|&piece| self.pieces[piece].label.clone()));
        if rest {
            header.push("others".into());
        }
        header.push("new".into());
        if frequencies {
            header.extend(["frequency".to_owned(), "spread".to_owned()]);
        }
        if let Some(cut) = self.cut {
            header.push(format!("above {cut}"));
        }
        let share = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
        let rows = self
            .stages
            .iter()
            .map(|stage| {
                let mut row = vec![stage.name.clone(), format!("{:.4}", stage.energy)];
                row.extend(shown.iter().map(|&piece| format!("{:.4}", stage.fractions[piece])));
                if rest {
                    row.push(format!("{:.4}", stage.others(&shown)));
                }
                row.push(share(stage.fraction_new));
                if frequencies {
                    row.extend([share(stage.centroid), share(stage.spread)]);
                }
                if self.cut.is_some() {
                    row.push(share(stage.above_cut));
                }
                row
            })
            .collect();
        (header, rows)
    }

    /// Everything as CSV: one line for each stage and piece.
    pub fn csv(&self) -> String {
        let mut text =
            String::from("stage,piece,energy,fraction,new_energy,quantile_10,median,quantile_90\n");
        for stage in &self.stages {
            for (k, piece) in self.pieces.iter().enumerate() {
                let new = stage.new_energies.as_ref().map(|new| new[k].to_string()).unwrap_or_default();
                let quantiles = stage.quantiles.as_ref().map_or_else(
                    || ",,".to_owned(),
                    |q| format!("{},{},{}", q.tenth[k], q.median[k], q.ninetieth[k]),
                );
                let _ = writeln!(
                    text,
                    "{},\"{}\",{},{},{new},{quantiles}",
                    stage.name, piece.label, stage.energies[k], stage.fractions[k]
                );
            }
        }
        text
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let (header, rows) = self.table();
        let widths: Vec<usize> = (0..header.len())
            .map(|c| rows.iter().map(|row| row[c].len()).chain([header[c].len()]).max().unwrap_or(0))
            .collect();
        let mut text = format!(
            "mean over {} rows; share of the energy in each simple piece; new: what the activation added\n\n",
            self.rows
        );
        for row in [&header].into_iter().chain(&rows) {
            let _ = write!(text, "{:<width$}", row[0], width = widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                let _ = write!(text, "  {cell:>width$}");
            }
            text.push('\n');
        }
        text
    }

    /// Stacked areas over the stages: the share of each piece; and the energy itself, split in the same way.
    ///
    /// # Errors
    /// As [`Plot::picture`].
    pub fn picture(&self) -> Result<Picture> {
        let shares = self.chart("Share of energy", "share of energy", |stage, energy| {
            if stage.energy > 0.0 { energy / stage.energy } else { 0.0 }
        })?;
        let energies = self.chart("Energy", "mean energy", |_, energy| energy)?;
        Ok(panels("", &[shares, energies], 1))
    }

    fn chart(&self, title: &str, label: &str, scale: impl Fn(&Stage, f64) -> f64) -> Result<Picture> {
        let shown = self.shown();
        let mut x = Axis::new("");
        x.names = self.stages.iter().map(|stage| stage.name.replace("layer ", "")).collect();
        let mut plot = Plot::new(title, x, Axis::new(label));
        plot.description = "Stacked areas: the energy in each simple piece, stage by stage.".into();
        plot.width = (160.0 + 80.0 * self.stages.len() as f64).clamp(520.0, 1400.0);
        plot.height = 300.0;
        let area = |value: &dyn Fn(&Stage) -> f64| {
            Mark::Area(
                self.stages
                    .iter()
                    .enumerate()
                    .map(|(i, stage)| (i as f64, scale(stage, value(stage))))
                    .collect(),
            )
        };
        for (key, &piece) in shown.iter().enumerate() {
            plot.series.push(Series::new(
                &self.pieces[piece].label,
                key,
                area(&|stage| stage.energies[piece]),
            ));
        }
        if shown.len() < self.pieces.len() {
            plot.series.push(Series::new(
                "others",
                MOST_PIECES,
                area(&|stage| stage.others(&shown) * stage.energy),
            ));
        }
        plot.picture()
    }
}
