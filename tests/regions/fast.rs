//! The fast engine against the plain one and against known counts.

use super::laws::{domains, small_maps};
use super::support::{domain, known_networks};
use isotypic::polyhedral::{
    ActivationPattern, Arithmetic, Domain, Frontier, Kernel, Options, PiecewiseLinearMap, count_regions,
    enumerate, for_each_region, patterns, plain,
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
    for known in known_networks() {
        for (name, expected) in &known.counts {
            if known.map.inputs() > 6 {
                continue;
            }
            let domain = domain(name, known.map.inputs());
            let summary = count_regions(&known.map, &domain, &Options::default()).unwrap();
            assert_eq!(Some(summary.regions), expected["regions"].as_u64(), "{} on {name}", known.name);
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
