//! Arrays in numpy's `.npy` format.
//!
//! Format: the magic `\x93NUMPY`, a version, the length of a header, the header as a Python dictionary with the
//! entry type, the order and the shape, then the entries. Reference: *NEP 1, a simple file format for NumPy arrays*.
//!
//! Read by hand since no damaged file may cause a panic or a huge allocation: the crate `npyz` (0.9.1) reserves as many
//! bytes as the header claims to have (up to 4 GiB) and multiplies the axes without a check for overflow, both before
//! its caller sees anything that could be refused.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// About so many entries are read at a time.
const BLOCK: usize = 1 << 16;

/// An array of any number of axes, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The axes; none for a single number.
    pub shape: Vec<usize>,
    /// The entries, last axis fastest.
    pub values: Vec<f64>,
}

impl Array {
    /// The entries as one row per step along the first axis, further axes flattened; an array of one axis or none is
    /// one row.
    ///
    /// ```
    /// use isotypic::io::npy::Array;
    /// let array = Array { shape: vec![2, 2], values: vec![1.0, 2.0, 3.0, 4.0] };
    /// assert_eq!(array.rows(), [[1.0, 2.0], [3.0, 4.0]]);
    /// ```
    pub fn rows(&self) -> Vec<Vec<f64>> {
        match self.shape.as_slice() {
            [] | [_] => vec![self.values.clone()],
            [count, rest @ ..] => {
                let width: usize = rest.iter().product();
                (0..*count).map(|i| self.values[i * width..(i + 1) * width].to_vec()).collect()
            }
        }
    }
}

/// Reads a `.npy` file of real numbers (float32, float64, and integers that a `f64` holds exactly).
///
/// # Errors
/// [`Error::Io`] where the file cannot be read; [`Error::Input`], [`Error::Shape`] or [`Error::Unsupported`] where it
/// is no such array.
pub fn read_npy(path: &Path) -> Result<Array> {
    let file = File::open(path).map_err(|source| Error::io(path, source))?;
    whole(NpyRows::new(BufReader::new(file), &path.display().to_string())?)
}

/// Reads the bytes of a `.npy` file; `name` stands for the file in errors.
///
/// # Errors
/// As [`read_npy`]; no bytes make it panic.
pub fn parse_npy(bytes: &[u8], name: &str) -> Result<Array> {
    whole(NpyRows::new(Cursor::new(bytes), name)?)
}

fn whole<R: Read + Seek>(mut rows: NpyRows<R>) -> Result<Array> {
    let mut values = Vec::new();
    while let Some(row) = rows.next_row()? {
        values.extend(row);
    }
    Ok(Array { shape: rows.header.shape, values })
}

/// The rows of an array one after the other, in bounded memory: a block of rows at a time.
pub(super) struct NpyRows<R> {
    source: R,
    name: String,
    header: Header,
    decode: Decoder,
    /// Where the entries start.
    start: u64,
    /// How many rows there are, and how many entries each has.
    count: usize,
    width: usize,
    /// The rows read ahead, last one first, and the number of rows read.
    block: Vec<Vec<f64>>,
    read: usize,
}

impl<R: Read + Seek> NpyRows<R> {
    /// Reads the header and compares what it promises with the length of the file.
    pub(super) fn new(mut source: R, name: &str) -> Result<Self> {
        let io = |error: std::io::Error| Error::io(name, error);
        let length =
            source.seek(SeekFrom::End(0)).and_then(|end| source.rewind().map(|()| end)).map_err(io)?;
        let (header, start) = read_header(&mut source, name)?;
        let available = length.saturating_sub(start);
        let size = header.shape.iter().try_fold(1usize, |size, &axis| size.checked_mul(axis));
        let entries = match size {
            Some(size) if size.checked_mul(header.width).is_some_and(|b| b as u64 == available) => size,
            _ => {
                return Err(Error::shape(
                    name,
                    format!("{} bytes for each entry of {:?}", header.width, header.shape),
                    format!("{available} bytes"),
                    "the file is damaged or truncated; write it again",
                ));
            }
        };
        // An axis of length 0 would let the others claim any length.
        if entries == 0 {
            return Err(Error::input(name, "the array has no entries", "give at least one number"));
        }
        let decode = decoder(header.kind, header.width).ok_or_else(|| {
            Error::unsupported(
                format!("{name}: the entry type '{}{}'", header.kind, header.width),
                "save real numbers, best as float64 (array.astype(float))",
            )
        })?;
        let count = if header.shape.len() > 1 { header.shape[0] } else { 1 };
        let (name, block) = (name.to_owned(), Vec::new());
        Ok(NpyRows { source, name, header, decode, start, count, width: entries / count, block, read: 0 })
    }

    /// The next row, `None` at the end.
    pub(super) fn next_row(&mut self) -> Result<Option<Vec<f64>>> {
        if self.block.is_empty() && self.read < self.count {
            let rows = (BLOCK / self.width).clamp(1, self.count - self.read);
            self.block = if self.header.fortran && self.count > 1 {
                self.fortran_block(rows)?
            } else {
                let entries = self.entries(self.read * self.width, rows * self.width)?;
                entries.chunks(self.width).map(<[f64]>::to_vec).collect()
            };
            self.read += rows;
            self.block.reverse();
        }
        Ok(self.block.pop())
    }

    /// Rows of an array stored first axis fastest: from each column a run of entries.
    fn fortran_block(&mut self, rows: usize) -> Result<Vec<Vec<f64>>> {
        let mut block = vec![Vec::with_capacity(self.width); rows];
        for column in 0..self.width {
            let place = self.stored_column(column) * self.count + self.read;
            for (row, entry) in block.iter_mut().zip(self.entries(place, rows)?) {
                row.push(entry);
            }
        }
        Ok(block)
    }

    /// The place of a row-major index of the axes but the first, stored first axis fastest.
    fn stored_column(&self, mut column: usize) -> usize {
        let axes = &self.header.shape[1..];
        let mut digits = vec![0; axes.len()];
        for (digit, axis) in digits.iter_mut().zip(axes).rev() {
            (*digit, column) = (column % axis, column / axis);
        }
        digits.iter().zip(axes).rev().fold(0, |place, (digit, axis)| place * axis + digit)
    }

    /// A run of entries in the order of the file.
    fn entries(&mut self, first: usize, count: usize) -> Result<Vec<f64>> {
        let width = self.header.width;
        let mut bytes = vec![0; count * width];
        self.source
            .seek(SeekFrom::Start(self.start + (first * width) as u64))
            .and_then(|_| self.source.read_exact(&mut bytes))
            .map_err(|error| Error::io(&self.name, error))?;
        let value = |(at, chunk): (usize, &[u8])| {
            let mut entry = [0; 8];
            entry[..width].copy_from_slice(chunk);
            if self.header.big_endian {
                entry[..width].reverse();
            }
            (self.decode)(entry).ok_or_else(|| {
                Error::input(
                    format!("{}, entry {}", self.name, first + at),
                    "the number is NaN, infinite or an integer beyond 2^53",
                    "give finite numbers that float64 holds",
                )
            })
        };
        bytes.chunks_exact(width).enumerate().map(value).collect()
    }
}

/// The header, and where the entries start.
fn read_header(source: &mut impl Read, name: &str) -> Result<(Header, u64)> {
    let damaged = |problem: &str| Error::input(name, problem, "give an array written by numpy.save");
    let mut start = Vec::new();
    let mut read = |bytes: &mut Vec<u8>, count: u64| {
        source.by_ref().take(count).read_to_end(bytes).map_err(|error| Error::io(name, error))
    };
    read(&mut start, 10)?;
    let version = match start.strip_prefix(b"\x93NUMPY") {
        Some([major, _minor, ..]) => *major,
        _ => return Err(damaged("this is no .npy array")),
    };
    if matches!(version, 2 | 3) {
        read(&mut start, 2)?;
    }
    let length = match (version, &start[8..]) {
        (1, [a, b]) => u64::from(u16::from_le_bytes([*a, *b])),
        (2 | 3, [a, b, c, d]) => u64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        (1..=3, _) => return Err(damaged("the header is truncated")),
        _ => return Err(damaged("the version of the format is unknown")),
    };
    let mut header = Vec::new();
    read(&mut header, length)?;
    let text = std::str::from_utf8(&header).ok().filter(|text| text.len() as u64 == length);
    let text = text.ok_or_else(|| damaged("the header is truncated"))?;
    let header = Header::parse(text).ok_or_else(|| damaged("the header cannot be understood"))?;
    Ok((header, start.len() as u64 + length))
}

struct Header {
    big_endian: bool,
    kind: char,
    width: usize,
    fortran: bool,
    shape: Vec<usize>,
}

impl Header {
    /// Reads the dictionary `{'descr': '<f8', 'fortran_order': False, 'shape': (8, 12), }`.
    fn parse(text: &str) -> Option<Self> {
        let after = |key: &str| Some(text.split_once(&format!("'{key}':"))?.1.trim_start());
        let descr = after("descr")?.strip_prefix('\'')?.split_once('\'')?.0;
        let mut letters = descr.chars();
        let order = letters.next()?;
        let kind = letters.next()?;
        let width: usize = letters.as_str().parse().ok()?;
        let shape = after("shape")?.strip_prefix('(')?.split_once(')')?.0;
        let shape: Vec<usize> = shape
            .split(',')
            .map(str::trim)
            .filter(|size| !size.is_empty())
            .map(|size| size.parse().ok())
            .collect::<Option<_>>()?;
        let fortran = after("fortran_order")?;
        let (fortran, c_order) = (fortran.starts_with("True"), fortran.starts_with("False"));
        let known = "<>|=".contains(order) && matches!(width, 1 | 2 | 4 | 8) && fortran != c_order;
        known.then_some(Header { big_endian: order == '>', kind, width, fortran, shape })
    }
}

/// Reads an entry from its little-endian bytes, filled up with zeros.
type Decoder = fn([u8; 8]) -> Option<f64>;

/// How to read an entry from its little-endian bytes, filled up with zeros; the entry is `None` where no finite `f64`
/// equals it, and the decoder is `None` for types that hold no real numbers.
fn decoder(kind: char, width: usize) -> Option<Decoder> {
    fn finite(value: f64) -> Option<f64> {
        value.is_finite().then_some(value)
    }
    fn integer(value: i64) -> Option<f64> {
        (value.unsigned_abs() <= 1 << 53).then_some(value as f64)
    }
    fn low<const N: usize>(bytes: [u8; 8]) -> [u8; N] {
        std::array::from_fn(|k| bytes[k])
    }
    Some(match (kind, width) {
        ('f', 8) => |bytes| finite(f64::from_le_bytes(bytes)),
        ('f', 4) => |bytes| finite(f64::from(f32::from_le_bytes(low(bytes)))),
        ('i', 8) => |bytes| integer(i64::from_le_bytes(bytes)),
        ('i', 4) => |bytes| integer(i64::from(i32::from_le_bytes(low(bytes)))),
        ('i', 2) => |bytes| integer(i64::from(i16::from_le_bytes(low(bytes)))),
        ('i', 1) => |bytes| integer(i64::from(i8::from_le_bytes(low(bytes)))),
        ('u' | 'b', 1) | ('u', 2 | 4 | 8) => |bytes| integer(i64::try_from(u64::from_le_bytes(bytes)).ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
    }

    #[test]
    fn orders_and_types() {
        let header = "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n";
        let data: Vec<u8> = [1i32, 4, 2, 5, 3, -6].iter().flat_map(|v| v.to_le_bytes()).collect();
        let array = parse_npy(&file(header, &data), "a").unwrap();
        assert_eq!(array.rows(), [[1.0, 2.0, 3.0], [4.0, 5.0, -6.0]]);
        let header = "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }";
        let array = parse_npy(&file(header, &0.5f32.to_be_bytes()), "a").unwrap();
        assert_eq!((array.shape, array.values), (vec![1], vec![0.5]));
    }

    /// More than one block, three axes, both orders.
    #[test]
    fn long_arrays_are_read_in_blocks() {
        let (count, a, b) = (3 * BLOCK / 6 + 5, 2, 3);
        let value = |i: usize, j: usize, k: usize| (i * 7 + j * 3 + k) as i32;
        for fortran in [false, true] {
            let order = if fortran { "True" } else { "False" };
            let header =
                format!("{{'descr': '<i4', 'fortran_order': {order}, 'shape': ({count}, {a}, {b}), }}");
            let entries: Vec<i32> = if fortran {
                (0..b)
                    .flat_map(|k| (0..a).flat_map(move |j| (0..count).map(move |i| value(i, j, k))))
                    .collect()
            } else {
                (0..count)
                    .flat_map(|i| (0..a).flat_map(move |j| (0..b).map(move |k| value(i, j, k))))
                    .collect()
            };
            let data: Vec<u8> = entries.iter().flat_map(|v| v.to_le_bytes()).collect();
            let bytes = file(&header, &data);
            let mut rows = NpyRows::new(Cursor::new(bytes.as_slice()), "a").unwrap();
            for i in 0..count {
                let row: Vec<f64> =
                    (0..a).flat_map(|j| (0..b).map(move |k| f64::from(value(i, j, k)))).collect();
                assert_eq!(rows.next_row().unwrap(), Some(row));
                assert!(rows.block.len() * a * b <= BLOCK);
            }
            assert_eq!(rows.next_row().unwrap(), None);
        }
    }

    #[test]
    fn damage_is_named() {
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
        let cases = [
            (Vec::new(), "no .npy array"),
            (b"\x93NUMPY\x01".to_vec(), "no .npy array"),
            (b"\x93NUMPY\x01\x00\xff\xff{".to_vec(), "header is truncated"),
            (file("{'descr': 'f8'}", &[]), "cannot be understood"),
            (file(header, &[0; 15]), "15 bytes"),
            (file(header, &[0xff; 16]), "entry 0"),
            (file(&header.replace("f8", "c8"), &[0; 16]), "not supported"),
            (file(&header.replace("(2,)", "(99999999999, 99999999999)"), &[]), "damaged"),
            (file(&header.replace("(2,)", "(4294967296, 4294967296)"), &[]), "damaged"),
            (file(&header.replace("(2,)", "(18446744073709551615, 0)"), &[]), "no entries"),
            (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{".to_vec(), "header is truncated"),
        ];
        for (bytes, words) in cases {
            let text = parse_npy(&bytes, "a.npy").unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_damage_makes_it_panic(at in 0usize..81, value: u8, cut in 0usize..=81) {
            let header = "{'descr': '<i2', 'fortran_order': True, 'shape': (1, 2), }\n";
            let mut bytes = file(header, &[1, 0, 2, 0]);
            let at = at.min(bytes.len() - 1);
            bytes[at] = value;
            if let Ok(array) = parse_npy(&bytes, "a") {
                prop_assert_eq!(array.rows().concat(), array.values);
            }
            let _ = parse_npy(&bytes[..cut.min(bytes.len())], "a");
        }
    }
}
