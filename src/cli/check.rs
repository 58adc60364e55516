//! `isotypic check`.

use super::Outcome;
use super::network::ActionArguments;
use super::output::OutputArguments;
use clap::Args;
use isotypic::io::read_network;
use isotypic::report::network::{CheckReport, describe};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
The answer is about exact equality of weights; --tolerance accepts rounding, and the verdict says so.
Exit code 0: equivariant; 1: not, or undecided.

Examples:
  isotypic check data/elnino_c4.onnx --group C4
  isotypic check data/digits_points_s3.onnx --group S3 --on 'points*2'
  isotypic check data/digits_torus8.onnx --group C8^2 --out trivial --format json")]
pub(crate) struct Check {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The group, such as C8, S5, C4^2 or '<(1,2,3),(1,2)>'.
    #[arg(long)]
    group: String,
    #[command(flatten)]
    action: ActionArguments,
    /// Accept differences between weights up to this number.
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    tolerance: f64,
}

impl Check {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let network = read_network(&self.network)?;
        let symmetry = self.action.symmetry(&network, &self.group, self.tolerance)?;
        let report = CheckReport::new(&symmetry);
        let text =
            || format!("network  {}: {}\n{}", self.network.display(), describe(&network), report.text());
        output.print(text, || &report)?;
        Ok(if report.is_equivariant() { Outcome::Yes } else { Outcome::No })
    }
}
