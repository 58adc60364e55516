//! The operators: each takes a node and gives its first output.

mod arithmetic;
mod constants;
mod convolution;
mod layout;
mod linear;
mod normalization;
mod padding;
mod pooling;
mod reduction;
mod selection;
mod window;

use super::node::Node;
use super::tensor::Tensor;
use crate::error::Result;
use crate::network::Activation;
use crate::num::nearest_f64;

/// What a node gives: a tensor, or an activation to apply to its input.
pub(super) enum Outcome {
    Tensor(Tensor),
    Activation(Activation),
}

/// The operators that can be read, as errors list them.
const SUPPORTED: &str = "Abs, Add, AveragePool, BatchNormalization, Cast, Concat, Constant, ConstantOfShape, Conv, \
    Div, Dropout, Flatten, Gather, Gemm, GlobalAveragePool, Identity, LeakyRelu, MatMul, Mul, Neg, PRelu (one slope), \
    Pad, ReduceMean, ReduceSum, Relu, Reshape, Shape, Slice, Squeeze, Sub, Transpose, Unsqueeze";

/// Runs a node.
pub(super) fn run(node: &Node) -> Result<Outcome> {
    let domain = &node.proto.domain;
    if !domain.is_empty() && domain != "ai.onnx" {
        return Err(node.unsupported(
            format!("the operator domain '{domain}'"),
            "export with the standard ONNX operators only",
        ));
    }
    Ok(Outcome::Tensor(match node.proto.op_type.as_str() {
        "Relu" => return Ok(Outcome::Activation(Activation::Relu)),
        "Abs" => return Ok(Outcome::Activation(Activation::Abs)),
        "LeakyRelu" => {
            return Ok(Outcome::Activation(Activation::LeakyRelu { slope: node.float("alpha", 0.01)? }));
        }
        "PRelu" => return prelu(node),
        "Add" | "Sub" | "Mul" | "Div" => arithmetic::binary(node)?,
        "Neg" => arithmetic::negate(node)?,
        "Gemm" => linear::gemm(node)?,
        "MatMul" => linear::mat_mul(node)?,
        "Conv" => convolution::conv(node)?,
        "AveragePool" => pooling::average_pool(node)?,
        "GlobalAveragePool" => pooling::global_average_pool(node)?,
        "ReduceMean" | "ReduceSum" => reduction::reduce(node)?,
        "BatchNormalization" => normalization::batch_normalization(node)?,
        "Flatten" => layout::flatten(node)?,
        "Reshape" => layout::reshape(node)?,
        "Transpose" => layout::transpose(node)?,
        "Unsqueeze" => layout::unsqueeze(node)?,
        "Squeeze" => layout::squeeze(node)?,
        "Concat" => selection::concat(node)?,
        "Slice" => selection::slice(node)?,
        "Gather" => selection::gather(node)?,
        "Pad" => padding::pad(node)?,
        "Identity" => node.input(0)?.clone(),
        "Dropout" => normalization::dropout(node)?,
        "Constant" => constants::constant(node)?,
        "ConstantOfShape" => constants::constant_of_shape(node)?,
        "Shape" => constants::shape(node)?,
        "Cast" => constants::cast(node)?,
        other => {
            return Err(node.unsupported(format!("the operator {other}"), format!("use only {SUPPORTED}")));
        }
    }))
}

/// PRelu is a leaky ReLU where all slopes agree.
fn prelu(node: &Node) -> Result<Outcome> {
    let slopes = node.numbers(1)?;
    match slopes.split_first() {
        Some((first, rest)) if rest.iter().all(|slope| slope == first) => {
            Ok(Outcome::Activation(Activation::LeakyRelu { slope: nearest_f64(first) }))
        }
        _ => Err(node.unsupported("PRelu with several slopes", "use one slope for the whole layer")),
    }
}
