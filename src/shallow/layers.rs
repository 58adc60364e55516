//! The three layers, executed literally.

use super::extended::{Extended, Number};
use super::form::ShallowNetwork;
use super::locate::check_dimension;
use crate::error::{Error, Result};
use crate::num::{Integer, Natural, Rational};

/// The weights of the three layers as numbers of one kind, ready to be applied.
///
/// Infinite weights are index lists, not numbers: `relu(1 - inf t)` and `relu(y - inf s)` are computed with
/// [`Extended`] on the units that they name.
///
/// With [`Rational`] the outcome equals that of [`ShallowNetwork::evaluate`]. With `f64` the rows and pieces are
/// rounded (rows are first scaled to a largest entry of about one, which changes no condition) and a half-space holds
/// iff its rounded value says so: at points within rounding of a boundary no selector, or several, may answer, as in any
/// floating-point execution of such a network. Use [`FloatEvaluator`](super::FloatEvaluator) for decisions that are
/// right.
#[derive(Clone, Debug)]
pub struct ThreeLayers<'a, T> {
    form: &'a ShallowNetwork,
    rows: Vec<Vec<T>>,
    pieces: Vec<Vec<Vec<T>>>,
}

/// The values of all units at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitValues<T> {
    /// The units of the first hidden layer: one per half-space, then `relu(x)`, then `relu(-x)`.
    pub first: Vec<T>,
    /// The units of the second: one per condition, then `relu(x)`, then `relu(-x)`.
    pub second: Vec<T>,
    /// The units of the third: for each selector and output the positive and then the negative part.
    pub third: Vec<T>,
    /// The outputs.
    pub outputs: Vec<T>,
}

impl<'a, T: Number> ThreeLayers<'a, T> {
    /// The layers of a form.
    pub fn new(form: &'a ShallowNetwork) -> Self {
        let number = |row: &Vec<Rational>| row.iter().map(T::from_rational).collect();
        ThreeLayers {
            form,
            rows: form.half_spaces.iter().map(|h| number(&scaled(&h.row))).collect(),
            pieces: form.pieces.iter().map(|piece| piece.rows.iter().map(number).collect()).collect(),
        }
    }

    /// The outputs at a point.
    ///
    /// # Errors
    /// As [`unit_values`](Self::unit_values).
    pub fn evaluate(&self, point: &[T]) -> Result<Vec<T>> {
        Ok(self.unit_values(point)?.outputs)
    }

    /// The values of all units at a point. O(K d + number of incidences + R o d).
    ///
    /// Outside the domain no selector answers and the outputs are 0.
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension.
    pub fn unit_values(&self, point: &[T]) -> Result<UnitValues<T>> {
        let form = self.form;
        check_dimension(form.inputs, point.len())?;
        let relu = |value: T| if value > T::zero() { value } else { T::zero() };
        let through: Vec<T> = point
            .iter()
            .map(|x| relu(x.clone()))
            .chain(point.iter().map(|x| relu(x.clone().negated())))
            .collect();
        let first: Vec<T> =
            self.rows.iter().map(|row| relu(affine(row, point))).chain(through.iter().cloned()).collect();
        let mut second = self.violations(&first)?;
        second.extend(through);
        let third = self.selected(&second)?;
        let outputs = (0..form.outputs)
            .map(|o| {
                third.chunks_exact(2 * form.outputs).fold(T::zero(), |sum, units| {
                    sum.plus(&units[2 * o]).plus(&units[2 * o + 1].clone().negated())
                })
            })
            .collect();
        Ok(UnitValues { first, second, third, outputs })
    }

    /// One unit per condition: the amount by which a closed half-space is missed, or 1 where an open one does not hold.
    fn violations(&self, first: &[T]) -> Result<Vec<T>> {
        self.form
            .conditions
            .iter()
            .map(|condition| {
                if condition.closed {
                    return Ok(first[condition.half_space].clone());
                }
                let opposite = self.form.half_spaces[condition.half_space].opposite.ok_or_else(|| {
                    Error::inconsistent("three-layer form", "an open half-space without its opposite")
                })?;
                let inside = Extended::Finite(first[opposite].clone());
                let drop = Extended::MinusInfinity.times(&inside);
                Extended::Finite(T::one()).plus(&drop)?.relu().finite()
            })
            .collect()
    }

    /// For each selector and output `relu(+-f - inf s)`, with `f` computed from the units that pass the input through.
    fn selected(&self, second: &[T]) -> Result<Vec<T>> {
        let (violations, through) = second.split_at(self.form.conditions.len());
        let (positive, negative) = through.split_at(self.form.inputs);
        let mut third = Vec::with_capacity(2 * self.form.selectors.len() * self.form.outputs);
        for selector in &self.form.selectors {
            let sum = selector.conditions.iter().fold(T::zero(), |sum, &c| sum.plus(&violations[c]));
            let drop = Extended::MinusInfinity.times(&Extended::Finite(sum));
            for row in &self.pieces[selector.piece] {
                let minus: Vec<T> = negative.iter().map(|x| x.clone().negated()).collect();
                let value = affine(row, positive);
                let value = row.iter().zip(&minus).fold(value, |sum, (a, x)| sum.plus_product(a, x));
                for part in [value.clone(), value.negated()] {
                    third.push(Extended::Finite(part).plus(&drop)?.relu().finite()?);
                }
            }
        }
        Ok(third)
    }
}

fn affine<T: Number>(row: &[T], point: &[T]) -> T {
    let constant = row[point.len()].clone();
    row.iter().zip(point).fold(constant, |sum, (a, x)| sum.plus_product(a, x))
}

/// The row divided by a power of two that brings its largest entry near one.
pub(super) fn scaled(row: &[Integer]) -> Vec<Rational> {
    let mut bits = 0;
    while row.iter().any(|entry| !(entry >> bits).is_zero() && entry >> bits != -Integer::ONE) {
        bits += 32;
    }
    let scale = Natural::ONE << bits;
    row.iter().map(|entry| Rational::from_parts(entry.clone(), scale.clone())).collect()
}
