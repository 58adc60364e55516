//! `isotypic regions`.

mod files;
mod merge;
mod search;

use super::Outcome;
use super::domain::DomainArguments;
use super::network::ActionArguments;
use super::output::OutputArguments;
use clap::{Args, Subcommand, ValueEnum};
use isotypic::analysis::{NetworkSymmetry, RegionAnswer, RegionOptions};
use isotypic::io::read_network;
use isotypic::network::Network;
use isotypic::polyhedral::plain::Limits;
use isotypic::polyhedral::{Arithmetic, Kernel};
use isotypic::report::regions::RegionReport;
use isotypic::{Error, Result};
use std::path::PathBuf;

#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
Exit code 0: every region was found; 3: a limit or a signal stopped the search, and what was found is printed.

Examples:
  isotypic regions data/elnino_c4.onnx --group C4
  isotypic regions data/elnino_c4.onnx --group C4 --domain box:-1,1 --merge
  isotypic regions data/nets/mlp_2-8-8-1.json --domain box:-1,1 -o regions.svg -o regions.jsonl
  isotypic regions data/elnino_c6.onnx --group C6 --max-seconds 60 --checkpoint c6.json; isotypic regions \
data/elnino_c6.onnx --group C6 --resume c6.json --checkpoint c6.json
  isotypic regions data/elnino_c4.onnx --shard 1/2 -o part1.json; isotypic regions data/elnino_c4.onnx --shard 2/2 \
-o part2.json; isotypic regions merge part1.json part2.json"
)]
pub(crate) struct Regions {
    #[command(subcommand)]
    command: Option<RegionsCommand>,
    /// The network: .onnx or .json.
    #[arg(required = true)]
    network: Option<PathBuf>,
    /// Search one region of every orbit under this group; the network must be exactly equivariant.
    #[arg(long)]
    group: Option<String>,
    #[command(flatten)]
    action: ActionArguments,
    #[command(flatten)]
    domain: DomainArguments,
    /// How cells are represented: by vertices (few dimensions), by rows with linear programs (many), as is best, or by the
    /// plain engine, slow and in integers throughout, for checking the others.
    #[arg(long, value_enum, default_value = "auto")]
    engine: Engine,
    /// Decide signs in floating point where an error bound allows and exactly elsewhere, or exactly always: same answer.
    #[arg(long, value_enum, default_value = "filtered")]
    arithmetic: Signs,
    /// The number of threads; the answer does not depend on it.
    #[arg(long, default_value_t = 1, value_name = "N")]
    threads: usize,
    /// Stop when so many regions have been found, with --group so many orbits.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_regions: Option<u64>,
    /// Stop after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    max_seconds: Option<f64>,
    /// Write what was counted and what is left to this file, every ten seconds and at the end.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Go on from a checkpoint of the same search.
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    resume: Option<PathBuf>,
    /// Search only share I of N and write what was counted to the -o FILE.json, for 'isotypic regions merge'.
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,
    /// Count facets and look up the neighbour across each, however many regions there are (by default up to 5000 of them).
    #[arg(long)]
    facets: bool,
    /// Add up the exact volumes of all regions of a bounded domain; costly in more than three dimensions.
    #[arg(long)]
    volume: bool,
    /// Count different affine maps and connected linear regions, too; holds all regions in memory.
    #[arg(long)]
    merge: bool,
    /// Write the regions (.jsonl, or .parquet if built with that feature), one per orbit; or a picture (.svg) of a
    /// two-dimensional domain; or the dual graph (.dot, .json); may be given several times.
    #[arg(short, long = "out-file", value_name = "FILE")]
    output: Vec<PathBuf>,
    /// What regions of one colour have in common in a picture.
    #[arg(long, visible_alias = "color", value_enum, default_value = "piece")]
    colour: Colour,
    /// Write a proof that the list of regions is correct and complete, for 'isotypic verify'.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

#[derive(Subcommand)]
enum RegionsCommand {
    /// Put the parts together that --shard wrote: the same counts as one run gives.
    Merge(merge::Merge),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Auto,
    Vertex,
    Row,
    Plain,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Signs {
    Filtered,
    Exact,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// The affine map.
    Piece,
    /// The orbit.
    Orbit,
}

impl Regions {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        if let Some(RegionsCommand::Merge(merge)) = &self.command {
            return merge.run(output);
        }
        self.check(output)?;
        let path = self.network.as_deref().expect("required without a subcommand");
        let domain = self.domain.parse()?;
        let network = read_network(path)?;
        let symmetry =
            self.group.as_deref().map(|group| self.action.symmetry(&network, group, 0.0)).transpose()?;
        if self.engine == Engine::Plain {
            return self.run_plain(&network, &domain, symmetry.as_ref(), output);
        }
        self.run_search(&network, &domain, symmetry.as_ref(), output)
    }

    /// Refuses, before any work, what cannot be done.
    fn check(&self, output: &OutputArguments) -> Result<()> {
        files::check(self, output)?;
        if self.max_seconds.is_some_and(|seconds| std::time::Duration::try_from_secs_f64(seconds).is_err()) {
            return Err(Error::input(
                "--max-seconds",
                "it is no time",
                "give a number of seconds of at least 0",
            ));
        }
        let partial = self.shard.is_some() || self.resume.is_some() || self.checkpoint.is_some();
        let whole = self.merge || self.facets || self.volume || self.certificate.is_some();
        let listed = !self.output.is_empty() && self.shard.is_none();
        if partial && (whole || listed) {
            return Err(Error::unsupported(
                "anything but counts with --shard, --checkpoint or --resume",
                "leave out --merge, --facets, --volume, --certificate and -o, or run the search as a whole",
            ));
        }
        let rows = self
            .output
            .iter()
            .any(|path| ["jsonl", "parquet"].contains(&super::output::extension(path).as_str()));
        if self.engine == Engine::Plain && (partial || rows || self.volume || self.max_seconds.is_some()) {
            return Err(Error::unsupported(
                "a search in parts, within a time, for lists of regions or for volumes by the plain engine",
                "choose --engine auto",
            ));
        }
        Ok(())
    }

    fn kernel(&self) -> Kernel {
        match self.engine {
            Engine::Vertex => Kernel::Vertices,
            Engine::Row => Kernel::Rows,
            Engine::Auto | Engine::Plain => Kernel::Auto,
        }
    }

    fn signs(&self) -> Arithmetic {
        match self.arithmetic {
            Signs::Filtered => Arithmetic::Filtered,
            Signs::Exact => Arithmetic::Exact,
        }
    }

    fn run_plain(
        &self,
        network: &Network,
        domain: &isotypic::analysis::RegionDomain,
        symmetry: Option<&NetworkSymmetry>,
        output: &OutputArguments,
    ) -> anyhow::Result<Outcome> {
        let limits = Limits::default();
        let most =
            self.max_regions.map_or(limits.regions, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let options = RegionOptions { merge: self.merge, limits: Limits { regions: most, ..limits } };
        let spinner = output.spinner();
        spinner.set_message("enumerating linear regions");
        let answer = RegionAnswer::new(network, domain, symmetry, &options)?;
        files::write_all(self, network, domain, &answer, output)?;
        spinner.finish_and_clear();
        let report = RegionReport::of_answer(network, domain, self.group.as_deref(), &answer);
        output.print(|| report.text(), || &report)?;
        Ok(Outcome::Yes)
    }
}
