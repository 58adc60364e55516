//! The symmetry of a network: how a group acts on its input, its output and, as found from the weights, on every hidden
//! layer.

use super::trace::LayerActions;
use crate::action::{GSet, grammar};
use crate::error::{Error, Result};
use crate::group::{Permutation, PermutationGroup};
use crate::network::{
    ChannelOrder, EquivarianceReport, InputLayout, Network, OutputAction, Verdict, check_equivariance,
};
use crate::shallow::symmetry::{LayerPermutation, LayerSymmetry};
use std::sync::Arc;

/// What the caller knows of the symmetry.
#[derive(Clone, Debug)]
pub struct SymmetryQuestion<'a> {
    /// The group, in its grammar.
    pub group: &'a str,
    /// What it acts on, in the grammar of [`grammar`]; channels such as `points*2` are copies.
    pub on: &'a str,
    /// The order of points and channels, where it must be said.
    pub order: Option<ChannelOrder>,
    /// How it acts on the output: `same`, `trivial`, or an action; found where absent.
    pub output: Option<&'a str>,
    /// Differences of weights that are accepted as rounding; 0 demands exact equality.
    pub tolerance: f64,
}

impl<'a> SymmetryQuestion<'a> {
    /// The question for a group acting on its points.
    pub fn on_points(group: &'a str) -> Self {
        SymmetryQuestion { group, on: "points", order: None, output: None, tolerance: 0.0 }
    }
}

/// A network's symmetry, with the verdict of the equivariance check.
#[derive(Clone, Debug)]
pub struct NetworkSymmetry {
    /// The layout of the input.
    pub layout: InputLayout,
    /// The action on the output.
    pub output: GSet,
    /// How the output's action was chosen, in words.
    pub output_choice: String,
    /// The verdict and the permutations of the hidden layers.
    pub report: EquivarianceReport,
}

impl NetworkSymmetry {
    /// Checks a network against a group. Where the output's action is not given, the candidates are: the input's own
    /// action where there are as many outputs, its action on one channel where the outputs fill channels, and none
    /// (an invariant network); the first that holds exactly is taken, else the one that comes nearest.
    ///
    /// # Errors
    /// As [`PermutationGroup::parse`], [`InputLayout::new`] and [`check_equivariance`].
    pub fn new(network: &Network, question: &SymmetryQuestion<'_>) -> Result<Self> {
        let group = Arc::new(PermutationGroup::parse(question.group)?);
        let layout = InputLayout::new(network, &group, question.on, question.order)?;
        let mut best: Option<NetworkSymmetry> = None;
        for (output, output_choice) in output_candidates(network, &layout, question.output)? {
            let action = OutputAction::Given(output.generators().to_vec());
            let report = check_equivariance(network, layout.set.generators(), &action, question.tolerance)?;
            let exact = report.verdict == Verdict::Exact;
            let nearer =
                best.as_ref().is_none_or(|other| report.max_violation() < other.report.max_violation());
            if exact || nearer {
                best = Some(NetworkSymmetry { layout: layout.clone(), output, output_choice, report });
            }
            if exact {
                break;
            }
        }
        best.ok_or_else(|| Error::input("output action", "there is no candidate", "give one with --out"))
    }

    /// The group.
    pub fn group(&self) -> &Arc<PermutationGroup> {
        self.layout.set.group()
    }

    /// The actions on all layers as G-sets.
    ///
    /// # Errors
    /// [`Error::Input`] where the network is not equivariant or a hidden layer has no permutation.
    pub fn layer_actions(&self) -> Result<LayerActions> {
        let mut hidden = Vec::new();
        for (l, permutations) in self.hidden_permutations()?.into_iter().enumerate() {
            let size = self.report.layers[l].size;
            hidden.push(GSet::from_images(self.group(), format!("layer {}", l + 1), size, permutations)?);
        }
        Ok(LayerActions { input: self.layout.set.clone(), hidden, output: self.output.clone() })
    }

    /// The permutations of all layers, generator by generator, for the regions. Only exact symmetry counts here.
    ///
    /// # Errors
    /// [`Error::Input`] where the network is not exactly equivariant or a hidden layer has no permutation.
    pub fn layer_symmetry(&self) -> Result<LayerSymmetry> {
        if let Verdict::Within { violation } = self.report.verdict {
            return Err(Error::input(
                format!("symmetry under {}", self.group().name()),
                format!("the weights agree only within {violation:e}, but regions need exact symmetry"),
                "leave out --group, or repair the weights",
            ));
        }
        let hidden = self.hidden_permutations()?;
        let generators = (0..self.group().generators().len())
            .map(|g| LayerPermutation {
                input: self.layout.set.generators()[g].clone(),
                hidden: hidden.iter().map(|layer| layer[g].clone()).collect(),
                output: self.output.generators()[g].clone(),
            })
            .collect();
        Ok(LayerSymmetry { generators })
    }

    /// For each hidden layer the permutation of each generator.
    fn hidden_permutations(&self) -> Result<Vec<Vec<Permutation>>> {
        let place = format!("symmetry under {}", self.group().name());
        if !self.report.is_equivariant() {
            return Err(Error::input(
                place,
                "the network is not equivariant",
                "look at 'isotypic check' with the same options, or leave out --group",
            ));
        }
        self.report
            .layers
            .iter()
            .enumerate()
            .map(|(l, layer)| {
                layer.permutations.clone().ok_or_else(|| {
                    Error::input(
                        format!("{place}, hidden layer {}", l + 1),
                        "the function is equivariant, but its neurons are not permuted (duplicates or idle neurons \
                         are spread unevenly)",
                        "merge duplicate neurons and remove those without influence",
                    )
                })
            })
            .collect()
    }
}

fn output_candidates(
    network: &Network,
    layout: &InputLayout,
    stated: Option<&str>,
) -> Result<Vec<(GSet, String)>> {
    let group = layout.set.group();
    let outputs = network.outputs();
    let same = || (layout.set.clone(), "as the input".to_owned());
    let trivial = || (GSet::trivial(group, outputs), "not at all (invariant)".to_owned());
    match stated {
        Some("same") if outputs == network.inputs() => return Ok(vec![same()]),
        Some("same") => {
            return Err(Error::shape(
                "output action 'same'",
                format!("{} outputs, as many as inputs", network.inputs()),
                outputs,
                "choose --out trivial or an action such as points",
            ));
        }
        Some("trivial") => return Ok(vec![trivial()]),
        Some(text) => {
            let set = grammar::parse(group, text)?;
            if set.size() != outputs {
                return Err(Error::shape(
                    format!("output action {text}"),
                    format!("{outputs} points, one for each output"),
                    set.size(),
                    "choose an action that fills the output",
                ));
            }
            return Ok(vec![(set, format!("on {text}"))]);
        }
        None => {}
    }
    let mut candidates = Vec::new();
    let one = &layout.one_channel;
    if outputs == network.inputs() {
        candidates.push(same());
    } else if outputs.is_multiple_of(one.size()) && one.size() > 1 {
        let channels = outputs / one.size();
        candidates.push((GSet::sum(vec![one.clone(); channels])?, format!("on {}*{channels}", one.name())));
    }
    candidates.push(trivial());
    Ok(candidates)
}
