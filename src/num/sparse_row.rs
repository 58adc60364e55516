//! Rows of integers, most of them zero.

use super::Integer;

/// A row of coefficients and a constant, without the coefficients that are zero: equivariant layers share few weights over
/// many inputs.
///
/// ```
/// use isotypic::num::{Integer, SparseRow};
/// let row = SparseRow::new(&[0, 3, 0, -1, 5].map(Integer::from));
/// assert_eq!(row.terms(), [(1, Integer::from(3)), (3, Integer::from(-1))]);
/// assert_eq!(*row.constant(), Integer::from(5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparseRow {
    terms: Vec<(usize, Integer)>,
    constant: Integer,
}

impl SparseRow {
    /// The row with the given entries, the constant last.
    ///
    /// # Panics
    /// Panics on an empty row.
    pub fn new(entries: &[Integer]) -> Self {
        let (constant, coefficients) = entries.split_last().expect("a row ends in its constant");
        let terms = coefficients.iter().cloned().enumerate().filter(|(_, entry)| !entry.is_zero());
        SparseRow { terms: terms.collect(), constant: constant.clone() }
    }

    /// The places of the coefficients that are not zero, in increasing order, and these.
    pub fn terms(&self) -> &[(usize, Integer)] {
        &self.terms
    }

    /// The constant.
    pub fn constant(&self) -> &Integer {
        &self.constant
    }
}
