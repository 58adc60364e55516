//! Groups, graphs, proofs and maps on the command line.

use crate::support::{isotypic, json, refused};
use serde_json::Value;

#[test]
fn depth_strata_and_subnetworks() {
    let deep = json(&["graph", "C6", "--depth", "3"]);
    assert_eq!(deep["reach"][1]["layers"], serde_json::json!([[0, 1, 2], [0, 1, 2, 3], [0, 1, 2, 3]]));
    assert_eq!(deep["reach"][1]["saturation"], 2);
    let both = json(&["graph", "C6", "--sources", "2,3"]);
    assert_eq!(both["reach"][0]["sources"], serde_json::json!([2, 3]));
    assert_eq!(both["reach"][0]["layers"], serde_json::json!([[0, 1, 2, 3]]));
    let labels = json(&["graph", "S4", "--on", "points+subsets:2", "--sources", "[3,1],[2,2]"]);
    assert_eq!(labels["reach"][0]["sources"], serde_json::json!([1, 2]));
    let strata = json(&["graph", "S3", "--on", "regular", "--strata"]);
    assert_eq!(strata["strata"][1]["strata"][0]["hyperplanes"], 3);
    let networks = json(&["graph", "S4", "--on", "regular", "--subnetworks"]);
    let dims: Vec<u64> =
        networks["subnetworks"].as_array().unwrap().iter().map(|n| n["dim"].as_u64().unwrap()).collect();
    assert_eq!(dims, [1, 2, 6, 24]);
    refused(&["graph", "C6", "--sources", "7"], &["there is no piece '7'"]);
    refused(&["graph", "S4", "--strata"], &["regular"]);
}

#[test]
fn decompositions_with_classes_and_blocks() {
    let table = json(&["decompose", "S4", "--classes"]);
    assert_eq!(table["classes"].as_array().unwrap().len(), 5);
    assert_eq!(table["proof"], "complete");
    assert_eq!(json(&["decompose", "C12", "--blocks"])["blocks"], serde_json::json!([2, 3]));
    refused(&["decompose", "S3", "--on", "points*2", "--blocks"], &["2 orbits"]);
    let rubik = json(&["decompose", "@data/groups/rubik.json"]);
    assert_eq!(rubik["group"]["order"], "43252003274489856000");
    assert_eq!(rubik["action"]["rank"], 9);
}

#[test]
fn proofs_are_written_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.json");
    let name = path.to_str().unwrap();
    assert!(isotypic(&["graph", "D5", "--on", "regular", "--certificate", name]).status.success());
    let checked = json(&["verify", name]);
    assert_eq!(checked["ok"], true);
    assert_eq!(checked["checks"].as_array().unwrap().len(), 8);
    let changed = std::fs::read_to_string(&path).unwrap().replacen("\"dim\":2", "\"dim\":3", 1);
    std::fs::write(&path, changed).unwrap();
    let output = isotypic(&["verify", name]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("FAILED"));
    refused(&["verify", "data/groups/rubik.json"], &["neither a certificate"]);
    refused(&["verify", "no/such/file"], &["no/such/file"]);
}

#[test]
fn maps_between_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cone.svg");
    let name = path.to_str().unwrap();
    let cone = json(&["map", "C3", "--from", "1", "--to", "0", "-o", name]);
    assert_eq!(cone["sectors"].as_array().unwrap().len(), 6);
    assert_eq!(cone["kind"], "nonlinear");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("<svg"));
    let zero = json(&["map", "C6", "--from", "1", "--to", "3"]);
    assert_eq!(zero["kind"], Value::Null);
    assert_eq!(zero["sectors"][0]["matrix"], serde_json::json!([[0.0, 0.0]]));
    let slice = json(&["map", "S5", "--from", "[4,1]", "--to", "[5]", "--slice", "1,2"]);
    assert_eq!(slice["slice_dim"], 2);
    refused(&["map", "S5", "--from", "[4,1]", "--to", "[5]", "--slice", "1,1"], &["parallel"]);
    refused(&["map", "S5", "--from", "[4,1]", "--to", "[5]", "--slice", "1"], &["two points"]);
    refused(&["map", "C3", "--from", "1", "--to", "0", "--activation", "tanh"], &["piecewise linear"]);
    refused(&["map", "C3", "--from", "1", "--to", "0", "-o", "x.png"], &["x.png"]);
}
