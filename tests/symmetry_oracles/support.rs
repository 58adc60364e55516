//! Reading the tables.

use isotypic::action::GSet;
use isotypic::analysis::InteractionGraph;
use isotypic::group::{Permutation, PermutationGroup};
use isotypic::representation::RealType;
use serde_json::Value;
use std::sync::Arc;

pub(crate) fn known(name: &str) -> Value {
    let path = format!("{}/tests/known/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn number(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number")) as usize
}

pub(crate) fn permutations(value: &Value) -> Vec<Permutation> {
    let images = |g: &Value| g.as_array().unwrap().iter().map(|x| number(x) as u32).collect();
    value.as_array().unwrap().iter().map(|g| Permutation::from_images(images(g)).unwrap()).collect()
}

pub(crate) fn matrix(value: &Value) -> Matrix {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(|entry| number(entry) > 0).collect())
        .collect()
}

pub(crate) fn set_of_generators(degree: usize, generators: Vec<Permutation>) -> GSet {
    GSet::points(&Arc::new(PermutationGroup::from_generators("given", degree, generators).unwrap()))
}

pub(crate) fn adjacency(graph: &InteractionGraph) -> Matrix {
    let n = graph.pieces().len();
    (0..n).map(|i| (0..n).map(|j| graph.has_edge(i, j)).collect()).collect()
}

pub(crate) fn kind(real_type: RealType) -> &'static str {
    match real_type {
        RealType::Real => "R",
        RealType::Complex => "C",
        RealType::Quaternionic => "H",
    }
}

/// An adjacency matrix.
pub(crate) type Matrix = Vec<Vec<bool>>;

pub(crate) fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// The named group with its action.
pub(crate) fn set(group: &str, on: &str) -> GSet {
    let group = Arc::new(PermutationGroup::parse(group).unwrap());
    isotypic::action::grammar::parse(&group, on).unwrap()
}
