//! Leakage by depth as text, table and chart.

use super::super::findings::{Findings, aligned, csv, figure};
use crate::analysis::smooth::leakage::{LeakageOptions, LeakageRow};
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;
use std::f64::consts::PI;
use std::fmt::Write;

/// What `smooth leakage` finds.
#[derive(Serialize)]
pub struct LeakageReport {
    points: usize,
    samples: usize,
    high: usize,
    seed: u64,
    curves: Vec<Curve>,
}

#[derive(Serialize)]
struct Curve {
    activation: String,
    layers: Vec<LeakageRow>,
}

#[derive(Serialize)]
struct Record<'a> {
    activation: &'a str,
    layer: usize,
    fraction_first: f64,
    fraction_high: f64,
    centroid: f64,
}

impl LeakageReport {
    /// The report of the rows of each activation.
    pub fn new(options: LeakageOptions, curves: Vec<(String, Vec<LeakageRow>)>) -> Self {
        let curve = |(activation, layers)| Curve { activation, layers };
        LeakageReport {
            points: options.points,
            samples: options.samples,
            high: options.high,
            seed: options.seed,
            curves: curves.into_iter().map(curve).collect(),
        }
    }
}

impl Findings for LeakageReport {
    fn text(&self) -> String {
        let mut text = format!(
            "C{}: a wave of frequency 1 through random all-pass layers, mean removed; means over {} samples\n",
            self.points, self.samples
        );
        let depth = self.curves.iter().map(|curve| curve.layers.len()).max().unwrap_or(0);
        let names: Vec<String> = (1..=depth).map(|layer| format!("layer {layer}")).collect();
        let mut header = vec!["activation"];
        header.extend(names.iter().map(String::as_str));
        let block = |value: &dyn Fn(&LeakageRow) -> f64| {
            let rows: Vec<Vec<String>> = self
                .curves
                .iter()
                .map(|curve| {
                    let cells = curve.layers.iter().map(|row| figure(value(row)));
                    [curve.activation.clone()].into_iter().chain(cells).collect()
                })
                .collect();
            aligned(&header, &rows)
        };
        let _ = write!(
            text,
            "\nshare of the energy from frequency {} on\n{}",
            self.high,
            block(&|row| row.fraction_high)
        );
        let _ = write!(text, "\nshare on frequency 1\n{}", block(&|row| row.fraction_first));
        let predicted = 0.125 / (0.25 - (PI * PI).recip());
        let _ =
            writeln!(text, "\none ReLU layer on a fine cycle keeps (1/8) / (1/4 - 1/pi^2) = {predicted:.4}");
        text
    }

    fn csv(&self) -> String {
        csv(self.curves.iter().flat_map(|curve| {
            curve.layers.iter().map(|row| Record {
                activation: &curve.activation,
                layer: row.layer,
                fraction_first: row.fraction_first,
                fraction_high: row.fraction_high,
                centroid: row.centroid,
            })
        }))
    }

    fn picture(&self) -> Result<Picture> {
        let mut y = Axis::new(&format!("share of the energy from frequency {} on", self.high));
        y.log = true;
        y.range = Some((1e-9, 1.0));
        let title = format!("Leakage to high frequencies on C_{{{}}}", self.points);
        let mut plot = Plot::new(&title, Axis::new("layer"), y);
        for (key, curve) in self.curves.iter().enumerate() {
            let points = curve.layers.iter().map(|row| (row.layer as f64, row.fraction_high)).collect();
            plot.series.push(Series::new(&curve.activation, key, Mark::Dotted(points)));
        }
        plot.picture()
    }
}
