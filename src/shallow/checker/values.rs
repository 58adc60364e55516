//! The function, tried at points.

use super::Outcome;
use super::geometry::{domain_rows, facet_rows, homogeneous, opposite, value};
use super::images::Images;
use super::layers::Layers;
use crate::num::elimination::solve;
use crate::num::{Integer, Rational};
use crate::shallow::orbit_form::{OrbitForm, SelectorOrbit};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// The number of facets that may be evaluated over all test points.
const WORK: usize = 20_000_000;
/// Most points at which equivariance is tried.
const IMAGES: usize = 60;

/// A form that is evaluated by asking every region whether it owns the point.
struct Owners<'a> {
    form: &'a OrbitForm,
    images: &'a Images<'a>,
    domain: Vec<Vec<Integer>>,
    /// For each group element the stored regions that it carries to new ones.
    carried: Vec<Vec<u32>>,
}

impl<'a> Owners<'a> {
    fn new(form: &'a OrbitForm, images: &'a Images<'a>) -> Self {
        let mut carried = vec![Vec::new(); images.elements().len()];
        images.regions().iter().for_each(|image| carried[image.element as usize].push(image.orbit));
        Owners { form, images, domain: domain_rows(form), carried }
    }

    /// The value of the form at a point, if exactly one region owns it.
    fn evaluate(&self, point: &[Rational]) -> Result<Vec<Rational>, String> {
        let mut found = None;
        let point_here = homogeneous(point);
        for (element, orbits) in self.images.elements().iter().zip(&self.carried) {
            let here = element.pull_back(&point_here);
            let view = element.pull_back(self.form.viewpoint().coordinates());
            // Many regions share a row.
            let mut known: Vec<Option<bool>> = vec![None; self.form.rows().len()];
            let mut holds = |row: usize| {
                *known[row].get_or_insert_with(|| self.holds(&self.form.rows()[row], &here, &view))
            };
            for orbit in orbits.iter().map(|&orbit| &self.form.orbits()[orbit as usize]) {
                if orbit.facets.iter().all(|facet| holds(facet.row))
                    && found.replace((orbit, element)).is_some()
                {
                    return Err("two regions own one point".into());
                }
            }
        }
        let (orbit, element): (&SelectorOrbit, _) = found.ok_or("no region owns a point of the domain")?;
        let piece = &self.form.pieces()[orbit.piece];
        let here = element.pull_back(point);
        let at = |row: &Vec<Rational>| {
            row.iter().zip(&here).fold(row[here.len()].clone(), |sum, (a, x)| sum + a * x)
        };
        Ok(element.outputs(&piece.rows.iter().map(at).collect::<Vec<_>>()))
    }

    /// Whether a half-space holds at a point: on its border where it is closed, because the row is the domain's or the
    /// viewpoint lies strictly inside. (The group preserves the domain, so a row is the domain's iff its image is.)
    fn holds(&self, row: &[Integer], point: &[Integer], view: &[Integer]) -> bool {
        let at = value(row, point);
        at < Integer::ZERO
            || (at.is_zero() && (value(row, view) < Integer::ZERO || self.domain.contains(&opposite(row))))
    }
}

/// Vertices and facet points of stored regions, the origin where it is in the domain, random points between interior
/// points, and images of some of these.
fn points(form: &OrbitForm, images: &Images) -> Vec<Vec<Rational>> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let per_point: usize = form.orbits().iter().map(|orbit| orbit.size * orbit.facets.len().max(1)).sum();
    let budget = (WORK / per_point.max(1)).clamp(12, 400);
    let mut points = Vec::new();
    let origin = vec![Rational::ZERO; form.inputs()];
    if domain_rows(form).iter().all(|row| value(row, &homogeneous(&origin)) >= Integer::ZERO) {
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
        let element = &images.elements()[image.element as usize];
        let carried: Vec<Vec<Rational>> = found.iter().map(|point| element.pull_back(point)).collect();
        points.extend(found.into_iter().chain(carried));
    }
    points
}

/// The point where `d` randomly chosen facets meet, if they meet in one point of the region.
fn vertex(form: &OrbitForm, rows: &[&[Integer]], random: &mut ChaCha8Rng) -> Option<Vec<Rational>> {
    let d = form.inputs();
    if rows.len() < d {
        return None;
    }
    let start = random.random_range(0..rows.len());
    let chosen: Vec<&[Integer]> = (0..d).map(|k| rows[(start + k) % rows.len()]).collect();
    let left: Vec<Vec<Integer>> = chosen.iter().map(|row| row[..d].to_vec()).collect();
    let right: Vec<Integer> = chosen.iter().map(|row| -&row[d]).collect();
    let point = solve(&left, &right)?;
    let here = homogeneous(&point);
    rows.iter().all(|row| value(row, &here) <= Integer::ZERO).then_some(point)
}

pub(super) fn values(form: &OrbitForm, layers: &Layers, images: &Images) -> Outcome {
    let owners = Owners::new(form, images);
    let points = points(form, images);
    let still = vec![Integer::ZERO; form.inputs()];
    let same = |point: &Vec<Rational>| -> Result<(), String> {
        match owners.evaluate(point)? == layers.run(point, &still).0 {
            true => Ok(()),
            false => Err("form and network differ at a point".into()),
        }
    };
    points.par_iter().try_for_each(same)?;
    Ok(format!("equal at {} points, each with one owner", points.len()))
}

/// Whether with selectors for faces, where the form asks for them, exactly one selector owns each point, with the value of
/// the network. The faces are those that the form expands to.
pub(super) fn faces(form: &OrbitForm, layers: &Layers, images: &Images) -> Outcome {
    let expanded = form.expand().map_err(|error| error.to_string())?;
    let points = points(form, images);
    let still = vec![Integer::ZERO; form.inputs()];
    let same = |point: &Vec<Rational>| -> Result<(), String> {
        let owners = expanded.owners(point).map_err(|error| error.to_string())?;
        let [owner] = owners[..] else {
            return Err(format!("{} faces own one point", owners.len()));
        };
        let selector = &expanded.selectors()[owner];
        match expanded.pieces()[selector.piece].apply(point) == layers.run(point, &still).0 {
            true => Ok(()),
            false => Err("form and network differ at a point of a face".into()),
        }
    };
    points.par_iter().try_for_each(same)?;
    Ok(format!(
        "{} selectors; equal at {} points, each with one owner",
        expanded.selectors().len(),
        points.len()
    ))
}

pub(super) fn equivariance(form: &OrbitForm, images: &Images) -> Outcome {
    let owners = Owners::new(form, images);
    let points = points(form, images);
    let some = &points[..points.len().min(IMAGES)];
    let generators = &form.symmetry().generators;
    let same = |point: &Vec<Rational>| -> Result<(), String> {
        let here = owners.evaluate(point)?;
        for generator in generators {
            let mut image = point.clone();
            (0..point.len()).for_each(|i| image[generator.input.apply(i)] = point[i].clone());
            let there = owners.evaluate(&image)?;
            if (0..here.len()).any(|o| there[generator.output.apply(o)] != here[o]) {
                return Err("the form is not equivariant at a point".into());
            }
        }
        Ok(())
    };
    if !generators.is_empty() {
        some.par_iter().try_for_each(same)?;
    }
    Ok(format!("generators: {}, at {} points", generators.len(), some.len()))
}
