//! Subgroups: by generators, and the smallest normal one around given elements.

use super::{Permutation, PermutationGroup};
use crate::error::{Error, Result};

impl PermutationGroup {
    /// Whether a permutation belongs to the group; permutations of another degree do not.
    ///
    /// ```
    /// use isotypic::group::{Permutation, PermutationGroup};
    /// let group = PermutationGroup::parse("A5")?;
    /// assert!(group.contains(&Permutation::parse("(1,2,3)", 5)?));
    /// assert!(!group.contains(&Permutation::parse("(1,2)", 5)?));
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn contains(&self, element: &Permutation) -> bool {
        element.degree() == self.degree() && self.chain().contains(element)
    }

    /// The subgroup that some elements generate.
    ///
    /// # Errors
    /// [`Error::Input`] where one of them is not in the group.
    pub fn subgroup(&self, generators: Vec<Permutation>) -> Result<PermutationGroup> {
        let text: Vec<String> = generators.iter().map(Permutation::to_string).collect();
        if let Some(stranger) = generators.iter().find(|g| !self.contains(g)) {
            return Err(Error::input(
                format!("subgroup of {}", self.name()),
                format!("{stranger} is no element"),
                "give elements of the group",
            ));
        }
        PermutationGroup::from_generators(format!("<{}>", text.join(",")), self.degree(), generators)
    }

    /// The smallest normal subgroup that holds some elements: conjugates of generators are added until every generator of
    /// the group maps the subgroup to itself.
    ///
    /// # Errors
    /// As [`subgroup`](Self::subgroup).
    ///
    /// ```
    /// use isotypic::group::{Permutation, PermutationGroup};
    /// let group = PermutationGroup::parse("S4")?;
    /// let double = Permutation::parse("(1,2)(3,4)", 4)?;
    /// assert_eq!(group.normal_closure(vec![double])?.order(), 4u8.into());
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn normal_closure(&self, elements: Vec<Permutation>) -> Result<PermutationGroup> {
        let mut generators = elements;
        loop {
            let subgroup = self.subgroup(generators.clone())?;
            let conjugates = generators
                .iter()
                .flat_map(|h| self.generators().iter().map(move |g| &(g * h) * &g.inverse()));
            let Some(missing) = conjugates.into_iter().find(|h| !subgroup.contains(h)) else {
                return Ok(subgroup);
            };
            generators.push(missing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_closures_in_the_symmetric_group() {
        let group = PermutationGroup::parse("S6").unwrap();
        let closure = |text: &str| {
            let element = Permutation::parse(text, 6).unwrap();
            group.normal_closure(vec![element]).unwrap().order().to_string()
        };
        assert_eq!(closure("()"), "1");
        assert_eq!(closure("(1,2)"), "720");
        assert_eq!(closure("(1,2,3)"), "360");
        assert!(PermutationGroup::parse("A4").unwrap().subgroup(vec![Permutation::identity(5)]).is_err());
    }
}
