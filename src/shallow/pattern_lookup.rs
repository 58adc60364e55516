//! Regions of points by their activation patterns.

use super::chamber::Chamber;
use super::float::RoundedPieces;
use super::form::piecewise_linear_map;
use super::locate::{check_dimension, check_domain, point_of};
use super::orbit_evaluator::Place;
use super::orbit_form::OrbitForm;
use super::provenance::network_hash;
use super::slice::on_slice;
use super::symmetry::{LayerPermutation, permuted};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, nearest_f64};
use crate::polyhedral::{ActivationPattern, Domain, PiecewiseLinearMap};
use rustc_hash::FxHashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Half of the distance from 1 to the next `f64`.
const UNIT_ROUNDOFF: f64 = f64::EPSILON / 2.0;
/// Added to every error bound: more than all underflow together, as long as weights have fewer than 1e100 entries.
const UNDERFLOW: f64 = 1e-200;

/// Finds the region of a point by running the network that the form was made from, and looking its pattern up in a table:
/// microseconds, whatever the number of regions.
///
/// The point is brought into the group's chamber. There the network runs in `f64` with a running error bound; where the
/// sign of a neuron is within the bound, the pattern is computed exactly, just beside the point towards the
/// [`Viewpoint`](super::Viewpoint), as ownership demands. Patterns that are images of stored ones are entered into the
/// table when they are first met.
#[derive(Debug)]
pub struct PatternLookup<'a> {
    form: &'a OrbitForm,
    chamber: Chamber,
    map: PiecewiseLinearMap,
    /// For each hidden layer the rows, biases last, with a bound on what rounding did to each entry, and the slope.
    layers: Vec<FloatLayer>,
    stored: FxHashMap<&'a ActivationPattern, usize>,
    /// Images of stored patterns that were met in the chamber.
    images: RwLock<FxHashMap<ActivationPattern, Arc<Image>>>,
    pieces: RoundedPieces,
}

#[derive(Debug)]
struct FloatLayer {
    rows: Vec<Vec<f64>>,
    slope: f64,
}

#[derive(Debug)]
struct Image {
    orbit: usize,
    /// Carries the stored region to the image; `None` is the identity.
    element: Option<LayerPermutation>,
    /// How the inputs are carried back.
    back: Option<crate::group::Permutation>,
}

impl<'a> PatternLookup<'a> {
    /// Prepares a form and its network. O(R) for the table, and one rounding of the weights.
    ///
    /// # Errors
    /// [`Error::Shape`] where the network has another number of inputs or neurons than that of the form;
    /// [`Error::Input`] where the form records the hash of another network, whose patterns would lead to wrong pieces.
    /// Whether the form is right is for the [checker](super::checker) to say.
    pub fn new(form: &'a OrbitForm, network: &Network) -> Result<Self> {
        let sliced = form.slice().map(|embedding| on_slice(network, embedding)).transpose()?;
        let map = piecewise_linear_map(sliced.as_ref().unwrap_or(network))?;
        let widths: Vec<usize> = (0..map.hidden_layers()).map(|l| map.width(l)).collect();
        if (map.inputs(), widths.as_slice()) != (form.inputs, form.hidden.as_slice()) {
            return Err(Error::shape(
                "network of a three-layer form",
                format!("{} inputs and hidden layers {:?}", form.inputs, form.hidden),
                format!("{} and {widths:?}", map.inputs()),
                "give the network that the form was made from",
            ));
        }
        let recorded = &form.provenance.network;
        if !recorded.is_empty() && *recorded != network_hash(network) {
            return Err(Error::input(
                "network of a three-layer form",
                "its weights are not those that the form was made from",
                "give the network that the form was made from",
            ));
        }
        let layers = (0..map.hidden_layers())
            .map(|l| FloatLayer {
                rows: map.rows(l).iter().map(|row| row.iter().map(nearest_f64).collect()).collect(),
                slope: nearest_f64(map.slope(l)),
            })
            .collect();
        Ok(PatternLookup {
            form,
            chamber: Chamber::new(form.inputs, &form.symmetry),
            map,
            layers,
            stored: form.orbits.iter().enumerate().map(|(o, orbit)| (&orbit.pattern, o)).collect(),
            images: RwLock::default(),
            pieces: RoundedPieces::new(&form.pieces),
        })
    }

    /// The value at an `f64` point: decided exactly, then computed with coefficients rounded to nearest.
    ///
    /// # Errors
    /// As [`locate`](Self::locate).
    pub fn evaluate(&self, point: &[f64]) -> Result<Vec<f64>> {
        let (carried, image) = self.find(point)?;
        let inside = carried.as_ref().map(|g| permuted(&g.input, point));
        let inside = inside.as_deref().unwrap_or(point);
        let piece = self.form.orbits[image.orbit].piece;
        let value = match (&image.element, &image.back) {
            (Some(g), Some(back)) => permuted(&g.output, &self.pieces.apply(piece, &permuted(back, inside))),
            _ => self.pieces.apply(piece, inside),
        };
        Ok(carried.map_or_else(|| value.clone(), |g| permuted(&g.output.inverse(), &value)))
    }

    /// The region that owns a point, decided exactly: the same as
    /// [`OrbitEvaluator::locate_f64`](super::OrbitEvaluator::locate_f64), up to the choice among the regions that meet a
    /// point that the group fixes.
    ///
    /// # Errors
    /// [`Error::Shape`] for a point of another dimension; [`Error::Input`] for NaN, infinity and a point outside the domain;
    /// [`Error::Inconsistent`] where the form does not have the region: it is incomplete, or of another network.
    pub fn locate(&self, point: &[f64]) -> Result<Place> {
        let (carried, image) = self.find(point)?;
        let element = match (carried, &image.element) {
            (None, element) => element.clone(),
            (Some(g), None) => Some(g.inverse()),
            (Some(g), Some(h)) => Some(g.inverse().after(h)),
        };
        let stored = &self.form.orbits[image.orbit].pattern;
        let pattern = element.as_ref().map_or_else(|| stored.clone(), |g| g.permute_pattern(stored));
        Ok(Place { orbit: image.orbit, element, pattern })
    }

    /// What brings the point into the chamber, and the region that owns it there.
    fn find(&self, point: &[f64]) -> Result<(Option<LayerPermutation>, Arc<Image>)> {
        check_dimension(self.form.inputs, point.len())?;
        if self.form.domain != Domain::WholeSpace || point.iter().any(|x| !x.is_finite()) {
            check_domain(&self.form.domain, &point_of(point)?)?;
        }
        let carried = self.chamber.reduce(point);
        let moved = carried.as_ref().map(|g| permuted(&g.input, point));
        let inside = moved.as_deref().unwrap_or(point);
        let pattern = match self.certain_pattern(inside) {
            Some(pattern) => pattern,
            None => {
                let exact: Vec<Rational> = point_of(inside)?;
                self.map.pattern_towards(&exact, &[self.form.viewpoint.direction_from(&exact)])?
            }
        };
        Ok((carried, self.image(pattern)?))
    }

    /// The pattern at a point, where rounding leaves no doubt about any neuron.
    ///
    /// A neuron's computed value is off by at most the errors of its inputs times the weights, plus `(n + 4) u` times the
    /// sum of the sizes of its terms: rounding of a weight, of a product and of at most `n` sums.
    fn certain_pattern(&self, point: &[f64]) -> Option<ActivationPattern> {
        let mut pattern = ActivationPattern::inactive(self.map.neurons());
        let mut values: Vec<(f64, f64)> = point.iter().map(|&x| (x, 0.0)).collect();
        let mut neuron = 0;
        for layer in &self.layers {
            let unit = (values.len() as f64 + 6.0) * UNIT_ROUNDOFF;
            let mut next = Vec::with_capacity(layer.rows.len());
            for row in &layer.rows {
                let bias = row[values.len()];
                let (mut sum, mut size, mut error) = (bias, bias.abs(), 0.0);
                for (weight, (value, off)) in row.iter().zip(&values) {
                    sum += weight * value;
                    size += (weight * value).abs();
                    error += weight.abs() * off;
                }
                let bound = (error + unit * size) * (1.0 + 4.0 * unit) + UNDERFLOW;
                if !(sum.abs() > bound && sum.is_finite()) {
                    return None;
                }
                if sum > 0.0 {
                    pattern.set(neuron, true);
                    next.push((sum, bound));
                } else {
                    let factor = layer.slope;
                    let own = (factor * sum).abs() * 2.0 * UNIT_ROUNDOFF;
                    next.push((factor * sum, (bound * factor.abs() + own) * (1.0 + 4.0 * unit)));
                }
                neuron += 1;
            }
            values = next;
        }
        Some(pattern)
    }

    /// The stored region that a pattern in the chamber is an image of.
    fn image(&self, pattern: ActivationPattern) -> Result<Arc<Image>> {
        if let Some(known) = self.images.read().unwrap_or_else(PoisonError::into_inner).get(&pattern) {
            return Ok(Arc::clone(known));
        }
        let found = self
            .form
            .symmetry
            .orbit_of_pattern(&pattern)
            .into_iter()
            .find_map(|(image, element)| Some((*self.stored.get(&image)?, element)));
        let Some((orbit, to_stored)) = found else {
            return Err(Error::inconsistent(
                "lookup in a three-layer form",
                format!("the network has a region with pattern {pattern}, which the form does not have"),
            ));
        };
        let element = to_stored.as_ref().map(LayerPermutation::inverse);
        let image = Arc::new(Image { orbit, element, back: to_stored.map(|g| g.input) });
        let mut images = self.images.write().unwrap_or_else(PoisonError::into_inner);
        images.insert(pattern, Arc::clone(&image));
        Ok(image)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LayerSymmetry, Options};
    use super::*;
    use crate::network::{Activation, AffineLayer};

    /// `relu(x + bias)`.
    fn network(bias: i32) -> Network {
        let layer = |bias: i32| AffineLayer::from_exact(1, &[[1, bias].map(Rational::from).to_vec()]);
        Network::new(vec![layer(bias), layer(0)], vec![Activation::Relu]).unwrap()
    }

    #[test]
    fn another_network_of_the_same_shape_is_refused() {
        let symmetry = LayerSymmetry::default();
        let form = OrbitForm::from_network(&network(1), &Domain::WholeSpace, &symmetry, &Options::default())
            .unwrap();
        assert!(PatternLookup::new(&form, &network(1)).is_ok());
        let error = PatternLookup::new(&form, &network(2)).unwrap_err().to_string();
        assert!(error.contains("its weights are not those"), "{error}");
    }
}
