//! A map and a domain made ready for the fast engine.

use super::canonical::NeuronGroup;
use super::float_layer::FloatLayer;
use super::tie::{Tie, ties};
use crate::error::{Error, Result};
use crate::num::elimination::{kernel, rank};
use crate::num::{Integer, Rational, nearest_f64, row::make_primitive};
use crate::polyhedral::{Domain, Kernel, PiecewiseLinearMap};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// A map and a domain without directions along which nothing changes, with the map's layers in `f64` and in integers.
///
/// A direction that no domain row and no first-layer neuron sees is a line in every region; such directions are
/// removed by setting coordinates to zero, so that regions keep their patterns and in the end contain no line.
pub(in crate::polyhedral) struct Problem {
    /// The map on the remaining coordinates.
    pub(in crate::polyhedral) map: PiecewiseLinearMap,
    /// The rows of the domain on the remaining coordinates, the constant last.
    pub(in crate::polyhedral) border: Vec<Vec<Integer>>,
    /// The same rows in `f64`, divided by their largest entries.
    pub(in crate::polyhedral) float_border: Vec<Vec<f64>>,
    /// The row `t >= 0` in `f64`.
    pub(in crate::polyhedral) infinity: Vec<f64>,
    /// The coordinates that remain, in increasing order; the others are set to zero.
    kept: Vec<usize>,
    /// The number of coordinates of the original problem.
    original: usize,
    /// The interval of each coordinate, where the domain's rows show one for every coordinate.
    pub(in crate::polyhedral) intervals: Option<Vec<(f64, f64)>>,
    /// The hidden layers in `f64`.
    pub(in crate::polyhedral) layers: Vec<FloatLayer>,
    /// The number of neurons before each hidden layer.
    pub(in crate::polyhedral) offsets: Vec<usize>,
    /// The integer weights of each hidden layer by rows of `inputs + 1` entries, where all of them are small.
    pub(in crate::polyhedral) small_weights: Vec<Option<Vec<i64>>>,
    /// What each row of the domain says of coordinates where it is tight, if that is simple.
    pub(in crate::polyhedral) ties: Vec<Option<Tie>>,
    /// The scale of the integer forms of each hidden layer: they are this multiple of the true ones.
    pub(in crate::polyhedral) scales: Vec<Integer>,
}

impl Problem {
    /// Prepares a map and a domain.
    ///
    /// # Errors
    /// As [`Domain::half_spaces`].
    pub(in crate::polyhedral) fn new(map: &PiecewiseLinearMap, domain: &Domain) -> Result<Self> {
        let border = domain.half_spaces(map.inputs())?;
        let kept = essential_coordinates(map, &border);
        let embedding: Vec<Vec<Rational>> = (0..map.inputs())
            .map(|i| {
                kept.iter().map(|&k| Rational::from(i32::from(i == k))).chain([Rational::ZERO]).collect()
            })
            .collect();
        let border: Vec<Vec<Integer>> = border
            .into_iter()
            .map(|row| {
                let mut row = kept.iter().chain([&map.inputs()]).map(|&k| row[k].clone()).collect::<Vec<_>>();
                make_primitive(&mut row);
                row
            })
            .collect();
        let original = map.inputs();
        let map = if kept.len() == map.inputs() { map.clone() } else { map.restrict_to(&embedding)? };
        let layers = FloatLayer::all(&map);
        let mut offsets = Vec::with_capacity(layers.len());
        let mut scales: Vec<Integer> = Vec::with_capacity(layers.len());
        let mut neurons = 0;
        for l in 0..map.hidden_layers() {
            offsets.push(neurons);
            neurons += map.width(l);
            let before = match l {
                0 => Integer::ONE,
                _ => &scales[l - 1] * Integer::from(map.slope(l - 1).denominator().clone()),
            };
            scales.push(before * &map.integer_layer(l).denominator);
        }
        let float_border = border.iter().map(|row| unit_row(row)).collect();
        let intervals = intervals(&border, kept.len())?;
        let ties = ties(&border);
        let infinity = (0..=kept.len()).map(|i| if i == kept.len() { 1.0 } else { 0.0 }).collect();
        let small_weights = (0..map.hidden_layers())
            .map(|l| {
                let entries = map.integer_layer(l).rows.iter().flatten();
                entries.map(|entry| i64::try_from(entry.clone()).ok()).collect()
            })
            .collect();
        Ok(Problem {
            map,
            border,
            kept,
            original,
            float_border,
            infinity,
            intervals,
            layers,
            offsets,
            small_weights,
            ties,
            scales,
        })
    }

    /// The point of the original space for one on the remaining coordinates.
    pub(in crate::polyhedral) fn lift(&self, point: &[Rational]) -> Vec<Rational> {
        let mut lifted = vec![Rational::ZERO; self.original];
        self.kept.iter().zip(point).for_each(|(&c, x)| lifted[c] = x.clone());
        lifted
    }

    /// The length of homogeneous vectors: the dimension and one.
    pub(in crate::polyhedral) fn homogeneous(&self) -> usize {
        self.map.inputs() + 1
    }

    /// Whether a layer is the last hidden one.
    pub(in crate::polyhedral) fn is_last(&self, layer: usize) -> bool {
        layer + 1 == self.layers.len()
    }
}

/// The interval of each coordinate by the rows that have one coefficient, if there is a lower and an upper end for each;
/// ends are rounded to nearest.
///
/// # Errors
/// [`Error::Input`] where an end is beyond all `f64`.
fn intervals(border: &[Vec<Integer>], d: usize) -> Result<Option<Vec<(f64, f64)>>> {
    let mut intervals = vec![(f64::NEG_INFINITY, f64::INFINITY); d];
    for row in border {
        let mut axes = (0..d).filter(|&c| !row[c].is_zero());
        let (Some(axis), None) = (axes.next(), axes.next()) else { continue };
        let end = nearest_f64(&(Rational::from(-&row[d]) / Rational::from(row[axis].clone())));
        if !end.is_finite() {
            return Err(Error::input(
                "domain",
                "one of its ends is beyond the largest f64",
                "give ends between -1e308 and 1e308",
            ));
        }
        if row[axis] > Integer::ZERO {
            intervals[axis].0 = intervals[axis].0.max(end);
        } else {
            intervals[axis].1 = intervals[axis].1.min(end);
        }
    }
    Ok(intervals.iter().all(|(lo, hi)| lo.is_finite() && hi.is_finite()).then_some(intervals))
}

/// A number that tells searches apart by problem, kernel and group, for refusing checkpoints of others.
pub(in crate::polyhedral) fn fingerprint(
    problem: &Problem,
    kernel: Kernel,
    group: Option<&NeuronGroup>,
) -> u64 {
    let mut hasher = FxHasher::default();
    (kernel == Kernel::Rows).hash(&mut hasher);
    if let Some(group) = group {
        group.hash(&mut hasher);
    }
    problem.border.hash(&mut hasher);
    for layer in 0..problem.map.hidden_layers() {
        problem.map.integer_layer(layer).hash(&mut hasher);
        problem.map.slope(layer).hash(&mut hasher);
    }
    hasher.finish()
}

/// A row in `f64`, divided by its largest entry.
fn unit_row(row: &[Integer]) -> Vec<f64> {
    let size = |entry: &Integer| if *entry < Integer::ZERO { -entry } else { entry.clone() };
    let largest = Rational::from(row.iter().map(size).max().unwrap_or(Integer::ONE));
    row.iter().map(|entry| nearest_f64(&(Rational::from(entry.clone()) / &largest))).collect()
}

/// A largest set of coordinates, chosen from the front, whose axes are independent of the directions that neither the
/// domain nor the first layer sees.
fn essential_coordinates(map: &PiecewiseLinearMap, border: &[Vec<Integer>]) -> Vec<usize> {
    let d = map.inputs();
    let first = if map.hidden_layers() > 0 { map.integer_layer(0).rows.as_slice() } else { &[] };
    let seen: Vec<Vec<Integer>> = border.iter().chain(first).map(|row| row[..d].to_vec()).collect();
    let mut independent = kernel(&seen, d);
    if independent.is_empty() {
        return (0..d).collect();
    }
    let mut kept = Vec::new();
    for i in 0..d {
        independent.push((0..d).map(|j| Integer::from(i32::from(i == j))).collect());
        if rank(&independent) == independent.len() {
            kept.push(i);
        } else {
            independent.pop();
        }
    }
    kept
}
