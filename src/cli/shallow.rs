//! `isotypic shallow`.

use super::Outcome;
use super::domain::DomainArguments;
use super::eval::read_rows;
use super::network::ActionArguments;
use super::output::{OutputArguments, extension};
use clap::{Args, ValueEnum};
use isotypic::Error;
use isotypic::analysis::FormQuestion;
use isotypic::io::read_network;
use isotypic::network::Network;
use isotypic::polyhedral;
use isotypic::report::shallow::ShallowReport;
use isotypic::shallow::slice::on_slice;
use isotypic::shallow::{Boundary, Options, OrbitForm, ShallowNetwork, checker};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
A .safetensors file holds the form exactly, one region for each orbit of the group, and 'verify' checks it again;
an .onnx file holds the form in f64, all regions, for any runtime.

Exit code 0: the form was built and every check holds; 1: a check failed; 3: stopped at --max-regions. With 1 and 3 no
file is written.

Examples:
  isotypic shallow data/elnino_c4.onnx --group C4 -o c4.safetensors
  isotypic shallow data/elnino_c4.onnx --group C4 --domain box:-1,1 --format latex
  isotypic shallow data/nets/dup_2.json --merge -o dup_2.onnx")]
pub(crate) struct Shallow {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// Store one region for each orbit of this group; the network must be exactly equivariant.
    #[arg(long)]
    group: Option<String>,
    #[command(flatten)]
    action: ActionArguments,
    #[command(flatten)]
    domain: DomainArguments,
    /// Who answers on boundaries: one region (half-open), or selectors for all faces, which makes every layer equivariant.
    #[arg(long, value_enum, default_value = "half-open")]
    boundary: BoundaryArgument,
    /// Join regions with the same affine map where their union is convex; for .onnx files.
    #[arg(long)]
    merge: bool,
    /// Cut the domain down to the bounding box of these points: .csv or .npy.
    #[arg(long, value_name = "TABLE")]
    restrict_to_data: Option<PathBuf>,
    /// List the orbits of regions (without a group: the regions).
    #[arg(long)]
    orbits: bool,
    /// Give up where the search finds more regions than this; they are all held in memory.
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    max_regions: u64,
    /// The file to write: .safetensors or .onnx.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BoundaryArgument {
    HalfOpen,
    Faces,
}

impl Shallow {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        self.check_arguments(output)?;
        let domain = self.domain.parse()?;
        let network = read_network(&self.network)?;
        let data =
            self.restrict_to_data.as_ref().map(|path| read_rows(path, network.inputs())).transpose()?;
        let symmetry =
            self.group.as_deref().map(|group| self.action.symmetry(&network, group, 0.0)).transpose()?;
        let spinner = output.spinner();
        spinner.set_message("building the three-layer form");
        let question = FormQuestion {
            domain: &domain,
            symmetry: symmetry.as_ref(),
            data: data.as_deref(),
            options: self.options(),
        };
        let form = match question.build(&network) {
            Ok(form) => form,
            Err(error @ Error::TooLarge { .. }) => {
                spinner.finish_and_clear();
                output.remark(format!(
                    "stopped, and no file was written: {error} (--max-regions is {})",
                    self.max_regions
                ));
                return Ok(Outcome::Stopped);
            }
            Err(error) => return Err(error.into()),
        };
        spinner.set_message("checking it");
        let certificate = checker::check(&form, &network);
        let mut report = ShallowReport::new(&form, &certificate)?;
        if self.orbits {
            report.list_orbits(&form);
        }
        let merged = self.merge.then(|| form.expand()?.merged()).transpose()?;
        if let Some(merged) = &merged {
            let certificate = merged.verify(&of_form(&form, &network)?, None)?;
            report.add_merged(merged, &certificate);
        }
        if let Some(path) = self.o.as_deref().filter(|_| report.is_verified()) {
            spinner.set_message("writing the file");
            output.write_file(path, &bytes(&form, merged, path)?)?;
        }
        spinner.finish_and_clear();
        let latex = form.latex_table()?;
        output.print_or_latex(|| report.text(), || &report, || latex)?;
        Ok(if report.is_verified() { Outcome::Yes } else { Outcome::No })
    }

    fn check_arguments(&self, output: &OutputArguments) -> isotypic::Result<()> {
        if self.merge && self.boundary == BoundaryArgument::Faces {
            return Err(Error::unsupported(
                "--merge with --boundary faces",
                "leave out one of them: faces between merged regions would have to be merged, too",
            ));
        }
        let Some(path) = &self.o else { return Ok(()) };
        output.require_extension(path, &["safetensors", "onnx"])?;
        if self.merge && extension(path) == "safetensors" {
            return Err(Error::unsupported(
                "a merged form in a .safetensors file, whose certificate speaks of linear regions,",
                "write an .onnx file, or leave out --merge",
            ));
        }
        Ok(())
    }

    fn options(&self) -> Options {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let max_regions = Some(self.max_regions);
        Options {
            boundary: match self.boundary {
                BoundaryArgument::HalfOpen => Boundary::HalfOpen,
                BoundaryArgument::Faces => Boundary::Faces,
            },
            enumeration: polyhedral::Options { threads, max_regions, ..polyhedral::Options::default() },
        }
    }
}

/// The network in the coordinates of the form.
fn of_form(form: &OrbitForm, network: &Network) -> isotypic::Result<Network> {
    form.slice().map_or_else(|| Ok(network.clone()), |embedding| on_slice(network, embedding))
}

fn bytes(form: &OrbitForm, merged: Option<ShallowNetwork>, path: &Path) -> isotypic::Result<Vec<u8>> {
    match merged {
        Some(merged) => merged.to_onnx(),
        None if extension(path) == "onnx" => form.expand()?.to_onnx(),
        None => form.to_bytes(),
    }
}
