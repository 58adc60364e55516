//! The command line: arguments, output formats, exit codes. No mathematics.
//!
//! One file per command: parse, resolve, run, print. Results go to standard output, progress and remarks to standard
//! error, files appear whole or not at all.

mod analyze;
mod check;
mod decompose;
mod domain;
mod eval;
mod explain;
mod flow;
mod graph;
mod interrupt;
mod map;
mod network;
mod output;
mod regions;
mod reverse;
mod shallow;
mod smooth;
mod spectrum;
mod symmetry;
mod teacher;
mod trace;
pub(crate) mod usage;
mod verify;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

pub(crate) use output::is_broken_pipe;

/// How a command ended, when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done; for a question: yes.
    Yes,
    /// The answer is no.
    No,
    /// A limit or a signal stopped the work before its end; what was found is kept.
    Stopped,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Yes => ExitCode::SUCCESS,
            Outcome::No => ExitCode::from(1),
            Outcome::Stopped => ExitCode::from(3),
        }
    }
}

/// Takes equivariant ReLU networks apart exactly, by symmetry and by geometry.
#[derive(Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    output: output::OutputArguments,
}

const EXIT_CODES: &str = "\
GROUP is C8, S5, A5, D6 (order 12), Q8, Dic3, F20, AGL(1,7), PSL(2,7), SL(2,3), M11, a product C2xS3, a power C4^2,
a wreath product C2wrS3, generators <(1,2,3)(4,5),(1,2)> counted from 1, or @file.json with 0-based images.

Exit codes: 0 done (for a question: yes), 1 the answer is no, 2 bad input or usage, 3 stopped by a limit or a signal.";

#[derive(Subcommand)]
enum Command {
    /// The main job: everything below that applies to a network, as one page with pictures.
    Analyze(analyze::Analyze),
    /// Order, orbits, rank and simple pieces of a permutation representation.
    Decompose(decompose::Decompose),
    /// The exact interaction graph: which simple pieces an activation feeds from which.
    Graph(graph::Graph),
    /// The piecewise linear map from one simple piece to another: fan, sectors, picture.
    Map(map::Map),
    /// Closed-form energy flow through an activation, layer by layer, without sampling.
    Flow(flow::Flow),
    /// Whether a network is equivariant, exactly (--format json lists the permutations of the hidden layers).
    Check(check::Check),
    /// Measured energy of every simple piece, layer by layer, on a table of inputs.
    Trace(trace::Trace),
    /// Energy of every simple piece in a table of functions of any length: means and quantiles.
    Spectrum(spectrum::SpectrumOf),
    /// The exact linear regions of a network, and their orbits.
    Regions(regions::Regions),
    /// The exact three-layer form of a network, with its certificate.
    Shallow(shallow::Shallow),
    /// Smooth activations: edge weights by temperature, leakage, certificates, samples.
    #[command(subcommand)]
    Smooth(smooth::Smooth),
    /// Reversibility of random and trained layers, against exact error laws.
    #[command(subcommand)]
    Reverse(reverse::Reverse),
    /// Teacher and student: averaged back-propagation, specialisation, linear loss.
    #[command(subcommand)]
    Teacher(teacher::Teacher),
    /// Check a certificate or a three-layer form again, independently of the program that wrote it.
    Verify(verify::Verify),
    /// The outputs of a network or of a three-layer form on a table of inputs.
    Eval(eval::Eval),
    /// Why a network answers as it does at a point: region, distances, nearest other decision, attributions.
    Explain(explain::Explain),
}

impl Arguments {
    /// Runs the command.
    pub(crate) fn run(&self) -> anyhow::Result<Outcome> {
        if !matches!(self.command, Command::Shallow(_)) {
            self.output.refuse_latex()?;
        }
        match &self.command {
            Command::Analyze(command) => command.run(&self.output),
            Command::Decompose(command) => command.run(&self.output),
            Command::Graph(command) => command.run(&self.output),
            Command::Map(command) => command.run(&self.output),
            Command::Flow(command) => command.run(&self.output),
            Command::Check(command) => command.run(&self.output),
            Command::Trace(command) => command.run(&self.output),
            Command::Spectrum(command) => command.run(&self.output),
            Command::Regions(command) => command.run(&self.output),
            Command::Shallow(command) => command.run(&self.output),
            Command::Smooth(command) => command.run(&self.output),
            Command::Reverse(command) => command.run(&self.output),
            Command::Teacher(command) => command.run(&self.output),
            Command::Verify(command) => command.run(&self.output),
            Command::Eval(command) => command.run(&self.output),
            Command::Explain(command) => command.run(&self.output),
        }
    }
}
