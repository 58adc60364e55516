//! Random trees in which chosen conditions hold or fail.
//!
//! Four leaves with two events each, two regions of two leaves, one root; three nodes per region, two per leaf and
//! two classes.

use super::tree::{EventTable, Leaf, RegionTree, Student};
use crate::error::{Error, Result};
use nalgebra::DMatrix;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;

/// Which conditions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TreeKind {
    /// Events determine inputs: everything is exact.
    Lossless,
    /// Leaves have nuisance values, gates depend on events only: forward and backward exact, the update is not.
    LossyLeafGatesFixed,
    /// Leaves have nuisance values and gates that depend on them: nothing but the root's forward step is exact.
    LossyLeafGatesRandom,
    /// A region's event is the parity of its leaves' events, leaves independent.
    LossyMiddleIndependent,
    /// The same with all gates open: forward exact, backward not (broadness fails).
    LossyMiddleIndependentGatesOpen,
    /// Parities of correlated leaves: focus fails too.
    LossyMiddleCorrelated,
    /// Parities, correlated leaves and nuisance values.
    LossyBoth,
}

impl TreeKind {
    /// All kinds.
    pub const ALL: [TreeKind; 7] = [
        TreeKind::Lossless,
        TreeKind::LossyLeafGatesFixed,
        TreeKind::LossyLeafGatesRandom,
        TreeKind::LossyMiddleIndependent,
        TreeKind::LossyMiddleIndependentGatesOpen,
        TreeKind::LossyMiddleCorrelated,
        TreeKind::LossyBoth,
    ];

    /// A name in words.
    pub fn name(self) -> &'static str {
        match self {
            TreeKind::Lossless => "lossless",
            TreeKind::LossyLeafGatesFixed => "lossy_leaf_gates_fixed",
            TreeKind::LossyLeafGatesRandom => "lossy_leaf_gates_random",
            TreeKind::LossyMiddleIndependent => "lossy_mid_indep",
            TreeKind::LossyMiddleIndependentGatesOpen => "lossy_mid_indep_gates_open",
            TreeKind::LossyMiddleCorrelated => "lossy_mid_corr",
            TreeKind::LossyBoth => "lossy_both",
        }
    }

    /// The kind with a name.
    ///
    /// # Errors
    /// [`Error::Input`] for any other name.
    pub fn parse(name: &str) -> Result<Self> {
        TreeKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            Error::input(
                format!("kind of tree '{name}'"),
                "there is no such kind",
                format!("choose among {}", TreeKind::ALL.map(TreeKind::name).join(", ")),
            )
        })
    }

    fn nuisances(self) -> usize {
        match self {
            TreeKind::LossyLeafGatesFixed | TreeKind::LossyLeafGatesRandom => 3,
            TreeKind::LossyBoth => 2,
            _ => 1,
        }
    }

    fn parity(self) -> bool {
        !matches!(self, TreeKind::Lossless | TreeKind::LossyLeafGatesFixed | TreeKind::LossyLeafGatesRandom)
    }

    fn independent(self) -> bool {
        matches!(self, TreeKind::LossyMiddleIndependent | TreeKind::LossyMiddleIndependentGatesOpen)
    }

    fn fixed_gates(self) -> bool {
        matches!(self, TreeKind::LossyLeafGatesFixed | TreeKind::LossyMiddleIndependentGatesOpen)
    }
}

/// A random tree and student of a kind.
///
/// ```
/// use isotypic::analysis::teacher::examples::{TreeKind, random_tree};
/// let (tree, student) = random_tree(TreeKind::Lossless, 1);
/// assert!(tree.checked().is_ok());
/// assert_eq!(student.weights.len(), 3);
/// ```
pub fn random_tree(kind: TreeKind, seed: u64) -> (RegionTree, Student) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let leaves = (0..4)
        .map(|_| Leaf { noise: (0..2).map(|_| distribution(kind.nuisances(), &mut random)).collect() })
        .collect();
    let joint = if kind.independent() {
        let marginals: Vec<Vec<f64>> = (0..4).map(|_| distribution(2, &mut random)).collect();
        (0..16).map(|z| (0..4).map(|leaf| marginals[leaf][z >> (3 - leaf) & 1]).product()).collect()
    } else {
        distribution(16, &mut random)
    };
    let (events, table) = if kind.parity() { (2, vec![0, 1, 1, 0]) } else { (4, vec![0, 1, 2, 3]) };
    let middle = |children: Vec<usize>| EventTable { children, events, table: table.clone() };
    let root =
        EventTable { children: vec![4, 5], events: events * events, table: (0..events * events).collect() };
    // Both classes must occur.
    let labels: Vec<usize> =
        (0..events * events).map(|event| if event < 2 { event } else { random.random_range(0..2) }).collect();
    let tree =
        RegionTree { leaves, regions: vec![middle(vec![0, 1]), middle(vec![2, 3]), root], joint, labels };

    let features = (0..4)
        .map(|_| {
            // Fixed gates: the first node of a leaf is always on, the second on one event only.
            DMatrix::from_fn(2 * kind.nuisances(), 2, |input, node| {
                let value: f64 = random.sample(StandardNormal);
                let event = input / kind.nuisances();
                match (kind.fixed_gates(), node == 0 || event == 1) {
                    (false, _) => value,
                    (true, true) => value.abs() + 0.3,
                    (true, false) => -value.abs() - 0.3,
                }
            })
        })
        .collect();
    let mut matrix = |rows: usize, columns: usize, positive: bool| {
        DMatrix::from_fn(rows, columns, |_, _| {
            let value: f64 = random.sample(StandardNormal);
            if positive { value.abs() + 0.1 } else { value }
        })
    };
    let fixed = kind.fixed_gates();
    let weights = vec![
        (0..2).map(|_| matrix(2, 3, fixed)).collect(),
        (0..2).map(|_| matrix(2, 3, fixed)).collect(),
        (0..2).map(|_| matrix(3, 2, false)).collect(),
    ];
    (tree, Student { features, weights })
}

/// A random distribution on `n` values, none of them rare.
pub(super) fn distribution(n: usize, random: &mut impl Rng) -> Vec<f64> {
    let weights: Vec<f64> = (0..n).map(|_| 0.2 + random.random::<f64>()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}
