//! A digraph with labels, as data for [`layered`](super::layered) and [`dot`](super::dot).

use crate::error::{Error, Result};

/// The largest number of nodes that is drawn; beyond it no picture is readable.
pub const MAX_NODES: usize = 1000;

/// A node.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Lines of text: the name, then smaller remarks.
    pub label: Vec<String>,
    /// Colour key, an index into [`Graph::keys`].
    pub key: usize,
    /// Layer to stand on, counted from the top; chosen from the edges if absent.
    pub layer: Option<usize>,
    /// Order among the nodes of its cycle, small on top (used by [`Cycles::ByRank`](super::layered::Cycles)).
    pub rank: i64,
    /// Text shown when the pointer rests on the node.
    pub tooltip: String,
}

/// An edge; a loop if both ends are the same node.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    /// Index of the source node.
    pub from: usize,
    /// Index of the target node.
    pub to: usize,
    /// Drawn as line width, relative to the heaviest edge; all edges without a weight are thin.
    pub weight: Option<f64>,
    /// Dashed instead of solid.
    pub dashed: bool,
    /// Colour key, an index into [`Graph::kinds`]; grey if absent.
    pub kind: Option<usize>,
    /// Text shown when the pointer rests on the edge.
    pub tooltip: String,
}

/// A digraph with its legend.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Title above the picture; may be empty.
    pub title: String,
    /// One sentence for screen readers.
    pub description: String,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges.
    pub edges: Vec<Edge>,
    /// What the node colours mean, such as "kernel order"; may be empty.
    pub key_title: String,
    /// Legend text of each node colour key.
    pub keys: Vec<String>,
    /// Legend text of each edge colour key.
    pub kinds: Vec<String>,
    /// Legend text of solid edges; not shown if empty.
    pub solid: String,
    /// Legend text of dashed edges; not shown if empty.
    pub dashed: String,
    /// What the widths of lines mean, shown with samples where edges have weights; not shown if empty.
    pub widths: String,
}

impl Graph {
    /// Checks that every index is in range and every weight is a finite number that is not negative.
    ///
    /// # Errors
    /// [`Error::Input`] names the first edge or node at fault; [`Error::TooLarge`] beyond [`MAX_NODES`] nodes.
    pub fn check(&self) -> Result<()> {
        let count = self.nodes.len();
        if count > MAX_NODES {
            return Err(Error::too_large("graph picture", count, MAX_NODES, "draw a part of the graph"));
        }
        let input = |place: String, problem: String| {
            Err(Error::input(place, problem, "give every edge two existing nodes and sound attributes"))
        };
        for (index, node) in self.nodes.iter().enumerate() {
            if node.layer.is_some_and(|layer| layer >= MAX_NODES) {
                return input(format!("graph node {index}"), format!("layer is not below {MAX_NODES}"));
            }
        }
        for (index, edge) in self.edges.iter().enumerate() {
            let place = format!("graph edge {index}");
            if edge.from >= count || edge.to >= count {
                return input(place, format!("{} -> {} in a graph of {count} nodes", edge.from, edge.to));
            }
            if edge.weight.is_some_and(|weight| !weight.is_finite() || weight < 0.0) {
                return input(place, "weight is not a finite number of at least zero".to_string());
            }
        }
        Ok(())
    }

    /// For every node the nodes that a path of at least one edge leads to, loops left out: `reach[i][j]`.
    ///
    /// `reach[i][i]` holds exactly for nodes on a cycle of at least two nodes. O(nodes * edges).
    pub(crate) fn reach(&self) -> Vec<Vec<bool>> {
        let count = self.nodes.len();
        let mut next = vec![Vec::new(); count];
        for edge in self.edges.iter().filter(|edge| edge.from != edge.to) {
            next[edge.from].push(edge.to);
        }
        let from = |start: usize| {
            let mut seen = vec![false; count];
            let mut stack: Vec<usize> = next[start].clone();
            while let Some(node) = stack.pop() {
                if !std::mem::replace(&mut seen[node], true) {
                    stack.extend(&next[node]);
                }
            }
            seen
        };
        (0..count).map(from).collect()
    }
}

/// The C_8 example used by several tests: frequencies 0..=4 and where a rectifier sends their energy.
#[cfg(test)]
pub(crate) fn example() -> Graph {
    let rows = [[1, 0, 0, 0, 0], [1, 1, 1, 0, 1], [1, 0, 1, 0, 1], [1, 0, 1, 1, 1], [1, 0, 0, 0, 1]];
    let node = |k: usize| Node {
        label: vec![k.to_string(), "dim 2".to_string(), "type C".to_string()],
        key: [3, 0, 1, 0, 2][k],
        ..Node::default()
    };
    let edges = (0..25).filter(|i| rows[i / 5][i % 5] == 1);
    Graph {
        title: "Interaction graph of C_{8}".to_string(),
        nodes: (0..5).map(node).collect(),
        edges: edges.map(|i| Edge { from: i / 5, to: i % 5, ..Edge::default() }).collect(),
        key_title: "kernel order".to_string(),
        keys: ["1", "2", "4", "8"].map(String::from).to_vec(),
        ..Graph::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faulty_edges_are_named() {
        let mut graph = example();
        graph.edges[3].to = 5;
        assert!(graph.check().unwrap_err().to_string().starts_with("graph edge 3: 1 -> 5"));
        graph.edges[3].to = 1;
        graph.edges[3].weight = Some(f64::NAN);
        assert!(graph.check().is_err());
    }

    #[test]
    fn reach_follows_paths_but_not_loops() {
        let reach = example().reach();
        assert!(reach[1][0] && reach[3][4] && !reach[1][3] && !reach[0][0]);
    }
}
