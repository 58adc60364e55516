//! Which module may use which: the table of ARCHITECTURE.md, enforced.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the modules that it may use; `error` is open to all.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("error", &[]),
    ("num", &[]),
    ("group", &["num"]),
    ("action", &["group", "num"]),
    ("representation", &["action", "group", "num"]),
    ("harmonic", &["representation", "action", "group", "num"]),
    ("network", &["harmonic", "representation", "action", "group", "num"]),
    ("polyhedral", &["num"]),
    ("shallow", &["polyhedral", "network", "harmonic", "representation", "action", "group", "num"]),
    (
        "analysis",
        &["shallow", "polyhedral", "network", "harmonic", "representation", "action", "group", "num"],
    ),
    ("draw", &[]),
    ("io", &["network", "harmonic", "representation", "action", "group", "num"]),
    (
        "report",
        &[
            "analysis",
            "draw",
            "io",
            "shallow",
            "polyhedral",
            "network",
            "harmonic",
            "representation",
            "action",
            "group",
            "num",
        ],
    ),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules named behind `crate::` in code, examples in documentation left out.
fn used_modules(text: &str) -> Vec<String> {
    let mut used = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            if let Some(group) = rest.strip_prefix('{') {
                used.extend(group.split(',').map(|word| first_word(word.trim())));
            } else {
                used.push(first_word(rest));
            }
        }
    }
    used
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn no_module_uses_what_it_must_not() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut arrows = 0;
    for file in files {
        let inside = file.strip_prefix(&source).unwrap().to_string_lossy().replace(".rs", "");
        let module = first_word(&inside);
        if ["lib", "main", "cli"].contains(&module.as_str()) {
            continue;
        }
        let allowed = allowed.get(module.as_str()).unwrap_or_else(|| panic!("{module} is not in the table"));
        for used in used_modules(&fs::read_to_string(&file).unwrap()) {
            // `crate::Error` and `crate::Result` are re-exported from `error`.
            let shared = used == module || used == "error" || used == "Error" || used == "Result";
            assert!(shared || allowed.contains(&used.as_str()), "{inside} uses {used}");
            arrows += 1;
        }
    }
    assert!(arrows > 50, "the test must see the arrows");
}

#[test]
fn the_reader_sees_all_forms_of_use() {
    let text =
        "use crate::num::Natural;\nuse crate::{draw, io::x};\nlet a = crate::group::f();\n/// crate::cli";
    assert_eq!(used_modules(text), ["num", "draw", "io", "group"]);
}
