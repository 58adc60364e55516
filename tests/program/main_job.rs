//! The program as a user meets it: results, exit codes, and one clear line for bad input.

use crate::support::{Folder, isotypic, json, refused, text};
use serde_json::Value;
use std::path::Path;

#[test]
fn regions_of_the_trained_network_are_counted() {
    let whole = json(&["regions", "data/elnino_c4.onnx", "--group", "C4"]);
    assert_eq!((whole["regions"].as_str(), whole["orbits"].as_str()), (Some("1655"), Some("425")));
    assert_eq!(whole["complete"], true);
    let cube = json(&["regions", "data/elnino_c4.onnx", "--group", "C4", "--domain", "box:-1,1", "--merge"]);
    assert_eq!((cube["regions"].as_str(), cube["orbits"].as_str()), (Some("316"), Some("85")));
    assert_eq!(cube["input_dim"], 4);
    assert_eq!(cube["neurons"], 16);
}

#[test]
fn slices_are_counted_in_their_own_dimension() {
    let folder = Folder::new();
    let segment = folder.file("segment.csv", "-1,-1,-1,-1\n1,1,1,1\n");
    let line = json(&["regions", "data/elnino_c4.onnx", "--domain", &format!("segment:{segment}")]);
    assert_eq!(line["complete"], true);
    let plane = folder.file("plane.csv", "0,0,0,0\n1,0,-1,0\n0,1,0,-1\n");
    let plane = json(&["regions", "data/elnino_c4.onnx", "--domain", &format!("plane:{plane}")]);
    let count = |answer: &Value| answer["regions"].as_str().unwrap().parse::<usize>().unwrap();
    assert!(1 < count(&line) && count(&line) < count(&plane) && count(&plane) < 1655);
    let form = json(&["shallow", "data/elnino_c4.onnx", "--domain", &format!("segment:{segment}")]);
    assert_eq!((&form["verified"], &form["regions"]), (&true.into(), &line["regions"]));
    refused(
        &["regions", "data/elnino_c4.onnx", "--domain", &format!("plane:{segment}")],
        &["3 points", "got 2"],
    );
    let flat = folder.file("flat.csv", "0,0,0,0\n1,0,-1,0\n2,0,-2,0\n");
    refused(&["regions", "data/elnino_c4.onnx", "--domain", &format!("plane:{flat}")], &["do not span"]);
}

#[test]
fn questions_answer_with_their_exit_code() {
    let yes = isotypic(&["check", "data/elnino_c6.onnx", "--group", "C6"]);
    assert_eq!(yes.status.code(), Some(0));
    let no = isotypic(&["check", "data/elnino_c6.onnx", "--group", "D6"]);
    assert_eq!(no.status.code(), Some(1));
    let answer = json(&["check", "data/digits_points_s3.onnx", "--group", "S3", "--on", "points*2"]);
    assert_eq!(answer["equivariant"], true);
    assert_eq!(answer["exact"], true);
    assert_eq!(answer["max_violation"], 0.0);
    assert_eq!(answer["layers"][0]["size"], 6);
    assert_eq!(answer["layers"][0]["orbits"], 2);
}

#[test]
fn one_bit_breaks_exact_equivariance() {
    let folder = Folder::new();
    let network = std::fs::read_to_string("data/nets/c4_1-2.json").unwrap();
    let mut value: Value = serde_json::from_str(&network).unwrap();
    let entry = &mut value["layers"][0]["W"][1][0];
    *entry = f64::from_bits(entry.as_f64().unwrap().to_bits() ^ 1).into();
    let path = folder.file("changed.json", value.to_string());
    let answer = json(&["check", &path, "--group", "C4"]);
    assert_eq!(answer["equivariant"], false);
    assert!(answer["max_violation"].as_f64().unwrap() > 0.0);
    let accepted = json(&["check", &path, "--group", "C4", "--tolerance", "1e-15"]);
    assert_eq!((&accepted["equivariant"], &accepted["exact"]), (&true.into(), &false.into()));
}

#[test]
fn graphs_come_in_every_form() {
    let graph = json(&["graph", "C8"]);
    assert_eq!(graph["group"]["order"], "8");
    assert_eq!(graph["action"]["rank"], 8);
    assert_eq!(graph["edges"].as_array().unwrap().len(), 14);
    let loop_at_1 = graph["edges"].as_array().unwrap().iter().find(|e| e["from"] == 1 && e["to"] == 1);
    assert_eq!(loop_at_1.unwrap()["kind"], "linear");
    let folder = Folder::new();
    for (name, start) in [("g.svg", "<svg"), ("g.dot", "digraph"), ("g.json", "{")] {
        let path = folder.path(name);
        let output = isotypic(&["graph", "C12", "-o", &path]);
        assert!(output.status.success());
        assert!(std::fs::read_to_string(path).unwrap().starts_with(start), "{name}");
    }
}

#[test]
fn three_layer_forms_are_verified() {
    let answer = json(&["shallow", "data/nets/s3_1-2-2.json", "--group", "S3"]);
    assert_eq!(answer["verified"], true);
    assert_eq!(answer["equivariant"], true);
    assert_eq!((answer["regions"].as_str(), answer["orbits"].as_str()), (Some("335"), Some("77")));
}

#[test]
fn the_main_job_writes_one_whole_page() {
    let folder = Folder::new();
    let page = folder.path("report.html");
    let arguments =
        ["analyze", "data/elnino_c4.onnx", "--group", "C4", "--data", "data/elnino_c4.csv", "-o", &page];
    let output = isotypic(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let html = std::fs::read_to_string(&page).unwrap();
    for part in ["1655", "425", "equivariant, exactly", "<svg", "</html>"] {
        assert!(html.contains(part), "{part}");
    }
    let foreign = html.replace("http://www.w3.org/2000/svg", "");
    assert!(!foreign.contains("http://") && !foreign.contains("https://"), "the page loads nothing");
    isotypic(&arguments);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), html, "same input, same bytes");
}

/// Trivial groups and groups that the network does not have are no reason to give up.
#[test]
fn the_main_job_works_for_every_group_that_fits() {
    let folder = Folder::new();
    let page = folder.path("page.html");
    let page = &page;
    for (network, group, on, code) in [
        ("data/nets/mlp_2-8-8-1.json", "C1", "points*2", 0),
        ("data/nets/mlp_3-8-8-1.json", "<()>", "points*3", 0),
        ("data/digits_points_s3.onnx", "S3", "points", 0),
        ("data/nets/c3_1-2.json", "S3", "points", 1),
    ] {
        let output = isotypic(&["analyze", network, "--group", group, "--on", on, "-o", page]);
        assert_eq!(output.status.code(), Some(code), "{network} {group}: {}", text(&output.stderr));
        assert!(std::fs::read_to_string(page).unwrap().contains("<svg"));
    }
}

#[test]
fn bad_networks_are_refused() {
    let folder = Folder::new();
    refused(&["check", "no/such.onnx", "--group", "C4"], &["no/such.onnx"]);
    refused(&["check", &folder.file("empty.onnx", ""), "--group", "C4"], &["empty.onnx", "empty"]);
    refused(&["check", &folder.file("text.onnx", "this is no network\n"), "--group", "C4"], &["text.onnx"]);
    let whole = std::fs::read("data/elnino_c4.onnx").unwrap();
    refused(
        &["check", &folder.file("half.onnx", &whole[..whole.len() / 2]), "--group", "C4"],
        &["half.onnx"],
    );
    refused(&["check", "data/elnino_c4.csv", "--group", "C4"], &[".onnx or .json"]);
    let ragged = folder.file("ragged.json", r#"{"layers": [{"W": [[1, 2], [3]], "b": [0, 0]}]}"#);
    refused(&["regions", &ragged], &["ragged.json", "row"]);
    let infinite = folder.file("infinite.json", r#"{"layers": [{"W": [[1e999]], "b": [0]}]}"#);
    refused(&["regions", &infinite], &["infinite.json"]);
}

#[test]
fn bad_groups_and_actions_are_refused() {
    let network = "data/elnino_c4.onnx";
    refused(&["check", network, "--group", "X4"], &["X4"]);
    refused(&["check", network, "--group", "C5"], &["4 points", "5"]);
    refused(&["check", network, "--group", "C2"], &["4 points", "2"]);
    refused(&["check", network, "--group", "C4", "--tolerance", "inf"], &["tolerance"]);
    refused(&["check", network, "--group", "C4", "--on", "nothing"], &["nothing"]);
    refused(&["check", network, "--group", "C4", "--out", "pairs"], &["4 points"]);
    refused(&["check", network, "--group", "C4", "--tolerance", "-1"], &["tolerance"]);
    refused(&["graph", "C8", "--activation", "sine"], &["sine"]);
    refused(&["graph", "@no/such.json"], &["no/such.json"]);
    refused(&["decompose", "S30", "--on", "regular"], &["limit"]);
    refused(&["regions", network, "--group", "D4"], &["not equivariant"]);
}

#[test]
fn bad_tables_are_refused() {
    let folder = Folder::new();
    let with = |name: &str, content: &str| folder.file(name, content);
    let network = "data/elnino_c4.onnx";
    for command in [vec!["trace", network, "--group", "C4"], vec!["eval", network]] {
        let ask =
            |data: &str, words: &[&str]| refused(&[command.as_slice(), &["--data", data]].concat(), words);
        ask(&with("ragged.csv", "1,2,3,4\n1,2,3\n"), &["ragged.csv", "line 2"]);
        ask(&with("word.csv", "1,2,3,4\n1,two,3,4\n"), &["word.csv", "two"]);
        ask(&with("empty.csv", ""), &["empty.csv"]);
        ask(&with("narrow.csv", "1,2\n"), &["narrow.csv", "4 columns"]);
        ask("no/such.csv", &["no/such.csv"]);
    }
}

#[test]
fn bad_domains_are_refused() {
    let network = "data/elnino_c4.onnx";
    for (domain, word) in
        [("box:1,1", "empty"), ("box:2,1", "empty"), ("box:a,b", "two numbers"), ("ball:1", "ball:1")]
    {
        refused(&["regions", network, "--domain", domain], &[word]);
    }
    refused(&["regions", "data/elnino_c12.onnx", "--engine", "plain"], &["12 inputs"]);
}

#[test]
fn bad_outputs_leave_nothing_behind() {
    let folder = Folder::new();
    let inside = folder.path("no/such/folder/report.html");
    let page = ["analyze", "data/elnino_c4.onnx", "--group", "C4", "-o"];
    let output = isotypic(&[&page[..], &[&inside]].concat());
    assert_eq!(output.status.code(), Some(2));
    refused(&[&page[..], &[&folder.path("report.pdf")]].concat(), &[".html"]);
    refused(&["graph", "C8", "-o", &folder.path("g.png")], &[".svg"]);
    let bad = folder.path("bad.html");
    refused(&["analyze", "data/elnino_c4.onnx", "--group", "C7", "-o", &bad], &["4 points"]);
    assert!(!Path::new(&bad).exists());
    assert_eq!(folder.entries(), 0, "nothing is left behind");
}

#[test]
fn usage_errors_exit_with_two() {
    for arguments in [vec![], vec!["nonsense"], vec!["graph"], vec!["check", "data/elnino_c4.onnx"]] {
        assert_eq!(isotypic(&arguments).status.code(), Some(2), "{arguments:?}");
    }
    for command in ["analyze", "decompose", "graph", "flow", "check", "trace", "regions", "shallow", "eval"] {
        let help = isotypic(&[command, "--help"]);
        assert!(
            help.status.success() && text(&help.stdout).contains("Examples:"),
            "{command} --help has an example"
        );
    }
}
