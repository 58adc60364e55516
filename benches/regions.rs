//! Speed of the enumeration of regions: `cargo bench --bench regions`.
//!
//! A table comes first: regions per second on one thread, how many signs needed exact arithmetic, how much slower exact
//! arithmetic throughout is, and the speed-up by a second thread. The filter has no "off": its cost is bounded by the
//! ratio to a plain `f64` program, which `docs/regions.md` gives.

#[path = "../tests/regions/on_sets.rs"]
mod on_sets;

use divan::black_box;
use isotypic::io::json::read_json;
use isotypic::num::Natural;
use isotypic::polyhedral::orbits::{ReflectionGroup, for_each_orbit_of_reflections};
use isotypic::polyhedral::{Arithmetic, Domain, Options, PiecewiseLinearMap, Summary, count_regions};
use isotypic::shallow::form::piecewise_linear_map;
use on_sets::{Exchanges, network_on_sets};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// Networks in `data/nets`, by vertices up to six inputs and by rows beyond.
const NETWORKS: [&str; 9] = [
    "mlp_2-64-64-64-1",
    "mlp_3-32-32-1",
    "mlp_4-16-16-1",
    "mlp_5-16-16-1",
    "mlp_6-16-16-1",
    "mlp_8-8-8-1",
    "mlp_10-10-10-1",
    "mlp_12-16-1",
    "mlp_16-14-1",
];

fn main() {
    println!("network on [-1, 1]^d   regions  regions/s  exact/all decisions  exact throughout  two threads");
    for name in NETWORKS {
        let map = network(name);
        let (summary, time) = timed(&map, &Options::default());
        let work = summary.work;
        let per_second = summary.regions as f64 / time.as_secs_f64();
        let share = format!("{}/{}", work.exact_decisions, work.decisions);
        let twice = timed(&map, &Options { threads: 2, ..Options::default() }).1;
        // Exact arithmetic throughout takes minutes on the larger ones.
        let exact = if summary.regions < 20_000 && map.inputs() < 6 {
            let exact = timed(&map, &Options { arithmetic: Arithmetic::Exact, ..Options::default() }).1;
            format!("{:.0} x", exact.as_secs_f64() / time.as_secs_f64())
        } else {
            "-".to_string()
        };
        let speedup = time.as_secs_f64() / twice.as_secs_f64();
        println!(
            "{name:21} {:8} {per_second:10.0} {share:>20} {exact:>17} {speedup:10.2} x",
            summary.regions
        );
    }
    divan::main();
}

fn network(name: &str) -> PiecewiseLinearMap {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/nets/{name}.json"));
    piecewise_linear_map(&read_json(&path).unwrap()).unwrap()
}

/// Counts the regions in the cube; the best time of two runs.
fn timed(map: &PiecewiseLinearMap, options: &Options) -> (Summary, Duration) {
    let cube = Domain::cube(map.inputs(), (-1).into(), 1.into()).unwrap();
    let run = || {
        let start = Instant::now();
        (count_regions(map, &cube, options).unwrap(), start.elapsed())
    };
    let (first, second) = (run(), run());
    if first.1 < second.1 { first } else { second }
}

#[divan::bench(args = NETWORKS, sample_count = 5, sample_size = 1)]
fn regions_in_the_cube(name: &str) -> u64 {
    let map = network(name);
    timed(black_box(&map), &Options::default()).0.regions
}

/// Orbits of regions on the whole space under all permutations of the points; the regions themselves run into billions.
#[divan::bench(args = [(6, 2), (8, 2), (10, 2)], sample_count = 3, sample_size = 1)]
fn orbits_on_sets((n, channels): (usize, usize)) -> Natural {
    let found = for_each_orbit_of_reflections(
        &network_on_sets(n, channels, 1),
        &Domain::WholeSpace,
        &Exchanges(n),
        &ReflectionGroup::symmetric(n),
        &Options::default(),
        |_, _| ControlFlow::Continue(()),
    );
    found.unwrap().regions
}
