//! Regions, facets and boundaries.

use super::Outcome;
use super::images::Images;
use super::layers::Layers;
use crate::num::elimination::solve_over;
use crate::num::{Integer, Rational, primitive_row};
use crate::polyhedral::Domain;
use crate::shallow::orbit_form::{OrbitForm, SelectorOrbit};
use rayon::prelude::*;

/// The domain as primitive rows that are `>= 0` on it, in the order of its definition, each once.
pub(super) fn domain_rows(form: &OrbitForm) -> Vec<Vec<Integer>> {
    let d = form.inputs();
    let rows = match form.domain() {
        Domain::WholeSpace => Vec::new(),
        Domain::Polytope(rows) => rows.clone(),
        Domain::Box { lo, hi } => {
            let side = |i: usize, sign: i32, end: &Rational| -> Vec<Rational> {
                let mut row = vec![Rational::ZERO; d + 1];
                row[i] = sign.into();
                row[d] = end * Rational::from(-sign);
                row
            };
            (0..d).flat_map(|i| [side(i, 1, &lo[i]), side(i, -1, &hi[i])]).collect()
        }
    };
    let mut primitive: Vec<Vec<Integer>> = Vec::new();
    for row in rows {
        let row = primitive_row(&row).0;
        if row[..d].iter().any(|entry| !entry.is_zero()) && !primitive.contains(&row) {
            primitive.push(row);
        }
    }
    primitive
}

/// A point in homogeneous coordinates over the integers, the last one positive.
pub(super) fn homogeneous(point: &[Rational]) -> Vec<Integer> {
    primitive_row(&point.iter().cloned().chain([Rational::ONE]).collect::<Vec<Rational>>()).0
}

/// The value of a row at a point in homogeneous coordinates, up to a positive factor.
pub(super) fn value(row: &[Integer], homogeneous: &[Integer]) -> Integer {
    row.iter().zip(homogeneous).map(|(a, x)| a * x).sum()
}

pub(super) fn opposite(row: &[Integer]) -> Vec<Integer> {
    row.iter().map(|entry| -entry).collect()
}

/// The rows of a stored region, `<= 0` on it.
pub(super) fn facet_rows<'a>(form: &'a OrbitForm, orbit: &SelectorOrbit) -> Vec<&'a [Integer]> {
    orbit.facets.iter().map(|facet| form.rows()[facet.row].as_slice()).collect()
}

pub(super) fn affine_pieces(form: &OrbitForm, layers: &Layers) -> Outcome {
    let wrong = form.orbits().par_iter().find_first(|orbit| {
        let forms = layers.forms(form.inputs(), &orbit.pattern);
        forms.outputs != form.pieces()[orbit.piece].rows
    });
    if let Some(orbit) = wrong {
        return Err(format!("the affine piece of region {} is not that of its pattern", orbit.pattern));
    }
    Ok(format!("{} pieces of {} stored regions", form.pieces().len(), form.orbits().len()))
}

pub(super) fn regions(form: &OrbitForm, layers: &Layers) -> Outcome {
    let domain = domain_rows(form);
    let checked = form.orbits().par_iter().map(|orbit| {
        region(form, layers, &domain, orbit).map_err(|problem| format!("region {}: {problem}", orbit.pattern))
    });
    if let Some(problem) = checked.find_map_first(Result::err) {
        return Err(problem);
    }
    let facets: usize = form.orbits().iter().map(|orbit| orbit.facets.len()).sum();
    Ok(format!("{} stored regions with {facets} facets", form.orbits().len()))
}

fn region(
    form: &OrbitForm,
    layers: &Layers,
    domain: &[Vec<Integer>],
    orbit: &SelectorOrbit,
) -> Result<(), String> {
    let d = form.inputs();
    // The inequalities of Q(p), as primitive rows that are >= 0 on it.
    let neurons = layers.forms(d, &orbit.pattern).neurons.into_iter().enumerate();
    let signed = neurons.map(|(n, row)| if orbit.pattern.is_active(n) { row } else { opposite(&row) });
    let inequalities: Vec<Vec<Integer>> = signed.chain(domain.iter().cloned()).collect();
    let rows = facet_rows(form, orbit);
    if rows.iter().any(|row| !inequalities.contains(&opposite(row))) {
        return Err("a row is no inequality of the pattern".into());
    }
    if orbit.implied.len() != inequalities.len() {
        return Err("there is not one proof per inequality".into());
    }
    for (inequality, proof) in inequalities.iter().zip(&orbit.implied) {
        if !follows(inequality, &rows, proof) {
            return Err("a proof that the facets imply an inequality is wrong".into());
        }
    }
    let point = homogeneous(&orbit.interior_point);
    let inside = rows.iter().all(|row| value(row, &point) < Integer::ZERO);
    if !inside || layers.run(&orbit.interior_point, &vec![Integer::ZERO; d]).1 != orbit.pattern {
        return Err("the interior point is not in the interior".into());
    }
    for (k, facet) in orbit.facets.iter().enumerate() {
        let point = homogeneous(&facet.point);
        let sound = rows.iter().enumerate().all(|(other, row)| {
            let at = value(row, &point);
            if other == k { at.is_zero() } else { at < Integer::ZERO }
        });
        if !sound {
            return Err(format!("the point of facet {k} is not inside that facet"));
        }
    }
    Ok(())
}

/// Whether a row that is to be `>= 0` is a non-negative combination of the chosen rows, each times -1, plus a constant
/// that is not negative. The chosen rows determine the factors.
fn follows(target: &[Integer], rows: &[&[Integer]], chosen: &[usize]) -> bool {
    let d = target.len() - 1;
    let Some(chosen) = chosen.iter().map(|&facet| rows.get(facet)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let equations: Vec<Vec<Integer>> = (0..d).map(|i| chosen.iter().map(|row| -&row[i]).collect()).collect();
    let Some((factors, denominator)) = solve_over(&equations, &target[..d]) else { return false };
    let used: Integer = factors.iter().zip(&chosen).map(|(factor, row)| factor * &row[d]).sum();
    factors.iter().all(|factor| *factor >= Integer::ZERO) && denominator * &target[d] + used >= Integer::ZERO
}

pub(super) fn completeness(form: &OrbitForm, layers: &Layers, images: &Images) -> Outcome {
    let domain = domain_rows(form);
    let cross = |orbit: &SelectorOrbit| -> Result<usize, String> {
        let mut crossed = 0;
        for (facet, row) in orbit.facets.iter().zip(facet_rows(form, orbit)) {
            let inward = opposite(row);
            if domain.contains(&inward) {
                continue;
            }
            let (_, pattern) = layers.run(&facet.point, &row[..form.inputs()]);
            let beyond = images.find(&pattern).ok_or("a facet leads to a region that is not in the form")?;
            if !images.has_row(beyond, &inward) {
                return Err("two regions that meet do not share a hyperplane".into());
            }
            crossed += 1;
        }
        Ok(crossed)
    };
    let crossed: usize =
        form.orbits().par_iter().map(cross).collect::<Result<Vec<_>, _>>()?.into_iter().sum();
    Ok(format!("{crossed} stored facets lead to known regions"))
}

pub(super) fn ownership(form: &OrbitForm, images: &Images) -> Outcome {
    let view = form.viewpoint().coordinates();
    if domain_rows(form).iter().any(|row| value(row, view) <= Integer::ZERO) {
        return Err("the viewpoint is not inside the domain".into());
    }
    let rows = images.rows();
    match rows.iter().all(|row| !value(row, view).is_zero()) {
        true => Ok(format!("the viewpoint is on none of {} half-space borders", rows.len())),
        false => Err("the viewpoint is on a hyperplane".into()),
    }
}
