//! The outline of one region: a point inside it and a point on each of its facets.

use super::cell::Cell;
use super::dictionary::WalkEnd;
use super::exact_program::point_between;
use super::proof;
use super::search::RowCells;
use crate::error::Result;
use crate::num::{Integer, Rational, Sign, nearest_f64};
use crate::polyhedral::ActivationPattern;
use crate::polyhedral::domain::value_at;
use crate::polyhedral::engine::{ExactPoint, Kernel, Source, bit};
use std::cell::OnceCell;

/// A region by exact points, in the essential coordinates of the problem.
pub(in crate::polyhedral) struct Outline {
    /// A point in the interior.
    pub(in crate::polyhedral) interior: Vec<Rational>,
    /// The source of every facet, with a point in its relative interior.
    pub(in crate::polyhedral) facets: Vec<(Source, Vec<Rational>)>,
}

impl RowCells<'_> {
    /// The outline of the region with a pattern; `None` where there is no such region.
    ///
    /// # Errors
    /// As the search for regions.
    pub(in crate::polyhedral) fn outline(&mut self, pattern: &ActivationPattern) -> Result<Option<Outline>> {
        self.release(0);
        let Some(mut cell) = self.start(0)? else { return Ok(None) };
        for layer in 0..self.problem.layers.len() {
            if layer > 0 {
                self.enter_layer(&mut cell, layer)?;
            }
            let offset = self.problem.offsets[layer];
            while let Some(neuron) = self.decide(&mut cell, layer)? {
                let positive = self.split(&mut cell, layer, neuron)?;
                let active = pattern.is_active(offset + neuron);
                let word = &mut self.bits[layer][neuron / 64];
                *word = *word & !(1 << (neuron % 64)) | u64::from(active) << (neuron % 64);
                if let Some(positive) = positive.filter(|_| active) {
                    cell = positive;
                }
            }
            let bits = &self.bits[layer];
            if (0..self.problem.layers[layer].width).any(|s| bit(bits, s) != pattern.is_active(offset + s)) {
                return Ok(None);
            }
        }
        let interior = coordinates(cell.witness.exact()?);
        let rows: Vec<Vec<Integer>> = (0..self.rows.len()).map(|row| self.exact_row(row)).collect();
        let mut facets = Vec::new();
        for row in 0..rows.len() {
            if let Some(point) = self.facet_point(&mut cell, row, &rows, &interior)? {
                facets.push((self.rows.source(row).0, point));
            }
        }
        Ok(Some(Outline { interior, facets }))
    }

    /// A point in the relative interior of the facet on a row, or `None` where the other rows imply this one.
    fn facet_point(
        &mut self,
        cell: &mut Cell,
        row: usize,
        rows: &[Vec<Integer>],
        interior: &[Rational],
    ) -> Result<Option<Vec<Rational>>> {
        match self.walk_without(cell, row) {
            WalkEnd::Negative(below) => {
                let below = ExactPoint::from_floats(&below).map(|point| coordinates(&point));
                if let Some(point) = below.and_then(|below| crossing(&rows[row], interior, &below))
                    && self.is_inside_others(rows, row, &point)
                {
                    return Ok(Some(point));
                }
            }
            WalkEnd::Optimal
                if self.is_implied(cell, row) || self.basis_implies(&cell.dictionary, &rows[row]) =>
            {
                return Ok(None);
            }
            _ => {}
        }
        let others: Vec<Vec<Integer>> =
            rows.iter().enumerate().filter(|&(i, _)| i != row).map(|(_, other)| other.clone()).collect();
        self.work.exact_decisions += 1;
        let start = cell.witness.exact()?.vector.clone();
        let below = point_between(&others, &rows[row], &start);
        Ok(below.and_then(|below| crossing(&rows[row], interior, &below)))
    }

    /// Whether a point is strictly inside all rows but one.
    fn is_inside_others(&self, rows: &[Vec<Integer>], row: usize, point: &[Rational]) -> bool {
        let d = point.len();
        let near: Vec<f64> = point.iter().map(nearest_f64).collect();
        let size = near.iter().fold(1.0f64, |size, x| size.max(x.abs()));
        let exact = OnceCell::new();
        (0..rows.len()).filter(|&other| other != row).all(|other| {
            let constant = self.rows.entry(other, d);
            let (mut value, mut reach) = (constant, constant.abs());
            for (c, x) in near.iter().enumerate() {
                let term = self.rows.entry(other, c) * x;
                value += term;
                reach += term.abs();
            }
            // The rounding of the coordinates and of the sum, and the doubt of the row.
            let bound = (d as f64 + 6.0) * f64::EPSILON * reach + 2.0 * self.rows.doubt(other) * size;
            if value.abs() > bound {
                return value > 0.0;
            }
            let exact = exact.get_or_init(|| ExactPoint::from_rationals(point));
            exact.side_of(&rows[other]) == Sign::Positive
        })
    }

    /// Walks from the witness to where a row fails first, as if it were not there.
    fn walk_without(&mut self, cell: &mut Cell, row: usize) -> WalkEnd {
        let d = self.problem.map.inputs();
        self.form.clear();
        self.form.extend((0..=d).map(|c| self.rows.entry(row, c)));
        cell.dictionary.reset(&self.rows, &cell.witness.point);
        cell.dictionary.ignore(Some(row));
        let end = cell.dictionary.walk(&self.rows, &self.form, &mut self.scratch);
        cell.dictionary.ignore(None);
        end
    }

    /// Whether the basis at the end of a walk certainly implies the row.
    fn is_implied(&self, cell: &Cell, row: usize) -> bool {
        let bounds = self.bounds.as_deref();
        let doubt = self.rows.doubt(row);
        proof::is_positive(&self.rows, &cell.dictionary, &self.scratch.rates, &self.form, doubt, bounds)
    }
}

/// The point of a segment at which a row vanishes, from an end where it is positive to one where it is negative.
fn crossing(row: &[Integer], above: &[Rational], below: &[Rational]) -> Option<Vec<Rational>> {
    let (at_above, at_below) = (value_at(row, above), value_at(row, below));
    if at_above <= Rational::ZERO || at_below >= Rational::ZERO {
        return None;
    }
    let part = &at_above / (&at_above - &at_below);
    Some(above.iter().zip(below).map(|(a, b)| a + (b - a) * &part).collect())
}

fn coordinates(point: &ExactPoint) -> Vec<Rational> {
    let (scale, coordinates) = point.vector.split_last().expect("homogeneous vectors are not empty");
    let scale = Rational::from(scale.clone());
    coordinates.iter().map(|x| Rational::from(x.clone()) / &scale).collect()
}
