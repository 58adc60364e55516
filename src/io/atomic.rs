//! Files that appear whole or not at all.

use crate::error::{Error, Result};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

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
    let mut file = AtomicFile::new(path)?;
    file.write_all(bytes).map_err(|source| Error::io(path, source))?;
    file.finish()
}

/// A file that is written piece by piece and appears when it is finished; dropped before, it leaves nothing behind.
///
/// ```
/// use std::io::Write;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("rows.txt");
/// let mut file = isotypic::io::AtomicFile::new(&path)?;
/// writeln!(file, "one").unwrap();
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"one\n");
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl AtomicFile {
    /// Begins a file that will stand at a path.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder does not exist or cannot be written.
    pub fn new(path: &Path) -> Result<Self> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".isotypic-").suffix(".tmp");
        // Temporary files are private by default; a result gets the permissions of any new file.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder).map_err(|source| Error::io(path, source))?;
        Ok(AtomicFile { path: path.to_owned(), file: BufWriter::new(file) })
    }

    /// Puts the file in its place, when all bytes are on disk.
    ///
    /// # Errors
    /// [`Error::Io`] where that fails; nothing is left behind.
    pub fn finish(self) -> Result<()> {
        let path = self.path.clone();
        self.finish_as(&path)
    }

    /// As [`finish`](Self::finish), under another name in the same folder.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub fn finish_as(self, path: &Path) -> Result<()> {
        let AtomicFile { file, .. } = self;
        let file = file.into_inner().map_err(|error| Error::io(path, error.into_error()))?;
        file.as_file().sync_all().map_err(|source| Error::io(path, source))?;
        file.persist(path).map_err(|error| Error::io(path, error.error))?;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
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
