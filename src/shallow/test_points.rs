//! Points at which a form is compared with its network.

use super::form::{Selector, ShallowNetwork};
use super::locate::value_at;
use crate::error::Result;
use crate::num::{Integer, Rational};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Beyond this many points a sample is taken.
const POINTS: usize = 3000;

/// Those of these that are in the domain: the origin, interior points, facet points, points on faces of every lower
/// dimension down to vertices, and random rational points between interior points. The same form gives the same points.
///
/// # Errors
/// As [`Domain::contains`](crate::polyhedral::Domain::contains).
pub(super) fn test_points(form: &ShallowNetwork) -> Result<Vec<Vec<Rational>>> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut points = Vec::new();
    points.push(vec![Rational::ZERO; form.inputs()]);
    let every = (form.selectors().len() + 3 * form.incidences()).div_ceil(POINTS);
    for (s, selector) in form.selectors().iter().enumerate() {
        let other = &form.selectors()[random.random_range(0..form.selectors().len())].interior_point;
        let part = Rational::from(random.random_range(1..16)) / Rational::from(16);
        if s % every != 0 {
            continue;
        }
        points.push(between(&selector.interior_point, other, &part));
        points.push(selector.interior_point.clone());
        for facet_point in &selector.facet_points {
            points.push(facet_point.clone());
            points.extend(descent(form, selector, facet_point));
        }
    }
    // After a restriction regions may reach beyond the domain.
    let inside: Vec<bool> =
        points.iter().map(|point| form.domain().contains(point)).collect::<Result<_>>()?;
    let mut inside = inside.into_iter();
    points.retain(|_| inside.next() == Some(true));
    Ok(points)
}

fn between(a: &[Rational], b: &[Rational], part: &Rational) -> Vec<Rational> {
    a.iter().zip(b).map(|(a, b)| a + (b - a) * part).collect()
}

/// From a point of a facet along the face that contains it to its boundary, and so on down to a vertex or a face without
/// boundary.
fn descent(form: &ShallowNetwork, selector: &Selector, start: &[Rational]) -> Vec<Vec<Rational>> {
    let rows: Vec<&[Integer]> = selector
        .conditions
        .iter()
        .map(|&c| form.half_spaces()[form.conditions()[c].half_space].row.as_slice())
        .collect();
    let mut point = start.to_vec();
    let mut path = Vec::new();
    while let Some(next) = step_down(&rows, &point) {
        path.push(next.clone());
        point = next;
    }
    path
}

/// The point where a line inside the smallest face that contains `point` leaves the polyhedron; `None` where every such
/// line stays inside for ever, or the face is the point alone.
fn step_down(rows: &[&[Integer]], point: &[Rational]) -> Option<Vec<Rational>> {
    let d = point.len();
    let slack: Vec<Rational> = rows.iter().map(|row| -value_at(row, point)).collect();
    let tight: Vec<Vec<Integer>> =
        rows.iter().zip(&slack).filter(|(_, s)| s.is_zero()).map(|(row, _)| row[..d].to_vec()).collect();
    for direction in crate::num::elimination::kernel(&tight, d) {
        for sign in [Integer::ONE, -Integer::ONE] {
            let speed =
                |row: &[Integer]| -> Integer { row.iter().zip(&direction).map(|(a, v)| a * v * &sign).sum() };
            let time = rows
                .iter()
                .zip(&slack)
                .map(|(row, slack)| (speed(row), slack))
                .filter(|(speed, _)| *speed > Integer::ZERO)
                .map(|(speed, slack)| slack / Rational::from(speed))
                .min();
            if let Some(time) = time {
                let move_by = |(x, v): (&Rational, &Integer)| x + &time * Rational::from(v * &sign);
                return Some(point.iter().zip(&direction).map(move_by).collect());
            }
        }
    }
    None
}
