//! Teacher and student: where the averaged equations of back-propagation are exact, what a linear layer loses, and
//! how few samples a student needs that shares weights. Prints tables, and draws them as SVG files.
//!
//! Run with `cargo run --release --example teacher_student [FOLDER]`; the pictures go to FOLDER (here by default).

use isotypic::action::GSet;
use isotypic::analysis::GroupTable;
use isotypic::analysis::teacher::defects::defects;
use isotypic::analysis::teacher::enumerate::Enumeration;
use isotypic::analysis::teacher::examples::{TreeKind, random_tree};
use isotypic::analysis::teacher::linear::{
    assignments, indicator_features, linear_loss, linear_loss_by_piece,
};
use isotypic::analysis::teacher::orbit::{OrbitHypotheses, cyclic_tree, orbit_reduce};
use isotypic::analysis::teacher::polytope::{construct_identity, relu_loss, vertices};
use isotypic::analysis::teacher::reformulate::reformulate;
use isotypic::analysis::teacher::specialize::{OutputKind, SpecializationOptions, specialize};
use isotypic::draw::plot::{Axis, Heatmap, Mark, Plot, Series};
use isotypic::group::PermutationGroup;
use isotypic::io::write_atomically;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn quiet(_: usize, _: usize) {}

fn main() -> isotypic::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    trees(&folder)?;
    linear_against_relu(&folder)?;
    orbits(&folder)?;
    samples(&folder)?;
    shifts(&folder)
}

fn trees(folder: &Path) -> isotypic::Result<()> {
    println!(
        "trees: defects (focus, broadness, decorrelation, covariance) and errors (F, G, dW, dW with covariance)"
    );
    let names = ["focus", "broadness", "decorrelation", "covariance", "F", "G", "dW", "dW mended"];
    let mut rows = Vec::new();
    for kind in TreeKind::ALL {
        let (tree, student) = random_tree(kind, 5);
        let exact = Enumeration::new(&tree, &student);
        let (d, e) = (defects(&tree, &exact), reformulate(&tree, &student, &exact));
        let worst = |f: &dyn Fn(usize) -> f64| (0..tree.units()).map(f).fold(0.0, f64::max);
        let row = vec![
            worst(&|u| d[u].focus),
            worst(&|u| d[u].broadness),
            worst(&|u| d[u].decorrelation_forward.max(d[u].decorrelation_backward)),
            worst(&|u| d[u].covariance),
            worst(&|u| e[u].forward),
            worst(&|u| e[u].backward),
            worst(&|u| e[u].update),
            worst(&|u| e[u].update_with_covariance),
        ];
        let shown: Vec<String> = row.iter().map(|v| format!("{v:8.1e}")).collect();
        println!("  {:<27} {}", kind.name(), shown.join(" "));
        // Rounding is drawn as zero.
        rows.push(row.into_iter().map(|v| if v < 1e-10 { 0.0 } else { v }).collect());
    }
    let mut map = Heatmap::new("Defects and errors of the averaged equations", rows);
    map.rows = TreeKind::ALL.iter().map(|kind| kind.name().replace('_', " ")).collect();
    map.columns = names.map(String::from).to_vec();
    map.range = Some((0.0, 2.0));
    write_atomically(&folder.join("teacher_trees.svg"), map.picture()?.to_string().as_bytes())
}

fn linear_against_relu(folder: &Path) -> isotypic::Result<()> {
    println!("\nbinary leaves seen one by one: vertices, linear loss, ReLU loss");
    for leaves in 2..=4 {
        let features = indicator_features(leaves, 2, &(0..leaves).map(|i| vec![i]).collect::<Vec<_>>());
        let all = vertices(&features).iter().filter(|v| **v).count();
        let relu = construct_identity(&features).map(|(w, b)| relu_loss(&features, &w, &b));
        println!(
            "  {leaves} leaves: {all} of {} rows, linear {:.6}, ReLU {:.1e}",
            1 << leaves,
            linear_loss(&features),
            relu.unwrap_or(f64::NAN)
        );
    }
    println!("four leaves on a cycle: what linear features capture of each frequency");
    let events = assignments(&GSet::points(&Arc::new(PermutationGroup::parse("C4")?)), 2)?;
    let single = indicator_features(4, 2, &(0..4).map(|i| vec![i]).collect::<Vec<_>>());
    let pairs = indicator_features(4, 2, &(0..4).map(|i| vec![i, (i + 1) % 4]).collect::<Vec<_>>());
    let (single, pairs) = (linear_loss_by_piece(&events, &single)?, linear_loss_by_piece(&events, &pairs)?);
    for (a, b) in single.iter().zip(&pairs) {
        println!(
            "  frequency {}: dimension {}, single leaves {}, neighbouring pairs {}",
            a.label, a.dim, a.rank, b.rank
        );
    }
    let mut plot =
        Plot::new("Events of four binary leaves on a cycle", Axis::new("frequency"), Axis::new("dimension"));
    plot.x.names = single.iter().map(|row| row.label.clone()).collect();
    plot.series.push(Series::new("all", 0, Mark::Bars(single.iter().map(|row| row.dim as f64).collect())));
    plot.series.push(Series::new("pairs", 1, Mark::Bars(pairs.iter().map(|row| row.rank as f64).collect())));
    plot.series.push(Series::new(
        "single",
        2,
        Mark::Bars(single.iter().map(|row| row.rank as f64).collect()),
    ));
    write_atomically(&folder.join("teacher_linear.svg"), plot.picture()?.to_string().as_bytes())
}

fn orbits(folder: &Path) -> isotypic::Result<()> {
    println!(
        "\norbit reduction on a cycle of four: spread of F, G~, dW along orbits, defect of the shared gradient"
    );
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    let all = OrbitHypotheses { shared_weights: true, invariant_distribution: true, invariant_label: true };
    for (name, hypotheses) in [
        ("all hypotheses", all),
        ("weights not shared", OrbitHypotheses { shared_weights: false, ..all }),
        ("distribution not invariant", OrbitHypotheses { invariant_distribution: false, ..all }),
        ("label not invariant", OrbitHypotheses { invariant_label: false, ..all }),
    ] {
        let (tree, student, rotation) = cyclic_tree(4, hypotheses, 2);
        let r = orbit_reduce(&tree, &Enumeration::new(&tree, &student), &rotation);
        let row = vec![
            r.activation_spread,
            r.gradient_spread,
            r.update_spread.max(r.root_update_spread),
            r.shared_gradient_defect,
        ];
        let shown: Vec<String> = row.iter().map(|v| format!("{v:8.1e}")).collect();
        println!("  {name:<27} {}", shown.join(" "));
        names.push(name.to_string());
        rows.push(row.into_iter().map(|v| if v < 1e-10 { 0.0 } else { v }).collect());
    }
    let mut map = Heatmap::new("Spread along orbits", rows);
    map.rows = names;
    map.columns = ["F", "G", "dW", "shared gradient"].map(String::from).to_vec();
    map.range = Some((0.0, 4.0));
    write_atomically(&folder.join("teacher_orbits.svg"), map.picture()?.to_string().as_bytes())
}

fn samples(folder: &Path) -> isotypic::Result<()> {
    println!(
        "\nspecialisation on C_8, student of twice the width: teacher nodes found, error on fresh samples"
    );
    let mut x = Axis::new("training samples");
    x.log = true;
    let mut plot = Plot::new("Teacher nodes with a student node of their own", x, Axis::new("fraction"));
    for (key, (shared, sizes, runs)) in
        [(true, &[12, 25, 50, 200][..], 4), (false, &[50, 200, 400, 800][..], 1)].into_iter().enumerate()
    {
        let mut points = Vec::new();
        for &size in sizes {
            let mut options = SpecializationOptions::new(GroupTable::Cyclic(8), size, shared);
            options.runs = runs;
            let report = specialize(&options, &mut quiet)?;
            println!(
                "  {} weights ({:>4} parameters), {size:>4} samples: {:>4.0}%   {:.1e}",
                if shared { "shared" } else { "free  " },
                report.parameters,
                100.0 * report.specialized,
                report.relative_error
            );
            points.push((size as f64, report.specialized));
        }
        plot.series.push(Series::new(
            if shared { "shared weights" } else { "free weights" },
            key,
            Mark::Dotted(points),
        ));
    }
    write_atomically(&folder.join("teacher_samples.svg"), plot.picture()?.to_string().as_bytes())
}

fn shifts(folder: &Path) -> isotypic::Result<()> {
    let mut options = SpecializationOptions::new(GroupTable::Cyclic(8), 800, true);
    options.output = OutputKind::Invariant;
    options.runs = 2;
    let report = specialize(&options, &mut quiet)?;
    println!(
        "\ninvariant output: found at some shift {:.0}%, at the identity {:.0}%",
        100.0 * report.specialized,
        100.0 * report.specialized_at_identity
    );
    let matches = &report.matches[0];
    for m in matches {
        println!(
            "  teacher {} = student {} shifted by {}   {:.4}, at the identity {:.4}",
            m.teacher, m.student, m.shift, m.correlation, m.correlation_at_identity
        );
    }
    let values = matches.iter().map(|m| m.by_channel.clone()).collect();
    let mut map = Heatmap::new("Correlation of teacher and student channels, best over all shifts", values);
    map.rows = matches.iter().map(|m| format!("teacher {}", m.teacher)).collect();
    map.columns = (0..matches[0].by_channel.len()).map(|channel| channel.to_string()).collect();
    map.column_label = "student channel".into();
    map.range = Some((0.0, 1.0));
    write_atomically(&folder.join("teacher_match.svg"), map.picture()?.to_string().as_bytes())
}
