//! `isotypic eval`.

use super::Outcome;
use super::output::OutputArguments;
use clap::Args;
use isotypic::io::{TableRows, open_table, read_network};
use isotypic::{Error, Result};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic eval data/elnino_c4.onnx --data data/elnino_c4.csv
  isotypic eval data/elnino_c4.onnx --data data/elnino_c4.csv --format json")]
pub(crate) struct Eval {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The inputs, one row each: .csv or .npy.
    #[arg(long, value_name = "TABLE")]
    data: PathBuf,
}

impl Eval {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let network = read_network(&self.network)?;
        let rows = read_rows(&self.data, network.inputs())?;
        let outputs: Vec<Vec<f64>> = rows.iter().map(|row| network.evaluate(row)).collect();
        let text = || {
            let line =
                |values: &Vec<f64>| values.iter().map(f64::to_string).collect::<Vec<_>>().join(",") + "\n";
            outputs.iter().map(line).collect()
        };
        output.print(text, || json!({ "outputs": outputs }))?;
        Ok(Outcome::Yes)
    }
}

/// The rows of a table that must have `width` columns.
pub(crate) fn read_rows(path: &Path, width: usize) -> Result<Vec<Vec<f64>>> {
    stream_rows(path, width)?.collect()
}

/// The same, one row at a time.
pub(crate) fn stream_rows(path: &Path, width: usize) -> Result<TableRows> {
    let rows = open_table(path)?;
    if rows.width() == width {
        return Ok(rows);
    }
    Err(Error::shape(
        path.display().to_string(),
        format!("{width} columns, one for each input of the network"),
        rows.width(),
        "give a table with the network's inputs only",
    ))
}
