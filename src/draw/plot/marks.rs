//! The data of a plot as shapes.

use super::super::svg::{Element, Path, Point};
use super::super::theme;
use super::{Axis, Frame, Mark, Plot, short};
use crate::error::{Error, Result};

/// Opacity of bars and areas.
pub(super) const SOLID: f64 = 0.8;
/// Opacity of a band; nested bands add up.
pub(super) const BAND: f64 = 0.2;

/// The marks of a plot with all stacking done: for every series the lower ends of its bars or areas.
pub(super) struct Stacks {
    floors: Vec<Vec<f64>>,
}

impl Stacks {
    /// Stacks areas, and bars if the plot says so; positive and negative bars apart.
    pub(super) fn new(plot: &Plot) -> Result<Self> {
        let mut floors = Vec::with_capacity(plot.series.len());
        let (mut up, mut down): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let mut areas: Option<(Vec<f64>, Vec<f64>)> = None;
        for series in &plot.series {
            floors.push(match &series.mark {
                Mark::Bars(values) if plot.stacked => {
                    let longest = up.len().max(values.len());
                    up.resize(longest, 0.0);
                    down.resize(longest, 0.0);
                    let stack = |(i, &value): (usize, &f64)| {
                        let end = if value < 0.0 { &mut down[i] } else { &mut up[i] };
                        let floor = *end;
                        *end += if value.is_finite() { value } else { 0.0 };
                        floor
                    };
                    values.iter().enumerate().map(stack).collect()
                }
                Mark::Bars(values) => vec![0.0; values.len()],
                Mark::Area(points) => {
                    let x: Vec<f64> = points.iter().map(|p| p.0).collect();
                    let (known, floor) = areas.get_or_insert_with(|| (x.clone(), vec![0.0; x.len()]));
                    if *known != x {
                        return Err(Error::shape(
                            format!("plot \"{}\", area \"{}\"", plot.title, series.name),
                            format!("the {} x values of the first area", known.len()),
                            format!("{} others", x.len()),
                            "give all areas of a plot the same x values",
                        ));
                    }
                    let below = floor.clone();
                    floor
                        .iter_mut()
                        .zip(points)
                        .for_each(|(f, p)| *f += if p.1.is_finite() { p.1 } else { 0.0 });
                    below
                }
                _ => Vec::new(),
            });
        }
        Ok(Stacks { floors })
    }

    /// The ranges of both axes: as given, or wide enough for the data.
    pub(super) fn ranges(&self, plot: &Plot) -> ((f64, f64), (f64, f64)) {
        let (mut x, mut y) = (Extent::new(&plot.x), Extent::new(&plot.y));
        for (series, floors) in plot.series.iter().zip(&self.floors) {
            match &series.mark {
                Mark::Line(points) | Mark::Dashed(points) | Mark::Dotted(points) | Mark::Dots(points) => {
                    points.iter().for_each(|p| (x.add(p.0), y.add(p.1)).1);
                }
                Mark::Area(points) => {
                    for (p, floor) in points.iter().zip(floors) {
                        x.add(p.0);
                        y.add(*floor);
                        y.add(floor + p.1);
                    }
                }
                Mark::Bars(values) => {
                    if !values.is_empty() {
                        x.add(-0.5);
                        x.add(values.len() as f64 - 0.5);
                    }
                    for (value, floor) in values.iter().zip(floors) {
                        y.add(*floor);
                        y.add(floor + value);
                    }
                }
                Mark::Band(rows) => rows.iter().for_each(|row| {
                    x.add(row.0);
                    y.add(row.1);
                    y.add(row.2);
                }),
            }
        }
        plot.rules.iter().for_each(|rule| y.add(rule.0));
        if !plot.x.names.is_empty() {
            x.add(-0.5);
            x.add(plot.x.names.len() as f64 - 0.5);
        }
        let spread = plot.x.names.is_empty()
            && plot.series.iter().any(|s| matches!(s.mark, Mark::Dots(_) | Mark::Dotted(_)));
        (x.range(if spread { 0.02 } else { 0.0 }), y.range(0.05))
    }

    /// The shapes of all series.
    pub(super) fn draw(&self, plot: &Plot, frame: &Frame) -> Vec<Element> {
        let groups = plot.series.iter().filter(|s| matches!(s.mark, Mark::Bars(_))).count();
        let mut bars_before = 0;
        let mut out = Vec::new();
        for (series, floors) in plot.series.iter().zip(&self.floors) {
            let place = |points: &[Point]| points.iter().map(|&p| frame.at(p)).collect::<Vec<_>>();
            let shape = match &series.mark {
                Mark::Line(points) => line(frame, &place(points), false),
                Mark::Dashed(points) => line(frame, &place(points), true),
                Mark::Dots(points) => dots(frame, points, &series.name),
                Mark::Dotted(points) => {
                    Element::group([line(frame, &place(points), false), dots(frame, points, &series.name)])
                }
                Mark::Bars(values) => {
                    let side = if plot.stacked { (0, 1) } else { (bars_before, groups) };
                    bars_before += 1;
                    bars(plot, frame, values, floors, side, &series.name)
                }
                Mark::Area(points) => {
                    let rows = points.iter().zip(floors).map(|(p, &floor)| (p.0, floor, floor + p.1));
                    band(frame, &rows.collect::<Vec<_>>()).with("fill-opacity", SOLID)
                }
                Mark::Band(rows) => band(frame, rows).with("fill-opacity", BAND),
            };
            out.push(Element::group([shape]).class(theme::category(series.key)).title(&series.name));
        }
        out
    }
}

/// The smallest and the largest value seen.
struct Extent<'a> {
    axis: &'a Axis,
    low: f64,
    high: f64,
}

impl<'a> Extent<'a> {
    fn new(axis: &'a Axis) -> Self {
        Extent { axis, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }

    fn add(&mut self, value: f64) {
        if value.is_finite() && (value > 0.0 || !self.axis.log) {
            (self.low, self.high) = (self.low.min(value), self.high.max(value));
        }
    }

    /// The axis range, with a share of it added at both ends; an end at or near zero is put at zero.
    fn range(&self, pad: f64) -> (f64, f64) {
        if let Some(given) = self.axis.range {
            return given;
        }
        let (low, high) = if self.low > self.high { (0.0, 1.0) } else { (self.low, self.high) };
        if self.axis.log {
            let (low, high) = if self.low > self.high { (0.1, 10.0) } else { (low, high) };
            let grow = if low == high { 1.0 } else { pad * (high.log10() - low.log10()).max(0.4) };
            let end = |decades: f64| 10f64.powf(decades.clamp(-300.0, 300.0));
            return (end(low.log10() - grow), end(high.log10() + grow));
        }
        let size = if high > low { high - low } else { low.abs().max(1.0) };
        let grow = if high > low { pad * size } else { 0.5 * size };
        let near_zero = |end: f64, far: f64| pad > 0.0 && end * far >= 0.0 && end.abs() < 0.3 * far.abs();
        let bottom = if low >= 0.0 && near_zero(low, high) { 0.0 } else { low - grow };
        let top = if high <= 0.0 && near_zero(high, low) { 0.0 } else { high + grow };
        (bottom.max(f64::MIN / 4.0), top.min(f64::MAX / 4.0))
    }
}

fn line(frame: &Frame, places: &[Point], dashed: bool) -> Element {
    let pieces = frame.window.polyline(places);
    let path = pieces.iter().fold(Path::default(), |path, piece| path.polyline(piece)).stroke(1.7);
    let path = path.with("stroke-linejoin", "round");
    if dashed { path.with("stroke-dasharray", "5 4") } else { path.with("stroke-linecap", "round") }
}

fn dots(frame: &Frame, points: &[Point], name: &str) -> Element {
    let inside = points.iter().filter(|&&p| frame.window.contains(frame.at(p)));
    Element::group(inside.map(|&p| {
        let (x, y) = frame.at(p);
        let dot = Element::new("circle").with("cx", x).with("cy", y).with("r", 2.8);
        let tooltip = format!("{name} ({}, {})", short(p.0, 3), short(p.1, 3));
        dot.with("fill", "currentColor").title(tooltip.trim_start())
    }))
}

fn bars(
    plot: &Plot,
    frame: &Frame,
    values: &[f64],
    floors: &[f64],
    (place, groups): (usize, usize),
    name: &str,
) -> Element {
    let width = 0.78 / groups as f64;
    let mut group = Element::group([]).with("fill", "currentColor").with("fill-opacity", SOLID);
    let (low, high) = (frame.window.low, frame.window.high);
    for (index, (&value, &floor)) in values.iter().zip(floors).enumerate() {
        let left = index as f64 - 0.39 + width * place as f64;
        let gap = if groups > 1 { 1.0 } else { 0.0 };
        let (x0, x1) = (frame.x.at(left).max(low.0), frame.x.at(left + width).min(high.0) - gap);
        let start = if plot.y.log { frame.y.ground() } else { frame.y.at(floor) };
        let end = frame.y.at(floor + value);
        if !end.is_finite() || !x0.is_finite() || x1 <= x0 {
            continue;
        }
        let (a, b) = (start.clamp(low.1, high.1), end.clamp(low.1, high.1));
        let bar = Element::rect((x0, a.min(b)), x1 - x0, (a - b).abs());
        let category = plot.x.names.get(index).cloned().unwrap_or_else(|| index.to_string());
        let tooltip: Vec<&str> = [name, &category].into_iter().filter(|part| !part.is_empty()).collect();
        group.push(bar.title(&format!("{}: {}", tooltip.join(", "), short(value, 3))));
    }
    group
}

fn band(frame: &Frame, rows: &[(f64, f64, f64)]) -> Element {
    let finite = |row: &&(f64, f64, f64)| {
        let ends = [frame.at((row.0, row.1)), frame.at((row.0, row.2))];
        ends.iter().all(|p| p.0.is_finite() && p.1.is_finite())
    };
    let rows: Vec<_> = rows.iter().filter(finite).collect();
    let upper = rows.iter().map(|row| frame.at((row.0, row.2)));
    let lower = rows.iter().rev().map(|row| frame.at((row.0, row.1)));
    let outline: Vec<Point> = upper.chain(lower).collect();
    Path::default().polygon(&frame.window.polygon(&outline)).fill()
}
