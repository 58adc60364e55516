//! Explanations of points as text, JSON and pictures.

mod picture;

pub use picture::explanation_picture;

use crate::analysis::explanation::{Explainer, Explanation, OtherDecision};
use crate::num::{Rational, nearest_f64};
use crate::shallow::explain::{Coverage, Decision, OrbitList, ShapleyMethod};
use serde::Serialize;
use std::fmt::Write;

/// Facets that the text lists; JSON has all.
const FACETS_IN_TEXT: usize = 5;

/// What `explain` prints. Numbers are rounded to nearest; fields called `exact` hold the fractions themselves.
#[derive(Serialize)]
pub struct ExplainReport {
    decision: String,
    baseline: Vec<f64>,
    points: Vec<PointReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<DataReport>,
}

#[derive(Serialize)]
struct PointReport {
    point: Vec<f64>,
    outputs: Numbers,
    /// The activation pattern of the region.
    region: String,
    /// Whether the point is on a boundary, where other regions meet this one.
    on_boundary: bool,
    /// The number of the orbit, where all orbits are known.
    orbit: Option<usize>,
    orbit_size: usize,
    /// One row per output, the constant last.
    affine: Vec<Vec<f64>>,
    facets: Vec<FacetReport>,
    /// `found`, `nowhere` (the whole domain is decided alike), `undecided` (the point itself is) or `unknown` (the search
    /// was given up at its limit).
    counterfactual_status: &'static str,
    counterfactual: Option<CounterfactualReport>,
    /// Why there is no counterfactual.
    #[serde(skip_serializing_if = "Option::is_none")]
    counterfactual_note: Option<String>,
    /// Row `o`, column `j`: the share of input `j` in the change of output `o` from the baseline.
    integrated_gradients: Vec<Numbers>,
    regions_on_path: usize,
    /// Whether part of the path runs inside a boundary, where the derivative of one of the regions is taken.
    path_on_boundary: bool,
    shapley: Option<Vec<Numbers>>,
    shapley_note: String,
    /// For each output the shares of the simple pieces in its change.
    by_piece: Vec<Vec<Share>>,
}

#[derive(Serialize)]
struct Numbers {
    values: Vec<f64>,
    exact: Vec<String>,
}

#[derive(Serialize)]
struct FacetReport {
    distance: f64,
    squared_distance_exact: String,
    /// The half-space `row . (x, 1) <= 0`.
    row: Vec<String>,
    foot: Vec<f64>,
    border: bool,
}

#[derive(Serialize)]
struct CounterfactualReport {
    distance: f64,
    squared_distance_exact: String,
    point: Numbers,
    /// The output that changes its sign or draws level, counted from 1.
    output: usize,
    region: String,
}

#[derive(Serialize)]
struct Share {
    piece: String,
    share: f64,
}

#[derive(Serialize)]
struct DataReport {
    points: usize,
    regions: usize,
    /// The number of all regions, where they are known.
    all_regions: Option<usize>,
    orbits: usize,
    /// The number of all orbits, where they are known.
    all_orbits: Option<usize>,
    orbits_for_95_percent: usize,
    /// Orbits with their numbers of points, the most populated first.
    populated: Vec<(usize, usize)>,
}

impl ExplainReport {
    /// The report of explained points.
    pub fn new(explainer: &Explainer<'_>, explanations: &[Explanation]) -> Self {
        ExplainReport {
            decision: match explainer.decision() {
                Decision::Sign { output } => format!("the sign of output {}", output + 1),
                Decision::Largest => "the largest output".into(),
            },
            baseline: floats(explainer.baseline()),
            points: explanations.iter().map(PointReport::new).collect(),
            data: None,
        }
    }

    /// Adds what a data set populates, of all orbits where they are known.
    pub fn add_data(&mut self, coverage: &Coverage, all: Option<&OrbitList>) {
        self.data = Some(DataReport {
            points: coverage.points,
            regions: coverage.regions,
            all_regions: all.map(OrbitList::regions),
            orbits: coverage.orbits.len(),
            all_orbits: all.map(OrbitList::orbits),
            orbits_for_95_percent: coverage.orbits_for(95, 100),
            populated: coverage.orbits.clone(),
        });
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (number, point) in self.points.iter().enumerate() {
            let _ = writeln!(text, "point {}: {}", number + 1, list(&point.point));
            self.point_text(point, &mut text);
        }
        if let Some(data) = &self.data {
            let DataReport {
                points, regions, all_regions, orbits, all_orbits, orbits_for_95_percent, ..
            } = data;
            let of = |all: &Option<usize>| all.map_or_else(String::new, |all| format!(" of {all}"));
            let (all_regions, all_orbits) = (of(all_regions), of(all_orbits));
            let _ = writeln!(
                text,
                "data: {points} points in {regions}{all_regions} regions and {orbits}{all_orbits} orbits; \
                 {orbits_for_95_percent} orbits hold 95 % of the points"
            );
        }
        text
    }

    fn point_text(&self, point: &PointReport, text: &mut String) {
        let mut line = |name: &str, value: String| {
            let _ = writeln!(text, "  {name:<24}{value}");
        };
        line("outputs", list(&point.outputs.values));
        let number =
            point.orbit.map_or_else(|| "in an orbit of".into(), |orbit| format!("orbit {},", orbit + 1));
        let among = if point.on_boundary { "; on a boundary: one of those that meet there" } else { "" };
        line("region", format!("{} ({number} {} regions{among})", point.region, point.orbit_size));
        for (o, row) in point.affine.iter().enumerate() {
            line(if o == 0 { "affine piece" } else { "" }, list(row));
        }
        for (k, facet) in point.facets.iter().take(FACETS_IN_TEXT).enumerate() {
            let border = if facet.border { " (border of the domain)" } else { "" };
            line(if k == 0 { "distances of facets" } else { "" }, format!("{:.6}{border}", facet.distance));
        }
        if point.facets.len() > FACETS_IN_TEXT {
            line("", format!("... {} facets in all", point.facets.len()));
        }
        line("decision", self.decision.clone());
        match (&point.counterfactual, &point.counterfactual_note) {
            (Some(found), _) => {
                line(
                    "nearest other decision",
                    format!("at distance {:.6}, output {}", found.distance, found.output),
                );
                line("", list(&found.point.values));
                line("", format!("in region {}", found.region));
            }
            (None, note) => line("nearest other decision", note.clone().unwrap_or_default()),
        }
        let side = if point.path_on_boundary {
            " (the path runs inside a boundary: the gradients of one side are taken)"
        } else {
            ""
        };
        line("regions on the path", format!("{}{side}", point.regions_on_path));
        for (o, row) in point.integrated_gradients.iter().enumerate() {
            line(if o == 0 { "integrated gradients" } else { "" }, list(&row.values));
        }
        for (o, row) in point.shapley.iter().flatten().enumerate() {
            line(if o == 0 { "Shapley values" } else { "" }, list(&row.values));
        }
        line(if point.shapley.is_some() { "" } else { "Shapley values" }, point.shapley_note.clone());
        for (o, shares) in point.by_piece.iter().enumerate() {
            let words: Vec<String> =
                shares.iter().map(|share| format!("{}: {:.6}", share.piece, share.share)).collect();
            line(if o == 0 { "shares of simple pieces" } else { "" }, words.join(", "));
        }
    }
}

impl PointReport {
    fn new(explanation: &Explanation) -> Self {
        let Explanation { place, gradients, .. } = explanation;
        let counterfactual = explanation.counterfactual.found().map(|found| CounterfactualReport {
            distance: nearest_f64(&found.squared_distance).sqrt(),
            squared_distance_exact: found.squared_distance.to_string(),
            point: Numbers::new(&found.point),
            output: found.output + 1,
            region: found.pattern.to_string(),
        });
        let (counterfactual_status, counterfactual_note) = match &explanation.counterfactual {
            OtherDecision::Found(_) => ("found", None),
            OtherDecision::Nowhere => ("nowhere", Some("none: the whole domain is decided alike".into())),
            OtherDecision::Undecided(why) => ("undecided", Some(format!("undecided: {why}"))),
            OtherDecision::Unknown(why) => ("unknown", Some(format!("unknown: {why}"))),
        };
        let shapley_note = match &explanation.shapley {
            Ok(values) => match &values.method {
                ShapleyMethod::Affine { .. } => {
                    "exact: the box between baseline and point lies in one region, so they are gradient times change".into()
                }
                ShapleyMethod::AllHybrids => "exact: the sum over all mixtures of baseline and point".into(),
            },
            Err(why) => format!("none: {why}"),
        };
        PointReport {
            point: floats(&explanation.point),
            outputs: Numbers::new(&place.outputs),
            region: place.pattern.to_string(),
            on_boundary: place.facets.iter().any(|facet| !facet.border && facet.squared_distance.is_zero()),
            orbit: explanation.orbit,
            orbit_size: explanation.orbit_size,
            affine: place.affine.rows.iter().map(|row| floats(row)).collect(),
            facets: place
                .facets
                .iter()
                .map(|facet| FacetReport {
                    distance: nearest_f64(&facet.squared_distance).sqrt(),
                    squared_distance_exact: facet.squared_distance.to_string(),
                    row: facet.row.iter().map(ToString::to_string).collect(),
                    foot: floats(&facet.foot),
                    border: facet.border,
                })
                .collect(),
            counterfactual_status,
            counterfactual,
            counterfactual_note,
            integrated_gradients: gradients.attributions.iter().map(|row| Numbers::new(row)).collect(),
            regions_on_path: gradients.stages.len(),
            path_on_boundary: gradients.stages.iter().any(|stage| stage.on_boundary),
            shapley: explanation
                .shapley
                .as_ref()
                .ok()
                .map(|values| values.attributions.iter().map(|row| Numbers::new(row)).collect()),
            shapley_note,
            by_piece: explanation
                .by_piece
                .iter()
                .map(|shares| {
                    shares
                        .iter()
                        .map(|(piece, share)| Share { piece: piece.clone(), share: *share })
                        .collect()
                })
                .collect(),
        }
    }
}

impl Numbers {
    fn new(values: &[Rational]) -> Self {
        Numbers { values: floats(values), exact: values.iter().map(ToString::to_string).collect() }
    }
}

fn floats(values: &[Rational]) -> Vec<f64> {
    values.iter().map(nearest_f64).collect()
}

fn list(values: &[f64]) -> String {
    values.iter().map(|value| format!("{value:.6}")).collect::<Vec<_>>().join(", ")
}
