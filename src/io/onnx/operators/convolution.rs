//! Conv, on any number of spatial axes.

use super::super::form::FormSum;
use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index, offset};
use super::window::Window;
use crate::error::Result;
use crate::num::Rational;

/// The cross-correlation of `X[n, c, ...]` with `W[m, c / group, ...]`, plus the bias.
pub(super) fn conv(node: &Node) -> Result<Tensor> {
    let (x, w, bias) = (node.input(0)?, node.input(1)?, node.optional(2));
    if x.rank() < 3 || w.rank() != x.rank() {
        return Err(node.wrong_shape(
            "an input of at least three axes and a kernel of as many",
            format!("axes {:?} and {:?}", x.shape, w.shape),
        ));
    }
    let weights = node.numbers(1)?;
    let groups = usize::try_from(node.int("group", 1)).ok().filter(|&g| g > 0).unwrap_or(usize::MAX);
    let (batch, channels, filters, depth) = (x.shape[0], x.shape[1], w.shape[0], w.shape[1]);
    if filters % groups != 0 || depth.checked_mul(groups) != Some(channels) {
        return Err(node.wrong_shape(
            format!("kernel axes that fit {channels} channels in {} groups", node.int("group", 1)),
            format!("{:?}", w.shape),
        ));
    }
    if let Some(bias) = bias
        && bias.shape != [filters]
    {
        return Err(node.wrong_shape(format!("{filters} biases"), format!("axes {:?}", bias.shape)));
    }
    let (spatial, kernel) = (&x.shape[2..], &w.shape[2..]);
    if let Some(declared) = node.ints("kernel_shape")
        && !declared.iter().map(|&k| k as i128).eq(kernel.iter().map(|&k| k as i128))
    {
        return Err(node.wrong_shape(format!("a kernel of axes {declared:?}"), format!("{kernel:?}")));
    }
    let window = Window::new(node, spatial, kernel)?;
    let source = node.join(&[&[x][..], &bias.into_iter().collect::<Vec<_>>()].concat())?;
    let shape = [&[batch, filters], window.output.as_slice()].concat();
    let (cells, taps): (usize, usize) = (spatial.iter().product(), kernel.iter().product());
    let work = (node.size(&shape)? as u64).saturating_mul((depth * taps) as u64);
    node.spend(work.saturating_mul(x.max_terms() as u64))?;
    let mut entries = Vec::new();
    for_each_index(&shape, |index| {
        let (n, filter, position) = (index[0], index[1], &index[2..]);
        let first = filter / (filters / groups) * depth;
        let mut sum = FormSum::default();
        if let Some(bias) = bias {
            sum.add(&bias.entries[filter], &Rational::ONE);
        }
        let mut tap = 0;
        for_each_index(kernel, |at| {
            if let Some(cell) = window.under(position, at) {
                let cell = offset(&cell, spatial);
                for c in 0..depth {
                    let entry = &x.entries[(n * channels + first + c) * cells + cell];
                    sum.add(entry, weights[(filter * depth + c) * taps + tap]);
                }
            }
            tap += 1;
        });
        entries.push(sum.finish());
    });
    Ok(Tensor { shape, entries, source, integer: false })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, int_list, run_constant};
    use crate::io::onnx::messages::AttributeProto;

    #[test]
    fn strides_pads_dilations_and_groups() {
        let x = constant(&[1, 2, 4], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        let w = constant(&[2, 1, 2], &[1.0, 10.0, 1.0, -1.0]);
        let group = AttributeProto { name: "group".into(), i: Some(2), ..Default::default() };
        let y = run_constant("Conv", std::slice::from_ref(&group), &[&x, &w]).unwrap();
        assert_eq!(floats(&y), [21.0, 32.0, 43.0, -1.0, -1.0, -1.0]);
        let attributes = [
            group.clone(),
            int_list("strides", &[2]),
            int_list("pads", &[1, 1]),
            int_list("dilations", &[2]),
        ];
        let y = run_constant("Conv", &attributes, &[&x, &w]).unwrap();
        assert_eq!((y.shape.as_slice(), floats(&y)), ([1, 2, 2].as_slice(), vec![20.0, 42.0, -6.0, -2.0]));
        let same =
            AttributeProto { name: "auto_pad".into(), s: Some(b"SAME_UPPER".to_vec()), ..Default::default() };
        let y = run_constant("Conv", &[group.clone(), same], &[&x, &w]).unwrap();
        assert_eq!(floats(&y), [21.0, 32.0, 43.0, 4.0, -1.0, -1.0, -1.0, 8.0]);
        let same =
            AttributeProto { name: "auto_pad".into(), s: Some(b"SAME_LOWER".to_vec()), ..Default::default() };
        let y = run_constant("Conv", &[group, same], &[&x, &w]).unwrap();
        assert_eq!(floats(&y), [10.0, 21.0, 32.0, 43.0, -5.0, -1.0, -1.0, -1.0]);
    }

    #[test]
    fn kernels_that_do_not_fit_are_refused() {
        let x = constant(&[1, 2, 4], &[0.0; 8]);
        let w = constant(&[2, 1, 2], &[0.0; 4]);
        assert!(run_constant("Conv", &[], &[&x, &w]).is_err());
        let w = constant(&[1, 2, 5], &[0.0; 10]);
        assert!(run_constant("Conv", &[], &[&x, &w]).unwrap_err().to_string().contains("reaches over 5"));
        let w = constant(&[1, 2, 2], &[0.0; 4]);
        assert!(run_constant("Conv", &[int_list("strides", &[0])], &[&x, &w]).is_err());
    }
}
