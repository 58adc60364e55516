//! Orbits of regions, counted without visiting all regions, against known counts.

use super::support::{Known, Positions, domain, known_networks};
use isotypic::num::Natural;
use isotypic::polyhedral::orbits::{ReflectionGroup, for_each_orbit, for_each_orbit_of_reflections};
use isotypic::polyhedral::{Kernel, Options, PatternSymmetry};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The orbits that are known, by size.
fn known_sizes(expected: &Value) -> BTreeMap<Natural, u64> {
    let sizes = expected["orbit_sizes"].as_object().unwrap();
    sizes.iter().map(|(size, count)| (size.parse().unwrap(), count.as_u64().unwrap())).collect()
}

/// The exchanges of neighbouring positions.
fn exchanges(n: usize) -> Positions {
    let exchange = |i: usize| {
        let mut image: Vec<usize> = (0..n).collect();
        image.swap(i, i + 1);
        image
    };
    Positions { generators: (0..n - 1).map(exchange).collect() }
}

fn cases() -> Vec<(Known, String, Value)> {
    let mut cases = Vec::new();
    for known in known_networks() {
        for (name, expected) in known.counts.clone() {
            if expected["orbits"].is_u64() {
                cases.push((known.clone(), name, expected));
            }
        }
    }
    cases
}

#[test]
fn orbits_are_counted_without_all_regions() {
    let mut visited = BTreeMap::new();
    for (known, name, expected) in cases() {
        let n = known.map.inputs();
        let domain = domain(&name, n);
        for kernel in [Kernel::Vertices, Kernel::Rows] {
            let options = Options { kernel, ..Options::default() };
            let symmetric = known.group.unwrap().0 == 'S';
            if kernel == Kernel::Rows && expected["regions"].as_u64().unwrap() > 3000 {
                continue;
            }
            let go_on = |_: &_, _: &_| ControlFlow::Continue(());
            let found = if symmetric {
                let group = ReflectionGroup::symmetric(n);
                for_each_orbit_of_reflections(&known.map, &domain, &exchanges(n), &group, &options, go_on)
            } else {
                for_each_orbit(&known.map, &domain, &known.symmetry().unwrap(), &options, go_on)
            };
            let found = found.unwrap();
            assert_eq!(found.sizes, known_sizes(&expected), "{} on {name} by {kernel:?}", known.name);
            assert_eq!(found.regions, Natural::from(expected["regions"].as_u64().unwrap()));
            visited.insert((known.name.clone(), name.clone()), found.search.regions);
        }
    }
    // The point of it: no cell but one for each orbit.
    assert_eq!(visited[&("s5_1-2-2".to_string(), "all".to_string())], 515);
    assert_eq!(visited[&("c6_1-2-1".to_string(), "all".to_string())], 8839);
}

#[test]
fn a_symmetry_that_is_none_is_refused() {
    let known = known_networks().into_iter().find(|known| known.name == "c4_1-2").unwrap();
    let domain = domain("all", 4);
    let go_on = |_: &_, _: &_| ControlFlow::Continue(());
    // The network is cyclic, not symmetric.
    let found = for_each_orbit(&known.map, &domain, &exchanges(4), &Options::default(), go_on);
    assert!(found.unwrap_err().to_string().contains("weights"), "exchanges");
    assert_eq!(exchanges(4).generators(), 3);
}
