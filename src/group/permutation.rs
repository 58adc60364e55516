//! Permutations of `0..degree` as image arrays.

use crate::error::{Error, Result};
use std::fmt;
use std::ops::Mul;

/// A permutation `g` of `{0, ..., degree - 1}`, stored as its image array `g[x]`.
///
/// Permutations act on the left: `(g * h)(x) = g(h(x))`. They are printed and parsed in 1-based cycle notation.
///
/// ```
/// use isotypic::group::Permutation;
/// let g = Permutation::parse("(1,2,3)", 4)?;
/// let h = Permutation::parse("(1,4)", 4)?;
/// assert_eq!((&g * &h).apply(0), g.apply(h.apply(0)));
/// assert_eq!((&g * &h).to_string(), "(1,4,2,3)");
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permutation(Box<[u32]>);

impl Permutation {
    /// The permutation that fixes every point.
    pub fn identity(degree: usize) -> Self {
        Permutation((0..degree as u32).collect())
    }

    /// The permutation with the given 0-based images.
    ///
    /// # Errors
    /// [`Error::Input`] unless the images are the numbers `0..images.len()`, each once.
    ///
    /// ```
    /// use isotypic::group::Permutation;
    /// assert!(Permutation::from_images(vec![1, 2, 0]).is_ok());
    /// assert!(Permutation::from_images(vec![1, 1, 0]).is_err());
    /// ```
    pub fn from_images(images: Vec<u32>) -> Result<Self> {
        let mut seen = vec![false; images.len()];
        for (point, &image) in images.iter().enumerate() {
            let Some(slot) = seen.get_mut(image as usize) else {
                return Err(Error::input(
                    format!("permutation, image of {point}"),
                    format!("{image} is not below the degree {}", images.len()),
                    "give 0-based images, one for every point",
                ));
            };
            if std::mem::replace(slot, true) {
                return Err(Error::input(
                    format!("permutation, image of {point}"),
                    format!("{image} is the image of two points"),
                    "give each number from 0 to degree - 1 once",
                ));
            }
        }
        Ok(Permutation(images.into_boxed_slice()))
    }

    /// The permutation `x -> image(x)`.
    ///
    /// # Panics
    /// Panics unless `image` maps `0..degree` onto itself.
    pub fn from_fn(degree: usize, image: impl Fn(usize) -> usize) -> Self {
        Permutation::from_images((0..degree).map(|x| image(x) as u32).collect())
            .expect("the function must permute 0..degree")
    }

    /// The number of points, moved or not.
    pub fn degree(&self) -> usize {
        self.0.len()
    }

    /// The image of a point.
    #[inline]
    pub fn apply(&self, point: usize) -> usize {
        self.0[point] as usize
    }

    /// The image array.
    pub fn images(&self) -> &[u32] {
        &self.0
    }

    /// Whether every point is fixed.
    pub fn is_identity(&self) -> bool {
        self.0.iter().enumerate().all(|(x, &image)| x == image as usize)
    }

    /// The permutation that undoes this one.
    pub fn inverse(&self) -> Self {
        let mut images = vec![0; self.degree()];
        for (x, &image) in self.0.iter().enumerate() {
            images[image as usize] = x as u32;
        }
        Permutation(images.into_boxed_slice())
    }

    /// First this permutation, then `next`: `next * self`.
    pub fn then(&self, next: &Permutation) -> Self {
        next * self
    }

    /// `self` to an integer power, by repeated squaring.
    pub fn power(&self, exponent: i64) -> Self {
        let mut base = if exponent < 0 { self.inverse() } else { self.clone() };
        let mut left = exponent.unsigned_abs();
        let mut result = Permutation::identity(self.degree());
        while left > 0 {
            if left & 1 == 1 {
                result = &result * &base;
            }
            base = &base * &base;
            left >>= 1;
        }
        result
    }

    /// The cycles of length two and more, each started at its smallest point, in order of that point.
    pub fn cycles(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.degree()];
        let mut cycles = Vec::new();
        for start in 0..self.degree() {
            if seen[start] || self.apply(start) == start {
                continue;
            }
            let mut cycle = Vec::new();
            let mut x = start;
            while !std::mem::replace(&mut seen[x], true) {
                cycle.push(x);
                x = self.apply(x);
            }
            cycles.push(cycle);
        }
        cycles
    }

    /// The order of the permutation: the least common multiple of its cycle lengths; `None` where it exceeds `u64`.
    pub fn order(&self) -> Option<u64> {
        self.cycles().iter().try_fold(1u64, |order, cycle| {
            let length = cycle.len() as u64;
            order.checked_mul(length / gcd(order, length))
        })
    }

    /// The largest point named in cycle notation, 0 for `()`; for finding the degree of a list of generators.
    ///
    /// # Errors
    /// As [`Permutation::parse`].
    pub fn largest_point(text: &str) -> Result<usize> {
        Ok(parse_cycles(text)?.into_iter().flatten().max().unwrap_or(0))
    }

    /// Reads 1-based cycle notation such as `(1,2,3)(4,5)` or `()`; cycles are applied right to left, as maps.
    ///
    /// # Errors
    /// [`Error::Input`] where the text is no product of cycles, a cycle repeats a point, or a point exceeds `degree`.
    pub fn parse(text: &str, degree: usize) -> Result<Self> {
        let cycles = parse_cycles(text)?;
        let mut result = Permutation::identity(degree);
        for cycle in cycles {
            let mut images: Vec<u32> = (0..degree as u32).collect();
            for (i, &point) in cycle.iter().enumerate() {
                if point > degree {
                    return Err(Error::input(
                        format!("permutation {text}"),
                        format!("point {point} is larger than the degree {degree}"),
                        "use points from 1 to the degree",
                    ));
                }
                images[point - 1] = cycle[(i + 1) % cycle.len()] as u32 - 1;
            }
            result = &result * &Permutation(images.into_boxed_slice());
        }
        Ok(result)
    }
}

/// The greatest common divisor of two numbers, `gcd(0, n) = n`.
///
/// ```
/// assert_eq!(isotypic::group::permutation::gcd(12, 18), 6);
/// ```
pub fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn parse_cycles(text: &str) -> Result<Vec<Vec<usize>>> {
    let bad = |problem: &str| {
        Error::input(
            format!("permutation '{text}'"),
            problem,
            "write cycles of points counted from 1, such as (1,2,3)(4,5), or () for the identity",
        )
    };
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = compact
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or_else(|| bad("not a product of cycles in parentheses"))?;
    let mut cycles = Vec::new();
    for cycle in inner.split(")(") {
        if cycle.is_empty() {
            continue;
        }
        let mut points = Vec::new();
        for word in cycle.split(',') {
            let point: usize = word
                .parse()
                .ok()
                .filter(|&p| p > 0 && p <= u32::MAX as usize)
                .ok_or_else(|| bad(&format!("'{word}' is no point")))?;
            if points.contains(&point) {
                return Err(bad(&format!("point {point} stands twice in one cycle")));
            }
            points.push(point);
        }
        cycles.push(points);
    }
    Ok(cycles)
}

impl Mul for &Permutation {
    type Output = Permutation;

    /// `(g * h)(x) = g(h(x))`.
    ///
    /// # Panics
    /// Panics where the degrees differ.
    fn mul(self, other: &Permutation) -> Permutation {
        assert_eq!(self.degree(), other.degree(), "permutations of different degrees");
        Permutation(other.0.iter().map(|&x| self.0[x as usize]).collect())
    }
}

impl fmt::Display for Permutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cycles = self.cycles();
        if cycles.is_empty() {
            return write!(f, "()");
        }
        for cycle in cycles {
            let points: Vec<String> = cycle.iter().map(|x| (x + 1).to_string()).collect();
            write!(f, "({})", points.join(","))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn permutation() -> impl Strategy<Value = Permutation> {
        (1usize..9).prop_flat_map(|n| {
            Just((0..n as u32).collect::<Vec<_>>())
                .prop_shuffle()
                .prop_map(|images| Permutation::from_images(images).unwrap())
        })
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(g in permutation()) {
            prop_assert_eq!(Permutation::parse(&g.to_string(), g.degree()).unwrap(), g);
        }

        #[test]
        fn the_inverse_undoes(g in permutation()) {
            prop_assert!((&g * &g.inverse()).is_identity());
            prop_assert_eq!(g.power(-1), g.inverse());
            prop_assert!(g.power(g.order().unwrap() as i64).is_identity());
        }
    }

    #[test]
    fn bad_cycles_are_refused() {
        for text in ["", "1,2", "(1,2", "(1,1)", "(0,1)", "(1,x)", "(1,2)3", "(9)"] {
            assert!(Permutation::parse(text, 4).is_err(), "{text}");
        }
    }
}
