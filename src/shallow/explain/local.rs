//! Regions found one by one, where they are asked for: no list of all regions is needed.

use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Integer, Rational};
use crate::polyhedral::describe::{Describer, describe};
use crate::polyhedral::{ActivationPattern, Domain, PiecewiseLinearMap, Region};
use crate::shallow::form::piecewise_linear_map;
use crate::shallow::locate::{check_dimension, check_domain};
use crate::shallow::masked::MaskedLayers;

/// The regions of a network on a domain, each computed from its activation pattern when it is needed. So explanations of
/// points work on networks with far more regions than can be listed.
pub struct LocalRegions {
    pub(super) map: PiecewiseLinearMap,
    pub(super) domain: Domain,
    border: Vec<Vec<Integer>>,
    layers: MaskedLayers,
    describer: Describer,
    /// A point inside the domain: a point on a boundary belongs to the region that is entered on the way to it.
    inside: Vec<Rational>,
}

impl LocalRegions {
    /// Prepares a network; one linear program for a point inside the domain.
    ///
    /// # Errors
    /// [`Error::Input`] where the domain has no interior; [`Error::Unsupported`] where an activation is not piecewise
    /// linear.
    pub fn new(network: &Network, domain: &Domain) -> Result<Self> {
        let map = piecewise_linear_map(network)?;
        let inside = match domain {
            Domain::WholeSpace => vec![Rational::ZERO; map.inputs()],
            _ => {
                let all = describe(&uncut(map.inputs())?, domain, &[ActivationPattern::inactive(0)], 1)?;
                all.into_iter().next().map(|region| region.interior_point).unwrap_or_default()
            }
        };
        let border = domain.half_spaces(map.inputs())?;
        let described = if map.hidden_layers() == 0 { uncut(map.inputs())? } else { map.clone() };
        let describer = Describer::new(described, domain)?;
        let layers = MaskedLayers::new(&map);
        Ok(LocalRegions { map, domain: domain.clone(), border, layers, describer, inside })
    }

    /// The value at a point of the domain.
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension; [`Error::Input`] for one outside the domain.
    pub fn evaluate(&self, point: &[Rational]) -> Result<Vec<Rational>> {
        check_dimension(self.map.inputs(), point.len())?;
        check_domain(&self.domain, point)?;
        self.map.evaluate(point)
    }

    /// The pattern of a region whose closure holds the point; on boundaries the one on the way into the domain.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate).
    pub fn pattern(&self, point: &[Rational]) -> Result<ActivationPattern> {
        check_dimension(self.map.inputs(), point.len())?;
        check_domain(&self.domain, point)?;
        self.pattern_beyond(point, &[])
    }

    /// The pattern just behind a point on the way along a direction that stays in the domain.
    pub(super) fn pattern_beyond(
        &self,
        point: &[Rational],
        direction: &[Rational],
    ) -> Result<ActivationPattern> {
        let d = point.len();
        let inwards = self.inside.iter().zip(point).map(|(a, x)| a - x).collect();
        let mut directions: Vec<Vec<Rational>> = vec![inwards];
        if !direction.is_empty() {
            directions.insert(0, direction.to_vec());
        }
        // Independent directions at the end leave no neuron undecided that is not constant.
        let unit = |i: usize| (0..d).map(|j| Rational::from(u8::from(i == j))).collect();
        directions.extend((0..d).map(unit));
        self.map.pattern_towards(point, &directions)
    }

    /// The region with a pattern: its facets and affine piece.
    ///
    /// Cost: two small linear programs per neuron.
    ///
    /// # Errors
    /// [`Error::Input`] where no region has the pattern.
    pub fn region(&self, pattern: &ActivationPattern) -> Result<Region> {
        let patterns = std::slice::from_ref(pattern);
        let mut found = self.describer.describe(patterns, 1)?.pop();
        if let Some(region) = found.as_mut().filter(|_| self.map.hidden_layers() == 0) {
            region.affine = self.layers.forms(pattern).outputs;
        }
        found.ok_or_else(|| Error::inconsistent("region of a pattern", "none was described"))
    }

    /// The inequalities of a region as rows that are `>= 0` on it; not all of them are facets.
    pub(super) fn inequalities(&self, pattern: &ActivationPattern) -> Vec<Vec<Integer>> {
        self.layers.inequalities(pattern, &self.border)
    }

    /// The affine piece under a pattern, one row per output, the constant last.
    pub(super) fn affine(&self, pattern: &ActivationPattern) -> Vec<Vec<Rational>> {
        self.layers.forms(pattern).outputs.rows
    }
}

/// A map whose only region is the whole domain.
fn uncut(inputs: usize) -> Result<PiecewiseLinearMap> {
    PiecewiseLinearMap::new(inputs, &[vec![], vec![]], vec![Rational::ZERO])
}
