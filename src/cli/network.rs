//! Arguments that name a network and its symmetry.

use clap::{Args, ValueEnum};
use isotypic::Result;
use isotypic::analysis::{NetworkSymmetry, SymmetryQuestion};
use isotypic::network::{ChannelOrder, Network};

/// How the group acts on a network.
#[derive(Args)]
pub(crate) struct ActionArguments {
    /// What the group acts on, with channels: points (default), points*2, regular, subsets:2, ...
    #[arg(long, default_value = "points", value_name = "ACTION")]
    on: String,
    /// Whether channels come first (index = channel * points + point) or last, where the file does not tell.
    #[arg(long, value_enum)]
    channels: Option<Channels>,
    /// How the group acts on the output: same, trivial, or an action; found from the weights by default.
    #[arg(long, value_name = "ACTION")]
    out: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Channels {
    First,
    Last,
}

impl ActionArguments {
    /// The symmetry of a network under a group.
    pub(crate) fn symmetry(&self, network: &Network, group: &str, tolerance: f64) -> Result<NetworkSymmetry> {
        let order = self.channels.map(|channels| match channels {
            Channels::First => ChannelOrder::First,
            Channels::Last => ChannelOrder::Last,
        });
        let question =
            SymmetryQuestion { group, on: &self.on, order, output: self.out.as_deref(), tolerance };
        NetworkSymmetry::new(network, &question)
    }
}
