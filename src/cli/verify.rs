//! `isotypic verify`.

use super::Outcome;
use super::output::{OutputArguments, extension};
use clap::Args;
use isotypic::analysis::{GraphCertificate, RegionCertificate, certificate_check, region_certificate};
use isotypic::io::read_network;
use isotypic::report::checks::ChecksReport;
use isotypic::shallow::{Check, OrbitForm, checker};
use isotypic::{Error, Result};
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
The kind of file is found from its content. Exit code 0: every check holds; 1: one does not.
What is checked is about the permutations in the file; names of groups, actions and pieces in it are for people and prove
nothing.

Examples:
  isotypic graph S5 --on subsets:2 --certificate s5.proof.json
  isotypic verify s5.proof.json
  isotypic regions data/elnino_c4.onnx --domain box:-1,1 --certificate c4.proof.json
  isotypic verify c4.proof.json data/elnino_c4.onnx
  isotypic shallow data/elnino_c4.onnx --group C4 -o c4.safetensors
  isotypic verify c4.safetensors data/elnino_c4.onnx")]
pub(crate) struct Verify {
    /// A certificate that graph --certificate or regions --certificate wrote, or a three-layer form that shallow wrote.
    file: PathBuf,
    /// The network (.onnx or .json): needed for a three-layer form, optional for a certificate of regions.
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
        let spinner = output.spinner();
        spinner.set_message("checking");
        let checks = if OrbitForm::is_form(&bytes) || extension(&self.file) == "safetensors" {
            self.form(&OrbitForm::from_bytes(&bytes, &place)?)?
        } else {
            match serde_json::from_slice::<Kind>(&bytes) {
                Ok(kind) if kind.format == region_certificate::FORMAT => {
                    self.regions(&RegionCertificate::parse(&bytes, &place)?)?
                }
                Ok(_) => self.graph(&GraphCertificate::parse(&bytes, &place)?)?,
                Err(_) => {
                    return Err(Error::input(
                        place,
                        "neither a certificate nor a three-layer form",
                        "give a file that graph --certificate, regions --certificate or shallow -o wrote",
                    )
                    .into());
                }
            }
        };
        spinner.finish_and_clear();
        let report = ChecksReport::new(&checks);
        output.print(|| report.text(), || &report)?;
        Ok(if report.ok() { Outcome::Yes } else { Outcome::No })
    }

    fn form(&self, form: &OrbitForm) -> Result<Vec<Check>> {
        let network = self.network.as_deref().ok_or_else(|| {
            Error::input(
                self.file.display().to_string(),
                "a three-layer form is checked against its network",
                "give the network, too",
            )
        })?;
        Ok(checker::check(form, &read_network(network)?).checks)
    }

    fn graph(&self, certificate: &GraphCertificate) -> Result<Vec<Check>> {
        match &self.network {
            None => certificate_check::check(certificate),
            Some(network) => Err(Error::input(
                network.display().to_string(),
                "a certificate of a graph is not about a network",
                "leave out the network, or give a file that regions --certificate or shallow wrote",
            )),
        }
    }

    fn regions(&self, certificate: &RegionCertificate) -> Result<Vec<Check>> {
        let mut checks = Vec::new();
        if let Some(path) = &self.network {
            let ok = certificate.is_about(&read_network(path)?)?;
            let detail = if ok { "the same layers, exactly" } else { "the layers differ" };
            checks.push(Check {
                name: "the certificate is about this network".into(),
                ok,
                detail: detail.into(),
            });
        }
        let (ok, detail) = match certificate.check() {
            Ok(()) => {
                let count = certificate.regions();
                let domain = certificate.domain();
                (true, format!("{count} regions on {domain}; every facet leads to one of them"))
            }
            Err(flaw) => (false, flaw.to_string()),
        };
        checks.push(Check { name: "the regions are correct and complete".into(), ok, detail });
        Ok(checks)
    }
}
