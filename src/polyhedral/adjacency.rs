//! Which regions share a facet, and the proof of completeness that follows from it.

use super::{ActivationPattern, Facet, PiecewiseLinearMap, Region, Regions};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational};

/// The facet graph of an enumeration.
///
/// A set of regions is complete iff it is not empty and the neighbour beyond every facet that is not on the border of
/// the domain is in the set: the interior of the domain minus all faces of codimension two is connected, so a walk
/// across facets reaches everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjacency {
    /// `neighbours[r][f]` is the region beyond facet `f` of region `r`.
    neighbours: Vec<Vec<Beyond>>,
}

/// What lies beyond a facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// The region with this index.
    Region(usize),
    /// Nothing: the facet is on the border of the domain.
    Border,
    /// A region that is not in the set.
    Missing,
}

impl Adjacency {
    /// Steps across every facet of every region.
    ///
    /// Cost: that of [`patterns_beyond`] for every region.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where stepping across a facet leads back to the same region or the neighbour has no
    /// facet back.
    pub fn new(regions: &Regions) -> Result<Self> {
        let neighbours = regions.iter().map(|region| step_across(regions, region)).collect::<Result<_>>()?;
        let adjacency = Adjacency { neighbours };
        for (r, facets) in adjacency.neighbours.iter().enumerate() {
            for beyond in facets {
                if let Beyond::Region(other) = *beyond
                    && !adjacency.neighbours[other].contains(&Beyond::Region(r))
                {
                    return Err(Error::inconsistent(
                        "adjacency of regions",
                        format!("region {r} borders on region {other} but not the other way round"),
                    ));
                }
            }
        }
        Ok(adjacency)
    }

    /// What lies beyond each facet of a region, in the order of its facets.
    ///
    /// # Panics
    /// Panics where there is no such region.
    pub fn beyond(&self, region: usize) -> &[Beyond] {
        &self.neighbours[region]
    }

    /// The pairs `(r, s)` with `r < s` of regions that share a facet, in lexicographic order.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> = self
            .neighbours
            .iter()
            .enumerate()
            .flat_map(|(r, facets)| {
                facets.iter().filter_map(move |beyond| match *beyond {
                    Beyond::Region(s) if r < s => Some((r, s)),
                    _ => None,
                })
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Whether the set of regions is complete.
    pub fn is_complete(&self) -> bool {
        !self.neighbours.is_empty()
            && self.neighbours.iter().flatten().all(|&beyond| beyond != Beyond::Missing)
    }
}

/// The patterns of the regions beyond the facets of a region, in the order of its facets; `None` on the border of the domain.
///
/// A neuron whose form on the region is not zero keeps its sign across a facet on which the form does not vanish. So where no
/// form is zero and one neuron alone vanishes on the facet, that one changes and no other. Elsewhere an exact step decides.
///
/// Cost: one exact composition of all layers, and one exact evaluation for every facet on which several neurons vanish.
///
/// # Errors
/// [`Error::Shape`] where the region has another dimension than the map.
pub fn patterns_beyond(map: &PiecewiseLinearMap, region: &Region) -> Result<Vec<Option<ActivationPattern>>> {
    let forms = map.forms_on(&region.pattern);
    let hidden = &forms[..map.hidden_layers()];
    let some_zero = hidden.iter().flat_map(|layer| &layer.rows).any(|form| form.iter().all(Integer::is_zero));
    let beyond = |facet: &Facet| {
        if facet.border {
            return Ok(None);
        }
        if let ([neuron], false) = (facet.neurons.as_slice(), some_zero) {
            let mut pattern = region.pattern.clone();
            pattern.set(*neuron, !pattern.is_active(*neuron));
            return Ok(Some(pattern));
        }
        let outwards = facet.half_space[..map.inputs()].iter().map(|a| Rational::from(-a)).collect();
        map.pattern_towards(&facet.interior_point, &[outwards]).map(Some)
    };
    region.facets.iter().map(beyond).collect()
}

fn step_across(regions: &Regions, region: &Region) -> Result<Vec<Beyond>> {
    let mut beyond = Vec::with_capacity(region.facets.len());
    for pattern in patterns_beyond(regions.map(), region)? {
        let Some(pattern) = pattern else {
            beyond.push(Beyond::Border);
            continue;
        };
        if pattern == region.pattern {
            return Err(Error::inconsistent(
                "adjacency of regions",
                format!("the step across a facet of region {pattern} leads back to it"),
            ));
        }
        beyond.push(regions.find(&pattern).map_or(Beyond::Missing, Beyond::Region));
    }
    Ok(beyond)
}
