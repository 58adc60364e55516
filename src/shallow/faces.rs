//! Selectors for faces of every dimension: the exactly equivariant way to own boundaries.

use super::boundary::Boundary;
use super::construct::PieceTable;
use super::form::{Condition, HalfSpace, Selector, ShallowNetwork};
use super::negated;
use crate::error::Result;
use crate::num::elimination::rank;
use crate::num::{Integer, Rational, Sign};
use crate::polyhedral::{AffinePiece, Domain, PiecewiseLinearMap, Region, plain};
use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What is known of a face, gathered from all regions that have it.
struct Face {
    dimension: usize,
    point: Vec<Rational>,
    regions: Vec<usize>,
    /// Rows that vanish on the face.
    tight: BTreeSet<usize>,
    /// Rows that bound the face: each vanishes on one of its own facets.
    bounding: BTreeSet<usize>,
}

impl ShallowNetwork {
    /// The same function with one selector for every face of every dimension, each without its own boundary.
    ///
    /// A face is cut out by the hyperplanes of all facets that contain it (closed half-spaces from both sides) and by the
    /// open half-spaces of all facets that cut out its own facets. Its affine piece is the mean of those of its regions,
    /// which agree on it. So everything is defined by the complex of regions alone, and every symmetry of the network
    /// permutes half-spaces, conditions, selectors and pieces exactly.
    ///
    /// Cost: one double description per region; for each face of each region the sign of every hyperplane.
    ///
    /// # Errors
    /// As [`plain::enumerate`].
    pub fn with_faces(self) -> Result<Self> {
        let half_spaces = both_sides(&self.half_spaces);
        let index: FxHashMap<&[Integer], usize> =
            half_spaces.iter().enumerate().map(|(k, h)| (h.row.as_slice(), k)).collect();
        let mut faces: FxHashMap<Vec<Sign>, Face> = FxHashMap::default();
        for (r, selector) in self.selectors.iter().enumerate() {
            let rows: Vec<&[Integer]> = selector
                .conditions
                .iter()
                .map(|&c| self.half_spaces[self.conditions[c].half_space].row.as_slice())
                .collect();
            let ids: Vec<usize> = rows.iter().map(|row| index[row]).collect();
            for local in local_faces(&rows, self.inputs)? {
                let signs = hyperplane_signs(&half_spaces, &local.point);
                let face = faces.entry(signs).or_insert_with(|| Face {
                    dimension: local.dimension,
                    point: local.point,
                    regions: Vec::new(),
                    tight: BTreeSet::new(),
                    bounding: BTreeSet::new(),
                });
                face.regions.push(r);
                face.tight.extend(local.tight.iter().map(|&row| ids[row]));
                face.bounding.extend(local.bounding.iter().map(|&row| ids[row]));
            }
        }
        Ok(self.assemble(half_spaces, faces.into_values().collect()))
    }

    fn assemble(&self, half_spaces: Vec<HalfSpace>, faces: Vec<Face>) -> ShallowNetwork {
        let conditions_of = |face: &Face| -> BTreeSet<Condition> {
            let sides = face.tight.iter().flat_map(|&k| [Some(k), half_spaces[k].opposite]).flatten();
            let closed = sides.map(|half_space| Condition { half_space, closed: true });
            closed
                .chain(face.bounding.iter().map(|&half_space| Condition { half_space, closed: false }))
                .collect()
        };
        let mut faces: Vec<(usize, BTreeSet<Condition>, Face)> =
            faces.into_iter().map(|face| (face.regions[0], conditions_of(&face), face)).collect();
        faces.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let all: BTreeSet<Condition> =
            faces.iter().flat_map(|(_, conditions, _)| conditions).copied().collect();
        let conditions: Vec<Condition> = all.into_iter().collect();
        let mut pieces = PieceTable::default();
        let selectors = faces
            .into_iter()
            .map(|(first, own, face)| {
                let own =
                    own.iter().map(|condition| conditions.binary_search(condition).expect("listed above"));
                Selector {
                    pattern: self.selectors[first].pattern.clone(),
                    conditions: own.collect(),
                    facet_points: Vec::new(),
                    interior_point: face.point,
                    dimension: face.dimension,
                    piece: pieces.index_of(&self.mean_piece(&face.regions)),
                }
            })
            .collect();
        ShallowNetwork {
            inputs: self.inputs,
            outputs: self.outputs,
            domain: self.domain.clone(),
            boundary: Boundary::Faces,
            viewpoint: self.viewpoint.clone(),
            half_spaces,
            conditions,
            selectors,
            pieces: pieces.pieces,
            stored: self.stored.clone(),
        }
    }

    fn mean_piece(&self, regions: &[usize]) -> AffinePiece {
        let pieces: Vec<&AffinePiece> =
            regions.iter().map(|&region| &self.pieces[self.selectors[region].piece]).collect();
        let share = Rational::ONE / Rational::from(regions.len());
        let mean = |o: usize, j: usize| {
            pieces.iter().fold(Rational::ZERO, |sum, piece| sum + &piece.rows[o][j]) * &share
        };
        AffinePiece {
            rows: (0..self.outputs).map(|o| (0..=self.inputs).map(|j| mean(o, j)).collect()).collect(),
        }
    }
}

/// The half-spaces and their opposites, each once, ordered by their rows.
fn both_sides(half_spaces: &[HalfSpace]) -> Vec<HalfSpace> {
    let mut rows: Vec<(Vec<Integer>, bool)> =
        half_spaces.iter().flat_map(|h| [(h.row.clone(), h.border), (negated(&h.row), h.border)]).collect();
    rows.sort_unstable();
    rows.dedup();
    let find = |row: &Vec<Integer>| rows.binary_search_by(|(other, _)| other.cmp(row)).ok();
    rows.iter()
        .map(|(row, border)| HalfSpace { row: row.clone(), opposite: find(&negated(row)), border: *border })
        .collect()
}

/// On which side of every hyperplane a point lies; different for points of different faces.
fn hyperplane_signs(half_spaces: &[HalfSpace], point: &[Rational]) -> Vec<Sign> {
    let homogeneous = super::locate::homogeneous(point);
    half_spaces
        .iter()
        .enumerate()
        .filter(|(k, h)| h.opposite.is_some_and(|opposite| *k < opposite))
        .map(|(_, h)| super::locate::sign_at(&h.row, &homogeneous))
        .collect()
}

/// A face of one region; rows are numbered as the region's.
struct LocalFace {
    dimension: usize,
    point: Vec<Rational>,
    tight: Vec<usize>,
    bounding: Vec<usize>,
}

/// All faces of the region with the given outward rows, the region itself included.
fn local_faces(rows: &[&[Integer]], d: usize) -> Result<Vec<LocalFace>> {
    let generators = Generators::new(rows, d)?;
    let mut known: FxHashSet<FixedBitSet> = FxHashSet::default();
    let mut open = vec![generators.all()];
    let mut faces = Vec::new();
    while let Some(members) = open.pop() {
        if !known.insert(members.clone()) {
            continue;
        }
        let dimension = generators.dimension(&members);
        let mut face = LocalFace {
            dimension,
            point: generators.inside(&members),
            tight: generators.tight(&members),
            bounding: Vec::new(),
        };
        for row in 0..rows.len() {
            let mut part = members.clone();
            part.intersect_with(&generators.on_row[row]);
            // Without a vertex the rows only meet at infinity.
            if part == members || !generators.has_vertex(&part) {
                continue;
            }
            if generators.dimension(&part) + 1 == dimension {
                face.bounding.push(row);
            }
            open.push(part);
        }
        faces.push(face);
    }
    Ok(faces)
}

/// The vertices and unbounded edges of a region, and which of them lie on each row.
struct Generators<'a> {
    rows: &'a [&'a [Integer]],
    d: usize,
    region: Region,
    /// For each row the vertices and then the rays on it.
    on_row: Vec<FixedBitSet>,
}

impl<'a> Generators<'a> {
    fn new(rows: &'a [&'a [Integer]], d: usize) -> Result<Self> {
        let inward = |row: &&[Integer]| negated(row).into_iter().map(Rational::from).collect();
        let cell = Domain::Polytope(rows.iter().map(inward).collect());
        // A map without neurons has the whole cell as its only region.
        let map = PiecewiseLinearMap::new(d, &[vec![]], vec![])?;
        let region = plain::enumerate(&map, &cell)?[0].clone();
        let on_row = rows
            .iter()
            .map(|row| {
                let mut on = FixedBitSet::with_capacity(region.vertices.len() + region.rays.len());
                for (v, vertex) in region.vertices.iter().enumerate() {
                    on.set(v, super::locate::value_at(row, vertex).is_zero());
                }
                for (r, ray) in region.rays.iter().enumerate() {
                    let along: Integer = row.iter().zip(ray).map(|(a, x)| a * x).sum();
                    on.set(region.vertices.len() + r, along.is_zero());
                }
                on
            })
            .collect();
        Ok(Generators { rows, d, region, on_row })
    }

    fn all(&self) -> FixedBitSet {
        let mut all = FixedBitSet::with_capacity(self.region.vertices.len() + self.region.rays.len());
        all.insert_range(..);
        all
    }

    fn has_vertex(&self, members: &FixedBitSet) -> bool {
        members.minimum().is_some_and(|first| first < self.region.vertices.len())
    }

    fn tight(&self, members: &FixedBitSet) -> Vec<usize> {
        (0..self.rows.len()).filter(|&row| members.is_subset(&self.on_row[row])).collect()
    }

    fn dimension(&self, members: &FixedBitSet) -> usize {
        let normals: Vec<Vec<Integer>> =
            self.tight(members).iter().map(|&row| self.rows[row][..self.d].to_vec()).collect();
        self.d - rank(&normals)
    }

    /// The mean of the vertices plus the sum of the rays.
    fn inside(&self, members: &FixedBitSet) -> Vec<Rational> {
        let vertices: Vec<&Vec<Rational>> =
            members.ones().filter_map(|member| self.region.vertices.get(member)).collect();
        let share = Rational::ONE / Rational::from(vertices.len().max(1));
        let mut point = vec![Rational::ZERO; self.d];
        for vertex in vertices {
            point.iter_mut().zip(vertex).for_each(|(sum, x)| *sum += x * &share);
        }
        for member in members.ones().filter(|&member| member >= self.region.vertices.len()) {
            let ray = &self.region.rays[member - self.region.vertices.len()];
            point.iter_mut().zip(ray).for_each(|(sum, x)| *sum += Rational::from(x.clone()));
        }
        point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces(rows: &[[i32; 3]]) -> Vec<usize> {
        let rows: Vec<Vec<Integer>> = rows.iter().map(|row| row.map(Integer::from).to_vec()).collect();
        let rows: Vec<&[Integer]> = rows.iter().map(Vec::as_slice).collect();
        let mut counts = vec![0; 3];
        local_faces(&rows, 2).unwrap().iter().for_each(|face| counts[face.dimension] += 1);
        counts
    }

    #[test]
    fn faces_of_small_polygons() {
        // triangle, quadrant, strip, half-plane, plane
        assert_eq!(faces(&[[-1, 0, 0], [0, -1, 0], [1, 1, -1]]), [3, 3, 1]);
        assert_eq!(faces(&[[-1, 0, 0], [0, -1, 0]]), [1, 2, 1]);
        assert_eq!(faces(&[[-1, 0, 0], [1, 0, -1]]), [0, 2, 1]);
        assert_eq!(faces(&[[-1, 0, 0]]), [0, 1, 1]);
        assert_eq!(faces(&[]), [0, 0, 1]);
    }
}
