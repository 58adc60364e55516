//! Decompositions and graphs at the sizes that the project promises: `cargo bench --bench symmetry`.
//!
//! Baselines, measured elsewhere on a loaded machine with two cores: decomposing S_6 on 6 points took a general exact package
//! 204 s, M_11 on 11 points more than 300 s; an equivariant basis of C_64 by a null-space method 40 to 60 s, that of C_256
//! failed.

use isotypic::action::{GSet, Orbitals, grammar};
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::representation::Decomposition;
use std::sync::Arc;

fn main() {
    divan::main();
}

fn set(group: &str, on: &str) -> GSet {
    grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap()
}

/// From the text of the group to the graph of ReLU, everything included.
#[divan::bench(args = [
    ("S6", "points"),
    ("M11", "points"),
    ("M24", "subsets:3"),
    ("S20", "subsets:4"),
    ("S50", "tuples:2"),
    ("S100", "subsets:2"),
    ("@data/groups/rubik.json", "points"),
    ("S6", "regular"),
    ("D300", "points"),
    ("C4096", "points"),
], sample_count = 3, sample_size = 1)]
fn graph(input: (&str, &str)) -> usize {
    let decomposition = Decomposition::new(&set(input.0, input.1)).unwrap();
    let graph = InteractionGraph::of_decomposition(&decomposition, PointwiseFunction::Relu, false);
    graph.unwrap().edge_count()
}

/// The large ones, once each.
#[divan::bench(args = [
    ("C512^2", "points"),
    ("S200", "subsets:2"),
    ("S30", "subsets:5"),
], sample_count = 1, sample_size = 1)]
fn large_graph(input: (&str, &str)) -> usize {
    graph(input)
}

/// The equivariant basis: one matrix for each orbital.
#[divan::bench(args = ["C64", "C256", "C1024"], sample_count = 3, sample_size = 1)]
fn equivariant_basis(group: &str) -> usize {
    let set = set(group, "points");
    Orbitals::new(&set, &set).unwrap().count()
}
