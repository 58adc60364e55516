//! Johnson and Hamming schemes: the graphs of `S_n` on subsets and of `S_q wr S_d` on words.

use super::support::{known, matrix, set};
use isotypic::action::GSet;
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::representation::{Decomposition, Proof};

/// The largest sets that are tested here; `J(20,7)` to `J(20,10)`, `J(19,8)`, `J(19,9)` and `H(8,4)` and beyond are left
/// out to keep the test fast.
const LARGEST: usize = 60_000;

fn parameters(key: &str) -> (usize, usize) {
    let (first, second) = key.split_once(',').unwrap();
    (first.parse().unwrap(), second.parse().unwrap())
}

/// The `abs` graph with its nodes in the given order of pieces.
fn in_order(decomposition: &Decomposition, order: &[usize]) -> Vec<Vec<bool>> {
    assert_eq!(decomposition.proof(), Proof::Complete);
    let graph = InteractionGraph::of_decomposition(decomposition, PointwiseFunction::Abs, false).unwrap();
    order.iter().map(|&i| order.iter().map(|&j| graph.has_edge(i, j)).collect()).collect()
}

#[test]
fn johnson_schemes_match_the_table() {
    let table = known("interaction_graphs.json");
    let mut tested = 0;
    for (key, expected) in table["association_schemes"]["johnson"].as_object().unwrap() {
        let (n, k) = parameters(key);
        if isotypic::action::combinatorial::binomial(n, k).unwrap() > LARGEST {
            continue;
        }
        let decomposition = Decomposition::new(&set(&format!("S{n}"), &format!("subsets:{k}"))).unwrap();
        let order: Vec<usize> = (0..decomposition.pieces().len()).collect();
        for (j, piece) in decomposition.pieces().iter().enumerate() {
            let label = if j == 0 { format!("[{n}]") } else { format!("[{},{j}]", n - j) };
            assert!(n == 2 || piece.label == label, "J({n},{k}): {} instead of {label}", piece.label);
        }
        assert_eq!(in_order(&decomposition, &order), matrix(expected), "J({n},{k})");
        tested += 1;
    }
    assert!(tested > 90, "{tested} of 100");
}

/// The words of length `d` over `q` letters: one point in each of `d` blocks of `q`.
fn words(d: usize, q: usize) -> GSet {
    let word: Vec<String> = (0..d).map(|block| (block * q + 1).to_string()).collect();
    set(&format!("S{q}wrS{d}"), &format!("orbit:{{{}}}", word.join(",")))
}

/// The pieces by weight: the normalised spherical function at distance 1 is `1 - q j / (d (q - 1))`.
fn by_weight(set: &GSet, decomposition: &Decomposition) -> Vec<usize> {
    let count = decomposition.pieces().len();
    let Decomposition::General(general) = decomposition else { return (0..count).collect() };
    let base = &general.suborbits().bases()[0];
    let first = set.members(base.point).unwrap();
    let differ = |x: usize| set.members(x).unwrap().iter().filter(|m| !first.contains(m)).count();
    let near = (0..set.size()).find(|&x| differ(x) == 1).unwrap();
    let value = |piece: usize| {
        let at = |x: usize| general.projector(piece)[base.first_orbital + base.suborbits.of(x)];
        at(near) / at(base.point)
    };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| value(b).total_cmp(&value(a)));
    order
}

#[test]
fn hamming_schemes_match_the_table() {
    let table = known("interaction_graphs.json");
    let mut tested = 0;
    for (key, expected) in table["association_schemes"]["hamming"].as_object().unwrap() {
        let (d, q) = parameters(key);
        if q.pow(d as u32) > LARGEST {
            continue;
        }
        let set = words(d, q);
        assert_eq!(set.size(), q.pow(d as u32));
        let decomposition = Decomposition::new(&set).unwrap();
        let order = by_weight(&set, &decomposition);
        for (j, &piece) in order.iter().enumerate() {
            let choices = isotypic::action::combinatorial::binomial(d, j).unwrap();
            assert_eq!(decomposition.pieces()[piece].dim, choices * (q - 1).pow(j as u32), "H({d},{q})");
        }
        assert_eq!(in_order(&decomposition, &order), matrix(expected), "H({d},{q})");
        tested += 1;
    }
    assert!(tested > 30, "{tested} of 40");
}
