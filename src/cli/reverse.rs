//! `isotypic reverse`.

use super::Outcome;
use super::eval::read_rows;
use super::network::ActionArguments;
use super::output::OutputArguments;
use super::smooth::activations;
use clap::{Args, Subcommand, ValueEnum};
use isotypic::analysis::GroupTable;
use isotypic::analysis::reverse::Generative;
use isotypic::analysis::reverse::experiment::{self, LayerKind, ReverseOptions};
use isotypic::analysis::reverse::isotypic::{IsotypicOptions, isotypic_law};
use isotypic::analysis::reverse::likeness::network_likeness;
use isotypic::analysis::reverse::network::{Reversal, ReverseRule, equivariance_violation};
use isotypic::analysis::smooth::certificate::normal_inputs;
use isotypic::group::PermutationGroup;
use isotypic::io::read_network;
use isotypic::report::reverse::{LawReport, LikenessReport, ReversalReport, RunReport};
use isotypic::{Error, Result};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Subcommand)]
pub(crate) enum Reverse {
    /// Sparse codes through random layers and back: measured errors beside their exact laws.
    Run(Run),
    /// The error of random group convolutions in each simple piece, beside the isotypic law.
    Law(Law),
    /// How random the layers of a network are, piece by piece.
    Likeness(Likeness),
    /// Sends inputs through a network and back, by the adjoint and by deconvolution.
    Network(Network),
}

impl Reverse {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        match self {
            Reverse::Run(command) => command.run(output),
            Reverse::Law(command) => command.run(output),
            Reverse::Likeness(command) => command.run(output),
            Reverse::Network(command) => command.run(output),
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Support {
    /// Anywhere.
    Random,
    /// Evenly spaced in a channel.
    Coset,
    /// Consecutive units.
    Interval,
    /// At most one per channel while there are enough channels.
    PerChannel,
}

impl From<Support> for experiment::Support {
    fn from(support: Support) -> Self {
        match support {
            Support::Random => experiment::Support::Random,
            Support::Coset => experiment::Support::Coset,
            Support::Interval => experiment::Support::Interval,
            Support::PerChannel => experiment::Support::PerChannel,
        }
    }
}

/// Reads `VISIBLE:HIDDEN`.
fn channels(text: &str) -> Result<(usize, usize)> {
    let parsed = text.split_once(':').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    parsed.ok_or_else(|| {
        Error::input(
            format!("channels '{text}'"),
            "these are not two numbers",
            "write visible and hidden channels as 16:4",
        )
    })
}

#[derive(Args)]
#[command(after_help = "\
x = 2 / (rho n) f(W h) with each of n visible units kept with probability rho, and t = rho n. Lists run over all
combinations.

Examples:
  isotypic reverse run
  isotypic reverse run --keep 1,0.5,0.25 --active 4,8,16 -o errors.svg
  isotypic reverse run --activation relu,softplus:2,silu:2,tanh --hidden 64 --active 4 --trials 150
  isotypic reverse run --group C128 --channels 16:4 --support coset --keep 0.5")]
pub(crate) struct Run {
    /// Draw group convolutions on this group instead of independent weights.
    #[arg(long)]
    group: Option<String>,
    /// Visible and hidden channels of a convolution.
    #[arg(long, default_value = "16:4", value_name = "VISIBLE:HIDDEN", requires = "group")]
    channels: String,
    /// Visible units of independent weights.
    #[arg(long, default_value_t = 2048, conflicts_with = "group")]
    visible: usize,
    /// Hidden units of independent weights.
    #[arg(long, default_value_t = 256, conflicts_with = "group")]
    hidden: usize,
    /// Numbers of non-zero hidden units.
    #[arg(long, value_delimiter = ',', default_value = "8")]
    active: Vec<usize>,
    /// Probabilities of keeping a visible unit.
    #[arg(long, value_delimiter = ',', default_value = "1", allow_negative_numbers = true)]
    keep: Vec<f64>,
    /// Activations: relu, softplus:ALPHA, silu:ALPHA, gelu:ALPHA, root:EPS, tanh, ...
    #[arg(long, value_delimiter = ',', default_value = "relu")]
    activation: Vec<String>,
    /// Where the non-zero units lie.
    #[arg(long, value_enum, default_value = "random")]
    support: Support,
    /// Remove the mean of x before decoding.
    #[arg(long)]
    centred: bool,
    /// Trials, each with a fresh layer.
    #[arg(long, default_value_t = 40)]
    trials: usize,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Run {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let (layer, name) = match &self.group {
            None => {
                let layer = LayerKind::Iid { visible: self.visible, hidden: self.hidden };
                (layer, "independent weights".to_owned())
            }
            Some(group) => {
                let (visible_channels, hidden_channels) = channels(&self.channels)?;
                let table = GroupTable::parse(group)?;
                let layer = LayerKind::Convolution { group: table, visible_channels, hidden_channels };
                (layer, format!("convolutions on {group}"))
            }
        };
        let mut runs = Vec::new();
        for activation in activations(&self.activation)? {
            for &keep in &self.keep {
                for &sparsity in &self.active {
                    let options = ReverseOptions {
                        layer: layer.clone(),
                        model: Generative { keep, activation },
                        sparsity,
                        support: self.support.into(),
                        centred: self.centred,
                        trials: self.trials,
                        seed: self.seed,
                    };
                    let report = output.with_progress(|progress| experiment::run(&options, progress))?;
                    runs.push((options, report));
                }
            }
        }
        output.deliver(&RunReport::new(name, &runs), self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic reverse law Q8
  isotypic reverse law C8 --channels 4:2 --trials 2000 -o c8.svg")]
pub(crate) struct Law {
    /// The group, such as C8, D4, Q8 or S4.
    group: String,
    /// Visible and hidden channels.
    #[arg(long, default_value = "4:2", value_name = "VISIBLE:HIDDEN")]
    channels: String,
    /// Trials for each piece.
    #[arg(long, default_value_t = 1000)]
    trials: usize,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Law {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let (visible_channels, hidden_channels) = channels(&self.channels)?;
        let group = Arc::new(PermutationGroup::parse(&self.group)?);
        let options =
            IsotypicOptions { visible_channels, hidden_channels, trials: self.trials, seed: self.seed };
        let rows = output.with_progress(|progress| isotypic_law(&group, options, progress))?;
        output.deliver(&LawReport::new(self.group.clone(), options, rows), self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  isotypic reverse likeness data/elnino_c12_wide.onnx --group C12
  isotypic reverse likeness data/elnino_c12_wide.onnx --group C12 -o gains.svg")]
pub(crate) struct Likeness {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The group under which the network is equivariant.
    #[arg(long)]
    group: String,
    #[command(flatten)]
    action: ActionArguments,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Likeness {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let network = read_network(&self.network)?;
        let actions = self.action.symmetry(&network, &self.group, 0.0)?.layer_actions()?;
        let layers = network_likeness(&network, &actions)?;
        let report = LikenessReport::new(self.network.display().to_string(), self.group.clone(), layers);
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
adjoint: transposed weights behind the gates of the way there. deconvolution: transposed weights, each with its own ReLU.
Both are checked to be equivariant; the exit code is 1 where they are not.

Examples:
  isotypic reverse network data/elnino_c12_wide.onnx --group C12 --data data/elnino_c12.csv -o strip.svg
  isotypic reverse network data/digits_torus8.onnx --group C8^2 --samples 3")]
pub(crate) struct Network {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The group under which the network is equivariant.
    #[arg(long)]
    group: String,
    #[command(flatten)]
    action: ActionArguments,
    /// The inputs, one row each: .csv or .npy; random ones by default.
    #[arg(long, value_name = "TABLE")]
    data: Option<PathBuf>,
    /// Random inputs, and inputs of the check.
    #[arg(long, default_value_t = 5)]
    samples: usize,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Network {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let network = read_network(&self.network)?;
        let actions = self.action.symmetry(&network, &self.group, 0.0)?.layer_actions()?;
        let inputs = match &self.data {
            Some(path) => read_rows(path, network.inputs())?,
            None => normal_inputs(&network, self.samples, 1.0, self.seed)?,
        };
        if inputs.is_empty() || self.samples == 0 {
            return Err(Error::input(
                "reversal of a network",
                format!("{} inputs and {} samples", inputs.len(), self.samples),
                "give at least one of each",
            )
            .into());
        }
        let violation =
            |rule| equivariance_violation(&network, &actions.input, rule, self.samples, self.seed);
        let violations = [violation(ReverseRule::Adjoint)?, violation(ReverseRule::Deconvolution)?];
        let rows = inputs.iter().map(|x| Reversal::new(&network, x)).collect();
        let name = self.network.display().to_string();
        let report = ReversalReport::new(name, self.group.clone(), violations, rows);
        output.deliver(&report, self.o.as_deref())?;
        Ok(if report.is_equivariant() { Outcome::Yes } else { Outcome::No })
    }
}
