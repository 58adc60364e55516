//! Tables of numbers: CSV files, and `.npy` arrays read as rows.

use super::lines::CsvRows;
use super::npy::NpyRows;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Rows of equal length, with the names of the columns where the file has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The words of the header line, if there is one.
    pub header: Option<Vec<String>>,
    /// The rows of numbers.
    pub rows: Vec<Vec<f64>>,
}

/// The rows of a table file of any length, one after the other, in bounded memory: an iterator of rows of equal length,
/// which ends at the first error.
///
/// ```
/// let rows = isotypic::io::open_table("data/elnino_c12.csv".as_ref())?;
/// assert_eq!(rows.width(), 12);
/// let mut warmest = f64::MIN;
/// for row in rows {
///     warmest = row?.into_iter().fold(warmest, f64::max);
/// }
/// assert!(warmest > 0.0);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub struct TableRows {
    source: Source,
    first: Option<Vec<f64>>,
    width: usize,
    failed: bool,
}

enum Source {
    Csv(CsvRows<BufReader<File>>),
    Npy(NpyRows<BufReader<File>>),
}

impl Source {
    fn next_row(&mut self) -> Result<Option<Vec<f64>>> {
        match self {
            Source::Csv(rows) => rows.next_row(),
            Source::Npy(rows) => rows.next_row(),
        }
    }
}

impl TableRows {
    /// The number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The words of the header line, if there is one.
    pub fn header(&self) -> Option<&[String]> {
        match &self.source {
            Source::Csv(rows) => rows.header(),
            Source::Npy(_) => None,
        }
    }
}

impl Iterator for TableRows {
    type Item = Result<Vec<f64>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = match self.first.take() {
            Some(row) => Ok(Some(row)),
            None => self.source.next_row(),
        };
        self.failed = next.is_err();
        next.transpose()
    }
}

/// Opens a table and reads its first row: `.csv` as [`parse_csv`] does, `.npy` as the rows of its first axis (an array of
/// one axis is one row). Memory does not depend on the number of rows.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, [`Error::Input`] or [`Error::Shape`] with line and column where it is
/// no table of numbers, [`Error::Unsupported`] for other extensions; the rows report what is wrong further on.
pub fn open_table(path: &Path) -> Result<TableRows> {
    let name = path.display().to_string();
    let open = || File::open(path).map_err(|source| Error::io(path, source));
    let mut source = match super::extension(path).as_str() {
        "csv" => Source::Csv(CsvRows::new(BufReader::new(open()?), &name)),
        "npy" => Source::Npy(NpyRows::new(BufReader::new(open()?), &name)?),
        _ => {
            return Err(Error::unsupported(
                format!("{name}: this kind of table"),
                "give a .csv or .npy file",
            ));
        }
    };
    let first = source.next_row()?.ok_or_else(|| no_rows(&name))?;
    Ok(TableRows { source, width: first.len(), first: Some(first), failed: false })
}

/// Reads a whole table, see [`open_table`].
///
/// # Errors
/// As [`open_table`].
///
/// ```
/// let table = isotypic::io::read_table("data/elnino.csv".as_ref())?;
/// assert_eq!((table.rows.len(), table.rows[0].len()), (61, 13));
/// assert_eq!(table.header.unwrap()[1], "JAN");
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_table(path: &Path) -> Result<Table> {
    let rows = open_table(path)?;
    let header = rows.header().map(<[String]>::to_vec);
    Ok(Table { header, rows: rows.collect::<Result<_>>()? })
}

/// Reads comma-separated numbers; `name` stands for the file in errors.
///
/// The first line is a header iff none of its fields is a number. Lines that start with `#` and blank lines are
/// skipped; fields may be quoted and padded with blanks. A comma inside quotes does not separate. Every row is one line.
///
/// # Errors
/// [`Error::Input`] or [`Error::Shape`] with line and column for a word, NaN or infinity, a row of another length than
/// the first, and for a file without rows.
pub fn parse_csv(bytes: &[u8], name: &str) -> Result<Table> {
    let mut source = CsvRows::new(bytes, name);
    let rows = std::iter::from_fn(|| source.next_row().transpose()).collect::<Result<Vec<_>>>()?;
    if rows.is_empty() {
        return Err(no_rows(name));
    }
    Ok(Table { header: source.header().map(<[String]>::to_vec), rows })
}

fn no_rows(name: &str) -> Error {
    Error::input(name, "the table has no rows of numbers", "give at least one row")
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
            (b"1,2\n3,\"4\n5,6\n", "line 2, column 2: '\"4' is no"),
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
