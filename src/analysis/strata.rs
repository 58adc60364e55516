//! Embeddings of a simple piece into the regular representation that are not generic.
//!
//! An embedding of `L` into `Fun(G)` is `v -> (g -> <g xi, v>)` with a vector `xi` of `L`. What an even activation reaches
//! depends on the line stabiliser `S = {g : g xi = +-xi}`: the `K` with a vector fixed by `S`. The vectors with larger
//! stabilisers lie on the flats of the arrangement of all spaces `{g xi = xi}` and `{g xi = -xi}`; up to the action of `G`
//! there are finitely many. A flat is known by its signed subgroup, the elements that act on it by 1 and by -1, and its
//! dimension is a mean of character values: `dim = 1/|S| sum_(s in S) sign(s) chi_L(s)`.
//!
//! The characters are floats whose error is below `1e-9`; dimensions are rounded, which proves them. An element `g` acts by
//! `+-1` on a flat of dimension `d` iff `1/|S| sum sign(s) chi_L(s g) = +-d`: what differs by more than `1e-6` certainly
//! does not, and what is accepted is confirmed by the dimension of the larger signed subgroup.

use crate::action::GSet;
use crate::error::{Error, Result};
use crate::group::orbits::UnionFind;
use crate::representation::{Decomposition, SimpleCopy};
use nalgebra::{DMatrix, DVector};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustc_hash::FxHashSet;

/// The largest group whose strata are computed.
pub const LARGEST_GROUP: usize = 512;
const EQUAL: f64 = 1e-6;

/// One type of embeddings: vectors `xi` with conjugate stabilisers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// The order of the stabiliser of `xi`.
    pub stabilizer_order: usize,
    /// The order of the stabiliser of the line of `xi`.
    pub line_stabilizer_order: usize,
    /// The dimension of the space of such `xi`.
    pub dim: usize,
    /// The number of hyperplanes `(g xi)^perp` at which the map from `L` breaks.
    pub hyperplanes: usize,
    /// The number of linear pieces that the hyperplanes cut out, for `dim L <= 3` and generic `xi` of the type.
    pub chambers: Option<usize>,
    /// By piece: in how many dimensions the even part of an activation reaches it, `dim K^S`.
    pub reached: Vec<usize>,
}

/// The strata of a piece of the regular representation, by dimension and line stabiliser; the generic one is last.
///
/// # Errors
/// [`Error::Input`] unless the action is regular; [`Error::TooLarge`] for more than [`LARGEST_GROUP`] elements;
/// [`Error::Inconsistent`] where a number that must be an integer is none.
///
/// ```
/// use isotypic::{action::GSet, analysis::strata::strata, group::PermutationGroup};
/// use isotypic::representation::Decomposition;
/// use std::sync::Arc;
/// let set = GSet::regular(&Arc::new(PermutationGroup::parse("S3")?))?;
/// let decomposition = Decomposition::new(&set)?;
/// let found = strata(&set, &decomposition, 1)?;
/// // [2,1]: on a mirror, orthogonal to one, and generic.
/// let hyperplanes: Vec<usize> = found.iter().map(|stratum| stratum.hyperplanes).collect();
/// assert_eq!(hyperplanes, [3, 3, 6]);
/// assert_eq!(found[2].chambers, Some(12));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn strata(set: &GSet, decomposition: &Decomposition, piece: usize) -> Result<Vec<Stratum>> {
    let elements = Elements::new(set, decomposition)?;
    let copy = match decomposition.pieces()[piece].dim {
        3 => Some(SimpleCopy::new(set, decomposition, piece, 7)?),
        _ => None,
    };
    let mut seen: FxHashSet<Vec<i8>> = FxHashSet::default();
    let mut tried: FxHashSet<Vec<i8>> = FxHashSet::default();
    let mut found: Vec<(Vec<i8>, usize)> = Vec::new();
    let mut queue = vec![elements.generate(&[]).ok_or_else(|| integer_failed("the trivial subgroup"))?];
    while let Some(signs) = queue.pop() {
        let Some((closed, dim)) = elements.closure(piece, &signs)? else { continue };
        if !seen.insert(closed.clone()) {
            continue;
        }
        seen.extend(elements.conjugates(&closed));
        let generators = elements.few_generators(&closed);
        for g in (0..elements.order).filter(|&g| closed[g] == 0) {
            for sign in [1, -1] {
                let mut more = generators.clone();
                more.push((g, sign));
                if let Some(larger) = elements.generate(&more)
                    && tried.insert(larger.clone())
                {
                    queue.push(larger);
                }
            }
        }
        found.push((closed, dim));
    }
    let mut strata = found
        .into_iter()
        .map(|(signs, dim)| elements.describe(piece, copy.as_ref(), &signs, dim))
        .collect::<Result<Vec<Stratum>>>()?;
    strata.sort_by(|a, b| {
        let key = |s: &Stratum| (s.dim, s.hyperplanes, std::cmp::Reverse(s.stabilizer_order));
        key(a).cmp(&key(b)).then_with(|| a.reached.cmp(&b.reached)).then(a.chambers.cmp(&b.chambers))
    });
    Ok(strata)
}

fn integer_failed(what: &str) -> Error {
    Error::inconsistent("strata of embeddings", format!("{what} is no integer"))
}

/// The elements of a group with their multiplication table and the characters of the pieces.
struct Elements {
    order: usize,
    /// `product[a][b]`; element 0 is the identity.
    product: Vec<Vec<u32>>,
    inverse: Vec<u32>,
    /// By piece and element.
    characters: Vec<Vec<f64>>,
}

impl Elements {
    /// Point `x` of the regular set stands for the element that carries point 0 to `x`.
    fn new(set: &GSet, decomposition: &Decomposition) -> Result<Self> {
        let order = set.size();
        let place = || format!("strata of {} of {}", set.name(), set.group().name());
        if set.orbits().count() != 1 || set.group().order() != order.into() {
            return Err(Error::input(place(), "the action is not regular", "choose --on regular"));
        }
        if order > LARGEST_GROUP {
            return Err(Error::too_large(
                place(),
                format!("{order} elements"),
                format!("{LARGEST_GROUP} elements"),
                "choose a smaller group",
            ));
        }
        let mut product: Vec<Vec<u32>> = vec![Vec::new(); order];
        product[0] = (0..order as u32).collect();
        let mut queue = vec![0];
        while let Some(x) = queue.pop() {
            for generator in set.generators() {
                let y = generator.apply(x);
                if product[y].is_empty() {
                    product[y] = product[x].iter().map(|&z| generator.apply(z as usize) as u32).collect();
                    queue.push(y);
                }
            }
        }
        let inverse = (0..order)
            .map(|a| (0..order).find(|&b| product[a][b] == 0).map(|b| b as u32))
            .collect::<Option<Vec<u32>>>()
            .ok_or_else(|| integer_failed("the multiplication table"))?;
        let mut elements = Elements { order, product, inverse, characters: Vec::new() };
        elements.characters = elements.characters(decomposition);
        Ok(elements)
    }

    fn times(&self, a: usize, b: usize) -> usize {
        self.product[a][b] as usize
    }

    fn conjugate(&self, by: usize, g: usize) -> usize {
        self.times(self.times(by, g), self.inverse[by] as usize)
    }

    /// The characters at all elements, computed once for each class.
    fn characters(&self, decomposition: &Decomposition) -> Vec<Vec<f64>> {
        let mut classes = UnionFind::new(self.order);
        for g in 0..self.order {
            for by in 0..self.order {
                classes.unite(g, self.conjugate(by, g));
            }
        }
        let classes = classes.into_orbits();
        let by_class: Vec<Vec<f64>> = classes
            .representatives()
            .iter()
            .map(|&g| {
                let images = crate::group::Permutation::from_fn(self.order, |x| self.times(g, x));
                decomposition.characters(&images)
            })
            .collect();
        (0..decomposition.pieces().len())
            .map(|piece| (0..self.order).map(|g| by_class[classes.of(g)][piece]).collect())
            .collect()
    }

    /// The signed subgroup that signed elements generate, as a sign for each element and 0 outside; `None` where an element
    /// would get both signs.
    fn generate(&self, generators: &[(usize, i8)]) -> Option<Vec<i8>> {
        let mut signs = vec![0; self.order];
        signs[0] = 1;
        let mut queue = vec![0];
        while let Some(x) = queue.pop() {
            for &(g, sign) in generators {
                let y = self.times(g, x);
                let product = sign * signs[x];
                if signs[y] == 0 {
                    signs[y] = product;
                    queue.push(y);
                } else if signs[y] != product {
                    return None;
                }
            }
        }
        Some(signs)
    }

    /// A short list of generators of a signed subgroup.
    fn few_generators(&self, signs: &[i8]) -> Vec<(usize, i8)> {
        let mut chosen = Vec::new();
        let mut known = vec![0; self.order];
        known[0] = 1;
        for g in 0..self.order {
            if signs[g] != 0 && known[g] == 0 {
                chosen.push((g, signs[g]));
                known = self.generate(&chosen).unwrap_or(known);
            }
        }
        chosen
    }

    /// `1/|S| sum_(s in S) sign(s) chi(s g)`.
    fn mean(&self, character: &[f64], signs: &[i8], g: usize) -> f64 {
        let mut sum = 0.0;
        let mut count = 0;
        for (s, &sign) in signs.iter().enumerate() {
            if sign != 0 {
                sum += f64::from(sign) * character[self.times(s, g)];
                count += 1;
            }
        }
        sum / f64::from(count)
    }

    fn integer(&self, value: f64) -> Result<usize> {
        let rounded = value.round();
        if (value - rounded).abs() > EQUAL || rounded < 0.0 {
            return Err(integer_failed(&format!("the dimension {value}")));
        }
        Ok(rounded as usize)
    }

    /// All elements that act by 1 or -1 on the flat of a signed subgroup, and the dimension of the flat; `None` where the
    /// flat is zero.
    fn closure(&self, piece: usize, signs: &[i8]) -> Result<Option<(Vec<i8>, usize)>> {
        let character = &self.characters[piece];
        let dim = self.integer(self.mean(character, signs, 0))?;
        if dim == 0 {
            return Ok(None);
        }
        let closed: Vec<i8> = (0..self.order)
            .map(|g| {
                let trace = self.mean(character, signs, g);
                i8::from((trace - dim as f64).abs() < EQUAL) - i8::from((trace + dim as f64).abs() < EQUAL)
            })
            .collect();
        if self.integer(self.mean(character, &closed, 0))? != dim {
            return Err(integer_failed("the dimension of a closed flat"));
        }
        Ok(Some((closed, dim)))
    }

    fn conjugates<'a>(&'a self, signs: &'a [i8]) -> impl Iterator<Item = Vec<i8>> + 'a {
        (0..self.order).map(move |by| {
            let mut moved = vec![0; self.order];
            for (g, &sign) in signs.iter().enumerate().filter(|(_, sign)| **sign != 0) {
                moved[self.conjugate(by, g)] = sign;
            }
            moved
        })
    }

    fn describe(&self, piece: usize, copy: Option<&SimpleCopy>, signs: &[i8], dim: usize) -> Result<Stratum> {
        let line = signs.iter().filter(|&&sign| sign != 0).count();
        let hyperplanes = self.order / line;
        let fixing: Vec<i8> = signs.iter().map(|&sign| i8::from(sign != 0)).collect();
        let reached = self
            .characters
            .iter()
            .map(|character| self.integer(self.mean(character, &fixing, 0)))
            .collect::<Result<Vec<usize>>>()?;
        let chambers = match (self.integer(self.characters[piece][0])?, copy) {
            (1, _) => Some(2),
            (2, _) => Some(2 * hyperplanes),
            (3, Some(copy)) => self.chambers_in_space(copy, signs),
            _ => None,
        };
        Ok(Stratum {
            stabilizer_order: signs.iter().filter(|&&sign| sign == 1).count(),
            line_stabilizer_order: line,
            dim,
            hyperplanes,
            chambers,
            reached,
        })
    }

    /// `2 + 2 sum (m - 1)` over the lines in which `m > 1` of the planes `(g xi)^perp` meet, for a random `xi` of the flat.
    /// Whether three planes share a line is read off floats, with a margin; `None` where that is not clear.
    fn chambers_in_space(&self, copy: &SimpleCopy, signs: &[i8]) -> Option<usize> {
        let mut random = ChaCha8Rng::seed_from_u64(11);
        (0..4).find_map(|_| self.try_chambers(copy, signs, &mut random))
    }

    fn try_chambers(&self, copy: &SimpleCopy, signs: &[i8], random: &mut ChaCha8Rng) -> Option<usize> {
        let basis = DMatrix::from_fn(self.order, 3, |x, i| copy.vectors[x][i]);
        // The matrix of g on the copy: g e_x = e_gx.
        let matrix = |g: usize| -> DMatrix<f64> {
            let moved = DMatrix::from_fn(self.order, 3, |x, i| basis[(self.times(g, x), i)]);
            moved.transpose() * &basis
        };
        let start = DVector::from_fn(3, |_, _| random.random_range(-1.0..1.0));
        let mut vector = DVector::zeros(3);
        for (g, &sign) in signs.iter().enumerate().filter(|(_, sign)| **sign != 0) {
            vector += matrix(g) * &start * f64::from(sign);
        }
        let vector = vector.normalize();
        let mut normals: Vec<DVector<f64>> = Vec::new();
        let mut covered = vec![false; self.order];
        for g in 0..self.order {
            if covered[g] {
                continue;
            }
            (0..self.order).filter(|&s| signs[s] != 0).for_each(|s| covered[self.times(g, s)] = true);
            normals.push(matrix(g) * &vector);
        }
        let mut sharing = vec![0usize; normals.len() + 1];
        for i in 0..normals.len() {
            for j in 0..i {
                let direction = normals[i].cross(&normals[j]);
                if direction.norm() < 1e-6 {
                    return None;
                }
                let direction = direction.normalize();
                let mut through = 0;
                for normal in &normals {
                    let distance = normal.dot(&direction).abs();
                    if distance < 1e-9 {
                        through += 1;
                    } else if distance < 1e-6 {
                        return None;
                    }
                }
                sharing[through] += 1;
            }
        }
        if normals.len() == 1 {
            return Some(2);
        }
        let mut sum = 0;
        for (m, &pairs) in sharing.iter().enumerate().filter(|(m, _)| *m > 1) {
            if !(2 * pairs).is_multiple_of(m * (m - 1)) {
                return None;
            }
            sum += 2 * pairs / (m * (m - 1)) * (m - 1);
        }
        Some(2 + 2 * sum)
    }
}
