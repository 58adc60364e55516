//! Laws of the transforms: orthonormal, invertible, equivariant with equal blocks on copies, and equal to the slow
//! definition.

use isotypic::action::{GSet, grammar};
use isotypic::group::{Permutation, PermutationGroup};
use isotypic::harmonic::{Spectrum, SymmetricTransform, Transform, plan};
use proptest::prelude::*;
use std::sync::Arc;

fn set(group: &str, on: &str) -> GSet {
    grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap()
}

fn wave(size: usize, speed: f64) -> Vec<f64> {
    (0..size).map(|x| (x as f64 * speed).sin() + 0.1 * (x as f64 * 0.01).cos()).collect()
}

fn norm(f: &[f64]) -> f64 {
    f.iter().map(|v| v * v).sum()
}

fn worst(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

const SETS: [(&str, &str); 16] = [
    ("C7", "points"),
    ("C8", "points*2"),
    ("C4^2", "points"),
    ("C2xC3xC4", "points"),
    ("<(1,2)(3,4,5,6),(3,5)(4,6)>", "points"),
    ("C1", "points*3"),
    ("S4", "points+subsets:2"),
    ("S4", "regular"),
    ("S5", "tuples:2"),
    ("D5", "regular+points"),
    ("Q8", "points*2"),
    ("Q16", "regular"),
    ("A4", "regular"),
    ("SL(2,3)", "points"),
    ("C2wrS3", "pairs"),
    ("F21", "regular"),
];

#[test]
fn transforms_are_orthonormal_and_block_diagonal() {
    for (group, on) in SETS {
        let set = set(group, on);
        let transform = plan(&set).unwrap();
        let f = wave(set.size(), 1.7);
        let coefficients = transform.forward(&f);
        assert!((norm(&f) - norm(&coefficients)).abs() < 1e-9, "{group} {on}");
        assert!(worst(&transform.inverse(&coefficients), &f) < 1e-9, "{group} {on}");
        let spectrum = Spectrum::new(&set).unwrap();
        assert!(worst(&transform.energies(&f), &spectrum.energies(&f)) < 1e-9, "{group} {on}");
        for generator in set.generators() {
            let moved = |f: &[f64]| -> Vec<f64> {
                let inverse = generator.inverse();
                (0..f.len()).map(|x| f[inverse.apply(x)]).collect()
            };
            for (index, piece) in transform.pieces().iter().enumerate() {
                let range = transform.range(index);
                let column = |place: usize| {
                    let mut unit = vec![0.0; set.size()];
                    unit[range.start + place] = 1.0;
                    transform.forward(&moved(&transform.inverse(&unit)))
                };
                for coordinate in 0..piece.dim {
                    let first = column(coordinate);
                    for copy in 0..piece.multiplicity {
                        let mut image = column(copy * piece.dim + coordinate);
                        let start = range.start + copy * piece.dim;
                        let block: Vec<f64> =
                            image.splice(start..start + piece.dim, vec![0.0; piece.dim]).collect();
                        assert!(worst(&block, &first[range.start..range.start + piece.dim]) < 1e-8);
                        assert!(norm(&image) < 1e-15, "{group} {on}: piece {} leaks", piece.label);
                    }
                }
            }
        }
    }
}

#[test]
fn filters_project() {
    let set = set("S4", "subsets:2");
    let transform = plan(&set).unwrap();
    let f = wave(6, 0.9);
    let mean = transform.filter(&f, &[1.0, 0.0, 0.0]);
    let average = f.iter().sum::<f64>() / 6.0;
    assert!(mean.iter().all(|v| (v - average).abs() < 1e-12));
}

/// `sqrt(d / n!) sum_g f(g) rho(g)`, element by element.
#[test]
fn the_fast_transform_is_the_slow_one() {
    for n in 1..=5 {
        let transform = SymmetricTransform::new(n).unwrap();
        let f = wave(transform.size(), 1.3);
        let fast = transform.forward(&f);
        for (index, piece) in transform.pieces().iter().enumerate() {
            let mut sum = nalgebra::DMatrix::zeros(piece.dim, piece.dim);
            for (rank, value) in f.iter().enumerate() {
                let element = transform.element(rank);
                assert_eq!(transform.rank(&element), rank);
                sum += transform.representation(index, &element) * *value;
            }
            sum *= (piece.dim as f64 / f.len() as f64).sqrt();
            assert!(worst(sum.as_slice(), &fast[transform.range(index)]) < 1e-11, "n = {n}, {}", piece.label);
        }
    }
}

#[test]
fn representations_multiply() {
    let transform = SymmetricTransform::new(5).unwrap();
    let (g, h) =
        (Permutation::parse("(1,2,3,4,5)", 5).unwrap(), Permutation::parse("(1,3)(2,5)", 5).unwrap());
    for piece in 0..transform.pieces().len() {
        let product = transform.representation(piece, &g) * transform.representation(piece, &h);
        assert!((product - transform.representation(piece, &(&g * &h))).amax() < 1e-12);
    }
}

#[test]
fn parseval_and_convolution_on_s8() {
    let transform = SymmetricTransform::new(8).unwrap();
    let size = transform.size();
    let (f, g) = (wave(size, 0.7), wave(size, 2.3));
    let coefficients = transform.forward(&f);
    assert!((norm(&coefficients) / norm(&f) - 1.0).abs() < 1e-10);
    assert!(worst(&transform.inverse(&coefficients), &f) < 1e-10);
    let product = transform.convolve(&f, &g);
    let scale = (norm(&f) * norm(&g)).sqrt();
    for rank in [0, 1, 777, 40_319, 12_345] {
        let x = transform.element(rank);
        let direct: f64 =
            (0..size).map(|y| f[y] * g[transform.rank(&(&transform.element(y).inverse() * &x))]).sum();
        assert!((direct - product[rank]).abs() < 1e-10 * scale, "{direct} {}", product[rank]);
    }
}

/// The transform on the group and the dense basis of the regular action see the same energies.
#[test]
fn the_group_and_its_regular_action_agree() {
    let group = Arc::new(PermutationGroup::parse("S4").unwrap());
    let regular = GSet::regular(&group).unwrap();
    let transform = SymmetricTransform::new(4).unwrap();
    let f = wave(24, 0.37);
    let moved: Vec<f64> = {
        let mut moved = vec![0.0; 24];
        for (rank, value) in f.iter().enumerate() {
            moved[regular.image_of(&transform.element(rank), 0)] = *value;
        }
        moved
    };
    assert!(worst(&transform.energies(&f), &Spectrum::new(&regular).unwrap().energies(&moved)) < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    /// Convolution is associative and the delta at the identity is its unit.
    #[test]
    fn convolution_is_associative(values in proptest::collection::vec(-1.0f64..1.0, 72)) {
        let transform = SymmetricTransform::new(4).unwrap();
        let (f, rest) = values.split_at(24);
        let (g, h) = rest.split_at(24);
        let mut delta = vec![0.0; 24];
        delta[0] = 1.0;
        prop_assert!(worst(&transform.convolve(f, &delta), f) < 1e-12);
        let left = transform.convolve(&transform.convolve(f, g), h);
        prop_assert!(worst(&left, &transform.convolve(f, &transform.convolve(g, h))) < 1e-10);
    }
}

#[test]
fn degrees_out_of_range_are_refused() {
    assert!(SymmetricTransform::new(0).is_err() && SymmetricTransform::new(11).is_err());
    assert_eq!(SymmetricTransform::new(1).unwrap().forward(&[2.0]), [2.0]);
}
