//! The cells from which the search starts: the domain, cut until no cell contains a line.

use super::exact_path::Source;
use super::problem::Problem;
use crate::error::Result;
use crate::num::Integer;
use crate::polyhedral::plain::{Cone, Split, domain_cell};

/// A cell without lines, given exactly.
#[derive(Default)]
pub(in crate::polyhedral) struct RootCell {
    /// Where each row of the cell comes from.
    pub(in crate::polyhedral) sources: Vec<Source>,
    /// The extreme rays as primitive integer vectors, and the rows that vanish on each.
    pub(in crate::polyhedral) rays: Vec<(Vec<Integer>, Vec<usize>)>,
}

/// Cuts the domain by neurons of the first layer that cross its lines: every such neuron splits every cell that still
/// has a line crossing it, so this makes at most `2^d` cells, each of which holds a region.
///
/// # Errors
/// As [`domain_cell`].
pub(in crate::polyhedral) fn root_cells(problem: &Problem) -> Result<Vec<RootCell>> {
    let cone = domain_cell(problem.map.inputs(), &problem.border)?;
    let mut sources = vec![Source::Infinity];
    for row in cone.rows().iter().skip(1) {
        let index =
            problem.border.iter().position(|border| border == row).expect("rows come from the border");
        sources.push(Source::Border(index as u32));
    }
    let mut done = Vec::new();
    cut_lines(problem, cone, sources, &mut done);
    Ok(done)
}

fn cut_lines(problem: &Problem, cone: Cone, sources: Vec<Source>, done: &mut Vec<RootCell>) {
    let first = if problem.layers.is_empty() { &[][..] } else { &problem.map.integer_layer(0).rows };
    let crossing = first.iter().position(|row| cone.has_line_across(row));
    if let Some(neuron) = crossing
        && let Split::Both(parts) = cone.split(&first[neuron])
    {
        let (positive, negative) = *parts;
        for part in [positive, negative] {
            let sources = sources.iter().copied().chain([Source::Neuron(0, neuron as u32)]).collect();
            cut_lines(problem, part, sources, done);
        }
        return;
    }
    done.push(RootCell { sources, rays: cone.into_rays() });
}
