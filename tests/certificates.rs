//! Certificates of graphs: true ones pass, and every kind of lie is found.

use isotypic::action::{GSet, grammar};
use isotypic::analysis::certificate_check::check;
use isotypic::analysis::{GraphCertificate, InteractionGraph, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::representation::Decomposition;
use std::sync::Arc;

fn set(group: &str, on: &str) -> GSet {
    grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap()
}

fn certificate(group: &str, on: &str, activation: &str, bias: bool) -> GraphCertificate {
    let set = set(group, on);
    let decomposition = Decomposition::new(&set).unwrap();
    let activation = PointwiseFunction::parse(activation).unwrap();
    let graph = InteractionGraph::of_decomposition(&decomposition, activation, bias).unwrap();
    let certificate = GraphCertificate::new(&set, &decomposition, &graph, activation, bias).unwrap();
    // What is checked has gone through its file.
    let bytes = serde_json::to_vec(&certificate).unwrap();
    GraphCertificate::parse(&bytes, "certificate").unwrap()
}

fn verified(certificate: &GraphCertificate) -> bool {
    check(certificate).unwrap().iter().all(|check| check.ok)
}

#[test]
fn true_certificates_pass() {
    for (group, on) in [
        ("C1", "points"),
        ("<()>", "points"),
        ("<>", "points*3"),
        ("C12", "points"),
        ("C4^2", "points"),
        ("C2xC4", "points+cosets:(1,5)(2,6)(3,7)(4,8)"),
        ("S4", "subsets:2"),
        ("S4", "regular"),
        ("S6", "subsets:3"),
        ("S5", "pairs"),
        ("D6", "points+regular"),
        ("Q8", "points"),
        ("SL(2,3)", "points"),
        ("A5", "regular"),
        ("M11", "tuples:2"),
        ("C2wrS3", "points*2"),
        ("@data/groups/rubik.json", "points"),
    ] {
        for (activation, bias) in [("relu", false), ("abs", false), ("tanh", false), ("relu", true)] {
            let certificate = certificate(group, on, activation, bias);
            let checks = check(&certificate).unwrap();
            assert!(checks.iter().all(|check| check.ok), "{group} on {on}, {activation} {bias}: {checks:?}");
            assert_eq!(checks.len(), 8);
        }
    }
}

/// Each change alone must be noticed.
#[test]
fn lies_are_found() {
    let truth = certificate("D6", "points+regular", "relu", false);
    assert!(verified(&truth));
    type Lie = fn(&mut GraphCertificate);
    let lies: [(&str, Lie); 24] = [
        ("another activation", |c| c.activation = "tanh".into()),
        ("no activation", |c| c.activation = "leaky:nan".into()),
        ("a bias that is none", |c| c.bias = true),
        ("a part that does not act", |c| c.parts.linear = false),
        ("a missing edge", |c| c.edges.truncate(4)),
        ("a missing non-edge", |c| c.non_edges.truncate(1)),
        ("an edge that is none", |c| {
            let [from, to] = c.non_edges.pop().unwrap();
            let mut edge = c.edges[0].clone();
            (edge.from, edge.to) = (from, to);
            c.edges.push(edge);
        }),
        ("another kind", |c| c.edges[0].kind = "linear".into()),
        ("another number of copies", |c| c.edges[1].copies[0] += 1),
        ("another dimension", |c| c.pieces[2].dim += 1),
        ("another multiplicity", |c| c.pieces[2].multiplicity += 1),
        ("another type", |c| c.pieces[2].real_type = "C".into()),
        ("no type", |c| c.pieces[2].real_type = "X".into()),
        ("another eigenvalue", |c| c.pieces[1].eigenvalue += 1),
        ("exchanged eigenvalues", |c| {
            let first = c.pieces[0].eigenvalue;
            c.pieces[0].eigenvalue = c.pieces[5].eigenvalue;
            c.pieces[5].eigenvalue = first;
        }),
        ("a smaller block", |c| c.pieces[0].blocks[0].as_mut().unwrap().plus.truncate(2)),
        ("a point on the wrong side", |c| {
            let block = c.pieces.iter_mut().rev().find_map(|p| p.blocks[1].as_mut()).unwrap();
            let point = block.plus.pop().unwrap();
            block.minus.push(point);
        }),
        ("a forgotten block", |c| c.pieces[0].blocks[0] = None),
        ("another generator", |c| c.generators[0].swap(0, 1)),
        ("no permutation", |c| c.generators[0][0] = c.generators[0][1]),
        ("fewer points", |c| c.points -= 1),
        ("another prime", |c| c.prime += 2),
        ("another word", |c| c.central[0].power += 1),
        ("other parts", |c| c.parts.even = false),
    ];
    for (name, lie) in lies {
        let mut changed = truth.clone();
        lie(&mut changed);
        assert!(!verified(&changed), "{name}");
    }
}

#[test]
fn merged_pieces_are_found() {
    // Leaving out a piece makes the projectors fall short of the identity.
    let mut changed = certificate("S4", "regular", "relu", false);
    changed.pieces.pop();
    assert!(!verified(&changed));
}

#[test]
fn what_is_no_certificate_is_refused() {
    for text in ["", "{}", "[]", "{\"format\": 1}"] {
        assert!(GraphCertificate::parse(text.as_bytes(), "file").is_err());
    }
    let mut value = serde_json::to_value(certificate("C3", "points", "relu", false)).unwrap();
    value["format"] = "something else".into();
    assert!(GraphCertificate::parse(value.to_string().as_bytes(), "file").is_err());
    let large = set("C8192", "points");
    let decomposition = Decomposition::new(&large).unwrap();
    let relu = PointwiseFunction::Relu;
    let graph = InteractionGraph::of_decomposition(&decomposition, relu, false).unwrap();
    assert!(GraphCertificate::new(&large, &decomposition, &graph, relu, false).is_err());
}
