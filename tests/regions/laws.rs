//! Laws that every enumeration must obey, on random maps with small integer weights, which abound in coincidences.

use super::brute_force;
use isotypic::num::{Rational, Sign, elimination::rank};
use isotypic::polyhedral::{Adjacency, Domain, Facet, PiecewiseLinearMap, Region, plain};
use proptest::prelude::*;

/// A map with the given widths, weights from -2 to 2, and one of the three kinds of activation.
pub(crate) fn small_integer_map(
    inputs: usize,
    widths: Vec<usize>,
) -> impl Strategy<Value = PiecewiseLinearMap> {
    let sizes: Vec<usize> = std::iter::once(inputs).chain(widths).chain([1]).collect();
    let entries: usize = sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
    let hidden = sizes.len() - 2;
    (proptest::collection::vec(-2i32..=2, entries), proptest::collection::vec(0usize..3, hidden)).prop_map(
        move |(entries, kinds)| {
            let mut entries = entries.into_iter().map(Rational::from);
            let layers: Vec<Vec<Vec<Rational>>> = sizes
                .windows(2)
                .map(|pair| (0..pair[1]).map(|_| entries.by_ref().take(pair[0] + 1).collect()).collect())
                .collect();
            let slopes = [Rational::ZERO, Rational::from(-1), Rational::from_parts(1.into(), 4u8.into())];
            let slopes = kinds.into_iter().map(|kind| slopes[kind].clone()).collect();
            PiecewiseLinearMap::new(inputs, &layers, slopes).unwrap()
        },
    )
}

/// Maps of up to `inputs` inputs and `neurons` neurons in one to three hidden layers.
pub(crate) fn small_maps(inputs: usize, neurons: usize) -> impl Strategy<Value = PiecewiseLinearMap> {
    let widths = prop_oneof![
        (1..=neurons).prop_map(|a| vec![a]),
        (1..neurons).prop_flat_map(move |a| (1..=neurons - a).prop_map(move |b| vec![a, b])),
        Just(vec![neurons / 3, neurons / 3, neurons / 3]),
    ];
    (1..=inputs, widths).prop_flat_map(|(inputs, widths)| small_integer_map(inputs, widths))
}

/// All of space, a box, or a half-space or wedge.
pub(crate) fn domains(dimension: usize) -> impl Strategy<Value = Domain> {
    let row = proptest::collection::vec((-2i32..=2).prop_map(Rational::from), dimension + 1);
    prop_oneof![
        Just(Domain::WholeSpace),
        Just(Domain::cube(dimension, (-1).into(), 2.into()).unwrap()),
        proptest::collection::vec(row, 1..3).prop_map(Domain::Polytope),
    ]
}

fn points(dimension: usize) -> impl Strategy<Value = Vec<Rational>> {
    let number = (-6i32..=6, 1u8..4).prop_map(|(a, b)| Rational::from_parts(a.into(), b.into()));
    proptest::collection::vec(number, dimension)
}

/// The sign of an affine row at `point + e direction_1 + e^2 direction_2 + ...` for small `e > 0`.
fn lexicographic_sign(row: &[Rational], point: &[Rational], directions: &[Vec<Rational>]) -> Sign {
    let d = point.len();
    let along = |v: &[Rational], start: Rational| row.iter().zip(v).fold(start, |sum, (a, x)| sum + a * x);
    std::iter::once(along(point, row[d].clone()))
        .chain(directions.iter().map(|v| along(v, Rational::ZERO)))
        .map(|value| Sign::of_rational(&value))
        .find(|&sign| sign != Sign::Zero)
        .unwrap_or(Sign::Zero)
}

/// The value of a facet's row at a point.
pub(crate) fn facet_value(facet: &Facet, point: &[Rational]) -> Rational {
    let entries = facet.half_space.iter().cloned().map(Rational::from);
    entries.zip(point.iter().cloned().chain([Rational::ONE])).fold(Rational::ZERO, |sum, (a, x)| sum + a * x)
}

/// Whether the facets through each vertex leave it no freedom but that of the region's lines.
pub(crate) fn vertices_are_extreme(region: &Region) -> bool {
    let d = region.interior_point.len();
    region.vertices.iter().all(|vertex| {
        let through = region.facets.iter().filter(|facet| facet_value(facet, vertex).is_zero());
        let normals: Vec<_> = through.map(|facet| facet.half_space[..d].to_vec()).collect();
        rank(&normals) == d - region.lines.len()
    })
}

fn map_domain_and_points() -> impl Strategy<Value = (PiecewiseLinearMap, Domain, Vec<Vec<Rational>>)> {
    small_maps(3, 8).prop_flat_map(|map| {
        let d = map.inputs();
        (Just(map), domains(d), proptest::collection::vec(points(d), 8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_plain_engine_agrees_with_brute_force(
        (map, domain) in small_maps(2, 8).prop_flat_map(|map| { let d = map.inputs(); (Just(map), domains(d)) })
    ) {
        let rows: Option<Vec<Vec<Rational>>> = domain
            .half_spaces(map.inputs())
            .ok()
            .map(|rows| rows.into_iter().map(|row| row.into_iter().map(Rational::from).collect()).collect());
        match plain::enumerate(&map, &domain) {
            Ok(regions) => {
                let found: Vec<_> = regions.iter().map(|region| region.pattern.clone()).collect();
                prop_assert_eq!(found, brute_force::patterns(&map, &rows.unwrap()));
            }
            Err(_) => prop_assert!(rows.is_none_or(|rows| !brute_force::feasible(rows, map.inputs()))),
        }
    }

    #[test]
    fn regions_partition_the_domain_and_describe_themselves((map, domain, points) in map_domain_and_points()) {
        let Ok(regions) = plain::enumerate(&map, &domain) else { return Ok(()) };
        prop_assert!(Adjacency::new(&regions).unwrap().is_complete());
        for region in &regions {
            prop_assert!(region.contains(&region.interior_point));
            prop_assert_eq!(map.pattern_at(&region.interior_point).unwrap(), region.pattern.clone());
            for point in region.vertices.iter().chain([&region.interior_point]) {
                prop_assert!(region.contains(point));
                prop_assert_eq!(map.evaluate(point).unwrap(), region.affine.apply(point));
            }
            prop_assert!(vertices_are_extreme(region));
            for facet in &region.facets {
                prop_assert!(region.contains(&facet.interior_point));
                prop_assert_eq!(facet.border, facet.neurons.is_empty());
            }
        }
        let d = map.inputs();
        let rows = domain.half_spaces(d).unwrap();
        let axes: Vec<Vec<Rational>> =
            (0..d).map(|i| (0..d).map(|j| Rational::from(i32::from(i == j))).collect()).collect();
        let inside = |row: &[_]| -> Vec<Rational> { row.iter().cloned().map(Rational::from).collect() };
        for point in points {
            let owners: Vec<usize> = (0..regions.len())
                .filter(|&r| regions[r].facets.iter().all(|facet| {
                    lexicographic_sign(&inside(&facet.half_space), &point, &axes) == Sign::Positive
                }))
                .collect();
            if rows.iter().all(|row| lexicographic_sign(&inside(row), &point, &axes) == Sign::Positive) {
                let pattern = map.pattern_towards(&point, &axes).unwrap();
                prop_assert_eq!(owners, [regions.find(&pattern).unwrap()]);
            } else {
                prop_assert!(owners.is_empty());
            }
        }
    }

    #[test]
    fn a_slice_sees_the_map(map in small_maps(3, 8), entries in proptest::collection::vec(-2i32..=2, 9)) {
        let embedding: Vec<Vec<Rational>> =
            entries.chunks(3).take(map.inputs()).map(|row| row.iter().map(|&n| n.into()).collect()).collect();
        let slice = map.restrict_to(&embedding).unwrap();
        let u = [Rational::from(2), Rational::from_parts((-1).into(), 3u8.into())];
        let x: Vec<Rational> = embedding.iter().map(|row| &row[0] * &u[0] + &row[1] * &u[1] + &row[2]).collect();
        prop_assert_eq!(slice.evaluate(&u).unwrap(), map.evaluate(&x).unwrap());
        prop_assert_eq!(slice.pattern_at(&u).unwrap(), map.pattern_at(&x).unwrap());
    }
}
