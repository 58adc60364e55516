//! Where regions are looked for: domains as users describe them.

use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::elimination::rank;
use crate::num::{Rational, exact, parse_number, primitive_row};
use crate::polyhedral::Domain;

/// A convex part of a network's input space, or of an affine slice of it.
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
    /// A box with ends of its own in every coordinate.
    Box {
        /// The lower ends.
        lo: Vec<Rational>,
        /// The upper ends.
        hi: Vec<Rational>,
    },
    /// The points with `row[..d] . x + row[d] >= 0` for every row.
    Polytope(Vec<Vec<Rational>>),
    /// The points that differ from the center by at most the radius in every coordinate.
    Near {
        /// The center.
        center: Vec<Rational>,
        /// The radius.
        radius: Rational,
    },
    /// The segment between two points, in the parameter from 0 to 1.
    Segment(Vec<Vec<Rational>>),
    /// The plane through three points `p, q, r`, in the coordinates `p + s (q - p) + t (r - p)`.
    Plane(Vec<Vec<Rational>>),
    /// The affine space through `k + 1` points `p_0, ..., p_k`, in the coordinates `p_0 + sum_i s_i (p_i - p_0)`.
    Slice(Vec<Vec<Rational>>),
    /// What all of these have in common; at most one of them may be a segment, plane or slice.
    Common(Vec<RegionDomain>),
}

/// How domains are written.
const MEND: &str = "write all, box:LO,HI with LO < HI, box:LO..HI,LO..HI,... with one interval per input, polytope:FILE, \
                    near:FILE,RADIUS, segment:FILE, plane:FILE or slice:FILE";

impl RegionDomain {
    /// Reads `all`, `box:LO,HI` or `box:LO..HI,LO..HI,...`; the other kinds name files, which the caller reads (see
    /// [`from_rows`](Self::from_rows)).
    ///
    /// # Errors
    /// [`Error::Input`] for other texts and for `LO >= HI`. Decimals are taken as the numbers that they write.
    ///
    /// ```
    /// use isotypic::analysis::RegionDomain;
    /// assert_eq!(RegionDomain::parse("all")?, RegionDomain::All);
    /// assert!(RegionDomain::parse("box:-1,1").is_ok());
    /// assert!(RegionDomain::parse("box:-1..1,0..0.5").is_ok());
    /// assert!(RegionDomain::parse("box:1,-1").is_err());
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = |problem: String| Err(Error::input(format!("domain '{text}'"), problem, MEND));
        if text == "all" {
            return Ok(RegionDomain::All);
        }
        let Some(ends) = text.strip_prefix("box:") else {
            return refuse("unknown kind of domain".into());
        };
        if !ends.contains("..") {
            let ends: Vec<Option<Rational>> = ends.split(',').map(parse_number).collect();
            return match ends.as_slice() {
                [Some(lo), Some(hi)] if lo < hi => Ok(RegionDomain::Cube { lo: lo.clone(), hi: hi.clone() }),
                [Some(_), Some(_)] => refuse("the box is empty: LO is not below HI".into()),
                _ => refuse("a box needs two numbers".into()),
            };
        }
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for interval in ends.split(',') {
            let ends = interval.split_once("..").map(|(lo, hi)| (parse_number(lo), parse_number(hi)));
            let Some((Some(lo), Some(hi))) = ends else {
                return refuse(format!("'{interval}' is no interval LO..HI"));
            };
            if lo >= hi {
                return refuse(format!("the interval {interval} is empty: LO is not below HI"));
            }
            low.push(lo);
            high.push(hi);
        }
        Ok(RegionDomain::Box { lo: low, hi: high })
    }

    /// A domain that a table describes: `segment` (two points), `plane` (three), `slice` (two or more), one row each, or
    /// `polytope` (rows of coefficients and then the constant, `>= 0`).
    ///
    /// # Errors
    /// [`Error::Shape`] for another number of points, [`Error::Input`] where they do not span and for other kinds.
    pub fn from_rows(kind: &str, file: &str, rows: Vec<Vec<Rational>>) -> Result<Self> {
        let counted = |needed: usize| {
            if rows.len() == needed {
                return Ok(());
            }
            Err(Error::shape(
                format!("domain {kind}:{file}"),
                format!("{needed} points, one in each row"),
                rows.len(),
                "give two points for a segment, three for a plane, k + 1 for a slice of k dimensions",
            ))
        };
        match kind {
            "polytope" => return Ok(RegionDomain::Polytope(rows)),
            "segment" => counted(2)?,
            "plane" => counted(3)?,
            "slice" if rows.len() < 2 => counted(2)?,
            "slice" => {}
            _ => {
                return Err(Error::input(
                    format!("domain '{kind}:{file}'"),
                    "no table describes this kind",
                    MEND,
                ));
            }
        }
        let directions: Vec<_> =
            rows[1..].iter().map(|point| primitive_row(&difference(point, &rows[0])).0).collect();
        if rank(&directions) < directions.len() {
            return Err(Error::input(
                format!("domain {kind}:{file}"),
                "the points do not span",
                "give points in general position, one row each",
            ));
        }
        Ok(match kind {
            "segment" => RegionDomain::Segment(rows),
            "plane" => RegionDomain::Plane(rows),
            _ => RegionDomain::Slice(rows),
        })
    }

    /// The segment through two points, or the plane through three.
    ///
    /// # Errors
    /// As [`from_rows`](Self::from_rows); [`Error::Input`] for a coordinate that is not finite.
    pub fn through(name: &str, points: &[Vec<f64>]) -> Result<Self> {
        let points: Option<Vec<Vec<Rational>>> =
            points.iter().map(|point| point.iter().map(|&x| exact(x)).collect()).collect();
        let points = points
            .ok_or_else(|| Error::input(name, "a coordinate is not finite", "give finite coordinates"))?;
        let kind = if points.len() == 2 { "segment" } else { "plane" };
        RegionDomain::from_rows(kind, name, points)
    }

    /// The neighbourhood of a point in the maximum norm.
    ///
    /// # Errors
    /// [`Error::Input`] unless the radius is positive.
    pub fn near(center: Vec<Rational>, radius: Rational) -> Result<Self> {
        if radius <= Rational::ZERO {
            return Err(Error::input(
                "domain near",
                format!("the radius is {radius}"),
                "give a positive radius",
            ));
        }
        Ok(RegionDomain::Near { center, radius })
    }

    /// What several domains have in common.
    ///
    /// # Errors
    /// [`Error::Input`] where more than one of them is a segment, plane or slice.
    pub fn common(mut domains: Vec<RegionDomain>) -> Result<Self> {
        if domains.len() == 1 {
            return Ok(domains.remove(0));
        }
        if domains.iter().filter(|domain| domain.slice().is_some()).count() > 1 {
            return Err(Error::input(
                "domain",
                "more than one segment, plane or slice",
                "give at most one of these; boxes, polytopes and neighbourhoods may be added to it",
            ));
        }
        Ok(RegionDomain::Common(domains))
    }

    /// A name for reports.
    pub fn name(&self) -> String {
        match self {
            RegionDomain::All => "all".into(),
            RegionDomain::Cube { lo, hi } => format!("box:{lo},{hi}"),
            RegionDomain::Box { lo, hi } => {
                let intervals: Vec<String> =
                    lo.iter().zip(hi).map(|(lo, hi)| format!("{lo}..{hi}")).collect();
                format!("box:{}", intervals.join(","))
            }
            RegionDomain::Polytope(rows) => format!("polytope of {} half-spaces", rows.len()),
            RegionDomain::Near { radius, .. } => format!("near a point, radius {radius}"),
            RegionDomain::Segment(_) => "segment".into(),
            RegionDomain::Plane(_) => "plane".into(),
            RegionDomain::Slice(points) => format!("slice of dimension {}", points.len() - 1),
            RegionDomain::Common(domains) => {
                domains.iter().map(RegionDomain::name).collect::<Vec<_>>().join(" and ")
            }
        }
    }

    /// The points that span the slice, where the domain is in one.
    fn slice(&self) -> Option<&[Vec<Rational>]> {
        match self {
            RegionDomain::Segment(points) | RegionDomain::Plane(points) | RegionDomain::Slice(points) => {
                Some(points)
            }
            RegionDomain::Common(domains) => domains.iter().find_map(RegionDomain::slice),
            _ => None,
        }
    }

    /// Whether the domain is part of a segment, plane or slice.
    pub fn is_sliced(&self) -> bool {
        self.slice().is_some()
    }

    /// How the domain's coordinates `u` lie in the input space, `x = E u + e`: row `i` holds row `i` of `E` and then `e_i`.
    /// `None` where they are the inputs themselves.
    pub fn embedding(&self) -> Option<Vec<Vec<Rational>>> {
        let points = self.slice()?;
        let directions: Vec<Vec<Rational>> =
            points[1..].iter().map(|point| difference(point, &points[0])).collect();
        let row = |i: usize| {
            directions.iter().map(|direction| direction[i].clone()).chain([points[0][i].clone()]).collect()
        };
        Some((0..points[0].len()).map(row).collect())
    }

    /// The network restricted to the domain, and the domain in its coordinates.
    ///
    /// # Errors
    /// [`Error::Shape`] where points or rows do not have one coordinate for each input.
    pub fn restrict(&self, network: &Network) -> Result<(Network, Domain)> {
        let inputs = network.inputs();
        let Some(embedding) = self.embedding() else {
            return Ok((network.clone(), self.of_inputs(inputs)?));
        };
        if embedding.len() != inputs {
            return Err(Error::shape(
                format!("domain {}", self.name()),
                format!("points with {inputs} coordinates, one for each input of the network"),
                embedding.len(),
                "give one point in each row",
            ));
        }
        let parameters = embedding[0].len() - 1;
        let mut rows = Vec::new();
        self.rows_on_slice(inputs, &embedding, &mut rows)?;
        let domain = match self {
            RegionDomain::Segment(_) => Domain::cube(1, Rational::ZERO, Rational::ONE)?,
            _ if rows.is_empty() => Domain::WholeSpace,
            _ => Domain::Polytope(rows),
        };
        Ok((network.behind_embedding(parameters, &embedding), domain))
    }

    /// The domain in the coordinates of the inputs, where it is in no slice.
    fn of_inputs(&self, inputs: usize) -> Result<Domain> {
        let domain = match self {
            RegionDomain::Cube { lo, hi } => Domain::cube(inputs, lo.clone(), hi.clone())?,
            RegionDomain::Box { lo, hi } => Domain::Box { lo: lo.clone(), hi: hi.clone() },
            RegionDomain::Polytope(rows) => Domain::Polytope(rows.clone()),
            RegionDomain::Near { center, radius } => Domain::neighbourhood(center, radius)?,
            RegionDomain::Common(domains) => {
                let mut rows = Vec::new();
                for domain in domains {
                    let of_domain = domain.of_inputs(inputs)?.half_spaces(inputs)?;
                    rows.extend(
                        of_domain.into_iter().map(|row| row.into_iter().map(Rational::from).collect()),
                    );
                }
                Domain::Polytope(rows)
            }
            _ => Domain::WholeSpace,
        };
        domain.half_spaces(inputs)?;
        Ok(domain)
    }

    /// Adds the half-spaces of the domain as rows in the coordinates of the slice.
    fn rows_on_slice(
        &self,
        inputs: usize,
        embedding: &[Vec<Rational>],
        rows: &mut Vec<Vec<Rational>>,
    ) -> Result<()> {
        match self {
            RegionDomain::Common(domains) => {
                domains.iter().try_for_each(|domain| domain.rows_on_slice(inputs, embedding, rows))
            }
            RegionDomain::Segment(_) => {
                rows.push(vec![Rational::ONE, Rational::ZERO]);
                rows.push(vec![-Rational::ONE, Rational::ONE]);
                Ok(())
            }
            _ => {
                for row in self.of_inputs(inputs)?.half_spaces(inputs)? {
                    let columns = embedding[0].len();
                    let mut pulled = vec![Rational::ZERO; columns];
                    pulled[columns - 1] = Rational::from(row[inputs].clone());
                    for (a, inner) in row.iter().zip(embedding) {
                        let a = Rational::from(a.clone());
                        pulled.iter_mut().zip(inner).for_each(|(entry, value)| *entry += &a * value);
                    }
                    if pulled[..columns - 1].iter().all(Rational::is_zero)
                        && pulled[columns - 1] < Rational::ZERO
                    {
                        return Err(Error::input(
                            format!("domain {}", self.name()),
                            "the segment, plane or slice does not meet it",
                            "choose points whose span meets the other domains",
                        ));
                    }
                    rows.push(pulled);
                }
                Ok(())
            }
        }
    }
}

fn difference(q: &[Rational], p: &[Rational]) -> Vec<Rational> {
    q.iter().zip(p).map(|(q, p)| q - p).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::AffineLayer;
    use nalgebra::{dmatrix, dvector};

    fn numbers(entries: &[i32]) -> Vec<Rational> {
        entries.iter().map(|&n| Rational::from(n)).collect()
    }

    fn network() -> Network {
        let layer = AffineLayer::new(dmatrix![1.0, 2.0, -1.0], dvector![0.5]).unwrap();
        Network::new(vec![layer], vec![]).unwrap()
    }

    #[test]
    fn a_slice_within_a_box_is_a_polytope_in_its_coordinates() {
        let points = vec![numbers(&[0, 0, 0]), numbers(&[1, 0, 0]), numbers(&[0, 2, 0])];
        let plane = RegionDomain::from_rows("plane", "p", points).unwrap();
        let cube = RegionDomain::parse("box:-1,1").unwrap();
        let (sliced, domain) = RegionDomain::common(vec![plane, cube]).unwrap().restrict(&network()).unwrap();
        assert_eq!(sliced.inputs(), 2);
        assert!(domain.contains(&[Rational::ONE, Rational::ONE / Rational::from(2)]).unwrap());
        assert!(!domain.contains(&[Rational::ZERO, Rational::ONE]).unwrap());
    }

    #[test]
    fn misfits_are_refused() {
        let network = network();
        let flat = vec![numbers(&[0, 0, 0]), numbers(&[1, 1, 1]), numbers(&[2, 2, 2])];
        assert!(RegionDomain::from_rows("slice", "f", flat.clone()).is_err());
        assert!(RegionDomain::from_rows("segment", "f", flat).is_err());
        assert!(RegionDomain::near(numbers(&[0, 0, 0]), Rational::ZERO).is_err());
        assert!(RegionDomain::near(numbers(&[0]), Rational::ONE).unwrap().restrict(&network).is_err());
        assert!(RegionDomain::parse("box:0..1,0..1").unwrap().restrict(&network).is_err());
        assert!(RegionDomain::Polytope(vec![numbers(&[1, 2])]).restrict(&network).is_err());
        let segment = RegionDomain::from_rows("segment", "s", vec![numbers(&[0]), numbers(&[1])]).unwrap();
        assert!(segment.restrict(&network).is_err());
        assert!(RegionDomain::common(vec![segment.clone(), segment]).is_err());
        for text in ["box:0..1,2", "box:1..0", "box:..", "ball", "box:1,2,3"] {
            assert!(RegionDomain::parse(text).is_err(), "{text}");
        }
    }
}
