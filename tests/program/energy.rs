//! Weights, flows, traces and spectra on the command line.

use crate::support::{isotypic, json, refused};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

fn text(arguments: &[&str]) -> String {
    let output = isotypic(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn file(folder: &Path, name: &str, content: &str) -> String {
    let path: PathBuf = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// The weight of every edge is the entry of the flow matrix, for every activation and with a bias.
#[test]
fn edges_weigh_what_flows() {
    for activation in
        ["relu", "abs", "leaky:0.1", "prelu:-2", "min0", "softplus", "silu", "gelu", "root", "tanh"]
    {
        for (group, on, bias) in [("C12", "points", "0"), ("S4", "regular", "0.5")] {
            let graph = json(&[
                "graph",
                group,
                "--on",
                on,
                "--activation",
                activation,
                "--weights",
                &format!("--bias={bias}"),
            ]);
            let flow = json(&["flow", group, "--on", on, "--activation", activation, "--bias", bias]);
            assert_eq!(graph["bias"], serde_json::json!(bias != "0"));
            let edges = graph["edges"].as_array().unwrap();
            let mut sums = vec![0.0; graph["nodes"].as_array().unwrap().len()];
            for edge in edges {
                let (from, to) = (edge["from"].as_u64().unwrap(), edge["to"].as_u64().unwrap());
                let weight = edge["weight"].as_f64().unwrap();
                let flowing = flow["layers"][0][from as usize][to as usize].as_f64().unwrap();
                assert!((weight - flowing).abs() < 1e-12, "{activation} {group}");
                sums[from as usize] += weight;
            }
            for (from, row) in flow["layers"][0].as_array().unwrap().iter().enumerate() {
                let row = numbers(row);
                assert!((sums[from] - row.iter().sum::<f64>()).abs() < 1e-12);
                // What is no edge carries nothing, not a rounding error.
                for (to, energy) in row.into_iter().enumerate() {
                    let is_edge = edges
                        .iter()
                        .any(|e| e["from"] == serde_json::json!(from) && e["to"] == serde_json::json!(to));
                    assert_eq!(is_edge, energy != 0.0, "{activation} {group}: {from} -> {to}");
                }
            }
        }
    }
    assert_eq!(json(&["graph", "C8"])["edges"][0]["weight"], Value::Null);
    refused(&["graph", "C8", "--weights", "--bias=inf"], &["finite"]);
    for huge in ["--bias=1e308", "--variance=1e308", "--activation=leaky:1e300"] {
        refused(&["flow", "C8", huge], &["out of the range"]);
        refused(&["flow", "S3", "--on", "regular", huge], &["out of the range"]);
    }
}

#[test]
fn weights_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("graph.svg").display().to_string();
    let dot = folder.path().join("graph.dot").display().to_string();
    text(&["graph", "C8", "--weights", "-o", &svg]);
    let svg = std::fs::read_to_string(svg).unwrap();
    assert!(svg.contains("energy for unit energy on the source") && svg.contains("stroke-width=\"4\""));
    text(&["graph", "C8", "--weights", "-o", &dot]);
    assert!(std::fs::read_to_string(dot).unwrap().contains("penwidth=4"));
    let plain = text(&["graph", "C8", "--weights"]);
    assert!(plain.contains("1* (0.2500) 2 (0.0454) 4 (0.0018)"), "{plain}");
}

#[test]
fn filters_stand_between_activations() {
    let folder = tempfile::tempdir().unwrap();
    let none = file(folder.path(), "flat.csv", "1,1,1,1,1\n");
    let flat = json(&["flow", "C8", "--depth", "3", "--filter", &none]);
    assert_eq!(flat["layers"], json(&["flow", "C8", "--depth", "3"])["layers"]);
    // Nothing but the mean gets through the second layer.
    let mean = file(folder.path(), "mean.csv", "1,1,1,1,1\n1,0,0,0,0\n");
    let flow = json(&["flow", "C8", "--filter", &mean]);
    let layers = flow["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 3);
    for row in layers[2].as_array().unwrap() {
        assert!(numbers(row)[0] > 0.0 && numbers(row)[1..].iter().all(|e| *e == 0.0));
    }
    refused(&["flow", "C8", "--depth", "5", "--filter", &mean], &["4, one less than --depth"]);
    refused(&["flow", "C6", "--filter", &none], &["4 columns"]);
    // Labels that are words head the columns in any order.
    let headed = file(folder.path(), "headed.csv", "\"[3,1]\",\"[4]\"\n0,1\n");
    let flow = json(&["flow", "S4", "--depth", "2", "--filter", &headed]);
    assert!(flow["layers"][1][1][1].as_f64().unwrap() < 1e-15);
    let wrong = file(folder.path(), "wrong.csv", "\"[3,1]\",\"[2,2]\"\n1,1\n");
    refused(&["flow", "S4", "--filter", &wrong], &["column '[4]'"]);
}

#[test]
fn flows_through_trained_networks() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("flow.svg").display().to_string();
    let flow = json(&["flow", "C12", "--network", "data/elnino_c12_deep.onnx", "-o", &svg]);
    assert!(std::fs::read_to_string(svg).unwrap().contains("layer 1 after"));
    let stages = flow["stages"].as_array().unwrap();
    let layers = flow["layers"].as_array().unwrap();
    assert_eq!((stages.len(), layers.len()), (layers.len(), flow["gains"].as_array().unwrap().len() * 2 - 1));
    // The first stage is the gain, on the diagonal.
    for (i, row) in layers[0].as_array().unwrap().iter().enumerate() {
        for (k, energy) in numbers(row).into_iter().enumerate() {
            assert_eq!(energy, if i == k { flow["gains"][0][k].as_f64().unwrap() } else { 0.0 });
        }
    }
    let one = json(&["flow", "C12", "--network", "data/elnino_c12_deep.onnx", "--source", "2"]);
    assert_eq!(one["sources"], serde_json::json!([2]));
    assert_eq!(one["layers"][3][0], layers[3][2]);
    json(&["flow", "C8^2", "--network", "data/digits_torus8.onnx", "--source", "(0,1)"]);
    refused(&["flow", "C5", "--network", "data/elnino_c12.onnx"], &["12"]);
    let both = isotypic(&["flow", "C12", "--network", "data/elnino_c12.onnx", "--depth", "2"]);
    assert_eq!(both.status.code(), Some(2), "the depth is that of the network");
}

#[test]
fn traces_of_every_kind_of_network() {
    let folder = tempfile::tempdir().unwrap();
    for (network, group, on, table) in [
        ("data/elnino_c4.onnx", "C4", "points", "data/elnino_c4.csv"),
        ("data/elnino_c12_deep.onnx", "C12", "points", "data/elnino_c12.csv"),
        ("data/digits_torus8.onnx", "C8^2", "points", "data/digits_torus8.csv"),
        ("data/digits_points_s4.onnx", "S4", "points*2", "data/digits_points_s4.csv"),
        ("data/nets/c6_1-2-1.json", "C6", "points", "data/elnino_c6.csv"),
    ] {
        let out = |name: &str| folder.path().join(name).display().to_string();
        let trace =
            json(&["trace", network, "--group", group, "--on", on, "--data", table, "-o", &out("t.csv")]);
        let stages = trace["stages"].as_array().unwrap();
        let names: Vec<&str> = stages.iter().map(|stage| stage["name"].as_str().unwrap()).collect();
        assert_eq!((names[0], names[1], names[2]), ("input", "layer 1 before", "layer 1 after"));
        assert_eq!(*names.last().unwrap(), "output");
        for stage in stages {
            let energies = numbers(&stage["energies"]);
            let total = stage["energy"].as_f64().unwrap();
            assert!((energies.iter().sum::<f64>() - total).abs() < 1e-9 * total.max(1.0));
            let quantiles = &stage["quantiles"];
            for k in 0..energies.len() {
                let [low, middle, high] =
                    ["tenth", "median", "ninetieth"].map(|name| quantiles[name][k].as_f64().unwrap());
                assert!(low <= middle && middle <= high);
            }
            let after = stage["name"].as_str().unwrap().ends_with("after");
            assert_eq!(stage["fraction_new"].is_number(), after);
            if after {
                let new: f64 = numbers(&stage["new_energies"]).iter().sum();
                let share = stage["fraction_new"].as_f64().unwrap();
                assert!((new - share * total).abs() < 1e-9 * total.max(1.0));
            }
        }
        // Frequencies exist for cycles and tori.
        assert_eq!(stages[0]["centroid"].is_number(), group.starts_with('C'));
        assert_eq!(stages[0]["row_quantiles"]["spread"].is_object(), group.starts_with('C'));
        let csv = std::fs::read_to_string(out("t.csv")).unwrap();
        assert!(csv.starts_with("stage,measure,piece,value,quantile_10,median,quantile_90\n"));
        assert!(
            csv.lines().all(|line| line.split("\"").step_by(2).collect::<String>().matches(',').count() == 6)
        );
        text(&["trace", network, "--group", group, "--on", on, "--data", table, "-o", &out("t.svg")]);
        assert!(std::fs::read_to_string(out("t.svg")).unwrap().contains("</svg>"));
    }
    let cut =
        ["trace", "data/elnino_c12.onnx", "--group", "C12", "--data", "data/elnino_c12.csv", "--cut", "1.5"];
    let trace = json(&cut);
    let input = &trace["stages"][0];
    let above: f64 = numbers(&input["fractions"])[2..].iter().sum();
    assert!((input["above_cut"].as_f64().unwrap() - above).abs() < 1e-12);
    let points = ["trace", "data/digits_points_s4.onnx", "--group", "S4", "--on", "points*2"];
    refused(
        &[&points[..], &["--data", "data/digits_points_s4.csv", "--cut", "1"]].concat(),
        &["no frequency"],
    );
}

#[test]
fn spectra_of_tables() {
    let folder = tempfile::tempdir().unwrap();
    let two = file(folder.path(), "two.csv", "1,1,1,1,1,0,-1,0\n1,1,1,1,0,0,0,0\n");
    let both = json(&["spectrum", "C4", "--data", &two]);
    assert_eq!(
        (&both["rows"], numbers(&both["channels"][0]["energies"])),
        (&serde_json::json!(2), vec![4.0, 1.0, 0.0])
    );
    let each = json(&["spectrum", "C4", "--data", &two, "--each", "--cut", "0.5"]);
    assert_eq!(numbers(&each["channels"][1]["energies"]), [0.0, 1.0, 0.0]);
    assert_eq!(numbers(&each["channels"][1]["quantiles"]["median"]), [0.0, 1.0, 0.0]);
    assert_eq!(each["channels"][1]["above_cut"], serde_json::json!(1.0));
    let last = file(folder.path(), "last.csv", "1,1,1,0,1,-1,1,0\n");
    let each = json(&["spectrum", "C4", "--data", &last, "--each", "--channels", "last"]);
    assert_eq!(numbers(&each["channels"][1]["energies"]), [0.0, 2.0, 0.0]);
    for kind in ["svg", "csv", "json"] {
        let out = folder.path().join(format!("s.{kind}")).display().to_string();
        text(&["spectrum", "C4", "--data", &two, "-o", &out]);
        assert!(std::fs::metadata(out).unwrap().len() > 100);
    }
    assert!(text(&["spectrum", "S3", "--on", "tuples:2", "--data", "data/elnino_c6.csv"]).contains("[2,1]"));
    refused(&["spectrum", "C5", "--data", &two], &["a multiple of 5 columns"]);
    refused(&["spectrum", "S4", "--data", &two, "--cut", "1"], &["no frequency"]);
    let bad = file(folder.path(), "bad.csv", "1,2,3,4\n1,2,3,4\n1,2,x,4\n");
    refused(&["spectrum", "C4", "--data", &bad], &["line 3, column 3: 'x'"]);
    // A bad row far behind the first ones still leaves no file.
    let out = folder.path().join("none.csv").display().to_string();
    refused(&["spectrum", "C4", "--data", &bad, "-o", &out], &["line 3"]);
    assert!(!Path::new(&out).exists());
}

/// Forty megabytes of text and thirty of numbers in a process that may take far less.
#[cfg(target_os = "linux")]
#[test]
fn long_tables_take_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    let rows = 300_000;
    let csv = folder.path().join("long.csv");
    let npy = folder.path().join("long.npy");
    let mut text_file = std::io::BufWriter::new(std::fs::File::create(&csv).unwrap());
    let mut npy_file = std::io::BufWriter::new(std::fs::File::create(&npy).unwrap());
    let header = format!("{{'descr': '<f8', 'fortran_order': True, 'shape': ({rows}, 12), }}");
    npy_file.write_all(b"\x93NUMPY\x01\x00").unwrap();
    npy_file.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
    npy_file.write_all(header.as_bytes()).unwrap();
    let value = |i: usize, x: usize| f64::from(((i * 7 + x * x * 3) % 101) as u32) / 50.0 - 1.0;
    for i in 0..rows {
        let row: Vec<String> = (0..12).map(|x| format!("{:+.8}", value(i, x))).collect();
        writeln!(text_file, "{}", row.join(",")).unwrap();
    }
    for x in 0..12 {
        for i in 0..rows {
            npy_file.write_all(&value(i, x).to_le_bytes()).unwrap();
        }
    }
    text_file.flush().unwrap();
    npy_file.flush().unwrap();
    // The limit is on the data segment, in kilobytes; a program that reads whole files does not get by with it.
    let small = |arguments: &[&str]| -> Value {
        let words = [&[env!("CARGO_BIN_EXE_isotypic")], arguments, &["--format", "json"]].concat();
        let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -d {}; {words}", 24 * 1024)])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {errors}"))
    };
    let (csv, npy) = (csv.display().to_string(), npy.display().to_string());
    let one = small(&["spectrum", "C12", "--data", &csv]);
    let other = small(&["spectrum", "C12", "--data", &npy]);
    assert_eq!(one["rows"], rows);
    for (a, b) in
        numbers(&one["channels"][0]["energies"]).iter().zip(numbers(&other["channels"][0]["energies"]))
    {
        assert!((a - b).abs() < 1e-6);
    }
    let trace = small(&["trace", "data/elnino_c12.onnx", "--group", "C12", "--data", &npy]);
    assert_eq!(trace["rows"], rows);
}
