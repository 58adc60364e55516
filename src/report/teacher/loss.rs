//! Linear and ReLU losses by simple piece as text, table and bars.

use super::super::findings::{Findings, aligned, csv};
use crate::analysis::teacher::window::{MOST_VERTICES, WindowLoss};
use crate::draw::plot::{Axis, Mark, Plot, Series};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;
use std::fmt::Write;

/// What `teacher loss` finds.
#[derive(Serialize)]
pub struct LossReport {
    set: String,
    values: usize,
    windows: Vec<WindowLoss>,
}

#[derive(Serialize)]
struct Record<'a> {
    window: String,
    piece: &'a str,
    dim: usize,
    rank: usize,
    loss: usize,
}

fn name(window: &WindowLoss) -> String {
    let points: Vec<String> = window.window.iter().map(usize::to_string).collect();
    format!("{{{}}}", points.join(","))
}

impl LossReport {
    /// The report of some windows on a set of this name.
    pub fn new(set: String, values: usize, windows: Vec<WindowLoss>) -> Self {
        LossReport { set, values, windows }
    }
}

impl Findings for LossReport {
    fn text(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .windows
            .iter()
            .map(|w| {
                let vertices = w.vertices.map_or_else(|| format!("over {MOST_VERTICES}"), |v| v.to_string());
                let relu = w.relu_loss.map_or_else(|| "-".to_owned(), |loss| format!("{loss:.0e}"));
                vec![
                    name(w),
                    w.images.to_string(),
                    w.events.to_string(),
                    w.rank.to_string(),
                    w.linear_loss.to_string(),
                    vertices,
                    relu,
                ]
            })
            .collect();
        let header = ["window", "images", "events", "rank", "linear loss", "vertices", "ReLU loss"];
        let mut text = format!(
            "{} values at each point ({}); regions are the images of a window\nlinear loss: min |P W - I|^2; \
             ReLU loss: of the layer built from the vertices\n\n{}",
            self.values,
            self.set,
            aligned(&header, &rows)
        );
        if let Some(first) = self.windows.first() {
            let names: Vec<String> = self.windows.iter().map(|w| format!("{} captures", name(w))).collect();
            let mut header = vec!["piece", "dim"];
            header.extend(names.iter().map(String::as_str));
            let rows: Vec<Vec<String>> = first
                .pieces
                .iter()
                .enumerate()
                .map(|(k, piece)| {
                    let ranks = self.windows.iter().map(|w| w.pieces[k].rank.to_string());
                    [piece.label.clone(), piece.dim.to_string()].into_iter().chain(ranks).collect()
                })
                .collect();
            let _ = write!(text, "\n{}", aligned(&header, &rows));
        }
        text
    }

    fn csv(&self) -> String {
        csv(self.windows.iter().flat_map(|window| {
            window.pieces.iter().map(move |piece| Record {
                window: name(window),
                piece: &piece.label,
                dim: piece.dim,
                rank: piece.rank,
                loss: piece.loss,
            })
        }))
    }

    fn picture(&self) -> Result<Picture> {
        let pieces = self.windows.first().map_or(&[][..], |window| &window.pieces);
        let mut x = Axis::new("simple piece");
        x.names = pieces.iter().map(|piece| piece.label.clone()).collect();
        let title = format!("What linear features capture of the events on {}", self.set);
        let mut plot = Plot::new(&title, x, Axis::new("dimension"));
        let all = pieces.iter().map(|piece| piece.dim as f64).collect();
        plot.series.push(Series::new("all", 0, Mark::Bars(all)));
        for (key, window) in self.windows.iter().enumerate() {
            let ranks = window.pieces.iter().map(|piece| piece.rank as f64).collect();
            plot.series.push(Series::new(&format!("window {}", name(window)), key + 1, Mark::Bars(ranks)));
        }
        plot.width = (160.0 + 70.0 * pieces.len() as f64).clamp(460.0, 1600.0);
        plot.picture()
    }
}
