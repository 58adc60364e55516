//! The fast transform of any set on which the group acts as an abelian group, in real isotypic coordinates.
//!
//! A piece with character `chi = conj(chi)` has one coordinate for each orbit on which it occurs, the coefficient
//! itself; a pair `{chi, conj(chi)}` has two, along `cos` and `sin`: `sqrt(2) (Re F, -Im F)`. Copies of a piece are its
//! orbits, in their order.

use super::abelian_transform::{AbelianTransform, Scratch};
use super::transform::Transform;
use crate::representation::SimplePiece;
use crate::representation::abelian::{AbelianDecomposition, AbelianOrbit};
use num_complex::Complex64;
use rustfft::FftPlanner;
use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};
use std::ops::Range;

/// How many complex values are transformed at once in batches: what the first cache holds.
const BLOCK: usize = 1024;

/// The transform of functions on a set with an abelian action. O(N log N) for each orbit of `N` points.
///
/// ```
/// use isotypic::{action::GSet, group::PermutationGroup, representation::abelian::AbelianDecomposition};
/// use isotypic::harmonic::{AbelianFourier, Transform};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("C4")?);
/// let fourier = AbelianFourier::new(&AbelianDecomposition::new(&GSet::points(&group))?);
/// let f = [1.0, 2.0, -1.0, 0.0];
/// let coefficients = fourier.forward(&f);
/// let expected = [1.0, 2.0f64.sqrt(), 2.0f64.sqrt(), -1.0];
/// assert!(coefficients.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone)]
pub struct AbelianFourier {
    pieces: Vec<SimplePiece>,
    starts: Vec<usize>,
    orbits: Vec<OrbitPlan>,
}

/// The transform of one orbit and what its coefficients mean.
#[derive(Clone)]
pub struct OrbitPlan {
    /// The complex transform.
    pub transform: AbelianTransform,
    /// One entry for each piece that occurs on the orbit.
    pub frequencies: Vec<OrbitFrequency>,
}

/// A real piece among the characters of an orbit.
#[derive(Clone, Copy, Debug)]
pub struct OrbitFrequency {
    /// The index of the piece's character among the coefficients.
    pub index: u32,
    /// The index of the conjugate character; the same for a real one.
    pub conjugate: u32,
    /// The piece.
    pub piece: u32,
    /// Where its coordinates start among the isotypic coordinates of the whole set.
    pub place: u32,
}

impl AbelianFourier {
    /// Plans the transforms of all orbits; O(|X|) besides the planning of the FFTs.
    pub fn new(abelian: &AbelianDecomposition) -> Self {
        let pieces = abelian.pieces().to_vec();
        let mut starts = vec![0];
        for piece in &pieces {
            starts.push(starts[starts.len() - 1] + piece.dim * piece.multiplicity);
        }
        let mut free = starts.clone();
        let mut planner = FftPlanner::new();
        let orbits = abelian
            .orbits()
            .iter()
            .map(|orbit| {
                let transform = AbelianTransform::new(orbit, abelian.exponent(), &mut planner);
                let mut frequencies = Vec::with_capacity(orbit.points.len() / 2 + 1);
                for (index, t) in orbit.characters(abelian.exponent()).iter().enumerate() {
                    let conjugate = conjugate_index(orbit, t, abelian.exponent());
                    if conjugate < index {
                        continue;
                    }
                    let Some(piece) = abelian.piece_of(t) else { continue };
                    // The piece's own character comes first, so that all copies turn the same way.
                    let own = abelian.character(piece) == t.as_slice();
                    let (index, conjugate) = if own { (index, conjugate) } else { (conjugate, index) };
                    frequencies.push(OrbitFrequency {
                        index: index as u32,
                        conjugate: conjugate as u32,
                        piece: piece as u32,
                        place: free[piece] as u32,
                    });
                    free[piece] += pieces[piece].dim;
                }
                OrbitPlan { transform, frequencies }
            })
            .collect();
        AbelianFourier { pieces, starts, orbits }
    }

    /// The transforms of the orbits.
    pub fn orbits(&self) -> &[OrbitPlan] {
        &self.orbits
    }

    /// The energies of many functions, one behind the other: row `i` of the answer has one entry for each piece. Two
    /// functions share one complex transform.
    ///
    /// # Panics
    /// Panics where the length is no multiple of the size of the set.
    pub fn batch_energies(&self, functions: &[f64]) -> Vec<f64> {
        let (size, count) = (self.size(), self.pieces.len());
        assert_eq!(functions.len() % size, 0, "a whole number of functions");
        let mut energies = vec![0.0; functions.len() / size * count];
        let (mut values, mut scratch) = (Vec::new(), Scratch::default());
        for plan in &self.orbits {
            let n = plan.transform.size();
            let in_order = n == size && plan.transform.points().iter().zip(0..).all(|(&x, e)| x == e);
            let pairs = (BLOCK / n).max(1);
            let scale = 0.5 / n as f64;
            let blocks = functions.chunks(2 * pairs * size).zip(energies.chunks_mut(2 * pairs * count));
            for (block, out) in blocks {
                values.clear();
                for pair in block.chunks(2 * size) {
                    let (f, g) = pair.split_at(size);
                    plan.load(f, g, in_order, &mut values);
                }
                plan.transform.process_forward(&mut values, &mut scratch);
                for (coefficients, out) in values.chunks(n).zip(out.chunks_mut(2 * count)) {
                    let (first, second) = out.split_at_mut(count);
                    plan.add_energies(coefficients, scale, first, second);
                }
            }
        }
        energies
    }
}

impl OrbitPlan {
    /// Appends `f + i g` on the orbit; `g` may be empty. `in_order` says that the orbit is the whole set in its order.
    fn load(&self, f: &[f64], g: &[f64], in_order: bool, values: &mut Vec<Complex64>) {
        let points = self.transform.points();
        if g.is_empty() {
            values.extend(points.iter().map(|&x| Complex64::new(f[x as usize], 0.0)));
        } else if in_order {
            values.extend(f.iter().zip(g).map(|(&re, &im)| Complex64::new(re, im)));
        } else {
            values.extend(points.iter().map(|&x| Complex64::new(f[x as usize], g[x as usize])));
        }
    }

    /// Splits the transform of `f + i g` and adds the energies of both; `second` may be empty.
    fn add_energies(&self, z: &[Complex64], scale: f64, first: &mut [f64], second: &mut [f64]) {
        for frequency in &self.frequencies {
            let piece = frequency.piece as usize;
            let (a, b) = (z[frequency.index as usize], z[frequency.conjugate as usize].conj());
            // |F|^2 = |a + b|^2 / 4, and twice that for a pair.
            let weight = if frequency.index == frequency.conjugate { 0.5 * scale } else { scale };
            first[piece] += weight * (a + b).norm_sqr();
            if let Some(energy) = second.get_mut(piece) {
                *energy += weight * (a - b).norm_sqr();
            }
        }
    }
}

/// The index of the conjugate of a character of an orbit.
fn conjugate_index(orbit: &AbelianOrbit, t: &[u64], exponent: u64) -> usize {
    let conjugate: Vec<u64> = t.iter().map(|&t| (exponent - t) % exponent).collect();
    let mut index = 0;
    for (j, &radix) in orbit.radices.iter().enumerate() {
        let step = exponent / radix as u64;
        let start = orbit.first_choice(j, &conjugate[..j], exponent);
        index = index * radix + ((conjugate[j] + exponent - start) % exponent / step) as usize;
    }
    index
}

impl Transform for AbelianFourier {
    fn size(&self) -> usize {
        self.starts[self.pieces.len()]
    }

    fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    fn range(&self, piece: usize) -> Range<usize> {
        self.starts[piece]..self.starts[piece + 1]
    }

    fn forward(&self, f: &[f64]) -> Vec<f64> {
        assert_eq!(f.len(), self.size(), "length of a function on the set");
        let mut coefficients = vec![0.0; self.size()];
        for plan in &self.orbits {
            let values = plan.transform.forward(f);
            for frequency in &plan.frequencies {
                let (value, place) = (values[frequency.index as usize], frequency.place as usize);
                if frequency.index == frequency.conjugate {
                    coefficients[place] = value.re;
                } else {
                    coefficients[place] = SQRT_2 * value.re;
                    coefficients[place + 1] = -SQRT_2 * value.im;
                }
            }
        }
        coefficients
    }

    fn inverse(&self, coefficients: &[f64]) -> Vec<f64> {
        assert_eq!(coefficients.len(), self.size(), "number of coefficients");
        let mut f = vec![0.0; self.size()];
        for plan in &self.orbits {
            let mut values = vec![Complex64::ZERO; plan.transform.size()];
            for frequency in &plan.frequencies {
                let place = frequency.place as usize;
                if frequency.index == frequency.conjugate {
                    values[frequency.index as usize] = Complex64::new(coefficients[place], 0.0);
                } else {
                    let value = Complex64::new(coefficients[place], -coefficients[place + 1]) * FRAC_1_SQRT_2;
                    values[frequency.index as usize] = value;
                    values[frequency.conjugate as usize] = value.conj();
                }
            }
            plan.transform.inverse(&values, &mut f);
        }
        f
    }

    fn energies(&self, f: &[f64]) -> Vec<f64> {
        assert_eq!(f.len(), self.size(), "length of a function on the set");
        self.batch_energies(f)
    }
}
