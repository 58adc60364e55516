//! Small sets of rows as machine words.

/// A set of at most [`Mask::CAPACITY`] rows of a cell.
pub(in crate::polyhedral) trait Mask: Copy + Eq {
    /// The number of rows that fit.
    const CAPACITY: usize;
    /// The empty set.
    const EMPTY: Self;
    /// The set of one row.
    fn single(row: usize) -> Self;
    /// The intersection.
    fn and(self, other: Self) -> Self;
    /// The union.
    fn or(self, other: Self) -> Self;
    /// Whether at most one row is in `self` but not in `other`.
    fn misses_at_most_one(self, other: Self) -> bool;
    /// Whether all rows are in `other`.
    fn is_subset(self, other: Self) -> bool;
    /// The number of rows.
    fn count(self) -> usize;
    /// Whether a row is in the set.
    fn contains(self, row: usize) -> bool;
}

impl Mask for u64 {
    const CAPACITY: usize = 64;
    const EMPTY: Self = 0;

    #[inline]
    fn single(row: usize) -> Self {
        1 << row
    }

    #[inline]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline]
    fn misses_at_most_one(self, other: Self) -> bool {
        let missing = self & !other;
        missing & missing.wrapping_sub(1) == 0
    }

    #[inline]
    fn is_subset(self, other: Self) -> bool {
        self & !other == 0
    }

    #[inline]
    fn count(self) -> usize {
        self.count_ones() as usize
    }

    #[inline]
    fn contains(self, row: usize) -> bool {
        self >> row & 1 == 1
    }
}

/// A set of up to 1024 rows, for the rare cells with more than 64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::polyhedral) struct WideMask([u64; 16]);

impl WideMask {
    fn combine(self, other: Self, f: impl Fn(u64, u64) -> u64) -> Self {
        WideMask(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Mask for WideMask {
    const CAPACITY: usize = 1024;
    const EMPTY: Self = WideMask([0; 16]);

    fn single(row: usize) -> Self {
        let mut mask = Self::EMPTY;
        mask.0[row / 64] = 1 << (row % 64);
        mask
    }

    fn and(self, other: Self) -> Self {
        self.combine(other, |a, b| a & b)
    }

    fn or(self, other: Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    fn misses_at_most_one(self, other: Self) -> bool {
        self.combine(other, |a, b| a & !b).count() <= 1
    }

    fn is_subset(self, other: Self) -> bool {
        self.combine(other, |a, b| a & !b) == Self::EMPTY
    }

    fn count(self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn contains(self, row: usize) -> bool {
        self.0[row / 64] >> (row % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn build<M: Mask>(rows: &[usize]) -> M {
        rows.iter().fold(M::EMPTY, |mask, &row| mask.or(M::single(row)))
    }

    proptest! {
        #[test]
        fn both_widths_agree(
            a in proptest::collection::vec(0usize..64, 0..6),
            b in proptest::collection::vec(0usize..64, 0..20),
        ) {
            let (small, other): (u64, u64) = (build(&a), build(&b));
            let (wide, wide_other): (WideMask, WideMask) = (build(&a), build(&b));
            prop_assert_eq!(small.misses_at_most_one(other), wide.misses_at_most_one(wide_other));
            prop_assert_eq!(small.is_subset(other), wide.is_subset(wide_other));
            prop_assert_eq!(small.and(other).count(), wide.and(wide_other).count());
            prop_assert!((0..64).all(|row| small.contains(row) == wide.contains(row)));
        }
    }
}
