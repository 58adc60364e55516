//! The dual active-set method for the nearest point, in any ordered field.

use crate::num::Rational;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Numbers in which the method runs.
pub(super) trait Field:
    Clone
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// Whether sums and products are rounded.
    const ROUNDED: bool;
    fn zero() -> Self;
    /// Whether the number counts as zero where numbers are near one.
    fn is_negligible(&self) -> bool;
    /// The same for the square of such a number.
    fn is_negligible_square(&self) -> bool;
}

impl Field for Rational {
    const ROUNDED: bool = false;
    fn zero() -> Self {
        Rational::ZERO
    }
    fn is_negligible(&self) -> bool {
        self.is_zero()
    }
    fn is_negligible_square(&self) -> bool {
        self.is_zero()
    }
}

impl Field for f64 {
    const ROUNDED: bool = true;
    fn zero() -> Self {
        0.0
    }
    fn is_negligible(&self) -> bool {
        self.abs() < 1e-11
    }
    fn is_negligible_square(&self) -> bool {
        self.abs() < 1e-22
    }
}

/// What the method finds.
pub(super) enum Projection<T> {
    /// The nearest point, and the rows that hold it.
    Nearest { point: Vec<T>, tight: Vec<usize> },
    /// All points are far: rows with positive weights that prove it.
    Far { weights: Vec<(usize, T)> },
    /// There is no point: a row is opposed to the others.
    Empty { row: usize, others: Vec<usize> },
}

/// The nearest point of `{ y : row . (y, 1) <= 0 for all rows }`, up to the square root of a limit; `None` where rounding
/// keeps the method from ending.
///
/// D. Goldfarb, A. Idnani, *A numerically stable dual method for solving strictly convex quadratic programs*, Math.
/// Programming 27 (1983): the distance grows with every row that is added, so the search ends.
pub(super) fn project<T: Field>(point: &[T], rows: &[Vec<T>], limit: Option<&T>) -> Option<Projection<T>> {
    let d = point.len();
    let excess = |y: &[T], row: &[T]| dot(&row[..d], y) + row[d].clone();
    let mut y = point.to_vec();
    let mut active = Active { rows: Vec::new(), normals: Vec::new(), weights: Vec::new() };
    let mut steps = 0;
    loop {
        steps += 1;
        if T::ROUNDED && steps > 20 * (rows.len() + d) {
            return None;
        }
        // Active rows are tight, up to rounding.
        let others = rows.iter().enumerate().filter(|(i, _)| !active.rows.contains(i));
        let violated = others.map(|(i, row)| (i, excess(&y, row)));
        let violated = violated.filter(|(_, excess)| *excess > T::zero() && !excess.is_negligible());
        let worst = violated.reduce(|a, b| if b.1 > a.1 { b } else { a });
        let Some((entering, _)) = worst else {
            return Some(Projection::Nearest { point: y, tight: active.rows });
        };
        // Move against the outward normal of the violated row, keeping the active rows tight.
        let normal: Vec<T> = rows[entering][..d].iter().map(|a| -a.clone()).collect();
        let mut weight: Option<T> = None;
        loop {
            let (shares, direction) = active.resolve(&normal);
            let length = dot(&direction, &normal);
            let full = (!length.is_negligible_square()).then(|| excess(&y, &rows[entering]) / length);
            let (step, leaving) = match (full, active.first_to_leave(&shares)) {
                (None, None) => {
                    return Some(Projection::Empty { row: entering, others: active.rows });
                }
                (Some(full), Some((limit, leaving))) if limit < full => (limit, Some(leaving)),
                (None, Some((limit, leaving))) => (limit, Some(leaving)),
                (Some(full), _) => (full, None),
            };
            // Where the direction is negligible only the weights change.
            add_multiple(&mut y, &step, &direction);
            add_multiple(&mut active.weights, &-step.clone(), &shares);
            weight = Some(weight.map_or(step.clone(), |weight| weight + step));
            match leaving {
                Some(leaving) => active.remove(leaving),
                None => break,
            }
        }
        active.rows.push(entering);
        active.normals.push(normal);
        active.weights.extend(weight);
        let moved: Vec<T> = y.iter().zip(point).map(|(a, b)| a.clone() - b.clone()).collect();
        if limit.is_some_and(|limit| dot(&moved, &moved) >= *limit) {
            return Some(Projection::Far { weights: active.rows.into_iter().zip(active.weights).collect() });
        }
    }
}

fn dot<T: Field>(a: &[T], b: &[T]) -> T {
    a.iter().zip(b).fold(T::zero(), |sum, (x, y)| sum + x.clone() * y.clone())
}

fn add_multiple<T: Field>(vector: &mut [T], factor: &T, other: &[T]) {
    vector
        .iter_mut()
        .zip(other)
        .for_each(|(entry, other)| *entry = entry.clone() + factor.clone() * other.clone());
}

/// Rows that are tight at the current point, with their independent inward normals and their multipliers.
struct Active<T> {
    rows: Vec<usize>,
    normals: Vec<Vec<T>>,
    weights: Vec<T>,
}

impl<T: Field> Active<T> {
    /// The coefficients of the projection of a vector to the span of the normals, and what is left of the vector.
    fn resolve(&self, vector: &[T]) -> (Vec<T>, Vec<T>) {
        let (mut shares, mut rest) = self.resolve_once(vector);
        if T::ROUNDED {
            // What rounding left of the span is taken out by a second pass.
            let (further, refined) = self.resolve_once(&rest);
            shares.iter_mut().zip(further).for_each(|(share, more)| *share = share.clone() + more);
            rest = refined;
        }
        (shares, rest)
    }

    fn resolve_once(&self, vector: &[T]) -> (Vec<T>, Vec<T>) {
        let system: Vec<Vec<T>> = self
            .normals
            .iter()
            .map(|a| self.normals.iter().map(|b| dot(a, b)).chain([dot(a, vector)]).collect())
            .collect();
        let shares = solve_positive_definite(system);
        let mut rest = vector.to_vec();
        for (normal, share) in self.normals.iter().zip(&shares) {
            add_multiple(&mut rest, &-share.clone(), normal);
        }
        (shares, rest)
    }

    /// The step at which the first multiplier reaches zero.
    fn first_to_leave(&self, shares: &[T]) -> Option<(T, usize)> {
        self.weights
            .iter()
            .zip(shares)
            .enumerate()
            .filter(|(_, (_, share))| **share > T::zero() && !share.is_negligible())
            .map(|(k, (weight, share))| (weight.clone() / share.clone(), k))
            .reduce(|a, b| if b.0 < a.0 { b } else { a })
    }

    fn remove(&mut self, k: usize) {
        self.rows.remove(k);
        self.normals.remove(k);
        self.weights.remove(k);
    }
}

/// Solves `A x = b`, rows `(A, b)`, `A` positive definite, by elimination without exchanges.
fn solve_positive_definite<T: Field>(mut rows: Vec<Vec<T>>) -> Vec<T> {
    let n = rows.len();
    for k in 0..n {
        let pivot = rows[k].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != k && row[k] != T::zero() {
                let factor = -(row[k].clone() / pivot[k].clone());
                add_multiple(row, &factor, &pivot);
            }
        }
    }
    (0..n).map(|k| rows[k][n].clone() / rows[k][k].clone()).collect()
}
