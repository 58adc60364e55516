//! `isotypic shallow`.

use super::Outcome;
use super::domain::DomainArguments;
use super::network::ActionArguments;
use super::output::OutputArguments;
use clap::Args;
use isotypic::analysis::{RegionAnswer, RegionOptions};
use isotypic::io::read_network;
use isotypic::report::shallow::ShallowReport;
use isotypic::shallow::{FormSymmetry, ShallowNetwork};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Exit code 0: the form was built and every check holds; 1: a check failed.

Examples:
  isotypic shallow data/elnino_c4.onnx --group C4 --domain box:-1,1
  isotypic shallow data/nets/dup_2.json --format json")]
pub(crate) struct Shallow {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// Check the symmetry of the form under this group, too.
    #[arg(long)]
    group: Option<String>,
    #[command(flatten)]
    action: ActionArguments,
    #[command(flatten)]
    domain: DomainArguments,
}

impl Shallow {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let domain = self.domain.parse()?;
        let network = read_network(&self.network)?;
        let symmetry =
            self.group.as_deref().map(|group| self.action.symmetry(&network, group, 0.0)).transpose()?;
        let spinner = output.spinner();
        spinner.set_message("building and checking the three-layer form");
        let answer = RegionAnswer::new(&network, &domain, symmetry.as_ref(), &RegionOptions::default())?;
        let form = ShallowNetwork::from_regions(&answer.regions)?;
        let layers = symmetry.map(|symmetry| symmetry.layer_symmetry()).transpose()?;
        let (restricted, _) = domain.restrict(&network)?;
        let certificate = form.verify(&restricted, layers.as_ref())?;
        let of_form = layers.map(|layers| FormSymmetry::new(&form, &layers)).transpose()?;
        spinner.finish_and_clear();
        let report = ShallowReport::new(&form, &certificate, of_form.as_ref());
        output.print(|| report.text(), || &report)?;
        Ok(if report.is_verified() { Outcome::Yes } else { Outcome::No })
    }
}
