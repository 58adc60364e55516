//! Named checks, and the expanded form compared with its network at points.

use super::form::ShallowNetwork;
use super::form_symmetry::FormSymmetry;
use super::layers::ThreeLayers;
use super::symmetry::LayerSymmetry;
use super::test_points::test_points;
use crate::error::Result;
use crate::network::Network;
use crate::num::Rational;

/// At the most this many points are put through the literal layers.
const LITERAL_POINTS: usize = 100;

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
    /// Compares the expanded form with a network at points, exactly; with a symmetry, also finds the permutations that it
    /// induces. (The proof for all points is the [checker](super::checker)'s, which works on the stored form.)
    ///
    /// * `sizes`: inputs, outputs and neurons.
    /// * `values`: at interior points of all selectors, facet points, vertices, the origin and random rational points
    ///   exactly one selector owns the point, and its piece gives the network's value.
    /// * `layers`: at some of these points the three layers, executed literally, give the value.
    /// * `permutations`: the group permutes half-spaces, selectors and pieces.
    ///
    /// # Errors
    /// As [`ThreeLayers::evaluate`].
    pub fn verify(&self, network: &Network, symmetry: Option<&LayerSymmetry>) -> Result<Certificate> {
        let mut certificate = Certificate::default();
        certificate.record("sizes", sizes(self, network));
        if !certificate.ok() {
            return Ok(certificate);
        }
        let points = test_points(self)?;
        certificate.record("values", values(self, network, &points)?);
        certificate.record("layers", layers(self, network, &points)?);
        if let Some(symmetry) = symmetry {
            let outcome = match FormSymmetry::new(self, symmetry) {
                Ok(found) => Ok(format!(
                    "generators: {}, orbits of selectors: {}; open and closed marks {}",
                    found.selectors.len(),
                    found.selector_orbits(self).count(),
                    if found.keeps_marks { "kept" } else { "not kept" }
                )),
                Err(error) => Err(error.to_string()),
            };
            certificate.record("permutations", outcome);
        }
        Ok(certificate)
    }
}

fn sizes(form: &ShallowNetwork, network: &Network) -> Outcome {
    let pairs = [("inputs", form.inputs, network.inputs()), ("outputs", form.outputs, network.outputs())];
    for (what, ours, theirs) in pairs {
        if ours != theirs {
            return Err(format!("the form has {ours} {what}, the network {theirs}"));
        }
    }
    let neurons = network.neurons();
    match form.selectors.iter().find(|selector| selector.pattern.neurons() != neurons) {
        Some(selector) => Err(format!("pattern {} is not one of {neurons} neurons", selector.pattern)),
        None => Ok(format!("{} selectors, {} half-spaces", form.selectors.len(), form.half_spaces.len())),
    }
}

fn values(form: &ShallowNetwork, network: &Network, points: &[Vec<Rational>]) -> Result<Outcome> {
    for point in points {
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

/// The literal layers compute every unit at every point, so a sample must do.
fn layers(form: &ShallowNetwork, network: &Network, points: &[Vec<Rational>]) -> Result<Outcome> {
    let layers = ThreeLayers::<Rational>::new(form);
    let sample: Vec<&Vec<Rational>> =
        points.iter().step_by(points.len().div_ceil(LITERAL_POINTS).max(1)).collect();
    for point in &sample {
        if layers.evaluate(point)? != network.evaluate_exact(point) {
            return Ok(Err(format!("the layers give another value at {}", listed(point))));
        }
    }
    Ok(Ok(format!("the same value at {} points", sample.len())))
}

fn listed(point: &[Rational]) -> String {
    let words: Vec<String> = point.iter().map(ToString::to_string).collect();
    format!("({})", words.join(", "))
}
