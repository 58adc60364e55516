//! The three layers, executed literally on a form that is stored once per orbit.

use super::boundary::Boundary;
use super::extended::{Extended, Number};
use super::layers::scaled;
use super::locate::{check_dimension, check_domain, point_of};
use super::negated;
use super::orbit_form::OrbitForm;
use super::symmetry::permuted;
use crate::error::{Error, Result};
use crate::group::Permutation;
use crate::num::Rational;
use rustc_hash::FxHashMap;

/// The weights of the three layers, those of one region per orbit, with the places where the other regions find theirs.
///
/// The units of the image of a stored region under `g` have at `x` the values that those of the stored region have at
/// `g^-1 x`. So the whole network is the stored units, evaluated at the images of `x`, and nothing is expanded. Every unit
/// of every selector is computed, and the outputs are their sum, as in [`ThreeLayers`](super::ThreeLayers): this is a check
/// of the arithmetic, not a fast way to the value.
///
/// In `f64` the remark on [`ThreeLayers`](super::ThreeLayers) applies: within rounding of a boundary no selector, or
/// several, may answer.
#[derive(Clone, Debug)]
pub struct OrbitLayers<'a, T> {
    form: &'a OrbitForm,
    rows: Vec<Vec<T>>,
    pieces: Vec<Vec<Vec<T>>>,
    /// The different permutations that carry a point to a stored region.
    carriers: Vec<Permutation>,
    regions: Vec<Region>,
}

/// A region as the image of a stored one.
#[derive(Clone, Debug)]
struct Region {
    orbit: usize,
    /// The place of `g^-1` among the carriers.
    carrier: usize,
    /// How `g` permutes the outputs.
    output: Permutation,
    /// For each facet whether its half-space is closed.
    closed: Vec<bool>,
}

impl<'a, T: Number> OrbitLayers<'a, T> {
    /// The layers of a form. O(number of incidences * d).
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a form with selectors for faces; else as
    /// [`Domain::half_spaces`](crate::polyhedral::Domain::half_spaces).
    pub fn new(form: &'a OrbitForm) -> Result<Self> {
        if form.boundary == Boundary::Faces {
            return Err(Error::unsupported(
                "the layers of a stored form with selectors for faces",
                "expand the form and use its ThreeLayers",
            ));
        }
        let border = form.domain.half_spaces(form.inputs)?;
        let mut carriers: Vec<Permutation> = Vec::new();
        let mut places: FxHashMap<Permutation, usize> = FxHashMap::default();
        let mut regions = Vec::new();
        for (number, orbit) in form.orbits.iter().enumerate() {
            for (_, element) in form.symmetry.orbit_of_pattern(&orbit.pattern) {
                let inverse = match &element {
                    Some(g) => g.input.inverse(),
                    None => Permutation::identity(form.inputs),
                };
                let carrier = *places.entry(inverse).or_insert_with_key(|inverse| {
                    carriers.push(inverse.clone());
                    carriers.len() - 1
                });
                let closed = |row: &[crate::num::Integer]| {
                    let row = element.as_ref().map_or_else(|| row.to_vec(), |g| g.permute_row(row));
                    form.faces_viewpoint(&row) || border.contains(&negated(&row))
                };
                regions.push(Region {
                    orbit: number,
                    carrier,
                    closed: orbit.facets.iter().map(|facet| closed(&form.rows[facet.row])).collect(),
                    output: element.map_or_else(|| Permutation::identity(form.outputs), |g| g.output),
                });
            }
        }
        let number = |row: &Vec<Rational>| row.iter().map(T::from_rational).collect();
        Ok(OrbitLayers {
            form,
            rows: form.rows.iter().map(|row| number(&scaled(row))).collect(),
            pieces: form.pieces.iter().map(|piece| piece.rows.iter().map(number).collect()).collect(),
            carriers,
            regions,
        })
    }

    /// The outputs at a point. O(number of incidences + K d).
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension; [`Error::Input`] for a point outside the domain, and for one that
    /// is not a number.
    pub fn evaluate(&self, point: &[T]) -> Result<Vec<T>> {
        check_dimension(self.form.inputs, point.len())?;
        check_domain(&self.form.domain, &point_of(point)?)?;
        let relu = |value: T| if value > T::zero() { value } else { T::zero() };
        let images: Vec<Vec<T>> = self.carriers.iter().map(|carrier| permuted(carrier, point)).collect();
        // The first layer: for each image of the point and each stored row the units of the row and of its opposite.
        let first: Vec<Vec<(T, T)>> = images
            .iter()
            .map(|image| {
                let amounts = self.rows.iter().map(|row| affine(row, image));
                amounts.map(|amount| (relu(amount.clone()), relu(amount.negated()))).collect()
            })
            .collect();
        let mut outputs = vec![T::zero(); self.form.outputs];
        for region in &self.regions {
            let violation = self.violation(region, &first[region.carrier])?;
            let drop = Extended::MinusInfinity.times(&Extended::Finite(violation));
            if drop != Extended::Finite(T::zero()) {
                // relu(+-f - inf) = 0, whatever the finite f.
                continue;
            }
            let piece = &self.pieces[self.form.orbits[region.orbit].piece];
            for (o, row) in piece.iter().enumerate() {
                let value = affine(row, &images[region.carrier]);
                let output = &mut outputs[region.output.apply(o)];
                let parts = (relu(value.clone()), relu(value.negated()));
                *output = output.clone().plus(&parts.0).plus(&parts.1.negated());
            }
        }
        Ok(outputs)
    }

    /// The sum of the units of the second layer that a region looks at.
    fn violation(&self, region: &Region, first: &[(T, T)]) -> Result<T> {
        let facets = self.form.orbits[region.orbit].facets.iter().zip(&region.closed);
        facets.into_iter().try_fold(T::zero(), |sum, (facet, &closed)| {
            let (unit, opposite) = &first[facet.row];
            if closed {
                return Ok(sum.plus(unit));
            }
            let drop = Extended::MinusInfinity.times(&Extended::Finite(opposite.clone()));
            Ok(sum.plus(&Extended::Finite(T::one()).plus(&drop)?.relu().finite()?))
        })
    }
}

fn affine<T: Number>(row: &[T], point: &[T]) -> T {
    let constant = row[point.len()].clone();
    row.iter().zip(point).fold(constant, |sum, (a, x)| sum.plus_product(a, x))
}
