//! The flow as a sum over orbitals.

use super::PointSums;
use super::kernel::{GaussianKernel, Marginal};
use crate::representation::decomposition::GeneralDecomposition;

/// What the flow needs of a decomposition through the commutant algebra.
#[derive(Debug)]
pub(super) struct GeneralFlow<'a> {
    general: &'a GeneralDecomposition,
    /// By orbital: the number of pairs in it and the orbits of its two points.
    orbitals: Vec<(f64, usize, usize)>,
    /// By orbit: the orbital of its diagonal, and its size.
    diagonals: Vec<(usize, usize)>,
}

impl<'a> GeneralFlow<'a> {
    pub(super) fn new(general: &'a GeneralDecomposition) -> Self {
        let suborbits = general.suborbits();
        let mut orbitals = Vec::with_capacity(suborbits.rank());
        let mut diagonals = Vec::with_capacity(suborbits.bases().len());
        for (from, base) in suborbits.bases().iter().enumerate() {
            diagonals.push((base.first_orbital + base.suborbits.of(base.point), base.orbit_size));
            for (&size, &point) in base.suborbits.sizes().iter().zip(base.suborbits.representatives()) {
                orbitals.push(((base.orbit_size * size) as f64, from, suborbits.orbits().of(point)));
            }
        }
        GeneralFlow { general, orbitals, diagonals }
    }

    pub(super) fn row(
        &self,
        kernel: &GaussianKernel,
        source: usize,
        strength: f64,
        output: &mut [f64],
    ) -> PointSums {
        let covariance: Vec<f64> = self.general.projector(source).iter().map(|p| strength * p).collect();
        self.energies(kernel, &covariance, output)
    }

    pub(super) fn spread(&self, kernel: &GaussianKernel, strengths: &[f64], output: &mut [f64]) -> PointSums {
        let mut covariance = vec![0.0; self.orbitals.len()];
        for (piece, &strength) in strengths.iter().enumerate() {
            if strength > 0.0 {
                for (entry, p) in covariance.iter_mut().zip(self.general.projector(piece)) {
                    *entry += strength * p;
                }
            }
        }
        self.energies(kernel, &covariance, output)
    }

    /// `sum over orbitals of (pairs) P_K k(C)` for every piece `K`.
    fn energies(&self, kernel: &GaussianKernel, covariance: &[f64], output: &mut [f64]) -> PointSums {
        let mut sums = PointSums::default();
        let marginals: Vec<Marginal> = self
            .diagonals
            .iter()
            .map(|&(diagonal, points)| {
                let marginal = kernel.marginal(covariance[diagonal]);
                sums.add(points, &marginal);
                marginal
            })
            .collect();
        let weighted: Vec<f64> = self
            .orbitals
            .iter()
            .zip(covariance)
            .map(|(&(pairs, from, to), &c)| pairs * kernel.value(&marginals[from], &marginals[to], c))
            .collect();
        for (piece, energy) in output.iter_mut().enumerate() {
            *energy = self.general.projector(piece).iter().zip(&weighted).map(|(p, k)| p * k).sum();
        }
        sums
    }
}
