//! The invariant factors of an abelian group, from generators acting on a set.
//!
//! The characters of the orbits generate the dual of the group that acts, inside `(Z/E)^k`, `E` the exponent and `k` the
//! number of generators. A finite abelian group is isomorphic to its dual, so the Smith normal form of these characters,
//! together with `E` times the identity, tells the group: factor `E / s` for each diagonal entry `s`. All integers.

use crate::num::Integer;
use crate::representation::abelian::AbelianDecomposition;

/// The numbers `n_1 | n_2 | ...`, all above 1, with the acting group isomorphic to `C_n1 x C_n2 x ...`; none for the
/// trivial group. Information only: no transform needs them.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, representation::abelian::AbelianDecomposition};
/// use isotypic::harmonic::invariant_factors;
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C4xC6")?);
/// let abelian = AbelianDecomposition::new(&GSet::points(&group))?;
/// assert_eq!(invariant_factors(&abelian), [2, 12]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn invariant_factors(abelian: &AbelianDecomposition) -> Vec<u64> {
    let exponent = abelian.exponent();
    let generators = abelian.character(0).len();
    let mut rows: Vec<Vec<Integer>> = Vec::new();
    for orbit in abelian.orbits() {
        for (j, &radix) in orbit.radices.iter().enumerate() {
            // The character that is trivial on the first generators and turns generator j by one step.
            let mut t = vec![0; j];
            t.push(exponent / radix as u64);
            for later in j + 1..generators {
                t.push(orbit.first_choice(later, &t, exponent));
            }
            rows.push(t.into_iter().map(Integer::from).collect());
        }
        reduce(&mut rows, generators);
    }
    for j in 0..generators {
        rows.push((0..generators).map(|i| Integer::from(if i == j { exponent } else { 0 })).collect());
    }
    let diagonal = smith_diagonal(rows, generators);
    let exponent = Integer::from(exponent);
    let mut factors: Vec<u64> = diagonal
        .iter()
        .filter_map(|entry| u64::try_from(&exponent / entry).ok())
        .filter(|&factor| factor > 1)
        .collect();
    factors.sort_unstable();
    factors
}

/// Brings rows to echelon form, dropping zero rows, so that many orbits cost no memory.
fn reduce(rows: &mut Vec<Vec<Integer>>, columns: usize) {
    let mut top = 0;
    for column in 0..columns {
        while let Some(pivot) = smallest(rows, top, |row| &row[column]) {
            rows.swap(top, pivot);
            if !clear_below(rows, top, column) {
                continue;
            }
            top += 1;
            break;
        }
    }
    rows.truncate(top);
}

/// The row from `top` on whose entry is smallest without being zero.
fn smallest(rows: &[Vec<Integer>], top: usize, entry: impl Fn(&[Integer]) -> &Integer) -> Option<usize> {
    let size = |i: &usize| {
        let value = entry(&rows[*i]).clone();
        if value < Integer::ZERO { -value } else { value }
    };
    (top..rows.len()).filter(|i| *entry(&rows[*i]) != Integer::ZERO).min_by_key(size)
}

/// Subtracts multiples of row `top` from those below; whether the column is zero there now.
fn clear_below(rows: &mut [Vec<Integer>], top: usize, column: usize) -> bool {
    let (above, below) = rows.split_at_mut(top + 1);
    let pivot = &above[top];
    let mut clear = true;
    for row in below {
        let factor = &row[column] / &pivot[column];
        if factor != Integer::ZERO {
            row.iter_mut().zip(pivot).for_each(|(value, pivot)| *value -= &factor * pivot);
        }
        clear &= row[column] == Integer::ZERO;
    }
    clear
}

/// The diagonal of the Smith normal form of a matrix of full column rank; each entry divides the next.
fn smith_diagonal(mut rows: Vec<Vec<Integer>>, columns: usize) -> Vec<Integer> {
    let mut diagonal = Vec::with_capacity(columns);
    let mut width = columns;
    while width > 0 {
        // Alternate between rows and columns until the first column and row are zero but for the corner.
        reduce(&mut rows, width);
        let mut columns_done = true;
        for j in 1..width {
            let factor = &rows[0][j] / &rows[0][0];
            if factor != Integer::ZERO {
                for row in &mut rows {
                    let change = &factor * &row[0];
                    row[j] -= change;
                }
            }
            columns_done &= rows[0][j] == Integer::ZERO;
        }
        if !columns_done {
            let j = smallest_column(&rows[0], width);
            rows.iter_mut().for_each(|row| row.swap(0, j));
            continue;
        }
        let corner = rows[0][0].clone();
        let stray = rows[1..].iter().position(|row| row.iter().any(|value| value % &corner != Integer::ZERO));
        if let Some(stray) = stray {
            let other = rows[stray + 1].clone();
            rows[0].iter_mut().zip(&other).for_each(|(value, other)| *value += other);
            continue;
        }
        diagonal.push(if corner < Integer::ZERO { -corner } else { corner });
        rows.remove(0);
        rows.iter_mut().for_each(|row| {
            row.remove(0);
        });
        width -= 1;
    }
    diagonal
}

/// The column of the smallest entry of a row that is not zero.
fn smallest_column(row: &[Integer], width: usize) -> usize {
    let size = |value: &Integer| if *value < Integer::ZERO { -value.clone() } else { value.clone() };
    (0..width).filter(|&j| row[j] != Integer::ZERO).min_by_key(|&j| size(&row[j])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    #[test]
    fn factors_of_products_and_of_overlapping_generators() {
        for (group, on, expected) in [
            ("C12", "points", vec![12]),
            ("C2xC3", "points", vec![6]),
            ("C4xC6xC10", "points", vec![2, 2, 60]),
            ("C2^3", "points", vec![2, 2, 2]),
            ("<(1,2,3,4),(1,3)(2,4)>", "points", vec![4]),
            ("<(1,2)(3,4,5,6),(3,5)(4,6)>", "points", vec![4]),
            ("<(1,2)(3,4),(5,6)(3,4),(7,8,9)>", "points", vec![2, 6]),
            ("<(1,2),(3,4),(5,6),(7,8)>", "points", vec![2, 2, 2, 2]),
            ("C6", "cosets:(1,4)(2,5)(3,6)", vec![3]),
            ("<()>", "points", vec![]),
            ("C1", "points", vec![]),
        ] {
            let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap();
            let abelian = AbelianDecomposition::new(&set).unwrap();
            assert_eq!(invariant_factors(&abelian), expected, "{group} {on}");
        }
    }
}
