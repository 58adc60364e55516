//! `isotypic verify`.

use super::Outcome;
use super::output::{OutputArguments, extension};
use clap::Args;
use isotypic::Error;
use isotypic::analysis::{GraphCertificate, certificate_check};
use isotypic::io::read_network;
use isotypic::report::checks::ChecksReport;
use isotypic::shallow::{OrbitForm, checker};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
The kind of file is found from its content.

Exit code 0: every check holds; 1: one does not.

Examples:
  isotypic graph S5 --on subsets:2 --certificate s5.proof.json
  isotypic verify s5.proof.json
  isotypic shallow data/elnino_c4.onnx --group C4 -o c4.safetensors
  isotypic verify c4.safetensors data/elnino_c4.onnx")]
pub(crate) struct Verify {
    /// A certificate that graph --certificate wrote, or a three-layer form that shallow wrote.
    file: PathBuf,
    /// The network that a three-layer form is to equal: .onnx or .json.
    network: Option<PathBuf>,
}

impl Verify {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let bytes = std::fs::read(&self.file).map_err(|source| Error::io(&self.file, source))?;
        let name = self.file.display().to_string();
        let report = if OrbitForm::is_form(&bytes) || extension(&self.file) == "safetensors" {
            let form = OrbitForm::from_bytes(&bytes, &name)?;
            let network = read_network(self.network.as_deref().ok_or_else(|| {
                Error::input(
                    &name,
                    "a three-layer form is checked against its network",
                    "give the network, too",
                )
            })?)?;
            let spinner = output.spinner();
            spinner.set_message("checking the three-layer form");
            let certificate = checker::check(&form, &network);
            spinner.finish_and_clear();
            ChecksReport::new(&certificate.checks)
        } else {
            ChecksReport::new(&certificate_check::check(&GraphCertificate::parse(&bytes, &name)?)?)
        };
        output.print(|| report.text(), || &report)?;
        Ok(if report.ok() { Outcome::Yes } else { Outcome::No })
    }
}
