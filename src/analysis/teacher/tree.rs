//! Regions, their events, and a student network of the same shape.
//!
//! Units are numbered: first the leaves, then the regions, children before parents; the last one is the root. A
//! leaf has an event `z` and a nuisance value `e`; its input is the pair. The event of a region is a function of
//! its children's events.

use crate::error::{Error, Result};
use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

/// The most inputs that are enumerated.
pub const MOST_INPUTS: usize = 1 << 18;

/// The most pairs of an event of a region and an event of one of its children.
pub const MOST_EVENT_PAIRS: usize = 1 << 24;

/// A leaf: `noise[z][e] = P(e | z)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// One row per event, one column per nuisance value.
    pub noise: Vec<Vec<f64>>,
}

/// A region: `z = table[z_1, ..., z_c]` in the mixed radix of its children's events, the last child running fastest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventTable {
    /// The units below.
    pub children: Vec<usize>,
    /// The number of events.
    pub events: usize,
    /// The event for each combination of the children's events.
    pub table: Vec<usize>,
}

/// The teacher: a hierarchy of events with a joint distribution and a label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionTree {
    /// The leaves.
    pub leaves: Vec<Leaf>,
    /// The regions; the last one is the root.
    pub regions: Vec<EventTable>,
    /// `P(z_1, ..., z_l)` over the leaves' events, the last leaf running fastest.
    pub joint: Vec<f64>,
    /// The class of each event of the root.
    pub labels: Vec<usize>,
}

/// The student: features of each leaf's input, and weights along each edge of the hierarchy.
///
/// `f_leaf = relu(features[leaf][(z, e)])`, `f_region = relu(sum over children of f_child weights)`, the root
/// without ReLU.
#[derive(Clone, Debug, PartialEq)]
pub struct Student {
    /// By leaf: a row for each input `z * E + e`, a column for each node.
    pub features: Vec<DMatrix<f64>>,
    /// By region and child: a row for each node of the child, a column for each node of the region.
    pub weights: Vec<Vec<DMatrix<f64>>>,
}

/// The JSON form of a tree with its student, as in
/// `{"tree": {"leaves": [{"noise": [[1.0], [1.0]]}], ...}, "student": {"features": [...], "weights": [...]}}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Document {
    tree: RegionTree,
    student: StudentRows,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StudentRows {
    features: Vec<Vec<Vec<f64>>>,
    weights: Vec<Vec<Vec<Vec<f64>>>>,
}

fn bad<T>(place: impl Into<String>, problem: impl Into<String>, mend: &str) -> Result<T> {
    Err(Error::input(place, problem, mend))
}

impl Leaf {
    /// The number of events.
    pub fn events(&self) -> usize {
        self.noise.len()
    }

    /// The number of nuisance values.
    pub fn nuisances(&self) -> usize {
        self.noise.first().map_or(0, Vec::len)
    }
}

impl RegionTree {
    /// The number of units.
    pub fn units(&self) -> usize {
        self.leaves.len() + self.regions.len()
    }

    /// The number of events of a unit.
    pub fn events(&self, unit: usize) -> usize {
        match unit.checked_sub(self.leaves.len()) {
            None => self.leaves[unit].events(),
            Some(region) => self.regions[region].events,
        }
    }

    /// The leaves below a unit, sorted; a leaf is below itself.
    pub fn leaves_below(&self, unit: usize) -> Vec<usize> {
        let leaves = self.leaves.len();
        // Each unit once, however many paths lead to it.
        let mut seen = vec![false; self.units()];
        seen[unit] = true;
        for above in (leaves..=unit).rev() {
            if seen[above] {
                self.regions[above - leaves].children.iter().for_each(|&child| seen[child] = true);
            }
        }
        (0..leaves).filter(|&leaf| seen[leaf]).collect()
    }

    /// The events of all units, given those of the leaves.
    pub fn events_of(&self, leaves: &[usize]) -> Vec<usize> {
        let mut events = leaves.to_vec();
        for region in &self.regions {
            let place =
                region.children.iter().fold(0, |index, &child| index * self.events(child) + events[child]);
            events.push(region.table[place]);
        }
        events
    }

    /// The tree itself, if all its parts fit.
    ///
    /// # Errors
    /// [`Error::Input`] that names the part at fault; [`Error::TooLarge`] for more than [`MOST_INPUTS`] inputs
    /// or [`MOST_EVENT_PAIRS`] pairs of events.
    pub fn checked(self) -> Result<Self> {
        if self.leaves.is_empty() || self.regions.is_empty() {
            return bad("region tree", "no leaves or no regions", "give at least one of each");
        }
        let mut inputs = Some(1usize);
        let mut combinations = Some(1usize);
        for (index, leaf) in self.leaves.iter().enumerate() {
            let width = leaf.nuisances();
            if width == 0 || leaf.noise.iter().any(|row| !is_distribution(row) || row.len() != width) {
                return bad(
                    format!("leaf {index}"),
                    "its noise is no list of probability distributions of one length",
                    "give one row P(e | z) per event",
                );
            }
            inputs = inputs.and_then(|n| n.checked_mul(leaf.events() * width));
            combinations = combinations.and_then(|n| n.checked_mul(leaf.events()));
        }
        match inputs {
            Some(inputs) if inputs <= MOST_INPUTS => {}
            _ => {
                return Err(Error::too_large(
                    "the enumeration of a region tree",
                    inputs.map_or("more than 2^64 inputs".to_owned(), |n| format!("{n} inputs")),
                    format!("{MOST_INPUTS} inputs"),
                    "give fewer leaves, events or nuisance values",
                ));
            }
        }
        if Some(self.joint.len()) != combinations || !is_distribution(&self.joint) {
            return bad(
                "joint distribution",
                format!("{} entries", self.joint.len()),
                "give one non-negative number per combination of the leaves' events, adding up to 1",
            );
        }
        for (index, region) in self.regions.iter().enumerate() {
            let place = format!("region {index}");
            let unit = self.leaves.len() + index;
            let mut distinct = region.children.clone();
            distinct.sort_unstable();
            distinct.dedup();
            let ordered = region.children.iter().all(|&child| child < unit);
            if region.children.is_empty() || !ordered || distinct.len() != region.children.len() {
                return bad(
                    place,
                    "its children are not distinct earlier units",
                    "list children before parents",
                );
            }
            let size =
                region.children.iter().try_fold(1usize, |size, &child| size.checked_mul(self.events(child)));
            let pairs = region.children.iter().map(|&child| self.events(child).saturating_mul(region.events));
            if let Some(most) = pairs.max().filter(|&most| most > MOST_EVENT_PAIRS) {
                return Err(Error::too_large(
                    format!("{place} of a region tree"),
                    format!("{most} pairs of an event and a child's event"),
                    format!("{MOST_EVENT_PAIRS} pairs"),
                    "give fewer events",
                ));
            }
            if Some(region.table.len()) != size || region.table.iter().any(|&z| z >= region.events) {
                return bad(
                    place,
                    format!("{} table entries for {} events", region.table.len(), region.events),
                    "give one event per combination of the children's events",
                );
            }
        }
        let root = &self.regions[self.regions.len() - 1];
        if self.labels.len() != root.events {
            return bad(
                "labels",
                format!("{} labels", self.labels.len()),
                "give one class per event of the root",
            );
        }
        Ok(self)
    }
}

impl Student {
    /// The student itself, if it fits the tree.
    ///
    /// # Errors
    /// [`Error::Shape`] that names the part at fault.
    pub fn checked(self, tree: &RegionTree) -> Result<Self> {
        let wrong = |place: String, expected: String, got: String| {
            Err(Error::shape(place, expected, got, "give the student the shape of its tree"))
        };
        if (self.features.len(), self.weights.len()) != (tree.leaves.len(), tree.regions.len()) {
            return wrong(
                "student".into(),
                format!("{} leaves and {} regions", tree.leaves.len(), tree.regions.len()),
                format!("{} and {}", self.features.len(), self.weights.len()),
            );
        }
        for (index, (leaf, features)) in tree.leaves.iter().zip(&self.features).enumerate() {
            let inputs = leaf.events() * leaf.nuisances();
            if features.nrows() != inputs {
                return wrong(
                    format!("leaf {index}"),
                    format!("{inputs} rows"),
                    features.nrows().to_string(),
                );
            }
        }
        let mut nodes: Vec<usize> = self.features.iter().map(DMatrix::ncols).collect();
        for (index, (region, weights)) in tree.regions.iter().zip(&self.weights).enumerate() {
            let place = format!("weights of region {index}");
            if weights.len() != region.children.len() {
                let children = format!("{} matrices, one per child", region.children.len());
                return wrong(place, children, weights.len().to_string());
            }
            let columns = weights[0].ncols();
            for (&child, w) in region.children.iter().zip(weights) {
                if w.shape() != (nodes[child], columns) {
                    let expected = format!("{} x {columns} for child {child}", nodes[child]);
                    return wrong(place, expected, format!("{:?}", w.shape()));
                }
            }
            nodes.push(columns);
        }
        let classes = tree.labels.iter().max().map_or(0, |class| class.saturating_add(1));
        let outputs = nodes[nodes.len() - 1];
        if outputs < classes {
            return wrong(
                "root".into(),
                format!("at least {classes} nodes, one per class"),
                outputs.to_string(),
            );
        }
        Ok(self)
    }

    /// The number of nodes of a unit.
    pub fn nodes(&self, unit: usize) -> usize {
        match unit.checked_sub(self.features.len()) {
            None => self.features[unit].ncols(),
            Some(region) => self.weights[region][0].ncols(),
        }
    }
}

/// Reads a tree and its student from JSON: `tree` with the fields of [`RegionTree`], `student` with `features` and
/// `weights` as nested rows.
///
/// # Errors
/// [`Error::Input`] for text that is no such document; otherwise as [`RegionTree::checked`] and [`Student::checked`].
pub fn from_json(text: &str) -> Result<(RegionTree, Student)> {
    let document: Document = serde_json::from_str(text).map_err(|e| {
        Error::input("region tree", e.to_string(), "give an object with the fields 'tree' and 'student'")
    })?;
    let tree = document.tree.checked()?;
    let features = matrices("features", &document.student.features)?;
    let weights =
        document.student.weights.iter().map(|region| matrices("weights", region)).collect::<Result<_>>()?;
    let student = Student { features, weights }.checked(&tree)?;
    Ok((tree, student))
}

/// Writes a tree and its student as JSON that [`from_json`] reads.
pub fn to_json(tree: &RegionTree, student: &Student) -> String {
    let rows = |m: &DMatrix<f64>| -> Vec<Vec<f64>> {
        m.row_iter().map(|row| row.iter().copied().collect()).collect()
    };
    let document = Document {
        tree: tree.clone(),
        student: StudentRows {
            features: student.features.iter().map(rows).collect(),
            weights: student.weights.iter().map(|region| region.iter().map(rows).collect()).collect(),
        },
    };
    serde_json::to_string(&document).expect("numbers and lists are valid JSON")
}

fn matrices(place: &str, lists: &[Vec<Vec<f64>>]) -> Result<Vec<DMatrix<f64>>> {
    lists
        .iter()
        .map(|rows| {
            let columns = rows.first().map_or(0, Vec::len);
            if columns == 0
                || rows.iter().any(|row| row.len() != columns || row.iter().any(|v| !v.is_finite()))
            {
                return bad(
                    place,
                    "a matrix with no or unequal rows",
                    "give rows of equally many finite numbers",
                );
            }
            Ok(DMatrix::from_row_iterator(rows.len(), columns, rows.iter().flatten().copied()))
        })
        .collect()
}

fn is_distribution(p: &[f64]) -> bool {
    p.iter().all(|v| *v >= 0.0) && (p.iter().sum::<f64>() - 1.0).abs() < 1e-9
}
