//! Comma-separated numbers, a line at a time.
//!
//! Read by hand since a stream of any length must be read in bounded memory: a general CSV reader follows a quote that is
//! never closed to the end of the file.

use crate::error::{Error, Result};
use std::io::BufRead;

/// Lines longer than this many bytes are refused.
const LONGEST_LINE: usize = 1 << 28;

/// The rows of numbers in comma-separated text, one after the other. Memory: one line.
pub(super) struct CsvRows<R> {
    source: R,
    name: String,
    /// The number of the line that was read last.
    line: u64,
    text: Vec<u8>,
    header: Option<Vec<String>>,
    width: Option<usize>,
}

impl<R: BufRead> CsvRows<R> {
    /// Nothing is read yet; `name` stands for the file in errors.
    pub(super) fn new(source: R, name: &str) -> Self {
        CsvRows { source, name: name.to_owned(), line: 0, text: Vec::new(), header: None, width: None }
    }

    /// The words of the header line, known after the first row.
    pub(super) fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    /// The next row, `None` at the end.
    pub(super) fn next_row(&mut self) -> Result<Option<Vec<f64>>> {
        while self.read_line()? {
            let line = std::str::from_utf8(&self.text)
                .map_err(|error| {
                    Error::input(self.place(), error.to_string(), "save the table as UTF-8 text")
                })?
                .trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fields = fields(line);
            let first = self.width.is_none();
            let width = *self.width.get_or_insert(fields.len());
            if fields.len() != width {
                return Err(Error::shape(
                    self.place(),
                    format!("{width} columns as in the first line"),
                    fields.len(),
                    "give every row the same number of columns",
                ));
            }
            if first && fields.iter().all(|field| field.parse::<f64>().is_err()) {
                self.header = Some(fields.iter().map(|field| field.replace("\"\"", "\"")).collect());
                continue;
            }
            return self.numbers(&fields).map(Some);
        }
        Ok(None)
    }

    fn numbers(&self, fields: &[&str]) -> Result<Vec<f64>> {
        let number = |(column, field): (usize, &&str)| {
            let value = field.parse::<f64>().ok().filter(|value| value.is_finite());
            value.ok_or_else(|| {
                Error::input(
                    format!("{}, column {}", self.place(), column + 1),
                    format!("'{}' is no finite number", shortened(field)),
                    "put a finite number there, with a point for the decimals and commas between columns",
                )
            })
        };
        fields.iter().enumerate().map(number).collect()
    }

    fn place(&self) -> String {
        format!("{}, line {}", self.name, self.line)
    }

    /// Reads on to the end of a line, be it LF, CR LF or CR; `false` at the end of the text.
    fn read_line(&mut self) -> Result<bool> {
        self.text.clear();
        let mut found = false;
        loop {
            let bytes = self.source.fill_buf().map_err(|error| Error::io(&self.name, error))?;
            if bytes.is_empty() {
                break;
            }
            found = true;
            match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
                Some(end) => {
                    let carriage = bytes[end] == b'\r';
                    self.text.extend_from_slice(&bytes[..end]);
                    self.source.consume(end + 1);
                    if carriage {
                        self.skip_line_feed()?;
                    }
                    break;
                }
                None => {
                    let length = bytes.len();
                    self.text.extend_from_slice(bytes);
                    self.source.consume(length);
                }
            }
            if self.text.len() > LONGEST_LINE {
                return Err(Error::too_large(
                    format!("{}, line {}", self.name, self.line + 1),
                    "a line that goes on and on",
                    format!("{LONGEST_LINE} bytes"),
                    "give a table of numbers as text, one row a line",
                ));
            }
        }
        self.line += u64::from(found);
        if self.line == 1 && self.text.starts_with(b"\xef\xbb\xbf") {
            self.text.drain(..3);
        }
        Ok(found)
    }

    fn skip_line_feed(&mut self) -> Result<()> {
        let next = self.source.fill_buf().map_err(|error| Error::io(&self.name, error))?;
        if next.first() == Some(&b'\n') {
            self.source.consume(1);
        }
        Ok(())
    }
}

/// The fields of a line without blanks and quotes around them. A comma inside quotes does not separate, if the quote
/// opens the field.
fn fields(line: &str) -> Vec<&str> {
    if !line.contains('"') {
        return line.split(',').map(str::trim).collect();
    }
    let mut fields = Vec::new();
    let (mut start, mut quoted, mut blank) = (0, false, true);
    for (at, c) in line.char_indices() {
        match c {
            '"' if blank || quoted => (quoted, blank) = (!quoted, false),
            ',' if !quoted => {
                fields.push(&line[start..at]);
                (start, blank) = (at + 1, true);
            }
            _ => blank &= c.is_whitespace(),
        }
    }
    fields.push(&line[start..]);
    fields.into_iter().map(|field| unquoted(field.trim())).collect()
}

fn unquoted(field: &str) -> &str {
    field.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(field).trim()
}

/// The beginning of a field, for an error of one line.
fn shortened(field: &str) -> String {
    let start: String = field.chars().take(40).collect();
    if start.len() < field.len() { start + "..." } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Result<Vec<Vec<f64>>> {
        // A tiny buffer, so that everything falls across its border.
        let mut rows = CsvRows::new(std::io::BufReader::with_capacity(2, text), "t");
        std::iter::from_fn(|| rows.next_row().transpose()).collect()
    }

    #[test]
    fn all_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["\u{feff}# made up", "a,b", "1,2", "", "\"3\", \"4\""].join(end);
            assert_eq!(rows(text.as_bytes()).unwrap(), [[1.0, 2.0], [3.0, 4.0]]);
            let error = rows((text + end + "5,x").as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("t, line 6, column 2: 'x'"), "{error}");
        }
    }

    #[test]
    fn quotes() {
        assert_eq!(fields("\"a,b\", \"c\" ,d\"e"), ["a,b", "c", "d\"e"]);
        assert_eq!(fields("\"(0,1)\",\"a \"\"b\"\"\""), ["(0,1)", "a \"\"b\"\""]);
        assert_eq!(fields("3,\"4"), ["3", "\"4"]);
    }

    #[test]
    fn one_endless_line_is_refused() {
        struct Endless;
        impl std::io::Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                buffer.fill(b'7');
                Ok(buffer.len())
            }
        }
        let source = std::io::BufReader::with_capacity(1 << 20, Endless);
        let error = CsvRows::new(source, "t").next_row().unwrap_err().to_string();
        assert!(error.starts_with("t, line 1"), "{error}");
    }
}
