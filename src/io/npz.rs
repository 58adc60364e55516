//! Named arrays in numpy's `.npz` format: a zip archive of `.npy` files, stored or deflated.

use super::npy::{Array, parse_npy};
use crate::error::{Error, Result};
use flate2::{Crc, read::DeflateDecoder};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Reads all arrays of a `.npz` file, as written by `numpy.savez` or `numpy.savez_compressed`, by name.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read; else as [`read_npy`](super::npy::read_npy), naming the array.
///
/// ```
/// let arrays = isotypic::io::npz::read_npz("data/elnino_c4.npz".as_ref())?;
/// assert_eq!(arrays["x"].shape, [8, 4]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_npz(path: &Path) -> Result<BTreeMap<String, Array>> {
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
    parse_npz(&bytes, &path.display().to_string())
}

/// Reads the bytes of a `.npz` file; `name` stands for the file in errors.
///
/// # Errors
/// As [`read_npz`]; no bytes make it panic.
pub fn parse_npz(bytes: &[u8], name: &str) -> Result<BTreeMap<String, Array>> {
    let members = members(bytes).ok_or_else(|| {
        Error::input(
            name,
            "this is no .npz archive, or it is truncated",
            "give a file written by numpy.savez",
        )
    })?;
    let mut arrays = BTreeMap::new();
    for member in members {
        let place = format!("{name}: array '{}'", member.name);
        let content = member.unpack().ok_or_else(|| {
            Error::input(
                &place,
                "the member is damaged or packed in an unknown way",
                "write it with numpy.savez",
            )
        })?;
        arrays.insert(member.name.clone(), parse_npy(&content, &place)?);
    }
    Ok(arrays)
}

/// One file of the archive, as its directory describes it.
struct Member<'a> {
    name: String,
    method: u16,
    checksum: u32,
    size: usize,
    packed: &'a [u8],
}

impl Member<'_> {
    /// The content; `None` where it does not have the promised size and checksum.
    fn unpack(&self) -> Option<Vec<u8>> {
        let content = match self.method {
            0 => self.packed.to_vec(),
            8 => {
                let mut content = Vec::new();
                // One byte more than promised is enough to notice a lie.
                DeflateDecoder::new(self.packed).take(self.size as u64 + 1).read_to_end(&mut content).ok()?;
                content
            }
            _ => return None,
        };
        let mut crc = Crc::new();
        crc.update(&content);
        (content.len() == self.size && crc.sum() == self.checksum).then_some(content)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?) as usize)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?) as usize)
}

/// The archive's members from the directory at its end; `None` where it is no complete archive.
///
/// Reference: PKWARE, *.ZIP file format specification*, sections 4.3.7, 4.3.12 and 4.3.16.
fn members(bytes: &[u8]) -> Option<Vec<Member<'_>>> {
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    bytes.get(end..end + 22)?;
    let count = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)?;
    let mut members = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at.checked_add(4)?)? != b"PK\x01\x02" {
            return None;
        }
        let [name_length, extra, comment] =
            [u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?];
        let file_name = String::from_utf8_lossy(bytes.get(at + 46..at + 46 + name_length)?);
        let local = u32_at(bytes, at + 42)?;
        if bytes.get(local..local.checked_add(4)?)? != b"PK\x03\x04" {
            return None;
        }
        let start = local + 30 + u16_at(bytes, local + 26)? + u16_at(bytes, local + 28)?;
        members.push(Member {
            name: file_name.strip_suffix(".npy").unwrap_or(&file_name).to_string(),
            method: u16_at(bytes, at + 10)? as u16,
            checksum: u32_at(bytes, at + 16)? as u32,
            size: u32_at(bytes, at + 24)?,
            packed: bytes.get(start..start.checked_add(u32_at(bytes, at + 20)?)?)?,
        });
        at += 46 + name_length + extra + comment;
    }
    Some(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAMPLE: &[u8] = include_bytes!("../../data/elnino_c4.npz");

    #[test]
    fn numpys_archives_are_read() {
        let arrays = parse_npz(SAMPLE, "sample").unwrap();
        assert_eq!(arrays.keys().collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(arrays["y"].shape, [8, 4]);
    }

    proptest! {
        #[test]
        fn damage_is_noticed(at in 0..SAMPLE.len(), bit in 0u8..8, cut in 0..SAMPLE.len()) {
            prop_assert!(parse_npz(&SAMPLE[..cut], "sample").is_err());
            let mut bytes = SAMPLE.to_vec();
            bytes[at] ^= 1u8 << bit;
            if let Ok(arrays) = parse_npz(&bytes, "sample") {
                // Only names, dates and the like may differ.
                prop_assert!(arrays.values().all(|array| array.shape == [8, 4]));
            }
        }
    }
}
