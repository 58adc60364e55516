//! Orbits of regions, counted without visiting all regions, against known counts.

use super::on_sets::{Exchanges, network_on_sets};
use super::support::{Known, Positions, domain, known_networks};
use isotypic::num::{Natural, Rational};
use isotypic::polyhedral::orbits::{
    OrbitSummary, ReflectionGroup, for_each_orbit, for_each_orbit_of_reflections, split_into,
};
use isotypic::polyhedral::{
    ActivationPattern, Domain, Frontier, Kernel, Options, PatternSymmetry, PiecewiseLinearMap, RegionOrbits,
    count_regions, plain,
};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// The orbits that are known, by size.
fn known_sizes(expected: &Value) -> BTreeMap<Natural, u64> {
    let sizes = expected["orbit_sizes"].as_object().unwrap();
    sizes.iter().map(|(size, count)| (size.parse().unwrap(), count.as_u64().unwrap())).collect()
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
                for_each_orbit_of_reflections(&known.map, &domain, &Exchanges(n), &group, &options, go_on)
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
    let found = for_each_orbit(&known.map, &domain, &Exchanges(4), &Options::default(), go_on);
    assert!(found.unwrap_err().to_string().contains("weights"));
}

fn in_chamber(map: &PiecewiseLinearMap, domain: &Domain, options: &Options) -> OrbitSummary {
    let n = map.inputs();
    let group = ReflectionGroup::symmetric(n);
    let go_on = |_: &_, _: &_| ControlFlow::Continue(());
    for_each_orbit_of_reflections(map, domain, &Exchanges(n), &group, options, go_on).unwrap()
}

/// Chambers against smallest patterns, and both against all regions.
#[test]
fn networks_on_sets_are_counted_alike_in_three_ways() {
    let options = Options::default();
    for (n, channels) in [(3, 2), (4, 2), (5, 2), (5, 3), (6, 1)] {
        let map = network_on_sets(n, channels, 1);
        let found = in_chamber(&map, &Domain::WholeSpace, &options);
        let regions = count_regions(&map, &Domain::WholeSpace, &options).unwrap().regions;
        assert_eq!(found.regions, Natural::from(regions), "{n} points");
        let go_on = |_: &_, _: &_| ControlFlow::Continue(());
        let smallest = for_each_orbit(&map, &Domain::WholeSpace, &Exchanges(n), &options, go_on).unwrap();
        assert_eq!((smallest.orbits, &smallest.sizes), (found.orbits, &found.sizes), "{n} points");
    }
}

/// Too many regions to visit: by vertices and by rows, and in the box, where the counts are small enough, by all.
#[test]
fn billions_of_regions_are_counted_by_thousands_of_orbits() {
    let map = network_on_sets(12, 2, 3);
    let found = in_chamber(&map, &Domain::WholeSpace, &Options::default());
    assert!(found.regions > Natural::from(BILLION) && found.orbits < 50_000, "{found:?}");
    let map = network_on_sets(8, 1, 3);
    let by = |kernel| in_chamber(&map, &Domain::WholeSpace, &Options { kernel, ..Options::default() });
    assert_eq!(by(Kernel::Vertices).sizes, by(Kernel::Rows).sizes);
}

/// All differences of two coordinates: one orbit of `n!` chambers.
#[test]
fn braid_arrangements_are_one_orbit() {
    for n in 3..9 {
        let row = |i: usize, j: usize| -> Vec<Rational> {
            (0..=n).map(|c| Rational::from(i32::from(c == i) - i32::from(c == j))).collect()
        };
        let ordered = (0..n).flat_map(|i| (0..n).filter(move |&j| j != i).map(move |j| (i, j)));
        let pairs: Vec<(usize, usize)> = ordered.collect();
        let hidden = pairs.iter().map(|&(i, j)| row(i, j)).collect();
        let map = PiecewiseLinearMap::new(n, &[hidden, vec![]], vec![Rational::ZERO]).unwrap();
        let group = ReflectionGroup::symmetric(n);
        let symmetry = OnPairs { n, pairs };
        let go_on = |_: &_, _: &_| ControlFlow::Continue(());
        let options = Options::default();
        let found =
            for_each_orbit_of_reflections(&map, &Domain::WholeSpace, &symmetry, &group, &options, go_on);
        let found = found.unwrap();
        let factorial: usize = (1..=n).product();
        assert_eq!((found.orbits, found.regions), (1, Natural::from(factorial)));
        if n < 7 {
            let found = for_each_orbit(&map, &Domain::WholeSpace, &symmetry, &options, go_on).unwrap();
            assert_eq!((found.orbits, found.regions), (1, Natural::from(factorial)));
        }
    }
}

const BILLION: u64 = 1_000_000_000;

/// Exchanges of neighbouring coordinates, acting on ordered pairs.
struct OnPairs {
    n: usize,
    pairs: Vec<(usize, usize)>,
}

impl PatternSymmetry for OnPairs {
    fn generators(&self) -> usize {
        self.n - 1
    }

    fn permute_pattern(&self, generator: usize, pattern: &ActivationPattern) -> ActivationPattern {
        let image = |x: usize| Exchanges(self.n).image(generator, x);
        let origin = |&(i, j): &(usize, usize)| {
            let pair = (image(i), image(j));
            pattern.is_active(self.pairs.iter().position(|&other| other == pair).unwrap())
        };
        ActivationPattern::from_bits(self.pairs.iter().map(origin))
    }

    fn permute_point(&self, generator: usize, point: &[Rational]) -> Vec<Rational> {
        Exchanges(self.n).permute_point(generator, point)
    }
}

/// Networks on three or four places with small integer weights that commute with the shift, or with all permutations.
fn symmetric_map() -> impl Strategy<Value = (bool, PiecewiseLinearMap)> {
    (3usize..5, 1usize..3, 0usize..3, any::<bool>()).prop_flat_map(|(n, first, second, cyclic)| {
        let entries = proptest::collection::vec(-2i32..=2, (first + second * first) * n + first + second);
        entries.prop_map(move |entries| {
            let mut entries = entries.into_iter().map(Rational::from);
            let mut layer = |channels: usize, inputs: usize| -> Vec<Vec<Rational>> {
                let mut rows = Vec::new();
                for _ in 0..channels {
                    let kernel: Vec<Rational> = entries.by_ref().take(inputs * n).collect();
                    let bias = entries.next().unwrap();
                    rows.extend((0..n).map(|x| {
                        let weight = |step: usize| if cyclic { step } else { usize::from(step > 0) };
                        let entry = |at: usize| {
                            let (b, y) = (at / n, at % n);
                            kernel[b * n + weight((y + n - x) % n)].clone()
                        };
                        (0..inputs * n).map(entry).chain([bias.clone()]).collect()
                    }));
                }
                rows
            };
            let mut layers = vec![layer(first, 1)];
            if second > 0 {
                layers.push(layer(second, first));
            }
            layers.push(vec![]);
            let slopes = vec![Rational::ZERO; layers.len() - 1];
            (cyclic, PiecewiseLinearMap::new(n, &layers, slopes).unwrap())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Every region's orbit is visited once, by its smallest pattern, whatever the way; shares add up.
    #[test]
    fn orbits_agree_with_the_plain_engine(
        (cyclic, map) in symmetric_map(),
        boxed in any::<bool>(),
        threads in 1usize..3,
        kernel in prop_oneof![Just(Kernel::Vertices), Just(Kernel::Rows)],
    ) {
        let n = map.inputs();
        let domain = domain(if boxed { "box" } else { "all" }, n);
        let shift: Vec<usize> = (0..n).map(|x| (x + 1) % n).collect();
        let mut swap: Vec<usize> = (0..n).collect();
        swap.swap(0, 1);
        let symmetry = Positions { generators: if cyclic { vec![shift] } else { vec![shift, swap] } };
        let regions = plain::enumerate(&map, &domain).unwrap();
        let expected = RegionOrbits::new(&regions, &symmetry).unwrap();
        let region = |&r: &usize| regions.iter().nth(r).unwrap().pattern.clone();
        let mut smallest: Vec<(ActivationPattern, Natural)> = (0..expected.count())
            .map(|o| expected.members(o))
            .map(|members| (members.iter().map(region).min().unwrap(), Natural::from(members.len())))
            .collect();
        smallest.sort();
        let options = Options { kernel, threads, ..Options::default() };
        let visit = |resume: Option<Frontier>, seen: &mut Vec<_>| {
            let options = Options { resume, ..options.clone() };
            let keep = |pattern: &ActivationPattern, size: &Natural| {
                seen.push((pattern.clone(), size.clone()));
                ControlFlow::Continue(())
            };
            for_each_orbit(&map, &domain, &symmetry, &options, keep).unwrap()
        };
        let mut seen = Vec::new();
        prop_assert_eq!(visit(None, &mut seen).regions, Natural::from(regions.len()));
        seen.sort();
        prop_assert_eq!(&seen, &smallest);
        let frontier = split_into(&map, &domain, &symmetry, kernel, 5).unwrap();
        let mut shared = Vec::new();
        (0..2).for_each(|part| drop(visit(Some(frontier.share(part, 2)), &mut shared)));
        shared.sort();
        prop_assert_eq!(&shared, &smallest);
        if !cyclic {
            let sizes = |found: &[(ActivationPattern, Natural)]| {
                let mut sizes: Vec<Natural> = found.iter().map(|(_, size)| size.clone()).collect();
                sizes.sort();
                sizes
            };
            let mut found = Vec::new();
            let group = ReflectionGroup::symmetric(n);
            let keep = |pattern: &ActivationPattern, size: &Natural| {
                found.push((pattern.clone(), size.clone()));
                ControlFlow::Continue(())
            };
            for_each_orbit_of_reflections(&map, &domain, &Exchanges(n), &group, &options, keep).unwrap();
            prop_assert_eq!(sizes(&found), sizes(&smallest));
        }
    }
}
