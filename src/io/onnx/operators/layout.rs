//! Operators that keep the entries and change the axes: Flatten, Reshape, Transpose, Unsqueeze, Squeeze.

use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index, offset};
use crate::error::Result;

/// Two axes: those before `axis` and those from it on.
pub(super) fn flatten(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let axis = node.int("axis", 1);
    // Here the axis may also stand behind the last one.
    let cut = if axis == x.rank() as i64 { x.rank() } else { node.axis(axis, x.rank())? };
    let shape = vec![x.shape[..cut].iter().product(), x.shape[cut..].iter().product()];
    relabel(node, x, shape)
}

/// The shape of input 1: 0 keeps an axis (unless `allowzero`), -1 is found out.
pub(super) fn reshape(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let wanted = node.integers(1)?;
    let wrong = || {
        node.wrong_shape(format!("a shape for the {} entries of {:?}", x.entries.len(), x.shape), {
            format!("{wanted:?}")
        })
    };
    let keep_zero = node.int("allowzero", 0) != 0;
    let mut shape = Vec::with_capacity(wanted.len());
    let mut unknown = None;
    for (axis, &size) in wanted.iter().enumerate() {
        match size {
            -1 if unknown.is_none() => {
                unknown = Some(axis);
                shape.push(1);
            }
            0 if !keep_zero => shape.push(*x.shape.get(axis).ok_or_else(wrong)?),
            _ => shape.push(usize::try_from(size).map_err(|_| wrong())?),
        }
    }
    if let Some(axis) = unknown {
        let rest = node.size(&shape)?;
        if rest == 0 || x.entries.len() % rest != 0 {
            return Err(wrong());
        }
        shape[axis] = x.entries.len() / rest;
    }
    relabel(node, x, shape)
}

/// Axes in the order `perm`, by default reversed.
pub(super) fn transpose(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let order: Vec<usize> = match node.ints("perm") {
        Some(order) => order.iter().map(|&axis| node.axis(axis, x.rank())).collect::<Result<_>>()?,
        None => (0..x.rank()).rev().collect(),
    };
    if order.len() != x.rank() || (0..x.rank()).any(|axis| !order.contains(&axis)) {
        return Err(node.wrong_shape(format!("an order of {} axes", x.rank()), format!("{order:?}")));
    }
    let shape: Vec<usize> = order.iter().map(|&axis| x.shape[axis]).collect();
    node.size(&shape)?;
    let mut entries = Vec::new();
    let mut from = vec![0; x.rank()];
    for_each_index(&shape, |index| {
        for (position, &axis) in order.iter().enumerate() {
            from[axis] = index[position];
        }
        entries.push(x.entries[offset(&from, &x.shape)].clone());
    });
    Ok(x.with(shape, entries))
}

/// New axes of size 1 at the named places of the result.
pub(super) fn unsqueeze(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let named = node.axes(1)?.unwrap_or_default();
    let rank = x.rank() + named.len();
    let places: Vec<usize> = named.iter().map(|&axis| node.axis(axis, rank)).collect::<Result<_>>()?;
    let mut old = x.shape.iter();
    // An axis named twice leaves an old axis over, which the check of the size would not see where it is 1.
    if (1..places.len()).any(|k| places[..k].contains(&places[k])) {
        return Err(node.wrong_shape("each new axis once", format!("{named:?}")));
    }
    let shape = (0..rank)
        .map(
            |axis| {
                if places.contains(&axis) { 1 } else { *old.next().expect("one old axis per other place") }
            },
        )
        .collect();
    relabel(node, x, shape)
}

/// Without the named axes, which must have size 1; without all of size 1 where none are named.
pub(super) fn squeeze(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let places: Vec<usize> = match node.axes(1)? {
        Some(named) => named.iter().map(|&axis| node.axis(axis, x.rank())).collect::<Result<_>>()?,
        None => (0..x.rank()).filter(|&axis| x.shape[axis] == 1).collect(),
    };
    let shape = (0..x.rank()).filter(|axis| !places.contains(axis)).map(|axis| x.shape[axis]).collect();
    relabel(node, x, shape)
}

/// The same entries under another shape of the same size.
fn relabel(node: &Node, x: &Tensor, shape: Vec<usize>) -> Result<Tensor> {
    if node.size(&shape)? != x.entries.len() {
        return Err(node.wrong_shape(
            format!("a shape for the {} entries of {:?}", x.entries.len(), x.shape),
            format!("{shape:?}"),
        ));
    }
    Ok(x.with(shape, x.entries.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, int_list, run_constant};
    use crate::io::onnx::tensor::Tensor;

    #[test]
    fn shapes_change_and_entries_stay() {
        let x = constant(&[1, 2, 3], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(run_constant("Flatten", &[], &[&x]).unwrap().shape, [1, 6]);
        let shape = |wanted: &[i64]| run_constant("Reshape", &[], &[&x, &Tensor::integers(wanted)]);
        assert_eq!(shape(&[0, -1]).unwrap().shape, [1, 6]);
        assert_eq!(shape(&[3, 2]).unwrap().shape, [3, 2]);
        for wrong in [&[4, -1][..], &[-1, -1], &[7], &[-2, 3], &[1, 1, 6, 0], &[0, 0, 0, 0]] {
            assert!(shape(wrong).is_err(), "{wrong:?}");
        }
        let turned = run_constant("Transpose", &[int_list("perm", &[0, 2, 1])], &[&x]).unwrap();
        assert_eq!(
            (turned.shape.as_slice(), floats(&turned)),
            ([1, 3, 2].as_slice(), vec![0.0, 3.0, 1.0, 4.0, 2.0, 5.0])
        );
        assert!(run_constant("Transpose", &[int_list("perm", &[0, 1, 1])], &[&x]).is_err());
    }

    #[test]
    fn axes_come_and_go() {
        let x = constant(&[1, 2, 3], &[0.0; 6]);
        let wide = run_constant("Unsqueeze", &[int_list("axes", &[0, -1])], &[&x]).unwrap();
        assert_eq!(wide.shape, [1, 1, 2, 3, 1]);
        assert!(run_constant("Unsqueeze", &[int_list("axes", &[1, 1])], &[&x]).is_err());
        assert_eq!(run_constant("Squeeze", &[], &[&wide]).unwrap().shape, [2, 3]);
        assert_eq!(
            run_constant("Squeeze", &[], &[&wide, &Tensor::integers(&[0])]).unwrap().shape,
            [1, 2, 3, 1]
        );
        assert!(run_constant("Squeeze", &[int_list("axes", &[1])], &[&x]).is_err());
    }
}
