//! Cutting lines and polygons to a rectangle, so that pictures need no clip paths.

use super::svg::Point;

/// A rectangle by its smallest and largest coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Smallest coordinates.
    pub low: Point,
    /// Largest coordinates.
    pub high: Point,
}

impl Window {
    /// Signed distances to the four sides, positive inside.
    fn distances(&self, p: Point) -> [f64; 4] {
        [p.0 - self.low.0, self.high.0 - p.0, p.1 - self.low.1, self.high.1 - p.1]
    }

    /// Whether the window holds the point.
    pub fn contains(&self, p: Point) -> bool {
        self.distances(p).iter().all(|&d| d >= 0.0)
    }

    /// The part of the segment inside the window (Liang and Barsky 1984).
    ///
    /// ```
    /// use isotypic::draw::clip::Window;
    /// let window = Window { low: (0.0, 0.0), high: (1.0, 1.0) };
    /// assert_eq!(window.segment((-1.0, 0.5), (3.0, 0.5)), Some(((0.0, 0.5), (1.0, 0.5))));
    /// assert_eq!(window.segment((-1.0, 2.0), (3.0, 2.0)), None);
    /// ```
    pub fn segment(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        for (a, b) in self.distances(from).into_iter().zip(self.distances(to)) {
            if a < 0.0 && b < 0.0 {
                return None;
            } else if a < 0.0 {
                enter = enter.max(a / (a - b));
            } else if b < 0.0 {
                leave = leave.min(a / (a - b));
            }
        }
        let at = |t: f64| (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1));
        let start = if enter == 0.0 { from } else { at(enter) };
        let end = if leave == 1.0 { to } else { at(leave) };
        (enter <= leave).then_some((start, end))
    }

    /// The pieces of a line inside the window. A point that is not finite interrupts the line.
    pub fn polyline(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut pieces: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2).filter(|pair| pair.iter().all(|p| p.0.is_finite() && p.1.is_finite())) {
            let Some((start, end)) = self.segment(pair[0], pair[1]) else { continue };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&start) => piece.push(end),
                _ => pieces.push(vec![start, end]),
            }
        }
        pieces
    }

    /// The part of a convex or simple polygon inside the window (Sutherland and Hodgman 1974); empty if there is none.
    pub fn polygon(&self, points: &[Point]) -> Vec<Point> {
        let mut polygon = points.to_vec();
        for side in 0..4 {
            let mut cut = Vec::with_capacity(polygon.len() + 1);
            for (index, &here) in polygon.iter().enumerate() {
                let last = polygon[(index + polygon.len() - 1) % polygon.len()];
                let (a, b) = (self.distances(last)[side], self.distances(here)[side]);
                if (a < 0.0) != (b < 0.0) {
                    let t = a / (a - b);
                    cut.push((last.0 + t * (here.0 - last.0), last.1 + t * (here.1 - last.1)));
                }
                if b >= 0.0 {
                    cut.push(here);
                }
            }
            polygon = cut;
        }
        polygon
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNIT: Window = Window { low: (0.0, 0.0), high: (1.0, 1.0) };

    fn area(p: &[Point]) -> f64 {
        (0..p.len()).map(|i| (p[i], p[(i + 1) % p.len()])).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>()
            / 2.0
    }

    #[test]
    fn a_large_triangle_is_cut_to_the_window() {
        assert_eq!(area(&UNIT.polygon(&[(-9.0, -9.0), (9.0, -9.0), (0.0, 99.0)])), 1.0);
        assert!(UNIT.polygon(&[(2.0, 2.0), (3.0, 2.0), (2.0, 3.0)]).is_empty());
    }

    #[test]
    fn lines_break_at_missing_points_and_at_the_border() {
        let points = [(0.1, 0.1), (0.2, 0.2), (0.3, f64::NAN), (0.4, 0.4), (0.5, 5.0), (0.6, 0.5)];
        assert_eq!(UNIT.polyline(&points).len(), 3);
    }

    proptest! {
        #[test]
        fn cut_parts_lie_inside(p in prop::collection::vec((-3.0..3.0f64, -3.0..3.0f64), 3)) {
            let wide = Window { low: (-1e-9, -1e-9), high: (1.0 + 1e-9, 1.0 + 1e-9) };
            prop_assert!(UNIT.polygon(&p).iter().all(|&q| wide.contains(q)));
            if let Some((a, b)) = UNIT.segment(p[0], p[1]) {
                prop_assert!(wide.contains(a) && wide.contains(b));
            }
        }
    }
}
