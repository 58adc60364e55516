//! Networks and their symmetry as text and JSON.

use crate::analysis::NetworkSymmetry;
use crate::network::{Activation, Network, Verdict};
use crate::num::nearest_f64;
use serde::Serialize;
use std::fmt::Write;

/// One line on a network: `4 -> 8 -> 8 -> 4, relu`.
pub fn describe(network: &Network) -> String {
    let mut widths = vec![network.inputs().to_string()];
    widths.extend(network.layers().iter().map(|layer| layer.outputs().to_string()));
    let mut names: Vec<String> = network
        .activations()
        .iter()
        .map(|activation| match activation {
            Activation::Relu => "relu".to_owned(),
            Activation::LeakyRelu { slope } => format!("leaky relu {slope}"),
            Activation::Abs => "abs".to_owned(),
        })
        .collect();
    names.dedup();
    let names = if names.is_empty() { "affine".to_owned() } else { names.join(", ") };
    format!("{} ({names})", widths.join(" -> "))
}

/// What `check` prints. The names of the JSON fields are part of the program's contract.
#[derive(Serialize)]
pub struct CheckReport {
    equivariant: bool,
    exact: bool,
    max_violation: f64,
    layers: Vec<Layer>,
    group: Group,
    input: String,
    output: String,
    verdict: String,
}

#[derive(Serialize)]
struct Layer {
    size: usize,
    /// `null` where the neurons are not permuted.
    orbits: Option<usize>,
    /// What each generator does to the neurons, in cycles counted from 1.
    permutations: Option<Vec<String>>,
    merged: usize,
    constant: usize,
    idle: usize,
}

#[derive(Serialize)]
struct Group {
    name: String,
    order: String,
}

impl CheckReport {
    /// The report of a check.
    pub fn new(symmetry: &NetworkSymmetry) -> Self {
        let report = &symmetry.report;
        CheckReport {
            equivariant: report.is_equivariant(),
            exact: report.verdict == Verdict::Exact,
            max_violation: report.max_violation(),
            layers: report
                .layers
                .iter()
                .map(|layer| Layer {
                    size: layer.size,
                    orbits: layer.orbits,
                    permutations: layer
                        .permutations
                        .as_ref()
                        .map(|found| found.iter().map(ToString::to_string).collect()),
                    merged: layer.merged,
                    constant: layer.constant,
                    idle: layer.idle,
                })
                .collect(),
            group: Group {
                name: symmetry.group().name().to_owned(),
                order: symmetry.group().order().to_string(),
            },
            input: symmetry.layout.describe(),
            output: symmetry.output_choice.clone(),
            verdict: verdict(symmetry),
        }
    }

    /// Whether the answer is yes.
    pub fn is_equivariant(&self) -> bool {
        self.equivariant
    }

    /// The verdict in a few words.
    pub fn short_verdict(&self) -> &'static str {
        match (self.exact, self.equivariant, self.verdict.starts_with("undecided")) {
            (true, _, _) => "equivariant, exactly",
            (false, true, _) => "equivariant up to rounding",
            (false, false, true) => "not known to be equivariant",
            (false, false, false) => "not equivariant",
        }
    }

    /// The verdict in one sentence.
    pub fn verdict(&self) -> &str {
        &self.verdict
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "group    {}, order {}\ninput    {}\noutput   permuted {}\n",
            self.group.name, self.group.order, self.input, self.output
        );
        for (l, layer) in self.layers.iter().enumerate() {
            let orbits = match layer.orbits {
                Some(1) => "1 orbit".to_owned(),
                Some(orbits) => format!("{orbits} orbits"),
                None => "no permutation found".to_owned(),
            };
            let _ = write!(text, "layer {}  {} neurons, {orbits}", l + 1, layer.size);
            for (count, what) in
                [(layer.merged, "duplicate"), (layer.constant, "constant"), (layer.idle, "without influence")]
            {
                if count > 0 {
                    let _ = write!(text, ", {count} {what}");
                }
            }
            text.push('\n');
        }
        let _ = writeln!(text, "verdict  {}", self.verdict);
        text
    }
}

fn verdict(symmetry: &NetworkSymmetry) -> String {
    let report = &symmetry.report;
    let nearest = match &report.worst {
        Some(worst) => {
            let entry = match worst.column {
                c if symmetry_columns(symmetry, worst.layer) == Some(c) => format!("b[{}]", worst.row),
                c => format!("W[{}][{c}]", worst.row),
            };
            format!(
                "; the nearest permutations leave a difference of {:e}: generator {}, layer {}, {entry} = {} against {}",
                worst.difference,
                worst.generator + 1,
                worst.layer + 1,
                worst.value_here,
                worst.value_there
            )
        }
        None => String::new(),
    };
    match &report.verdict {
        Verdict::Exact => "equivariant, exactly".to_owned(),
        Verdict::Within { violation } => format!("equivariant within {violation:e}, not exactly{nearest}"),
        Verdict::No { witness } => {
            let point: Vec<String> = witness.input.iter().take(12).map(ToString::to_string).collect();
            let more = if witness.input.len() > 12 { ", ..." } else { "" };
            let (here, there) = (nearest_f64(&witness.value_here), nearest_f64(&witness.value_there));
            let values = if here == there {
                let difference = nearest_f64(&(&witness.value_there - &witness.value_here));
                format!("is {here}, and differs by {difference:e} after")
            } else {
                format!("is {here}, but {there} after")
            };
            format!(
                "not equivariant: at x = ({}{more}) output {} {values} generator {}{nearest}",
                point.join(", "),
                witness.output + 1,
                witness.generator + 1
            )
        }
        Verdict::Undecided => {
            format!(
                "undecided: no permutation of the hidden neurons and no counterexample was found{nearest}"
            )
        }
    }
}

/// The number of columns of a layer, which stands for the bias in a violation.
fn symmetry_columns(symmetry: &NetworkSymmetry, layer: usize) -> Option<usize> {
    if layer == 0 {
        Some(symmetry.layout.set.size())
    } else {
        symmetry.report.layers.get(layer - 1).map(|l| l.size)
    }
}
