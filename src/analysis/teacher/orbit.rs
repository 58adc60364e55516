//! Regions that a group permutes.
//!
//! Let a group permute the units of a hierarchy, with the same event table and the same weights along an orbit, a
//! distribution of inputs that the group leaves alone, and an invariant label. Then `F`, `G~` and `dW` are constant
//! along orbits, and the gradient of the shared weights is the orbit's length times that of one representative:
//! everything is computed once per orbit.

use super::enumerate::Enumeration;
use super::examples::distribution;
use super::tree::{EventTable, Leaf, RegionTree, Student};
use crate::group::Permutation;
use nalgebra::DMatrix;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;

/// How far the quantities are from being constant along orbits; all vanish where the hypotheses hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct OrbitReport {
    /// Largest difference of `F` between a unit and its image, the root left out.
    pub activation_spread: f64,
    /// The same for `G~`.
    pub gradient_spread: f64,
    /// The same for `dW` between regions below the root.
    pub update_spread: f64,
    /// The same for `dW` into the root, between its children.
    pub root_update_spread: f64,
    /// Largest difference between the summed updates of an orbit of regions and its length times one of them.
    pub shared_gradient_defect: f64,
    /// Largest change of the root's activation when its event is moved by the group.
    pub root_activation_change: f64,
    /// Largest violation of `P_(root, g b)[g a][b] = P_(root, b)[a][b]`.
    pub intertwining_defect: f64,
}

/// Measures the spreads for one permutation of the units that generates the group: `generator` permutes the units,
/// leaves among leaves, and the children of each region onto those of its image.
///
/// # Panics
/// Panics where `generator` does not permute the hierarchy.
pub fn orbit_reduce(tree: &RegionTree, exact: &Enumeration, generator: &Permutation) -> OrbitReport {
    assert_eq!(generator.degree(), tree.units(), "a permutation of the units");
    let leaves = tree.leaves.len();
    let root = tree.units() - 1;
    assert_eq!(generator.apply(root), root, "the root is fixed");
    let mut report = OrbitReport::default();
    let difference = |a: &DMatrix<f64>, b: &DMatrix<f64>| (a - b).amax();
    for unit in 0..root {
        let image = generator.apply(unit);
        let f = difference(&exact.activation[unit], &exact.activation[image]);
        report.activation_spread = report.activation_spread.max(f);
        let g = difference(&exact.gradient[unit], &exact.gradient[image]);
        report.gradient_spread = report.gradient_spread.max(g);
    }
    let root_events = moved_root_events(tree, generator);
    for (index, region) in tree.regions.iter().enumerate() {
        let unit = leaves + index;
        let image = generator.apply(unit) - leaves;
        for (slot, &child) in region.children.iter().enumerate() {
            let image_slot = slot_of(tree, image, generator.apply(child));
            let change = difference(&exact.update[index][slot], &exact.update[image][image_slot]);
            let spread =
                if unit == root { &mut report.root_update_spread } else { &mut report.update_spread };
            *spread = spread.max(change);
            report.shared_gradient_defect = report
                .shared_gradient_defect
                .max(shared_gradient_defect(tree, exact, generator, unit, child));
            if unit == root {
                let (p, q) = (&exact.transition[index][slot], &exact.transition[index][image_slot]);
                for (a, &moved) in root_events.iter().enumerate() {
                    for b in 0..p.ncols() {
                        report.intertwining_defect =
                            report.intertwining_defect.max((q[(moved, b)] - p[(a, b)]).abs());
                    }
                }
            }
        }
    }
    let f = &exact.activation[root];
    for (a, &moved) in root_events.iter().enumerate() {
        let change = (f.row(a) - f.row(moved)).amax();
        report.root_activation_change = report.root_activation_change.max(change);
    }
    report
}

fn slot_of(tree: &RegionTree, region: usize, child: usize) -> usize {
    tree.regions[region]
        .children
        .iter()
        .position(|&c| c == child)
        .expect("the permutation carries children to children")
}

/// `|sum over the orbit of an edge of dW - length * dW|`.
fn shared_gradient_defect(
    tree: &RegionTree,
    exact: &Enumeration,
    generator: &Permutation,
    unit: usize,
    child: usize,
) -> f64 {
    let leaves = tree.leaves.len();
    let at = |unit: usize, child: usize| &exact.update[unit - leaves][slot_of(tree, unit - leaves, child)];
    let mut sum = at(unit, child).clone();
    let (mut length, mut next) = (1.0, (generator.apply(unit), generator.apply(child)));
    while next != (unit, child) {
        sum += at(next.0, next.1);
        length += 1.0;
        next = (generator.apply(next.0), generator.apply(next.1));
    }
    (sum - at(unit, child) * length).amax()
}

/// Where the generator carries each event of the root.
fn moved_root_events(tree: &RegionTree, generator: &Permutation) -> Vec<usize> {
    let root = tree.units() - 1;
    let radices: Vec<usize> = tree.leaves.iter().map(Leaf::events).collect();
    let mut moved_events: Vec<usize> = (0..tree.events(root)).collect();
    for combination in 0..tree.joint.len() {
        let events = super::enumerate::digits(combination, &radices);
        let mut moved = events.clone();
        for (leaf, &event) in events.iter().enumerate() {
            moved[generator.apply(leaf)] = event;
        }
        moved_events[tree.events_of(&events)[root]] = tree.events_of(&moved)[root];
    }
    moved_events
}

/// Which hypotheses hold in [`cyclic_tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrbitHypotheses {
    /// The same weights along orbits.
    pub shared_weights: bool,
    /// A distribution that rotation leaves alone.
    pub invariant_distribution: bool,
    /// A label that rotation leaves alone.
    pub invariant_label: bool,
}

/// A random hierarchy on a cycle of `n` binary leaves: region `i` sees leaves `i` and `i + 1`, the root sees all.
/// Returns the rotation of the units as well.
pub fn cyclic_tree(n: usize, hypotheses: OrbitHypotheses, seed: u64) -> (RegionTree, Student, Permutation) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let combinations = 1usize << n;
    let turned = |z: usize| (z >> 1) | ((z & 1) << (n - 1));
    let orbit_least = |z: usize| {
        let mut least = z;
        let mut next = turned(z);
        while next != z {
            least = least.min(next);
            next = turned(next);
        }
        least
    };
    let mut joint = distribution(combinations, &mut random);
    if hypotheses.invariant_distribution {
        joint = (0..combinations).map(|z| joint[orbit_least(z)]).collect();
        let total: f64 = joint.iter().sum();
        joint.iter_mut().for_each(|p| *p /= total);
    }
    let coins: Vec<usize> = (0..combinations).map(|_| random.random_range(0..2)).collect();
    let labels: Vec<usize> = (0..combinations)
        .map(|z| match (z, hypotheses.invariant_label) {
            (0, _) => 0,
            (_, true) => coins[orbit_least(z)].max(usize::from(z == combinations - 1)),
            (_, false) => coins[z].max(usize::from(z == combinations - 1)),
        })
        .collect();
    let mut regions: Vec<EventTable> = (0..n)
        .map(|i| EventTable { children: vec![i, (i + 1) % n], events: 4, table: vec![0, 1, 2, 3] })
        .collect();
    // The root's event is the tuple of leaves; inconsistent combinations of its children never occur.
    let radices = vec![4; n];
    let table = (0..4usize.pow(n as u32))
        .map(|place| super::enumerate::digits(place, &radices).iter().fold(0, |z, pair| 2 * z + (pair >> 1)))
        .collect();
    regions.push(EventTable { children: (n..2 * n).collect(), events: combinations, table });
    let leaves = vec![Leaf { noise: vec![vec![1.0]; 2] }; n];
    let tree = RegionTree { leaves, regions, joint, labels };

    let mut matrix = |rows: usize, columns: usize| {
        DMatrix::from_fn(rows, columns, |_, _| random.sample::<f64, _>(StandardNormal))
    };
    let feature = matrix(2, 3);
    let shared = [matrix(3, 3), matrix(3, 3)];
    let into_root = matrix(3, 2);
    let mut choose = |common: &DMatrix<f64>| {
        if hypotheses.shared_weights { common.clone() } else { matrix(common.nrows(), common.ncols()) }
    };
    let features = (0..n).map(|_| choose(&feature)).collect();
    let mut weights: Vec<Vec<DMatrix<f64>>> =
        (0..n).map(|_| shared.iter().map(&mut choose).collect()).collect();
    weights.push((0..n).map(|_| choose(&into_root)).collect());
    let rotation = Permutation::from_fn(2 * n + 1, |unit| match unit {
        leaf if leaf < n => (leaf + 1) % n,
        region if region < 2 * n => n + (region - n + 1) % n,
        root => root,
    });
    (tree, Student { features, weights }, rotation)
}
