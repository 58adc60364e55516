//! Export of the three-layer form to ONNX, with IEEE infinities and without NaN.
//!
//! IEEE arithmetic has `0 * inf = NaN`, so an infinite weight cannot stand in a matrix product. Each product `inf * t` with
//! `t >= 0` is written `Where(t > 0, inf, 0)` instead, which is what the convention `0 * inf = 0` says. All infinities then
//! are added to finite numbers and end in a `Relu`: no NaN arises, and any runtime executes the file.
//!
//! ```text
//! x --Gemm,Relu--> t          first hidden layer: one unit per half-space
//! x --Relu-> x+, -x --Relu-> x-                  and the input, passed through
//! t --Gather--> u --Where(u > 0, -inf, 1),Relu--> open;  v = Where(is_open, open, u)    second: one unit per condition
//! v --MatMul--> s --Where(s > 0, -inf, 0)--> drop
//! (x+, x-) --Gemm--> f        f + drop, -f + drop --Relu--> p, q         third: 2 units per selector and output
//! p - q --ReduceSum--> y
//! ```
//!
//! Numbers are `f64`, rounded to nearest; rows are first scaled by powers of two. Near a boundary rounded conditions may
//! hold for no selector or for several; see [`ThreeLayers`](super::ThreeLayers).

mod protobuf;

use super::form::ShallowNetwork;
use super::layers::scaled;
use crate::error::{Error, Result};
use crate::num::{Rational, nearest_f64};
use protobuf::Message;

/// Element types of ONNX.
const INT64: u64 = 7;
const BOOL: u64 = 9;
const DOUBLE: u64 = 11;

/// The largest file that protocol buffers allow, with room for names.
const LARGEST: usize = (1 << 31) - (1 << 20);

impl ShallowNetwork {
    /// The form as the bytes of an ONNX file (opset 13): input `x` of shape `[batch, d]`, output `y` of shape
    /// `[batch, o]`, both `f64`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the dense matrices would not fit in an ONNX file (2 GiB), and where a coefficient is beyond
    /// the range of `f64`: as an infinity it would make NaN of zero.
    pub fn to_onnx(&self) -> Result<Vec<u8>> {
        let (k, j, r) = (self.half_spaces.len(), self.conditions.len(), self.selectors.len());
        let (d, o) = (self.inputs, self.outputs);
        let numbers =
            [k.checked_mul(d + 1), j.checked_mul(r), r.checked_mul(o).and_then(|n| n.checked_mul(2 * d + 1))];
        let size = numbers.into_iter().try_fold(0usize, |sum, n| sum.checked_add(n?)?.checked_add(j));
        if size.and_then(|size| size.checked_mul(8)).is_none_or(|size| size > LARGEST) {
            return Err(Error::too_large(
                "ONNX export of a three-layer form",
                format!("a {r} x {j} matrix of conditions"),
                "2 GiB, what an ONNX file may hold",
                "export a smaller domain, or save the form in its own format",
            ));
        }
        let coefficients = self.pieces.iter().flat_map(|piece| piece.rows.iter().flatten());
        if let Some(huge) = coefficients.map(nearest_f64).find(|number| !number.is_finite()) {
            return Err(Error::too_large(
                "coefficient of an affine piece in an ONNX file",
                huge,
                f64::MAX,
                "save the form in its own format, or scale the network's weights",
            ));
        }
        let graph = Message::default()
            .each(nodes(), |graph, node| graph.message(1, node))
            .bytes(2, b"three-layer form")
            .each(self.initializers(), |graph, tensor| graph.message(5, tensor))
            .message(11, value_info("x", d))
            .message(12, value_info("y", o));
        let model = Message::default()
            .integer(1, 7)
            .bytes(2, b"isotypic")
            .message(7, graph)
            .message(8, Message::default().bytes(1, b"").integer(2, 13));
        Ok(model.finish())
    }

    fn initializers(&self) -> Vec<Message> {
        let (d, o) = (self.inputs, self.outputs);
        let (k, j, r) = (self.half_spaces.len(), self.conditions.len(), self.selectors.len());
        let rows: Vec<Vec<f64>> = self.half_spaces.iter().map(|h| rounded(&scaled(&h.row))).collect();
        let flat = |columns: std::ops::Range<usize>| -> Vec<f64> {
            rows.iter().flat_map(|row| row[columns.clone()].to_vec()).collect()
        };
        // The unit of the first layer that a condition looks at: its own, or that of the opposite half-space.
        let unit = |c: &super::Condition| {
            let opposite = self.half_spaces[c.half_space].opposite.unwrap_or(c.half_space);
            (if c.closed { c.half_space } else { opposite }) as i64
        };
        let units: Vec<i64> = self.conditions.iter().map(unit).collect();
        let open: Vec<u8> = self.conditions.iter().map(|c| u8::from(!c.closed)).collect();
        let mut membership = vec![0.0; j * r];
        for (s, selector) in self.selectors.iter().enumerate() {
            selector.conditions.iter().for_each(|&c| membership[c * r + s] = 1.0);
        }
        let mut weights = Vec::with_capacity(r * o * 2 * d);
        let mut constants = Vec::with_capacity(r * o);
        for selector in &self.selectors {
            for row in &self.pieces[selector.piece].rows {
                let row = rounded(row);
                weights.extend_from_slice(&row[..d]);
                weights.extend(row[..d].iter().map(|a| -a));
                constants.push(row[d]);
            }
        }
        vec![
            doubles("half_space_rows", &[k, d], &flat(0..d)),
            doubles("half_space_constants", &[k], &flat(d..d + 1)),
            tensor(
                "condition_units",
                INT64,
                &[j],
                units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            ),
            tensor("is_open", BOOL, &[j], open),
            doubles("selector_conditions", &[j, r], &membership),
            doubles("affine_weights", &[r * o, 2 * d], &weights),
            doubles("affine_constants", &[r * o], &constants),
            doubles("zero", &[], &[0.0]),
            doubles("one", &[], &[1.0]),
            doubles("minus_infinity", &[], &[f64::NEG_INFINITY]),
            integers("affine_shape", &[-1, r as i64, o as i64]),
            integers("last_axis", &[2]),
            integers("selector_axis", &[1]),
        ]
    }
}

/// The graph of the module's picture.
fn nodes() -> Vec<Message> {
    let transposed = || vec![attribute("transB", 1)];
    vec![
        node("Gemm", &["x", "half_space_rows", "half_space_constants"], "amounts", transposed()),
        node("Relu", &["amounts"], "violations", vec![]),
        node("Relu", &["x"], "positive", vec![]),
        node("Neg", &["x"], "minus_x", vec![]),
        node("Relu", &["minus_x"], "negative", vec![]),
        node("Gather", &["violations", "condition_units"], "looked_at", vec![attribute("axis", 1)]),
        node("Greater", &["looked_at", "zero"], "inside_opposite", vec![]),
        node("Where", &["inside_opposite", "minus_infinity", "one"], "open_amounts", vec![]),
        node("Relu", &["open_amounts"], "open_violations", vec![]),
        node("Where", &["is_open", "open_violations", "looked_at"], "condition_violations", vec![]),
        node("MatMul", &["condition_violations", "selector_conditions"], "selector_violations", vec![]),
        node("Greater", &["selector_violations", "zero"], "unselected", vec![]),
        node("Where", &["unselected", "minus_infinity", "zero"], "flat_drop", vec![]),
        node("Unsqueeze", &["flat_drop", "last_axis"], "drop", vec![]),
        node("Concat", &["positive", "negative"], "through", vec![attribute("axis", 1)]),
        node("Gemm", &["through", "affine_weights", "affine_constants"], "flat_affine", transposed()),
        node("Reshape", &["flat_affine", "affine_shape"], "affine", vec![]),
        node("Neg", &["affine"], "minus_affine", vec![]),
        node("Add", &["affine", "drop"], "positive_amounts", vec![]),
        node("Add", &["minus_affine", "drop"], "negative_amounts", vec![]),
        node("Relu", &["positive_amounts"], "positive_parts", vec![]),
        node("Relu", &["negative_amounts"], "negative_parts", vec![]),
        node("Sub", &["positive_parts", "negative_parts"], "selected", vec![]),
        node("ReduceSum", &["selected", "selector_axis"], "y", vec![attribute("keepdims", 0)]),
    ]
}

fn rounded(row: &[Rational]) -> Vec<f64> {
    row.iter().map(nearest_f64).collect()
}

fn node(operator: &str, inputs: &[&str], output: &str, attributes: Vec<Message>) -> Message {
    Message::default()
        .each(inputs, |node, input| node.bytes(1, input.as_bytes()))
        .bytes(2, output.as_bytes())
        .bytes(3, output.as_bytes())
        .bytes(4, operator.as_bytes())
        .each(attributes, |node, attribute| node.message(5, attribute))
}

/// An integer attribute.
fn attribute(name: &str, value: u64) -> Message {
    Message::default().bytes(1, name.as_bytes()).integer(3, value).integer(20, 2)
}

fn tensor(name: &str, kind: u64, shape: &[usize], raw: Vec<u8>) -> Message {
    Message::default()
        .each(shape, |tensor, &axis| tensor.integer(1, axis as u64))
        .integer(2, kind)
        .bytes(8, name.as_bytes())
        .bytes(9, &raw)
}

fn doubles(name: &str, shape: &[usize], values: &[f64]) -> Message {
    tensor(name, DOUBLE, shape, values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

fn integers(name: &str, values: &[i64]) -> Message {
    tensor(name, INT64, &[values.len()], values.iter().flat_map(|value| value.to_le_bytes()).collect())
}

/// An input or output of shape `[batch, width]`.
fn value_info(name: &str, width: usize) -> Message {
    let batch = Message::default().bytes(2, b"batch");
    let axis = Message::default().integer(1, width as u64);
    let shape = Message::default().message(1, batch).message(1, axis);
    let tensor = Message::default().integer(1, DOUBLE).message(2, shape);
    Message::default().bytes(1, name.as_bytes()).message(2, Message::default().message(1, tensor))
}
