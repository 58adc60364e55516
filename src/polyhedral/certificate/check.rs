//! Checking certificates: exact numbers and the layers, nothing of the search.

use super::{Certificate, RegionProof, RowProof};
use crate::num::Rational;
use crate::polyhedral::{Domain, PiecewiseLinearMap};
use std::collections::HashSet;
use std::fmt;

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The region at fault, by its place; `None` for the list as a whole.
    pub region: Option<usize>,
    /// What does not hold.
    pub problem: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.region {
            Some(region) => write!(f, "region {}: {}", region + 1, self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

impl std::error::Error for Flaw {}

/// A row `a . x + c`, the constant last.
type Row = Vec<Rational>;

/// Checks a certificate against the layers of a map and the half-spaces of a domain.
///
/// Cost: `O(R F N d)` rational operations for `R` regions with `F` facets and `N` inequalities each.
///
/// # Errors
/// The first [`Flaw`].
pub fn check(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    certificate: &Certificate,
) -> std::result::Result<(), Flaw> {
    let whole = |problem: String| Flaw { region: None, problem };
    let border = domain.half_spaces(map.inputs()).map_err(|error| whole(error.to_string()))?;
    let border: Vec<Row> =
        border.into_iter().map(|row| row.into_iter().map(Rational::from).collect()).collect();
    if certificate.regions.is_empty() {
        return Err(whole("no region is listed".into()));
    }
    let distinct: HashSet<_> = certificate.regions.iter().map(|proof| &proof.pattern).collect();
    if distinct.len() != certificate.regions.len() {
        return Err(whole("a region is listed twice".into()));
    }
    let mut inequalities = Vec::with_capacity(certificate.regions.len());
    for (region, proof) in certificate.regions.iter().enumerate() {
        let rows = rows_of(map, &border, proof).map_err(|problem| Flaw { region: Some(region), problem })?;
        inequalities.push(rows);
    }
    for (region, proof) in certificate.regions.iter().enumerate() {
        check_region(proof, region, &inequalities, border.len())
            .map_err(|problem| Flaw { region: Some(region), problem })?;
    }
    Ok(())
}

/// The inequalities of a region: the domain's, then one per neuron, oriented to be positive inside.
fn rows_of(
    map: &PiecewiseLinearMap,
    border: &[Row],
    proof: &RegionProof,
) -> std::result::Result<Vec<Row>, String> {
    let d = map.inputs();
    if proof.pattern.neurons() != map.neurons() || proof.interior_point.len() != d {
        return Err("the pattern or the point does not fit the network".into());
    }
    // Every layer's activated outputs as affine maps of the input, beginning with the inputs themselves.
    let mut state: Vec<Row> =
        (0..d).map(|i| (0..=d).map(|j| Rational::from(i32::from(i == j))).collect()).collect();
    let mut rows = border.to_vec();
    let mut neuron = 0;
    for layer in 0..map.hidden_layers() {
        let mut next = Vec::new();
        for weights in map.rows(layer) {
            let mut form = vec![Rational::ZERO; d + 1];
            for (weight, input) in weights.iter().zip(&state) {
                form.iter_mut().zip(input).for_each(|(entry, value)| *entry += weight * value);
            }
            form[d] += &weights[state.len()];
            let active = proof.pattern.is_active(neuron);
            neuron += 1;
            let slope = if active { Rational::ONE } else { map.slope(layer).clone() };
            next.push(form.iter().map(|entry| entry * &slope).collect());
            if is_constant(&form) && active != (form[d] > Rational::ZERO) {
                return Err(format!("neuron {neuron} is constant and contradicts the pattern"));
            }
            let sign = Rational::from(if active { 1 } else { -1 });
            rows.push(form.iter().map(|entry| entry * &sign).collect());
        }
        state = next;
    }
    Ok(rows)
}

fn check_region(
    proof: &RegionProof,
    region: usize,
    inequalities: &[Vec<Row>],
    border: usize,
) -> std::result::Result<(), String> {
    let rows = &inequalities[region];
    if proof.rows.len() != rows.len() {
        return Err(format!("{} inequalities are proven of {}", proof.rows.len(), rows.len()));
    }
    for (i, (row, row_proof)) in rows.iter().zip(&proof.rows).enumerate() {
        let name = || format!("inequality {}", i + 1);
        if is_constant(row) {
            if *row_proof != RowProof::Constant {
                return Err(format!("{} is constant", name()));
            }
            continue;
        }
        if value(row, &proof.interior_point) <= Rational::ZERO {
            return Err(format!("the interior point violates {}", name()));
        }
        match row_proof {
            RowProof::Constant => return Err(format!("{} is not constant", name())),
            RowProof::Implied { terms, constant } => {
                check_combination(row, rows, &proof.rows, terms, constant)
                    .map_err(|problem| format!("{}: {problem}", name()))?;
            }
            RowProof::Facet { point, beyond } => {
                check_facet(i, rows, point).map_err(|problem| format!("{}: {problem}", name()))?;
                match beyond {
                    None if i < border => {}
                    None => return Err(format!("{} has nothing beyond but is not of the domain", name())),
                    Some(_) if i < border => return Err(format!("{} is of the domain", name())),
                    Some(other) => {
                        let beyond = inequalities.get(*other).filter(|_| *other != region);
                        if !beyond.is_some_and(|beyond| leads_into(beyond, point, row)) {
                            return Err(format!("the facet of {} does not lead where it says", name()));
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// The combination must be exact, non-negative, and made of inequalities with facets.
fn check_combination(
    row: &Row,
    rows: &[Row],
    proofs: &[RowProof],
    terms: &[(usize, Rational)],
    constant: &Rational,
) -> std::result::Result<(), String> {
    let d = row.len() - 1;
    let mut sum = vec![Rational::ZERO; d + 1];
    sum[d] += constant;
    for (index, factor) in terms {
        if !matches!(proofs.get(*index), Some(RowProof::Facet { .. })) {
            return Err("its proof uses an inequality without facet".into());
        }
        if *factor < Rational::ZERO {
            return Err("its proof has a negative factor".into());
        }
        sum.iter_mut().zip(&rows[*index]).for_each(|(entry, a)| *entry += factor * a);
    }
    if *constant < Rational::ZERO {
        return Err("its proof has a negative constant".into());
    }
    if sum == *row { Ok(()) } else { Err("it is not the combination that is claimed".into()) }
}

/// The point must be on the row, and strictly inside all others but those with the same half-space.
fn check_facet(place: usize, rows: &[Row], point: &[Rational]) -> std::result::Result<(), String> {
    let row = &rows[place];
    if point.len() + 1 != row.len() || !value(row, point).is_zero() {
        return Err("the point of its facet is not on it".into());
    }
    for other in rows.iter().filter(|other| !is_constant(other)) {
        if value(other, point) <= Rational::ZERO && !is_positive_multiple(other, row) {
            return Err("the point of its facet is not in the relative interior".into());
        }
    }
    Ok(())
}

/// Whether a step from the point against the row's normal leads into the interior of a region.
fn leads_into(beyond: &[Row], point: &[Rational], row: &Row) -> bool {
    beyond.iter().filter(|other| !is_constant(other)).all(|other| {
        let here = value(other, point);
        let d = point.len();
        let along = other[..d].iter().zip(row).fold(Rational::ZERO, |sum, (a, b)| sum - a * b);
        here > Rational::ZERO || (here.is_zero() && along > Rational::ZERO)
    })
}

fn is_constant(row: &Row) -> bool {
    row[..row.len() - 1].iter().all(Rational::is_zero)
}

fn value(row: &Row, point: &[Rational]) -> Rational {
    row.iter().zip(point).fold(row[point.len()].clone(), |sum, (a, x)| sum + a * x)
}

fn is_positive_multiple(row: &Row, of: &Row) -> bool {
    let Some(lead) = of.iter().position(|entry| !entry.is_zero()) else { return false };
    let factor = &row[lead] / &of[lead];
    factor > Rational::ZERO && row.iter().zip(of).all(|(a, b)| *a == b * &factor)
}
