//! Making certificates.

use super::{Certificate, RegionProof, RowProof};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, primitive_row};
use crate::polyhedral::adjacency::{Adjacency, Beyond};
use crate::polyhedral::engine::ExactPoint;
use crate::polyhedral::row_cells::combination;
use crate::polyhedral::{Region, Regions};
use rayon::prelude::*;

impl Certificate {
    /// Proves that a set of regions, with their facets, is complete.
    ///
    /// Cost: one exact linear program per region and inequality without facet, spread over the current thread pool.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where the set is not complete or its facets are not all facets.
    ///
    /// ```
    /// use isotypic::num::Rational;
    /// use isotypic::polyhedral::certificate::{Certificate, check};
    /// use isotypic::polyhedral::{Domain, PiecewiseLinearMap, plain};
    /// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
    /// let hidden = vec![row([1, 0, 0]), row([0, 1, 0]), row([1, 1, -1])];
    /// let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO])?;
    /// let regions = plain::enumerate(&map, &Domain::WholeSpace)?;
    /// let mut certificate = Certificate::new(&regions)?;
    /// assert!(check(&map, &Domain::WholeSpace, &certificate).is_ok());
    /// certificate.regions.pop();
    /// assert!(check(&map, &Domain::WholeSpace, &certificate).is_err());
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(regions: &Regions) -> Result<Self> {
        let adjacency = Adjacency::new(regions)?;
        if !adjacency.is_complete() {
            return Err(Error::inconsistent(
                "certificate of completeness",
                "a facet leads to a region that is not in the set",
            ));
        }
        let border = regions.domain().half_spaces(regions.map().inputs())?;
        let proofs: Result<Vec<RegionProof>> = (0..regions.len())
            .into_par_iter()
            .map(|r| prove(regions, &border, &regions[r], adjacency.beyond(r)))
            .collect();
        Ok(Certificate { regions: proofs? })
    }
}

fn prove(
    regions: &Regions,
    border: &[Vec<Integer>],
    region: &Region,
    beyond: &[Beyond],
) -> Result<RegionProof> {
    let d = regions.map().inputs();
    let rows: Vec<(Vec<Integer>, Rational)> =
        border.iter().map(|row| (row.clone(), Rational::ONE)).chain(region_rows(regions, region)).collect();
    let facet_rows: Vec<Vec<Integer>> = region.facets.iter().map(|facet| facet.half_space.clone()).collect();
    // The first inequality on each facet stands for it.
    let place_of = |facet: usize| rows.iter().position(|(row, _)| *row == facet_rows[facet]);
    let places: Option<Vec<usize>> = (0..facet_rows.len()).map(place_of).collect();
    let places = places.ok_or_else(|| flawed(region, "a facet lies on none of its inequalities"))?;
    let inside = ExactPoint::from_rationals(&region.interior_point).vector;
    let proofs = rows.iter().enumerate().map(|(place, (row, factor))| {
        if row[..d].iter().all(Integer::is_zero) {
            return Ok(RowProof::Constant);
        }
        if let Some(facet) = facet_rows.iter().position(|other| other == row) {
            let first = places[facet];
            if first != place {
                let ratio = &rows[first].1 / factor;
                return Ok(RowProof::Implied { terms: vec![(first, ratio)], constant: Rational::ZERO });
            }
            let beyond = match beyond[facet] {
                Beyond::Region(other) => Some(other),
                _ => None,
            };
            return Ok(RowProof::Facet { point: region.facets[facet].interior_point.clone(), beyond });
        }
        let (terms, constant) = combination(&facet_rows, row, &inside)
            .ok_or_else(|| flawed(region, "an inequality has a facet that is not listed"))?;
        // From primitive rows back to the rows as they are.
        let terms = terms.into_iter().map(|(facet, m)| (places[facet], m * &rows[places[facet]].1 / factor));
        Ok(RowProof::Implied { terms: terms.collect(), constant: constant / factor })
    });
    Ok(RegionProof {
        pattern: region.pattern.clone(),
        interior_point: region.interior_point.clone(),
        rows: proofs.collect::<Result<_>>()?,
    })
}

fn flawed(region: &Region, problem: &str) -> Error {
    Error::inconsistent(format!("certificate, region {}", region.pattern), problem)
}

/// The inequality of every neuron as a primitive row, with the positive factor from the inequality to that row.
fn region_rows(regions: &Regions, region: &Region) -> Vec<(Vec<Integer>, Rational)> {
    let forms = regions.map().forms_on(&region.pattern);
    let (_, hidden) = forms.split_last().expect("there is an output layer");
    let mut rows = Vec::with_capacity(region.pattern.neurons());
    for layer in hidden {
        let scale = Rational::from(layer.scale.clone());
        for form in &layer.rows {
            let active = region.pattern.is_active(rows.len());
            let sign = Rational::from(if active { 1 } else { -1 });
            let row: Vec<Rational> =
                form.iter().map(|entry| Rational::from(entry.clone()) * &sign / &scale).collect();
            rows.push(primitive_row(&row));
        }
    }
    rows
}
