//! Few colours for many keys, different across every shared edge.

use std::collections::{BTreeMap, BTreeSet};

use super::super::svg::Point;
use super::super::theme;
use super::Polygon;

/// Number of shades; the second half repeats the hues of the first, more strongly.
const SHADES: usize = 14;

/// The colour class and opacity of a shade.
pub(super) fn shade(index: usize) -> (String, f64) {
    let hues = SHADES / 2;
    (theme::category(index % hues), if index < hues { 0.2 } else { 0.46 })
}

/// A shade for every polygon: the same for the same key, and for keys that meet along an edge different ones wherever
/// a greedy choice in the order of keys allows; little-used shades first. `cut` holds the drawn corners.
pub(super) fn colours(polygons: &[Polygon], cut: &[Vec<Point>]) -> Vec<usize> {
    let mut shade_of: BTreeMap<usize, usize> = BTreeMap::new();
    let near = neighbours(polygons, cut);
    let mut uses = [0usize; SHADES];
    let mut areas: BTreeMap<usize, usize> = BTreeMap::new();
    for polygon in polygons {
        *areas.entry(polygon.key).or_insert(0) += 1;
    }
    for (&key, &count) in &areas {
        let mut clashes = [0usize; SHADES];
        for other in near.get(&key).into_iter().flatten() {
            if let Some(&shade) = shade_of.get(other) {
                clashes[shade] += 1;
            }
        }
        let best = (0..SHADES).min_by_key(|&shade| (clashes[shade], uses[shade], shade)).unwrap_or(0);
        uses[best] += count;
        shade_of.insert(key, best);
    }
    polygons.iter().map(|polygon| shade_of.get(&polygon.key).copied().unwrap_or(0)).collect()
}

/// An edge on a straight line, by its places along the line.
struct Edge {
    from: f64,
    to: f64,
    key: usize,
}

/// The keys that meet every key along an edge of some length. Edges may overlap in part.
fn neighbours(polygons: &[Polygon], cut: &[Vec<Point>]) -> BTreeMap<usize, BTreeSet<usize>> {
    // Edges by their straight line: angle and offset, rounded.
    let mut lines: BTreeMap<(i64, i64), Vec<Edge>> = BTreeMap::new();
    for (polygon, corners) in polygons.iter().zip(cut) {
        for (index, &a) in corners.iter().enumerate() {
            let b = corners[(index + 1) % corners.len()];
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = dx.hypot(dy);
            if length < 0.3 {
                continue;
            }
            let sign = if (dx, dy) > (0.0, 0.0) { 1.0 / length } else { -1.0 / length };
            let (ux, uy) = (dx * sign, dy * sign);
            let (offset, angle) = (a.0 * uy - a.1 * ux, uy.atan2(ux));
            let (s, t) = (a.0 * ux + a.1 * uy, b.0 * ux + b.1 * uy);
            let line = ((angle * 2e3).round() as i64, (offset * 2.0).round() as i64);
            lines.entry(line).or_default().push(Edge { from: s.min(t), to: s.max(t), key: polygon.key });
        }
    }
    let mut near: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for edges in lines.values_mut() {
        edges.sort_by(|a, b| a.from.total_cmp(&b.from));
        for (index, edge) in edges.iter().enumerate() {
            for other in edges[index + 1..].iter().take_while(|other| other.from < edge.to - 0.3) {
                if other.key != edge.key {
                    near.entry(edge.key).or_default().insert(other.key);
                    near.entry(other.key).or_default().insert(edge.key);
                }
            }
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, size: f64, key: usize) -> Polygon {
        let corners = vec![(x, y), (x + size, y), (x + size, y + size), (x, y + size)];
        Polygon { corners, key }
    }

    fn shades(polygons: &[Polygon]) -> Vec<usize> {
        colours(polygons, &polygons.iter().map(|p| p.corners.clone()).collect::<Vec<_>>())
    }

    #[test]
    fn neighbours_differ_also_where_edges_overlap_in_part() {
        // One large square and a column of small ones beside it; 40 keys on 14 shades.
        let mut polygons = vec![square(0.0, 0.0, 390.0, 0)];
        polygons.extend((0..39).map(|i| square(390.0, 10.0 * i as f64, 10.0, i + 1)));
        let shades = shades(&polygons);
        assert!(shades[1..].iter().all(|&shade| shade != shades[0]));
        assert!(shades[1..].windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn the_same_key_has_the_same_colour() {
        let shades = shades(&[square(0.0, 0.0, 9.0, 5), square(9.0, 0.0, 9.0, 6), square(18.0, 0.0, 9.0, 5)]);
        assert_eq!(shades[0], shades[2]);
        assert_ne!(shades[0], shades[1]);
    }
}
