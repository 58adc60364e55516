//! The fast engine against the plain one and against known counts.

use super::laws::{domains, facet_value, small_maps};
use super::support::{domain, known_networks};
use isotypic::num::Rational;
use isotypic::polyhedral::{
    ActivationPattern, Adjacency, Arithmetic, Domain, Frontier, Kernel, Options, PiecewiseLinearMap, Region,
    count_regions, describe, enumerate, for_each_region, patterns, plain, stream,
};
use proptest::prelude::*;
use std::ops::ControlFlow;

/// Every way to run the engine.
fn ways() -> Vec<Options> {
    let mut ways = Vec::new();
    for kernel in [Kernel::Vertices, Kernel::Rows] {
        for arithmetic in [Arithmetic::Filtered, Arithmetic::Exact] {
            for threads in [1, 3] {
                ways.push(Options { kernel, arithmetic, threads, ..Options::default() });
            }
        }
    }
    ways
}

/// The sequence of patterns that a visitor sees, and what it leaves where it stops after `most`.
fn sequence(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    options: &Options,
    most: usize,
) -> (Vec<ActivationPattern>, Frontier) {
    let mut seen = Vec::new();
    let summary = for_each_region(map, domain, options, |pattern| {
        seen.push(pattern.clone());
        if seen.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (seen, summary.unwrap().rest)
}

#[test]
fn the_fast_engine_agrees_with_the_known_counts() {
    let networks = known_networks();
    let known_counts: usize = networks.iter().map(|known| known.counts.len()).sum();
    assert_eq!((networks.len(), known_counts), (53, 104));
    for known in networks {
        let d = known.map.inputs();
        for (name, expected) in &known.counts {
            let expected = expected["regions"].as_u64().unwrap();
            let mut kernels = vec![Kernel::Auto];
            if expected < 2500 {
                kernels.push(if d <= Kernel::VERTEX_DIMENSIONS { Kernel::Rows } else { Kernel::Vertices });
            }
            for kernel in kernels.into_iter().filter(|&kernel| kernel != Kernel::Vertices || d <= 8) {
                let options = Options { kernel, ..Options::default() };
                let summary = count_regions(&known.map, &domain(name, d), &options).unwrap();
                assert_eq!(summary.regions, expected, "{} on {name} by {kernel:?}", known.name);
            }
            // Exact arithmetic throughout visits the same regions in the same sequence.
            if expected < 1000 && d <= Kernel::VERTEX_DIMENSIONS {
                let exactly = Options { arithmetic: Arithmetic::Exact, ..Options::default() };
                let domain = domain(name, d);
                let plainly = sequence(&known.map, &domain, &Options::default(), usize::MAX).0;
                assert_eq!(sequence(&known.map, &domain, &exactly, usize::MAX).0, plainly, "{}", known.name);
            }
        }
    }
}

#[test]
fn time_runs_out_and_the_rest_can_be_resumed() {
    let known = known_networks().into_iter().find(|known| known.name == "mlp_3-16-16-1").unwrap();
    let domain = domain("all", 3);
    for threads in [1, 2] {
        let options = Options { threads, max_time: Some(std::time::Duration::ZERO), ..Options::default() };
        let first = count_regions(&known.map, &domain, &options).unwrap();
        assert!(!first.is_complete() && first.regions < 7030);
        let resumed = Options { threads, resume: Some(first.rest), ..Options::default() };
        let second = count_regions(&known.map, &domain, &resumed).unwrap();
        assert_eq!(first.regions + second.regions, 7030);
    }
}

/// Tangents of a circle: no two of these are parallel and no three meet, and one region has them all as facets.
#[test]
fn cells_with_more_facets_than_a_word_has_bits() {
    let tangent = |t: i32| [1600 - t * t, 80 * t, -(1600 + t * t)].map(Rational::from).to_vec();
    let hidden: Vec<Vec<Rational>> = (-30..50).map(tangent).collect();
    let n = hidden.len() as u64;
    let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO]).unwrap();
    for kernel in [Kernel::Vertices, Kernel::Rows] {
        let alone =
            sequence(&map, &Domain::WholeSpace, &Options { kernel, ..Options::default() }, usize::MAX).0;
        assert_eq!(alone.len() as u64, 1 + n + n * (n - 1) / 2, "{kernel:?}");
        // Short jobs leave and find again their places below the wide cell.
        let options = Options { kernel, threads: 2, ..Options::default() };
        assert!(sequence(&map, &Domain::WholeSpace, &options, usize::MAX).0 == alone, "{kernel:?}");
        let (mut seen, rest) = sequence(&map, &Domain::WholeSpace, &options, 1000);
        let resumed = Options { resume: Some(rest), ..options };
        seen.extend(sequence(&map, &Domain::WholeSpace, &resumed, usize::MAX).0);
        assert!(seen == alone, "{kernel:?}, resumed");
    }
}

#[test]
fn the_stream_is_what_the_visitor_sees() {
    let known = known_networks().into_iter().find(|known| known.name == "mlp_3-16-16-1").unwrap();
    for (name, _) in &known.counts {
        let domain = domain(name, 3);
        let seen = sequence(&known.map, &domain, &Options::default(), usize::MAX).0;
        for threads in [1, 2] {
            let options = Options { threads, ..Options::default() };
            let streamed = stream::regions(&known.map, &domain, &options).unwrap();
            assert!(streamed.map(Result::unwrap).eq(seen.iter().cloned()), "{name}, {threads} threads");
        }
        // It can go on where a visitor stopped.
        let (mut both, rest) = sequence(&known.map, &domain, &Options::default(), 500);
        let options = Options { resume: Some(rest), ..Options::default() };
        both.extend(stream::regions(&known.map, &domain, &options).unwrap().map(Result::unwrap));
        assert!(both == seen, "{name}, resumed");
    }
}

#[test]
fn a_map_without_hidden_layers_is_one_region() {
    let row = vec![2.into(), 0.into(), 1.into()];
    let map = PiecewiseLinearMap::new(2, &[vec![row]], vec![]).unwrap();
    for (domain, facets) in [(domain("all", 2), 0), (domain("box", 2), 4)] {
        let regions = describe::regions(&map, &domain, &Options::default()).unwrap();
        assert_eq!((regions.len(), regions[0].facets.len()), (1, facets));
        assert!(Adjacency::new(&regions).unwrap().is_complete());
    }
}

#[test]
fn ends_beyond_floats_and_too_many_threads_are_refused() {
    let map = arrangement(vec![vec![1, 0], vec![1, 1]]);
    let far: Rational = (0..400).fold(1.into(), |x: Rational, _| x * Rational::from(10));
    let far_away = Domain::cube(2, far.clone(), far + Rational::ONE).unwrap();
    let message = describe::regions(&map, &far_away, &Options::default()).unwrap_err().to_string();
    assert!(message.contains("largest f64"), "{message}");
    let options = Options { threads: 100_000_000, ..Options::default() };
    let message = count_regions(&map, &Domain::WholeSpace, &options).unwrap_err().to_string();
    assert!(message.contains("threads"), "{message}");
}

/// One layer whose neurons are the given linear forms.
fn arrangement(forms: Vec<Vec<i32>>) -> PiecewiseLinearMap {
    let d = forms[0].len();
    let row = |form: Vec<i32>| form.into_iter().chain([0]).map(Rational::from).collect();
    PiecewiseLinearMap::new(d, &[forms.into_iter().map(row).collect(), vec![]], vec![Rational::ZERO]).unwrap()
}

/// Central arrangements in which far more hyperplanes than the dimension meet in most faces.
#[test]
fn highly_degenerate_arrangements_have_their_known_counts() {
    let unit = |n: usize, i: usize, sign: i32| -> Vec<i32> {
        (0..n).map(|k| if k == i { sign } else { 0 }).collect()
    };
    let sum = |a: Vec<i32>, b: Vec<i32>| -> Vec<i32> { a.iter().zip(&b).map(|(x, y)| x + y).collect() };
    let pairs = |n: usize| (0..n).flat_map(move |i| (i + 1..n).map(move |j| (i, j)));
    let braid = |n: usize| -> Vec<_> { pairs(n).map(|(i, j)| sum(unit(n, i, 1), unit(n, j, -1))).collect() };
    let coxeter_b = |n: usize| -> Vec<_> {
        let both = pairs(n).flat_map(|(i, j)| [1, -1].map(|sign| sum(unit(n, i, 1), unit(n, j, sign))));
        both.chain((0..n).map(|i| unit(n, i, 1))).collect()
    };
    let resonance =
        |n: usize| -> Vec<_> { (1..1 << n).map(|s: i32| (0..n).map(|i| s >> i & 1).collect()).collect() };
    let threshold = |n: usize| -> Vec<_> {
        (0..1 << n)
            .map(|s: i32| (0..=n).map(|i| if i == n { 1 } else { 2 * (s >> i & 1) - 1 }).collect())
            .collect()
    };
    let mut cases: Vec<(String, Vec<Vec<i32>>, u64)> = Vec::new();
    for (n, count) in [(2, 2), (3, 6), (4, 24), (5, 120), (6, 720)] {
        cases.push((format!("braid {n}"), braid(n), count));
    }
    for (n, count) in [(2, 8), (3, 48), (4, 384), (5, 3840)] {
        cases.push((format!("Coxeter B {n}"), coxeter_b(n), count));
    }
    for (n, count) in [(2, 6), (3, 32), (4, 370), (5, 11292)] {
        cases.push((format!("resonance {n}"), resonance(n), count));
    }
    for (n, count) in [(2, 14), (3, 104), (4, 1882), (5, 94572)] {
        cases.push((format!("threshold {n}"), threshold(n), count));
    }
    for (name, forms, count) in cases {
        let map = arrangement(forms);
        for kernel in [Kernel::Vertices, Kernel::Rows] {
            if count > 2000 && kernel == Kernel::Rows {
                continue;
            }
            let options = Options { kernel, ..Options::default() };
            let summary = count_regions(&map, &Domain::WholeSpace, &options).unwrap();
            assert_eq!(summary.regions, count, "{name} by {kernel:?}");
        }
    }
}

/// Zaslavsky's counts for hyperplanes in general position, which random integers of this size are in by luck.
#[test]
fn random_arrangements_have_the_counts_of_general_position() {
    let binomial = |n: u64, k: u64| (0..k).fold(1, |product, i| product * (n - i) / (i + 1));
    let mut state = 1u64;
    let mut entry = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Rational::from((state >> 40) as i32 - (1 << 23))
    };
    for (m, d) in [(6, 3), (8, 4), (12, 5), (10, 6), (11, 8), (12, 10)] {
        for central in [false, true] {
            let mut row = |_| {
                let mut row: Vec<Rational> = (0..=d).map(|_| entry()).collect();
                if central {
                    row[d] = Rational::ZERO;
                }
                row
            };
            let hidden: Vec<Vec<Rational>> = (0..m).map(&mut row).collect();
            let map = PiecewiseLinearMap::new(d, &[hidden, vec![]], vec![Rational::ZERO]).unwrap();
            let (m, d) = (m as u64, d as u64);
            let expected: u64 = if central {
                2 * (0..d).map(|i| binomial(m - 1, i)).sum::<u64>()
            } else {
                (0..=d).map(|i| binomial(m, i)).sum()
            };
            for kernel in [Kernel::Vertices, Kernel::Rows] {
                let options = Options { kernel, ..Options::default() };
                let found = count_regions(&map, &Domain::WholeSpace, &options).unwrap().regions;
                assert_eq!(
                    found, expected,
                    "{m} hyperplanes in {d} dimensions by {kernel:?}, central: {central}"
                );
            }
        }
    }
}

fn case(inputs: usize, neurons: usize) -> impl Strategy<Value = (PiecewiseLinearMap, Domain)> {
    small_maps(inputs, neurons).prop_flat_map(|map| {
        let d = map.inputs();
        (Just(map), domains(d))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_fast_engine_agrees_with_the_plain_one((map, domain) in case(4, 9)) {
        match plain::enumerate(&map, &domain) {
            Ok(regions) => {
                let expected: Vec<_> = regions.iter().map(|region| region.pattern.clone()).collect();
                for options in ways() {
                    prop_assert_eq!(&patterns(&map, &domain, &options).unwrap(), &expected);
                }
            }
            Err(_) => prop_assert!(patterns(&map, &domain, &Options::default()).is_err()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn descriptions_agree_with_the_plain_engine((map, domain) in case(4, 9), threads in 1usize..3) {
        let Ok(expected) = plain::enumerate(&map, &domain) else { return Ok(()) };
        let options = Options { threads, ..Options::default() };
        let found = describe::regions(&map, &domain, &options).unwrap();
        prop_assert!(Adjacency::new(&found).unwrap().is_complete());
        for (region, known) in found.iter().zip(&expected) {
            prop_assert_eq!(&region.pattern, &known.pattern);
            prop_assert_eq!(&region.affine, &known.affine);
            prop_assert_eq!(&map.pattern_at(&region.interior_point).unwrap(), &region.pattern);
            let facets = |region: &Region| {
                let mut facets: Vec<_> = region
                    .facets
                    .iter()
                    .map(|facet| (facet.half_space.clone(), facet.border, facet.neurons.clone()))
                    .collect();
                facets.sort();
                facets
            };
            prop_assert_eq!(facets(region), facets(known));
            for (i, facet) in region.facets.iter().enumerate() {
                for (j, other) in known.facets.iter().enumerate() {
                    let value = facet_value(other, &facet.interior_point);
                    let same = other.half_space == facet.half_space;
                    prop_assert_eq!(value.is_zero(), same, "facet {} against {}", i, j);
                    prop_assert!(value >= Rational::ZERO);
                }
            }
        }
    }

    #[test]
    fn stopping_and_resuming_gives_the_same_sequence((map, domain) in case(3, 9), most in 1usize..40) {
        prop_assume!(domain.half_spaces(map.inputs()).is_ok() && plain::enumerate(&map, &domain).is_ok());
        for options in ways() {
            let plainly = Options { kernel: options.kernel, ..Options::default() };
            let whole = sequence(&map, &domain, &plainly, usize::MAX).0;
            prop_assert_eq!(&sequence(&map, &domain, &options, usize::MAX).0, &whole);
            let (mut seen, rest) = sequence(&map, &domain, &options, most);
            prop_assert_eq!(seen.len(), most.min(whole.len()));
            let rest: Frontier = rest.to_string().parse().unwrap();
            let resumed = Options { resume: Some(rest), ..options };
            seen.extend(sequence(&map, &domain, &resumed, usize::MAX).0);
            prop_assert_eq!(&seen, &whole);
        }
    }

    #[test]
    fn shares_together_are_the_whole((map, domain) in case(3, 9), jobs in 1usize..20, parts in 1usize..4) {
        prop_assume!(domain.half_spaces(map.inputs()).is_ok() && plain::enumerate(&map, &domain).is_ok());
        let expected = patterns(&map, &domain, &Options::default()).unwrap();
        for kernel in [Kernel::Vertices, Kernel::Rows] {
            let frontier = enumerate::split_into(&map, &domain, kernel, jobs).unwrap();
            let mut found = Vec::new();
            for part in 0..parts {
                let resume = Some(frontier.share(part, parts));
                let options = Options { kernel, resume, ..Options::default() };
                found.extend(sequence(&map, &domain, &options, usize::MAX).0);
            }
            prop_assert!(frontier.len() >= jobs.min(found.len()));
            found.sort();
            prop_assert_eq!(&found, &expected);
        }
    }
}
