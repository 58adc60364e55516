//! Full descriptions of regions that the fast engine found by their patterns, in any dimension.

use super::engine::{Problem, Source};
use super::options::Options;
use super::row_cells::{Outline, RowCells};
use super::{ActivationPattern, Domain, Facet, PiecewiseLinearMap, Region, Regions, patterns};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, primitive_row};
use rayon::prelude::*;

/// All regions with their facets and affine pieces, found by the fast engine. Vertices, rays and lines are left empty:
/// in high dimension there are too many of them (see [`plain::enumerate`](super::plain::enumerate) for these).
///
/// Cost beyond the search: per region one linear program per row of its path, and exact arithmetic for every facet.
///
/// # Errors
/// As [`patterns`].
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::{Adjacency, Domain, Options, PiecewiseLinearMap, describe};
/// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
/// let hidden = vec![row([1, 0, 0]), row([0, 1, 0]), row([1, 1, -1])];
/// let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO])?;
/// let regions = describe::regions(&map, &Domain::WholeSpace, &Options::default())?;
/// assert_eq!(regions.len(), 7);
/// assert!(Adjacency::new(&regions)?.is_complete());
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn regions(map: &PiecewiseLinearMap, domain: &Domain, options: &Options) -> Result<Regions> {
    let found = patterns(map, domain, options)?;
    let regions = describe(map, domain, &found, options.threads)?;
    Ok(Regions::new(map.clone(), domain.clone(), regions))
}

/// The regions with the given patterns, in the same order.
///
/// # Errors
/// [`Error::Input`] where a pattern is that of no region on the domain; else as [`patterns`].
pub fn describe(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    patterns: &[ActivationPattern],
    threads: usize,
) -> Result<Vec<Region>> {
    Describer::new(map.clone(), domain)?.describe(patterns, threads)
}

/// A map and a domain made ready for the description of regions.
pub struct Describer {
    map: PiecewiseLinearMap,
    problem: Problem,
    border: Vec<Vec<Integer>>,
}

impl Describer {
    /// Prepares a map and a domain: O(weights).
    ///
    /// # Errors
    /// As [`patterns`].
    pub fn new(map: PiecewiseLinearMap, domain: &Domain) -> Result<Self> {
        let (problem, border) = (Problem::new(&map, domain)?, domain.half_spaces(map.inputs())?);
        Ok(Describer { map, problem, border })
    }

    /// The regions with the given patterns, in the same order.
    ///
    /// # Errors
    /// As [`describe`].
    pub fn describe(&self, patterns: &[ActivationPattern], threads: usize) -> Result<Vec<Region>> {
        let one = |cells: &mut RowCells<'_>, pattern: &ActivationPattern| self.region(cells, pattern);
        let cells = || RowCells::new(&self.problem, false);
        if threads <= 1 {
            let mut cells = cells();
            return patterns.iter().map(|pattern| one(&mut cells, pattern)).collect();
        }
        let pool = super::driver::thread_pool(threads)?;
        pool.install(|| patterns.par_iter().map_init(cells, one).collect())
    }

    fn region(&self, cells: &mut RowCells<'_>, pattern: &ActivationPattern) -> Result<Region> {
        let outline = if pattern.neurons() == self.map.neurons() { cells.outline(pattern)? } else { None };
        let Some(outline) = outline else {
            return Err(Error::input(
                format!("pattern {pattern}"),
                "no region of the domain has it",
                "give patterns that an enumeration of the same map and domain found",
            ));
        };
        let forms = self.map.forms_on(pattern);
        let (outputs, hidden) = forms.split_last().expect("there is an output layer");
        let rows: Vec<Vec<Integer>> =
            hidden.iter().flat_map(|layer| &layer.rows).map(|row| primitive(row)).collect();
        let facets = self.facets(&outline, pattern, &rows)?;
        Ok(Region {
            pattern: pattern.clone(),
            interior_point: self.problem.lift(&outline.interior),
            facets,
            vertices: Vec::new(),
            rays: Vec::new(),
            lines: Vec::new(),
            affine: outputs.affine_piece(),
        })
    }

    fn facets(
        &self,
        outline: &Outline,
        pattern: &ActivationPattern,
        rows: &[Vec<Integer>],
    ) -> Result<Vec<Facet>> {
        let facet = |(source, point): &(Source, Vec<Rational>)| {
            let (half_space, border) = match *source {
                Source::Border(i) => (self.border[i as usize].clone(), true),
                Source::Neuron(layer, neuron) => {
                    let index = self.problem.offsets[layer as usize] + neuron as usize;
                    let row = &rows[index];
                    (if pattern.is_active(index) { row.clone() } else { negated(row) }, false)
                }
                Source::Infinity => {
                    return Err(Error::inconsistent("outline of a region", "a facet lies at infinity"));
                }
            };
            let opposite = negated(&half_space);
            let touching = |&neuron: &usize| rows[neuron] == half_space || rows[neuron] == opposite;
            let neurons = if border { Vec::new() } else { (0..rows.len()).filter(touching).collect() };
            Ok(Facet { half_space, border, neurons, interior_point: self.problem.lift(point) })
        };
        outline.facets.iter().map(facet).collect()
    }
}

fn primitive(row: &[Integer]) -> Vec<Integer> {
    primitive_row(&row.iter().cloned().map(Rational::from).collect::<Vec<_>>()).0
}

fn negated(row: &[Integer]) -> Vec<Integer> {
    row.iter().map(|entry| -entry).collect()
}
