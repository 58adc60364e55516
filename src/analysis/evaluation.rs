//! Networks and three-layer forms on tables of inputs.

use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, exact, nearest_f64};
use crate::shallow::{Boundary, OrbitEvaluator, OrbitForm, OrbitLayers, PatternLookup, ThreeLayers};
use rayon::prelude::*;

/// How a form is evaluated.
#[derive(Clone, Copy, Debug)]
pub enum Mode<'a> {
    /// The region that owns the point is looked up, then its affine piece is evaluated.
    Lookup,
    /// As [`Lookup`](Mode::Lookup), through the patterns of the network that the form was made from.
    LookupWith(&'a Network),
    /// The three layers as they stand, in rational arithmetic; results are rounded to nearest.
    Layers,
}

/// The outputs of a network, row by row.
pub fn evaluate_network(network: &Network, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    rows.iter().map(|row| network.evaluate(row)).collect()
}

/// The outputs of a form, row by row; `table` names the rows in messages.
///
/// # Errors
/// [`Error::Input`] that names the first row outside the domain; [`Error::Shape`] where a network is not that of the form.
pub fn evaluate_form(
    form: &OrbitForm,
    rows: &[Vec<f64>],
    mode: Mode<'_>,
    table: &str,
) -> Result<Vec<Vec<f64>>> {
    match mode {
        Mode::Lookup => {
            let at = OrbitEvaluator::new(form)?;
            each(rows, table, |row| at.evaluate_f64(row))
        }
        Mode::LookupWith(network) => {
            let at = PatternLookup::new(form, network)?;
            each(rows, table, |row| at.evaluate(row))
        }
        Mode::Layers if form.boundary() == Boundary::Faces => {
            let expanded = form.expand()?;
            let layers = ThreeLayers::<Rational>::new(&expanded);
            each(rows, table, |row| {
                let point = rational(row);
                // The layers give 0 outside the domain; that is no answer.
                expanded.locate(&point)?;
                Ok(rounded(&layers.evaluate(&point)?))
            })
        }
        Mode::Layers => {
            let layers = OrbitLayers::<Rational>::new(form)?;
            each(rows, table, |row| Ok(rounded(&layers.evaluate(&rational(row))?)))
        }
    }
}

/// All rows in parallel; the error of the first row that fails, with its number.
fn each(
    rows: &[Vec<f64>],
    table: &str,
    evaluate: impl Fn(&[f64]) -> Result<Vec<f64>> + Sync,
) -> Result<Vec<Vec<f64>>> {
    let outcomes: Vec<Result<Vec<f64>>> = rows.par_iter().map(|row| evaluate(row)).collect();
    let place = |number: usize| format!("{table}, row {}", number + 1);
    outcomes
        .into_iter()
        .enumerate()
        .map(|(number, outcome)| {
            outcome.map_err(|error| match error {
                Error::Input { problem, mend, .. } => Error::Input { place: place(number), problem, mend },
                other => other,
            })
        })
        .collect()
}

/// Tables hold finite numbers only.
fn rational(row: &[f64]) -> Vec<Rational> {
    row.iter().map(|&x| exact(x).unwrap_or(Rational::ZERO)).collect()
}

fn rounded(values: &[Rational]) -> Vec<f64> {
    values.iter().map(nearest_f64).collect()
}
