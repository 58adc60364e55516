//! Add, Sub, Mul, Div and Neg, with numpy's stretching of axes.

use super::super::form::{Form, FormSum};
use super::super::node::Node;
use super::super::tensor::{Tensor, broadcast_shape, for_each_index};
use crate::error::Result;
use crate::num::Rational;

/// Add, Sub, Mul and Div; quotients of integers are truncated towards zero, as the operator set says.
pub(super) fn binary(node: &Node) -> Result<Tensor> {
    let (a, b) = (node.input(0)?, node.input(1)?);
    let shape = broadcast_shape(&a.shape, &b.shape).ok_or_else(|| {
        node.wrong_shape(format!("axes that stretch to {:?}", a.shape), format!("{:?}", b.shape))
    })?;
    let source = node.join(&[a, b])?;
    let work = (a.max_terms() + b.max_terms()) as u64;
    node.spend(work * node.size(&shape)? as u64)?;
    let integer = a.integer && b.integer;
    let mut entries = Vec::new();
    let mut failure = None;
    for_each_index(&shape, |index| {
        let (x, y) = (&a.entries[a.broadcast_offset(index)], &b.entries[b.broadcast_offset(index)]);
        match combine(node, x, y, integer) {
            Ok(entry) => entries.push(entry),
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    });
    match failure {
        Some(error) => Err(error),
        None => Ok(Tensor { shape, entries, source, integer }),
    }
}

fn combine(node: &Node, x: &Form, y: &Form, integer: bool) -> Result<Form> {
    match node.proto.op_type.as_str() {
        "Add" => Ok(x.plus(y, &Rational::ONE)),
        "Sub" => Ok(x.plus(y, &-Rational::ONE)),
        "Mul" => {
            let mut sum = FormSum::default();
            node.add_product(&mut sum, x, y)?;
            Ok(sum.finish())
        }
        _ => {
            let divisor = y.as_constant().ok_or_else(|| {
                node.bad(
                    "the divisor depends on the network's input",
                    "only quotients by constants can be read",
                )
            })?;
            if divisor.is_zero() {
                return Err(node.bad("a divisor is zero", "repair the model's constants"));
            }
            let quotient = x.scaled(&(Rational::ONE / divisor));
            match quotient.as_constant() {
                Some(value) if integer => Ok(Form::constant(Rational::from(value.trunc()))),
                _ => Ok(quotient),
            }
        }
    }
}

/// `-x`.
pub(super) fn negate(node: &Node) -> Result<Tensor> {
    let x = node.input(0)?;
    node.spend((x.entries.len() * x.max_terms()) as u64)?;
    Ok(x.with(x.shape.clone(), x.entries.iter().map(|entry| entry.scaled(&-Rational::ONE)).collect()))
}
