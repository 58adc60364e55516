//! Which student node is which teacher node, modulo the group.
//!
//! Nodes are channels times group elements. If the output is invariant, a teacher channel may be learned at any
//! shift, so the correlation must be maximised over the group; at the identity alone it finds about one in `|G|`.

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
    /// For each student channel the largest correlation over all shifts: a row of the match matrix.
    pub by_channel: Vec<f64>,
}

/// Matches channels by correlation over samples.
///
/// `teacher` and `student` hold a column per sample and a row `channel * order + g` per node. The teacher's node at
/// the identity is compared with the student's nodes at all `g`. O(nodes^2 samples). Use `order = 1` for students
/// without channels.
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
                by_channel: correlations
                    .chunks(student_order)
                    .map(|shifts| shifts.iter().copied().fold(f64::NEG_INFINITY, f64::max))
                    .collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_copy_is_found_at_its_shift() {
        let order = 5;
        let samples = 40;
        let signal =
            |channel: usize, g: usize, s: usize| (((channel * order + g) * 31 + s * 17) as f64).sin();
        let teacher = DMatrix::from_fn(2 * order, samples, |row, s| signal(row / order, row % order, s));
        // Student channel 0 is teacher channel 1 shifted by 3, and scaled; channel 1 is teacher channel 0.
        let student = DMatrix::from_fn(2 * order, samples, |row, s| match (row / order, row % order) {
            (0, g) => 2.0 * signal(1, (g + order - 3) % order, s) + 1.0,
            (_, g) => signal(0, g, s),
        });
        let matches = match_modulo_group(&teacher, order, &student, order);
        assert_eq!((matches[0].student, matches[0].shift), (1, 0));
        assert_eq!((matches[1].student, matches[1].shift), (0, 3));
        assert!(
            matches.iter().all(|m| m.correlation > 1.0 - 1e-12 && m.by_channel[m.student] == m.correlation)
        );
        assert!(matches[0].correlation_at_identity > 1.0 - 1e-12 && matches[1].correlation_at_identity < 0.9);
    }
}
