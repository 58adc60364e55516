//! The picture of an explanation.

use crate::analysis::explanation::Explanation;
use crate::analysis::slice::{SymmetricPlane, plane_regions};
use crate::draw::plot::{Axis, Mark, Plot, Series, panels};
use crate::draw::polygons::{Marker, Polygon, Subdivision, Trace};
use crate::draw::svg::{Picture, Point};
use crate::error::Result;
use crate::network::Network;
use crate::num::{Rational, nearest_f64};
use crate::shallow::explain::Decision;

/// Facets that are drawn.
const MOST_FACETS: usize = 12;
/// Networks with more neurons are not followed through a plane.
const MOST_NEURONS_IN_PLANE: usize = 400;

/// Attributions by input and by simple piece, distances, and the plane through the point, its counterfactual and the
/// baseline with the regions that meet it. `network` is in the coordinates of the point.
///
/// # Errors
/// As the drawing, and [`plane_regions`].
pub fn explanation_picture(
    title: &str,
    explanation: &Explanation,
    baseline: &[Rational],
    decision: Decision,
    network: &Network,
) -> Result<Picture> {
    let output = shown_output(explanation, decision);
    let mut pictures = vec![attributions(explanation, output)?];
    if let Some(shares) = explanation.by_piece.get(output) {
        let mut x = Axis::new("simple piece");
        x.names = shares.iter().map(|(name, _)| name.clone()).collect();
        let mut plot = Plot::new("By simple piece", x, Axis::new(&format!("share in output {}", output + 1)));
        plot.series.push(Series::new("", 0, Mark::Bars(shares.iter().map(|(_, share)| *share).collect())));
        pictures.push(sized(plot).picture()?);
    }
    pictures.push(distances(explanation)?);
    if network.inputs() >= 2 && network.neurons() <= MOST_NEURONS_IN_PLANE {
        pictures.extend(plane(explanation, baseline, decision, output, network)?);
    }
    Ok(panels(title, &pictures, 2))
}

/// The output that the decision is about: the one asked for, or the largest.
fn shown_output(explanation: &Explanation, decision: Decision) -> usize {
    match decision {
        Decision::Sign { output } => output,
        Decision::Largest => {
            let outputs = &explanation.place.outputs;
            (0..outputs.len()).rev().max_by_key(|&o| &outputs[o]).unwrap_or(0)
        }
    }
}

fn sized(mut plot: Plot) -> Plot {
    (plot.width, plot.height) = (460.0, 300.0);
    plot
}

fn floats(values: &[Rational]) -> Vec<f64> {
    values.iter().map(nearest_f64).collect()
}

fn attributions(explanation: &Explanation, output: usize) -> Result<Picture> {
    let mut x = Axis::new("input");
    x.names = (1..=explanation.point.len()).map(|j| j.to_string()).collect();
    let title = "By input, from the baseline";
    let mut plot = Plot::new(title, x, Axis::new(&format!("share in output {}", output + 1)));
    let gradients = floats(&explanation.gradients.attributions[output]);
    plot.series.push(Series::new("integrated gradients", 0, Mark::Bars(gradients)));
    if let Ok(values) = &explanation.shapley {
        let values = floats(&values.attributions[output]);
        plot.series.push(Series::new("Shapley values", 1, Mark::Bars(values)));
    }
    sized(plot).picture()
}

fn distances(explanation: &Explanation) -> Result<Picture> {
    let near: Vec<f64> = explanation
        .place
        .facets
        .iter()
        .take(MOST_FACETS)
        .map(|facet| nearest_f64(&facet.squared_distance).sqrt())
        .collect();
    let mut x = Axis::new("facet of the region, the nearest first");
    x.names = (1..=near.len()).map(|k| k.to_string()).collect();
    let mut plot = Plot::new("How far the region reaches", x, Axis::new("distance"));
    plot.series.push(Series::new("", 2, Mark::Bars(near)));
    if let Some(found) = explanation.counterfactual.found() {
        plot.rules.push((nearest_f64(&found.squared_distance).sqrt(), "other decision".into()));
    }
    sized(plot).picture()
}

/// The plane through the point and its counterfactual, and the baseline where these three span one.
fn plane(
    explanation: &Explanation,
    baseline: &[Rational],
    decision: Decision,
    output: usize,
    network: &Network,
) -> Result<Option<Picture>> {
    let Some(found) = explanation.counterfactual.found() else { return Ok(None) };
    let center = floats(&explanation.point);
    let from =
        |other: &[Rational]| -> Vec<f64> { floats(other).iter().zip(&center).map(|(a, b)| a - b).collect() };
    let u = from(&found.point);
    let length = norm(&u);
    if length < 1e-12 {
        return Ok(None);
    }
    let units = (0..center.len()).map(|i| (0..center.len()).map(|j| f64::from(u8::from(i == j))).collect());
    let second = std::iter::once(from(baseline)).chain(units).find_map(|candidate: Vec<f64>| {
        let rest = rejected(&candidate, &u);
        (norm(&rest) > 1e-6 * (1.0 + norm(&candidate))).then_some(rest)
    });
    let Some(v) = second else { return Ok(None) };
    let scaled = |vector: &[f64]| -> Vec<f64> { vector.iter().map(|x| x / norm(vector)).collect() };
    let plane =
        SymmetricPlane { center: center.clone(), u: scaled(&u), v: scaled(&v), pieces: String::new() };
    let radius = 1.6 * length;
    let regions = plane_regions(network, None, &plane, radius)?;
    let mut picture =
        Subdivision::new("The plane of the nearest other decision", (-radius, -radius), (radius, radius));
    picture.axes = Some(["towards the other decision".into(), "across".into()]);
    picture.size = 380.0;
    picture.description = format!("{} linear regions around the point.", regions.len());
    picture.polygons =
        regions.iter().map(|region| Polygon { corners: region.corners.clone(), key: region.orbit }).collect();
    let value = |&(s, t): &Point| {
        let point: Vec<f64> =
            (0..center.len()).map(|i| center[i] + s * plane.u[i] + t * plane.v[i]).collect();
        let outputs = network.evaluate(&point);
        match decision {
            Decision::Sign { .. } => outputs[output],
            Decision::Largest => {
                let others = outputs.iter().enumerate().filter(|(o, _)| *o != output);
                outputs[output] - others.fold(f64::NEG_INFINITY, |best, (_, x)| best.max(*x))
            }
        }
    };
    let mut name = "decision boundary".to_owned();
    for region in &regions {
        if let Some(points) = zero_line(&region.corners, value) {
            picture.traces.push(Trace {
                points,
                name: std::mem::take(&mut name),
                key: Some(3),
                dashed: false,
            });
        }
    }
    picture.markers = vec![
        Marker { at: (0.0, 0.0), label: "point".into() },
        Marker { at: (length, 0.0), label: "other".into() },
    ];
    Ok(Some(picture.picture()?))
}

/// Where a function that is (nearly) affine on a polygon vanishes: the segment between the crossings of its edges.
fn zero_line(corners: &[Point], value: impl Fn(&Point) -> f64) -> Option<Vec<Point>> {
    let values: Vec<f64> = corners.iter().map(value).collect();
    let mut crossings = Vec::new();
    for i in 0..corners.len() {
        let j = (i + 1) % corners.len();
        if (values[i] > 0.0) != (values[j] > 0.0) {
            let part = values[i] / (values[i] - values[j]);
            let at = |a: f64, b: f64| a + part * (b - a);
            crossings.push((at(corners[i].0, corners[j].0), at(corners[i].1, corners[j].1)));
        }
    }
    (crossings.len() == 2).then_some(crossings)
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The part of a vector orthogonal to another one.
fn rejected(vector: &[f64], other: &[f64]) -> Vec<f64> {
    let factor = vector.iter().zip(other).map(|(a, b)| a * b).sum::<f64>() / norm(other).powi(2);
    vector.iter().zip(other).map(|(a, b)| a - factor * b).collect()
}
