//! The commands of the companion theories: smooth, reverse, teacher.

use crate::support::{isotypic, json, refused};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn weights_by_temperature_keep_their_support_and_their_orders() {
    let graph = json(&["smooth", "graph", "C8"]);
    assert_eq!(graph["orders"][1], serde_json::json!([-1, 0, 1, null, 3]));
    let last = graph["steps"].as_array().unwrap().last().unwrap();
    assert_eq!((last["activation"].as_str(), &last["scale"]), (Some("relu"), &Value::Null));
    assert!((number(&last["weights"][1][4]) - 0.03021).abs() < 1e-5);
    // SiLU has no constant, so its mean vanishes like the second harmonic; |x| has no loop.
    let silu = json(&["smooth", "graph", "C8", "--activation", "silu"]);
    assert_eq!(silu["orders"][1], serde_json::json!([1, 0, 1, null, 3]));
    let abs = json(&["smooth", "graph", "C8", "--activation", "abs-logcosh", "--scale", "1"]);
    assert_eq!(abs["orders"][1], serde_json::json!([-1, null, 1, null, 3]));
    assert!(number(&abs["steps"][0]["weights"][1][1]) < 1e-12);
    // A group that is not cyclic is sampled, the same bits for the same seed.
    let sampled = ["smooth", "graph", "S4", "--on", "subsets:2", "--samples", "20"];
    let first = json(&sampled);
    assert!(number(&first["squared_error"]) > 0.0 && first == json(&sampled));
    assert_eq!(first["orders"][1], serde_json::json!([-1, 0, 1]));
    refused(&["smooth", "graph", "C8", "--source", "9"], &["there is no such piece"]);
    refused(&["smooth", "graph", "C8", "--activation", "tanh"], &["no sharp limit"]);
    refused(&["smooth", "graph", "C8", "--scale", "1,-1"], &["positive"]);
    refused(&["smooth", "graph", "S4", "--samples", "0"], &["sample"]);
    refused(&["smooth", "graph", "C5000"], &["limit"]);
    refused(&["smooth", "graph", "C8", "--activation", "relu"], &["no temperature"]);
    refused(&["smooth", "graph", "C8", "--activation", "softplus:4"], &["--scale"]);
}

#[test]
fn the_half_identity_holds_where_minus_one_acts() {
    let found = json(&["smooth", "identity"]);
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 33);
    for row in rows {
        let deviation = |place: usize| number(&row["deviations"][place]);
        for half_linear in 0..3 {
            let exact = deviation(half_linear) < 3e-13;
            assert_eq!(row["has_minus_one"].as_bool(), Some(exact), "{row}");
            assert!(number(&row["forbidden_even_parts"][half_linear]) < 3e-13, "{row}");
        }
        assert!(deviation(3) > 0.1, "tanh is no half-linear function: {row}");
    }
    let other = json(&["smooth", "identity", "S4", "--on", "subsets:2", "--activation", "gelu:3"]);
    assert_eq!(other["rows"].as_array().unwrap().len(), 3);
    refused(&["smooth", "identity", "X"], &["no group"]);
    refused(&["smooth", "identity", "C8", "--size", "0"], &["positive size"]);
    refused(&["smooth", "identity", "C8", "--size", "nan"], &["positive size"]);
    refused(&["smooth", "identity", "C8", "--samples", "0"], &["at least one sample"]);
}

#[test]
fn leakage_certificates_and_samples() {
    let leakage =
        json(&["smooth", "leakage", "--activation", "relu,softplus:1", "--samples", "20", "--seed", "3"]);
    let high = |curve: usize| number(&leakage["curves"][curve]["layers"][5]["fraction_high"]);
    assert!(high(0) > 0.02 && high(1) < 1e-5);
    refused(&["smooth", "leakage", "--layers", "0"], &["0 layers"]);
    refused(&["smooth", "leakage", "--layers", "99999999999999"], &["limit"]);
    refused(&["smooth", "leakage", "--high", "40"], &["half the points"]);
    refused(&["smooth", "leakage", "--activation", "elu"], &["no known function"]);

    let certificate = json(&["smooth", "certificate", "data/elnino_c4.onnx", "--samples", "50"]);
    for row in certificate["rows"].as_array().unwrap() {
        assert!(row["holds"] == true && number(&row["ratio"]) < 1.0);
    }
    let data = ["smooth", "certificate", "data/elnino_c4.onnx", "--data", "data/elnino_c4.csv"];
    assert_eq!(json(&data)["inputs"], 61);
    refused(
        &["smooth", "certificate", "data/elnino_c4.onnx", "--activation", "abs-tanh:4"],
        &["the network has Relu"],
    );
    refused(&["smooth", "certificate", "data/elnino_c4.onnx", "--deviation", "0"], &["positive"]);
    refused(&["smooth", "certificate", "data/elnino_c4.onnx", "--deviation", "1e308"], &["overflows"]);
    refused(&["smooth", "certificate", "data/elnino_c4.onnx", "--samples", "0"], &["0 inputs"]);

    let samples = json(&["smooth", "samples", "--activation", "relu,softplus:1,tanh"]);
    let needed: Vec<u64> =
        samples["rows"].as_array().unwrap().iter().map(|row| row["needed"].as_u64().unwrap()).collect();
    assert_eq!(needed[..2], [126, 10]);
    let impossible = json(&["smooth", "samples", "--activation", "relu", "--tolerance", "1e-12"]);
    assert!(impossible["rows"][0]["needed"].is_null());
    refused(&["smooth", "samples", "--band", "100000"], &["band"]);
    refused(&["smooth", "samples", "--at", "0"], &["0 samples"]);
    refused(&["smooth", "samples", "--amplitude", "nan"], &["amplitude"]);
}

#[test]
fn random_layers_obey_their_laws() {
    let run = json(&[
        "reverse",
        "run",
        "--visible",
        "512",
        "--hidden",
        "32",
        "--active",
        "2,4",
        "--keep",
        "1,0.5",
        "--activation",
        "relu,tanh",
        "--trials",
        "30",
    ]);
    let rows = run["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    for row in rows {
        let off = (number(&row["gain"]) - number(&row["predicted_gain"])).abs();
        assert!(off < 5.0 * number(&row["gain_standard_error"]), "{row}");
        // Only ReLU has the error laws.
        assert_eq!(row["exact_linear"].is_null(), row["activation"] == "tanh");
    }
    let convolution =
        json(&["reverse", "run", "--group", "S3", "--channels", "32:4", "--active", "2", "--trials", "5"]);
    assert_eq!((&convolution["visible"], &convolution["hidden"]), (&192.into(), &24.into()));
    refused(&["reverse", "run", "--keep", "1.5"], &["keep probability"]);
    refused(&["reverse", "run", "--active", "0"], &["non-zero units"]);
    refused(&["reverse", "run", "--group", "C8", "--channels", "16"], &["two numbers"]);
    refused(&["reverse", "run", "--visible", "99999999", "--hidden", "99999"], &["limit"]);

    refused(&["reverse", "run", "--group", "C8", "--channels", "9999999999999999999:1"], &["limit"]);

    let law = json(&["reverse", "law", "Q8", "--trials", "400"]);
    for row in law["rows"].as_array().unwrap() {
        let off = (number(&row["measured"]) - number(&row["predicted"])).abs();
        assert!(off < 4.5 * number(&row["standard_error"]), "{row}");
    }
    assert_eq!(law["rows"][4]["endomorphism_dim"], 4);
    refused(&["reverse", "law", "Q8", "--trials", "99999999999999"], &["limit"]);
    refused(&["reverse", "run", "--trials", "99999999999999"], &["limit"]);
    // One trial has no standard error.
    let one = json(&["reverse", "run", "--visible", "64", "--hidden", "8", "--active", "2", "--trials", "1"]);
    assert!(one["rows"][0]["gain_standard_error"].is_null());
    refused(&["reverse", "law", "C2000"], &["limit"]);
    refused(&["reverse", "law", "Q8", "--channels", "0:1"], &["at least one channel"]);
}

#[test]
fn networks_are_compared_and_sent_back() {
    let network = ["data/elnino_c12_wide.onnx", "--group", "C12"];
    let likeness = json(&[&["reverse", "likeness"], &network[..]].concat());
    // One copy on one side: its eigenvalue says nothing, and the field says so.
    assert!(likeness["layers"][0][0]["fraction_inside"].is_null());
    assert!(number(&likeness["layers"][1][0]["fraction_inside"]) > 0.8);
    let back = json(&[&["reverse", "network"], &network[..], &["--samples", "2"]].concat());
    assert!(number(&back["adjoint_violation"]) < 1e-12 && number(&back["deconvolution_violation"]) < 1e-12);
    assert_eq!(back["rows"].as_array().unwrap().len(), 2);
    assert_eq!(back["rows"][0]["adjoint"].as_array().unwrap().len(), 12);
    refused(&["reverse", "likeness", "data/elnino_c12_wide.onnx", "--group", "S12"], &[""]);
    refused(&["reverse", "network", "data/missing.onnx", "--group", "C12"], &["missing.onnx"]);
    refused(&[&["reverse", "network"], &network[..], &["--samples", "0"]].concat(), &["at least one"]);
}

#[test]
fn trees_are_checked_saved_and_read_back() {
    let all = json(&["teacher", "check"]);
    assert_eq!(all["rows"].as_array().unwrap().len(), 7);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tree.json").display().to_string();
    let code = |arguments: &[&str]| isotypic(arguments).status.code();
    assert_eq!(code(&["teacher", "check", "--kind", "lossless", "--save", &file]), Some(0));
    assert_eq!(code(&["teacher", "check", &file]), Some(0));
    assert_eq!(code(&["teacher", "check", "--kind", "lossy_both", "--save", &file]), Some(1));
    let units = json(&["teacher", "check", &file]);
    assert_eq!((units["exact"].as_bool(), units["rows"].as_array().unwrap().len()), (Some(false), 7));
    std::fs::write(&file, "{\"tree\": 3}").unwrap();
    refused(&["teacher", "check", &file], &["tree"]);
    std::fs::write(&file, [0xff, 0xfe]).unwrap();
    refused(&["teacher", "check", &file], &["tree.json"]);
    refused(&["teacher", "check", "--kind", "other"], &["there is no such kind"]);
}

#[test]
fn students_and_losses() {
    let trained = json(&["teacher", "specialize", "--group", "C4", "--samples", "100", "--runs", "1"]);
    assert!(number(&trained["rows"][0]["specialized"]) >= 0.5);
    refused(&["teacher", "specialize", "--samples", "0"], &["sample"]);
    refused(&["teacher", "specialize", "--group", "C4000"], &["limit"]);
    refused(&["teacher", "specialize", "--samples", "99999999999999"], &["limit"]);
    refused(&["teacher", "specialize", "--channels", "9999999999999999999"], &["limit"]);

    let loss = json(&["teacher", "loss", "C4"]);
    let of = |window: usize| {
        let captured: Vec<u64> = loss["windows"][window]["pieces"]
            .as_array()
            .unwrap()
            .iter()
            .map(|piece| piece["rank"].as_u64().unwrap())
            .collect();
        (loss["windows"][window]["linear_loss"].as_u64().unwrap(), captured)
    };
    assert_eq!((of(0), of(1)), ((11, vec![2, 2, 1]), (7, vec![3, 4, 2])));
    refused(&["teacher", "loss", "C4", "--window", "0+x"], &["numbers of points"]);
    refused(&["teacher", "loss", "C4", "--window", "7"], &["below 4"]);
    refused(&["teacher", "loss", "C40"], &["limit"]);
    refused(&["teacher", "loss", "C4", "--values", "1"], &["at least two"]);
}

#[test]
fn results_are_written_as_pictures_tables_and_json() {
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 10] = [
        &["smooth", "identity", "C6"],
        &["smooth", "graph", "C6"],
        &["smooth", "leakage", "--samples", "3"],
        &["smooth", "certificate", "data/elnino_c4.onnx", "--samples", "5"],
        &["smooth", "samples"],
        &["reverse", "run", "--visible", "64", "--hidden", "8", "--active", "2", "--trials", "2"],
        &["reverse", "law", "C3", "--trials", "20"],
        &["reverse", "likeness", "data/elnino_c4.onnx", "--group", "C4"],
        &["teacher", "check"],
        &["teacher", "loss", "C3"],
    ];
    for (index, command) in commands.iter().enumerate() {
        for extension in ["svg", "csv", "json", "SVG"] {
            let path = folder.path().join(format!("{index}.{extension}"));
            let output = isotypic(&[command, &["-o", &path.display().to_string()][..]].concat());
            assert_eq!(output.status.code(), Some(0), "{command:?} {extension}");
            let text = std::fs::read_to_string(&path).unwrap();
            match extension {
                "csv" => {
                    // Commas outside quotes.
                    let width =
                        |line: &str| line.split('"').step_by(2).map(|part| part.matches(',').count()).sum();
                    let widths: Vec<usize> = text.lines().map(width).collect();
                    assert!(widths.len() > 1 && widths.iter().all(|w| *w == widths[0]), "{command:?}");
                }
                "json" => assert!(serde_json::from_str::<Value>(&text).is_ok(), "{command:?}"),
                _ => assert!(text.starts_with("<svg") && !text.contains("NaN"), "{command:?}"),
            }
        }
        refused(&[command, &["-o", "result.txt"][..]].concat(), &[".svg, .csv, .json"]);
    }
}
