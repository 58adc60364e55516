//! The frequency response of an equivariant linear layer: its matrix in isotypic bases, piece by piece.
//!
//! An equivariant `W: Fun(X) -> Fun(Y)` maps every isotypic component to the one of the same piece. With bases in which
//! the group acts by the same matrices on all copies, its block on `L` is a matrix over `End(L)`, copies of `L` in `Y`
//! by copies in `X`, tensored with the identity of `L`; so every singular value of the block occurs `dim L` times, and is
//! given once. On a cycle with one channel each these are the moduli of the filter's Fourier coefficients.

use crate::action::GSet;
use crate::error::{Error, Result};
use crate::harmonic::{Transform, plan};
use crate::representation::SimplePiece;
use nalgebra::{DMatrix, DVector};

/// The response of a layer on one piece.
#[derive(Clone, Debug)]
pub struct PieceResponse {
    /// The piece; its multiplicity counts the copies in both sets together.
    pub piece: SimplePiece,
    /// How many copies of it the input holds.
    pub input_copies: usize,
    /// How many copies of it the output holds.
    pub output_copies: usize,
    /// The layer's matrix between the copies: row `output copy * dim + coordinate`, column
    /// `input copy * dim + coordinate`.
    pub block: DMatrix<f64>,
    /// The singular values, largest first, each given once instead of `dim` times: as many as the smaller number of
    /// copies.
    pub singular_values: Vec<f64>,
}

impl PieceResponse {
    /// The mean factor by which energy on the piece grows: `|block|^2 / columns`; 0 where the input has no copy.
    pub fn power_gain(&self) -> f64 {
        self.block.norm_squared() / self.block.ncols().max(1) as f64
    }
}

/// The frequency response of a linear layer.
///
/// ```
/// use isotypic::{action::GSet, analysis::FrequencyResponse, group::PermutationGroup};
/// use nalgebra::DMatrix;
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C4")?);
/// let set = GSet::points(&group);
/// // The difference of neighbours: nothing at frequency 0, most at frequency 2.
/// let weights = DMatrix::from_fn(4, 4, |y, x| if y == x { 1.0 } else if (y + 1) % 4 == x { -1.0 } else { 0.0 });
/// let response = FrequencyResponse::new(&weights, &set, &set)?;
/// let gains: Vec<f64> = response.pieces().iter().map(|p| p.singular_values[0]).collect();
/// let expected = [0.0, 2f64.sqrt(), 2.0];
/// assert!(gains.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FrequencyResponse {
    pieces: Vec<PieceResponse>,
    residual: f64,
}

impl FrequencyResponse {
    /// The response of `weights: |Y| x |X|`. Channels are copies of a set, as in `points*16`.
    ///
    /// Both sets are decomposed as one disjoint union, so that copies in `X` and in `Y` share their bases and pieces
    /// have one name. O(|X| (|X| |Y| + t)) with `t` the cost of a transform, plus the singular values.
    ///
    /// # Errors
    /// [`Error::Shape`] where the matrix does not fit the sets; as [`plan`].
    pub fn new(weights: &DMatrix<f64>, input: &GSet, output: &GSet) -> Result<Self> {
        if weights.shape() != (output.size(), input.size()) {
            return Err(Error::shape(
                "frequency response",
                format!("a {} x {} matrix", output.size(), input.size()),
                format!("{} x {}", weights.nrows(), weights.ncols()),
                "give the sets on whose functions the layer acts",
            ));
        }
        let transform = plan(&GSet::sum(vec![input.clone(), output.clone()])?)?;
        let sides: Vec<(Vec<usize>, Vec<usize>)> =
            (0..transform.pieces().len()).map(|piece| sides(&*transform, piece, input.size())).collect();
        let mut residual = 0f64;
        let mut pieces = Vec::with_capacity(sides.len());
        for (index, (inputs, outputs)) in sides.iter().enumerate() {
            let piece = transform.pieces()[index].clone();
            let mut block = DMatrix::zeros(outputs.len() * piece.dim, inputs.len() * piece.dim);
            let places = |copies: &[usize]| -> Vec<usize> {
                copies.iter().flat_map(|&start| start..start + piece.dim).collect()
            };
            let rows = places(outputs);
            for (column, place) in places(inputs).into_iter().enumerate() {
                let mut image = image(&*transform, weights, place);
                for (row, &place) in rows.iter().enumerate() {
                    block[(row, column)] = std::mem::take(&mut image[place]);
                }
                // What is left went to another piece, which an equivariant layer does not do.
                residual = image.iter().fold(residual, |worst, value| worst.max(value.abs()));
            }
            let (singular_values, uneven) = grouped_singular_values(&block, piece.dim);
            residual = residual.max(uneven);
            pieces.push(PieceResponse {
                piece,
                input_copies: inputs.len(),
                output_copies: outputs.len(),
                block,
                singular_values,
            });
        }
        Ok(FrequencyResponse { pieces, residual })
    }

    /// The response on each piece that occurs in either set.
    pub fn pieces(&self) -> &[PieceResponse] {
        &self.pieces
    }

    /// How far the matrix is from equivariant, in the size of its entries in isotypic bases: what it sends to other
    /// pieces, and how uneven its singular values are within a piece. Rounding only for an equivariant layer.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// The power gains of the pieces with these labels and dimensions, as a
    /// [`RandomLayer`](crate::analysis::flow::RandomLayer) takes them; 0 for a piece that the layer does not have.
    ///
    /// Labels name the same piece on different sets for abelian groups (frequencies) and for `S_n` (partitions).
    pub fn power_gains(&self, pieces: &[SimplePiece]) -> Vec<f64> {
        pieces
            .iter()
            .map(|wanted| {
                let same = |p: &&PieceResponse| p.piece.label == wanted.label && p.piece.dim == wanted.dim;
                self.pieces.iter().find(same).map_or(0.0, PieceResponse::power_gain)
            })
            .collect()
    }
}

/// Where the copies of a piece start that live on the first `split` points, and those that live on the others.
fn sides(transform: &dyn Transform, piece: usize, split: usize) -> (Vec<usize>, Vec<usize>) {
    let range = transform.range(piece);
    range.step_by(transform.pieces()[piece].dim).partition(|&start| {
        let mut unit = vec![0.0; transform.size()];
        unit[start] = 1.0;
        let energy: f64 = transform.inverse(&unit)[..split].iter().map(|v| v * v).sum();
        energy > 0.5
    })
}

/// The layer's image of a basis vector of the input, in isotypic coordinates.
fn image(transform: &dyn Transform, weights: &DMatrix<f64>, place: usize) -> Vec<f64> {
    let mut unit = vec![0.0; transform.size()];
    unit[place] = 1.0;
    let inputs = weights.ncols();
    let vector = DVector::from_column_slice(&transform.inverse(&unit)[..inputs]);
    let mut values = vec![0.0; inputs];
    values.extend((weights * vector).iter());
    transform.forward(&values)
}

/// The singular values of a block, one of each `dim` equal ones, and the largest difference within such a group.
fn grouped_singular_values(block: &DMatrix<f64>, dim: usize) -> (Vec<f64>, f64) {
    if block.is_empty() {
        return (Vec::new(), 0.0);
    }
    let mut values = block.singular_values().as_slice().to_vec();
    values.sort_by(|a, b| b.total_cmp(a));
    let uneven = values.chunks(dim).map(|group| group[0] - group[group.len() - 1]).fold(0.0, f64::max);
    (values.chunks(dim).map(|group| group.iter().sum::<f64>() / group.len() as f64).collect(), uneven)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::{Orbitals, grammar};
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    fn set(group: &str, on: &str) -> GSet {
        grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap()
    }

    /// A layer with one weight per orbital.
    fn equivariant(input: &GSet, output: &GSet) -> DMatrix<f64> {
        let orbitals = Orbitals::new(output, input).unwrap();
        DMatrix::from_fn(output.size(), input.size(), |y, x| (orbitals.of(y, x) as f64 * 1.9 + 0.4).sin())
    }

    #[test]
    fn singular_values_are_those_of_the_matrix() {
        for (group, from, to) in [
            ("C6", "points*2", "points*3"),
            ("C3^2", "points", "points*2"),
            ("S4", "points*2", "subsets:2+points"),
            ("Q8", "points", "points*2"),
            ("A4", "points", "regular"),
            ("C4", "points", "cosets:(1,3)(2,4)"),
        ] {
            let (input, output) = (set(group, from), set(group, to));
            let weights = equivariant(&input, &output);
            let response = FrequencyResponse::new(&weights, &input, &output).unwrap();
            assert!(response.residual() < 1e-9, "{group} {from} {to}: {}", response.residual());
            let mut found: Vec<f64> = response
                .pieces()
                .iter()
                .flat_map(|p| p.singular_values.iter().flat_map(|&s| std::iter::repeat_n(s, p.piece.dim)))
                .filter(|&s| s > 1e-9)
                .collect();
            found.sort_by(|a, b| b.total_cmp(a));
            let mut expected: Vec<f64> =
                weights.singular_values().iter().copied().filter(|&s| s > 1e-9).collect();
            expected.sort_by(|a, b| b.total_cmp(a));
            assert_eq!(found.len(), expected.len(), "{group} {from} {to}");
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-8));
            let energy: f64 = response.pieces().iter().map(|p| p.block.norm_squared()).sum();
            assert!((energy / weights.norm_squared() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_not_equivariant_shows() {
        let points = set("S4", "points");
        let mut weights = equivariant(&points, &points);
        weights[(0, 1)] += 0.5;
        assert!(FrequencyResponse::new(&weights, &points, &points).unwrap().residual() > 1e-2);
        assert!(FrequencyResponse::new(&DMatrix::zeros(4, 3), &points, &points).is_err());
    }

    #[test]
    fn gains_are_found_by_name() {
        let points = set("C5", "points");
        let response = FrequencyResponse::new(&(DMatrix::identity(5, 5) * 3.0), &points, &points).unwrap();
        let pieces: Vec<SimplePiece> = response.pieces().iter().map(|p| p.piece.clone()).collect();
        assert!(response.power_gains(&pieces).iter().all(|gain| (gain - 9.0).abs() < 1e-12));
        let other = SimplePiece { label: "7".into(), ..pieces[0].clone() };
        assert_eq!(response.power_gains(&[other]), [0.0]);
    }
}
