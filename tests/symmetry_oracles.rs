//! Decompositions and interaction graphs against tables computed by independent programs (`tests/known/README.md`).

use isotypic::action::{GSet, Orbitals, Suborbits};
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::group::{Permutation, PermutationGroup};
use isotypic::representation::{Decomposition, RealType, SimplePiece};
use serde_json::Value;
use std::sync::Arc;

fn known(name: &str) -> Value {
    let path = format!("{}/tests/known/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number")) as usize
}

fn permutations(value: &Value) -> Vec<Permutation> {
    let images = |g: &Value| g.as_array().unwrap().iter().map(|x| number(x) as u32).collect();
    value.as_array().unwrap().iter().map(|g| Permutation::from_images(images(g)).unwrap()).collect()
}

fn matrix(value: &Value) -> Matrix {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(|entry| number(entry) > 0).collect())
        .collect()
}

fn set_of_generators(degree: usize, generators: Vec<Permutation>) -> GSet {
    GSet::points(&Arc::new(PermutationGroup::from_generators("given", degree, generators).unwrap()))
}

fn adjacency(graph: &InteractionGraph) -> Matrix {
    let n = graph.pieces().len();
    (0..n).map(|i| (0..n).map(|j| graph.has_edge(i, j)).collect()).collect()
}

fn kind(real_type: RealType) -> &'static str {
    match real_type {
        RealType::Real => "R",
        RealType::Complex => "C",
        RealType::Quaternionic => "H",
    }
}

/// An adjacency matrix.
type Matrix = Vec<Vec<bool>>;

/// Whether some bijection of nodes that keeps the keys carries every one of our matrices to its partner.
fn isomorphic(ours: &[String], theirs: &[String], matrices: &[(Matrix, Matrix)]) -> bool {
    fn extend(
        ours: &[String],
        theirs: &[String],
        matrices: &[(Matrix, Matrix)],
        image: &mut Vec<usize>,
    ) -> bool {
        let i = image.len();
        if i == ours.len() {
            return true;
        }
        for j in 0..theirs.len() {
            if image.contains(&j) || ours[i] != theirs[j] {
                continue;
            }
            image.push(j);
            let fits = (0..=i).all(|k| {
                matrices.iter().all(|(a, b)| a[i][k] == b[j][image[k]] && a[k][i] == b[image[k]][j])
            });
            if fits && extend(ours, theirs, matrices, image) {
                return true;
            }
            image.pop();
        }
        false
    }
    ours.len() == theirs.len() && extend(ours, theirs, matrices, &mut Vec::new())
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
fn graphs_of_other_groups_match_the_table() {
    let table = known("interaction_graphs.json");
    for entry in table["entries"].as_array().unwrap() {
        let name = format!("{} on {}", entry["group"], entry["X"]);
        let set = set_of_generators(number(&entry["X_size"]), permutations(&entry["generators_on_X"]));
        let rank = number(&entry["orbits_on_XxX=dim_Hom"]);
        assert_eq!(Suborbits::new(&set).unwrap().rank(), rank, "{name}");
        let decomposition = Decomposition::new(&set).unwrap();
        let graph =
            |f, bias| adjacency(&InteractionGraph::of_decomposition(&decomposition, f, bias).unwrap());
        let ours: Vec<String> = decomposition.pieces().iter().map(key).collect();
        let theirs: Vec<String> = entry["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| format!("{} {} {}", node["dim"], node["mult"], node["type"].as_str().unwrap()))
            .collect();
        let mut matrices = vec![
            (graph(PointwiseFunction::Abs, false), matrix(&entry["abs_adj"])),
            (graph(PointwiseFunction::Relu, false), matrix(&entry["relu_adj"])),
        ];
        for (field, value) in entry.as_object().unwrap() {
            if field.contains("bias") && field.contains("adj") {
                matrices.push((graph(PointwiseFunction::Relu, true), matrix(value)));
            }
        }
        assert!(isomorphic(&ours, &theirs, &matrices), "{name}: {ours:?} {theirs:?}");
    }
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
