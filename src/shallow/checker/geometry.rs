//! Regions, facets and boundaries.

use super::Outcome;
use super::images::Images;
use super::layers::Layers;
use crate::num::elimination::solve;
use crate::num::{Integer, Rational, primitive_row};
use crate::polyhedral::Domain;
use crate::shallow::orbit_form::{OrbitForm, SelectorOrbit};
use rayon::prelude::*;

/// The domain as primitive rows that are `>= 0` on it, in the order of its definition, each once.
pub(super) fn domain_rows(form: &OrbitForm) -> Vec<Vec<Rational>> {
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
    let mut primitive: Vec<Vec<Rational>> = Vec::new();
    for row in rows {
        let row = rational(&primitive_row(&row).0);
        if row[..d].iter().any(|entry| !entry.is_zero()) && !primitive.contains(&row) {
            primitive.push(row);
        }
    }
    primitive
}

fn rational(row: &[Integer]) -> Vec<Rational> {
    row.iter().cloned().map(Rational::from).collect()
}

/// `row . (point, 1)`.
pub(super) fn value(row: &[Rational], point: &[Rational]) -> Rational {
    row.iter().zip(point).fold(row[point.len()].clone(), |sum, (a, x)| sum + a * x)
}

/// The rows of a stored region, `<= 0` on it.
pub(super) fn facet_rows(form: &OrbitForm, orbit: &SelectorOrbit) -> Vec<Vec<Rational>> {
    orbit.facets.iter().map(|facet| rational(&form.rows()[facet.row])).collect()
}

pub(super) fn affine_pieces(form: &OrbitForm, layers: &Layers) -> Outcome {
    let wrong = form.orbits().par_iter().find_first(|orbit| {
        let forms = layers.forms(form.inputs(), |neuron| orbit.pattern.is_active(neuron));
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
    domain: &[Vec<Rational>],
    orbit: &SelectorOrbit,
) -> Result<(), String> {
    let d = form.inputs();
    let forms = layers.forms(d, |neuron| orbit.pattern.is_active(neuron));
    // The inequalities of Q(p), as primitive rows that are >= 0 on it.
    let mut inequalities: Vec<Vec<Rational>> = Vec::new();
    for (neuron, form) in forms.neurons.iter().enumerate() {
        let sign = Rational::from(if orbit.pattern.is_active(neuron) { 1 } else { -1 });
        let signed: Vec<Rational> = form.iter().map(|entry| entry * &sign).collect();
        inequalities.push(rational(&primitive_row(&signed).0));
    }
    inequalities.extend(domain.iter().cloned());
    let rows = facet_rows(form, orbit);
    for row in &rows {
        let inward: Vec<Rational> = row.iter().map(|entry| -entry).collect();
        if !inequalities.contains(&inward) {
            return Err("a row is no inequality of the pattern".into());
        }
    }
    if orbit.implied.len() != inequalities.len() {
        return Err("there is not one proof per inequality".into());
    }
    for (inequality, proof) in inequalities.iter().zip(&orbit.implied) {
        if !follows(inequality, &rows, proof) {
            return Err("a proof that the facets imply an inequality is wrong".into());
        }
    }
    let inside = rows.iter().all(|row| value(row, &orbit.interior_point) < Rational::ZERO);
    let still = vec![Rational::ZERO; d];
    let (_, pattern) = layers.run(&orbit.interior_point, &still);
    if !inside || (0..pattern.len()).any(|neuron| pattern[neuron] != orbit.pattern.is_active(neuron)) {
        return Err("the interior point is not in the interior".into());
    }
    for (k, facet) in orbit.facets.iter().enumerate() {
        let sound = rows.iter().enumerate().all(|(other, row)| {
            let at = value(row, &facet.point);
            if other == k { at.is_zero() } else { at < Rational::ZERO }
        });
        if !sound {
            return Err(format!("the point of facet {k} is not inside that facet"));
        }
    }
    Ok(())
}

/// Whether a row that is to be `>= 0` is a non-negative combination of the chosen rows, each times -1, plus a constant
/// that is not negative. The chosen rows determine the factors.
fn follows(target: &[Rational], rows: &[Vec<Rational>], chosen: &[usize]) -> bool {
    let d = target.len() - 1;
    let Some(chosen) = chosen.iter().map(|&facet| rows.get(facet)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let integer = |entry: &Rational| entry.numerator().clone();
    let equations: Vec<Vec<Integer>> =
        (0..d).map(|i| chosen.iter().map(|row| -integer(&row[i])).collect()).collect();
    let right: Vec<Integer> = target[..d].iter().map(integer).collect();
    let factors = if chosen.is_empty() {
        right.iter().all(|entry| entry.is_zero()).then(Vec::new)
    } else {
        solve(&equations, &right)
    };
    let Some(factors) = factors else { return false };
    let constant =
        factors.iter().zip(&chosen).fold(target[d].clone(), |rest, (factor, row)| rest + factor * &row[d]);
    factors.iter().all(|factor| *factor >= Rational::ZERO) && constant >= Rational::ZERO
}

pub(super) fn completeness(form: &OrbitForm, layers: &Layers, images: &Images) -> Outcome {
    let domain = domain_rows(form);
    let cross = |orbit: &SelectorOrbit| -> Result<usize, String> {
        let mut crossed = 0;
        for (facet, row) in orbit.facets.iter().zip(facet_rows(form, orbit)) {
            let inward: Vec<Rational> = row.iter().map(|entry| -entry).collect();
            if domain.contains(&inward) {
                continue;
            }
            let (_, pattern) = layers.run(&facet.point, &row[..form.inputs()]);
            let beyond = images.find(&pattern).ok_or("a facet leads to a region that is not in the form")?;
            if !images.has_row(form, beyond, &inward) {
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
    let view: Vec<Rational> = rational(form.viewpoint().coordinates());
    let side = |row: &[Rational]| -> Rational {
        row.iter().zip(&view).fold(Rational::ZERO, |sum, (a, v)| sum + a * v)
    };
    if domain_rows(form).iter().any(|row| side(row) <= Rational::ZERO) {
        return Err("the viewpoint is not inside the domain".into());
    }
    let rows = images.rows();
    match rows.iter().all(|row| !side(row).is_zero()) {
        true => Ok(format!("the viewpoint is on none of {} half-space borders", rows.len())),
        false => Err("the viewpoint is on a hyperplane".into()),
    }
}
