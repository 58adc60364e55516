//! From coordinates to SVG.

use super::super::graph::{Graph, Node};
use super::super::legend::{Swatch, both_ways, legend};
use super::super::svg::{Anchor, Element, Picture};
use super::super::{text, theme};
use super::Layout;
use super::place::{LINE, LOOP, NAME, REMARK, Rect};
use super::route::{Curve, head_size, line_width};

/// Draws a finished layout under its title and over its legend.
pub(super) fn paint(graph: &Graph, layout: &Layout) -> Picture {
    let title_height = if graph.title.is_empty() { 0.0 } else { 30.0 };
    let width = layout.width.max(1.15 * text::width(&graph.title, 14.0) + 32.0).max(300.0);
    let (key, legend_height) =
        legend(&entries(graph, layout), (16.0, layout.height + title_height), width - 32.0);
    let height = title_height + layout.height + if key.is_empty() { 0.0 } else { legend_height + 10.0 };
    let name = if graph.title.is_empty() { "Directed graph" } else { &graph.title };
    let description = match graph.description.as_str() {
        "" => format!("{} nodes and {} edges in layers.", graph.nodes.len(), graph.edges.len()),
        given => given.to_string(),
    };
    let mut picture = Picture::new(width, height, name, &description);
    if !graph.title.is_empty() {
        let title = Element::text((16.0, 24.0), Anchor::Start, 14.0, &graph.title);
        picture.body.push(title.with("font-weight", 600.0));
    }
    let mut drawing = Element::group([]);
    layout.blocks.iter().zip(&layout.places).filter(|(block, _)| block.nodes.len() > 1).for_each(
        |(block, rect)| {
            drawing.push(frame(rect, block.mutual));
        },
    );
    for (link, curve) in layout.links.iter().zip(&layout.curves) {
        drawing.push(line(curve, link.dashed, link.kind).title(&link.tooltip));
    }
    for edge in graph.edges.iter().filter(|edge| edge.from == edge.to) {
        let curve = circle(&layout.nodes[edge.from], line_width(edge.weight, layout.heaviest));
        drawing.push(line(&curve, edge.dashed, edge.kind).title(&edge.tooltip));
    }
    for (node, rect) in graph.nodes.iter().zip(&layout.nodes) {
        drawing.push(paint_node(node, rect).title(&node.tooltip));
    }
    picture.body.push(drawing.moved((width - layout.width) / 2.0, title_height));
    picture.body.extend(key);
    picture
}

fn paint_node(node: &Node, rect: &Rect) -> Element {
    let outline = || {
        let corner = (rect.left(), rect.top());
        Element::rect(corner, rect.width, rect.height).with("rx", 7.0)
    };
    let mut group = Element::group([
        outline().with("fill", "currentColor").class("paper"),
        outline()
            .with("fill", "currentColor")
            .with("fill-opacity", theme::tint(node.key))
            .with("stroke", "currentColor")
            .with("stroke-width", 1.3)
            .class(theme::category(node.key)),
    ]);
    let lines = node.label.len().max(1) as f64;
    let first = rect.y - (lines - 1.0) * LINE / 2.0 + 0.35 * NAME;
    for (index, label) in node.label.iter().enumerate() {
        let at = (rect.x, first + index as f64 * LINE);
        group.push(if index == 0 {
            Element::text(at, Anchor::Middle, NAME, label).with("font-weight", 600.0)
        } else {
            Element::text(at, Anchor::Middle, REMARK, label).class("soft")
        });
    }
    group
}

/// A line with its arrow heads.
fn line(curve: &Curve, dashed: bool, kind: Option<usize>) -> Element {
    let mut path = curve.path().stroke(curve.line_width);
    if dashed {
        path = path.with("stroke-dasharray", "4 3");
    }
    let class = kind.map_or("line".to_string(), theme::category);
    Element::group([path, curve.head_path().fill()]).class(class)
}

/// A loop at the right side of a node.
fn circle(rect: &Rect, line_width: f64) -> Curve {
    let (x, y) = (rect.right(), rect.y);
    let reach = (LOOP - 1.0) * 4.0 / 3.0;
    let (dx, dy) = (-0.94, -0.342);
    let back = 0.8 * head_size(line_width).0;
    let end = (x - back * dx, y + 5.0 - back * dy);
    let points = vec![(x, y - 5.0), (x + reach, y - 15.0), (x + reach, y + 15.0), end];
    Curve { points, heads: vec![((x, y + 5.0), (dx, dy))], line_width }
}

/// A frame around nodes that share their edges; nodes that lead to each other get a sign in the corner.
fn frame(rect: &Rect, mutual: bool) -> Element {
    let outline = Element::rect((rect.left(), rect.top()), rect.width, rect.height).with("rx", 12.0);
    let outline = outline
        .with("fill", "currentColor")
        .with("fill-opacity", 0.06)
        .with("stroke", "currentColor")
        .with("stroke-opacity", 0.7);
    let mut group = Element::group([outline]).class("line");
    if mutual {
        group.push(both_ways(rect.right() - 15.0, rect.top()));
    }
    group
}

/// The legend's entries: what is given, and the frames if there are any.
fn entries(graph: &Graph, layout: &Layout) -> Vec<(Swatch, String)> {
    let mut entries = Vec::new();
    if !graph.keys.is_empty() && !graph.key_title.is_empty() {
        entries.push((Swatch::None, graph.key_title.clone()));
    }
    for (key, label) in graph.keys.iter().enumerate() {
        entries.push((Swatch::Box { class: theme::category(key), opacity: theme::tint(key) }, label.clone()));
    }
    for (kind, label) in graph.kinds.iter().enumerate() {
        entries.push((Swatch::Line { class: theme::category(kind), dashed: false }, label.clone()));
    }
    for (dashed, label) in [(false, &graph.solid), (true, &graph.dashed)] {
        if !label.is_empty() {
            entries.push((Swatch::Line { class: "line".to_string(), dashed }, label.clone()));
        }
    }
    if !graph.widths.is_empty() && layout.heaviest > 0.0 {
        entries.push((Swatch::None, graph.widths.clone()));
        for share in [1.0, 0.5, 0.1] {
            let weight = share * layout.heaviest;
            let width = line_width(Some(weight), layout.heaviest);
            entries.push((Swatch::Width(width), text::number(weight)));
        }
    }
    let framed = || layout.blocks.iter().filter(|block| block.nodes.len() > 1);
    if framed().next().is_some() {
        let sign = Swatch::Box { class: "line".to_string(), opacity: 0.06 };
        entries.push((sign, "frame: edges hold for each node inside".to_string()));
    }
    if framed().any(|block| block.mutual) {
        entries.push((Swatch::BothWays, "nodes inside lead to each other".to_string()));
    }
    entries
}
