//! One node at work: its inputs, its attributes, and errors that name it.

use super::form::{Form, FormSum};
use super::messages::{AttributeProto, NodeProto};
use super::tensor::Tensor;
use crate::error::{Error, Result};
use crate::num::{Rational, exact};
use std::cell::Cell;

/// The largest number of entries of one tensor.
const MAX_ENTRIES: usize = 1 << 22;
/// The largest number of axes.
const MAX_RANK: usize = 16;
/// The largest number of entries and products that one import may compute.
pub(super) const MAX_WORK: u64 = 1 << 26;

/// The number of entries of a tensor of this shape, refused where it is absurd.
pub(super) fn checked_size(place: &str, shape: &[usize]) -> Result<usize> {
    if shape.len() > MAX_RANK {
        return Err(Error::too_large(
            format!("{place}: the number of axes"),
            shape.len(),
            MAX_RANK,
            "reshape to fewer axes",
        ));
    }
    // Axes of size 0 must not hide an absurd size beside them.
    let product = shape.iter().try_fold(1usize, |size, &axis| size.checked_mul(axis.max(1)));
    match product {
        Some(size) if size <= MAX_ENTRIES => Ok(shape.iter().product()),
        _ => Err(Error::too_large(
            format!("{place}: a tensor with axes {shape:?}"),
            product.map_or("over 2^64 entries".to_string(), |size| format!("{size} entries")),
            format!("{MAX_ENTRIES} entries"),
            "exact import is for small networks; use a smaller one",
        )),
    }
}

/// A node with its tensors.
pub(super) struct Node<'a> {
    pub(super) proto: &'a NodeProto,
    /// The file, the node's name and its operator, as errors show them.
    pub(super) place: String,
    /// The version of the operator set.
    pub(super) opset: i64,
    pub(super) inputs: Vec<Option<&'a Tensor>>,
    /// What is left of [`MAX_WORK`].
    pub(super) budget: &'a Cell<u64>,
}

impl<'a> Node<'a> {
    /// Input `k`, which must be there.
    pub(super) fn input(&self, k: usize) -> Result<&'a Tensor> {
        self.optional(k).ok_or_else(|| {
            Error::shape(
                &self.place,
                format!("at least {} inputs", k + 1),
                self.inputs.len(),
                "the file is damaged; export the model again",
            )
        })
    }

    /// Input `k`, where it is given.
    pub(super) fn optional(&self, k: usize) -> Option<&'a Tensor> {
        self.inputs.get(k).copied().flatten()
    }

    /// Input `k` as known integers.
    pub(super) fn integers(&self, k: usize) -> Result<Vec<i64>> {
        self.input(k)?.as_integers().ok_or_else(|| {
            self.bad(
                format!("input {k} must be known integers"),
                "export with fixed sizes, so that shapes and indices are constants",
            )
        })
    }

    /// The entries of input `k`, which must not depend on the network's input.
    pub(super) fn numbers(&self, k: usize) -> Result<Vec<&'a Rational>> {
        self.input(k)?.numbers().ok_or_else(|| {
            self.bad(
                format!("input {k} depends on the network's input, and only constants are allowed there"),
                "only layers with fixed weights can be read",
            )
        })
    }

    /// An attribute by name.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a AttributeProto> {
        self.proto.attribute.iter().find(|attribute| attribute.name == name)
    }

    /// An integer attribute or its default.
    pub(super) fn int(&self, name: &str, default: i64) -> i64 {
        self.attribute(name).and_then(|attribute| attribute.i).unwrap_or(default)
    }

    /// An attribute that is a list of integers.
    pub(super) fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.attribute(name).map(|attribute| attribute.ints.as_slice())
    }

    /// A text attribute or its default.
    pub(super) fn text(&self, name: &str, default: &str) -> String {
        match self.attribute(name).and_then(|attribute| attribute.s.as_deref()) {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None => default.to_string(),
        }
    }

    /// A number attribute or its default; must be finite.
    pub(super) fn float(&self, name: &str, default: f32) -> Result<f64> {
        let value = self.attribute(name).and_then(|attribute| attribute.f).unwrap_or(default);
        if value.is_finite() {
            Ok(f64::from(value))
        } else {
            Err(self.bad(format!("attribute {name} is {value}"), "it must be a finite number"))
        }
    }

    /// A number attribute or its default, exactly.
    pub(super) fn exact_float(&self, name: &str, default: f32) -> Result<Rational> {
        Ok(exact(self.float(name, default)?).expect("checked to be finite"))
    }

    /// An axis number as a position; negative ones count from the end.
    pub(super) fn axis(&self, axis: i64, rank: usize) -> Result<usize> {
        let shifted = if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
        usize::try_from(shifted)
            .ok()
            .filter(|&position| position < rank)
            .ok_or_else(|| self.wrong_shape(format!("an axis below {rank}"), axis))
    }

    /// Axis numbers from attribute `axes` (older operator sets) or else from input `k`; `None` where neither is given.
    pub(super) fn axes(&self, k: usize) -> Result<Option<Vec<i64>>> {
        match (self.ints("axes"), self.optional(k)) {
            (Some(axes), _) => Ok(Some(axes.to_vec())),
            (None, Some(_)) => Ok(Some(self.integers(k)?)),
            (None, None) => Ok(None),
        }
    }

    /// The number of entries of a tensor about to be made; refused where it is absurd.
    pub(super) fn size(&self, shape: &[usize]) -> Result<usize> {
        let size = checked_size(&self.place, shape)?;
        self.spend(size as u64)?;
        Ok(size)
    }

    /// Takes work from the budget before it is done.
    pub(super) fn spend(&self, work: u64) -> Result<()> {
        let left = self.budget.get();
        if work > left {
            return Err(Error::too_large(
                format!("{}: the exact import", self.place),
                format!("over {} operations", (MAX_WORK - left).saturating_add(work)),
                format!("{MAX_WORK} operations"),
                "exact import is for small networks; use a smaller one",
            ));
        }
        self.budget.set(left - work);
        Ok(())
    }

    /// The common source of tensors that a node joins.
    pub(super) fn join(&self, tensors: &[&Tensor]) -> Result<Option<usize>> {
        let mut common = None;
        for source in tensors.iter().filter_map(|tensor| tensor.source) {
            if common.is_some_and(|other| other != source) {
                return Err(self.bad(
                    "it joins tensors that stem from different activations (a skip connection or parallel branches)",
                    "only chains of layers can be read; carry older values along as relu(x) and relu(-x)",
                ));
            }
            common = Some(source);
        }
        Ok(common)
    }

    /// Adds `a * b` to a sum, or says that the product is not affine.
    pub(super) fn add_product(&self, sum: &mut FormSum, a: &Form, b: &Form) -> Result<()> {
        sum.add_product(a, b).ok_or_else(|| {
            self.bad(
                "it multiplies two tensors that both depend on the network's input",
                "only products with constants can be read",
            )
        })
    }

    /// An error at this node: what is wrong, and the mend.
    pub(super) fn bad(&self, problem: impl Into<String>, mend: impl Into<String>) -> Error {
        Error::input(&self.place, problem, mend)
    }

    /// A shape error at this node.
    pub(super) fn wrong_shape(&self, expected: impl ToString, got: impl ToString) -> Error {
        Error::shape(&self.place, expected, got, "check the model's layer sizes and export it again")
    }

    /// Something that this operator can do but the reader cannot.
    pub(super) fn unsupported(&self, what: impl std::fmt::Display, mend: impl Into<String>) -> Error {
        Error::unsupported(format!("{}: {what}", self.place), mend)
    }
}
