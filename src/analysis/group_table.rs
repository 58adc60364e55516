//! A small group as a table, for experiments with group convolutions.

use super::isotypic_projector::MOST_ELEMENTS;
use crate::action::GSet;
use crate::error::{Error, Result};
use crate::group::PermutationGroup;
use std::sync::Arc;

/// The largest group whose table is stored; beyond it only cyclic groups are available.
const LARGEST_TABLE: usize = 2048;

/// The largest cyclic group that [`GroupTable::parse`] takes.
pub const LARGEST_CYCLE: usize = 1 << 20;

/// The elements of a group as numbers, 0 the identity, with `quotient(s, t) = t^-1 s`.
///
/// The numbering is that of [`GSet::regular`], so functions on the group are functions on that set.
#[derive(Clone, Debug)]
pub enum GroupTable {
    /// The integers modulo this number.
    Cyclic(usize),
    /// Any group.
    Listed {
        /// The number of elements.
        order: usize,
        /// `quotients[s * order + t] = t^-1 s`.
        quotients: Vec<u32>,
    },
}

impl GroupTable {
    /// The table of a group. O(|G|^2) lookups.
    ///
    /// # Errors
    /// [`TooLarge`](crate::Error::TooLarge) where the group has too many elements.
    ///
    /// ```
    /// use isotypic::{analysis::GroupTable, group::PermutationGroup};
    /// use std::sync::Arc;
    /// let table = GroupTable::new(&Arc::new(PermutationGroup::parse("Q8")?))?;
    /// assert_eq!((table.order(), table.quotient(3, 3)), (8, 0));
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(group: &Arc<PermutationGroup>) -> Result<Self> {
        let elements = group.elements(LARGEST_TABLE.min(MOST_ELEMENTS))?;
        let set = GSet::regular(group)?;
        let order = elements.len();
        let mut quotients = vec![0; order * order];
        for element in &elements {
            // Left multiplication by g^-1, g the point to which the identity is carried.
            let t = set.image_of(element, 0);
            let inverse = element.inverse();
            for s in 0..order {
                quotients[s * order + t] = set.image_of(&inverse, s) as u32;
            }
        }
        Ok(GroupTable::Listed { order, quotients })
    }

    /// The table of a group by name; `C` and a number up to [`LARGEST_CYCLE`] needs no table.
    ///
    /// # Errors
    /// As [`PermutationGroup::parse`] and [`new`](Self::new); [`TooLarge`](crate::Error::TooLarge) beyond
    /// [`LARGEST_CYCLE`].
    ///
    /// ```
    /// use isotypic::analysis::GroupTable;
    /// assert_eq!(GroupTable::parse("C100000")?.order(), 100_000);
    /// assert_eq!(GroupTable::parse("S4")?.order(), 24);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let cyclic = text.trim().strip_prefix('C').and_then(|order| order.parse::<usize>().ok());
        match cyclic.filter(|&n| n > 0) {
            Some(n) if n <= LARGEST_CYCLE => Ok(GroupTable::Cyclic(n)),
            Some(n) => Err(Error::too_large(
                "a cyclic group",
                format!("{n} elements"),
                LARGEST_CYCLE,
                "choose a smaller group",
            )),
            None => GroupTable::new(&Arc::new(PermutationGroup::parse(text)?)),
        }
    }

    /// The number of elements.
    pub fn order(&self) -> usize {
        match self {
            GroupTable::Cyclic(order) | GroupTable::Listed { order, .. } => *order,
        }
    }

    /// `t^-1 s`; `s - t` for a cyclic group.
    pub fn quotient(&self, s: usize, t: usize) -> usize {
        match self {
            GroupTable::Cyclic(n) => (s + n - t) % n,
            GroupTable::Listed { order, quotients } => quotients[s * order + t] as usize,
        }
    }
}
