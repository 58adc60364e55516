//! Deviation certificates as text, table and chart.

use super::super::findings::{Findings, aligned, csv, figure};
use crate::analysis::smooth::certificate::{deviation_certificate, measured_deviation};
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::{Error, Result};
use crate::network::{Network, SmoothActivation};
use serde::Serialize;

/// What `smooth certificate` finds.
#[derive(Serialize)]
pub struct CertificateReport {
    /// The number of inputs at which the deviation was measured.
    inputs: usize,
    /// The largest absolute row sum of each layer behind an activation.
    norms: Vec<f64>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    activation: String,
    gap: f64,
    bound: f64,
    measured: f64,
    ratio: f64,
    holds: bool,
}

impl CertificateReport {
    /// Bounds and measures for each activation. O(activations inputs weights).
    ///
    /// # Errors
    /// As [`deviation_certificate`]; [`Error::Input`] where there is no activation or no input.
    pub fn new(
        network: &Network,
        activations: &[SmoothActivation],
        inputs: &[Vec<f64>],
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Self> {
        if activations.is_empty() || inputs.is_empty() {
            return Err(Error::input(
                "deviation certificate",
                format!("{} activations, {} inputs", activations.len(), inputs.len()),
                "give at least one of each",
            ));
        }
        let mut norms = Vec::new();
        let mut rows = Vec::new();
        for (done, &activation) in activations.iter().enumerate() {
            let certificate = deviation_certificate(network, activation)?;
            let measured = measured_deviation(network, activation, inputs)?;
            let ratio = if certificate.bound > 0.0 { measured / certificate.bound } else { 0.0 };
            rows.push(Row {
                activation: certificate.activation,
                gap: certificate.gap,
                bound: certificate.bound,
                measured,
                ratio,
                // Both sides are rounded.
                holds: measured <= certificate.bound * (1.0 + 1e-9) + rounding(network, inputs),
            });
            norms = certificate.norms;
            progress(done + 1, activations.len());
        }
        Ok(CertificateReport { inputs: inputs.len(), norms, rows })
    }

    /// Whether every measured deviation lies within its bound.
    pub fn holds(&self) -> bool {
        self.rows.iter().all(|row| row.holds)
    }
}

/// A generous size of what rounding does to the outputs.
fn rounding(network: &Network, inputs: &[Vec<f64>]) -> f64 {
    let outputs = inputs.iter().take(100).flat_map(|x| network.evaluate(x));
    1e-10 * outputs.fold(1e-300, |m: f64, v| m.max(v.abs()))
}

impl Findings for CertificateReport {
    fn text(&self) -> String {
        let norms: Vec<String> = self.norms.iter().map(|norm| format!("{norm:.4}")).collect();
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                vec![
                    row.activation.clone(),
                    figure(row.gap),
                    figure(row.bound),
                    figure(row.measured),
                    figure(row.ratio),
                    if row.holds { "yes" } else { "NO" }.to_owned(),
                ]
            })
            .collect();
        format!(
            "largest absolute row sums behind the activations: {}\nno input at all moves an output by more than the \
             bound; measured at {} inputs\n\n{}",
            norms.join(", "),
            self.inputs,
            aligned(&["activation", "gap", "bound", "measured", "measured/bound", "holds"], &rows)
        )
    }

    fn csv(&self) -> String {
        csv(&self.rows)
    }

    fn picture(&self) -> Result<Picture> {
        let mut y = Axis::new("deviation of the outputs");
        y.log = true;
        let mut x = Axis::new("activation");
        x.names = self.rows.iter().map(|row| row.activation.clone()).collect();
        let mut plot = Plot::new("Smooth and sharp network: bound and measurement", x, y);
        let points = |value: &dyn Fn(&Row) -> f64| {
            self.rows.iter().enumerate().map(|(i, row)| (i as f64, value(row))).collect()
        };
        plot.series.push(Series::new("bound, all inputs", 0, Mark::Dots(points(&|row| row.bound))));
        plot.series.push(Series::new("measured", 1, Mark::Dots(points(&|row| row.measured))));
        plot.width = 140.0 + 90.0 * self.rows.len().max(4) as f64;
        plot.picture()
    }
}
