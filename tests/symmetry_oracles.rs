//! Decompositions and interaction graphs against tables computed by independent programs (`tests/known/README.md`).

#[path = "symmetry_oracles/classes.rs"]
mod classes;
#[path = "symmetry_oracles/maps.rs"]
mod maps;
#[path = "symmetry_oracles/nodes.rs"]
mod nodes;
#[path = "symmetry_oracles/schemes.rs"]
mod schemes;
#[path = "symmetry_oracles/strata.rs"]
mod strata;
#[path = "symmetry_oracles/support.rs"]
mod support;

use isotypic::action::{GSet, Orbitals, Suborbits};
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::representation::{Decomposition, Proof, SimplePiece};
use std::sync::Arc;
use support::{adjacency, kind, known, matrix, number, permutations, set_of_generators};

/// The column sums of the first four powers of an adjacency matrix: how many paths of that length end at each node.
fn powers(adjacency: &[Vec<bool>]) -> serde_json::Value {
    let n = adjacency.len();
    let mut paths = vec![1u64; n];
    let mut all = Vec::new();
    for _ in 0..4 {
        paths = (0..n).map(|j| (0..n).filter(|&i| adjacency[i][j]).map(|i| paths[i]).sum()).collect();
        all.push(paths.clone());
    }
    serde_json::json!(all)
}

#[test]
fn cyclic_graphs_match_the_table() {
    let table = known("cyclic_graphs.json");
    for entry in table["entries"].as_array().unwrap() {
        let n = number(&entry["n"]);
        let set = GSet::points(&Arc::new(PermutationGroup::parse(&format!("C{n}")).unwrap()));
        let graph = |f, bias| adjacency(&InteractionGraph::new(&set, f, bias).unwrap());
        assert_eq!(graph(PointwiseFunction::Relu, false), matrix(&entry["relu_adj"]), "C{n} relu");
        assert_eq!(graph(PointwiseFunction::Abs, false), matrix(&entry["abs_adj"]), "C{n} abs");
        let with_bias = &entry["relu_with_bias_adj(=kernel_inclusion)"];
        assert_eq!(graph(PointwiseFunction::Relu, true), matrix(with_bias), "C{n} relu with bias");
        assert_eq!(
            powers(&graph(PointwiseFunction::Relu, false)),
            entry["column_sums_of_relu_adj_powers_1..4"]
        );
        let decomposition = Decomposition::new(&set).unwrap();
        for (piece, node) in decomposition.pieces().iter().zip(entry["nodes"].as_array().unwrap()) {
            assert_eq!(piece.label, node["k"].to_string());
            assert_eq!(piece.dim, number(&node["dim"]));
            assert_eq!(kind(piece.real_type), node["real_type"]);
            assert_eq!(piece.kernel_order.to_string(), node["kernel_order"].to_string());
        }
    }
}

/// ord(k) = n / gcd(n, k), halved where even; i -> j iff i = j or ord(j) divides the halved ord(i).
#[test]
fn cyclic_graphs_follow_the_closed_rule() {
    let gcd = |a, b| isotypic::group::permutation::gcd(a, b);
    for n in 1..=200u64 {
        let set = GSet::points(&Arc::new(PermutationGroup::parse(&format!("C{n}")).unwrap()));
        let graph = InteractionGraph::new(&set, PointwiseFunction::Relu, false).unwrap();
        let order = |k: u64| n / gcd(n, k);
        for i in 0..=n / 2 {
            let halved = if order(i) % 2 == 0 { order(i) / 2 } else { order(i) };
            for j in 0..=n / 2 {
                let expected = i == j || halved.is_multiple_of(order(j));
                assert_eq!(graph.has_edge(i as usize, j as usize), expected, "C{n}: {i} -> {j}");
            }
        }
    }
}

fn key(piece: &SimplePiece) -> String {
    format!("{} {} {}", piece.dim, piece.multiplicity, kind(piece.real_type))
}

#[test]
fn decompositions_match_the_table() {
    let table = known("permutation_representations.json");
    for entry in table["groups"].as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let degree = number(&entry["degree"]);
        let set = set_of_generators(degree, permutations(&entry["generators"]));
        assert_eq!(set.group().order().to_string(), entry["image_order"].as_str().unwrap(), "{name}");
        let suborbits = Suborbits::new(&set).unwrap();
        assert_eq!(suborbits.rank(), number(&entry["n_orbitals"]), "{name}");
        assert_eq!(suborbits.self_paired(), number(&entry["n_self_paired_orbitals"]), "{name}");
        let Some(expected) = entry["real_decomposition"].as_array() else { continue };
        let decomposition = Decomposition::new(&set).unwrap();
        assert_eq!(decomposition.proof(), Proof::Complete, "{name}");
        let mut ours: Vec<String> = decomposition.pieces().iter().map(key).collect();
        let mut theirs: Vec<String> = expected
            .iter()
            .map(|p| format!("{} {} {}", p["dim"], p["multiplicity"], p["type"].as_str().unwrap()))
            .collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn dimensions_of_equivariant_maps_match_the_table() {
    for entry in known("permutation_representations.json")["hom"].as_array().unwrap() {
        let (x, y) = (number(&entry["nx"]), number(&entry["ny"]));
        let orbitals =
            Orbitals::of_generators(y, &permutations(&entry["gens_y"]), x, &permutations(&entry["gens_x"]))
                .unwrap();
        assert_eq!(orbitals.count(), number(&entry["dim_hom"]), "{}", entry["name"]);
    }
}
