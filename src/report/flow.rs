//! Closed-form energy flow as text, JSON and heat maps.

use super::network::describe;
use super::symmetry::{SymmetryReport, counted};
use crate::action::GSet;
use crate::analysis::PointwiseFunction;
use crate::analysis::flow::NetworkFlow;
use crate::draw::plot::Heatmap;
use crate::draw::plot::panels;
use crate::draw::svg::Picture;
use crate::error::Result;
use crate::network::Network;
use crate::representation::{Decomposition, SimplePiece};
use serde::Serialize;
use std::fmt::Write;

/// Pieces beyond this number are left out of texts and pictures.
const MOST_PIECES: usize = 40;

/// What `flow` prints. The names of the JSON fields are part of the program's contract.
#[derive(Serialize)]
pub struct FlowReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    activation: String,
    /// The pieces whose unit energy is followed: the rows of each matrix.
    sources: Vec<usize>,
    /// For each activation, or each stage of a network, a matrix: rows are sources, columns pieces.
    layers: Vec<Vec<Vec<f64>>>,
    /// How far a row's sum may be off, apart from rounding.
    error: f64,
    #[serde(skip)]
    pieces: &'a [SimplePiece],
}

/// What the matrices are about.
#[derive(Serialize)]
#[serde(untagged)]
enum Head<'a> {
    Set(Box<SymmetryReport<'a>>),
    Network {
        group: &'a str,
        #[serde(serialize_with = "super::symmetry::nodes")]
        nodes: &'a [SimplePiece],
        /// The names of the matrices.
        stages: &'a [String],
        /// For each linear layer the factor on the energy of each piece.
        gains: &'a [Vec<f64>],
    },
}

impl<'a> FlowReport<'a> {
    /// The report of the flow through a trained network.
    pub fn of_network(group: &'a str, network: &Network, flow: &'a NetworkFlow) -> Self {
        let NetworkFlow { pieces, sources, stages, energies, gains } = flow;
        FlowReport {
            head: Head::Network { group, nodes: pieces, stages, gains },
            activation: describe(network),
            sources: sources.clone(),
            layers: energies.clone(),
            error: 0.0,
            pieces,
        }
    }

    /// The report of the matrices of each layer.
    pub fn new(
        set: &GSet,
        decomposition: &'a Decomposition,
        activation: PointwiseFunction,
        sources: Vec<usize>,
        layers: Vec<Vec<Vec<f64>>>,
        error: f64,
    ) -> Self {
        FlowReport {
            head: Head::Set(Box::new(SymmetryReport::of_decomposition(set, decomposition))),
            activation: activation.to_string(),
            sources,
            layers,
            error,
            pieces: decomposition.pieces(),
        }
    }

    /// The name of a matrix; empty where there is but one.
    fn stage(&self, index: usize) -> String {
        match &self.head {
            Head::Set(_) if self.layers.len() == 1 => String::new(),
            Head::Set(_) => format!("layer {}", index + 1),
            Head::Network { stages, .. } => stages[index].clone(),
        }
    }

    /// The columns that are shown: all, or those that receive most.
    fn shown(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = (0..self.pieces.len()).collect();
        if columns.len() > MOST_PIECES {
            let peak = |k: usize| self.layers.iter().flatten().map(|row| row[k]).fold(0.0, f64::max);
            let peaks: Vec<f64> = columns.iter().map(|&k| peak(k)).collect();
            columns.sort_by(|&a, &b| peaks[b].total_cmp(&peaks[a]).then(a.cmp(&b)));
            columns.truncate(12);
            columns.sort_unstable();
        }
        columns
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let columns = self.shown();
        let name = |k: usize| self.pieces[k].label.as_str();
        let width =
            columns.iter().chain(&self.sources).map(|&k| name(k).chars().count()).max().unwrap_or(0).max(8);
        let passed = match &self.head {
            Head::Set(_) => {
                format!("{} through {}", counted(self.layers.len(), "activation"), self.activation)
            }
            Head::Network { .. } => format!("random layers with the gains of {}", self.activation),
        };
        let _ = writeln!(
            text,
            "{passed}: expected energy on each piece (column) for unit energy on one piece (row)"
        );
        if let Head::Network { .. } = &self.head {
            text.push_str("weights enter through the gain of each layer on each piece, biases not at all\n");
        }
        if self.error > 0.0 {
            let _ = writeln!(text, "each row's sum is right within {:.1e}", self.error);
        }
        for (depth, matrix) in self.layers.iter().enumerate() {
            let stage = self.stage(depth);
            let _ = if stage.chars().count() > width {
                write!(text, "\n{stage}\n{:<width$}", "")
            } else {
                write!(text, "\n{stage:<width$}")
            };
            for &k in &columns {
                let _ = write!(text, "  {:>width$}", name(k));
            }
            let _ = writeln!(text, "  {:>width$}", "total");
            for (&source, row) in self.sources.iter().zip(matrix).take(MOST_PIECES) {
                let _ = write!(text, "{:<width$}", name(source));
                for &k in &columns {
                    let _ = write!(text, "  {:>width$}", figure(row[k]));
                }
                let _ = writeln!(text, "  {:>width$}", figure(row.iter().sum()));
            }
            if self.sources.len() > MOST_PIECES {
                let _ = writeln!(
                    text,
                    "... and {} more rows (--format json lists all)",
                    self.sources.len() - MOST_PIECES
                );
            }
        }
        if columns.len() < self.pieces.len() {
            let _ = writeln!(
                text,
                "\ncolumns: the {} pieces that receive most, of {}",
                columns.len(),
                self.pieces.len()
            );
        }
        text
    }

    /// One heat map for each layer, on one scale; zeros stay blank.
    ///
    /// # Errors
    /// As [`Heatmap::picture`].
    pub fn picture(&self) -> Result<Picture> {
        let columns = self.shown();
        let largest = self.layers.iter().flatten().flatten().copied().fold(0.0, f64::max);
        let mut pictures = Vec::with_capacity(self.layers.len());
        for (depth, matrix) in self.layers.iter().enumerate() {
            let rows = matrix.iter().take(MOST_PIECES);
            let values = rows.map(|row| columns.iter().map(|&k| snapped(row[k])).collect()).collect();
            let title = match &self.head {
                Head::Set(_) if self.layers.len() == 1 => format!("Energy through {}", self.activation),
                Head::Set(_) => format!("After activation {}", depth + 1),
                Head::Network { .. } => self.stage(depth),
            };
            let mut map = Heatmap::new(&title, values);
            map.rows = self.sources.iter().take(MOST_PIECES).map(|&k| self.pieces[k].label.clone()).collect();
            map.columns = columns.iter().map(|&k| self.pieces[k].label.clone()).collect();
            map.row_label = "from".into();
            map.column_label = "to".into();
            map.range = Some((0.0, largest));
            map.numbers = columns.len() <= 8;
            pictures.push(map.picture()?);
        }
        let title =
            if pictures.len() == 1 { String::new() } else { format!("Energy flow, {}", self.activation) };
        Ok(panels(&title, &pictures, 3))
    }
}

/// Four digits, zero as a dot.
fn figure(value: f64) -> String {
    if snapped(value) == 0.0 { ".".into() } else { format!("{value:.5}") }
}

/// Rounding noise as zero, for display only: there is no edge below this.
fn snapped(value: f64) -> f64 {
    if value.abs() < 1e-13 { 0.0 } else { value }
}
