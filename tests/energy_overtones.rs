//! Overtones and phase-averaged edge weights against numbers that independent programs computed.

use isotypic::analysis::overtones::phase_averaged_matrix;
use isotypic::analysis::{EnergyFlow, FlowOptions, Overtones, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::representation::Decomposition;
use serde_json::Value;
use std::sync::Arc;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn activation(name: &Value) -> PointwiseFunction {
    match name.as_str().unwrap() {
        "sqrt" => PointwiseFunction::Root,
        name => PointwiseFunction::parse(name).unwrap(),
    }
}

fn known() -> Value {
    let mut data: Value = serde_json::from_str(include_str!("known/smooth_reverse_teacher.json")).unwrap();
    data["smooth"]["fourier_graph"].take()
}

#[test]
fn series_of_the_circle() {
    let cyclic: Value = serde_json::from_str(include_str!("known/cyclic_graphs.json")).unwrap();
    let relu = Overtones::new(PointwiseFunction::Relu, 1.0, 18).unwrap();
    let abs = Overtones::new(PointwiseFunction::Abs, 1.0, 18).unwrap();
    assert_eq!((relu.error(), abs.error()), (0.0, 0.0));
    let (relu, abs) = (relu.coefficients(), abs.coefficients());
    // The file's complex coefficients are half the cosine coefficients.
    for (t, c) in numbers(&cyclic["fourier_ReLU(cos x) complex c_t, t=0..8"]).into_iter().enumerate() {
        let factor = if t == 0 { 1.0 } else { 0.5 };
        assert!((factor * relu[t] - c).abs() < 1e-15);
    }
    // A sine is a cosine a quarter turn later: cos(2 k x) gets the sign (-1)^k.
    for (name, series) in [("fourier_ReLU(sin x)", relu), ("fourier_|sin x|", abs)] {
        let entry = &cyclic[name];
        assert!((series[0] - entry["const"].as_f64().unwrap()).abs() < 1e-15);
        for (k, c) in (1..).zip(numbers(&entry["cos(2k x), k=1..8"])) {
            let sign = if k % 2 == 0 { 1.0 } else { -1.0 };
            assert!((sign * series[2 * k] - c).abs() < 1e-15);
        }
    }
    assert_eq!((relu[1], abs[1]), (0.5, 0.0));
}

#[test]
fn coefficients_of_smooth_activations() {
    let known = known();
    for (h, c) in numbers(&known["fourier"]["relu"]).into_iter().enumerate() {
        assert!(
            (Overtones::new(PointwiseFunction::Relu, 1.0, h + 1).unwrap().coefficients()[h] - c).abs()
                < 1e-12
        );
    }
    for entry in known["fourier"]["table"].as_array().unwrap() {
        let amplitude = entry["A"].as_f64().unwrap();
        let expected = numbers(&entry["c"]);
        let found = Overtones::new(activation(&entry["act"]), amplitude, expected.len()).unwrap();
        for (a, b) in found.coefficients().iter().zip(&expected) {
            assert!((a - b).abs() < 1e-13 * amplitude.max(1.0), "{} {amplitude}: {a} {b}", entry["act"]);
        }
        assert!(found.error() < 1e-13 * amplitude.max(1.0));
    }
}

#[test]
fn edge_weights_of_cycles() {
    for entry in known()["graphs"].as_array().unwrap() {
        let s = activation(&entry["act"]);
        let n = entry["n"].as_u64().unwrap() as usize;
        let amplitude = entry.get("alphaA").or(entry.get("A")).unwrap().as_f64().unwrap();
        let tolerance = if s == PointwiseFunction::Relu { 1e-8 } else { 1e-9 };
        let found = phase_averaged_matrix(s, amplitude, n).unwrap();
        for (row, expected) in found.iter().zip(entry["W"].as_array().unwrap()) {
            for (energy, weight) in row.iter().zip(numbers(expected)) {
                assert!(
                    (energy.sqrt() - weight).abs() <= tolerance,
                    "{s} C{n} {amplitude}: {energy} {weight}"
                );
            }
        }
    }
}

/// For homogeneous activations one wave of random phase and a Gaussian input differ by a factor of two only.
#[test]
fn waves_and_gaussian_inputs_agree() {
    for n in [5usize, 8, 12, 15] {
        let group = Arc::new(PermutationGroup::parse(&format!("C{n}")).unwrap());
        let decomposition = Decomposition::new(&isotypic::action::GSet::points(&group)).unwrap();
        for s in [PointwiseFunction::Relu, PointwiseFunction::Abs, PointwiseFunction::Leaky(-0.3)] {
            let flow = EnergyFlow::new(&decomposition, s, FlowOptions::default()).unwrap().matrix().unwrap();
            let waves = phase_averaged_matrix(s, 2.5, n).unwrap();
            // One-dimensional pieces have no phase to average over.
            for source in 1..n.div_ceil(2) {
                for (a, b) in waves[source].iter().zip(&flow[source]) {
                    assert!((2.0 * a - b).abs() < 1e-14);
                }
            }
        }
    }
}
