//! Constant, ConstantOfShape, Shape and Cast: numbers known at import.

use super::super::form::Form;
use super::super::initializer::{read_tensor, type_name};
use super::super::node::Node;
use super::super::tensor::Tensor;
use crate::error::Result;
use crate::num::{Rational, exact, nearest_f64};

/// The number or tensor in the node's attribute.
pub(super) fn constant(node: &Node) -> Result<Tensor> {
    let float = |value: f32| {
        exact(f64::from(value))
            .ok_or_else(|| node.bad(format!("the constant is {value}"), "it must be finite"))
    };
    if let Some(value) = node.attribute("value").and_then(|attribute| attribute.t.as_ref()) {
        return read_tensor(value, &node.place);
    }
    if let Some(value) = node.attribute("value_float").and_then(|attribute| attribute.f) {
        return Ok(Tensor::constant(Vec::new(), vec![float(value)?], false));
    }
    if let Some(value) = node.attribute("value_int").and_then(|attribute| attribute.i) {
        return Ok(Tensor::constant(Vec::new(), vec![Rational::from(value)], true));
    }
    if let Some(attribute) = node.attribute("value_floats") {
        let values: Vec<Rational> =
            attribute.floats.iter().map(|&value| float(value)).collect::<Result<_>>()?;
        return Ok(Tensor::constant(vec![values.len()], values, false));
    }
    if let Some(values) = node.ints("value_ints") {
        return Ok(Tensor::integers(values));
    }
    Err(node.unsupported("a constant that is no tensor, number or list of numbers", "use one of these"))
}

/// A tensor of a known shape with one number everywhere.
pub(super) fn constant_of_shape(node: &Node) -> Result<Tensor> {
    let shape: Vec<usize> = node
        .integers(0)?
        .iter()
        .map(|&size| usize::try_from(size).map_err(|_| node.wrong_shape("axes of size 0 or more", size)))
        .collect::<Result<_>>()?;
    let (value, integer) = match node.attribute("value").and_then(|attribute| attribute.t.as_ref()) {
        Some(proto) => {
            let tensor = read_tensor(proto, &node.place)?;
            match tensor.entries.as_slice() {
                [entry] => (entry.constant.clone(), tensor.integer),
                _ => return Err(node.wrong_shape("one number as value", format!("axes {:?}", tensor.shape))),
            }
        }
        None => (Rational::ZERO, false),
    };
    let size = node.size(&shape)?;
    Ok(Tensor::constant(shape, vec![value; size], integer))
}

/// The axes of a tensor as integers, or those from `start` to `end`.
pub(super) fn shape(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let rank = x.rank() as i64;
    let bound = |name: &str, default: i64| {
        let at = node.int(name, default);
        (if at < 0 { at.saturating_add(rank) } else { at }).clamp(0, rank) as usize
    };
    let (start, end) = (bound("start", 0), bound("end", rank));
    let sizes: Vec<i64> = x.shape[start.min(end)..end].iter().map(|&size| size as i64).collect();
    Ok(Tensor::integers(&sizes))
}

/// Known numbers in another type; a tensor that varies may only be cast to float32 or float64, which it passes
/// unchanged.
pub(super) fn cast(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let to = node.int("to", 0);
    let to = i32::try_from(to).unwrap_or(0);
    let varies = x.source.is_some();
    let convert = |value: &Rational| match to {
        1 => exact(f64::from(nearest_f64(value) as f32)),
        11 => exact(nearest_f64(value)),
        _ => Some(Rational::from(value.trunc())),
    };
    match to {
        1 | 11 if varies => Ok(x.clone()),
        1 | 6 | 7 | 11 if !varies => {
            let entries = x
                .entries
                .iter()
                .map(|entry| convert(&entry.constant).map(Form::constant))
                .collect::<Option<_>>()
                .ok_or_else(|| {
                    node.bad("a constant is too large for float32", "keep the constants in range")
                })?;
            Ok(Tensor { shape: x.shape.clone(), entries, source: None, integer: matches!(to, 6 | 7) })
        }
        _ => Err(node.unsupported(
            format!(
                "a cast of {} to {}",
                if varies { "the network's values" } else { "constants" },
                type_name(to)
            ),
            "cast to float32 or float64 only",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, run_constant};
    use crate::io::onnx::messages::AttributeProto;
    use crate::io::onnx::tensor::Tensor;

    #[test]
    fn shapes_and_casts_are_known() {
        let x = constant(&[1, 2, 3], &[1.5; 6]);
        let sizes = run_constant("Shape", &[], &[&x]).unwrap();
        assert_eq!(sizes.as_integers().unwrap(), [1, 2, 3]);
        let to = |to: i64| AttributeProto { name: "to".into(), i: Some(to), ..Default::default() };
        let y = run_constant("Cast", &[to(7)], &[&constant(&[2], &[-1.5, 2.5])]).unwrap();
        assert_eq!(y.as_integers().unwrap(), [-1, 2]);
        let y = run_constant("Cast", &[to(1)], &[&constant(&[1], &[0.1])]).unwrap();
        assert_eq!(floats(&y), [f64::from(0.1f32)]);
        assert!(run_constant("Cast", &[to(10)], &[&x]).is_err());
        assert!(run_constant("Cast", &[to(1)], &[&constant(&[1], &[1e300])]).is_err());
    }

    #[test]
    fn absurd_shapes_are_refused_before_allocation() {
        let shape = Tensor::integers(&[1 << 40, 1 << 40]);
        let text = run_constant("ConstantOfShape", &[], &[&shape]).unwrap_err().to_string();
        assert!(text.contains("more than the limit"), "{text}");
        assert_eq!(run_constant("ConstantOfShape", &[], &[&Tensor::integers(&[2])]).unwrap().shape, [2]);
    }
}
