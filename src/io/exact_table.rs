//! Tables of exact numbers: every decimal is the number that it writes, not the nearest `f64`.

use super::npy::read_npy;
use crate::error::{Error, Result};
use crate::num::{Rational, exact, parse_number};
use serde_json::Value;
use std::path::Path;

/// Reads rows of exact numbers: `.csv` (decimals or fractions `p/q`, separated by commas; blank lines and lines that start
/// with `#` are skipped), `.json` (a list of rows, or `{"rows": [...]}`, of numbers or texts such as `"1/3"`), or `.npy`.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, [`Error::Input`] or [`Error::Shape`] with the row where it is no table of
/// numbers or empty, [`Error::Unsupported`] for other extensions.
///
/// ```
/// use isotypic::num::parse_decimal;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("points.csv");
/// std::fs::write(&path, "0.1, 1/3\n# the second point\n1e-2, -2\n").unwrap();
/// let rows = isotypic::io::read_exact_table(&path)?;
/// assert_eq!(rows.len(), 2);
/// assert_eq!(rows[0][0], parse_decimal("0.1").unwrap());
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_exact_table(path: &Path) -> Result<Vec<Vec<Rational>>> {
    let name = path.display().to_string();
    let bytes = || std::fs::read(path).map_err(|source| Error::io(path, source));
    let rows = match super::extension(path).as_str() {
        "csv" => parse_csv(&bytes()?, &name)?,
        "json" => parse_json(&bytes()?, &name)?,
        "npy" => read_npy(path)?
            .rows()
            .into_iter()
            .enumerate()
            .map(|(r, row)| row.into_iter().map(|x| exact(x).ok_or_else(|| bad(&name, r, &x))).collect())
            .collect::<Result<_>>()?,
        _ => {
            return Err(Error::unsupported(
                format!("{name}: this kind of table"),
                "give a .csv, .json or .npy file",
            ));
        }
    };
    let Some(first) = rows.first() else {
        return Err(Error::input(name, "there are no rows", "give one row of numbers per line"));
    };
    if let Some((r, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != first.len()) {
        return Err(Error::shape(
            format!("{name}, row {}", r + 1),
            format!("{} numbers as in the first row", first.len()),
            row.len(),
            "give every row the same number of entries",
        ));
    }
    Ok(rows)
}

/// Reads a decimal or a fraction of integers.
fn number(text: &str) -> Option<Rational> {
    parse_number(text.trim())
}

fn bad(name: &str, row: usize, entry: &impl std::fmt::Display) -> Error {
    Error::input(
        format!("{name}, row {}", row + 1),
        format!("{entry} is not a finite number"),
        "write numbers such as -0.25, 1e-3 or 1/3",
    )
}

fn parse_csv(bytes: &[u8], name: &str) -> Result<Vec<Vec<Rational>>> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|error| Error::input(name, error.to_string(), "save the table as UTF-8 text"))?;
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .enumerate()
        .map(|(r, line)| {
            let fields = line.split(',').map(|field| field.trim().trim_matches('"'));
            fields.map(|field| number(field).ok_or_else(|| bad(name, r, &format!("'{field}'")))).collect()
        })
        .collect()
}

fn parse_json(bytes: &[u8], name: &str) -> Result<Vec<Vec<Rational>>> {
    let mend = "write a list of rows of numbers, such as [[1, 0, 0.5], [0, 1, \"1/3\"]]";
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| Error::input(name, error.to_string(), mend))?;
    let rows = value.get("rows").unwrap_or(&value);
    let rows = rows.as_array().ok_or_else(|| Error::input(name, "there is no list of rows", mend))?;
    rows.iter()
        .enumerate()
        .map(|(r, row)| {
            let entries = row.as_array().ok_or_else(|| {
                Error::input(format!("{name}, row {}", r + 1), format!("{row} is no list"), mend)
            })?;
            let read = |entry: &Value| match entry {
                // The shortest text of a number is the one that was written, up to 17 digits.
                Value::Number(digits) => number(&digits.to_string()),
                Value::String(text) => number(text),
                _ => None,
            };
            entries.iter().map(|entry| read(entry).ok_or_else(|| bad(name, r, entry))).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(top: i32, bottom: u32) -> Rational {
        Rational::from_parts(top.into(), bottom.into())
    }

    #[test]
    fn decimals_are_what_they_write() {
        let expected = vec![vec![ratio(1, 10), ratio(-1, 3)]];
        assert_eq!(parse_csv(b"\n# x\n 0.1 , \"-1/3\"\n", "t").unwrap(), expected);
        assert_eq!(parse_json(br#"[[0.1, "-1/3"]]"#, "t").unwrap(), expected);
        assert_eq!(parse_json(br#"{"rows": [[1e-1, "-1/3"]]}"#, "t").unwrap(), expected);
    }

    #[test]
    fn what_is_no_table_of_numbers_is_refused() {
        for text in ["1,x", "1,", "1/0", "nan"] {
            assert!(parse_csv(text.as_bytes(), "t").is_err(), "{text}");
        }
        for text in ["", "{}", "[1]", "[[null]]", "[[\"a\"]]", "[[1e999]]"] {
            assert!(parse_json(text.as_bytes(), "t").is_err(), "{text}");
        }
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("ragged.csv", "1,2\n3\n"), ("empty.json", "[]"), ("t.txt", "1,2")] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            assert!(read_exact_table(&path).unwrap_err().to_string().contains(name));
        }
    }
}
