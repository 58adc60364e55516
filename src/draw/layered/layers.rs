//! Layers by longest paths.

use super::super::graph::Graph;
use super::blocks::{Block, Link};
use super::{Cycles, Options, Show};

/// Gives every block its layer: as low as the longest path below it allows, or where its node is forced to stand.
pub(super) fn assign(graph: &Graph, blocks: &mut [Block], links: &[Link], options: &Options) {
    let (units, above) = constraints(graph, blocks, links, options);
    let count = units.iter().max().map_or(0, |&last| last + 1);
    let mut height = vec![0; count];
    // The constraints have no cycle, so `count` rounds suffice.
    for _ in 0..count {
        for &(upper, lower) in &above {
            height[upper] = height[upper].max(height[lower] + 1);
        }
    }
    let top = height.iter().max().copied().unwrap_or(0);
    let mut layer: Vec<usize> = height.iter().map(|h| top - h).collect();
    let mut forced = vec![None; count];
    for (block, &unit) in blocks.iter().zip(&units) {
        forced[unit] = forced[unit].or(graph.nodes[block.nodes[0]].layer);
    }
    if forced.iter().any(Option::is_some) {
        for unit in 0..count {
            layer[unit] = forced[unit].unwrap_or(layer[unit]);
        }
        for _ in 0..count {
            for &(upper, lower) in &above {
                if forced[lower].is_none() {
                    layer[lower] = layer[lower].max(layer[upper] + 1);
                }
            }
        }
    }
    for (block, &unit) in blocks.iter_mut().zip(&units) {
        block.layer = graph.nodes[block.nodes[0]].layer.unwrap_or(layer[unit]);
    }
    let mut used: Vec<usize> = blocks.iter().map(|block| block.layer).collect();
    used.sort_unstable();
    used.dedup();
    for block in blocks {
        block.layer = used.partition_point(|&layer| layer < block.layer);
    }
}

/// Which blocks share a layer (their unit), and which unit stands above which.
fn constraints(
    graph: &Graph,
    blocks: &[Block],
    links: &[Link],
    options: &Options,
) -> (Vec<usize>, Vec<(usize, usize)>) {
    if options.show == Show::Bundled {
        return ((0..blocks.len()).collect(), links.iter().map(|link| (link.from, link.to)).collect());
    }
    let reach = graph.reach();
    let count = blocks.len();
    let mutual = |a: usize, b: usize| a == b || (reach[a][b] && reach[b][a]);
    let together = |a: usize, b: usize| {
        mutual(a, b) && (options.cycles == Cycles::SameLayer || graph.nodes[a].rank == graph.nodes[b].rank)
    };
    let first: Vec<usize> = (0..count).map(|b| (0..=b).find(|&a| together(a, b)).unwrap_or(b)).collect();
    let leaders: Vec<usize> = (0..count).filter(|&b| first[b] == b).collect();
    let units: Vec<usize> = first.iter().map(|f| leaders.partition_point(|l| l < f)).collect();
    let mut above = Vec::new();
    for a in 0..count {
        for b in 0..count {
            let ranked = mutual(a, b) && graph.nodes[a].rank < graph.nodes[b].rank;
            if units[a] != units[b] && reach[a][b] && (ranked || !mutual(a, b)) {
                above.push((units[a], units[b]));
            }
        }
    }
    above.sort_unstable();
    above.dedup();
    (units, above)
}

/// Turns every link so that it starts at the upper of its two blocks.
pub(super) fn downward(blocks: &[Block], links: Vec<Link>) -> Vec<Link> {
    let turn = |link: Link| {
        if blocks[link.from].layer <= blocks[link.to].layer {
            return link;
        }
        let [start, end] = link.heads;
        Link { from: link.to, to: link.from, heads: [end, start], ..link }
    };
    links.into_iter().map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::graph::{Edge, Node};
    use super::super::blocks;
    use super::*;

    /// Layers of a graph on 4 nodes: a cycle 0 -> 1 -> 2 -> 0 that leads to 3.
    fn layers(options: Options, forced: Option<usize>) -> Vec<usize> {
        let ends = [(0, 1), (1, 2), (2, 0), (2, 3)];
        let node = |rank| Node { rank, layer: forced.filter(|_| rank == 3), ..Node::default() };
        let graph = Graph {
            nodes: (0..4).map(node).collect(),
            edges: ends.map(|(from, to)| Edge { from, to, ..Edge::default() }).to_vec(),
            ..Graph::default()
        };
        let (mut found, links) = blocks::blocks(&graph, options.show);
        assign(&graph, &mut found, &links, &options);
        found.iter().map(|block| block.layer).collect()
    }

    #[test]
    fn cycles_share_a_layer_or_follow_their_rank() {
        assert_eq!(layers(Options::default(), None), [0, 0, 0, 1]);
        assert_eq!(layers(Options { cycles: Cycles::ByRank, ..Options::default() }, None), [0, 1, 2, 3]);
        assert_eq!(layers(Options { show: Show::Bundled, ..Options::default() }, None), [0, 1]);
    }

    #[test]
    fn forced_layers_win_and_empty_layers_vanish() {
        assert_eq!(layers(Options::default(), Some(0)), [0, 0, 0, 0]);
        assert_eq!(layers(Options::default(), Some(9)), [0, 0, 0, 1]);
    }
}
