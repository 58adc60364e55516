//! The half-identity, piece by piece, as text, table and picture.

use super::super::findings::{Findings, aligned, csv, error_figure, given};
use crate::action::GSet;
use crate::analysis::smooth::half_identity::{HalfIdentityOptions, half_identity};
use crate::draw::plot::{Heatmap, panels};
use crate::draw::svg::Picture;
use crate::error::{Error, Result};
use crate::network::SmoothActivation;
use serde::Serialize;

/// What `smooth identity` finds.
#[derive(Serialize)]
pub struct IdentityReport {
    /// Root mean square of the inputs.
    size: f64,
    samples: usize,
    seed: u64,
    activations: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    set: String,
    piece: String,
    dim: usize,
    real_type: String,
    /// Whether some group element acts as -1.
    has_minus_one: bool,
    /// Largest entry of `P_V f(u) - u / 2`, for each activation.
    deviations: Vec<f64>,
    /// Largest entry of the even part where it must not go, for each activation.
    forbidden_even_parts: Vec<f64>,
}

#[derive(Serialize)]
struct Record<'a> {
    set: &'a str,
    piece: &'a str,
    dim: usize,
    real_type: &'a str,
    has_minus_one: bool,
    activation: &'a str,
    deviation: f64,
    forbidden_even_part: f64,
}

impl IdentityReport {
    /// Measures every activation on every piece of named sets.
    ///
    /// # Errors
    /// As [`half_identity`]; [`Error::Input`] without a set or an activation.
    pub fn new(
        sets: &[(String, GSet)],
        activations: &[SmoothActivation],
        options: HalfIdentityOptions,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Self> {
        if sets.is_empty() || activations.is_empty() {
            return Err(Error::input(
                "half-identity",
                format!("{} groups, {} activations", sets.len(), activations.len()),
                "give at least one of each",
            ));
        }
        let (mut rows, mut done) = (Vec::new(), 0);
        for (name, set) in sets {
            let mut tables = Vec::new();
            for &activation in activations {
                tables.push(half_identity(set, activation, options)?);
                done += 1;
                progress(done, sets.len() * activations.len());
            }
            rows.extend(tables[0].iter().enumerate().map(|(piece, row)| Row {
                set: name.clone(),
                piece: row.label.clone(),
                dim: row.dim,
                real_type: row.real_type.clone(),
                has_minus_one: row.has_minus_one,
                deviations: tables.iter().map(|table| table[piece].deviation).collect(),
                forbidden_even_parts: tables.iter().map(|table| table[piece].forbidden_even_part).collect(),
            }));
        }
        Ok(IdentityReport {
            size: options.input_rms,
            samples: options.samples,
            seed: options.seed,
            activations: activations.iter().map(ToString::to_string).collect(),
            rows,
        })
    }
}

impl Findings for IdentityReport {
    fn text(&self) -> String {
        let mut header = vec!["piece", "dim", "End", "has -1"];
        header.extend(self.activations.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let minus_one = if row.has_minus_one { "yes" } else { "no" };
                let mut cells = vec![
                    format!("{}:{}", row.set, row.piece),
                    row.dim.to_string(),
                    row.real_type.clone(),
                    minus_one.to_owned(),
                ];
                cells.extend(
                    row.deviations
                        .iter()
                        .map(|&d| if d < 1e-12 { "<1e-12".to_owned() } else { error_figure(d) }),
                );
                cells
            })
            .collect();
        format!(
            "largest entry of P_V f(u) - u/2 over {} random u in each piece V, of root mean square {}\n\
             half-linear f: rounding only where some group element acts as -1\n\n{}",
            self.samples,
            given(self.size),
            aligned(&header, &rows)
        )
    }

    fn csv(&self) -> String {
        csv(self.rows.iter().flat_map(|row| {
            self.activations.iter().enumerate().map(|(place, activation)| Record {
                set: &row.set,
                piece: &row.piece,
                dim: row.dim,
                real_type: &row.real_type,
                has_minus_one: row.has_minus_one,
                activation,
                deviation: row.deviations[place],
                forbidden_even_part: row.forbidden_even_parts[place],
            })
        }))
    }

    /// Two maps side by side: the pieces with a -1, and those without.
    fn picture(&self) -> Result<Picture> {
        let mut pictures = Vec::new();
        for (minus_one, title) in [(true, "some element acts as \u{2212}1"), (false, "no element does")] {
            let rows: Vec<&Row> = self.rows.iter().filter(|row| row.has_minus_one == minus_one).collect();
            if rows.is_empty() {
                continue;
            }
            let exponent = |d: &f64| (d / self.size).max(1e-17).log10().round() + 0.0;
            let values = rows.iter().map(|row| row.deviations.iter().map(exponent).collect()).collect();
            let mut map = Heatmap::new(title, values);
            map.rows = rows.iter().map(|row| format!("{}:{}", row.set, row.piece)).collect();
            map.columns = self.activations.clone();
            map.range = Some((-17.0, 0.0));
            map.blank_zeros = false;
            map.description = "Powers of ten of the deviation relative to the size of the input.".into();
            pictures.push(map.picture()?);
        }
        Ok(panels("log10 of |P_V f(u) \u{2212} u/2| / |u|", &pictures, 2))
    }
}
