//! How random a layer is, simple piece by simple piece.
//!
//! On the component of a piece a random equivariant layer is a `p x q` matrix with independent entries in R, C or
//! H, with `p` and `q` the multiplicities of the piece on the two sides. The eigenvalues of `W^T W` there, divided
//! by their mean over the `q` directions, fill the interval `(1 +- sqrt(q / p))^2` (Marchenko and Pastur). A
//! trained layer that differs from this has learned something about that piece.

use crate::action::GSet;
use crate::analysis::LayerActions;
use crate::analysis::isotypic_projector::IsotypicProjectors;
use crate::error::{Error, Result};
use crate::network::Network;
use nalgebra::DMatrix;
use serde::Serialize;

/// One piece of a layer.
#[derive(Clone, Debug, Serialize)]
pub struct PieceLikeness {
    /// The label of the piece, in the sum of both sides.
    pub label: String,
    /// Its dimension.
    pub dim: usize,
    /// Its multiplicity among the visible units (rows), `p`.
    pub visible_multiplicity: usize,
    /// Its multiplicity among the hidden units (columns), `q`.
    pub hidden_multiplicity: usize,
    /// The `min(p, q)` largest eigenvalues of `W^T W` on the piece, largest first and each once per copy, divided
    /// by the mean over all `q` copies; any others are 0.
    pub eigenvalues: Vec<f64>,
    /// The lower edge for a random layer.
    pub lower_edge: f64,
    /// The upper edge for a random layer.
    pub upper_edge: f64,
    /// The fraction of eigenvalues between the edges, with a margin of a tenth of the upper edge; `None` for a single
    /// eigenvalue, which the division by the mean fixes.
    pub fraction_inside: Option<f64>,
    /// The mean eigenvalue on this piece over that on the whole layer: how strongly the layer passes the piece.
    pub relative_gain: f64,
}

/// Compares an equivariant layer `W` (rows: visible units, columns: hidden units) with a random one, for every piece
/// that occurs on both sides. O(n^3).
///
/// # Errors
/// [`Error::Shape`] where the sets do not fit the matrix; [`Error::Input`] where `W` is not equivariant to 1e-6 of
/// its largest entry; otherwise as [`IsotypicProjectors::new`].
pub fn random_likeness(weights: &DMatrix<f64>, visible: &GSet, hidden: &GSet) -> Result<Vec<PieceLikeness>> {
    let (n, m) = weights.shape();
    if (visible.size(), hidden.size()) != (n, m) {
        return Err(Error::shape(
            "random likeness",
            format!("sets of {n} and {m} points"),
            format!("{} and {}", visible.size(), hidden.size()),
            "give the action on the rows and the one on the columns",
        ));
    }
    let largest = weights.amax();
    for (g, h) in visible.generators().iter().zip(hidden.generators()) {
        for i in 0..n {
            for j in 0..m {
                let difference = (weights[(g.apply(i), h.apply(j))] - weights[(i, j)]).abs();
                if difference > 1e-6 * largest {
                    return Err(Error::input(
                        "random likeness",
                        format!("the weights at ({i}, {j}) and at its image differ by {difference}"),
                        "give an equivariant layer with the actions under which it is equivariant",
                    ));
                }
            }
        }
    }
    let joint = GSet::sum(vec![hidden.clone(), visible.clone()])?;
    let projectors = IsotypicProjectors::new(&joint)?;
    let gram = weights.tr_mul(weights);
    let overall = gram.trace() / m as f64;
    let mut rows = Vec::new();
    for (index, piece) in projectors.pieces().iter().enumerate() {
        let projector = projectors.matrix(index);
        let own = projector.view((0, 0), (m, m)).into_owned();
        let copies = |trace: f64| (trace / piece.dim as f64).round() as usize;
        let hidden_multiplicity = copies(own.trace());
        let visible_multiplicity = copies(projector.view((m, m), (n, n)).trace());
        let kept = hidden_multiplicity.min(visible_multiplicity);
        if kept == 0 {
            continue;
        }
        let mut values: Vec<f64> = (&own * &gram * &own).symmetric_eigenvalues().iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let directions = hidden_multiplicity * piece.dim;
        let mean = values[..directions].iter().sum::<f64>() / directions as f64;
        let scale = if mean > 0.0 { mean.recip() } else { 0.0 };
        let eigenvalues: Vec<f64> =
            values[..kept * piece.dim].iter().step_by(piece.dim).map(|v| v.max(0.0) * scale).collect();
        let ratio = (hidden_multiplicity as f64 / visible_multiplicity as f64).sqrt();
        let (lower_edge, upper_edge) = ((1.0 - ratio).powi(2), (1.0 + ratio).powi(2));
        let margin = 0.1 * upper_edge;
        let inside =
            eigenvalues.iter().filter(|v| **v >= lower_edge - margin && **v <= upper_edge + margin).count();
        rows.push(PieceLikeness {
            label: piece.label.clone(),
            dim: piece.dim,
            visible_multiplicity,
            hidden_multiplicity,
            fraction_inside: (kept > 1).then(|| inside as f64 / eigenvalues.len() as f64),
            eigenvalues,
            lower_edge,
            upper_edge,
            relative_gain: if overall > 0.0 { mean / overall } else { 0.0 },
        });
    }
    Ok(rows)
}

/// Compares every layer of an equivariant network with a random one. A layer `y = A x` counts as the recognition of
/// a generative layer `W = A^T`, so its inputs are visible and its outputs hidden.
///
/// # Errors
/// As [`random_likeness`].
pub fn network_likeness(network: &Network, actions: &LayerActions) -> Result<Vec<Vec<PieceLikeness>>> {
    let sets: Vec<&GSet> =
        [&actions.input].into_iter().chain(&actions.hidden).chain([&actions.output]).collect();
    if sets.len() != network.layers().len() + 1 {
        return Err(Error::shape(
            "random likeness",
            format!("actions on {} layers", network.layers().len() + 1),
            sets.len(),
            "give the actions of this network",
        ));
    }
    network
        .layers()
        .iter()
        .zip(sets.windows(2))
        .map(|(layer, pair)| random_likeness(&layer.weights().transpose(), pair[0], pair[1]))
        .collect()
}
