//! The three-layer form, one selector per orbit.

use super::Viewpoint;
use super::boundary::Boundary;
use super::provenance::Provenance;
use super::symmetry::LayerSymmetry;
use crate::num::{Integer, Rational};
use crate::polyhedral::{ActivationPattern, AffinePiece, Domain};

/// One region standing for its orbit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorOrbit {
    /// The activation pattern in the interior of the region.
    pub pattern: ActivationPattern,
    /// The facets, by their rows, in increasing order.
    pub facets: Vec<OrbitFacet>,
    /// A point in the interior of the region.
    pub interior_point: Vec<Rational>,
    /// The index of the affine piece.
    pub piece: usize,
    /// The number of regions in the orbit.
    pub size: usize,
    /// A box around the region: for `x_1`, `-x_1`, `x_2`, `-x_2`, ... the facets (by their places in `facets`) of which it is
    /// a combination with positive factors, plus a constant that is its lower bound; none where no bound is given.
    pub extent: Vec<Vec<usize>>,
    /// The proof that no facet is missing: for each hidden neuron, and then for each row of the domain, the facets of which
    /// its inequality on the region is a combination with positive factors, plus a constant that is not negative; none
    /// where the inequality holds on the whole box. Factors and constants are determined by the facets, whose rows are
    /// independent.
    pub implied: Vec<Vec<usize>>,
}

/// A facet of the region that stands for an orbit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrbitFacet {
    /// The index of the row of the facet's half-space.
    pub row: usize,
    /// A point in the relative interior of the facet.
    pub point: Vec<Rational>,
}

/// A piecewise linear function in the three-layer form, stored once per orbit of a group of symmetries.
///
/// This is what is saved, and what the checker checks. The image of a stored selector under a group element `g` has the
/// rows of the stored one permuted by `g`, and the affine piece `x -> g piece(g^-1 x)`; images with equal patterns are
/// equal. Whether a half-space is closed follows from the [`Viewpoint`]. With the trivial group every region is stored.
///
/// ```
/// use isotypic::network::{Activation, AffineLayer, Network};
/// use isotypic::group::Permutation;
/// use isotypic::polyhedral::Domain;
/// use isotypic::shallow::{LayerPermutation, LayerSymmetry, Options, OrbitForm};
/// use nalgebra::{dmatrix, dvector};
/// // |x - y|, symmetric under the exchange of x and y
/// let network = Network::new(
///     vec![
///         AffineLayer::new(dmatrix![1.0, -1.0; -1.0, 1.0], dvector![0.0, 0.0])?,
///         AffineLayer::new(dmatrix![1.0, 1.0], dvector![0.0])?,
///     ],
///     vec![Activation::Relu],
/// )?;
/// let swap = Permutation::parse("(1,2)", 2)?;
/// let output = Permutation::identity(1);
/// let exchange = LayerPermutation { input: swap.clone(), hidden: vec![swap], output };
/// let symmetry = LayerSymmetry { generators: vec![exchange] };
/// let form = OrbitForm::from_network(&network, &Domain::WholeSpace, &symmetry, &Options::default())?;
/// assert_eq!((form.orbits().len(), form.regions()), (1, 2));
/// assert_eq!(form.expand()?.selectors().len(), 2);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OrbitForm {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) hidden: Vec<usize>,
    pub(super) domain: Domain,
    pub(super) boundary: Boundary,
    pub(super) symmetry: LayerSymmetry,
    pub(super) viewpoint: Viewpoint,
    pub(super) rows: Vec<Vec<Integer>>,
    pub(super) pieces: Vec<AffinePiece>,
    pub(super) orbits: Vec<SelectorOrbit>,
    pub(super) slice: Option<Vec<Vec<Rational>>>,
    pub(super) provenance: Provenance,
}

impl OrbitForm {
    /// The number of inputs `d`.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of outputs `o`.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The widths of the hidden layers of the network that the form was made from.
    pub fn hidden(&self) -> &[usize] {
        &self.hidden
    }

    /// How boundaries are shared out when the form is expanded.
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// Where the form answers.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// The group.
    pub fn symmetry(&self) -> &LayerSymmetry {
        &self.symmetry
    }

    /// The point towards which boundaries are owned.
    pub fn viewpoint(&self) -> &Viewpoint {
        &self.viewpoint
    }

    /// The rows of the facets of the stored selectors, each once, in increasing order: half-spaces
    /// `row[..d] . x + row[d] <= 0`.
    pub fn rows(&self) -> &[Vec<Integer>] {
        &self.rows
    }

    /// The affine pieces of the stored selectors, each once.
    pub fn pieces(&self) -> &[AffinePiece] {
        &self.pieces
    }

    /// The stored selectors, one per orbit, in the order of their patterns.
    pub fn orbits(&self) -> &[SelectorOrbit] {
        &self.orbits
    }

    /// The affine slice of the network's input space that the form lives on, where it is not the whole of it: row `i`
    /// gives input `i` in the form's own coordinates, the constant last.
    pub fn slice(&self) -> Option<&[Vec<Rational>]> {
        self.slice.as_deref()
    }

    /// Where the form comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The number of regions, over all orbits.
    pub fn regions(&self) -> usize {
        self.orbits.iter().map(|orbit| orbit.size).sum()
    }

    /// The number of pairs of a region and one of its facets, over all orbits.
    pub fn incidences(&self) -> usize {
        self.orbits.iter().map(|orbit| orbit.size * orbit.facets.len()).sum()
    }

    /// All facet half-spaces of all regions: the images of the stored rows, each once, in increasing order.
    ///
    /// O(K d generators) for `K` half-spaces.
    pub fn half_spaces(&self) -> Vec<Vec<Integer>> {
        images_of_rows(&self.rows, &self.symmetry)
    }
}

/// The images of rows under a group, each once, in increasing order.
pub(super) fn images_of_rows(rows: &[Vec<Integer>], symmetry: &LayerSymmetry) -> Vec<Vec<Integer>> {
    let mut known: rustc_hash::FxHashSet<Vec<Integer>> = rows.iter().cloned().collect();
    let mut open: Vec<Vec<Integer>> = rows.to_vec();
    while let Some(row) = open.pop() {
        for generator in &symmetry.generators {
            let image = generator.permute_row(&row);
            if known.insert(image.clone()) {
                open.push(image);
            }
        }
    }
    let mut all: Vec<Vec<Integer>> = known.into_iter().collect();
    all.sort_unstable();
    all
}
