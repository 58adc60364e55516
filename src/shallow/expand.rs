//! From one selector per orbit to all selectors.

use super::boundary::Boundary;
use super::construct::PieceTable;
use super::form::{Condition, HalfSpace, Selector, ShallowNetwork};
use super::negated;
use super::orbit_form::{OrbitForm, SelectorOrbit};
use super::symmetry::LayerPermutation;
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, Sign};
use crate::polyhedral::ActivationPattern;
use rustc_hash::FxHashMap;
use std::sync::Arc;

impl OrbitForm {
    /// All half-spaces, conditions, selectors and pieces.
    ///
    /// O(R d (f + o) + K d generators) big-integer copies, f the mean number of facets.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where an orbit has another size than recorded, or a half-space inside the domain has no
    /// opposite; with [`Boundary::Faces`] as [`ShallowNetwork::with_faces`].
    pub fn expand(&self) -> Result<ShallowNetwork> {
        let half_spaces = self.half_space_table()?;
        let index: FxHashMap<&[Integer], usize> =
            half_spaces.iter().enumerate().map(|(k, h)| (h.row.as_slice(), k)).collect();
        let mut pieces = PieceTable::default();
        let mut selectors: Vec<(ActivationPattern, &SelectorOrbit, Option<LayerPermutation>)> = Vec::new();
        for orbit in &self.orbits {
            let members = self.symmetry.orbit_of_pattern(&orbit.pattern);
            if members.len() != orbit.size {
                let problem =
                    format!("orbit {} has {} members, not {}", orbit.pattern, members.len(), orbit.size);
                return Err(Error::inconsistent("three-layer form", problem));
            }
            selectors.extend(members.into_iter().map(|(pattern, element)| (pattern, orbit, element)));
        }
        selectors.sort_by(|a, b| a.0.cmp(&b.0));
        let selectors = selectors
            .into_iter()
            .map(|(pattern, orbit, element)| {
                let mut facets: Vec<(usize, Vec<Rational>)> = orbit
                    .facets
                    .iter()
                    .map(|facet| {
                        let row = moved(&element, &self.rows[facet.row], LayerPermutation::permute_row);
                        (index[row.as_slice()], moved(&element, &facet.point, permute_point))
                    })
                    .collect();
                facets.sort_unstable_by_key(|&(condition, _)| condition);
                let (conditions, facet_points) = facets.into_iter().unzip();
                let piece = match &element {
                    Some(g) => pieces.index_of(&g.permute_piece(&self.pieces[orbit.piece])),
                    None => pieces.index_of(&self.pieces[orbit.piece]),
                };
                let interior_point = moved(&element, &orbit.interior_point, permute_point);
                Selector { pattern, conditions, facet_points, interior_point, dimension: self.inputs, piece }
            })
            .collect();
        let conditions = half_spaces
            .iter()
            .enumerate()
            .map(|(k, h)| Condition { half_space: k, closed: h.border || self.faces_viewpoint(&h.row) })
            .collect();
        let regions = ShallowNetwork {
            inputs: self.inputs,
            outputs: self.outputs,
            domain: self.domain.clone(),
            boundary: Boundary::HalfOpen,
            viewpoint: self.viewpoint.clone(),
            half_spaces,
            conditions,
            selectors,
            pieces: pieces.pieces,
            stored: Some(Arc::new(self.clone())),
        };
        match self.boundary {
            Boundary::HalfOpen => Ok(regions),
            Boundary::Faces => regions.with_faces(),
        }
    }

    /// Whether the viewpoint lies in the open half-space of an outward row.
    pub(super) fn faces_viewpoint(&self, row: &[Integer]) -> bool {
        self.viewpoint.side(row) == Sign::Negative
    }

    fn half_space_table(&self) -> Result<Vec<HalfSpace>> {
        let border = self.domain.half_spaces(self.inputs)?;
        let rows = self.half_spaces();
        let find = |row: &Vec<Integer>| rows.binary_search(row).ok();
        rows.iter()
            .map(|row| {
                let inward = negated(row);
                let half_space =
                    HalfSpace { row: row.clone(), opposite: find(&inward), border: border.contains(&inward) };
                if half_space.border || half_space.opposite.is_some() {
                    return Ok(half_space);
                }
                Err(Error::inconsistent("three-layer form", format!("half-space {row:?} has one side only")))
            })
            .collect()
    }
}

fn permute_point(element: &LayerPermutation, point: &[Rational]) -> Vec<Rational> {
    super::symmetry::permuted(&element.input, point)
}

fn moved<T: Clone>(
    element: &Option<LayerPermutation>,
    vector: &[T],
    action: impl Fn(&LayerPermutation, &[T]) -> Vec<T>,
) -> Vec<T> {
    element.as_ref().map_or_else(|| vector.to_vec(), |g| action(g, vector))
}
