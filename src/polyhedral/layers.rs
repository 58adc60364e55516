//! Continuous piecewise linear maps given as layers of exact numbers.

use super::ActivationPattern;
use super::forms::LayerForms;
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, Sign, primitive_row};

/// Affine layers with, between each two, the function that is 1 times its argument where that is `> 0` and a fixed
/// slope times it elsewhere: slope 0 is ReLU, a small one leaky ReLU, -1 the absolute value.
///
/// Entries are exact. A row holds the weights of one output of its layer and then its bias. Neurons, the outputs of
/// the hidden layers, are numbered over all hidden layers in order.
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::PiecewiseLinearMap;
/// let number = |n: i32| Rational::from(n);
/// // |x| = relu(x) + relu(-x)
/// let hidden = vec![vec![number(1), number(0)], vec![number(-1), number(0)]];
/// let output = vec![vec![number(1), number(1), number(0)]];
/// let map = PiecewiseLinearMap::new(1, &[hidden, output], vec![number(0)])?;
/// assert_eq!(map.evaluate(&[number(-3)])?, [number(3)]);
/// assert_eq!(map.pattern_at(&[number(-3)])?.to_string(), "01");
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PiecewiseLinearMap {
    inputs: usize,
    layers: Vec<IntegerLayer>,
    slopes: Vec<Rational>,
}

/// One affine layer over the integers: the value of output `i` at `y` is `rows[i] . (y, 1) / denominator`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct IntegerLayer {
    pub(super) rows: Vec<Vec<Integer>>,
    pub(super) denominator: Integer,
}

impl IntegerLayer {
    /// Clears denominators: one for the whole layer, so that values of different outputs stay comparable.
    fn new(rows: &[Vec<Rational>]) -> Self {
        let mut entries: Vec<Rational> = rows.iter().flatten().cloned().collect();
        // With a 1 among the entries the primitive multiple is the one by the least common denominator.
        entries.push(Rational::ONE);
        let (mut integers, _) = primitive_row(&entries);
        let denominator = integers.pop().expect("the 1 just added");
        let mut integers = integers.into_iter();
        let rows = rows.iter().map(|row| integers.by_ref().take(row.len()).collect()).collect();
        IntegerLayer { rows, denominator }
    }
}

impl PiecewiseLinearMap {
    /// The map with these layers, the output layer last, and the negative-side slope of each hidden layer.
    /// `layers[l][i]` holds the weights of output `i` of layer `l`, then its bias.
    ///
    /// # Errors
    /// [`Error::Shape`] where there is not one slope per hidden layer or a row does not fit the layer before it.
    pub fn new(inputs: usize, layers: &[Vec<Vec<Rational>>], slopes: Vec<Rational>) -> Result<Self> {
        if layers.len() != slopes.len() + 1 {
            return Err(Error::shape(
                "piecewise linear map",
                format!("{} layers for {} slopes", slopes.len() + 1, slopes.len()),
                layers.len(),
                "give one slope per hidden layer and one output layer",
            ));
        }
        let mut width = inputs;
        for (l, rows) in layers.iter().enumerate() {
            if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != width + 1) {
                return Err(Error::shape(
                    format!("piecewise linear map, layer {}, row {}", l + 1, i + 1),
                    format!("{} numbers, {width} weights and the bias", width + 1),
                    row.len(),
                    "give one weight per output of the layer before, then the bias",
                ));
            }
            width = rows.len();
        }
        let layers = layers.iter().map(|rows| IntegerLayer::new(rows)).collect();
        Ok(PiecewiseLinearMap { inputs, layers, slopes })
    }

    /// The number of inputs, the dimension `d` of the space that is cut into regions.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.layers[self.hidden_layers()].rows.len()
    }

    /// The number of hidden layers.
    pub fn hidden_layers(&self) -> usize {
        self.slopes.len()
    }

    /// The number of neurons of a hidden layer.
    ///
    /// # Panics
    /// Panics where there is no such hidden layer.
    pub fn width(&self, hidden_layer: usize) -> usize {
        assert!(
            hidden_layer < self.hidden_layers(),
            "hidden layer {hidden_layer} of {}",
            self.hidden_layers()
        );
        self.layers[hidden_layer].rows.len()
    }

    /// The number of neurons over all hidden layers.
    pub fn neurons(&self) -> usize {
        (0..self.hidden_layers()).map(|l| self.width(l)).sum()
    }

    /// The slope of a hidden layer's activation on the negative side.
    ///
    /// # Panics
    /// Panics where there is no such hidden layer.
    pub fn slope(&self, hidden_layer: usize) -> &Rational {
        &self.slopes[hidden_layer]
    }

    /// The rows of a layer, biases last; layer `hidden_layers()` is the output layer.
    ///
    /// # Panics
    /// Panics where there is no such layer.
    pub fn rows(&self, layer: usize) -> Vec<Vec<Rational>> {
        let IntegerLayer { rows, denominator } = &self.layers[layer];
        let denominator = Rational::from(denominator.clone());
        rows.iter()
            .map(|row| row.iter().map(|entry| Rational::from(entry.clone()) / &denominator).collect())
            .collect()
    }

    /// A layer over the integers.
    pub(super) fn integer_layer(&self, layer: usize) -> &IntegerLayer {
        &self.layers[layer]
    }

    /// The map `u -> self(E u + e)`: the same map seen on an affine slice of its input space.
    ///
    /// `embedding[i]` holds row `i` of `E` and then `e[i]`; one row per input, all of the same length. The columns of
    /// `E` should be independent, or regions of the slice are counted in a space that the slice only wraps.
    ///
    /// # Errors
    /// [`Error::Shape`] where the rows do not fit.
    ///
    /// ```
    /// use isotypic::num::Rational;
    /// use isotypic::polyhedral::PiecewiseLinearMap;
    /// let number = |n: i32| Rational::from(n);
    /// let hidden = vec![vec![number(1), number(-1), number(0)]];
    /// let map = PiecewiseLinearMap::new(2, &[hidden, vec![vec![number(1), number(0)]]], vec![number(0)])?;
    /// // the line through (1, 0) with direction (2, 1)
    /// let line = map.restrict_to(&[vec![number(2), number(1)], vec![number(1), number(0)]])?;
    /// assert_eq!(line.evaluate(&[number(3)])?, map.evaluate(&[number(7), number(3)])?);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn restrict_to(&self, embedding: &[Vec<Rational>]) -> Result<Self> {
        if embedding.len() != self.inputs {
            return Err(Error::shape(
                "affine slice",
                format!("{} rows, one per input", self.inputs),
                embedding.len(),
                "describe the slice in the network's input space",
            ));
        }
        let columns = embedding.first().map_or(1, Vec::len);
        if let Some((i, row)) =
            embedding.iter().enumerate().find(|(_, row)| row.len() != columns || row.is_empty())
        {
            return Err(Error::shape(
                format!("affine slice, row {}", i + 1),
                format!("{} numbers, the constant last", columns.max(1)),
                row.len(),
                "give rows of equal length",
            ));
        }
        let first: Vec<Vec<Rational>> = self
            .rows(0)
            .iter()
            .map(|row| {
                let mut pulled = vec![Rational::ZERO; columns];
                for (weight, inner) in row.iter().zip(embedding).filter(|(weight, _)| !weight.is_zero()) {
                    for (entry, coordinate) in pulled.iter_mut().zip(inner) {
                        *entry += weight * coordinate;
                    }
                }
                pulled[columns - 1] += &row[self.inputs];
                pulled
            })
            .collect();
        let mut layers = self.layers.clone();
        layers[0] = IntegerLayer::new(&first);
        Ok(PiecewiseLinearMap { inputs: columns - 1, layers, slopes: self.slopes.clone() })
    }

    /// The affine forms of the first layer.
    pub(super) fn first_forms(&self) -> LayerForms {
        let layer = &self.layers[0];
        LayerForms { rows: layer.rows.clone(), scale: layer.denominator.clone() }
    }

    /// The affine forms of layer `layer + 1` where those of hidden layer `layer` are `forms` and have these signs.
    pub(super) fn next_forms(&self, layer: usize, forms: &LayerForms, active: &[bool]) -> LayerForms {
        forms.compose(active, &self.slopes[layer], &self.layers[layer + 1], self.inputs)
    }

    /// The affine forms of all layers, the output layer last, where the neurons have the bits of a pattern.
    pub(super) fn forms_on(&self, pattern: &ActivationPattern) -> Vec<LayerForms> {
        let mut forms = vec![self.first_forms()];
        let mut first = 0;
        for layer in 0..self.hidden_layers() {
            let width = self.width(layer);
            let active: Vec<bool> = (first..first + width).map(|neuron| pattern.is_active(neuron)).collect();
            forms.push(self.next_forms(layer, &forms[layer], &active));
            first += width;
        }
        forms
    }

    /// The value of the map at a point, exactly.
    ///
    /// # Errors
    /// [`Error::Shape`] where the point has another dimension.
    pub fn evaluate(&self, point: &[Rational]) -> Result<Vec<Rational>> {
        let (outputs, _) = self.propagate(point, &[])?;
        let scale = Rational::from(outputs.scale);
        Ok(outputs.rows.iter().map(|row| Rational::from(row[0].clone()) / &scale).collect())
    }

    /// The activation pattern at a point: neurons that are exactly zero there count as inactive.
    ///
    /// # Errors
    /// [`Error::Shape`] where the point has another dimension.
    pub fn pattern_at(&self, point: &[Rational]) -> Result<ActivationPattern> {
        self.pattern_towards(point, &[])
    }

    /// The activation pattern at `point + e directions[0] + e^2 directions[1] + ...` for all small enough `e > 0`,
    /// exactly, by carrying polynomials in `e` through the layers.
    ///
    /// For a point in the relative interior of a facet and one direction across it this is the pattern of the region
    /// on the other side; for `d` independent directions it is the pattern of one full-dimensional region at any
    /// point.
    ///
    /// # Errors
    /// [`Error::Shape`] where the point or a direction has another dimension.
    pub fn pattern_towards(
        &self,
        point: &[Rational],
        directions: &[Vec<Rational>],
    ) -> Result<ActivationPattern> {
        Ok(self.propagate(point, directions)?.1)
    }

    /// Carries the point (column 0) and the directions (further columns) through all layers.
    fn propagate(
        &self,
        point: &[Rational],
        directions: &[Vec<Rational>],
    ) -> Result<(LayerForms, ActivationPattern)> {
        for vector in std::iter::once(point).chain(directions.iter().map(Vec::as_slice)) {
            if vector.len() != self.inputs {
                return Err(Error::shape(
                    "point of a piecewise linear map",
                    format!("{} coordinates", self.inputs),
                    vector.len(),
                    "give one number per input",
                ));
            }
        }
        // The inputs as forms in the unknowns (1, e, e^2, ...); the "constant" of these forms is their first entry.
        let columns = 1 + directions.len();
        let rows: Vec<Vec<Rational>> = (0..self.inputs)
            .map(|i| std::iter::once(&point[i]).chain(directions.iter().map(|v| &v[i])).cloned().collect())
            .collect();
        let IntegerLayer { rows, denominator } = IntegerLayer::new(&rows);
        let inputs = LayerForms { rows, scale: denominator };
        let all = vec![true; self.inputs];
        let mut forms = inputs.compose_at(&all, &Rational::ONE, &self.layers[0], columns, 0);
        let mut bits = Vec::with_capacity(self.neurons());
        for layer in 0..self.hidden_layers() {
            let active: Vec<bool> =
                forms.rows.iter().map(|row| leading_sign(row) == Sign::Positive).collect();
            forms = forms.compose_at(&active, &self.slopes[layer], &self.layers[layer + 1], columns, 0);
            bits.extend(active);
        }
        Ok((forms, ActivationPattern::from_bits(bits)))
    }
}

/// The sign of the first entry that is not zero.
fn leading_sign(row: &[Integer]) -> Sign {
    row.iter().map(Sign::of).find(|&sign| sign != Sign::Zero).unwrap_or(Sign::Zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(entries: &[i32]) -> Vec<Rational> {
        entries.iter().map(|&n| Rational::from(n)).collect()
    }

    /// The distance of `|x|` from 1, by absolute values.
    fn tent() -> PiecewiseLinearMap {
        let layers = [vec![numbers(&[1, 0])], vec![numbers(&[1, -1])], vec![numbers(&[1, 0])]];
        PiecewiseLinearMap::new(1, &layers, numbers(&[-1, -1])).unwrap()
    }

    #[test]
    fn slopes_reach_the_value() {
        for (x, y) in [(-3, 2), (-1, 0), (0, 1), (2, 1)] {
            assert_eq!(tent().evaluate(&numbers(&[x])).unwrap(), numbers(&[y]));
        }
    }

    #[test]
    fn a_direction_decides_at_a_zero() {
        let towards = |x, v| tent().pattern_towards(&numbers(&[x]), &[numbers(&[v])]).unwrap().to_string();
        assert_eq!(towards(0, 1), "10");
        assert_eq!(towards(0, -1), "00");
        assert_eq!(towards(1, 1), "11");
        assert_eq!(towards(-1, -1), "01");
        assert_eq!(tent().pattern_at(&numbers(&[1])).unwrap().to_string(), "10");
    }

    #[test]
    fn rows_come_back() {
        let third = Rational::from_parts(1.into(), 3u8.into());
        let layers = [vec![vec![third.clone(), Rational::from(2)]]];
        let map = PiecewiseLinearMap::new(1, &layers, vec![]).unwrap();
        assert_eq!(map.rows(0), layers[0]);
        assert_eq!(map.evaluate(&[Rational::from(3)]).unwrap(), [Rational::from(3)]);
    }

    #[test]
    fn misfits_are_refused() {
        assert!(PiecewiseLinearMap::new(1, &[], vec![]).is_err());
        assert!(PiecewiseLinearMap::new(2, &[vec![numbers(&[1, 0])]], vec![]).is_err());
        assert!(tent().evaluate(&numbers(&[1, 2])).is_err());
        assert!(tent().restrict_to(&[]).is_err());
        assert!(tent().restrict_to(&[vec![]]).is_err());
    }
}
