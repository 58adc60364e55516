//! A guess, in rounded arithmetic, of which rows combine to another one.

use crate::num::{Integer, nearest_f64};
use crate::shallow::layers::scaled;

/// Reduced costs and pivots below this count as zero: the guess is confirmed exactly by the caller, so that a wrong one
/// costs time only.
const SMALL: f64 = 1e-9;

/// Indices, in increasing order, of linearly independent rows of which the target is probably a combination with factors
/// that are not negative, with the largest constant left over. `None` where rounding gets in the way or there is none.
///
/// Two-phase simplex method on a dense tableau.
pub(super) fn support(target: &[Integer], rows: &[Vec<Integer>]) -> Option<Vec<usize>> {
    let d = target.len() - 1;
    let (m, width) = (rows.len(), rows.len() + d + 1);
    let unit = |row: &[Integer]| -> Vec<f64> {
        let numbers: Vec<f64> = scaled(row).iter().map(nearest_f64).collect();
        let size = numbers[..d].iter().fold(0.0f64, |size, x| size.max(x.abs()));
        numbers.iter().map(|x| if size > 0.0 { x / size } else { *x }).collect()
    };
    let target = unit(target);
    let rows: Vec<Vec<f64>> = rows.iter().map(|row| unit(row)).collect();
    let mut table: Vec<Vec<f64>> = (0..d)
        .map(|i| {
            let sign = if target[i] < 0.0 { -1.0 } else { 1.0 };
            let mut line = vec![0.0; width];
            (0..m).for_each(|k| line[k] = sign * rows[k][i]);
            line[m + i] = 1.0;
            line[width - 1] = sign * target[i];
            line
        })
        .collect();
    let mut basis: Vec<usize> = (m..m + d).collect();
    // Reduced costs of the sum of the artificial variables, then of the constant that the combination uses up.
    let mut artificial: Vec<f64> =
        (0..width).map(|j| -table.iter().map(|line| line[j]).sum::<f64>()).collect();
    artificial[m..m + d].fill(0.0);
    let mut constant: Vec<f64> = rows.iter().map(|row| row[d]).collect();
    constant.resize(width, 0.0);
    minimise(&mut table, &mut basis, m, &mut artificial, &mut constant)?;
    if artificial[width - 1].abs() > SMALL {
        return None;
    }
    for i in 0..d {
        let column = (0..m).find(|&j| basis[i] >= m && table[i][j].abs() > SMALL);
        if let Some(column) = column {
            exchange(&mut table, &mut basis, (i, column), &mut [&mut artificial, &mut constant]);
        }
    }
    let mut spent = vec![0.0; width];
    minimise(&mut table, &mut basis, m, &mut constant, &mut spent)?;
    let mut found: Vec<usize> = basis.into_iter().filter(|&k| k < m).collect();
    found.sort_unstable();
    Some(found)
}

/// Exchanges, smallest index first, until no reduced cost is negative; the other costs are carried along. `None` where that
/// takes too long or has no end.
fn minimise(
    table: &mut [Vec<f64>],
    basis: &mut [usize],
    columns: usize,
    cost: &mut Vec<f64>,
    other: &mut Vec<f64>,
) -> Option<()> {
    for _ in 0..20 * (columns + table.len()) {
        let Some(column) = (0..columns).find(|&j| cost[j] < -SMALL) else { return Some(()) };
        let mut best: Option<(f64, usize)> = None;
        for (i, line) in table.iter().enumerate().filter(|(_, line)| line[column] > SMALL) {
            let ratio = line[line.len() - 1] / line[column];
            let better = best.is_none_or(|(least, at)| {
                ratio < least - SMALL || (ratio < least + SMALL && basis[i] < basis[at])
            });
            if better {
                best = Some((ratio, i));
            }
        }
        let (_, at) = best?;
        exchange(table, basis, (at, column), &mut [cost, other]);
    }
    None
}

/// Brings a column into the basis.
fn exchange(
    table: &mut [Vec<f64>],
    basis: &mut [usize],
    (at, column): (usize, usize),
    costs: &mut [&mut Vec<f64>],
) {
    let pivot = table[at][column];
    table[at].iter_mut().for_each(|entry| *entry /= pivot);
    let row = table[at].clone();
    let others = table.iter_mut().enumerate().filter(|(i, _)| *i != at).map(|(_, line)| line);
    for line in others.chain(costs.iter_mut().map(|cost| &mut **cost)) {
        let factor = line[column];
        if factor != 0.0 {
            line.iter_mut().zip(&row).for_each(|(entry, above)| *entry -= factor * above);
        }
    }
    basis[at] = column;
}
