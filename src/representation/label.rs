//! Names and order of the pieces of a general group.

use super::commutant::Component;
use super::partition::Partition;
use crate::action::{GSet, Suborbits};
use crate::group::Permutation;
use crate::num::{Integer, Natural};

/// The largest `n` for which all partitions are candidates; beyond, those with few boxes below the first row.
const ALL_PARTITIONS_UP_TO: usize = 40;
/// Boxes below the first row for larger `n`.
const DEPTH: usize = 10;

/// The partitions that name the components of a set on which `S_n` acts, by dimension and by how the sum of all
/// transpositions acts; where these leave a choice, by the sums of longer cycles. `None` where it stays open.
pub fn partitions(set: &GSet, suborbits: &Suborbits, components: &[Component]) -> Option<Vec<Partition>> {
    let n = set.group().degree();
    let candidates = if n <= ALL_PARTITIONS_UP_TO {
        Partition::all(n)
    } else {
        let few = Partition::with_few_below(n, DEPTH);
        let conjugates: Vec<Partition> = few.iter().map(Partition::conjugate).collect();
        few.into_iter().chain(conjugates).collect()
    };
    let candidates: Vec<(Natural, Partition)> = candidates.into_iter().map(|p| (p.dim(), p)).collect();
    let transpositions: Vec<Permutation> = (0..n)
        .flat_map(|i| {
            (0..i).map(move |j| {
                Permutation::from_fn(n, |x| {
                    if x == i {
                        j
                    } else if x == j {
                        i
                    } else {
                        x
                    }
                })
            })
        })
        .collect();
    let counts = class_counts(set, suborbits, &transpositions);
    components
        .iter()
        .map(|component| {
            let value = central_character(suborbits, component, &counts)?;
            let mut fitting = candidates
                .iter()
                .filter(|(dim, shape)| *dim == Natural::from(component.dim) && shape.content() == value);
            let found = fitting.next()?;
            match fitting.next() {
                None => Some(found.1.clone()),
                Some(_) => None,
            }
        })
        .collect()
}

/// For each base point, how often each suborbit is hit by the elements of a class.
fn class_counts(set: &GSet, suborbits: &Suborbits, class: &[Permutation]) -> Vec<Vec<u64>> {
    suborbits
        .bases()
        .iter()
        .map(|base| {
            let mut counts = vec![0; base.suborbits.count()];
            for element in class {
                counts[base.suborbits.of(set.image_of(element, base.point))] += 1;
            }
            counts
        })
        .collect()
}

/// The integer by which a class sum acts on a component; `None` where the floats do not point to one.
fn central_character(suborbits: &Suborbits, component: &Component, counts: &[Vec<u64>]) -> Option<Integer> {
    for (base, counts) in suborbits.bases().iter().zip(counts) {
        let projector = &component.projector[base.first_orbital..base.first_orbital + counts.len()];
        let own = projector[base.suborbits.of(base.point)];
        if own * base.orbit_size as f64 <= 0.5 {
            continue;
        }
        let sum: f64 = projector.iter().zip(counts).map(|(&p, &count)| p * count as f64).sum();
        let value = sum / own;
        let rounded = value.round();
        return ((value - rounded).abs() < 1e-3).then(|| Integer::from(rounded as i128));
    }
    None
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
