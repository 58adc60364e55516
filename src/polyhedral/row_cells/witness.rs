//! Points that are certainly inside a cell.

use super::search::RowCells;
use crate::error::{Error, Result};
use crate::num::{Rational, Sign, nearest_f64};
use crate::polyhedral::engine::{ExactPoint, bit, dot};

/// A point strictly inside a cell, with the values of the current layer there.
#[derive(Default)]
pub(super) struct Witness {
    /// The coordinates; the point itself, unless it is `rounded`.
    pub(super) point: Vec<f64>,
    /// The values of the neurons of the current layer.
    pub(super) values: Vec<f64>,
    /// The largest of 1 and the coordinates' sizes.
    size: f64,
    /// The exact point, where it was needed.
    exact: Option<Box<ExactPoint>>,
    /// Whether the coordinates are only near the exact point, which then is there.
    rounded: bool,
}

impl Witness {
    fn new(point: Vec<f64>) -> Self {
        let size = point.iter().fold(1.0f64, |size, x| size.max(x.abs()));
        Witness { point, size, ..Witness::default() }
    }

    /// The exact point.
    pub(super) fn exact(&mut self) -> Result<&mut ExactPoint> {
        if self.exact.is_none() {
            let exact = ExactPoint::from_floats(&self.point)
                .ok_or_else(|| Error::inconsistent("witness of a cell", "a coordinate is not finite"))?;
            self.exact = Some(Box::new(exact));
        }
        Ok(self.exact.as_mut().expect("just computed"))
    }

    /// Takes over the point and the values of another witness.
    pub(super) fn copy(&mut self, other: &Witness) {
        self.point.clone_from(&other.point);
        self.values.clone_from(&other.values);
        self.size = other.size;
        self.rounded = other.rounded;
        // Exact values of layers are cheap to compute again where they are needed.
        self.exact = other.exact.as_ref().map(|exact| Box::new(ExactPoint::new(exact.vector.clone())));
    }
}

impl RowCells<'_> {
    /// The certain sign of a neuron at a witness that has the values of its layer.
    pub(super) fn sign_at(&mut self, witness: &mut Witness, layer: usize, neuron: usize) -> Result<Sign> {
        let this = &self.problem.layers[layer];
        let (value, bound) = (witness.values[neuron], this.error * this.scale[neuron] * witness.size);
        if !self.always_exact && !witness.rounded && value.abs() > bound {
            return Ok(if value > 0.0 { Sign::Positive } else { Sign::Negative });
        }
        self.work.exact_decisions += 1;
        let sign = witness.exact()?.sign(self.problem, layer, neuron);
        // The value proposes directions from here on; its sign must be right.
        let value = &mut witness.values[neuron];
        match sign {
            Sign::Positive => *value = value.max(f64::MIN_POSITIVE),
            Sign::Negative => *value = value.min(-f64::MIN_POSITIVE),
            Sign::Zero => *value = 0.0,
        }
        Ok(sign)
    }

    /// Computes the values of a layer at a witness from those of the layer before, which have the bits of the path.
    pub(super) fn advance(&self, witness: &mut Witness, layer: usize) {
        let this = &self.problem.layers[layer];
        let mut out = vec![0.0; this.width];
        if layer == 0 {
            this.apply(witness.point.iter().copied().enumerate(), 1.0, &mut out);
        } else {
            let slope = self.problem.layers[layer - 1].slope;
            let bits = &self.bits[layer - 1];
            let inputs = witness.values.iter().enumerate();
            let inputs = inputs.map(|(j, &value)| (j, if bit(bits, j) { value } else { slope * value }));
            this.apply(inputs.filter(|&(_, input)| input != 0.0), 1.0, &mut out);
        }
        witness.values = out;
    }

    /// The witness at a point, if it is certainly inside the current cell, and a neuron of the layer certainly has the
    /// wanted sign there.
    pub(super) fn witness_at(
        &mut self,
        point: Vec<f64>,
        layer: usize,
        neuron: usize,
        positive: bool,
    ) -> Result<Option<Witness>> {
        if point.iter().any(|x| !x.is_finite()) {
            return Ok(None);
        }
        let mut witness = Witness::new(point);
        if !self.is_in_domain(&mut witness)? {
            return Ok(None);
        }
        for l in 0..=layer {
            self.advance(&mut witness, l);
            let decided = if l == layer { neuron } else { self.problem.layers[l].width };
            for s in 0..decided {
                if bit(&self.flat[l], s) {
                    continue;
                }
                let wanted = if bit(&self.bits[l], s) { Sign::Positive } else { Sign::Negative };
                if self.sign_at(&mut witness, l, s)? != wanted {
                    return Ok(None);
                }
            }
        }
        let wanted = if positive { Sign::Positive } else { Sign::Negative };
        Ok((self.sign_at(&mut witness, layer, neuron)? == wanted).then_some(witness))
    }

    /// Whether a point is certainly strictly inside the domain.
    fn is_in_domain(&mut self, witness: &mut Witness) -> Result<bool> {
        let d = witness.point.len();
        for (row, float_row) in self.problem.border.iter().zip(&self.problem.float_border) {
            let terms = float_row.iter().zip(&witness.point).map(|(a, x)| a * x);
            let value = terms.sum::<f64>() + float_row[d];
            let size: f64 = float_row.iter().map(|a| a.abs()).sum();
            let bound = (d as f64 + 4.0) * f64::EPSILON * size * witness.size;
            let inside = if value.abs() > bound && !self.always_exact {
                value > 0.0
            } else {
                self.work.exact_decisions += 1;
                Sign::of(&dot(row, &witness.exact()?.vector)) == Sign::Positive
            };
            if !inside {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The witness at a point that is inside the cell with the wanted sign by exact reasoning; rounded to `f64`
    /// coordinates where those are inside as well.
    pub(super) fn exact_witness(
        &mut self,
        point: &[Rational],
        layer: usize,
        neuron: usize,
        positive: bool,
    ) -> Result<Witness> {
        let near: Vec<f64> = point.iter().map(nearest_f64).collect();
        if let Some(witness) = self.witness_at(near.clone(), layer, neuron, positive)? {
            return Ok(witness);
        }
        let mut witness = self.rounded_witness(near, point);
        for l in 0..=layer {
            self.advance(&mut witness, l);
        }
        Ok(witness)
    }

    /// A witness whose coordinates are only near the point.
    pub(super) fn rounded_witness(&self, near: Vec<f64>, point: &[Rational]) -> Witness {
        let mut witness = Witness::new(near);
        witness.exact = Some(Box::new(ExactPoint::from_rationals(point)));
        witness.rounded = true;
        witness
    }

    /// A witness for the start: a point inside the domain, generic as far as that is cheap.
    pub(super) fn first_witness(&mut self) -> Result<Witness> {
        let d = self.problem.map.inputs();
        // Fractional parts of multiples of the golden section: no symmetry of a network fixes them.
        let offset = |c: usize| ((c + 1) as f64 * 0.618_033_988_749_894_9).fract() - 0.5;
        let guess: Vec<f64> = match &self.problem.intervals {
            Some(ends) => {
                let inside = |(c, &(lo, hi)): (usize, &(f64, f64))| lo + (hi - lo) * (0.5 + 0.2 * offset(c));
                ends.iter().enumerate().map(inside).collect()
            }
            None => (0..d).map(|c| 0.2 * offset(c)).collect(),
        };
        let mut witness = Witness::new(guess);
        if self.is_in_domain(&mut witness)? {
            return Ok(witness);
        }
        let point = self.interior_point(&mut witness)?;
        let near = Witness::new(point.iter().map(nearest_f64).collect());
        witness = near;
        if self.is_in_domain(&mut witness)? {
            return Ok(witness);
        }
        Ok(self.rounded_witness(witness.point, &point))
    }

    /// A point inside the domain by exact linear programs, one for each row that does not hold where it starts.
    fn interior_point(&self, start: &mut Witness) -> Result<Vec<Rational>> {
        let border = &self.problem.border;
        let mut point = start.exact()?.vector.clone();
        let (mut holding, mut waiting) = (Vec::new(), Vec::new());
        for row in border {
            let holds = Sign::of(&dot(row, &point)) == Sign::Positive;
            if holds { holding.push(row.clone()) } else { waiting.push(row.clone()) }
        }
        for row in waiting {
            if Sign::of(&dot(&row, &point)) != Sign::Positive {
                let against: Vec<_> = row.iter().map(|entry| -entry).collect();
                let moved = super::exact_program::point_between(&holding, &against, &point).ok_or_else(|| {
                    Error::input(
                        "domain",
                        "its half-spaces have no interior point in common",
                        "give a domain of full dimension, or restrict the network to the slice that contains it",
                    )
                })?;
                point = ExactPoint::from_rationals(&moved).vector;
            }
            holding.push(row);
        }
        let (scale, coordinates) = point.split_last().expect("homogeneous vectors are not empty");
        let scale = Rational::from(scale.clone());
        Ok(coordinates.iter().map(|x| Rational::from(x.clone()) / &scale).collect())
    }
}
