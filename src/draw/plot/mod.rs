//! Charts: lines, dots, bars, areas and quantile bands on linear or logarithmic axes, matrices as colours, and
//! several charts in one picture.
//!
//! Legends stand above the data and never cover them. Every mark carries a tooltip.

mod axes;
mod heatmap;
mod marks;
mod panels;
pub(crate) mod scale;

pub use heatmap::Heatmap;
pub(crate) use heatmap::colour_bar;
pub use panels::panels;

use super::clip::Window;
use super::legend::{Swatch, legend};
use super::svg::{Anchor, Element, Picture, Point};
use super::{text, theme};
use crate::error::{Error, Result};

/// An axis.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    /// What is measured, with unit.
    pub label: String,
    /// Logarithmic; values that are not positive are left out.
    pub log: bool,
    /// Ends of the axis; chosen from the data if absent.
    pub range: Option<(f64, f64)>,
    /// Names of the places 0, 1, 2, ... instead of numbers.
    pub names: Vec<String>,
}

impl Axis {
    /// A linear axis with a label.
    pub fn new(label: &str) -> Self {
        Axis { label: label.to_string(), ..Axis::default() }
    }
}

/// One set of marks of the same colour.
#[derive(Debug, Clone)]
pub struct Series {
    /// Name in the legend; not shown if empty.
    pub name: String,
    /// Category of the palette.
    pub key: usize,
    /// The marks.
    pub mark: Mark,
}

/// How a series is drawn.
#[derive(Debug, Clone)]
pub enum Mark {
    /// A line; points that are not finite interrupt it.
    Line(Vec<Point>),
    /// A dashed line.
    Dashed(Vec<Point>),
    /// A line with a dot at every point.
    Dotted(Vec<Point>),
    /// Dots only.
    Dots(Vec<Point>),
    /// Bars at the places 0, 1, 2, ...
    Bars(Vec<f64>),
    /// An area from the areas before it (or from zero) upwards; all areas of a plot share their x values.
    Area(Vec<Point>),
    /// A band between two curves: x, low, high.
    Band(Vec<(f64, f64, f64)>),
}

impl Series {
    /// A series.
    pub fn new(name: &str, key: usize, mark: Mark) -> Self {
        Series { name: name.to_string(), key, mark }
    }

    /// Nested bands between quantile curves, and a line for the middle one if their number is odd.
    ///
    /// `curves[q][i]` is the value of quantile `q` at `x[i]`, quantiles ascending. Curves shorter than `x` end early.
    pub fn quantiles(name: &str, key: usize, x: &[f64], curves: &[Vec<f64>]) -> Vec<Series> {
        let count = curves.len();
        let band = |q: usize| {
            let pairs = curves[q].iter().zip(&curves[count - 1 - q]);
            Mark::Band(x.iter().zip(pairs).map(|(&x, (&low, &high))| (x, low, high)).collect())
        };
        let mut out: Vec<Series> = (0..count / 2).map(|q| Series::new("", key, band(q))).collect();
        if count % 2 == 1 {
            let middle = x.iter().copied().zip(curves[count / 2].iter().copied()).collect();
            out.push(Series::new(name, key, Mark::Line(middle)));
        } else if let Some(first) = out.first_mut() {
            first.name = name.to_string();
        }
        out
    }
}

/// A chart on two axes.
///
/// ```
/// use isotypic::draw::plot::{Axis, Mark, Plot, Series};
/// let mut plot = Plot::new("Energy per layer", Axis::new("layer"), Axis::new("energy"));
/// plot.series.push(Series::new("k = 1", 0, Mark::Dotted(vec![(0.0, 1.0), (1.0, 0.5), (2.0, 0.25)])));
/// let svg = plot.picture()?.to_string();
/// assert!(svg.contains("Energy per layer"));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plot {
    /// Title above the chart; may be empty.
    pub title: String,
    /// One sentence for screen readers.
    pub description: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The data, back to front.
    pub series: Vec<Series>,
    /// Bars of several series on top of each other instead of side by side.
    pub stacked: bool,
    /// Horizontal reference lines: height and name.
    pub rules: Vec<(f64, String)>,
    /// Width of the picture.
    pub width: f64,
    /// Height of the picture.
    pub height: f64,
}

/// Where the data are drawn, and how values become places.
struct Frame {
    x: scale::Scale,
    y: scale::Scale,
    window: Window,
}

impl Frame {
    /// The place of a value in the picture; not finite if the value has no place on the axes.
    fn at(&self, point: Point) -> Point {
        (self.x.at(point.0), self.y.at(point.1))
    }
}

impl Plot {
    /// An empty chart of a common size.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        Plot {
            title: title.to_string(),
            description: String::new(),
            x,
            y,
            series: Vec::new(),
            stacked: false,
            rules: Vec::new(),
            width: 560.0,
            height: 340.0,
        }
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// [`Error::Input`] if an axis range is empty or not finite, or not positive on a logarithmic axis, if the picture
    /// has no room for data, or if stacked marks meet a logarithmic axis; [`Error::Shape`] if areas have different x.
    pub fn picture(&self) -> Result<Picture> {
        self.check()?;
        let stacks = marks::Stacks::new(self)?;
        let (x_range, y_range) = stacks.ranges(self);
        let mut picture = Picture::new(self.width, self.height, self.name(), &self.describe());
        let mut top = 14.0;
        if !self.title.is_empty() {
            let title = Element::text((14.0, 23.0), Anchor::Start, 13.5, &self.title);
            picture.body.push(title.with("font-weight", 600.0));
            top = 36.0;
        }
        let entries = self.entries();
        let (key, height) = legend(&entries, (14.0, top - 4.0), self.width - 28.0);
        picture.body.extend(key);
        top += if height > 0.0 { height + 8.0 } else { 0.0 };

        let y_ticks = scale::Ticks::new(&self.y, y_range, self.height - top - 40.0, 42.0);
        let left = 16.0 + 1.08 * y_ticks.width() + if self.y.label.is_empty() { 0.0 } else { 22.0 };
        let x_ticks = scale::Ticks::new(&self.x, x_range, self.width - left - 16.0, 64.0);
        let slot = (self.width - left - 16.0) / self.x.names.len().max(1) as f64;
        let slanted = !self.x.names.is_empty() && 1.1 * x_ticks.width() + 6.0 > slot;
        let below = if slanted { 14.0 + 0.6 * x_ticks.width() } else { 20.0 };
        let bottom = self.height - 10.0 - below - if self.x.label.is_empty() { 0.0 } else { 18.0 };
        let right = self.width - 16.0;
        if right - left < 20.0 || bottom - top < 20.0 {
            return Err(Error::input(
                format!("plot \"{}\"", self.title),
                format!("no room for data in {} x {}", self.width, self.height),
                "make the picture larger",
            ));
        }
        let frame = Frame {
            x: scale::Scale::new(x_range, self.x.log, (left, right)),
            y: scale::Scale::new(y_range, self.y.log, (bottom, top)),
            window: Window { low: (left, top), high: (right, bottom) },
        };
        picture.body.push(axes::grid(&frame, &x_ticks, &y_ticks));
        picture.body.extend(stacks.draw(self, &frame));
        for (height, _) in &self.rules {
            let y = frame.y.at(*height);
            if y >= top && y <= bottom {
                let rule = Element::line((left, y), (right, y)).with("stroke-dasharray", "2 3");
                picture.body.push(rule.class("ink"));
            }
        }
        picture.body.extend(axes::axes(self, &frame, &x_ticks, &y_ticks, slanted));
        Ok(picture)
    }

    fn name(&self) -> &str {
        if self.title.is_empty() { "Chart" } else { &self.title }
    }

    fn describe(&self) -> String {
        if !self.description.is_empty() {
            return self.description.clone();
        }
        let named = self.series.iter().filter(|series| !series.name.is_empty());
        let names: Vec<&str> = named.map(|series| series.name.as_str()).collect();
        let over = |axis: &Axis, other: &str| {
            if axis.label.is_empty() { other.to_string() } else { axis.label.clone() }
        };
        let what = format!("{} over {}", over(&self.y, "values"), over(&self.x, "places"));
        if names.is_empty() { format!("{what}.") } else { format!("{what}: {}.", names.join(", ")) }
    }

    /// Legend entries; a single unnamed kind of data needs none.
    fn entries(&self) -> Vec<(Swatch, String)> {
        let swatch = |series: &Series| {
            let class = theme::category(series.key);
            match series.mark {
                Mark::Line(_) | Mark::Dotted(_) => Swatch::Line { class, dashed: false },
                Mark::Dashed(_) => Swatch::Line { class, dashed: true },
                Mark::Dots(_) => Swatch::Dot { class },
                Mark::Bars(_) | Mark::Area(_) => Swatch::Box { class, opacity: marks::SOLID },
                Mark::Band(_) => Swatch::Box { class, opacity: marks::BAND },
            }
        };
        let named = self.series.iter().filter(|series| !series.name.is_empty());
        let mut out: Vec<_> = named.map(|series| (swatch(series), series.name.clone())).collect();
        for (_, name) in self.rules.iter().filter(|(_, name)| !name.is_empty()) {
            out.push((Swatch::Line { class: "ink".to_string(), dashed: true }, name.clone()));
        }
        out
    }

    fn check(&self) -> Result<()> {
        let fail = |place: &str, problem: &str, mend: &str| {
            Err(Error::input(format!("plot \"{}\", {place}", self.title), problem, mend))
        };
        for (name, axis) in [("x axis", &self.x), ("y axis", &self.y)] {
            let Some((low, high)) = axis.range else { continue };
            if !low.is_finite() || !high.is_finite() || low >= high {
                return fail(name, "range is empty or not finite", "give a lower and a higher number");
            }
            if axis.log && low <= 0.0 {
                return fail(name, "logarithmic range reaches zero", "start it above zero");
            }
        }
        let stacks = |series: &Series| match series.mark {
            Mark::Area(_) => true,
            Mark::Bars(_) => self.stacked,
            _ => false,
        };
        if self.y.log && self.series.iter().any(stacks) {
            return fail(
                "y axis",
                "stacked marks have no meaning on a logarithmic axis",
                "use a linear axis",
            );
        }
        Ok(())
    }
}

/// A value for tooltips and cells: some digits that count, or an exponent where needed.
fn short(value: f64, digits: i32) -> String {
    let size = value.abs();
    let text = if value == 0.0 {
        "0".to_string()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{value:.1e}")
    } else {
        let decimals = (digits - 1 - size.log10().floor() as i32).clamp(0, 4) as usize;
        let fixed = format!("{value:.decimals$}");
        if fixed.contains('.') {
            fixed.trim_end_matches('0').trim_end_matches('.').to_string()
        } else {
            fixed
        }
    };
    text.replace('-', "−")
}

/// Printed width of the longest label.
fn longest<'a>(labels: impl Iterator<Item = &'a String>, size: f64) -> f64 {
    labels.map(|label| text::width(label, size)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        let mut plot = Plot::new("A & B", Axis::new("layer"), Axis::new("energy"));
        let points: Vec<Point> = (0..5).map(|i| (f64::from(i), 0.5f64.powi(i))).collect();
        plot.series = vec![
            Series::new("one", 0, Mark::Line(points.clone())),
            Series::new("two", 1, Mark::Area(points.clone())),
            Series::new("three", 2, Mark::Area(points)),
        ];
        plot
    }

    #[test]
    fn the_description_names_the_series() {
        assert_eq!(plot().picture().unwrap().description, "energy over layer: one, two, three.");
    }

    #[test]
    fn faulty_requests_are_refused() {
        let mut bad = plot();
        bad.y.log = true;
        assert!(bad.picture().unwrap_err().to_string().contains("stacked marks"));
        bad = plot();
        bad.x.range = Some((1.0, 1.0));
        assert!(bad.picture().is_err());
        bad = plot();
        bad.series[2].mark = Mark::Area(vec![(0.0, 1.0)]);
        assert!(matches!(bad.picture(), Err(Error::Shape { .. })));
        bad = plot();
        bad.height = 50.0;
        assert!(bad.picture().unwrap_err().to_string().contains("no room"));
    }

    #[test]
    fn odd_data_do_not_panic() {
        let odd = [f64::NAN, f64::INFINITY, 0.0, -1.0, 1e300, 1e-300];
        let points: Vec<Point> = odd.iter().flat_map(|&x| odd.iter().map(move |&y| (x, y))).collect();
        for log in [false, true] {
            for mark in [Mark::Line(points.clone()), Mark::Dots(points.clone()), Mark::Bars(odd.to_vec())] {
                let mut plot =
                    Plot::new("", Axis { log, ..Axis::default() }, Axis { log, ..Axis::default() });
                plot.series.push(Series::new("", 0, mark));
                assert!(!plot.picture().unwrap().to_string().contains("NaN"));
            }
        }
        assert!(Plot::new("", Axis::default(), Axis::default()).picture().is_ok());
    }

    #[test]
    fn quantiles_nest() {
        let curves: Vec<Vec<f64>> = (0..5).map(|q| vec![f64::from(q); 3]).collect();
        let series = Series::quantiles("q", 0, &[0.0, 1.0, 2.0], &curves);
        assert_eq!(series.len(), 3);
        assert!(matches!(&series[1].mark, Mark::Band(band) if band[0] == (0.0, 1.0, 3.0)));
        assert!(matches!(&series[2].mark, Mark::Line(line) if line[2] == (2.0, 2.0)));
    }

    #[test]
    fn short_numbers() {
        assert_eq!(
            [0.0, 0.25, -1.5, 123.456, 1e-7].map(|x| short(x, 3)),
            ["0", "0.25", "−1.5", "123", "1.0e−7"]
        );
    }
}
