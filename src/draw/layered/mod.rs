//! Layered drawing of digraphs: edges run down the page.
//!
//! The method is that of Sugiyama, Tagawa and Toda (1981): put nodes into layers by longest paths, cut long edges
//! by invisible vertices, reorder the layers by barycentres until few edges cross, choose coordinates by weighted
//! averaging under minimum distances (an isotonic regression per layer), and draw smooth curves that leave a layer
//! only between its nodes, so that no edge can touch a node that is not its end.
//!
//! | file | step |
//! |---|---|
//! | `blocks` | what is drawn: nodes or framed groups, and the links between them |
//! | `layers` | the layer of every block |
//! | `order` | the order within layers |
//! | `place` | coordinates |
//! | `route` | curves |
//! | `paint` | SVG |

mod blocks;
mod layers;
mod order;
mod paint;
mod place;
mod route;

use super::graph::Graph;
use super::svg::Picture;
use crate::error::Result;

/// Which edges are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    /// Every edge; two edges of the same look in opposite directions become one with two heads.
    #[default]
    All,
    /// Only edges that no path replaces, between groups: nodes on a common cycle, and nodes of the same key with
    /// the same nodes above and below, stand together in a frame. Right for graphs that are (nearly) transitive.
    Bundled,
}

/// Where the nodes of a cycle stand when [`Show::All`] is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cycles {
    /// On one layer, their edges as arcs above it.
    #[default]
    SameLayer,
    /// On layers of their own in the order of [`Node::rank`](super::Node::rank); edges against it run upwards.
    ByRank,
}

/// How a graph is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Which edges are drawn.
    pub show: Show,
    /// Where the nodes of a cycle stand.
    pub cycles: Cycles,
}

/// Draws `graph` with its legend. The same graph always gives the same picture.
///
/// Cost: about O(restarts * sweeps * pieces of edges * log), some milliseconds for fifty nodes.
///
/// # Errors
/// As [`Graph::check`].
///
/// ```
/// use isotypic::draw::{Edge, Graph, Node, layered};
/// let node = |name: &str| Node { label: vec![name.to_string()], ..Node::default() };
/// let graph = Graph {
///     nodes: vec![node("above"), node("below")],
///     edges: vec![Edge { from: 0, to: 1, ..Edge::default() }],
///     ..Graph::default()
/// };
/// let svg = layered::picture(&graph, &layered::Options::default())?.to_string();
/// assert!(svg.contains(">above</text>"));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn picture(graph: &Graph, options: &Options) -> Result<Picture> {
    graph.check()?;
    Ok(paint::paint(graph, &arrange(graph, options)))
}

/// A graph with all its coordinates.
struct Layout {
    blocks: Vec<blocks::Block>,
    places: Vec<place::Rect>,
    nodes: Vec<place::Rect>,
    links: Vec<blocks::Link>,
    curves: Vec<route::Curve>,
    /// The largest weight of a link or loop.
    heaviest: f64,
    width: f64,
    height: f64,
}

fn arrange(graph: &Graph, options: &Options) -> Layout {
    let (mut blocks, links) = blocks::blocks(graph, options.show);
    layers::assign(graph, &mut blocks, &links, options);
    let links = layers::downward(&blocks, links);
    let rows = order::Rows::ordered(&blocks, &links);
    let placed = place::place(graph, &blocks, &links, &rows);
    let loops = graph.edges.iter().filter(|edge| edge.from == edge.to).map(|edge| edge.weight);
    let heaviest = links.iter().map(|link| link.weight).chain(loops).flatten().fold(0.0, f64::max);
    let curves = route::route(&links, &rows, &placed, heaviest);
    let place::Placed { rects, nodes, width, height, .. } = placed;
    Layout { places: rects, nodes, width, height, blocks, links, curves, heaviest }
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Edge, Node, example};
    use super::*;
    use proptest::prelude::*;

    /// No two blocks overlap, all lies on the page, and curves touch no blocks but their ends.
    fn assert_clean(layout: &Layout) {
        let rects = &layout.places;
        for (i, a) in rects.iter().enumerate() {
            assert!(a.left() >= 0.0 && a.right() <= layout.width && a.top() >= 0.0);
            assert!(a.bottom() <= layout.height);
            for b in &rects[..i] {
                let apart = a.left() >= b.right() || b.left() >= a.right();
                assert!(apart || a.top() >= b.bottom() || b.top() >= a.bottom(), "{a:?} overlaps {b:?}");
            }
        }
        for (link, curve) in layout.links.iter().zip(&layout.curves) {
            for (x, y) in curve.samples(40) {
                assert!(x >= 0.0 && x <= layout.width && y >= 0.0 && y <= layout.height);
                for (block, rect) in rects.iter().enumerate() {
                    let inside = x > rect.left() && x < rect.right() && y > rect.top() && y < rect.bottom();
                    assert!(!inside || block == link.from || block == link.to, "edge through node {block}");
                }
            }
        }
    }

    fn all_options() -> Vec<Options> {
        let shows = [Show::All, Show::Bundled];
        let pair = |show| [Cycles::SameLayer, Cycles::ByRank].map(|cycles| Options { show, cycles });
        shows.into_iter().flat_map(pair).collect()
    }

    #[test]
    fn example_runs_down_to_the_trivial_node() {
        let layout = arrange(&example(), &Options::default());
        assert_clean(&layout);
        let y: Vec<f64> = layout.places.iter().map(|rect| rect.y).collect();
        assert!(y[1] == y[3] && y[1] < y[2] && y[2] < y[4] && y[4] < y[0]);
    }

    #[test]
    fn bundled_example_is_a_chain() {
        let layout = arrange(&example(), &Options { show: Show::Bundled, ..Options::default() });
        assert_clean(&layout);
        assert_eq!((layout.blocks.len(), layout.links.len()), (4, 3));
    }

    #[test]
    fn empty_and_isolated_graphs_are_drawn() {
        for count in 0..3 {
            let graph = Graph { nodes: vec![Node::default(); count], ..Graph::default() };
            assert!(picture(&graph, &Options::default()).unwrap().width > 0.0);
        }
    }

    #[test]
    fn same_graph_same_bytes() {
        let draw = || picture(&example(), &Options::default()).unwrap().to_string();
        assert_eq!(draw(), draw());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn random_graphs_are_clean(
            count in 1usize..26,
            pairs in prop::collection::vec((0usize..26, 0usize..26, any::<bool>()), 0..70),
            layers in prop::collection::vec(prop::option::weighted(0.1, 0usize..6), 26),
        ) {
            let edge = |&(a, b, acyclic): &(usize, usize, bool)| {
                let (a, b) = (a % count, b % count);
                Edge { from: if acyclic { a.min(b) } else { a }, to: a.max(b), ..Edge::default() }
            };
            let node = |i: usize| Node {
                label: vec!["wide ".repeat(i % 5); 1 + i % 4],
                rank: i as i64,
                layer: layers[i],
                ..Node::default()
            };
            let graph = Graph {
                nodes: (0..count).map(node).collect(),
                edges: pairs.iter().map(edge).collect(),
                ..Graph::default()
            };
            for options in all_options() {
                assert_clean(&arrange(&graph, &options));
            }
        }
    }
}
