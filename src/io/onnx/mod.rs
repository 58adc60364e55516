//! ONNX files as exact networks.
//!
//! Every tensor is carried through the graph as *sparse exact affine forms* over the values of the last activation
//! (or of the input): coefficients are rationals, so that a mean over three entries divides by exactly three and a
//! copied weight stays bitwise what it was. Whatever stands between two activations (convolution, circular padding by
//! slices, pooling, normalisation, reshaping, ...) thereby becomes **one** exact affine layer.
//!
//! * Operator sets 9 and later. The operators are listed in the error that an unsupported one raises.
//! * Weights are taken exactly as the binary fractions in the file; arithmetic among constants is exact, not rounded to
//!   float32. The one rounding: `scale / sqrt(variance + epsilon)` of a BatchNormalization is no rational number and
//!   is folded as the `f64` of that formula; the network is defined with it.
//! * The batch axis is the first one, dynamic or of size 1: a file is read as the function of one sample.
//! * Chains only: a node that joins tensors behind different activations (a skip connection) is an error.
//! * A network that ends in an activation gets an exact identity layer behind it.
//!
//! Files are never trusted: sizes are checked before memory is taken, and the work of one import is bounded.

mod form;
mod graph;
mod initializer;
pub mod messages;
mod node;
mod operators;
mod tensor;
#[cfg(test)]
mod testing;

use crate::error::{Error, Result};
use crate::network::Network;
use graph::Graph;
use messages::ModelProto;
use prost::Message;
use std::path::Path;

/// Reads an ONNX file.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read; else as [`parse_onnx`], with the file's name.
///
/// # Complexity
/// One pass over the graph; a layer of `m` rows with `k` terms each costs `m k` products of rationals.
///
/// ```
/// use isotypic::io::onnx::read_onnx;
/// let network = read_onnx("data/elnino_c4.onnx".as_ref())?;
/// assert_eq!((network.inputs(), network.neurons(), network.outputs()), (4, 16, 4));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_onnx(path: &Path) -> Result<Network> {
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
    parse_onnx(&bytes, &path.display().to_string())
}

/// Reads the bytes of an ONNX file; `name` stands for the file in errors.
///
/// # Errors
/// [`Error::Input`], [`Error::Shape`], [`Error::Unsupported`] or [`Error::TooLarge`], naming the node at fault. No
/// bytes make it panic.
pub fn parse_onnx(bytes: &[u8], name: &str) -> Result<Network> {
    if bytes.is_empty() {
        return Err(Error::input(name, "the file is empty", "give an ONNX file"));
    }
    let damaged = |problem: String| {
        if is_text(bytes) {
            Error::input(name, "this is a text, not an ONNX model", "give a file written by an ONNX exporter")
        } else {
            Error::input(name, problem, "the file is damaged, truncated or no ONNX model; export it again")
        }
    };
    let model = ModelProto::decode(bytes).map_err(|error| damaged(error.to_string()))?;
    let graph = model.graph.as_ref().ok_or_else(|| damaged("the file holds no graph".to_string()))?;
    let opset = model
        .opset_import
        .iter()
        .find(|set| set.domain.is_empty() || set.domain == "ai.onnx")
        .ok_or_else(|| damaged("the file names no operator set".to_string()))?
        .version;
    if opset < 9 {
        return Err(Error::unsupported(
            format!("{name}: operator set {opset}"),
            "export with operator set (opset) 9 or later",
        ));
    }
    Graph::new(name, opset, graph)?.network()
}

/// Whether bytes read as text: UTF-8 without control characters other than white space.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| text.chars().all(|letter| !letter.is_control() || letter.is_ascii_whitespace()))
}
