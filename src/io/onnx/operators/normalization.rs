//! BatchNormalization and Dropout at inference.

use super::super::form::Form;
use super::super::node::Node;
use super::super::tensor::{Tensor, for_each_index};
use crate::error::{Error, Result};
use crate::num::{Rational, exact, nearest_f64};

/// `(x - mean) * factor + bias` per channel (axis 1), with `factor = scale / sqrt(variance + epsilon)`.
///
/// A square root is no rational number, so `factor` is the `f64` that this formula gives; everything else is exact.
/// The network is thereby *defined* with that factor.
pub(super) fn batch_normalization(node: &Node) -> Result<Tensor> {
    if node.int("training_mode", 0) != 0 {
        return Err(training(node));
    }
    let x = node.input(0)?;
    if x.rank() < 2 {
        return Err(node.wrong_shape("an input [batch, channel, ...]", format!("axes {:?}", x.shape)));
    }
    let channels = x.shape[1];
    let mut parameters = Vec::new();
    for k in 1..5 {
        let values = node.numbers(k)?;
        if values.len() != channels {
            return Err(
                node.wrong_shape(format!("{channels} entries in input {k}, one per channel"), values.len())
            );
        }
        parameters.push(values);
    }
    let epsilon = node.float("epsilon", 1e-5)?;
    let factors: Vec<Rational> = (0..channels)
        .map(|c| {
            let factor = nearest_f64(parameters[0][c]) / (nearest_f64(parameters[3][c]) + epsilon).sqrt();
            exact(factor).ok_or_else(|| {
                node.bad(
                    format!("channel {c}: scale / sqrt(variance + epsilon) is {factor}"),
                    "variances must be positive; retrain or repair the model",
                )
            })
        })
        .collect::<Result<_>>()?;
    node.spend((x.entries.len() * x.max_terms()) as u64)?;
    let mut entries = Vec::new();
    for_each_index(&x.shape, |index| {
        let c = index[1];
        let shift = parameters[1][c] - parameters[2][c] * &factors[c];
        entries
            .push(x.entries[entries.len()].scaled(&factors[c]).plus(&Form::constant(shift), &Rational::ONE));
    });
    Ok(x.with(x.shape.clone(), entries))
}

/// The input itself; a model exported in training mode is refused.
pub(super) fn dropout(node: &Node) -> Result<Tensor> {
    if node.optional(2).is_some_and(|mode| mode.entries.iter().any(|entry| !entry.constant.is_zero())) {
        return Err(training(node));
    }
    Ok(node.input(0)?.clone())
}

fn training(node: &Node) -> Error {
    node.unsupported("training mode", "export the model in evaluation mode (model.eval())")
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{constant, floats, run_constant};

    #[test]
    fn channels_are_normalised() {
        let x = constant(&[1, 2, 1], &[3.0, 5.0]);
        let two = |a: f64, b: f64| constant(&[2], &[a, b]);
        let inputs = [&x, &two(2.0, 1.0), &two(0.5, 0.0), &two(1.0, 5.0), &two(4.0, 1.0)];
        let y = floats(&run_constant("BatchNormalization", &[], &inputs).unwrap());
        assert!((y[0] - 2.5).abs() < 1e-4 && y[1] == 0.0, "{y:?}");
        let inputs = [&x, &two(2.0, 1.0), &two(0.5, 0.0), &two(1.0, 5.0), &two(-4.0, 1.0)];
        assert!(
            run_constant("BatchNormalization", &[], &inputs).unwrap_err().to_string().contains("channel 0")
        );
    }
}
