//! Why a network answers as it does at single points.

use super::isotypic_projector::IsotypicProjectors;
use super::network_symmetry::NetworkSymmetry;
use super::slice::index;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, nearest_f64};
use crate::polyhedral::Domain;
use crate::shallow::LayerSymmetry;
use crate::shallow::explain::{
    Counterfactual, Coverage, Decision, IntegratedGradients, LocalRegions, OrbitList, PointExplanation,
    ShapleyValues,
};

/// Explains points of a network's domain; everything but the split over simple pieces is exact.
///
/// Regions are computed one by one around the points, so the number of all regions does not matter.
pub struct Explainer<'a> {
    regions: LocalRegions,
    layers: LayerSymmetry,
    orbits: Option<OrbitList>,
    pieces: Option<PieceSplit<'a>>,
    baseline: Vec<Rational>,
    decision: Decision,
    most_regions: u64,
}

/// How a change of the input splits over simple pieces.
struct PieceSplit<'a> {
    symmetry: &'a NetworkSymmetry,
    projectors: IsotypicProjectors,
}

/// All that is said about one point.
pub struct Explanation {
    /// The point.
    pub point: Vec<Rational>,
    /// Its region with the affine piece, the value, and the distances of the facets with their feet.
    pub place: PointExplanation,
    /// The orbit of the region, by its number where all orbits are known.
    pub orbit: Option<usize>,
    /// The number of regions in the orbit.
    pub orbit_size: usize,
    /// The nearest point that is on the verge of another decision.
    pub counterfactual: OtherDecision,
    /// Integrated gradients from the baseline.
    pub gradients: IntegratedGradients,
    /// Shapley values against the baseline, or why there are none.
    pub shapley: std::result::Result<ShapleyValues, String>,
    /// `by_piece[o]`: for each simple piece its name and its share in the change of output `o`, rounded; empty without a
    /// group. The shares of one output sum to its change.
    pub by_piece: Vec<Vec<(String, f64)>>,
}

/// What is known of the nearest other decision.
pub enum OtherDecision {
    /// Where it is.
    Found(Counterfactual),
    /// The whole domain is decided alike.
    Nowhere,
    /// The point itself is undecided, for this reason.
    Undecided(String),
    /// The search was given up at its limit.
    Unknown(String),
}

impl OtherDecision {
    /// The point where it is, if it was found.
    pub fn found(&self) -> Option<&Counterfactual> {
        match self {
            OtherDecision::Found(found) => Some(found),
            _ => None,
        }
    }
}

impl<'a> Explainer<'a> {
    /// Prepares a network, given in the coordinates of the domain. Without a baseline the origin is taken. The search for
    /// another decision visits `most_regions` regions at the most.
    ///
    /// # Errors
    /// [`Error::Shape`] and [`Error::Input`] for a baseline of another dimension or outside the domain, for a domain that
    /// the group does not preserve, and for an output that there is not; else as [`LocalRegions::new`].
    pub fn new(
        network: &Network,
        domain: &Domain,
        symmetry: Option<&'a NetworkSymmetry>,
        baseline: Option<Vec<Rational>>,
        decision: Decision,
        most_regions: u64,
    ) -> Result<Self> {
        let layers = symmetry.map(NetworkSymmetry::layer_symmetry).transpose()?.unwrap_or_default();
        layers.check_domain(domain, network.inputs())?;
        let regions = LocalRegions::new(network, domain)?;
        let baseline = baseline.unwrap_or_else(|| vec![Rational::ZERO; network.inputs()]);
        regions.evaluate(&baseline).map_err(|error| {
            Error::input("baseline", error.to_string(), "give one in the domain with --baseline")
        })?;
        if let Decision::Sign { output } = decision
            && output >= network.outputs()
        {
            return Err(Error::input(
                format!("output {}", output + 1),
                format!("the network has {} outputs", network.outputs()),
                "choose one of them, counted from 1",
            ));
        }
        let split = |symmetry: &'a NetworkSymmetry| -> Result<PieceSplit<'a>> {
            Ok(PieceSplit { symmetry, projectors: IsotypicProjectors::new(&symmetry.layout.one_channel)? })
        };
        let pieces = symmetry.map(split).transpose()?;
        Ok(Explainer { regions, layers, orbits: None, pieces, baseline, decision, most_regions })
    }

    /// The same with the numbers of all orbits.
    pub fn with_orbits(mut self, orbits: OrbitList) -> Self {
        self.orbits = Some(orbits);
        self
    }

    /// The group on the layers; trivial without a symmetry.
    pub fn symmetry(&self) -> &LayerSymmetry {
        &self.layers
    }

    /// All orbits, where they were given.
    pub fn orbits(&self) -> Option<&OrbitList> {
        self.orbits.as_ref()
    }

    /// Which regions and orbits a data set populates.
    ///
    /// # Errors
    /// As [`LocalRegions::coverage`].
    pub fn coverage(&self, points: &[Vec<f64>]) -> Result<Coverage> {
        self.regions.coverage(points, &self.layers, self.orbits.as_ref())
    }

    /// The baseline of attributions.
    pub fn baseline(&self) -> &[Rational] {
        &self.baseline
    }

    /// What counts as a decision.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Explains one point.
    ///
    /// # Errors
    /// As [`LocalRegions::explain_point`] and [`LocalRegions::integrated_gradients`].
    pub fn explain(&self, point: &[Rational]) -> Result<Explanation> {
        let place = self.regions.explain_point(point)?;
        let counterfactual = match self.regions.counterfactual(point, self.decision, self.most_regions) {
            Ok(Some(found)) => OtherDecision::Found(found),
            Ok(None) => OtherDecision::Nowhere,
            Err(Error::Input { problem, .. }) => OtherDecision::Undecided(problem),
            Err(error @ Error::TooLarge { .. }) => OtherDecision::Unknown(error.to_string()),
            Err(other) => return Err(other),
        };
        let gradients = self.regions.integrated_gradients(&self.baseline, point)?;
        let shapley = match self.regions.shapley_values(&self.baseline, point) {
            Ok(values) => Ok(values),
            Err(error @ (Error::TooLarge { .. } | Error::Input { .. })) => Err(error.to_string()),
            Err(other) => return Err(other),
        };
        let change: Vec<Rational> = point.iter().zip(&self.baseline).map(|(x, b)| x - b).collect();
        let by_piece = match &self.pieces {
            Some(pieces) => pieces.shares(&gradients.mean_gradient, &change),
            None => Vec::new(),
        };
        Ok(Explanation {
            point: point.to_vec(),
            orbit: self.orbits.as_ref().and_then(|orbits| orbits.find(&place.pattern)),
            orbit_size: self.layers.orbit_size(&place.pattern),
            place,
            counterfactual,
            gradients,
            shapley,
            by_piece,
        })
    }
}

impl PieceSplit<'_> {
    /// `gradient . P_L change` for each output and each piece `L`, channel by channel.
    fn shares(&self, gradient: &[Vec<Rational>], change: &[Rational]) -> Vec<Vec<(String, f64)>> {
        let layout = &self.symmetry.layout;
        let points = layout.one_channel.size();
        let change: Vec<f64> = change.iter().map(nearest_f64).collect();
        gradient
            .iter()
            .map(|row| {
                let row: Vec<f64> = row.iter().map(nearest_f64).collect();
                let share = |piece: usize| -> f64 {
                    let projector = self.projectors.matrix(piece);
                    (0..layout.channels)
                        .map(|channel| {
                            let at = |x: usize| index(layout, channel, x);
                            let term = |x: usize, y: usize| row[at(x)] * projector[(x, y)] * change[at(y)];
                            (0..points).map(|x| (0..points).map(|y| term(x, y)).sum::<f64>()).sum::<f64>()
                        })
                        .sum()
                };
                let pieces = self.projectors.pieces().iter().enumerate();
                pieces.map(|(piece, simple)| (simple.label.clone(), share(piece))).collect()
            })
            .collect()
    }
}
