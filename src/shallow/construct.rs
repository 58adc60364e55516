//! From a network to its three-layer form, one region per orbit.

use super::boundary::Boundary;
use super::chamber::Chamber;
use super::extent::Extent;
use super::farkas::combination;
use super::form::{Options, piecewise_linear_map};
use super::masked::MaskedLayers;
use super::orbit_form::{OrbitFacet, OrbitForm, SelectorOrbit, images_of_rows};
use super::provenance::{Provenance, network_hash};
use super::symmetry::LayerSymmetry;
use super::{OrbitSearch, Viewpoint, negated, short_points};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::Integer;
use crate::polyhedral::describe::describe;
use crate::polyhedral::{self, ActivationPattern, AffinePiece, Domain, PiecewiseLinearMap, Region, Regions};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::ControlFlow;

impl OrbitForm {
    /// Writes a network in the three-layer form, one selector per orbit of a group of symmetries.
    ///
    /// The fast engine finds one pattern of each orbit ([`OrbitSearch`]); its region is then described whole, with its
    /// facets, and the facets are proved to be all.
    ///
    /// Cost: the search, about `1 / |G|` of that for all regions; for each orbit two small linear programs per neuron and one
    /// exact solution of `d` equations.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where a limit of the options stops the search; else as [`LayerSymmetry::check`],
    /// [`LayerSymmetry::check_domain`], [`OrbitSearch::for_each`] and [`describe`].
    pub fn from_network(
        network: &Network,
        domain: &Domain,
        symmetry: &LayerSymmetry,
        options: &Options,
    ) -> Result<Self> {
        symmetry.check(network)?;
        symmetry.check_domain(domain, network.inputs())?;
        let map = piecewise_linear_map(network)?;
        let chamber = Chamber::new(network.inputs(), symmetry);
        let found = representatives(&map, domain, symmetry, &options.enumeration)?;
        let mut form = assemble(&map, domain, symmetry, &chamber, found)?;
        form.provenance.network = network_hash(network);
        form.boundary = options.boundary;
        Ok(form)
    }

    /// The form of an enumerated map, with the trivial group.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where there is no region.
    pub fn from_regions(regions: &Regions) -> Result<Self> {
        let trivial = LayerSymmetry::default();
        let chamber = Chamber::new(regions.map().inputs(), &trivial);
        let found = regions.iter().map(|region| (region.clone(), 1)).collect();
        assemble(regions.map(), regions.domain(), &trivial, &chamber, found)
    }

    /// The same form with the names of the group and its action, as they are recorded in files.
    pub fn with_names(mut self, group: impl Into<String>, action: impl Into<String>) -> Self {
        self.provenance.group = group.into();
        self.provenance.action = action.into();
        self
    }
}

/// The largest number of regions, those of whole orbits, of a form: its checker lists the patterns of all.
const MOST_REGIONS: usize = 20_000_000;

/// One region of every orbit, whole, with the size of the orbit.
fn representatives(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &LayerSymmetry,
    options: &polyhedral::Options,
) -> Result<Vec<(Region, usize)>> {
    let (kept, sizes): (Vec<ActivationPattern>, Vec<usize>) =
        pattern_orbits(map, domain, symmetry, options)?.into_iter().unzip();
    let regions: usize = sizes.iter().sum();
    if regions > MOST_REGIONS {
        return Err(Error::too_large(
            "three-layer form",
            format!("a proof that lists {regions} regions"),
            format!("{MOST_REGIONS} regions"),
            "choose a smaller domain",
        ));
    }
    Ok(describe(map, domain, &kept, options.threads)?.into_iter().zip(sizes).collect())
}

/// The pattern of one region of every orbit, with the size of the orbit, by increasing patterns.
///
/// # Errors
/// [`Error::TooLarge`] where a limit of the options stopped the search, or the orbits have more regions than can be counted;
/// else as [`OrbitSearch::for_each`].
pub(super) fn pattern_orbits(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &LayerSymmetry,
    options: &polyhedral::Options,
) -> Result<Vec<(ActivationPattern, usize)>> {
    let mut found = Vec::new();
    // So that sizes can be added up.
    let mut regions = 0usize;
    let mut too_many = false;
    let search = OrbitSearch::new(map.inputs(), symmetry)?;
    let summary = search.for_each(map, domain, options, |pattern, size| {
        let counted = usize::try_from(size).ok().and_then(|size| Some((size, regions.checked_add(size)?)));
        let Some((size, sum)) = counted else {
            too_many = true;
            return ControlFlow::Break(());
        };
        regions = sum;
        found.push((pattern.clone(), size));
        ControlFlow::Continue(())
    })?;
    if too_many {
        return Err(Error::too_large(
            "list of all regions",
            "the number of regions of all orbits",
            format!("{} regions", usize::MAX),
            "choose a smaller domain",
        ));
    }
    if !summary.is_complete() {
        let visited = if search.symmetry().is_some() { "orbits of regions" } else { "regions" };
        return Err(Error::too_large(
            "list of all regions",
            format!("the number of {visited}"),
            format!("{} {visited}, or of time", summary.regions),
            "raise the limit, or choose a smaller domain",
        ));
    }
    found.sort_unstable();
    Ok(found)
}

/// Numbers rows and pieces, finds the viewpoint, and proves the facets complete.
fn assemble(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &LayerSymmetry,
    chamber: &Chamber,
    mut found: Vec<(Region, usize)>,
) -> Result<OrbitForm> {
    found.sort_by(|(a, _), (b, _)| a.pattern.cmp(&b.pattern));
    let Some((first, _)) = found.first() else {
        return Err(Error::inconsistent("three-layer form", "an enumeration without any region"));
    };
    let facets = found.iter().flat_map(|(region, _)| &region.facets);
    let mut rows: Vec<Vec<Integer>> = facets.map(|facet| negated(&facet.half_space)).collect();
    rows.sort_unstable();
    rows.dedup();
    let all_rows = images_of_rows(&rows, symmetry);
    let viewpoint = Viewpoint::generic(domain, &first.interior_point, &all_rows, chamber)?;
    let index: FxHashMap<&Vec<Integer>, usize> = rows.iter().enumerate().map(|(k, row)| (row, k)).collect();
    let mut pieces = PieceTable::default();
    let prover =
        Prover { layers: MaskedLayers::new(map), border: domain.half_spaces(map.inputs())?, rows: &rows };
    let orbits = found
        .into_iter()
        .map(|(region, size)| {
            let mut facets: Vec<OrbitFacet> = region
                .facets
                .into_iter()
                .map(|facet| OrbitFacet {
                    row: index[&negated(&facet.half_space)],
                    point: facet.interior_point,
                })
                .collect();
            facets.sort_unstable_by_key(|facet| facet.row);
            let piece = pieces.index_of(&region.affine);
            let Region { pattern, interior_point, .. } = region;
            let (extent, implied) = (Vec::new(), Vec::new());
            SelectorOrbit { pattern, facets, interior_point, piece, size, extent, implied }
        })
        .collect::<Vec<SelectorOrbit>>()
        .into_par_iter()
        .map(|orbit| prover.with_proof(orbit))
        .collect::<Result<Vec<SelectorOrbit>>>()?;
    Ok(OrbitForm {
        inputs: map.inputs(),
        outputs: map.outputs(),
        hidden: (0..map.hidden_layers()).map(|l| map.width(l)).collect(),
        domain: domain.clone(),
        boundary: Boundary::default(),
        symmetry: symmetry.clone(),
        viewpoint,
        rows,
        pieces: pieces.pieces,
        orbits,
        slice: None,
        provenance: Provenance::default(),
    })
}

/// Proves that the facets of a region imply all of its inequalities, and shortens its points.
struct Prover<'a> {
    layers: MaskedLayers,
    border: Vec<Vec<Integer>>,
    rows: &'a [Vec<Integer>],
}

impl Prover<'_> {
    fn with_proof(&self, mut orbit: SelectorOrbit) -> Result<SelectorOrbit> {
        let rows: Vec<&[Integer]> =
            orbit.facets.iter().map(|facet| self.rows[facet.row].as_slice()).collect();
        orbit.interior_point = short_points::inside(&rows, &orbit.interior_point);
        for (k, facet) in orbit.facets.iter_mut().enumerate() {
            facet.point = short_points::on_facet(&rows, k, &facet.point);
        }
        let facets: Vec<Vec<Integer>> = rows.into_iter().map(negated).collect();
        let inequalities = self.layers.inequalities(&orbit.pattern, &self.border);
        let extent = Extent::new(orbit.interior_point.len(), &facets, inequalities.len());
        orbit.implied = inequalities
            .iter()
            .map(|inequality| {
                if extent.implies(inequality) {
                    return Ok(Vec::new());
                }
                let found = combination(inequality, &facets);
                found.map(|found| found.terms.into_iter().map(|(facet, _)| facet).collect()).ok_or_else(
                    || {
                        Error::inconsistent(
                            "three-layer form",
                            format!("the facets of region {} do not imply its inequalities", orbit.pattern),
                        )
                    },
                )
            })
            .collect::<Result<_>>()?;
        orbit.extent = extent.supports;
        Ok(orbit)
    }
}

/// Affine pieces, each stored once.
#[derive(Default)]
pub(super) struct PieceTable {
    pub(super) pieces: Vec<AffinePiece>,
    index: FxHashMap<AffinePiece, usize>,
}

impl PieceTable {
    pub(super) fn index_of(&mut self, piece: &AffinePiece) -> usize {
        if let Some(&known) = self.index.get(piece) {
            return known;
        }
        let next = self.pieces.len();
        self.pieces.push(piece.clone());
        self.index.insert(piece.clone(), next);
        next
    }
}
