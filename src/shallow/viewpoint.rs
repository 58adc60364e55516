//! The point towards which boundaries are given away.

use super::Chamber;
use crate::error::Result;
use crate::num::{Integer, Rational, Sign, primitive_row};
use crate::polyhedral::Domain;

/// A generic point of the domain, or a generic direction when the domain is the whole space.
///
/// Every point `x` of the domain is owned by the one region that is entered on moving from `x` a little towards the
/// viewpoint. So a region owns one of its facets, and has it closed, iff the viewpoint lies strictly on the region's side
/// of the facet's hyperplane. *Generic* means on no facet hyperplane; then exactly one region owns each point:
/// for a small step the moved point lies in the interior of the domain and on no hyperplane through `x`, so in the
/// interior of one region `C`; and `C` is the only region that contains `x` and has all its facets through `x` facing the
/// viewpoint. (A direction alone would not do on a bounded domain: it may point out of it.)
///
/// Held in homogeneous coordinates `(p, q)`, `q >= 0`: the point `p / q`, or the direction `p` where `q = 0`.
///
/// ```
/// use isotypic::num::{Integer, Rational, Sign};
/// use isotypic::polyhedral::Domain;
/// use isotypic::shallow::{Chamber, LayerSymmetry, Viewpoint};
/// let rows = [[1, -1, 0], [2, -1, 5]].map(|row| row.map(Integer::from).to_vec());
/// let inside = [Rational::ZERO, Rational::ZERO];
/// let chamber = Chamber::new(2, &LayerSymmetry::default());
/// let view = Viewpoint::generic(&Domain::WholeSpace, &inside, &rows, &chamber)?;
/// assert!(rows.iter().all(|row| view.side(row) != Sign::Zero));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewpoint {
    coordinates: Vec<Integer>,
}

impl Viewpoint {
    /// The viewpoint with homogeneous coordinates `(p, q)`; `None` unless `q >= 0` and some coordinate is not zero.
    pub fn from_coordinates(coordinates: Vec<Integer>) -> Option<Self> {
        let last = coordinates.last()?;
        (*last >= Integer::ZERO && coordinates.iter().any(|c| !c.is_zero()))
            .then_some(Viewpoint { coordinates })
    }

    /// The first generic viewpoint on a moment curve, brought into the chamber of a group: directions
    /// `(1, s, s^2, ...)`, `s = 1, 2, ...`, for the whole space, otherwise points `inside + (s, s^2, ..., s^d)`,
    /// of the domain's interior, where `s` is the inverse of `1, 2, 4, ...` until the point is inside and of the next
    /// integers from there.
    ///
    /// `inside` is an interior point of the domain, `rows` those of the hyperplanes to avoid, closed under the group. A
    /// row that is no constant vanishes at `d` points of the curve at the most, so the search ends. Same input, same
    /// viewpoint.
    ///
    /// # Errors
    /// As [`Domain::half_spaces`].
    pub fn generic(
        domain: &Domain,
        inside: &[Rational],
        rows: &[Vec<Integer>],
        chamber: &Chamber,
    ) -> Result<Self> {
        let dimension = inside.len();
        let whole = *domain == Domain::WholeSpace;
        let border = domain.half_spaces(dimension)?;
        let mut step = Integer::ONE;
        loop {
            let mut view = if whole { direction(dimension, &step) } else { point(inside, &step) };
            if let Some(element) = chamber.reduce(&view.coordinates[..dimension]) {
                view.coordinates = element.permute_row(&view.coordinates);
            }
            // Doubling reaches the inside of a domain of any size in few steps.
            if border.iter().any(|row| view.side(row) != Sign::Positive) {
                step *= 2;
                continue;
            }
            let generic = chamber.contains_inside(&view.coordinates)
                && rows.iter().all(|row| view.side(row) != Sign::Zero);
            if generic {
                return Ok(view);
            }
            step += Integer::ONE;
        }
    }

    /// The homogeneous coordinates `(p, q)`.
    pub fn coordinates(&self) -> &[Integer] {
        &self.coordinates
    }

    /// The sign of `row . (p, q)`: on which side of the hyperplane the viewpoint lies.
    pub fn side(&self, row: &[Integer]) -> Sign {
        Sign::of(&row.iter().zip(&self.coordinates).map(|(a, v)| a * v).sum())
    }

    /// The direction from a point towards the viewpoint, `p - q x`.
    pub fn direction_from(&self, point: &[Rational]) -> Vec<Rational> {
        let q = Rational::from(self.coordinates[point.len()].clone());
        self.coordinates.iter().zip(point).map(|(p, x)| Rational::from(p.clone()) - x * &q).collect()
    }
}

fn direction(dimension: usize, step: &Integer) -> Viewpoint {
    let mut power = Integer::ONE;
    let mut coordinates = Vec::with_capacity(dimension + 1);
    for _ in 0..dimension {
        coordinates.push(power.clone());
        power *= step;
    }
    coordinates.push(Integer::ZERO);
    Viewpoint { coordinates }
}

fn point(inside: &[Rational], step: &Integer) -> Viewpoint {
    let parameter = Rational::ONE / Rational::from(step.clone());
    let mut power = Rational::ONE;
    let mut coordinates: Vec<Rational> = Vec::with_capacity(inside.len() + 1);
    for x in inside {
        power *= &parameter;
        coordinates.push(x + &power);
    }
    coordinates.push(Rational::ONE);
    Viewpoint { coordinates: primitive_row(&coordinates).0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viewpoint_avoids_hyperplanes_and_stays_inside() {
        let domain = Domain::cube(2, (-1).into(), 1.into()).unwrap();
        let inside = [Rational::ZERO, Rational::ZERO];
        let rows: Vec<Vec<Integer>> =
            [[1, -2, 0], [3, -9, 0], [2, 0, -1]].map(|row| row.map(Integer::from).to_vec()).to_vec();
        let chamber = Chamber::new(2, &crate::shallow::LayerSymmetry::default());
        let view = Viewpoint::generic(&domain, &inside, &rows, &chamber).unwrap();
        // s = 1 is a corner of the box, 1/2 and 1/3 lie on the first two lines.
        assert_eq!(view.coordinates(), [4, 1, 16].map(Integer::from));
        let x = [Rational::ONE, Rational::ZERO];
        assert_eq!(view.direction_from(&x), [Rational::from(-12), Rational::ONE]);
    }

    #[test]
    fn tiny_domains_take_few_steps() {
        let tiny: Rational = "1e-300".parse::<f64>().unwrap().try_into().unwrap();
        let domain = Domain::cube(2, Rational::ZERO, tiny.clone()).unwrap();
        let half = tiny / Rational::from(2);
        let chamber = Chamber::new(2, &crate::shallow::LayerSymmetry::default());
        let view = Viewpoint::generic(&domain, &[half.clone(), half], &[], &chamber).unwrap();
        let border = domain.half_spaces(2).unwrap();
        assert!(border.iter().all(|row| view.side(row) == Sign::Positive));
    }

    #[test]
    fn coordinates_are_checked() {
        let view = |c: [i32; 2]| Viewpoint::from_coordinates(c.map(Integer::from).to_vec());
        assert!(view([0, 0]).is_none() && view([1, -1]).is_none() && view([-1, 0]).is_some());
    }
}
