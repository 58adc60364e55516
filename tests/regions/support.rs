//! Reading the test networks and their known counts.

use isotypic::num::{Rational, exact};
use isotypic::polyhedral::{ActivationPattern, Domain, PatternSymmetry, PiecewiseLinearMap};
use serde_json::Value;
use std::fs;

/// A test network with what is known of it.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) map: PiecewiseLinearMap,
    /// Pairs of a domain, `all` or `box`, and its counts.
    pub(crate) counts: Vec<(String, Value)>,
    pub(crate) group: Option<(char, usize)>,
}

fn read_json(path: &str) -> Value {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn numbers(row: &Value) -> Vec<Rational> {
    row.as_array().unwrap().iter().map(|entry| exact(entry.as_f64().unwrap()).unwrap()).collect()
}

/// The layers of a network file as a map of rows, biases last, with ReLU between the layers.
fn read_map(file: &Value) -> PiecewiseLinearMap {
    let layers: Vec<Vec<Vec<Rational>>> = file["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| {
            let biases = numbers(&layer["b"]);
            let weights = layer["W"].as_array().unwrap();
            weights.iter().zip(biases).map(|(row, bias)| [numbers(row), vec![bias]].concat()).collect()
        })
        .collect();
    let slopes = vec![Rational::ZERO; layers.len() - 1];
    PiecewiseLinearMap::new(layers[0][0].len() - 1, &layers, slopes).unwrap()
}

/// Every network with known counts.
pub(crate) fn known_networks() -> Vec<Known> {
    let known = read_json("tests/known/regions.json");
    let nets = known["nets"].as_object().unwrap();
    nets.iter()
        .map(|(name, counts)| {
            let file = read_json(&format!("data/nets/{name}.json"));
            let group = file["group"].as_str().map(|group| {
                let (family, size) = group.split_at(1);
                (family.chars().next().unwrap(), size.parse().unwrap())
            });
            let counts = counts.as_object().unwrap();
            Known {
                name: name.clone(),
                map: read_map(&file),
                counts: counts.iter().map(|(domain, counts)| (domain.clone(), counts.clone())).collect(),
                group,
            }
        })
        .collect()
}

/// The domain named `all` or `box`.
pub(crate) fn domain(name: &str, dimension: usize) -> Domain {
    match name {
        "all" => Domain::WholeSpace,
        "box" => Domain::cube(dimension, (-1).into(), 1.into()).unwrap(),
        other => panic!("unknown domain {other}"),
    }
}

/// Permutations of `n` positions, acting on inputs and on every channel of the hidden layers.
pub(crate) struct Positions {
    pub(crate) generators: Vec<Vec<usize>>,
}

impl Known {
    /// The network's symmetry: `C` and `S` name cyclic and symmetric groups of positions.
    pub(crate) fn symmetry(&self) -> Option<Positions> {
        let (family, n) = self.group?;
        let shift: Vec<usize> = (0..n).map(|x| (x + 1) % n).collect();
        let mut swap: Vec<usize> = (0..n).collect();
        swap.swap(0, 1);
        let generators = match family {
            'C' => vec![shift],
            'S' => vec![shift, swap],
            other => panic!("unknown family {other}"),
        };
        Some(Positions { generators })
    }
}

impl PatternSymmetry for Positions {
    fn generators(&self) -> usize {
        self.generators.len()
    }

    fn permute_pattern(&self, generator: usize, pattern: &ActivationPattern) -> ActivationPattern {
        let image = &self.generators[generator];
        let n = image.len();
        let mut permuted = ActivationPattern::inactive(pattern.neurons());
        for neuron in pattern.active() {
            permuted.set(neuron / n * n + image[neuron % n], true);
        }
        permuted
    }

    fn permute_point(&self, generator: usize, point: &[Rational]) -> Vec<Rational> {
        let mut permuted = point.to_vec();
        for (x, value) in point.iter().enumerate() {
            permuted[self.generators[generator][x]] = value.clone();
        }
        permuted
    }
}
