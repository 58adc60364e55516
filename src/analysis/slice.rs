//! A plane through the input space on which the symmetry can be seen, and the regions that it meets.

use super::network_symmetry::NetworkSymmetry;
use crate::error::{Error, Result};
use crate::harmonic::Spectrum;
use crate::network::{ChannelOrder, InputLayout, Network};
use crate::num::{Rational, exact, nearest_f64};
use crate::polyhedral::{ActivationPattern, Domain, PatternSymmetry, plain};
use crate::shallow::form::piecewise_linear_map;
use rustc_hash::FxHashMap;

/// Orbits of patterns are followed up to this length.
const LONGEST_ORBIT: usize = 5040;

/// The plane `center + s u + t v`: `u` and `v` are orthogonal, of equal length, and span a copy of a two-dimensional
/// simple piece where there is one.
#[derive(Clone, Debug)]
pub struct SymmetricPlane {
    /// The point at `s = t = 0`; the group fixes it.
    pub center: Vec<f64>,
    /// The first direction.
    pub u: Vec<f64>,
    /// The second direction.
    pub v: Vec<f64>,
    /// What the directions were taken from, in words.
    pub pieces: String,
}

impl SymmetricPlane {
    /// Chooses the plane. The center is constant on every channel, at the mean of the data there (0 without data). The
    /// directions are projections of points of the first channel to non-trivial simple pieces, two-dimensional ones
    /// with small kernel first. The entries are rounded to `f64`; the plane is what they say, exactly.
    ///
    /// # Errors
    /// [`Error::Input`] where the space has fewer than two dimensions.
    pub fn new(layout: &InputLayout, data: &[Vec<f64>]) -> Result<Self> {
        let inputs = layout.set.size();
        let points = layout.one_channel.size();
        let spectrum = Spectrum::new(&layout.one_channel)?;
        let pieces = spectrum.pieces();
        let mut order: Vec<usize> = (0..pieces.len()).collect();
        order.sort_by_key(|&piece| {
            let trivial = pieces[piece].dim == 1 && pieces[piece].kernel_order == layout.set.group().order();
            (trivial, pieces[piece].dim != 2, pieces[piece].kernel_order.clone(), piece)
        });
        let mut directions: Vec<Vec<f64>> = Vec::new();
        let mut names = Vec::new();
        let candidates = order.into_iter().flat_map(|piece| (0..points.min(8)).map(move |x| (piece, x)));
        for (piece, x) in candidates {
            let mut full = vec![0.0; inputs];
            for (y, entry) in projection(&spectrum, points, piece, x).into_iter().enumerate() {
                full[index(layout, 0, y)] = entry;
            }
            if directions.len() < 2 && extend(&mut directions, full) {
                names.push(format!("piece {}", pieces[piece].label));
            }
        }
        // One channel may be too small; the others' coordinates fill up.
        for i in 0..inputs {
            let unit = (0..inputs).map(|j| f64::from(u8::from(i == j))).collect();
            if directions.len() < 2 && extend(&mut directions, unit) {
                names.push(format!("input {}", i + 1));
            }
        }
        let [u, v] = directions.try_into().map_err(|_| {
            Error::input(
                "symmetric plane",
                "the input has fewer than two dimensions",
                "look at the line itself",
            )
        })?;
        let largest = u.iter().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
        let (to_u, to_v) = (1.0 / largest, norm(&u) / largest / norm(&v));
        names.dedup();
        let scaled = |direction: &[f64], factor: f64| direction.iter().map(|entry| entry * factor).collect();
        Ok(SymmetricPlane {
            center: invariant_mean(layout, data),
            u: scaled(&u, to_u),
            v: scaled(&v, to_v),
            pieces: names.join(" and "),
        })
    }

    /// The coordinates of a point's projection to the plane.
    pub fn coordinates(&self, point: &[f64]) -> (f64, f64) {
        let along = |direction: &[f64]| {
            let product: f64 =
                point.iter().zip(&self.center).zip(direction).map(|((x, c), d)| (x - c) * d).sum();
            product / norm(direction).powi(2)
        };
        (along(&self.u), along(&self.v))
    }
}

/// A region's part in a plane.
#[derive(Clone, Debug)]
pub struct PlaneRegion {
    /// Its corners in plane coordinates, in order around it.
    pub corners: Vec<(f64, f64)>,
    /// Regions in one orbit of the group share a number.
    pub orbit: usize,
}

/// The regions that the plane meets within `|s|, |t| <= radius`, found exactly; only the corners are rounded.
///
/// # Errors
/// As the plain engine.
pub fn plane_regions(
    network: &Network,
    symmetry: Option<&NetworkSymmetry>,
    plane: &SymmetricPlane,
    radius: f64,
) -> Result<Vec<PlaneRegion>> {
    let number = |x: f64| {
        exact(x).ok_or_else(|| Error::input("plane", "a coordinate is not finite", "check the data"))
    };
    let embedding: Vec<Vec<Rational>> = (0..plane.center.len())
        .map(|i| [plane.u[i], plane.v[i], plane.center[i]].into_iter().map(number).collect())
        .collect::<Result<_>>()?;
    let map = piecewise_linear_map(network)?.restrict_to(&embedding)?;
    let radius = number(radius)?;
    let regions = plain::enumerate(&map, &Domain::cube(2, -radius.clone(), radius)?)?;
    let mut orbit: Vec<usize> = (0..regions.len()).collect();
    if let Some(symmetry) = symmetry {
        let layers = symmetry.layer_symmetry()?;
        let mut seen: FxHashMap<ActivationPattern, usize> = FxHashMap::default();
        for (i, region) in regions.iter().enumerate() {
            orbit[i] = match seen.get(&region.pattern) {
                Some(&first) => first,
                None => {
                    mark_orbit(&layers, &region.pattern, i, &mut seen);
                    i
                }
            };
        }
    }
    Ok(regions
        .iter()
        .zip(orbit)
        .map(|(region, orbit)| {
            let corners = region.vertices.iter().map(|v| (nearest_f64(&v[0]), nearest_f64(&v[1]))).collect();
            PlaneRegion { corners: around_center(corners), orbit }
        })
        .collect())
}

/// Marks the images of a pattern under the group, whether or not the plane meets their regions. Orbits longer than
/// [`LONGEST_ORBIT`] are followed in part: then regions of one orbit may be counted apart.
fn mark_orbit(
    layers: &impl PatternSymmetry,
    pattern: &ActivationPattern,
    number: usize,
    seen: &mut FxHashMap<ActivationPattern, usize>,
) {
    seen.insert(pattern.clone(), number);
    let mut open = vec![pattern.clone()];
    let mut length = 1;
    while let Some(pattern) = open.pop() {
        for generator in 0..layers.generators() {
            let image = layers.permute_pattern(generator, &pattern);
            if length < LONGEST_ORBIT && !seen.contains_key(&image) {
                seen.insert(image.clone(), number);
                open.push(image);
                length += 1;
            }
        }
    }
}

/// Sorts the corners of a convex polygon by angle around their mean.
fn around_center(mut corners: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let count = corners.len() as f64;
    let (x, y) = corners.iter().fold((0.0, 0.0), |(x, y), c| (x + c.0 / count, y + c.1 / count));
    corners.sort_by(|a, b| (a.1 - y).atan2(a.0 - x).total_cmp(&(b.1 - y).atan2(b.0 - x)));
    corners
}

/// `P_L e_x`, from energies by polarisation.
fn projection(spectrum: &Spectrum, points: usize, piece: usize, x: usize) -> Vec<f64> {
    let energy = |sign: f64, y: usize| {
        let mut f = vec![0.0; points];
        f[x] += 1.0;
        f[y] += sign;
        spectrum.energies(&f)[piece]
    };
    (0..points).map(|y| (energy(1.0, y) - energy(-1.0, y)) / 4.0).collect()
}

/// Adds a direction where it has a part orthogonal to those there are.
fn extend(directions: &mut Vec<Vec<f64>>, candidate: Vec<f64>) -> bool {
    let candidate = rejected(candidate, directions);
    let new = norm(&candidate) > 1e-6;
    if new {
        directions.push(candidate);
    }
    new
}

/// The part of a vector orthogonal to the others.
fn rejected(mut vector: Vec<f64>, others: &[Vec<f64>]) -> Vec<f64> {
    for other in others {
        let factor = vector.iter().zip(other).map(|(a, b)| a * b).sum::<f64>() / norm(other).powi(2);
        vector.iter_mut().zip(other).for_each(|(a, b)| *a -= factor * b);
    }
    vector
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|entry| entry * entry).sum::<f64>().sqrt()
}

pub(super) fn index(layout: &InputLayout, channel: usize, x: usize) -> usize {
    match layout.order {
        ChannelOrder::First => channel * layout.one_channel.size() + x,
        ChannelOrder::Last => x * layout.channels + channel,
    }
}

/// The mean of the data over rows and over the points of each orbit, channel by channel.
fn invariant_mean(layout: &InputLayout, data: &[Vec<f64>]) -> Vec<f64> {
    let orbits = layout.set.orbits();
    let mut sums = vec![0.0; orbits.count()];
    for row in data {
        for (i, value) in row.iter().enumerate() {
            sums[orbits.of(i)] += value;
        }
    }
    (0..layout.set.size())
        .map(|i| {
            let count = (orbits.sizes()[orbits.of(i)] * data.len().max(1)) as f64;
            sums[orbits.of(i)] / count
        })
        .collect()
}
