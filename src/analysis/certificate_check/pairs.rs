//! Orbitals, by joining all pairs of points.

use super::{Field, GraphCertificate, Step};

/// All pairs of points with their orbitals.
pub(super) struct Pairs {
    pub(super) n: usize,
    pub(super) generators: Vec<Vec<usize>>,
    /// The orbital of `(x, y)` at `x * n + y`.
    pub(super) label: Vec<u32>,
    /// The smallest point of each orbit, and the orbit of each point.
    pub(super) bases: Vec<usize>,
    pub(super) orbit: Vec<usize>,
    pub(super) orbit_sizes: Vec<usize>,
    /// For each orbital a pair `(x_j, y)` that starts in a base point.
    pub(super) representatives: Vec<(usize, usize)>,
    /// The number of pairs in each orbital.
    pub(super) sizes: Vec<u64>,
}

fn root(parent: &mut [u32], mut x: usize) -> usize {
    while parent[x] as usize != x {
        parent[x] = parent[parent[x] as usize];
        x = parent[x] as usize;
    }
    x
}

/// The parts of the finest partition with `x` and `image(x)` together, as the smallest member of the part of each `x`.
fn joined(count: usize, images: impl Iterator<Item = (usize, usize)>) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..count as u32).collect();
    for (x, image) in images {
        let (a, b) = (root(&mut parent, x), root(&mut parent, image));
        parent[a.max(b)] = a.min(b) as u32;
    }
    (0..count).map(|x| root(&mut parent, x) as u32).collect()
}

impl Pairs {
    pub(super) fn new(certificate: &GraphCertificate) -> Step<Self> {
        const NAME: &str = "the generators are permutations";
        let n = certificate.points;
        let mut generators = Vec::new();
        for (index, images) in certificate.generators.iter().enumerate() {
            let mut hit = vec![false; n];
            images.iter().for_each(|&x| hit.get_mut(x as usize).into_iter().for_each(|hit| *hit = true));
            if images.len() != n || hit.contains(&false) {
                return Err((NAME, format!("generator {} is no permutation of {n} points", index + 1)));
            }
            generators.push(images.iter().map(|&x| x as usize).collect::<Vec<usize>>());
        }
        if n == 0 {
            return Err((NAME, "there are no points".into()));
        }
        let steps = generators.iter().flat_map(|g| (0..n).map(|x| (x, g[x])));
        let smallest = joined(n, steps);
        let bases: Vec<usize> = (0..n).filter(|&x| smallest[x] as usize == x).collect();
        let number = |x: usize| bases.partition_point(|&base| base < smallest[x] as usize);
        let orbit: Vec<usize> = (0..n).map(number).collect();
        let mut orbit_sizes = vec![0; bases.len()];
        orbit.iter().for_each(|&o| orbit_sizes[o] += 1);
        let pairs =
            generators.iter().flat_map(|g| (0..n * n).map(move |pair| (pair, g[pair / n] * n + g[pair % n])));
        let mut label = joined(n * n, pairs);
        // The smallest pair of an orbital starts in a base point.
        let mut representatives = Vec::new();
        let mut number = vec![u32::MAX; n * n];
        for pair in 0..n * n {
            if label[pair] as usize == pair {
                number[pair] = representatives.len() as u32;
                representatives.push((pair / n, pair % n));
            }
        }
        let mut sizes = vec![0; representatives.len()];
        for entry in &mut label {
            *entry = number[*entry as usize];
            sizes[*entry as usize] += 1;
        }
        Ok(Pairs { n, generators, label, bases, orbit, orbit_sizes, representatives, sizes })
    }

    pub(super) fn of(&self, x: usize, y: usize) -> usize {
        self.label[x * self.n + y] as usize
    }

    /// An element of the algebra, given by orbital, applied to a function.
    pub(super) fn apply(&self, field: Field, element: &[u64], v: &[u64]) -> Vec<u64> {
        (0..self.n)
            .map(|x| {
                let row = &self.label[x * self.n..(x + 1) * self.n];
                let mut total = 0u128;
                // Products are below 2^120, so that 128 of them fit.
                for (labels, values) in row.chunks(128).zip(v.chunks(128)) {
                    let products = labels
                        .iter()
                        .zip(values)
                        .map(|(&k, &v)| u128::from(element[k as usize]) * u128::from(v));
                    total = (total + products.sum::<u128>()) % u128::from(field.prime);
                }
                total as u64
            })
            .collect()
    }
}
