//! Energy per isotypic component.

use super::abelian_fourier::AbelianFourier;
use super::transform::Transform;
use crate::action::GSet;
use crate::action::orbitals::LARGEST_TABLE;
use crate::error::{Error, Result};
use crate::representation::{Decomposition, SimplePiece};

/// Measures how the energy `|f|^2` of functions on a set splits over the isotypic components.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, harmonic::Spectrum};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C4")?);
/// let spectrum = Spectrum::new(&GSet::points(&group))?;
/// let energies = spectrum.energies(&[1.0, 0.0, -1.0, 0.0]);
/// assert!((energies[1] - 2.0).abs() < 1e-12 && energies[0] < 1e-12);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub struct Spectrum {
    decomposition: Decomposition,
    size: usize,
    method: Method,
}

enum Method {
    /// The fast transforms.
    Fourier(AbelianFourier),
    /// The orbital of every pair: `|P_L f|^2 = sum_k P_L[k] sum_{(x, y) in orbital k} f(x) f(y)`.
    Orbitals(Vec<u32>),
}

impl Spectrum {
    /// Decomposes and plans.
    ///
    /// # Errors
    /// As [`Decomposition::new`]; [`Error::TooLarge`] where a table of pairs would be needed and is too large.
    pub fn new(set: &GSet) -> Result<Self> {
        let decomposition = Decomposition::new(set)?;
        let method = match &decomposition {
            Decomposition::Abelian(abelian) => Method::Fourier(AbelianFourier::new(abelian)),
            Decomposition::General(general) => {
                let pairs = set.size().checked_mul(set.size()).filter(|&pairs| pairs <= LARGEST_TABLE);
                if pairs.is_none() {
                    return Err(Error::too_large(
                        format!("the spectrum on {} of {}", set.name(), set.group().name()),
                        format!("{0} x {0} pairs", set.size()),
                        format!("{LARGEST_TABLE} pairs"),
                        "choose a smaller set",
                    ));
                }
                let suborbits = general.suborbits();
                Method::Orbitals((0..set.size()).flat_map(|x| suborbits.row(x)).collect())
            }
        };
        Ok(Spectrum { size: set.size(), decomposition, method })
    }

    /// The decomposition.
    pub fn decomposition(&self) -> &Decomposition {
        &self.decomposition
    }

    /// The pieces, in the order of [`energies`](Self::energies).
    pub fn pieces(&self) -> &[SimplePiece] {
        self.decomposition.pieces()
    }

    /// The number of points of the set.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The energies of many functions, given one behind the other: one row of energies for each. Abelian actions
    /// transform two functions at a time.
    ///
    /// # Errors
    /// [`Error::Shape`] where the length is no multiple of the size of the set.
    pub fn batch_energies(&self, functions: &[f64]) -> Result<Vec<f64>> {
        if !functions.len().is_multiple_of(self.size) {
            return Err(Error::shape(
                "a batch of functions",
                format!("a multiple of {} values", self.size),
                functions.len(),
                "give one value for each point and function",
            ));
        }
        Ok(match &self.method {
            Method::Fourier(fourier) => fourier.batch_energies(functions),
            Method::Orbitals(_) => functions.chunks(self.size).flat_map(|f| self.energies(f)).collect(),
        })
    }

    /// The energy of `f` in each isotypic component; the energies add up to `|f|^2`.
    ///
    /// O(|X| log |X|) for abelian actions, O(|X|^2) otherwise.
    ///
    /// # Panics
    /// Panics where `f` has another length than the set.
    pub fn energies(&self, f: &[f64]) -> Vec<f64> {
        assert_eq!(f.len(), self.size, "length of a function on the set");
        match (&self.method, &self.decomposition) {
            (Method::Orbitals(table), Decomposition::General(general)) => {
                let mut products = vec![0.0; general.suborbits().rank()];
                for (x, row) in table.chunks(self.size).enumerate() {
                    if f[x] == 0.0 {
                        continue;
                    }
                    for (y, &orbital) in row.iter().enumerate() {
                        products[orbital as usize] += f[x] * f[y];
                    }
                }
                (0..self.pieces().len())
                    .map(|piece| {
                        let energy: f64 = general
                            .projector(piece)
                            .iter()
                            .zip(&products)
                            .map(|(p, product)| p * product)
                            .sum();
                        energy.max(0.0)
                    })
                    .collect()
            }
            (Method::Fourier(fourier), _) => fourier.energies(f),
            (Method::Orbitals(_), Decomposition::Abelian(_)) => {
                unreachable!("abelian actions use transforms")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use proptest::prelude::*;
    use std::sync::Arc;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        /// Energies add up, and neither the group nor the order of generators changes them.
        #[test]
        fn energies_are_invariant_and_complete(
            choice in 0usize..6,
            f in proptest::collection::vec(-3.0f64..3.0, 30),
        ) {
            let (group, on) = [
                ("C6", "points*2"), ("C2xC4", "points"), ("S4", "points+subsets:2"), ("Q8", "points"),
                ("D5", "points+regular"), ("<(1,2)(3,4,5,6),(3,5)(4,6)>", "points"),
            ][choice];
            let set = grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap();
            let spectrum = Spectrum::new(&set).unwrap();
            let f = &f[..set.size()];
            let energies = spectrum.energies(f);
            let total: f64 = f.iter().map(|v| v * v).sum();
            prop_assert!((energies.iter().sum::<f64>() - total).abs() < 1e-9);
            for generator in set.generators() {
                let mut moved = vec![0.0; f.len()];
                for (x, &value) in f.iter().enumerate() {
                    moved[generator.apply(x)] = value;
                }
                for (a, b) in spectrum.energies(&moved).iter().zip(&energies) {
                    prop_assert!((a - b).abs() < 1e-9);
                }
            }
        }
    }
}
