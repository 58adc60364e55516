//! The order of blocks within their layers: barycentre sweeps from several starts. The fewest crossings win,
//! and among those the least sideways stretch.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::{Block, Link};

/// Layers as rows of vertices. A vertex is a block, or a bend where a long link passes a layer; bends are numbered
/// after the blocks.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    /// The vertices of every row from left to right.
    pub rows: Vec<Vec<usize>>,
    /// For every link the vertices it runs through, top to bottom; just the ends for links within a row.
    pub chains: Vec<Vec<usize>>,
    /// Neighbours of every vertex in the row above and in the row below.
    pub near: [Vec<Vec<usize>>; 2],
    /// Number of blocks.
    pub blocks: usize,
    /// Place of every vertex within its row, scaled to 0..1.
    places: Vec<f64>,
}

impl Rows {
    /// Cuts the links into pieces between neighbouring rows, and orders the rows.
    pub(super) fn ordered(blocks: &[Block], links: &[Link]) -> Self {
        let mut rows = Rows::new(blocks, links);
        rows.reduce_crossings();
        rows.sort_twins(links);
        rows
    }

    fn new(blocks: &[Block], links: &[Link]) -> Self {
        let count = blocks.iter().map(|block| block.layer + 1).max().unwrap_or(0);
        let mut rows = vec![Vec::new(); count];
        for (index, block) in blocks.iter().enumerate() {
            rows[block.layer].push(index);
        }
        let mut vertices = blocks.len();
        let mut chains = Vec::with_capacity(links.len());
        for link in links {
            let mut chain = vec![link.from];
            for row in &mut rows[blocks[link.from].layer..blocks[link.to].layer].iter_mut().skip(1) {
                row.push(vertices);
                chain.push(vertices);
                vertices += 1;
            }
            chain.push(link.to);
            chains.push(chain);
        }
        let near = [vec![Vec::new(); vertices], vec![Vec::new(); vertices]];
        let mut out = Rows { rows, chains, near, blocks: blocks.len(), places: vec![0.0; vertices] };
        out.find_neighbours();
        (0..out.rows.len()).for_each(|row| out.note_places(row));
        out
    }

    fn find_neighbours(&mut self) {
        let mut row_of = vec![0; self.near[0].len()];
        for (index, row) in self.rows.iter().enumerate() {
            row.iter().for_each(|&vertex| row_of[vertex] = index);
        }
        self.near.iter_mut().flatten().for_each(Vec::clear);
        for pair in self.chains.iter().flat_map(|chain| chain.windows(2)) {
            if row_of[pair[0]] != row_of[pair[1]] {
                self.near[1][pair[0]].push(pair[1]);
                self.near[0][pair[1]].push(pair[0]);
            }
        }
    }

    /// Puts blocks of a row that have the same neighbours into the order of their indices; each takes over the place
    /// and the bends of another, so the number of crossings stays.
    fn sort_twins(&mut self, links: &[Link]) {
        let mut ends = vec![Vec::new(); self.blocks];
        for link in links.iter().filter(|link| self.falls(link)) {
            ends[link.from].push((link.to, true, link.dashed, link.kind));
            ends[link.to].push((link.from, false, link.dashed, link.kind));
        }
        ends.iter_mut().for_each(|list| list.sort_unstable());
        for row in 0..self.rows.len() {
            let blocks: Vec<usize> = self.rows[row].iter().copied().filter(|&v| v < self.blocks).collect();
            for (index, &first) in blocks.iter().enumerate() {
                let twin = |&&other: &&usize| ends[other] == ends[first];
                let sorted: BTreeSet<usize> = blocks.iter().filter(twin).copied().collect();
                if sorted.len() > 1 && !blocks[..index].iter().any(|other| sorted.contains(other)) {
                    let twins = blocks.iter().filter(|block| sorted.contains(block));
                    self.rename(&twins.copied().zip(sorted.iter().copied()).collect(), links);
                }
            }
        }
    }

    /// Whether the link runs between rows.
    fn falls(&self, link: &Link) -> bool {
        !self.rows.iter().any(|row| row.contains(&link.from) && row.contains(&link.to))
    }

    /// Lets every block take over the place and the bends of the block that `new` maps to it.
    fn rename(&mut self, new: &BTreeMap<usize, usize>, links: &[Link]) {
        let name = |vertex: usize| new.get(&vertex).copied().unwrap_or(vertex);
        let key = |from, to, link: &Link| (from, to, link.dashed, link.kind);
        let falling = || links.iter().enumerate().filter(|(_, link)| self.falls(link));
        let chains: BTreeMap<_, Vec<usize>> = falling()
            .map(|(index, link)| {
                let chain = self.chains[index].iter().map(|&v| name(v)).collect();
                (key(name(link.from), name(link.to), link), chain)
            })
            .collect();
        let taken: Vec<(usize, Vec<usize>)> = falling()
            .filter_map(|(index, link)| Some((index, chains.get(&key(link.from, link.to, link))?.clone())))
            .collect();
        for (index, chain) in taken {
            self.chains[index] = chain;
        }
        self.rows.iter_mut().flatten().for_each(|vertex| *vertex = name(*vertex));
        self.find_neighbours();
    }

    /// Reorders the rows; fewer restarts on large graphs keep the cost within some ten milliseconds.
    pub(super) fn reduce_crossings(&mut self) {
        let size = 1 + self.near[0].iter().map(Vec::len).sum::<usize>();
        let restarts = (16_000 / size).clamp(4, 40);
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut best = ((usize::MAX, 0.0), self.rows.clone());
        for start in 0..restarts {
            let mut trial = self.clone();
            if start > 0 {
                trial.rows.iter_mut().for_each(|row| random.shuffle(row));
            }
            (0..trial.rows.len()).for_each(|row| trial.note_places(row));
            trial.sweep(&mut best);
        }
        self.rows = best.1;
        (0..self.rows.len()).for_each(|row| self.note_places(row));
        self.exchange_neighbours();
    }

    /// Sweeps down and up until nothing improves for some rounds.
    fn sweep(&mut self, best: &mut ((usize, f64), Vec<Vec<usize>>)) {
        let mut here = (usize::MAX, 0.0);
        let mut idle = 0;
        while idle < 4 {
            for row in 1..self.rows.len() {
                self.sort_row(row, 0);
            }
            for row in (0..self.rows.len().saturating_sub(1)).rev() {
                self.sort_row(row, 1);
            }
            let cost = (self.crossings(), self.stretch());
            idle += 1;
            if cost < here {
                (here, idle) = (cost, 0);
            }
            if cost < best.0 {
                *best = (cost, self.rows.clone());
            }
        }
    }

    /// Sorts a row by the mean place of each vertex's neighbours above (`side` 0) or below (1).
    fn sort_row(&mut self, row: usize, side: usize) {
        let key = |vertex: usize| {
            let near = &self.near[side][vertex];
            if near.is_empty() {
                return self.places[vertex];
            }
            near.iter().map(|&v| self.places[v]).sum::<f64>() / near.len() as f64
        };
        let mut keyed: Vec<(f64, usize)> = self.rows[row].iter().map(|&v| (key(v), v)).collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.rows[row] = keyed.into_iter().map(|(_, vertex)| vertex).collect();
        self.note_places(row);
    }

    fn note_places(&mut self, row: usize) {
        let count = self.rows[row].len() as f64;
        for (index, &vertex) in self.rows[row].iter().enumerate() {
            self.places[vertex] = (index as f64 + 0.5) / count;
        }
    }

    /// Sum of the squared sideways steps of all pieces; rounded, so that it cannot shrink for ever.
    fn stretch(&self) -> f64 {
        let step = |(upper, lower): (usize, &usize)| (self.places[upper] - self.places[*lower]).powi(2);
        let pieces = self.near[1].iter().enumerate();
        let sum: f64 =
            pieces.flat_map(|(upper, ends)| ends.iter().map(move |end| (upper, end))).map(step).sum();
        (sum * 1e6).round()
    }

    /// Exchanges neighbours in a row as long as that removes crossings.
    fn exchange_neighbours(&mut self) {
        for _ in 0..20 {
            let mut changed = false;
            for row in 0..self.rows.len() {
                for left in 1..self.rows[row].len() {
                    let (a, b) = (self.rows[row][left - 1], self.rows[row][left]);
                    let pairs = |first: usize, second: usize| -> usize {
                        let crossed = |near: &[Vec<usize>]| {
                            let before = |v: usize| {
                                near[second].iter().filter(|&&w| self.places[w] < self.places[v]).count()
                            };
                            near[first].iter().map(|&v| before(v)).sum::<usize>()
                        };
                        self.near.iter().map(|near| crossed(near)).sum()
                    };
                    if pairs(b, a) < pairs(a, b) {
                        self.rows[row].swap(left - 1, left);
                        self.note_places(row);
                        changed = true;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Number of crossings between pieces of links, counted as inversions with a Fenwick tree.
    pub(super) fn crossings(&self) -> usize {
        let mut index = vec![0; self.near[0].len()];
        for row in &self.rows {
            row.iter().enumerate().for_each(|(i, &vertex)| index[vertex] = i);
        }
        let mut total = 0;
        for pair in self.rows.windows(2) {
            let mut tree = vec![0usize; pair[1].len() + 1];
            let mut placed = 0;
            for &vertex in &pair[0] {
                let mut ends: Vec<usize> = self.near[1][vertex].iter().map(|&v| index[v]).collect();
                ends.sort_unstable();
                for &end in &ends {
                    let mut i = end + 1;
                    let mut left = 0;
                    while i > 0 {
                        left += tree[i];
                        i &= i - 1;
                    }
                    total += placed - left;
                }
                for end in ends {
                    placed += 1;
                    let mut i = end + 1;
                    while i < tree.len() {
                        tree[i] += 1;
                        i += i & i.wrapping_neg();
                    }
                }
            }
        }
        total
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a fixed stream, so that pictures can be reproduced.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn shuffle(&mut self, row: &mut [usize]) {
        for i in (1..row.len()).rev() {
            row.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link((from, to): (usize, usize)) -> Link {
        let heads = [false, true];
        Link { from, to, heads, weight: None, dashed: false, kind: None, tooltip: String::new() }
    }

    fn rows(layers: &[usize], ends: &[(usize, usize)]) -> Rows {
        let block = |&layer: &usize| Block { nodes: vec![0], mutual: false, layer };
        let blocks: Vec<_> = layers.iter().map(block).collect();
        Rows::new(&blocks, &ends.iter().copied().map(link).collect::<Vec<_>>())
    }

    #[test]
    fn crossings_of_a_complete_bipartite_graph() {
        let ends: Vec<_> = (0..3).flat_map(|a| (3..7).map(move |b| (a, b))).collect();
        let mut rows = rows(&[0, 0, 0, 1, 1, 1, 1], &ends);
        assert_eq!(rows.crossings(), 18);
        rows.reduce_crossings();
        assert_eq!(rows.crossings(), 18);
    }

    #[test]
    fn twins_stand_in_order() {
        let ends = [(0, 3), (1, 3), (2, 3), (0, 4), (1, 4), (2, 4), (3, 4)];
        let (layers, mut crossings) = ([0, 0, 0, 1, 2], Vec::new());
        let mut rows = rows(&layers, &ends);
        rows.rows[0] = vec![2, 0, 1];
        crossings.push(rows.crossings());
        rows.sort_twins(&ends.map(link));
        crossings.push(rows.crossings());
        assert_eq!(rows.rows[0], [0, 1, 2]);
        assert_eq!(crossings[0], crossings[1]);
        assert!(rows.chains.iter().zip(&ends).all(|(c, e)| (c[0], c[c.len() - 1]) == *e));
    }

    #[test]
    fn a_plane_graph_is_drawn_without_crossings() {
        let mut rows = rows(&[0, 0, 0, 1, 1, 1, 2], &[(0, 5), (1, 3), (2, 4), (3, 6), (0, 6)]);
        rows.reduce_crossings();
        assert_eq!(rows.crossings(), 0);
        assert_eq!(rows.chains[4].len(), 3);
    }
}
