//! Reversing layers: random ones against their exact laws, and a trained one. Prints tables, and draws the laws as
//! SVG files.
//!
//! Run with `cargo run --release --example reversal [FOLDER]`; the pictures go to FOLDER (here by default).

use isotypic::analysis::GroupTable;
use isotypic::analysis::reverse::Generative;
use isotypic::analysis::reverse::experiment::{LayerKind, ReverseOptions, Support, run};
use isotypic::analysis::reverse::half_linear::{HalfLinearOptions, half_linear_reversal};
use isotypic::analysis::reverse::isotypic::{IsotypicOptions, isotypic_law};
use isotypic::analysis::reverse::likeness::network_likeness;
use isotypic::analysis::reverse::network::{ReverseRule, equivariance_violation, reverse};
use isotypic::analysis::reverse::stacked::{StackedOptions, stacked};
use isotypic::analysis::{NetworkSymmetry, SymmetryQuestion};
use isotypic::draw::plot::{Axis, Heatmap, Mark, Plot, Series};
use isotypic::group::PermutationGroup;
use isotypic::io::{read_network, write_atomically};
use isotypic::network::SmoothActivation;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn quiet(_: usize, _: usize) {}

fn main() -> isotypic::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    errors(&folder)?;
    pieces(&folder)?;
    activations()?;
    two_layers()?;
    trained(&folder)
}

fn errors(folder: &Path) -> isotypic::Result<()> {
    println!(
        "eight of 256 hidden units, t visible ones: relative error after the soft threshold, and its law"
    );
    println!(
        "  {:>6}  {:>8}  {:>10}  {:>8}  {:>8}  {:>9}",
        "t", "law", "found", "iid", "C64 conv", "linear/law"
    );
    let (mut x, mut y) = (Axis::new("kept visible units t"), Axis::new("relative error"));
    (x.log, y.log) = (true, true);
    let mut plot = Plot::new("Reversal of a random layer", x, y);
    let (mut law, mut iid, mut conv) = (vec![], vec![], vec![]);
    for channels in [8, 16, 32, 64] {
        let options = |layer| -> isotypic::Result<ReverseOptions> {
            Ok(ReverseOptions {
                layer,
                model: Generative::relu(1.0)?,
                sparsity: 8,
                support: Support::Random,
                centred: false,
                trials: 40,
                seed: 1,
            })
        };
        let visible = channels * 64;
        let a = run(&options(LayerKind::Iid { visible, hidden: 256 })?, &mut quiet)?;
        let convolution = LayerKind::Convolution {
            group: GroupTable::Cyclic(64),
            visible_channels: channels,
            hidden_channels: 4,
        };
        let b = run(&options(convolution)?, &mut quiet)?;
        println!(
            "  {visible:>6}  {:>8.4}  {:>9.0}%  {:>8.4}  {:>8.4}  {:>9.3}",
            a.predicted_soft,
            100.0 * a.support_found,
            a.soft,
            b.soft,
            a.linear / a.exact_linear
        );
        law.push((a.kept, a.predicted_soft));
        iid.push((a.kept, a.soft));
        conv.push((a.kept, b.soft));
    }
    plot.series.push(Series::new("law", 0, Mark::Line(law)));
    plot.series.push(Series::new("independent weights", 1, Mark::Dots(iid)));
    plot.series.push(Series::new("convolution on C64", 2, Mark::Dots(conv)));
    write_atomically(&folder.join("reversal_error.svg"), plot.picture()?.to_string().as_bytes())
}

fn pieces(folder: &Path) -> isotypic::Result<()> {
    println!("\nrandom convolutions, four channels to two: error in each simple piece, and the isotypic law");
    let (mut names, mut law, mut measured) = (vec![], vec![], vec![]);
    for (name, seed) in [("C8", 2), ("D4", 3), ("Q8", 4)] {
        let options = IsotypicOptions { visible_channels: 4, hidden_channels: 2, trials: 1000, seed };
        for row in isotypic_law(&Arc::new(PermutationGroup::parse(name)?), options, &mut quiet)? {
            println!(
                "  {name:<3} {:<3} dim {} End {}   {:.4} +- {:.4}   law {:.4}",
                row.label, row.dim, row.endomorphism_dim, row.measured, row.standard_error, row.predicted
            );
            names.push(format!("{name}:{}", row.label));
            law.push(row.predicted);
            measured.push(row.measured);
        }
    }
    let mut plot =
        Plot::new("Reversal error by simple piece", Axis::new("piece"), Axis::new("squared error"));
    plot.x.names = names;
    plot.series.push(Series::new("law", 0, Mark::Bars(law)));
    plot.series.push(Series::new("measured", 1, Mark::Bars(measured)));
    plot.width = 720.0;
    write_atomically(&folder.join("reversal_pieces.svg"), plot.picture()?.to_string().as_bytes())
}

fn activations() -> isotypic::Result<()> {
    println!("\ngain of the reversal (1 is unbiased) and factor of centring, measured and predicted");
    for keep in [1.0, 0.5] {
        for text in ["relu", "softplus:2", "silu:2", "root:1", "gelu:1", "tanh"] {
            let options =
                HalfLinearOptions { visible: 1024, hidden: 64, sparsity: 4, keep, trials: 150, seed: 3 };
            let r = half_linear_reversal(SmoothActivation::parse(text)?, options, &mut quiet)?;
            println!(
                "  keep {keep:<4} {text:<11} gain {:.3} +- {:.3} ({:.3})   centring {:.3} ({:.3})",
                r.gain, r.gain_standard_error, r.predicted_gain, r.centring_factor, r.predicted_factor
            );
        }
    }
    Ok(())
}

fn two_layers() -> isotypic::Result<()> {
    let options = StackedOptions {
        visible: 2048,
        middle: 2048,
        top: 256,
        sparsity: 4,
        keep_visible: 1.0,
        keep_middle: 1.0,
        middle_threshold: 0.0,
        trials: 8,
        seed: 3,
    };
    let report = stacked(options, &mut quiet)?;
    println!(
        "\ntwo layers 256 -> 2048 -> 2048: error of the middle layer {:.2}, of the top layer {:.2}, support found {:.0}%",
        report.middle_error,
        report.top_hard,
        100.0 * report.support_found
    );
    Ok(())
}

fn trained(folder: &Path) -> isotypic::Result<()> {
    let network = read_network(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/elnino_c12_wide.onnx"))?;
    let symmetry = NetworkSymmetry::new(&network, &SymmetryQuestion::on_points("C12"))?;
    let actions = symmetry.layer_actions()?;
    println!("\na network trained on sea-surface temperatures, by months (C_12)");
    for rule in [ReverseRule::Adjoint, ReverseRule::Deconvolution] {
        let violation = equivariance_violation(&network, &actions.input, rule, 5, 1)?;
        println!("  {rule:?} reversal: equivariance violated by {violation:.1e}");
    }
    for (layer, pieces) in network_likeness(&network, &actions)?.iter().enumerate() {
        println!(
            "  layer {}: gain by frequency, and the fraction of its spectrum where a random layer has it",
            layer + 1
        );
        for piece in pieces {
            let inside = piece.fraction_inside.map_or("-".into(), |f| format!("{:.0}%", 100.0 * f));
            println!("    {:<3} {:.3}   {inside}", piece.label, piece.relative_gain);
        }
    }
    let january: Vec<f64> = (0..12)
        .map(|month| ((std::f64::consts::TAU * f64::from(month) / 12.0).cos() * 1e12).round() / 1e12 + 0.0)
        .collect();
    let values = vec![
        january.clone(),
        network.evaluate(&january),
        reverse(&network, &january, ReverseRule::Adjoint),
        reverse(&network, &january, ReverseRule::Deconvolution),
    ];
    let values = values.into_iter().filter(|row| row.len() == 12).collect::<Vec<_>>();
    let mut map = Heatmap::new("A seasonal wave, sent through the network and back", values);
    map.signed = true;
    map.rows = ["input", "output", "adjoint", "deconvolution"].map(String::from)[..map.values.len()].to_vec();
    map.columns = (1..=12).map(|month| month.to_string()).collect();
    map.column_label = "month".into();
    write_atomically(&folder.join("reversal_strip.svg"), map.picture()?.to_string().as_bytes())
}
