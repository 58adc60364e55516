//! The closed-form energy flow against published numbers, against other ways to compute it, and against sampling.

use isotypic::action::{GSet, grammar};
use isotypic::analysis::flow::{EnergyFlow, FlowOptions, NetworkFlow, RandomLayer};
use isotypic::analysis::interaction_graph::InteractionGraph;
use isotypic::analysis::{FrequencyResponse, NetworkSymmetry, PointwiseFunction, SymmetryQuestion};
use isotypic::group::PermutationGroup;
use isotypic::harmonic::{Spectrum, plan};
use isotypic::representation::Decomposition;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::sync::Arc;

fn set(group: &str, on: &str) -> GSet {
    grammar::parse(&Arc::new(PermutationGroup::parse(group).unwrap()), on).unwrap()
}

fn matrix(set: &GSet, activation: PointwiseFunction, options: FlowOptions) -> Vec<Vec<f64>> {
    let decomposition = Decomposition::new(set).unwrap();
    EnergyFlow::new(&decomposition, activation, options).unwrap().matrix().unwrap()
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance, "{found:?} where {expected:?} is expected");
    }
}

#[test]
fn the_rows_of_the_cycle_of_twelve() {
    let t = matrix(&set("C12", "points"), PointwiseFunction::Relu, FlowOptions::default());
    close(&t[1], &[0.20266, 0.25, 0.04509, 0.0, 0.00191, 0.0, 0.00034], 1e-5);
    close(&t[4], &[0.203, 0.0, 0.0, 0.0, 0.297, 0.0, 0.0], 1e-3);
}

/// For a two-dimensional piece a Gaussian amplitude makes no difference to a homogeneous activation: the fractions are
/// those of one cosine, averaged over its phase. (The file's numbers are cut series, good to 2e-7.)
#[test]
fn energy_fractions_of_cyclic_groups() {
    let text = include_str!("known/cyclic_graphs.json");
    let data: serde_json::Value = serde_json::from_str(text).unwrap();
    for entry in data["entries"].as_array().unwrap() {
        let n = entry["n"].as_u64().unwrap();
        let t = matrix(&set(&format!("C{n}"), "points"), PointwiseFunction::Relu, FlowOptions::default());
        let rows = entry["relu_energy_fraction(row=source)"].as_array().unwrap();
        for (found, expected) in t.iter().zip(rows) {
            let total: f64 = found.iter().sum();
            let fractions: Vec<f64> = found.iter().map(|energy| energy / total).collect();
            let expected: Vec<f64> =
                expected.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
            close(&fractions, &expected, 2e-7);
        }
    }
}

/// The same group given as an abelian one and inside a larger, non-abelian one: `D_n` has the pieces of `C_n` on the
/// points, so the two engines must agree.
#[test]
fn transforms_and_sums_over_orbitals_agree() {
    for activation in [PointwiseFunction::Relu, PointwiseFunction::Leaky(0.1), PointwiseFunction::Softplus] {
        for bias in [0.0, 0.4] {
            for n in [5, 8, 12] {
                let options = FlowOptions { bias, variance: 1.7 };
                let cyclic = matrix(&set(&format!("C{n}"), "points"), activation, options);
                let dihedral = matrix(&set(&format!("D{n}"), "points"), activation, options);
                // The dihedral pieces are sorted by dimension; compare the sorted entries.
                let sorted = |t: &[Vec<f64>]| {
                    let mut all: Vec<f64> = t.iter().flatten().copied().collect();
                    all.sort_by(f64::total_cmp);
                    all
                };
                close(&sorted(&cyclic), &sorted(&dihedral), 1e-9);
            }
        }
    }
}

/// Two orbits of different size, and two of the same: by transforms and by the definition.
#[test]
fn intransitive_and_abelian_sets_agree_with_the_definition() {
    for (group, on) in [
        ("C6", "points*2"),
        ("<(1,2)(3,4,5,6),(3,5)(4,6)>", "points"),
        ("C2xC4", "points"),
        ("<(1,2,3)>", "points+pairs"),
    ] {
        let set = set(group, on);
        let decomposition = Decomposition::new(&set).unwrap();
        let flow = EnergyFlow::new(
            &decomposition,
            PointwiseFunction::Silu,
            FlowOptions { bias: 0.3, variance: 0.8 },
        )
        .unwrap();
        let transform = plan(&set).unwrap();
        let size = set.size();
        let projector = |piece: usize| -> Vec<Vec<f64>> {
            let mut factors = vec![0.0; transform.pieces().len()];
            factors[piece] = 1.0;
            (0..size)
                .map(|x| {
                    let mut f = vec![0.0; size];
                    f[x] = 1.0;
                    transform.filter(&f, &factors)
                })
                .collect()
        };
        let projectors: Vec<_> = (0..flow.pieces().len()).map(projector).collect();
        for (source, piece) in flow.pieces().iter().enumerate() {
            let unit = 0.8 * size as f64;
            let c = |x: usize, y: usize| {
                unit * projectors[source][x][y] / (piece.dim * piece.multiplicity) as f64
            };
            let kernel = flow.kernel();
            let expected: Vec<f64> = projectors
                .iter()
                .map(|p| {
                    let mut sum = 0.0;
                    for x in 0..size {
                        for y in 0..size {
                            let (a, b) = (kernel.marginal(c(x, x)), kernel.marginal(c(y, y)));
                            sum += p[x][y] * kernel.value(&a, &b, c(x, y));
                        }
                    }
                    sum / unit
                })
                .collect();
            close(&flow.row(source).unwrap().energies, &expected, 1e-10);
            let mut single = vec![0.0; flow.pieces().len()];
            single[source] = 1.0;
            close(&flow.spread(&single).unwrap().energies, &expected, 1e-10);
        }
    }
}

/// An edge of the exact graph carries energy, and what is no edge carries none.
#[test]
fn energy_flows_along_the_edges_of_the_exact_graph() {
    use PointwiseFunction::{Abs, Gelu, Relu, Tanh};
    for (group, on) in [
        ("C8", "points"),
        ("C15", "points"),
        ("S4", "points"),
        ("S4", "subsets:2"),
        ("D4", "regular"),
        ("Q8", "points"),
        ("S3", "regular"),
        ("C4^2", "points"),
        ("A4", "points+regular"),
    ] {
        let set = set(group, on);
        for (activation, bias) in [(Relu, 0.0), (Abs, 0.0), (Relu, 0.5), (Gelu, 0.0), (Tanh, 0.0)] {
            let graph = InteractionGraph::new(&set, activation, bias != 0.0).unwrap();
            let t = matrix(&set, activation, FlowOptions { bias, variance: 1.0 });
            for (from, row) in t.iter().enumerate() {
                for (to, &energy) in row.iter().enumerate() {
                    let edge = graph.has_edge(from, to);
                    let fits = if edge { energy > 1e-12 } else { energy == 0.0 };
                    assert!(fits, "{group} {on} {activation} {from}->{to} {energy} {edge}");
                }
            }
        }
    }
}

/// Sampling: `ROUNDS` Gaussian inputs for each source; every mean energy must lie within five standard errors of the
/// closed form. For the about 250 comparisons of one run a correct program fails with probability below 2e-4 (and the
/// seed is fixed, so it either always does or never).
#[test]
fn sampling_agrees_within_five_standard_errors() {
    const ROUNDS: usize = 1500;
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let relu = (PointwiseFunction::Relu, FlowOptions::default());
    let shifted = (PointwiseFunction::Leaky(0.2), FlowOptions { bias: -0.3, variance: 1.5 });
    let smooth = (PointwiseFunction::Softplus, FlowOptions { bias: 0.2, variance: 2.0 });
    for (group, on, (activation, options)) in [
        ("C7", "points", relu),
        ("C12", "points", smooth),
        ("C4^2", "points", relu),
        ("C3^2", "points", shifted),
        ("S5", "points", relu),
        ("S5", "subsets:2", shifted),
        ("S4", "regular", relu),
        ("D6", "points", smooth),
        ("D5", "regular", relu),
        ("Q8", "points", relu),
        ("S4", "points+subsets:2", smooth),
    ] {
        let set = set(group, on);
        let decomposition = Decomposition::new(&set).unwrap();
        let flow = EnergyFlow::new(&decomposition, activation, options).unwrap();
        let transform = plan(&set).unwrap();
        let spectrum = Spectrum::new(&set).unwrap();
        let unit = options.variance * set.size() as f64;
        for (source, piece) in flow.pieces().iter().enumerate() {
            let deviation = (unit / (piece.dim * piece.multiplicity) as f64).sqrt();
            let (mut sums, mut squares) = (vec![0.0; flow.pieces().len()], vec![0.0; flow.pieces().len()]);
            for _ in 0..ROUNDS {
                let mut coefficients = vec![0.0; set.size()];
                for place in transform.range(source) {
                    let normal: f64 = StandardNormal.sample(&mut random);
                    coefficients[place] = deviation * normal;
                }
                let f: Vec<f64> = transform
                    .inverse(&coefficients)
                    .iter()
                    .map(|v| activation.evaluate(options.bias + v))
                    .collect();
                for (target, energy) in spectrum.energies(&f).iter().enumerate() {
                    sums[target] += energy / unit;
                    squares[target] += (energy / unit).powi(2);
                }
            }
            let rounds = ROUNDS as f64;
            for (target, &expected) in flow.row(source).unwrap().energies.iter().enumerate() {
                let mean = sums[target] / rounds;
                let deviation = ((squares[target] / rounds - mean * mean).max(0.0) / (rounds - 1.0)).sqrt();
                assert!(
                    (mean - expected).abs() <= 5.0 * deviation + 1e-12,
                    "{group} {on} {activation} {source}->{target}: {mean} +- {deviation}, closed form {expected}"
                );
            }
        }
    }
}

/// Depth: a network of random convolutions with many channels, sampled, against the recursion. The finite width biases
/// the sampled energies by about one over the width; the allowance is four times that.
#[test]
fn depth_flow_is_what_wide_random_networks_do() {
    const WIDTH: usize = 128;
    let set = set("C8", "points");
    let decomposition = Decomposition::new(&set).unwrap();
    let flow = EnergyFlow::new(&decomposition, PointwiseFunction::Relu, FlowOptions::default()).unwrap();
    let gains = vec![0.5, 1.0, 2.0, 1.0, 0.25];
    let layers = vec![RandomLayer::new(gains.clone()).unwrap(), RandomLayer::centred(5)];
    let expected = flow.through(&[0.0, 1.0, 0.0, 0.0, 0.0], &layers).unwrap();

    let transform = plan(&set).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    // Channels in isotypic coordinates; on a pair of coordinates an equivariant map is a complex number.
    let mut channels: Vec<Vec<f64>> = (0..WIDTH)
        .map(|_| {
            let mut c = vec![0.0; 8];
            (c[1], c[2]) = (2.0 * normal(), 2.0 * normal());
            c
        })
        .collect();
    for (depth, expected) in expected.iter().enumerate() {
        let mut energies = vec![0.0; 5];
        for c in &mut channels {
            let f: Vec<f64> = transform.inverse(c).iter().map(|v| v.max(0.0)).collect();
            *c = transform.forward(&f);
            for (piece, energy) in energies.iter_mut().enumerate() {
                *energy += c[transform.range(piece)].iter().map(|c| c * c).sum::<f64>() / (8 * WIDTH) as f64;
            }
        }
        for (a, b) in energies.iter().zip(&expected.after.energies) {
            assert!((a - b).abs() < 0.15 * b + 1e-3, "{depth}: {energies:?} {:?}", expected.after.energies);
        }
        let Some(layer) = layers.get(depth) else { break };
        channels = (0..WIDTH)
            .map(|_| {
                let mut out = vec![0.0; 8];
                for c in &channels {
                    for piece in 0..5 {
                        let gain = (layer.gains()[piece] / WIDTH as f64).sqrt();
                        let range = transform.range(piece);
                        if range.len() == 1 {
                            out[range.start] += gain * normal() * c[range.start];
                        } else {
                            let (a, b) = (gain * normal() / 2f64.sqrt(), gain * normal() / 2f64.sqrt());
                            let (x, y) = (c[range.start], c[range.start + 1]);
                            out[range.start] += a * x - b * y;
                            out[range.start + 1] += b * x + a * y;
                        }
                    }
                }
                out
            })
            .collect();
    }
}

#[test]
fn bad_input_is_refused() {
    let decomposition = Decomposition::new(&set("C5", "points")).unwrap();
    let relu = PointwiseFunction::Relu;
    for options in [
        FlowOptions { bias: f64::NAN, variance: 1.0 },
        FlowOptions { bias: 0.0, variance: 0.0 },
        FlowOptions { bias: 0.0, variance: f64::INFINITY },
    ] {
        assert!(EnergyFlow::new(&decomposition, relu, options).is_err());
    }
    let flow = EnergyFlow::new(&decomposition, relu, FlowOptions::default()).unwrap();
    assert!(flow.row(3).is_err());
    assert!(flow.spread(&[1.0, 0.0]).is_err() && flow.spread(&[1.0, -1.0, 0.0]).is_err());
    assert!(flow.through(&[1.0, 0.0, 0.0], &[RandomLayer::flat(2)]).is_err());
    assert!(RandomLayer::new(vec![-1.0]).is_err());
}

/// The gains of a trained network are its frequency response, and ReLU halves the energy at every activation.
#[test]
fn gains_of_a_network_are_its_frequency_response() {
    for (file, group, on) in
        [("data/elnino_c12_deep.onnx", "C12", "points"), ("data/digits_points_s4.onnx", "S4", "points*2")]
    {
        let network = isotypic::io::read_network(file.as_ref()).unwrap();
        let question = SymmetryQuestion { on, ..SymmetryQuestion::on_points(group) };
        let actions = NetworkSymmetry::new(&network, &question).unwrap().layer_actions().unwrap();
        let flow = NetworkFlow::new(&network, &actions).unwrap();
        let response =
            FrequencyResponse::new(network.layers()[0].weights(), &actions.input, &actions.hidden[0])
                .unwrap();
        for &source in &flow.sources {
            let piece = &flow.pieces[source];
            let expected = response.power_gains(std::slice::from_ref(piece))[0];
            assert!((flow.gains[0][source] - expected).abs() < 1e-9 * expected.max(1.0), "{file} {source}");
        }
        for pair in flow.energies.chunks_exact(2) {
            for (before, after) in pair[0].iter().zip(&pair[1]) {
                let (before, after): (f64, f64) = (before.iter().sum(), after.iter().sum());
                assert!((after - 0.5 * before).abs() < 1e-9 * before.max(1.0));
            }
        }
    }
}
