//! Questions about linear regions: where to look, and what the answer counts.

use super::network_symmetry::NetworkSymmetry;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, exact, parse_decimal};
use crate::polyhedral::plain::{self, Limits};
use crate::polyhedral::{Adjacency, Domain, RegionOrbits, Regions, merged};
use crate::shallow::form::piecewise_linear_map;
use std::collections::BTreeMap;

/// Where regions are looked for.
#[derive(Clone, Debug, PartialEq)]
pub enum RegionDomain {
    /// The whole input space.
    All,
    /// The box with the same ends in every coordinate.
    Cube {
        /// The lower end.
        lo: Rational,
        /// The upper end.
        hi: Rational,
    },
    /// The segment between two points, in the parameter from 0 to 1.
    Segment(Vec<Vec<Rational>>),
    /// The plane through three points `p, q, r`, in the coordinates `p + s (q - p) + t (r - p)`.
    Plane(Vec<Vec<Rational>>),
}

impl RegionDomain {
    /// Reads `all` or `box:LO,HI`; `segment:` and `plane:` name files, which the caller reads (see
    /// [`through`](Self::through)).
    ///
    /// # Errors
    /// [`Error::Input`] for other texts and for `LO >= HI`. Decimals are taken as the numbers that they write.
    ///
    /// ```
    /// use isotypic::analysis::region_query::RegionDomain;
    /// assert_eq!(RegionDomain::parse("all")?, RegionDomain::All);
    /// assert!(RegionDomain::parse("box:-1,1").is_ok());
    /// assert!(RegionDomain::parse("box:1,-1").is_err());
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let mend = "write all, box:LO,HI with LO < HI, segment:FILE or plane:FILE";
        if text == "all" {
            return Ok(RegionDomain::All);
        }
        let Some(ends) = text.strip_prefix("box:") else {
            return Err(Error::input(format!("domain '{text}'"), "unknown kind of domain", mend));
        };
        let ends: Vec<Option<Rational>> = ends.split(',').map(parse_decimal).collect();
        match ends.as_slice() {
            [Some(lo), Some(hi)] if lo < hi => Ok(RegionDomain::Cube { lo: lo.clone(), hi: hi.clone() }),
            [Some(_), Some(_)] => {
                Err(Error::input(format!("domain '{text}'"), "the box is empty: LO is not below HI", mend))
            }
            _ => Err(Error::input(format!("domain '{text}'"), "a box needs two numbers", mend)),
        }
    }

    /// The segment through two points, or the plane through three.
    ///
    /// # Errors
    /// [`Error::Input`] for another number of points, or where they do not span.
    pub fn through(name: &str, points: &[Vec<f64>]) -> Result<Self> {
        let mend = "give two points for a segment, three for a plane, one row each, in general position";
        let points: Option<Vec<Vec<Rational>>> =
            points.iter().map(|point| point.iter().map(|&x| exact(x)).collect()).collect();
        let points = points.ok_or_else(|| Error::input(name, "a coordinate is not finite", mend))?;
        let independent = match points.as_slice() {
            [p, q] => p != q,
            [p, q, r] => !parallel(&difference(q, p), &difference(r, p)),
            _ => return Err(Error::input(name, format!("{} points", points.len()), mend)),
        };
        if !independent {
            return Err(Error::input(name, "the points do not span", mend));
        }
        Ok(if points.len() == 2 { RegionDomain::Segment(points) } else { RegionDomain::Plane(points) })
    }

    /// A name for reports.
    pub fn name(&self) -> String {
        match self {
            RegionDomain::All => "all".into(),
            RegionDomain::Cube { lo, hi } => format!("box:{lo},{hi}"),
            RegionDomain::Segment(_) => "segment".into(),
            RegionDomain::Plane(_) => "plane".into(),
        }
    }

    /// The network restricted to the domain, and the domain in its coordinates.
    ///
    /// # Errors
    /// [`Error::Shape`] where the points of a segment or plane do not have one coordinate for each input.
    pub fn restrict(&self, network: &Network) -> Result<(Network, Domain)> {
        match self {
            RegionDomain::All => Ok((network.clone(), Domain::WholeSpace)),
            RegionDomain::Cube { lo, hi } => {
                Ok((network.clone(), Domain::cube(network.inputs(), lo.clone(), hi.clone())?))
            }
            RegionDomain::Segment(points) => {
                Ok((self.slice(network, points)?, Domain::cube(1, Rational::ZERO, Rational::ONE)?))
            }
            RegionDomain::Plane(points) => Ok((self.slice(network, points)?, Domain::WholeSpace)),
        }
    }

    /// The affine slice that the domain lies in, one row per input of the network with the constant last, and the domain
    /// in the coordinates of the slice; for a domain of the whole input space no slice.
    ///
    /// # Errors
    /// As [`restrict`](Self::restrict).
    pub fn place(&self, network: &Network) -> Result<(Option<Vec<Vec<Rational>>>, Domain)> {
        let (_, domain) = self.restrict(network)?;
        Ok(match self {
            RegionDomain::Segment(points) | RegionDomain::Plane(points) => (Some(embedding(points)), domain),
            RegionDomain::All | RegionDomain::Cube { .. } => (None, domain),
        })
    }

    fn slice(&self, network: &Network, points: &[Vec<Rational>]) -> Result<Network> {
        if points[0].len() != network.inputs() {
            return Err(Error::shape(
                format!("domain {}", self.name()),
                format!("points with {} coordinates, one for each input of the network", network.inputs()),
                points[0].len(),
                "give one point in each row",
            ));
        }
        Ok(network.behind_embedding(points.len() - 1, &embedding(points)))
    }
}

fn difference(q: &[Rational], p: &[Rational]) -> Vec<Rational> {
    q.iter().zip(p).map(|(q, p)| q - p).collect()
}

fn parallel(u: &[Rational], v: &[Rational]) -> bool {
    (0..u.len()).all(|i| (0..i).all(|j| &u[i] * &v[j] == &u[j] * &v[i]))
}

/// Row `i` holds the coefficients of coordinate `i` in the parameters, then its constant.
fn embedding(points: &[Vec<Rational>]) -> Vec<Vec<Rational>> {
    let origin = &points[0];
    let directions: Vec<Vec<Rational>> = points[1..].iter().map(|point| difference(point, origin)).collect();
    (0..origin.len())
        .map(|i| directions.iter().map(|direction| direction[i].clone()).chain([origin[i].clone()]).collect())
        .collect()
}

/// What is counted beyond the regions themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegionOptions {
    /// Count different affine maps and connected linear regions.
    pub merge: bool,
    /// The limits of the enumeration.
    pub limits: Limits,
}

/// The regions of a network on a domain, with their counts.
pub struct RegionAnswer {
    /// The regions.
    pub regions: Regions,
    /// The orbits of regions, where a symmetry was given.
    pub orbits: Option<RegionOrbits>,
    /// Whether adjacency closure proves that no region is missing.
    pub certified: bool,
    /// The number of pairs of regions that share a facet.
    pub adjacent_pairs: usize,
    /// The number of different affine maps, where asked for.
    pub distinct_affine: Option<usize>,
    /// The number of connected linear regions, where asked for.
    pub linear_regions_connected: Option<usize>,
}

impl RegionAnswer {
    /// Enumerates the regions by the plain exact engine.
    ///
    /// # Errors
    /// As the engine; [`Error::Input`] where a symmetry is given with a domain that it does not keep.
    pub fn new(
        network: &Network,
        domain: &RegionDomain,
        symmetry: Option<&NetworkSymmetry>,
        options: &RegionOptions,
    ) -> Result<Self> {
        let symmetry = match (symmetry, domain) {
            (None, _) => None,
            (Some(symmetry), RegionDomain::All | RegionDomain::Cube { .. }) => {
                Some(symmetry.layer_symmetry()?)
            }
            (Some(_), _) => {
                return Err(Error::input(
                    format!("domain {}", domain.name()),
                    "the group does not keep it",
                    "count orbits on 'all' or on a box, or leave out --group",
                ));
            }
        };
        let (network, domain) = domain.restrict(network)?;
        let map = piecewise_linear_map(&network)?;
        let regions = plain::enumerate_within(&map, &domain, options.limits)?;
        let adjacency = Adjacency::new(&regions)?;
        let orbits = symmetry.map(|symmetry| RegionOrbits::new(&regions, &symmetry)).transpose()?;
        Ok(RegionAnswer {
            orbits,
            certified: adjacency.is_complete(),
            adjacent_pairs: adjacency.pairs().len(),
            distinct_affine: options.merge.then(|| merged::distinct_affine(&regions)),
            linear_regions_connected: options
                .merge
                .then(|| merged::linear_regions_connected(&regions, &adjacency)),
            regions,
        })
    }

    /// How many orbits there are of each size; empty without a symmetry.
    pub fn orbit_sizes(&self) -> BTreeMap<usize, usize> {
        self.orbits.as_ref().map(RegionOrbits::sizes).unwrap_or_default()
    }
}
