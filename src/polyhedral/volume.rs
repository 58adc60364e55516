//! Volumes of bounded polyhedra, exactly.

use crate::num::{Integer, Rational, Sign, primitive_row};

/// The volume of the polyhedron `{ x : row . (x, 1) >= 0 }`, rational for rational rows; `None` where a recursion meets an
/// unbounded face, that is, where the polyhedron is unbounded. Rows have `dimension + 1` entries, the constant last.
///
/// By the recursion of J. B. Lasserre, *An analytical expression and an algorithm for the volume of a convex polyhedron*
/// (1983): `d vol = sum over rows of (c_i / |a_ik|) vol(face i with x_k eliminated)`, where equal rows must be counted
/// once. Cost grows like `m! / (m - d)!` for `m` rows: for few dimensions.
///
/// ```
/// use isotypic::num::{Integer, Rational};
/// use isotypic::polyhedral::volume::volume;
/// let rows = [[1, 0, 0], [0, 1, 0], [-1, -2, 2]].map(|row: [i32; 3]| row.map(Integer::from).to_vec());
/// assert_eq!(volume(&rows, 2), Some(Rational::ONE));
/// assert_eq!(volume(&rows[..2], 2), None);
/// ```
pub fn volume(rows: &[Vec<Integer>], dimension: usize) -> Option<Rational> {
    let rational = |row: &Vec<Integer>| row.iter().cloned().map(Rational::from).collect();
    let Some(rows) = irredundant_parallels(rows.iter().map(rational), dimension) else {
        return Some(Rational::ZERO);
    };
    if dimension == 0 {
        return Some(Rational::ONE);
    }
    if dimension == 1 {
        return length(&rows);
    }
    let mut sum = Rational::ZERO;
    let mut any = false;
    for (i, row) in rows.iter().enumerate() {
        any = true;
        let pivot = (0..dimension).find(|&c| !row[c].is_zero()).expect("constant rows are gone");
        let face = eliminated(&rows, i, pivot);
        let of_face = volume(&face, dimension - 1)?;
        let constant = Rational::from(row[dimension].clone());
        let size = Rational::from(row[pivot].clone());
        let size = if size < Rational::ZERO { -size } else { size };
        sum += constant / size * of_face;
    }
    any.then(|| sum / Rational::from(dimension))
}

/// The length of the interval that rows in one coordinate leave.
fn length(rows: &[Vec<Integer>]) -> Option<Rational> {
    let end = |row: &Vec<Integer>| -Rational::from(row[1].clone()) / Rational::from(row[0].clone());
    let low = rows.iter().filter(|row| Sign::of(&row[0]) == Sign::Positive).map(end).max()?;
    let high = rows.iter().filter(|row| Sign::of(&row[0]) == Sign::Negative).map(end).min()?;
    Some(if low < high { high - low } else { Rational::ZERO })
}

/// The rows on the face of row `i`, solved for coordinate `pivot`.
fn eliminated(rows: &[Vec<Integer>], i: usize, pivot: usize) -> Vec<Vec<Integer>> {
    let face = &rows[i];
    let positive = Sign::of(&face[pivot]) == Sign::Positive;
    let others = rows.iter().enumerate().filter(|&(other, _)| other != i);
    others
        .map(|(_, row)| {
            let combined = (0..row.len()).filter(|&c| c != pivot).map(|c| {
                let entry = &row[c] * &face[pivot] - &row[pivot] * &face[c];
                if positive { entry } else { -entry }
            });
            combined.collect()
        })
        .collect()
}

/// The rows without those that always hold and, of parallel ones, the tightest only; `None` where one never holds or only
/// on its border.
fn irredundant_parallels(
    rows: impl Iterator<Item = Vec<Rational>>,
    dimension: usize,
) -> Option<Vec<Vec<Integer>>> {
    let mut kept: Vec<(Vec<Integer>, Rational)> = Vec::new();
    for row in rows {
        let (normal, constant) = (&row[..dimension], &row[dimension]);
        if normal.iter().all(Rational::is_zero) {
            if *constant < Rational::ZERO {
                return None;
            }
            continue;
        }
        let (normal, factor) = primitive_row(normal);
        // primitive = factor * row, so the constant is scaled alike.
        let constant = constant * factor;
        match kept.iter_mut().find(|(other, _)| *other == normal) {
            Some((_, tightest)) => {
                if constant < *tightest {
                    *tightest = constant;
                }
            }
            None => kept.push((normal, constant)),
        }
    }
    let row = |(normal, constant): (Vec<Integer>, Rational)| {
        let entries: Vec<Rational> = normal.into_iter().map(Rational::from).chain([constant]).collect();
        primitive_row(&entries).0
    };
    Some(kept.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[i32]]) -> Vec<Vec<Integer>> {
        rows.iter().map(|row| row.iter().map(|&a| Integer::from(a)).collect()).collect()
    }

    fn ratio(top: i32, bottom: u32) -> Rational {
        Rational::from_parts(top.into(), bottom.into())
    }

    #[test]
    fn simple_bodies() {
        let cube = rows(&[
            &[1, 0, 0, 1],
            &[-1, 0, 0, 1],
            &[0, 1, 0, 1],
            &[0, -2, 0, 2],
            &[0, 0, 1, 1],
            &[0, 0, -1, 1],
            // redundant, doubled and touching rows change nothing
            &[0, 0, -2, 2],
            &[0, 0, -1, 5],
            &[-1, -1, -1, 3],
        ]);
        assert_eq!(volume(&cube, 3), Some(ratio(8, 1)));
        let simplex = rows(&[&[1, 0, 0, 0], &[0, 1, 0, 0], &[0, 0, 1, 0], &[-1, -1, -1, 1]]);
        assert_eq!(volume(&simplex, 3), Some(ratio(1, 6)));
        // not containing the origin
        let far = rows(&[&[1, 0, -5], &[0, 1, -5], &[-1, -1, 12]]);
        assert_eq!(volume(&far, 2), Some(ratio(2, 1)));
        assert_eq!(volume(&rows(&[&[1, -1], &[-3, 5]]), 1), Some(ratio(2, 3)));
    }

    #[test]
    fn flat_and_unbounded() {
        assert_eq!(volume(&rows(&[&[1, 0], &[-1, 0]]), 1), Some(Rational::ZERO));
        assert_eq!(volume(&rows(&[&[1, 0]]), 1), None);
        assert_eq!(volume(&rows(&[&[1, 0, 0], &[-1, 0, 1]]), 2), None);
        assert_eq!(volume(&[], 2), None);
    }
}
