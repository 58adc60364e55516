//! The report page of `analyze`: everything on one network, with pictures, in one file.

use super::findings::Findings;
use super::form_section::form_section;
use super::network::{CheckReport, describe};
use super::regions::RegionReport;
use super::symmetry::{SymmetryReport, picture};
use super::trace::TraceReport;
use crate::analysis::slice::{SymmetricPlane, plane_regions};
use crate::analysis::{
    EnergyTrace, InteractionGraph, NetworkSymmetry, PointwiseFunction, RegionAnswer, RegionDomain,
    RegionOptions, SymmetryQuestion,
};
use crate::draw::page::{Block, Page, Section, Status, Table, Verdict};
use crate::draw::polygons::{Marker, Polygon, Subdivision};
use crate::draw::svg::Picture;
use crate::error::{Error, Result};
use crate::network::{Activation, Network};
use crate::polyhedral::plain::Limits;
use crate::representation::{Decomposition, SimplePiece};

/// Inputs up to this dimension are enumerated in full; beyond, only in the plane.
pub const LARGEST_DIMENSION: usize = 4;
/// A full enumeration that finds more regions than this is given up.
pub const MOST_REGIONS: usize = 20_000;
/// Hidden neurons up to this number are followed through the plane.
const MOST_NEURONS_IN_PLANE: usize = 400;
/// Rows of data that are marked in the plane.
const MOST_MARKERS: usize = 150;

/// What the page is made from.
pub struct PageInput<'a> {
    /// The name of the network's file.
    pub name: &'a str,
    /// The network.
    pub network: &'a Network,
    /// The group and how it acts.
    pub question: SymmetryQuestion<'a>,
    /// The data, with the name of its file.
    pub data: Option<(&'a str, &'a [Vec<f64>])>,
    /// The command that makes the page again.
    pub command: String,
}

/// The page, and whether every check on it passed.
pub struct ReportPage {
    /// The page; its text is the HTML file.
    pub page: Page,
    /// Whether every check that was made passed.
    pub all_passed: bool,
    /// The checks with their outcomes, one line each.
    pub summary: Vec<String>,
}

/// Builds the page; `progress` is told what is under way.
///
/// Parts that do not apply (no data, too many dimensions) are left out, and the list of checks says so.
///
/// # Errors
/// [`Error::Input`] where the group does not fit the network; as the analyses.
pub fn report_page(input: &PageInput<'_>, progress: &mut dyn FnMut(&str)) -> Result<ReportPage> {
    progress("checking equivariance");
    let symmetry = NetworkSymmetry::new(input.network, &input.question)?;
    let mut builder = Builder { input, symmetry: &symmetry, checks: Vec::new(), facts: Vec::new() };
    let check = CheckReport::new(&symmetry);
    builder.facts = vec![
        ("network".into(), format!("{}: {}", input.name, describe(input.network))),
        ("group".into(), format!("{}, order {}", symmetry.group().name(), symmetry.group().order())),
        ("acts on the input as".into(), symmetry.layout.describe()),
        ("permutes the output".into(), symmetry.output_choice.clone()),
        ("verdict".into(), check.short_verdict().into()),
    ];
    let status = if check.is_equivariant() { Status::Passed } else { Status::Failed };
    builder.checks.push(Verdict::new("equivariance of the network", status, check.verdict()));
    let mut sections = vec![builder.symmetry_section(&check)?];
    if symmetry.report.is_equivariant() {
        progress("tracing energy");
        sections.extend(builder.energy_section()?);
    }
    progress("enumerating linear regions");
    sections.push(builder.regions_section()?);
    progress("building and checking the three-layer form");
    sections.extend(builder.shallow_section()?);
    let summary_line = |v: &Verdict| {
        let status = match v.status {
            Status::Passed => "passed ",
            Status::Failed => "FAILED ",
            Status::Skipped => "skipped",
        };
        format!("{status}  {}: {}", v.name, v.detail)
    };
    let summary = builder.checks.iter().map(summary_line).collect();
    let all_passed = builder.checks.iter().all(|check| check.status != Status::Failed);
    let title = format!("{} under {}", input.name, symmetry.group().name());
    let lead = format!(
        "A network taken apart by symmetry and by geometry. It is {}. Verdicts rest on exact arithmetic; figures in \
         charts are rounded.",
        check.short_verdict()
    );
    let mut page = Page::new(&title, &lead);
    page.sections.push(Section::new("Summary", vec![Block::Facts(builder.facts)]));
    page.sections.extend(sections);
    page.sections.push(Section::new("What was checked", vec![Block::Verdicts(builder.checks)]));
    page.reproduce = vec![input.command.clone()];
    page.colophon = format!("isotypic {}", env!("CARGO_PKG_VERSION"));
    Ok(ReportPage { page, all_passed, summary })
}

struct Builder<'a> {
    input: &'a PageInput<'a>,
    symmetry: &'a NetworkSymmetry,
    checks: Vec<Verdict>,
    facts: Vec<(String, String)>,
}

impl Builder<'_> {
    fn fact(&mut self, name: &str, value: impl ToString) {
        self.facts.push((name.to_owned(), value.to_string()));
    }

    fn check(&mut self, name: &str, ok: bool, detail: &str) {
        let status = if ok { Status::Passed } else { Status::Failed };
        self.checks.push(Verdict::new(name, status, detail));
    }

    fn skip(&mut self, name: &str, why: &str) {
        self.checks.push(Verdict::new(name, Status::Skipped, why));
    }

    /// The layers' orbits, the simple pieces of one channel, and the interaction graph.
    fn symmetry_section(&mut self, check: &CheckReport) -> Result<Section> {
        let set = &self.symmetry.layout.one_channel;
        let decomposition = Decomposition::new(set)?;
        let dimensions: usize = decomposition.pieces().iter().map(|p| p.multiplicity * p.dim).sum();
        self.check(
            "decomposition of the input",
            dimensions == set.size(),
            &format!(
                "{} simple pieces; dimensions, multiplicities and types satisfy the integer identities",
                decomposition.pieces().len()
            ),
        );
        let function = graph_function(self.input.network);
        let bias = self.input.network.layers()[..self.input.network.activations().len()]
            .iter()
            .any(|layer| layer.bias().iter().any(|&b| b != 0.0));
        let mut figures = Vec::new();
        for with_bias in if bias { vec![false, true] } else { vec![false] } {
            let graph = InteractionGraph::of_decomposition(&decomposition, function, with_bias)?;
            let report = SymmetryReport::of_graph(set, &decomposition, &graph, function, with_bias);
            let caption = if with_bias {
                "The same after a generic invariant bias, as this network has one: what a layer with bias can feed."
            } else {
                "Which simple pieces the activation feeds from which. A dashed loop is linear: on this piece alone the \
                 activation acts as a multiple of the identity."
            };
            if let Ok(drawn) = picture(&report, &graph, false) {
                figures.push((drawn, caption.to_owned()));
            }
        }
        self.fact("simple pieces of one channel", piece_list(decomposition.pieces()));
        let mut blocks = vec![
            Block::Text(
                "Permutations of the hidden layers are looked for in the weights. Functions on the input split into simple \
                 pieces, and a pointwise activation can carry something from one piece to another only along the edges \
                 of the interaction graph."
                    .into(),
            ),
            Block::Code(check.text()),
        ];
        if !figures.is_empty() {
            blocks.push(Block::Figures(figures));
        }
        blocks.push(piece_table(decomposition.pieces()));
        Ok(Section::new("Symmetry", blocks))
    }

    fn energy_section(&mut self) -> Result<Option<Section>> {
        let Some((name, rows)) = self.input.data else {
            self.skip("energy by layer", "no data was given (--data)");
            return Ok(None);
        };
        let actions = match self.symmetry.layer_actions() {
            Ok(actions) => actions,
            Err(error @ Error::Input { .. }) => {
                self.skip("energy by layer", &error.to_string());
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let trace = EnergyTrace::new(self.input.network, &actions, rows.iter().cloned().map(Ok), None)?;
        let report = TraceReport::new(&trace);
        let (head, rows) = report.table();
        self.fact("data", format!("{name}, {} rows", trace.rows));
        let caption = format!("Mean over {} rows of {name}, before and after each activation.", trace.rows);
        Ok(Some(Section::new(
            "Energy by layer",
            vec![
                Block::Text(
                    "How the energy of the layer's values (the sum of their squares) splits over the simple pieces. Affine \
                     layers keep pieces apart; what is new behind an activation came along an edge of the graph. \
                     Pieces further down the graph, the invariant one first, gate those above \
                     them as a bias would: a share is no measure of importance by itself."
                        .into(),
                ),
                Block::Figures(vec![(report.picture()?, caption)]),
                Block::Details {
                    summary: "The figures".into(),
                    blocks: vec![Block::Table(Table { caption: String::new(), head, rows })],
                },
            ],
        )))
    }

    fn regions_section(&mut self) -> Result<Section> {
        let network = self.input.network;
        let exact_symmetry = self.symmetry.layer_symmetry().is_ok();
        let symmetry = exact_symmetry.then_some(self.symmetry);
        let mut blocks = vec![Block::Text(
            "A linear region is here a maximal set of inputs with one activation pattern and non-empty interior (an \
             activation region); on it the network is affine. Neighbours may have the same affine map: the merged \
             counts tell."
                .into(),
        )];
        if network.inputs() > LARGEST_DIMENSION {
            self.skip(
                "linear regions of the whole space",
                &format!("{} inputs; the page enumerates up to {LARGEST_DIMENSION}", network.inputs()),
            );
        } else {
            let limits = Limits { regions: MOST_REGIONS, ..Limits::default() };
            let options = RegionOptions { merge: true, limits };
            match RegionAnswer::new(network, &RegionDomain::All, symmetry, &options) {
                Ok(found) => {
                    let group = exact_symmetry.then(|| self.symmetry.group().name());
                    let report = RegionReport::of_answer(network, &RegionDomain::All, group, &found);
                    self.fact("linear regions", found.regions.len());
                    if let Some(orbits) = &found.orbits {
                        self.fact("orbits of regions", orbits.count());
                    }
                    self.check(
                        "completeness of the regions",
                        found.certified,
                        &format!(
                            "the neighbour across every facet was found, {} pairs",
                            found.adjacent_pairs
                        ),
                    );
                    blocks.push(Block::Code(report.text()));
                }
                Err(error @ Error::TooLarge { .. }) => {
                    self.skip("linear regions of the whole space", &error.to_string());
                }
                Err(error) => return Err(error),
            }
        }
        if network.inputs() < 2 {
            self.skip("picture of a plane", "the network has one input");
        } else if network.neurons() > MOST_NEURONS_IN_PLANE {
            let why =
                format!("{} neurons; the page follows up to {MOST_NEURONS_IN_PLANE}", network.neurons());
            self.skip("picture of a plane", &why);
        } else {
            blocks.push(Block::Figures(vec![self.plane_picture(symmetry)?]));
        }
        Ok(Section::new("Linear regions", blocks))
    }

    fn plane_picture(&self, symmetry: Option<&NetworkSymmetry>) -> Result<(Picture, String)> {
        let data = self.input.data.map_or(&[][..], |(_, rows)| rows);
        let plane = SymmetricPlane::new(&self.symmetry.layout, data)?;
        let spots: Vec<(f64, f64)> = data.iter().map(|row| plane.coordinates(row)).collect();
        let reach = spots.iter().fold(0.0f64, |reach, spot| reach.max(spot.0.abs()).max(spot.1.abs()));
        let radius = if reach > 0.0 { round_up(reach * 1.15) } else { 3.0 };
        let regions = plane_regions(self.input.network, symmetry, &plane, radius)?;
        let mut picture = Subdivision::new("Regions in a plane", (-radius, -radius), (radius, radius));
        picture.axes = Some(["s".into(), "t".into()]);
        picture.description = format!("{} linear regions in a plane, coloured by orbit.", regions.len());
        picture.polygons = regions
            .iter()
            .map(|region| Polygon { corners: region.corners.clone(), key: region.orbit })
            .collect();
        let step = spots.len().div_ceil(MOST_MARKERS).max(1);
        picture.markers = spots.iter().step_by(step).map(|&at| Marker { at, label: String::new() }).collect();
        let meaning = if symmetry.is_some() {
            "Regions in one orbit of the group share a colour; neighbours in different orbits differ."
        } else {
            "Neighbours differ in colour."
        };
        let dots = if spots.is_empty() { "" } else { " Dots: the data, projected to the plane." };
        let caption = format!(
            "The {} regions that meet a plane in {}, in coordinates s and t around a point that the group fixes. {meaning}\
             {dots}",
            regions.len(),
            plane.pieces
        );
        Ok((picture.picture()?, caption))
    }

    fn shallow_section(&mut self) -> Result<Option<Section>> {
        let symmetry = self.symmetry.layer_symmetry().is_ok().then_some(self.symmetry);
        match form_section(self.input.network, symmetry, self.input.data)? {
            Ok(found) => {
                self.checks.extend(found.verdicts);
                self.facts.extend(found.facts);
                Ok(Some(found.section))
            }
            Err(why) => {
                self.skip("three-layer form", &why);
                Ok(None)
            }
        }
    }
}

/// The activation whose graph is drawn: that of the first hidden layer.
fn graph_function(network: &Network) -> PointwiseFunction {
    match network.activations().first() {
        Some(Activation::LeakyRelu { slope }) => PointwiseFunction::Leaky(*slope),
        Some(Activation::Abs) => PointwiseFunction::Abs,
        Some(Activation::Relu) | None => PointwiseFunction::Relu,
    }
}

fn piece_list(pieces: &[SimplePiece]) -> String {
    let mut names: Vec<String> =
        pieces
            .iter()
            .take(12)
            .map(|p| {
                if p.multiplicity == 1 {
                    p.label.clone()
                } else {
                    format!("{} x {}", p.multiplicity, p.label)
                }
            })
            .collect();
    if pieces.len() > 12 {
        names.push(format!("... ({} in all)", pieces.len()));
    }
    names.join(", ")
}

fn piece_table(pieces: &[SimplePiece]) -> Block {
    let table = Table {
        caption: String::new(),
        head: ["piece", "dimension", "multiplicity", "type", "kernel order"].map(String::from).to_vec(),
        rows: pieces
            .iter()
            .map(|p| {
                vec![
                    p.label.clone(),
                    p.dim.to_string(),
                    p.multiplicity.to_string(),
                    p.real_type.to_string(),
                    p.kernel_order.to_string(),
                ]
            })
            .collect(),
    };
    Block::Details {
        summary: format!("The {} simple pieces", pieces.len()),
        blocks: vec![Block::Table(table)],
    }
}

/// The next number with one significant half digit: 1, 1.5, 2, ..., 9.5, 10, 15, ...
fn round_up(x: f64) -> f64 {
    let unit = 10f64.powf(x.log10().floor()) / 2.0;
    (x / unit).ceil() * unit
}
