//! ReLU makes overtones: the Fourier series of ReLU(sin x), and the same on a ring of 24 points, where the overtones of
//! frequency 1 alias onto the frequencies that the interaction graph of C_24 allows.

use isotypic::action::GSet;
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::harmonic::Spectrum;
use std::f64::consts::{PI, TAU};
use std::sync::Arc;

/// ReLU(sin x) = 1/pi + sin(x)/2 - (2/pi) sum_k cos(2 k x) / (4 k^2 - 1).
fn series(x: f64, terms: u32) -> f64 {
    let tail: f64 = (1..=terms).map(|k| (2.0 * f64::from(k) * x).cos() / f64::from(4 * k * k - 1)).sum();
    1.0 / PI + x.sin() / 2.0 - 2.0 / PI * tail
}

fn main() -> isotypic::Result<()> {
    println!("ReLU(sin x) by its Fourier series: largest error on 1000 points");
    for terms in [1, 4, 16, 64] {
        let error = (0..1000)
            .map(|i| TAU * f64::from(i) / 1000.0)
            .map(|x| (series(x, terms) - x.sin().max(0.0)).abs())
            .fold(0.0, f64::max);
        println!("  {terms:>3} overtones  {error:.6}");
    }

    let n = 24;
    let set = GSet::points(&Arc::new(PermutationGroup::parse(&format!("C{n}"))?));
    let spectrum = Spectrum::new(&set)?;
    let graph = InteractionGraph::new(&set, PointwiseFunction::Relu, false)?;
    println!(
        "\nOn a ring of {n} points: share of the energy of ReLU(cos(2 pi k x / {n} + 0.3)) by frequency"
    );
    println!("  k   stays   leaks to");
    for k in 1..n / 2 {
        let wave: Vec<f64> =
            (0..n).map(|x| (TAU * f64::from(k * x) / f64::from(n) + 0.3).cos().max(0.0)).collect();
        let energies = spectrum.energies(&wave);
        let total: f64 = energies.iter().sum();
        let leaks: Vec<String> = graph
            .targets(k as usize)
            .filter(|&j| j != k as usize)
            .map(|j| format!("{}:{:.4}", spectrum.pieces()[j].label, energies[j] / total))
            .collect();
        println!("  {k:<3} {:.4}  {}", energies[k as usize] / total, leaks.join("  "));
        let outside: f64 =
            (0..energies.len()).filter(|&j| !graph.has_edge(k as usize, j)).map(|j| energies[j]).sum();
        assert!(outside < 1e-20, "energy outside of the interaction graph");
    }
    println!("No energy is found outside of the edges of the interaction graph.");
    Ok(())
}
