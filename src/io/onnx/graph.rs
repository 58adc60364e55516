//! The graph: which tensors there are, in which order the nodes run, and the network that comes out.

use super::form::{Bound, Form};
use super::initializer::read_tensor;
use super::messages::{GraphProto, NodeProto, TensorProto, ValueInfoProto};
use super::node::{MAX_WORK, Node, checked_size};
use super::operators::{Outcome, run};
use super::tensor::Tensor;
use crate::error::{Error, Result};
use crate::network::{Activation, AffineLayer, Network};
use crate::num::Rational;
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// The largest number of entries of all affine layers together.
const MAX_WEIGHTS: u64 = 1 << 23;
/// The largest number of bits in a numerator or denominator.
const MAX_BITS: usize = 1 << 13;

/// A graph with its names looked up.
pub(super) struct Graph<'a> {
    file: &'a str,
    opset: i64,
    proto: &'a GraphProto,
    initializers: FxHashMap<&'a str, &'a TensorProto>,
    producers: FxHashMap<&'a str, usize>,
    input: &'a ValueInfoProto,
    output: &'a str,
}

/// The values behind an activation: `activation(rows)`, the rows being forms over the values of `parent`.
struct Stage {
    parent: usize,
    activation: Activation,
    rows: Vec<Form>,
}

impl<'a> Graph<'a> {
    /// Looks up names: one input, one output, one origin for each tensor.
    pub(super) fn new(file: &'a str, opset: i64, proto: &'a GraphProto) -> Result<Self> {
        let initializers: FxHashMap<&str, &TensorProto> =
            proto.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
        let inputs: Vec<&ValueInfoProto> =
            proto.input.iter().filter(|input| !initializers.contains_key(input.name.as_str())).collect();
        let names = |values: &[&ValueInfoProto]| {
            values.iter().map(|value| format!("'{}'", value.name)).collect::<Vec<_>>().join(", ")
        };
        let one = |values: &[&'a ValueInfoProto], what: &str| match values {
            [value] => Ok(*value),
            _ => Err(Error::shape(
                file,
                format!("one graph {what}"),
                format!("{} ({})", values.len(), names(values)),
                format!("export a model with exactly one {what}"),
            )),
        };
        let input = one(&inputs, "input")?;
        let output = one(&proto.output.iter().collect::<Vec<_>>(), "output")?;
        let mut producers = FxHashMap::default();
        for (at, node) in proto.node.iter().enumerate() {
            for name in node.output.iter().filter(|name| !name.is_empty()) {
                let known = name == &input.name || initializers.contains_key(name.as_str());
                if known || producers.insert(name.as_str(), at).is_some() {
                    return Err(Error::input(
                        place(file, node),
                        format!("it gives the tensor '{name}', which already has another origin"),
                        "the file is damaged; export the model again",
                    ));
                }
            }
        }
        Ok(Graph { file, opset, proto, initializers, producers, input, output: &output.name })
    }

    /// The input's axes, with a batch axis of size 1 in front where the file declares one.
    ///
    /// The batch axis is the first axis, where it is dynamic or 1. A single axis of fixed size is no batch axis.
    fn input_shape(&self) -> Result<(Vec<usize>, bool)> {
        let place = format!("{}: input '{}'", self.file, self.input.name);
        let declared = self
            .input
            .r#type
            .as_ref()
            .and_then(|kind| kind.tensor_type.as_ref())
            .and_then(|tensor| tensor.shape.as_ref())
            .ok_or_else(|| Error::input(&place, "its shape is not declared", "export with input shapes"))?;
        let mut shape = Vec::new();
        for (axis, dimension) in declared.dim.iter().enumerate() {
            let batch = axis == 0;
            match dimension.dim_value {
                Some(size) if size > 0 && !(batch && size > 1 && declared.dim.len() > 1) => {
                    shape.push(size as usize)
                }
                None if batch => shape.push(1),
                // Some exporters write a dynamic axis as 0 or -1.
                Some(size) if size <= 0 && batch => shape.push(1),
                Some(size) if batch => {
                    return Err(Error::shape(
                        place,
                        "a first axis for the batch, dynamic or of size 1",
                        size,
                        "export the model with a dynamic batch axis or for one sample",
                    ));
                }
                other => {
                    return Err(Error::shape(
                        place,
                        format!("a fixed size for axis {axis}"),
                        other.map_or_else(|| "a dynamic one".to_string(), |size| size.to_string()),
                        "only the batch axis may be dynamic; export with fixed sizes",
                    ));
                }
            }
        }
        checked_size(&place, &shape)?;
        let has_batch = shape.first() == Some(&1);
        Ok((shape, has_batch))
    }

    /// The nodes that the output needs, each behind those that it needs.
    fn order(&self) -> Result<Vec<usize>> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.proto.node.len()];
        let mut order = Vec::new();
        // Each entry: a node and the number of its inputs already seen to.
        let mut stack: Vec<(usize, usize)> = Vec::new();
        stack.extend(self.origin(self.output, None)?.map(|at| (at, 0)));
        while let Some((at, seen)) = stack.pop() {
            let node = &self.proto.node[at];
            states[at] = State::Open;
            let Some(name) = node.input.get(seen) else {
                states[at] = State::Done;
                order.push(at);
                continue;
            };
            stack.push((at, seen + 1));
            if name.is_empty() {
                continue;
            }
            match self.origin(name, Some(node))? {
                Some(next) if states[next] == State::New => stack.push((next, 0)),
                Some(next) if states[next] == State::Open => {
                    return Err(Error::input(
                        place(self.file, node),
                        format!("its input '{name}' depends on its own output (a cycle)"),
                        "the file is damaged; export the model again",
                    ));
                }
                _ => {}
            }
        }
        Ok(order)
    }

    /// The node that gives a tensor, or `None` for the graph's input and initialisers.
    fn origin(&self, name: &str, user: Option<&NodeProto>) -> Result<Option<usize>> {
        if name == self.input.name || self.initializers.contains_key(name) {
            return Ok(None);
        }
        match self.producers.get(name) {
            Some(&at) if self.proto.node[at].output.first().is_some_and(|first| first == name) => {
                Ok(Some(at))
            }
            Some(&at) => Err(Error::unsupported(
                format!("{}: the further output '{name}'", place(self.file, &self.proto.node[at])),
                "only the first output of a node can be used",
            )),
            None => Err(Error::input(
                user.map_or_else(|| self.file.to_string(), |node| place(self.file, node)),
                format!("the tensor '{name}' comes from nowhere"),
                "the file is damaged or truncated; export the model again",
            )),
        }
    }

    /// Runs the nodes on exact affine forms and assembles the layers.
    pub(super) fn network(&self) -> Result<Network> {
        let (shape, has_batch) = self.input_shape()?;
        let order = self.order()?;
        let budget = Cell::new(MAX_WORK);
        let bound = Bound::bits(MAX_BITS);
        let mut tensors: FxHashMap<&str, Tensor> = FxHashMap::default();
        tensors.insert(&self.input.name, Tensor::variables(shape.clone(), 0));
        let mut stages: Vec<Stage> = Vec::new();
        let used = order.iter().flat_map(|&at| &self.proto.node[at].input).map(String::as_str);
        for name in used.chain([self.output]) {
            if let Some(proto) = self.initializers.get(name)
                && !tensors.contains_key(name)
            {
                tensors.insert(name, read_tensor(proto, &format!("{}: initialiser '{name}'", self.file))?);
            }
        }
        for at in order {
            let proto = &self.proto.node[at];
            let node = Node {
                proto,
                place: place(self.file, proto),
                opset: self.opset,
                inputs: proto.input.iter().map(|name| tensors.get(name.as_str())).collect(),
                budget: &budget,
            };
            let result = match run(&node)? {
                Outcome::Tensor(tensor) => tensor,
                Outcome::Activation(activation) => activate(&node, activation, &mut stages)?,
            };
            if result.entries.iter().any(|entry| !entry.is_within(&bound)) {
                return Err(Error::too_large(
                    format!("{}: an exact number", node.place),
                    format!("over {MAX_BITS} bits"),
                    format!("{MAX_BITS} bits"),
                    "use weights of ordinary size",
                ));
            }
            tensors.insert(&proto.output[0], result);
        }
        let output = tensors.remove(self.output).expect("the order ends with the output");
        self.assemble(&shape, has_batch, output, stages)
    }

    /// The layers on the way from the output back to the input.
    fn assemble(
        &self,
        shape: &[usize],
        has_batch: bool,
        output: Tensor,
        stages: Vec<Stage>,
    ) -> Result<Network> {
        let width = |source: usize| match source {
            0 => shape.iter().product(),
            k => stages[k - 1].rows.len(),
        };
        let mut source = output.source.ok_or_else(|| {
            Error::input(self.file, "the output does not depend on the input", "export the whole model")
        })?;
        let mut rows = &output.entries;
        let mut stack = Vec::new();
        let mut weights = 0;
        loop {
            weights += rows.len() as u64 * (width(source) as u64 + 1);
            if weights > MAX_WEIGHTS || rows.is_empty() {
                return Err(Error::too_large(
                    format!("{}: the affine layers, written as matrices", self.file),
                    format!("{weights} entries"),
                    format!("1 to {MAX_WEIGHTS} entries"),
                    "exact analysis is for small networks; use a smaller one",
                ));
            }
            stack.push((rows, width(source)));
            if source == 0 {
                break;
            }
            rows = &stages[source - 1].rows;
            source = stages[source - 1].parent;
        }
        // The activations on the same way, last first.
        let mut activations = Vec::new();
        let mut at = output.source.unwrap_or(0);
        while at > 0 {
            activations.push(stages[at - 1].activation);
            at = stages[at - 1].parent;
        }
        activations.reverse();
        let layers = stack.into_iter().rev().map(|(rows, inputs)| dense_layer(rows, inputs)).collect();
        let without_batch = if has_batch && shape.len() > 1 { shape[1..].to_vec() } else { shape.to_vec() };
        let declared = if without_batch.is_empty() { vec![1] } else { without_batch };
        Ok(Network::new(layers, activations)?.with_input_shape(declared))
    }
}

/// Applies an activation: known numbers are computed, all else becomes the rows of a layer and a new source.
fn activate(node: &Node, activation: Activation, stages: &mut Vec<Stage>) -> Result<Tensor> {
    let x = node.input(0)?;
    node.size(&x.shape)?;
    let Some(parent) = x.source else {
        let slope = activation.negative_slope();
        let bend = |entry: &Form| {
            if entry.constant < Rational::ZERO { entry.scaled(&slope) } else { entry.clone() }
        };
        return Ok(x.with(x.shape.clone(), x.entries.iter().map(bend).collect()));
    };
    stages.push(Stage { parent, activation, rows: x.entries.clone() });
    Ok(Tensor::variables(x.shape.clone(), stages.len()))
}

fn dense_layer(rows: &[Form], inputs: usize) -> AffineLayer {
    let dense: Vec<Vec<Rational>> = rows
        .iter()
        .map(|form| {
            let mut row = vec![Rational::ZERO; inputs + 1];
            for (index, factor) in &form.terms {
                row[*index as usize] = factor.clone();
            }
            row[inputs] = form.constant.clone();
            row
        })
        .collect();
    AffineLayer::from_exact(inputs, &dense)
}

/// How errors name a node: file, name (or first output where it has none), operator.
fn place(file: &str, node: &NodeProto) -> String {
    let name = if node.name.is_empty() { node.output.first().map_or("", String::as_str) } else { &node.name };
    format!("{file}: node '{name}' ({})", node.op_type)
}
