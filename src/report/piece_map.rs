//! Maps between pieces as text, JSON and pictures.

use crate::action::GSet;
use crate::analysis::{EdgeKind, PieceMap, PieceMapOptions};
use crate::draw::plot::{Axis, Mark, Plot, Series, panels};
use crate::draw::svg::{Anchor, Element, Path, Picture, Point};
use crate::draw::theme;
use crate::error::Result;
use crate::representation::Decomposition;
use serde::Serialize;
use std::fmt::Write;

/// Half the width of the window that is drawn.
const REACH: f64 = 3.0;
/// Sectors that are listed in text.
const LONGEST_TABLE: usize = 60;
/// Coordinates of the target that are drawn.
const DRAWN: usize = 2;

/// What `map` prints. The names of the JSON fields are part of the program's contract.
#[derive(Serialize)]
pub struct PieceMapReport {
    group: String,
    action: String,
    activation: String,
    from: String,
    to: String,
    kind: Option<&'static str>,
    slice_dim: usize,
    target_dim: usize,
    lines: Vec<f64>,
    sectors: Vec<SectorRow>,
}

#[derive(Serialize)]
struct SectorRow {
    start: f64,
    end: f64,
    orbit: usize,
    active: Vec<usize>,
    matrix: Vec<[f64; 2]>,
}

impl PieceMapReport {
    /// The report of a map.
    pub fn new(set: &GSet, decomposition: &Decomposition, options: &PieceMapOptions, map: &PieceMap) -> Self {
        let label = |piece: usize| decomposition.pieces()[piece].label.clone();
        let degrees = |angle: f64| (angle.to_degrees() * 1e9).round() / 1e9;
        PieceMapReport {
            group: set.group().name().to_owned(),
            action: set.name().to_owned(),
            activation: options.activation.to_string(),
            from: label(options.from),
            to: label(options.to),
            kind: map.kind().map(EdgeKind::name),
            slice_dim: map.dim(),
            target_dim: map.target_dim(),
            lines: map.lines().iter().map(|&angle| degrees(angle)).collect(),
            sectors: map
                .sectors()
                .iter()
                .map(|sector| SectorRow {
                    start: degrees(sector.start),
                    end: degrees(sector.end),
                    orbit: sector.orbit,
                    active: sector.active.clone(),
                    matrix: sector.matrix.clone(),
                })
                .collect(),
        }
    }

    fn title(&self) -> String {
        format!("{} to {}, {} on {}, {}", self.from, self.to, self.group, self.action, self.activation)
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    fn write_text(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "map     {}", self.title())?;
        let kind = match self.kind {
            None => "zero: the graph has no such edge",
            Some("linear") => "linear, a multiple of the identity",
            Some(_) => "piecewise linear",
        };
        writeln!(out, "kind    {kind}")?;
        let orbits = self.sectors.iter().map(|sector| sector.orbit + 1).max().unwrap_or(0);
        writeln!(
            out,
            "fan     {}, {} in {}\n",
            counted(if self.slice_dim == 1 { 0 } else { self.lines.len() }, "line"),
            counted(self.sectors.len(), "sector"),
            counted(orbits, "orbit")
        )?;
        writeln!(out, "{:>9} {:>9}  orbit  active  linear piece", "from", "to")?;
        for sector in self.sectors.iter().take(LONGEST_TABLE) {
            let rows: Vec<String> = sector
                .matrix
                .iter()
                .take(4)
                .map(|row| match self.slice_dim {
                    1 => format!("{} s", tidy(row[0])),
                    _ => format!("{} s {} t", tidy(row[0]), signed(row[1])),
                })
                .collect();
            writeln!(
                out,
                "{:>9.3} {:>9.3}  {:>5}  {:>6}  {}",
                sector.start,
                sector.end,
                sector.orbit,
                sector.active.len(),
                rows.join(", ")
            )?;
        }
        if self.sectors.len() > LONGEST_TABLE {
            writeln!(out, "... and {} more (--format json lists all)", self.sectors.len() - LONGEST_TABLE)?;
        }
        Ok(())
    }

    /// The picture: graphs over a line; over a plane the values as bands of colour with the lines of the fan, and the same
    /// as a surface, for up to two coordinates of the target.
    ///
    /// # Errors
    /// As the drawing of plots.
    pub fn picture(&self, map: &PieceMap) -> Result<Picture> {
        let drawn = self.target_dim.min(DRAWN);
        if self.slice_dim == 1 {
            let mut plot = Plot::new(&self.title(), Axis::new("s"), Axis::new("value"));
            for coordinate in 0..drawn {
                let at = |s: f64| (s, map.value(s, 0.0)[coordinate]);
                let name = format!("coordinate {}", coordinate + 1);
                plot.series.push(Series::new(
                    &name,
                    coordinate,
                    Mark::Line(vec![at(-REACH), at(0.0), at(REACH)]),
                ));
            }
            return plot.picture();
        }
        let pictures: Vec<Picture> = (0..drawn)
            .flat_map(|coordinate| {
                let surface = Surface::new(map, coordinate);
                let name = if self.target_dim == 1 {
                    "value".into()
                } else {
                    format!("coordinate {}", coordinate + 1)
                };
                [surface.flat(map, &name), surface.raised(&name)]
            })
            .collect();
        Ok(panels(&self.title(), &pictures, 2))
    }
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// No sign where all printed digits are zero.
fn tidy(value: f64) -> String {
    format!("{:.6}", if value.abs() < 5e-7 { 0.0 } else { value })
}

fn signed(value: f64) -> String {
    format!("{:+.6}", if value.abs() < 5e-7 { 0.0 } else { value })
}

/// A coordinate of the map over the window, cut into polygons on which it is linear and lies within one band of values.
struct Surface {
    bands: Vec<Band>,
    step: f64,
    low: f64,
    high: f64,
}

struct Band {
    /// Corners with their values.
    corners: Vec<(Point, f64)>,
    middle: f64,
}

/// The part of a convex polygon where `side` is not negative.
fn cut(polygon: &[Point], side: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (index, &here) in polygon.iter().enumerate() {
        let last = polygon[(index + polygon.len() - 1) % polygon.len()];
        let (a, b) = (side(last), side(here));
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            kept.push((last.0 + share * (here.0 - last.0), last.1 + share * (here.1 - last.1)));
        }
        if b >= 0.0 {
            kept.push(here);
        }
    }
    kept
}

impl Surface {
    fn new(map: &PieceMap, coordinate: usize) -> Self {
        let square = [(-REACH, -REACH), (REACH, -REACH), (REACH, REACH), (-REACH, REACH)];
        let sectors: Vec<(Vec<Point>, [f64; 2])> = map
            .sectors()
            .iter()
            .map(|sector| {
                let (start, end) = (sector.start, sector.end);
                let after = cut(&square, |p| start.cos() * p.1 - start.sin() * p.0);
                let between = cut(&after, |p| end.sin() * p.0 - end.cos() * p.1);
                (between, sector.matrix[coordinate])
            })
            .collect();
        let value = |form: &[f64; 2], p: Point| form[0] * p.0 + form[1] * p.1;
        let values = sectors.iter().flat_map(|(polygon, form)| polygon.iter().map(move |&p| value(form, p)));
        let (low, high) = values.fold((0f64, 0f64), |(low, high), v| (low.min(v), high.max(v)));
        let step = round_step((high - low).max(1e-9) / 14.0);
        let mut bands = Vec::new();
        for (polygon, form) in &sectors {
            let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
            for level in first..last.max(first + 1) {
                let (bottom, top) = (level as f64 * step, (level + 1) as f64 * step);
                let above = cut(polygon, |p| value(form, p) - bottom + 1e-12);
                let inside = cut(&above, |p| top - value(form, p));
                if inside.len() > 2 {
                    let corners = inside.into_iter().map(|p| (p, value(form, p))).collect();
                    bands.push(Band { corners, middle: (bottom + top) / 2.0 });
                }
            }
        }
        Surface { bands, step, low, high }
    }

    fn colour(&self, value: f64) -> String {
        let most = self.high.max(-self.low).max(1e-12);
        let colour = if self.low < -1e-9 {
            theme::diverging(value / most)
        } else {
            theme::sequential((value / most).clamp(0.0, 1.0))
        };
        colour.hex()
    }

    /// Seen from above, with the lines of the fan and a bar of colours.
    fn flat(&self, map: &PieceMap, name: &str) -> Picture {
        const SIDE: f64 = 300.0;
        let (left, top) = (34.0, 20.0);
        let scale = SIDE / (2.0 * REACH);
        let place = |p: Point| (left + (p.0 + REACH) * scale, top + (REACH - p.1) * scale);
        let mut picture = Picture::new(
            left + SIDE + 78.0,
            top + SIDE + 30.0,
            name,
            "Values of a piecewise linear map as bands of colour.",
        );
        for band in &self.bands {
            let corners: Vec<Point> = band.corners.iter().map(|&(p, _)| place(p)).collect();
            picture.body.push(painted(&corners, &self.colour(band.middle)));
        }
        for &angle in map.lines() {
            let reach = REACH / angle.cos().abs().max(angle.sin().abs());
            let end = (reach * angle.cos(), reach * angle.sin());
            let line = Element::line(place((-end.0, -end.1)), place(end));
            picture.body.push(line.with("stroke-width", 1.2).class("ink"));
        }
        let frame = Element::rect((left, top), SIDE, SIDE).with("fill", "none");
        picture.body.push(frame.with("stroke", "currentColor").class("line"));
        for value in [-3, 0, 3] {
            let (x, y) = place((f64::from(value), f64::from(value)));
            let label = value.to_string().replace('-', "\u{2212}");
            let below = Element::text((x, top + SIDE + 15.0), Anchor::Middle, 10.5, &label);
            picture.body.push(below.class("soft"));
            picture.body.push(Element::text((left - 6.0, y + 3.5), Anchor::End, 10.5, &label).class("soft"));
        }
        self.bar(&mut picture, (left + SIDE + 14.0, top), SIDE);
        picture
    }

    fn bar(&self, picture: &mut Picture, corner: Point, height: f64) {
        let (first, last) = ((self.low / self.step).floor() as i64, (self.high / self.step).ceil() as i64);
        let count = (last - first).max(1);
        let each = height / count as f64;
        for level in first..first + count {
            let y = corner.1 + height - (level - first + 1) as f64 * each;
            let colour = self.colour((level as f64 + 0.5) * self.step);
            let box_corners =
                [(0.0, 0.0), (12.0, 0.0), (12.0, each), (0.0, each)].map(|(dx, dy)| (corner.0 + dx, y + dy));
            picture.body.push(painted(&box_corners, &colour));
        }
        for level in (first..=first + count).step_by((count as usize / 6).max(1)) {
            let y = corner.1 + height - (level - first) as f64 * each + 3.5;
            let value = level as f64 * self.step;
            let decimals = (-self.step.log10().floor()).max(0.0) as usize;
            let label = format!("{value:.decimals$}").replace('-', "\u{2212}");
            picture.body.push(Element::text((corner.0 + 17.0, y), Anchor::Start, 10.5, &label).class("soft"));
        }
    }

    /// The surface in parallel projection, back to front.
    fn raised(&self, name: &str) -> Picture {
        const WIDTH: f64 = 360.0;
        const HEIGHT: f64 = 330.0;
        let (turn, lift) = (0.45f64, 0.55f64);
        let stretch = 0.75 * REACH / self.high.max(-self.low).max(1e-9);
        let scale = WIDTH / (2.0 * REACH * std::f64::consts::SQRT_2);
        let depth = |p: Point| -p.0 * turn.sin() + p.1 * turn.cos();
        let place = |(p, value): &(Point, f64)| {
            let across = p.0 * turn.cos() + p.1 * turn.sin();
            let up = depth(*p) * lift.sin() + value * stretch * lift.cos();
            (WIDTH / 2.0 + across * scale, 0.56 * HEIGHT - up * scale)
        };
        let mut picture =
            Picture::new(WIDTH, HEIGHT, name, "The graph of a piecewise linear map as a surface in space.");
        let mut order: Vec<(f64, &Band)> = self
            .bands
            .iter()
            .map(|band| {
                let sum: f64 = band.corners.iter().map(|(p, _)| depth(*p)).sum();
                (sum / band.corners.len() as f64, band)
            })
            .collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, band) in order {
            let corners: Vec<Point> = band.corners.iter().map(place).collect();
            picture.body.push(painted(&corners, &self.colour(band.middle)));
        }
        picture
    }
}

/// A filled polygon; a thin rim of its own colour closes the gaps between neighbours.
fn painted(corners: &[Point], colour: &str) -> Element {
    let shape = Path::default().polygon(corners);
    Element::new("path")
        .with("d", shape.data())
        .with("fill", colour)
        .with("stroke", colour)
        .with("stroke-width", 0.6)
        .with("stroke-linejoin", "round")
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `raw`.
fn round_step(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|&step| step >= raw).unwrap_or(raw)
}
