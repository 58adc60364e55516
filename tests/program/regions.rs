//! `isotypic regions` as a user meets it: counts, limits, parts, files, proofs, and one clear line for bad input.

use crate::support::{Folder, isotypic, refused, text};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

const C4: &str = "data/elnino_c4.onnx";

/// The JSON result and the exit code.
fn answer(arguments: &[&str]) -> (Value, Option<i32>) {
    let output = isotypic(&[arguments, &["--format", "json"]].concat());
    let value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{arguments:?}: {e}: {}", text(&output.stderr)));
    (value, output.status.code())
}

fn done(arguments: &[&str]) -> Value {
    let (value, code) = answer(arguments);
    assert_eq!(code, Some(0), "{arguments:?}");
    value
}

fn read(path: &str) -> String {
    std::fs::read_to_string(PathBuf::from(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What must not depend on engine, arithmetic, threads or the cutting of the search.
fn counts(value: &Value) -> Vec<&Value> {
    ["regions", "orbits", "orbit_sizes", "complete"].iter().map(|key| &value[key]).collect()
}

#[test]
fn known_counts_come_through_the_command() {
    let known: Value = serde_json::from_str(&read("tests/known/regions.json")).unwrap();
    for name in ["c3_1-2-2", "s3nb_1-2-2", "s4_1-2", "s5_1-2-2", "c6_1-1-1", "braid_4", "dup_2", "4-8-8-1"] {
        let Some((name, net)) =
            known["nets"].as_object().unwrap().iter().find(|(key, _)| key.ends_with(name))
        else {
            panic!("{name} is not known");
        };
        let path = format!("data/nets/{name}.json");
        let file: Value = serde_json::from_str(&read(&path)).unwrap();
        for (domain, argument) in [("all", "all"), ("box", "box:-1,1")] {
            let Some(expected) = net.get(domain) else { continue };
            let mut arguments = vec!["regions", path.as_str(), "--domain", argument];
            let group = file["group"].as_str().filter(|_| expected["orbits"].is_u64());
            if let Some(group) = group {
                arguments.extend(["--group", group]);
            }
            let found = done(&arguments);
            assert_eq!(found["regions"], expected["regions"].to_string(), "{name} {domain}");
            assert_eq!(found["complete"], true);
            assert_eq!(found["certified"], true, "{name} {domain}");
            if group.is_some() {
                assert_eq!(found["orbits"], expected["orbits"].to_string(), "{name} {domain}");
                for (size, count) in expected["orbit_sizes"].as_object().unwrap() {
                    assert_eq!(found["orbit_sizes"][size], count.to_string(), "{name} {domain} size {size}");
                }
            }
            if let Some(pairs) = expected["facet_adjacencies"].as_u64() {
                assert_eq!(found["adjacent_pairs"], pairs.to_string(), "{name} {domain}");
            }
        }
    }
}

#[test]
fn every_engine_gives_the_same_answer() {
    let base = ["regions", C4, "--group", "C4", "--domain", "box:-1,1"];
    let first = done(&base);
    assert_eq!((&first["regions"], &first["orbits"]), (&json!("316"), &json!("85")));
    for more in [
        vec!["--engine", "row"],
        vec!["--engine", "vertex", "--threads", "3"],
        vec!["--engine", "plain"],
        vec!["--arithmetic", "exact"],
        vec!["--merge"],
    ] {
        let other = done(&[&base[..], &more].concat());
        assert_eq!(counts(&first), counts(&other), "{more:?}");
        for key in ["facets", "bounded", "adjacent_pairs", "certified"] {
            assert_eq!(first[key], other[key], "{key} with {more:?}");
        }
    }
    let plain = done(&[&base[..], &["--engine", "plain", "--merge"]].concat());
    let fast = done(&[&base[..], &["--merge"]].concat());
    for key in ["distinct_affine", "linear_regions_connected"] {
        assert_eq!(plain[key], fast[key], "{key}");
    }
    let whole = done(&["regions", C4, "--group", "C4"]);
    let plain = done(&["regions", C4, "--group", "C4", "--engine", "plain"]);
    assert_eq!(whole["bounded"], "623");
    assert_eq!(counts(&whole), counts(&plain));
    for key in ["facets", "bounded", "adjacent_pairs"] {
        assert_eq!(whole[key], plain[key], "{key}");
    }
}

#[test]
fn volumes_fill_the_box() {
    let found = done(&["regions", "data/nets/mlp_3-8-8-1.json", "--domain", "box:-1,1", "--volume"]);
    assert_eq!(found["volume"], "8");
    refused(&["regions", C4, "--engine", "plain", "-o", "regions.jsonl"], &["plain engine"]);
    refused(&["regions", "data/nets/mlp_2-8-8-1.json", "--volume"], &["unbounded", "bounded domain"]);
}

#[test]
fn domains_can_be_cut_and_combined() {
    let folder = Folder::new();
    let net = "data/nets/mlp_2-8-8-1.json";
    let cube = done(&["regions", net, "--domain", "box:-1,1"]);
    let rows = folder.file("rows.csv", "1,0,1\n-1,0,1\n0,1,1\n0,-1,1\n");
    let polytope = format!("polytope:{rows}");
    let near = format!("near:{},1", folder.file("zero.json", "[[0, \"0/5\"]]"));
    for domain in ["box:-1..1,-1..1", &polytope, &near] {
        let same = done(&["regions", net, "--domain", domain]);
        assert_eq!(same["regions"], cube["regions"], "{domain}");
        assert_eq!(same["volume"], Value::Null);
    }
    let both = done(&["regions", net, "--domain", "box:-1,3", "--domain", "box:-5,1"]);
    assert_eq!(both["regions"], cube["regions"]);
    let small = format!("near:{},0.001", folder.file("point.csv", "0.1,1/3\n"));
    assert_eq!(done(&["regions", net, "--domain", &small])["regions"], "1");
    // a three-dimensional slice, alone and within the box
    let points = folder.file("slice.csv", "0,0,0,0\n1,0,-1,0\n0,1,0,-1\n0.5,0.5,0,0\n");
    let slice = format!("slice:{points}");
    let whole = done(&["regions", C4, "--domain", &slice]);
    let part = done(&["regions", C4, "--domain", &slice, "--domain", "box:-1,1"]);
    let number = |value: &Value| value["regions"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(1 < number(&part) && number(&part) < number(&whole));
    let plain = done(&["regions", C4, "--domain", &slice, "--domain", "box:-1,1", "--engine", "plain"]);
    assert_eq!(part["regions"], plain["regions"]);
}

#[test]
fn bad_domains_are_refused() {
    let folder = Folder::new();
    let net = "data/nets/mlp_2-8-8-1.json";
    let ask = |domain: &str, words: &[&str]| refused(&["regions", net, "--domain", domain], words);
    ask("box:0..1", &["2", "1"]);
    ask("box:1..0,0..1", &["empty"]);
    ask("near:nofile.csv,1", &["nofile.csv"]);
    ask("near:nofile.csv", &["no radius"]);
    let point = folder.file("point.csv", "0,0\n");
    ask(&format!("near:{point},0"), &["positive radius"]);
    ask(&format!("near:{point},x"), &["'x' is no number"]);
    ask(&format!("slice:{point}"), &["2 points"]);
    let contradiction = folder.file("empty.csv", "1,0,-2\n-1,0,1\n");
    ask(&format!("polytope:{contradiction}"), &["no interior"]);
    ask(&format!("polytope:{point}"), &["3 numbers"]);
    ask(&format!("polytope:{}", folder.file("word.csv", "1,a,2\n")), &["'a'", "row 1"]);
    ask(&format!("polytope:{}", folder.file("t.txt", "1")), &[".csv"]);
    // a group must keep the domain
    let half = folder.file("half.csv", "1,0,0,0,0\n");
    refused(
        &["regions", C4, "--group", "C4", "--domain", &format!("polytope:{half}")],
        &["does not map the domain to itself", "smaller group"],
    );
    let line = folder.file("line.csv", "0,0,0,0\n1,1,1,1\n");
    refused(
        &["regions", C4, "--group", "C4", "--domain", &format!("segment:{line}")],
        &["slice", "leave out the group"],
    );
}

#[test]
fn a_stopped_search_is_marked_and_can_be_resumed() {
    let folder = Folder::new();
    for (group, threads) in [(None, "1"), (Some("C4"), "1"), (Some("C4"), "2")] {
        let mut base = vec!["regions", C4, "--threads", threads];
        group.iter().for_each(|group| base.extend(["--group", group]));
        let whole = done(&base);
        let file = folder.path("checkpoint.json");
        let (part, code) = answer(&[&base[..], &["--max-regions", "100", "--checkpoint", &file]].concat());
        assert_eq!(code, Some(3));
        assert_eq!((&part["complete"], &part["certified"]), (&json!(false), &json!(false)));
        assert_eq!(part["orbits"], "100");
        let resumed = done(&[&base[..], &["--resume", &file]].concat());
        assert_eq!(counts(&whole), counts(&resumed), "{group:?}");
        // another network, domain or kernel
        let other = ["regions", "data/nets/c4_1-2.json", "--resume", &file];
        refused(&other, &["another network"]);
        refused(&[&base[..], &["--domain", "box:-1,1", "--resume", &file]].concat(), &["another domain"]);
        refused(&[&base[..], &["--engine", "row", "--resume", &file]].concat(), &["kernel"]);
    }
    let (none, code) = answer(&["regions", C4, "--max-seconds", "0"]);
    assert_eq!((code, &none["regions"]), (Some(3), &json!("0")));
    let printed = text(&isotypic(&["regions", C4, "--max-regions", "3"]).stdout);
    assert!(printed.contains("3 found so far") && printed.contains("INCOMPLETE"), "{printed}");
    refused(&["regions", C4, "--resume", &folder.file("x.json", "{}")], &["x.json", "no part"]);
    refused(&["regions", C4, "--max-seconds=-1"], &["--max-seconds"]);
    refused(&["regions", C4, "--checkpoint", "c.json", "--merge"], &["--merge"]);
}

#[test]
fn shards_make_up_the_whole() {
    let folder = Folder::new();
    for group in [None, Some("C4")] {
        let mut base = vec!["regions", C4];
        group.iter().for_each(|group| base.extend(["--group", group]));
        let whole = done(&base);
        let parts: Vec<String> = (1..=3).map(|i| folder.path(&format!("{i}.json"))).collect();
        for (i, part) in parts.iter().enumerate() {
            let shard = format!("{}/3", i + 1);
            done(&[&base[..], &["--shard", &shard, "-o", part]].concat());
        }
        let [one, two, three] = [0, 1, 2].map(|i| parts[i].as_str());
        let merged = done(&["regions", "merge", three, one, two]);
        assert_eq!(counts(&whole), counts(&merged), "{group:?}");
        assert_eq!((&merged["neurons"], &merged["input_dim"]), (&whole["neurons"], &whole["input_dim"]));
        refused(&["regions", "merge", one, two], &["3/3 is missing"]);
        refused(&["regions", "merge", one, two, two], &["2/3 is given twice"]);
        let other = folder.path("other.json");
        done(&["regions", "data/nets/c4_1-2.json", "--shard", "3/3", "-o", &other]);
        refused(&["regions", "merge", one, two, &other], &["another"]);
        let changed = folder.file("changed.json", read(three).replacen("\"orbits\": ", "\"orbits\": 1", 1));
        refused(&["regions", "merge", one, two, &changed], &["changed.json", "do not add up"]);
    }
    refused(&["regions", C4, "--shard", "3/2", "-o", &folder.path("p.json")], &["no such shard"]);
    refused(&["regions", C4, "--shard", "1", "-o", &folder.path("p.json")], &["I/N"]);
    refused(&["regions", C4, "--shard", "1/2"], &["-o FILE.json"]);
    refused(&["regions", "merge", "no.json"], &["no.json"]);
}

#[test]
fn regions_are_listed_and_drawn() {
    let folder = Folder::new();
    let (rows, svg, dot, graph) = ("r.jsonl", "r.svg", "r.dot", "r.json");
    let [rows, svg, dot, graph] = [rows, svg, dot, graph].map(|name| folder.path(name));
    let net = "data/nets/mlp_2-8-8-1.json";
    let arguments =
        ["regions", net, "--domain", "box:-1,1", "-o", &rows, "-o", &svg, "-o", &dot, "-o", &graph];
    let found = done(&arguments);
    let lines: Vec<Value> = read(&rows).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len().to_string(), found["regions"].as_str().unwrap());
    let facets: usize = lines.iter().map(|line| line["facets"].as_array().unwrap().len()).sum();
    assert_eq!(facets.to_string(), found["facets"].as_str().unwrap());
    assert_eq!(lines[0]["orbit_size"], "1");
    assert_eq!(lines[0]["pattern"].as_str().unwrap().len(), 16);
    assert_eq!(lines[0]["affine"][0].as_array().unwrap().len(), 3);
    assert!(read(&svg).starts_with("<svg") && read(&dot).starts_with("graph"));
    let graph: Value = serde_json::from_str(&read(&graph)).unwrap();
    assert_eq!(graph["nodes"].as_array().unwrap().len(), lines.len());
    assert_eq!(
        graph["edges"].as_array().unwrap().len().to_string(),
        found["adjacent_pairs"].as_str().unwrap()
    );
    // one line per orbit, which adds up to all regions
    let orbits = done(&["regions", C4, "--group", "C4", "-o", &rows]);
    let sizes: u64 = read(&rows)
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            row["orbit_size"].as_str().unwrap().parse::<u64>().unwrap()
        })
        .sum();
    assert_eq!(sizes.to_string(), orbits["regions"].as_str().unwrap());
    // what was stopped does not look like what was finished
    let some = folder.path("some.jsonl");
    assert_eq!(answer(&["regions", C4, "--max-regions", "5", "-o", &some]).1, Some(3));
    assert!(!PathBuf::from(&some).exists());
    assert_eq!(read(&folder.path("some.partial.jsonl")).lines().count(), 5);
    refused(&["regions", net, "-o", &folder.path("r.png")], &["rsvg-convert"]);
    refused(&["regions", net, "-o", &folder.path("r.txt")], &[".jsonl"]);
    refused(&["regions", C4, "-o", &folder.path("c4.svg")], &["4 dimensions", "plane"]);
    refused(&["regions", net, "--colour", "orbit", "-o", &folder.path("o.svg")], &["--group"]);
}

#[test]
#[cfg(not(feature = "parquet"))]
fn parquet_is_refused_where_it_was_not_built_in() {
    let folder = Folder::new();
    // before any work: the network is not even looked for
    let table = folder.path("r.parquet");
    refused(
        &["regions", "missing.onnx", "-o", &table],
        &["r.parquet", "cargo install", "--features parquet"],
    );
}

/// A Parquet value as JSON.
#[cfg(feature = "parquet")]
fn as_json(field: &parquet::record::Field) -> Value {
    use parquet::record::Field;
    match field {
        Field::Str(text) => json!(text),
        Field::Long(number) => json!(number),
        Field::Bool(truth) => json!(truth),
        Field::ListInternal(list) => list.elements().iter().map(as_json).collect(),
        Field::Group(row) => {
            Value::Object(row.get_column_iter().map(|(name, field)| (name.clone(), as_json(field))).collect())
        }
        other => panic!("{other}"),
    }
}

#[test]
#[cfg(feature = "parquet")]
fn parquet_tables_hold_what_the_lines_hold() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let rows_of = |path: &str| -> Vec<Value> {
        let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| as_json(&Field::Group(row.unwrap()))).collect()
    };
    let lines_of = |path: &str| -> Vec<Value> {
        read(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let folder = Folder::new();
    let (table, lines) = (folder.path("r.parquet"), folder.path("r.jsonl"));
    let found = done(&["regions", C4, "--group", "C4", "-o", &table, "-o", &lines]);
    assert_eq!(rows_of(&table), lines_of(&lines));
    let size = |row: &Value| row["orbit_size"].as_str().unwrap().parse::<u64>().unwrap();
    let sizes: u64 = rows_of(&table).iter().map(size).sum();
    assert_eq!(sizes.to_string(), found["regions"].as_str().unwrap());
    // what was stopped does not look like what was finished
    let (table, lines) = (folder.path("some.parquet"), folder.path("some.jsonl"));
    let stopped = ["regions", C4, "--max-regions", "5", "-o", &table, "-o", &lines];
    assert_eq!(answer(&stopped).1, Some(3));
    assert!(!PathBuf::from(&table).exists());
    let partial = rows_of(&folder.path("some.partial.parquet"));
    assert_eq!(partial.len(), 5);
    assert_eq!(partial, lines_of(&folder.path("some.partial.jsonl")));
}

/// Changes one value of a certificate.
type Change = fn(&mut Value);

#[test]
fn certificates_hold_and_every_kind_of_entry_is_checked() {
    let folder = Folder::new();
    let net = "data/nets/dup_2.json";
    let path = folder.path("proof.json");
    done(&["regions", net, "--domain", "box:-1,1", "--certificate", &path]);
    let verify = |path: &str, net: &str| answer(&["verify", path, net]);
    let (report, code) = verify(&path, net);
    assert_eq!((code, &report["ok"]), (Some(0), &json!(true)), "{report}");
    assert_eq!(answer(&["verify", &path]).1, Some(0));
    assert_eq!(verify(&path, "data/nets/mlp_2-8-8-1.json").1, Some(1), "another network");
    let proof: Value = serde_json::from_str(&read(&path)).unwrap();
    let kind_of = |kind: &'static str| {
        let regions = proof["regions"].as_array().unwrap();
        let place = regions.iter().enumerate().find_map(|(r, region)| {
            let rows = region["rows"].as_array().unwrap();
            Some((r, rows.iter().position(|row| row.get(kind).is_some_and(Value::is_object))?))
        });
        place.unwrap_or_else(|| panic!("no {kind}"))
    };
    let (r, i) = kind_of("implied");
    let terms = format!("/regions/{r}/rows/{i}/implied/terms/0/1");
    let constant = format!("/regions/{r}/rows/{i}/implied/constant");
    let (r, i) = kind_of("facet");
    let on_facet = format!("/regions/{r}/rows/{i}/facet/point/0");
    let inside = kind_of_beyond(&proof);
    let changes: Vec<(&str, Value)> = vec![
        (&terms, json!("1000003")),
        (&constant, json!("-1")),
        (&on_facet, json!("7")),
        (&inside, json!(0)),
        (&inside, Value::Null),
        ("/regions/0/point/0", json!("9")),
        ("/regions/0/rows/0", json!("constant")),
        ("/layers/0/0/0", json!("17")),
        ("/slopes/0", json!("1/7")),
        ("/half_spaces/0/2", json!("2")),
    ];
    for (pointer, value) in changes {
        let mut changed = proof.clone();
        let entry = changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}"));
        let before = std::mem::replace(entry, value.clone());
        if before == value {
            continue;
        }
        let path = folder.file("changed.json", changed.to_string());
        assert_eq!(verify(&path, net).1, Some(1), "{pointer} = {value}");
    }
    let structure: [(&str, Change); 3] = [
        ("a region is left out", |proof| drop(proof["regions"].as_array_mut().unwrap().pop())),
        ("a region is listed twice", |proof| {
            let regions = proof["regions"].as_array_mut().unwrap();
            regions.push(regions[0].clone());
        }),
        ("a pattern is changed", |proof| {
            let pattern = proof["regions"][1]["pattern"].as_str().unwrap().to_owned();
            proof["regions"][0]["pattern"] = pattern.into();
        }),
    ];
    for (name, change) in structure {
        let mut changed = proof.clone();
        change(&mut changed);
        let path = folder.file("changed.json", changed.to_string());
        assert_eq!(verify(&path, net).1, Some(1), "{name}");
    }
    let nonsense =
        read(&path).replacen("isotypic regions certificate 1", "isotypic regions certificate 9", 1);
    assert_eq!(isotypic(&["verify", &folder.file("new.json", nonsense)]).status.code(), Some(2));
    let word = read(&path).replacen("\"point\":[\"", "\"point\":[\"x", 1);
    refused(&["verify", &folder.file("word.json", word)], &["no exact number"]);
}

/// The place of a facet with a region beyond.
fn kind_of_beyond(proof: &Value) -> String {
    for (r, region) in proof["regions"].as_array().unwrap().iter().enumerate() {
        for (i, row) in region["rows"].as_array().unwrap().iter().enumerate() {
            if row.pointer("/facet/beyond").and_then(Value::as_u64).is_some_and(|beyond| beyond != 0) {
                return format!("/regions/{r}/rows/{i}/facet/beyond");
            }
        }
    }
    panic!("no facet inside the domain")
}

#[test]
fn certificates_of_slices_name_the_whole_network() {
    let folder = Folder::new();
    let plane = format!("plane:{}", folder.file("plane.csv", "0,0,0,0\n1,0,-1,0\n0,1,0,-1\n"));
    let path = folder.path("proof.json");
    done(&["regions", C4, "--domain", &plane, "--domain", "box:-1,1", "--certificate", &path]);
    assert_eq!(answer(&["verify", &path, C4]).1, Some(0));
    assert_eq!(answer(&["verify", &path, "data/nets/c4_1-2.json"]).1, Some(1));
}

/// The first interrupt ends the search in good order.
#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_was_found() {
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint.json");
    // A slow machine may not have come to listening yet when the signal arrives.
    let stopped = (1..=6).map(|attempt| {
        let child = Command::new(env!("CARGO_BIN_EXE_isotypic"))
            .args(["regions", "data/elnino_c12_deep.onnx", "--checkpoint", &checkpoint])
            .args(["--format", "json"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(400 * attempt));
        let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        child.wait_with_output().unwrap()
    });
    let output = stopped.into_iter().find(|output| output.status.code() == Some(3)).expect("exit code 3");
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["complete"], false);
    let part: Value = serde_json::from_str(&read(&checkpoint)).unwrap();
    assert_eq!(part["regions"], value["regions"]);
    assert!(!part["rest"].as_array().unwrap().is_empty());
}
