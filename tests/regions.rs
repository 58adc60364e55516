//! Counts of regions against independently computed ones, for every network in `tests/known/regions.json`.

#[path = "regions/brute_force.rs"]
mod brute_force;
#[path = "regions/certificates.rs"]
mod certificates;
#[path = "regions/fast.rs"]
mod fast;
#[path = "regions/laws.rs"]
mod laws;
#[path = "regions/on_sets.rs"]
mod on_sets;
#[path = "regions/orbits.rs"]
mod orbits;
#[path = "regions/search.rs"]
mod search;
#[path = "regions/support.rs"]
mod support;

use isotypic::polyhedral::{Adjacency, Domain, RegionOrbits, Regions, merged, plain};
use serde_json::Value;
use support::{Known, known_networks};

/// Compares everything that is known of one network on one domain with the result of an engine.
fn compare(known: &Known, domain: &str, expected: &Value, regions: &Regions) {
    let name = format!("{} on {domain}", known.name);
    assert_eq!(Some(regions.len() as u64), expected["regions"].as_u64(), "regions of {name}");
    let adjacency = Adjacency::new(regions).unwrap();
    assert!(adjacency.is_complete(), "completeness of {name}");
    let counts = [
        ("distinct_affine", merged::distinct_affine(regions)),
        ("linear_regions_connected", merged::linear_regions_connected(regions, &adjacency)),
        ("facet_adjacencies", adjacency.pairs().len()),
    ];
    for (key, count) in counts {
        if let Some(value) = expected[key].as_u64() {
            assert_eq!(count as u64, value, "{key} of {name}");
        }
    }
    if let (Some(orbits), Some(symmetry)) = (expected["orbits"].as_u64(), known.symmetry()) {
        let found = RegionOrbits::new(regions, &symmetry).unwrap();
        assert_eq!(found.count() as u64, orbits, "orbits of {name}");
        let sizes = expected["orbit_sizes"].as_object().unwrap();
        assert_eq!(found.sizes().len(), sizes.len(), "orbit sizes of {name}");
        for (size, count) in found.sizes() {
            assert_eq!(
                sizes[&size.to_string()].as_u64(),
                Some(count as u64),
                "orbits of size {size} of {name}"
            );
        }
    }
}

#[test]
fn the_plain_engine_agrees_with_the_known_counts() {
    let mut compared = 0;
    for known in known_networks() {
        for (name, expected) in &known.counts {
            if known.map.inputs() > 4 || expected["regions"].as_u64().unwrap() >= 2500 {
                continue;
            }
            let regions = plain::enumerate(&known.map, &support::domain(name, known.map.inputs())).unwrap();
            compare(&known, name, expected, &regions);
            compared += 1;
        }
    }
    assert_eq!(compared, 68);
}

#[test]
fn a_domain_that_the_group_moves_is_refused() {
    let known = known_networks().into_iter().find(|known| known.name == "c3_1-2").unwrap();
    let mut domain = support::domain("box", 3);
    let Domain::Box { hi, .. } = &mut domain else { unreachable!("a box") };
    hi[0] = 2.into();
    let regions = plain::enumerate(&known.map, &domain).unwrap();
    let message = RegionOrbits::new(&regions, &known.symmetry().unwrap()).unwrap_err().to_string();
    assert!(message.contains("domain"), "{message}");
}

/// From five dimensions on, two vertices of a degenerate region may share many facets without sharing an edge.
#[test]
fn vertices_are_extreme_in_five_dimensions() {
    for known in known_networks().iter().filter(|known| known.name == "s5_1-2") {
        for domain in ["all", "box"] {
            let regions = plain::enumerate(&known.map, &support::domain(domain, 5)).unwrap();
            assert!(regions.iter().all(laws::vertices_are_extreme), "{} on {domain}", known.name);
        }
    }
}
