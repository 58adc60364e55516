//! Energy traces as text, JSON and charts.

use super::figures::{self, Figures};
use super::findings::{Findings, aligned};
use crate::analysis::energy::NewEnergy;
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
    #[serde(flatten)]
    figures: Figures,
    /// Behind an activation: the share of the energy that it added.
    fraction_new: Option<f64>,
    /// Behind an activation: the energy that it added to each piece.
    new_energies: Option<Vec<f64>>,
}

impl Stage {
    /// The share of the pieces that are not shown.
    fn others(&self, shown: &[usize]) -> f64 {
        (1.0 - shown.iter().map(|&piece| self.figures.fractions[piece]).sum::<f64>()).max(0.0)
    }

    fn new(stage: &analysis::Stage) -> Self {
        Stage {
            name: stage.name.clone(),
            figures: Figures::new(&stage.statistics),
            fraction_new: stage.new.as_ref().map(NewEnergy::total),
            new_energies: stage.new.as_ref().map(NewEnergy::energies),
        }
    }
}

impl TraceReport {
    /// The report of a trace.
    pub fn new(trace: &EnergyTrace) -> Self {
        TraceReport {
            rows: trace.rows,
            cut: trace.cut,
            pieces: trace.pieces.iter().map(|p| Piece { label: p.label.clone(), dim: p.dim }).collect(),
            stages: trace.stages.iter().map(Stage::new).collect(),
        }
    }

    /// The pieces with the largest share at any stage, in the order of pieces; all where there are few.
    fn shown(&self) -> Vec<usize> {
        let mut pieces: Vec<usize> = (0..self.pieces.len()).collect();
        if pieces.len() > MOST_PIECES {
            let peak =
                |piece: usize| self.stages.iter().map(|s| s.figures.fractions[piece]).fold(0.0, f64::max);
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
        let frequencies = self.stages.iter().any(|stage| stage.figures.centroid.is_some());
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
                let mut row = vec![stage.name.clone(), format!("{:.4}", stage.figures.energy)];
                row.extend(shown.iter().map(|&piece| format!("{:.4}", stage.figures.fractions[piece])));
                if rest {
                    row.push(format!("{:.4}", stage.others(&shown)));
                }
                row.push(share(stage.fraction_new));
                if frequencies {
                    row.extend([share(stage.figures.centroid), share(stage.figures.spread)]);
                }
                if self.cut.is_some() {
                    row.push(share(stage.figures.above_cut));
                }
                row
            })
            .collect();
        (header, rows)
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
                area(&|stage| stage.figures.energies[piece]),
            ));
        }
        if shown.len() < self.pieces.len() {
            plot.series.push(Series::new(
                "others",
                MOST_PIECES,
                area(&|stage| stage.others(&shown) * stage.figures.energy),
            ));
        }
        plot.picture()
    }
}

impl Findings for TraceReport {
    /// Everything as CSV: one line for each figure of each stage.
    fn csv(&self) -> String {
        let labels: Vec<&str> = self.pieces.iter().map(|piece| piece.label.as_str()).collect();
        let mut text = figures::csv_header("stage");
        for stage in &self.stages {
            stage.figures.write_csv(&mut text, &stage.name, &labels);
            for (label, new) in labels.iter().zip(stage.new_energies.iter().flatten()) {
                let _ = writeln!(text, "{},new energy,\"{label}\",{new},,,", stage.name);
            }
            if let Some(new) = stage.fraction_new {
                let _ = writeln!(text, "{},fraction new,,{new},,,", stage.name);
            }
        }
        text
    }

    fn text(&self) -> String {
        let (header, rows) = self.table();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        format!(
            "mean over {} rows; share of the energy in each simple piece; new: what the activation added\n\n{}",
            self.rows,
            aligned(&header, &rows)
        )
    }

    /// Stacked areas over the stages: the share of each piece; and the energy itself, split in the same way.
    fn picture(&self) -> Result<Picture> {
        let shares = self.chart("Share of energy", "share of energy", |stage, energy| {
            if stage.figures.energy > 0.0 { energy / stage.figures.energy } else { 0.0 }
        })?;
        let energies = self.chart("Energy", "mean energy", |_, energy| energy)?;
        Ok(panels("", &[shares, energies], 1))
    }
}
