//! A small SVG writer: elements, path data, and the picture that holds them.

use std::fmt;

use super::text::{self, Shift, escape, number};
use super::theme;

/// A point in picture units (pixels at 100 %), x to the right and y down.
pub type Point = (f64, f64);

/// An attribute value; numbers are printed by [`text::number`].
#[derive(Debug, Clone)]
pub struct Value(String);

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Value(number(x))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value(text)
    }
}

/// An SVG element with its attributes and content.
///
/// ```
/// use isotypic::draw::svg::Element;
/// let dot = Element::new("circle").with("r", 2.5).title("a < b");
/// assert_eq!(dot.to_string(), "<circle r=\"2.5\"><title>a &lt; b</title></circle>");
/// ```
#[derive(Debug, Clone)]
pub struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Vec<Content>,
}

#[derive(Debug, Clone)]
enum Content {
    Element(Element),
    Text(String),
}

/// Which point of a text its coordinates name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

impl Element {
    /// An empty element.
    pub fn new(name: &'static str) -> Self {
        Element { name, attributes: Vec::new(), content: Vec::new() }
    }

    /// A group of elements.
    pub fn group(children: impl IntoIterator<Item = Element>) -> Self {
        let content = children.into_iter().map(Content::Element).collect();
        Element { name: "g", attributes: Vec::new(), content }
    }

    /// A straight line, stroked in the current colour.
    pub fn line(from: Point, to: Point) -> Self {
        let line = Element::new("line").with("x1", from.0).with("y1", from.1);
        line.with("x2", to.0).with("y2", to.1).with("stroke", "currentColor")
    }

    /// A rectangle from its left upper corner.
    pub fn rect(corner: Point, width: f64, height: f64) -> Self {
        let rect = Element::new("rect").with("x", corner.0).with("y", corner.1);
        rect.with("width", width.max(0.0)).with("height", height.max(0.0))
    }

    /// A line of text, filled in the current colour; `_{...}` lowers and `^{...}` raises a part.
    pub fn text(at: Point, anchor: Anchor, size: f64, label: &str) -> Self {
        let mut element = Element::new("text").with("x", at.0).with("y", at.1).with("font-size", size);
        element = match anchor {
            Anchor::Start => element,
            Anchor::Middle => element.with("text-anchor", "middle"),
            Anchor::End => element.with("text-anchor", "end"),
        };
        element = element.with("fill", "currentColor");
        let mut height = 0.0;
        for (shift, run) in text::runs(label) {
            let target = match shift {
                Shift::Base => 0.0,
                Shift::Up => -0.38 * size,
                Shift::Down => 0.2 * size,
            };
            if target == height && shift == Shift::Base {
                element.content.push(Content::Text(run.to_string()));
                continue;
            }
            let mut span = Element::new("tspan").with("dy", target - height);
            if shift != Shift::Base {
                span = span.with("font-size", size * text::SMALL);
            }
            // Some readers drop a space at the start of a span, but never a no-break space.
            let spaces = run.len() - run.trim_start_matches(' ').len();
            span.content.push(Content::Text("\u{a0}".repeat(spaces) + &run[spaces..]));
            element.content.push(Content::Element(span));
            height = target;
        }
        element
    }

    /// Adds an attribute.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((name, value.into().0));
        self
    }

    /// Adds the class attribute.
    pub fn class(self, class: impl Into<Value>) -> Self {
        self.with("class", class)
    }

    /// Adds a child element.
    pub fn push(&mut self, child: Element) {
        self.content.push(Content::Element(child));
    }

    /// Adds a tooltip.
    pub fn title(mut self, tooltip: &str) -> Self {
        if !tooltip.is_empty() {
            let mut title = Element::new("title");
            title.content.push(Content::Text(text::plain(tooltip)));
            self.content.insert(0, Content::Element(title));
        }
        self
    }

    /// The element moved by `(x, y)`.
    pub fn moved(self, x: f64, y: f64) -> Self {
        Element::group([self]).with("transform", format!("translate({} {})", number(x), number(y)))
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{}\"", escape(value))?;
        }
        if self.content.is_empty() {
            return write!(f, "/>");
        }
        write!(f, ">")?;
        for part in &self.content {
            match part {
                Content::Element(child) => write!(f, "{child}")?,
                Content::Text(text) => write!(f, "{}", escape(text))?,
            }
        }
        write!(f, "</{}>", self.name)
    }
}

/// The `d` attribute of a path, written as short as plain commands allow.
///
/// ```
/// use isotypic::draw::svg::Path;
/// let triangle = Path::default().polygon(&[(0.0, 0.0), (4.0, 0.0), (0.0, 3.0)]);
/// assert_eq!(triangle.data(), "M0 0H4L0 3Z");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Path {
    data: String,
    at: (String, String),
}

impl Path {
    /// Starts a new piece.
    pub fn move_to(mut self, to: Point) -> Self {
        self.at = (number(to.0), number(to.1));
        self.data += &format!("M{} {}", self.at.0, self.at.1);
        self
    }

    /// A straight line; nothing is written when it has no printed length.
    pub fn line_to(mut self, to: Point) -> Self {
        let to = (number(to.0), number(to.1));
        if to.0 != self.at.0 && to.1 != self.at.1 {
            self.data += &format!("L{} {}", to.0, to.1);
        } else if to.0 != self.at.0 {
            self.data += &format!("H{}", to.0);
        } else if to.1 != self.at.1 {
            self.data += &format!("V{}", to.1);
        }
        self.at = to;
        self
    }

    /// A cubic Bézier curve.
    pub fn cubic_to(mut self, first: Point, second: Point, to: Point) -> Self {
        let pair = |(x, y): Point| format!("{} {}", number(x), number(y));
        self.data += &format!("C{} {} {}", pair(first), pair(second), pair(to));
        self.at = (number(to.0), number(to.1));
        self
    }

    /// Closes the piece.
    pub fn close(mut self) -> Self {
        self.data.push('Z');
        self
    }

    /// An open line through `points`.
    pub fn polyline(self, points: &[Point]) -> Self {
        let Some((&first, rest)) = points.split_first() else { return self };
        rest.iter().fold(self.move_to(first), |path, &point| path.line_to(point))
    }

    /// A closed polygon.
    pub fn polygon(self, points: &[Point]) -> Self {
        if points.is_empty() { self } else { self.polyline(points).close() }
    }

    /// The text written so far.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// A path element outlined in the current colour.
    pub fn stroke(self, width: f64) -> Element {
        let element = Element::new("path").with("d", self.data).with("fill", "none");
        element.with("stroke", "currentColor").with("stroke-width", width)
    }

    /// A path element filled in the current colour.
    pub fn fill(self) -> Element {
        Element::new("path").with("d", self.data).with("fill", "currentColor")
    }
}

/// A finished picture; its [`Display`](fmt::Display) text is a complete SVG file, which may also stand inside HTML.
///
/// ```
/// use isotypic::draw::svg::{Element, Picture};
/// let mut picture = Picture::new(40.0, 20.0, "A dot", "One dot in the middle.");
/// picture.body.push(Element::new("circle").with("cx", 20.0).with("cy", 10.0).with("r", 3.0).class("k0"));
/// let file = picture.to_string();
/// assert!(file.starts_with("<svg xmlns=") && file.contains("role=\"img\""));
/// ```
#[derive(Debug, Clone)]
pub struct Picture {
    /// Width in pixels at 100 %.
    pub width: f64,
    /// Height in pixels at 100 %.
    pub height: f64,
    /// Short name for screen readers.
    pub title: String,
    /// One sentence on what the picture shows, for screen readers.
    pub description: String,
    /// What is drawn, back to front.
    pub body: Vec<Element>,
}

impl Picture {
    /// An empty picture.
    pub fn new(width: f64, height: f64, title: &str, description: &str) -> Self {
        let (title, description) = (text::plain(title), text::plain(description));
        Picture { width, height, title, description, body: Vec::new() }
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = (number(self.width.ceil()), number(self.height.ceil()));
        write!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig\" role=\"img\" aria-label=\"{title}\" \
             width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
             <title>{title}</title><desc>{description}</desc>\n<style>{style}</style>\n",
            title = escape(&self.title),
            description = escape(&self.description),
            style = theme::style(),
        )?;
        let paper = Element::rect((0.0, 0.0), self.width.ceil(), self.height.ceil());
        writeln!(f, "{}", paper.class("paper").with("fill", "currentColor"))?;
        writeln!(f, "<g class=\"ink\">")?;
        for element in &self.body {
            writeln!(f, "{element}")?;
        }
        write!(f, "</g>\n</svg>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raised_text_returns_to_the_line() {
        let label = Element::text((0.0, 0.0), Anchor::Start, 10.0, "10^{3}x").to_string();
        assert!(
            label.contains(">10<tspan dy=\"-3.8\" font-size=\"7.4\">3</tspan><tspan dy=\"3.8\">x</tspan>")
        );
    }

    #[test]
    fn text_from_outside_is_escaped_everywhere() {
        let mut picture = Picture::new(9.0, 9.0, "<t>", "\"d\"");
        picture.body.push(Element::text((0.0, 0.0), Anchor::End, 9.0, "<i>").title("<j>"));
        let svg = picture.to_string();
        assert!(!svg.contains("<t>") && !svg.contains("<i>") && !svg.contains("<j>"));
        assert!(svg.contains("&lt;i&gt;") && svg.contains("<desc>&quot;d&quot;</desc>"));
    }

    #[test]
    fn every_colour_class_is_defined() {
        let style = theme::style();
        for class in ["paper", "ink", "soft", "line", "rule", "k0", "k7"] {
            assert_eq!(style.matches(&format!(".{class}{{")).count(), 2, "{class} in light and dark");
        }
        assert!(!style.contains(['<', '&']), "the style sheet must survive both XML and HTML parsers");
    }
}
