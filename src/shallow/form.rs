//! The three-layer form with all its half-spaces and selectors.

use super::{Boundary, LayerSymmetry, OrbitForm, Viewpoint};
use crate::error::Result;
use crate::network::Network;
use crate::num::{Integer, Rational};
use crate::polyhedral::{self, ActivationPattern, AffinePiece, Domain, PiecewiseLinearMap, Regions};
use std::sync::Arc;

/// The half-space `row[..d] . x + row[d] <= 0`: a unit `relu(row . (x, 1))` of the first hidden layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfSpace {
    /// A primitive integer row, the constant last.
    pub row: Vec<Integer>,
    /// The half-space on the other side of the same hyperplane, where some region needs it.
    pub opposite: Option<usize>,
    /// Whether the hyperplane is part of the border of the domain.
    pub border: bool,
}

/// A half-space with or without its hyperplane: a unit of the second hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// The index of the half-space.
    pub half_space: usize,
    /// Whether the hyperplane belongs to it.
    pub closed: bool,
}

/// One region, or one face of lower dimension: the conditions under which its affine piece answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The activation pattern in the interior of the region; of a face, the first one among those of the regions that
    /// have it.
    pub pattern: ActivationPattern,
    /// The indices of the conditions, in increasing order; for a region, one for each facet.
    pub conditions: Vec<usize>,
    /// For each condition of a region a point in the relative interior of that facet; empty for a face.
    pub facet_points: Vec<Vec<Rational>>,
    /// A point in the (relative) interior.
    pub interior_point: Vec<Rational>,
    /// The dimension: that of the input space for a region, less for a face.
    pub dimension: usize,
    /// The index of the affine piece.
    pub piece: usize,
}

/// How a form is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Who answers on boundaries.
    pub boundary: Boundary,
    /// How regions are enumerated, and within which limits.
    pub enumeration: polyhedral::Options,
}

/// A piecewise linear function in the three-layer form.
///
/// Half-spaces are ordered by their rows, conditions by half-space, selectors by pattern and conditions, and pieces by
/// their first selector; equal pieces are stored once.
///
/// ```
/// use isotypic::network::{Activation, AffineLayer, Network};
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::Domain;
/// use isotypic::shallow::{Options, ShallowNetwork};
/// use nalgebra::{dmatrix, dvector};
/// let abs = Network::new(
///     vec![
///         AffineLayer::new(dmatrix![1.0; -1.0], dvector![0.0, 0.0])?,
///         AffineLayer::new(dmatrix![1.0, 1.0], dvector![0.0])?,
///     ],
///     vec![Activation::Relu],
/// )?;
/// let form = ShallowNetwork::from_network(&abs, &Domain::WholeSpace, &Options::default())?;
/// assert_eq!((form.half_spaces().len(), form.selectors().len()), (2, 2));
/// assert_eq!(form.layer_widths(), [4, 4, 4]);
/// assert_eq!(form.evaluate(&[Rational::from(-3)])?, [Rational::from(3)]);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ShallowNetwork {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) domain: Domain,
    pub(super) boundary: Boundary,
    pub(super) viewpoint: Viewpoint,
    pub(super) half_spaces: Vec<HalfSpace>,
    pub(super) conditions: Vec<Condition>,
    pub(super) selectors: Vec<Selector>,
    pub(super) pieces: Vec<AffinePiece>,
    /// The stored form with its proofs, as long as the selectors are those of its regions.
    pub(super) stored: Option<Arc<OrbitForm>>,
}

/// The exact layers of a network with ReLU, leaky ReLU or absolute value between them.
///
/// # Errors
/// As [`PiecewiseLinearMap::new`].
pub fn piecewise_linear_map(network: &Network) -> Result<PiecewiseLinearMap> {
    let layers: Vec<Vec<Vec<Rational>>> = network
        .layers()
        .iter()
        .map(|layer| (0..layer.outputs()).map(|i| layer.exact_row(i)).collect())
        .collect();
    let slopes = network.activations().iter().map(|activation| activation.negative_slope()).collect();
    PiecewiseLinearMap::new(network.inputs(), &layers, slopes)
}

impl ShallowNetwork {
    /// Enumerates the regions of a network on a domain and writes it in the three-layer form.
    ///
    /// # Errors
    /// As [`OrbitForm::from_network`] and [`OrbitForm::expand`].
    pub fn from_network(network: &Network, domain: &Domain, options: &Options) -> Result<Self> {
        OrbitForm::from_network(network, domain, &LayerSymmetry::default(), options)?.expand()
    }

    /// The three-layer form of an enumerated map.
    ///
    /// # Errors
    /// As [`OrbitForm::from_regions`] and [`OrbitForm::expand`].
    pub fn from_regions(regions: &Regions) -> Result<Self> {
        OrbitForm::from_regions(regions)?.expand()
    }

    /// The number of inputs `d`.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of outputs `o`.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Where the form answers.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// How boundaries are shared out.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// The point towards which boundaries are owned; without meaning where faces have selectors of their own.
    pub fn viewpoint(&self) -> &Viewpoint {
        &self.viewpoint
    }

    /// The half-spaces, one unit of the first hidden layer each.
    pub fn half_spaces(&self) -> &[HalfSpace] {
        &self.half_spaces
    }

    /// The conditions, one violation unit of the second hidden layer each.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The selectors, `2 o` units of the third hidden layer each.
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// The distinct affine pieces.
    pub fn pieces(&self) -> &[AffinePiece] {
        &self.pieces
    }

    /// The widths of the three hidden layers, `[K + 2d, J + 2d, 2 R o]` for `K` half-spaces, `J` conditions and `R`
    /// selectors; the two times `d` units pass the input through as `relu(x)` and `relu(-x)`.
    pub fn layer_widths(&self) -> [usize; 3] {
        let through = 2 * self.inputs;
        [
            self.half_spaces.len() + through,
            self.conditions.len() + through,
            2 * self.selectors.len() * self.outputs,
        ]
    }

    /// The number of pairs of a selector and one of its conditions: the infinite weights into one unit of the third
    /// layer per selector.
    pub fn incidences(&self) -> usize {
        self.selectors.iter().map(|selector| selector.conditions.len()).sum()
    }
}
