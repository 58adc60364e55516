//! Legends: rows of swatches with text, wrapped to a given width.

use super::svg::{Anchor, Element, Path, Point};
use super::text;

/// Font size of legend text.
const SIZE: f64 = 11.0;
/// Height of a legend row.
const ROW: f64 = 17.0;
/// Width of a swatch.
const SWATCH: f64 = 16.0;

/// The sign before a legend text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Swatch {
    /// No sign: a heading.
    None,
    /// A tinted box with an outline of the colour class.
    Box { class: String, opacity: f64 },
    /// A line of the colour class.
    Line { class: String, dashed: bool },
    /// A line of this width.
    Width(f64),
    /// An arrow with two heads.
    BothWays,
    /// A dot of the colour class.
    Dot { class: String },
}

/// A small arrow with two heads on a patch of paper, centred at `(x, y)`.
pub(super) fn both_ways(x: f64, y: f64) -> Element {
    let heads = Path::default().polygon(&[(x - 8.0, y), (x - 3.0, y - 3.0), (x - 3.0, y + 3.0)]).polygon(&[
        (x + 8.0, y),
        (x + 3.0, y + 3.0),
        (x + 3.0, y - 3.0),
    ]);
    let patch = Element::rect((x - 10.0, y - 4.0), 20.0, 8.0);
    Element::group([
        patch.with("fill", "currentColor").class("paper"),
        Element::line((x - 4.0, y), (x + 4.0, y)).with("stroke-width", 1.2),
        heads.fill(),
    ])
}

/// The legend's elements with their left upper corner at `corner`, and its height.
pub(super) fn legend(entries: &[(Swatch, String)], corner: Point, width: f64) -> (Vec<Element>, f64) {
    let mut elements = Vec::new();
    let (mut x, mut y) = corner;
    for (swatch, label) in entries {
        let sign = if *swatch == Swatch::None { 0.0 } else { SWATCH + 5.0 };
        let advance = sign + text::width(label, SIZE) + 14.0;
        if x > corner.0 && x + advance - 14.0 > corner.0 + width {
            (x, y) = (corner.0, y + ROW);
        }
        let middle = y + ROW / 2.0;
        elements.extend(draw(swatch, x, middle));
        elements
            .push(Element::text((x + sign, middle + 0.35 * SIZE), Anchor::Start, SIZE, label).class("soft"));
        x += advance;
    }
    let height = if entries.is_empty() { 0.0 } else { y + ROW - corner.1 };
    (elements, height)
}

fn draw(swatch: &Swatch, x: f64, middle: f64) -> Option<Element> {
    let square = || Element::rect((x + 2.5, middle - 5.5), 11.0, 11.0).with("rx", 2.5);
    match swatch {
        Swatch::None => None,
        Swatch::Box { class, opacity } => Some(
            square()
                .class(class.as_str())
                .with("fill", "currentColor")
                .with("fill-opacity", *opacity)
                .with("stroke", "currentColor"),
        ),
        Swatch::Line { class, dashed } => {
            let line = Path::default().polyline(&[(x, middle), (x + SWATCH, middle)]).stroke(1.8);
            let line = line.class(class.as_str());
            Some(if *dashed { line.with("stroke-dasharray", "4 3") } else { line })
        }
        Swatch::Width(width) => {
            Some(Path::default().polyline(&[(x, middle), (x + SWATCH, middle)]).stroke(*width).class("line"))
        }
        Swatch::BothWays => Some(both_ways(x + SWATCH / 2.0, middle).class("line")),
        Swatch::Dot { class } => {
            let dot = Element::new("circle").with("cx", x + SWATCH / 2.0).with("cy", middle);
            Some(dot.with("r", 3.2).with("fill", "currentColor").class(class.as_str()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_legends_wrap() {
        let entries = vec![(Swatch::None, "a long heading".to_string()); 6];
        assert_eq!(legend(&entries, (0.0, 0.0), 200.0).1, 3.0 * ROW);
        assert_eq!(legend(&entries, (0.0, 0.0), 2000.0).1, ROW);
        assert_eq!(legend(&[], (0.0, 0.0), 200.0).1, 0.0);
    }
}
