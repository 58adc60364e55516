//! Piecewise linear maps between simple pieces.
//!
//! `L -> Fun(X) -> Fun(X) -> K`: include a copy of `L`, apply a piecewise linear activation point by point, project to a
//! copy of `K`. With `b_x` the row of the inclusion at `x` and `c_x` the column of the projection the map is
//! `v -> sum_x s(<b_x, v>) c_x`. It breaks at the hyperplanes orthogonal to the `b_x`; on a plane inside `L` these cut out
//! a fan of sectors, and on a sector the map is `v -> (sum_x s_x c_x b_x^T) v` with the slope `s_x` of the activation on
//! that side. Sectors that the group carries to each other are numbered alike.
//!
//! Which points are active on a sector is combinatorial; the coordinates are floats, as the `b_x` hold cosines. Two lines
//! are the same iff their points belong to one signed block, which is known exactly; the floats must agree with that.
//!
//! Coordinates: for a group that acts as an abelian group the basis is `(-sin, cos)` of the character, or the character
//! itself if it is real, which is the one of the published notebooks. Otherwise the first axis of a piece points to the
//! vector of its base point `x_0`, scaled so that the first coordinate of a function in the copy is its value at `x_0`.

use super::interaction_graph::{EdgeKind, InteractionGraph};
use super::parity::PointwiseFunction;
use crate::action::GSet;
use crate::error::{Error, Result};
use crate::group::orbits::UnionFind;
use crate::representation::abelian::AbelianDecomposition;
use crate::representation::{Decomposition, SimpleCopy};

/// Angles closer than this belong to one line; between this and [`DIFFERENT`] nothing is decided.
const SAME: f64 = 1e-9;
const DIFFERENT: f64 = 1e-6;

/// What to map where.
#[derive(Clone, Debug)]
pub struct PieceMapOptions {
    /// The source piece.
    pub from: usize,
    /// The target piece.
    pub to: usize,
    /// For sources of dimension 3 and more: the two points whose vectors span the plane; chosen if absent.
    pub slice: Option<[usize; 2]>,
    /// The activation: `relu`, `abs`, `leaky` or `min0`.
    pub activation: PointwiseFunction,
}

/// A sector of the fan with the linear piece on it.
#[derive(Clone, Debug)]
pub struct Sector {
    /// Where it starts, in radians from the first axis; sectors are counter-clockwise.
    pub start: f64,
    /// Where it ends; more than `start`.
    pub end: f64,
    /// The points with positive values inside.
    pub active: Vec<usize>,
    /// The linear map, one row for each coordinate of the target.
    pub matrix: Vec<[f64; 2]>,
    /// The number of its orbit under the group, as far as the group keeps the plane.
    pub orbit: usize,
}

/// A piecewise linear map from a line or a plane in one piece to another piece.
#[derive(Clone, Debug)]
pub struct PieceMap {
    kind: Option<EdgeKind>,
    dim: usize,
    inclusion: Vec<[f64; 2]>,
    projection: Vec<Vec<f64>>,
    slopes: (f64, f64),
    lines: Vec<f64>,
    sectors: Vec<Sector>,
}

impl PieceMap {
    /// The map from a generic copy of the source to a generic copy of the target.
    ///
    /// # Errors
    /// [`Error::Input`] for pieces or points that do not exist, points that span no plane, or an activation that is not
    /// piecewise linear; [`Error::TooLarge`] for pieces that are too large for coordinates; [`Error::Inconsistent`] where
    /// floats do not agree with exact blocks.
    ///
    /// ```
    /// use isotypic::analysis::piece_map::{PieceMap, PieceMapOptions};
    /// use isotypic::analysis::PointwiseFunction;
    /// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
    /// use std::sync::Arc;
    /// let set = GSet::points(&Arc::new(PermutationGroup::parse("C3")?));
    /// let decomposition = Decomposition::new(&set)?;
    /// let options = PieceMapOptions { from: 1, to: 0, slice: None, activation: PointwiseFunction::Relu };
    /// let map = PieceMap::new(&set, &decomposition, &options)?;
    /// // The hexagonal cone.
    /// assert_eq!((map.lines().len(), map.sectors().len()), (3, 6));
    /// assert!((map.value(0.0, 1.0)[0] - 1.0 / 3.0).abs() < 1e-12);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(set: &GSet, decomposition: &Decomposition, options: &PieceMapOptions) -> Result<Self> {
        let pieces = decomposition.pieces();
        let place = || format!("map between pieces of {} of {}", set.name(), set.group().name());
        if options.from >= pieces.len() || options.to >= pieces.len() {
            return Err(Error::input(
                place(),
                "there is no such piece",
                format!("give numbers up to {}", pieces.len() - 1),
            ));
        }
        let slopes = slopes(options.activation).ok_or_else(|| {
            Error::input(
                place(),
                format!("{} is not piecewise linear", options.activation),
                "choose relu, abs, leaky or min0",
            )
        })?;
        let inclusion = inclusion(set, decomposition, options)?;
        let projection = projection(set, decomposition, options.to)?;
        let graph = InteractionGraph::of_decomposition(decomposition, options.activation, false)?;
        let mut map = PieceMap {
            kind: graph.kind(options.from, options.to),
            dim: pieces[options.from].dim.min(2),
            inclusion,
            projection,
            slopes,
            lines: Vec::new(),
            sectors: Vec::new(),
        };
        map.lines = map.breaking_lines()?;
        map.check_lines(decomposition, options.from)?;
        map.sectors = map.cut_sectors();
        map.number_orbits(set);
        Ok(map)
    }

    /// Whether the graph has this edge: none means that the map is zero.
    pub fn kind(&self) -> Option<EdgeKind> {
        self.kind
    }

    /// The dimension of the slice: 1 for a source of dimension 1, otherwise 2.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The dimension of the target.
    pub fn target_dim(&self) -> usize {
        self.projection.first().map_or(0, Vec::len)
    }

    /// The angles of the lines (in a one-dimensional slice: of the origin, as a line), in `0..pi`.
    pub fn lines(&self) -> &[f64] {
        &self.lines
    }

    /// The sectors, counter-clockwise. In a one-dimensional slice the half-lines at angle 0 and pi.
    pub fn sectors(&self) -> &[Sector] {
        &self.sectors
    }

    /// The value at `s` times the first and `t` times the second axis.
    pub fn value(&self, s: f64, t: f64) -> Vec<f64> {
        let mut value = vec![0.0; self.target_dim()];
        if self.kind.is_none() {
            return value;
        }
        for (b, c) in self.inclusion.iter().zip(&self.projection) {
            let before = b[0] * s + b[1] * t;
            let after = before * if before > 0.0 { self.slopes.0 } else { self.slopes.1 };
            value.iter_mut().zip(c).for_each(|(value, c)| *value += after * c);
        }
        value
    }

    fn breaking_lines(&self) -> Result<Vec<f64>> {
        let pi = std::f64::consts::PI;
        if self.dim == 1 {
            return Ok(vec![pi / 2.0]);
        }
        let scale = self.inclusion.iter().map(|b| b[0].hypot(b[1])).fold(0.0, f64::max);
        let mut angles = Vec::new();
        for b in &self.inclusion {
            let length = b[0].hypot(b[1]);
            if length > DIFFERENT * scale {
                // The line is orthogonal to b.
                angles.push((b[1].atan2(b[0]) + pi / 2.0).rem_euclid(pi));
            } else if length > SAME * scale {
                return Err(unclear());
            }
        }
        angles.sort_by(f64::total_cmp);
        let mut lines: Vec<f64> = Vec::new();
        for angle in angles {
            match lines.last() {
                Some(&last) if angle - last < SAME => {}
                Some(&last) if angle - last < DIFFERENT => return Err(unclear()),
                _ => lines.push(angle),
            }
        }
        if lines.len() > 1 && lines[0] + pi - lines[lines.len() - 1] < DIFFERENT {
            lines.pop();
        }
        Ok(lines)
    }

    /// In a whole piece of dimension 2 on one orbit: as many lines as signed blocks.
    fn check_lines(&self, decomposition: &Decomposition, piece: usize) -> Result<()> {
        let simple = &decomposition.pieces()[piece];
        let expected = match decomposition {
            _ if simple.dim != 2 => return Ok(()),
            Decomposition::Abelian(abelian) if abelian.orbits().len() == 1 => {
                let order = abelian.character_order(piece) as usize;
                if order.is_multiple_of(2) { order / 2 } else { order }
            }
            Decomposition::General(general) => {
                match (general.suborbits().bases(), general.signed_blocks(piece)) {
                    ([base], [Some(block)]) => {
                        let (plus, minus) = block.sizes(base);
                        base.orbit_size / (plus + minus)
                    }
                    _ => return Ok(()),
                }
            }
            Decomposition::Abelian(_) => return Ok(()),
        };
        if self.lines.len() == expected {
            return Ok(());
        }
        Err(Error::inconsistent(
            "map between pieces",
            format!("{} lines were found where there are {expected}", self.lines.len()),
        ))
    }

    fn cut_sectors(&self) -> Vec<Sector> {
        let pi = std::f64::consts::PI;
        let rays: Vec<f64> =
            self.lines.iter().copied().chain(self.lines.iter().map(|line| line + pi)).collect();
        (0..rays.len())
            .map(|i| {
                let start = rays[i];
                let end = if i + 1 < rays.len() { rays[i + 1] } else { rays[0] + 2.0 * pi };
                let middle = (start + end) / 2.0;
                let (s, t) = (middle.cos(), if self.dim == 1 { 0.0 } else { middle.sin() });
                let mut matrix = vec![[0.0; 2]; self.target_dim()];
                let mut active = Vec::new();
                for (x, (b, c)) in self.inclusion.iter().zip(&self.projection).enumerate() {
                    let inside = b[0] * s + b[1] * t;
                    if inside > SAME {
                        active.push(x);
                    }
                    let slope = if inside > 0.0 { self.slopes.0 } else { self.slopes.1 };
                    if self.kind.is_some() {
                        for (row, c) in matrix.iter_mut().zip(c) {
                            row[0] += slope * c * b[0];
                            row[1] += slope * c * b[1];
                        }
                    }
                }
                Sector { start, end, active, matrix, orbit: 0 }
            })
            .collect()
    }

    /// A group element carries the sector with active points `A` to the one with active points `g A`.
    fn number_orbits(&mut self, set: &GSet) {
        let mut joined = UnionFind::new(self.sectors.len());
        for (index, sector) in self.sectors.iter().enumerate() {
            for generator in set.generators() {
                let mut moved: Vec<usize> = sector.active.iter().map(|&x| generator.apply(x)).collect();
                moved.sort_unstable();
                if let Some(other) = self.sectors.iter().position(|other| other.active == moved) {
                    joined.unite(index, other);
                }
            }
        }
        let orbits = joined.into_orbits();
        for (index, sector) in self.sectors.iter_mut().enumerate() {
            sector.orbit = orbits.of(index);
        }
    }
}

fn unclear() -> Error {
    Error::inconsistent("map between pieces", "two lines are too close to tell whether they are one")
}

/// The slopes on the positive and on the negative side.
fn slopes(activation: PointwiseFunction) -> Option<(f64, f64)> {
    match activation {
        PointwiseFunction::Relu => Some((1.0, 0.0)),
        PointwiseFunction::Abs => Some((1.0, -1.0)),
        PointwiseFunction::Leaky(slope) => Some((1.0, slope)),
        PointwiseFunction::MinZero => Some((0.0, 1.0)),
        _ => None,
    }
}

/// The rows `b_x`, in the coordinates of the slice.
fn inclusion(set: &GSet, decomposition: &Decomposition, options: &PieceMapOptions) -> Result<Vec<[f64; 2]>> {
    if let Decomposition::Abelian(abelian) = decomposition {
        return Ok(waves(set, abelian, options.from));
    }
    let copy = SimpleCopy::new(set, decomposition, options.from, 1)?;
    let [first, second] = match options.slice {
        Some(points) => points,
        None => [base_point(&copy), usize::MAX],
    };
    let axes = plane(set, &copy, first, second)?;
    let scale = norm(&copy.vectors[first]);
    let coordinate = |a: &[f64], axis: &[f64]| dot(a, axis) / scale;
    Ok(copy.vectors.iter().map(|a| [coordinate(a, &axes[0]), coordinate(a, &axes[1])]).collect())
}

/// Two orthonormal axes: along the vector of one point, and towards that of another, which is chosen where none is given.
fn plane(set: &GSet, copy: &SimpleCopy, first: usize, second: usize) -> Result<[Vec<f64>; 2]> {
    let bad = |problem: &str| {
        let mend = format!("choose two points from 1 to {} with vectors that are not parallel", set.size());
        Err(Error::input("slice of a piece", problem, mend))
    };
    let size = copy.vectors.len();
    if first >= size || (second >= size && second != usize::MAX) {
        return bad("there is no such point");
    }
    let length = norm(&copy.vectors[first]);
    if length < SAME {
        return bad("the piece vanishes at the first point");
    }
    let axis: Vec<f64> = copy.vectors[first].iter().map(|a| a / length).collect();
    if copy.dim() == 1 {
        return Ok([axis, vec![0.0]]);
    }
    let across = |x: usize| -> Vec<f64> {
        let along = dot(&copy.vectors[x], &axis);
        copy.vectors[x].iter().zip(&axis).map(|(a, p)| a - along * p).collect()
    };
    let candidates = if second == usize::MAX { 0..size } else { second..second + 1 };
    match candidates.map(across).find(|q| norm(q) > DIFFERENT * length) {
        Some(q) => {
            let length = norm(&q);
            Ok([axis, q.iter().map(|q| q / length).collect()])
        }
        None => bad("the vectors of the two points are parallel"),
    }
}

/// The columns `c_x`.
fn projection(set: &GSet, decomposition: &Decomposition, piece: usize) -> Result<Vec<Vec<f64>>> {
    if let Decomposition::Abelian(abelian) = decomposition {
        let dim = abelian.pieces()[piece].dim;
        let waves = waves(set, abelian, piece);
        // The dual basis: the squared length of each wave is |X'| / dim on the orbits X' where it lives.
        let energy: f64 = waves.iter().map(|b| b[0] * b[0] + b[1] * b[1]).sum::<f64>() / dim as f64;
        return Ok(waves.iter().map(|b| b[..dim].iter().map(|b| b / energy).collect()).collect());
    }
    let copy = SimpleCopy::new(set, decomposition, piece, 2)?;
    let base = base_point(&copy);
    let scale = norm(&copy.vectors[base]);
    let mut axes: Vec<Vec<f64>> = vec![copy.vectors[base].iter().map(|a| a / scale).collect()];
    for a in &copy.vectors {
        if axes.len() == copy.dim() {
            break;
        }
        let mut rest = a.clone();
        for axis in &axes {
            let along = dot(&rest, axis);
            rest.iter_mut().zip(axis).for_each(|(r, p)| *r -= along * p);
        }
        let length = norm(&rest);
        if length > 1e-3 * scale {
            axes.push(rest.iter().map(|r| r / length).collect());
        }
    }
    Ok(copy.vectors.iter().map(|a| axes.iter().map(|axis| dot(a, axis) * scale).collect()).collect())
}

/// `(-sin, cos)` of the angle of the character at each point, or the real character itself; zero where it does not occur.
fn waves(set: &GSet, abelian: &AbelianDecomposition, piece: usize) -> Vec<[f64; 2]> {
    let exponent = abelian.exponent();
    let mut waves = vec![[0.0; 2]; set.size()];
    for orbit in (0..abelian.orbits().len()).filter(|&orbit| abelian.occurs(piece, orbit)) {
        for (place, &point) in abelian.orbits()[orbit].points.iter().enumerate() {
            let turns = abelian.turns(piece, orbit, place);
            let angle = std::f64::consts::TAU * turns as f64 / exponent as f64;
            waves[point as usize] = match abelian.pieces()[piece].dim {
                1 => [angle.cos().round(), 0.0],
                _ => [-angle.sin(), angle.cos()],
            };
        }
    }
    waves
}

/// The first point at which the copy does not vanish.
fn base_point(copy: &SimpleCopy) -> usize {
    copy.vectors.iter().position(|a| norm(a) > SAME).unwrap_or(0)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    fn map(group: &str, on: &str, from: usize, to: usize, activation: &str) -> PieceMap {
        let group = Arc::new(PermutationGroup::parse(group).unwrap());
        let set = grammar::parse(&group, on).unwrap();
        let decomposition = Decomposition::new(&set).unwrap();
        let activation = PointwiseFunction::parse(activation).unwrap();
        PieceMap::new(&set, &decomposition, &PieceMapOptions { from, to, slice: None, activation }).unwrap()
    }

    /// The linear pieces are those of the map, and neighbours agree on the ray between them.
    #[test]
    fn sectors_carry_the_map() {
        for (group, on, from, to) in [
            ("C8", "points", 1, 4),
            ("C5", "points", 1, 2),
            ("C6", "points", 3, 0),
            ("S4", "points", 1, 1),
            ("S4", "subsets:2", 1, 2),
            ("D5", "regular", 2, 1),
            ("A5", "regular", 1, 3),
            ("D4", "points+points", 2, 1),
        ] {
            for activation in ["relu", "abs", "leaky:0.25", "min0"] {
                let map = map(group, on, from, to, activation);
                for sector in map.sectors() {
                    for share in [0.0, 0.3, 1.0] {
                        let angle = sector.start + share * (sector.end - sector.start);
                        let (s, t) =
                            (2.0 * angle.cos(), if map.dim() == 1 { 0.0 } else { 2.0 * angle.sin() });
                        for (value, row) in map.value(s, t).iter().zip(&sector.matrix) {
                            let linear = row[0] * s + row[1] * t;
                            assert!((value - linear).abs() < 1e-9, "{group} {from} -> {to}, {activation}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn mean_of_the_rectified_entries_of_a_point_cloud() {
        // The standard piece of S_4 to the trivial one is the mean of the rectified entries: (3,-1,-1,-1) gives 3/4.
        let map = map("S4", "points", 1, 0, "relu");
        assert!((map.value(3.0, 0.0)[0] - 0.75).abs() < 1e-12);
        assert!((map.value(-3.0, 0.0)[0] - 0.75).abs() < 1e-12);
    }

    #[test]
    fn sectors_of_a_whole_piece_form_one_or_two_orbits() {
        for (group, orbits) in [("C3", 2), ("C4", 1), ("C8", 1), ("D5", 2)] {
            let map = map(group, "points", 1, 0, "relu");
            let mut numbers: Vec<usize> = map.sectors().iter().map(|sector| sector.orbit).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), orbits, "{group}");
        }
    }

    #[test]
    fn smooth_activations_and_missing_pieces_are_refused() {
        let set = GSet::points(&Arc::new(PermutationGroup::parse("C4").unwrap()));
        let decomposition = Decomposition::new(&set).unwrap();
        let options = |from, name: &str| PieceMapOptions {
            from,
            to: 0,
            slice: None,
            activation: PointwiseFunction::parse(name).unwrap(),
        };
        assert!(PieceMap::new(&set, &decomposition, &options(1, "tanh")).is_err());
        assert!(PieceMap::new(&set, &decomposition, &options(7, "relu")).is_err());
    }
}
