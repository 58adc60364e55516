//! Tables of numbers: CSV files, and `.npy` arrays read as rows.

use super::npy::read_npy;
use crate::error::{Error, Result};
use csv::{ReaderBuilder, StringRecord, Trim};
use std::path::Path;

/// Rows of equal length, with the names of the columns where the file has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The words of the header line, if there is one.
    pub header: Option<Vec<String>>,
    /// The rows of numbers.
    pub rows: Vec<Vec<f64>>,
}

/// Reads a table: `.csv` through [`parse_csv`], `.npy` as the rows of its first axis.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, [`Error::Input`] or [`Error::Shape`] with line and column where it is
/// no table of numbers, [`Error::Unsupported`] for other extensions.
///
/// ```
/// let table = isotypic::io::read_table("data/elnino.csv".as_ref())?;
/// assert_eq!((table.rows.len(), table.rows[0].len()), (61, 13));
/// assert_eq!(table.header.unwrap()[1], "JAN");
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_table(path: &Path) -> Result<Table> {
    let name = path.display().to_string();
    match super::extension(path).as_str() {
        "csv" => {
            let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
            parse_csv(&bytes, &name)
        }
        "npy" => Ok(Table { header: None, rows: read_npy(path)?.rows() }),
        _ => Err(Error::unsupported(format!("{name}: this kind of table"), "give a .csv or .npy file")),
    }
}

/// Reads comma-separated numbers; `name` stands for the file in errors.
///
/// The first line is a header iff none of its fields is a number. Lines that start with `#` and blank lines are
/// skipped; fields may be quoted and padded with blanks. A comma inside quotes does not separate, if the quote opens
/// right at the start of the field.
///
/// # Errors
/// [`Error::Input`] or [`Error::Shape`] with line and column for a word, NaN or infinity, a row of another length than
/// the first, and for a file without rows.
pub fn parse_csv(bytes: &[u8], name: &str) -> Result<Table> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
        .map_err(|error| Error::input(name, error.to_string(), "save the table as UTF-8 text"))?;
    let mut records = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut table = Table { header: None, rows: Vec::new() };
    let mut width = None;
    let mut record = StringRecord::new();
    while records
        .read_record(&mut record)
        .map_err(|error| Error::input(name, error.to_string(), "save the table as plain CSV text"))?
    {
        let fields: Vec<&str> = record.iter().map(unquote).collect();
        if fields == [""] {
            continue;
        }
        let first = width.is_none();
        let width = *width.get_or_insert(fields.len());
        if fields.len() != width {
            return Err(Error::shape(
                format!("{name}, line {}", line_of(&record, text)),
                format!("{width} columns as in the first line"),
                fields.len(),
                "give every row the same number of columns",
            ));
        }
        if first && fields.iter().all(|field| field.parse::<f64>().is_err()) {
            table.header = Some(fields.into_iter().map(str::to_string).collect());
            continue;
        }
        let mut row = Vec::with_capacity(width);
        for (column, field) in (1..).zip(fields) {
            let value = field.parse::<f64>().ok().filter(|value| value.is_finite());
            row.push(value.ok_or_else(|| {
                Error::input(
                    format!("{name}, line {}, column {column}", line_of(&record, text)),
                    // A quote that is never closed swallows the lines that follow.
                    format!("'{}' is no finite number", field.lines().next().unwrap_or_default()),
                    "put a finite number there, with a point for the decimals and commas between columns",
                )
            })?);
        }
        table.rows.push(row);
    }
    if table.rows.is_empty() {
        return Err(Error::input(name, "the table has no rows of numbers", "give at least one row"));
    }
    Ok(table)
}

/// A field without the quotes that the reader leaves in place where blanks precede them, as in `1, "2"`.
fn unquote(field: &str) -> &str {
    field.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(field).trim()
}

/// The line on which a record of `text` begins, counted from 1.
///
/// The reader's position is where it went on after the record before; the empty lines and comments that it skipped
/// from there, and the second half of a CR LF, still count.
fn line_of(record: &StringRecord, text: &str) -> u64 {
    let Some(position) = record.position() else { return 1 };
    let rest = text.get(position.byte() as usize..).unwrap_or_default();
    let skipped = rest.split('\n').take_while(|line| matches!(*line, "" | "\r") || line.starts_with('#'));
    position.line() + skipped.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headers_comments_and_blanks() {
        let table =
            parse_csv(b"\xef\xbb\xbf# made up\n\"a\", b\n1, -2.5e3\n\n0x,3\n".as_slice(), "t").unwrap_err();
        assert!(table.to_string().contains("line 5, column 1: '0x'"), "{table}");
        let table = parse_csv(b"a,b\n1, -2.5e3\n", "t").unwrap();
        assert_eq!(table.header.unwrap(), ["a", "b"]);
        assert_eq!(table.rows, [[1.0, -2500.0]]);
        assert_eq!(parse_csv(b"1,2\n", "t").unwrap().header, None);
        let table = parse_csv(b"\"a,b\", \"c\"\r\n\"1\", \"2\"\r\n", "t").unwrap();
        assert_eq!(
            (table.header.unwrap(), table.rows),
            (vec!["a,b".into(), "c".into()], vec![vec![1.0, 2.0]])
        );
    }

    #[test]
    fn skipped_lines_count() {
        for end in ["\n", "\r\n"] {
            for (line, before) in [
                (1, vec![]),
                (3, vec!["# made, \"up", ""]),
                (7, vec!["", "# made up", "  ", "1,2", "", "# an \"open quote"]),
            ] {
                let text = before.iter().map(|line| line.to_string() + end).collect::<String>();
                let bad = text + "3,x" + end + end + "5,6";
                let bad = parse_csv(bad.as_bytes(), "t").unwrap_err().to_string();
                assert!(bad.contains(&format!("line {line}, column 2: 'x'")), "{bad}");
            }
        }
    }

    #[test]
    fn bad_tables_are_placed() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "no rows"),
            (b"a,b\n", "no rows"),
            (b"1,2\n3\n", "line 2: expected 2 columns"),
            (b"1,2\n3,x\n", "line 2, column 2: 'x'"),
            (b"1,2\n3,nan\n", "line 2, column 2: 'nan'"),
            (b"1,x\n", "line 1, column 2"),
            (b"1,\xff\n", "UTF-8"),
            (b"1,2\n3,\"4\n5,6\n", "line 2, column 2: '4' is no"),
            (b"\"a,b\",c\n1,2,3\n", "line 2: expected 2 columns"),
        ];
        for (bytes, words) in cases {
            let text = parse_csv(bytes, "t.csv").unwrap_err().to_string();
            assert!(text.contains(words) && text.starts_with("t.csv"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r#"[0-9.,"\r\n# \u{feff}xé-]{0,60}"#) {
            if let Ok(table) = parse_csv(text.as_bytes(), "t") {
                prop_assert!(table.rows.iter().all(|row| row.len() == table.rows[0].len()));
            }
        }
    }
}
