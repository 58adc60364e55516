//! What is drawn: single nodes or framed groups of nodes, and the links between them.

use std::collections::BTreeMap;

use super::super::graph::{Edge, Graph};
use super::Show;

/// A node, or a frame around several.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// The nodes inside, in the order of the graph.
    pub nodes: Vec<usize>,
    /// Whether the nodes inside lead to each other.
    pub mutual: bool,
    /// The layer, from the top.
    pub layer: usize,
}

/// A line between two blocks.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// The block where the line starts: the upper one, once layers are known.
    pub from: usize,
    /// The block where the line ends.
    pub to: usize,
    /// Arrow heads at the start and at the end.
    pub heads: [bool; 2],
    /// Total weight of the edges drawn by this line.
    pub weight: Option<f64>,
    /// Dashed instead of solid.
    pub dashed: bool,
    /// Colour key.
    pub kind: Option<usize>,
    /// Tooltip.
    pub tooltip: String,
}

impl Link {
    fn new(from: usize, to: usize, edge: &Edge) -> Self {
        let Edge { weight, dashed, kind, .. } = *edge;
        Link { from, to, heads: [false, true], weight, dashed, kind, tooltip: edge.tooltip.clone() }
    }

    /// Takes up another edge drawn by the same line.
    fn absorb(&mut self, edge: &Edge) {
        if let Some(weight) = edge.weight {
            self.weight = Some(self.weight.unwrap_or(0.0) + weight);
        }
        self.dashed &= edge.dashed;
        if !edge.tooltip.is_empty() {
            self.tooltip = [self.tooltip.as_str(), edge.tooltip.as_str()].join("\n").trim().to_string();
        }
    }
}

/// The blocks and links of a graph; layers are still zero.
pub(super) fn blocks(graph: &Graph, show: Show) -> (Vec<Block>, Vec<Link>) {
    match show {
        Show::All => (single(graph), pairs(graph)),
        Show::Bundled => bundled(graph),
    }
}

fn single(graph: &Graph) -> Vec<Block> {
    (0..graph.nodes.len()).map(|node| Block { nodes: vec![node], mutual: false, layer: 0 }).collect()
}

/// One link for every pair of nodes and every look.
fn pairs(graph: &Graph) -> Vec<Link> {
    let mut links: BTreeMap<(usize, usize, bool, Option<usize>), Link> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| edge.from != edge.to) {
        let (low, high) = (edge.from.min(edge.to), edge.from.max(edge.to));
        let head = usize::from(edge.from == low);
        match links.entry((low, high, edge.dashed, edge.kind)) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(Link { heads: [head == 0, head == 1], ..Link::new(low, high, edge) });
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                place.get_mut().absorb(edge);
                place.get_mut().heads[head] = true;
            }
        }
    }
    links.into_values().collect()
}

/// Groups of interchangeable nodes, and the covering relation between them.
fn bundled(graph: &Graph) -> (Vec<Block>, Vec<Link>) {
    let count = graph.nodes.len();
    let reach = graph.reach();
    let same = |a: usize, b: usize| {
        let alike = graph.nodes[a].key == graph.nodes[b].key
            && graph.nodes[a].layer == graph.nodes[b].layer
            && reach[a] == reach[b]
            && (0..count).all(|c| reach[c][a] == reach[c][b]);
        alike || (reach[a][b] && reach[b][a])
    };
    let mut blocks: Vec<Block> = Vec::new();
    let mut block_of = vec![0; count];
    for node in 0..count {
        let found = blocks.iter().position(|block| same(block.nodes[0], node));
        block_of[node] = found.unwrap_or(blocks.len());
        match found {
            Some(index) => blocks[index].nodes.push(node),
            None => blocks.push(Block { nodes: vec![node], mutual: reach[node][node], layer: 0 }),
        }
    }
    let covers = |a: usize, b: usize| {
        let path = |c: usize, d: usize| reach[blocks[c].nodes[0]][blocks[d].nodes[0]];
        a != b && path(a, b) && !(0..blocks.len()).any(|c| c != a && c != b && path(a, c) && path(c, b))
    };
    let mut links: BTreeMap<(usize, usize), Link> = BTreeMap::new();
    for edge in &graph.edges {
        let (from, to) = (block_of[edge.from], block_of[edge.to]);
        match links.get_mut(&(from, to)) {
            Some(link) => link.absorb(edge),
            None if covers(from, to) => {
                links.insert((from, to), Link::new(from, to, edge));
            }
            None => {}
        }
    }
    (blocks, links.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::graph::{Node, example};
    use super::*;

    fn edge(from: usize, to: usize) -> Edge {
        Edge { from, to, weight: Some(1.0), ..Edge::default() }
    }

    #[test]
    fn opposite_edges_share_a_line() {
        let edges = vec![edge(1, 0), edge(0, 1), edge(2, 1), edge(2, 2)];
        let graph = Graph { nodes: vec![Node::default(); 3], edges, ..Graph::default() };
        let links = pairs(&graph);
        assert_eq!(links.iter().map(|l| l.heads).collect::<Vec<_>>(), [[true, true], [true, false]]);
        assert_eq!(links[0].weight, Some(2.0));
    }

    #[test]
    fn alike_nodes_are_framed_and_shortcuts_left_out() {
        let (blocks, links) = bundled(&example());
        let nodes: Vec<_> = blocks.iter().map(|b| b.nodes.clone()).collect();
        assert_eq!(nodes, [vec![0], vec![1, 3], vec![2], vec![4]]);
        let ends: Vec<_> = links.iter().map(|l| (l.from, l.to)).collect();
        assert_eq!(ends, [(1, 2), (2, 3), (3, 0)]);
    }
}
