//! How a symmetry of the network permutes half-spaces, selectors and affine pieces of the expanded form.

use super::form::ShallowNetwork;
use super::symmetry::{LayerPermutation, LayerSymmetry};
use crate::error::{Error, Result};
use crate::group::{Orbits, Permutation};
use crate::num::Integer;
use crate::polyhedral::AffinePiece;
use rustc_hash::FxHashMap;

/// The permutations that each generator induces on the parts of a form; that they exist has been checked exactly.
///
/// The image of a half-space is the half-space of the permuted row, the image of a selector the one with the permuted
/// pattern: both are determined by the action on the layers, so products of generators induce the products of the
/// permutations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSymmetry {
    /// For each generator the permutation of the half-spaces.
    pub half_spaces: Vec<Permutation>,
    /// For each generator the permutation of the selectors.
    pub selectors: Vec<Permutation>,
    /// For each generator the permutation of the affine pieces.
    pub pieces: Vec<Permutation>,
    /// Whether every generator takes closed half-spaces to closed ones. Where not, the layers are equivariant except for
    /// the open and closed marks; the function is equivariant everywhere all the same, because it is continuous.
    pub keeps_marks: bool,
}

impl FormSymmetry {
    /// Finds and checks the permutations: rows go to rows, the half-spaces of a selector to those of the selector with
    /// the permuted pattern, and its affine piece to that one's piece, outputs permuted.
    ///
    /// Cost: O(K d + nnz log nnz + R o d) per generator.
    ///
    /// # Errors
    /// [`Error::Shape`] where a permutation does not fit its layer; [`Error::Input`] where the form does not have the
    /// symmetry.
    pub fn new(form: &ShallowNetwork, symmetry: &LayerSymmetry) -> Result<Self> {
        let mut found =
            FormSymmetry { half_spaces: vec![], selectors: vec![], pieces: vec![], keeps_marks: true };
        let rows: FxHashMap<&[Integer], usize> =
            form.half_spaces.iter().enumerate().map(|(k, h)| (h.row.as_slice(), k)).collect();
        let pieces: FxHashMap<&AffinePiece, usize> =
            form.pieces.iter().enumerate().map(|(p, piece)| (piece, p)).collect();
        for (number, generator) in symmetry.generators.iter().enumerate() {
            check_degrees(form, number, generator)?;
            let half_spaces = induced(form.half_spaces.len(), number, "half-space", |k| {
                rows.get(generator.permute_row(&form.half_spaces[k].row).as_slice()).copied()
            })?;
            let piece_images = induced(form.pieces.len(), number, "affine piece", |p| {
                pieces.get(&generator.permute_piece(&form.pieces[p])).copied()
            })?;
            let selectors = induced(form.selectors.len(), number, "selector", |s| {
                image_of_selector(form, generator, s, &half_spaces, &piece_images)
            })?;
            found.keeps_marks &= form.conditions.iter().enumerate().all(|(c, condition)| {
                let image = form.conditions[half_spaces.apply(c)];
                image.closed == condition.closed
            });
            found.half_spaces.push(half_spaces);
            found.pieces.push(piece_images);
            found.selectors.push(selectors);
        }
        Ok(found)
    }

    /// The orbits of the selectors.
    pub fn selector_orbits(&self, form: &ShallowNetwork) -> Orbits {
        Orbits::under(form.selectors.len(), &self.selectors)
    }

    /// The orbits of the half-spaces.
    pub fn half_space_orbits(&self, form: &ShallowNetwork) -> Orbits {
        Orbits::under(form.half_spaces.len(), &self.half_spaces)
    }
}

/// The selector with the permuted pattern, where it has the permuted half-spaces and the permuted piece.
fn image_of_selector(
    form: &ShallowNetwork,
    generator: &LayerPermutation,
    selector: usize,
    half_spaces: &Permutation,
    pieces: &Permutation,
) -> Option<usize> {
    let selector = &form.selectors[selector];
    let pattern = generator.permute_pattern(&selector.pattern);
    let found = form.selectors.binary_search_by(|other| other.pattern.cmp(&pattern)).ok()?;
    let image = &form.selectors[found];
    let half_space = |&c: &usize| form.conditions[c].half_space;
    let mut expected: Vec<usize> =
        selector.conditions.iter().map(|c| half_spaces.apply(half_space(c))).collect();
    expected.sort_unstable();
    let same_conditions = expected.into_iter().eq(image.conditions.iter().map(half_space));
    (same_conditions && image.piece == pieces.apply(selector.piece)).then_some(found)
}

fn induced(
    count: usize,
    number: usize,
    what: &str,
    image: impl Fn(usize) -> Option<usize>,
) -> Result<Permutation> {
    let missing = |x: usize| {
        Error::input(
            format!("symmetry of a three-layer form, generator {}", number + 1),
            format!("the image of {what} {x} is not in the form"),
            "give a group under which every layer is equivariant and which preserves the domain",
        )
    };
    let images: Vec<u32> =
        (0..count).map(|x| image(x).map(|y| y as u32).ok_or_else(|| missing(x))).collect::<Result<_>>()?;
    Permutation::from_images(images)
}

fn check_degrees(form: &ShallowNetwork, number: usize, generator: &LayerPermutation) -> Result<()> {
    let neurons = form.selectors.first().map_or(0, |selector| selector.pattern.neurons());
    let hidden: usize = generator.hidden.iter().map(Permutation::degree).sum();
    let pairs = [
        ("inputs", form.inputs, generator.input.degree()),
        ("hidden neurons", neurons, hidden),
        ("outputs", form.outputs, generator.output.degree()),
    ];
    for (what, expected, got) in pairs {
        if expected != got {
            return Err(Error::shape(
                format!("symmetry of a three-layer form, generator {}", number + 1),
                format!("a permutation of {expected} {what}"),
                format!("one of {got}"),
                "give the action on the layers of the form's own network",
            ));
        }
    }
    Ok(())
}
