//! Stored tensors: weights, biases and constants.

use super::form::Form;
use super::messages::TensorProto;
use super::node::checked_size;
use super::tensor::Tensor;
use crate::error::{Error, Result};
use crate::num::{Rational, exact};

const FLOAT32: i32 = 1;
const INT32: i32 = 6;
const INT64: i32 = 7;
const FLOAT64: i32 = 11;

/// The type of the entries, by its number in the file.
pub(super) fn type_name(data_type: i32) -> &'static str {
    const NAMES: [&str; 17] = [
        "undefined",
        "float32",
        "uint8",
        "int8",
        "uint16",
        "int16",
        "int32",
        "int64",
        "string",
        "bool",
        "float16",
        "float64",
        "uint32",
        "uint64",
        "complex64",
        "complex128",
        "bfloat16",
    ];
    usize::try_from(data_type).ok().and_then(|k| NAMES.get(k)).copied().unwrap_or("unknown")
}

/// Reads a stored tensor exactly; `place` names the file and the tensor.
pub(super) fn read_tensor(proto: &TensorProto, place: &str) -> Result<Tensor> {
    if proto.data_location == Some(1) {
        return Err(Error::unsupported(
            format!("{place}: external data (the entries are in another file)"),
            "export the model with its weights inside the .onnx file",
        ));
    }
    let mut shape = Vec::with_capacity(proto.dims.len());
    for &size in &proto.dims {
        shape.push(usize::try_from(size).map_err(|_| {
            Error::shape(place, "axes of size 0 or more", size, "export the model again: the file is damaged")
        })?);
    }
    let size = checked_size(place, &shape)?;
    let data_type = proto.data_type.unwrap_or(0);
    let raw = proto.raw_data.as_deref().filter(|raw| !raw.is_empty());
    let values: Vec<Option<Rational>> = match data_type {
        FLOAT32 => entries(raw, &proto.float_data, f32::from_le_bytes, |v| exact(f64::from(v))),
        FLOAT64 => entries(raw, &proto.double_data, f64::from_le_bytes, exact),
        INT32 => entries(raw, &proto.int32_data, i32::from_le_bytes, |v| Some(Rational::from(v))),
        INT64 => entries(raw, &proto.int64_data, i64::from_le_bytes, |v| Some(Rational::from(v))),
        other => {
            return Err(Error::unsupported(
                format!("{place}: the entry type {other} ({})", type_name(other)),
                "store the weights as float32, float64, int32 or int64",
            ));
        }
    };
    let width = if matches!(data_type, FLOAT32 | INT32) { 4 } else { 8 };
    if values.len() != size || raw.is_some_and(|raw| raw.len() != size * width) {
        return Err(Error::shape(
            place,
            format!("{size} entries for the axes {shape:?}"),
            values.len(),
            "the file is damaged or truncated; export the model again",
        ));
    }
    let mut forms = Vec::with_capacity(size);
    for (at, value) in values.into_iter().enumerate() {
        forms.push(Form::constant(value.ok_or_else(|| {
            Error::input(
                format!("{place}, entry {at}"),
                "the weight is NaN or infinite",
                "weights must be finite numbers; retrain or repair the model",
            )
        })?));
    }
    Ok(Tensor { shape, entries: forms, source: None, integer: matches!(data_type, INT32 | INT64) })
}

/// The entries from the raw bytes where there are any, else from the typed list; `None` for NaN and infinities.
fn entries<T: Copy, const N: usize>(
    raw: Option<&[u8]>,
    typed: &[T],
    decode: impl Fn([u8; N]) -> T,
    value: impl Fn(T) -> Option<Rational>,
) -> Vec<Option<Rational>> {
    match raw {
        Some(raw) => raw
            .chunks_exact(N)
            .map(|chunk| value(decode(chunk.try_into().expect("chunks of N bytes"))))
            .collect(),
        None => typed.iter().map(|&entry| value(entry)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(data_type: i32, dims: &[i64]) -> TensorProto {
        TensorProto { dims: dims.to_vec(), data_type: Some(data_type), ..Default::default() }
    }

    #[test]
    fn raw_and_typed_entries_agree() {
        let typed = TensorProto { float_data: vec![0.1, -2.0], ..tensor(FLOAT32, &[2]) };
        let bytes = [0.1f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        let raw = TensorProto { raw_data: Some(bytes), ..tensor(FLOAT32, &[2]) };
        let typed = read_tensor(&typed, "t").unwrap();
        assert_eq!(typed.entries, read_tensor(&raw, "t").unwrap().entries);
        assert_eq!(typed.entries[0].constant, exact(f64::from(0.1f32)).unwrap());
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let cases = [
            (TensorProto { float_data: vec![1.0], ..tensor(FLOAT32, &[2]) }, "2 entries"),
            (TensorProto { double_data: vec![f64::NAN], ..tensor(FLOAT64, &[1]) }, "NaN"),
            (tensor(10, &[0]), "float16"),
            (tensor(FLOAT32, &[-1]), "0 or more"),
            (tensor(FLOAT32, &[1 << 40, 1 << 40]), "more than the limit"),
            (TensorProto { data_location: Some(1), ..tensor(FLOAT32, &[1]) }, "external data"),
            (TensorProto { raw_data: Some(vec![0; 7]), ..tensor(FLOAT32, &[1]) }, "1 entries"),
        ];
        for (proto, words) in cases {
            let text = read_tensor(&proto, "t").unwrap_err().to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}
