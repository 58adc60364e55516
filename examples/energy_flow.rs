//! How much energy an activation carries from one simple piece to another, in closed form: no network, no data, no
//! sampling. Prints the tables behind `docs/overtones.md`; with a directory as its argument it draws the pictures too.

use isotypic::action::grammar;
use isotypic::analysis::flow::RandomLayer;
use isotypic::analysis::overtones::phase_averaged_energies;
use isotypic::analysis::{EnergyFlow, FlowOptions, PointwiseFunction};
use isotypic::draw::Picture;
use isotypic::draw::plot::{Axis, Heatmap, Mark, Plot, Series, panels};
use isotypic::group::PermutationGroup;
use isotypic::harmonic::Frequencies;
use isotypic::representation::Decomposition;
use isotypic::{Error, Result};
use std::path::Path;
use std::sync::Arc;

fn main() -> Result<()> {
    let flows = [
        flow_table("C12", "points", PointwiseFunction::Relu)?,
        flow_table("C12", "points", PointwiseFunction::Softplus)?,
        flow_table("S5", "subsets:2", PointwiseFunction::Relu)?,
        flow_table("Q8", "points", PointwiseFunction::Relu)?,
    ];
    let waves = wave_table()?;
    let depths = [
        depth_table(PointwiseFunction::Relu)?,
        depth_table(PointwiseFunction::Softplus)?,
        depth_table(PointwiseFunction::Abs)?,
    ];
    if let Some(folder) = std::env::args().nth(1) {
        let folder = Path::new(&folder);
        save(folder, "flow_c12.svg", &panels("", &flows[..2], 2))?;
        save(folder, "flow_s5_q8.svg", &panels("", &flows[2..], 2))?;
        save(folder, "overtones_c8.svg", &waves)?;
        save(folder, "depth_c24.svg", &panels("", &depths, 3))?;
    }
    Ok(())
}

/// The transfer matrix, rows = source, for unit input energy.
fn flow_table(group: &str, on: &str, activation: PointwiseFunction) -> Result<Picture> {
    let set = grammar::parse(&Arc::new(PermutationGroup::parse(group)?), on)?;
    let decomposition = Decomposition::new(&set)?;
    let flow = EnergyFlow::new(&decomposition, activation, FlowOptions::default())?;
    let matrix = flow.matrix()?;
    let labels: Vec<String> = flow.pieces().iter().map(|piece| piece.label.clone()).collect();
    println!("{activation} on {on} of {group}: energy from row to column, unit energy in");
    println!("{:>9}{}", "", labels.iter().map(|label| format!("{label:>9}")).collect::<String>());
    for (label, row) in labels.iter().zip(&matrix) {
        let cells: String =
            row.iter().map(|&e| if e == 0.0 { format!("{:>9}", ".") } else { format!("{e:>9.5}") }).collect();
        println!("{label:>9}{cells}   sum {:.5}", row.iter().sum::<f64>());
    }
    println!();
    let mut map = Heatmap::new(&format!("{activation} on {on} of {group}"), matrix);
    map.description = "Expected output energy by piece for unit input energy on one piece.".into();
    (map.row_label, map.column_label) = ("from".into(), "to".into());
    map.range = Some((0.0, 0.5));
    (map.rows, map.columns) = (labels.clone(), labels);
    map.picture()
}

/// Edge weights out of frequency 1 of C_8 under softplus, by amplitude: smooth at small amplitude, ReLU at large.
fn wave_table() -> Result<Picture> {
    let targets = [0usize, 1, 2, 4];
    println!(
        "softplus(A cos) on C8: weight from frequency 1, by amplitude (minus softplus(0) on frequency 0)"
    );
    println!("{:>9}{}", "A", targets.map(|j| format!("{j:>12}")).concat());
    let mut curves = vec![Vec::new(); targets.len()];
    for step in 0..=24 {
        let amplitude = 2f64.powf(step as f64 / 2.0 - 3.0);
        let row = phase_averaged_energies(PointwiseFunction::Softplus, amplitude, 8, 1)?;
        let mut weights: Vec<f64> = targets.iter().map(|&j| row[j].sqrt()).collect();
        weights[0] -= 2f64.ln() / amplitude;
        for (curve, &weight) in curves.iter_mut().zip(&weights) {
            curve.push((amplitude, weight));
        }
        if step % 4 == 0 {
            println!("{amplitude:>9.3}{}", weights.iter().map(|w| format!("{w:>12.3e}")).collect::<String>());
        }
    }
    let relu = phase_averaged_energies(PointwiseFunction::Relu, 1.0, 8, 1)?;
    println!("{:>9}{}\n", "ReLU", targets.map(|j| format!("{:>12.3e}", relu[j].sqrt())).concat());
    let mut plot = Plot::new(
        "softplus(A cos) on C_{8}: edges out of frequency 1",
        Axis { log: true, ..Axis::new("amplitude A") },
        Axis { log: true, ..Axis::new("weight") },
    );
    plot.description =
        "Each overtone rises with a power of the amplitude until it reaches its ReLU value.".into();
    for ((target, curve), key) in targets.iter().zip(curves).zip(0..) {
        plot.series.push(Series::new(&format!("to {target}"), key, Mark::Line(curve)));
        plot.rules.push((relu[*target].sqrt(), String::new()));
    }
    plot.picture()
}

/// Energy by frequency along a deep random network on C_24 that starts at frequency 1: all-pass layers, means removed
/// and energy restored between activations.
fn depth_table(activation: PointwiseFunction) -> Result<Picture> {
    const DEPTH: usize = 8;
    let set = grammar::parse(&Arc::new(PermutationGroup::parse("C24")?), "points")?;
    let decomposition = Decomposition::new(&set)?;
    let flow = EnergyFlow::new(&decomposition, activation, FlowOptions::default())?;
    let pieces = flow.pieces().len();
    let mut start = vec![0.0; pieces];
    start[1] = 1.0;
    let layers = vec![RandomLayer::centred(pieces).rescaled(); DEPTH];
    let stages = flow.through(&start, &layers)?;
    let frequencies = Frequencies::new(&set, &decomposition)
        .ok_or_else(|| Error::inconsistent("frequencies", "a cycle has none"))?;
    println!("{activation}, {DEPTH} random layers on C24 from frequency 1: before each activation");
    println!("{:>9}{:>12}{:>12}{:>14}", "layer", "centroid", "at 1", "above 6");
    let mut plot = Plot::new(
        &format!("{activation}: energy by depth"),
        Axis::new("activations"),
        Axis { range: Some((0.0, 1.0)), ..Axis::new("share of energy") },
    );
    plot.width = 330.0;
    plot.description =
        format!("Shares of the frequencies of C24 before each of the activations ({activation}).");
    let bands = [("1", 1..2), ("2", 2..3), ("3 to 6", 3..7), ("7 to 12", 7..13)];
    let mut areas = vec![Vec::new(); bands.len()];
    for (depth, stage) in stages.iter().enumerate() {
        let energies = &stage.before;
        println!(
            "{depth:>9}{:>12.4}{:>12.4}{:>14.3e}",
            frequencies.centroid(energies).unwrap_or(0.0),
            energies[1],
            frequencies.fraction_above(energies, 6.0).unwrap_or(0.0),
        );
        for (area, (_, band)) in areas.iter_mut().zip(&bands) {
            area.push((depth as f64, energies[band.clone()].iter().sum()));
        }
    }
    println!();
    for ((area, (name, _)), key) in areas.into_iter().zip(&bands).zip(0..) {
        plot.series.push(Series::new(name, key, Mark::Area(area)));
    }
    plot.picture()
}

fn save(folder: &Path, name: &str, picture: &Picture) -> Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, picture.to_string()).map_err(|source| Error::io(&path, source))?;
    println!("wrote {}", path.display());
    Ok(())
}
