//! How a network's input indices are laid out over a G-set and channels.

use super::Network;
use crate::action::{GSet, grammar};
use crate::error::{Error, Result};
use crate::group::{Permutation, PermutationGroup};
use std::sync::Arc;

/// The order of points and channels in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelOrder {
    /// `index = channel * |X| + x`.
    First,
    /// `index = x * channels + channel`.
    Last,
}

/// The input indices of a network as a set on which the group acts.
#[derive(Clone, Debug)]
pub struct InputLayout {
    /// The action on the input indices.
    pub set: GSet,
    /// The action on one channel.
    pub one_channel: GSet,
    /// The number of channels.
    pub channels: usize,
    /// Their order; it matters for two and more channels only.
    pub order: ChannelOrder,
}

impl InputLayout {
    /// Lays the input of a network out over the sets of `on` (the grammar of [`grammar`]).
    ///
    /// One set without channels takes as many channels as fill the input, if the input has several axes. The order is
    /// `order` where given; else it is read off the input's axes where only one reading fits, and channels come first
    /// where the input has one axis.
    ///
    /// # Errors
    /// [`Error::Shape`] where the sizes do not fit; [`Error::Input`] where the axes can be read both ways, or the
    /// action is none.
    pub fn new(
        network: &Network,
        group: &Arc<PermutationGroup>,
        on: &str,
        order: Option<ChannelOrder>,
    ) -> Result<Self> {
        let inputs = network.inputs();
        let terms = grammar::parse_with_channels(group, on)?;
        let total: usize = terms.iter().map(|(set, channels)| set.size() * channels).sum();
        let [(one, stated)] = terms.as_slice() else {
            if total != inputs || order == Some(ChannelOrder::Last) {
                return Err(misfit(on, total, inputs));
            }
            let set = grammar::parse(group, on)?;
            return Ok(InputLayout {
                one_channel: set.clone(),
                set,
                channels: 1,
                order: ChannelOrder::First,
            });
        };
        // Channels that nobody named are taken only where the axes of the input show them: a group of the wrong size must
        // not pass for one with channels.
        let fills = *stated == 1 && network.input_shape().len() > 1 && inputs.is_multiple_of(one.size());
        let channels = if total == inputs {
            *stated
        } else if fills && inputs > 0 {
            inputs / one.size()
        } else {
            return Err(misfit(on, total, inputs));
        };
        let order = match order {
            Some(order) => order,
            None => order_of_axes(network.input_shape(), one.size(), channels)?,
        };
        let set = match order {
            _ if channels == 1 => one.clone(),
            ChannelOrder::First => GSet::sum(vec![one.clone(); channels])?,
            ChannelOrder::Last => {
                let images = one.generators().iter().map(|g| {
                    Permutation::from_fn(inputs, |index| {
                        g.apply(index / channels) * channels + index % channels
                    })
                });
                let name = format!("{}*{channels}, channels last", one.name());
                GSet::from_images(group, name, inputs, images.collect())?
            }
        };
        Ok(InputLayout { set, one_channel: one.clone(), channels, order })
    }

    /// A sentence on the layout.
    pub fn describe(&self) -> String {
        let order = match self.order {
            _ if self.channels == 1 => "one channel",
            ChannelOrder::First => "index = channel * points + point; --channels last reads it the other way",
            ChannelOrder::Last => {
                "index = point * channels + channel; --channels first reads it the other way"
            }
        };
        format!("{} x {} ({order})", self.one_channel.name(), self.channels)
    }
}

fn misfit(on: &str, total: usize, inputs: usize) -> Error {
    Error::shape(
        format!("action {on}"),
        format!("{inputs} points, one for each input of the network"),
        total,
        "choose the action with --on (and channels as in 'points*2') so that it fills the input",
    )
}

fn order_of_axes(shape: &[usize], points: usize, channels: usize) -> Result<ChannelOrder> {
    if channels == 1 || shape.len() < 2 {
        return Ok(ChannelOrder::First);
    }
    let first = shape[0] == channels && shape[1..].iter().product::<usize>() == points;
    let last =
        shape[shape.len() - 1] == channels && shape[..shape.len() - 1].iter().product::<usize>() == points;
    match (first, last) {
        (true, false) => Ok(ChannelOrder::First),
        (false, true) => Ok(ChannelOrder::Last),
        _ => Err(Error::input(
            format!("input of shape {shape:?}"),
            format!("{points} points with {channels} channels can be read in more than one way"),
            "say --channels first or --channels last",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::AffineLayer;
    use nalgebra::{DMatrix, DVector};

    fn layout(shape: Vec<usize>, group: &str, on: &str, order: Option<ChannelOrder>) -> Result<InputLayout> {
        let inputs = shape.iter().product();
        let layer = AffineLayer::new(DMatrix::zeros(1, inputs), DVector::zeros(1)).unwrap();
        let network = Network::new(vec![layer], vec![]).unwrap().with_input_shape(shape);
        InputLayout::new(&network, &Arc::new(PermutationGroup::parse(group).unwrap()), on, order)
    }

    #[test]
    fn the_axes_tell_the_order() {
        assert_eq!(layout(vec![3, 2], "S3", "points*2", None).unwrap().order, ChannelOrder::Last);
        assert_eq!(layout(vec![2, 3], "S3", "points*2", None).unwrap().order, ChannelOrder::First);
        assert_eq!(layout(vec![6], "S3", "points*2", None).unwrap().order, ChannelOrder::First);
        assert!(layout(vec![6], "S3", "points", None).is_err());
        assert!(layout(vec![2, 2], "S2", "points*2", None).is_err());
        assert!(layout(vec![2, 2], "S2", "points*2", Some(ChannelOrder::Last)).is_ok());
        assert!(layout(vec![7], "S3", "points", None).is_err());
        assert_eq!(layout(vec![1, 8, 8], "C8^2", "points", None).unwrap().channels, 1);
    }

    #[test]
    fn channels_last_moves_channels_together() {
        let layout = layout(vec![3, 2], "C3", "points", None).unwrap();
        assert_eq!(layout.set.generators()[0].images(), [2, 3, 4, 5, 0, 1]);
    }
}
