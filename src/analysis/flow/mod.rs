//! Energy flow in closed form: how much energy a pointwise activation carries from one simple piece to another, without
//! any sampling.
//!
//! **Model.** Let the input of the activation be `mu + f`, `f` Gaussian on `Fun(X)` with `G`-invariant covariance
//! `C = sum_L (e_L / (m_L d_L)) P_L`: isotropic in every isotypic component, with energy `E|P_L f|^2 = e_L` there. The
//! expected energy of the output on piece `K` is
//!
//! ```text
//! E|P_K s(mu + f)|^2 = sum_{x,y} P_K(x, y) k(C(x,x), C(y,y), C(x,y)),    k(a, b, c) = E s(mu + u) s(mu + w),
//! ```
//!
//! a finite sum over orbitals, and for abelian groups a Fourier transform. `k` is the [`kernel`] of the activation.
//!
//! **Normalisation.** Energies are fractions of the input's energy `variance * |X|`; `variance` is the mean variance of
//! an entry, 1 unless stated otherwise. So `T[L][K]` is the energy on `K` for *unit input energy* on `L`. For ReLU,
//! leaky ReLU and Abs without a mean it does not depend on the variance. A mean is not counted as input, but its image
//! is part of the output.
//!
//! **Sum rule.** The row of `L` adds up to `E|s(mu + f)|^2`, which is a sum over points alone. It is checked for every
//! row; a failure is an error. And a row is exactly zero where the exact interaction graph has no edge.
//!
//! **Depth.** A random equivariant layer with many channels turns an output with energies `e_K` into a Gaussian input of
//! the next activation whose covariance is again isotropic in every component, with energies `g_K e_K`, `g_K` the
//! layer's power gain on `K` ([`depth`]).
//!
//! * [`kernel`]: the expected product of two activations, exactly or with a stated error; [`quadrature`]: Gauss rules.
//! * `abelian`: rows by one Fourier transform of the length of the character's order; `general`: sums over orbitals.
//! * [`depth`]: many layers; [`network`]: those of a trained network.

mod abelian;
pub mod depth;
mod general;
pub mod kernel;
pub mod network;
pub mod quadrature;

pub use depth::{LayerEnergies, RandomLayer};
pub use kernel::{GaussianKernel, Marginal};
pub use network::NetworkFlow;

use super::{InteractionGraph, PointwiseFunction};
use crate::error::{Error, Result};
use crate::representation::{Decomposition, SimplePiece};
use abelian::AbelianFlow;
use general::GeneralFlow;
use std::sync::OnceLock;

/// The largest number of entries of a flow matrix.
pub const LARGEST_MATRIX: usize = 1 << 27;
/// How far a row may be from the sum rule, relative to its total, besides the stated error.
const SUM_RULE: f64 = 1e-8;

/// What comes before the activation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowOptions {
    /// The mean of every entry, as an invariant bias adds it.
    pub bias: f64,
    /// The mean variance of an entry; the input's energy is `variance * |X|`.
    pub variance: f64,
}

impl Default for FlowOptions {
    /// No mean, variance 1.
    fn default() -> Self {
        FlowOptions { bias: 0.0, variance: 1.0 }
    }
}

/// Expected energies after an activation, as fractions of the input's energy.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputEnergies {
    /// One entry for each piece.
    pub energies: Vec<f64>,
    /// How far their sum may be off, apart from rounding: 0 for piecewise linear activations, the rest of the Hermite
    /// series for smooth ones.
    pub error: f64,
}

impl OutputEnergies {
    /// The energy of the whole output.
    pub fn total(&self) -> f64 {
        self.energies.iter().sum()
    }
}

/// The closed-form energy flow of an activation on a decomposed permutation representation.
///
/// ```
/// use isotypic::action::GSet;
/// use isotypic::analysis::{PointwiseFunction, flow::{EnergyFlow, FlowOptions}};
/// use isotypic::{group::PermutationGroup, representation::Decomposition};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C12")?);
/// let decomposition = Decomposition::new(&GSet::points(&group))?;
/// let flow = EnergyFlow::new(&decomposition, PointwiseFunction::Relu, FlowOptions::default())?;
/// let row = flow.row(1)?.energies;
/// assert!((row[0] - 0.20266).abs() < 1e-5 && (row[1] - 0.25).abs() < 1e-12 && (row[2] - 0.04509).abs() < 1e-5);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Debug)]
pub struct EnergyFlow<'a> {
    decomposition: &'a Decomposition,
    kernel: GaussianKernel,
    variance: f64,
    size: usize,
    method: Method<'a>,
    /// The exact graph, for general groups: what it forbids is zero and not a rounding error.
    graph: OnceLock<InteractionGraph>,
}

#[derive(Debug)]
enum Method<'a> {
    Abelian(Box<AbelianFlow<'a>>),
    General(GeneralFlow<'a>),
}

impl<'a> EnergyFlow<'a> {
    /// Prepares the flow. O(|X|) for abelian actions, O(pieces * rank) otherwise.
    ///
    /// # Errors
    /// [`Error::Input`] where the bias is not finite or the variance not positive and finite.
    pub fn new(
        decomposition: &'a Decomposition,
        activation: PointwiseFunction,
        options: FlowOptions,
    ) -> Result<Self> {
        let positive = options.variance.is_finite() && options.variance > 0.0;
        if !options.bias.is_finite() || !positive {
            return Err(Error::input(
                "energy flow",
                format!("bias {} and variance {}", options.bias, options.variance),
                "give a finite bias and a positive variance",
            ));
        }
        let size = decomposition.pieces().iter().map(|piece| piece.dim * piece.multiplicity).sum();
        let method = match decomposition {
            Decomposition::Abelian(abelian) => Method::Abelian(Box::new(AbelianFlow::new(abelian))),
            Decomposition::General(general) => Method::General(GeneralFlow::new(general)),
        };
        Ok(EnergyFlow {
            decomposition,
            kernel: GaussianKernel::new(activation, options.bias),
            variance: options.variance,
            size,
            method,
            graph: OnceLock::new(),
        })
    }

    /// The pieces, in the order of rows and columns.
    pub fn pieces(&self) -> &[SimplePiece] {
        self.decomposition.pieces()
    }

    /// The kernel of the activation.
    pub fn kernel(&self) -> &GaussianKernel {
        &self.kernel
    }

    /// Where unit input energy on `source` alone goes. For a character of order `q` O(q log q), otherwise
    /// O(pieces * rank), and the interaction graph once.
    ///
    /// # Errors
    /// [`Error::Input`] where there is no such piece; [`Error::Inconsistent`] where the sum rule fails.
    pub fn row(&self, source: usize) -> Result<OutputEnergies> {
        let mut row = vec![0.0; self.pieces().len()];
        let error = self.fill_row(source, 1.0, &mut row)?;
        Ok(OutputEnergies { energies: row, error })
    }

    /// The transfer matrix: `T[L][K]` is the expected energy on `K` for unit input energy on `L`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than [`LARGEST_MATRIX`] entries; [`Error::Inconsistent`] where the sum rule fails.
    pub fn matrix(&self) -> Result<Vec<Vec<f64>>> {
        self.check_square()?;
        (0..self.pieces().len()).map(|source| Ok(self.row(source)?.energies)).collect()
    }

    /// The entry of the transfer matrix for every edge of a graph on the same pieces, in the order of
    /// [`InteractionGraph::edges`]. The cost of a row for each piece, without the matrix in memory.
    ///
    /// ```
    /// use isotypic::analysis::{EnergyFlow, FlowOptions, InteractionGraph, PointwiseFunction};
    /// use isotypic::{GSet, group::PermutationGroup, representation::Decomposition};
    /// use std::sync::Arc;
    /// let decomposition = Decomposition::new(&GSet::points(&Arc::new(PermutationGroup::parse("C3")?)))?;
    /// let flow = EnergyFlow::new(&decomposition, PointwiseFunction::Relu, FlowOptions::default())?;
    /// let graph = InteractionGraph::of_decomposition(&decomposition, PointwiseFunction::Relu, false)?;
    /// let weights = flow.edge_weights(&graph)?; // 0 -> 0, 1 -> 0, 1 -> 1
    /// assert!(weights.len() == 3 && weights[0] == 0.5 && (weights[1] + weights[2] - 0.5).abs() < 1e-12);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Shape`] where the graph has other pieces; [`Error::TooLarge`] as [`matrix`](Self::matrix);
    /// [`Error::Inconsistent`] where the sum rule fails.
    pub fn edge_weights(&self, graph: &InteractionGraph) -> Result<Vec<f64>> {
        self.check_square()?;
        if graph.pieces() != self.pieces() {
            return Err(Error::shape(
                "edge weights",
                format!("a graph on the flow's {} pieces", self.pieces().len()),
                format!("another one, on {} pieces", graph.pieces().len()),
                "take graph and flow of one decomposition",
            ));
        }
        let mut weights = Vec::with_capacity(graph.edge_count());
        let mut row = vec![0.0; self.pieces().len()];
        for source in 0..self.pieces().len() {
            row.fill(0.0);
            self.fill_row(source, 1.0, &mut row)?;
            weights.extend(graph.targets(source).map(|target| row[target]));
        }
        Ok(weights)
    }

    /// Where Gaussian input with the given energy on every piece goes; the energies are fractions of the input's energy,
    /// as those of the answer are. Energy on one piece alone goes where [`row`](Self::row) says, with its exact zeros.
    /// O(|X| log |X|) for abelian actions, otherwise O(pieces * rank).
    ///
    /// # Errors
    /// [`Error::Input`] unless there is one finite, non-negative energy for each piece; [`Error::Inconsistent`] where
    /// the sum rule fails.
    pub fn spread(&self, energies: &[f64]) -> Result<OutputEnergies> {
        let bad = energies.iter().any(|energy| !energy.is_finite() || *energy < 0.0);
        if bad || energies.len() != self.pieces().len() {
            return Err(Error::input(
                "energy flow",
                "the input's energies do not fit the pieces",
                format!("give {} finite numbers, none negative", self.pieces().len()),
            ));
        }
        let unit = self.variance * self.size as f64;
        // The eigenvalue of the covariance on each component.
        let strengths: Vec<f64> = energies
            .iter()
            .zip(self.pieces())
            .map(|(energy, piece)| unit * energy / (piece.dim * piece.multiplicity) as f64)
            .collect();
        let mut output = vec![0.0; energies.len()];
        let mut sources = (0..energies.len()).filter(|&piece| energies[piece] > 0.0);
        if let (Some(source), None) = (sources.next(), sources.next()) {
            let error = self.fill_row(source, energies[source], &mut output)?;
            return Ok(OutputEnergies { energies: output, error });
        }
        let sums = match &self.method {
            Method::Abelian(abelian) => abelian.spread(&self.kernel, &strengths, &mut output),
            Method::General(general) => general.spread(&self.kernel, &strengths, &mut output),
        };
        let error = self.finish(sums, &mut output)?;
        Ok(OutputEnergies { energies: output, error })
    }

    /// Where input with this energy on `source` alone goes.
    fn fill_row(&self, source: usize, energy: f64, row: &mut [f64]) -> Result<f64> {
        let Some(piece) = self.pieces().get(source) else {
            return Err(Error::input(
                "energy flow",
                format!("there is no piece {source}"),
                format!("give a number below {}", self.pieces().len()),
            ));
        };
        let unit = self.variance * self.size as f64;
        let strength = unit * energy / (piece.dim * piece.multiplicity) as f64;
        let sums = match &self.method {
            Method::Abelian(abelian) => abelian.row(&self.kernel, source, strength, row),
            Method::General(general) => general.row(&self.kernel, source, strength, row),
        };
        let error = self.finish(sums, row)?;
        if let Method::General(_) = self.method {
            let graph = self.graph()?;
            for (target, energy) in row.iter_mut().enumerate() {
                if !graph.has_edge(source, target) {
                    *energy = 0.0;
                }
            }
        }
        Ok(error)
    }

    fn graph(&self) -> Result<&InteractionGraph> {
        if let Some(graph) = self.graph.get() {
            return Ok(graph);
        }
        let (activation, bias) = (self.kernel.activation(), self.kernel.mean() != 0.0);
        let graph = InteractionGraph::of_decomposition(self.decomposition, activation, bias)?;
        Ok(self.graph.get_or_init(|| graph))
    }

    /// Scales to unit input energy and asserts the sum rule; the error in the same units.
    fn finish(&self, sums: PointSums, output: &mut [f64]) -> Result<f64> {
        let total: f64 = output.iter().sum();
        let unit = self.variance * self.size as f64;
        if ![total, sums.energy, unit, (total.abs() + 1.0) / unit].into_iter().all(f64::is_finite) {
            return Err(Error::input(
                "energy flow",
                "the energies are out of the range of floating point numbers",
                "give a bias, a variance and a slope nearer to 1",
            ));
        }
        if (total - sums.energy).abs() > SUM_RULE * sums.energy.max(total) + sums.error {
            return Err(Error::inconsistent(
                "energy flow",
                format!("the pieces receive {total:e} in all, but the output has energy {:e}", sums.energy),
            ));
        }
        // What is zero in theory may come out as minus a rounding error.
        output.iter_mut().for_each(|energy| *energy = energy.max(0.0) / unit);
        Ok(sums.error / unit)
    }

    fn check_square(&self) -> Result<()> {
        let count = self.pieces().len();
        if count.checked_mul(count).is_some_and(|entries| entries <= LARGEST_MATRIX) {
            return Ok(());
        }
        Err(Error::too_large(
            "the flow matrix",
            format!("{count} x {count} entries"),
            format!("{LARGEST_MATRIX} entries"),
            "ask for single rows",
        ))
    }
}

/// Sums over the points that need no covariance between points.
#[derive(Clone, Copy, Debug, Default)]
struct PointSums {
    /// `E|s(mu + f)|^2`.
    energy: f64,
    /// The sum of the errors of the kernel.
    error: f64,
}

impl PointSums {
    fn add(&mut self, points: usize, marginal: &Marginal) {
        self.energy += points as f64 * marginal.second_moment();
        self.error += points as f64 * marginal.error();
    }
}
