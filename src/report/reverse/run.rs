//! Reversal experiments as text, table and chart.

use super::super::findings::{Findings, aligned, csv, figure, given, percent, with_error};
use crate::analysis::reverse::experiment::{ReverseOptions, ReverseReport};
use crate::analysis::reverse::predict::{centring_factor, gain, off_support_variance};
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use crate::network::SmoothActivation;
use serde::Serialize;

/// What `reverse run` finds.
#[derive(Serialize)]
pub struct RunReport {
    layer: String,
    visible: usize,
    hidden: usize,
    trials: usize,
    centred: bool,
    seed: u64,
    rows: Vec<Row>,
}

/// Measured figures and their laws; the laws of the errors are for ReLU and no others.
#[derive(Serialize)]
struct Row {
    activation: String,
    sparsity: usize,
    keep: f64,
    kept: f64,
    soft: f64,
    predicted_soft: Option<f64>,
    hard: f64,
    predicted_hard: Option<f64>,
    linear: f64,
    linear_standard_error: f64,
    exact_linear: Option<f64>,
    gain: f64,
    gain_standard_error: f64,
    predicted_gain: f64,
    off_support_variance: f64,
    predicted_off_support_variance: f64,
    centring_factor: f64,
    predicted_centring_factor: f64,
    support_found: f64,
}

impl RunReport {
    /// The report of experiments that differ in activation, sparsity and keep probability only.
    pub fn new(layer: String, runs: &[(ReverseOptions, ReverseReport)]) -> Self {
        let first = runs.first();
        RunReport {
            layer,
            visible: first.map_or(0, |(_, report)| report.visible),
            hidden: first.map_or(0, |(_, report)| report.hidden),
            trials: first.map_or(0, |(_, report)| report.trials),
            centred: first.is_some_and(|(options, _)| options.centred),
            seed: first.map_or(0, |(options, _)| options.seed),
            rows: runs.iter().map(|(options, report)| Row::new(options, report)).collect(),
        }
    }
}

impl Row {
    fn new(options: &ReverseOptions, report: &ReverseReport) -> Self {
        let activation = options.model.activation;
        let keep = options.model.keep;
        // The error laws know the decoder without centring.
        let law = |value: f64| (activation == SmoothActivation::Relu && !options.centred).then_some(value);
        Row {
            activation: activation.to_string(),
            sparsity: report.sparsity,
            keep,
            kept: report.kept,
            soft: report.soft,
            predicted_soft: law(report.predicted_soft),
            hard: report.hard,
            predicted_hard: law(report.predicted_hard),
            linear: report.linear,
            linear_standard_error: report.linear_standard_error,
            exact_linear: law(report.exact_linear),
            gain: report.gain,
            gain_standard_error: report.gain_standard_error,
            predicted_gain: gain(activation, 1.0),
            off_support_variance: report.off_support_variance,
            predicted_off_support_variance: off_support_variance(activation, 1.0),
            centring_factor: report.off_support_variance_centred / report.off_support_variance,
            predicted_centring_factor: centring_factor(activation, 1.0, keep),
            support_found: report.support_found,
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.activation.clone(), self.sparsity.to_string(), given(self.keep), given(self.kept)]
    }
}

impl Findings for RunReport {
    fn text(&self) -> String {
        let law = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), figure);
        let errors: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = row.names();
                cells.extend([
                    figure(row.soft),
                    law(row.predicted_soft),
                    figure(row.hard),
                    law(row.predicted_hard),
                    with_error(row.linear, row.linear_standard_error),
                    law(row.exact_linear),
                    percent(row.support_found),
                ]);
                cells
            })
            .collect();
        let gains: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = row.names();
                cells.extend([
                    with_error(row.gain, row.gain_standard_error),
                    figure(row.predicted_gain),
                    figure(row.off_support_variance),
                    figure(row.predicted_off_support_variance),
                    figure(row.centring_factor),
                    figure(row.predicted_centring_factor),
                ]);
                cells
            })
            .collect();
        let names = ["activation", "active", "keep", "kept t"];
        format!(
            "{}: {} hidden units generate {} visible ones; {} trials{}\nmedian error |h' - h| / |h| after a threshold, \
             mean square without; the laws hold where the support is found\n\n{}\n\
             gain: h . W^T x / |h|^2, 1 is unbiased; variance off the support in units of 2 |h|^2 / t; centring: factor \
             on it\n\n{}",
            self.layer,
            self.hidden,
            self.visible,
            self.trials,
            if self.centred { ", mean of x removed" } else { "" },
            aligned(
                &[&names[..], &["soft", "law", "hard", "law", "linear", "law", "found"]].concat(),
                &errors
            ),
            aligned(&[&names[..], &["gain", "law", "variance", "law", "centring", "law"]].concat(), &gains),
        )
    }

    fn csv(&self) -> String {
        csv(&self.rows)
    }

    fn picture(&self) -> Result<Picture> {
        let (mut x, mut y) = (Axis::new("active / kept units, k / t"), Axis::new("relative error"));
        (x.log, y.log) = (true, true);
        let title = format!("Reversal of random layers, {}", self.layer);
        let mut plot = Plot::new(&title, x, y);
        let ratio = |row: &Row| row.sparsity as f64 / row.kept;
        let mut names: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !names.contains(&row.activation.as_str()) {
                names.push(&row.activation);
            }
        }
        let sorted = |value: &dyn Fn(&Row) -> Option<f64>, name: Option<&str>| {
            let mut points: Vec<(f64, f64)> = self
                .rows
                .iter()
                .filter(|row| name.is_none_or(|name| row.activation == name))
                .filter_map(|row| value(row).map(|v| (ratio(row), v)))
                .collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            points
        };
        for (key, name) in names.into_iter().enumerate() {
            let found = sorted(&|row| Some(row.soft), Some(name));
            plot.series.push(Series::new(&format!("{name}, measured"), key, Mark::Dots(found)));
        }
        let law = sorted(&|row| row.predicted_soft, None);
        if !law.is_empty() {
            plot.series.push(Series::new("law for ReLU, soft threshold", 0, Mark::Dashed(law)));
        }
        let values = self.rows.iter().flat_map(|row| [Some(row.soft), row.predicted_soft]).flatten();
        let values: Vec<f64> = values.filter(|v| *v > 0.0 && v.is_finite()).map(f64::log10).collect();
        let ends = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        if !values.is_empty() {
            // Whole decades.
            let (low, high) = (ends.0.floor(), ends.1.ceil());
            plot.y.range = Some((10f64.powf(low), 10f64.powf(if high > low { high } else { low + 1.0 })));
        }
        plot.picture()
    }
}
