//! Running the program.

use serde_json::Value;
use std::process::{Command, Output};

pub(crate) fn isotypic(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_isotypic"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

pub(crate) fn json(arguments: &[&str]) -> Value {
    let output = isotypic(&[arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{arguments:?}: {e}: {}", text(&output.stderr)))
}

/// One line on standard error that holds all the words, exit code 2, nothing on standard output.
pub(crate) fn refused(arguments: &[&str], words: &[&str]) {
    let output = isotypic(arguments);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed a result");
    assert_eq!(message.trim_end().lines().count(), 1, "{arguments:?}: {message}");
    assert!(message.starts_with("error: "), "{message}");
    for word in words {
        assert!(message.contains(word), "{arguments:?}: no '{word}' in {message}");
    }
}

/// A folder that goes away with the test.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The number of files in it.
    pub(crate) fn entries(&self) -> usize {
        std::fs::read_dir(self.0.path()).unwrap().count()
    }
}
