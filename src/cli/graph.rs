//! `isotypic graph`.

use super::Outcome;
use super::output::{OutputArguments, extension};
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::Error;
use isotypic::analysis::{
    EnergyFlow, FlowOptions, GraphCertificate, InteractionGraph, PointwiseFunction, Reach, strata, subnetwork,
};
use isotypic::report::symmetry::{SymmetryReport, dot, picture};
use isotypic::representation::{Decomposition, SimplePiece};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic graph C8
  isotypic graph C12 -o c12.svg
  isotypic graph C12 --weights -o c12_energy.svg
  isotypic graph S4 --on regular --activation abs --format json
  isotypic graph D5 --on regular --bias -o d5.dot
  isotypic graph M11 --certificate m11.proof.json
  isotypic graph C6 --sources 2,3 --depth 2
  isotypic graph S4 --on regular --strata --subnetworks")]
pub(crate) struct Graph {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// relu, abs, leaky:SLOPE, prelu:SLOPE, min0, softplus, silu, gelu, root or tanh.
    #[arg(long, default_value = "relu")]
    activation: String,
    /// Add a generic invariant bias before the activation; the graph is the same for every value, its weights are not
    /// (--bias alone is --bias=1).
    #[arg(long, value_name = "VALUE", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    bias: Option<f64>,
    /// Tell how much energy each edge carries, in closed form, and draw the edges with that width.
    #[arg(long)]
    weights: bool,
    /// Follow several pieces at once: labels, separated by commas, such as 2,3 or [3,1],[2,2].
    #[arg(long, value_name = "PIECES")]
    sources: Option<String>,
    /// Tell which pieces so many layers can reach, from --sources or from each piece.
    #[arg(long, value_name = "LAYERS", value_parser = clap::value_parser!(u16).range(1..=1000))]
    depth: Option<u16>,
    /// Tell what the embeddings into the regular representation feed that are not generic.
    #[arg(long)]
    strata: bool,
    /// List the sub-networks: the functions that normal subgroups fix.
    #[arg(long)]
    subnetworks: bool,
    /// Draw every edge instead of bundling those that a path replaces.
    #[arg(long)]
    full: bool,
    /// Write a proof of every edge and non-edge, which `isotypic verify` checks again.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Write the graph to a file: .svg, .dot or .json.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Graph {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let activation = PointwiseFunction::parse(&self.activation)?;
        if let Some(path) = &self.o {
            output.require_extension(path, &["svg", "dot", "json"])?;
        }
        let bias = self.bias.unwrap_or_default();
        if !bias.is_finite() {
            return Err(
                Error::input(format!("--bias={bias}"), "it is no number", "give a finite bias").into()
            );
        }
        let with_bias = bias != 0.0;
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let graph = InteractionGraph::of_decomposition(&decomposition, activation, with_bias)?;
        let mut report = SymmetryReport::of_graph(&set, &decomposition, &graph, activation, with_bias);
        if self.weights {
            let options = FlowOptions { bias, ..FlowOptions::default() };
            let flow = EnergyFlow::new(&decomposition, activation, options)?;
            report = report.with_weights(flow.edge_weights(&graph)?, options);
        }
        if self.sources.is_some() || self.depth.is_some() {
            report = report.with_reach(&self.reach(&decomposition, activation)?);
        }
        if self.strata {
            let strata = (0..decomposition.pieces().len())
                .map(|piece| strata::strata(&set, &decomposition, piece))
                .collect::<isotypic::Result<Vec<_>>>()?;
            report = report.with_strata(&strata);
        }
        if self.subnetworks {
            report = report.with_subnetworks(&subnetwork::subnetworks(&set, &decomposition)?);
        }
        if let Some(path) = &self.o {
            match extension(path).as_str() {
                "svg" => {
                    output.write_file(path, picture(&report, &graph, self.full)?.to_string().as_bytes())?
                }
                "dot" => output.write_file(path, dot(&report, &graph)?.as_bytes())?,
                _ => output.write_json(path, &report)?,
            }
        }
        if let Some(path) = &self.certificate {
            let certificate = GraphCertificate::new(&set, &decomposition, &graph, activation, with_bias)?;
            output.write_file(path, &serde_json::to_vec(&certificate)?)?;
        }
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }

    /// From the given sources, or from every piece alone.
    fn reach(
        &self,
        decomposition: &Decomposition,
        activation: PointwiseFunction,
    ) -> isotypic::Result<Vec<Reach>> {
        let pieces = decomposition.pieces();
        let starts: Vec<Vec<usize>> = match &self.sources {
            Some(text) => vec![named_pieces(text, pieces)?],
            None => (0..pieces.len()).map(|piece| vec![piece]).collect(),
        };
        let with_bias = self.bias.is_some_and(|bias| bias != 0.0);
        let depth = usize::from(self.depth.unwrap_or(1));
        starts
            .iter()
            .map(|sources| Reach::new(decomposition, activation, with_bias, sources, depth))
            .collect()
    }
}

/// The numbers of the pieces with these labels; commas inside brackets belong to a label.
pub(crate) fn named_pieces(text: &str, pieces: &[SimplePiece]) -> isotypic::Result<Vec<usize>> {
    let mut labels = vec![String::new()];
    let mut depth = 0;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                labels.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = labels.last_mut() {
            last.push(c);
        }
    }
    let known = || pieces.iter().take(20).map(|piece| piece.label.as_str()).collect::<Vec<_>>().join(" ");
    labels
        .iter()
        .map(|label| {
            pieces.iter().position(|piece| piece.label == *label).ok_or_else(|| {
                Error::input(
                    format!("pieces '{text}'"),
                    format!("there is no piece '{label}'"),
                    format!("choose among {}", known()),
                )
            })
        })
        .collect()
}
