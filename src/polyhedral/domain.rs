//! The part of the input space that is asked about.

use crate::error::{Error, Result};
use crate::num::{Integer, Rational, primitive_row};

/// A convex set of inputs with non-empty interior, given exactly.
///
/// A segment, a plane or any other affine slice is no domain of its own: restrict the map to it with
/// [`PiecewiseLinearMap::restrict_to`](super::PiecewiseLinearMap::restrict_to), which makes the problem smaller, and
/// give the domain in the coordinates of the slice.
///
/// ```
/// use isotypic::polyhedral::Domain;
/// assert_eq!(Domain::cube(2, (-1).into(), 1.into()).unwrap().half_spaces(2).unwrap().len(), 4);
/// assert!(Domain::cube(2, 1.into(), 1.into()).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// All of `R^d`.
    WholeSpace,
    /// `lo[i] <= x[i] <= hi[i]`.
    Box {
        /// The lower ends.
        lo: Vec<Rational>,
        /// The upper ends, each greater than the lower one.
        hi: Vec<Rational>,
    },
    /// `row[..d] . x + row[d] >= 0` for each row. May be unbounded.
    Polytope(Vec<Vec<Rational>>),
}

impl Domain {
    /// The box with the same ends in each of `dimension` coordinates.
    ///
    /// # Errors
    /// [`Error::Input`] unless `lo < hi`.
    pub fn cube(dimension: usize, lo: Rational, hi: Rational) -> Result<Self> {
        let domain = Domain::Box { lo: vec![lo; dimension], hi: vec![hi; dimension] };
        domain.half_spaces(dimension)?;
        Ok(domain)
    }

    /// The box `center +- radius` in every coordinate: a neighbourhood of a point in the maximum norm.
    ///
    /// # Errors
    /// [`Error::Input`] unless `radius > 0`.
    pub fn neighbourhood(center: &[Rational], radius: &Rational) -> Result<Self> {
        let domain = Domain::Box {
            lo: center.iter().map(|c| c - radius).collect(),
            hi: center.iter().map(|c| c + radius).collect(),
        };
        domain.half_spaces(center.len())?;
        Ok(domain)
    }

    /// The domain as primitive integer rows `row[..d] . x + row[d] >= 0`, without rows that always hold.
    ///
    /// # Errors
    /// [`Error::Shape`] where the domain is one of another dimension; [`Error::Input`] for an empty interval or a row
    /// that never holds.
    pub fn half_spaces(&self, dimension: usize) -> Result<Vec<Vec<Integer>>> {
        match self {
            Domain::WholeSpace => Ok(Vec::new()),
            Domain::Box { lo, hi } => box_rows(lo, hi, dimension),
            Domain::Polytope(rows) => polytope_rows(rows, dimension),
        }
    }

    /// Whether a point lies in the domain, its border included.
    ///
    /// # Errors
    /// As [`half_spaces`](Self::half_spaces), with the dimension of the point.
    pub fn contains(&self, point: &[Rational]) -> Result<bool> {
        let rows = self.half_spaces(point.len())?;
        Ok(rows.iter().all(|row| value_at(row, point) >= Rational::ZERO))
    }
}

/// `row[..d] . point + row[d]`.
pub(crate) fn value_at(row: &[Integer], point: &[Rational]) -> Rational {
    let (constant, coefficients) = row.split_last().expect("a row ends in its constant");
    coefficients
        .iter()
        .zip(point)
        .filter(|(a, _)| !a.is_zero())
        .fold(Rational::from(constant.clone()), |sum, (a, x)| sum + x * Rational::from(a.clone()))
}

fn box_rows(lo: &[Rational], hi: &[Rational], dimension: usize) -> Result<Vec<Vec<Integer>>> {
    for (name, ends) in [("lower", lo), ("upper", hi)] {
        if ends.len() != dimension {
            return Err(Error::shape(
                "box domain",
                format!("{dimension} {name} ends, one per input"),
                ends.len(),
                "give the box in the dimension of the network's input",
            ));
        }
    }
    let mut rows = Vec::with_capacity(2 * dimension);
    for (i, (low, high)) in lo.iter().zip(hi).enumerate() {
        if low >= high {
            return Err(Error::input(
                format!("box domain, coordinate {}", i + 1),
                format!("the lower end {low} is not below the upper end {high}"),
                "give lower ends that are smaller than the upper ones",
            ));
        }
        for (sign, end) in [(1, low), (-1, high)] {
            let mut row = vec![Rational::ZERO; dimension + 1];
            row[i] = Rational::from(sign);
            row[dimension] = end * Rational::from(-sign);
            rows.push(primitive_row(&row).0);
        }
    }
    Ok(rows)
}

fn polytope_rows(rows: &[Vec<Rational>], dimension: usize) -> Result<Vec<Vec<Integer>>> {
    let mut kept: Vec<Vec<Integer>> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if row.len() != dimension + 1 {
            return Err(Error::shape(
                format!("polytope domain, row {}", i + 1),
                format!("{} numbers, the constant last", dimension + 1),
                row.len(),
                "give one coefficient per input and then the constant",
            ));
        }
        let integers = primitive_row(row).0;
        if integers[..dimension].iter().all(Integer::is_zero) {
            if integers[dimension] < Integer::ZERO {
                return Err(Error::input(
                    format!("polytope domain, row {}", i + 1),
                    "the row is a negative constant, so it holds nowhere",
                    "remove the row or mend its coefficients",
                ));
            }
        } else if !kept.contains(&integers) {
            kept.push(integers);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_domains_are_refused() {
        let one = Rational::ONE;
        assert!(Domain::cube(3, one.clone(), one.clone()).is_err());
        assert!(Domain::neighbourhood(std::slice::from_ref(&one), &Rational::ZERO).is_err());
        let flat = Domain::Box { lo: vec![Rational::ZERO], hi: vec![one.clone(), one.clone()] };
        assert!(flat.half_spaces(1).is_err());
        assert!(Domain::Polytope(vec![vec![one.clone()]]).half_spaces(1).is_err());
        assert!(Domain::Polytope(vec![vec![Rational::ZERO, -one]]).half_spaces(1).is_err());
    }

    #[test]
    fn a_box_contains_its_border_and_nothing_beyond() {
        let cube = Domain::cube(2, (-1).into(), 1.into()).unwrap();
        assert!(cube.contains(&[1.into(), 0.into()]).unwrap());
        assert!(!cube.contains(&[2.into(), 0.into()]).unwrap());
        assert!(Domain::WholeSpace.contains(&[2.into(), 0.into()]).unwrap());
    }
}
