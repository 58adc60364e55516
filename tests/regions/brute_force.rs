//! Regions of tiny maps by trying every activation pattern, each decided by Fourier-Motzkin elimination: an
//! independent, slow and obvious oracle.

use isotypic::num::Rational;
use isotypic::polyhedral::{ActivationPattern, PiecewiseLinearMap};

/// A row `a . x + c > 0`, the constant last.
type Row = Vec<Rational>;

/// Whether strict inequalities have a common solution.
pub(crate) fn feasible(mut rows: Vec<Row>, dimension: usize) -> bool {
    for variable in (0..dimension).rev() {
        let (mut above, mut below, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            match row[variable].clone() {
                a if a > Rational::ZERO => above.push(row),
                a if a < Rational::ZERO => below.push(row),
                _ => rest.push(row),
            }
        }
        for up in &above {
            for down in &below {
                let (a, b) = (&up[variable], &down[variable]);
                rest.push(up.iter().zip(down).map(|(u, d)| d * a - u * b).collect());
            }
        }
        rest.sort();
        rest.dedup();
        rows = rest;
    }
    rows.iter().all(|row| row[dimension] > Rational::ZERO)
}

/// The patterns of all regions of a map, where `border` rows hold strictly, in increasing order.
pub(crate) fn patterns(map: &PiecewiseLinearMap, border: &[Row]) -> Vec<ActivationPattern> {
    let mut found: Vec<ActivationPattern> = (0u32..1 << map.neurons())
        .map(|bits| ActivationPattern::from_bits((0..map.neurons()).map(|n| bits >> n & 1 == 1)))
        .filter(|pattern| {
            rows_of(map, pattern).is_some_and(|rows| {
                feasible(rows.into_iter().chain(border.iter().cloned()).collect(), map.inputs())
            })
        })
        .collect();
    found.sort();
    found
}

/// The strict inequalities that a pattern asks for; `None` where a constant neuron contradicts it.
fn rows_of(map: &PiecewiseLinearMap, pattern: &ActivationPattern) -> Option<Vec<Row>> {
    let d = map.inputs();
    let mut state: Vec<Row> =
        (0..d).map(|i| (0..=d).map(|j| Rational::from(i32::from(i == j))).collect()).collect();
    let mut rows = Vec::new();
    let mut neuron = 0;
    for layer in 0..map.hidden_layers() {
        let mut next = Vec::new();
        for weights in map.rows(layer) {
            let mut form = vec![Rational::ZERO; d + 1];
            for (weight, row) in weights.iter().zip(&state) {
                form.iter_mut().zip(row).for_each(|(entry, value)| *entry += weight * value);
            }
            form[d] += &weights[state.len()];
            let active = pattern.is_active(neuron);
            neuron += 1;
            if form[..d].iter().all(Rational::is_zero) {
                if active != (form[d] > Rational::ZERO) {
                    return None;
                }
            } else {
                rows.push(if active { form.clone() } else { form.iter().map(|entry| -entry).collect() });
            }
            let factor = if active { Rational::ONE } else { map.slope(layer).clone() };
            next.push(form.iter().map(|entry| entry * &factor).collect());
        }
        state = next;
    }
    Some(rows)
}
