//! Building, checking and evaluating three-layer forms: `cargo bench --bench shallow`. Evaluations are of up to 1024 different
//! points, one after the other, so that no cache of a single region helps.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use isotypic::analysis::{FormQuestion, NetworkSymmetry, RegionDomain, SymmetryQuestion};
use isotypic::io::read_network;
use isotypic::network::Network;
use isotypic::shallow::{Options, OrbitEvaluator, OrbitForm, OrbitLayers, PatternLookup, checker};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::Path;
use std::sync::OnceLock;

fn main() {
    divan::main();
}

/// The networks of the sea surface: four seasons with 1655 regions, six with 230822.
const GROUPS: [&str; 2] = ["C4", "C6"];
const POINTS: usize = 1024;

fn network(group: &str) -> Network {
    let file = format!("data/elnino_{}.onnx", group.to_lowercase());
    read_network(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn build_form(network: &Network, group: &str) -> OrbitForm {
    let symmetry = NetworkSymmetry::new(network, &SymmetryQuestion::on_points(group)).unwrap();
    let question = FormQuestion {
        domain: &RegionDomain::All,
        symmetry: Some(&symmetry),
        data: None,
        options: Options::default(),
    };
    question.build(network).unwrap()
}

/// The form, built once.
fn form(group: &str) -> &'static OrbitForm {
    static FORMS: [OnceLock<OrbitForm>; 2] = [OnceLock::new(), OnceLock::new()];
    let number = GROUPS.iter().position(|other| *other == group).unwrap();
    FORMS[number].get_or_init(|| build_form(&network(group), group))
}

fn points(inputs: usize) -> Vec<Vec<f64>> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    (0..POINTS).map(|_| (0..inputs).map(|_| random.random_range(-2.0..2.0)).collect()).collect()
}

fn evaluate(bencher: Bencher, inputs: usize, number: usize, at: impl Fn(&[f64])) {
    let points = &points(inputs)[..number];
    bencher
        .counter(ItemsCount::new(number))
        .bench_local(|| points.iter().for_each(|point| at(black_box(point))));
}

#[divan::bench(sample_count = 5, args = ["C4"])]
fn build(bencher: Bencher, group: &str) {
    let network = network(group);
    bencher.bench_local(|| build_form(black_box(&network), group));
}

#[divan::bench(sample_count = 5, args = ["C4"])]
fn check(bencher: Bencher, group: &str) {
    let network = network(group);
    let form = form(group);
    bencher.bench_local(|| checker::check(black_box(form), &network));
}

#[divan::bench(args = GROUPS)]
fn network_itself(bencher: Bencher, group: &str) {
    let network = network(group);
    evaluate(bencher, network.inputs(), POINTS, |point| drop(black_box(network.evaluate(point))));
}

#[divan::bench(args = GROUPS)]
fn lookup_by_pattern(bencher: Bencher, group: &str) {
    let network = network(group);
    let at = PatternLookup::new(form(group), &network).unwrap();
    evaluate(bencher, network.inputs(), POINTS, |point| drop(black_box(at.evaluate(point).unwrap())));
}

#[divan::bench(args = GROUPS, sample_count = 5)]
fn lookup_by_half_spaces(bencher: Bencher, group: &str) {
    let form = form(group);
    let at = OrbitEvaluator::new(form).unwrap();
    evaluate(bencher, form.inputs(), 16, |point| drop(black_box(at.evaluate_f64(point).unwrap())));
}

#[divan::bench(args = GROUPS, sample_count = 5)]
fn literal_layers(bencher: Bencher, group: &str) {
    let form = form(group);
    let at = OrbitLayers::<f64>::new(form).unwrap();
    evaluate(bencher, form.inputs(), 4, |point| drop(black_box(at.evaluate(point).unwrap())));
}
