//! The form compared with its network, check by check.

use super::form::{ShallowNetwork, piecewise_linear_map};
use super::form_symmetry::FormSymmetry;
use super::symmetry::LayerSymmetry;
use super::test_points::test_points;
use crate::error::Result;
use crate::network::Network;
use crate::num::{Rational, Sign};
use crate::polyhedral::{ActivationPattern, AffinePiece, PiecewiseLinearMap};

/// The outcome of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// How much was checked, or what is wrong.
    pub detail: String,
}

/// The outcomes of all checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The checks in the order in which they were made.
    pub checks: Vec<Check>,
}

impl Certificate {
    /// Whether every check holds.
    pub fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }

    /// Records a check: `Ok` says how much was checked, `Err` what is wrong.
    pub(super) fn record(&mut self, name: &str, outcome: std::result::Result<String, String>) {
        let ok = outcome.is_ok();
        let detail = outcome.unwrap_or_else(|problem| problem);
        self.checks.push(Check { name: name.into(), ok, detail });
    }
}

type Outcome = std::result::Result<String, String>;

impl ShallowNetwork {
    /// Compares the form with a network, exactly. With a symmetry, also the permutations that it induces.
    ///
    /// * `affine pieces`: each equals the product of the network's layers masked by the selector's pattern.
    /// * `interior points`: each satisfies its selector's conditions strictly and has its pattern.
    /// * `facets`: each facet point lies on its half-space's border and strictly inside the selector's other half-spaces,
    ///   so no condition is redundant.
    /// * `completeness`: beyond each facet that is not on the border of the domain lies the region of another selector,
    ///   which has the opposite half-space.
    /// * `ownership`: the viewpoint is on no hyperplane, and the closed half-spaces are those that face it and the border.
    /// * `values`: at interior points, facet points, vertices, the origin and random rational points exactly one selector
    ///   owns the point and gives the network's value.
    /// * `permutations`: the group permutes half-spaces, selectors and pieces as it permutes the network's layers.
    ///
    /// # Errors
    /// [`Error::Shape`](crate::Error::Shape) where network and form have different sizes.
    pub fn verify(&self, network: &Network, symmetry: Option<&LayerSymmetry>) -> Result<Certificate> {
        let map = piecewise_linear_map(network)?;
        let mut certificate = Certificate::default();
        certificate.record("sizes", sizes(self, &map));
        if !certificate.ok() {
            return Ok(certificate);
        }
        certificate.record("affine pieces", affine_pieces(self, network));
        certificate.record("interior points", interior_points(self, &map)?);
        certificate.record("facets", facets(self));
        certificate.record("completeness", completeness(self, &map)?);
        certificate.record("ownership", ownership(self)?);
        certificate.record("values", values(self, network)?);
        if let Some(symmetry) = symmetry {
            let outcome = match FormSymmetry::new(self, symmetry) {
                Ok(found) => Ok(format!(
                    "{} generators, {} orbits of selectors",
                    found.selectors.len(),
                    found.selector_orbits(self).count()
                )),
                Err(error) => Err(error.to_string()),
            };
            certificate.record("permutations", outcome);
        }
        Ok(certificate)
    }
}

fn sizes(form: &ShallowNetwork, map: &PiecewiseLinearMap) -> Outcome {
    let pairs = [("inputs", form.inputs, map.inputs()), ("outputs", form.outputs, map.outputs())];
    for (what, ours, theirs) in pairs {
        if ours != theirs {
            return Err(format!("the form has {ours} {what}, the network {theirs}"));
        }
    }
    let misfit = form.selectors.iter().find(|s| s.pattern.neurons() != map.neurons());
    match misfit {
        Some(selector) => {
            Err(format!("pattern {} is not one of {} neurons", selector.pattern, map.neurons()))
        }
        None => Ok(format!("{} selectors, {} half-spaces", form.selectors.len(), form.half_spaces.len())),
    }
}

/// The network's output as an affine map, each hidden neuron multiplied by 1 or by its activation's negative slope as the
/// pattern says: plain matrix products, nothing shared with the enumeration.
pub(super) fn masked_product(network: &Network, pattern: &ActivationPattern) -> AffinePiece {
    let inputs = network.inputs();
    // The current layer's values as rows (coefficients, constant); at first the inputs themselves.
    let mut rows: Vec<Vec<Rational>> =
        (0..inputs).map(|i| (0..=inputs).map(|j| Rational::from(u8::from(i == j))).collect()).collect();
    let mut neuron = 0;
    for (l, layer) in network.layers().iter().enumerate() {
        let mut next = Vec::with_capacity(layer.outputs());
        for i in 0..layer.outputs() {
            let weights = layer.exact_row(i);
            let mut sum = vec![Rational::ZERO; inputs + 1];
            sum[inputs] = weights[layer.inputs()].clone();
            for (weight, row) in weights.iter().zip(&rows).filter(|(weight, _)| !weight.is_zero()) {
                sum.iter_mut().zip(row).for_each(|(entry, value)| *entry += weight * value);
            }
            if let Some(activation) = network.activations().get(l) {
                if !pattern.is_active(neuron) {
                    let slope = activation.negative_slope();
                    sum.iter_mut().for_each(|entry| *entry *= &slope);
                }
                neuron += 1;
            }
            next.push(sum);
        }
        rows = next;
    }
    AffinePiece { rows }
}

fn affine_pieces(form: &ShallowNetwork, network: &Network) -> Outcome {
    for (s, selector) in form.selectors.iter().enumerate() {
        if masked_product(network, &selector.pattern) != form.pieces[selector.piece] {
            return Err(format!("selector {s} has an affine piece other than that of its pattern"));
        }
    }
    Ok(format!("{} selectors share {} pieces", form.selectors.len(), form.pieces.len()))
}

fn interior_points(form: &ShallowNetwork, map: &PiecewiseLinearMap) -> Result<Outcome> {
    for (s, selector) in form.selectors.iter().enumerate() {
        let inside = selector
            .conditions
            .iter()
            .all(|&c| form.sign_of_condition(c, &selector.interior_point) == Sign::Negative);
        if !inside {
            return Ok(Err(format!("the interior point of selector {s} does not satisfy its conditions")));
        }
        if map.pattern_at(&selector.interior_point)? != selector.pattern {
            return Ok(Err(format!("the interior point of selector {s} has another pattern")));
        }
    }
    Ok(Ok(format!("{} points", form.selectors.len())))
}

fn facets(form: &ShallowNetwork) -> Outcome {
    for (s, selector) in form.selectors.iter().enumerate() {
        for (&c, point) in selector.conditions.iter().zip(&selector.facet_points) {
            let sound = selector.conditions.iter().all(|&other| {
                let expected = if other == c { Sign::Zero } else { Sign::Negative };
                form.sign_of_condition(other, point) == expected
            });
            if !sound {
                return Err(format!(
                    "condition {c} of selector {s} has a facet point that is not on its facet"
                ));
            }
        }
    }
    Ok(format!("{} facets", form.incidences()))
}

fn completeness(form: &ShallowNetwork, map: &PiecewiseLinearMap) -> Result<Outcome> {
    let mut crossed = 0;
    for (s, selector) in form.selectors.iter().enumerate() {
        for (&c, point) in selector.conditions.iter().zip(&selector.facet_points) {
            let half_space = &form.half_spaces[form.conditions[c].half_space];
            if half_space.border {
                continue;
            }
            let outwards: Vec<Rational> =
                half_space.row[..form.inputs].iter().cloned().map(Rational::from).collect();
            let pattern = map.pattern_towards(point, &[outwards])?;
            let Ok(beyond) = form.selectors.binary_search_by(|other| other.pattern.cmp(&pattern)) else {
                return Ok(Err(format!(
                    "beyond condition {c} of selector {s} lies pattern {pattern}, unknown"
                )));
            };
            let has_opposite = form.selectors[beyond]
                .conditions
                .iter()
                .any(|&other| half_space.opposite == Some(form.conditions[other].half_space));
            if beyond == s || !has_opposite {
                return Ok(Err(format!("selectors {s} and {beyond} do not meet along condition {c}")));
            }
            crossed += 1;
        }
    }
    Ok(Ok(format!("{crossed} facets inside the domain crossed")))
}

fn ownership(form: &ShallowNetwork) -> Result<Outcome> {
    let border = form.domain.half_spaces(form.inputs)?;
    if let Some(row) = border.iter().position(|row| form.viewpoint.side(row) != Sign::Positive) {
        return Ok(Err(format!("the viewpoint is not inside half-space {row} of the domain")));
    }
    for condition in &form.conditions {
        let k = condition.half_space;
        let half_space = &form.half_spaces[k];
        let side = form.viewpoint.side(&half_space.row);
        let on_border = border.iter().any(|row| row.iter().zip(&half_space.row).all(|(a, h)| *a == -h));
        let sound = side != Sign::Zero
            && half_space.border == on_border
            && condition.closed == (on_border || side == Sign::Negative);
        if !sound {
            return Ok(Err(format!("half-space {k} is marked open or closed against the viewpoint")));
        }
    }
    Ok(Ok(format!("the viewpoint avoids {} hyperplanes", form.half_spaces.len())))
}

fn values(form: &ShallowNetwork, network: &Network) -> Result<Outcome> {
    let points = test_points(form)?;
    for point in &points {
        let owners = form.owners(point)?;
        let [owner] = owners[..] else {
            return Ok(Err(format!("{} selectors own the point {}", owners.len(), listed(point))));
        };
        let value = form.pieces[form.selectors[owner].piece].apply(point);
        if value != network.evaluate_exact(point) {
            return Ok(Err(format!("the values at {} differ", listed(point))));
        }
    }
    Ok(Ok(format!("{} points, one owner and the same value at each", points.len())))
}

fn listed(point: &[Rational]) -> String {
    let words: Vec<String> = point.iter().map(ToString::to_string).collect();
    format!("({})", words.join(", "))
}
