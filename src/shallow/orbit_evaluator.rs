//! Evaluation of the form without expanding it.

use super::chamber::Chamber;
use super::float::{FilteredRows, RoundedPieces};
use super::locate::{check_dimension, check_domain, homogeneous, point_of, sign_at, unowned};
use super::orbit_form::{OrbitForm, SelectorOrbit};
use super::symmetry::{LayerPermutation, permuted};
use crate::error::Result;
use crate::num::{Integer, Rational, Sign};
use crate::polyhedral::ActivationPattern;
use std::sync::{Arc, PoisonError, RwLock};

/// Evaluates a form that is stored once per orbit: the point is brought into the chamber of the group, the region that
/// owns it there is found among those that meet the chamber, and the value is carried back.
///
/// Exactly one region of each orbit owns a given point of the chamber's interior. On the chamber's walls, where several
/// group elements lead into the chamber, any of them gives the right value, because the function is equivariant.
///
/// Which regions meet the chamber is guessed from the stored points of each orbit; should the owner not be among them, all
/// images of all regions are tried, and the owner is remembered. So the guess affects the time only.
#[derive(Debug)]
pub struct OrbitEvaluator<'a> {
    form: &'a OrbitForm,
    chamber: Chamber,
    /// Images that meet the chamber, as far as they are known.
    members: RwLock<Vec<Arc<Member>>>,
    rows: FilteredRows,
    pieces: RoundedPieces,
}

/// An image of a stored region.
#[derive(Clone, Debug)]
struct Member {
    orbit: usize,
    /// Carries the stored region to the image; `None` is the identity.
    element: Option<LayerPermutation>,
    /// Carries the image to the stored region.
    inverse: Option<LayerPermutation>,
    /// For each facet whether the image region owns it.
    closed: Vec<bool>,
}

/// Where a point lies: in the image of a stored region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The orbit.
    pub orbit: usize,
    /// The element that carries the stored region to the one that owns the point; `None` is the identity.
    pub element: Option<LayerPermutation>,
    /// The activation pattern of the region that owns the point.
    pub pattern: ActivationPattern,
}

impl<'a> OrbitEvaluator<'a> {
    /// Prepares a form for evaluation.
    ///
    /// O(nnz d log d) for the stored facets.
    ///
    /// # Errors
    /// As [`Domain::half_spaces`](crate::polyhedral::Domain::half_spaces).
    pub fn new(form: &'a OrbitForm) -> Result<Self> {
        let chamber = Chamber::new(form.inputs, &form.symmetry);
        let border = form.domain.half_spaces(form.inputs)?;
        let reflections = chamber.reflections().is_some();
        let mut members = Vec::new();
        for (o, orbit) in form.orbits.iter().enumerate() {
            let points = std::iter::once(&orbit.interior_point);
            let further = if reflections { &[][..] } else { &orbit.facets[..] };
            let mut seen: Vec<ActivationPattern> = Vec::new();
            for point in points.chain(further.iter().map(|facet| &facet.point)) {
                let element = chamber.reduce(point);
                let pattern = image_pattern(&element, &orbit.pattern);
                if !seen.contains(&pattern) {
                    seen.push(pattern);
                    members.push(Arc::new(member(form, &border, o, element)));
                }
            }
        }
        Ok(OrbitEvaluator {
            form,
            chamber,
            members: RwLock::new(members),
            rows: FilteredRows::new(form.rows.iter().map(Vec::as_slice)),
            pieces: RoundedPieces::new(&form.pieces),
        })
    }

    /// The value at a point, exactly.
    ///
    /// # Errors
    /// As [`locate`](Self::locate).
    pub fn evaluate(&self, point: &[Rational]) -> Result<Vec<Rational>> {
        let Place { orbit, element, .. } = self.locate(point)?;
        let piece = &self.form.pieces[self.form.orbits[orbit].piece];
        Ok(match element {
            None => piece.apply(point),
            Some(g) => permuted(&g.output, &piece.apply(&permuted(&g.input.inverse(), point))),
        })
    }

    /// The value at an `f64` point: decided exactly, then computed with coefficients rounded to nearest.
    ///
    /// # Errors
    /// As [`locate`](Self::locate), and [`Error::Input`](crate::Error::Input) for NaN and infinity.
    pub fn evaluate_f64(&self, point: &[f64]) -> Result<Vec<f64>> {
        let Place { orbit, element, .. } = self.locate_f64(point)?;
        let piece = self.form.orbits[orbit].piece;
        Ok(match element {
            None => self.pieces.apply(piece, point),
            Some(g) => permuted(&g.output, &self.pieces.apply(piece, &permuted(&g.input.inverse(), point))),
        })
    }

    /// The region that owns a point.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) for a point of another dimension; [`Error::Input`](crate::Error::Input) for a
    /// point outside the domain.
    pub fn locate(&self, point: &[Rational]) -> Result<Place> {
        check_dimension(self.form.inputs, point.len())?;
        check_domain(&self.form.domain, point)?;
        let carried = self.chamber.reduce(point);
        let inside = moved(&carried, &homogeneous(point));
        let found = self.find(|member| self.owns(member, &moved(&member.inverse, &inside)))?;
        found.map(|member| self.place(&carried, &member)).ok_or_else(unowned)
    }

    /// The region that owns an `f64` point, decided exactly.
    ///
    /// # Errors
    /// As [`locate`](Self::locate), and [`Error::Input`](crate::Error::Input) for NaN and infinity.
    pub fn locate_f64(&self, point: &[f64]) -> Result<Place> {
        check_dimension(self.form.inputs, point.len())?;
        let rational = point_of(point)?;
        check_domain(&self.form.domain, &rational)?;
        let carried = self.chamber.reduce(point);
        let inside = carried.as_ref().map_or_else(|| point.to_vec(), |g| permuted(&g.input, point));
        let found = self.find(|member| {
            let inverse = &member.inverse;
            let here = inverse.as_ref().map_or_else(|| inside.clone(), |g| permuted(&g.input, &inside));
            let mut integers = None;
            let facets = self.form.orbits[member.orbit].facets.iter().zip(&member.closed);
            facets.into_iter().all(|(facet, &closed)| {
                let sign = self.rows.sign(facet.row, &here).unwrap_or_else(|| {
                    let integers = integers
                        .get_or_insert_with(|| moved(inverse, &moved(&carried, &homogeneous(&rational))));
                    sign_at(&self.form.rows[facet.row], integers)
                });
                sign == Sign::Negative || (closed && sign == Sign::Zero)
            })
        })?;
        found.map(|member| self.place(&carried, &member)).ok_or_else(unowned)
    }

    /// The first member that owns, the likely ones first.
    fn find(&self, owns: impl Fn(&Member) -> bool) -> Result<Option<Arc<Member>>> {
        let known = self.members.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(member) = known.iter().find(|member| owns(member)) {
            return Ok(Some(Arc::clone(member)));
        }
        drop(known);
        let border = self.form.domain.half_spaces(self.form.inputs)?;
        let elements = self.chamber.elements();
        let found = elements
            .iter()
            .flat_map(|element| (0..self.form.orbits.len()).map(move |orbit| (orbit, element)))
            .map(|(orbit, element)| member(self.form, &border, orbit, Some(element.clone())))
            .find(|member| owns(member))
            .map(Arc::new);
        if let Some(member) = &found {
            self.members.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(member));
        }
        Ok(found)
    }

    /// Whether a member owns the point whose image in the stored region's place is given.
    fn owns(&self, member: &Member, here: &[Integer]) -> bool {
        let facets = self.form.orbits[member.orbit].facets.iter().zip(&member.closed);
        facets.into_iter().all(|(facet, &closed)| {
            let sign = sign_at(&self.form.rows[facet.row], here);
            sign == Sign::Negative || (closed && sign == Sign::Zero)
        })
    }

    /// `carried` brought the point into the chamber, where `member` owns it.
    fn place(&self, carried: &Option<LayerPermutation>, member: &Member) -> Place {
        let element = match (carried, &member.element) {
            (None, element) => element.clone(),
            (Some(g), None) => Some(g.inverse()),
            (Some(g), Some(h)) => Some(g.inverse().after(h)),
        };
        let stored: &SelectorOrbit = &self.form.orbits[member.orbit];
        Place { orbit: member.orbit, pattern: image_pattern(&element, &stored.pattern), element }
    }
}

fn member(
    form: &OrbitForm,
    border: &[Vec<Integer>],
    orbit: usize,
    element: Option<LayerPermutation>,
) -> Member {
    let closed = form.orbits[orbit]
        .facets
        .iter()
        .map(|facet| {
            let row = moved(&element, &form.rows[facet.row]);
            form.faces_viewpoint(&row) || border.contains(&super::negated(&row))
        })
        .collect();
    let inverse = element.as_ref().map(LayerPermutation::inverse);
    Member { orbit, element, inverse, closed }
}

fn moved(element: &Option<LayerPermutation>, row: &[Integer]) -> Vec<Integer> {
    element.as_ref().map_or_else(|| row.to_vec(), |g| g.permute_row(row))
}

fn image_pattern(element: &Option<LayerPermutation>, pattern: &ActivationPattern) -> ActivationPattern {
    element.as_ref().map_or_else(|| pattern.clone(), |g| g.permute_pattern(pattern))
}
