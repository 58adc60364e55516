//! Networks seen on an affine slice of their input space.

use super::form::{Options, piecewise_linear_map};
use super::orbit_form::OrbitForm;
use super::provenance::network_hash;
use super::symmetry::LayerSymmetry;
use crate::error::Result;
use crate::network::{AffineLayer, Network};
use crate::num::Rational;
use crate::polyhedral::Domain;

/// The network `u -> network(E u + e)`: `embedding[i]` holds row `i` of `E` and then `e[i]`, one row per input.
///
/// # Errors
/// As [`PiecewiseLinearMap::restrict_to`](crate::polyhedral::PiecewiseLinearMap::restrict_to).
///
/// ```
/// use isotypic::network::{AffineLayer, Network};
/// use isotypic::num::Rational;
/// use isotypic::shallow::slice::on_slice;
/// use nalgebra::{dmatrix, dvector};
/// let sum = Network::new(vec![AffineLayer::new(dmatrix![1.0, 1.0], dvector![0.0])?], vec![])?;
/// // the diagonal, from (0, 1)
/// let row = |entries: [i32; 2]| entries.map(Rational::from).to_vec();
/// let line = on_slice(&sum, &[row([1, 0]), row([1, 1])])?;
/// assert_eq!(line.evaluate(&[3.0]), [7.0]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn on_slice(network: &Network, embedding: &[Vec<Rational>]) -> Result<Network> {
    let map = piecewise_linear_map(network)?.restrict_to(embedding)?;
    let mut layers = network.layers().to_vec();
    layers[0] = AffineLayer::from_exact(map.inputs(), &map.rows(0));
    Network::new(layers, network.activations().to_vec())
}

impl OrbitForm {
    /// The form of a network on an affine slice of its input space, in the coordinates of the slice; the domain is given in
    /// these, too. The slice is recorded, so that the form can be checked against the whole network.
    ///
    /// # Errors
    /// As [`on_slice`] and [`OrbitForm::from_network`].
    pub fn from_slice(
        network: &Network,
        embedding: &[Vec<Rational>],
        domain: &Domain,
        options: &Options,
    ) -> Result<Self> {
        let sliced = on_slice(network, embedding)?;
        let mut form = OrbitForm::from_network(&sliced, domain, &LayerSymmetry::default(), options)?;
        form.provenance.network = network_hash(network);
        form.slice = Some(embedding.to_vec());
        Ok(form)
    }
}
