//! Whether a polyhedron is bounded, exactly.

use super::row_cells::combination;
use crate::num::elimination::rank;
use crate::num::{Integer, Sign};

/// Whether the polyhedron `{ x : row . (x, 1) >= 0 }`, which must not be empty, is bounded. Rows have `dimension + 1`
/// entries, the constant last.
///
/// It is iff no direction `v` other than 0 has `a_i . v >= 0` for all normals `a_i`; by Stiemke's lemma iff the normals
/// span the space and `-s`, with `s` their sum, is a non-negative combination of them. If it is, the multipliers of a
/// basic solution are quotients of minors, so their sum is at most `C = d N^d` with `N` the largest 1-norm of a normal or of
/// `s`; hence iff `-s . v + C >= 0` wherever all `a_i . v >= -1`. That is one exact linear program.
pub(super) fn is_bounded(rows: &[&[Integer]], dimension: usize) -> bool {
    let normals: Vec<Vec<Integer>> = rows.iter().map(|row| row[..dimension].to_vec()).collect();
    if rank(&normals) < dimension {
        return false;
    }
    let sum: Vec<Integer> = (0..dimension).map(|c| normals.iter().map(|normal| &normal[c]).sum()).collect();
    let norm = |row: &Vec<Integer>| -> Integer { row.iter().map(absolute).sum() };
    let largest = normals.iter().chain([&sum]).map(norm).max().unwrap_or(Integer::ONE);
    let most = Integer::from(dimension) * largest.pow(dimension);
    let ended = |row: &[Integer], constant: Integer| -> Vec<Integer> {
        row.iter().cloned().chain([constant]).collect()
    };
    let truncated: Vec<Vec<Integer>> = normals.iter().map(|normal| ended(normal, Integer::ONE)).collect();
    let form: Vec<Integer> = sum.iter().map(|entry| -entry).chain([most]).collect();
    let origin = ended(&vec![Integer::ZERO; dimension], Integer::ONE);
    combination(&truncated, &form, &origin).is_some()
}

fn absolute(entry: &Integer) -> Integer {
    if Sign::of(entry) == Sign::Negative { -entry } else { entry.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounded(rows: &[&[i32]]) -> bool {
        let rows: Vec<Vec<Integer>> =
            rows.iter().map(|row| row.iter().map(|&a| Integer::from(a)).collect()).collect();
        let rows: Vec<&[Integer]> = rows.iter().map(Vec::as_slice).collect();
        is_bounded(&rows, rows.first().map_or(2, |row| row.len() - 1))
    }

    #[test]
    fn triangles_are_bounded_and_wedges_are_not() {
        assert!(bounded(&[&[1, 0, 0], &[0, 1, 0], &[-1, -1, 1]]));
        assert!(bounded(&[&[1, 0, -7], &[0, 1, 100], &[-3, -5, 1000]]));
        assert!(!bounded(&[&[1, 0, 0], &[0, 1, 0]]));
        assert!(!bounded(&[&[1, 0, 0], &[0, 1, 0], &[1, -1, 1]]));
        // a strip, which contains lines, and a half strip
        assert!(!bounded(&[&[1, 0, 0], &[-1, 0, 1]]));
        assert!(!bounded(&[&[1, 0, 0], &[-1, 0, 1], &[0, 1, 0]]));
        assert!(!bounded(&[]));
        assert!(bounded(&[&[1, 0], &[-1, 3]]));
    }
}
