//! Explanations as the program prints them.

use crate::support::{Folder, isotypic, json, refused, text};
use serde_json::Value;

const NETWORK: &str = "data/elnino_c4.onnx";

fn sum(values: &Value) -> f64 {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).sum()
}

#[test]
fn attributions_sum_to_the_change_and_the_counterfactual_is_level() {
    let folder = Folder::new();
    let at = folder.file("at.csv", "0.5,-0.1,-1.3,-1.1\n0,0,0,0\n");
    let answer = json(&["explain", NETWORK, "--at", &at, "--group", "C4", "--data", "data/elnino_c4.csv"]);
    let points = answer["points"].as_array().unwrap();
    let eval = |file: &str| json(&["eval", NETWORK, "--data", file])["outputs"].clone();
    let values = eval(&at);
    for point in points {
        for o in 0..4 {
            let change = values[0][o].as_f64().unwrap() - values[1][o].as_f64().unwrap();
            let expected = if point["point"] == answer["baseline"] { 0.0 } else { change };
            let shares = point["by_piece"][o].as_array().unwrap();
            let by_piece: f64 = shares.iter().map(|share| share["share"].as_f64().unwrap()).sum();
            for total in [
                sum(&point["integrated_gradients"][o]["values"]),
                sum(&point["shapley"][o]["values"]),
                by_piece,
            ] {
                assert!((total - expected).abs() < 1e-9, "{total} {expected}");
            }
        }
    }
    let other = &points[0]["counterfactual"];
    let numbers: Vec<String> =
        other["point"]["values"].as_array().unwrap().iter().map(ToString::to_string).collect();
    let there = eval(&folder.file("other.csv", numbers.join(",")));
    let rival = other["output"].as_u64().unwrap() as usize - 1;
    let outputs: Vec<f64> = serde_json::from_value(there[0].clone()).unwrap();
    let best = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!(rival != 0 && (best - outputs[rival]).abs() < 1e-12 && (best - outputs[0]).abs() < 1e-12);
    let data = &answer["data"];
    assert_eq!((&data["points"], &data["all_regions"]), (&61.into(), &1655.into()));
    assert!(data["orbits_for_95_percent"].as_u64() <= data["orbits"].as_u64());
}

#[test]
fn pictures_and_refusals() {
    let folder = Folder::new();
    let at = folder.file("at.csv", "0.25,0.5\n");
    let picture = folder.path("why.svg");
    let network = "data/nets/mlp_2-8-8-1.json";
    assert!(isotypic(&["explain", network, "--at", &at, "-o", &picture]).status.success());
    let svg = std::fs::read_to_string(&picture).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("integrated gradients"));
    let far = folder.file("far.csv", "0.25,0.5\n5,0\n");
    refused(&["explain", network, "--at", &far, "--domain", "box:-1,1"], &["far.csv, row 2", "outside"]);
    refused(&["explain", network, "--at", &at, "--output", "2"], &["output 2"]);
    refused(&["explain", network, "--at", &at, "--output", "0"], &["counted from 1"]);
    let few = isotypic(&["explain", network, "--at", &at, "--max-regions", "1", "--data", &at]);
    assert!(
        few.status.code() == Some(3) && text(&few.stderr).contains("limit of 1 regions"),
        "{}",
        text(&few.stderr)
    );
    assert!(text(&few.stdout).contains("1 points in 1 regions"), "{}", text(&few.stdout));
}

/// 230822 regions, of which only those around the point are computed.
#[test]
fn points_are_explained_where_regions_are_too_many_to_list() {
    let folder = Folder::new();
    let at = folder.file("at.csv", "0.5,-0.1,-1.3,-1.1,0.3,0.2\n");
    let network = "data/elnino_c6.onnx";
    let answer = json(&["explain", network, "--at", &at, "--group", "C6", "--max-regions", "300"]);
    let point = &answer["points"][0];
    assert_eq!((&point["orbit"], &point["orbit_size"]), (&Value::Null, &6.into()));
    assert_eq!(point["integrated_gradients"].as_array().unwrap().len(), 6);
    assert!(point["counterfactual"].is_object() || point["counterfactual_note"].is_string());
}
