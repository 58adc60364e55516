//! Gemm and MatMul.

use super::super::form::FormSum;
use super::super::node::Node;
use super::super::tensor::{Tensor, broadcast_shape, for_each_index};
use crate::error::Result;

/// `alpha * A' B' + beta * C`, with `A'` and `B'` transposed on request and `C` stretched.
pub(super) fn gemm(node: &Node) -> Result<Tensor> {
    let (a, b, c) = (node.input(0)?, node.input(1)?, node.optional(2));
    if a.rank() != 2 || b.rank() != 2 {
        return Err(node.wrong_shape("two matrices", format!("axes {:?} and {:?}", a.shape, b.shape)));
    }
    let alpha = node.exact_float("alpha", 1.0)?;
    let beta = node.exact_float("beta", 1.0)?;
    let (a_turned, b_turned) = (node.int("transA", 0) != 0, node.int("transB", 0) != 0);
    let (rows, inner) = if a_turned { (a.shape[1], a.shape[0]) } else { (a.shape[0], a.shape[1]) };
    let (depth, columns) = if b_turned { (b.shape[1], b.shape[0]) } else { (b.shape[0], b.shape[1]) };
    if inner != depth {
        return Err(node.wrong_shape(format!("{inner} rows of B, one per column of A"), depth));
    }
    let shape = vec![rows, columns];
    if let Some(c) = c
        && broadcast_shape(&shape, &c.shape).as_ref() != Some(&shape)
    {
        return Err(
            node.wrong_shape(format!("a summand C that stretches to {shape:?}"), format!("{:?}", c.shape))
        );
    }
    let joined: Vec<&Tensor> = [Some(a), Some(b), c].into_iter().flatten().collect();
    let source = node.join(&joined)?;
    spend(node, a, b, node.size(&shape)?, inner)?;
    let mut entries = Vec::new();
    for i in 0..rows {
        for j in 0..columns {
            let mut sum = FormSum::default();
            for k in 0..inner {
                let x = &a.entries[if a_turned { k * rows + i } else { i * inner + k }];
                let y = &b.entries[if b_turned { j * inner + k } else { k * columns + j }];
                node.add_product(&mut sum, x, y)?;
            }
            let mut entry = sum.finish().scaled(&alpha);
            if let Some(c) = c {
                entry = entry.plus(&c.entries[c.broadcast_offset(&[i, j])], &beta);
            }
            entries.push(entry);
        }
    }
    Ok(Tensor { shape, entries, source, integer: false })
}

/// numpy's `matmul`: matrices on the last two axes, the axes before them stretched; one axis is a row or a column.
pub(super) fn mat_mul(node: &Node) -> Result<Tensor> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    if a.rank() == 0 || b.rank() == 0 {
        return Err(node.wrong_shape("tensors of at least one axis", "a scalar"));
    }
    let mut a_shape = a.shape.clone();
    let mut b_shape = b.shape.clone();
    if a.rank() == 1 {
        a_shape.insert(0, 1);
    }
    if b.rank() == 1 {
        b_shape.push(1);
    }
    let (a_outer, a_matrix) = a_shape.split_at(a_shape.len() - 2);
    let (b_outer, b_matrix) = b_shape.split_at(b_shape.len() - 2);
    let (rows, inner, columns) = (a_matrix[0], a_matrix[1], b_matrix[1]);
    if inner != b_matrix[0] {
        return Err(node.wrong_shape(format!("{inner} rows of the second matrix"), b_matrix[0]));
    }
    let outer = broadcast_shape(a_outer, b_outer).ok_or_else(|| {
        node.wrong_shape(format!("axes that stretch to {a_outer:?}"), format!("{b_outer:?}"))
    })?;
    let source = node.join(&[a, b])?;
    let mut shape = [outer.as_slice(), &[rows, columns]].concat();
    spend(node, a, b, node.size(&shape)?, inner)?;
    // The stacks of matrices, as tensors whose entries are the offsets of matrices.
    let a_stack = Stack { shape: a_outer, matrix: rows * inner };
    let b_stack = Stack { shape: b_outer, matrix: inner * columns };
    let mut starts = Vec::new();
    for_each_index(&outer, |index| starts.push((a_stack.start(index), b_stack.start(index))));
    let mut entries = Vec::new();
    for (a_start, b_start) in starts {
        for i in 0..rows {
            for j in 0..columns {
                let mut sum = FormSum::default();
                for k in 0..inner {
                    let x = &a.entries[a_start + i * inner + k];
                    node.add_product(&mut sum, x, &b.entries[b_start + k * columns + j])?;
                }
                entries.push(sum.finish());
            }
        }
    }
    if b.rank() == 1 {
        shape.pop();
    }
    if a.rank() == 1 {
        shape.remove(outer.len());
    }
    Ok(Tensor { shape, entries, source, integer: a.integer && b.integer })
}

/// The outer axes of a stack of matrices and the size of each matrix.
struct Stack<'a> {
    shape: &'a [usize],
    matrix: usize,
}

impl Stack<'_> {
    /// Where the matrix at a stretched index starts.
    fn start(&self, index: &[usize]) -> usize {
        let skipped = index.len() - self.shape.len();
        let position = index[skipped..]
            .iter()
            .zip(self.shape)
            .fold(0, |sum, (&i, &size)| sum * size + if size == 1 { 0 } else { i });
        position * self.matrix
    }
}

fn spend(node: &Node, a: &Tensor, b: &Tensor, outputs: usize, inner: usize) -> Result<()> {
    let terms = a.max_terms().max(b.max_terms()) as u64;
    node.spend((outputs as u64).saturating_mul(inner as u64).saturating_mul(terms))
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, run_constant};
    use crate::io::onnx::messages::AttributeProto;

    #[test]
    fn gemm_turns_scales_and_adds() {
        let a = constant(&[2, 1], &[1.0, 2.0]);
        let b = constant(&[2, 2], &[1.0, 2.0, 3.0, 4.0]);
        let c = constant(&[2], &[10.0, 20.0]);
        let attributes = [
            AttributeProto { name: "transA".into(), i: Some(1), ..Default::default() },
            AttributeProto { name: "transB".into(), i: Some(1), ..Default::default() },
            AttributeProto { name: "alpha".into(), f: Some(2.0), ..Default::default() },
            AttributeProto { name: "beta".into(), f: Some(0.5), ..Default::default() },
        ];
        let y = run_constant("Gemm", &attributes, &[&a, &b, &c]).unwrap();
        assert_eq!(y.shape, [1, 2]);
        assert_eq!(floats(&y), [15.0, 32.0]);
    }

    #[test]
    fn mat_mul_stretches_as_numpy() {
        let a = constant(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]);
        let b = constant(&[2, 1], &[1.0, 10.0]);
        let y = run_constant("MatMul", &[], &[&a, &b]).unwrap();
        assert_eq!((y.shape.as_slice(), floats(&y)), ([2, 1, 1].as_slice(), vec![21.0, 43.0]));
        let v = constant(&[2], &[1.0, 10.0]);
        assert_eq!(run_constant("MatMul", &[], &[&a, &v]).unwrap().shape, [2, 1]);
        assert_eq!(run_constant("MatMul", &[], &[&v, &b]).unwrap().shape, [1]);
        assert_eq!(run_constant("MatMul", &[], &[&v, &v]).unwrap().shape, [0; 0]);
        assert!(run_constant("MatMul", &[], &[&a, &a]).unwrap_err().to_string().contains("second matrix"));
    }
}
