//! `isotypic teacher`.

use super::Outcome;
use super::output::OutputArguments;
use super::symmetry::SymmetryArguments;
use clap::{Args, Subcommand, ValueEnum};
use isotypic::analysis::GroupTable;
use isotypic::analysis::teacher::examples::{TreeKind, random_tree};
use isotypic::analysis::teacher::specialize::{OutputKind, SpecializationOptions, specialize};
use isotypic::analysis::teacher::tree::{from_json, to_json};
use isotypic::analysis::teacher::window::window_loss;
use isotypic::report::teacher::{CheckReport, LossReport, SpecializeReport};
use isotypic::{Error, Result};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Teacher {
    /// Where the averaged equations of back-propagation are exact, and which condition fails where they are not.
    Check(Check),
    /// How many samples a student needs until every teacher channel has a student channel of its own.
    Specialize(Specialize),
    /// What a linear layer must lose of the teacher's events, simple piece by simple piece, and a ReLU layer need not.
    Loss(Loss),
}

impl Teacher {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        match self {
            Teacher::Check(command) => command.run(output),
            Teacher::Specialize(command) => command.run(output),
            Teacher::Loss(command) => command.run(output),
        }
    }
}

#[derive(Args)]
#[command(after_help = "\
Without a file: one random tree of each kind. For a single tree the units are listed one by one, and the exit code is 1
where some equation is not exact. --save writes an example tree, which shows the format of the file.

Examples:
  isotypic teacher check
  isotypic teacher check --kind lossy_leaf_gates_fixed --save tree.json
  isotypic teacher check tree.json -o defects.svg")]
pub(crate) struct Check {
    /// A tree with its student: .json.
    tree: Option<PathBuf>,
    /// One random tree of this kind: lossless, lossy_leaf_gates_fixed, lossy_leaf_gates_random, lossy_mid_indep,
    /// lossy_mid_indep_gates_open, lossy_mid_corr or lossy_both.
    #[arg(long, conflicts_with = "tree")]
    kind: Option<String>,
    /// Seed of random trees.
    #[arg(long, default_value_t = 5)]
    seed: u64,
    /// Write the random tree to this .json file.
    #[arg(long, value_name = "FILE", requires = "kind")]
    save: Option<PathBuf>,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Check {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        if let Some(path) = &self.save {
            output.require_extension(path, &["json"])?;
        }
        let one = match (&self.tree, &self.kind) {
            (Some(path), _) => {
                let place = path.display().to_string();
                let text = std::fs::read_to_string(path)
                    .map_err(|reason| Error::Io { path: place.clone(), reason })?;
                let (tree, student) = from_json(&text)?;
                Some((place, tree, student))
            }
            (None, Some(kind)) => {
                let (tree, student) = random_tree(TreeKind::parse(kind)?, self.seed);
                Some((kind.clone(), tree, student))
            }
            (None, None) => None,
        };
        let Some((name, tree, student)) = one else {
            let trees: Vec<_> = TreeKind::ALL
                .into_iter()
                .map(|kind| {
                    let (tree, student) = random_tree(kind, self.seed);
                    (kind.name().to_owned(), tree, student)
                })
                .collect();
            output.deliver(&CheckReport::of_trees(&trees), self.o.as_deref())?;
            return Ok(Outcome::Yes);
        };
        if let Some(path) = &self.save {
            output.write_file(path, to_json(&tree, &student).as_bytes())?;
        }
        let report = CheckReport::of_units(&name, &tree, &student);
        output.deliver(&report, self.o.as_deref())?;
        Ok(if report.is_exact() { Outcome::Yes } else { Outcome::No })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Weights {
    /// A group convolution, as the teacher.
    Shared,
    /// Every weight for itself.
    Free,
    /// First one, then the other.
    Both,
}

#[derive(Clone, Copy, ValueEnum)]
enum OutputOption {
    /// A convolution: it moves with the input.
    Equivariant,
    /// Sums over the group: channels are determined up to shifts only.
    Invariant,
}

#[derive(Args)]
#[command(after_help = "\
One training draws the match matrix of its first run, several the sample efficiency.

Examples:
  isotypic teacher specialize
  isotypic teacher specialize --samples 25,50,200,800 --weights both --runs 2 -o efficiency.svg
  isotypic teacher specialize --output invariant --samples 800 --runs 2 -o match.svg
  isotypic teacher specialize --group S3 --samples 100")]
pub(crate) struct Specialize {
    /// The group.
    #[arg(long, default_value = "C8")]
    group: String,
    /// Numbers of training samples, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "25,50,200")]
    samples: Vec<usize>,
    /// Whether the student shares weights along the group.
    #[arg(long, value_enum, default_value = "shared")]
    weights: Weights,
    /// The student has this many times the teacher's channels.
    #[arg(long, default_value_t = 2)]
    width: usize,
    /// Channels of input, teacher and output.
    #[arg(long, default_value_t = 4)]
    channels: usize,
    /// The kind of output.
    #[arg(long, value_enum, default_value = "equivariant")]
    output: OutputOption,
    /// Pairs of teacher and student.
    #[arg(long, default_value_t = 4)]
    runs: usize,
    /// Steps of Adam.
    #[arg(long, default_value_t = 1500)]
    steps: usize,
    /// Seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Specialize {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let group = GroupTable::parse(&self.group)?;
        let kinds: &[bool] = match self.weights {
            Weights::Shared => &[true],
            Weights::Free => &[false],
            Weights::Both => &[true, false],
        };
        let (kind, name) = match self.output {
            OutputOption::Equivariant => (OutputKind::Equivariant, "equivariant"),
            OutputOption::Invariant => (OutputKind::Invariant, "invariant"),
        };
        let mut rows = Vec::new();
        for &shared in kinds {
            for &samples in &self.samples {
                let mut options = SpecializationOptions::new(group.clone(), samples, shared);
                options.input_channels = self.channels;
                options.teacher_channels = self.channels;
                options.output_channels = self.channels;
                options.output = kind;
                options.width_factor = self.width;
                options.runs = self.runs;
                options.training.steps = self.steps;
                options.seed = self.seed;
                rows.push(output.with_progress(|progress| specialize(&options, progress))?);
            }
        }
        let report = SpecializeReport::new(
            self.group.clone(),
            name.to_owned(),
            self.width,
            self.runs,
            self.seed,
            rows,
        );
        output.deliver(&report, self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

#[derive(Args)]
#[command(after_help = "\
Every point carries one of some values, and the event of the root is the whole assignment. A window of several points is
written 0+1; windows are separated by commas.

Examples:
  isotypic teacher loss C4
  isotypic teacher loss C4 --window 0,0+1,0+2 -o capture.svg
  isotypic teacher loss S4 --window 0,0+1,0+1+2
  isotypic teacher loss C5 --values 3")]
pub(crate) struct Loss {
    #[command(flatten)]
    symmetry: SymmetryArguments,
    /// Values at each point.
    #[arg(long, default_value_t = 2)]
    values: usize,
    /// Windows, points counted from 0.
    #[arg(long, value_delimiter = ',', default_value = "0,0+1")]
    window: Vec<String>,
    /// Write the result to an .svg, .csv or .json file.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Loss {
    fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_findings_file(self.o.as_deref())?;
        let windows = self.window.iter().map(|text| points(text)).collect::<Result<Vec<_>>>()?;
        let set = self.symmetry.set()?;
        let found = output.with_progress(|progress| {
            let total = windows.len();
            windows
                .iter()
                .enumerate()
                .map(|(done, window)| {
                    let loss = window_loss(&set, self.values, window);
                    progress(done + 1, total);
                    loss
                })
                .collect::<Result<Vec<_>>>()
        })?;
        let name = format!("{} of {}", set.name(), set.group().name());
        output.deliver(&LossReport::new(name, self.values, found), self.o.as_deref())?;
        Ok(Outcome::Yes)
    }
}

/// Reads `0+1+3`.
fn points(text: &str) -> Result<Vec<usize>> {
    let parsed: Option<Vec<usize>> = text.split('+').map(|point| point.trim().parse().ok()).collect();
    parsed.ok_or_else(|| {
        Error::input(
            format!("window '{text}'"),
            "these are not numbers of points",
            "write 0+1 for two points",
        )
    })
}
