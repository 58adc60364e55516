//! The three-layer form: sizes against independently computed ones, and laws on random networks.

#[path = "shallow/explain.rs"]
mod explain;
#[path = "shallow/files.rs"]
mod files;
#[path = "shallow/laws.rs"]
mod laws;
#[path = "shallow/onnx.rs"]
mod onnx;
#[path = "shallow/simplify.rs"]
mod simplify;
#[path = "shallow/support.rs"]
mod support;

use isotypic::num::Rational;
use isotypic::polyhedral::{Domain, plain};
use isotypic::shallow::form::piecewise_linear_map;
use isotypic::shallow::{Boundary, FormSymmetry, Options, OrbitForm, ShallowNetwork, ThreeLayers};
use support::{position_symmetry, read_network};

/// Regions, half-spaces and incidences on the whole space, computed with an independent program.
const SIZES: [(&str, usize, usize, usize); 6] = [
    ("mlp_2-8-8-1", 141, 160, 532),
    ("mlp_2-16-16-1", 558, 606, 2160),
    ("mlp_3-8-8-1", 609, 582, 3326),
    ("s3_1-2-2", 335, 306, 1734),
    ("s3nb_1-2-2", 122, 150, 474),
    ("dup_2", 40, 46, 138),
];

#[test]
fn sizes_are_the_known_ones() {
    for (name, regions, half_spaces, incidences) in SIZES {
        let network = read_network(name);
        let form = ShallowNetwork::from_network(&network, &Domain::WholeSpace, &Options::default()).unwrap();
        let sizes = (form.selectors().len(), form.half_spaces().len(), form.incidences());
        assert_eq!(sizes, (regions, half_spaces, incidences), "{name}");
        let d = form.inputs();
        assert_eq!(form.layer_widths(), [half_spaces + 2 * d, half_spaces + 2 * d, 2 * regions], "{name}");
    }
}

#[test]
fn known_networks_are_verified_with_their_symmetry() {
    for (name, group) in [
        ("mlp_2-8-8-1", None),
        ("dup_2", None),
        ("central_2_5", None),
        ("trigrid_2", None),
        ("s3_1-2", Some(('S', 3))),
        ("s3nb_1-2-2", Some(('S', 3))),
        ("c4_1-2", Some(('C', 4))),
        ("c3_1-2-2", Some(('C', 3))),
    ] {
        let network = read_network(name);
        let symmetry = group.map(|(family, n)| position_symmetry(&network, family, n));
        for domain in [Domain::WholeSpace, Domain::cube(network.inputs(), (-1).into(), 1.into()).unwrap()] {
            let form = ShallowNetwork::from_network(&network, &domain, &Options::default()).unwrap();
            let certificate = form.verify(&network, symmetry.as_ref()).unwrap();
            assert!(certificate.ok(), "{name}: {certificate:?}");
        }
    }
}

#[test]
fn orbits_are_the_known_ones() {
    for (name, family, n, orbits) in [("s3_1-2-2", 'S', 3, 77), ("c4_1-2", 'C', 4, 45)] {
        let network = read_network(name);
        let form = ShallowNetwork::from_network(&network, &Domain::WholeSpace, &Options::default()).unwrap();
        let found = FormSymmetry::new(&form, &position_symmetry(&network, family, n)).unwrap();
        assert_eq!(found.selector_orbits(&form).count(), orbits, "{name}");
    }
}

#[test]
fn both_ways_to_evaluate_agree_with_the_network_at_vertices() {
    for name in ["dup_2", "central_3_5", "s3_1-2"] {
        let network = read_network(name);
        let map = piecewise_linear_map(&network).unwrap();
        for domain in [Domain::WholeSpace, Domain::cube(network.inputs(), (-1).into(), 1.into()).unwrap()] {
            let regions = plain::enumerate(&map, &domain).unwrap();
            let form = ShallowNetwork::from_regions(&regions).unwrap();
            let layers = ThreeLayers::<Rational>::new(&form);
            for vertex in regions.iter().flat_map(|region| &region.vertices) {
                let value = network.evaluate_exact(vertex);
                assert_eq!(form.evaluate(vertex).unwrap(), value, "{name}");
                assert_eq!(layers.evaluate(vertex).unwrap(), value, "{name}");
                assert_eq!(form.locate_by_pattern(&map, vertex).unwrap(), Some(form.locate(vertex).unwrap()));
            }
        }
    }
}

#[test]
fn a_point_outside_the_domain_is_refused() {
    let network = read_network("mlp_2-8-8-1");
    let domain = Domain::cube(2, (-1).into(), 1.into()).unwrap();
    let form = ShallowNetwork::from_network(&network, &domain, &Options::default()).unwrap();
    let outside = [Rational::from(2), Rational::ZERO];
    let message = form.evaluate(&outside).unwrap_err().to_string();
    assert!(message.contains("outside the domain"), "{message}");
}

/// The same half-spaces, patterns, facets and pieces, found with and without the symmetry.
#[test]
fn one_region_per_orbit_expands_to_all() {
    for (name, family, n, orbits) in
        [("s3_1-2-2", 'S', 3, 77), ("c4_1-2", 'C', 4, 45), ("s3nb_1-2-2", 'S', 3, 29), ("s4_1-2", 'S', 4, 21)]
    {
        let network = read_network(name);
        let symmetry = position_symmetry(&network, family, n);
        let options = Options::default();
        let stored = OrbitForm::from_network(&network, &Domain::WholeSpace, &symmetry, &options).unwrap();
        assert_eq!(stored.orbits().len(), orbits, "{name}");
        let (form, plain) = (
            stored.expand().unwrap(),
            ShallowNetwork::from_network(&network, &Domain::WholeSpace, &options).unwrap(),
        );
        assert_eq!(stored.regions(), plain.selectors().len(), "{name}");
        assert_eq!(form.half_spaces(), plain.half_spaces(), "{name}");
        assert_eq!(form.pieces(), plain.pieces(), "{name}");
        for (a, b) in form.selectors().iter().zip(plain.selectors()) {
            assert_eq!((&a.pattern, &a.conditions, a.piece), (&b.pattern, &b.conditions, b.piece), "{name}");
        }
        assert!(form.verify(&network, Some(&symmetry)).unwrap().ok(), "{name}");
    }
}

/// With selectors for faces every symmetry is one of every layer, marks included.
#[test]
fn faces_are_exactly_equivariant() {
    for (name, family, n) in [("s3_1-2", 'S', 3), ("c3_1-1", 'C', 3), ("s3_1-1", 'S', 3)] {
        let network = read_network(name);
        let symmetry = position_symmetry(&network, family, n);
        for domain in [Domain::WholeSpace, Domain::cube(n, (-1).into(), 1.into()).unwrap()] {
            let options = Options { boundary: Boundary::Faces, ..Options::default() };
            let stored = OrbitForm::from_network(&network, &domain, &symmetry, &options).unwrap();
            let form = stored.expand().unwrap();
            let certificate = form.verify(&network, Some(&symmetry)).unwrap();
            assert!(certificate.ok(), "{name}: {certificate:?}");
            assert!(FormSymmetry::new(&form, &symmetry).unwrap().keeps_marks, "{name}");
            // The faces without their boundaries partition the domain: their Euler characteristic, with compact
            // support, is that of space, or of the closed box.
            let count = |parity: usize| form.selectors().iter().filter(|s| s.dimension % 2 == parity).count();
            let euler = count(0) as i64 - count(1) as i64;
            assert_eq!(euler, if domain == Domain::WholeSpace { -1 } else { 1 }, "{name}");
        }
    }
}
