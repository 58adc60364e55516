//! Is a network equivariant? Decided exactly, with the permutation of every hidden layer.
//!
//! Given a generator's permutation `p` of the inputs and `q` of the outputs, the network `f` is equivariant under it iff
//! `f(p x) = q f(x)` for all `x`, where `(p x)[p[i]] = x[i]`. A layer `W, b` is equivariant iff `W[q[i], p[j]] = W[i][j]`
//! and `b[q[i]] = b[i]`; if every layer is, with permutations of the hidden layers in between, so is the network.
//!
//! * `canonical`: the network up to constant, duplicate, rescaled and idle neurons. In this form the permutation of a
//!   hidden layer, if there is one, is *unique*: rows differ.
//! * `matching`: finds it by hashing. Equal means equal as rational numbers.
//! * `nearest`: where the exact matching fails, how far the layers are from being equivariant.
//! * `witness`: and a point where the function provably is not.
//!
//! A network can be equivariant without permuting its hidden neurons (`x = relu(x) - relu(-x)`, written in different
//! ways for different inputs). Then neither a permutation nor a counterexample exists, and the verdict is
//! [`Verdict::Undecided`].

mod canonical;
mod matching;
mod nearest;
mod report;
mod witness;

pub use report::{EquivarianceReport, LayerAction, OutputAction, Verdict, Violation, Witness};

use super::Network;
use crate::error::{Error, Result};
use crate::group::Permutation;
use canonical::{Canonical, Neuron};
use matching::{Matching, match_generator, neuron_permutation};
use nearest::nearest;
use witness::find_witness;

/// Decides whether a network is equivariant under generators of a group.
///
/// `generators[k]` permutes the inputs; `output` says how it permutes the outputs. A `tolerance` above 0 accepts
/// layers whose entries agree only up to that difference, and the verdict says so.
///
/// # Errors
/// [`Error::Shape`] where permutations have the wrong degree or number, [`Error::Input`] for a tolerance that is
/// negative or NaN.
///
/// # Complexity
/// One exact operation per non-zero weight, and one hash per neuron and generator. Only where the exact matching
/// fails: up to `m^2 n` comparisons per generator for a layer of `m` rows and `n` columns, and some exact evaluations.
///
/// ```
/// use isotypic::group::Permutation;
/// use isotypic::network::equivariance::{OutputAction, Verdict, check_equivariance};
/// let network = isotypic::io::read_network("data/elnino_c4.onnx".as_ref())?;
/// let shift = Permutation::parse("(1,2,3,4)", 4)?;
/// let report = check_equivariance(&network, &[shift], &OutputAction::Auto, 0.0)?;
/// assert_eq!(report.verdict, Verdict::Exact);
/// assert_eq!(report.layers[0].orbits, Some(2));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn check_equivariance(
    network: &Network,
    generators: &[Permutation],
    output: &OutputAction,
    tolerance: f64,
) -> Result<EquivarianceReport> {
    if !tolerance.is_finite() || tolerance < 0.0 {
        return Err(Error::input(
            "tolerance",
            format!("it is {tolerance}"),
            "give a finite number of at least 0",
        ));
    }
    check_degrees(generators, network.inputs(), "input")?;
    let canonical = Canonical::new(network);
    let candidates = candidates(network, generators, output)?;
    for (action, outputs) in &candidates {
        let matchings = match_all(&canonical, generators, outputs);
        if matchings.iter().all(|matching| matching.exact) {
            return Ok(EquivarianceReport {
                verdict: Verdict::Exact,
                layers: layer_actions(&canonical, &matchings),
                output: action.clone(),
                worst: None,
            });
        }
    }
    let (action, outputs, proposal) = candidates
        .into_iter()
        .map(|(action, outputs)| {
            let proposal = propose(network, generators, &outputs);
            (action, outputs, proposal)
        })
        .min_by(|a, b| a.2.violation().total_cmp(&b.2.violation()))
        .expect("there is at least one candidate");
    let mut layers = layer_actions(&canonical, &match_all(&canonical, generators, &outputs));
    let violation = proposal.violation();
    let verdict = if violation <= tolerance {
        for (l, layer) in layers.iter_mut().enumerate() {
            layer.set_permutations(proposal.layers.iter().map(|found| found[l].clone()).collect());
        }
        Verdict::Within { violation }
    } else {
        match find_witness(network, generators, &outputs) {
            Some(witness) => Verdict::No { witness },
            None => Verdict::Undecided,
        }
    };
    Ok(EquivarianceReport { verdict, layers, output: action, worst: proposal.worst })
}

fn match_all(canonical: &Canonical, inputs: &[Permutation], outputs: &[Permutation]) -> Vec<Matching> {
    inputs.iter().zip(outputs).map(|(p, q)| match_generator(canonical, p, q)).collect()
}

/// The nearest permutations for all generators, and the worst violation among them.
struct Proposal {
    layers: Vec<Vec<Permutation>>,
    worst: Option<Violation>,
}

impl Proposal {
    fn violation(&self) -> f64 {
        self.worst.as_ref().map_or(0.0, |worst| worst.difference)
    }
}

fn propose(network: &Network, inputs: &[Permutation], outputs: &[Permutation]) -> Proposal {
    let mut proposal = Proposal { layers: Vec::new(), worst: None };
    for (generator, (p, q)) in inputs.iter().zip(outputs).enumerate() {
        let found = nearest(network, generator, p, q);
        proposal.layers.push(found.layers);
        if found.worst.as_ref().is_some_and(|worst| worst.difference > proposal.violation()) {
            proposal.worst = found.worst;
        }
    }
    proposal
}

/// The permutations of the outputs to try.
fn candidates(
    network: &Network,
    generators: &[Permutation],
    output: &OutputAction,
) -> Result<Vec<(OutputAction, Vec<Permutation>)>> {
    let same = || (OutputAction::Same, generators.to_vec());
    let trivial =
        || (OutputAction::Trivial, vec![Permutation::identity(network.outputs()); generators.len()]);
    let agree = network.inputs() == network.outputs();
    match output {
        OutputAction::Same if agree => Ok(vec![same()]),
        OutputAction::Same => Err(Error::shape(
            "output action",
            format!("{} outputs, as many as inputs", network.inputs()),
            network.outputs(),
            "let the group act trivially on the outputs, or give its permutations",
        )),
        OutputAction::Trivial => Ok(vec![trivial()]),
        OutputAction::Auto if agree => Ok(vec![same(), trivial()]),
        OutputAction::Auto => Ok(vec![trivial()]),
        OutputAction::Given(permutations) => {
            check_degrees(permutations, network.outputs(), "output")?;
            if permutations.len() != generators.len() {
                return Err(Error::shape(
                    "output action",
                    format!("{} permutations, one per generator", generators.len()),
                    permutations.len(),
                    "give one permutation of the outputs for each generator",
                ));
            }
            Ok(vec![(output.clone(), permutations.clone())])
        }
    }
}

fn check_degrees(permutations: &[Permutation], degree: usize, side: &str) -> Result<()> {
    match permutations.iter().position(|permutation| permutation.degree() != degree) {
        None => Ok(()),
        Some(k) => Err(Error::shape(
            format!("{side} action, generator {}", k + 1),
            format!("a permutation of the network's {degree} {side}s"),
            permutations[k].degree(),
            "choose the group, its action and the number of channels to fit the network",
        )),
    }
}

/// What is known about every hidden layer from the exact matchings.
fn layer_actions(canonical: &Canonical, matchings: &[Matching]) -> Vec<LayerAction> {
    canonical
        .layers
        .iter()
        .enumerate()
        .map(|(l, layer)| {
            let constant = layer.neurons.iter().filter(|n| matches!(n, Neuron::Constant(_))).count();
            let idle = |class: &usize| !layer.influential[*class];
            let mut action = LayerAction {
                size: layer.neurons.len(),
                permutations: None,
                orbits: None,
                rescales: false,
                merged: layer.neurons.len() - constant - layer.rows.len(),
                constant,
                idle: (0..layer.rows.len()).filter(idle).map(|class| layer.members[class].len()).sum(),
            };
            let found: Option<Vec<(Permutation, bool)>> = matchings
                .iter()
                .map(|matching| neuron_permutation(layer, matching.classes.get(l)?))
                .collect();
            if let Some(found) = found {
                action.rescales = found.iter().any(|(_, rescales)| *rescales);
                action.set_permutations(found.into_iter().map(|(permutation, _)| permutation).collect());
            }
            action
        })
        .collect()
}
