//! AveragePool and GlobalAveragePool.

use super::super::form::FormSum;
use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index, offset};
use super::window::Window;
use crate::error::Result;
use crate::num::Rational;

/// The mean over each window; padding counts as zeros or not at all (`count_include_pad`).
pub(super) fn average_pool(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    let declared = node.ints("kernel_shape").unwrap_or(&[]);
    let kernel: Vec<usize> = declared.iter().filter_map(|&k| usize::try_from(k).ok()).collect();
    if x.rank() < 3 || kernel.len() != x.rank() - 2 || kernel.len() != declared.len() {
        return Err(node.wrong_shape(
            "an input [batch, channel, ...] and one kernel size per further axis",
            format!("axes {:?} and kernel {declared:?}", x.shape),
        ));
    }
    node.size(&kernel)?;
    let spatial = &x.shape[2..];
    let window = Window::new(node, spatial, &kernel)?;
    let cells: usize = spatial.iter().product();
    let taps: usize = kernel.iter().product();
    let shape = [&x.shape[..2], window.output.as_slice()].concat();
    let work = (node.size(&shape)? as u64).saturating_mul(taps as u64);
    node.spend(work.saturating_mul(x.max_terms() as u64))?;
    let count_padding = node.int("count_include_pad", 0) != 0;
    let mut entries = Vec::new();
    let mut empty = false;
    for_each_index(&shape, |index| {
        let plane = (index[0] * x.shape[1] + index[1]) * cells;
        let mut sum = FormSum::default();
        let mut inside = 0;
        for_each_index(&kernel, |at| {
            if let Some(cell) = window.under(&index[2..], at) {
                sum.add(&x.entries[plane + offset(&cell, spatial)], &Rational::ONE);
                inside += 1;
            }
        });
        let count = if count_padding { taps } else { inside };
        empty |= count == 0;
        entries.push(sum.finish().scaled(&(Rational::ONE / Rational::from(count.max(1)))));
    });
    if empty {
        return Err(node.wrong_shape("windows that meet the input", "a window on padding alone"));
    }
    Ok(x.with(shape, entries))
}

/// The mean over all spatial axes, which stay with size 1.
pub(super) fn global_average_pool(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    if x.rank() < 3 || x.shape.contains(&0) {
        return Err(
            node.wrong_shape("an input [batch, channel, ...] with entries", format!("axes {:?}", x.shape))
        );
    }
    super::reduction::mean_over(node, x, &(2..x.rank()).collect::<Vec<_>>(), true)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, int_list, run_constant};
    use crate::io::onnx::messages::AttributeProto;

    #[test]
    fn padding_counts_on_request() {
        let x = constant(&[1, 1, 3], &[3.0, 6.0, 9.0]);
        let base = [int_list("kernel_shape", &[3]), int_list("pads", &[1, 1])];
        assert_eq!(floats(&run_constant("AveragePool", &base, &[&x]).unwrap()), [4.5, 6.0, 7.5]);
        let include = AttributeProto { name: "count_include_pad".into(), i: Some(1), ..Default::default() };
        let with_padding = [base[0].clone(), base[1].clone(), include];
        assert_eq!(floats(&run_constant("AveragePool", &with_padding, &[&x]).unwrap()), [3.0, 6.0, 5.0]);
        let global = run_constant("GlobalAveragePool", &[], &[&x]).unwrap();
        assert_eq!((global.shape.as_slice(), floats(&global)), ([1, 1, 1].as_slice(), vec![6.0]));
    }
}
