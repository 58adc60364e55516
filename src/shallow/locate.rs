//! Which selector answers at a point.

use super::boundary::Boundary;
use super::extended::Number;
use super::form::{Condition, ShallowNetwork};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, Sign, primitive_row};
use crate::polyhedral::{Domain, PiecewiseLinearMap};

impl ShallowNetwork {
    /// The value at a point, exactly, by the affine piece of the selector that owns it.
    ///
    /// # Errors
    /// As [`locate`](Self::locate).
    pub fn evaluate(&self, point: &[Rational]) -> Result<Vec<Rational>> {
        let selector = &self.selectors[self.locate(point)?];
        Ok(self.pieces[selector.piece].apply(point))
    }

    /// The selector that owns a point: the first, and only, one whose conditions all hold.
    ///
    /// O(number of incidences + K d) at the worst: each half-space is evaluated once, when first asked for.
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension; [`Error::Input`] for a point outside the domain.
    pub fn locate(&self, point: &[Rational]) -> Result<usize> {
        check_dimension(self.inputs, point.len())?;
        check_domain(&self.domain, point)?;
        let homogeneous = homogeneous(point);
        let mut signs = Signs::new(self, |k| sign_at(&self.half_spaces[k].row, &homogeneous));
        let owner = (0..self.selectors.len()).find(|&selector| signs.all_hold(selector));
        owner.map_or_else(|| Err(unowned()), Ok)
    }

    /// All selectors whose conditions hold at a point: exactly one where the form is right and the point in the domain.
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension.
    pub fn owners(&self, point: &[Rational]) -> Result<Vec<usize>> {
        check_dimension(self.inputs, point.len())?;
        let homogeneous = homogeneous(point);
        let mut signs = Signs::new(self, |k| sign_at(&self.half_spaces[k].row, &homogeneous));
        Ok((0..self.selectors.len()).filter(|&selector| signs.all_hold(selector)).collect())
    }

    /// The selector that owns a point, found through the layers of the map: its pattern is that of the map at the point
    /// moved infinitesimally towards the viewpoint. `None` where no selector has that pattern, and always where faces
    /// have selectors of their own.
    ///
    /// One exact evaluation of the map, whatever the number of selectors.
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension.
    pub fn locate_by_pattern(&self, map: &PiecewiseLinearMap, point: &[Rational]) -> Result<Option<usize>> {
        check_dimension(self.inputs, point.len())?;
        if self.boundary == Boundary::Faces {
            return Ok(None);
        }
        let pattern = map.pattern_towards(point, &[self.viewpoint.direction_from(point)])?;
        Ok(self.selectors.binary_search_by(|selector| selector.pattern.cmp(&pattern)).ok())
    }
}

pub(super) fn check_dimension(expected: usize, given: usize) -> Result<()> {
    if given == expected {
        return Ok(());
    }
    let mend = "give one number per input";
    Err(Error::shape("point of a three-layer form", format!("{expected} coordinates"), given, mend))
}

/// Refuses points outside the domain, also those in regions that reach beyond it.
pub(super) fn check_domain(domain: &Domain, point: &[Rational]) -> Result<()> {
    if domain.contains(point)? {
        return Ok(());
    }
    Err(Error::input(
        "point of a three-layer form",
        "the point lies outside the domain that the form was made for",
        "give points of the domain, or rewrite the network on a larger one",
    ))
}

/// The rational numbers that the coordinates are.
///
/// # Errors
/// [`Error::Input`] for NaN and infinity.
pub(super) fn point_of<T: Number>(point: &[T]) -> Result<Vec<Rational>> {
    let rational: Option<Vec<Rational>> = point.iter().map(Number::to_rational).collect();
    rational.ok_or_else(|| {
        let problem = "a coordinate is NaN or infinite";
        Error::input("point of a three-layer form", problem, "give finite numbers")
    })
}

/// What must not happen inside the domain.
pub(super) fn unowned() -> Error {
    Error::inconsistent("three-layer form", "a point of the domain that no selector owns")
}

/// The point in homogeneous integer coordinates, the last one positive.
pub(super) fn homogeneous(point: &[Rational]) -> Vec<Integer> {
    let coordinates: Vec<Rational> = point.iter().cloned().chain([Rational::ONE]).collect();
    primitive_row(&coordinates).0
}

/// `row . (point, 1)`.
pub(super) fn value_at(row: &[Integer], point: &[Rational]) -> Rational {
    let constant = Rational::from(row[point.len()].clone());
    row.iter().zip(point).fold(constant, |sum, (a, x)| sum + x * Rational::from(a.clone()))
}

/// The sign of a row at a point in homogeneous coordinates.
pub(super) fn sign_at(row: &[Integer], homogeneous: &[Integer]) -> Sign {
    Sign::of(&row.iter().zip(homogeneous).map(|(a, x)| a * x).sum())
}

/// The signs of the rows of all half-spaces at one point, each found when first needed.
pub(super) struct Signs<'a, F> {
    form: &'a ShallowNetwork,
    sign_of: F,
    known: Vec<Option<Sign>>,
}

impl<'a, F: FnMut(usize) -> Sign> Signs<'a, F> {
    /// `sign_of(k)` is the sign of the row of half-space `k` at the point.
    pub(super) fn new(form: &'a ShallowNetwork, sign_of: F) -> Self {
        Signs { form, sign_of, known: vec![None; form.half_spaces.len()] }
    }

    fn holds(&mut self, condition: Condition) -> bool {
        let k = condition.half_space;
        let sign = *self.known[k].get_or_insert_with(|| (self.sign_of)(k));
        sign == Sign::Negative || (condition.closed && sign == Sign::Zero)
    }

    /// Whether all conditions of a selector hold.
    pub(super) fn all_hold(&mut self, selector: usize) -> bool {
        let form = self.form;
        form.selectors[selector].conditions.iter().all(|&c| self.holds(form.conditions[c]))
    }
}
