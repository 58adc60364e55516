//! `isotypic smooth`.

use super::Outcome;
use super::eval::read_rows;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::{Args, Subcommand};
use isotypic::action::grammar;
use isotypic::analysis::smooth::certificate::normal_inputs;
use isotypic::analysis::smooth::half_identity::HalfIdentityOptions;
use isotypic::analysis::smooth::leakage::{LeakageOptions, leakage};
use isotypic::analysis::smooth::sampling::sampling_row;
use isotypic::analysis::smooth::sweep::{SweepOptions, sweep};
use isotypic::group::PermutationGroup;
use isotypic::io::read_network;
use isotypic::network::SmoothActivation;
use isotypic::report::smooth::{
    CertificateReport, IdentityReport, LeakageReport, SamplesReport, TemperatureReport,
};
use isotypic::{Error, Result};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Subcommand)]
pub(crate) enum Smooth {
    /// Half of every wave passes every half-linear activation unchanged, where some group element acts as -1.
    Identity(Identity),
    /// Edge weights of the interaction graph as functions of the temperature, with their orders.
    Graph(Graph),
    /// How much energy reaches high frequencies on a cycle, layer by layer.
    Leakage(Leakage),
    /// A proof of how far a network moves when its activations are made smooth, beside measurements.
    Certificate(Certificate),
    /// How many samples a Fourier-pointwise layer needs.
    Samples(Samples),
}

impl Smooth {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        match self {
            Smooth::Identity(command) => command.run(output),
            Smooth::Graph(command) => command.run(output),
            Smooth::Leakage(command) => command.run(output),
            Smooth::Certificate(command) => command.run(output),
            Smooth::Samples(command) => command.run(output),
        }
    }
}

/// Reads several activations.
pub(crate) fn activations(names: &[String]) -> Result<Vec<SmoothActivation>> {
    names.iter().map(|name| SmoothActivation::parse(name)).collect()
}

#[derive(Args)]
#[command(after_help = "\
For u in a simple piece V on which some element acts as -1, P_V f(u) = u/2 exactly, for relu, softplus, silu, gelu and root
at every temperature. tanh and the smooth forms of |x| are controls: they are not half-linear.

Examples:
  isotypic smooth identity
  isotypic smooth identity D5 D6 --activation relu,gelu:3 -o identity.svg
  isotypic smooth identity S4 --on subsets:2")]
pub(crate) struct Identity {
    /// Groups.
    #[arg(default_values = ["C6", "C7", "C8", "C12", "D3", "D4", "Q8"])]
    group: Vec<String>,
    /// What each acts on.
    #[arg(long, default_value = "regular", value_name = "ACTION")]
    on: String,
    /// Activations, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "relu,softplus:2,silu:2,tanh")]
    activation: Vec<String>,
    /// Root mean square of the inputs.
    #[arg(long, default_value_t = 3.0)]
    size: f64,
    /// Random inputs for each piece.
    #[arg(long, default_value_t = 20)]
    samples: usize,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Identity {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let sets = self
            .group
            .iter()
            .map(|name| {
                Ok((name.clone(), grammar::parse(&Arc::new(PermutationGroup::parse(name)?), &self.on)?))
            })
            .collect::<Result<Vec<_>>>()?;
        let functions = activations(&self.activation)?;
        let options = HalfIdentityOptions { input_rms: self.size, samples: self.samples, seed: self.seed };
        let report =
            output.with_progress(|progress| IdentityReport::new(&sets, &functions, options, progress))?;
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
On a cycle (C8 on points) the weights are in closed form; elsewhere they are sampled. An edge of order r vanishes like the
r-th power of the inverse temperature; 0 is the loop, -1 the mean, which grows.

Examples:
  isotypic smooth graph C8
  isotypic smooth graph C8 -o strip.svg
  isotypic smooth graph C16 --source 1 --scale 0.05,0.1,0.2,0.4,0.8,1.6,3.2,6.4,12.8,25.6,51.2 -o curves.svg
  isotypic smooth graph S4 --on subsets:2 --activation silu --samples 500 --format json")]
pub(crate) struct Graph {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// The family: softplus, silu, gelu, root, abs-tanh, abs-logcosh or abs-root.
    #[arg(long, default_value = "softplus")]
    activation: String,
    /// Inverse temperatures times amplitude, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "0.25,1,4,16,64", allow_negative_numbers = true)]
    scale: Vec<f64>,
    /// Only the edges from this piece; the picture is then a chart of weights against temperature.
    #[arg(long, value_name = "PIECE")]
    source: Option<String>,
    /// Random inputs for each piece, where weights are sampled.
    #[arg(long, default_value_t = 200)]
    samples: usize,
    /// Seed of the samples.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Graph {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        if self.activation.contains(':') {
            return Err(Error::input(
                format!("activation '{}'", self.activation),
                "the temperature is what varies here",
                "name the family only, and give temperatures with --scale",
            )
            .into());
        }
        let options = SweepOptions {
            activation: SmoothActivation::parse(&self.activation)?,
            scales: self.scale.clone(),
            samples: self.samples,
            seed: self.seed,
        };
        let set = self.symmetry.set()?;
        let found = output.with_progress(|progress| sweep(&set, &options, progress))?;
        let name = format!("{}, {} of {}", self.activation, set.name(), set.group().name());
        let report = TemperatureReport::new(name, found, self.source.as_deref())?;
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
Every layer is a random all-pass convolution (random phases, energies kept), scaled to unit energy, then the activation,
then the mean is removed.

Examples:
  isotypic smooth leakage
  isotypic smooth leakage --points 128 --layers 10 --activation relu,gelu:1,gelu:4 -o leakage.svg")]
pub(crate) struct Leakage {
    /// Activations, separated by commas: relu, abs, softplus:ALPHA, silu:ALPHA, gelu:ALPHA, root:EPS, tanh, ...
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "abs,relu,softplus:16,softplus:4,softplus:2,softplus:1"
    )]
    activation: Vec<String>,
    /// Points on the cycle.
    #[arg(long, default_value_t = 64)]
    points: usize,
    /// Layers.
    #[arg(long, default_value_t = 6)]
    layers: usize,
    /// Frequencies from this one on count as high.
    #[arg(long, default_value_t = 9)]
    high: usize,
    /// Random filters to average over.
    #[arg(long, default_value_t = 400)]
    samples: usize,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Leakage {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let options = LeakageOptions {
            points: self.points,
            layers: self.layers,
            samples: self.samples,
            high: self.high,
            seed: self.seed,
        };
        let mut curves = Vec::new();
        for activation in activations(&self.activation)? {
            let rows = output.with_progress(|progress| leakage(activation, options, progress))?;
            curves.push((activation.to_string(), rows));
        }
        output.deliver(&LeakageReport::new(options, curves), self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
Every activation of the network is replaced by a smooth one that tends to it: for ReLU softplus, silu, gelu or root, for
|x| abs-tanh, abs-logcosh or abs-root.

Examples:
  isotypic smooth certificate data/elnino_c4.onnx
  isotypic smooth certificate data/elnino_c12.onnx --activation softplus:10,softplus:100 --data data/elnino_c12.csv")]
pub(crate) struct Certificate {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// Smooth activations, separated by commas.
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "softplus:1,softplus:4,softplus:16,silu:4,gelu:4,root:0.0625"
    )]
    activation: Vec<String>,
    /// Measure at these inputs, one row each: .csv or .npy; at random ones by default.
    #[arg(long, value_name = "TABLE")]
    data: Option<PathBuf>,
    /// Random inputs.
    #[arg(long, default_value_t = 1000)]
    samples: usize,
    /// Standard deviation of random inputs.
    #[arg(long, default_value_t = 1.0)]
    deviation: f64,
    /// Seed of random inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Certificate {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let functions = activations(&self.activation)?;
        let network = read_network(&self.network)?;
        let inputs = match &self.data {
            Some(path) => read_rows(path, network.inputs())?,
            None => normal_inputs(&network, self.samples, self.deviation, self.seed)?,
        };
        let report = output
            .with_progress(|progress| CertificateReport::new(&network, &functions, &inputs, progress))?;
        output.deliver(&report, self.o.as_deref())?;
        Ok(if report.holds() { Outcome::Yes } else { Outcome::No })
    }
}

#[derive(Args)]
#[command(after_help = "\
Such a layer samples a band-limited signal, applies the activation and keeps the coefficients up to the band; it is
equivariant up to aliasing. Errors and tolerance are relative to the amplitude.

Examples:
  isotypic smooth samples
  isotypic smooth samples --activation relu,gelu:4 --band 5 --tolerance 1e-6 -o samples.svg")]
pub(crate) struct Samples {
    /// Activations, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "relu,softplus:1,softplus:4,silu:1,root:1")]
    activation: Vec<String>,
    /// The amplitude of the signal.
    #[arg(long, default_value_t = 2.0)]
    amplitude: f64,
    /// The highest frequency that is kept.
    #[arg(long, default_value_t = 3)]
    band: usize,
    /// The error that is allowed.
    #[arg(long, default_value_t = 1e-4)]
    tolerance: f64,
    /// Numbers of samples at which to compute the error.
    #[arg(long, value_delimiter = ',', default_value = "8,16,32,64")]
    at: Vec<usize>,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Samples {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let rows = activations(&self.activation)?
            .into_iter()
            .map(|f| sampling_row(f, self.amplitude, self.band, self.tolerance, &self.at))
            .collect::<Result<Vec<_>>>()?;
        let report = SamplesReport::new(self.amplitude, self.band, self.tolerance, self.at.clone(), rows);
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}
