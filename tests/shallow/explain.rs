//! Explanations against their definitions.

use crate::laws::networks;
use crate::support::{position_symmetry, read_network};
use isotypic::network::{Activation, AffineLayer, Network};
use isotypic::num::{Integer, Rational};
use isotypic::polyhedral::Domain;
use isotypic::shallow::explain::{Decision, LocalRegions, OrbitList, ShapleyMethod, Stage};
use isotypic::shallow::{Options, OrbitForm};
use proptest::prelude::*;

fn regions(network: &isotypic::network::Network) -> LocalRegions {
    LocalRegions::new(network, &Domain::WholeSpace).unwrap()
}

fn points(d: usize) -> impl Strategy<Value = Vec<Rational>> {
    let number = (-9i32..=9, 1u8..4).prop_map(|(a, b)| Rational::from_parts(a.into(), b.into()));
    proptest::collection::vec(number, d)
}

fn squared_distance(x: &[Rational], y: &[Rational]) -> Rational {
    x.iter().zip(y).fold(Rational::ZERO, |sum, (a, b)| sum + (a - b) * (a - b))
}

fn total(row: &[Rational]) -> Rational {
    row.iter().fold(Rational::ZERO, |sum, entry| sum + entry)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn attributions_sum_to_the_change(
        (network, x, b) in networks().prop_flat_map(|n| {
            let d = n.inputs();
            (Just(n), points(d), points(d))
        }),
    ) {
        let regions = regions(&network);
        let gradients = regions.integrated_gradients(&b, &x).unwrap();
        let shapley = regions.shapley_values(&b, &x).unwrap();
        let (at_x, at_b) = (network.evaluate_exact(&x), network.evaluate_exact(&b));
        for o in 0..network.outputs() {
            let change = &at_x[o] - &at_b[o];
            prop_assert_eq!(&total(&gradients.attributions[o]), &change);
            prop_assert_eq!(&total(&shapley.attributions[o]), &change);
        }
        if x != b {
            prop_assert_eq!(&gradients.stages.last().unwrap().end, &Rational::ONE);
            // Each stage is the closed region that holds the middle of its stretch.
            let mut start = Rational::ZERO;
            for Stage { pattern, end, .. } in &gradients.stages {
                let middle = (&start + end) / Rational::from(2);
                let point: Vec<Rational> = b.iter().zip(&x).map(|(b, x)| b + (x - b) * &middle).collect();
                let piece = regions.region(pattern).unwrap().affine;
                prop_assert_eq!(piece.apply(&point), network.evaluate_exact(&point));
                start = end.clone();
            }
        }
        if let ShapleyMethod::Affine { .. } = shapley.method {
            prop_assert_eq!(shapley.attributions, gradients.attributions);
        }
    }

    #[test]
    fn no_point_nearer_than_the_counterfactual_is_decided_otherwise(
        (network, x) in networks().prop_flat_map(|n| {
            let d = n.inputs();
            (Just(n), points(d))
        }),
    ) {
        let regions = regions(&network);
        let outputs = network.evaluate_exact(&x);
        prop_assume!(!outputs[0].is_zero());
        let positive = outputs[0] > Rational::ZERO;
        let found = regions.counterfactual(&x, Decision::Sign { output: 0 }, 100_000).unwrap();
        if let Some(found) = &found {
            prop_assert!(network.evaluate_exact(&found.point)[0].is_zero());
            prop_assert_eq!(&squared_distance(&x, &found.point), &found.squared_distance);
        }
        for code in 0..9usize.pow(x.len() as u32) {
            let y: Vec<Rational> = x
                .iter()
                .enumerate()
                .map(|(i, x)| x + Rational::from((code / 9usize.pow(i as u32) % 9) as i32 - 4))
                .collect();
            if (network.evaluate_exact(&y)[0] > Rational::ZERO) != positive {
                let distance = squared_distance(&x, &y);
                prop_assert!(found.as_ref().is_some_and(|found| found.squared_distance <= distance));
            }
        }
    }

    #[test]
    fn the_nearest_facet_is_the_end_of_the_region(
        (network, x) in networks().prop_flat_map(|n| {
            let d = n.inputs();
            (Just(n), points(d))
        }),
    ) {
        let regions = regions(&network);
        let explanation = regions.explain_point(&x).unwrap();
        prop_assert_eq!(&explanation.outputs, &network.evaluate_exact(&x));
        for facet in &explanation.facets {
            prop_assert_eq!(&squared_distance(&x, &facet.foot), &facet.squared_distance);
            // The foot lies on the facet: where its row is tight and no other is violated.
            let at = |row: &[Integer]| {
                let (constant, coefficients) = row.split_last().unwrap();
                let terms = coefficients.iter().zip(&facet.foot);
                terms.fold(Rational::from(constant.clone()), |sum, (a, y)| sum + y * Rational::from(a.clone()))
            };
            prop_assert!(at(&facet.row).is_zero());
            prop_assert!(explanation.facets.iter().all(|other| at(&other.row) <= Rational::ZERO));
        }
        if let Some(nearest) = explanation.facets.first() {
            prop_assert_eq!(explanation.affine.apply(&nearest.foot), network.evaluate_exact(&nearest.foot));
        }
    }
}

#[test]
fn the_largest_output_changes_where_another_draws_level() {
    // Outputs relu(x) and 1: level at x = 1.
    let number = |n: i32| Rational::from(n);
    let hidden = AffineLayer::from_exact(1, &[vec![number(1), number(0)]]);
    let output = AffineLayer::from_exact(1, &[vec![number(1), number(0)], vec![number(0), number(1)]]);
    let network = Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap();
    let regions = regions(&network);
    let found = regions.counterfactual(&[number(-2)], Decision::Largest, 100_000).unwrap().unwrap();
    assert_eq!((found.point, found.squared_distance, found.output), (vec![number(1)], number(9), 0));
    assert!(regions.counterfactual(&[number(1)], Decision::Largest, 100_000).is_err());
    assert!(regions.counterfactual(&[number(1)], Decision::Sign { output: 2 }, 100_000).is_err());
    assert!(regions.counterfactual(&[number(1)], Decision::Sign { output: 1 }, 100_000).unwrap().is_none());
}

/// `|x - y|` along the diagonal, where it has no derivative, and elsewhere.
#[test]
fn a_path_inside_a_boundary_says_so() {
    let row = |entries: &[i32]| entries.iter().map(|&n| Rational::from(n)).collect::<Vec<_>>();
    let hidden = AffineLayer::from_exact(2, &[row(&[1, -1, 0]), row(&[-1, 1, 0])]);
    let output = AffineLayer::from_exact(2, &[row(&[1, 1, 0])]);
    let network = Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap();
    let regions = regions(&network);
    for (end, expected) in [([1, 1], true), ([2, 1], false)] {
        let gradients = regions.integrated_gradients(&row(&[0, 0]), &row(&end)).unwrap();
        assert_eq!(gradients.stages.iter().map(|stage| stage.on_boundary).collect::<Vec<_>>(), [expected]);
        assert_eq!(total(&gradients.attributions[0]), Rational::from(end[0] - end[1]));
    }
}

/// A facet may end before the point of its hyperplane that is nearest.
#[test]
fn facets_are_farther_than_their_hyperplanes() {
    let row = |entries: &[i32]| entries.iter().map(|&n| Rational::from(n)).collect::<Vec<_>>();
    let hidden = AffineLayer::from_exact(2, &[row(&[1, 0, 0]), row(&[1, 1, 0])]);
    let output = AffineLayer::from_exact(2, &[row(&[1, 1, 0])]);
    let network = Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap();
    // The region x > 0, x + y > 0 seen from (1, 5): its facet on x + y = 0 ends in the origin.
    let explained = regions(&network).explain_point(&row(&[1, 5])).unwrap();
    let feet: Vec<&[Rational]> = explained.facets.iter().map(|facet| facet.foot.as_slice()).collect();
    assert_eq!(feet, [row(&[0, 5]), row(&[0, 0])]);
}

#[test]
fn a_data_set_is_counted_by_orbits() {
    let network = read_network("c4_1-2");
    let symmetry = position_symmetry(&network, 'C', 4);
    let form =
        OrbitForm::from_network(&network, &Domain::WholeSpace, &symmetry, &Options::default()).unwrap();
    // Four shifts of each of three points: three orbits at the most, four times as many regions.
    let seeds = [[0.3, -0.1, 0.7, 0.2], [-0.6, 0.9, -0.2, 0.4], [1.5, 1.5, -2.0, 0.0]];
    let shifted = |x: [f64; 4], by: usize| (0..4).map(|i| x[(i + 4 - by) % 4]).collect::<Vec<f64>>();
    let points: Vec<Vec<f64>> = seeds.iter().flat_map(|&x| (0..4).map(move |by| shifted(x, by))).collect();
    let list = OrbitList::new(&network, &Domain::WholeSpace, &symmetry, &Default::default()).unwrap();
    let (counted, of_form) = (&list, OrbitList::of_form(&form));
    assert_eq!((counted.orbits(), counted.regions()), (form.orbits().len(), form.regions()));
    assert!(form.orbits().iter().all(|orbit| counted.find(&orbit.pattern) == of_form.find(&orbit.pattern)));
    let regions = regions(&network);
    let coverage = regions.coverage(&points, &symmetry, Some(&list)).unwrap();
    let unlisted = regions.coverage(&points, &symmetry, None).unwrap();
    assert_eq!((unlisted.regions, unlisted.orbits.len()), (coverage.regions, coverage.orbits.len()));
    assert_eq!(coverage.points, 12);
    assert!(coverage.orbits.len() <= 3);
    assert_eq!(coverage.orbits.iter().map(|&(_, count)| count).sum::<usize>(), 12);
    for orbit in coverage.orbit_of_point.chunks(4) {
        assert!(orbit.iter().all(|o| *o == orbit[0]));
    }
    assert_eq!(coverage.orbits_for(1, 1), coverage.orbits.len());
    assert!(regions.coverage(&[vec![f64::NAN; 4]], &symmetry, None).is_err());
    assert!(form.latex_table().unwrap().contains("linear regions & 163"));
}
