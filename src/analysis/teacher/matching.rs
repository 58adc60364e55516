//! Which student node is which teacher node, modulo the group.
//!
//! Nodes are channels times group elements. If the output is invariant, a teacher channel may be learned at any shift, so the
//! correlation must be maximised over the group; at the identity alone it finds about one in `|G|`.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;

/// The best partner of each teacher channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// The teacher channel.
    pub teacher: usize,
    /// The student channel with the largest correlation over all shifts.
    pub student: usize,
    /// The shift of that partner, as a group element.
    pub shift: usize,
    /// The correlation.
    pub correlation: f64,
    /// The largest correlation at the identity.
    pub correlation_at_identity: f64,
}

/// Matches channels by correlation over samples.
///
/// `teacher` and `student` hold a column per sample and a row `channel * order + g` per node. The teacher's node at the identity is
/// compared with the student's nodes at all `g`. O(nodes^2 samples). Use `order = 1` for students without channels.
///
/// # Panics
/// Panics where the numbers of samples differ, there is no student node, or rows are no multiple of the order.
pub fn match_modulo_group(
    teacher: &DMatrix<f64>,
    teacher_order: usize,
    student: &DMatrix<f64>,
    student_order: usize,
) -> Vec<Match> {
    assert_eq!(teacher.ncols(), student.ncols(), "samples of both");
    assert!(teacher.nrows().is_multiple_of(teacher_order) && student.nrows().is_multiple_of(student_order));
    assert!(student.nrows() > 0, "a student with nodes");
    let standard: Vec<DVector<f64>> = student.row_iter().map(|row| standardized(&row.transpose())).collect();
    (0..teacher.nrows() / teacher_order)
        .map(|channel| {
            let own = standardized(&teacher.row(channel * teacher_order).transpose());
            let correlations: Vec<f64> = standard.iter().map(|other| own.dot(other)).collect();
            let best = (0..correlations.len())
                .max_by(|&a, &b| correlations[a].total_cmp(&correlations[b]))
                .expect("there is a node");
            Match {
                teacher: channel,
                student: best / student_order,
                shift: best % student_order,
                correlation: correlations[best],
                correlation_at_identity: correlations
                    .iter()
                    .step_by(student_order)
                    .copied()
                    .fold(f64::NEG_INFINITY, f64::max),
            }
        })
        .collect()
}

/// Mean 0 and norm 1; 0 for a constant.
fn standardized(values: &DVector<f64>) -> DVector<f64> {
    let centred = values.add_scalar(-values.mean());
    let norm = centred.norm();
    if norm > 0.0 { centred / norm } else { centred }
}
