//! Coordinates: sizes from the labels, heights from the rows, and horizontal places by weighted averaging.

use super::super::graph::{Graph, Node};
use super::super::text;
use super::blocks::{Block, Link};
use super::order::Rows;

/// Font size of a node's name.
pub(super) const NAME: f64 = 13.0;
/// Font size of the smaller lines of a node.
pub(super) const REMARK: f64 = 10.0;
/// Distance between base lines of the smaller lines.
pub(super) const LINE: f64 = 12.5;
/// How far a loop stands out of its node.
pub(super) const LOOP: f64 = 17.0;
/// Empty border of a drawing.
const MARGIN: f64 = 14.0;
/// Least distance between blocks, and between a curve and a block.
const BETWEEN: f64 = 16.0;
/// Least distance between curves that pass a row side by side.
const BESIDE: f64 = 9.0;
/// Distance of neighbouring arrows on one side of a node.
pub(super) const PORT: f64 = 8.0;
/// Rows wider than this make frames narrower, if they can.
const WIDE: f64 = 900.0;
/// Space inside a frame.
const FRAME: f64 = 11.0;
/// Space between neighbours in a frame.
const NEXT: f64 = 8.0;

/// An axis-parallel rectangle by centre and size.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub(super) fn left(&self) -> f64 {
        self.x - self.width / 2.0
    }
    pub(super) fn right(&self) -> f64 {
        self.x + self.width / 2.0
    }
    pub(super) fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }
    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// The drawing's coordinates.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// One rectangle per block.
    pub rects: Vec<Rect>,
    /// One rectangle per node.
    pub nodes: Vec<Rect>,
    /// Horizontal place of every vertex of the rows.
    pub x: Vec<f64>,
    /// Upper and lower end of every row.
    pub bands: Vec<(f64, f64)>,
    /// Size of the drawing.
    pub width: f64,
    pub height: f64,
}

/// Places everything.
pub(super) fn place(graph: &Graph, blocks: &[Block], links: &[Link], rows: &Rows) -> Placed {
    let looped = |node: usize| graph.edges.iter().any(|edge| edge.from == node && edge.to == node);
    let sizes: Vec<(f64, f64)> = graph.nodes.iter().map(node_size).collect();
    // The nodes in frames stand in as many columns as keep the drawing narrow enough to be read on a page.
    let cells: Vec<Cells> = (2..=12)
        .rev()
        .map(|most| blocks.iter().map(|block| Cells::new(block, &sizes, &looped, most)).collect::<Vec<_>>())
        .find(|cells| widest_row(cells, blocks) <= WIDE)
        .unwrap_or_else(|| blocks.iter().map(|block| Cells::new(block, &sizes, &looped, 2)).collect());
    let mut rects: Vec<Rect> = (cells.iter().enumerate())
        .map(|(index, cells)| {
            let ports = rows.near.iter().map(|near| near[index].len()).max().unwrap_or(0);
            let (width, height) = cells.size();
            let width = width.max(ports as f64 * PORT * 0.75 + 12.0);
            Rect { x: 0.0, y: 0.0, width, height }
        })
        .collect();

    // Loops stand out on the right; the same room on the left keeps edges centred on the nodes.
    let room = |vertex: usize| match blocks.get(vertex) {
        Some(block) => {
            let outside = block.nodes.len() == 1 && looped(block.nodes[0]);
            rects[vertex].width / 2.0 + if outside { LOOP } else { 0.0 }
        }
        None => 0.0,
    };
    let room: Vec<f64> = (0..rows.near[0].len()).map(room).collect();
    let mut x = horizontal(rows, &room);
    let left = (0..x.len()).map(|v| x[v] - room[v]).fold(f64::INFINITY, f64::min);
    let shift = if left.is_finite() { MARGIN - left } else { MARGIN };
    x.iter_mut().for_each(|place| *place += shift);
    let width = (0..x.len()).map(|v| x[v] + room[v]).fold(0.0, f64::max) + MARGIN;

    let (bands, height) = vertical(blocks, links, rows, &rects, &x);
    for (index, block) in blocks.iter().enumerate() {
        let (top, bottom) = bands[block.layer];
        (rects[index].x, rects[index].y) = (x[index], (top + bottom) / 2.0);
    }
    let mut nodes = vec![Rect::default(); graph.nodes.len()];
    for (index, block) in blocks.iter().enumerate() {
        for (place, &node) in block.nodes.iter().enumerate() {
            nodes[node] = cells[index].rect(place, &rects[index]);
        }
    }
    Placed { rects, nodes, x, bands, width, height }
}

/// The least width of the widest row.
fn widest_row(cells: &[Cells], blocks: &[Block]) -> f64 {
    let mut widths: Vec<f64> = vec![0.0; blocks.iter().map(|block| block.layer + 1).max().unwrap_or(0)];
    for (cells, block) in cells.iter().zip(blocks) {
        widths[block.layer] += cells.size().0 + BETWEEN;
    }
    widths.into_iter().fold(0.0, f64::max)
}

/// Size of a node from its label.
fn node_size(node: &Node) -> (f64, f64) {
    let size = |line: usize| if line == 0 { NAME } else { REMARK };
    let widths = node.label.iter().enumerate().map(|(line, label)| text::width(label, size(line)));
    let lines = node.label.len().max(1) as f64;
    (widths.fold(0.0, f64::max).max(16.0) + 18.0, 13.0 + NAME + (lines - 1.0) * LINE)
}

/// The nodes of a block in a grid.
struct Cells {
    count: usize,
    columns: usize,
    /// Size of a node, the same for all in the block.
    node: (f64, f64),
    /// Distance from node to node.
    step: (f64, f64),
}

impl Cells {
    /// At most `most` columns, unless the block would become much taller than wide.
    fn new(block: &Block, sizes: &[(f64, f64)], looped: &dyn Fn(usize) -> bool, most: usize) -> Self {
        let count = block.nodes.len();
        let root = |scale: f64| (count as f64 * scale).sqrt().ceil() as usize;
        let columns = if count <= 5 { count } else { root(2.0).max(4) };
        let columns = columns.min(most.max(root(0.5)));
        let largest = |pick: fn(&(f64, f64)) -> f64| {
            block.nodes.iter().map(|&node| pick(&sizes[node])).fold(0.0, f64::max)
        };
        let node = (largest(|size| size.0), largest(|size| size.1));
        let loops = if block.nodes.iter().any(|&node| looped(node)) { LOOP } else { 0.0 };
        Cells { count, columns, node, step: (node.0 + loops + NEXT, node.1 + 9.0) }
    }

    fn size(&self) -> (f64, f64) {
        if self.count == 1 {
            return self.node;
        }
        let rows = self.count.div_ceil(self.columns);
        let width = self.columns as f64 * self.step.0 - NEXT;
        (width + 2.0 * FRAME, (rows - 1) as f64 * self.step.1 + self.node.1 + 2.0 * FRAME)
    }

    fn rect(&self, place: usize, block: &Rect) -> Rect {
        if self.count == 1 {
            return *block;
        }
        let (row, column) = (place / self.columns, place % self.columns);
        let rows = self.count.div_ceil(self.columns);
        let in_row = if row + 1 == rows { self.count - row * self.columns } else { self.columns };
        let loops = self.step.0 - self.node.0 - NEXT;
        let x = block.x - loops / 2.0 + (column as f64 - (in_row - 1) as f64 / 2.0) * self.step.0;
        let y = block.y + (row as f64 - (rows - 1) as f64 / 2.0) * self.step.1;
        Rect { x, y, width: self.node.0, height: self.node.1 }
    }
}

/// Upper and lower end of every row, and the height of the drawing.
fn vertical(
    blocks: &[Block],
    links: &[Link],
    rows: &Rows,
    rects: &[Rect],
    x: &[f64],
) -> (Vec<(f64, f64)>, f64) {
    let count = rows.rows.len();
    let mut tallest = vec![0.0f64; count];
    for (block, rect) in blocks.iter().zip(rects) {
        tallest[block.layer] = tallest[block.layer].max(rect.height);
    }
    let mut arcs = vec![0.0f64; count];
    let mut widest = vec![0.0f64; count];
    for (link, chain) in links.iter().zip(&rows.chains) {
        let layer = blocks[link.from].layer;
        if layer == blocks[link.to].layer {
            arcs[layer] = arcs[layer].max(arc_height(x[link.from], x[link.to]) + 4.0);
            continue;
        }
        for (piece, pair) in chain.windows(2).enumerate() {
            widest[layer + piece] = widest[layer + piece].max((x[pair[0]] - x[pair[1]]).abs());
        }
    }
    let mut bands = Vec::with_capacity(count);
    let mut y = MARGIN;
    for row in 0..count {
        y += arcs[row];
        bands.push((y, y + tallest[row]));
        let gap = if row + 1 < count { (34.0 + 0.16 * widest[row]).min(96.0) } else { MARGIN };
        y += tallest[row] + gap;
    }
    (bands, y.max(2.0 * MARGIN))
}

/// Height of an arc between two blocks of one row.
pub(super) fn arc_height(from: f64, to: f64) -> f64 {
    (14.0 + 0.09 * (from - to).abs()).min(64.0)
}

/// Horizontal places: every vertex is drawn to its neighbours, under minimum distances within the rows.
fn horizontal(rows: &Rows, room: &[f64]) -> Vec<f64> {
    let bend = |vertex: usize| vertex >= rows.blocks;
    let mut x = vec![0.0; room.len()];
    let separations: Vec<Vec<f64>> = rows.rows.iter().map(|row| separations(row, room, &bend)).collect();
    for (row, separation) in rows.rows.iter().zip(&separations) {
        let total: f64 = separation.iter().sum();
        let mut place = -total / 2.0;
        for (&vertex, step) in row.iter().zip(separation) {
            place += step;
            x[vertex] = place;
        }
    }
    // Down, up, and down again, first with the pull of one side only, at the end with that of both.
    for round in 0..40 {
        let pull = if round < 16 { [[1.0, 0.05], [0.05, 1.0]][round % 2] } else { [1.0, 1.0] };
        let mut order: Vec<usize> = (0..rows.rows.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for row in order {
            let wish = |&vertex: &usize| {
                let (mut weight, mut sum) = (0.02, 0.02 * x[vertex]);
                for side in 0..2 {
                    for &other in &rows.near[side][vertex] {
                        // Long links are worth more when straight.
                        let straight = [1.0, 1.0, 8.0][usize::from(bend(vertex)) + usize::from(bend(other))];
                        weight += pull[side] * straight;
                        sum += pull[side] * straight * x[other];
                    }
                }
                (sum / weight, weight)
            };
            let wishes: Vec<(f64, f64)> = rows.rows[row].iter().map(wish).collect();
            for (&vertex, place) in rows.rows[row].iter().zip(project(&wishes, &separations[row])) {
                x[vertex] = place;
            }
        }
    }
    x
}

/// Least distance of every vertex of a row from the one before it; zero for the first.
fn separations(row: &[usize], room: &[f64], bend: &dyn Fn(usize) -> bool) -> Vec<f64> {
    let mut out = vec![0.0; row.len()];
    for place in 1..row.len() {
        let (a, b) = (row[place - 1], row[place]);
        out[place] = room[a] + room[b] + if bend(a) && bend(b) { BESIDE } else { BETWEEN };
    }
    out
}

/// The places nearest to the wishes (place, weight) in weighted squares that keep the separations: isotonic
/// regression by pooling adjacent violators.
fn project(wishes: &[(f64, f64)], separations: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    let mut offset = 0.0;
    for (&(place, weight), separation) in wishes.iter().zip(separations) {
        offset += separation;
        let mut pool = (place - offset, weight, 1);
        while let Some(&(mean, mass, count)) = pools.last().filter(|last| last.0 > pool.0) {
            let total = mass + pool.1;
            pool = ((mean * mass + pool.0 * pool.1) / total, total, count + pool.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let means = pools.iter().flat_map(|&(mean, _, count)| std::iter::repeat_n(mean, count));
    let offsets = separations.iter().scan(0.0, |sum, separation| {
        *sum += separation;
        Some(*sum)
    });
    means.zip(offsets).map(|(mean, offset)| mean + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn projection_moves_only_what_it_must() {
        assert_eq!(project(&[(0.0, 1.0), (9.0, 1.0)], &[0.0, 4.0]), [0.0, 9.0]);
        assert_eq!(project(&[(0.0, 1.0), (0.0, 1.0)], &[0.0, 4.0]), [-2.0, 2.0]);
        assert_eq!(project(&[(0.0, 3.0), (0.0, 1.0)], &[0.0, 4.0]), [-1.0, 3.0]);
    }

    proptest! {
        #[test]
        fn projection_keeps_separations(
            wishes in prop::collection::vec((-99.0..99.0f64, 0.1..9.0f64), 1..12)
        ) {
            let separations = vec![3.0; wishes.len()];
            let places = project(&wishes, &separations);
            prop_assert!(places.windows(2).all(|w| w[1] - w[0] > 3.0 - 1e-9));
        }
    }
}
