//! `isotypic decompose`.

use super::Outcome;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::report::symmetry::SymmetryReport;
use isotypic::representation::Decomposition;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic decompose C8
  isotypic decompose S5 --on subsets:2
  isotypic decompose '<(1,2,3,4,5),(2,5)(3,4)>' --on pairs --format json")]
pub(crate) struct Decompose {
    #[command(flatten)]
    symmetry: SymmetryArguments,
}

impl Decompose {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let report = SymmetryReport::of_decomposition(&set, &decomposition);
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }
}
