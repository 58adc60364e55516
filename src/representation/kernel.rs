//! Kernels of the pieces: which group elements act on a piece as 1, and which as 1 or -1.

use super::decomposition::{Decomposition, GeneralDecomposition};
use super::signed_block::{SignedBlock, translates};
use crate::action::blocks::{action_on_blocks, image_order};
use crate::action::{GSet, Suborbits};
use crate::error::{Error, Result};
use crate::group::{Permutation, StabilizerChain};
use crate::num::Natural;

/// The first base point at which a piece occurs, with its block there.
fn occurrence(blocks: &[Option<SignedBlock>]) -> Result<(usize, &SignedBlock)> {
    blocks
        .iter()
        .enumerate()
        .find_map(|(index, block)| block.as_ref().map(|block| (index, block)))
        .ok_or_else(|| Error::inconsistent("kernel of a piece", "the piece occurs in no orbit"))
}

/// The order of the kernel of a piece: of the action on the blocks where its vectors agree.
pub(super) fn kernel_order(
    set: &GSet,
    suborbits: &Suborbits,
    blocks: &[Option<SignedBlock>],
    order: &Natural,
    symmetric_degree: Option<usize>,
) -> Result<Natural> {
    let (index, block) = occurrence(blocks)?;
    let system = translates(set, suborbits, index, &block.plus)?;
    let point = suborbits.bases()[index].point;
    let (count, images) = action_on_blocks(&system, suborbits.orbits(), point, set.generators());
    Ok(order / image_order(count, &images, order, symmetric_degree))
}

impl Decomposition {
    /// The order of the normal subgroup that acts on a piece by 1 and -1. On the regular representation it decides the
    /// even edges: they lead to the pieces on which this subgroup acts trivially.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where a block fails its check.
    ///
    /// ```
    /// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
    /// use std::sync::Arc;
    /// let group = Arc::new(PermutationGroup::parse("D4")?);
    /// let set = GSet::regular(&group)?;
    /// let decomposition = Decomposition::new(&set)?;
    /// // The rotation by a half turn acts as -1 on the two-dimensional piece.
    /// assert_eq!(decomposition.pieces()[4].kernel_order, 1u8.into());
    /// assert_eq!(decomposition.plus_minus_order(&set, 4)?, 2u8.into());
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn plus_minus_order(&self, set: &GSet, piece: usize) -> Result<Natural> {
        let kernel = &self.pieces()[piece].kernel_order;
        let doubled = match self {
            Decomposition::Abelian(abelian) => abelian.character_order(piece).is_multiple_of(2),
            Decomposition::General(general) => contains_minus_one(general, set, piece)?,
        };
        Ok(if doubled { kernel * Natural::from(2u8) } else { kernel.clone() })
    }
}

/// Whether some group element acts on the piece as -1: then it exchanges the two halves of every signed block.
fn contains_minus_one(general: &GeneralDecomposition, set: &GSet, piece: usize) -> Result<bool> {
    let suborbits = general.suborbits();
    let (index, block) = occurrence(general.signed_blocks(piece))?;
    if block.minus.is_empty() {
        return Ok(false);
    }
    let half = translates(set, suborbits, index, &block.plus)?;
    let whole = translates(set, suborbits, index, &block.both())?;
    let point = suborbits.bases()[index].point;
    let (count, images) = action_on_blocks(&half, suborbits.orbits(), point, set.generators());
    let orbit = suborbits.orbits().of(point);
    let halves: Vec<usize> = (0..half.count())
        .map(|part| half.representatives()[part])
        .filter(|&x| suborbits.orbits().of(x) == orbit)
        .collect();
    let mut partner = vec![usize::MAX; whole.count()];
    let mut exchanged = vec![0; count];
    for (i, &x) in halves.iter().enumerate() {
        let slot = &mut partner[whole.of(x)];
        if *slot == usize::MAX {
            *slot = i;
        } else {
            exchanged[i] = *slot as u32;
            exchanged[*slot] = i as u32;
        }
    }
    let exchange = Permutation::from_images(exchanged)?;
    let chain = StabilizerChain::with_upper_bound(count, &images, &set.group().order());
    Ok(chain.contains(&exchange))
}
