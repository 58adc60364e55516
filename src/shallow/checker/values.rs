//! The function, tried at points.

use super::Outcome;
use super::geometry::{domain_rows, facet_rows, value};
use super::images::Images;
use super::layers::Layers;
use crate::num::elimination::solve;
use crate::num::{Integer, Rational, primitive_row};
use crate::shallow::orbit_form::OrbitForm;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The number of facets that may be evaluated over all test points.
const WORK: usize = 1_000_000;

/// One region's rows with what decides whether it owns its borders, in the stored region's place.
struct Owner {
    /// Rows over the integers, and whether they are closed.
    rows: Vec<(Vec<Integer>, bool)>,
}

/// For every region, in the place of the stored one, its rows and marks: closed where the row is the domain's or the
/// viewpoint lies strictly inside.
fn owners(form: &OrbitForm, images: &Images) -> Vec<Owner> {
    let domain = domain_rows(form);
    let view: Vec<Rational> = form.viewpoint().coordinates().iter().cloned().map(Rational::from).collect();
    images
        .regions()
        .iter()
        .map(|image| {
            let view = image.pull_back(&view);
            let mark = |row: &Vec<Rational>| {
                let inward: Vec<Rational> = row.iter().map(|entry| -entry).collect();
                let side = row.iter().zip(&view).fold(Rational::ZERO, |sum, (a, v)| sum + a * v);
                // The group preserves the domain, so the stored row is the domain's iff its image is.
                let closed = side < Rational::ZERO || domain.contains(&inward);
                (row.iter().map(|entry| entry.numerator().clone()).collect(), closed)
            };
            Owner { rows: facet_rows(form, &form.orbits()[image.orbit]).iter().map(mark).collect() }
        })
        .collect()
}

/// The value of the form at a point, if exactly one region owns it.
fn evaluate(
    form: &OrbitForm,
    images: &Images,
    owners: &[Owner],
    point: &[Rational],
) -> Result<Vec<Rational>, String> {
    let mut found = None;
    // Signs of rows are those at the point's multiple over the integers, its last coordinate positive.
    let (homogeneous, _) =
        primitive_row(&point.iter().cloned().chain([Rational::ONE]).collect::<Vec<Rational>>());
    for (image, owner) in images.regions().iter().zip(owners) {
        let here = image.pull_back(&homogeneous);
        let owns = owner.rows.iter().all(|(row, closed)| {
            let at: Integer = row.iter().zip(&here).map(|(a, x)| a * x).sum();
            at < Integer::ZERO || (*closed && at.is_zero())
        });
        if owns {
            if found.is_some() {
                return Err("two regions own one point".into());
            }
            let piece = &form.pieces()[form.orbits()[image.orbit].piece];
            let here = image.pull_back(point);
            let stored: Vec<Rational> = piece.rows.iter().map(|row| value(row, &here)).collect();
            found = Some(image.outputs(&stored));
        }
    }
    found.ok_or_else(|| "no region owns a point of the domain".into())
}

/// Vertices and facet points of stored regions, the origin where it is in the domain, random points between interior
/// points, and images of some of these.
fn points(form: &OrbitForm, images: &Images) -> Vec<Vec<Rational>> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let per_point: usize = form.orbits().iter().map(|orbit| orbit.size * orbit.facets.len().max(1)).sum();
    let budget = (WORK / per_point.max(1)).clamp(12, 400);
    let mut points = Vec::new();
    let origin = vec![Rational::ZERO; form.inputs()];
    if domain_rows(form).iter().all(|row| value(row, &origin) >= Rational::ZERO) {
        points.push(origin);
    }
    while points.len() < budget {
        let pick = |random: &mut ChaCha8Rng| random.random_range(0..form.orbits().len());
        let orbit = &form.orbits()[pick(&mut random)];
        let other = &form.orbits()[pick(&mut random)].interior_point;
        let part = Rational::from(random.random_range(1..16)) / Rational::from(16);
        let between = |(a, b): (&Rational, &Rational)| a + (b - a) * &part;
        let mut found = vec![orbit.interior_point.iter().zip(other).map(between).collect()];
        if !orbit.facets.is_empty() {
            found.push(orbit.facets[random.random_range(0..orbit.facets.len())].point.clone());
        }
        found.extend(vertex(form, &facet_rows(form, orbit), &mut random));
        let image = &images.regions()[random.random_range(0..images.regions().len())];
        let carried: Vec<Vec<Rational>> = found.iter().map(|point| image.pull_back(point)).collect();
        points.extend(found.into_iter().chain(carried));
    }
    points
}

/// The point where `d` randomly chosen facets meet, if they meet in one point of the region.
fn vertex(form: &OrbitForm, rows: &[Vec<Rational>], random: &mut ChaCha8Rng) -> Option<Vec<Rational>> {
    let d = form.inputs();
    if rows.len() < d {
        return None;
    }
    let start = random.random_range(0..rows.len());
    let chosen: Vec<Vec<Integer>> = (0..d)
        .map(|k| rows[(start + k) % rows.len()].iter().map(|entry| entry.numerator().clone()).collect())
        .collect();
    let left: Vec<Vec<Integer>> = chosen.iter().map(|row| row[..d].to_vec()).collect();
    let right: Vec<Integer> = chosen.iter().map(|row| -&row[d]).collect();
    let point = solve(&left, &right)?;
    rows.iter().all(|row| value(row, &point) <= Rational::ZERO).then_some(point)
}

pub(super) fn values(form: &OrbitForm, layers: &Layers, images: &Images) -> Outcome {
    let owners = owners(form, images);
    let points = points(form, images);
    let still = vec![Rational::ZERO; form.inputs()];
    for point in &points {
        if evaluate(form, images, &owners, point)? != layers.run(point, &still).0 {
            return Err("form and network differ at a point".into());
        }
    }
    Ok(format!("equal at {} points, each with one owner", points.len()))
}

pub(super) fn equivariance(form: &OrbitForm, images: &Images) -> Outcome {
    let owners = owners(form, images);
    let points = points(form, images);
    let some = &points[..points.len().min(60)];
    for generator in &form.symmetry().generators {
        for point in some {
            let mut image = point.clone();
            (0..point.len()).for_each(|i| image[generator.input.apply(i)] = point[i].clone());
            let here = evaluate(form, images, &owners, point)?;
            let there = evaluate(form, images, &owners, &image)?;
            if (0..here.len()).any(|o| there[generator.output.apply(o)] != here[o]) {
                return Err("the form is not equivariant at a point".into());
            }
        }
    }
    Ok(format!("generators: {}, at {} points", form.symmetry().generators.len(), some.len()))
}
