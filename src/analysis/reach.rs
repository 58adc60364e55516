//! What several layers can reach, from one source or from several at once.
//!
//! A layer is an activation after a generic equivariant linear map, which moves every piece to a generic copy of itself.
//! With the pieces `I_t` present after `t` activations, those after `t + 1` are `I_t` (if the activation has a linear part)
//! and what its non-linear parts reach from all of `I_t` together. Nothing else can be reached: that is a theorem, for the
//! maps are equivariant and pointwise. That all of it is reached for generic weights rests on the vectors inside the
//! network being generic; this is checked by sampling in the tests, not proved.
//!
//! The sets grow until they stay the same. On the regular representation with ReLU this happens after two activations:
//! `K` is then reached iff the common kernel of the sources acts trivially on `K`. A path in the interaction graph can need
//! more steps or not exist at all, as a sum of sources reaches more than its terms.

use super::parity::{ActiveParts, PointwiseFunction};
use super::targets::nonlinear_targets;
use crate::error::{Error, Result};
use crate::representation::Decomposition;

/// The pieces that are present after each activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    sources: Vec<usize>,
    layers: Vec<Vec<usize>>,
    saturation: Option<usize>,
}

impl Reach {
    /// Follows `sources` through `depth` activations.
    ///
    /// # Errors
    /// [`Error::Input`] for no sources, or where one is no piece; [`Error::Inconsistent`] as for the interaction graph.
    ///
    /// ```
    /// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
    /// use isotypic::analysis::{PointwiseFunction, Reach};
    /// use std::sync::Arc;
    /// let group = Arc::new(PermutationGroup::parse("C6")?);
    /// let decomposition = Decomposition::new(&GSet::points(&group))?;
    /// // Neither 2 nor 3 feeds 1, but their sum does.
    /// let both = Reach::new(&decomposition, PointwiseFunction::Relu, false, &[2, 3], 1)?;
    /// assert_eq!(both.layers()[0], [0, 1, 2, 3]);
    /// // 1 reaches the sign in two layers, without a path in the graph.
    /// let deep = Reach::new(&decomposition, PointwiseFunction::Relu, false, &[1], 3)?;
    /// assert_eq!((deep.layers()[0].as_slice(), deep.layers()[1].as_slice()), (&[0, 1, 2][..], &[0, 1, 2, 3][..]));
    /// assert_eq!(deep.saturation(), Some(2));
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(
        decomposition: &Decomposition,
        activation: PointwiseFunction,
        bias: bool,
        sources: &[usize],
        depth: usize,
    ) -> Result<Self> {
        let count = decomposition.pieces().len();
        if sources.is_empty() || sources.iter().any(|&source| source >= count) {
            return Err(Error::input(
                "sources of a graph",
                "not a list of pieces",
                format!("give pieces by their numbers from 0 to {}", count - 1),
            ));
        }
        let parts = ActiveParts::of(activation, bias);
        let mut sources = sources.to_vec();
        sources.sort_unstable();
        sources.dedup();
        let mut present = sources.clone();
        let mut layers: Vec<Vec<usize>> = Vec::new();
        let mut saturation = None;
        for layer in 1..=depth {
            if saturation.is_some() {
                layers.push(present.clone());
                continue;
            }
            let mut next: Vec<usize> =
                nonlinear_targets(decomposition, &present, parts)?.into_iter().map(|k| k as usize).collect();
            if parts.linear {
                next.extend(&present);
                next.sort_unstable();
                next.dedup();
            }
            if next == present {
                saturation = Some(layer - 1);
            }
            layers.push(next.clone());
            present = next;
        }
        Ok(Reach { sources, layers, saturation })
    }

    /// The sources, sorted.
    pub fn sources(&self) -> &[usize] {
        &self.sources
    }

    /// The pieces present after each activation, sorted.
    pub fn layers(&self) -> &[Vec<usize>] {
        &self.layers
    }

    /// The number of activations after which nothing new appears, if the depth was enough to see it.
    pub fn saturation(&self) -> Option<usize> {
        self.saturation
    }
}
