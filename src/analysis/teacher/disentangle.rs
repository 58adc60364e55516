//! Disentangled activations and separable weights.
//!
//! Let the event of a region be a tuple of factors. Its activations are *disentangled* if node `j` depends on
//! factor `j` only: `F[., j] = 1 x ... f_j ... x 1`. Weights are *separable* if node `j` of the parent reads only
//! the child nodes of a block `S_j`, the blocks disjoint. If the child is disentangled, the weights separable and
//! the transition a product over the blocks, the parent is disentangled. If moreover the parent's gradients are
//! centred (batch normalisation sees to it), the update is separable again.

use nalgebra::{DMatrix, DVector};

/// How far the columns of `F` are from depending on one factor each: the largest distance of an entry of column `j`
/// to the mean of the column over the other factors. `factors` are the numbers of values, the last factor running
/// fastest.
///
/// # Panics
/// Panics unless `F` has a row per combination and a column per factor.
pub fn disentanglement_defect(f: &DMatrix<f64>, factors: &[usize]) -> f64 {
    assert_eq!(f.shape(), (factors.iter().product(), factors.len()), "rows and columns by factor");
    let mut worst = 0.0f64;
    for (j, &values) in factors.iter().enumerate() {
        let mut mean = vec![0.0; values];
        let share = values as f64 / f.nrows() as f64;
        let value_of = |row: usize| super::enumerate::digits(row, factors)[j];
        for row in 0..f.nrows() {
            mean[value_of(row)] += share * f[(row, j)];
        }
        for row in 0..f.nrows() {
            worst = worst.max((f[(row, j)] - mean[value_of(row)]).abs());
        }
    }
    worst
}

/// Whether each column depends on its own factor only, to a tolerance.
///
/// # Panics
/// As [`disentanglement_defect`].
pub fn is_disentangled(f: &DMatrix<f64>, factors: &[usize], tolerance: f64) -> bool {
    disentanglement_defect(f, factors) <= tolerance
}

/// The largest weight outside the blocks: column `j` may use the rows of `blocks[j]` only.
///
/// # Panics
/// Panics unless there is a block per column.
pub fn separability_defect(w: &DMatrix<f64>, blocks: &[Vec<usize>]) -> f64 {
    assert_eq!(w.ncols(), blocks.len(), "one block per column");
    let mut worst = 0.0f64;
    for (j, block) in blocks.iter().enumerate() {
        for k in (0..w.nrows()).filter(|k| !block.contains(k)) {
            worst = worst.max(w[(k, j)].abs());
        }
    }
    worst
}

/// Whether the weights are separable with respect to disjoint blocks, to a tolerance.
///
/// # Panics
/// As [`separability_defect`].
pub fn is_separable(w: &DMatrix<f64>, blocks: &[Vec<usize>], tolerance: f64) -> bool {
    let mut all: Vec<usize> = blocks.iter().flatten().copied().collect();
    all.sort_unstable();
    let disjoint = all.windows(2).all(|pair| pair[0] != pair[1]);
    disjoint && separability_defect(w, blocks) <= tolerance
}

/// `1 x ... column ... x 1` for each factor, side by side: disentangled activations. With `weights`, the other
/// factors contribute their weights instead of ones: disentangled gradients `p_1 x ... g_j ... x p_n`.
///
/// # Panics
/// Panics where there are weights but not of the shape of the columns.
pub fn disentangled(columns: &[DVector<f64>], weights: Option<&[DVector<f64>]>) -> DMatrix<f64> {
    let factors: Vec<usize> = columns.iter().map(|column| column.len()).collect();
    let rows = factors.iter().product();
    DMatrix::from_fn(rows, columns.len(), |row, j| {
        let values = super::enumerate::digits(row, &factors);
        values
            .iter()
            .enumerate()
            .map(|(factor, &value)| match (factor == j, weights) {
                (true, _) => columns[factor][value],
                (false, None) => 1.0,
                (false, Some(weights)) => weights[factor][value],
            })
            .product()
    })
}
