//! `isotypic explain`.

use super::Outcome;
use super::domain::DomainArguments;
use super::eval::read_rows;
use super::network::ActionArguments;
use super::output::{OutputArguments, extension};
use clap::Args;
use isotypic::analysis::explanation::{Explainer, Explanation, OtherDecision};
use isotypic::draw::plot::panels;
use isotypic::io::read_network;
use isotypic::num::{Rational, exact};
use isotypic::report::explain::{ExplainReport, explanation_picture};
use isotypic::shallow::explain::{Decision, OrbitList};
use isotypic::shallow::slice::on_slice;
use isotypic::{Error, Result, polyhedral};
use std::path::PathBuf;

/// Points that a picture shows.
const MOST_DRAWN: usize = 4;

#[derive(Args)]
#[command(after_help = "\
Distances, the nearest point decided otherwise, integrated gradients and Shapley values are exact; Shapley values are
given where the box between baseline and point lies in one region, or where they differ in 16 inputs at the most. The
split over simple pieces (--group) is rounded. On a slice the points are given in the coordinates of the slice.

Exit code 3: for some point the search for another decision was given up at --max-regions; all else is told.

Examples:
  isotypic explain data/elnino_c4.onnx --at data/elnino_c4.csv --group C4 -o explained.json
  isotypic explain data/nets/mlp_2-8-8-1.json --at point.csv -o explained.svg")]
pub(crate) struct Explain {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The points to explain, one row each: .csv or .npy.
    #[arg(long, value_name = "TABLE")]
    at: PathBuf,
    /// Name orbits of regions, and split attributions over the simple pieces of this group.
    #[arg(long)]
    group: Option<String>,
    #[command(flatten)]
    action: ActionArguments,
    #[command(flatten)]
    domain: DomainArguments,
    /// Where attributions start, one row: .csv or .npy. The origin by default.
    #[arg(long, value_name = "TABLE")]
    baseline: Option<PathBuf>,
    /// Decide by the sign of this output, counted from 1; by default the largest output decides, or the sign of the only
    /// one.
    #[arg(long, value_name = "N")]
    output: Option<usize>,
    /// Tell which regions these points populate: .csv or .npy.
    #[arg(long, value_name = "TABLE")]
    data: Option<PathBuf>,
    /// Look at this many regions at the most: when counting all, and when looking for another decision.
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    max_regions: u64,
    /// The file to write: .svg (the first four points) or .json.
    #[arg(short, value_name = "FILE")]
    o: Option<PathBuf>,
}

impl Explain {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        if let Some(path) = &self.o {
            output.require_extension(path, &["svg", "json"])?;
        }
        let domain = self.domain.parse()?;
        let network = read_network(&self.network)?;
        domain.restrict(&network)?;
        let embedding = domain.embedding();
        let shown = match &embedding {
            Some(embedding) => on_slice(&network, embedding)?,
            None => network.clone(),
        };
        let points = read_rows(&self.at, shown.inputs())?;
        let data = self.data.as_ref().map(|path| read_rows(path, shown.inputs())).transpose()?;
        let baseline = self.baseline.as_ref().map(|path| read_rows(path, shown.inputs())).transpose()?;
        let baseline = baseline.map(|rows| one_row(&rows)).transpose()?;
        let symmetry =
            self.group.as_deref().map(|group| self.action.symmetry(&network, group, 0.0)).transpose()?;
        if embedding.is_some() && symmetry.is_some() {
            return Err(Error::input(
                "--group",
                "a group does not go with a slice of the input space",
                "choose the domain 'all' or a box, or leave it out",
            )
            .into());
        }
        let spinner = output.spinner();
        let (_, shown_domain) = domain.restrict(&network)?;
        let decision = self.decision(network.outputs())?;
        let mut explainer =
            Explainer::new(&shown, &shown_domain, symmetry.as_ref(), baseline, decision, self.max_regions)?;
        if symmetry.is_some() || data.is_some() {
            spinner.set_message("counting the regions");
            let listed = OrbitList::new(&shown, &shown_domain, explainer.symmetry(), &self.options());
            match listed {
                Ok(orbits) => explainer = explainer.with_orbits(orbits),
                Err(error @ Error::TooLarge { .. }) => {
                    output.remark(format!("orbits have no numbers: {error} (--max-regions)"));
                }
                Err(other) => return Err(other.into()),
            }
        }
        let mut explanations = Vec::new();
        for (number, point) in points.iter().enumerate() {
            spinner.set_message(format!("explaining point {}", number + 1));
            let explained = explainer.explain(&rational(point)?).map_err(|error| {
                let place = format!("{}, row {}", self.at.display(), number + 1);
                Error::input(place, error.to_string(), "remove the row, or choose a larger domain")
            })?;
            explanations.push(explained);
        }
        let mut report = ExplainReport::new(&explainer, &explanations);
        if let Some(data) = &data {
            report.add_data(&explainer.coverage(data)?, explainer.orbits());
        }
        if let Some(path) = &self.o {
            let bytes = if extension(path) == "json" {
                serde_json::to_vec_pretty(&report)?
            } else {
                if explanations.len() > MOST_DRAWN {
                    output.remark(format!("the picture shows the first {MOST_DRAWN} points"));
                }
                let draw = |(number, explanation)| {
                    let title = format!("Point {}", number + 1);
                    let decision = explainer.decision();
                    explanation_picture(&title, explanation, explainer.baseline(), decision, &shown)
                };
                let pictures = explanations.iter().take(MOST_DRAWN).enumerate().map(draw);
                panels("", &pictures.collect::<Result<Vec<_>>>()?, 1).to_string().into_bytes()
            };
            output.write_file(path, &bytes)?;
        }
        spinner.finish_and_clear();
        output.print(|| report.text(), || &report)?;
        let given_up =
            |explanation: &Explanation| matches!(explanation.counterfactual, OtherDecision::Unknown(_));
        Ok(if explanations.iter().any(given_up) { Outcome::Stopped } else { Outcome::Yes })
    }

    fn decision(&self, outputs: usize) -> Result<Decision> {
        match self.output {
            Some(0) => Err(Error::input("--output 0", "outputs are counted from 1", "give 1 or more")),
            Some(number) => Ok(Decision::Sign { output: number - 1 }),
            None if outputs == 1 => Ok(Decision::Sign { output: 0 }),
            None => Ok(Decision::Largest),
        }
    }

    fn options(&self) -> polyhedral::Options {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        polyhedral::Options { threads, max_regions: Some(self.max_regions), ..polyhedral::Options::default() }
    }
}

/// The baseline, which is one point.
fn one_row(rows: &[Vec<f64>]) -> Result<Vec<Rational>> {
    match rows {
        [row] => rational(row),
        _ => Err(Error::shape("--baseline", "one row", rows.len(), "give a table with one point")),
    }
}

fn rational(row: &[f64]) -> Result<Vec<Rational>> {
    let numbers: Option<Vec<Rational>> = row.iter().map(|&x| exact(x)).collect();
    numbers.ok_or_else(|| Error::input("point", "a coordinate is NaN or infinite", "give finite numbers"))
}
