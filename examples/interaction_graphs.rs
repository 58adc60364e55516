//! Interaction graphs of ReLU for the cyclic group C_8 and its relatives, printed and drawn as SVG files.
//!
//! Run with `cargo run --release --example interaction_graphs [FOLDER]`; the pictures go to FOLDER (here by default).

use isotypic::action::grammar;
use isotypic::analysis::{InteractionGraph, PointwiseFunction};
use isotypic::group::PermutationGroup;
use isotypic::io::write_atomically;
use isotypic::report::symmetry::{SymmetryReport, picture};
use isotypic::representation::Decomposition;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> isotypic::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    for (group, on, file) in [
        ("C8", "points", "graph_c8.svg"),
        ("C12", "points", "graph_c12.svg"),
        ("C4^2", "points", "graph_torus4.svg"),
        ("D4", "regular", "graph_d4.svg"),
        ("Q8", "regular", "graph_q8.svg"),
        ("S4", "regular", "graph_s4.svg"),
        ("S5", "subsets:2", "graph_s5_pairs.svg"),
    ] {
        let set = grammar::parse(&Arc::new(PermutationGroup::parse(group)?), on)?;
        let decomposition = Decomposition::new(&set)?;
        let relu = PointwiseFunction::Relu;
        let graph = InteractionGraph::of_decomposition(&decomposition, relu, false)?;
        let report = SymmetryReport::of_graph(&set, &decomposition, &graph, relu, false);
        write_atomically(&folder.join(file), picture(&report, &graph, false)?.to_string().as_bytes())?;
        println!("{}-> {}\n", report.text(), file);
    }
    Ok(())
}
