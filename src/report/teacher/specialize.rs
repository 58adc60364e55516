//! Specialisation as text, table and picture.

use super::super::findings::{Findings, aligned, csv, figure, percent};
use crate::analysis::teacher::specialize::SpecializationReport;
use crate::draw::plot::{Axis, Heatmap, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;
use std::fmt::Write;

/// What `teacher specialize` finds.
#[derive(Serialize)]
pub struct SpecializeReport {
    group: String,
    output: String,
    width_factor: usize,
    runs: usize,
    seed: u64,
    rows: Vec<SpecializationReport>,
}

#[derive(Serialize)]
struct Record {
    weights: &'static str,
    parameters: usize,
    samples: usize,
    specialized: f64,
    specialized_at_identity: f64,
    mean_correlation: f64,
    least_correlation: f64,
    relative_error: f64,
}

fn kind(row: &SpecializationReport) -> &'static str {
    if row.shared { "shared" } else { "free" }
}

impl SpecializeReport {
    /// The report of trainings that differ in samples and sharing only.
    pub fn new(
        group: String,
        output: String,
        width_factor: usize,
        runs: usize,
        seed: u64,
        rows: Vec<SpecializationReport>,
    ) -> Self {
        SpecializeReport { group, output, width_factor, runs, seed, rows }
    }

    /// For each number of samples, the teacher channels that were found.
    fn efficiency(&self) -> Result<Picture> {
        let mut x = Axis::new("training samples");
        x.log = true;
        let mut y = Axis::new("teacher channels found");
        y.range = Some((0.0, 1.05));
        let title = format!("Specialisation on {}, {} times the width", self.group, self.width_factor);
        let mut plot = Plot::new(&title, x, y);
        for (key, name) in ["shared", "free"].into_iter().enumerate() {
            let mut points: Vec<(f64, f64)> = self
                .rows
                .iter()
                .filter(|row| kind(row) == name)
                .map(|row| (row.samples as f64, row.specialized))
                .collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            if !points.is_empty() {
                plot.series.push(Series::new(&format!("{name} weights"), key, Mark::Dotted(points)));
            }
        }
        plot.picture()
    }

    /// Which student channel learned which teacher channel, in the first run.
    fn matches(row: &SpecializationReport) -> Result<Picture> {
        let first = &row.matches[0];
        let values = first.iter().map(|m| m.by_channel.clone()).collect();
        let mut map = Heatmap::new("Correlation of channels, best over all shifts", values);
        map.rows = first.iter().map(|m| format!("teacher {}", m.teacher)).collect();
        let students = first.first().map_or(0, |m| m.by_channel.len());
        map.columns = (0..students).map(|channel| channel.to_string()).collect();
        map.column_label = "student channel".into();
        map.range = Some((0.0, 1.0));
        map.numbers = students <= 16;
        map.picture()
    }
}

impl Findings for SpecializeReport {
    fn text(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                vec![
                    kind(row).to_owned(),
                    row.parameters.to_string(),
                    row.samples.to_string(),
                    percent(row.specialized),
                    percent(row.specialized_at_identity),
                    figure(row.mean_correlation),
                    figure(row.least_correlation),
                    figure(row.relative_error),
                ]
            })
            .collect();
        let header =
            ["weights", "parameters", "samples", "found", "at identity", "mean corr", "least", "error"];
        let mut text = format!(
            "a random two-layer convolution on {} with {} output teaches students of {} times its width, {} runs\n\
             found: teacher channels with a student node correlated above 0.95, at any shift\n\n{}",
            self.group,
            self.output,
            self.width_factor,
            self.runs,
            aligned(&header, &rows)
        );
        if let [row] = self.rows.as_slice() {
            text.push_str("\nfirst run\n");
            for m in &row.matches[0] {
                let _ = writeln!(
                    text,
                    "teacher {} = student {} moved by element {}: {}, at the identity {}",
                    m.teacher,
                    m.student,
                    m.shift,
                    figure(m.correlation),
                    figure(m.correlation_at_identity)
                );
            }
        }
        text
    }

    fn csv(&self) -> String {
        csv(self.rows.iter().map(|row| Record {
            weights: kind(row),
            parameters: row.parameters,
            samples: row.samples,
            specialized: row.specialized,
            specialized_at_identity: row.specialized_at_identity,
            mean_correlation: row.mean_correlation,
            least_correlation: row.least_correlation,
            relative_error: row.relative_error,
        }))
    }

    fn picture(&self) -> Result<Picture> {
        match self.rows.as_slice() {
            [row] => Self::matches(row),
            _ => self.efficiency(),
        }
    }
}
