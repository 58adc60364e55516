//! How a symmetry of the network permutes half-spaces, selectors and affine pieces of the expanded form.

use super::boundary::Boundary;
use super::form::{Condition, Selector, ShallowNetwork};
use super::symmetry::{LayerPermutation, LayerSymmetry};
use crate::error::{Error, Result};
use crate::group::{Orbits, Permutation};
use crate::num::Integer;
use crate::polyhedral::AffinePiece;
use rustc_hash::FxHashMap;

/// The permutations that each generator induces on the parts of a form; that they exist has been checked exactly.
///
/// The image of a half-space is the half-space of the permuted row, the image of a selector the one with the images of
/// its half-spaces: both are determined by the action on the inputs, so products of generators induce the products of
/// the permutations.
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
    /// Finds and checks the permutations: rows go to rows, the half-spaces of a selector to those of another one, and its
    /// pattern and its affine piece to that one's. Where faces have selectors, open goes to open and closed to closed.
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
        let keys: FxHashMap<Vec<(usize, bool)>, usize> =
            form.selectors.iter().enumerate().map(|(s, selector)| (key(form, selector), s)).collect();
        for (number, generator) in symmetry.generators.iter().enumerate() {
            check_degrees(form, number, generator)?;
            let half_spaces = induced(form.half_spaces.len(), number, "half-space", |k| {
                rows.get(generator.permute_row(&form.half_spaces[k].row).as_slice()).copied()
            })?;
            let piece_images = induced(form.pieces.len(), number, "affine piece", |p| {
                pieces.get(&generator.permute_piece(&form.pieces[p])).copied()
            })?;
            let selectors = induced(form.selectors.len(), number, "selector", |s| {
                let selector = &form.selectors[s];
                let mut image = key(form, selector);
                image.iter_mut().for_each(|(half_space, _)| *half_space = half_spaces.apply(*half_space));
                image.sort_unstable();
                let &found = keys.get(&image)?;
                let there = &form.selectors[found];
                let same_piece = there.piece == piece_images.apply(selector.piece);
                // A face bears the pattern of one of its regions, which need not go to that of the image.
                let same_pattern = selector.dimension < form.inputs
                    || generator.permute_pattern(&selector.pattern) == there.pattern;
                (same_piece && same_pattern).then_some(found)
            })?;
            found.keeps_marks &= form.conditions.iter().all(|condition| {
                let half_space = half_spaces.apply(condition.half_space);
                form.conditions.binary_search(&Condition { half_space, closed: condition.closed }).is_ok()
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

/// The half-spaces of a selector with their marks; without the marks where those need not be symmetric.
fn key(form: &ShallowNetwork, selector: &Selector) -> Vec<(usize, bool)> {
    let marked = form.boundary == Boundary::Faces;
    let mut key: Vec<(usize, bool)> = selector
        .conditions
        .iter()
        .map(|&c| (form.conditions[c].half_space, marked && form.conditions[c].closed))
        .collect();
    key.sort_unstable();
    key
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
