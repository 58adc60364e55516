//! Laws that the three-layer form of any network obeys, on random networks with weights on a coarse grid, where
//! hyperplanes often coincide, meet or vanish.

use crate::support::position_symmetry;
use isotypic::network::{Activation, AffineLayer, Network};
use isotypic::num::{Rational, exact};
use isotypic::polyhedral::Domain;
use isotypic::shallow::form::piecewise_linear_map;
use isotypic::shallow::symmetry::permuted;
use isotypic::shallow::{
    FloatEvaluator, FormSymmetry, LayerSymmetry, Options, OrbitEvaluator, OrbitForm, OrbitLayers,
    PatternLookup, ShallowNetwork, ThreeLayers, checker,
};
use proptest::prelude::*;

fn half(n: i32) -> Rational {
    Rational::from_parts(n.into(), 2u8.into())
}

fn activation(kind: usize) -> Activation {
    [Activation::Relu, Activation::LeakyRelu { slope: 0.25 }, Activation::Abs][kind]
}

/// A network with any weights `-1, -1/2, ..., 1`.
pub(crate) fn networks() -> impl Strategy<Value = Network> {
    let widths = (1usize..=3, 0usize..=4, 0usize..=3, 1usize..=2);
    (widths, proptest::collection::vec(-2i32..=2, 64), proptest::collection::vec(0usize..3, 2)).prop_map(
        |((d, a, b, o), numbers, kinds)| {
            let widths: Vec<usize> = [d, a, b, o].into_iter().filter(|&width| width > 0).collect();
            let mut numbers = numbers.into_iter().map(half).cycle();
            let layers: Vec<AffineLayer> = widths
                .windows(2)
                .map(|pair| {
                    let rows: Vec<Vec<Rational>> =
                        (0..pair[1]).map(|_| numbers.by_ref().take(pair[0] + 1).collect()).collect();
                    AffineLayer::from_exact(pair[0], &rows)
                })
                .collect();
            let activations = (1..layers.len()).map(|l| activation(kinds[l - 1])).collect();
            Network::new(layers, activations).unwrap()
        },
    )
}

/// A network on `n` positions: weights depend on the channels and on the difference of positions, or for the symmetric
/// group on whether the positions are equal; the groups are C_n, S_n, D_4 and C_2^2 (written K). The output is invariant or, with `equivariant`, a value per position.
pub(crate) fn equivariant_networks() -> impl Strategy<Value = (Network, char, usize)> {
    let shape = (2usize..=3, 1usize..=2, 0usize..=1, 0usize..6, any::<bool>());
    (shape, proptest::collection::vec(-2i32..=2, 40), 0usize..3).prop_map(
        |((n, a, b, which, equivariant), numbers, kind)| {
            // Four positions have many regions, so they get one hidden layer of one channel.
            let family = ['S', 'C', 'S', 'C', 'D', 'K'][which];
            let (n, a, b) = if which < 4 { (n, a, b) } else { (4, 1, 0) };
            let channels: Vec<usize> = [1, a, b].into_iter().filter(|&c| c > 0).collect();
            let mut numbers = numbers.into_iter().map(half).cycle();
            let mut layers: Vec<AffineLayer> = channels
                .windows(2)
                .map(|pair| shared_layer(n, pair[0], pair[1], family, &mut numbers))
                .collect();
            let last = channels[channels.len() - 1];
            if equivariant {
                layers.push(shared_layer(n, last, 1, family, &mut numbers));
            } else {
                let weights: Vec<Rational> = numbers.by_ref().take(last + 1).collect();
                let row: Vec<Rational> =
                    (0..last * n).map(|i| weights[i / n].clone()).chain([weights[last].clone()]).collect();
                layers.push(AffineLayer::from_exact(last * n, &[row]));
            }
            let activations = vec![activation(kind); layers.len() - 1];
            (Network::new(layers, activations).unwrap(), family, n)
        },
    )
}

fn shared_layer(
    n: usize,
    from: usize,
    to: usize,
    family: char,
    numbers: &mut impl Iterator<Item = Rational>,
) -> AffineLayer {
    let mut rows = vec![vec![Rational::ZERO; from * n + 1]; to * n];
    for channel in 0..to {
        for source in 0..from {
            let weights: Vec<Rational> = numbers.by_ref().take(n).collect();
            for y in 0..n {
                for x in 0..n {
                    let offset = match family {
                        'S' => usize::from(x != y),
                        'D' => ((y + n - x) % n).min((x + n - y) % n),
                        'K' => x ^ y,
                        _ => (y + n - x) % n,
                    };
                    rows[channel * n + y][source * n + x] = weights[offset].clone();
                }
            }
        }
        let bias = numbers.next().unwrap();
        (0..n).for_each(|y| rows[channel * n + y][from * n] = bias.clone());
    }
    AffineLayer::from_exact(from * n, &rows)
}

fn domains(d: usize) -> [Domain; 2] {
    [Domain::WholeSpace, Domain::cube(d, (-1).into(), 1.into()).unwrap()]
}

fn grid_points(d: usize) -> impl Iterator<Item = Vec<f64>> {
    (0..5usize.pow(d as u32))
        .map(move |code| (0..d).map(|i| (code / 5usize.pow(i as u32) % 5) as f64 / 2.0 - 1.0).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_network_is_rewritten_exactly(network in networks()) {
        let map = piecewise_linear_map(&network).unwrap();
        for domain in domains(network.inputs()) {
            let trivial = LayerSymmetry::default();
            let stored = OrbitForm::from_network(&network, &domain, &trivial, &Options::default()).unwrap();
            let form = stored.expand().unwrap();
            let certificate = form.verify(&network, None).unwrap();
            prop_assert!(certificate.ok(), "{:?}", certificate);
            let (exactly, rounded) = (ThreeLayers::<Rational>::new(&form), ThreeLayers::<f64>::new(&form));
            let float = FloatEvaluator::new(&form);
            let faces = form.clone().with_faces().unwrap();
            let proof = checker::check(&stored, &network);
            prop_assert!(proof.ok(), "{:?}", proof);
            for x in grid_points(network.inputs()) {
                let point: Vec<Rational> = x.iter().map(|&x| exact(x).unwrap()).collect();
                let value = network.evaluate_exact(&point);
                prop_assert_eq!(&form.evaluate(&point).unwrap(), &value);
                prop_assert_eq!(&exactly.evaluate(&point).unwrap(), &value);
                prop_assert_eq!(faces.owners(&point).unwrap().len(), 1);
                prop_assert_eq!(&faces.evaluate(&point).unwrap(), &value);
                let owner = form.locate(&point).unwrap();
                prop_assert_eq!(form.locate_by_pattern(&map, &point).unwrap(), Some(owner));
                prop_assert_eq!(float.locate(&x).unwrap(), owner);
                // Small dyadic numbers: no rounding happens.
                let expected = network.evaluate(&x);
                prop_assert_eq!(&float.evaluate(&x).unwrap(), &expected);
                prop_assert_eq!(&rounded.evaluate(&x).unwrap(), &expected);
            }
        }
    }

    /// Where regions have many inequalities, most are proved by boxes around the regions.
    #[test]
    fn crowded_networks_are_proved_by_boxes(
        d in 1usize..=2,
        numbers in proptest::collection::vec(-4i32..=4, 3 * 36),
    ) {
        let rows: Vec<Vec<Rational>> =
            numbers.chunks(d + 1).take(18 * d).map(|row| row.iter().map(|&n| half(n)).collect()).collect();
        let output = AffineLayer::from_exact(rows.len(), &[(0..=rows.len()).map(|k| half(k as i32 % 5 - 2)).collect()]);
        let layers = vec![AffineLayer::from_exact(d, &rows), output];
        let network = Network::new(layers, vec![Activation::Relu]).unwrap();
        for domain in domains(d) {
            let trivial = LayerSymmetry::default();
            let form = OrbitForm::from_network(&network, &domain, &trivial, &Options::default()).unwrap();
            let boxes = form.orbits().iter().filter(|orbit| orbit.extent.iter().any(|side| !side.is_empty()));
            prop_assert!(domain == Domain::WholeSpace || boxes.count() == form.orbits().len());
            let proof = checker::check(&form, &network);
            prop_assert!(proof.ok(), "{:?}", proof);
            let bytes = form.to_bytes().unwrap();
            prop_assert_eq!(&OrbitForm::from_bytes(&bytes, "form").unwrap(), &form);
        }
    }

    #[test]
    fn symmetric_networks_have_symmetric_forms((network, family, n) in equivariant_networks()) {
        let symmetry = position_symmetry(&network, family, n);
        for domain in domains(n) {
            let stored = OrbitForm::from_network(&network, &domain, &symmetry, &Options::default()).unwrap();
            let form = stored.expand().unwrap();
            let certificate = form.verify(&network, Some(&symmetry)).unwrap();
            prop_assert!(certificate.ok(), "{:?}", certificate);
            let plain = ShallowNetwork::from_network(&network, &domain, &Options::default()).unwrap();
            prop_assert_eq!(form.half_spaces(), plain.half_spaces());
            prop_assert_eq!(stored.regions(), plain.selectors().len());
            let proof = checker::check(&stored, &network);
            prop_assert!(proof.ok(), "{:?}", proof);
            let bytes = stored.to_bytes().unwrap();
            prop_assert_eq!(&OrbitForm::from_bytes(&bytes, "form").unwrap(), &stored);
            let evaluator = OrbitEvaluator::new(&stored).unwrap();
            let by_pattern = PatternLookup::new(&stored, &network).unwrap();
            let (exactly, rounded) =
                (OrbitLayers::<Rational>::new(&stored).unwrap(), OrbitLayers::<f64>::new(&stored).unwrap());
            for x in grid_points(n) {
                let point: Vec<Rational> = x.iter().map(|&x| exact(x).unwrap()).collect();
                let value = network.evaluate_exact(&point);
                prop_assert_eq!(&evaluator.evaluate(&point).unwrap(), &value);
                prop_assert_eq!(&evaluator.evaluate_f64(&x).unwrap(), &network.evaluate(&x));
                prop_assert_eq!(&exactly.evaluate(&point).unwrap(), &value);
                prop_assert_eq!(&rounded.evaluate(&x).unwrap(), &network.evaluate(&x));
                prop_assert_eq!(&by_pattern.evaluate(&x).unwrap(), &network.evaluate(&x));
                let found = by_pattern.locate(&x).unwrap();
                let on_it = form.selectors().iter().find(|s| s.pattern == found.pattern).unwrap();
                prop_assert_eq!(&form.pieces()[on_it.piece].apply(&point), &value);
                let place = evaluator.locate(&point).unwrap();
                prop_assert_eq!(&evaluator.locate_f64(&x).unwrap(), &place);
                let found = form.selectors().iter().find(|s| s.pattern == place.pattern).unwrap();
                prop_assert_eq!(&form.pieces()[found.piece].apply(&point), &value);
            }
        }
    }

    /// With selectors for faces the layers are equivariant without exception: half-spaces, marks, selectors and pieces are
    /// permuted, and the image of a point is answered by the image of its selector.
    #[test]
    fn faces_are_equivariant_layer_by_layer((network, family, n) in equivariant_networks()) {
        let symmetry = position_symmetry(&network, family, n);
        for domain in domains(n) {
            let form = ShallowNetwork::from_network(&network, &domain, &Options::default()).unwrap();
            // The lattice of faces is large where there are many regions in four dimensions.
            prop_assume!(form.incidences() < 600);
            let faces = form.with_faces().unwrap();
            let found = FormSymmetry::new(&faces, &symmetry).unwrap();
            prop_assert!(found.keeps_marks);
            for x in grid_points(n).step_by(3) {
                let point: Vec<Rational> = x.iter().map(|&x| exact(x).unwrap()).collect();
                let owner = faces.locate(&point).unwrap();
                for (generator, selectors) in symmetry.generators.iter().zip(&found.selectors) {
                    let image = permuted(&generator.input, &point);
                    prop_assert_eq!(faces.locate(&image).unwrap(), selectors.apply(owner));
                    let value = permuted(&generator.output, &faces.evaluate(&point).unwrap());
                    prop_assert_eq!(faces.evaluate(&image).unwrap(), value);
                }
            }
        }
    }
}
