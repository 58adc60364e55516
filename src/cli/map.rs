//! `isotypic map`.

use super::Outcome;
use super::graph::named_pieces;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::Error;
use isotypic::analysis::{PieceMap, PieceMapOptions, PointwiseFunction};
use isotypic::report::piece_map::PieceMapReport;
use isotypic::representation::{Decomposition, SimplePiece};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic map C3 --from 1 --to 0 -o cone.svg
  isotypic map C8 --from 1 --to 4 -o saddle.svg
  isotypic map S4 --from '[3,1]' --to '[4]' --slice 1,2")]
pub(crate) struct Map {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// The piece that is included, by its label.
    #[arg(long, value_name = "PIECE")]
    from: String,
    /// The piece onto which is projected, by its label.
    #[arg(long, value_name = "PIECE")]
    to: String,
    /// relu, abs, leaky:SLOPE or min0.
    #[arg(long, default_value = "relu")]
    activation: String,
    /// In a piece of dimension 3 or more: the plane spanned by the vectors of two points, counted from 1.
    #[arg(long, value_name = "X,Y")]
    slice: Option<String>,
    /// Write the map to a file: .svg or .json.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Map {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        if let Some(path) = &self.o {
            output.require_extension(path, &["svg", "json"])?;
        }
        let activation = PointwiseFunction::parse(&self.activation)?;
        let slice = self.slice.as_deref().map(two_points).transpose()?;
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let options = PieceMapOptions {
            from: one_piece(&self.from, decomposition.pieces())?,
            to: one_piece(&self.to, decomposition.pieces())?,
            slice,
            activation,
        };
        let map = PieceMap::new(&set, &decomposition, &options)?;
        let report = PieceMapReport::new(&set, &decomposition, &options, &map);
        if let Some(path) = &self.o {
            let bytes = match path.extension().and_then(|extension| extension.to_str()) {
                Some("svg") => report.picture(&map)?.to_string().into_bytes(),
                _ => serde_json::to_vec_pretty(&report)?,
            };
            output.write_file(path, &bytes)?;
        }
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }
}

fn one_piece(text: &str, pieces: &[SimplePiece]) -> isotypic::Result<usize> {
    match named_pieces(text, pieces)?[..] {
        [piece] => Ok(piece),
        _ => Err(Error::input(format!("piece '{text}'"), "more than one piece", "give one label")),
    }
}

/// Two points counted from 1.
fn two_points(text: &str) -> isotypic::Result<[usize; 2]> {
    let points: Vec<usize> =
        text.split(',').filter_map(|word| word.trim().parse::<usize>().ok()?.checked_sub(1)).collect();
    match points[..] {
        [first, second] if text.split(',').count() == 2 => Ok([first, second]),
        _ => Err(Error::input(
            format!("slice '{text}'"),
            "not two points",
            "give two points counted from 1, such as 1,2",
        )),
    }
}
