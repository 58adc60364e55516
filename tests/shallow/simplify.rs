//! Smaller forms of the same function.

use crate::laws::networks;
use crate::support::read_network;
use isotypic::network::{Activation, AffineLayer, Network};
use isotypic::num::Rational;
use isotypic::polyhedral::Domain;
use isotypic::shallow::{Boundary, Options, ShallowNetwork};
use proptest::prelude::*;

fn form(name: &str) -> ShallowNetwork {
    ShallowNetwork::from_network(&read_network(name), &Domain::WholeSpace, &Options::default()).unwrap()
}

#[test]
fn regions_with_one_map_are_merged() {
    // relu(x) - relu(x) + relu(y): four quadrants, two maps, on two half-planes.
    let number = |n: i32| Rational::from(n);
    let rows = |rows: &[&[i32]]| -> Vec<Vec<Rational>> {
        rows.iter().map(|row| row.iter().map(|&n| number(n)).collect()).collect()
    };
    let hidden = AffineLayer::from_exact(2, &rows(&[&[1, 0, 0], &[1, 0, 0], &[0, 1, 0]]));
    let output = AffineLayer::from_exact(3, &rows(&[&[1, -1, 1, 0]]));
    let network = Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap();
    let form = ShallowNetwork::from_network(&network, &Domain::WholeSpace, &Options::default()).unwrap();
    let merged = form.merged().unwrap();
    assert_eq!((form.selectors().len(), merged.selectors().len(), merged.half_spaces().len()), (4, 2, 2));
    assert!(merged.verify(&network, None).unwrap().ok());
}

#[test]
fn convexity_limits_merging() {
    // c3_1-2-2 has 280 regions and 261 affine maps.
    let form = form("c3_1-2-2");
    let merged = form.merged().unwrap();
    assert!((261..280).contains(&merged.selectors().len()), "{}", merged.selectors().len());
    assert!(merged.verify(&read_network("c3_1-2-2"), None).unwrap().ok());
}

#[test]
fn the_regions_that_meet_a_box_are_kept() {
    for (name, count) in [("mlp_2-8-8-1", 58), ("s3_1-2", 39), ("dup_2", 27), ("trigrid_2", 108)] {
        let network = read_network(name);
        let domain = Domain::cube(network.inputs(), (-1).into(), 1.into()).unwrap();
        let small = form(name).restricted(&domain).unwrap();
        assert_eq!(small.selectors().len(), count, "{name}");
        assert!(small.verify(&network, None).unwrap().ok(), "{name}");
        let outside = vec![Rational::from(2); network.inputs()];
        assert!(small.evaluate(&outside).is_err(), "{name}");
        let smaller = small.restricted(&Domain::cube(network.inputs(), 0.into(), 1.into()).unwrap()).unwrap();
        assert!(smaller.verify(&network, None).unwrap().ok(), "{name}");
    }
}

#[test]
fn faces_are_neither_merged_nor_restricted() {
    let options = Options { boundary: Boundary::Faces, ..Options::default() };
    let form = ShallowNetwork::from_network(&read_network("braid_3"), &Domain::WholeSpace, &options).unwrap();
    assert!(form.merged().is_err());
    assert!(form.restricted(&Domain::WholeSpace).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn merging_and_restricting_keep_the_function(network in networks()) {
        let form = ShallowNetwork::from_network(&network, &Domain::WholeSpace, &Options::default()).unwrap();
        let merged = form.merged().unwrap();
        prop_assert!(merged.selectors().len() >= form.pieces().len());
        prop_assert!(merged.verify(&network, None).unwrap().ok());
        let domain = Domain::cube(network.inputs(), (-1).into(), 1.into()).unwrap();
        let small = merged.restricted(&domain).unwrap();
        let certificate = small.verify(&network, None).unwrap();
        prop_assert!(certificate.ok(), "{:?}", certificate);
    }
}
