//! `isotypic graph`.

use super::Outcome;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::report::symmetry::{SymmetryReport, dot, picture};
use isotypic::representation::Decomposition;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic graph C8
  isotypic graph C12 -o c12.svg
  isotypic graph S4 --on regular --activation abs --format json
  isotypic graph D5 --on regular --bias -o d5.dot")]
pub(crate) struct Graph {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// relu, abs, leaky:SLOPE, prelu:SLOPE, min0, softplus, silu, gelu, root or tanh.
    #[arg(long, default_value = "relu")]
    activation: String,
    /// Add a generic invariant bias before the activation.
    #[arg(long)]
    bias: bool,
    /// Draw every edge instead of bundling those that a path replaces.
    #[arg(long)]
    full: bool,
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
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let graph = InteractionGraph::of_decomposition(&decomposition, activation, self.bias)?;
        let report = SymmetryReport::of_graph(&set, &decomposition, &graph, activation, self.bias);
        if let Some(path) = &self.o {
            let bytes = match path.extension().and_then(|extension| extension.to_str()) {
                Some("svg") => picture(&report, &graph, self.full)?.to_string().into_bytes(),
                Some("dot") => dot(&report, &graph)?.into_bytes(),
                _ => serde_json::to_vec_pretty(&report)?,
            };
            output.write_file(path, &bytes)?;
        }
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }
}
