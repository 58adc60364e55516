//! Arguments that name a group and an action.

use clap::Args;
use isotypic::Result;
use isotypic::action::{GSet, grammar};
use isotypic::analysis::SymmetryQuestion;
use isotypic::group::PermutationGroup;
use isotypic::network::ChannelOrder;
use std::sync::Arc;

/// A group and what it acts on.
#[derive(Args)]
pub(crate) struct SymmetryArguments {
    /// The group, such as C8, S5, D6, C4^2, C2wrS3 or '<(1,2,3),(1,2)>'.
    group: String,
    /// What it acts on: points, regular, subsets:K, tuples:K, pairs, cosets:GENERATORS, orbit:{1,2},
    /// orbit:(1,2), images:PERMUTATIONS, products such as pointsxpoints, sums such as points+subsets:2.
    #[arg(long, default_value = "points", value_name = "ACTION")]
    on: String,
}

impl SymmetryArguments {
    /// The question whether a network has this symmetry.
    pub(crate) fn question<'a>(
        &'a self,
        order: Option<ChannelOrder>,
        output: Option<&'a str>,
    ) -> SymmetryQuestion<'a> {
        SymmetryQuestion { group: &self.group, on: &self.on, order, output, tolerance: 0.0 }
    }

    /// The set.
    pub(crate) fn set(&self) -> Result<GSet> {
        grammar::parse(&Arc::new(PermutationGroup::parse(&self.group)?), &self.on)
    }
}
