//! Degenerate groups and actions, and input that must be refused.

use isotypic::action::blocks::minimal_block_systems;
use isotypic::action::{GSet, Suborbits, grammar};
use isotypic::analysis::strata::strata;
use isotypic::analysis::subnetwork::subnetworks;
use isotypic::analysis::{GraphCertificate, InteractionGraph, PointwiseFunction, Reach, certificate_check};
use isotypic::group::PermutationGroup;
use isotypic::representation::character::ClassCharacters;
use isotypic::representation::{Decomposition, Proof};
use isotypic::{Error, Permutation};
use std::sync::Arc;

fn group(text: &str) -> Arc<PermutationGroup> {
    Arc::new(PermutationGroup::parse(text).unwrap())
}

fn set(text: &str, on: &str) -> GSet {
    grammar::parse(&group(text), on).unwrap()
}

/// Everything that can be asked of an action; the pieces as `multiplicity x dim type`.
fn everything(set: &GSet) -> Vec<String> {
    let decomposition = Decomposition::new(set).unwrap();
    assert_eq!(decomposition.proof(), Proof::Complete);
    assert_eq!(decomposition.rank(), Suborbits::new(set).unwrap().rank());
    ClassCharacters::new(set, &decomposition).unwrap();
    assert_eq!(decomposition.pieces()[0].kernel_order, set.group().order(), "the first piece is trivial");
    assert_eq!(decomposition.pieces()[0].multiplicity, set.orbits().count());
    for name in ["relu", "abs", "leaky:1", "leaky:-1", "tanh", "softplus"] {
        let function = PointwiseFunction::parse(name).unwrap();
        for bias in [false, true] {
            let graph = InteractionGraph::of_decomposition(&decomposition, function, bias).unwrap();
            let certificate = GraphCertificate::new(set, &decomposition, &graph, function, bias).unwrap();
            let checks = certificate_check::check(&certificate).unwrap();
            assert!(checks.iter().all(|check| check.ok), "{name} {bias}: {checks:?}");
            let all: Vec<usize> = (0..decomposition.pieces().len()).collect();
            let reach = Reach::new(&decomposition, function, bias, &all, 3).unwrap();
            assert_eq!(reach.layers().len(), 3);
        }
    }
    let networks = subnetworks(set, &decomposition).unwrap();
    assert_eq!(networks.last().unwrap().dim, set.size());
    decomposition
        .pieces()
        .iter()
        .map(|piece| format!("{}x{}{}", piece.multiplicity, piece.dim, piece.real_type))
        .collect()
}

#[test]
fn degenerate_groups() {
    for trivial in ["<>", "<()>", "C1", "S1", "A1", "<(),()>", "C1^3", "C1xC1"] {
        assert_eq!(everything(&set(trivial, "points")), ["1x1R"], "{trivial}");
        assert_eq!(everything(&set(trivial, "points*3+regular")), ["4x1R"], "{trivial}");
    }
    let identity_and_repeats = "<(1,2,3),(),(1,2,3),(1,3,2),(1,2),()>";
    assert_eq!(everything(&set(identity_and_repeats, "points")), ["1x1R", "1x2R"]);
    assert_eq!(everything(&set("<(1,2),(1,2)>", "points")), ["1x1R", "1x1R"]);
    assert_eq!(everything(&set("<(2,3),(),(2,3)>", "points")), ["2x1R", "1x1R"]);
}

#[test]
fn fixed_points_and_intransitive_actions() {
    assert_eq!(everything(&set("<(2,3,4),(2,3)>", "points")), ["2x1R", "1x2R"]);
    assert_eq!(everything(&set("<(1,2,3)(4,5),(1,2)>", "points")), ["2x1R", "1x1R", "1x2R"]);
    assert_eq!(everything(&set("S3", "points+points+cosets:(1,2,3)")), ["3x1R", "2x2R", "1x1R"]);
    // A point that no generator moves, in the middle of a general group.
    assert_eq!(everything(&set("<(1,2)(3,4),(1,2,3),(6,7)>", "points")), ["3x1R", "1x1R", "1x3R"]);
}

#[test]
fn actions_that_are_not_faithful() {
    let blind = set("S4", "cosets:(1,2,3,4),(1,2)");
    assert_eq!((blind.size(), everything(&blind)), (1, vec!["1x1R".to_owned()]));
    assert_eq!(everything(&set("S4", "cosets:(1,2,3),(1,2)(3,4)")), ["1x1R", "1x1R"]);
    let pairs_of_pairs = set("S4", "cosets:(1,2),(1,3,2,4)");
    let decomposition = Decomposition::new(&pairs_of_pairs).unwrap();
    assert_eq!(everything(&pairs_of_pairs), ["1x1R", "1x2R"]);
    assert_eq!(decomposition.pieces()[1].kernel_order, 4u8.into());
    assert_eq!(decomposition.pieces()[1].label, "[2,2]");
}

#[test]
fn strata_of_the_smallest_groups() {
    for (name, count) in [("C1", 1), ("C2", 2), ("C5", 3)] {
        let set = set(name, "regular");
        let decomposition = Decomposition::new(&set).unwrap();
        assert_eq!(decomposition.pieces().len(), count);
        for piece in 0..count {
            let found = strata(&set, &decomposition, piece).unwrap();
            assert_eq!(found.len(), 1, "abelian groups have generic embeddings only");
        }
    }
}

#[test]
fn what_needs_more_is_refused() {
    let two_orbits = set("S3", "points+points");
    let suborbits = Suborbits::new(&two_orbits).unwrap();
    assert!(matches!(minimal_block_systems(&two_orbits, &suborbits), Err(Error::Input { .. })));
    let not_regular = set("S4", "points");
    let decomposition = Decomposition::new(&not_regular).unwrap();
    assert!(matches!(strata(&not_regular, &decomposition, 0), Err(Error::Input { .. })));
    let large = set("S6", "regular");
    let decomposition = Decomposition::new(&large).unwrap();
    assert!(matches!(strata(&large, &decomposition, 0), Err(Error::TooLarge { .. })));
    assert!(Reach::new(&decomposition, PointwiseFunction::Relu, false, &[], 1).is_err());
    assert!(Reach::new(&decomposition, PointwiseFunction::Relu, false, &[99], 1).is_err());
}

#[test]
fn what_is_no_group_is_refused() {
    let write = |text: &str| {
        let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
        std::fs::write(file.path(), text).unwrap();
        let result = PermutationGroup::parse(&format!("@{}", file.path().display()));
        result.expect_err(text).to_string()
    };
    assert!(write(r#"{"degree": 3, "generators": [[0, 1, 1]]}"#).contains("generator 1"));
    assert!(write(r#"{"degree": 3, "generators": [[0, 1, 2], [1, 0]]}"#).contains("generator 2"));
    assert!(write(r#"{"degree": 3, "generators": [[0, 1, 3]]}"#).contains("generator 1"));
    assert!(write(r#"{"degree": 0, "generators": []}"#).contains("degree"));
    assert!(write(r#"{"generators": []}"#).contains("degree"));
    let other = Permutation::identity(4);
    assert!(PermutationGroup::from_generators("mixed", 3, vec![other]).is_err());
}

/// Refused with an estimate, before any work: these would run for hours or not fit into memory.
#[test]
fn sets_that_are_too_large_are_refused_at_once() {
    let start = std::time::Instant::now();
    for (name, on) in [
        ("S100", "subsets:5"),
        ("S100", "tuples:4"),
        ("S30", "regular"),
        ("A20", "cosets:(1,2,3)"),
        ("S5000", "pairs"),
        ("S64", "subsets:32"),
    ] {
        let error = grammar::parse(&group(name), on).expect_err(on);
        assert!(matches!(error, Error::TooLarge { .. }), "{name} on {on}: {error}");
    }
    let wide = set("M12", "cosets:(1,2,3,4,5,6,7,8,9,10,11)");
    assert!(matches!(Decomposition::new(&set("S7", "regular")), Err(Error::TooLarge { .. })));
    assert_eq!(wide.size(), 8640);
    assert!(start.elapsed().as_secs() < 20);
}

/// Sizes that general methods do not reach; `benches/symmetry.rs` times them.
#[test]
fn large_actions_with_few_orbitals() {
    for (name, on, size, rank, pieces) in [
        ("S6", "points", 6, 2, 2),
        ("M11", "points", 11, 2, 2),
        ("M24", "subsets:3", 2024, 5, 5),
        ("S20", "subsets:4", 4845, 5, 5),
        ("S50", "tuples:2", 2450, 7, 4),
        ("S100", "subsets:2", 4950, 3, 3),
        ("@data/groups/rubik.json", "points", 48, 9, 5),
    ] {
        let set = set(name, on);
        let decomposition = Decomposition::new(&set).unwrap();
        assert_eq!((set.size(), decomposition.rank()), (size, rank), "{name} on {on}");
        assert_eq!(decomposition.pieces().len(), pieces, "{name} on {on}");
        assert_eq!(decomposition.proof(), Proof::Complete, "{name} on {on}");
    }
    assert_eq!(group("@data/groups/rubik.json").order().to_string(), "43252003274489856000");
}
