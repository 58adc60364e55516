//! Arrays in numpy's `.npy` format.
//!
//! Format: the magic `\x93NUMPY`, a version, the length of a header, the header as a Python dictionary with the
//! entry type, the order and the shape, then the entries. Reference: *NEP 1, a simple file format for NumPy arrays*.
//!
//! Read by hand since no damaged file may cause a panic or a huge allocation: the crate `npyz` (0.9.1) reserves as many
//! bytes as the header claims to have (up to 4 GiB) and multiplies the axes without a check for overflow, both before
//! its caller sees anything that could be refused.

use crate::error::{Error, Result};
use std::path::Path;

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
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
    parse_npy(&bytes, &path.display().to_string())
}

/// Reads the bytes of a `.npy` file; `name` stands for the file in errors.
///
/// # Errors
/// As [`read_npy`]; no bytes make it panic.
pub fn parse_npy(bytes: &[u8], name: &str) -> Result<Array> {
    let damaged = |problem: &str| Error::input(name, problem, "give an array written by numpy.save");
    let version = match bytes.strip_prefix(b"\x93NUMPY") {
        Some([major, _minor, ..]) => *major,
        _ => return Err(damaged("this is no .npy array")),
    };
    let (start, length): (usize, usize) = match (version, bytes) {
        (1, [_, _, _, _, _, _, _, _, a, b, ..]) => (10, u16::from_le_bytes([*a, *b]) as usize),
        (2 | 3, [_, _, _, _, _, _, _, _, a, b, c, d, ..]) => {
            (12, u32::from_le_bytes([*a, *b, *c, *d]) as usize)
        }
        _ => return Err(damaged("the version of the format is unknown")),
    };
    let header = bytes
        .get(start..start.saturating_add(length))
        .and_then(|header| std::str::from_utf8(header).ok())
        .ok_or_else(|| damaged("the header is truncated"))?;
    let header = Header::parse(header).ok_or_else(|| damaged("the header cannot be understood"))?;
    let width = header.width;
    let data = &bytes[start + length..];
    let size = header.shape.iter().try_fold(1usize, |size, &axis| size.checked_mul(axis));
    match size.and_then(|size| size.checked_mul(width)) {
        Some(expected) if expected == data.len() => {}
        _ => {
            return Err(Error::shape(
                name,
                format!("{width} bytes for each entry of {:?}", header.shape),
                format!("{} bytes", data.len()),
                "the file is damaged or truncated; write it again",
            ));
        }
    }
    // An axis of length 0 would let the others claim any length.
    if data.is_empty() {
        return Err(Error::input(name, "the array has no entries", "give at least one number"));
    }
    let decode = decoder(header.kind, width).ok_or_else(|| {
        Error::unsupported(
            format!("{name}: the entry type '{}{width}'", header.kind),
            "save real numbers, best as float64 (array.astype(float))",
        )
    })?;
    let mut stored = Vec::with_capacity(data.len() / width);
    for (at, chunk) in data.chunks_exact(width).enumerate() {
        let mut entry = [0; 8];
        entry[..width].copy_from_slice(chunk);
        if header.big_endian {
            entry[..width].reverse();
        }
        stored.push(decode(entry).ok_or_else(|| {
            Error::input(
                format!("{name}, entry {at}"),
                "the number is NaN, infinite or an integer beyond 2^53",
                "give finite numbers that float64 holds",
            )
        })?);
    }
    let values = if header.fortran { to_row_major(&stored, &header.shape) } else { stored };
    Ok(Array { shape: header.shape, values })
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

/// How to read an entry from its little-endian bytes, filled up with zeros; the entry is `None` where no finite `f64`
/// equals it, and the decoder is `None` for types that hold no real numbers.
fn decoder(kind: char, width: usize) -> Option<fn([u8; 8]) -> Option<f64>> {
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

/// Entries stored first axis fastest, put into row-major order.
fn to_row_major(stored: &[f64], shape: &[usize]) -> Vec<f64> {
    (0..stored.len())
        .map(|mut position| {
            let mut index = vec![0; shape.len()];
            for axis in (0..shape.len()).rev() {
                index[axis] = position % shape[axis];
                position /= shape[axis];
            }
            let from = (0..shape.len()).rev().fold(0, |sum, axis| sum * shape[axis] + index[axis]);
            stored[from]
        })
        .collect()
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
