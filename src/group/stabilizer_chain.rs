//! Stabiliser chains: a base `b_1, b_2, ...` and, for each level, the orbit of `b_i` under the stabiliser of the points
//! before it. The order is the product of the orbit lengths.
//!
//! Built by random Schreier-Sims, which can only fall short, and then *proved* complete: by meeting an upper bound
//! of the order (a known order, or `n!` and `n!/2`), or by sifting every Schreier generator of every level.
//! References: C. Sims, *Computational methods in the study of permutation groups* (1970); A. Seress, *Permutation
//! Group Algorithms* (2003), chapter 4.

use super::Permutation;
use crate::num::Natural;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

const NOT_IN_ORBIT: u32 = u32::MAX;
const ROOT: u32 = u32::MAX - 1;
/// Trees deeper than this are given more steps where there are any.
const SHALLOW: usize = 12;

/// One level: the orbit of a base point and a tree that leads from every orbit point back to it.
#[derive(Clone, Debug)]
struct Level {
    base: usize,
    orbit: Vec<u32>,
    /// For each point: the index of the step whose image it is in the tree, `ROOT`, or `NOT_IN_ORBIT`.
    via: Vec<u32>,
    depth: usize,
    /// Strong generators of this level.
    generators: Vec<Arc<Permutation>>,
    /// The steps of the tree, each with its inverse: as many generators and powers of generators as the orbit and a shallow
    /// tree need.
    steps: Vec<[Arc<Permutation>; 2]>,
}

impl Level {
    fn new(base: usize, degree: usize) -> Self {
        let mut via = vec![NOT_IN_ORBIT; degree];
        via[base] = ROOT;
        Level { base, orbit: vec![base as u32], via, depth: 0, generators: Vec::new(), steps: Vec::new() }
    }

    fn contains(&self, point: usize) -> bool {
        self.via[point] != NOT_IN_ORBIT
    }

    /// Adds a strong generator, given with its inverse; the tree is touched only where it grows or becomes shallower.
    fn add(&mut self, step: &[Arc<Permutation>; 2]) {
        self.generators.push(step[0].clone());
        let grows = self.orbit.iter().any(|&x| !self.contains(step[0].apply(x as usize)));
        if !grows && self.depth <= SHALLOW {
            return;
        }
        self.steps.push(step.clone());
        self.rebuild();
        if self.depth > SHALLOW {
            // Along a long cycle its squares, fourth powers, ... are short cuts.
            let mut power = Permutation::clone(&step[0]);
            for _ in 0..self.depth.ilog2() {
                power = &power * &power;
                self.steps.push([Arc::new(power.clone()), Arc::new(power.inverse())]);
            }
            self.rebuild();
        }
    }

    /// Rebuilds the orbit breadth first, so that the tree stays shallow.
    fn rebuild(&mut self) {
        self.via.fill(NOT_IN_ORBIT);
        self.via[self.base] = ROOT;
        self.orbit.clear();
        self.orbit.push(self.base as u32);
        self.depth = 0;
        let (mut at, mut level_end) = (0, 1);
        while at < self.orbit.len() {
            if at == level_end {
                self.depth += 1;
                level_end = self.orbit.len();
            }
            let x = self.orbit[at] as usize;
            for (index, [step, _]) in self.steps.iter().enumerate() {
                let y = step.apply(x);
                if self.via[y] == NOT_IN_ORBIT {
                    self.via[y] = index as u32;
                    self.orbit.push(y as u32);
                }
            }
            at += 1;
        }
    }

    /// Multiplies `g` from the left by tree steps until it fixes the base point.
    fn strip(&self, g: &mut Permutation) {
        let mut point = g.apply(self.base);
        while self.via[point] != ROOT {
            let [_, inverse] = &self.steps[self.via[point] as usize];
            *g = &**inverse * &*g;
            point = inverse.apply(point);
        }
    }

    /// The element that carries the base point to `point`.
    fn transversal(&self, mut point: usize, degree: usize) -> Permutation {
        let mut path = Vec::new();
        while self.via[point] != ROOT {
            let index = self.via[point] as usize;
            path.push(index);
            point = self.steps[index][1].apply(point);
        }
        path.iter().rev().fold(Permutation::identity(degree), |u, &index| &*self.steps[index][0] * &u)
    }
}

/// A base and strong generating set of a permutation group.
///
/// ```
/// use isotypic::group::{Permutation, StabilizerChain};
/// let generators = ["(1,2,3,4,5)", "(3,4,5)"].map(|text| Permutation::parse(text, 5).unwrap());
/// let chain = StabilizerChain::new(5, &generators);
/// assert_eq!(chain.order(), 60u8.into());
/// assert!(chain.contains(&Permutation::parse("(1,2)(3,4)", 5)?));
/// assert!(!chain.contains(&Permutation::parse("(1,2)", 5)?));
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct StabilizerChain {
    degree: usize,
    levels: Vec<Level>,
}

impl StabilizerChain {
    /// The chain of the group generated by permutations of `0..degree`, with a proof of completeness.
    ///
    /// # Panics
    /// Panics where a generator has another degree.
    pub fn new(degree: usize, generators: &[Permutation]) -> Self {
        let mut chain = StabilizerChain::start(degree, generators);
        chain.fill_at_random(generators, 25, None);
        if !chain.is_giant(generators) {
            chain.complete();
        }
        chain
    }

    /// The chain of a group whose order is known beforehand; the order itself is the proof.
    ///
    /// # Panics
    /// Panics where a generator has another degree, or where the group is larger than `order`.
    pub fn with_order(degree: usize, generators: &[Permutation], order: &Natural) -> Self {
        let mut chain = StabilizerChain::start(degree, generators);
        chain.fill_at_random(generators, 200, Some(order));
        if chain.order() != *order {
            chain.complete();
        }
        assert_eq!(chain.order(), *order, "the stated order of a group is wrong");
        chain
    }

    /// The chain of a group whose order is known to be at least `least`: complete as soon as it meets that order and
    /// every generator sifts; otherwise completed with proof, which shows a larger order.
    ///
    /// # Panics
    /// Panics where a generator has another degree.
    pub fn with_lower_bound(degree: usize, generators: &[Permutation], least: &Natural) -> Self {
        let mut chain = StabilizerChain::start(degree, generators);
        chain.fill_at_random(generators, 200, Some(least));
        chain.complete();
        chain
    }

    /// The chain of a group whose order is known to be at most `most`; meeting it proves the chain complete.
    ///
    /// # Panics
    /// Panics where a generator has another degree.
    pub fn with_upper_bound(degree: usize, generators: &[Permutation], most: &Natural) -> Self {
        let mut chain = StabilizerChain::start(degree, generators);
        chain.fill_at_random(generators, 25, Some(most));
        if chain.order() != *most {
            chain.complete();
        }
        chain
    }

    /// The chain of a group whose base begins with the given points, proved complete; `most` is an upper bound of the order.
    ///
    /// # Panics
    /// Panics where a generator has another degree or a base point is none of the points.
    pub fn with_base(degree: usize, generators: &[Permutation], base: &[usize], most: &Natural) -> Self {
        let mut chain = StabilizerChain::trivial(degree);
        chain.levels = base.iter().map(|&point| Level::new(point, degree)).collect();
        for generator in generators {
            chain.extend(generator.clone());
        }
        chain.fill_at_random(generators, 25, Some(most));
        if chain.order() != *most {
            chain.complete();
        }
        chain
    }

    /// Generators of the stabiliser of the first `depth` base points.
    pub fn generators_below(&self, depth: usize) -> Vec<Permutation> {
        let mut found: Vec<Permutation> = Vec::new();
        for level in self.levels.iter().skip(depth) {
            for generator in &level.generators {
                if !found.contains(generator) {
                    found.push(Permutation::clone(generator));
                }
            }
        }
        found
    }

    /// The trivial chain, to be enlarged with [`extend`](Self::extend).
    pub fn trivial(degree: usize) -> Self {
        StabilizerChain { degree, levels: Vec::new() }
    }

    fn start(degree: usize, generators: &[Permutation]) -> Self {
        let mut chain = StabilizerChain::trivial(degree);
        for generator in generators {
            assert_eq!(generator.degree(), degree, "degree of a generator");
            chain.extend(generator.clone());
        }
        chain
    }

    /// Adds what is new of an element: sifts it and makes the rest a strong generator of every level that it belongs
    /// to. Whether anything was new. The chain may still miss products; see [`with_order`](Self::with_order).
    pub fn extend(&mut self, element: Permutation) -> bool {
        let (rest, depth) = self.sift(element);
        if rest.is_identity() {
            return false;
        }
        if depth == self.levels.len() {
            let moved = (0..self.degree).find(|&x| rest.apply(x) != x).expect("not the identity");
            self.levels.push(Level::new(moved, self.degree));
        }
        let inverse = Arc::new(rest.inverse());
        let step = [Arc::new(rest), inverse];
        for level in &mut self.levels[..=depth] {
            level.add(&step);
            if step[0].apply(level.base) != level.base {
                break;
            }
        }
        true
    }

    /// Strips an element level by level; what is left, and the level at which it got stuck.
    fn sift(&self, mut g: Permutation) -> (Permutation, usize) {
        for (depth, level) in self.levels.iter().enumerate() {
            if !level.contains(g.apply(level.base)) {
                return (g, depth);
            }
            level.strip(&mut g);
        }
        let depth = self.levels.len();
        (g, depth)
    }

    fn fill_at_random(&mut self, generators: &[Permutation], patience: usize, goal: Option<&Natural>) {
        let mut source = ProductReplacement::new(self.degree, generators);
        let mut misses = 0;
        while misses < patience && goal.is_none_or(|order| self.order() < *order) {
            if self.extend(source.next_element()) {
                misses = 0;
            } else {
                misses += 1;
            }
        }
    }

    /// Whether the chain is the whole symmetric group, or the alternating group and no generator is odd.
    fn is_giant(&self, generators: &[Permutation]) -> bool {
        let factorial = factorial(self.degree);
        let order = self.order();
        let odd = |g: &Permutation| g.cycles().iter().filter(|c| c.len() % 2 == 0).count() % 2 == 1;
        order == factorial
            || (self.degree > 1 && order * Natural::from(2u8) == factorial && !generators.iter().any(odd))
    }

    /// Sifts every Schreier generator of every level, from the last level to the first, until none is new.
    fn complete(&mut self) {
        let mut depth = self.levels.len();
        while depth > 0 {
            depth -= 1;
            if let Some(missing) = self.missing_schreier_generator(depth) {
                self.extend(missing);
                depth = self.levels.len();
            }
        }
    }

    fn missing_schreier_generator(&self, depth: usize) -> Option<Permutation> {
        let level = &self.levels[depth];
        for &point in &level.orbit {
            let u = level.transversal(point as usize, self.degree);
            for generator in &level.generators {
                let (rest, _) = self.sift(&**generator * &u);
                if !rest.is_identity() {
                    return Some(rest);
                }
            }
        }
        None
    }

    /// The order of the group.
    pub fn order(&self) -> Natural {
        self.levels.iter().fold(Natural::ONE, |order, level| order * Natural::from(level.orbit.len()))
    }

    /// Whether the group contains `g`.
    ///
    /// # Panics
    /// Panics where `g` has another degree.
    pub fn contains(&self, g: &Permutation) -> bool {
        assert_eq!(g.degree(), self.degree, "degree of a permutation");
        self.sift(g.clone()).0.is_identity()
    }

    /// The element of this group that agrees with `g` on the first `g.degree()` points, where those hold the base: the
    /// image of `g` under a homomorphism whose graph this chain describes.
    ///
    /// # Panics
    /// Panics where no element of the group agrees with `g`.
    pub fn lift(&self, g: &Permutation) -> Permutation {
        let mut rest = g.clone();
        let mut lifted = Permutation::identity(self.degree);
        for level in &self.levels {
            let u = level.transversal(rest.apply(level.base), self.degree);
            let inverse = u.inverse();
            rest = Permutation::from_fn(g.degree(), |x| inverse.apply(rest.apply(x)));
            lifted = &lifted * &u;
        }
        lifted
    }

    /// The base points.
    pub fn base(&self) -> Vec<usize> {
        self.levels.iter().map(|level| level.base).collect()
    }

    /// The orbit of each base point under the stabiliser of those before it.
    pub fn basic_orbits(&self) -> Vec<&[u32]> {
        self.levels.iter().map(|level| level.orbit.as_slice()).collect()
    }

    /// An element drawn uniformly (Haar measure).
    pub fn random_element(&self, random: &mut impl Rng) -> Permutation {
        self.levels.iter().fold(Permutation::identity(self.degree), |g, level| {
            let point = level.orbit[random.random_range(0..level.orbit.len())] as usize;
            &g * &level.transversal(point, self.degree)
        })
    }

    /// The elements, each once, the identity first: all products of one transversal element per level.
    pub fn elements(&self) -> Vec<Permutation> {
        let mut elements = vec![Permutation::identity(self.degree)];
        for level in self.levels.iter().rev() {
            let transversal: Vec<Permutation> =
                level.orbit.iter().map(|&point| level.transversal(point as usize, self.degree)).collect();
            elements = transversal.iter().flat_map(|u| elements.iter().map(move |g| u * g)).collect();
        }
        elements
    }

    /// The element with the given number, `0 <= number < order`; 0 is the identity. Inverse of
    /// [`number_of`](Self::number_of).
    pub fn element(&self, mut number: usize) -> Permutation {
        let mut g = Permutation::identity(self.degree);
        for level in &self.levels {
            let point = level.orbit[number % level.orbit.len()] as usize;
            number /= level.orbit.len();
            g = &g * &level.transversal(point, self.degree);
        }
        g
    }

    /// The number of an element: its base images as a mixed-radix number. `None` where it is not in the group or its
    /// number exceeds `usize`.
    pub fn number_of(&self, element: &Permutation) -> Option<usize> {
        let mut g = element.clone();
        let (mut number, mut weight) = (0usize, 1usize);
        for level in &self.levels {
            let image = g.apply(level.base);
            if !level.contains(image) {
                return None;
            }
            let digit = level.orbit.iter().position(|&point| point as usize == image)?;
            number = digit.checked_mul(weight).and_then(|value| number.checked_add(value))?;
            weight = weight.saturating_mul(level.orbit.len());
            level.strip(&mut g);
        }
        g.is_identity().then_some(number)
    }

    /// The element `g h`, `h` in this group, whose images of the base points are smallest, compared one after another:
    /// the canonical representative of the coset `g H`.
    pub fn smallest_in_left_coset(&self, g: &Permutation) -> Permutation {
        let mut g = g.clone();
        for level in &self.levels {
            let best = level.orbit.iter().copied().min_by_key(|&x| g.apply(x as usize));
            let best = best.expect("orbits are not empty") as usize;
            g = &g * &level.transversal(best, self.degree);
        }
        g
    }
}

/// `n!`.
///
/// ```
/// assert_eq!(isotypic::group::stabilizer_chain::factorial(5), 120u8.into());
/// ```
pub fn factorial(n: usize) -> Natural {
    (1..=n).fold(Natural::ONE, |product, k| product * Natural::from(k))
}

/// Random group elements by product replacement, good enough to fill a chain (not uniform; see
/// [`StabilizerChain::random_element`] for that). Seeded, so that runs repeat.
struct ProductReplacement {
    slots: Vec<Permutation>,
    accumulator: Permutation,
    random: ChaCha8Rng,
}

impl ProductReplacement {
    fn new(degree: usize, generators: &[Permutation]) -> Self {
        let mut slots: Vec<Permutation> = generators.iter().filter(|g| !g.is_identity()).cloned().collect();
        if slots.is_empty() {
            slots.push(Permutation::identity(degree));
        }
        let given = slots.len();
        for i in 0.. {
            if slots.len() >= given.max(10) {
                break;
            }
            slots.push(slots[i % given].clone());
        }
        let mut source = ProductReplacement {
            slots,
            accumulator: Permutation::identity(degree),
            random: ChaCha8Rng::seed_from_u64(0x5EED),
        };
        for _ in 0..50 {
            source.next_element();
        }
        source
    }

    fn next_element(&mut self) -> Permutation {
        let n = self.slots.len();
        if n == 1 {
            self.accumulator = &self.accumulator * &self.slots[0];
            return self.accumulator.clone();
        }
        let i = self.random.random_range(0..n);
        let j = (i + self.random.random_range(1..n)) % n;
        let factor =
            if self.random.random_bool(0.5) { self.slots[j].clone() } else { self.slots[j].inverse() };
        self.slots[i] = &self.slots[i] * &factor;
        self.accumulator = &self.accumulator * &self.slots[i];
        self.accumulator.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dihedral group on `n` points.
    fn turns_and_reflections(n: usize) -> [Permutation; 2] {
        [Permutation::from_fn(n, |x| (x + 1) % n), Permutation::from_fn(n, |x| (n - x) % n)]
    }

    #[test]
    fn trees_over_long_cycles_are_shallow() {
        let n = 2000;
        let generators = turns_and_reflections(n);
        let chain = StabilizerChain::new(n, &generators);
        assert_eq!(chain.order(), Natural::from(2 * n));
        assert!(chain.levels.iter().all(|level| level.depth <= 2 * SHALLOW), "{:?}", chain.levels[0].depth);
        assert!(chain.contains(&(&generators[0].power(777) * &generators[1])));
        assert!(!chain.contains(&Permutation::parse("(1,2)", n).unwrap()));
    }

    #[test]
    fn large_symmetric_groups_are_quick() {
        let n = 200;
        let chain = StabilizerChain::new(
            n,
            &[turns_and_reflections(n)[0].clone(), Permutation::parse("(1,2)", n).unwrap()],
        );
        assert_eq!(chain.order(), factorial(n));
        let mut random = ChaCha8Rng::seed_from_u64(1);
        assert!(chain.contains(&chain.random_element(&mut random)));
    }
}
