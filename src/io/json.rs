//! Networks as JSON: `{"layers": [{"W": [[...], ...], "b": [...]}, ...]}`.
//!
//! * An entry is a number, taken as the `f64` nearest to the decimals, or a text `"1/3"` or `"0.1"` for exactly that
//!   rational number.
//! * `"activation"` stands behind every layer but the last: `"relu"` (the default, also spelled
//!   `"relu on all but the last layer"`), `"abs"`, `"leaky_relu:SLOPE"`, or a list with one of these per hidden layer.
//! * `"input_shape"` gives the axes of the input. All other fields are ignored.

use super::write_atomically;
use crate::error::{Error, Result};
use crate::network::{Activation, AffineLayer, Network};
use crate::num::{Rational, exact, nearest_f64, parse_decimal};
use serde_json::{Map, Value, json};
use std::path::Path;

const MEND: &str = "write {\"layers\": [{\"W\": [[...], ...], \"b\": [...]}, ...]}";

/// Reads a network from a JSON file.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, else as [`parse_json`].
///
/// ```
/// let network = isotypic::io::json::read_json("data/nets/braid_3.json".as_ref())?;
/// assert_eq!(network.evaluate(&[1.0, 2.0, 4.0]), [0.0]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn read_json(path: &Path) -> Result<Network> {
    let text = std::fs::read(path).map_err(|source| Error::io(path, source))?;
    parse_json(&text, &path.display().to_string())
}

/// Reads the text of a network file; `name` stands for the file in errors.
///
/// # Errors
/// [`Error::Input`] or [`Error::Shape`], naming layer, row and column (counted from 0 as in the file's lists).
pub fn parse_json(text: &[u8], name: &str) -> Result<Network> {
    let file: Value = serde_json::from_slice(text)
        .map_err(|error| Error::input(name, format!("this is no JSON: {error}"), MEND))?;
    let listed = file
        .get("layers")
        .and_then(Value::as_array)
        .ok_or_else(|| Error::input(name, "there is no list \"layers\"", MEND))?;
    if listed.is_empty() {
        return Err(Error::input(name, "the list \"layers\" is empty", "give at least one layer"));
    }
    let mut layers: Vec<AffineLayer> = Vec::with_capacity(listed.len());
    for (l, layer) in listed.iter().enumerate() {
        let layer = read_layer(layer, &format!("{name}, layer {l}"))?;
        if let Some(before) = layers.last()
            && before.outputs() != layer.inputs()
        {
            return Err(Error::shape(
                format!("{name}, layer {l}"),
                format!("rows of {} entries, one per output of layer {}", before.outputs(), l - 1),
                layer.inputs(),
                "make the widths of consecutive layers agree",
            ));
        }
        layers.push(layer);
    }
    let activations = read_activations(file.get("activation"), layers.len() - 1, name)?;
    let network = Network::new(layers, activations)?;
    match file.get("input_shape") {
        None => Ok(network),
        Some(shape) => {
            let sizes: Option<Vec<usize>> = shape
                .as_array()
                .and_then(|sizes| sizes.iter().map(|size| usize::try_from(size.as_u64()?).ok()).collect());
            let product =
                |sizes: &[usize]| sizes.iter().try_fold(1usize, |size, &axis| size.checked_mul(axis));
            let fitting = sizes.filter(|sizes| product(sizes) == Some(network.inputs()));
            let shape = fitting.ok_or_else(|| {
                Error::shape(
                    format!("{name}, input_shape"),
                    format!("axes whose product is {}", network.inputs()),
                    shape,
                    "leave it out, or give the axes of the input",
                )
            })?;
            Ok(network.with_input_shape(shape))
        }
    }
}

fn read_layer(layer: &Value, place: &str) -> Result<AffineLayer> {
    let list = |value: Option<&Value>, place: &str, what: &str| {
        let list = value.and_then(Value::as_array).cloned();
        list.ok_or_else(|| Error::input(place, format!("there is no list {what}"), MEND))
    };
    let matrix = list(layer.get("W"), place, "\"W\"")?;
    let bias = list(layer.get("b"), place, "\"b\"")?;
    if matrix.is_empty() {
        return Err(Error::input(place, "\"W\" has no rows", "give one row per output"));
    }
    if bias.len() != matrix.len() {
        return Err(Error::shape(
            place,
            format!("{} biases in \"b\", one per row of \"W\"", matrix.len()),
            bias.len(),
            "give one bias per output",
        ));
    }
    let mut rows = Vec::with_capacity(matrix.len());
    let mut width = None;
    for (i, (row, shift)) in matrix.iter().zip(&bias).enumerate() {
        let row = list(Some(row), &format!("{place}, row {i}"), "of weights")?;
        let width = *width.get_or_insert(row.len());
        if row.len() != width || width == 0 {
            return Err(Error::shape(
                format!("{place}, row {i}"),
                format!("{} entries as in row 0", width.max(1)),
                row.len(),
                "make all rows of \"W\" equally long",
            ));
        }
        let mut entries: Vec<Rational> = Vec::with_capacity(width + 1);
        for (j, entry) in row.iter().enumerate() {
            entries.push(read_entry(entry, || format!("{place}, row {i}, column {j}"))?);
        }
        entries.push(read_entry(shift, || format!("{place}, bias {i}"))?);
        rows.push(entries);
    }
    Ok(AffineLayer::from_exact(rows[0].len() - 1, &rows))
}

fn read_entry(entry: &Value, place: impl Fn() -> String) -> Result<Rational> {
    let value = match entry {
        Value::Number(number) => number.as_f64().and_then(exact),
        Value::String(text) => parse_rational(text),
        _ => None,
    };
    value.ok_or_else(|| {
        Error::input(
            place(),
            format!("{entry} is no finite number"),
            "write a number, or a text such as \"1/3\" for an exact fraction",
        )
    })
}

fn parse_rational(text: &str) -> Option<Rational> {
    match text.split_once('/') {
        Some((top, bottom)) => {
            let bottom = parse_decimal(bottom)?;
            (!bottom.is_zero()).then(|| Some(parse_decimal(top)? / bottom))?
        }
        None => parse_decimal(text),
    }
}

fn read_activations(field: Option<&Value>, count: usize, name: &str) -> Result<Vec<Activation>> {
    let place = format!("{name}, activation");
    let read = |value: &Value| {
        value.as_str().and_then(parse_activation).ok_or_else(|| {
            Error::input(
                &place,
                format!("{value} is no known activation"),
                "use relu, abs or leaky_relu:SLOPE",
            )
        })
    };
    match field {
        None => Ok(vec![Activation::Relu; count]),
        Some(Value::Array(list)) if list.len() == count => list.iter().map(read).collect(),
        Some(Value::Array(list)) => Err(Error::shape(
            place,
            format!("{count} activations, one per hidden layer"),
            list.len(),
            "give one per hidden layer, or a single text for all",
        )),
        Some(value) => Ok(vec![read(value)?; count]),
    }
}

fn parse_activation(text: &str) -> Option<Activation> {
    let text = text.trim().to_lowercase();
    let kind = text.strip_suffix("on all but the last layer").map_or(text.as_str(), str::trim);
    match kind.split_once(':') {
        Some(("leaky_relu", slope)) => {
            let slope: f64 = slope.trim().parse().ok()?;
            slope.is_finite().then_some(Activation::LeakyRelu { slope })
        }
        None if kind == "relu" => Some(Activation::Relu),
        None if kind == "abs" => Some(Activation::Abs),
        _ => None,
    }
}

/// Writes a network as JSON, without loss: entries that no `f64` holds are written as fractions.
///
/// # Errors
/// As [`write_atomically`]; [`Error::Unsupported`] for an activation that the format has no word for.
///
/// ```
/// use isotypic::io::{json::{read_json, write_json}, read_network};
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("copy.json");
/// let network = read_network("data/digits_points_s3.onnx".as_ref())?;
/// write_json(&path, &network)?;
/// assert_eq!(read_json(&path)?, network);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn write_json(path: &Path, network: &Network) -> Result<()> {
    let layers: Vec<Value> = network.layers().iter().map(layer_value).collect();
    let activations = network
        .activations()
        .iter()
        .map(|activation| match activation {
            Activation::Relu => Value::from("relu"),
            Activation::Abs => Value::from("abs"),
            Activation::LeakyRelu { slope } => Value::from(format!("leaky_relu:{slope:?}")),
        })
        .collect();
    let mut file = Map::new();
    file.insert("input_shape".to_string(), json!(network.input_shape()));
    file.insert("activation".to_string(), Value::Array(activations));
    file.insert("layers".to_string(), Value::Array(layers));
    let text = format!("{}\n", Value::Object(file));
    write_atomically(path, text.as_bytes())
}

fn layer_value(layer: &AffineLayer) -> Value {
    let entry = |i: usize, j: usize| {
        let value = layer.exact_entry(i, j);
        let rounded = nearest_f64(&value);
        if exact(rounded).as_ref() == Some(&value) { json!(rounded) } else { Value::from(value.to_string()) }
    };
    let matrix: Vec<Vec<Value>> =
        (0..layer.outputs()).map(|i| (0..layer.inputs()).map(|j| entry(i, j)).collect()).collect();
    let bias: Vec<Value> = (0..layer.outputs()).map(|i| entry(i, layer.inputs())).collect();
    json!({ "W": matrix, "b": bias })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
        parse_json(text.as_bytes(), "n.json").unwrap_err().to_string()
    }

    #[test]
    fn bad_files_are_placed() {
        let cases = [
            ("", "no JSON"),
            ("{\"layers\": 3}", "no list \"layers\""),
            ("{\"layers\": []}", "empty"),
            ("{\"layers\": [{\"b\": [0]}]}", "layer 0: there is no list \"W\""),
            ("{\"layers\": [{\"W\": [[1, 2], [3]], \"b\": [0, 0]}]}", "layer 0, row 1: expected 2 entries"),
            ("{\"layers\": [{\"W\": [[1, \"x\"]], \"b\": [0]}]}", "layer 0, row 0, column 1: \"x\""),
            ("{\"layers\": [{\"W\": [[1, null]], \"b\": [0]}]}", "column 1: null"),
            ("{\"layers\": [{\"W\": [[1, \"1/0\"]], \"b\": [0]}]}", "column 1: \"1/0\""),
            ("{\"layers\": [{\"W\": [[1]], \"b\": [1e999]}]}", "out of range"),
            ("{\"layers\": [{\"W\": [[1]], \"b\": [0, 1]}]}", "expected 1 biases"),
            ("{\"layers\": [{\"W\": [[]], \"b\": [0]}]}", "row 0"),
            ("{\"layers\": [{\"W\": [], \"b\": []}]}", "no rows"),
            (
                "{\"layers\": [{\"W\": [[1]], \"b\": [0]}, {\"W\": [[1, 2]], \"b\": [0]}]}",
                "layer 1: expected rows of 1 entries",
            ),
            ("{\"layers\": [{\"W\": [[1]], \"b\": [0]}], \"activation\": \"tanh\"}", "\"tanh\" is no known"),
            (
                "{\"layers\": [{\"W\": [[1]], \"b\": [0]}], \"activation\": [\"abs\"]}",
                "expected 0 activations",
            ),
            ("{\"layers\": [{\"W\": [[1]], \"b\": [0]}], \"input_shape\": [2]}", "product is 1"),
        ];
        for (text, words) in cases {
            assert!(error(text).contains(words), "{}", error(text));
        }
    }

    #[test]
    fn activations_and_fractions() {
        let text = br#"{"layers": [{"W": [["1/3"]], "b": ["0.1"]}, {"W": [[2]], "b": [0]}],
            "activation": "leaky_relu:0.5"}"#;
        let network = parse_json(text, "n").unwrap();
        assert_eq!(network.activations(), [Activation::LeakyRelu { slope: 0.5 }]);
        let layer = &network.layers()[0];
        assert_eq!(layer.exact_entry(0, 0), Rational::ONE / Rational::from(3));
        assert_eq!(layer.exact_entry(0, 1), Rational::ONE / Rational::from(10));
    }

    proptest! {
        #[test]
        fn every_number_survives(weight in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            let text = format!("{{\"layers\": [{{\"W\": [[{weight:e}]], \"b\": [0]}}]}}");
            let network = parse_json(text.as_bytes(), "n").unwrap();
            prop_assert_eq!(network.layers()[0].weights()[(0, 0)], weight);
            let again = layer_value(&network.layers()[0]).to_string();
            prop_assert_eq!(serde_json::from_str::<Value>(&again).unwrap()["W"][0][0].as_f64(), Some(weight));
        }
    }
}
