//! Energy per simple piece, layer by layer, measured on data.
//!
//! All layers of a network are functions on G-sets. Their disjoint union is decomposed once, so that a piece has one
//! name in all layers; the energy of a layer's values in a piece is that of the function extended by zero.

use crate::action::GSet;
use crate::error::{Error, Result};
use crate::harmonic::Spectrum;
use crate::network::Network;
use crate::representation::SimplePiece;

/// How the group acts on the input, on every hidden layer, and on the output of a network.
#[derive(Clone, Debug)]
pub struct LayerActions {
    /// On the input indices.
    pub input: GSet,
    /// On the entries of each hidden layer.
    pub hidden: Vec<GSet>,
    /// On the output indices.
    pub output: GSet,
}

impl LayerActions {
    fn all(&self) -> Vec<GSet> {
        [&self.input].into_iter().chain(&self.hidden).chain([&self.output]).cloned().collect()
    }
}

/// Where in the network values are looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// `input`, `layer 1 before`, `layer 1 after`, ..., `output`.
    pub name: String,
    /// The mean energy of each piece over the data, in the order of [`EnergyTrace::pieces`].
    pub energies: Vec<f64>,
}

impl Stage {
    /// The mean energy of all pieces together.
    pub fn total(&self) -> f64 {
        self.energies.iter().sum()
    }

    /// The share of each piece; zeros where there is no energy at all.
    pub fn fractions(&self) -> Vec<f64> {
        let total = self.total();
        self.energies.iter().map(|energy| if total > 0.0 { energy / total } else { 0.0 }).collect()
    }
}

/// Mean energies of the simple pieces at every stage of a network.
#[derive(Clone, Debug)]
pub struct EnergyTrace {
    /// The pieces that occur in some layer.
    pub pieces: Vec<SimplePiece>,
    /// The stages, input first.
    pub stages: Vec<Stage>,
    /// The number of data rows.
    pub rows: usize,
}

impl EnergyTrace {
    /// Runs the network on every row and adds up energies. O(rows (cost of the network + cost of the spectrum)).
    ///
    /// # Errors
    /// [`Error::Shape`] where the actions or a row do not fit the network; as [`Spectrum::new`].
    pub fn new(network: &Network, actions: &LayerActions, rows: &[Vec<f64>]) -> Result<Self> {
        let sizes: Vec<usize> = network.layers().iter().map(|layer| layer.outputs()).collect();
        let found: Vec<usize> = actions.hidden.iter().chain([&actions.output]).map(GSet::size).collect();
        if actions.input.size() != network.inputs() || sizes != found {
            return Err(Error::shape(
                "energy trace",
                format!("actions on layers of sizes {sizes:?}"),
                format!("{found:?}"),
                "give the action on every layer of the network",
            ));
        }
        if rows.is_empty() {
            return Err(Error::input("energy trace", "there is no data", "give at least one row"));
        }
        let spectrum = Spectrum::new(&GSet::sum(actions.all())?)?;
        let names = stage_names(network.activations().len());
        let mut energies = vec![vec![0.0; spectrum.pieces().len()]; names.len()];
        let size: usize = actions.all().iter().map(GSet::size).sum();
        for (number, row) in rows.iter().enumerate() {
            if row.len() != network.inputs() {
                return Err(Error::shape(
                    format!("data row {}", number + 1),
                    format!("{} numbers, one for each input of the network", network.inputs()),
                    row.len(),
                    "give a table with one column for each input",
                ));
            }
            let mut start = 0;
            for (stage, (values, advances)) in stage_values(network, row).into_iter().enumerate() {
                let mut extended = vec![0.0; size];
                extended[start..start + values.len()].copy_from_slice(&values);
                for (sum, energy) in energies[stage].iter_mut().zip(spectrum.energies(&extended)) {
                    *sum += energy / rows.len() as f64;
                }
                if advances {
                    start += values.len();
                }
            }
        }
        Ok(EnergyTrace {
            pieces: spectrum.pieces().to_vec(),
            stages: names
                .into_iter()
                .zip(energies)
                .map(|(name, energies)| Stage { name, energies })
                .collect(),
            rows: rows.len(),
        })
    }
}

fn stage_names(hidden: usize) -> Vec<String> {
    let layers = (1..=hidden).flat_map(|l| [format!("layer {l} before"), format!("layer {l} after")]);
    ["input".to_owned()].into_iter().chain(layers).chain(["output".to_owned()]).collect()
}

/// The values at every stage, and whether the next stage belongs to the next layer.
fn stage_values(network: &Network, row: &[f64]) -> Vec<(Vec<f64>, bool)> {
    let mut stages = vec![(row.to_vec(), true)];
    let mut last = row.to_vec();
    for (before, activation) in network.preactivations(row).into_iter().zip(network.activations()) {
        last = before.iter().map(|&value| activation.apply(value)).collect();
        stages.push((before, false));
        stages.push((last.clone(), true));
    }
    stages.push((network.layers()[network.layers().len() - 1].apply(&last), true));
    stages
}
