//! `isotypic regions merge`.

use crate::cli::Outcome;
use crate::cli::output::OutputArguments;
use clap::Args;
use isotypic::analysis::region_search::{Part, merge};
use isotypic::report::regions::RegionReport;
use isotypic::{Error, Result};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Exit code 0: the parts are complete; 3: a part was stopped before its end.

Example:
  isotypic regions merge part1.json part2.json")]
pub(super) struct Merge {
    /// The parts that --shard wrote, all of one search.
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// Write the whole as a checkpoint, to go on with where a part was stopped.
    #[arg(short, long = "out-file", value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Merge {
    pub(super) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        if let Some(path) = &self.output {
            output.require_extension(path, &["json"])?;
        }
        let parts: Vec<Part> = self.parts.iter().map(|path| read_part(path)).collect::<Result<_>>()?;
        let merged = merge(&parts)?;
        if let Some(path) = &self.output {
            output.write_file(path, &merged.to_bytes())?;
        }
        let report = RegionReport::of_part(&merged, None);
        output.print(|| report.text(), || &report)?;
        Ok(if merged.is_complete() { Outcome::Yes } else { Outcome::Stopped })
    }
}

/// Reads a part from its file.
pub(super) fn read_part(path: &Path) -> Result<Part> {
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
    Part::parse(&bytes, &path.display().to_string())
}
