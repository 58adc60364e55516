//! Named arrays in numpy's `.npz` format: a zip archive of `.npy` files, stored or deflated.

use super::npy::{Array, parse_npy};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config};

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
    let refused = |problem| Error::input(name, problem, "give a file written by numpy.savez");
    let broken = |_| refused("this is no .npz archive, or it is truncated");
    // Anything before the archive would be damage: numpy starts it with the file.
    let config = Config { archive_offset: ArchiveOffset::Known(0) };
    let mut archive = ZipArchive::with_config(config, Cursor::new(bytes)).map_err(broken)?;
    // With members that share no bytes, what they unpack to is bounded by a multiple of the file.
    if archive.has_duplicate_names() || archive.has_overlapping_entries().map_err(broken)? {
        return Err(refused("members of the archive overlap or share a name"));
    }
    let mut arrays = BTreeMap::new();
    for index in 0..archive.len() {
        let file_name = archive.name_for_index(index).and_then(|name| Some(name.ok()?.into_owned()));
        let file_name = file_name.unwrap_or_default();
        let key = file_name.strip_suffix(".npy").unwrap_or(&file_name);
        let place = format!("{name}: array '{key}'");
        let content = unpack(&mut archive, index).ok_or_else(|| {
            Error::input(
                &place,
                "the member is damaged or packed in an unknown way",
                "write it with numpy.savez",
            )
        })?;
        arrays.insert(key.to_string(), parse_npy(&content, &place)?);
    }
    Ok(arrays)
}

/// The content of a member; `None` where it does not have the promised size and checksum.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> Option<Vec<u8>> {
    let member = archive.by_index(index).ok()?;
    let size = member.size();
    let mut content = Vec::new();
    // One byte more than promised is enough to notice a lie; the checksum is compared at the end.
    member.take(size.saturating_add(1)).read_to_end(&mut content).ok()?;
    (content.len() as u64 == size).then_some(content)
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

    /// The sample with the directory entry of `y` pointing at the bytes of `x`.
    fn overlapping() -> Vec<u8> {
        let mut bytes = SAMPLE.to_vec();
        let entry = SAMPLE.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[entry + 42..entry + 46].fill(0);
        bytes
    }

    #[test]
    fn damage_is_named() {
        let method = SAMPLE.windows(4).position(|window| window == b"PK\x01\x02").unwrap() + 10;
        let mut unknown = SAMPLE.to_vec();
        unknown[method] = 12;
        let mut shared_name = SAMPLE.to_vec();
        let second = SAMPLE.windows(5).rposition(|window| window == b"y.npy").unwrap();
        shared_name[second] = b'x';
        for (bytes, words) in [
            (Vec::new(), "no .npz archive"),
            (unknown, "array 'x': the member is damaged or packed"),
            (shared_name, "share a name"),
            (overlapping(), "overlap"),
        ] {
            let text = parse_npz(&bytes, "a.npz").unwrap_err().to_string();
            assert!(text.starts_with("a.npz: ") && text.contains(words), "{text}");
        }
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
