//! The one interface of all transforms.

use super::abelian_fourier::AbelianFourier;
use super::isotypic_basis::IsotypicBasis;
use crate::action::GSet;
use crate::error::Result;
use crate::representation::{Decomposition, SimplePiece};
use std::ops::Range;

/// An orthonormal change of coordinates from functions on a set to isotypic coordinates.
///
/// The coefficients of a piece lie together, at [`range`](Self::range): coordinate `i` of copy `c` of a piece of
/// dimension `d` has offset `c d + i`, and a group element acts on all copies by the same `d x d` matrix. The transform
/// is orthonormal, so energies add up: `|f|^2 = sum_x f(x)^2 = sum_k F[k]^2`, piece by piece.
pub trait Transform {
    /// The number of points, which is the number of coefficients.
    fn size(&self) -> usize;

    /// The pieces, in the order of their coefficients.
    fn pieces(&self) -> &[SimplePiece];

    /// Where the coefficients of a piece lie.
    fn range(&self, piece: usize) -> Range<usize>;

    /// The coefficients of a function.
    ///
    /// # Panics
    /// Panics where `f` has not [`size`](Self::size) values.
    fn forward(&self, f: &[f64]) -> Vec<f64>;

    /// The function with these coefficients.
    ///
    /// # Panics
    /// Panics where there are not [`size`](Self::size) coefficients.
    fn inverse(&self, coefficients: &[f64]) -> Vec<f64>;

    /// The energy of a function in each isotypic component; they add up to `|f|^2`.
    fn energies(&self, f: &[f64]) -> Vec<f64> {
        let coefficients = self.forward(f);
        (0..self.pieces().len())
            .map(|piece| coefficients[self.range(piece)].iter().map(|c| c * c).sum())
            .collect()
    }

    /// The function whose part in each isotypic component is multiplied by a factor: 1 on a few pieces and 0 elsewhere
    /// projects to them.
    ///
    /// # Panics
    /// Panics where there is not one factor for each piece.
    fn filter(&self, f: &[f64], factors: &[f64]) -> Vec<f64> {
        assert_eq!(factors.len(), self.pieces().len(), "one factor for each piece");
        let mut coefficients = self.forward(f);
        for (piece, factor) in factors.iter().enumerate() {
            coefficients[self.range(piece)].iter_mut().for_each(|c| *c *= factor);
        }
        self.inverse(&coefficients)
    }
}

/// The best transform for a set: fast where the group acts as an abelian group, else by a dense orthogonal matrix.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, harmonic};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("S4")?);
/// let transform = harmonic::plan(&GSet::points(&group))?;
/// let f = [3.0, -1.0, -1.0, -1.0];
/// let energies = transform.energies(&f);
/// assert!(energies[0].abs() < 1e-12 && (energies[1] - 12.0).abs() < 1e-12);
/// # Ok::<(), isotypic::Error>(())
/// ```
///
/// # Errors
/// As [`Decomposition::new`] and [`IsotypicBasis::new`].
pub fn plan(set: &GSet) -> Result<Box<dyn Transform>> {
    Ok(match Decomposition::new(set)? {
        Decomposition::Abelian(abelian) => Box::new(AbelianFourier::new(&abelian)),
        Decomposition::General(general) => Box::new(IsotypicBasis::new(set, &general)?),
    })
}
