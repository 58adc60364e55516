//! Names of the pieces of a general group.

use super::character::orbital_counts;
use super::commutant::Component;
use super::partition::Partition;
use crate::action::{GSet, Suborbits};
use crate::error::{Error, Result};
use crate::group::Permutation;
use crate::num::{Integer, Natural};

/// The largest `n` for which all partitions are candidates; beyond, those with few boxes below the first row.
const ALL_PARTITIONS_UP_TO: usize = 40;
/// Boxes below the first row for larger `n`.
const DEPTH: usize = 10;

/// The partitions that name the components of a set on which `S_n` acts, `n > 1`: those with the dimension of the
/// component and its character at the cycles of length 2, 3, ..., as many of them as leave no choice. `None` where a
/// shape is not among the candidates.
///
/// On subsets and tuples the multiplicities are checked against the Kostka numbers of the shapes.
///
/// # Errors
/// [`Error::Inconsistent`] where they differ.
pub fn partitions(
    set: &GSet,
    suborbits: &Suborbits,
    components: &[Component],
) -> Result<Option<Vec<Partition>>> {
    let n = set.group().degree();
    let all = candidates(n);
    let mut fitting: Vec<Vec<&Partition>> = components
        .iter()
        .map(|component| {
            let dim = Natural::from(component.dim);
            all.iter().filter(|(known, _)| *known == dim).map(|(_, shape)| shape).collect()
        })
        .collect();
    for length in 2..=n {
        if fitting.iter().all(|shapes| shapes.len() <= 1) && length > 2 {
            break;
        }
        let cycle = Permutation::from_fn(n, |x| if x < length { (x + 1) % length } else { x });
        let counts = orbital_counts(suborbits, &set.images(&cycle));
        for (component, shapes) in components.iter().zip(&mut fitting) {
            let value = component.character(&counts);
            let rounded = Integer::from(value.round() as i128);
            shapes.retain(|shape| shape.character_at_cycle(length) == rounded);
        }
    }
    let Some(shapes) = fitting
        .iter()
        .map(|shapes| if let [shape] = shapes[..] { Some(shape.clone()) } else { None })
        .collect::<Option<Vec<Partition>>>()
    else {
        return Ok(None);
    };
    if let Some(content) = set.young_content() {
        for (shape, component) in shapes.iter().zip(components) {
            if shape.kostka(&content) != component.multiplicity {
                return Err(Error::inconsistent(
                    format!("the label of a piece of {} of {}", set.name(), set.group().name()),
                    format!(
                        "multiplicity {} for {shape}, whose Kostka number is {}",
                        component.multiplicity,
                        shape.kostka(&content)
                    ),
                ));
            }
        }
    }
    Ok(Some(shapes))
}

fn candidates(n: usize) -> Vec<(Natural, Partition)> {
    let shapes = if n <= ALL_PARTITIONS_UP_TO {
        Partition::all(n)
    } else {
        let few = Partition::with_few_below(n, DEPTH);
        let conjugates: Vec<Partition> = few.iter().map(Partition::conjugate).collect();
        few.into_iter().chain(conjugates).collect()
    };
    shapes.into_iter().map(|shape| (shape.dim(), shape)).collect()
}

/// `a`, `b`, ..., `z`, `aa`, `ab`, ...
///
/// ```
/// use isotypic::representation::label::letters;
/// assert_eq!([letters(0), letters(25), letters(26)], ["a", "z", "aa"]);
/// ```
pub fn letters(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, (b'a' + (number % 26) as u8) as char);
        if number < 26 {
            return text;
        }
        number = number / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::action::grammar;
    use crate::group::PermutationGroup;
    use crate::representation::Decomposition;
    use std::sync::Arc;

    /// Shapes that share dimension and content are told apart by longer cycles: the regular representation of `S_6`
    /// holds all of them.
    #[test]
    fn labels_are_partitions_even_where_dimension_and_content_agree() {
        for (group, on) in [("S6", "regular"), ("S3", "pairs"), ("S2", "points"), ("S9", "subsets:4")] {
            let group = Arc::new(PermutationGroup::parse(group).unwrap());
            let set = grammar::parse(&group, on).unwrap();
            if let Decomposition::General(general) = Decomposition::new(&set).unwrap() {
                for piece in general.pieces() {
                    assert!(piece.label.starts_with('['), "{} of {on}", piece.label);
                }
            }
        }
    }
}
