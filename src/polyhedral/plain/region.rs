//! From a finished cell to a region with facets, vertices and affine piece.

use super::cone::{Cone, Ray};
use crate::num::Integer;
use crate::polyhedral::domain::value_at;
use crate::polyhedral::forms::LayerForms;
use crate::polyhedral::{ActivationPattern, Facet, Region};
use fixedbitset::FixedBitSet;

/// Reads a region off its cone. `border` counts the rows of the domain; `forms` are those of all layers, the output
/// layer last; `bits` are those of all neurons.
pub(super) fn region_of(
    cell: &Cone,
    border: usize,
    forms: &[LayerForms],
    bits: Vec<bool>,
    dimension: usize,
) -> Region {
    let (outputs, hidden) = forms.split_last().expect("there is an output layer");
    let neurons: Vec<&Vec<Integer>> = hidden.iter().flat_map(|layer| &layer.rows).collect();
    let mut vertices = Vec::new();
    let mut rays = Vec::new();
    for ray in &cell.rays {
        if ray.direction[dimension].is_zero() {
            rays.push(ray.direction[..dimension].to_vec());
        } else {
            vertices.push(Cone::point_between(std::iter::once(ray), dimension));
        }
    }
    Region {
        pattern: ActivationPattern::from_bits(bits),
        interior_point: Cone::point_between(cell.rays.iter(), dimension),
        facets: facets(cell, border, &neurons, dimension),
        vertices,
        rays,
        lines: cell.lines.iter().map(|line| line[..dimension].to_vec()).collect(),
        affine: outputs.affine_piece(),
    }
}

/// The rows whose faces are maximal: every proper face lies in a facet, and every facet is the face of some row.
fn facets(cell: &Cone, border: usize, neurons: &[&Vec<Integer>], dimension: usize) -> Vec<Facet> {
    let on_row: Vec<FixedBitSet> = (0..cell.rows.len())
        .map(|row| {
            let mut on = FixedBitSet::with_capacity(cell.rays.len());
            on.extend(
                cell.rays.iter().enumerate().filter(|(_, ray)| ray.tight.contains(row)).map(|(r, _)| r),
            );
            on
        })
        .collect();
    // Row 0 is the hyperplane at infinity, so a face inside it has no finite point.
    (1..cell.rows.len())
        .filter(|&row| !on_row.iter().enumerate().any(|(other, on)| hides(on, other, &on_row[row], row)))
        .map(|row| {
            let members: Vec<&Ray> = on_row[row].ones().map(|r| &cell.rays[r]).collect();
            let point = Cone::point_between(members.iter().copied(), dimension);
            let on_border = row <= border;
            let vanishing =
                |form: &[Integer]| form.iter().any(|entry| !entry.is_zero()) && vanishes_on(form, &members);
            let touching = if on_border {
                Vec::new()
            } else {
                (0..neurons.len()).filter(|&neuron| vanishing(neurons[neuron])).collect()
            };
            debug_assert!(value_at(&cell.rows[row], &point).is_zero());
            Facet {
                half_space: cell.rows[row].clone(),
                border: on_border,
                neurons: touching,
                interior_point: point,
            }
        })
        .collect()
}

/// Whether the face of `other` makes that of `row` superfluous: it contains it properly, or is the same and comes first.
fn hides(on_other: &FixedBitSet, other: usize, on_row: &FixedBitSet, row: usize) -> bool {
    other != row && on_row.is_subset(on_other) && (other < row || on_other != on_row)
}

fn vanishes_on(form: &[Integer], rays: &[&Ray]) -> bool {
    rays.iter().all(|ray| {
        let value: Integer = form.iter().zip(&ray.direction).map(|(a, x)| a * x).sum();
        value.is_zero()
    })
}
