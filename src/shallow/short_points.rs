//! Short numbers for the points that a form carries as witnesses: files get smaller and checks faster.

use super::locate::{homogeneous, sign_at};
use crate::num::{Integer, Rational, Sign, exact, nearest_f64};

/// Numbers of binary digits that are tried, the shortest first.
const DIGITS: [i32; 4] = [5, 10, 20, 40];

/// A point strictly inside all half-spaces `row . (x, 1) <= 0`, near a given one that is, with short coordinates where
/// such a point is found.
pub(super) fn inside(rows: &[&[Integer]], point: &[Rational]) -> Vec<Rational> {
    shortest(point, |rounded| is_inside(rows, None, &rounded).then_some(rounded))
}

/// A point on the border of half-space `facet` and strictly inside all others, near a given one that is: all coordinates
/// but one are short where such a point is found.
pub(super) fn on_facet(rows: &[&[Integer]], facet: usize, point: &[Rational]) -> Vec<Rational> {
    let d = point.len();
    let row = rows[facet];
    let largest = (0..d).max_by(|&i, &j| size(&row[i]).cmp(&size(&row[j])).then(j.cmp(&i)));
    let Some(solved) = largest.filter(|&i| !row[i].is_zero()) else { return point.to_vec() };
    shortest(point, |mut rounded| {
        let terms = (0..d).filter(|&i| i != solved && !row[i].is_zero());
        let rest = terms.fold(Rational::from(row[d].clone()), |sum, i| {
            sum + &rounded[i] * Rational::from(row[i].clone())
        });
        rounded[solved] = -rest / Rational::from(row[solved].clone());
        is_inside(rows, Some(facet), &rounded).then_some(rounded)
    })
}

fn size(entry: &Integer) -> Integer {
    if *entry < Integer::ZERO { -entry } else { entry.clone() }
}

fn is_inside(rows: &[&[Integer]], except: Option<usize>, point: &[Rational]) -> bool {
    let here = homogeneous(point);
    rows.iter().enumerate().all(|(k, row)| Some(k) == except || sign_at(row, &here) == Sign::Negative)
}

/// The first rounding of a point that can be made to do; else the point itself.
fn shortest(point: &[Rational], accept: impl Fn(Vec<Rational>) -> Option<Vec<Rational>>) -> Vec<Rational> {
    let near: Vec<f64> = point.iter().map(nearest_f64).collect();
    let largest = near.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    let sensible = (1e-200..1e200).contains(&largest);
    let rounded = |digits: i32| {
        let unit = (largest.log2().floor() - f64::from(digits)).exp2();
        near.iter().map(|x| exact((x / unit).round() * unit)).collect::<Option<Vec<Rational>>>()
    };
    let found = DIGITS.iter().filter(|_| sensible).find_map(|&digits| accept(rounded(digits)?));
    found.unwrap_or_else(|| point.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_get_short_and_stay_where_they_belong() {
        let row = |entries: [i32; 3]| entries.map(Integer::from).to_vec();
        // The triangle x, y >= 0, x + 2 y <= 3.
        let rows = [row([-1, 0, 0]), row([0, -1, 0]), row([1, 2, -3])];
        let rows: Vec<&[Integer]> = rows.iter().map(Vec::as_slice).collect();
        let third = Rational::from_parts(1.into(), 3u8.into());
        let point = inside(&rows, &[third.clone(), third.clone()]);
        assert!(is_inside(&rows, None, &point));
        assert!(point.iter().all(|x| nearest_f64(x) * 128.0 % 1.0 == 0.0));
        let on_border = on_facet(&rows, 2, &[third.clone(), &third * Rational::from(4)]);
        assert!(is_inside(&rows, Some(2), &on_border));
        assert_eq!(&on_border[0] + &on_border[1] * Rational::from(2), Rational::from(3));
    }

    #[test]
    fn a_narrow_region_keeps_its_point() {
        // 1/3 - 2^-60 < x < 1/3 + 2^-60
        let big = Integer::from(1u64 << 60);
        let rows = [
            vec![&big * Integer::from(3), -(&big + Integer::from(3))],
            vec![&big * Integer::from(-3), &big - Integer::from(3)],
        ];
        let rows: Vec<&[Integer]> = rows.iter().map(Vec::as_slice).collect();
        let third = [Rational::from_parts(1.into(), 3u8.into())];
        assert_eq!(inside(&rows, &third), third);
    }
}
