//! Energy per simple piece, layer by layer, measured on data.
//!
//! All layers of a network are functions on G-sets. Their disjoint union is decomposed once, so that a piece has one
//! name in all layers; the energy of a layer's values in a piece is that of the function extended by zero.
//!
//! What an activation *adds* to a piece is told apart from what it passes on: see [`NewEnergy`].

use super::energy::{NewEnergy, StageStatistics};
use crate::action::GSet;
use crate::error::{Error, Result};
use crate::harmonic::{Frequencies, Spectrum};
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
#[derive(Clone, Debug)]
pub struct Stage {
    /// `input`, `layer 1 before`, `layer 1 after`, ..., `output`.
    pub name: String,
    /// The energy of each piece over the data, in the order of [`EnergyTrace::pieces`].
    pub statistics: StageStatistics,
    /// Behind an activation: what it added to each piece.
    pub new: Option<NewEnergy>,
}

/// Energies of the simple pieces at every stage of a network.
#[derive(Clone, Debug)]
pub struct EnergyTrace {
    /// The pieces that occur in some layer.
    pub pieces: Vec<SimplePiece>,
    /// The frequencies of the pieces, where the group is a product of cyclic groups.
    pub frequencies: Option<Frequencies>,
    /// The stages, input first.
    pub stages: Vec<Stage>,
    /// The frequency above which energy is counted, if asked for.
    pub cut: Option<f64>,
    /// The number of data rows.
    pub rows: u64,
}

/// A trace under way: rows are pushed one at a time, so that data of any length takes bounded memory.
pub struct Tracer<'a> {
    network: &'a Network,
    spectrum: Spectrum,
    frequencies: Option<Frequencies>,
    cut: Option<f64>,
    size: usize,
    stages: Vec<Stage>,
    rows: u64,
}

impl<'a> Tracer<'a> {
    /// Decomposes the layers. With a cut the share of the energy at higher frequencies is counted too.
    ///
    /// # Errors
    /// [`Error::Shape`] where the actions do not fit the network; [`Error::Input`] for a cut where pieces have no
    /// frequencies; as [`Spectrum::new`].
    pub fn new(network: &'a Network, actions: &LayerActions, cut: Option<f64>) -> Result<Self> {
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
        let union = GSet::sum(actions.all())?;
        let spectrum = Spectrum::new(&union)?;
        let frequencies = Frequencies::with_cut(&union, spectrum.decomposition(), cut)?;
        let pieces = spectrum.pieces().len();
        let stage = |(name, activated): (String, bool)| Stage {
            name,
            statistics: StageStatistics::new(pieces, frequencies.clone(), cut),
            new: activated.then(|| NewEnergy::new(pieces)),
        };
        Ok(Tracer {
            network,
            cut,
            spectrum,
            size: union.size(),
            stages: stage_names(network.activations().len()).into_iter().map(stage).collect(),
            frequencies,
            rows: 0,
        })
    }

    /// Runs the network on one row. O(cost of the network + cost of a spectrum per stage).
    ///
    /// # Errors
    /// [`Error::Shape`] where the row does not fit the network.
    pub fn push(&mut self, row: &[f64]) -> Result<()> {
        self.rows += 1;
        if row.len() != self.network.inputs() {
            return Err(Error::shape(
                format!("data row {}", self.rows),
                format!("{} numbers, one for each input of the network", self.network.inputs()),
                row.len(),
                "give a table with one column for each input",
            ));
        }
        let mut start = 0;
        let mut stage = 0;
        self.record(stage, start, row);
        start += row.len();
        let mut values = row.to_vec();
        for (before, activation) in
            self.network.preactivations(row).into_iter().zip(self.network.activations())
        {
            let after: Vec<f64> = before.iter().map(|&value| activation.apply(value)).collect();
            let energy_before = self.record(stage + 1, start, &before);
            let energy_after = self.record(stage + 2, start, &after);
            self.record_new(stage + 2, start, (&before, &energy_before), (&after, &energy_after));
            stage += 2;
            start += after.len();
            values = after;
        }
        let output = self.network.layers()[self.network.layers().len() - 1].apply(&values);
        self.record(stage + 1, start, &output);
        Ok(())
    }

    /// The energies of values that stand at `start` in the union of all layers, also added to a stage.
    fn record(&mut self, stage: usize, start: usize, values: &[f64]) -> Vec<f64> {
        let energies = self.energies(start, values);
        self.stages[stage].statistics.push(&energies);
        energies
    }

    fn energies(&self, start: usize, values: &[f64]) -> Vec<f64> {
        let mut extended = vec![0.0; self.size];
        extended[start..start + values.len()].copy_from_slice(values);
        self.spectrum.energies(&extended)
    }

    fn record_new(&mut self, stage: usize, start: usize, before: (&[f64], &[f64]), after: (&[f64], &[f64])) {
        let sum: Vec<f64> = before.0.iter().zip(after.0).map(|(u, s)| u + s).collect();
        let of_sum = self.energies(start, &sum);
        if let Some(new) = &mut self.stages[stage].new {
            new.push(before.1, after.1, &of_sum);
        }
    }

    /// The trace of all rows so far.
    ///
    /// # Errors
    /// [`Error::Input`] where there was no row.
    pub fn finish(self) -> Result<EnergyTrace> {
        if self.rows == 0 {
            return Err(Error::input("energy trace", "there is no data", "give at least one row"));
        }
        Ok(EnergyTrace {
            pieces: self.spectrum.pieces().to_vec(),
            frequencies: self.frequencies,
            cut: self.cut,
            stages: self.stages,
            rows: self.rows,
        })
    }
}

impl EnergyTrace {
    /// The trace of rows of any number, one at a time.
    ///
    /// # Errors
    /// What the rows report; as [`Tracer::new`], [`Tracer::push`] and [`Tracer::finish`].
    pub fn new(
        network: &Network,
        actions: &LayerActions,
        rows: impl IntoIterator<Item = Result<Vec<f64>>>,
        cut: Option<f64>,
    ) -> Result<Self> {
        let mut tracer = Tracer::new(network, actions, cut)?;
        for row in rows {
            tracer.push(&row?)?;
        }
        tracer.finish()
    }
}

/// The names of the stages, and whether they stand behind an activation.
fn stage_names(hidden: usize) -> Vec<(String, bool)> {
    let layers =
        (1..=hidden).flat_map(|l| [(format!("layer {l} before"), false), (format!("layer {l} after"), true)]);
    [("input".to_owned(), false)].into_iter().chain(layers).chain([("output".to_owned(), false)]).collect()
}
