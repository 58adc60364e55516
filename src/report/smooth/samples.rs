//! Sampling errors of Fourier-pointwise layers as text, table and chart.

use super::super::findings::{Findings, aligned, csv, error_figure, given};
use crate::analysis::smooth::sampling::{MOST_SAMPLES, SamplingRow};
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;

/// What `smooth samples` finds.
#[derive(Serialize)]
pub struct SamplesReport {
    amplitude: f64,
    band: usize,
    tolerance: f64,
    /// The numbers of samples at which errors were computed.
    at: Vec<usize>,
    rows: Vec<SamplingRow>,
}

#[derive(Serialize)]
struct Record<'a> {
    activation: &'a str,
    samples: usize,
    error: f64,
    needed: Option<usize>,
    rate: Option<f64>,
}

impl SamplesReport {
    /// The report of the rows of each activation.
    pub fn new(amplitude: f64, band: usize, tolerance: f64, at: Vec<usize>, rows: Vec<SamplingRow>) -> Self {
        SamplesReport { amplitude, band, tolerance, at, rows }
    }
}

impl Findings for SamplesReport {
    fn text(&self) -> String {
        let numbers: Vec<String> = self.at.iter().map(usize::to_string).collect();
        let needed = format!("needed for {:e}", self.tolerance);
        let mut header = vec!["samples"];
        header.extend(numbers.iter().map(String::as_str));
        header.extend([needed.as_str(), "decay per sample"]);
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = vec![row.activation.clone()];
                cells.extend(row.errors.iter().map(|e| error_figure(*e)));
                cells.push(row.needed.map_or_else(|| format!("over {MOST_SAMPLES}"), |n| n.to_string()));
                cells.push(row.rate.map_or_else(|| "-".to_owned(), |rate| format!("e^-{rate:.4}")));
                cells
            })
            .collect();
        format!(
            "a layer that samples frequencies up to {} of amplitude {}: largest change of an output coefficient,\n\
             divided by the amplitude, when the input turns by half a sample\n\n{}",
            self.band,
            given(self.amplitude),
            aligned(&header, &rows)
        )
    }

    fn csv(&self) -> String {
        csv(self.rows.iter().flat_map(|row| {
            self.at.iter().zip(&row.errors).map(|(&samples, &error)| Record {
                activation: &row.activation,
                samples,
                error,
                needed: row.needed,
                rate: row.rate,
            })
        }))
    }

    fn picture(&self) -> Result<Picture> {
        let (mut x, mut y) = (Axis::new("samples per turn"), Axis::new("error / amplitude"));
        (x.log, y.log) = (true, true);
        y.range = Some((1e-17, 1.0));
        let mut plot = Plot::new("Sampling error of a Fourier-pointwise layer", x, y);
        for (key, row) in self.rows.iter().enumerate() {
            let points = self.at.iter().zip(&row.errors).map(|(&n, &e)| (n as f64, e)).collect();
            plot.series.push(Series::new(&row.activation, key, Mark::Dotted(points)));
        }
        plot.rules.push((self.tolerance, "tolerance".into()));
        plot.picture()
    }
}
