//! `isotypic verify`.

use super::Outcome;
use super::output::OutputArguments;
use clap::Args;
use isotypic::Error;
use isotypic::analysis::certificate_check::Check;
use isotypic::analysis::{GraphCertificate, RegionCertificate, certificate_check, region_certificate};
use isotypic::io::read_network;
use isotypic::report::checks::ChecksReport;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Exit code 0: every check holds; 1: one does not.
What is checked is about the permutations in the file; the names of the group, the action and the pieces
in it are for people and prove nothing.

Examples:
  isotypic graph S5 --on subsets:2 --certificate s5.proof.json
  isotypic verify s5.proof.json
  isotypic regions data/elnino_c4.onnx --domain box:-1,1 --certificate c4.proof.json
  isotypic verify c4.proof.json data/elnino_c4.onnx")]
pub(crate) struct Verify {
    /// A certificate that graph --certificate or regions --certificate wrote.
    file: PathBuf,
    /// The network that a certificate of regions is about: .onnx or .json.
    network: Option<PathBuf>,
}

/// What every certificate says of itself.
#[derive(Deserialize)]
struct Kind {
    format: String,
}

impl Verify {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let bytes = std::fs::read(&self.file).map_err(|source| Error::io(&self.file, source))?;
        let place = self.file.display().to_string();
        let kind = serde_json::from_slice::<Kind>(&bytes).ok();
        let checks = if kind.is_some_and(|kind| kind.format == region_certificate::FORMAT) {
            self.regions(&RegionCertificate::parse(&bytes, &place)?)?
        } else {
            if let Some(network) = &self.network {
                return Err(Error::input(
                    network.display().to_string(),
                    "only certificates of regions are about a network",
                    "leave out the network, or give a file that regions --certificate wrote",
                )
                .into());
            }
            certificate_check::check(&GraphCertificate::parse(&bytes, &place)?)?
        };
        let report = ChecksReport::new(&checks);
        output.print(|| report.text(), || &report)?;
        Ok(if report.ok() { Outcome::Yes } else { Outcome::No })
    }

    fn regions(&self, certificate: &RegionCertificate) -> isotypic::Result<Vec<Check>> {
        let mut checks = Vec::new();
        if let Some(path) = &self.network {
            let ok = certificate.is_about(&read_network(path)?)?;
            let detail = if ok { "the same layers, exactly" } else { "the layers differ" };
            checks.push(Check { name: "the certificate is about this network", ok, detail: detail.into() });
        }
        let (ok, detail) = match certificate.check() {
            Ok(()) => {
                let count = certificate.regions();
                (
                    true,
                    format!("{count} regions on {}; every facet leads to one of them", certificate.domain()),
                )
            }
            Err(flaw) => (false, flaw.to_string()),
        };
        checks.push(Check { name: "the regions are correct and complete", ok, detail });
        Ok(checks)
    }
}
