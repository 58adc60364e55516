//! Reading the test networks, and making random ones.

use isotypic::group::Permutation;
use isotypic::network::{Activation, AffineLayer, Network};
use isotypic::num::{Rational, exact};
use isotypic::shallow::{LayerPermutation, LayerSymmetry};
use serde_json::Value;

/// A network of `data/nets`.
pub(crate) fn read_network(name: &str) -> Network {
    let path = format!("{}/data/nets/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file: Value = serde_json::from_str(&text).unwrap();
    let number = |entry: &Value| exact(entry.as_f64().unwrap()).unwrap();
    let layers: Vec<AffineLayer> = file["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| {
            let biases = layer["b"].as_array().unwrap();
            let rows: Vec<Vec<Rational>> = layer["W"]
                .as_array()
                .unwrap()
                .iter()
                .zip(biases)
                .map(|(row, bias)| row.as_array().unwrap().iter().chain([bias]).map(number).collect())
                .collect();
            AffineLayer::from_exact(rows[0].len() - 1, &rows)
        })
        .collect();
    let activations = vec![Activation::Relu; layers.len() - 1];
    Network::new(layers, activations).unwrap()
}

/// Permutations of `n` positions acting on the inputs and on each channel of the hidden layers; the outputs stay when
/// their number is no multiple of `n`.
pub(crate) fn position_symmetry(network: &Network, family: char, n: usize) -> LayerSymmetry {
    let shift = Permutation::from_fn(n, |x| (x + 1) % n);
    let swap = Permutation::from_fn(n, |x| if x < 2 { 1 - x } else { x });
    let on = |p: &Permutation, width: usize| {
        if width.is_multiple_of(n) {
            Permutation::from_fn(width, |i| i / n * n + p.apply(i % n))
        } else {
            Permutation::identity(width)
        }
    };
    let flip = Permutation::from_fn(n, |x| (n - x) % n);
    let generators = match family {
        'S' => vec![shift, swap],
        'D' => vec![shift, flip],
        // C_2^2, which acts by exclusive or.
        'K' => vec![Permutation::from_fn(n, |x| x ^ 1), Permutation::from_fn(n, |x| x ^ 2)],
        _ => vec![shift],
    };
    let widths: Vec<usize> = network.layers().iter().map(AffineLayer::outputs).collect();
    let (outputs, hidden) = widths.split_last().unwrap();
    LayerSymmetry {
        generators: generators
            .iter()
            .map(|p| LayerPermutation {
                input: on(p, network.inputs()),
                hidden: hidden.iter().map(|&width| on(p, width)).collect(),
                output: on(p, *outputs),
            })
            .collect(),
    }
}
