//! `isotypic flow`.

use super::Outcome;
use super::network::ChannelsArgument;
use super::output::{OutputArguments, extension};
use super::symmetry::SymmetryArguments;
use clap::Args;
use isotypic::analysis::flow::{EnergyFlow, FlowOptions, NetworkFlow, RandomLayer};
use isotypic::analysis::{NetworkSymmetry, PointwiseFunction};
use isotypic::io::{read_network, read_table};
use isotypic::report::flow::FlowReport;
use isotypic::representation::{Decomposition, SimplePiece};
use isotypic::{Error, Result};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
The input is Gaussian with unit energy, spread evenly over one simple piece. Between activations stand random equivariant
layers with many channels: they pass every piece alike, or multiply the energy of each piece by a gain of its own, from a
table (--filter) or measured on the layers of a trained network (--network).

Examples:
  isotypic flow C12
  isotypic flow S5 --on subsets:2 --activation softplus
  isotypic flow C64 --depth 3 --centred --rescale -o flow.svg
  isotypic flow C8 --depth 4 --filter low_pass.csv --rescale
  isotypic flow C12 --network data/elnino_c12_deep.onnx -o flow.svg
  isotypic flow C1048576 --source 1")]
pub(crate) struct Flow {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// relu, abs, leaky:SLOPE, prelu:SLOPE, min0, softplus, silu, gelu, root or tanh.
    #[arg(long, default_value = "relu")]
    activation: String,
    /// How many activations the energy passes (1, or as many as --filter has rows and one more).
    #[arg(long, value_name = "D")]
    depth: Option<usize>,
    /// The gain of each layer between activations: a .csv or .npy table with a column for each piece, which may be headed
    /// by labels, and a row for each layer or one row for all.
    #[arg(long, value_name = "TABLE", conflicts_with = "centred")]
    filter: Option<PathBuf>,
    /// Take layers, their actions, gains and activations from a trained network: .onnx or .json. Its biases are left out.
    #[arg(long, value_name = "NET", conflicts_with_all = [
        "activation", "depth", "filter", "bias", "variance", "centred", "rescale"
    ])]
    network: Option<PathBuf>,
    /// Whether the network's channels come first or last, where its file does not tell.
    #[arg(long, value_enum, requires = "network")]
    channels: Option<ChannelsArgument>,
    /// How the group acts on the network's output, see 'isotypic help check'.
    #[arg(long, value_name = "ACTION", requires = "network")]
    out: Option<String>,
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
        if let Some(network) = &self.network {
            return self.through_network(network, output);
        }
        let activation = PointwiseFunction::parse(&self.activation)?;
        let set = self.symmetry.set()?;
        let decomposition = Decomposition::new(&set)?;
        let options = FlowOptions { bias: self.bias, variance: self.variance };
        let flow = EnergyFlow::new(&decomposition, activation, options)?;
        let between = self.layers_between(decomposition.pieces())?;
        let depth = between.len() + 1;
        let sources = self.sources(decomposition.pieces(), depth)?;
        let mut layers = vec![Vec::with_capacity(sources.len()); depth];
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
        self.finish(&report, output)
    }

    fn through_network(&self, path: &Path, output: &OutputArguments) -> anyhow::Result<Outcome> {
        let network = read_network(path)?;
        let order = self.channels.map(ChannelsArgument::order);
        let question = self.symmetry.question(order, self.out.as_deref());
        let symmetry = NetworkSymmetry::new(&network, &question)?;
        let mut flow = NetworkFlow::new(&network, &symmetry.layer_actions()?)?;
        if self.source.is_some() {
            let kept = self.sources(&flow.pieces, flow.stages.len())?;
            flow.retain_sources(&kept);
            if flow.sources.is_empty() {
                return Err(Error::input(
                    "--source",
                    "the network's input has no such piece",
                    "give a label that 'isotypic decompose' prints for its input",
                )
                .into());
            }
        }
        self.finish(&FlowReport::of_network(symmetry.group().name(), &network, &flow), output)
    }

    fn finish(&self, report: &FlowReport<'_>, output: &OutputArguments) -> anyhow::Result<Outcome> {
        if let Some(path) = &self.o {
            let bytes = if extension(path) == "svg" {
                report.picture()?.to_string().into_bytes()
            } else {
                serde_json::to_vec_pretty(report)?
            };
            output.write_file(path, &bytes)?;
        }
        output.print(|| report.text(), || report)?;
        Ok(Outcome::Yes)
    }

    fn layers_between(&self, pieces: &[SimplePiece]) -> Result<Vec<RandomLayer>> {
        if self.depth.is_some_and(|depth| !(1..=1000).contains(&depth)) {
            return Err(Error::input(
                "--depth",
                format!("it is {}", self.depth.unwrap_or_default()),
                "give a number from 1 to 1000",
            ));
        }
        let layers = match &self.filter {
            Some(path) => {
                let table = read_table(path)?;
                let rows = RandomLayer::from_table(pieces, table.header.as_deref(), &table.rows)?;
                let count = self.depth.map_or(rows.len(), |depth| depth - 1);
                match rows.as_slice() {
                    [one] => vec![one.clone(); count],
                    _ if rows.len() == count && count < 1000 => rows,
                    _ => {
                        return Err(Error::shape(
                            path.display().to_string(),
                            format!("1 row, or {count}, one less than --depth, and at most 999"),
                            rows.len(),
                            "give a row for each layer between activations",
                        ));
                    }
                }
            }
            None => {
                let count = self.depth.map_or(0, |depth| depth - 1);
                let layer = if self.centred { RandomLayer::centred } else { RandomLayer::flat };
                vec![layer(pieces.len()); count]
            }
        };
        Ok(layers.into_iter().map(|layer| if self.rescale { layer.rescaled() } else { layer }).collect())
    }

    fn sources(&self, pieces: &[SimplePiece], depth: usize) -> Result<Vec<usize>> {
        match &self.source {
            Some(label) => match pieces.iter().position(|piece| piece.label == *label) {
                Some(piece) => Ok(vec![piece]),
                None => Err(Error::input(
                    format!("--source {label}"),
                    "there is no such piece",
                    "give a label that 'isotypic decompose' prints",
                )),
            },
            None if pieces.len().saturating_mul(pieces.len()).saturating_mul(depth) > 1 << 25 => {
                Err(Error::too_large(
                    "the flow matrices",
                    format!("{} x {} entries, {depth} layers", pieces.len(), pieces.len()),
                    format!("{} entries", 1 << 25),
                    "follow one piece with --source",
                ))
            }
            None => Ok((0..pieces.len()).collect()),
        }
    }
}
