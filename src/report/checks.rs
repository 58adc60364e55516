//! The outcome of a verification.

use crate::shallow::Check;
use serde::Serialize;

/// What `verify` prints.
#[derive(Serialize)]
pub struct ChecksReport {
    ok: bool,
    checks: Vec<CheckRow>,
}

/// One check.
#[derive(Serialize)]
pub struct CheckRow {
    /// What was checked.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// How much was checked, or what is wrong.
    pub detail: String,
}

impl From<&Check> for CheckRow {
    fn from(check: &Check) -> Self {
        CheckRow { name: check.name.clone(), ok: check.ok, detail: check.detail.clone() }
    }
}

impl CheckRow {
    /// The check as a line of text.
    pub fn line(&self) -> String {
        let verdict = if self.ok { "ok    " } else { "FAILED" };
        format!("{verdict}  {}: {}\n", self.name, self.detail)
    }
}

impl ChecksReport {
    /// The report of these checks.
    pub fn new(checks: &[Check]) -> Self {
        let checks: Vec<CheckRow> = checks.iter().map(CheckRow::from).collect();
        ChecksReport { ok: checks.iter().all(|check| check.ok), checks }
    }

    /// Whether every check holds.
    pub fn ok(&self) -> bool {
        self.ok
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let lines: String = self.checks.iter().map(CheckRow::line).collect();
        lines + if self.ok { "verified\n" } else { "not verified\n" }
    }
}
