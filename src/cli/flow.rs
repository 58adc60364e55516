//! `isotypic flow`.

use super::Outcome;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::analysis::PointwiseFunction;
use isotypic::analysis::flow::{EnergyFlow, FlowOptions, RandomLayer};
use isotypic::report::flow::FlowReport;
use isotypic::representation::Decomposition;
use isotypic::{Error, Result};
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
The input is Gaussian with unit energy, spread evenly over one simple piece. Between activations stand random equivariant
layers with many channels that pass every piece alike.

Examples:
  isotypic flow C12
  isotypic flow S5 --on subsets:2 --activation softplus
  isotypic flow C64 --depth 3 --centred --rescale -o flow.svg
  isotypic flow C1048576 --source 1")]
pub(crate) struct Flow {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// relu, abs, leaky:SLOPE, prelu:SLOPE, min0, softplus, silu, gelu, root or tanh.
    #[arg(long, default_value = "relu")]
    activation: String,
    /// How many activations the energy passes.
    #[arg(long, default_value_t = 1, value_name = "D")]
    depth: usize,
    /// A mean added to every entry before the activation.
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    bias: f64,
    /// The variance of the entries of the input.
    #[arg(long, default_value_t = 1.0, allow_negative_numbers = true)]
    variance: f64,
    /// Remove the trivial piece between activations.
    #[arg(long)]
    centred: bool,
    /// Scale to unit energy between activations.
    #[arg(long)]
    rescale: bool,
    /// Follow this piece only (a label such as 1, (0,1) or [3,1]); all by default.
    #[arg(long, value_name = "PIECE")]
    source: Option<String>,
    /// Write a heat map to an .svg file, or the figures to .json.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Flow {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        if let Some(path) = &self.o {
            output.require_extension(path, &["svg", "json"])?;
        }
        let activation = PointwiseFunction::parse(&self.activation)?;
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let options = FlowOptions { bias: self.bias, variance: self.variance };
        let flow = EnergyFlow::new(&decomposition, activation, options)?;
        let between = self.layers_between(decomposition.pieces().len())?;
        let sources = self.sources(&decomposition)?;
        let mut layers = vec![Vec::with_capacity(sources.len()); self.depth];
        let mut error: f64 = 0.0;
        for &source in &sources {
            let mut start = vec![0.0; decomposition.pieces().len()];
            start[source] = 1.0;
            for (layer, energies) in layers.iter_mut().zip(flow.through(&start, &between)?) {
                error = error.max(energies.after.error);
                layer.push(energies.after.energies);
            }
        }
        let report = FlowReport::new(&set, &decomposition, activation, sources, layers, error);
        if let Some(path) = &self.o {
            let svg = path.extension().is_some_and(|extension| extension == "svg");
            let bytes = if svg {
                report.picture()?.to_string().into_bytes()
            } else {
                serde_json::to_vec_pretty(&report)?
            };
            output.write_file(path, &bytes)?;
        }
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }

    fn layers_between(&self, pieces: usize) -> Result<Vec<RandomLayer>> {
        if !(1..=1000).contains(&self.depth) {
            return Err(Error::input(
                "--depth",
                format!("it is {}", self.depth),
                "give a number from 1 to 1000",
            ));
        }
        let layer = if self.centred { RandomLayer::centred(pieces) } else { RandomLayer::flat(pieces) };
        let layer = if self.rescale { layer.rescaled() } else { layer };
        Ok(vec![layer; self.depth - 1])
    }

    fn sources(&self, decomposition: &Decomposition) -> Result<Vec<usize>> {
        let pieces = decomposition.pieces();
        match &self.source {
            Some(label) => match pieces.iter().position(|piece| piece.label == *label) {
                Some(piece) => Ok(vec![piece]),
                None => Err(Error::input(
                    format!("--source {label}"),
                    "there is no such piece",
                    "give a label that 'isotypic decompose' prints",
                )),
            },
            None if pieces.len().saturating_mul(pieces.len()).saturating_mul(self.depth) > 1 << 25 => {
                Err(Error::too_large(
                    "the flow matrices",
                    format!("{} x {} entries, {} layers", pieces.len(), pieces.len(), self.depth),
                    format!("{} entries", 1 << 25),
                    "follow one piece with --source",
                ))
            }
            None => Ok((0..pieces.len()).collect()),
        }
    }
}
