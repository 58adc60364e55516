//! Smooth activations through the simple pieces: what every half-linear function has in common, and what the
//! temperature changes. Prints tables, and draws edge weights, graphs and leakage as SVG files.
//!
//! Run with `cargo run --release --example smooth_max [FOLDER]`; the pictures go to FOLDER (here by default).

use isotypic::action::GSet;
use isotypic::analysis::smooth::filtration::{filtered_graph, slope_between, softplus_slope};
use isotypic::analysis::smooth::half_identity::HalfIdentityOptions;
use isotypic::analysis::smooth::harmonics::{decay_law, measured_decay};
use isotypic::analysis::smooth::leakage::{LeakageOptions, leakage};
use isotypic::analysis::smooth::sampling::{samples_for_tolerance, sampling_error};
use isotypic::analysis::smooth::temperature::cyclic_weights;
use isotypic::draw::plot::{Axis, Heatmap, Mark, Plot, Series, panels};
use isotypic::group::PermutationGroup;
use isotypic::io::write_atomically;
use isotypic::network::SmoothActivation;
use isotypic::report::findings::Findings;
use isotypic::report::smooth::IdentityReport;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn main() -> isotypic::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    half_identity_table(&folder)?;
    filtration(&folder)?;
    graphs(&folder)?;
    leakage_by_depth(&folder)?;
    decay_and_sampling()
}

fn half_identity_table(folder: &Path) -> isotypic::Result<()> {
    let mut sets = Vec::new();
    for name in ["C6", "C7", "C8", "C12", "D3", "D4", "Q8"] {
        sets.push((name.to_owned(), GSet::regular(&Arc::new(PermutationGroup::parse(name)?))?));
    }
    let mut functions = Vec::new();
    for name in ["relu", "softplus:2", "silu:2", "tanh"] {
        functions.push(SmoothActivation::parse(name)?);
    }
    let report = IdentityReport::new(&sets, &functions, HalfIdentityOptions::default(), &mut |_, _| {})?;
    println!("{}", report.text());
    write_atomically(&folder.join("smooth_half_identity.svg"), report.picture()?.to_string().as_bytes())
}

fn filtration(folder: &Path) -> isotypic::Result<()> {
    println!("\nC_16 filtered by smoothing: order in alpha of the edges from frequency 1");
    for edge in filtered_graph(16).iter().filter(|edge| edge.from == 1) {
        println!("  1 -> {}   harmonic {}   alpha^{}", edge.to, edge.harmonic, edge.order);
    }
    println!("slopes of log weight against log alpha, softplus");
    for h in [2, 4, 6, 8] {
        let transform = slope_between(SmoothActivation::Softplus { alpha: 1.0 }, h, 0.1, 0.05);
        println!(
            "  harmonic {h}: {transform:.5} between 0.1 and 0.05, {:.5} towards 0",
            softplus_slope(h, 0.002, 0.001)
        );
    }
    let scales: Vec<f64> = (0..=48).map(|i| 0.05 * 2f64.powf(f64::from(i) * 0.25)).collect();
    let mut x = Axis::new("alpha times amplitude");
    x.log = true;
    let mut y = Axis::new("weight / amplitude");
    y.log = true;
    y.range = Some((1e-12, 1.0));
    let mut plot = Plot::new("Edges of C16 from frequency 1, softplus", x, y);
    for (key, to) in [2, 4, 6, 8].into_iter().enumerate() {
        let weight = |scale: f64| {
            cyclic_weights(16, SmoothActivation::Softplus { alpha: scale }, 1.0).map(|w| w[1][to])
        };
        let points = scales.iter().map(|&s| Ok((s, weight(s)?))).collect::<isotypic::Result<Vec<_>>>()?;
        plot.series.push(Series::new(&format!("1 -> {to}: slope {}", to - 1), key, Mark::Line(points)));
        let relu = cyclic_weights(16, SmoothActivation::Relu, 1.0)?[1][to];
        plot.series.push(Series::new("", key, Mark::Dashed(vec![(scales[0], relu), (scales[48], relu)])));
    }
    plot.description = "Dashed: ReLU.".into();
    write_atomically(&folder.join("smooth_weights.svg"), plot.picture()?.to_string().as_bytes())
}

fn graphs(folder: &Path) -> isotypic::Result<()> {
    println!("\nweights of C_8 from frequency 1");
    let mut pictures = Vec::new();
    for text in ["softplus:0.25", "softplus:1", "softplus:4", "softplus:16", "softplus:64", "relu"] {
        let weights = cyclic_weights(8, SmoothActivation::parse(text)?, 1.0)?;
        let row: Vec<String> = weights[1].iter().map(|w| format!("{w:.5}")).collect();
        println!("  {text:<14} {}", row.join("  "));
        let mut map = Heatmap::new(text, weights);
        map.rows = (0..5).map(|k| k.to_string()).collect();
        map.columns = map.rows.clone();
        map.range = Some((0.0, 0.8));
        pictures.push(map.picture()?);
    }
    let strip = panels("Interaction graph of C8 as the activation sharpens", &pictures, 3);
    write_atomically(&folder.join("smooth_graphs.svg"), strip.to_string().as_bytes())
}

fn leakage_by_depth(folder: &Path) -> isotypic::Result<()> {
    println!("\nC_64, six layers: energy on frequency 1 and from frequency 9 on");
    let mut y = Axis::new("energy fraction from frequency 9 on");
    y.log = true;
    y.range = Some((1e-9, 1.0));
    let mut plot = Plot::new("Leakage to high frequencies", Axis::new("layer"), y);
    for (key, text) in
        ["abs", "relu", "softplus:16", "softplus:4", "softplus:2", "softplus:1"].into_iter().enumerate()
    {
        let rows = leakage(SmoothActivation::parse(text)?, LeakageOptions::default(), &mut |_, _| {})?;
        let last = rows[rows.len() - 1];
        println!(
            "  {text:<12} {:.4}  {:.2e}   after one layer {:.4}",
            last.fraction_first, last.fraction_high, rows[0].fraction_first
        );
        let points = rows.iter().map(|row| (row.layer as f64, row.fraction_high)).collect();
        plot.series.push(Series::new(text, key, Mark::Dotted(points)));
    }
    write_atomically(&folder.join("smooth_leakage.svg"), plot.picture()?.to_string().as_bytes())
}

fn decay_and_sampling() -> isotypic::Result<()> {
    println!("\ndecay of harmonics: fitted rate and law");
    for text in ["softplus:1", "silu:1", "root:1"] {
        let f = SmoothActivation::parse(text)?;
        for amplitude in [2.0, 5.0, 10.0] {
            if let (Some(fitted), Some((law, _))) = (measured_decay(f, amplitude), decay_law(f, amplitude)) {
                println!("  {text:<11} amplitude {amplitude:>4}   {fitted:.6}   {law:.6}");
            }
        }
    }
    println!("\nsamples per turn that a Fourier-pointwise layer needs: amplitude 2, band 3");
    for (text, scale) in [("relu", 2.0), ("softplus:1", 2.0), ("softplus:4", 8.0), ("silu:1", 2.0)] {
        let f = SmoothActivation::parse(text)?;
        let errors: Vec<String> =
            [8, 16, 32, 64].iter().map(|&n| format!("{:.1e}", sampling_error(f, 2.0, 3, n))).collect();
        let needed = samples_for_tolerance(f, scale, 3, 1e-4)?;
        println!(
            "  {text:<11} error at 8, 16, 32, 64: {}   for 1e-4 of the amplitude: {needed}",
            errors.join("  ")
        );
    }
    Ok(())
}
