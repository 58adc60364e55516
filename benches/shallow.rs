//! Building, checking and evaluating three-layer forms: `cargo bench --bench shallow`.

use divan::{Bencher, black_box};
use isotypic::analysis::{FormQuestion, NetworkSymmetry, RegionDomain, SymmetryQuestion};
use isotypic::io::read_network;
use isotypic::network::Network;
use isotypic::shallow::{Options, OrbitEvaluator, OrbitForm, OrbitLayers, PatternLookup, checker};
use std::path::Path;

fn main() {
    divan::main();
}

const POINT: [f64; 4] = [0.505284, -0.121470, -1.311114, -1.103186];

fn network() -> Network {
    read_network(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/elnino_c4.onnx")).unwrap()
}

fn form(network: &Network) -> OrbitForm {
    let symmetry = NetworkSymmetry::new(network, &SymmetryQuestion::on_points("C4")).unwrap();
    let question = FormQuestion {
        domain: &RegionDomain::All,
        symmetry: Some(&symmetry),
        data: None,
        options: Options::default(),
    };
    question.build(network).unwrap()
}

#[divan::bench(sample_count = 5)]
fn build(bencher: Bencher) {
    let network = network();
    bencher.bench_local(|| form(black_box(&network)));
}

#[divan::bench(sample_count = 5)]
fn check(bencher: Bencher) {
    let network = network();
    let form = form(&network);
    bencher.bench_local(|| checker::check(black_box(&form), &network));
}

#[divan::bench]
fn lookup_by_half_spaces(bencher: Bencher) {
    let form = form(&network());
    let at = OrbitEvaluator::new(&form).unwrap();
    bencher.bench_local(|| at.evaluate_f64(black_box(&POINT)).unwrap());
}

#[divan::bench]
fn lookup_by_pattern(bencher: Bencher) {
    let network = network();
    let form = form(&network);
    let at = PatternLookup::new(&form, &network).unwrap();
    bencher.bench_local(|| at.evaluate(black_box(&POINT)).unwrap());
}

#[divan::bench]
fn literal_layers(bencher: Bencher) {
    let form = form(&network());
    let at = OrbitLayers::<f64>::new(&form).unwrap();
    bencher.bench_local(|| at.evaluate(black_box(&POINT)).unwrap());
}
