//! What experiments find, in every form in which it is delivered.

use crate::draw::svg::Picture;
use crate::error::Result;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::fmt::Write;

/// The result of an experiment: text for people, JSON (by its fields), a table, a picture.
///
/// The names of the fields and the columns of the table are part of the program's contract.
pub trait Findings: Serialize {
    /// The text for people.
    fn text(&self) -> String;

    /// One line for each measurement, with a header, at full precision.
    fn csv(&self) -> String;

    /// The picture.
    ///
    /// # Errors
    /// As [`Plot::picture`](crate::draw::plot::Plot::picture) and
    /// [`Heatmap::picture`](crate::draw::plot::Heatmap::picture).
    fn picture(&self) -> Result<Picture>;
}

/// Columns under their headings: the first aligned to the left, the others to the right.
pub(super) fn aligned(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |c: usize| {
        let cells = rows.iter().filter_map(|row| row.get(c)).map(|cell| cell.chars().count());
        cells.chain([header[c].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let heading: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let mut text = String::new();
    for row in [&heading].into_iter().chain(rows) {
        let mut line = String::new();
        for (c, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if c == 0 {
                let _ = write!(line, "{cell:<width$}");
            } else {
                let _ = write!(line, "  {cell:>width$}");
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Flat records as CSV, headed by the names of their fields.
pub(super) fn csv<T: Serialize>(records: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for record in records {
        let json = serde_json::to_string(&record).expect("flat records are valid JSON");
        let Fields(fields) = serde_json::from_str(&json).expect("a record has fields");
        if text.is_empty() {
            let names: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
            let _ = writeln!(text, "{}", names.join(","));
        }
        let cells: Vec<String> = fields.into_iter().map(|(_, value)| cell(value)).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

/// A value as CSV: text with commas or quotes in quotes, nothing for nothing.
fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.contains([',', '"', '\n']) => {
            format!("\"{}\"", text.replace('"', "\"\""))
        }
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The fields of a record in their order.
struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Four decimals; small and large figures in scientific form; a dash for none.
pub(super) fn figure(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "-".into()
    } else if size == 0.0 {
        "0".into()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{value:.2e}")
    } else {
        format!("{value:.4}")
    }
}

/// A figure with its standard error, where it has one.
pub(super) fn with_error(value: f64, error: f64) -> String {
    if error.is_nan() { figure(value) } else { format!("{} +- {}", figure(value), figure(error)) }
}

/// A given number as it was given, without long rows of zeros.
pub(super) fn given(value: f64) -> String {
    if value == 0.0 || (1e-5..1e7).contains(&value.abs()) { value.to_string() } else { format!("{value:e}") }
}

/// Rounding noise as zero.
pub(super) fn error_figure(value: f64) -> String {
    if value == 0.0 { "0".into() } else { format!("{value:.1e}") }
}

/// A share as percents.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_align_and_quote() {
        let rows = vec![vec!["a".into(), "1".into()], vec!["long".into(), "22".into()]];
        assert_eq!(aligned(&["name", "n"], &rows), "name   n\na      1\nlong  22\n");
        #[derive(Serialize)]
        struct Record {
            label: &'static str,
            value: f64,
        }
        assert_eq!(csv([Record { label: "(0,1)", value: 0.5 }]), "label,value\n\"(0,1)\",0.5\n");
        assert_eq!(
            (figure(0.25), figure(1e-7), figure(0.0)),
            ("0.2500".into(), "1.00e-7".into(), "0".into())
        );
        assert_eq!(
            (with_error(0.5, 0.25), with_error(0.5, f64::NAN)),
            ("0.5000 +- 0.2500".into(), "0.5000".into())
        );
        assert_eq!((given(0.25), given(1e300)), ("0.25".into(), "1e300".into()));
    }
}
