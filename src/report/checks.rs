//! The outcome of a verification.

use crate::analysis::certificate_check::Check;
use serde::Serialize;

/// What `verify` prints.
#[derive(Serialize)]
pub struct ChecksReport<'a> {
    ok: bool,
    checks: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    ok: bool,
    detail: &'a str,
}

impl<'a> ChecksReport<'a> {
    /// The report of these checks.
    pub fn new(checks: &'a [Check]) -> Self {
        let row = |check: &'a Check| Row { name: check.name, ok: check.ok, detail: &check.detail };
        ChecksReport { ok: checks.iter().all(|check| check.ok), checks: checks.iter().map(row).collect() }
    }

    /// Whether every check holds.
    pub fn ok(&self) -> bool {
        self.ok
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for row in &self.checks {
            let verdict = if row.ok { "ok    " } else { "FAILED" };
            text += &format!("{verdict}  {}: {}\n", row.name, row.detail);
        }
        text + if self.ok { "verified\n" } else { "not verified\n" }
    }
}
