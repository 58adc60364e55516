//! Conjugacy classes.

use super::orbits::UnionFind;
use super::stabilizer_chain::factorial;
use super::{Permutation, PermutationGroup};
use crate::error::{Error, Result};
use crate::num::Natural;

/// The largest group whose elements are gone through.
pub const LARGEST_ORDER: usize = 1 << 20;
/// The largest symmetric group whose cycle types are listed.
pub const LARGEST_SYMMETRIC: usize = 40;

/// A conjugacy class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConjugacyClass {
    /// One of its elements.
    pub representative: Permutation,
    /// The number of its elements.
    pub size: Natural,
    /// The order of its elements.
    pub element_order: u64,
}

impl PermutationGroup {
    /// The conjugacy classes, by order of the elements, then by size; the identity comes first.
    ///
    /// Symmetric groups by cycle types; others by joining each element with its conjugates under the generators, in
    /// O(|G| generators) steps.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where the group has more than [`LARGEST_ORDER`] elements and is no symmetric group of degree
    /// up to [`LARGEST_SYMMETRIC`].
    ///
    /// ```
    /// use isotypic::group::PermutationGroup;
    /// let sizes = |name: &str| -> isotypic::Result<Vec<String>> {
    ///     Ok(PermutationGroup::parse(name)?.classes()?.iter().map(|class| class.size.to_string()).collect())
    /// };
    /// assert_eq!(sizes("S4")?, ["1", "3", "6", "8", "6"]);
    /// assert_eq!(sizes("A5")?, ["1", "15", "20", "12", "12"]);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn classes(&self) -> Result<Vec<ConjugacyClass>> {
        let mut classes = if self.degree() <= LARGEST_SYMMETRIC && self.is_symmetric() {
            cycle_types(self.degree())
        } else {
            self.classes_by_elements()?
        };
        classes.sort_by(|a, b| {
            let key = |class: &ConjugacyClass| (class.element_order, class.size.clone());
            key(a).cmp(&key(b)).then_with(|| a.representative.cmp(&b.representative))
        });
        Ok(classes)
    }

    fn classes_by_elements(&self) -> Result<Vec<ConjugacyClass>> {
        let order =
            usize::try_from(&self.order()).ok().filter(|&order| order <= LARGEST_ORDER).ok_or_else(|| {
                Error::too_large(
                    format!("the conjugacy classes of {}", self.name()),
                    format!("{} elements", self.order()),
                    format!("{LARGEST_ORDER} elements"),
                    "choose a smaller group; decompositions and graphs need no classes",
                )
            })?;
        let chain = self.chain();
        let mut joined = UnionFind::new(order);
        let inverses: Vec<Permutation> = self.generators().iter().map(Permutation::inverse).collect();
        for number in 0..order {
            let element = chain.element(number);
            for (g, inverse) in self.generators().iter().zip(&inverses) {
                let conjugate = chain.number_of(&(&(g * &element) * inverse)).ok_or_else(|| {
                    Error::inconsistent(format!("classes of {}", self.name()), "a conjugate is no element")
                })?;
                joined.unite(number, conjugate);
            }
        }
        let orbits = joined.into_orbits();
        Ok(orbits
            .representatives()
            .iter()
            .zip(orbits.sizes())
            .map(|(&number, &size)| {
                let representative = chain.element(number);
                ConjugacyClass {
                    element_order: representative.order().unwrap_or(u64::MAX),
                    size: Natural::from(size),
                    representative,
                }
            })
            .collect())
    }
}

/// The classes of `S_n`: for each partition of `n` the permutations with these cycle lengths.
fn cycle_types(n: usize) -> Vec<ConjugacyClass> {
    let mut types = Vec::new();
    extend(n, n, &mut Vec::new(), &mut types);
    types
        .into_iter()
        .map(|lengths| {
            let mut images: Vec<u32> = (0..n as u32).collect();
            let (mut start, mut centralizer) = (0, Natural::ONE);
            for (index, &length) in lengths.iter().enumerate() {
                for i in 0..length {
                    images[start + i] = (start + (i + 1) % length) as u32;
                }
                start += length;
                let repeated = lengths[..=index].iter().filter(|&&other| other == length).count();
                centralizer *= Natural::from(length * repeated);
            }
            let representative = Permutation::from_images(images).expect("cycles of a partition");
            ConjugacyClass {
                element_order: representative.order().unwrap_or(u64::MAX),
                size: factorial(n) / centralizer,
                representative,
            }
        })
        .collect()
}

fn extend(left: usize, largest: usize, parts: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    if left == 0 {
        found.push(parts.clone());
        return;
    }
    for part in (1..=largest.min(left)).rev() {
        parts.push(part);
        extend(left - part, part, parts, found);
        parts.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_add_up_to_the_order() {
        for (name, count) in
            [("C1", 1), ("C6", 6), ("S5", 7), ("Q8", 5), ("M11", 10), ("C2wrS3", 10), ("S30", 5604)]
        {
            let group = PermutationGroup::parse(name).unwrap();
            let classes = group.classes().unwrap();
            assert_eq!(classes.len(), count, "{name}");
            assert!(classes[0].representative.is_identity());
            let sum = classes.iter().fold(Natural::ZERO, |sum, class| sum + &class.size);
            assert_eq!(sum, group.order(), "{name}");
        }
    }

    /// The cycle types and the elements tell the same.
    #[test]
    fn both_ways_agree_on_a_symmetric_group() {
        let group = PermutationGroup::parse("S6").unwrap();
        let mut by_elements: Vec<(u64, String)> = Vec::new();
        for class in group.classes_by_elements().unwrap() {
            by_elements.push((class.element_order, class.size.to_string()));
        }
        let mut by_type: Vec<(u64, String)> = Vec::new();
        for class in cycle_types(6) {
            by_type.push((class.element_order, class.size.to_string()));
        }
        by_elements.sort();
        by_type.sort();
        assert_eq!(by_elements, by_type);
    }

    #[test]
    fn large_groups_are_refused_before_work() {
        assert!(matches!(PermutationGroup::parse("A20").unwrap().classes(), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn numbers_and_elements_are_inverse() {
        let group = PermutationGroup::parse("M11").unwrap();
        for number in [0, 1, 77, 7919] {
            assert_eq!(group.chain().number_of(&group.chain().element(number)), Some(number));
        }
        assert!(group.chain().element(0).is_identity());
        assert_eq!(group.chain().number_of(&Permutation::parse("(1,2)", 11).unwrap()), None);
    }
}
