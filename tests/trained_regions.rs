//! Regions of trained networks, against counts computed with independent programs.

use isotypic::io::read_network;
use isotypic::num::{Natural, Rational};
use isotypic::polyhedral::orbits::for_each_orbit;
use isotypic::polyhedral::{
    ActivationPattern, Domain, Options, PatternSymmetry, PiecewiseLinearMap, count_regions,
};
use isotypic::shallow::form::piecewise_linear_map;
use std::ops::ControlFlow;
use std::path::Path;

/// The cyclic shift of positions, in the inputs and in every channel of the hidden layers.
struct Shift(usize);

impl PatternSymmetry for Shift {
    fn generators(&self) -> usize {
        1
    }

    fn permute_pattern(&self, _: usize, pattern: &ActivationPattern) -> ActivationPattern {
        let n = self.0;
        let mut image = ActivationPattern::inactive(pattern.neurons());
        pattern.active().for_each(|neuron| image.set(neuron / n * n + (neuron + 1) % n, true));
        image
    }

    fn permute_point(&self, _: usize, point: &[Rational]) -> Vec<Rational> {
        let mut image = point.to_vec();
        image.rotate_right(1);
        image
    }
}

fn trained(name: &str) -> PiecewiseLinearMap {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    piecewise_linear_map(&read_network(&path).unwrap()).unwrap()
}

#[test]
fn the_two_month_network_has_its_known_regions_and_orbits() {
    let map = trained("elnino_c6.onnx");
    let cube = Domain::cube(6, (-1).into(), 1.into()).unwrap();
    for (domain, regions, orbits) in [(Domain::WholeSpace, 230_822u64, 38_544), (cube, 30_948, 5_192)] {
        assert_eq!(count_regions(&map, &domain, &Options::default()).unwrap().regions, regions);
        let go_on = |_: &_, _: &_| ControlFlow::Continue(());
        let found = for_each_orbit(&map, &domain, &Shift(6), &Options::default(), go_on).unwrap();
        assert_eq!(found.search.regions, orbits);
        assert_eq!((found.orbits, found.regions), (orbits, Natural::from(regions)));
    }
}

#[test]
fn the_monthly_network_is_counted_by_its_orbits() {
    let map = trained("elnino_c12.onnx");
    let cube = Domain::cube(12, (-1).into(), 1.into()).unwrap();
    let go_on = |_: &_, _: &_| ControlFlow::Continue(());
    let found = for_each_orbit(&map, &cube, &Shift(12), &Options::default(), go_on).unwrap();
    let regions = count_regions(&map, &cube, &Options::default()).unwrap().regions;
    assert_eq!((found.orbits, found.regions), (2934, Natural::from(regions)));
    assert_eq!((found.search.regions, regions), (2934, 34_903));
}
