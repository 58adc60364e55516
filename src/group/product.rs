//! Direct products acting on pairs of points, and wreath products.

use super::{Permutation, PermutationGroup};
use crate::error::{Error, Result};

/// The largest number of points that a product may act on.
pub const LARGEST_DEGREE: usize = 1 << 24;

fn checked_degree(name: &str, degree: Option<usize>) -> Result<usize> {
    match degree {
        Some(degree) if degree <= LARGEST_DEGREE => Ok(degree),
        _ => Err(Error::too_large(
            format!("group {name}"),
            degree.map_or("more than 2^64 points".to_owned(), |d| format!("{d} points")),
            format!("{LARGEST_DEGREE} points"),
            "choose smaller factors",
        )),
    }
}

/// `G x H` acting on pairs `(x, y)`, numbered `x * |Y| + y`.
///
/// # Errors
/// [`Error::TooLarge`] where there would be more than [`LARGEST_DEGREE`] points.
///
/// ```
/// use isotypic::group::{families::cyclic, product::direct_product};
/// let torus = direct_product(&cyclic(8)?, &cyclic(8)?)?;
/// assert_eq!((torus.degree(), torus.order()), (64, 64u8.into()));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn direct_product(left: &PermutationGroup, right: &PermutationGroup) -> Result<PermutationGroup> {
    let name = format!("{}x{}", left.name(), right.name());
    let (m, n) = (left.degree(), right.degree());
    let degree = checked_degree(&name, m.checked_mul(n))?;
    let on_left =
        left.generators().iter().map(|g| Permutation::from_fn(degree, |p| g.apply(p / n) * n + p % n));
    let on_right =
        right.generators().iter().map(|h| Permutation::from_fn(degree, |p| p / n * n + h.apply(p % n)));
    let group = PermutationGroup::from_generators(name, degree, on_left.chain(on_right).collect())?
        .with_known_order(left.order() * right.order());
    Ok(match (left.cyclic_factors(), right.cyclic_factors()) {
        (Some(a), Some(b)) => group.with_cyclic_factors([a, b].concat()),
        _ => group,
    })
}

/// `G x G x ... x G` (`exponent` factors) acting on tuples of points in row-major order.
///
/// # Errors
/// As [`direct_product`]; [`Error::Input`] for exponent 0.
pub fn power(group: &PermutationGroup, exponent: usize) -> Result<PermutationGroup> {
    if exponent == 0 {
        return Err(Error::input(
            format!("group {}^0", group.name()),
            "the exponent is 0",
            "give an exponent of 1 or more",
        ));
    }
    let name = format!("{}^{exponent}", group.name());
    checked_degree(&name, u32::try_from(exponent).ok().and_then(|e| group.degree().checked_pow(e)))?;
    if group.degree() < 2 {
        return Ok(group.clone().renamed(name));
    }
    let mut result = group.clone();
    for _ in 1..exponent {
        result = direct_product(&result, group)?;
    }
    Ok(if exponent == 1 { result } else { result.renamed(name) })
}

/// `G wr H`: a copy of `G` for each of the `n` points of `H`, permuted by `H`, acting on `n` blocks of points
/// (imprimitive action); point `x` of block `i` has number `i * |X| + x`.
///
/// # Errors
/// [`Error::TooLarge`] where there would be more than [`LARGEST_DEGREE`] points.
///
/// ```
/// use isotypic::group::{families::{cyclic, symmetric}, product::wreath_product};
/// let cube = wreath_product(&cyclic(2)?, &symmetric(3)?)?;
/// assert_eq!((cube.degree(), cube.order()), (6, 48u8.into()));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn wreath_product(bottom: &PermutationGroup, top: &PermutationGroup) -> Result<PermutationGroup> {
    let name = format!("{}wr{}", bottom.name(), top.name());
    let (m, n) = (bottom.degree(), top.degree());
    let degree = checked_degree(&name, m.checked_mul(n))?;
    let mut generators = Vec::new();
    for block in top.orbits().representatives() {
        for g in bottom.generators() {
            generators.push(Permutation::from_fn(degree, |p| {
                if p / m == *block { block * m + g.apply(p % m) } else { p }
            }));
        }
    }
    for h in top.generators() {
        generators.push(Permutation::from_fn(degree, |p| h.apply(p / m) * m + p % m));
    }
    let order = bottom.order().pow(n) * top.order();
    Ok(PermutationGroup::from_generators(name, degree, generators)?.with_known_order(order))
}
