//! Strata of embeddings into regular representations against the table.

use super::nodes::{action, matching};
use super::support::{floats, known, number, permutations};
use isotypic::analysis::strata::strata;
use isotypic::representation::Decomposition;
use serde_json::Value;

#[test]
fn strata_of_regular_representations_match_the_table() {
    let table = known("interaction_graphs.json");
    let entries = table["entries"].as_array().unwrap();
    for record in table["embedding_strata_regular_rep"].as_array().unwrap() {
        let group = record["group"].as_str().unwrap();
        let node = number(&record["node"]);
        let name = format!("{group}, node {node}");
        let named = |entry: &&Value| {
            let full = entry["group"].as_str().unwrap();
            full.split(' ').next() == Some(group) && entry["X"] == "regular"
        };
        let entry = entries.iter().find(named).unwrap();
        let set = action(entry);
        let decomposition = Decomposition::new(&set).unwrap();
        let place = matching(entry, &set, &decomposition);
        let representatives = permutations(&record["class_reps_faithful"]);
        for (g, value) in representatives.iter().zip(floats(&record["character_on_class_reps"])) {
            let ours = decomposition.characters(&set.images(g))[place[node]];
            assert!((ours - value).abs() < 1e-5, "{name}");
        }
        type Row = (usize, usize, usize, usize, Option<usize>, Vec<usize>);
        let mut ours: Vec<Row> = strata(&set, &decomposition, place[node])
            .unwrap()
            .iter()
            .map(|s| {
                let reached = place.iter().map(|&k| s.reached[k]).collect();
                (s.stabilizer_order, s.line_stabilizer_order, s.dim, s.hyperplanes, s.chambers, reached)
            })
            .collect();
        let mut theirs: Vec<Row> = record["strata"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| {
                let field = |key: &str| number(&s[key]);
                let reached: Vec<usize> = s["abs_out_mult"].as_array().unwrap().iter().map(number).collect();
                let out: Vec<usize> = (0..reached.len()).filter(|&k| reached[k] > 0).collect();
                assert_eq!(serde_json::json!(out), s["abs_out"], "{name}");
                (
                    field("stab_order"),
                    field("line_stab_order"),
                    field("stratum_dim"),
                    field("hyperplanes"),
                    s["chambers"].as_u64().map(|n| n as usize),
                    reached,
                )
            })
            .collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{name}");
    }
}
