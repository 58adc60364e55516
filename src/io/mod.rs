//! Files: networks and tables in, results out.
//!
//! * [`onnx`]: networks from ONNX files, exactly.
//! * [`json`]: networks as lists of matrices, read and written without loss.
//! * [`table`]: rows of numbers from CSV and `.npy`, whole or streaming.
//! * [`exact_table`]: rows of exact numbers.
//! * [`npy`], [`npz`]: numpy's arrays.
//! * `parquet`, with the feature of that name: rows as a table for other programs.
//! * [`atomic`]: results that appear whole or not at all.
//!
//! Every error names the file and the place in it. No file, whatever its bytes, makes a reader panic.
//!
//! Uses `network` and below.

pub mod atomic;
pub mod exact_table;
pub mod json;
mod lines;
pub mod npy;
pub mod npz;
pub mod onnx;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod table;

pub use atomic::{AtomicFile, write_atomically};
pub use exact_table::read_exact_table;
pub use table::{Table, TableRows, open_table, read_table};

use crate::error::{Error, Result};
use crate::network::Network;
use std::path::Path;

/// Reads a network from an `.onnx` or `.json` file.
///
/// # Errors
/// [`Error::Unsupported`] for other extensions; else as [`onnx::read_onnx`] and [`json::read_json`].
///
/// ```
/// let network = isotypic::io::read_network("data/elnino_c12.onnx".as_ref())?;
/// assert_eq!((network.inputs(), network.outputs()), (12, 12));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_network(path: &Path) -> Result<Network> {
    match extension(path).as_str() {
        "onnx" => onnx::read_onnx(path),
        "json" => json::read_json(path),
        _ => Err(Error::unsupported(
            format!("{}: this kind of network file", path.display()),
            "give a network as .onnx or .json",
        )),
    }
}

/// A path's extension in lower case, empty where there is none.
fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}
