//! `isotypic eval`.

use super::Outcome;
use super::output::{OutputArguments, extension};
use clap::{Args, ValueEnum};
use isotypic::analysis::evaluation::{Mode, evaluate_form, evaluate_network};
use isotypic::io::{TableRows, open_table, read_network};
use isotypic::shallow::OrbitForm;
use isotypic::{Error, Result};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
On a three-layer form every value is decided exactly, on boundaries, too; --mode layers runs the three layers as they
stand, in rational arithmetic. A row outside the domain of the form is an error. The columns of a form on a slice are the
coordinates in the slice.

Examples:
  isotypic eval data/elnino_c4.onnx --data data/elnino_c4.csv
  isotypic eval c4.safetensors --data data/elnino_c4.csv --mode layers
  isotypic eval c4.safetensors --data data/elnino_c4.csv --network data/elnino_c4.onnx --format json")]
pub(crate) struct Eval {
    /// The network (.onnx or .json), or a three-layer form that shallow wrote (.safetensors).
    file: PathBuf,
    /// The inputs, one row each: .csv or .npy.
    #[arg(long, value_name = "TABLE")]
    data: PathBuf,
    /// How a form is evaluated: by looking the region up (the default), or by the arithmetic of its three layers.
    #[arg(long, value_enum)]
    mode: Option<ModeArgument>,
    /// The network of the form: its activation patterns make the lookup faster.
    #[arg(long, value_name = "NET", conflicts_with = "mode")]
    network: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModeArgument {
    Layers,
    Lookup,
}

impl Eval {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let bytes = std::fs::read(&self.file).map_err(|source| Error::io(&self.file, source))?;
        let is_form = OrbitForm::is_form(&bytes) || extension(&self.file) == "safetensors";
        let outputs = if is_form { self.of_form(&bytes)? } else { self.of_network()? };
        let text = || {
            let line =
                |values: &Vec<f64>| values.iter().map(f64::to_string).collect::<Vec<_>>().join(",") + "\n";
            outputs.iter().map(line).collect()
        };
        output.print(text, || json!({ "outputs": outputs }))?;
        Ok(Outcome::Yes)
    }

    fn of_network(&self) -> Result<Vec<Vec<f64>>> {
        if self.mode.is_some() || self.network.is_some() {
            return Err(Error::unsupported(
                format!("{}: --mode or --network for a network", self.file.display()),
                "give a three-layer form (.safetensors), or leave the option out",
            ));
        }
        let network = read_network(&self.file)?;
        let rows = read_rows(&self.data, network.inputs())?;
        Ok(evaluate_network(&network, &rows))
    }

    fn of_form(&self, bytes: &[u8]) -> Result<Vec<Vec<f64>>> {
        let form = OrbitForm::from_bytes(bytes, &self.file.display().to_string())?;
        let rows = read_rows(&self.data, form.inputs())?;
        let network = self.network.as_deref().map(read_network).transpose()?;
        let mode = match (&network, self.mode) {
            (Some(network), _) => Mode::LookupWith(network),
            (None, Some(ModeArgument::Layers)) => Mode::Layers,
            (None, _) => Mode::Lookup,
        };
        evaluate_form(&form, &rows, mode, &self.data.display().to_string())
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
        format!("{width} columns, one for each input"),
        rows.width(),
        "give a table with these inputs only",
    ))
}
