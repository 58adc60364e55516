//! A network sent back, as text, table and strips.

use super::super::findings::{Findings, aligned, csv, error_figure, figure};
use crate::analysis::reverse::network::Reversal;
use crate::draw::plot::{Heatmap, panels};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;

/// What `reverse network` finds.
#[derive(Serialize)]
pub struct ReversalReport {
    network: String,
    group: String,
    /// Worst violations of equivariance, by rule.
    adjoint_violation: f64,
    deconvolution_violation: f64,
    rows: Vec<Reversal>,
}

#[derive(Serialize)]
struct Record {
    row: usize,
    stage: &'static str,
    entry: usize,
    value: f64,
}

impl ReversalReport {
    /// The report of some inputs; the violations are those of the adjoint and of deconvolution.
    pub fn new(network: String, group: String, violations: [f64; 2], rows: Vec<Reversal>) -> Self {
        let [adjoint_violation, deconvolution_violation] = violations;
        ReversalReport { network, group, adjoint_violation, deconvolution_violation, rows }
    }

    /// Whether both reversals are equivariant, up to rounding.
    pub fn is_equivariant(&self) -> bool {
        self.adjoint_violation < 1e-6 && self.deconvolution_violation < 1e-6
    }
}

/// The stages of a row, by name.
fn stages(row: &Reversal) -> [(&'static str, &[f64]); 4] {
    [
        ("input", &row.input),
        ("output", &row.output),
        ("adjoint", &row.adjoint),
        ("deconvolution", &row.deconvolution),
    ]
}

/// Divided by the largest size.
fn scaled(values: &[f64]) -> Vec<f64> {
    let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    values.iter().map(|v| if largest > 0.0 { v / largest } else { 0.0 }).collect()
}

impl Findings for ReversalReport {
    fn text(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .enumerate()
            .take(12)
            .map(|(index, row)| {
                vec![
                    index.to_string(),
                    figure(row.adjoint_cosine),
                    figure(row.deconvolution_cosine),
                    figure(row.linearity_defect),
                ]
            })
            .collect();
        let more = self.rows.len().saturating_sub(12);
        format!(
            "{} under {}\nequivariance violated: adjoint {}, deconvolution {}\n\n{}{}",
            self.network,
            self.group,
            error_figure(self.adjoint_violation),
            error_figure(self.deconvolution_violation),
            aligned(&["row", "cos(x, adjoint)", "cos(x, deconvolution)", "|y - L(x) x|"], &rows),
            if more > 0 {
                format!("... and {more} more rows (--format json lists all)\n")
            } else {
                String::new()
            }
        )
    }

    fn csv(&self) -> String {
        csv(self.rows.iter().enumerate().flat_map(|(index, row)| {
            stages(row).into_iter().flat_map(move |(stage, values)| {
                values.iter().enumerate().map(move |(entry, &value)| Record {
                    row: index,
                    stage,
                    entry,
                    value,
                })
            })
        }))
    }

    fn picture(&self) -> Result<Picture> {
        let mut pictures = Vec::new();
        for (index, row) in self.rows.iter().enumerate().take(3) {
            let (same, other): (Vec<_>, Vec<_>) =
                stages(row).into_iter().partition(|(_, values)| values.len() == row.input.len());
            for part in [same, other] {
                let Some((_, first)) = part.first() else { continue };
                let width = first.len();
                let values = part.iter().map(|(_, values)| scaled(values)).collect();
                let title = format!("Row {index}, there and back; each line scaled to its largest entry");
                let mut map = Heatmap::new(&title, values);
                map.signed = true;
                map.rows = part.iter().map(|(name, _)| (*name).to_owned()).collect();
                map.columns = (0..width).map(|k| k.to_string()).collect();
                pictures.push(map.picture()?);
            }
        }
        Ok(panels("", &pictures, 1))
    }
}
