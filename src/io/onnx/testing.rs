//! Tools of this module's unit tests: run one node on known numbers.

use super::messages::{AttributeProto, NodeProto};
use super::node::{MAX_WORK, Node};
use super::operators::{Outcome, run};
use super::tensor::Tensor;
use crate::error::Result;
use crate::num::{exact, nearest_f64};
use std::cell::Cell;

/// A tensor of known numbers.
pub(super) fn constant(shape: &[usize], values: &[f64]) -> Tensor {
    Tensor::constant(shape.to_vec(), values.iter().map(|&value| exact(value).unwrap()).collect(), false)
}

/// The entries of a tensor of known numbers, rounded.
pub(super) fn floats(tensor: &Tensor) -> Vec<f64> {
    tensor.numbers().unwrap().into_iter().map(nearest_f64).collect()
}

/// An attribute that is a list of integers.
pub(super) fn int_list(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto { name: name.to_string(), ints: values.to_vec(), ..Default::default() }
}

/// Runs one node of operator set 17.
pub(super) fn run_constant(
    op_type: &str,
    attributes: &[AttributeProto],
    inputs: &[&Tensor],
) -> Result<Tensor> {
    let proto =
        NodeProto { op_type: op_type.to_string(), attribute: attributes.to_vec(), ..Default::default() };
    let node = Node {
        proto: &proto,
        place: format!("node ({op_type})"),
        opset: 17,
        inputs: inputs.iter().map(|&tensor| Some(tensor)).collect(),
        budget: &Cell::new(MAX_WORK),
    };
    match run(&node)? {
        Outcome::Tensor(tensor) => Ok(tensor),
        Outcome::Activation(activation) => panic!("{activation:?} is no tensor"),
    }
}
