//! Young's orthogonal form of the simple representations of `S_k`.
//!
//! The basis of the representation of a partition is its standard tableaux. With `c(j)` the content (column minus row)
//! of the box that holds `j`, the transposition of `j` and `j + 1` sends tableau `T` to
//! `(1 / r) T + sqrt(1 - 1 / r^2) T'`, where `r = c(j + 1) - c(j)` and `T'` is `T` with the two letters exchanged.
//!
//! Tableaux are sorted by the shape that is left when the largest letter is removed, recursively, so that restricting
//! to `S_(k-1)` gives consecutive diagonal blocks.

use crate::representation::partition::Partition;
use rustc_hash::FxHashMap;

/// The representation of one partition of `k`.
#[derive(Clone, Debug)]
pub struct YoungForm {
    /// The partition.
    pub shape: Partition,
    /// The number of standard tableaux.
    pub dim: usize,
    /// For each consecutive diagonal block of the restriction to `S_(k-1)`: the number of its partition among those of
    /// `k - 1`, and the first tableau. In increasing order of both.
    pub blocks: Vec<(usize, usize)>,
    /// Element `j` exchanges the letters `j + 1` and `j + 2`, `j < k - 1`.
    transpositions: Vec<Adjacent>,
    /// The contents of the boxes of the letters, for each tableau.
    contents: Vec<Vec<i8>>,
}

/// An adjacent transposition: pairs `(a, b, cos, sin)` with `a -> cos a + sin b`, `b -> sin a - cos b`, and the
/// tableaux that it negates; the others it fixes.
#[derive(Clone, Debug, Default)]
struct Adjacent {
    pairs: Vec<(usize, usize, f64, f64)>,
    negated: Vec<usize>,
}

impl YoungForm {
    /// The forms of all partitions of `1, 2, ..., n`; entry `k - 1` holds those of `k`, in the order of
    /// [`Partition::all`].
    pub fn up_to(n: usize) -> Vec<Vec<YoungForm>> {
        let mut levels: Vec<Vec<YoungForm>> = Vec::with_capacity(n);
        for k in 1..=n {
            let below = levels.last();
            levels.push(Partition::all(k).into_iter().map(|shape| YoungForm::over(shape, below)).collect());
        }
        levels
    }

    fn over(shape: Partition, below: Option<&Vec<YoungForm>>) -> Self {
        let (mut blocks, mut contents) = (Vec::new(), Vec::new());
        match below {
            None => contents.push(vec![0]),
            Some(below) => {
                for (number, smaller) in below.iter().enumerate() {
                    let Some(content) = removed_content(&shape, &smaller.shape) else { continue };
                    blocks.push((number, contents.len()));
                    contents.extend(smaller.contents.iter().map(|earlier| {
                        let mut longer: Vec<i8> = earlier.clone();
                        longer.push(content);
                        longer
                    }));
                }
            }
        }
        let index: FxHashMap<&[i8], usize> = contents.iter().map(Vec::as_slice).zip(0..).collect();
        let transpositions = (0..shape.size() - 1)
            .map(|j| {
                let mut adjacent = Adjacent::default();
                for (a, tableau) in contents.iter().enumerate() {
                    match tableau[j + 1] - tableau[j] {
                        1 => {}
                        -1 => adjacent.negated.push(a),
                        distance => {
                            let mut exchanged = tableau.clone();
                            exchanged.swap(j, j + 1);
                            let b = index[exchanged.as_slice()];
                            if a < b {
                                let cos = 1.0 / f64::from(distance);
                                adjacent.pairs.push((a, b, cos, (1.0 - cos * cos).sqrt()));
                            }
                        }
                    }
                }
                adjacent
            })
            .collect();
        YoungForm { dim: contents.len(), shape, blocks, transpositions, contents }
    }

    /// Multiplies a matrix of `dim` rows, stored row by row, from the left by the matrix of the transposition of the
    /// letters `j + 1` and `j + 2`. Its own transpose is itself.
    pub fn transpose_letters(&self, j: usize, matrix: &mut [f64]) {
        let width = matrix.len() / self.dim;
        let adjacent = &self.transpositions[j];
        for &(a, b, cos, sin) in &adjacent.pairs {
            let (above, below) = matrix.split_at_mut(b * width);
            let first = &mut above[a * width..(a + 1) * width];
            for (x, y) in first.iter_mut().zip(&mut below[..width]) {
                (*x, *y) = (cos * *x + sin * *y, sin * *x - cos * *y);
            }
        }
        for &row in &adjacent.negated {
            matrix[row * width..(row + 1) * width].iter_mut().for_each(|value| *value = -*value);
        }
    }
}

/// The content of the box by which `shape` is larger than `smaller`, if it is by one box.
fn removed_content(shape: &Partition, smaller: &Partition) -> Option<i8> {
    let mut found = None;
    for (row, &length) in shape.parts().iter().enumerate() {
        let left = smaller.parts().get(row).copied().unwrap_or(0);
        match length.checked_sub(left)? {
            0 => {}
            1 if found.is_none() => found = Some(length as i8 - 1 - row as i8),
            _ => return None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(form: &YoungForm, word: &[usize]) -> Vec<f64> {
        let d = form.dim;
        let mut matrix: Vec<f64> = (0..d * d).map(|i| if i / d == i % d { 1.0 } else { 0.0 }).collect();
        word.iter().for_each(|&j| form.transpose_letters(j, &mut matrix));
        matrix
    }

    /// The relations of the symmetric group hold, and dimensions are those of the hook formula.
    #[test]
    fn adjacent_transpositions_satisfy_their_relations() {
        for form in YoungForm::up_to(6).iter().flatten() {
            let n = form.shape.size();
            assert_eq!(form.shape.dim(), form.dim.into());
            let same = |v: &[usize], w: &[usize]| {
                matrix(form, v).iter().zip(matrix(form, w)).all(|(a, b)| (a - b).abs() < 1e-13)
            };
            for i in 0..n - 1 {
                assert!(same(&[i, i], &[]));
                for j in 0..i {
                    if j + 1 == i {
                        assert!(same(&[i, j, i], &[j, i, j]));
                    } else {
                        assert!(same(&[i, j], &[j, i]));
                    }
                }
            }
        }
    }
}
