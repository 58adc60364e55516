//! `isotypic verify`.

use super::Outcome;
use super::output::OutputArguments;
use clap::Args;
use isotypic::Error;
use isotypic::analysis::{GraphCertificate, certificate_check};
use isotypic::report::checks::ChecksReport;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Exit code 0: every check holds; 1: one does not.
What is checked is about the permutations in the file; the names of the group, the action and the pieces
in it are for people and prove nothing.

Example:
  isotypic graph S5 --on subsets:2 --certificate s5.proof.json
  isotypic verify s5.proof.json")]
pub(crate) struct Verify {
    /// A certificate that graph --certificate wrote.
    file: PathBuf,
}

impl Verify {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let bytes = std::fs::read(&self.file).map_err(|source| Error::io(&self.file, source))?;
        let certificate = GraphCertificate::parse(&bytes, &self.file.display().to_string())?;
        let checks = certificate_check::check(&certificate)?;
        let report = ChecksReport::new(&checks);
        output.print(|| report.text(), || &report)?;
        Ok(if report.ok() { Outcome::Yes } else { Outcome::No })
    }
}
