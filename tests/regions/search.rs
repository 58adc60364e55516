//! The whole path of the command `regions`, for every known network.

use super::support::known_networks;
use isotypic::analysis::region_search::details::Inspector;
use isotypic::analysis::region_search::{RegionSearch, SearchOptions};
use isotypic::analysis::{NetworkSymmetry, RegionAnswer, RegionDomain, SymmetryQuestion};
use isotypic::num::Natural;
use isotypic::polyhedral::Options;
use std::ops::ControlFlow;

/// Regions beyond which nothing but counts is compared.
const LISTED: u64 = 700;
/// Regions beyond which a network is left to other tests.
const COUNTED: u64 = 12_000;

#[test]
fn the_search_agrees_with_all_known_counts() {
    let (mut counted, mut listed) = (0, 0);
    for known in known_networks() {
        let path = format!("{}/data/nets/{}.json", env!("CARGO_MANIFEST_DIR"), known.name);
        let network = isotypic::io::read_network(path.as_ref()).unwrap();
        for (name, expected) in &known.counts {
            let place = format!("{} on {name}", known.name);
            let regions = expected["regions"].as_u64().unwrap();
            if regions > COUNTED {
                continue;
            }
            counted += 1;
            let domain = if name == "all" { "all" } else { "box:-1,1" };
            let domain = RegionDomain::parse(domain).unwrap();
            // Braid arrangements are symmetric, but not as networks that are equivariant neuron by neuron.
            let symmetric = expected["orbits"].is_u64();
            let group = known.group.filter(|_| symmetric).map(|(family, n)| format!("{family}{n}"));
            let symmetry = group
                .as_deref()
                .map(|group| NetworkSymmetry::new(&network, &SymmetryQuestion::on_points(group)).unwrap());
            let search = RegionSearch::new(&network, &domain, symmetry.as_ref()).unwrap();
            let mut part = search.begin();
            let mut found = Vec::new();
            let mut visit = |pattern: &_, size: &Natural| {
                found.push((Clone::clone(pattern), size.clone()));
                Ok(ControlFlow::Continue(()))
            };
            search.run(&mut part, &SearchOptions::default(), &mut visit, &mut |_| Ok(())).unwrap();
            assert!(part.is_complete(), "{place}");
            let tally = part.tally();
            assert_eq!(tally.regions, Natural::from(regions), "regions of {place}");
            if let Some(orbits) = expected["orbits"].as_u64() {
                assert_eq!(tally.orbits, orbits, "orbits of {place}");
                let sizes = expected["orbit_sizes"].as_object().unwrap();
                let sizes = sizes.iter().map(|(size, count)| (size.clone(), count.as_u64().unwrap()));
                let mut sizes: Vec<_> = sizes.collect();
                let mut counts: Vec<_> = tally.sizes.iter().map(|(size, &n)| (size.to_string(), n)).collect();
                sizes.sort();
                counts.sort();
                assert_eq!(counts, sizes, "orbit sizes of {place}");
            }
            let streamed = search.regions(&SearchOptions::default()).unwrap();
            assert!(streamed.map(Result::unwrap).eq(found.iter().cloned()), "stream of {place}");
            if regions > LISTED {
                continue;
            }
            listed += 1;
            let mut inspector = Inspector::new(&search, false);
            inspector.add(&found, 1).unwrap();
            assert!(inspector.is_closed(), "closure of {place}");
            // One region less is not closed.
            let mut spoiled = Inspector::new(&search, false);
            spoiled.add(&found[1..], 1).unwrap();
            assert!(!spoiled.is_closed(), "closure of {place} without a region");
            let answer = RegionAnswer::fast(&network, &domain, symmetry.as_ref(), true, &Options::default());
            let answer = answer.unwrap();
            let number = |key: &str| expected[key].as_u64().map(|n| n as usize);
            for (key, count) in [
                ("distinct_affine", answer.distinct_affine),
                ("linear_regions_connected", answer.linear_regions_connected),
            ] {
                assert!(number(key).is_none_or(|n| Some(n) == count), "{key} of {place}");
            }
            if let Some(pairs) = expected["facet_adjacencies"].as_u64() {
                assert_eq!(inspector.details().adjacent_pairs(), Natural::from(pairs), "pairs of {place}");
            }
        }
    }
    assert!(counted > 80 && listed > 40, "{counted} counted, {listed} listed");
}
