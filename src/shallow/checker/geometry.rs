//! Regions, facets and boundaries.

use super::Outcome;
use super::images::Images;
use super::layers::Layers;
use crate::num::elimination::solve_over;
use crate::num::{Integer, Rational, Sign, primitive_row};
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

/// Whether the affine pieces are right, and whether the regions are.
pub(super) fn pieces_and_regions(form: &OrbitForm, layers: &Layers) -> (Outcome, Outcome) {
    let domain = domain_rows(form);
    // One product of the masked layers serves both.
    let checked: Vec<(Result<(), String>, Result<(), String>)> = form
        .orbits()
        .par_iter()
        .map(|orbit| {
            let forms = layers.forms(form.inputs(), &orbit.pattern);
            let piece = match forms.outputs == form.pieces()[orbit.piece].rows {
                true => Ok(()),
                false => {
                    Err(format!("the affine piece of region {} is not that of its pattern", orbit.pattern))
                }
            };
            let described = region(form, layers, forms.neurons, &domain, orbit);
            (piece, described.map_err(|problem| format!("region {}: {problem}", orbit.pattern)))
        })
        .collect();
    let (pieces, regions): (Vec<_>, Vec<_>) = checked.into_iter().unzip();
    let facets: usize = form.orbits().iter().map(|orbit| orbit.facets.len()).sum();
    let all = |found: Vec<Result<(), String>>| found.into_iter().collect::<Result<(), String>>();
    (
        all(pieces)
            .map(|()| format!("{} pieces of {} stored regions", form.pieces().len(), form.orbits().len())),
        all(regions).map(|()| format!("{} stored regions with {facets} facets", form.orbits().len())),
    )
}

fn region(
    form: &OrbitForm,
    layers: &Layers,
    neurons: Vec<Vec<Integer>>,
    domain: &[Vec<Integer>],
    orbit: &SelectorOrbit,
) -> Result<(), String> {
    let d = form.inputs();
    // The inequalities of Q(p), as primitive rows that are >= 0 on it.
    let signed = neurons.into_iter().enumerate();
    let signed = signed.map(|(n, row)| if orbit.pattern.is_active(n) { row } else { opposite(&row) });
    let inequalities: Vec<Vec<Integer>> = signed.chain(domain.iter().cloned()).collect();
    let rows = facet_rows(form, orbit);
    if rows.iter().any(|row| !inequalities.contains(&opposite(row))) {
        return Err("a row is no inequality of the pattern".into());
    }
    if orbit.implied.len() != inequalities.len() {
        return Err("there is not one proof per inequality".into());
    }
    let extent = Extent::new(d, &rows, &orbit.extent)?;
    for (inequality, proof) in inequalities.iter().zip(&orbit.implied) {
        let proven =
            if proof.is_empty() { extent.implies(inequality) } else { follows(inequality, &rows, proof) };
        if !proven {
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
/// that is not negative.
fn follows(target: &[Integer], rows: &[&[Integer]], chosen: &[usize]) -> bool {
    let (constant, coefficients) = target.split_last().expect("a row ends in its constant");
    least(coefficients, rows, chosen)
        .is_some_and(|(least, denominator)| denominator * constant + least >= Integer::ZERO)
}

/// A lower bound, as numerator and positive denominator, of a linear form that is a non-negative combination of the chosen
/// rows, each times -1. The chosen rows determine the factors.
fn least(coefficients: &[Integer], rows: &[&[Integer]], chosen: &[usize]) -> Option<(Integer, Integer)> {
    let d = coefficients.len();
    let chosen = chosen.iter().map(|&facet| rows.get(facet)).collect::<Option<Vec<_>>>()?;
    let equations: Vec<Vec<Integer>> = (0..d).map(|i| chosen.iter().map(|row| -&row[i]).collect()).collect();
    let (factors, denominator) = solve_over(&equations, coefficients)?;
    let least = factors.iter().zip(&chosen).map(|(factor, row)| factor * &row[d]).sum();
    factors.iter().all(|factor| *factor >= Integer::ZERO).then_some((least, denominator))
}

/// A box around a region: lower bounds of `x_1`, `-x_1`, `x_2`, `-x_2`, ..., where there are any, over a common denominator.
struct Extent {
    bounds: Vec<Option<Integer>>,
    denominator: Integer,
}

impl Extent {
    fn new(d: usize, rows: &[&[Integer]], supports: &[Vec<usize>]) -> Result<Self, String> {
        if supports.len() != 2 * d {
            return Err("the box around it has not two sides per coordinate".into());
        }
        let mut bounds = Vec::with_capacity(2 * d);
        for (side, support) in supports.iter().enumerate() {
            let sign = Integer::from(if side % 2 == 0 { 1 } else { -1 });
            let form: Vec<Integer> =
                (0..d).map(|c| if c == side / 2 { sign.clone() } else { Integer::ZERO }).collect();
            let bound = match support.is_empty() {
                true => None,
                false => Some(least(&form, rows, support).ok_or("a side of the box around it is wrong")?),
            };
            bounds
                .push(bound.map(|(least, denominator)| Rational::from(least) / Rational::from(denominator)));
        }
        let given = bounds.iter().flatten().cloned().chain([Rational::ONE]).collect::<Vec<_>>();
        let mut integers = primitive_row(&given).0.into_iter();
        let bounds = bounds.iter().map(|bound| bound.as_ref().and_then(|_| integers.next())).collect();
        Ok(Extent { bounds, denominator: integers.next().unwrap_or(Integer::ONE) })
    }

    /// Whether a row is nowhere negative on the box.
    fn implies(&self, row: &[Integer]) -> bool {
        let d = row.len() - 1;
        let mut sum = &row[d] * &self.denominator;
        for (entry, sides) in row[..d].iter().zip(self.bounds.chunks(2)) {
            // a x >= a min(x) for a > 0, and a x >= -a min(-x) for a < 0
            sum += match (Sign::of(entry), &sides[0], &sides[1]) {
                (Sign::Zero, ..) => Integer::ZERO,
                (Sign::Positive, Some(least), _) => entry * least,
                (Sign::Negative, _, Some(least)) => -entry * least,
                _ => return false,
            };
        }
        sum >= Integer::ZERO
    }
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
