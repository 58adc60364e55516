//! Grid lines, axis lines, ticks and axis labels.

use super::super::svg::{Anchor, Element, Path};
use super::super::text::number;
use super::scale::{SIZE, Ticks};
use super::{Frame, Plot};

/// Faint lines behind the data: across for numbers, none for names.
pub(super) fn grid(frame: &Frame, x: &Ticks, y: &Ticks) -> Element {
    let (low, high) = (frame.window.low, frame.window.high);
    let mut path = Path::default();
    for (value, _) in &y.at {
        let at = frame.y.at(*value);
        path = path.polyline(&[(low.0, at), (high.0, at)]);
    }
    let mut ticks = Path::default();
    for (value, _) in &x.at {
        let at = frame.x.at(*value);
        ticks = ticks.polyline(&[(at, high.1), (at, high.1 + 4.0)]);
    }
    Element::group([path.stroke(1.0).class("rule"), ticks.stroke(1.0).class("line")])
}

/// The horizontal axis line (at zero if that is in range), tick labels and axis labels.
pub(super) fn axes(plot: &Plot, frame: &Frame, x: &Ticks, y: &Ticks, slanted: bool) -> Vec<Element> {
    let (low, high) = (frame.window.low, frame.window.high);
    let mut out = vec![Element::line((low.0, high.1), (high.0, high.1)).class("line")];
    let ground = frame.y.ground();
    if (ground - high.1).abs() > 0.5 {
        out.push(Element::line((low.0, ground), (high.0, ground)).class("line"));
    }
    let mut labels = Element::group([]).class("soft");
    for (value, label) in &x.at {
        let at = (frame.x.at(*value), high.1 + 16.0);
        labels.push(if slanted {
            let turn = format!("rotate(-35 {} {})", number(at.0), number(at.1));
            Element::text((at.0 + 4.0, at.1 - 2.0), Anchor::End, SIZE, label).with("transform", turn)
        } else {
            Element::text(at, Anchor::Middle, SIZE, label)
        });
    }
    for (value, label) in &y.at {
        let at = (low.0 - 7.0, frame.y.at(*value) + 0.35 * SIZE);
        labels.push(Element::text(at, Anchor::End, SIZE, label));
    }
    out.push(labels);
    if !plot.x.label.is_empty() {
        let at = ((low.0 + high.0) / 2.0, plot.height - 11.0);
        out.push(Element::text(at, Anchor::Middle, 11.5, &plot.x.label));
    }
    if !plot.y.label.is_empty() {
        let (x, y) = (19.0, (low.1 + high.1) / 2.0);
        let turn = format!("rotate(-90 {} {})", number(x), number(y));
        out.push(Element::text((x, y), Anchor::Middle, 11.5, &plot.y.label).with("transform", turn));
    }
    out
}
