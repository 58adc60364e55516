//! The covariance recursion with the layer spectra of a trained network.
//!
//! Every linear layer is known by its power gain on each piece, `|W P_L|^2 / rank(P_L)`: how much the energy of a function
//! grows that is isotropic in the component. The activations are those of the network, on its own layers with their
//! inferred actions. Weights enter through the gains only, biases not at all, as if each layer were drawn at random with
//! these gains; so the difference to a measured [trace](crate::analysis::trace) is what the training put into phases,
//! channels and biases.
//!
//! Layers are sets of their own. Pieces get their names in the disjoint union of all of them.

use super::{EnergyFlow, FlowOptions, RandomLayer};
use crate::action::GSet;
use crate::analysis::PointwiseFunction;
use crate::analysis::trace::LayerActions;
use crate::error::{Error, Result};
use crate::harmonic::{Spectrum, plan};
use crate::network::{Activation, Network};
use crate::representation::{Decomposition, SimplePiece};

/// Where unit energy on each piece of a network's input is expected at every later stage.
#[derive(Clone, Debug)]
pub struct NetworkFlow {
    /// The pieces that occur in some layer; multiplicities count all layers.
    pub pieces: Vec<SimplePiece>,
    /// The pieces of the input: the rows of each matrix, as numbers in `pieces`.
    pub sources: Vec<usize>,
    /// `layer 1 before`, `layer 1 after`, ..., `output`: the names of the matrices.
    pub stages: Vec<String>,
    /// For each stage a matrix, rows are sources and columns pieces.
    pub energies: Vec<Vec<Vec<f64>>>,
    /// For each linear layer the power gain on each piece; 0 where its input has no such piece.
    pub gains: Vec<Vec<f64>>,
}

impl NetworkFlow {
    /// The flow through a network on whose layers a group acts. The cost of a flow for each layer and source, of a
    /// spectrum for each neuron, and of a transform of each layer.
    ///
    /// ```
    /// use isotypic::analysis::{NetworkSymmetry, SymmetryQuestion, flow::NetworkFlow};
    /// let network = isotypic::io::read_network("data/elnino_c4.onnx".as_ref())?;
    /// let symmetry = NetworkSymmetry::new(&network, &SymmetryQuestion::on_points("C4"))?;
    /// let flow = NetworkFlow::new(&network, &symmetry.layer_actions()?)?;
    /// assert_eq!((flow.stages.len(), flow.gains.len(), flow.pieces.len()), (5, 3, 3));
    /// let (before, after) = (&flow.energies[0][1], &flow.energies[1][1]);
    /// assert!(before[0] == 0.0 && after[0] > 0.0); // ReLU feeds the mean from frequency 1
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Shape`] where the actions do not fit the network; as [`Spectrum::new`], [`plan`] and [`EnergyFlow`].
    pub fn new(network: &Network, actions: &LayerActions) -> Result<Self> {
        let sets: Vec<&GSet> =
            [&actions.input].into_iter().chain(&actions.hidden).chain([&actions.output]).collect();
        let sizes: Vec<usize> = [network.inputs()]
            .into_iter()
            .chain(network.layers().iter().map(|layer| layer.outputs()))
            .collect();
        let found: Vec<usize> = sets.iter().map(|set| set.size()).collect();
        if sizes != found {
            return Err(Error::shape(
                "flow through a network",
                format!("actions on layers of sizes {sizes:?}"),
                format!("{found:?}"),
                "give the action on every layer of the network",
            ));
        }
        let union = Spectrum::new(&GSet::sum(sets.iter().map(|&set| set.clone()).collect())?)?;
        let starts: Vec<usize> =
            sizes.iter().scan(0, |start, size| Some(std::mem::replace(start, *start + size))).collect();
        let layers = sets
            .iter()
            .zip(&starts)
            .map(|(set, &start)| NamedPieces::new(set, start, &union))
            .collect::<Result<Vec<_>>>()?;
        let count = union.pieces().len();
        let gains: Vec<Vec<f64>> = network
            .layers()
            .iter()
            .zip(&layers)
            .zip(&starts)
            .map(|((layer, pieces), &start)| {
                let mut gains = vec![0.0; count];
                for row in layer.weights().row_iter() {
                    let mut extended = vec![0.0; union.size()];
                    extended[start..start + row.len()].iter_mut().zip(row.iter()).for_each(|(e, w)| *e = *w);
                    gains.iter_mut().zip(union.energies(&extended)).for_each(|(gain, e)| *gain += e);
                }
                pieces.per_dimension(&gains)
            })
            .collect();

        let sources = layers[0].names.clone();
        let mut current: Vec<Vec<f64>> = sources
            .iter()
            .map(|&source| (0..count).map(|piece| if piece == source { 1.0 } else { 0.0 }).collect())
            .collect();
        let (mut stages, mut energies) = (Vec::new(), Vec::new());
        for (index, layer) in gains.iter().enumerate() {
            let layer = RandomLayer::new(layer.clone())?;
            current = current.iter().map(|row| layer.apply(row)).collect::<Result<_>>()?;
            let Some(&activation) = network.activations().get(index) else { break };
            stages.push(format!("layer {} before", index + 1));
            energies.push(current.clone());
            let pieces = &layers[index + 1];
            let flow = EnergyFlow::new(&pieces.decomposition, pointwise(activation), FlowOptions::default())?;
            current = current.iter().map(|row| pieces.through(&flow, row)).collect::<Result<_>>()?;
            stages.push(format!("layer {} after", index + 1));
            energies.push(current.clone());
        }
        stages.push("output".into());
        energies.push(current);
        Ok(NetworkFlow { pieces: union.pieces().to_vec(), sources, stages, energies, gains })
    }
}

impl NetworkFlow {
    /// Keeps the rows of these sources only; pieces that are no source are passed over.
    pub fn retain_sources(&mut self, kept: &[usize]) {
        for matrix in &mut self.energies {
            let mut sources = self.sources.iter();
            matrix.retain(|_| sources.next().is_some_and(|source| kept.contains(source)));
        }
        self.sources.retain(|source| kept.contains(source));
    }
}

/// The pieces of one layer, with their numbers among all pieces.
struct NamedPieces {
    decomposition: Decomposition,
    names: Vec<usize>,
}

impl NamedPieces {
    /// A function in a piece of the layer, extended by zero, has all its energy on the piece's name.
    fn new(set: &GSet, start: usize, union: &Spectrum) -> Result<Self> {
        let transform = plan(set)?;
        let names = (0..transform.pieces().len())
            .map(|piece| {
                let mut coefficients = vec![0.0; set.size()];
                coefficients[transform.range(piece).start] = 1.0;
                let mut extended = vec![0.0; union.size()];
                extended[start..start + set.size()].copy_from_slice(&transform.inverse(&coefficients));
                let energies = union.energies(&extended);
                (0..energies.len()).max_by(|&a, &b| energies[a].total_cmp(&energies[b])).unwrap_or(0)
            })
            .collect();
        Ok(NamedPieces { decomposition: Decomposition::new(set)?, names })
    }

    /// Sums over components as means over their dimensions.
    fn per_dimension(&self, sums: &[f64]) -> Vec<f64> {
        let mut means = vec![0.0; sums.len()];
        for (&name, piece) in self.names.iter().zip(self.decomposition.pieces()) {
            means[name] = sums[name] / (piece.dim * piece.multiplicity) as f64;
        }
        means
    }

    /// Energies behind an activation of this layer.
    fn through(&self, flow: &EnergyFlow<'_>, energies: &[f64]) -> Result<Vec<f64>> {
        let own: Vec<f64> = self.names.iter().map(|&name| energies[name]).collect();
        let mut after = vec![0.0; energies.len()];
        for (&name, energy) in self.names.iter().zip(flow.spread(&own)?.energies) {
            after[name] = energy;
        }
        Ok(after)
    }
}

/// The activation of a network as a pointwise function.
fn pointwise(activation: Activation) -> PointwiseFunction {
    match activation {
        Activation::Relu => PointwiseFunction::Relu,
        Activation::LeakyRelu { slope } => PointwiseFunction::Leaky(slope),
        Activation::Abs => PointwiseFunction::Abs,
    }
}
