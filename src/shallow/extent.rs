//! Boxes around regions: most inequalities of a small region hold on a box around it, which costs no search for a proof.

use super::farkas::lower_bound;
use crate::num::{Integer, Rational, primitive_row};

/// A box is looked for where a region has this many inequalities for each of its sides.
const WORTH: usize = 8;

/// What the facets of a region say about each coordinate.
pub(super) struct Extent {
    /// For `x_1`, `-x_1`, `x_2`, `-x_2`, ... the facets that bound it from below; none where it has no bound.
    pub(super) supports: Vec<Vec<usize>>,
    /// The lower bounds in the same order, over `denominator`.
    bounds: Vec<Option<Integer>>,
    denominator: Integer,
}

impl Extent {
    /// The smallest box around `{ x : row . (x, 1) >= 0 for all rows }`, which has interior and so many inequalities to be
    /// proved; no box where that is not worth its `2 d` linear programs.
    pub(super) fn new(dimension: usize, rows: &[Vec<Integer>], inequalities: usize) -> Self {
        let side = |s: usize| -> Vec<Integer> {
            let sign = if s.is_multiple_of(2) { Integer::ONE } else { -Integer::ONE };
            (0..=dimension).map(|c| if c == s / 2 { sign.clone() } else { Integer::ZERO }).collect()
        };
        let worth = inequalities >= WORTH * 2 * dimension;
        let found: Vec<_> =
            (0..2 * dimension).map(|s| worth.then(|| lower_bound(&side(s), rows)).flatten()).collect();
        let ends = found.iter().flatten().map(|side| side.constant.clone());
        let (mut ends, _) = primitive_row(&ends.chain([Rational::ONE]).collect::<Vec<_>>());
        let denominator = ends.pop().expect("the 1 just added");
        let mut ends = ends.into_iter();
        let bounds = found.iter().map(|side| side.as_ref().and_then(|_| ends.next())).collect();
        let facets = |side: &super::farkas::Combination| side.terms.iter().map(|&(facet, _)| facet).collect();
        let supports = found.iter().map(|side| side.as_ref().map(facets).unwrap_or_default()).collect();
        Extent { supports, bounds, denominator }
    }

    /// Whether a row is nowhere negative on the box.
    pub(super) fn implies(&self, row: &[Integer]) -> bool {
        let (constant, coefficients) = row.split_last().expect("a row ends in its constant");
        let mut least = constant * &self.denominator;
        for (c, entry) in coefficients.iter().enumerate().filter(|(_, entry)| !entry.is_zero()) {
            let negative = *entry < Integer::ZERO;
            let Some(bound) = &self.bounds[2 * c + usize::from(negative)] else { return false };
            if negative {
                least -= entry * bound;
            } else {
                least += entry * bound;
            }
        }
        least >= Integer::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangle_has_its_box_and_a_quadrant_half_of_one() {
        let row = |entries: [i32; 3]| entries.map(Integer::from).to_vec();
        // x >= 0, y >= 0, 3 x + 2 y <= 1
        let rows = [row([1, 0, 0]), row([0, 1, 0]), row([-3, -2, 1])];
        let triangle = Extent::new(2, &rows, 100);
        assert_eq!(triangle.supports, [vec![0], vec![1, 2], vec![1], vec![0, 2]]);
        assert!(triangle.implies(&row([-6, -2, 3])) && triangle.implies(&row([1, 1, 0])));
        assert!(!triangle.implies(&row([-6, -2, 2])) && !triangle.implies(&row([0, 0, -1])));
        let quadrant = Extent::new(2, &rows[..2], 100);
        assert_eq!(quadrant.supports, [vec![0], vec![], vec![1], vec![]]);
        assert!(quadrant.implies(&row([1, 0, 0])) && !quadrant.implies(&row([-1, 0, 9])));
        let none = Extent::new(2, &rows, 3);
        assert!(none.implies(&row([0, 0, 1])) && !none.implies(&row([1, 0, 0])));
    }
}
