//! Pad: constant, reflect, edge and wrap.

use super::super::form::Form;
use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index, offset};
use crate::error::Result;

/// Entries around the tensor; negative pads cut. Pads come as an attribute before operator set 11 and as input 1 since.
pub(super) fn pad(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let (pads, value) = if node.opset < 11 {
        let pads = node.ints("pads").unwrap_or(&[]).to_vec();
        (pads, Form::constant(node.exact_float("value", 0.0)?))
    } else {
        let value = match node.optional(2) {
            Some(value) => match value.entries.as_slice() {
                [value] if value.as_constant().is_some() => value.clone(),
                _ => {
                    return Err(
                        node.wrong_shape("one known number to pad with", format!("{:?}", value.shape))
                    );
                }
            },
            None => Form::constant(crate::num::Rational::ZERO),
        };
        (node.integers(1)?, value)
    };
    let axes: Vec<usize> = match node.optional(3) {
        Some(_) => node.integers(3)?.iter().map(|&axis| node.axis(axis, x.rank())).collect::<Result<_>>()?,
        None => (0..x.rank()).collect(),
    };
    if pads.len() != 2 * axes.len() || pads.iter().any(|pad| pad.unsigned_abs() > 1 << 31) {
        return Err(node.wrong_shape(format!("{} pads", 2 * axes.len()), format!("{pads:?}")));
    }
    let mode = node.text("mode", "constant");
    if !matches!(mode.as_str(), "constant" | "reflect" | "edge" | "wrap") {
        return Err(node.unsupported(format!("pad mode '{mode}'"), "use constant, reflect, edge or wrap"));
    }
    let mut begins = vec![0; x.rank()];
    let mut shape = x.shape.clone();
    for (k, &axis) in axes.iter().enumerate() {
        begins[axis] = pads[k];
        shape[axis] = usize::try_from(x.shape[axis] as i64 + pads[k] + pads[k + axes.len()])
            .map_err(|_| node.wrong_shape("pads that leave something", format!("{pads:?}")))?;
        if x.shape[axis] == 0 && mode != "constant" {
            return Err(node.wrong_shape("entries to repeat", format!("axes {:?}", x.shape)));
        }
    }
    node.size(&shape)?;
    let mut entries = Vec::new();
    let mut from = vec![0; x.rank()];
    for_each_index(&shape, |index| {
        let inside = (0..index.len()).all(|axis| {
            let at = place(&mode, index[axis] as i64 - begins[axis], x.shape[axis]);
            from[axis] = at.unwrap_or(0);
            at.is_some()
        });
        entries.push(if inside { x.entries[offset(&from, &x.shape)].clone() } else { value.clone() });
    });
    Ok(x.with(shape, entries))
}

/// The entry that stands at position `at` of an axis continued beyond its size.
fn place(mode: &str, at: i64, size: usize) -> Option<usize> {
    let length = size as i64;
    let at = match mode {
        "edge" => at.clamp(0, length - 1),
        "wrap" => at.rem_euclid(length),
        "reflect" if length == 1 => 0,
        "reflect" => {
            let period = 2 * (length - 1);
            let folded = at.rem_euclid(period);
            folded.min(period - folded)
        }
        _ => at,
    };
    usize::try_from(at).ok().filter(|&at| at < size)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, run_constant};
    use crate::io::onnx::messages::AttributeProto;
    use crate::io::onnx::tensor::Tensor;

    #[test]
    fn four_ways_to_continue() {
        let x = constant(&[3], &[1.0, 2.0, 3.0]);
        let pad = |mode: &str| {
            let mode = AttributeProto { name: "mode".into(), s: Some(mode.into()), ..Default::default() };
            run_constant("Pad", &[mode], &[&x, &Tensor::integers(&[2, 1])]).map(|y| floats(&y))
        };
        assert_eq!(pad("constant").unwrap(), [0.0, 0.0, 1.0, 2.0, 3.0, 0.0]);
        assert_eq!(pad("reflect").unwrap(), [3.0, 2.0, 1.0, 2.0, 3.0, 2.0]);
        assert_eq!(pad("edge").unwrap(), [1.0, 1.0, 1.0, 2.0, 3.0, 3.0]);
        assert_eq!(pad("wrap").unwrap(), [2.0, 3.0, 1.0, 2.0, 3.0, 1.0]);
        assert!(pad("mirror").is_err());
        let cut = run_constant("Pad", &[], &[&x, &Tensor::integers(&[-1, -1])]).unwrap();
        assert_eq!(floats(&cut), [2.0]);
        assert!(run_constant("Pad", &[], &[&x, &Tensor::integers(&[-2, -2])]).is_err());
    }
}
