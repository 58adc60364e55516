//! `isotypic decompose`.

use super::Outcome;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::action::Suborbits;
use isotypic::action::blocks::minimal_block_systems;
use isotypic::report::symmetry::SymmetryReport;
use isotypic::representation::Decomposition;
use isotypic::representation::character::ClassCharacters;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic decompose C8
  isotypic decompose S5 --on subsets:2 --classes
  isotypic decompose @data/groups/rubik.json
  isotypic decompose C2wrS3 --blocks
  isotypic decompose '<(1,2,3,4,5),(2,5)(3,4)>' --on pairs --format json")]
pub(crate) struct Decompose {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// List the conjugacy classes with the characters of the pieces, and check their inner products.
    #[arg(long)]
    classes: bool,
    /// List the minimal systems of blocks of imprimitivity.
    #[arg(long)]
    blocks: bool,
}

impl Decompose {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let mut report = SymmetryReport::of_decomposition(&set, &decomposition);
        if self.blocks {
            report = report.with_blocks(&minimal_block_systems(&set, &Suborbits::new(&set)?)?);
        }
        if self.classes {
            report = report.with_classes(&ClassCharacters::new(&set, &decomposition)?);
        }
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }
}
