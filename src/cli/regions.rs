//! `isotypic regions`.

use super::Outcome;
use super::domain::DomainArguments;
use super::network::ActionArguments;
use super::output::OutputArguments;
use clap::Args;
use isotypic::analysis::{RegionAnswer, RegionOptions};
use isotypic::io::read_network;
use isotypic::polyhedral::plain::Limits;
use isotypic::report::regions::RegionReport;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic regions data/elnino_c4.onnx --group C4
  isotypic regions data/elnino_c4.onnx --group C4 --domain box:-1,1 --merge
  isotypic regions data/nets/mlp_2-8-8-1.json --format json")]
pub(crate) struct Regions {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// Count orbits under this group; the network must be exactly equivariant.
    #[arg(long)]
    group: Option<String>,
    #[command(flatten)]
    action: ActionArguments,
    #[command(flatten)]
    domain: DomainArguments,
    /// Give up where more regions than this are found; they are all held in memory.
    #[arg(long, default_value_t = 200_000, value_name = "N")]
    max_regions: usize,
    /// Count different affine maps and connected linear regions, too.
    #[arg(long)]
    merge: bool,
}

impl Regions {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let domain = self.domain.parse()?;
        let network = read_network(&self.network)?;
        let symmetry =
            self.group.as_deref().map(|group| self.action.symmetry(&network, group, 0.0)).transpose()?;
        let limits = Limits { regions: self.max_regions, ..Limits::default() };
        let options = RegionOptions { merge: self.merge, limits };
        let spinner = output.spinner();
        spinner.set_message("enumerating linear regions");
        let answer = RegionAnswer::new(&network, &domain, symmetry.as_ref(), &options)?;
        spinner.finish_and_clear();
        let report = RegionReport::new(&network, &domain, self.group.as_deref(), &answer);
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }
}
