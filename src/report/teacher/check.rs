//! Defects of trees and errors of the averaged equations as text, table and chart.

use super::super::findings::{Findings, aligned, csv, error_figure};
use crate::analysis::teacher::defects::defects;
use crate::analysis::teacher::enumerate::Enumeration;
use crate::analysis::teacher::reformulate::reformulate;
use crate::analysis::teacher::{RegionTree, Student};
use crate::draw::plot::{Axis, Mark, Plot, Series, panels};
use crate::draw::svg::Picture;
use crate::error::Result;
use serde::Serialize;

/// Below this a figure is rounding.
const ROUNDING: f64 = 1e-10;

/// What `teacher check` finds.
#[derive(Serialize)]
pub struct CheckReport {
    /// Whether forward, backward and update equations all hold, up to rounding.
    exact: bool,
    rows: Vec<Row>,
}

/// One unit of a tree, or the worst over all units.
#[derive(Clone, Default, Serialize)]
struct Row {
    tree: String,
    unit: String,
    focus: f64,
    broadness: f64,
    decorrelation_forward: f64,
    decorrelation_backward: f64,
    covariance: f64,
    forward_error: f64,
    backward_error: f64,
    update_error: f64,
    update_error_with_covariance: f64,
}

impl CheckReport {
    /// One row for each tree: the worst over its units. O(inputs times weights) each.
    pub fn of_trees(trees: &[(String, RegionTree, Student)]) -> Self {
        CheckReport::new(
            trees.iter().map(|(name, tree, student)| worst(name, &units(name, tree, student))).collect(),
        )
    }

    /// One row for each unit of a tree. O(inputs times weights).
    pub fn of_units(name: &str, tree: &RegionTree, student: &Student) -> Self {
        CheckReport::new(units(name, tree, student))
    }

    fn new(rows: Vec<Row>) -> Self {
        let exact = |row: &Row| row.forward_error.max(row.backward_error).max(row.update_error) < ROUNDING;
        CheckReport { exact: rows.iter().all(exact), rows }
    }

    /// Whether forward, backward and update equations all hold, up to rounding.
    pub fn is_exact(&self) -> bool {
        self.exact
    }
}

fn units(name: &str, tree: &RegionTree, student: &Student) -> Vec<Row> {
    let exact = Enumeration::new(tree, student);
    let (defects, errors) = (defects(tree, &exact), reformulate(tree, student, &exact));
    let leaves = tree.leaves.len();
    defects
        .iter()
        .zip(&errors)
        .enumerate()
        .map(|(unit, (defect, error))| Row {
            tree: name.to_owned(),
            unit: match unit.checked_sub(leaves) {
                None => format!("leaf {unit}"),
                Some(_) if unit + 1 == tree.units() => "root".to_owned(),
                Some(region) => format!("region {region}"),
            },
            focus: defect.focus,
            broadness: defect.broadness,
            decorrelation_forward: defect.decorrelation_forward,
            decorrelation_backward: defect.decorrelation_backward,
            covariance: defect.covariance,
            forward_error: error.forward,
            backward_error: error.backward,
            update_error: error.update,
            update_error_with_covariance: error.update_with_covariance,
        })
        .collect()
}

fn worst(name: &str, rows: &[Row]) -> Row {
    let most = |value: &dyn Fn(&Row) -> f64| rows.iter().map(value).fold(0.0, f64::max);
    Row {
        tree: name.to_owned(),
        unit: "all".into(),
        focus: most(&|r| r.focus),
        broadness: most(&|r| r.broadness),
        decorrelation_forward: most(&|r| r.decorrelation_forward),
        decorrelation_backward: most(&|r| r.decorrelation_backward),
        covariance: most(&|r| r.covariance),
        forward_error: most(&|r| r.forward_error),
        backward_error: most(&|r| r.backward_error),
        update_error: most(&|r| r.update_error),
        update_error_with_covariance: most(&|r| r.update_error_with_covariance),
    }
}

/// The figures of a row, in the order of the columns.
fn figures(row: &Row) -> [f64; 8] {
    [
        row.focus,
        row.broadness,
        row.decorrelation_forward.max(row.decorrelation_backward),
        row.covariance,
        row.forward_error,
        row.backward_error,
        row.update_error,
        row.update_error_with_covariance,
    ]
}

impl Findings for CheckReport {
    fn text(&self) -> String {
        let one_tree = self.rows.iter().all(|row| row.tree == self.rows[0].tree) && self.rows.len() > 1;
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| {
                let name = if one_tree { row.unit.clone() } else { row.tree.clone() };
                let shown = |v: &f64| error_figure(if *v < ROUNDING { 0.0 } else { *v });
                [name].into_iter().chain(figures(row).iter().map(shown)).collect()
            })
            .collect();
        let header = [
            if one_tree { "unit" } else { "tree" },
            "focus",
            "broadness",
            "decorr",
            "covariance",
            "F",
            "G~",
            "dW",
            "dW mended",
        ];
        format!(
            "defects of the teacher, and errors of the averaged equations for activations F, gradients G~ and updates dW\n\
             (0: below {ROUNDING:e}; mended: with the covariance term)\n\n{}{}",
            aligned(&header, &rows),
            match (one_tree, self.exact) {
                (false, _) => "",
                (true, true) => "\nexact: every equation holds\n",
                (true, false) => "\nnot exact: some equation fails\n",
            }
        )
    }

    fn csv(&self) -> String {
        csv(&self.rows)
    }

    /// Defects in the upper chart, errors in the lower one.
    fn picture(&self) -> Result<Picture> {
        let one_tree = self.rows.iter().all(|row| row.tree == self.rows[0].tree) && self.rows.len() > 1;
        let names: Vec<String> = self
            .rows
            .iter()
            .map(|row| if one_tree { row.unit.clone() } else { row.tree.replace('_', " ") })
            .collect();
        let width = (120.0 + 130.0 * self.rows.len() as f64).clamp(520.0, 1600.0);
        let chart = |title: &str, columns: &[(usize, &str)], first: usize| {
            let mut x = Axis::new(if one_tree { "unit" } else { "tree" });
            x.names = names.clone();
            let mut plot = Plot::new(title, x, Axis::new("largest size"));
            for (key, (column, name)) in columns.iter().enumerate() {
                let bars = self
                    .rows
                    .iter()
                    .map(|row| figures(row)[*column])
                    .map(|v| if v < ROUNDING { 0.0 } else { v });
                plot.series.push(Series::new(name, first + key, Mark::Bars(bars.collect())));
            }
            (plot.width, plot.height) = (width, 300.0);
            plot.picture()
        };
        let defects = [(0, "focus"), (1, "broadness"), (2, "decorrelation"), (3, "covariance")];
        let errors = [(4, "F"), (5, "G~"), (6, "dW"), (7, "dW with covariance")];
        let both = [
            chart("Defects of the teacher", &defects, 0)?,
            chart("Errors of the averaged equations", &errors, 4)?,
        ];
        Ok(panels("", &both, 1))
    }
}
