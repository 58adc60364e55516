//! Operators that pick entries: Concat, Slice, Gather.

use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index, offset};
use crate::error::Result;

/// Tensors one behind the other along an axis.
pub(super) fn concat(node: &Node) -> Result<Tensor> {
    let first = node.input(0)?;
    let parts: Vec<&Tensor> = (0..node.inputs.len()).map(|k| node.input(k)).collect::<Result<_>>()?;
    let axis = node.axis(node.int("axis", 0), first.rank())?;
    for part in &parts {
        let fits = part.rank() == first.rank()
            && (0..first.rank()).all(|other| other == axis || part.shape[other] == first.shape[other]);
        if !fits {
            return Err(node.wrong_shape(
                format!("axes that agree with {:?} except for axis {axis}", first.shape),
                format!("{:?}", part.shape),
            ));
        }
    }
    let mut shape = first.shape.clone();
    shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
    let source = node.join(&parts)?;
    node.size(&shape)?;
    let outer: usize = shape[..axis].iter().product();
    let mut entries = Vec::new();
    for block in 0..outer {
        for part in &parts {
            let length = part.shape[axis..].iter().product::<usize>();
            entries.extend_from_slice(&part.entries[block * length..(block + 1) * length]);
        }
    }
    Ok(Tensor { shape, entries, source, integer: parts.iter().all(|part| part.integer) })
}

/// Ranges along some axes; bounds come as attributes before operator set 10 and as inputs since.
pub(super) fn slice(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let attribute = |name: &str| node.ints(name).map(<[i64]>::to_vec);
    let (starts, ends, axes, steps) = if node.opset < 10 {
        let missing = || node.wrong_shape("attributes starts and ends", "a node without them");
        let starts = attribute("starts").ok_or_else(missing)?;
        (starts, attribute("ends").ok_or_else(missing)?, attribute("axes"), None)
    } else {
        let optional = |k| node.optional(k).map(|_| node.integers(k)).transpose();
        (node.integers(1)?, node.integers(2)?, optional(3)?, optional(4)?)
    };
    let axes = axes.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = steps.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return Err(node.wrong_shape(
            format!("{} ends, axes and steps", starts.len()),
            format!("{ends:?}, {axes:?}, {steps:?}"),
        ));
    }
    // The chosen positions along each axis.
    let mut chosen: Vec<Vec<usize>> = x.shape.iter().map(|&size| (0..size).collect()).collect();
    for k in 0..starts.len() {
        let axis = node.axis(axes[k], x.rank())?;
        chosen[axis] = range(x.shape[axis], starts[k], ends[k], steps[k])
            .ok_or_else(|| node.wrong_shape("steps other than 0", format!("{steps:?}")))?;
    }
    select(node, x, &chosen)
}

/// The positions of a Python slice on an axis; `None` for step 0.
fn range(size: usize, start: i64, end: i64, step: i64) -> Option<Vec<usize>> {
    let size = size as i64;
    let place = |bound: i64| if bound < 0 { bound.saturating_add(size) } else { bound };
    let (low, high) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let (mut at, end) = (place(start).clamp(low.max(0), high.max(0)), place(end).clamp(low, high.max(low)));
    let mut positions = Vec::new();
    if step == 0 {
        return None;
    }
    while (step > 0 && at < end) || (step < 0 && at > end && at < size) {
        positions.push(at as usize);
        at = at.saturating_add(step);
    }
    Some(positions)
}

/// Entries of input 0 at known positions along an axis; the axes of the positions take the place of that axis.
pub(super) fn gather(node: &Node) -> Result<Tensor> {
    let (x, positions) = (node.input(0)?, node.input(1)?);
    let axis = node.axis(node.int("axis", 0), x.rank())?;
    let chosen: Vec<usize> =
        node.integers(1)?.iter().map(|&at| node.axis(at, x.shape[axis])).collect::<Result<_>>()?;
    let mut all: Vec<Vec<usize>> = x.shape.iter().map(|&size| (0..size).collect()).collect();
    all[axis] = chosen;
    let mut picked = select(node, x, &all)?;
    picked.shape.splice(axis..=axis, positions.shape.iter().copied());
    node.size(&picked.shape)?;
    Ok(picked)
}

/// The entries at the chosen positions of each axis.
fn select(node: &Node, x: &Tensor, chosen: &[Vec<usize>]) -> Result<Tensor> {
    let shape: Vec<usize> = chosen.iter().map(Vec::len).collect();
    node.size(&shape)?;
    let mut entries = Vec::new();
    let mut from = vec![0; x.rank()];
    for_each_index(&shape, |index| {
        for axis in 0..index.len() {
            from[axis] = chosen[axis][index[axis]];
        }
        entries.push(x.entries[offset(&from, &x.shape)].clone());
    });
    Ok(x.with(shape, entries))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, run_constant};
    use super::*;

    #[test]
    fn ranges_follow_python() {
        assert_eq!(range(4, -2, i64::MAX, 1).unwrap(), [2, 3]);
        assert_eq!(range(4, 0, 3, 2).unwrap(), [0, 2]);
        assert_eq!(range(4, -1, i64::MIN, -1).unwrap(), [3, 2, 1, 0]);
        assert_eq!(range(4, 3, 0, -2).unwrap(), [3, 1]);
        assert_eq!(range(4, 9, 2, 1).unwrap(), [0; 0]);
        assert_eq!(range(4, -9, 2, 1).unwrap(), [0, 1]);
        assert_eq!(range(4, 9, -9, -3).unwrap(), [3, 0]);
        assert_eq!(range(0, 0, 5, 1).unwrap(), [0; 0]);
        assert_eq!(range(0, -1, i64::MIN, -1).unwrap(), [0; 0]);
        assert_eq!(range(4, 0, 4, 0), None);
    }

    #[test]
    fn slices_and_positions() {
        let x = constant(&[2, 3], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let list = |values: &[i64]| Tensor::integers(values);
        let y = run_constant("Slice", &[], &[&x, &list(&[1]), &list(&[3]), &list(&[1])]).unwrap();
        assert_eq!((y.shape.as_slice(), floats(&y)), ([2, 2].as_slice(), vec![1.0, 2.0, 4.0, 5.0]));
        let y = run_constant("Gather", &[], &[&x, &list(&[-1, 0])]).unwrap();
        assert_eq!(floats(&y), [3.0, 4.0, 5.0, 0.0, 1.0, 2.0]);
        assert!(run_constant("Gather", &[], &[&x, &list(&[2])]).is_err());
        let y = run_constant("Concat", &[], &[&x, &x]).unwrap();
        assert_eq!(y.shape, [4, 3]);
        assert!(run_constant("Concat", &[], &[&x, &list(&[1])]).is_err());
    }
}
