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
    channels: Option<ChannelsArgument>,
    /// How the group acts on the output: same, trivial, or an action; found from the weights by default.
    #[arg(long, value_name = "ACTION")]
    out: Option<String>,
}

/// The order of channels and points.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChannelsArgument {
    First,
    Last,
}

impl ChannelsArgument {
    pub(crate) fn order(self) -> ChannelOrder {
        match self {
            ChannelsArgument::First => ChannelOrder::First,
            ChannelsArgument::Last => ChannelOrder::Last,
        }
    }
}

impl ActionArguments {
    /// The question that these arguments ask.
    pub(crate) fn question<'a>(&'a self, group: &'a str, tolerance: f64) -> SymmetryQuestion<'a> {
        let order = self.channels.map(ChannelsArgument::order);
        SymmetryQuestion { group, on: &self.on, order, output: self.out.as_deref(), tolerance }
    }

    /// The symmetry of a network under a group.
    pub(crate) fn symmetry(&self, network: &Network, group: &str, tolerance: f64) -> Result<NetworkSymmetry> {
        NetworkSymmetry::new(network, &self.question(group, tolerance))
    }

    /// The arguments as words of a command line, those at their defaults left out.
    pub(crate) fn words(&self) -> String {
        let mut words = Vec::new();
        if self.on != "points" {
            words.push(format!("--on '{}'", self.on));
        }
        if let Some(channels) = self.channels {
            let name = if channels == ChannelsArgument::First { "first" } else { "last" };
            words.push(format!("--channels {name}"));
        }
        if let Some(out) = &self.out {
            words.push(format!("--out '{out}'"));
        }
        words.join(" ")
    }
}
