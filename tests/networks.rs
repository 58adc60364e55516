//! Networks from files: values against an independent program, damage, and exact equivariance.

use isotypic::io::{npz::read_npz, onnx::parse_onnx, read_network, read_table};
use isotypic::network::{AffineLayer, Network};
use isotypic::num::{Rational, exact, nearest_f64};
use proptest::prelude::*;

/// The trained networks in `data/`.
const TRAINED: [&str; 9] = [
    "elnino_c4",
    "elnino_c6",
    "elnino_c12",
    "elnino_c12_deep",
    "elnino_c12_wide",
    "digits_torus8",
    "digits_points_s3",
    "digits_points_s4",
    "digits_points_s5",
];

fn trained(name: &str) -> Network {
    read_network(format!("data/{name}.onnx").as_ref()).unwrap()
}

#[test]
fn values_agree_with_the_program_that_trained_them() {
    for name in TRAINED {
        let network = trained(name);
        let arrays = read_npz(format!("data/{name}.npz").as_ref()).unwrap();
        let (inputs, outputs) = (arrays["x"].rows(), arrays["y"].rows());
        assert_eq!(inputs.len(), 8);
        for (x, expected) in inputs.iter().zip(&outputs) {
            let value = network.evaluate(x);
            assert_eq!(value.len(), expected.len());
            for (a, b) in value.iter().zip(expected) {
                assert!((a - b).abs() < 1e-12, "{name}: {a} against {b}");
            }
        }
    }
}

/// The derived tables hold what the networks were trained on: the samples in the archives are rows of them.
#[test]
fn the_tables_are_the_networks_inputs() {
    for name in TRAINED {
        let table = name.strip_suffix("_deep").or_else(|| name.strip_suffix("_wide")).unwrap_or(name);
        let rows = read_table(format!("data/{table}.csv").as_ref()).unwrap().rows;
        // Point clouds were tested on the last 30 in 100.
        let start = if name.contains("points") { (0.7 * rows.len() as f64) as usize } else { 0 };
        let samples = &read_npz(format!("data/{name}.npz").as_ref()).unwrap()["x"].rows();
        for (row, sample) in rows[start..].iter().zip(samples) {
            assert_eq!(row.len(), trained(name).inputs());
            // Training was in float32.
            assert!(row.iter().zip(sample).all(|(a, b)| (a - b).abs() < 1e-6), "{name}");
        }
    }
}

/// Small files, one per group of operators; the outputs were computed by onnx's own reference evaluator.
#[test]
fn operators_agree_with_the_reference_evaluator() {
    let mut count = 0;
    for entry in std::fs::read_dir("tests/known/networks").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "onnx") {
            let network = read_network(&path).unwrap();
            let arrays = read_npz(&path.with_extension("npz")).unwrap();
            for (x, expected) in arrays["x"].rows().iter().zip(&arrays["y"].rows()) {
                let value = network.evaluate(x);
                assert_eq!(value.len(), expected.len(), "{}", path.display());
                for (a, b) in value.iter().zip(expected) {
                    assert!((a - b).abs() < 1e-12, "{}: {a} against {b}", path.display());
                }
            }
            count += 1;
        }
    }
    assert_eq!(count, 11);
}

#[test]
fn one_affine_layer_stands_between_two_activations() {
    let widths = |name| trained(name).layers().iter().map(AffineLayer::outputs).collect::<Vec<_>>();
    assert_eq!(widths("elnino_c4"), [8, 8, 4]);
    assert_eq!(widths("elnino_c12"), [24, 12]);
    assert_eq!(widths("elnino_c12_deep"), [24, 24, 12]);
    assert_eq!(widths("elnino_c12_wide"), [96, 96, 96, 12]);
    assert_eq!(widths("digits_torus8"), [256, 512, 10]);
    assert_eq!(widths("digits_points_s5"), [15, 10, 1]);
    assert_eq!(trained("digits_points_s4").input_shape(), [4, 2]);
    assert_eq!(trained("digits_torus8").input_shape(), [64]);
}

/// The rows of a circular convolution hold the same weights, bit for bit.
#[test]
fn copied_weights_stay_bitwise_equal() {
    let network = trained("elnino_c12");
    let layer = &network.layers()[0];
    assert!(layer.is_dyadic());
    let bits = |i: usize| {
        let mut row: Vec<u64> =
            layer.weights().row(i).iter().filter(|w| **w != 0.0).map(|w| w.to_bits()).collect();
        row.sort_unstable();
        row
    };
    assert_eq!(bits(0).len(), 5);
    assert!((1..12).all(|i| bits(i) == bits(0)));
}

#[test]
fn a_mean_over_three_points_divides_by_exactly_three() {
    let network = trained("digits_points_s3");
    let head = &network.layers()[2];
    assert!(!head.is_dyadic());
    // Three times an entry of the head is a weight of the file, which is a binary fraction.
    let weight = head.exact_entry(0, 0) * Rational::from(3);
    assert_eq!(exact(nearest_f64(&weight)), Some(weight));
}

#[test]
fn all_json_networks_are_read() {
    let mut count = 0;
    for entry in std::fs::read_dir("data/nets").unwrap() {
        let path = entry.unwrap().path();
        let network = read_network(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut widths = vec![network.inputs()];
        widths.extend(network.layers().iter().map(AffineLayer::outputs));
        assert_eq!(serde_json::json!(widths), file["widths"], "{}", path.display());
        count += 1;
    }
    assert_eq!(count, 58);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever happens to a file, reading it gives a network or an error, and never a panic.
    #[test]
    fn no_bytes_make_the_reader_panic(
        which in 0..TRAINED.len(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = std::fs::read(format!("data/{}.onnx", TRAINED[which])).unwrap();
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Err(error) = parse_onnx(&bytes, "damaged.onnx") {
            prop_assert!(error.to_string().starts_with("damaged.onnx"), "{}", error);
        }
    }
}
