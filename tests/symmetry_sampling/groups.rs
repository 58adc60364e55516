//! Random permutation groups of degree at most 12.

use isotypic::action::{GSet, grammar};
use isotypic::group::{Permutation, PermutationGroup};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

/// Groups with more elements are passed over.
pub(crate) const LARGEST_ORDER: usize = 1500;

const NAMED: [&str; 26] = [
    "C1",
    "C7",
    "C12",
    "C2xC4",
    "C2^3",
    "C3^2",
    "D4",
    "D5",
    "D6",
    "D7",
    "D8",
    "D9",
    "D12",
    "A4",
    "A5",
    "F20",
    "F21",
    "Q8",
    "Dic3",
    "SL(2,3)",
    "PSL(2,5)",
    "AGL(1,7)",
    "C2wrS3",
    "S3wrC2",
    "S2xS3",
    "AGL(1,11)",
];
const ACTIONS: [(&str, &str); 12] = [
    ("S3", "regular"),
    ("D4", "regular"),
    ("D5", "regular"),
    ("D6", "regular"),
    ("A4", "regular"),
    ("S4", "subsets:2"),
    ("S4", "tuples:2"),
    ("S3", "pairs"),
    ("S5", "subsets:2"),
    ("A5", "subsets:2"),
    ("S4", "points+subsets:2"),
    ("D4", "points+cosets:(1,3),(2,4)"),
];
const LARGE: [&str; 7] = ["S6", "C2wrS4", "S3wrS3", "S4xS2", "C3wrS4", "S4wrC2", "C4wrS3"];

fn shuffled(n: usize, random: &mut ChaCha8Rng) -> Permutation {
    let mut images: Vec<u32> = (0..n as u32).collect();
    images.shuffle(random);
    Permutation::from_images(images).unwrap()
}

/// A random group on its points, numbered at random; `None` where it came out too large.
pub(crate) fn random_action(random: &mut ChaCha8Rng) -> Option<GSet> {
    let generators: Vec<Permutation> = match random.random_range(0..6) {
        0 => {
            let n = random.random_range(1..=6);
            (0..random.random_range(0..3)).map(|_| shuffled(n, random)).collect()
        }
        1 => vec![shuffled(random.random_range(1..=12), random)],
        2 => {
            PermutationGroup::parse(NAMED[random.random_range(0..NAMED.len())]).unwrap().generators().to_vec()
        }
        3 => {
            let (group, on) = ACTIONS[random.random_range(0..ACTIONS.len())];
            let group = Arc::new(PermutationGroup::parse(group).unwrap());
            grammar::parse(&group, on).unwrap().generators().to_vec()
        }
        4 => {
            // A subgroup of a larger group by two random elements.
            let group = PermutationGroup::parse(LARGE[random.random_range(0..LARGE.len())]).unwrap();
            (0..2).map(|_| group.chain().random_element(random)).collect()
        }
        _ => {
            // A subgroup of a product of two symmetric groups on disjoint points: not transitive.
            let (a, b) = (random.random_range(1..=5), random.random_range(1..=4));
            let joined = |random: &mut ChaCha8Rng| {
                let (g, h) = (shuffled(a, random), shuffled(b, random));
                Permutation::from_fn(a + b, |x| if x < a { g.apply(x) } else { a + h.apply(x - a) })
            };
            (0..random.random_range(1..3)).map(|_| joined(random)).collect()
        }
    };
    let degree = generators.first().map_or(random.random_range(1..4), Permutation::degree);
    let names = shuffled(degree, random);
    let back = names.inverse();
    let renamed = generators.iter().map(|g| &(&names * g) * &back).collect();
    let group = PermutationGroup::from_generators("random", degree, renamed).unwrap();
    let small = degree <= 12 && group.order() <= LARGEST_ORDER.into();
    small.then(|| GSet::points(&Arc::new(group)))
}
