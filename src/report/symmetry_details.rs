//! Further parts of a symmetry report: depth, strata, sub-networks, blocks and classes.

use crate::analysis::{Reach, Stratum, Subnetwork};
use crate::num::Natural;
use crate::representation::SimplePiece;
use crate::representation::character::ClassCharacters;
use serde::Serialize;
use std::fmt::Write;

/// Pieces of one row that are named in text.
const LONGEST_ROW: usize = 24;
/// Rows of a table in text.
const LONGEST_TABLE: usize = 60;

#[derive(Serialize)]
pub(super) struct ReachRow {
    sources: Vec<usize>,
    layers: Vec<Vec<usize>>,
    saturation: Option<usize>,
}

impl ReachRow {
    pub(super) fn new(reach: &Reach) -> Self {
        ReachRow {
            sources: reach.sources().to_vec(),
            layers: reach.layers().to_vec(),
            saturation: reach.saturation(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct StrataOfPiece {
    piece: usize,
    strata: Vec<StratumRow>,
}

#[derive(Serialize)]
struct StratumRow {
    stab_order: usize,
    line_stab_order: usize,
    stratum_dim: usize,
    hyperplanes: usize,
    chambers: Option<usize>,
    abs_out: Vec<usize>,
    abs_out_mult: Vec<usize>,
}

impl StrataOfPiece {
    pub(super) fn new(piece: usize, strata: &[Stratum]) -> Self {
        let row = |stratum: &Stratum| StratumRow {
            stab_order: stratum.stabilizer_order,
            line_stab_order: stratum.line_stabilizer_order,
            stratum_dim: stratum.dim,
            hyperplanes: stratum.hyperplanes,
            chambers: stratum.chambers,
            abs_out: reached(stratum),
            abs_out_mult: stratum.reached.clone(),
        };
        StrataOfPiece { piece, strata: strata.iter().map(row).collect() }
    }
}

fn reached(stratum: &Stratum) -> Vec<usize> {
    (0..stratum.reached.len()).filter(|&k| stratum.reached[k] > 0).collect()
}

#[derive(Serialize)]
pub(super) struct SubnetworkRow {
    normal_order: String,
    index: String,
    dim: usize,
    pieces: Vec<usize>,
}

impl SubnetworkRow {
    pub(super) fn new(network: &Subnetwork, order: &Natural) -> Self {
        SubnetworkRow {
            normal_order: network.normal_order.to_string(),
            index: (order / &network.normal_order).to_string(),
            dim: network.dim,
            pieces: network.pieces.clone(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ClassRow {
    representative: String,
    size: String,
    element_order: u64,
    fixed_points: usize,
    characters: Vec<f64>,
}

pub(super) fn class_rows(table: &ClassCharacters) -> Vec<ClassRow> {
    table
        .classes()
        .iter()
        .zip(table.fixed_points())
        .zip(table.characters())
        .map(|((class, &fixed_points), characters)| ClassRow {
            representative: class.representative.to_string(),
            size: class.size.to_string(),
            element_order: class.element_order,
            fixed_points,
            characters: characters.clone(),
        })
        .collect()
}

fn names(ids: &[usize], pieces: &[SimplePiece]) -> String {
    let mut names: Vec<&str> = ids.iter().take(LONGEST_ROW).map(|&id| pieces[id].label.as_str()).collect();
    let more = format!("... ({} in all)", ids.len());
    if ids.len() > LONGEST_ROW {
        names.push(&more);
    }
    names.join(" ")
}

/// The first rows of a table, and how many are left out.
fn table(title: &str, rows: impl ExactSizeIterator<Item = String>) -> String {
    let count = rows.len();
    let mut text = format!("\n{title}\n");
    rows.take(LONGEST_TABLE).for_each(|row| {
        text += row.trim_end();
        text.push('\n');
    });
    if count > LONGEST_TABLE {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "... and {} more (--format json lists all)", count - LONGEST_TABLE);
    }
    text
}

pub(super) fn reach_text(reach: &[Reach], pieces: &[SimplePiece]) -> String {
    let mut rows = Vec::new();
    for one in reach {
        rows.push(format!("from {}", names(one.sources(), pieces)));
        for (layer, present) in one.layers().iter().enumerate() {
            if layer > 0 && one.layers()[layer - 1] == *present {
                break;
            }
            rows.push(format!("  {:>3}  {}", layer + 1, names(present, pieces)));
        }
        if let Some(layer) = one.saturation() {
            rows.push(format!("       nothing new after {layer}"));
        }
    }
    table("layers  pieces that are present after so many activations", rows.into_iter())
}

pub(super) fn strata_text(strata: &[Vec<Stratum>], pieces: &[SimplePiece]) -> String {
    let rows: Vec<String> = strata
        .iter()
        .zip(pieces)
        .flat_map(|(list, piece)| {
            list.iter().map(|stratum| {
                format!(
                    "{:<10} {:>4} {:>11} {:>5} {:>7} {:>9}  {}",
                    piece.label,
                    stratum.dim,
                    stratum.stabilizer_order,
                    stratum.line_stabilizer_order,
                    stratum.hyperplanes,
                    stratum.chambers.map_or("-".into(), |n| n.to_string()),
                    names(&reached(stratum), pieces)
                )
            })
        })
        .collect();
    let head = format!(
        "{:<10} {:>4} {:>11} {:>5} {:>7} {:>9}  the even part feeds",
        "embeddings", "dim", "stabilizer", "line", "planes", "chambers"
    );
    table(&head, rows.into_iter())
}

pub(super) fn subnetworks_text(networks: &[Subnetwork], pieces: &[SimplePiece], order: &Natural) -> String {
    let rows = networks.iter().map(|network| {
        format!(
            "{:>16} {:>12} {:>6}  {}",
            network.normal_order.to_string(),
            (order / &network.normal_order).to_string(),
            network.dim,
            names(&network.pieces, pieces)
        )
    });
    let head = format!(
        "{:>16} {:>12} {:>6}  sub-network of the functions that N fixes",
        "order of N", "index", "dim"
    );
    table(&head, rows)
}

pub(super) fn blocks_text(blocks: &[usize]) -> String {
    if blocks.is_empty() {
        return "\nblocks  none: the action is primitive\n".into();
    }
    let sizes: Vec<String> = blocks.iter().map(usize::to_string).collect();
    format!("\nblocks  minimal systems with blocks of sizes {}\n", sizes.join(", "))
}

pub(super) fn classes_text(characters: &ClassCharacters, pieces: &[SimplePiece]) -> String {
    let rows = class_rows(characters);
    let lines = rows.iter().map(|row| {
        let values: Vec<String> = row.characters.iter().take(12).map(|&value| short(value)).collect();
        format!(
            "{:>5} {:>14} {:>6}  {}  {}",
            row.element_order,
            row.size,
            row.fixed_points,
            values.join(" "),
            row.representative
        )
    });
    let labels: Vec<String> = pieces.iter().take(12).map(|piece| format!("{:>7}", piece.label)).collect();
    let head = format!("{:>5} {:>14} {:>6}  {}  class of", "order", "elements", "fixed", labels.join(" "));
    table(&head, lines)
}

/// Seven places: integers as such.
fn short(value: f64) -> String {
    let rounded = value.round();
    if (value - rounded).abs() < 1e-9 { format!("{:>7}", rounded as i64) } else { format!("{value:>7.4}") }
}

pub(super) fn proof_remark(proof: &str) -> &'static str {
    match proof {
        "rounding" => {
            "integers were found by rounding floating-point numbers and meet all integer identities"
        }
        _ => "that no piece splits further rests on a random element of the algebra",
    }
}
