//! The equivariance check on the trained networks and on networks built to be equivariant in disguise.

use isotypic::group::Permutation;
use isotypic::io::read_network;
use isotypic::network::equivariance::Witness;
use isotypic::network::{Activation, AffineLayer, Network, OutputAction, Verdict, check_equivariance};
use isotypic::num::{Rational, exact, nearest_f64};
use nalgebra::{DMatrix, DVector, dmatrix, dvector};
use proptest::prelude::*;

fn cycle(n: usize) -> Permutation {
    Permutation::from_fn(n, |i| (i + 1) % n)
}

/// Generators on the inputs of a trained network, and the action on its outputs.
fn symmetry(name: &str) -> (Vec<Permutation>, OutputAction) {
    let points = |n: usize| {
        let swap = |i: usize| if i < 2 { 1 - i } else { i };
        vec![
            Permutation::from_fn(2 * n, |i| (i + 2) % (2 * n)),
            Permutation::from_fn(2 * n, |i| 2 * swap(i / 2) + i % 2),
        ]
    };
    match name {
        "elnino_c4" => (vec![cycle(4)], OutputAction::Same),
        "elnino_c6" => (vec![cycle(6)], OutputAction::Same),
        "elnino_c12" | "elnino_c12_deep" | "elnino_c12_wide" => (vec![cycle(12)], OutputAction::Same),
        "digits_torus8" => {
            let down = Permutation::from_fn(64, |i| (i + 8) % 64);
            let right = Permutation::from_fn(64, |i| i / 8 * 8 + (i + 1) % 8);
            (vec![down, right], OutputAction::Trivial)
        }
        "digits_points_s3" => (points(3), OutputAction::Trivial),
        "digits_points_s4" => (points(4), OutputAction::Trivial),
        _ => (points(5), OutputAction::Trivial),
    }
}

const TRAINED: [(&str, &[usize]); 9] = [
    ("elnino_c4", &[2, 2]),
    ("elnino_c6", &[2, 2]),
    ("elnino_c12", &[2]),
    ("elnino_c12_deep", &[2, 2]),
    ("elnino_c12_wide", &[8, 8, 8]),
    ("digits_torus8", &[4, 8]),
    ("digits_points_s3", &[2, 2]),
    ("digits_points_s4", &[2, 2]),
    ("digits_points_s5", &[3, 2]),
];

fn trained(name: &str) -> Network {
    read_network(format!("data/{name}.onnx").as_ref()).unwrap()
}

/// The law `W[q[i], p[j]] = W[i][j]`, read off the report.
fn assert_layers_intertwine(network: &Network, inputs: &[Permutation], layers: &[Vec<Permutation>]) {
    for (generator, p) in inputs.iter().enumerate() {
        let mut before = p.clone();
        for (layer, permutations) in network.layers().iter().zip(layers) {
            let q = &permutations[generator];
            for i in 0..layer.outputs() {
                for j in 0..layer.inputs() {
                    assert_eq!(layer.exact_entry(i, j), layer.exact_entry(q.apply(i), before.apply(j)));
                }
            }
            before = q.clone();
        }
    }
}

#[test]
fn trained_networks_are_exactly_equivariant() {
    for (name, orbits) in TRAINED {
        let network = trained(name);
        let (generators, output) = symmetry(name);
        let report = check_equivariance(&network, &generators, &output, 0.0).unwrap();
        assert_eq!(report.verdict, Verdict::Exact, "{name}");
        assert_eq!(report.max_violation(), 0.0);
        let found: Vec<usize> = report.layers.iter().map(|layer| layer.orbits.unwrap()).collect();
        assert_eq!(found, orbits, "{name}");
        let layers: Vec<_> = report.layers.into_iter().map(|layer| layer.permutations.unwrap()).collect();
        assert_layers_intertwine(&network, &generators, &layers);
    }
}

#[test]
fn a_wrong_group_is_refuted() {
    let network = trained("elnino_c12");
    let reflection = Permutation::from_fn(12, |i| (12 - i) % 12);
    let report = check_equivariance(&network, &[cycle(12), reflection], &OutputAction::Same, 0.0).unwrap();
    let Verdict::No { witness } = report.verdict else { panic!("{:?}", report.verdict) };
    assert_eq!(witness.generator, 1);
    assert_eq!(report.worst.unwrap().generator, 1);
}

/// The network with one entry moved to the next `f64` (by that step where no `f64` holds it); column `inputs` is the
/// bias.
fn nudged(network: &Network, l: usize, (row, column): (usize, usize)) -> Network {
    let mut layers = network.layers().to_vec();
    let mut rows: Vec<Vec<Rational>> = (0..layers[l].outputs()).map(|i| layers[l].exact_row(i)).collect();
    let rounded = nearest_f64(&rows[row][column]);
    rows[row][column] += exact(rounded.next_up()).unwrap() - exact(rounded).unwrap();
    layers[l] = AffineLayer::from_exact(layers[l].inputs(), &rows);
    Network::new(layers, network.activations().to_vec()).unwrap()
}

fn assert_refutes(network: &Network, p: &[Permutation], q: &[Permutation], witness: &Witness) {
    let (p, q) = (&p[witness.generator], &q[witness.generator]);
    let here = network.evaluate_exact(&witness.input);
    let there = network.evaluate_exact(&moved(&witness.input, p));
    assert_eq!(here[witness.output], witness.value_here);
    assert_eq!(there[q.apply(witness.output)], witness.value_there);
    assert_ne!(witness.value_here, witness.value_there);
}

fn moved(x: &[Rational], p: &Permutation) -> Vec<Rational> {
    let mut y = x.to_vec();
    for (j, value) in x.iter().enumerate() {
        y[p.apply(j)] = value.clone();
    }
    y
}

#[test]
fn the_last_bit_counts() {
    for (name, _) in TRAINED {
        let network = trained(name);
        let (generators, output) = symmetry(name);
        let outputs = match output {
            OutputAction::Same => generators.clone(),
            _ => vec![Permutation::identity(network.outputs()); generators.len()],
        };
        for (l, layer) in network.layers().iter().enumerate() {
            // The first weight, the last, and a bias (which in the last layer may be free).
            let weights = [(0, 0), (layer.outputs() - 1, layer.inputs() - 1)];
            let bias = (l < network.activations().len()).then_some((0, layer.inputs()));
            for place in weights.into_iter().chain(bias) {
                let changed = nudged(&network, l, place);
                let report = check_equivariance(&changed, &generators, &output, 0.0).unwrap();
                let Verdict::No { witness } = &report.verdict else {
                    panic!("{name}, layer {l}, {place:?}: {:?}", report.verdict)
                };
                assert_refutes(&changed, &generators, &outputs, witness);
                let worst = report.worst.unwrap();
                assert!(worst.layer == l && worst.difference < 1e-14, "{name}: {worst:?}");
                let tolerant = check_equivariance(&changed, &generators, &output, 1e-12).unwrap();
                assert_eq!(tolerant.verdict, Verdict::Within { violation: worst.difference });
                assert!(tolerant.layers.iter().all(|layer| layer.permutations.is_some()));
            }
        }
    }
}

#[test]
fn the_networks_with_known_groups_are_equivariant() {
    let mut count = 0;
    for entry in std::fs::read_dir("data/nets").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().to_string();
        let network = read_network(&path).unwrap();
        let n = network.inputs();
        let generators = match name.as_bytes()[0] {
            b'c' if !name.starts_with("central") => vec![cycle(n)],
            b's' => vec![cycle(n), Permutation::parse("(1,2)", n).unwrap()],
            _ => continue,
        };
        let report = check_equivariance(&network, &generators, &OutputAction::Auto, 0.0).unwrap();
        assert_eq!((report.verdict, report.output), (Verdict::Exact, OutputAction::Trivial), "{name}");
        count += 1;
    }
    assert_eq!(count, 23);
}

#[test]
fn equivariant_in_disguise_is_undecided() {
    // x + y, written as relu(x) - relu(-x) + relu(y + 1) - relu(-y - 1) - 1.
    let hidden =
        AffineLayer::new(dmatrix![1.0, 0.0; -1.0, 0.0; 0.0, 1.0; 0.0, -1.0], dvector![0.0, 0.0, 1.0, -1.0]);
    let last = AffineLayer::new(dmatrix![1.0, -1.0, 1.0, -1.0], dvector![-1.0]);
    let network = Network::new(vec![hidden.unwrap(), last.unwrap()], vec![Activation::Relu]).unwrap();
    let report = check_equivariance(&network, &[cycle(2)], &OutputAction::Trivial, 0.0).unwrap();
    assert_eq!(report.verdict, Verdict::Undecided);
    assert!(!report.is_equivariant() && report.layers[0].permutations.is_none());
}

/// Duplicates are paired with those of the same factor, wherever they stand.
#[test]
fn duplicates_go_to_their_likes() {
    let hidden = dmatrix![1.0, 0.0; 2.0, 0.0; 0.0, 2.0; 0.0, 1.0];
    let layers = |columns: DMatrix<f64>| {
        let hidden = AffineLayer::new(hidden.clone(), DVector::zeros(4)).unwrap();
        vec![hidden, AffineLayer::new(columns, DVector::zeros(1)).unwrap()]
    };
    let network = Network::new(layers(dmatrix![1.0, 3.0, 3.0, 1.0]), vec![Activation::Relu]).unwrap();
    let report = check_equivariance(&network, &[cycle(2)], &OutputAction::Trivial, 0.0).unwrap();
    let layer = &report.layers[0];
    assert_eq!((report.verdict, layer.merged, layer.rescales), (Verdict::Exact, 2, false));
    assert_eq!(layer.permutations.as_ref().unwrap()[0].images(), [3, 2, 1, 0]);
    // The function needs no likes: here one duplicate carries what two carry on the other side.
    let network = Network::new(layers(dmatrix![7.0, 0.0, 3.0, 1.0]), vec![Activation::Relu]).unwrap();
    let report = check_equivariance(&network, &[cycle(2)], &OutputAction::Trivial, 0.0).unwrap();
    assert_eq!(report.verdict, Verdict::Exact);
}

#[test]
fn wrong_degrees_and_tolerances_are_named() {
    let network = trained("digits_points_s3");
    let error = |generators: &[Permutation], output, tolerance| {
        check_equivariance(&network, generators, &output, tolerance).unwrap_err().to_string()
    };
    assert!(
        error(&[cycle(3)], OutputAction::Auto, 0.0).contains("permutation of the network's 6 inputs, got 3")
    );
    assert!(error(&[cycle(6)], OutputAction::Same, 0.0).contains("expected 6 outputs"));
    assert!(error(&[cycle(6)], OutputAction::Given(vec![]), 0.0).contains("one per generator"));
    assert!(error(&[cycle(6)], OutputAction::Given(vec![cycle(2)]), 0.0).contains("1 outputs"));
    assert!(error(&[cycle(6)], OutputAction::Auto, f64::NAN).contains("tolerance"));
}

/// A layer in `f64` that tests take apart; all entries are small binary fractions, so arithmetic on them is exact.
#[derive(Clone, Debug)]
struct Plain {
    weights: Vec<Vec<f64>>,
    bias: Vec<f64>,
}

fn build(layers: &[Plain], activation: Activation) -> Network {
    let affine = |layer: &Plain| {
        let (rows, columns) = (layer.weights.len(), layer.weights[0].len());
        let weights = DMatrix::from_fn(rows, columns, |i, j| layer.weights[i][j]);
        AffineLayer::new(weights, DVector::from_column_slice(&layer.bias)).unwrap()
    };
    Network::new(layers.iter().map(affine).collect(), vec![activation; layers.len() - 1]).unwrap()
}

/// One number per orbit of the group on pairs `(y, x)` of points.
fn pair_labels(n: usize, generators: &[Permutation]) -> Vec<usize> {
    let mut labels: Vec<usize> = (0..n * n).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for g in generators {
            for pair in 0..n * n {
                let image = g.apply(pair / n) * n + g.apply(pair % n);
                let least = labels[pair].min(labels[image]);
                changed |= labels[pair] != labels[image];
                (labels[pair], labels[image]) = (least, least);
            }
        }
    }
    labels
}

/// An equivariant layer from `from` to `to` channels, index = channel * n + point, with weights off a random tape.
fn equivariant_layer(
    n: usize,
    labels: &[usize],
    from: usize,
    to: usize,
    tape: &mut impl Iterator<Item = i32>,
) -> Plain {
    let mut shared = vec![0.0; from * to * n * n];
    shared.fill_with(|| f64::from(tape.next().unwrap()));
    let weights = (0..to * n)
        .map(|i| {
            (0..from * n)
                .map(|j| shared[((i / n) * from + j / n) * n * n + labels[(i % n) * n + j % n]])
                .collect()
        })
        .collect();
    let biases: Vec<f64> = (0..to).map(|_| f64::from(tape.next().unwrap())).collect();
    Plain { weights, bias: (0..to * n).map(|i| biases[i / n]).collect() }
}

/// Changes hidden layer `l` without changing the function.
fn disguise(layers: &mut [Plain], l: usize, kind: usize, neuron: usize, activation: Activation) {
    let size = layers[l].weights.len();
    let neuron = neuron % size;
    let (here, next) = layers.split_at_mut(l + 1);
    let (here, next) = (&mut here[l], &mut next[0]);
    match kind % 5 {
        // Split a neuron into two, the copy scaled by 4, which share its outgoing weights 3 to 1.
        0 => {
            here.weights.push(here.weights[neuron].iter().map(|w| 4.0 * w).collect());
            here.bias.push(4.0 * here.bias[neuron]);
            for row in &mut next.weights {
                row.push(row[neuron] / 16.0);
                row[neuron] *= 0.75;
            }
        }
        // Scale a neuron by 1/2.
        1 => {
            here.weights[neuron].iter_mut().for_each(|w| *w *= 0.5);
            here.bias[neuron] *= 0.5;
            next.weights.iter_mut().for_each(|row| row[neuron] *= 2.0);
        }
        // A neuron without influence.
        2 => {
            let width = here.weights[0].len();
            here.weights.push((0..width).map(|j| (j + neuron) as f64 - 1.5).collect());
            here.bias.push(0.25);
            next.weights.iter_mut().for_each(|row| row.push(0.0));
        }
        // A constant neuron, made up for in the next biases.
        3 => {
            here.weights.push(vec![0.0; here.weights[0].len()]);
            here.bias.push(-3.0);
            for (i, row) in next.weights.iter_mut().enumerate() {
                row.push(i as f64 + 1.0);
                next.bias[i] -= (i as f64 + 1.0) * activation.apply(-3.0);
            }
        }
        // Two neurons change places.
        _ => {
            let other = (neuron * 7 + 3) % size;
            here.weights.swap(neuron, other);
            here.bias.swap(neuron, other);
            next.weights.iter_mut().for_each(|row| row.swap(neuron, other));
        }
    }
}

#[derive(Debug)]
struct Sample {
    generators: Vec<Permutation>,
    layers: Vec<Plain>,
    activation: Activation,
}

/// Random equivariant layers for the cyclic group with a random permutation joined; the output is equivariant.
fn sample() -> impl Strategy<Value = Sample> {
    let group = (2usize..5)
        .prop_flat_map(|n| (Just(n), Just((0..n as u32).collect::<Vec<_>>()).prop_shuffle(), any::<bool>()));
    let channels = proptest::collection::vec(1usize..3, 1..3);
    let tape = proptest::collection::vec(-3i32..4, 400);
    let activation = prop_oneof![
        Just(Activation::Relu),
        Just(Activation::Abs),
        Just(Activation::LeakyRelu { slope: 0.5 })
    ];
    (group, channels, tape, activation).prop_map(|((n, images, joined), channels, tape, activation)| {
        let mut generators = vec![cycle(n)];
        if joined {
            generators.push(Permutation::from_images(images).unwrap());
        }
        let labels = pair_labels(n, &generators);
        let mut tape = tape.into_iter();
        let sizes: Vec<usize> = [1].into_iter().chain(channels).chain([1]).collect();
        let layers =
            sizes.windows(2).map(|pair| equivariant_layer(n, &labels, pair[0], pair[1], &mut tape)).collect();
        Sample { generators, layers, activation }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn disguises_do_not_deceive(
        sample in sample(),
        steps in proptest::collection::vec((0usize..2, 0usize..5, 0usize..40), 0..12),
    ) {
        let Sample { generators, mut layers, activation } = sample;
        for (l, kind, neuron) in steps {
            let hidden = layers.len() - 1;
            disguise(&mut layers, l % hidden, kind, neuron, activation);
        }
        let network = build(&layers, activation);
        let report = check_equivariance(&network, &generators, &OutputAction::Same, 0.0).unwrap();
        prop_assert_eq!(&report.verdict, &Verdict::Exact);
        // Where permutations are given, they do what they promise at a point.
        let x: Vec<f64> = (0..network.inputs()).map(|i| (i * i) as f64 * 0.75 - 1.0).collect();
        let here = network.preactivations(&x);
        for (generator, p) in generators.iter().enumerate() {
            let mut there = x.clone();
            (0..x.len()).for_each(|j| there[p.apply(j)] = x[j]);
            let there = network.preactivations(&there);
            for (l, layer) in report.layers.iter().enumerate() {
                if let Some(permutations) = &layer.permutations {
                    for i in 0..layer.size {
                        let (a, b) = (activation.apply(here[l][i]), activation.apply(there[l][permutations[generator].apply(i)]));
                        let agree = if layer.rescales { (a > 0.0) == (b > 0.0) } else { a == b };
                        prop_assert!(agree);
                    }
                }
            }
        }
    }

    /// Whatever is changed: an exact yes holds at points, and a no comes with a point that refutes.
    #[test]
    fn verdicts_are_sound(
        sample in sample(),
        change in (0usize..3, 0usize..40, 0usize..40, prop_oneof![Just(0.0), Just(0.125), Just(-2.0)]),
    ) {
        let Sample { generators, mut layers, activation } = sample;
        let (l, i, j, step) = change;
        let l = l % layers.len();
        let (rows, columns) = (layers[l].weights.len(), layers[l].weights[0].len());
        layers[l].weights[i % rows][j % columns] += step;
        let network = build(&layers, activation);
        let report = check_equivariance(&network, &generators, &OutputAction::Same, 0.0).unwrap();
        match &report.verdict {
            Verdict::No { witness } => assert_refutes(&network, &generators, &generators, witness),
            Verdict::Exact => {
                for k in 0..5 {
                    let x: Vec<Rational> =
                        (0..network.inputs()).map(|i| Rational::from((k * 7 + i * i * 5) % 11) - Rational::from(4)).collect();
                    let y = network.evaluate_exact(&x);
                    for g in &generators {
                        prop_assert_eq!(network.evaluate_exact(&moved(&x, g)), moved(&y, g));
                    }
                }
            }
            _ => prop_assert!(step != 0.0),
        }
    }
}
