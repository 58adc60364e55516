//! Proofs that an inequality follows from others, by Farkas' lemma.

mod proposal;

use crate::num::elimination::solve_over;
use crate::num::{Integer, Rational, Sign};

/// An inequality as a non-negative combination of others: `target = sum of factor * row[index] + constant`, with all
/// factors positive and the constant at least 0. Where the rows are `>= 0`, so is the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// Indices of rows, in increasing order, and their factors.
    pub terms: Vec<(usize, Rational)>,
    /// What is added.
    pub constant: Rational,
}

/// Writes the row `target . (x, 1)` as a non-negative combination of `rows` and a constant; `None` where the target is
/// negative somewhere in `{ x : row . (x, 1) >= 0 for all rows }`, which must not be empty.
///
/// The rows to combine are proposed in `f64` and confirmed by solving for the factors exactly. Where that fails, the
/// two-phase simplex method decides over the integers (each entry of the tableau is a minor of the input), with Bland's rule,
/// which cannot cycle. O(d m) big-integer operations per step for `m` rows.
///
/// ```
/// use isotypic::num::{Integer, Rational};
/// use isotypic::shallow::farkas::combination;
/// let row = |entries: [i32; 3]| entries.map(Integer::from).to_vec();
/// // x >= 0 and y >= 0 give 2 x + y + 3 >= 0
/// let found = combination(&row([2, 1, 3]), &[row([1, 0, 0]), row([0, 1, 0])]).unwrap();
/// assert_eq!(found.terms, [(0, Rational::from(2)), (1, Rational::from(1))]);
/// assert_eq!(found.constant, Rational::from(3));
/// assert!(combination(&row([1, -1, 0]), &[row([1, 0, 0]), row([0, 1, 0])]).is_none());
/// ```
pub fn combination(target: &[Integer], rows: &[Vec<Integer>]) -> Option<Combination> {
    if let Some(index) = rows.iter().position(|row| row == target) {
        return Some(Combination { terms: vec![(index, Rational::ONE)], constant: Rational::ZERO });
    }
    let proposed = proposal::support(target, rows).and_then(|support| confirmed(target, rows, &support));
    // A proposal may leave less over than there is.
    let right = |found: &Combination| found.constant >= Rational::ZERO;
    proposed.filter(right).or_else(|| best_combination(target, rows).filter(right))
}

/// Writes a row as a non-negative combination of `rows` and a constant of any sign: a lower bound of the form without its
/// constant, the greatest where rounding does not get in the way. `None` where there is none; else as [`combination`].
pub(super) fn lower_bound(target: &[Integer], rows: &[Vec<Integer>]) -> Option<Combination> {
    let proposed = proposal::support(target, rows).and_then(|support| confirmed(target, rows, &support));
    proposed.or_else(|| best_combination(target, rows))
}

/// The combination with the largest constant, by the simplex method over the integers.
fn best_combination(target: &[Integer], rows: &[Vec<Integer>]) -> Option<Combination> {
    let (constant, coefficients) = target.split_last().expect("a row ends in its constant");
    let mut tableau = Tableau::new(coefficients, rows);
    tableau.minimise();
    if !tableau.cost[tableau.width()].is_zero() {
        return None;
    }
    tableau.drive_out_artificial();
    tableau.set_cost(rows.iter().map(|row| row[coefficients.len()].clone()).collect());
    tableau.minimise();
    let terms = tableau.solution();
    let used = terms.iter().fold(Rational::ZERO, |sum, (index, factor)| {
        sum + factor * Rational::from(rows[*index][coefficients.len()].clone())
    });
    let constant = Rational::from(constant.clone()) - used;
    Some(Combination { terms, constant })
}

/// The combination of linearly independent rows, where its factors have the right signs.
fn confirmed(target: &[Integer], rows: &[Vec<Integer>], support: &[usize]) -> Option<Combination> {
    let d = target.len() - 1;
    let equations: Vec<Vec<Integer>> =
        (0..d).map(|i| support.iter().map(|&k| rows[k][i].clone()).collect()).collect();
    let (factors, denominator) = solve_over(&equations, &target[..d])?;
    let used: Integer = support.iter().zip(&factors).map(|(&k, factor)| factor * &rows[k][d]).sum();
    let constant = &denominator * &target[d] - used;
    if factors.iter().any(|factor| *factor < Integer::ZERO) {
        return None;
    }
    let denominator = Rational::from(denominator);
    let terms = support.iter().copied().zip(factors).filter(|(_, factor)| !factor.is_zero());
    let terms = terms.map(|(k, factor)| (k, Rational::from(factor) / &denominator)).collect();
    Some(Combination { terms, constant: Rational::from(constant) / denominator })
}

/// A simplex tableau over the integers: row `i` says `sum_j rows[i][j] v_j = rows[i][width]`, all divided by `pivot > 0`;
/// the columns are those of the given rows, then one artificial variable per equation.
struct Tableau {
    columns: usize,
    rows: Vec<Vec<Integer>>,
    /// Reduced costs, and minus the value of the objective.
    cost: Vec<Integer>,
    basis: Vec<usize>,
    pivot: Integer,
}

impl Tableau {
    /// The equations `sum_k v_k row_k[i] = target[i]` with artificial variables as the basis; the cost is their sum.
    fn new(target: &[Integer], given: &[Vec<Integer>]) -> Self {
        let (columns, d) = (given.len(), target.len());
        let width = columns + d;
        let rows: Vec<Vec<Integer>> = (0..d)
            .map(|i| {
                let negative = target[i] < Integer::ZERO;
                let signed = |entry: &Integer| if negative { -entry } else { entry.clone() };
                let mut row: Vec<Integer> = given.iter().map(|row| signed(&row[i])).collect();
                row.extend((0..d).map(|j| Integer::from(u8::from(i == j))));
                row.push(signed(&target[i]));
                row
            })
            .collect();
        let mut cost: Vec<Integer> =
            (0..=width).map(|j| -rows.iter().map(|row| &row[j]).sum::<Integer>()).collect();
        cost[columns..width].fill(Integer::ZERO);
        Tableau { columns, rows, cost, basis: (columns..width).collect(), pivot: Integer::ONE }
    }

    fn width(&self) -> usize {
        self.columns + self.rows.len()
    }

    /// Exchanges a basic variable for a column. The entry there must be positive.
    fn exchange(&mut self, at: usize, column: usize) {
        let row = self.rows[at].clone();
        let entry = row[column].clone();
        let eliminate = |other: &mut Vec<Integer>, pivot: &Integer| {
            let factor = other[column].clone();
            for (value, above) in other.iter_mut().zip(&row) {
                *value = (&entry * &*value - &factor * above) / pivot;
            }
        };
        for (i, other) in self.rows.iter_mut().enumerate() {
            if i != at {
                eliminate(other, &self.pivot);
            }
        }
        eliminate(&mut self.cost, &self.pivot);
        self.pivot = entry;
        self.basis[at] = column;
    }

    /// Exchanges until no reduced cost of a proper column is negative, smallest indices first.
    fn minimise(&mut self) {
        while let Some(column) = (0..self.columns).find(|&j| Sign::of(&self.cost[j]) == Sign::Negative) {
            let width = self.width();
            let mut best: Option<usize> = None;
            for i in (0..self.rows.len()).filter(|&i| Sign::of(&self.rows[i][column]) == Sign::Positive) {
                let better = best.is_none_or(|b| {
                    let (here, there) = (&self.rows[i], &self.rows[b]);
                    let ratio = (&here[width] * &there[column]).cmp(&(&there[width] * &here[column]));
                    ratio.then(self.basis[i].cmp(&self.basis[b])).is_lt()
                });
                if better {
                    best = Some(i);
                }
            }
            // Without a positive entry the cost is unbounded below; then the rows' polyhedron is empty.
            let Some(at) = best else { return };
            self.exchange(at, column);
        }
    }

    /// Takes artificial variables, all zero now, out of the basis; one stays where its equation follows from the others.
    fn drive_out_artificial(&mut self) {
        for at in 0..self.rows.len() {
            if self.basis[at] < self.columns {
                continue;
            }
            if let Some(column) = (0..self.columns).find(|&j| !self.rows[at][j].is_zero()) {
                if Sign::of(&self.rows[at][column]) == Sign::Negative {
                    self.rows[at].iter_mut().for_each(|entry| *entry = -&*entry);
                }
                self.exchange(at, column);
            }
        }
    }

    /// Starts anew with the given costs of the proper columns.
    fn set_cost(&mut self, costs: Vec<Integer>) {
        let width = self.width();
        self.cost = (0..=width)
            .map(|j| {
                let own = if j < self.columns { &costs[j] * &self.pivot } else { Integer::ZERO };
                let basic = self.basis.iter().zip(&self.rows).filter(|(b, _)| **b < self.columns);
                basic.fold(own, |sum, (&b, row)| sum - &costs[b] * &row[j])
            })
            .collect();
    }

    /// The proper variables that are not zero.
    fn solution(&self) -> Vec<(usize, Rational)> {
        let pivot = Rational::from(self.pivot.clone());
        let value = |row: &Vec<Integer>| Rational::from(row[self.width()].clone()) / &pivot;
        let mut terms: Vec<(usize, Rational)> = self
            .basis
            .iter()
            .zip(&self.rows)
            .filter(|(b, row)| **b < self.columns && !row[self.width()].is_zero())
            .map(|(&b, row)| (b, value(row)))
            .collect();
        terms.sort_unstable_by_key(|&(index, _)| index);
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polyhedral::{Domain, PiecewiseLinearMap, plain};
    use proptest::prelude::*;

    fn row(entries: &[i32]) -> Vec<Integer> {
        entries.iter().map(|&e| Integer::from(e)).collect()
    }

    fn value(row: &[Integer], x: &[i32]) -> Integer {
        let (constant, coefficients) = row.split_last().unwrap();
        coefficients.iter().zip(x).fold(constant.clone(), |sum, (a, x)| sum + a * Integer::from(*x))
    }

    /// Whether the combination is what it claims to be.
    fn proves(found: &Combination, target: &[Integer], rows: &[Vec<Integer>]) -> bool {
        let mut sum: Vec<Rational> = vec![Rational::ZERO; target.len()];
        sum[target.len() - 1] = found.constant.clone();
        for (index, factor) in &found.terms {
            assert!(*factor > Rational::ZERO);
            sum.iter_mut().zip(&rows[*index]).for_each(|(s, a)| *s += factor * Rational::from(a.clone()));
        }
        found.constant >= Rational::ZERO
            && sum.iter().zip(target).all(|(s, t)| *s == Rational::from(t.clone()))
    }

    /// Whether `target < 0` somewhere in the polyhedron, which has interior: asked of the double description.
    fn is_negative_somewhere(target: &[Integer], rows: &[Vec<Integer>]) -> bool {
        let opposite = crate::shallow::negated(target);
        let rational = |row: &Vec<Integer>| row.iter().cloned().map(Rational::from).collect();
        let cell = Domain::Polytope(rows.iter().chain([&opposite]).map(rational).collect());
        let map = PiecewiseLinearMap::new(target.len() - 1, &[vec![]], vec![]).unwrap();
        target.iter().any(|entry| !entry.is_zero()) && plain::enumerate(&map, &cell).is_ok()
    }

    proptest! {
        #[test]
        fn found_exactly_where_the_target_is_implied(
            rows in proptest::collection::vec(proptest::collection::vec(-3i32..=3, 4), 0..7),
            target in proptest::collection::vec(-3i32..=3, 4),
            inside in proptest::collection::vec(-2i32..=2, 3),
        ) {
            let rows: Vec<Vec<Integer>> = rows
                .iter()
                .map(|entries| row(entries))
                .filter(|row| value(row, &inside) > Integer::ZERO)
                .collect();
            let target = row(&target);
            let found = combination(&target, &rows);
            prop_assert_eq!(found.is_none(), is_negative_somewhere(&target, &rows));
            prop_assert!(found.is_none_or(|found| proves(&found, &target, &rows)));
        }

        #[test]
        fn sums_are_recognised(
            rows in proptest::collection::vec(proptest::collection::vec(-3i32..=3, 4), 1..7),
            factors in proptest::collection::vec(0i32..4, 7),
            inside in proptest::collection::vec(-2i32..=2, 3),
        ) {
            let rows: Vec<Vec<Integer>> = rows
                .iter()
                .map(|entries| row(entries))
                .filter(|row| value(row, &inside) >= Integer::ZERO)
                .collect();
            let target: Vec<Integer> = (0..4)
                .map(|i| rows.iter().zip(&factors).map(|(row, &f)| &row[i] * Integer::from(f)).sum())
                .collect();
            let found = combination(&target, &rows).unwrap();
            prop_assert!(proves(&found, &target, &rows));
        }
    }
}
