//! ReduceSum and ReduceMean.

use super::super::form::{Form, FormSum};
use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index, offset};
use crate::error::Result;
use crate::num::Rational;

/// The sum or the exact mean over some axes; all axes where none are named.
pub(super) fn reduce(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let named = node.axes(1)?.unwrap_or_default();
    if named.is_empty() && node.int("noop_with_empty_axes", 0) != 0 {
        return Ok(x.clone());
    }
    let axes: Vec<usize> = if named.is_empty() {
        (0..x.rank()).collect()
    } else {
        named.iter().map(|&axis| node.axis(axis, x.rank())).collect::<Result<_>>()?
    };
    let keep = node.int("keepdims", 1) != 0;
    if node.proto.op_type == "ReduceSum" {
        sum_over(node, x, &axes, keep)
    } else {
        mean_over(node, x, &axes, keep)
    }
}

/// The mean over some axes: the sum divided by exactly the number of summands.
pub(super) fn mean_over(node: &Node, x: &Tensor, axes: &[usize], keep: bool) -> Result<Tensor> {
    let mut sum = sum_over(node, x, axes, keep)?;
    let count = (0..x.rank()).filter(|axis| axes.contains(axis)).map(|axis| x.shape[axis]).product::<usize>();
    if count == 0 {
        return Err(node.wrong_shape("a mean over at least one entry", format!("axes {:?}", x.shape)));
    }
    let share = Rational::ONE / Rational::from(count);
    for entry in &mut sum.entries {
        *entry = entry.scaled(&share);
    }
    sum.integer = false;
    Ok(sum)
}

fn sum_over(node: &Node, x: &Tensor, axes: &[usize], keep: bool) -> Result<Tensor> {
    node.spend((x.entries.len() * x.max_terms()) as u64)?;
    let kept: Vec<usize> =
        (0..x.rank()).map(|axis| if axes.contains(&axis) { 1 } else { x.shape[axis] }).collect();
    let mut sums: Vec<FormSum> = Vec::new();
    sums.resize_with(node.size(&kept)?, FormSum::default);
    let mut position = 0;
    let mut target = vec![0; x.rank()];
    for_each_index(&x.shape, |index| {
        for axis in 0..index.len() {
            target[axis] = if kept[axis] == 1 { 0 } else { index[axis] };
        }
        sums[offset(&target, &kept)].add(&x.entries[position], &Rational::ONE);
        position += 1;
    });
    let entries: Vec<Form> = sums.into_iter().map(FormSum::finish).collect();
    let shape = if keep {
        kept
    } else {
        (0..x.rank()).filter(|axis| !axes.contains(axis)).map(|axis| x.shape[axis]).collect()
    };
    Ok(x.with(shape, entries))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, int_list, run_constant};
    use crate::io::onnx::messages::AttributeProto;
    use crate::io::onnx::tensor::Tensor;
    use crate::num::Rational;

    #[test]
    fn axes_come_as_attribute_or_input() {
        let x = constant(&[2, 3], &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0]);
        let drop = AttributeProto { name: "keepdims".into(), i: Some(0), ..Default::default() };
        let y = run_constant("ReduceSum", &[drop.clone(), int_list("axes", &[-1])], &[&x]).unwrap();
        assert_eq!((y.shape.as_slice(), floats(&y)), ([2].as_slice(), vec![7.0, 56.0]));
        let y = run_constant("ReduceSum", &[], &[&x, &Tensor::integers(&[0])]).unwrap();
        assert_eq!((y.shape.as_slice(), floats(&y)), ([1, 3].as_slice(), vec![9.0, 18.0, 36.0]));
        let y = run_constant("ReduceMean", &[drop, int_list("axes", &[1])], &[&x]).unwrap();
        assert_eq!(y.entries[0].constant, Rational::from(7) / Rational::from(3));
        assert!(run_constant("ReduceMean", &[int_list("axes", &[2])], &[&x]).is_err());
    }
}
