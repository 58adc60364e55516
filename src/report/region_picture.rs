//! Pictures of regions in the plane, and their dual graph.

use crate::analysis::RegionAnswer;
use crate::draw::polygons::{Polygon, Subdivision};
use crate::draw::svg::Picture;
use crate::error::{Error, Result};
use crate::num::{Rational, nearest_f64};
use crate::polyhedral::{AffinePiece, Domain, Region};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::fmt::Write;

/// What regions of one colour have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionColour {
    /// The affine map.
    Piece,
    /// The orbit.
    Orbit,
}

/// The side of the square to which unbounded regions are cut, in units of the farthest point of a facet.
const FAR: f64 = 64.0;

/// The regions of a two-dimensional domain. Where the domain is no box, the window shows the middle nine tenths of the
/// vertices and a margin around them.
///
/// # Errors
/// [`Error::Input`] where the domain is not two-dimensional, or orbits are to be shown and there are none.
pub fn region_picture(answer: &RegionAnswer, colour: RegionColour) -> Result<Picture> {
    let dimension = answer.regions.map().inputs();
    if dimension != 2 {
        return Err(Error::input(
            "picture of regions",
            format!("the domain has {dimension} dimensions"),
            "give a network of two inputs, or a plane with --domain plane:FILE",
        ));
    }
    if colour == RegionColour::Orbit && answer.orbits.is_none() {
        return Err(Error::input("picture of regions", "there are no orbits", "give a group with --group"));
    }
    let reach = answer
        .regions
        .iter()
        .flat_map(|region| &region.facets)
        .flat_map(|facet| &facet.interior_point)
        .fold(1.0f64, |reach, x| reach.max(nearest_f64(x).abs()));
    let far = reach * FAR;
    let polygons: Vec<Vec<(f64, f64)>> = answer.regions.iter().map(|region| corners(region, far)).collect();
    let (low, high) = window(answer.regions.domain(), &polygons, far);
    let mut pieces: FxHashMap<&AffinePiece, usize> = FxHashMap::default();
    let keys: Vec<usize> = answer
        .regions
        .iter()
        .enumerate()
        .map(|(r, region)| match (&answer.orbits, colour) {
            (Some(orbits), RegionColour::Orbit) => orbits.orbit_of(r),
            _ => {
                let next = pieces.len();
                *pieces.entry(&region.affine).or_insert(next)
            }
        })
        .collect();
    let kinds = keys.iter().max().map_or(0, |key| key + 1);
    let (title, meaning) = match colour {
        RegionColour::Piece => ("Linear regions by affine map", "affine maps"),
        RegionColour::Orbit => ("Linear regions by orbit", "orbits"),
    };
    let mut picture = Subdivision::new(title, low, high);
    picture.description = format!("{} linear regions, {kinds} {meaning}.", answer.regions.len());
    picture.edges = if answer.regions.len() > 2000 { 0.25 } else { 0.6 };
    picture.size = 520.0;
    picture.polygons =
        polygons.into_iter().zip(keys).map(|(corners, key)| Polygon { corners, key }).collect();
    picture.picture()
}

/// The corners of a region within the square of half-side `far`, cut facet by facet.
fn corners(region: &Region, far: f64) -> Vec<(f64, f64)> {
    let mut polygon = vec![(-far, -far), (far, -far), (far, far), (-far, far)];
    for facet in &region.facets {
        let row: Vec<f64> =
            facet.half_space.iter().map(|a| nearest_f64(&Rational::from(a.clone()))).collect();
        let largest = row.iter().fold(0.0f64, |largest, a| largest.max(a.abs()));
        let value = |p: (f64, f64)| (row[0] / largest) * p.0 + (row[1] / largest) * p.1 + row[2] / largest;
        let mut cut = Vec::with_capacity(polygon.len() + 1);
        for (i, &p) in polygon.iter().enumerate() {
            let q = polygon[(i + 1) % polygon.len()];
            let (at_p, at_q) = (value(p), value(q));
            if at_p >= 0.0 {
                cut.push(p);
            }
            if (at_p > 0.0 && at_q < 0.0) || (at_p < 0.0 && at_q > 0.0) {
                let part = at_p / (at_p - at_q);
                cut.push((p.0 + part * (q.0 - p.0), p.1 + part * (q.1 - p.1)));
            }
        }
        polygon = cut;
    }
    polygon
}

fn window(domain: &Domain, polygons: &[Vec<(f64, f64)>], far: f64) -> ((f64, f64), (f64, f64)) {
    if let Domain::Box { lo, hi } = domain {
        let corner = |ends: &[Rational]| (nearest_f64(&ends[0]), nearest_f64(&ends[1]));
        return (corner(lo), corner(hi));
    }
    let range = |coordinate: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = polygons
            .iter()
            .flatten()
            .filter(|corner| corner.0.abs().max(corner.1.abs()) < 0.99 * far)
            .map(coordinate)
            .collect();
        values.sort_by(f64::total_cmp);
        if values.is_empty() {
            return (-1.0, 1.0);
        }
        let at = |part: f64| values[((values.len() - 1) as f64 * part) as usize];
        let (low, high) = (at(0.05), at(0.95));
        let margin = if high > low { 0.2 * (high - low) } else { 1.0 };
        (low - margin, high + margin)
    };
    let (x, y) = (range(|corner| corner.0), range(|corner| corner.1));
    ((x.0, y.0), (x.1, y.1))
}

/// The dual graph, one node per region and one edge per shared facet, as text in the DOT language.
pub fn dual_graph_dot(answer: &RegionAnswer) -> String {
    let mut text = String::from("graph {\n  node [shape=point];\n");
    for (r, region) in answer.regions.iter().enumerate() {
        let orbit =
            answer.orbits.as_ref().map_or(String::new(), |orbits| format!(", orbit={}", orbits.orbit_of(r)));
        let _ = writeln!(text, "  r{r} [tooltip=\"{}\"{orbit}];", region.pattern);
    }
    for (r, s) in answer.adjacency.pairs() {
        let _ = writeln!(text, "  r{r} -- r{s};");
    }
    text.push_str("}\n");
    text
}

/// The dual graph as JSON: `nodes` with pattern and orbit, `edges` as pairs of node numbers.
pub fn dual_graph_json(answer: &RegionAnswer) -> Value {
    let node = |(r, region): (usize, &Region)| {
        let orbit = answer.orbits.as_ref().map(|orbits| orbits.orbit_of(r));
        json!({ "pattern": region.pattern.to_string(), "orbit": orbit })
    };
    let nodes: Vec<Value> = answer.regions.iter().enumerate().map(node).collect();
    json!({ "nodes": nodes, "edges": answer.adjacency.pairs() })
}
