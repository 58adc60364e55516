//! Tensors during import: a shape and one exact affine form per entry.

use super::form::Form;
use crate::num::Rational;

/// A tensor whose entries are affine forms over the values of one source, row-major.
///
/// Weights and computed shapes are tensors as well: `source` is `None` and no entry has terms.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub(super) shape: Vec<usize>,
    pub(super) entries: Vec<Form>,
    /// What the entries are forms over: 0 the network's input, `k` the values of the `k`-th activation read.
    pub(super) source: Option<usize>,
    /// Whether the file declares integer entries: their quotients are truncated.
    pub(super) integer: bool,
}

impl Tensor {
    /// A tensor of known numbers.
    pub(super) fn constant(shape: Vec<usize>, values: Vec<Rational>, integer: bool) -> Self {
        Tensor { shape, entries: values.into_iter().map(Form::constant).collect(), source: None, integer }
    }

    /// A one-axis tensor of integers.
    pub(super) fn integers(values: &[i64]) -> Self {
        let entries = values.iter().map(|&value| Rational::from(value)).collect();
        Tensor::constant(vec![values.len()], entries, true)
    }

    /// The tensor of all values of a source.
    pub(super) fn variables(shape: Vec<usize>, source: usize) -> Self {
        let size: usize = shape.iter().product();
        Tensor {
            shape,
            entries: (0..size as u32).map(Form::variable).collect(),
            source: Some(source),
            integer: false,
        }
    }

    /// A tensor of another shape and entries, of the same source and type.
    pub(super) fn with(&self, shape: Vec<usize>, entries: Vec<Form>) -> Self {
        Tensor { shape, entries, source: self.source, integer: self.integer }
    }

    /// The number of axes.
    pub(super) fn rank(&self) -> usize {
        self.shape.len()
    }

    /// The largest number of terms of an entry, at least 1.
    pub(super) fn max_terms(&self) -> usize {
        self.entries.iter().map(|entry| entry.terms.len()).max().unwrap_or(0).max(1)
    }

    /// The entries as numbers, where all are known.
    pub(super) fn numbers(&self) -> Option<Vec<&Rational>> {
        self.entries.iter().map(Form::as_constant).collect()
    }

    /// The entries as integers, where all are known integers of 64 bits.
    pub(super) fn as_integers(&self) -> Option<Vec<i64>> {
        self.numbers()?
            .into_iter()
            .map(|value| value.is_int().then(|| i64::try_from(value.numerator().clone()).ok())?)
            .collect()
    }

    /// The offset of a multi-index; axes of size 1 stretch, and leading axes that this tensor lacks are ignored.
    pub(super) fn broadcast_offset(&self, index: &[usize]) -> usize {
        let skipped = index.len() - self.rank();
        index[skipped..]
            .iter()
            .zip(&self.shape)
            .fold(0, |offset, (&i, &size)| offset * size + if size == 1 { 0 } else { i })
    }
}

/// The shape to which numpy stretches both, or `None` where they do not fit.
pub(super) fn broadcast_shape(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| {
        (axis + shape.len()).checked_sub(rank).map_or(1, |position| shape[position])
    };
    (0..rank)
        .map(|axis| match (size(a, axis), size(b, axis)) {
            (m, n) if m == n => Some(m),
            (1, n) => Some(n),
            (m, 1) => Some(m),
            _ => None,
        })
        .collect()
}

/// Calls `visit` with every multi-index of `shape`, row-major.
pub(super) fn for_each_index(shape: &[usize], mut visit: impl FnMut(&[usize])) {
    if shape.contains(&0) {
        return;
    }
    let mut index = vec![0; shape.len()];
    loop {
        visit(&index);
        let Some(axis) = (0..shape.len()).rev().find(|&axis| index[axis] + 1 < shape[axis]) else {
            return;
        };
        index[axis] += 1;
        index[axis + 1..].fill(0);
    }
}

/// The offset of a multi-index in a row-major array of this shape.
pub(super) fn offset(index: &[usize], shape: &[usize]) -> usize {
    index.iter().zip(shape).fold(0, |sum, (&i, &size)| sum * size + i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_run_row_major() {
        let mut seen = Vec::new();
        for_each_index(&[2, 3], |index| seen.push(offset(index, &[2, 3])));
        assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
        let mut scalars = 0;
        for_each_index(&[], |_| scalars += 1);
        assert_eq!(scalars, 1);
        for_each_index(&[2, 0], |_| panic!("an empty shape has no index"));
    }

    #[test]
    fn shapes_stretch_as_in_numpy() {
        assert_eq!(broadcast_shape(&[1, 4, 2], &[2]), Some(vec![1, 4, 2]));
        assert_eq!(broadcast_shape(&[4, 1], &[1, 3]), Some(vec![4, 3]));
        assert_eq!(broadcast_shape(&[2], &[3]), None);
        let bias = Tensor::integers(&[5, 6]);
        assert_eq!(bias.broadcast_offset(&[0, 3, 1]), 1);
        assert_eq!(Tensor::integers(&[5]).broadcast_offset(&[0, 3, 1]), 0);
    }
}
