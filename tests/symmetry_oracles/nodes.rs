//! Graphs of all kinds of groups, node by node: nodes are matched by their characters, so nothing is left to a guess.

use super::support::{adjacency, floats, kind, known, matrix, number, permutations, set};
use isotypic::action::{GSet, Orbitals, Suborbits};
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::num::Natural;
use isotypic::representation::{Decomposition, Proof};
use serde_json::Value;
use std::sync::Arc;

/// An entry's group by its faithful generators, acting on the entry's set.
pub(crate) fn action(entry: &Value) -> GSet {
    let faithful = permutations(&entry["generators_faithful"]);
    let degree = faithful[0].degree();
    let group = PermutationGroup::from_generators("given", degree, faithful).unwrap();
    let images = permutations(&entry["generators_on_X"]);
    GSet::from_images(&Arc::new(group), "given", number(&entry["X_size"]), images).unwrap()
}

/// For each node of the table the piece with its character.
pub(crate) fn matching(entry: &Value, set: &GSet, decomposition: &Decomposition) -> Vec<usize> {
    let representatives = permutations(&entry["class_reps_faithful"]);
    let columns: Vec<Vec<f64>> =
        representatives.iter().map(|g| decomposition.characters(&set.images(g))).collect();
    let nodes = entry["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), decomposition.pieces().len());
    nodes
        .iter()
        .map(|node| {
            let wanted = floats(&node["character_on_class_reps"]);
            let fits = |piece: &usize| {
                columns.iter().zip(&wanted).all(|(column, value)| (column[*piece] - value).abs() < 1e-5)
            };
            let found: Vec<usize> = (0..nodes.len()).filter(fits).collect();
            assert_eq!(found.len(), 1, "one piece has the character of the node");
            found[0]
        })
        .collect()
}

/// The orders of the stabilisers of a generic embedding and of its line.
fn stabilizer_orders(set: &GSet, decomposition: &Decomposition, piece: usize) -> (Natural, Natural) {
    let Decomposition::General(general) = decomposition else {
        let kernel = decomposition.pieces()[piece].kernel_order.clone();
        return (kernel, decomposition.plus_minus_order(set, piece).unwrap());
    };
    let base = &general.suborbits().bases()[0];
    let block = general.signed_block(piece, 0).unwrap();
    let points = |part: &[usize]| part.iter().map(|&k| base.suborbits.sizes()[k]).sum::<usize>();
    let order = |points: usize| set.group().order() * Natural::from(points) / Natural::from(set.size());
    (order(points(&block.plus)), order(points(&block.plus) + points(&block.minus)))
}

#[test]
fn graphs_of_other_groups_match_the_table() {
    for entry in known("interaction_graphs.json")["entries"].as_array().unwrap() {
        let name = format!("{} on {}", entry["group"], entry["X"]);
        let set = action(entry);
        assert_eq!(set.group().order().to_string(), entry["group_order"].to_string(), "{name}");
        let rank = number(&entry["orbits_on_XxX=dim_Hom"]);
        assert_eq!(Suborbits::new(&set).unwrap().rank(), rank, "{name}");
        let decomposition = Decomposition::new(&set).unwrap();
        assert_eq!(decomposition.rank(), rank, "{name}");
        assert_eq!(decomposition.proof(), Proof::Complete, "{name}");
        let place = matching(entry, &set, &decomposition);
        for (index, node) in entry["nodes"].as_array().unwrap().iter().enumerate() {
            let piece = &decomposition.pieces()[place[index]];
            let name = format!("{name}, node {index}");
            assert_eq!(piece.dim, number(&node["dim"]), "{name}");
            assert_eq!(piece.multiplicity, number(&node["mult"]), "{name}");
            assert_eq!(kind(piece.real_type), node["type"], "{name}");
            assert_eq!(piece.kernel_order.to_string(), node["kernel_order"].to_string(), "{name}");
            let doubled = decomposition.plus_minus_order(&set, place[index]).unwrap();
            assert_eq!(doubled.to_string(), node["pm1_preimage_order"].to_string(), "{name}");
            if let (Some(label), Decomposition::General(_)) = (node["label"].as_str(), &decomposition) {
                assert_eq!(piece.label, label.replace(' ', ""), "{name}");
            }
            let orbit = &entry["N_data_per_node_per_orbit"][index][0];
            let (plus, both) = stabilizer_orders(&set, &decomposition, place[index]);
            assert_eq!(plus.to_string(), orbit["stab_order"].to_string(), "{name}");
            assert_eq!(both.to_string(), orbit["N_order"].to_string(), "{name}");
            let fixed = piece.multiplicity * piece.real_type.endomorphism_dim();
            assert_eq!(fixed, number(&orbit["fixed_dim"]), "{name}");
        }
        let graph = |f, bias| InteractionGraph::of_decomposition(&decomposition, f, bias).unwrap();
        let in_order = |graph: &InteractionGraph| -> Vec<Vec<bool>> {
            let ours = adjacency(graph);
            place.iter().map(|&i| place.iter().map(|&j| ours[i][j]).collect()).collect()
        };
        let relu = graph(PointwiseFunction::Relu, false);
        assert_eq!(in_order(&relu), matrix(&entry["relu_adj"]), "{name} relu");
        assert_eq!(in_order(&graph(PointwiseFunction::Abs, false)), matrix(&entry["abs_adj"]), "{name} abs");
        let bias = graph(PointwiseFunction::Relu, true);
        assert_eq!(in_order(&bias), matrix(&entry["relu_bias_adj"]), "{name} relu with bias");
        for (index, kind) in entry["self_loop_kind_relu"].as_array().unwrap().iter().enumerate() {
            assert_eq!(relu.kind(place[index], place[index]).unwrap().name(), kind, "{name}");
        }
    }
}

/// `dim Hom_G(Fun X, Fun Y)` is the number of orbitals.
#[test]
fn dimensions_of_equivariant_maps_match_the_table() {
    for entry in known("interaction_graphs.json")["hom_dims"].as_array().unwrap() {
        let group = entry["group"].as_str().unwrap();
        let action = |name: &str| match name {
            "trivial" => {
                let everything = set(group, "points").group().generators().to_vec();
                let text: Vec<String> = everything.iter().map(ToString::to_string).collect();
                set(group, &format!("cosets:{}", text.join(",")))
            }
            "points" => set(group, "points"),
            "2-subsets" => set(group, "subsets:2"),
            "ordered_pairs" => set(group, "tuples:2"),
            "regular" => set(group, "regular"),
            other => panic!("unknown action {other}"),
        };
        let (x, y) = (entry["X"].as_str().unwrap(), entry["Y"].as_str().unwrap());
        let orbitals = Orbitals::new(&action(y), &action(x)).unwrap();
        assert_eq!(orbitals.count(), number(&entry["dim_Hom"]), "{group}: {x} -> {y}");
    }
}
