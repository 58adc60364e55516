//! How random the layers of a network are, as text, table and heat map.

use super::super::findings::{Findings, aligned, csv, figure, percent};
use crate::analysis::reverse::likeness::PieceLikeness;
use crate::draw::plot::Heatmap;
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;
use std::fmt::Write;

/// What `reverse likeness` finds.
#[derive(Serialize)]
pub struct LikenessReport {
    network: String,
    group: String,
    layers: Vec<Vec<PieceLikeness>>,
}

#[derive(Serialize)]
struct Record<'a> {
    layer: usize,
    piece: &'a str,
    dim: usize,
    input_multiplicity: usize,
    output_multiplicity: usize,
    gain: f64,
    least_eigenvalue: f64,
    largest_eigenvalue: f64,
    lower_edge: f64,
    upper_edge: f64,
    fraction_inside: Option<f64>,
}

impl LikenessReport {
    /// The report of a network's layers.
    pub fn new(network: String, group: String, layers: Vec<Vec<PieceLikeness>>) -> Self {
        LikenessReport { network, group, layers }
    }

    fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.layers.iter().enumerate().flat_map(|(layer, pieces)| {
            pieces.iter().map(move |piece| Record {
                layer: layer + 1,
                piece: &piece.label,
                dim: piece.dim,
                input_multiplicity: piece.visible_multiplicity,
                output_multiplicity: piece.hidden_multiplicity,
                gain: piece.relative_gain,
                least_eigenvalue: piece.eigenvalues.last().copied().unwrap_or(0.0),
                largest_eigenvalue: piece.eigenvalues.first().copied().unwrap_or(0.0),
                lower_edge: piece.lower_edge,
                upper_edge: piece.upper_edge,
                fraction_inside: piece.fraction_inside,
            })
        })
    }
}

impl Findings for LikenessReport {
    fn text(&self) -> String {
        let mut text = format!(
            "{} under {}: gain of each layer on each piece (1: as on average), and its spectrum there beside the\n\
             interval (1 +- sqrt(q/p))^2 that a random layer fills\n",
            self.network, self.group
        );
        let header = ["piece", "dim", "inputs p", "outputs q", "gain", "spectrum", "random", "inside"];
        for layer in 1..=self.layers.len() {
            let rows: Vec<Vec<String>> = self
                .records()
                .filter(|record| record.layer == layer)
                .map(|r| {
                    vec![
                        r.piece.to_owned(),
                        r.dim.to_string(),
                        r.input_multiplicity.to_string(),
                        r.output_multiplicity.to_string(),
                        figure(r.gain),
                        format!("{:.3} .. {:.3}", r.least_eigenvalue, r.largest_eigenvalue),
                        format!("{:.3} .. {:.3}", r.lower_edge, r.upper_edge),
                        r.fraction_inside.map_or_else(|| "-".to_owned(), percent),
                    ]
                })
                .collect();
            let _ = write!(text, "\nlayer {layer}\n{}", aligned(&header, &rows));
        }
        text
    }

    fn csv(&self) -> String {
        csv(self.records())
    }

    fn picture(&self) -> Result<Picture> {
        let mut labels: Vec<&str> = Vec::new();
        for record in self.records() {
            if !labels.contains(&record.piece) {
                labels.push(record.piece);
            }
        }
        let value = |layer: usize, label: &str| {
            let found = self.records().find(|r| r.layer == layer + 1 && r.piece == label);
            found.map_or(0.0, |record| record.gain)
        };
        let values: Vec<Vec<f64>> = (0..self.layers.len())
            .map(|layer| labels.iter().map(|label| value(layer, label)).collect())
            .collect();
        let mut map = Heatmap::new("Gain of each layer by simple piece; a random layer has 1", values);
        map.rows = (1..=self.layers.len()).map(|layer| format!("layer {layer}")).collect();
        map.columns = labels.iter().map(|label| (*label).to_owned()).collect();
        map.column_label = "simple piece".into();
        map.numbers = labels.len() <= 12;
        map.picture()
    }
}
