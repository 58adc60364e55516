//! The exported form, executed by a standard runtime where one is installed.

use crate::support::read_network;
use isotypic::polyhedral::Domain;
use isotypic::shallow::{Boundary, Options, OrbitForm};
use std::process::Command;

const SCRIPT: &str = r#"
import sys
try:
    import numpy, onnx, onnxruntime
except ImportError as error:
    print(error); sys.exit(3)
model, inputs, outputs = sys.argv[1:]
onnx.checker.check_model(model)
x = numpy.loadtxt(inputs, ndmin=2)
expected = numpy.loadtxt(outputs, ndmin=2)
y = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
assert y.shape == expected.shape, (y.shape, expected.shape)
assert numpy.isfinite(y).all(), "not finite"
worst = abs(y - expected).max()
assert worst < 1e-9, worst
"#;

/// Points in `[-2, 2]^d` that are not next to a boundary, by a simple generator.
fn points(d: usize, count: usize) -> Vec<Vec<f64>> {
    let mut state = 12345u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64 * 4.0 - 2.0
    };
    (0..count).map(|_| (0..d).map(|_| next()).collect()).collect()
}

fn table(rows: &[Vec<f64>]) -> String {
    let line = |row: &Vec<f64>| row.iter().map(|x| format!("{x:e}")).collect::<Vec<_>>().join(" ");
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_runtime_computes_the_exported_form() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("mlp_2-8-8-1", Boundary::HalfOpen),
        ("s3_1-2-2", Boundary::HalfOpen),
        ("dup_2", Boundary::HalfOpen),
        ("c3_1-1", Boundary::Faces),
    ];
    for (name, boundary) in cases {
        let network = read_network(name);
        let options = Options { boundary, ..Options::default() };
        let trivial = Default::default();
        let form = OrbitForm::from_network(&network, &Domain::WholeSpace, &trivial, &options).unwrap();
        let path = |end: &str| folder.path().join(format!("{name}.{end}"));
        let inputs = points(network.inputs(), 300);
        let outputs: Vec<Vec<f64>> = inputs.iter().map(|x| network.evaluate(x)).collect();
        std::fs::write(path("onnx"), form.expand().unwrap().to_onnx().unwrap()).unwrap();
        std::fs::write(path("x"), table(&inputs)).unwrap();
        std::fs::write(path("y"), table(&outputs)).unwrap();
        let arguments = [path("onnx"), path("x"), path("y")];
        let Ok(run) = Command::new("python3").arg("-c").arg(SCRIPT).args(arguments).output() else {
            eprintln!("skipped: there is no python3");
            return;
        };
        let text = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
        match run.status.code() {
            Some(3) => {
                eprintln!("skipped: {text}");
                return;
            }
            code => assert_eq!(code, Some(0), "{name}: {text}"),
        }
    }
}
