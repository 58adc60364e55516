//! Curves: straight through the rows they pass, smooth in between.

use super::super::svg::{Path, Point};
use super::blocks::Link;
use super::order::Rows;
use super::place::{PORT, Placed, arc_height};

/// Length of an arrow head for the thinnest line.
const HEAD: f64 = 7.0;
/// Steepest sideways run of a curve per unit of height.
const SLANT: f64 = 1.4;

/// A chain of cubic Bézier curves: the first point, then three points for every piece; and its arrow heads.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    pub points: Vec<Point>,
    /// Tip, and direction as a unit vector.
    pub heads: Vec<(Point, Point)>,
    pub line_width: f64,
}

impl Curve {
    /// Points along the curve, `per_piece` for every piece.
    #[cfg(test)]
    pub(super) fn samples(&self, per_piece: usize) -> Vec<Point> {
        let steps = |piece| (0..=per_piece).map(move |i| along(piece, i as f64 / per_piece as f64));
        self.points.windows(4).step_by(3).flat_map(steps).collect()
    }

    /// The line as a path.
    pub(super) fn path(&self) -> Path {
        let start = Path::default().move_to(self.points[0]);
        self.points[1..].chunks_exact(3).fold(start, |path, p| path.cubic_to(p[0], p[1], p[2]))
    }

    /// The arrow heads as triangles.
    pub(super) fn head_path(&self) -> Path {
        let (length, half) = head_size(self.line_width);
        self.heads.iter().fold(Path::default(), |path, &((x, y), (dx, dy))| {
            let base = (x - length * dx, y - length * dy);
            path.polygon(&[
                (x, y),
                (base.0 - half * dy, base.1 + half * dx),
                (base.0 + half * dy, base.1 - half * dx),
            ])
        })
    }
}

/// Length and half width of an arrow head.
pub(super) fn head_size(line_width: f64) -> (f64, f64) {
    (HEAD + 1.2 * (line_width - 1.0), 2.7 + 0.8 * (line_width - 1.0))
}

/// The width of a line, from its weight and the heaviest one.
pub(super) fn line_width(weight: Option<f64>, heaviest: f64) -> f64 {
    match weight {
        Some(weight) if heaviest > 0.0 => 0.5 + 3.5 * weight / heaviest,
        _ => 1.2,
    }
}

/// The curve of every link.
pub(super) fn route(links: &[Link], rows: &Rows, placed: &Placed, heaviest: f64) -> Vec<Curve> {
    let ports = [ports(links, rows, placed, true), ports(links, rows, placed, false)];
    let mut curves = Vec::with_capacity(links.len());
    let mut layer_of = vec![0; rows.near[0].len()];
    for (layer, row) in rows.rows.iter().enumerate() {
        row.iter().for_each(|&vertex| layer_of[vertex] = layer);
    }
    for (index, link) in links.iter().enumerate() {
        let line_width = line_width(link.weight, heaviest);
        let curve = if layer_of[link.from] == layer_of[link.to] {
            arc(link, placed, placed.bands[layer_of[link.from]].0, line_width)
        } else {
            let ends = [ports[0][index], ports[1][index]];
            descent(link, &rows.chains[index], &layer_of, rows, placed, ends, line_width)
        };
        curves.push(curve);
    }
    curves
}

/// Where each link meets its upper block (`upper`) or its lower one: side by side in the order of the other ends.
fn ports(links: &[Link], rows: &Rows, placed: &Placed, upper: bool) -> Vec<f64> {
    let mut at = vec![Vec::new(); rows.blocks];
    for (index, (link, chain)) in links.iter().zip(&rows.chains).enumerate() {
        let next = if upper { chain[1] } else { chain[chain.len() - 2] };
        let level = placed.rects[link.from].y == placed.rects[link.to].y;
        if !level {
            at[if upper { link.from } else { link.to }].push((placed.x[next], index));
        }
    }
    let mut out = vec![0.0; links.len()];
    for (block, mut ends) in at.into_iter().enumerate() {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rect = &placed.rects[block];
        let gaps = ends.len().saturating_sub(1).max(1) as f64;
        let step = ((rect.width - 14.0) / gaps).clamp(0.0, PORT);
        for (place, &(_, index)) in ends.iter().enumerate() {
            out[index] = rect.x + step * (place as f64 - (ends.len() - 1) as f64 / 2.0);
        }
    }
    out
}

/// A place on a curve with its sideways run per unit of height.
#[derive(Debug, Clone, Copy)]
struct Knot {
    x: f64,
    y: f64,
    slope: f64,
}

/// A curve down the rows: as smooth as it can be without touching a block.
///
/// A bend is first passed at one point; where that brings the curve too near to a block of the row, it is made to
/// run straight through the row instead, which is clear by construction.
fn descent(
    link: &Link,
    chain: &[usize],
    layer_of: &[usize],
    rows: &Rows,
    placed: &Placed,
    ends: [f64; 2],
    line_width: f64,
) -> Curve {
    let (upper, lower) = (&placed.rects[link.from], &placed.rects[link.to]);
    let (start, end) = (placed.bands[layer_of[link.from]].1, placed.bands[layer_of[link.to]].0);
    // Blocks lower than their row: straight down between the block and the end of the row.
    let (above, below) = (start - upper.bottom() > 1.0, lower.top() - end > 1.0);
    let limit = |straight: bool| if straight { 0.0 } else { SLANT };
    let first = Knot { x: ends[0], y: start, slope: limit(above) };
    let last = Knot { x: ends[1], y: end, slope: limit(below) };
    let bends: Vec<Bend> = chain[1..chain.len() - 1]
        .iter()
        .map(|&vertex| {
            let layer = layer_of[vertex];
            let (top, bottom) = placed.bands[layer];
            let (left, right) = free_space(placed.x[vertex], &rows.rows[layer], placed);
            Bend { x: placed.x[vertex], top, bottom, left, right, straight: false }
        })
        .collect();
    let mut knots = Vec::new();
    if above {
        knots.push(Knot { x: ends[0], y: upper.bottom(), slope: 0.0 });
    }
    knots.extend(smooth(first, bends, last));
    if below {
        knots.push(Knot { x: ends[1], y: lower.top(), slope: 0.0 });
    }

    let mut heads = Vec::new();
    let last = knots.len() - 1;
    for (place, up) in [(0, true), (last, false)] {
        if link.heads[usize::from(!up)] {
            let Knot { x, y, slope } = knots[place];
            let norm = if up { -1.0 } else { 1.0 } / slope.hypot(1.0);
            let direction = (slope * norm, norm);
            heads.push(((x, y), direction));
            let back = 0.8 * head_size(line_width).0;
            knots[place] = Knot { x: x - back * direction.0, y: y - back * direction.1, slope };
        }
    }
    Curve { points: bezier(&knots), heads, line_width }
}

/// A row that a curve passes, and the free space there.
#[derive(Clone, Copy)]
struct Bend {
    x: f64,
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
    straight: bool,
}

/// Knots from `first` through the bends to `last`; the slopes of these two are limits.
fn smooth(first: Knot, mut bends: Vec<Bend>, last: Knot) -> Vec<Knot> {
    loop {
        let knots = knots(first, &bends, last);
        let points = bezier(&knots);
        let mut clear = true;
        for piece in points.windows(4).step_by(3) {
            for (x, y) in (0..=24).map(|step| along(piece, f64::from(step) / 24.0)) {
                for bend in bends.iter_mut().filter(|bend| !bend.straight) {
                    let inside = y > bend.top - 3.0 && y < bend.bottom + 3.0;
                    if inside && (x < bend.left || x > bend.right) {
                        (bend.straight, clear) = (true, false);
                    }
                }
            }
        }
        if clear {
            return knots;
        }
    }
}

/// The knots for a given choice of straight bends.
fn knots(first: Knot, bends: &[Bend], last: Knot) -> Vec<Knot> {
    let mut middle = vec![(first.x, first.y)];
    middle.extend(bends.iter().map(|bend| (bend.x, (bend.top + bend.bottom) / 2.0)));
    middle.push((last.x, last.y));
    let run: Vec<f64> = middle.windows(2).map(|w| (w[1].0 - w[0].0) / (w[1].1 - w[0].1)).collect();
    let mut knots = vec![Knot { slope: run[0].clamp(-first.slope, first.slope), ..first }];
    for (place, bend) in bends.iter().enumerate() {
        let slope = harmonic(run[place], run[place + 1]).clamp(-SLANT, SLANT);
        if !bend.straight {
            knots.push(Knot { x: bend.x, y: middle[place + 1].1, slope });
            continue;
        }
        let half = (bend.bottom - bend.top) / 2.0;
        let limit = (bend.x - bend.left).min(bend.right - bend.x).max(0.0) / half.max(1.0);
        let slope = slope.clamp(-limit, limit);
        knots.push(Knot { x: bend.x - half * slope, y: bend.top, slope });
        knots.push(Knot { x: bend.x + half * slope, y: bend.bottom, slope });
    }
    knots.push(Knot { slope: run[run.len() - 1].clamp(-last.slope, last.slope), ..last });
    knots
}

/// The cubic Hermite curve through knots, as Bézier points.
fn bezier(knots: &[Knot]) -> Vec<Point> {
    let mut points = vec![(knots[0].x, knots[0].y)];
    for pair in knots.windows(2) {
        let third = (pair[1].y - pair[0].y) / 3.0;
        points.push((pair[0].x + pair[0].slope * third, pair[0].y + third));
        points.push((pair[1].x - pair[1].slope * third, pair[1].y - third));
        points.push((pair[1].x, pair[1].y));
    }
    points
}

/// A point of a cubic Bézier piece.
fn along(piece: &[Point], t: f64) -> Point {
    let s = 1.0 - t;
    let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
    piece.iter().zip(weights).fold((0.0, 0.0), |sum, (p, w)| (sum.0 + w * p.0, sum.1 + w * p.1))
}

/// Slope at a bend between two runs: none at a turn, else their harmonic mean, which keeps the curve monotone
/// (Fritsch and Butland 1984).
fn harmonic(before: f64, after: f64) -> f64 {
    if before * after <= 0.0 { 0.0 } else { 2.0 * before * after / (before + after) }
}

/// Between which places a curve at `x` may stray while it passes a row.
fn free_space(x: f64, row: &[usize], placed: &Placed) -> (f64, f64) {
    let rects = || row.iter().filter_map(|&vertex| placed.rects.get(vertex));
    let left = rects().filter(|rect| rect.x < x).map(|rect| rect.right() + 5.0);
    let right = rects().filter(|rect| rect.x > x).map(|rect| rect.left() - 5.0);
    (left.fold(f64::NEG_INFINITY, f64::max), right.fold(f64::INFINITY, f64::min))
}

/// An arc over the row, whose upper end is at `top`, between two of its blocks.
fn arc(link: &Link, placed: &Placed, top: f64, line_width: f64) -> Curve {
    let (a, b) = (&placed.rects[link.from], &placed.rects[link.to]);
    let side = (b.x - a.x).signum();
    let (xa, xb) = (a.x + side * a.width * 0.22, b.x - side * b.width * 0.22);
    let rise = arc_height(a.x, b.x) * 4.0 / 3.0;
    let back = 0.8 * head_size(line_width).0;
    let mut heads = Vec::new();
    let mut start = |x: f64, y: f64, head: bool| {
        if head {
            heads.push(((x, y), (0.0, 1.0)));
        }
        (x, if head { y - back } else { y })
    };
    let (from, to) = (start(xa, a.top(), link.heads[0]), start(xb, b.top(), link.heads[1]));
    // Straight up beside higher blocks first.
    let (left, right) = ((xa, top.min(from.1)), (xb, top.min(to.1)));
    let mut points = vec![from];
    if left != from {
        points.extend([from, left, left]);
    }
    points.extend([(xa, top - rise), (xb, top - rise), right]);
    if right != to {
        points.extend([right, to, to]);
    }
    Curve { points, heads, line_width }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bends_do_not_overshoot() {
        assert_eq!(harmonic(1.0, -1.0), 0.0);
        assert_eq!(harmonic(2.0, 2.0), 2.0);
        assert!(harmonic(0.1, 5.0) < 0.2);
    }

    #[test]
    fn arrow_heads_point_along_the_line() {
        let curve =
            Curve { points: vec![(0.0, 0.0); 4], heads: vec![((5.0, 9.0), (0.0, 1.0))], line_width: 1.0 };
        assert_eq!(curve.head_path().data(), "M5 9L2.3 2H7.7Z");
    }
}
