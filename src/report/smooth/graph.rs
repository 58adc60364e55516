//! Edge weights by temperature as text, table and pictures.

use super::super::findings::{Findings, aligned, csv, figure};
use crate::analysis::smooth::sweep::{Sweep, SweepStep};
use crate::draw::plot::{Axis, Heatmap, Mark, Plot, Series, panels};
use crate::draw::svg::Picture;
use crate::error::{Error, Result};
use serde::Serialize;
use std::fmt::Write;

/// Rows of the text beyond this number of sources are left to the table and JSON.
const MOST_SOURCES: usize = 12;
/// Targets beyond this number do not fit a line or a picture.
const MOST_TARGETS: usize = 16;

/// What `smooth graph` finds.
#[derive(Serialize)]
pub struct TemperatureReport {
    set: String,
    /// One source of edges only.
    source: Option<usize>,
    #[serde(flatten)]
    sweep: Sweep,
}

#[derive(Serialize)]
struct Record<'a> {
    activation: &'a str,
    scale: Option<f64>,
    from: &'a str,
    to: &'a str,
    order: Option<i64>,
    weight: f64,
}

impl TemperatureReport {
    /// The report on a set of this name; of the edges from the piece with label `source`, if given.
    ///
    /// # Errors
    /// [`Error::Input`] where no piece has this label.
    pub fn new(set: String, sweep: Sweep, source: Option<&str>) -> Result<Self> {
        let find = |label: &str| {
            sweep.labels.iter().position(|l| l == label).ok_or_else(|| {
                let known: Vec<&str> = sweep.labels.iter().take(20).map(String::as_str).collect();
                Error::input(
                    format!("source '{label}'"),
                    "there is no such piece",
                    format!("choose among {}", known.join(" ")),
                )
            })
        };
        let source = source.map(find).transpose()?;
        Ok(TemperatureReport { set, source, sweep })
    }

    fn sources(&self) -> Vec<usize> {
        self.source.map_or_else(|| (0..self.sweep.labels.len()).collect(), |source| vec![source])
    }

    fn targets(&self, source: usize) -> Vec<usize> {
        (0..self.sweep.labels.len()).filter(|&j| self.sweep.orders[source][j].is_some()).collect()
    }

    fn step_name(step: &SweepStep) -> String {
        step.scale.map_or_else(|| step.activation.clone(), |scale| scale.to_string())
    }

    /// The weights of the edges from one piece against the temperature; dashed: the sharp limit.
    fn curves(&self, source: usize) -> Result<Picture> {
        let mut x = Axis::new("inverse temperature times amplitude");
        x.log = true;
        let mut y = Axis::new("weight / amplitude");
        y.log = true;
        let label = &self.sweep.labels;
        let title = format!("Edges from {} by temperature: {}", label[source], self.set);
        let mut plot = Plot::new(&title, x, y);
        for (key, &to) in self.targets(source).iter().take(8).enumerate() {
            let points: Vec<(f64, f64)> = self
                .sweep
                .steps
                .iter()
                .filter_map(|step| step.scale.map(|scale| (scale, step.weights[source][to])))
                .collect();
            let slope = self.sweep.orders[source][to].unwrap_or_default();
            let name = format!("{} -> {}: slope {slope}", label[source], label[to]);
            let limit = self.sweep.steps.last().map_or(0.0, |step| step.weights[source][to]);
            let ends =
                points.iter().fold((f64::MAX, f64::MIN), |(low, high), p| (low.min(p.0), high.max(p.0)));
            plot.series.push(Series::new(&name, key, Mark::Dotted(points)));
            if limit > 1e-12 && ends.0 < ends.1 {
                plot.series.push(Series::new("", key, Mark::Dashed(vec![(ends.0, limit), (ends.1, limit)])));
            }
        }
        plot.description = "Dashed: the sharp limit.".into();
        plot.picture()
    }

    /// One heat map for each temperature, on one scale.
    fn strip(&self) -> Result<Picture> {
        let shown: Vec<usize> = (0..self.sweep.labels.len().min(MOST_TARGETS)).collect();
        let name = |k: &usize| self.sweep.labels[*k].clone();
        let limit = self.sweep.steps.last();
        // The mean of softplus grows without bound as it smoothes; the scale is that of the edges between pieces.
        let largest = limit.into_iter().flat_map(|step| &step.weights).flatten().copied().fold(0.1, f64::max);
        let mut pictures = Vec::new();
        for step in &self.sweep.steps {
            let values = shown.iter().map(|&i| shown.iter().map(|&j| step.weights[i][j]).collect()).collect();
            let mut map = Heatmap::new(&step.activation, values);
            map.rows = shown.iter().map(name).collect();
            map.columns = map.rows.clone();
            (map.row_label, map.column_label) = ("from".into(), "to".into());
            map.range = Some((0.0, largest));
            pictures.push(map.picture()?);
        }
        let title = format!("Interaction graph by temperature: {}", self.set);
        Ok(panels(&title, &pictures, 3))
    }
}

impl Findings for TemperatureReport {
    fn text(&self) -> String {
        let mut text = format!(
            "{}\nweights: root mean square on the target / amplitude of the wave; rows: inverse temperature times amplitude\n\
             order: the weight falls like this power as the activation is smoothed\n",
            self.set
        );
        if let Some(error) = self.sweep.squared_error {
            let _ = writeln!(text, "sampled; standard error of the squares at most {error:.1e}");
        }
        let sources = self.sources();
        for &source in sources.iter().take(MOST_SOURCES) {
            let mut targets = self.targets(source);
            let omitted = targets.len().saturating_sub(MOST_TARGETS);
            targets.truncate(MOST_TARGETS);
            let title = format!("from {}", self.sweep.labels[source]);
            let mut header = vec![title.as_str()];
            header.extend(targets.iter().map(|&j| self.sweep.labels[j].as_str()));
            let order = |j: &usize| self.sweep.orders[source][*j].unwrap_or_default().to_string();
            let mut rows: Vec<Vec<String>> =
                vec![["order".to_owned()].into_iter().chain(targets.iter().map(order)).collect()];
            for step in &self.sweep.steps {
                let weights = targets.iter().map(|&j| figure(step.weights[source][j]));
                rows.push([Self::step_name(step)].into_iter().chain(weights).collect());
            }
            let _ = write!(text, "\n{}", aligned(&header, &rows));
            if omitted > 0 {
                let _ = writeln!(text, "... and {omitted} more targets (--format json lists all)");
            }
        }
        if sources.len() > MOST_SOURCES {
            let _ = writeln!(
                text,
                "\n... and {} more sources (--source PIECE shows one)",
                sources.len() - MOST_SOURCES
            );
        }
        text
    }

    fn csv(&self) -> String {
        let label = &self.sweep.labels;
        csv(self.sweep.steps.iter().flat_map(|step| {
            self.sources().into_iter().flat_map(move |i| {
                (0..label.len()).map(move |j| Record {
                    activation: &step.activation,
                    scale: step.scale,
                    from: &label[i],
                    to: &label[j],
                    order: self.sweep.orders[i][j],
                    weight: step.weights[i][j],
                })
            })
        }))
    }

    fn picture(&self) -> Result<Picture> {
        self.source.map_or_else(|| self.strip(), |source| self.curves(source))
    }
}
