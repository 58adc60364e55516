//! Decompositions and interaction graphs as text, JSON and pictures.

use super::symmetry_details::{self as details, ClassRow, ReachRow, StrataOfPiece, SubnetworkRow};
use crate::action::GSet;
use crate::analysis::{
    EdgeKind, FlowOptions, InteractionGraph, PointwiseFunction, Reach, Stratum, Subnetwork,
};
use crate::draw::layered::{Cycles, Options, Show};
use crate::draw::svg::Picture;
use crate::draw::{self, dot as dot_text, layered};
use crate::error::Result;
use crate::group::Orbits;
use crate::num::Natural;
use crate::representation::character::ClassCharacters;
use crate::representation::{Decomposition, Proof, SimplePiece};
use serde::{Serialize, Serializer};
use std::fmt::Write;

/// Lists longer than this are cut in text.
const LONGEST_LIST: usize = 40;
/// Targets of one piece that are named in text.
const LONGEST_ROW: usize = 12;

/// What `decompose` and `graph` print. The names of the JSON fields are part of the program's contract.
#[derive(Serialize)]
pub struct SymmetryReport<'a> {
    group: Group,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bias: Option<bool>,
    #[serde(serialize_with = "nodes")]
    nodes: &'a [SimplePiece],
    /// Where the edges have weights: the mean and the variance of the input that they hold for.
    #[serde(skip_serializing_if = "Option::is_none")]
    weights_at: Option<WeightsAt>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "edges")]
    edges: Option<Edges<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reach: Vec<ReachRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    strata: Vec<StrataOfPiece>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subnetworks: Vec<SubnetworkRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    classes: Vec<ClassRow>,
    proof: &'static str,
    #[serde(skip)]
    sections: String,
}

#[derive(Serialize)]
struct Group {
    name: String,
    #[serde(serialize_with = "decimal")]
    order: Natural,
}

#[derive(Serialize)]
struct Action {
    name: String,
    size: usize,
    orbits: usize,
    rank: usize,
}

/// A graph, and for each edge its energy where that was asked for.
struct Edges<'a> {
    graph: &'a InteractionGraph,
    weights: Vec<f64>,
}

#[derive(Serialize)]
struct WeightsAt {
    bias: f64,
    variance: f64,
}

#[derive(Serialize)]
struct Node<'a> {
    id: usize,
    label: &'a str,
    dim: usize,
    multiplicity: usize,
    #[serde(rename = "type")]
    real_type: String,
    kernel_order: String,
}

#[derive(Serialize)]
struct Edge {
    from: usize,
    to: usize,
    kind: &'static str,
    weight: Option<f64>,
}

fn decimal<S: Serializer>(number: &Natural, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

pub(super) fn nodes<S: Serializer>(
    pieces: &&[SimplePiece],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(pieces.iter().enumerate().map(|(id, piece)| Node {
        id,
        label: &piece.label,
        dim: piece.dim,
        multiplicity: piece.multiplicity,
        real_type: piece.real_type.to_string(),
        kernel_order: piece.kernel_order.to_string(),
    }))
}

impl Edges<'_> {
    fn iter(&self) -> impl Iterator<Item = Edge> + '_ {
        self.graph.edges().enumerate().map(|(index, (from, to, kind))| Edge {
            from,
            to,
            kind: kind.name(),
            weight: self.weights.get(index).copied(),
        })
    }
}

fn edges<S: Serializer>(edges: &Option<Edges<'_>>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(edges.iter().flat_map(Edges::iter))
}

impl<'a> SymmetryReport<'a> {
    /// The report of a decomposition.
    pub fn of_decomposition(set: &GSet, decomposition: &'a Decomposition) -> Self {
        SymmetryReport {
            group: Group { name: set.group().name().to_owned(), order: set.group().order() },
            action: Action {
                name: set.name().to_owned(),
                size: set.size(),
                orbits: set.orbits().count(),
                rank: decomposition.rank(),
            },
            activation: None,
            bias: None,
            weights_at: None,
            nodes: decomposition.pieces(),
            edges: None,
            reach: Vec::new(),
            strata: Vec::new(),
            subnetworks: Vec::new(),
            blocks: Vec::new(),
            classes: Vec::new(),
            proof: match decomposition.proof() {
                Proof::Complete => "complete",
                Proof::UpToRefinement => "up to refinement",
                Proof::Rounding => "rounding",
            },
            sections: String::new(),
        }
    }

    /// Adds the energy that each edge carries, as [`EnergyFlow::edge_weights`](crate::analysis::EnergyFlow::edge_weights)
    /// lists it for input with these options.
    pub fn with_weights(mut self, weights: Vec<f64>, options: FlowOptions) -> Self {
        if let Some(edges) = &mut self.edges {
            edges.weights = weights;
            self.weights_at = Some(WeightsAt { bias: options.bias, variance: options.variance });
        }
        self
    }

    /// Adds what several layers reach.
    pub fn with_reach(mut self, reach: &[Reach]) -> Self {
        self.sections += &details::reach_text(reach, self.nodes);
        self.reach = reach.iter().map(ReachRow::new).collect();
        self
    }

    /// Adds the strata of embeddings, by piece.
    pub fn with_strata(mut self, strata: &[Vec<Stratum>]) -> Self {
        self.sections += &details::strata_text(strata, self.nodes);
        self.strata =
            strata.iter().enumerate().map(|(piece, list)| StrataOfPiece::new(piece, list)).collect();
        self
    }

    /// Adds the sub-networks of normal subgroups.
    pub fn with_subnetworks(mut self, subnetworks: &[Subnetwork]) -> Self {
        self.sections += &details::subnetworks_text(subnetworks, self.nodes, &self.group.order);
        self.subnetworks =
            subnetworks.iter().map(|network| SubnetworkRow::new(network, &self.group.order)).collect();
        self
    }

    /// Adds the block sizes of the minimal systems of blocks of imprimitivity.
    pub fn with_blocks(mut self, systems: &[Orbits]) -> Self {
        self.blocks = systems.iter().map(|system| system.sizes()[0]).collect();
        self.sections += &details::blocks_text(&self.blocks);
        self
    }

    /// Adds the characters on conjugacy classes.
    pub fn with_classes(mut self, classes: &ClassCharacters) -> Self {
        self.sections += &details::classes_text(classes, self.nodes);
        self.classes = details::class_rows(classes);
        self
    }

    /// The report of an interaction graph.
    pub fn of_graph(
        set: &GSet,
        decomposition: &'a Decomposition,
        graph: &'a InteractionGraph,
        activation: PointwiseFunction,
        bias: bool,
    ) -> Self {
        SymmetryReport {
            activation: Some(activation.to_string()),
            bias: Some(bias),
            edges: Some(Edges { graph, weights: Vec::new() }),
            ..SymmetryReport::of_decomposition(set, decomposition)
        }
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "group   {}, order {}", self.group.name, self.group.order)?;
        writeln!(
            out,
            "action  {}: {}, {}, rank {}",
            self.action.name,
            counted(self.action.size, "point"),
            counted(self.action.orbits, "orbit"),
            self.action.rank
        )?;
        if let (Some(activation), Some(edges)) = (&self.activation, &self.edges) {
            let bias = if self.bias == Some(true) { " after a generic invariant bias" } else { "" };
            writeln!(out, "graph   {activation}{bias}: {} edges", edges.graph.edge_count())?;
        }
        if let Some(at) = &self.weights_at {
            writeln!(
                out,
                "weights in brackets: expected energy for unit energy on the source, Gaussian with mean {} and variance {}",
                at.bias, at.variance
            )?;
        }
        let width =
            self.nodes.iter().take(LONGEST_LIST).map(|p| p.label.chars().count()).max().unwrap_or(0).max(5);
        write!(out, "\n{:<width$}  {:>6}  {:>4}  type  {:>12}", "piece", "dim", "mult", "kernel order")?;
        writeln!(out, "{}", if self.edges.is_some() { "  feeds" } else { "" })?;
        for (id, piece) in self.nodes.iter().enumerate().take(LONGEST_LIST) {
            write!(
                out,
                "{:<width$}  {:>6}  {:>4}  {:<4}  {:>12}",
                piece.label,
                piece.dim,
                piece.multiplicity,
                piece.real_type.to_string(),
                self.kernel(piece)
            )?;
            if let Some(edges) = &self.edges {
                write!(out, "  {}", self.feeds(edges, id))?;
            }
            writeln!(out)?;
        }
        if self.nodes.len() > LONGEST_LIST {
            writeln!(out, "... and {} more (--format json lists all)", self.nodes.len() - LONGEST_LIST)?;
        }
        if self.edges.as_ref().is_some_and(|edges| edges.graph.edges().any(|edge| edge.2 == EdgeKind::Linear))
        {
            writeln!(
                out,
                "\n* the loop is linear: on this piece alone the activation acts as a multiple of the identity"
            )?;
        }
        if self.proof != "complete" {
            writeln!(out, "\nnot proved completely: {}", details::proof_remark(self.proof))?;
        }
        out.push_str(&self.sections);
        Ok(())
    }

    /// The order of the kernel, `|G|` where the piece is trivial.
    fn kernel(&self, piece: &SimplePiece) -> String {
        if piece.kernel_order == self.group.order { "|G|".into() } else { piece.kernel_order.to_string() }
    }

    fn feeds(&self, edges: &Edges<'_>, source: usize) -> String {
        let graph = edges.graph;
        let count = graph.targets(source).count();
        let first: usize = (0..source).map(|earlier| graph.targets(earlier).count()).sum();
        let mut names: Vec<String> = graph
            .targets(source)
            .take(LONGEST_ROW)
            .enumerate()
            .map(|(index, target)| {
                let star = if graph.kind(source, target) == Some(EdgeKind::Linear) { "*" } else { "" };
                let weight =
                    edges.weights.get(first + index).map(|w| format!(" ({})", short(*w))).unwrap_or_default();
                format!("{}{star}{weight}", self.nodes[target].label)
            })
            .collect();
        if count > LONGEST_ROW {
            names.push(format!("... ({count} in all)"));
        }
        names.join(" ")
    }
}

/// Four decimals, or the power of ten where these would show too little.
fn short(weight: f64) -> String {
    if weight == 0.0 || weight >= 1e-3 { format!("{weight:.4}") } else { format!("{weight:.1e}") }
}

pub(super) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The graph as data for drawing: coloured by kernel order, the loops that are only linear dashed.
fn drawing(report: &SymmetryReport<'_>, graph: &InteractionGraph) -> draw::Graph {
    let pieces = graph.pieces();
    let mut kernels: Vec<&Natural> = pieces.iter().map(|piece| &piece.kernel_order).collect();
    kernels.sort();
    kernels.dedup();
    let bias = if report.bias == Some(true) { " with bias" } else { "" };
    let activation = report.activation.as_deref().unwrap_or_default();
    let title = format!("{} on {}, {activation}{bias}", report.group.name, report.action.name);
    draw::Graph {
        description: format!(
            "Interaction graph of {title}: {} simple pieces and {} edges.",
            pieces.len(),
            graph.edge_count()
        ),
        title,
        nodes: pieces
            .iter()
            .enumerate()
            .map(|(id, piece)| draw::Node {
                label: vec![piece.label.clone(), remark(piece)],
                key: kernels.binary_search(&&piece.kernel_order).unwrap_or(0),
                rank: -(id as i64),
                tooltip: format!(
                    "{}: dimension {}, multiplicity {}, type {}, kernel of order {}",
                    piece.label, piece.dim, piece.multiplicity, piece.real_type, piece.kernel_order
                ),
                ..draw::Node::default()
            })
            .collect(),
        edges: report
            .edges
            .iter()
            .flat_map(Edges::iter)
            .map(|Edge { from, to, kind, weight }| draw::Edge {
                from,
                to,
                weight,
                dashed: kind == EdgeKind::Linear.name(),
                tooltip: format!(
                    "{} feeds {} ({kind}{})",
                    pieces[from].label,
                    pieces[to].label,
                    weight.map(|weight| format!(", energy {}", short(weight))).unwrap_or_default()
                ),
                ..draw::Edge::default()
            })
            .collect(),
        widths: if report.weights_at.is_some() {
            "energy for unit energy on the source:".into()
        } else {
            String::new()
        },
        key_title: "kernel order".into(),
        keys: kernels.iter().map(|kernel| kernel.to_string()).collect(),
        solid: "non-linear".into(),
        dashed: "linear only".into(),
        ..draw::Graph::default()
    }
}

/// `2 C` for dimension 2 and type C, `2 x 3 R` for two copies of dimension 3.
fn remark(piece: &SimplePiece) -> String {
    if piece.multiplicity == 1 {
        format!("{} {}", piece.dim, piece.real_type)
    } else {
        format!("{} \u{d7} {} {}", piece.multiplicity, piece.dim, piece.real_type)
    }
}

/// The picture of an interaction graph, bundled unless `full`.
///
/// # Errors
/// [`Error::TooLarge`](crate::Error::TooLarge) where there are too many nodes to draw.
pub fn picture(report: &SymmetryReport<'_>, graph: &InteractionGraph, full: bool) -> Result<Picture> {
    let small = graph.pieces().len() <= 8;
    let show = if full || small { Show::All } else { Show::Bundled };
    let mut drawing = drawing(report, graph);
    if show == Show::Bundled {
        drawing.solid = if is_transitive(graph) {
            "non-linear (edges that a path implies are left out)"
        } else {
            "non-linear (edges beside a path are left out; not every path is an edge)"
        }
        .into();
    }
    layered::picture(&drawing, &Options { show, cycles: Cycles::ByRank })
}

/// Whether every path stands for an edge.
fn is_transitive(graph: &InteractionGraph) -> bool {
    graph.edges().all(|(from, to, _)| graph.targets(to).all(|target| graph.has_edge(from, target)))
}

/// The graph in the DOT language.
///
/// # Errors
/// As [`picture`].
pub fn dot(report: &SymmetryReport<'_>, graph: &InteractionGraph) -> Result<String> {
    dot_text::text(&drawing(report, graph))
}
