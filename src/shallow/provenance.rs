//! Where a form comes from.

use crate::network::Network;
use sha2::{Digest, Sha256};

/// What is recorded about the making of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The hash of the network, as [`network_hash`] gives it; empty where the form was not made from a network.
    pub network: String,
    /// The group's name, as the user gave it; empty for none.
    pub group: String,
    /// The action's name, as the user gave it; empty for none.
    pub action: String,
}

/// The SHA-256 of a network's exact weights, in hexadecimal: independent of the file format they came in.
///
/// Hashed is the text that has, for each layer, one line `layer OUTPUTS INPUTS SLOPE` and one line per row with the weights
/// and then the bias, as reduced fractions `p` or `p/q` separated by blanks; `SLOPE` is the factor of the activation behind
/// the layer on the negative side, `-` behind the last layer.
///
/// ```
/// use isotypic::network::{AffineLayer, Network};
/// use nalgebra::{dmatrix, dvector};
/// let network = Network::new(vec![AffineLayer::new(dmatrix![0.5], dvector![1.0])?], vec![])?;
/// // sha256 of "layer 1 1 -\n1/2 1\n"
/// assert_eq!(&isotypic::shallow::provenance::network_hash(&network)[..8], "aa46d682");
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn network_hash(network: &Network) -> String {
    let mut hash = Sha256::new();
    for (l, layer) in network.layers().iter().enumerate() {
        let slope = network.activations().get(l).map_or("-".into(), |a| a.negative_slope().to_string());
        hash.update(format!("layer {} {} {slope}\n", layer.outputs(), layer.inputs()));
        for i in 0..layer.outputs() {
            let row: Vec<String> = layer.exact_row(i).iter().map(ToString::to_string).collect();
            hash.update(row.join(" "));
            hash.update("\n");
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
