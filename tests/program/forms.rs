//! Three-layer forms as a user meets them: written, checked, evaluated and explained by the program.

use crate::support::{Folder, isotypic, json, refused, text};
use safetensors::tensor::SafeTensors;
use serde_json::Value;

const NETWORK: &str = "data/elnino_c4.onnx";

fn rows(answer: &Value) -> Vec<Vec<f64>> {
    serde_json::from_value(answer["outputs"].clone()).unwrap()
}

#[test]
fn a_written_form_is_verified_and_computes_the_network() {
    let folder = Folder::new();
    let file = folder.path("c4.safetensors");
    let built = json(&["shallow", NETWORK, "--group", "C4", "-o", &file]);
    for (field, value) in [("half_spaces", "576"), ("regions", "1655"), ("orbits", "425")] {
        assert_eq!(built[field], value);
    }
    assert_eq!(built["layer_widths"], serde_json::json!([584, 584, 13240]));
    assert_eq!((&built["equivariant"], &built["verified"]), (&true.into(), &true.into()));
    let verdict = json(&["verify", &file, NETWORK]);
    assert_eq!(verdict["ok"], true);
    let names: Vec<&str> =
        verdict["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    for name in
        ["file", "affine pieces", "completeness", "ownership", "values", "permutations", "equivariance"]
    {
        assert!(names.contains(&name), "{names:?}");
    }
    let data = ["--data", "data/elnino_c4.csv"];
    let expected = rows(&json(&[&["eval", NETWORK][..], &data].concat()));
    for further in [&["--mode", "lookup"][..], &["--mode", "layers"], &["--network", NETWORK]] {
        let found = rows(&json(&[&["eval", file.as_str()][..], &data, further].concat()));
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((a - b).abs() < 1e-12, "{further:?}: {a} {b}");
        }
    }
}

#[test]
fn faces_are_stored_and_run_too() {
    let folder = Folder::new();
    let file = folder.path("faces.safetensors");
    let network = "data/nets/c3_1-1.json";
    let arguments = ["shallow", network, "--group", "C3", "--boundary", "faces", "-o", &file];
    assert_eq!(json(&arguments)["verified"], true);
    let verdict = json(&["verify", &file, network]);
    assert_eq!(verdict["ok"], true);
    assert_eq!(verdict["checks"].as_array().unwrap().last().unwrap()["name"], "faces");
    let renamed = folder.path("faces.form");
    std::fs::copy(&file, &renamed).unwrap();
    refused(&["verify", network], &["neither a certificate nor a three-layer form"]);
    let file = renamed;
    let points = folder.file("points.csv", "0,0,0\n1,-2,0.5\n1,1,1\n");
    let expected = rows(&json(&["eval", network, "--data", &points]));
    for mode in ["lookup", "layers"] {
        let found = rows(&json(&["eval", &file, "--data", &points, "--mode", mode]));
        for (a, b) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((a - b).abs() < 1e-12, "{mode}: {a} {b}");
        }
    }
}

#[test]
fn rows_outside_the_domain_are_named() {
    let folder = Folder::new();
    let file = folder.path("box.safetensors");
    assert!(isotypic(&["shallow", NETWORK, "--domain", "box:-1,1", "-o", &file]).status.success());
    let points = folder.file("points.csv", "0,0,0,0\n1,1,1,1\n0,0,0,1.5\n");
    for further in [&["--mode", "lookup"][..], &["--mode", "layers"], &["--network", NETWORK]] {
        refused(
            &[&["eval", &file, "--data", &points][..], further].concat(),
            &["points.csv, row 3", "outside"],
        );
    }
}

/// One byte of every tensor and of the header in turn: the file is refused, or a check fails.
#[test]
fn tampering_with_any_entry_is_noticed() {
    let folder = Folder::new();
    let network = "data/nets/s3_1-2.json";
    let file = folder.path("form.safetensors");
    assert!(isotypic(&["shallow", network, "--group", "S3", "-o", &file]).status.success());
    assert_eq!(isotypic(&["verify", &file, network]).status.code(), Some(0));
    let bytes = std::fs::read(&file).unwrap();
    let start = bytes.len()
        - SafeTensors::deserialize(&bytes)
            .unwrap()
            .tensors()
            .iter()
            .map(|(_, t)| t.data().len())
            .sum::<usize>();
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut places: Vec<(String, usize)> = metadata
        .tensors()
        .into_iter()
        .map(|(name, info)| (name, start + (info.data_offsets.0 + info.data_offsets.1) / 2))
        .collect();
    assert_eq!(places.len(), 15);
    let header = text(&bytes[..start].iter().filter(|b| b.is_ascii()).copied().collect::<Vec<_>>());
    for word in ["half-open", "network", "S3", "inputs"] {
        let at = bytes[..start].windows(word.len()).position(|w| w == word.as_bytes());
        places.push((format!("header, {word}"), at.unwrap_or_else(|| panic!("no {word} in {header}"))));
    }
    for (name, at) in places {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let forged = folder.file("forged.safetensors", changed);
        let code = isotypic(&["verify", &forged, network]).status.code();
        assert!(matches!(code, Some(1 | 2)), "{name}: {code:?}");
    }
    let cut = folder.file("cut.safetensors", &bytes[..bytes.len() / 2]);
    refused(&["verify", &cut, network], &["cut.safetensors"]);
}

#[test]
fn a_form_of_another_network_is_refused() {
    let folder = Folder::new();
    let file = folder.path("form.safetensors");
    assert!(isotypic(&["shallow", "data/nets/s3_1-2.json", "-o", &file]).status.success());
    let other = isotypic(&["verify", &file, "data/nets/s3_1-3.json", "--format", "json"]);
    assert_eq!(other.status.code(), Some(1));
    let verdict: Value = serde_json::from_slice(&other.stdout).unwrap();
    assert_eq!(verdict["ok"], false);
    refused(&["verify", &file], &["against its network"]);
    refused(&["eval", &file, "--data", "data/elnino_c4.csv"], &["3 columns"]);
    refused(&["eval", NETWORK, "--data", "data/elnino_c4.csv", "--mode", "layers"], &["three-layer form"]);
}

#[test]
fn smaller_forms_are_made() {
    let folder = Folder::new();
    let network = "data/nets/dup_2.json";
    let onnx = folder.path("dup.onnx");
    let merged = json(&["shallow", network, "--merge", "-o", &onnx]);
    assert_eq!((&merged["verified"], &merged["regions"]), (&true.into(), &"40".into()));
    let line = r#"{"layers":[{"W":[[1],[-1]],"b":[0,0]},{"W":[[1,-1]],"b":[0]}]}"#;
    let identity = json(&["shallow", &folder.file("identity.json", line), "--merge"]);
    assert_eq!((&identity["regions"], &identity["merged_selectors"]), (&"2".into(), &"1".into()));
    assert!(std::fs::metadata(&onnx).unwrap().len() > 1000);
    refused(&["shallow", network, "--merge", "-o", &folder.path("dup.safetensors")], &["--merge"]);
    let data = ["--restrict-to-data", "data/elnino_c4.csv"];
    let small = json(&[&["shallow", NETWORK, "--group", "C4"][..], &data].concat());
    let regions: usize = small["regions"].as_str().unwrap().parse().unwrap();
    assert!(small["verified"] == true && regions > 100 && regions < 1655, "{regions}");
}

#[test]
fn sizes_come_as_a_latex_table_on_request() {
    let table = text(&isotypic(&["shallow", NETWORK, "--group", "C4", "--format", "latex"]).stdout);
    assert!(table.starts_with("\\begin{tabular}") && table.contains("linear regions & 1655"), "{table}");
    refused(&["regions", NETWORK, "--format", "latex"], &["--format latex"]);
    let listed = text(&isotypic(&["shallow", "data/nets/s3_1-2.json", "--group", "S3", "--orbits"]).stdout);
    assert_eq!(listed.lines().filter(|line| line.starts_with("orbit ")).count(), 13);
}

/// Twenty-five independent neurons under S25: 26 orbits, but too many regions for a proof that lists them.
#[test]
fn forms_with_too_many_regions_are_refused() {
    let folder = Folder::new();
    let row = |i: usize| {
        format!("[{}]", (0..25).map(|j| u8::from(i == j).to_string()).collect::<Vec<_>>().join(","))
    };
    let (rows, ones) = ((0..25).map(row).collect::<Vec<_>>().join(","), ["1"; 25].join(","));
    let biases = ["0"; 25].join(",");
    let layers = format!(r#"{{"layers":[{{"W":[{rows}],"b":[{biases}]}},{{"W":[[{ones}]],"b":[0]}}]}}"#);
    let stopped = isotypic(&["shallow", &folder.file("identity.json", layers), "--group", "S25"]);
    assert_eq!(stopped.status.code(), Some(3));
    assert!(text(&stopped.stderr).contains("33554432 regions"), "{}", text(&stopped.stderr));
}

#[test]
fn a_limit_stops_the_work_and_leaves_no_file() {
    let folder = Folder::new();
    let file = folder.path("few.safetensors");
    let stopped = isotypic(&["shallow", NETWORK, "--max-regions", "5", "-o", &file]);
    assert_eq!(stopped.status.code(), Some(3));
    assert!(text(&stopped.stderr).contains("limit of 5 regions") && stopped.stdout.is_empty());
    assert!(!std::path::Path::new(&file).exists());
    refused(&["shallow", NETWORK, "--merge", "--boundary", "faces"], &["--merge with --boundary faces"]);
}

/// Products of finite weights that no `f64` holds: exact in the form's own file, refused where they would become infinite.
#[test]
fn coefficients_beyond_f64_are_kept_exactly_or_refused() {
    let folder = Folder::new();
    let line = r#"{"layers":[{"W":[[1e300]],"b":[1e308]},{"W":[[1e300]],"b":[0]}]}"#;
    let network = folder.file("huge.json", line);
    let file = folder.path("huge.safetensors");
    assert_eq!(json(&["shallow", &network, "-o", &file])["verified"], true);
    assert_eq!(json(&["verify", &file, &network])["ok"], true);
    let onnx = folder.path("huge.onnx");
    refused(&["shallow", &network, "-o", &onnx], &["ONNX", "scale the network's weights"]);
    assert!(!std::path::Path::new(&onnx).exists());
}
