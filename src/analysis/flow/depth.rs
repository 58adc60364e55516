//! Flow through many layers: the covariance recursion of wide random equivariant networks.
//!
//! Let a layer map many channels to many channels by independent Gaussian equivariant weights, drawn so that on each
//! isotypic component `L` (a matrix over `End(L)` between copies) the distribution is rotation-invariant. As the number
//! of channels grows, every output channel becomes Gaussian with covariance `E[W K W^T]`, `K` the second moment of the
//! activated input. By invariance this is a multiple of `P_L` on every component, and the multiple is fixed by the
//! energy: `g_L e_L`, `e_L = tr(P_L K)` and `g_L` the mean square gain of the layer on `L`. So the recursion closes on
//! one number per piece. (For finite width it is the leading order; the next is one over the number of channels.)
//!
//! With trained weights `g_L` may be the layer's measured gain, see
//! [`FrequencyResponse::power_gains`](crate::analysis::FrequencyResponse::power_gains).

use super::{EnergyFlow, OutputEnergies};
use crate::error::{Error, Result};
use crate::representation::SimplePiece;

/// A random equivariant layer between two activations, known by its power gain on each piece.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomLayer {
    gains: Vec<f64>,
    rescale: bool,
}

impl RandomLayer {
    /// A layer with these power gains, one for each piece.
    ///
    /// # Errors
    /// [`Error::Input`] where one is negative or not finite.
    pub fn new(gains: Vec<f64>) -> Result<Self> {
        if let Some(gain) = gains.iter().find(|gain| !gain.is_finite() || **gain < 0.0) {
            return Err(Error::input(
                "random layer",
                format!("a power gain of {gain}"),
                "give finite gains, none negative",
            ));
        }
        Ok(RandomLayer { gains, rescale: false })
    }

    /// Gain 1 on every piece: an all-pass layer.
    pub fn flat(pieces: usize) -> Self {
        RandomLayer { gains: vec![1.0; pieces], rescale: false }
    }

    /// Gain 0 on the trivial piece and 1 elsewhere: an all-pass layer followed by subtraction of the mean.
    pub fn centred(pieces: usize) -> Self {
        RandomLayer {
            gains: (0..pieces).map(|piece| if piece == 0 { 0.0 } else { 1.0 }).collect(),
            rescale: false,
        }
    }

    /// Layers from the rows of a table, a power gain for each piece; where the table has a header, its words are labels
    /// of pieces, in any order.
    ///
    /// # Errors
    /// [`Error::Shape`] where a row has not one gain for each piece; [`Error::Input`] for an unknown or repeated label,
    /// and for gains that are negative.
    pub fn from_table(
        pieces: &[SimplePiece],
        header: Option<&[String]>,
        rows: &[Vec<f64>],
    ) -> Result<Vec<Self>> {
        let columns: Vec<usize> = match header {
            None => (0..pieces.len()).collect(),
            Some(header) => pieces
                .iter()
                .map(|piece| {
                    let mut places = (0..header.len()).filter(|&column| header[column] == piece.label);
                    match (places.next(), places.next()) {
                        (Some(column), None) => Ok(column),
                        (found, _) => Err(Error::input(
                            "spectral filter",
                            format!(
                                "{} column '{}'",
                                if found.is_none() { "there is no" } else { "there is more than one" },
                                piece.label
                            ),
                            "give one column for each piece, headed by the labels that 'isotypic decompose' prints",
                        )),
                    }
                })
                .collect::<Result<_>>()?,
        };
        // Labels of cycles are numbers, so that a header of them is read as a row.
        let numbers: Option<Vec<f64>> = pieces.iter().map(|piece| piece.label.parse().ok()).collect();
        if pieces.len() > 2 && numbers.is_some() && rows.first() == numbers.as_ref() {
            return Err(Error::input(
                "spectral filter",
                "the first row lists the labels of the pieces",
                "leave it out; columns stand in the order of 'isotypic decompose'",
            ));
        }
        rows.iter()
            .map(|row| {
                if row.len() != pieces.len() {
                    return Err(Error::shape(
                        "spectral filter",
                        format!("{} columns, one for each piece", pieces.len()),
                        row.len(),
                        "give one power gain for each piece that 'isotypic decompose' prints",
                    ));
                }
                RandomLayer::new(columns.iter().map(|&column| row[column]).collect())
            })
            .collect()
    }

    /// The same layer, scaled so that the next activation again receives unit energy, as normalisation does.
    pub fn rescaled(mut self) -> Self {
        self.rescale = true;
        self
    }

    /// The power gains.
    pub fn gains(&self) -> &[f64] {
        &self.gains
    }

    pub(super) fn apply(&self, energies: &[f64]) -> Result<Vec<f64>> {
        if self.gains.len() != energies.len() {
            return Err(Error::shape(
                "random layer",
                format!("{} power gains", energies.len()),
                self.gains.len(),
                "give one gain for each piece",
            ));
        }
        let mut passed: Vec<f64> =
            energies.iter().zip(&self.gains).map(|(energy, gain)| energy * gain).collect();
        let total: f64 = passed.iter().sum();
        if self.rescale && total > 0.0 {
            passed.iter_mut().for_each(|energy| *energy /= total);
        }
        Ok(passed)
    }
}

/// The energies around one activation.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerEnergies {
    /// Before the activation, by piece.
    pub before: Vec<f64>,
    /// After it.
    pub after: OutputEnergies,
}

impl EnergyFlow<'_> {
    /// Follows energies through `layers.len() + 1` activations with the layers between them. Without rescaling all
    /// energies are fractions of the first input's energy.
    ///
    /// ```
    /// use isotypic::action::GSet;
    /// use isotypic::analysis::{PointwiseFunction, flow::{EnergyFlow, FlowOptions, RandomLayer}};
    /// use isotypic::{group::PermutationGroup, representation::Decomposition};
    /// use std::sync::Arc;
    /// let group = Arc::new(PermutationGroup::parse("C6")?);
    /// let decomposition = Decomposition::new(&GSet::points(&group))?;
    /// let flow = EnergyFlow::new(&decomposition, PointwiseFunction::Relu, FlowOptions::default())?;
    /// let layers = flow.through(&[0.0, 1.0, 0.0, 0.0], &[RandomLayer::flat(4)])?;
    /// assert_eq!(layers[0].after.energies[3], 0.0);    // no edge from 1 to the sign
    /// assert!(layers[1].after.energies[3] > 1e-3);  // but two activations get there
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`spread`](EnergyFlow::spread); [`Error::Shape`] where gains do not fit the pieces.
    pub fn through(&self, start: &[f64], layers: &[RandomLayer]) -> Result<Vec<LayerEnergies>> {
        let mut before = start.to_vec();
        let mut found = Vec::with_capacity(layers.len() + 1);
        for depth in 0..=layers.len() {
            let after = self.spread(&before)?;
            let next = layers.get(depth).map(|layer| layer.apply(&after.energies)).transpose()?;
            found.push(LayerEnergies { before, after });
            before = next.unwrap_or_default();
        }
        Ok(found)
    }

    /// For each activation the matrix whose row `L` holds the energies after it when the first input had unit energy on
    /// `L` alone; the first one is [`matrix`](EnergyFlow::matrix).
    ///
    /// # Errors
    /// As [`matrix`](EnergyFlow::matrix) and [`through`](EnergyFlow::through).
    pub fn depth_matrices(&self, layers: &[RandomLayer]) -> Result<Vec<Vec<Vec<f64>>>> {
        let count = self.pieces().len();
        let mut matrices = vec![self.matrix()?];
        matrices.extend(layers.iter().map(|_| Vec::with_capacity(count)));
        for source in 0..count {
            let mut energies = matrices[0][source].clone();
            for (depth, layer) in layers.iter().enumerate() {
                energies = self.spread(&layer.apply(&energies)?)?.energies;
                matrices[depth + 1].push(energies.clone());
            }
        }
        Ok(matrices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::GSet;
    use crate::group::PermutationGroup;
    use crate::representation::Decomposition;
    use std::sync::Arc;

    #[test]
    fn filters_from_tables() {
        let set = GSet::points(&Arc::new(PermutationGroup::parse("C4").unwrap()));
        let decomposition = Decomposition::new(&set).unwrap();
        let pieces = decomposition.pieces();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let rows = [vec![1.0, 2.0, 3.0]];
        let gains = |header: Option<&[String]>| {
            RandomLayer::from_table(pieces, header, &rows).map(|layers| layers[0].gains().to_vec())
        };
        assert_eq!(gains(None).unwrap(), [1.0, 2.0, 3.0]);
        assert!(RandomLayer::from_table(pieces, None, &[vec![0.0, 1.0, 2.0], vec![1.0; 3]]).is_err());
        assert_eq!(gains(Some(&words("2 0 1"))).unwrap(), [2.0, 3.0, 1.0]);
        for header in ["0 1 x", "0 1 1"] {
            assert!(gains(Some(&words(header))).is_err());
        }
        assert!(RandomLayer::from_table(pieces, None, &[vec![1.0; 2]]).is_err());
        assert!(RandomLayer::from_table(pieces, None, &[vec![-1.0; 3]]).is_err());
    }
}
