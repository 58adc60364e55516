//! Times of the energy side: `cargo bench --bench energy`.
//!
//! Where a plain way to the same numbers exists it runs in the same process, and the ratio is printed first.

use divan::{Bencher, black_box};
use isotypic::action::GSet;
use isotypic::analysis::{EnergyFlow, FlowOptions, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::harmonic::{Spectrum, SymmetricTransform, Transform};
use isotypic::representation::Decomposition;
use num_complex::Complex64;
use rustfft::FftPlanner;
use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() {
    println!("ratio of a plain way to ours, best of five each");
    let matrix = decomposition("C1024");
    let flow = flow(&matrix);
    ratio("flow matrix C1024: one FFT per row", || plain_matrix(1024), || flow.matrix().unwrap());
    let (spectrum, images) = images();
    ratio(
        "spectra C8^2: one image at a time",
        || one_by_one(&spectrum, &images),
        || spectrum.batch_energies(&images).unwrap(),
    );
    let transform = SymmetricTransform::new(6).unwrap();
    let f = wave(transform.size());
    ratio("transform S6: sum over the group", || slow_transform(&transform, &f), || transform.forward(&f));
    println!();
    divan::main();
}

fn ratio<A, B>(name: &str, mut plain: impl FnMut() -> A, mut ours: impl FnMut() -> B) {
    let (plain, ours) = (best(&mut plain), best(&mut ours));
    println!("  {name}: {:.1} ({plain:.2?} / {ours:.2?})", plain.as_secs_f64() / ours.as_secs_f64());
}

fn best<T>(run: &mut impl FnMut() -> T) -> Duration {
    (0..5)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn decomposition(group: &str) -> Decomposition {
    Decomposition::new(&GSet::points(&Arc::new(PermutationGroup::parse(group).unwrap()))).unwrap()
}

fn flow(decomposition: &Decomposition) -> EnergyFlow<'_> {
    EnergyFlow::new(decomposition, PointwiseFunction::Relu, FlowOptions::default()).unwrap()
}

fn wave(size: usize) -> Vec<f64> {
    (0..size).map(|x| (x as f64 * 0.7).sin()).collect()
}

/// 100000 functions on the torus.
fn images() -> (Spectrum, Vec<f64>) {
    let set = GSet::points(&Arc::new(PermutationGroup::parse("C8^2").unwrap()));
    (Spectrum::new(&set).unwrap(), wave(6_400_000))
}

/// The flow matrix of ReLU as a script would compute it: the kernel of each row and one transform of it.
fn plain_matrix(n: usize) -> Vec<Vec<f64>> {
    let fft = FftPlanner::new().plan_fft_forward(n);
    let kernel: Vec<f64> = (0..n)
        .map(|j| {
            let c = (TAU * j as f64 / n as f64).cos();
            ((1.0 - c * c).sqrt() + c * (TAU / 2.0 - c.acos())) / TAU
        })
        .collect();
    (0..=n / 2)
        .map(|source| {
            let mut row: Vec<Complex64> =
                (0..n).map(|x| Complex64::new(kernel[source * x % n] / n as f64, 0.0)).collect();
            fft.process(&mut row);
            row[..=n / 2].iter().map(|value| value.re).collect()
        })
        .collect()
}

fn one_by_one(spectrum: &Spectrum, images: &[f64]) -> Vec<f64> {
    images.chunks(64).flat_map(|image| spectrum.energies(image)).collect()
}

fn slow_transform(transform: &SymmetricTransform, f: &[f64]) -> Vec<f64> {
    let mut coefficients = Vec::with_capacity(f.len());
    for (index, piece) in transform.pieces().iter().enumerate() {
        let mut sum = nalgebra::DMatrix::zeros(piece.dim, piece.dim);
        for (rank, value) in f.iter().enumerate() {
            sum += transform.representation(index, &transform.element(rank)) * *value;
        }
        coefficients.extend_from_slice(sum.as_slice());
    }
    coefficients
}

#[divan::bench(args = ["C1024", "C1048576"], sample_count = 5)]
fn decompose(bencher: Bencher, group: &str) {
    let set = GSet::points(&Arc::new(PermutationGroup::parse(group).unwrap()));
    bencher.bench(|| Decomposition::new(&set));
}

#[divan::bench(args = [PointwiseFunction::Relu, PointwiseFunction::Softplus], sample_count = 10)]
fn flow_row_c1048576(bencher: Bencher, activation: PointwiseFunction) {
    let decomposition = decomposition("C1048576");
    bencher.bench(|| {
        EnergyFlow::new(&decomposition, activation, FlowOptions::default()).unwrap().row(1).unwrap()
    });
}

#[divan::bench]
fn flow_matrix_c1024(bencher: Bencher) {
    let decomposition = decomposition("C1024");
    bencher.bench(|| flow(&decomposition).matrix());
}

#[divan::bench]
fn spectra_of_100000_images_c8_c8(bencher: Bencher) {
    let (spectrum, images) = images();
    bencher.bench(|| spectrum.batch_energies(&images));
}

#[divan::bench(args = [5, 6, 7, 8, 9], sample_count = 20)]
fn transform_of_s(bencher: Bencher, n: usize) {
    let transform = SymmetricTransform::new(n).unwrap();
    let f = wave(transform.size());
    bencher.bench(|| transform.forward(&f));
}

#[divan::bench(args = [5, 6, 7, 8, 9], sample_count = 20)]
fn inverse_transform_of_s(bencher: Bencher, n: usize) {
    let transform = SymmetricTransform::new(n).unwrap();
    let f = wave(transform.size());
    bencher.bench(|| transform.inverse(&f));
}
