//! Groups that act through an abelian group: characters, exactly.
//!
//! Let the generators `g_1, ..., g_k` commute on `X`. On an orbit with base point `x_0` every point is
//! `g_1^e_1 ... g_k^e_k x_0` with unique `0 <= e_j < r_j`, where `r_j` is the least power of `g_j` that leads back into
//! what the generators before it reach: `g_j^r_j = g_1^c_j1 ... g_(j-1)^c_j,j-1` on the orbit. A character of the orbit
//! sends `g_j` to `exp(2 pi i t_j / E)`, `E` the exponent, and the relations leave `r_j` choices of `t_j` once the
//! earlier ones are fixed: `r_j t_j = sum_i c_ji t_i mod E`. All of this is integers; no angle is ever rounded.

use super::piece::{RealType, SimplePiece};
use crate::action::GSet;
use crate::error::{Error, Result};
use crate::group::permutation::gcd;
use crate::num::Natural;
use rustc_hash::FxHashMap;

/// One orbit in coordinates.
#[derive(Clone, Debug)]
pub struct AbelianOrbit {
    /// The points; `points[e]` has exponents given by the mixed-radix digits of `e`, the last digit running fastest.
    pub points: Vec<u32>,
    /// The relative orders `r_j`.
    pub radices: Vec<usize>,
    /// `relations[j][i] = c_ji` for `i < j`.
    relations: Vec<Vec<u64>>,
}

impl AbelianOrbit {
    /// The characters of the orbit as vectors `t` over the common exponent, in the order of the transform: digit `j`
    /// chooses `t_j` among its `r_j` values.
    pub fn characters(&self, exponent: u64) -> Vec<Vec<u64>> {
        let mut characters = vec![vec![]];
        for j in 0..self.radices.len() {
            let step = exponent / self.radices[j] as u64;
            characters = characters
                .iter()
                .flat_map(|earlier: &Vec<u64>| {
                    let start = self.first_choice(j, earlier, exponent);
                    (0..self.radices[j] as u64).map(move |k| {
                        let mut t = earlier.clone();
                        t.push((start + k * step) % exponent);
                        t
                    })
                })
                .collect();
        }
        characters
    }

    /// The exponents of the point with number `place`.
    pub fn coordinates(&self, place: usize) -> Vec<u64> {
        digits(place, &self.radices)
    }

    /// Whether the character `t` over the exponent respects the relations of the orbit, so that it occurs in its
    /// functions.
    pub fn admits(&self, t: &[u64], exponent: u64) -> bool {
        (0..self.radices.len()).all(|j| {
            let step = exponent / self.radices[j] as u64;
            t[j] % step == self.first_choice(j, t, exponent) % step
        })
    }

    /// The smallest `t_j` that the relation of generator `j` allows after the earlier ones.
    pub fn first_choice(&self, j: usize, earlier: &[u64], exponent: u64) -> u64 {
        let sum = self.relations[j]
            .iter()
            .zip(earlier)
            .fold(0u128, |sum, (&c, &t)| (sum + c as u128 * t as u128) % exponent as u128);
        sum as u64 / self.radices[j] as u64
    }
}

/// The decomposition of `Fun(X)` under a group that acts as an abelian group.
#[derive(Clone, Debug)]
pub struct AbelianDecomposition {
    pieces: Vec<SimplePiece>,
    /// The character `t` of each piece, the smaller one of `t` and `-t`.
    characters: Vec<Vec<u64>>,
    index: FxHashMap<Vec<u64>, u32>,
    exponent: u64,
    orbits: Vec<AbelianOrbit>,
}

impl AbelianDecomposition {
    /// Decomposes; O(|X| k) with `k` the number of generators, plus sorting.
    ///
    /// # Errors
    /// [`Error::Input`] where the generators do not commute on the set; [`Error::TooLarge`] where the exponent exceeds
    /// 64 bits.
    pub fn new(set: &GSet) -> Result<Self> {
        if !set.acts_as_abelian() {
            return Err(Error::input(
                format!("action {} of {}", set.name(), set.group().name()),
                "the generators do not commute",
                "use the general decomposition",
            ));
        }
        let mut exponent = 1u64;
        let mut orders = Vec::new();
        for (generator, on_points) in set.generators().iter().zip(set.group().generators()) {
            let order = generator.order();
            let common = order.and_then(|order| exponent.checked_mul(order / gcd(exponent, order)));
            let (Some(order), Some(common)) = (order, common) else {
                return Err(Error::too_large(
                    format!("the exponent of {}", set.group().name()),
                    "more than 2^64",
                    "2^64",
                    "choose a group with fewer different cycle lengths",
                ));
            };
            orders.push(on_points.order().unwrap_or(order));
            exponent = common;
        }
        let split = set.orbits();
        let orbits: Vec<AbelianOrbit> =
            split.representatives().iter().map(|&base| coordinates(set, base)).collect();

        let mut all: Vec<Vec<u64>> = orbits
            .iter()
            .flat_map(|orbit| orbit.characters(exponent))
            .filter(|t| !is_larger_conjugate(t, exponent))
            .collect();
        all.sort_unstable();
        let mut characters: Vec<Vec<u64>> = Vec::with_capacity(all.len());
        let mut multiplicities: Vec<usize> = Vec::with_capacity(all.len());
        for t in all {
            match multiplicities.last_mut() {
                Some(multiplicity) if characters.last() == Some(&t) => *multiplicity += 1,
                _ => {
                    characters.push(t);
                    multiplicities.push(1);
                }
            }
        }
        let order = set.group().order();
        // Characters are many, their orders are few.
        let mut kernel_orders: FxHashMap<u64, Natural> = FxHashMap::default();
        let pieces = characters
            .iter()
            .zip(multiplicities)
            .map(|(t, multiplicity)| {
                let character_order = character_order(t, exponent);
                let kernel_order = kernel_orders
                    .entry(character_order)
                    .or_insert_with(|| &order / Natural::from(character_order));
                let real = t.iter().all(|&t| (2 * t as u128).is_multiple_of(exponent as u128));
                SimplePiece {
                    label: frequency_label(t, &orders, exponent),
                    dim: if real { 1 } else { 2 },
                    multiplicity,
                    real_type: if real { RealType::Real } else { RealType::Complex },
                    kernel_order: kernel_order.clone(),
                }
            })
            .collect();
        let index = characters.iter().cloned().zip(0..).collect();
        Ok(AbelianDecomposition { pieces, characters, index, exponent, orbits })
    }

    /// The pieces, sorted by frequency; the trivial one is first.
    pub fn pieces(&self) -> &[SimplePiece] {
        &self.pieces
    }

    /// The orbits in coordinates.
    pub fn orbits(&self) -> &[AbelianOrbit] {
        &self.orbits
    }

    /// The common exponent `E` over which characters are written.
    pub fn exponent(&self) -> u64 {
        self.exponent
    }

    /// The character `t` of a piece: generator `j` acts by `exp(2 pi i t_j / E)`.
    pub fn character(&self, piece: usize) -> &[u64] {
        &self.characters[piece]
    }

    /// The piece of a character or its conjugate; `None` where it does not occur.
    pub fn piece_of(&self, t: &[u64]) -> Option<usize> {
        if !is_larger_conjugate(t, self.exponent) {
            return self.index.get(t).map(|&piece| piece as usize);
        }
        let conjugate: Vec<u64> = t.iter().map(|&t| (self.exponent - t) % self.exponent).collect();
        self.index.get(&conjugate).map(|&piece| piece as usize)
    }

    /// Whether a piece occurs in the functions on an orbit.
    pub fn occurs(&self, piece: usize, orbit: usize) -> bool {
        self.orbits[orbit].admits(&self.characters[piece], self.exponent)
    }

    /// How far a piece's character turns from the base point of an orbit to its point at a place, in parts of the
    /// [`exponent`](Self::exponent); meaningful where the piece occurs on the orbit. O(number of generators).
    pub fn turns(&self, piece: usize, orbit: usize, place: usize) -> u64 {
        let exponent = u128::from(self.exponent);
        let steps = self.character(piece).iter().zip(self.orbits[orbit].coordinates(place));
        steps.fold(0, |sum, (&t, e)| (sum + u128::from(t) * u128::from(e)) % exponent) as u64
    }

    /// The pieces of the characters in the coset `start H`, sorted, where `H` is the group that `generators` generate.
    pub fn generated(&self, start: &[u64], generators: &[Vec<u64>]) -> Vec<u32> {
        let coset = self.coset(start, generators);
        let mut found: Vec<u32> =
            coset.iter().filter_map(|t| self.piece_of(t)).map(|piece| piece as u32).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The order of the group that some characters generate.
    pub fn generated_order(&self, generators: &[Vec<u64>]) -> usize {
        self.coset(&vec![0; self.characters[0].len()], generators).len()
    }

    fn coset(&self, start: &[u64], generators: &[Vec<u64>]) -> Vec<Vec<u64>> {
        let modulus = self.exponent as u128;
        let product = |a: &[u64], b: &[u64]| -> Vec<u64> {
            a.iter().zip(b).map(|(&a, &b)| ((a as u128 + b as u128) % modulus) as u64).collect()
        };
        let mut coset = vec![start.to_vec()];
        let mut known: rustc_hash::FxHashSet<Vec<u64>> = coset.iter().cloned().collect();
        for generator in generators {
            let mut shift = generator.clone();
            let before = coset.len();
            // Translates of what is there by the powers of the generator, until they come back.
            while !known.contains(&product(start, &shift)) {
                for place in 0..before {
                    let next = product(&coset[place], &shift);
                    known.insert(next.clone());
                    coset.push(next);
                }
                shift = product(&shift, generator);
            }
        }
        coset
    }

    /// The order of the character of a piece as an element of the dual group.
    pub fn character_order(&self, piece: usize) -> u64 {
        character_order(&self.characters[piece], self.exponent)
    }

    /// The pieces of the characters `start, start + step, start + 2 step, ...` times the character of a piece: the
    /// powers of a character in an arithmetic progression, each piece once, sorted.
    pub fn powers(&self, piece: usize, start: u64, step: u64) -> Vec<u32> {
        let t = &self.characters[piece];
        let modulus = self.exponent as u128;
        let times = |factor: u64| t.iter().map(move |&t| (t as u128 * factor as u128 % modulus) as u64);
        let order = character_order(t, self.exponent);
        let count = order / gcd(order, step);
        // Powers come in conjugate pairs, which belong to one piece: from `start` 0 or 1 half of them are enough.
        let half = if start == 0 { count / 2 + 1 } else { count.div_ceil(2) };
        let needed = if start == 0 || start * 2 == step { half.min(count) } else { count };
        let mut power: Vec<u64> = times(start % order).collect();
        let difference: Vec<u64> = times(step % order).collect();
        let mut found = Vec::with_capacity(needed as usize);
        for _ in 0..needed {
            found
                .push(self.piece_of(&power).expect("powers of a character of an orbit are characters of it")
                    as u32);
            for (value, &d) in power.iter_mut().zip(&difference) {
                *value = ((*value as u128 + d as u128) % modulus) as u64;
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Whether `-t` comes before `t`, so that the pair is known by the other one.
fn is_larger_conjugate(t: &[u64], exponent: u64) -> bool {
    for &t in t {
        let conjugate = (exponent - t) % exponent;
        if t != conjugate {
            return conjugate < t;
        }
    }
    false
}

fn character_order(t: &[u64], exponent: u64) -> u64 {
    exponent / t.iter().fold(exponent, |common, &t| gcd(common, t))
}

/// The frequency with respect to each generator: `t_j / E = k_j / order_j`.
fn frequency_label(t: &[u64], orders: &[u64], exponent: u64) -> String {
    let frequencies: Vec<String> = t
        .iter()
        .zip(orders)
        .map(|(&t, &order)| (t as u128 * order as u128 / exponent as u128).to_string())
        .collect();
    match frequencies.as_slice() {
        [] => "0".into(),
        [one] => one.clone(),
        many => format!("({})", many.join(",")),
    }
}

/// The coordinates of the orbit of `base`.
fn coordinates(set: &GSet, base: usize) -> AbelianOrbit {
    let mut points = vec![base as u32];
    let mut place: FxHashMap<u32, usize> = FxHashMap::from_iter([(base as u32, 0)]);
    let mut radices: Vec<usize> = Vec::new();
    let mut relations = Vec::new();
    for generator in set.generators() {
        // Blocks g_j^e (earlier points), e = 0, 1, ...; the last digit must run fastest, so they are interleaved below.
        let mut blocks = vec![points.clone()];
        let mut returned = generator.apply(base);
        while !place.contains_key(&(returned as u32)) {
            let next = blocks[blocks.len() - 1].iter().map(|&x| generator.apply(x as usize) as u32).collect();
            blocks.push(next);
            returned = generator.apply(returned);
        }
        relations.push(digits(place[&(returned as u32)], &radices));
        radices.push(blocks.len());
        points = (0..points.len()).flat_map(|e| blocks.iter().map(move |block| block[e])).collect();
        place = points.iter().copied().zip(0..).collect();
    }
    AbelianOrbit { points, radices, relations }
}

/// The mixed-radix digits of a number, the last digit running fastest.
fn digits(mut number: usize, radices: &[usize]) -> Vec<u64> {
    let mut digits = vec![0; radices.len()];
    for (digit, &radix) in digits.iter_mut().zip(radices).rev() {
        *digit = (number % radix) as u64;
        number /= radix;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    fn decompose(group: &str, on: &str) -> AbelianDecomposition {
        let group = Arc::new(PermutationGroup::parse(group).unwrap());
        AbelianDecomposition::new(&grammar::parse(&group, on).unwrap()).unwrap()
    }

    #[test]
    fn frequencies_of_cyclic_groups_and_tori() {
        let labels =
            |d: &AbelianDecomposition| d.pieces().iter().map(|p| p.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&decompose("C5", "points")), ["0", "1", "2"]);
        assert_eq!(decompose("C4^2", "points").pieces().len(), 10);
        assert_eq!(labels(&decompose("C3^2", "points")), ["(0,0)", "(0,1)", "(1,0)", "(1,1)", "(1,2)"]);
        assert_eq!(labels(&decompose("<()>", "points")), ["0"]);
    }

    #[test]
    fn relations_between_generators_are_found() {
        // C_4 by the redundant generators g and g^2, and C_2 x C_4 by generators that overlap.
        let d = decompose("<(1,2,3,4),(1,3)(2,4)>", "points");
        assert_eq!(d.pieces().iter().map(|p| p.dim).collect::<Vec<_>>(), [1, 2, 1]);
        let d = decompose("<(1,2)(3,4,5,6),(3,5)(4,6)>", "points");
        assert_eq!(d.pieces().iter().map(|p| p.dim * p.multiplicity).sum::<usize>(), 6);
        assert_eq!(d.pieces()[0].multiplicity, 2);
    }

    #[test]
    fn kernels_are_what_acts_trivially() {
        let d = decompose("C8", "points");
        let kernels: Vec<String> = d.pieces().iter().map(|p| p.kernel_order.to_string()).collect();
        assert_eq!(kernels, ["8", "1", "2", "1", "4"]);
    }
}
