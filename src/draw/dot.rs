//! The text of a [`Graph`] in the DOT language of Graphviz, for those who want to lay it out elsewhere.

use std::fmt::Write;

use super::graph::Graph;
use super::{text, theme};
use crate::error::Result;

/// The graph as DOT text.
///
/// # Errors
/// As [`Graph::check`].
///
/// ```
/// use isotypic::draw::{Edge, Graph, Node, dot};
/// let node = |name: &str| Node { label: vec![name.to_string()], ..Node::default() };
/// let graph = Graph {
///     nodes: vec![node("a"), node("b")],
///     edges: vec![Edge { from: 0, to: 1, dashed: true, ..Edge::default() }],
///     ..Graph::default()
/// };
/// assert!(dot::text(&graph)?.contains("n0 -> n1 [style=dashed];"));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn text(graph: &Graph) -> Result<String> {
    graph.check()?;
    let mut out = String::from("digraph {\n");
    if !graph.title.is_empty() {
        out += &format!("  label={}; labelloc=t;\n", quote(&graph.title));
    }
    out += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];\n";
    out += "  edge [color=\"#6f7883\", arrowsize=0.7];\n";
    for (index, node) in graph.nodes.iter().enumerate() {
        let label = quote(&node.label.join("\n"));
        let colour = theme::category_light(node.key);
        let _ = writeln!(out, "  n{index} [label={label}, color=\"{colour}\", fillcolor=\"{colour}2a\"];");
    }
    let heaviest = graph.edges.iter().filter_map(|edge| edge.weight).fold(0.0, f64::max);
    for edge in &graph.edges {
        let mut attributes = Vec::new();
        if edge.dashed {
            attributes.push("style=dashed".to_string());
        }
        if let Some(weight) = edge.weight {
            let share = if heaviest > 0.0 { weight / heaviest } else { 0.0 };
            attributes.push(format!("penwidth={}", text::number(0.6 + 3.4 * share)));
        }
        if let Some(kind) = edge.kind {
            attributes.push(format!("color=\"{}\"", theme::category_light(kind)));
        }
        let list =
            if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        let _ = writeln!(out, "  n{} -> n{}{list};", edge.from, edge.to);
    }
    Ok(out + "}\n")
}

/// A DOT string: quotes and backslashes escaped, line ends as `\n`.
fn quote(label: &str) -> String {
    let plain = text::plain(label).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{plain}\"")
}

#[cfg(test)]
mod tests {
    use super::super::graph::example;
    use super::*;

    #[test]
    fn one_line_for_every_node_and_edge() {
        let graph = example();
        let dot = text(&graph).unwrap();
        assert_eq!(dot.matches(" -> ").count(), graph.edges.len());
        assert_eq!(dot.matches("fillcolor").count(), graph.nodes.len());
        assert!(dot.contains("label=\"Interaction graph of C_8\""));
    }

    #[test]
    fn labels_cannot_leave_their_quotes() {
        assert_eq!(quote("a\"b\\\nc"), "\"a\\\"b\\\\\\nc\"");
    }
}
