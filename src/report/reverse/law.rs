//! The isotypic reversal law as text, table and bars.

use super::super::findings::{Findings, aligned, csv, figure};
use crate::analysis::reverse::isotypic::{IsotypicOptions, IsotypicRow};
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;

/// What `reverse law` finds.
#[derive(Serialize)]
pub struct LawReport {
    group: String,
    visible_channels: usize,
    hidden_channels: usize,
    trials: usize,
    seed: u64,
    rows: Vec<IsotypicRow>,
}

impl LawReport {
    /// The report of the rows of a group of this name.
    pub fn new(group: String, options: IsotypicOptions, rows: Vec<IsotypicRow>) -> Self {
        LawReport {
            group,
            visible_channels: options.visible_channels,
            hidden_channels: options.hidden_channels,
            trials: options.trials,
            seed: options.seed,
            rows,
        }
    }
}

/// The name of an algebra of endomorphisms.
fn algebra(dim: usize) -> &'static str {
    match dim {
        1 => "R",
        2 => "C",
        _ => "H",
    }
}

impl Findings for LawReport {
    fn text(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                vec![
                    row.label.clone(),
                    row.dim.to_string(),
                    row.multiplicity.to_string(),
                    algebra(row.endomorphism_dim).to_owned(),
                    format!("{} +- {}", figure(row.measured), figure(row.standard_error)),
                    figure(row.predicted),
                    format!("{:+.1}", (row.measured - row.predicted) / row.standard_error),
                ]
            })
            .collect();
        format!(
            "random convolutions on {}, {} hidden to {} visible channels, {} trials: mean of |W^T W h / n - h|^2 / \
             |h|^2\nlaw: (ch mu + 2/beta - 1) / (cx mu), beta the dimension of End, mu the multiplicity\n\n{}",
            self.group,
            self.hidden_channels,
            self.visible_channels,
            self.trials,
            aligned(&["piece", "dim", "mult", "End", "measured", "law", "standard errors off"], &rows)
        )
    }

    fn csv(&self) -> String {
        csv(&self.rows)
    }

    fn picture(&self) -> Result<Picture> {
        let mut x = Axis::new("simple piece and its endomorphisms");
        x.names =
            self.rows.iter().map(|row| format!("{} {}", row.label, algebra(row.endomorphism_dim))).collect();
        let title = format!("Reversal error on {} by simple piece", self.group);
        let mut plot = Plot::new(&title, x, Axis::new("squared error"));
        let bars = |value: &dyn Fn(&IsotypicRow) -> f64| Mark::Bars(self.rows.iter().map(value).collect());
        plot.series.push(Series::new("law", 0, bars(&|row| row.predicted)));
        plot.series.push(Series::new("measured", 1, bars(&|row| row.measured)));
        plot.width = (120.0 + 56.0 * self.rows.len() as f64).clamp(420.0, 1600.0);
        plot.picture()
    }
}
