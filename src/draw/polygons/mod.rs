//! A subdivision of a part of the plane: coloured polygons, their edges, and points and lines drawn over them.

mod colouring;

use super::clip::Window;
use super::legend::{Swatch, legend};
use super::plot::Axis;
use super::plot::scale::{SIZE, Scale, Ticks};
use super::svg::{Anchor, Element, Path, Picture, Point};
use super::{text, theme};
use crate::error::{Error, Result};

/// A polygon with its colour key.
#[derive(Debug, Clone)]
pub struct Polygon {
    /// The corners in order.
    pub corners: Vec<Point>,
    /// Polygons of the same key get the same colour.
    pub key: usize,
}

/// How keys become colours.
#[derive(Debug, Clone, Default)]
pub enum Colours {
    /// Few soft colours, so chosen that polygons of different keys that share an edge differ wherever that is possible.
    #[default]
    Distinct,
    /// The categorical palette in the order of keys, with these names in the legend.
    Named(Vec<String>),
    /// The sequential map from the smallest to the largest key, with this label.
    Scale(String),
}

/// A line drawn over the polygons.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The line's points.
    pub points: Vec<Point>,
    /// Name in the legend; not shown if empty.
    pub name: String,
    /// Colour category; the colour of text if absent.
    pub key: Option<usize>,
    /// Dashed instead of solid.
    pub dashed: bool,
}

/// A marked point.
#[derive(Debug, Clone)]
pub struct Marker {
    /// Where it is.
    pub at: Point,
    /// Text beside it; may be empty.
    pub label: String,
}

/// A picture of polygons in a window with equal scales on both axes.
///
/// ```
/// use isotypic::draw::polygons::{Polygon, Subdivision};
/// let mut picture = Subdivision::new("Two regions", (-1.0, -1.0), (1.0, 1.0));
/// picture.polygons.push(Polygon { corners: vec![(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0)], key: 0 });
/// picture.polygons.push(Polygon { corners: vec![(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)], key: 1 });
/// assert!(picture.picture()?.to_string().contains("Two regions"));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Subdivision {
    /// Title above the picture; may be empty.
    pub title: String,
    /// One sentence for screen readers.
    pub description: String,
    /// The polygons; parts outside the window are cut off.
    pub polygons: Vec<Polygon>,
    /// How keys become colours.
    pub colours: Colours,
    /// Width of the polygons' edges; none are drawn at zero.
    pub edges: f64,
    /// Lines over the polygons.
    pub traces: Vec<Trace>,
    /// Points over everything.
    pub markers: Vec<Marker>,
    /// The lower left corner of the window.
    pub low: Point,
    /// The upper right corner of the window.
    pub high: Point,
    /// Axis labels; no axes are drawn if absent.
    pub axes: Option<[String; 2]>,
    /// Longer side of the drawn window.
    pub size: f64,
}

impl Subdivision {
    /// An empty picture of the window between two corners, with axes labelled by coordinates.
    pub fn new(title: &str, low: Point, high: Point) -> Self {
        Subdivision {
            title: title.to_string(),
            description: String::new(),
            polygons: Vec::new(),
            colours: Colours::Distinct,
            edges: 0.6,
            traces: Vec::new(),
            markers: Vec::new(),
            low,
            high,
            axes: Some(["x_{1}".to_string(), "x_{2}".to_string()]),
            size: 420.0,
        }
    }

    /// Draws the picture. Thousands of polygons are written as one path per colour.
    ///
    /// # Errors
    /// [`Error::Input`] if the window is empty or not finite.
    pub fn picture(&self) -> Result<Picture> {
        let (span_x, span_y) = (self.high.0 - self.low.0, self.high.1 - self.low.1);
        let sound = |x: f64| x.is_finite() && x > 0.0;
        if !(sound(span_x) && sound(span_y) && self.low.0.is_finite() && self.low.1.is_finite()) {
            return Err(Error::input(
                format!("picture \"{}\"", self.title),
                "the window is empty or not finite",
                "give a lower left and an upper right corner",
            ));
        }
        let scale = self.size.max(60.0) / span_x.max(span_y);
        let (inner_width, inner_height) = ((span_x * scale).max(40.0), (span_y * scale).max(40.0));
        let (x_axis, y_axis) = (Axis::default(), Axis::default());
        let x_ticks = Ticks::new(&x_axis, (self.low.0, self.high.0), inner_width, 64.0);
        let y_ticks = Ticks::new(&y_axis, (self.low.1, self.high.1), inner_height, 56.0);

        let wide = 1.15 * text::width(&self.title, 13.5) + 28.0;
        let left = if self.axes.is_some() { 42.0 + y_ticks.width() } else { 14.0 };
        let bar = if matches!(self.colours, Colours::Scale(_)) { 78.0 } else { 0.0 };
        let width = (left + inner_width + 16.0 + bar).max(wide);
        let mut top = if self.title.is_empty() { 12.0 } else { 36.0 };
        let (key, key_height) = legend(&self.entries(), (14.0, top - 4.0), width - 28.0);
        top += if key_height > 0.0 { key_height + 6.0 } else { 0.0 };
        let (right, bottom) = (left + inner_width, top + inner_height);
        let height = bottom + if self.axes.is_some() { 46.0 } else { 14.0 };

        let name = if self.title.is_empty() { "Subdivision" } else { &self.title };
        let description = match self.description.as_str() {
            "" => format!("{} polygons in the plane.", self.polygons.len()),
            given => given.to_string(),
        };
        let mut picture = Picture::new(width, height, name, &description);
        if !self.title.is_empty() {
            let title = Element::text((14.0, 23.0), Anchor::Start, 13.5, &self.title);
            picture.body.push(title.with("font-weight", 600.0));
        }
        picture.body.extend(key);
        let canvas = Canvas {
            x: Scale::new((self.low.0, self.high.0), false, (left, right)),
            y: Scale::new((self.low.1, self.high.1), false, (bottom, top)),
            window: Window { low: (left, top), high: (right, bottom) },
        };
        let cut: Vec<Vec<Point>> = self.polygons.iter().map(|p| canvas.polygon(&p.corners)).collect();
        picture.body.extend(self.fills(&cut));
        if self.edges > 0.0 {
            let outlines = cut.iter().fold(Path::default(), |path, corners| path.polygon(corners));
            let outlines = outlines.stroke(self.edges).with("stroke-linejoin", "round");
            picture.body.push(outlines.with("stroke-opacity", 0.75).class("ink"));
        }
        picture.body.extend(self.traces.iter().map(|trace| canvas.trace(trace)));
        picture.body.extend(self.markers.iter().filter_map(|marker| canvas.marker(marker)));
        let frame = Element::rect((left, top), inner_width, inner_height).with("fill", "none");
        picture.body.push(frame.with("stroke", "currentColor").class("line"));
        if let Some(labels) = &self.axes {
            picture.body.push(canvas.axes(labels, &x_ticks, &y_ticks));
        }
        if let Colours::Scale(label) = &self.colours {
            let corner = (right + 18.0, top + 16.0);
            picture.body.push(Element::text((right + 18.0, top + 8.0), Anchor::Start, SIZE, label));
            picture.body.push(super::plot::colour_bar(
                corner,
                inner_height - 16.0,
                self.key_range(),
                &scale_colour(self.key_range()),
            ));
        }
        Ok(picture)
    }

    /// The polygons, one element for every colour.
    fn fills(&self, cut: &[Vec<Point>]) -> Vec<Element> {
        let shades: Vec<usize> = match self.colours {
            Colours::Distinct => colouring::colours(&self.polygons, cut),
            _ => self.polygons.iter().map(|polygon| polygon.key).collect(),
        };
        let mut order: Vec<usize> = (0..cut.len()).filter(|&index| !cut[index].is_empty()).collect();
        order.sort_by_key(|&index| shades[index]);
        let colour = scale_colour(self.key_range());
        order
            .chunk_by(|&a, &b| shades[a] == shades[b])
            .map(|group| {
                let shade = shades[group[0]];
                let path = group.iter().fold(Path::default(), |path, &index| path.polygon(&cut[index]));
                match &self.colours {
                    Colours::Distinct => {
                        let (class, opacity) = colouring::shade(shade);
                        path.fill().with("fill-opacity", opacity).class(class)
                    }
                    Colours::Named(names) => {
                        let element = path.fill().with("fill-opacity", NAMED).class(theme::category(shade));
                        names.get(shade).map_or(element.clone(), |name| element.title(name))
                    }
                    Colours::Scale(label) => {
                        let fill = Path::fill(path).with("color", colour(shade as f64).hex());
                        fill.title(&format!("{label}: {shade}"))
                    }
                }
            })
            .collect()
    }

    fn key_range(&self) -> (f64, f64) {
        let keys = || self.polygons.iter().map(|polygon| polygon.key);
        let (low, high) = (keys().min().unwrap_or(0), keys().max().unwrap_or(0));
        (low as f64, high.max(low + 1) as f64)
    }

    fn entries(&self) -> Vec<(Swatch, String)> {
        let mut entries = Vec::new();
        if let Colours::Named(names) = &self.colours {
            let swatch = |key| Swatch::Box { class: theme::category(key), opacity: NAMED };
            entries.extend(names.iter().enumerate().map(|(key, name)| (swatch(key), name.clone())));
        }
        for trace in self.traces.iter().filter(|trace| !trace.name.is_empty()) {
            let swatch = Swatch::Line { class: trace.class(), dashed: trace.dashed };
            entries.push((swatch, trace.name.clone()));
        }
        entries
    }
}

/// Opacity of polygons in named colours.
const NAMED: f64 = 0.45;

fn scale_colour((low, high): (f64, f64)) -> impl Fn(f64) -> theme::Rgb {
    move |key| theme::sequential(1.0 - (key - low) / (high - low))
}

impl Trace {
    fn class(&self) -> String {
        self.key.map_or("ink".to_string(), theme::category)
    }
}

/// The window on the page.
struct Canvas {
    x: Scale,
    y: Scale,
    window: Window,
}

impl Canvas {
    fn at(&self, (x, y): Point) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    fn polygon(&self, corners: &[Point]) -> Vec<Point> {
        let places: Vec<Point> = corners.iter().map(|&p| self.at(p)).collect();
        let finite = places.iter().all(|p| p.0.is_finite() && p.1.is_finite());
        if finite { self.window.polygon(&places) } else { Vec::new() }
    }

    fn trace(&self, trace: &Trace) -> Element {
        let places: Vec<Point> = trace.points.iter().map(|&p| self.at(p)).collect();
        let pieces = self.window.polyline(&places);
        let path = || pieces.iter().fold(Path::default(), |path, piece| path.polyline(piece));
        let halo = path().stroke(4.2).with("stroke-opacity", 0.65).class("paper");
        let line = path().stroke(1.8).class(trace.class());
        let line = if trace.dashed { line.with("stroke-dasharray", "5 4") } else { line };
        Element::group([halo, line]).title(&trace.name)
    }

    fn marker(&self, marker: &Marker) -> Option<Element> {
        let (x, y) = self.at(marker.at);
        if !self.window.contains((x, y)) {
            return None;
        }
        let dot = Element::new("circle").with("cx", x).with("cy", y).with("r", 3.6);
        let dot = dot.with("fill", "currentColor").class("ink");
        let ring = Element::new("circle").with("cx", x).with("cy", y).with("r", 5.0);
        let mut group = Element::group([ring.with("fill", "currentColor").class("paper"), dot]);
        if !marker.label.is_empty() {
            let end = x + 9.0 + text::width(&marker.label, 11.0) > self.window.high.0;
            let (anchor, at) = if end { (Anchor::End, x - 8.0) } else { (Anchor::Start, x + 8.0) };
            let label = || Element::text((at, y - 6.0), anchor, 11.0, &marker.label);
            let halo = label().with("stroke", "currentColor").with("stroke-width", 3.0);
            group.push(halo.with("stroke-linejoin", "round").class("paper"));
            group.push(label());
        }
        Some(group)
    }

    fn axes(&self, labels: &[String; 2], x_ticks: &Ticks, y_ticks: &Ticks) -> Element {
        let (low, high) = (self.window.low, self.window.high);
        let mut marks = Path::default();
        let mut numbers = Element::group([]).class("soft");
        for (value, label) in &x_ticks.at {
            let x = self.x.at(*value);
            marks = marks.polyline(&[(x, high.1), (x, high.1 + 4.0)]);
            numbers.push(Element::text((x, high.1 + 16.0), Anchor::Middle, SIZE, label));
        }
        for (value, label) in &y_ticks.at {
            let y = self.y.at(*value);
            marks = marks.polyline(&[(low.0 - 4.0, y), (low.0, y)]);
            numbers.push(Element::text((low.0 - 7.0, y + 0.35 * SIZE), Anchor::End, SIZE, label));
        }
        let middle = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
        let turn = format!("rotate(-90 18 {})", text::number(middle.1));
        Element::group([
            marks.stroke(1.0).class("line"),
            numbers,
            Element::text((middle.0, high.1 + 35.0), Anchor::Middle, 11.5, &labels[0]),
            Element::text((18.0, middle.1), Anchor::Middle, 11.5, &labels[1]).with("transform", turn),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square grid of polygons with a key of its own each.
    fn grid(count: usize) -> Subdivision {
        let mut picture = Subdivision::new("grid", (0.0, 0.0), (1.0, 1.0));
        let at = |i: usize| i as f64 / count as f64;
        for cell in 0..count * count {
            let (i, j) = (cell % count, cell / count);
            let corners =
                vec![(at(i), at(j)), (at(i + 1), at(j)), (at(i + 1), at(j + 1)), (at(i), at(j + 1))];
            picture.polygons.push(Polygon { corners, key: cell });
        }
        picture
    }

    #[test]
    fn thousands_of_polygons_stay_small() {
        let svg = grid(60).picture().unwrap().to_string();
        assert!(svg.len() < 220_000, "{} bytes", svg.len());
        assert!(svg.matches("<path").count() < 30);
    }

    #[test]
    fn both_axes_have_the_same_scale() {
        let picture = Subdivision { axes: None, ..Subdivision::new("", (0.0, 0.0), (2.0, 1.0)) };
        let picture = picture.picture().unwrap();
        assert_eq!((picture.width, picture.height), (450.0, 236.0));
    }

    #[test]
    fn odd_input_is_refused_or_left_out() {
        assert!(Subdivision::new("", (0.0, 0.0), (0.0, 1.0)).picture().is_err());
        assert!(Subdivision::new("", (0.0, f64::NAN), (1.0, 1.0)).picture().is_err());
        let mut picture = grid(2);
        picture.polygons[0].corners[0].0 = f64::INFINITY;
        picture.markers.push(Marker { at: (f64::NAN, 0.5), label: "lost".to_string() });
        assert!(!picture.picture().unwrap().to_string().contains("lost"));
    }
}
