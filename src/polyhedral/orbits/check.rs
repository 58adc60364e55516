//! Whether a symmetry is one of a map and a domain, exactly.

use crate::error::{Error, Result};
use crate::num::{Integer, Rational, primitive_row};
use crate::polyhedral::{ActivationPattern, Domain, PatternSymmetry, PiecewiseLinearMap};

/// Checks that every generator acts linearly on the input space, permutes the neurons of every hidden layer, carries the
/// weights to the weights up to positive factors of neurons, and maps the set of the domain's rows to itself.
///
/// With `P` the matrix on the inputs, `s` the permutation of neurons and `t > 0` their factors: `W[s i] P = t_i W[i]` and
/// `b[s i] = t_i b[i]` in the first layer, `W[s i, s j] t_j = t_i W[i, j]` in the others. Then the pattern of the image of
/// a point is the image of its pattern.
///
/// # Errors
/// [`Error::Input`] naming the generator and what it does not keep.
pub fn check_symmetry(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &impl PatternSymmetry,
) -> Result<()> {
    checked_images(map, domain, symmetry).map(|_| ())
}

/// The image of each neuron under each generator of a symmetry, once it is checked.
///
/// # Errors
/// As [`check_symmetry`].
pub(super) fn checked_images(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    symmetry: &impl PatternSymmetry,
) -> Result<Vec<Vec<usize>>> {
    let rows = domain.half_spaces(map.inputs())?;
    let mut images = Vec::with_capacity(symmetry.generators());
    for generator in 0..symmetry.generators() {
        let refuse = |what: String, mend: &str| {
            Error::input(format!("symmetry, generator {}", generator + 1), what, mend)
        };
        let layerwise = "give a group under which every hidden layer is equivariant";
        let Some(matrix) = matrix_of(symmetry, generator, map.inputs()) else {
            return Err(refuse(
                "it is not linear on the inputs".into(),
                "give linear maps of the input space",
            ));
        };
        let Some(neurons) = neuron_images(symmetry, generator, map) else {
            return Err(refuse("it does not permute the neurons of each hidden layer".into(), layerwise));
        };
        let mut factors: Vec<Rational> = Vec::new();
        for layer in 0..map.hidden_layers() {
            factors = layer_factors(map, layer, &matrix, &neurons, &factors).map_err(|neuron| {
                let what = format!(
                    "it does not keep the weights of neuron {} of hidden layer {}",
                    neuron + 1,
                    layer + 1
                );
                refuse(what, layerwise)
            })?;
        }
        if !keeps_rows(&rows, &matrix) {
            return Err(refuse(
                "it does not map the domain to itself".into(),
                "choose a domain that the group preserves, or a smaller group",
            ));
        }
        images.push(neurons);
    }
    Ok(images)
}

/// The matrix of a generator on the inputs, by columns; `None` where the map is not linear on the axes and their sum.
pub(super) fn matrix_of(
    symmetry: &impl PatternSymmetry,
    generator: usize,
    inputs: usize,
) -> Option<Vec<Vec<Rational>>> {
    let zero = vec![Rational::ZERO; inputs];
    let axis =
        |c: usize| -> Vec<Rational> { (0..inputs).map(|i| Rational::from(i32::from(i == c))).collect() };
    let columns: Vec<Vec<Rational>> =
        (0..inputs).map(|c| symmetry.permute_point(generator, &axis(c))).collect();
    // A linear map is told from others by its values at the axes, zero and one generic point.
    let point: Vec<Rational> = (0..inputs).map(|c| Rational::from(1 + c * c)).collect();
    let combined: Vec<Rational> = (0..inputs)
        .map(|i| columns.iter().zip(&point).fold(Rational::ZERO, |sum, (column, x)| sum + &column[i] * x))
        .collect();
    let linear = symmetry.permute_point(generator, &zero) == zero
        && symmetry.permute_point(generator, &point) == combined;
    linear.then_some(columns)
}

/// The image of each neuron, if every neuron goes to one of its own layer and no two to the same.
fn neuron_images(
    symmetry: &impl PatternSymmetry,
    generator: usize,
    map: &PiecewiseLinearMap,
) -> Option<Vec<usize>> {
    let total = map.neurons();
    let mut images = Vec::with_capacity(total);
    let mut first = 0;
    for layer in 0..map.hidden_layers() {
        let range = first..first + map.width(layer);
        for neuron in range.clone() {
            let mut single = ActivationPattern::inactive(total);
            single.set(neuron, true);
            let image: Vec<usize> = symmetry.permute_pattern(generator, &single).active().collect();
            match image[..] {
                [one] if range.contains(&one) && !images.contains(&one) => images.push(one),
                _ => return None,
            }
        }
        first = range.end;
    }
    Some(images)
}

/// The factors of the neurons of a layer, given those of the layer before, or the first neuron whose weights do not fit.
fn layer_factors(
    map: &PiecewiseLinearMap,
    layer: usize,
    matrix: &[Vec<Rational>],
    neurons: &[usize],
    before: &[Rational],
) -> std::result::Result<Vec<Rational>, usize> {
    let first: usize = (0..layer).map(|l| map.width(l)).sum();
    let rows = map.rows(layer);
    (0..rows.len())
        .map(|i| {
            let (row, image) = (&rows[i], &rows[neurons[first + i] - first]);
            let inputs = row.len() - 1;
            // The image row on the image of each input.
            let mut pulled: Vec<Rational> = if layer == 0 {
                let dot = |column: &Vec<Rational>| {
                    column.iter().zip(image).fold(Rational::ZERO, |sum, (p, w)| sum + p * w)
                };
                matrix.iter().map(dot).collect()
            } else {
                let last = first - map.width(layer - 1);
                (0..inputs).map(|j| &image[neurons[last + j] - last] * &before[j]).collect()
            };
            pulled.push(image[inputs].clone());
            let factor = match row.iter().position(|entry| !entry.is_zero()) {
                Some(at) => &pulled[at] / &row[at],
                None => Rational::ONE,
            };
            let fits = factor > Rational::ZERO && row.iter().zip(&pulled).all(|(a, b)| a * &factor == *b);
            if fits { Ok(factor) } else { Err(i) }
        })
        .collect()
}

/// Whether the half-spaces `row . (P x, 1) >= 0` are the given ones again.
fn keeps_rows(rows: &[Vec<Integer>], matrix: &[Vec<Rational>]) -> bool {
    let pulled = |row: &Vec<Integer>| -> Vec<Integer> {
        let entries = matrix.iter().map(|column| {
            column.iter().zip(row).fold(Rational::ZERO, |sum, (p, a)| sum + p * Rational::from(a.clone()))
        });
        let constant = Rational::from(row[matrix.len()].clone());
        primitive_row(&entries.chain([constant]).collect::<Vec<_>>()).0
    };
    rows.iter().all(|row| rows.contains(&pulled(row)))
}
