//! `isotypic trace`.

use super::Outcome;
use super::eval::stream_rows;
use super::network::ActionArguments;
use super::output::OutputArguments;
use clap::Args;
use isotypic::analysis::EnergyTrace;
use isotypic::io::read_network;
use isotypic::report::trace::TraceReport;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic trace data/elnino_c12_deep.onnx --group C12 --data data/elnino_c12.csv
  isotypic trace data/digits_torus8.onnx --group C8^2 --data data/digits_torus8.csv -o trace.svg")]
pub(crate) struct Trace {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The group under which the network is equivariant.
    #[arg(long)]
    group: String,
    #[command(flatten)]
    action: ActionArguments,
    /// The inputs, one row each: .csv or .npy of any length.
    #[arg(long, value_name = "TABLE")]
    data: PathBuf,
    /// Count the share of energy above this frequency (products of cyclic groups).
    #[arg(long, value_name = "FREQUENCY", allow_negative_numbers = true)]
    cut: Option<f64>,
    /// Write a chart to an .svg file, or the figures to .csv or .json.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Trace {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let network = read_network(&self.network)?;
        let rows = stream_rows(&self.data, network.inputs())?;
        let actions = self.action.symmetry(&network, &self.group, 0.0)?.layer_actions()?;
        let trace = EnergyTrace::new(&network, &actions, rows, self.cut)?;
        let report = TraceReport::new(&trace);
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}
