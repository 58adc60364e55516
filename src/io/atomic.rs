//! Files that appear whole or not at all.

use crate::error::{Error, Result};
use std::io::Write;
use std::path::Path;

/// Writes a file through a temporary one in the same folder, which is renamed when all bytes are on disk: a reader
/// sees the old file or the new one, never a part. An existing file is replaced.
///
/// # Errors
/// [`Error::Io`] where the folder does not exist or cannot be written, or the disk is full; nothing is left behind.
///
/// ```
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("result.txt");
/// isotypic::io::write_atomically(&path, b"done")?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"done");
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::io(path, source);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".isotypic-").suffix(".tmp");
    // Temporary files are private by default; a result gets the permissions of any new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let text = write_atomically(&folder.path().join("missing/file"), b"x").unwrap_err().to_string();
        assert!(text.contains("missing/file"), "{text}");
        std::fs::create_dir(folder.path().join("taken")).unwrap();
        assert!(write_atomically(&folder.path().join("taken"), b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_existing_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
