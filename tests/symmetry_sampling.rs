//! Random permutation groups of degree at most 12 against brute force: the group is listed element by element, pieces are
//! found by averaging over it, and edges by pushing random vectors through the activation.

#[path = "symmetry_sampling/brute_force.rs"]
mod brute_force;
#[path = "symmetry_sampling/flats.rs"]
mod flats;
#[path = "symmetry_sampling/groups.rs"]
mod groups;

use brute_force::BruteForce;
use isotypic::action::GSet;
use isotypic::analysis::strata::{Stratum, strata};
use isotypic::analysis::subnetwork::subnetworks;
use isotypic::analysis::{
    EdgeKind, GraphCertificate, InteractionGraph, PointwiseFunction, Reach, certificate_check,
};
use isotypic::group::PermutationGroup;
use isotypic::num::Natural;
use isotypic::representation::{Decomposition, RealType};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::sync::Arc;

/// For each of our pieces the piece that brute force found with the same character.
fn matching(decomposition: &Decomposition, oracle: &BruteForce) -> Vec<usize> {
    let ours: Vec<Vec<f64>> = oracle.elements.iter().map(|g| decomposition.characters(g)).collect();
    (0..decomposition.pieces().len())
        .map(|piece| {
            let agrees = |other: &usize| {
                ours.iter()
                    .zip(&oracle.pieces[*other].character)
                    .all(|(row, value)| (row[piece] - value).abs() < 1e-6)
            };
            let found: Vec<usize> = (0..oracle.pieces.len()).filter(agrees).collect();
            assert_eq!(found.len(), 1, "one piece has the character of piece {piece}");
            found[0]
        })
        .collect()
}

fn check_pieces(set: &GSet, decomposition: &Decomposition, oracle: &BruteForce, place: &[usize]) {
    assert_eq!(decomposition.pieces().len(), oracle.pieces.len());
    for (index, piece) in decomposition.pieces().iter().enumerate() {
        let other = &oracle.pieces[place[index]];
        assert_eq!(piece.dim, other.dim);
        assert_eq!(piece.multiplicity, other.multiplicity);
        assert_eq!(piece.real_type, RealType::of_endomorphism_dim(other.endomorphisms).unwrap());
        let acting_as = |allowed: &[f64]| {
            let acts = |value: &&f64| allowed.iter().any(|a| (*value - a * other.dim as f64).abs() < 1e-6);
            Natural::from(other.character.iter().filter(acts).count())
        };
        assert_eq!(piece.kernel_order, acting_as(&[1.0]));
        assert_eq!(decomposition.plus_minus_order(set, index).unwrap(), acting_as(&[1.0, -1.0]));
    }
}

/// Every edge and every non-edge of every kind of graph.
fn check_graphs(
    decomposition: &Decomposition,
    oracle: &BruteForce,
    place: &[usize],
    random: &mut ChaCha8Rng,
) {
    let count = place.len();
    let abs = InteractionGraph::of_decomposition(decomposition, PointwiseFunction::Abs, false).unwrap();
    for (name, bias) in [
        ("relu", false),
        ("abs", false),
        ("relu", true),
        ("abs", true),
        ("leaky:0.1", false),
        ("prelu:-0.5", true),
        ("gelu", false),
        ("root", true),
        ("min0", true),
        ("softplus", false),
        ("silu", true),
        ("tanh", false),
        ("tanh", true),
    ] {
        let function = PointwiseFunction::parse(name).unwrap();
        let graph = InteractionGraph::of_decomposition(decomposition, function, bias).unwrap();
        for source in 0..count {
            let reached = oracle.reached(&[place[source]], function, bias, 1, random);
            for target in 0..count {
                assert_eq!(
                    graph.has_edge(source, target),
                    reached[place[target]],
                    "{name}, bias {bias}: {source} -> {target}"
                );
            }
            if name == "relu" && !bias {
                let expected =
                    if abs.has_edge(source, source) { EdgeKind::Nonlinear } else { EdgeKind::Linear };
                assert_eq!(graph.kind(source, source), Some(expected));
            }
        }
    }
}

/// The proof of every graph goes through the independent checker.
fn check_certificates(set: &GSet, decomposition: &Decomposition) {
    for (name, bias) in [("relu", false), ("tanh", false), ("relu", true)] {
        let function = PointwiseFunction::parse(name).unwrap();
        let graph = InteractionGraph::of_decomposition(decomposition, function, bias).unwrap();
        let certificate = GraphCertificate::new(set, decomposition, &graph, function, bias).unwrap();
        let checks = certificate_check::check(&certificate).unwrap();
        assert!(certificate.simple && checks.iter().all(|check| check.ok), "{checks:?}");
    }
}

/// Several sources at once, and up to three layers.
fn check_reach(decomposition: &Decomposition, oracle: &BruteForce, place: &[usize], random: &mut ChaCha8Rng) {
    for (name, bias) in [("relu", false), ("abs", false), ("tanh", false), ("relu", true)] {
        let function = PointwiseFunction::parse(name).unwrap();
        for depth in 1..=3 {
            let size = random.random_range(1..=place.len().min(3));
            let mut sources: BTreeSet<usize> = BTreeSet::new();
            while sources.len() < size {
                sources.insert(random.random_range(0..place.len()));
            }
            let sources: Vec<usize> = sources.into_iter().collect();
            let reach = Reach::new(decomposition, function, bias, &sources, depth).unwrap();
            let theirs: Vec<usize> = sources.iter().map(|&source| place[source]).collect();
            let reached = oracle.reached(&theirs, function, bias, depth, random);
            let last = reach.layers().last().unwrap();
            for target in 0..place.len() {
                assert_eq!(
                    last.contains(&target),
                    reached[place[target]],
                    "{name}, bias {bias}, depth {depth}: {sources:?} -> {target}"
                );
            }
        }
    }
}

/// The sub-networks of all intersections of kernels.
fn check_subnetworks(set: &GSet, decomposition: &Decomposition, oracle: &BruteForce, place: &[usize]) {
    let trivial_on = |g: usize, piece: usize| {
        let other = &oracle.pieces[place[piece]];
        (other.character[g] - other.dim as f64).abs() < 1e-6
    };
    let mut expected: BTreeSet<(String, usize, Vec<usize>)> = BTreeSet::new();
    for chosen in 0..1u32 << place.len() {
        let kernel: Vec<usize> = (0..oracle.elements.len())
            .filter(|&g| (0..place.len()).all(|piece| chosen >> piece & 1 == 0 || trivial_on(g, piece)))
            .collect();
        let pieces = (0..place.len()).filter(|&piece| kernel.iter().all(|&g| trivial_on(g, piece))).collect();
        let orbits = isotypic::group::Orbits::under(set.size(), kernel.iter().map(|&g| &oracle.elements[g]));
        expected.insert((kernel.len().to_string(), orbits.count(), pieces));
    }
    let found: BTreeSet<(String, usize, Vec<usize>)> = subnetworks(set, decomposition)
        .unwrap()
        .into_iter()
        .map(|network| (network.normal_order.to_string(), network.dim, network.pieces))
        .collect();
    assert_eq!(found, expected);
}

fn check(seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let Some(set) = groups::random_action(&mut random) else { return };
    let elements = set.group().elements(groups::LARGEST_ORDER).unwrap();
    let oracle = BruteForce::new(set.size(), elements, &mut random);
    let decomposition = Decomposition::new(&set).unwrap();
    let place = matching(&decomposition, &oracle);
    check_pieces(&set, &decomposition, &oracle, &place);
    check_graphs(&decomposition, &oracle, &place, &mut random);
    check_reach(&decomposition, &oracle, &place, &mut random);
    check_subnetworks(&set, &decomposition, &oracle, &place);
    check_certificates(&set, &decomposition);
}

/// The largest group whose embeddings are listed by brute force.
const LARGEST_REGULAR: u32 = 36;

/// The types of embeddings of every piece of the regular representation of a random small group.
fn check_strata(seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let small = |set: &GSet| set.group().order() <= LARGEST_REGULAR.into();
    let Some(set) = (0..50).find_map(|_| groups::random_action(&mut random).filter(small)) else { return };
    let regular = GSet::regular(set.group()).unwrap();
    let size = regular.size();
    let group = PermutationGroup::from_generators("random", size, regular.generators().to_vec()).unwrap();
    let set = GSet::points(&Arc::new(group));
    let elements = set.group().elements(size).unwrap();
    let oracle = BruteForce::new(size, elements, &mut random);
    let decomposition = Decomposition::new(&set).unwrap();
    let place = matching(&decomposition, &oracle);
    let sorted = |mut strata: Vec<Stratum>| {
        strata.sort_by_cached_key(|s| {
            (s.dim, s.hyperplanes, s.stabilizer_order, s.reached.clone(), s.chambers, s.line_stabilizer_order)
        });
        strata
    };
    for piece in 0..place.len() {
        let found = strata(&set, &decomposition, piece).unwrap();
        let flats = flats::Flats::new(&oracle, place[piece], &place);
        assert_eq!(
            sorted(found.clone()),
            sorted(flats.strata(&mut random)),
            "piece {piece} of {size} elements"
        );
        // What the formula counts as reached is what a rectified vector really has.
        let patterns: BTreeSet<Vec<bool>> = flats.sampled(&mut random, &place).into_iter().collect();
        let claimed: BTreeSet<Vec<bool>> =
            found.iter().map(|stratum| stratum.reached.iter().map(|&dim| dim > 0).collect()).collect();
        assert_eq!(claimed, patterns, "piece {piece} of {size} elements");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn embeddings_of_random_groups_agree_with_brute_force(seed in any::<u64>()) {
        check_strata(seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_groups_agree_with_brute_force(seed in any::<u64>()) {
        check(seed);
    }
}
