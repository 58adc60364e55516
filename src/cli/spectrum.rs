//! `isotypic spectrum`.

use super::Outcome;
use super::network::ChannelsArgument;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::Error;
use isotypic::analysis::energy::table_statistics;
use isotypic::harmonic::{Channels, Frequencies, Spectrum};
use isotypic::io::open_table;
use isotypic::network::ChannelOrder;
use isotypic::report::spectrum::SpectrumReport;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Each row of the table holds one function on the set, or several, one for each channel. The table may be of any length: it
is read row by row, in bounded memory.

Examples:
  isotypic spectrum C12 --data data/elnino_c12.csv
  isotypic spectrum C8^2 --data data/digits_torus8.csv --cut 2 -o spectrum.svg
  isotypic spectrum S3 --data data/digits_points_s3.csv --channels last --each")]
pub(crate) struct SpectrumOf {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// The functions, one row each: .csv or .npy of any length.
    #[arg(long, value_name = "TABLE")]
    data: PathBuf,
    /// Where rows hold several functions: whether channels come first (index = channel * points + point, the default)
    /// or last.
    #[arg(long, value_enum)]
    channels: Option<ChannelsArgument>,
    /// Keep the channels apart instead of adding up their energies.
    #[arg(long)]
    each: bool,
    /// Count the share of energy above this frequency (products of cyclic groups).
    #[arg(long, value_name = "FREQUENCY", allow_negative_numbers = true)]
    cut: Option<f64>,
    /// Write a chart to an .svg file, or the figures to .csv or .json.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl SpectrumOf {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let set = self.symmetry.set()?;
        let rows = open_table(&self.data)?;
        let width = rows.width();
        if !width.is_multiple_of(set.size()) {
            return Err(Error::shape(
                self.data.display().to_string(),
                format!("a multiple of {} columns, one for each point of {}", set.size(), set.name()),
                width,
                "give a table with the functions' values only, or another action with --on",
            )
            .into());
        }
        let spectrum = Spectrum::new(&set)?;
        let frequencies = Frequencies::with_cut(&set, spectrum.decomposition(), self.cut)?;
        let order = self.channels.map_or(ChannelOrder::First, ChannelsArgument::order);
        let mode = if self.each { Channels::Kept } else { Channels::Summed };
        let question = (width / set.size(), order, mode);
        let statistics = table_statistics(&spectrum, rows, question, frequencies.as_ref(), self.cut)?;
        let report = SpectrumReport::new(&set, spectrum.decomposition(), &statistics, self.cut);
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}
