//! The file format of the three-layer form: safetensors, schema 2.
//!
//! A form is saved once per orbit: all numbers are exact, and everything that the checker needs is there. The metadata
//! hold one entry, `isotypic.three-layer-form`, a JSON object (one entry, because a safetensors header keeps its entries
//! in no fixed order, and equal forms shall be equal files):
//!
//! | field | value |
//! |---|---|
//! | `schema` | 2 |
//! | `network` | SHA-256 of the network's exact weights, see [`network_hash`](super::provenance::network_hash); may be empty |
//! | `group`, `action` | names, as given by the user; may be empty |
//! | `inputs`, `outputs`, `hidden` | the sizes `d` and `o`, and the list of the widths of the network's hidden layers |
//! | `domain` | `{"kind": "all"}`, `{"kind": "box", "lo": [..], "hi": [..]}` or `{"kind": "polytope", "rows": [[..]]}` |
//! | `boundary` | `half-open` or `faces`, see [`Boundary`](super::Boundary) |
//! | `slice` | null, or for each input of the network a row of `d + 1` numbers that gives it as an affine form of the form's inputs |
//! | `content` | SHA-256 of this object with an empty `content`, then of all tensors in alphabetical order: name, a zero byte, bytes |
//!
//! Let `O` be the number of orbits, `N` that of hidden neurons, `F` that of stored facets, `g` that of generators. Tensors
//! of type U8 and dimension 1 are texts: one line per row, entries separated by blanks, integers `p` and fractions `p/q` in
//! decimal.
//!
//! | tensor | type, shape | content |
//! |---|---|---|
//! | `viewpoint` | text | one line, the homogeneous integer coordinates of the viewpoint |
//! | `rows` | text | facet rows `h, e` of half-spaces `h.x + e <= 0`: primitive integers, in increasing order |
//! | `pieces` | text | affine pieces, one line per output: the coefficients and then the constant; `o` lines each |
//! | `patterns` | U8 `[O, N]` | activation patterns of the stored regions, in increasing order |
//! | `orbit_sizes` | U32 `[O]` | numbers of regions |
//! | `orbit_pieces` | U32 `[O]` | indices of affine pieces |
//! | `facet_offsets` | U32 `[O + 1]` | region `r` has the facets `facet_offsets[r] .. facet_offsets[r + 1]` |
//! | `facet_rows` | U32 `[F]` | indices of rows |
//! | `facet_points` | text | for each facet a point in its relative interior |
//! | `interior_points` | text | for each region a point in its interior |
//! | `extents` | text | for each region `2 d` lines, for `x_1`, `-x_1`, `x_2`, ...: the facets, by their places among the region's, of which it is a positive combination (plus a constant, its lower bound); an empty line where no bound is given |
//! | `implied` | text | for each region one line per hidden neuron and then per row of the domain: the facets of which the inequality is a positive combination (plus a constant that is not negative); an empty line where it holds on the whole box of lower bounds |
//! | `symmetry_inputs` | U32 `[g, d]` | generators as image arrays: entry `i` goes to place `p[i]` |
//! | `symmetry_hidden` | U32 `[g, N]` | the same for the neurons, numbered over all hidden layers |
//! | `symmetry_outputs` | U32 `[g, o]` | the same for the outputs |
//!
//! Reading checks shapes, ranges, orders and the content's hash, and never panics; whether the form is *right* is for the
//! [checker](super::checker) to say.

mod read;
mod text;
mod write;

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the format.
pub const SCHEMA: u32 = 2;

/// The metadata's one entry.
const ENTRY: &str = "isotypic.three-layer-form";

/// The tensors, in alphabetical order.
const TENSORS: [&str; 15] = [
    "extents",
    "facet_offsets",
    "facet_points",
    "facet_rows",
    "implied",
    "interior_points",
    "orbit_pieces",
    "orbit_sizes",
    "patterns",
    "pieces",
    "rows",
    "symmetry_hidden",
    "symmetry_inputs",
    "symmetry_outputs",
    "viewpoint",
];

/// The metadata.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    schema: u32,
    network: String,
    group: String,
    action: String,
    inputs: usize,
    outputs: usize,
    hidden: Vec<usize>,
    domain: DomainText,
    boundary: String,
    slice: Option<Vec<Vec<String>>>,
    content: String,
}

/// A domain in the metadata; numbers are decimal fractions as text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum DomainText {
    All,
    Box { lo: Vec<String>, hi: Vec<String> },
    Polytope { rows: Vec<Vec<String>> },
}

/// The hash of the header, its own field left empty, and of named tensors, given in alphabetical order.
fn content_hash<'a>(header: &Header, tensors: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(header_text(&Header { content: String::new(), ..header.clone() })?);
    for (name, bytes) in tensors {
        hash.update(name);
        hash.update([0]);
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn header_text(header: &Header) -> Result<String> {
    serde_json::to_string(header)
        .map_err(|error| Error::inconsistent("three-layer form file", error.to_string()))
}

/// An error in a file's tensor.
fn bad<T>(file: &str, what: &str, problem: impl Into<String>) -> Result<T> {
    Err(Error::input(
        format!("{file}, {what}"),
        problem,
        "write the form anew with `isotypic shallow`; the file is damaged or of another program",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::{LayerPermutation, LayerSymmetry, Options, OrbitEvaluator, OrbitForm, checker};
    use super::*;
    use crate::group::Permutation;
    use crate::network::{Activation, AffineLayer, Network};
    use crate::num::Rational;
    use crate::polyhedral::Domain;
    use proptest::prelude::*;
    use safetensors::tensor::{Dtype, SafeTensors, TensorView};
    use std::collections::HashMap;

    fn network() -> Network {
        let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
        let hidden = AffineLayer::from_exact(2, &[row([2, -1, 1]), row([-1, 2, 1])]);
        let output = AffineLayer::from_exact(2, &[row([1, 1, 0])]);
        Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap()
    }

    fn form() -> OrbitForm {
        let swap = Permutation::parse("(1,2)", 2).unwrap();
        let output = Permutation::identity(1);
        let exchange = LayerPermutation { input: swap.clone(), hidden: vec![swap], output };
        let symmetry = LayerSymmetry { generators: vec![exchange] };
        let domain = Domain::cube(2, (-2).into(), 2.into()).unwrap();
        OrbitForm::from_network(&network(), &domain, &symmetry, &Options::default()).unwrap()
    }

    /// The file with tensors changed and the hash made to fit.
    fn forged(bytes: &[u8], change: impl FnOnce(&mut [(&str, Vec<u8>)])) -> Vec<u8> {
        let tensors = SafeTensors::deserialize(bytes).unwrap();
        let (_, metadata) = SafeTensors::read_metadata(bytes).unwrap();
        let entry = &metadata.metadata().as_ref().unwrap()[ENTRY];
        let mut header: Header = serde_json::from_str(entry).unwrap();
        let mut parts: Vec<(&str, Vec<u8>)> =
            TENSORS.iter().map(|&name| (name, tensors.tensor(name).unwrap().data().to_vec())).collect();
        change(&mut parts);
        header.content =
            content_hash(&header, parts.iter().map(|(name, part)| (*name, part.as_slice()))).unwrap();
        let views = parts.iter().map(|(name, part)| {
            let old = tensors.tensor(name).unwrap();
            let shape = if old.shape().len() == 1 && old.dtype() == Dtype::U8 {
                vec![part.len()]
            } else {
                old.shape().to_vec()
            };
            (*name, TensorView::new(old.dtype(), shape, part).unwrap())
        });
        let metadata = HashMap::from([(ENTRY.to_string(), header_text(&header).unwrap())]);
        safetensors::serialize(views, Some(metadata)).unwrap()
    }

    #[test]
    fn indices_into_nothing_are_refused() {
        for (emptied, index) in [("pieces", "orbit_pieces"), ("rows", "facet_rows")] {
            let bytes = forged(&form().to_bytes().unwrap(), |parts| {
                for (name, part) in parts {
                    if *name == emptied {
                        part.clear();
                    } else if *name == index {
                        part.fill(0);
                    }
                }
            });
            let error = OrbitForm::from_bytes(&bytes, "forged").unwrap_err().to_string();
            assert!(error.contains(&format!("forged, {index}: an entry points at nothing")), "{error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// A forged file is refused, or the checker refuses it, or the function is right all the same: a witness or the
        /// viewpoint was exchanged for another valid one. Nothing panics.
        #[test]
        fn forgeries_do_no_harm(
            tensor in 0usize..TENSORS.len(),
            at in any::<usize>(),
            value in prop_oneof![any::<u8>(), proptest::sample::select(b"0123456789 -/".to_vec()), 0u8..4],
        ) {
            let bytes = form().to_bytes().unwrap();
            let bytes = forged(&bytes, |parts| {
                let changed = &mut parts[tensor].1;
                if !changed.is_empty() {
                    let at = at % changed.len();
                    changed[at] = value;
                }
            });
            let Ok(form) = OrbitForm::from_bytes(&bytes, "forged") else { return Ok(()) };
            let right = checker::check(&form, &network()).ok();
            let expanded = form.expand();
            let evaluator = OrbitEvaluator::new(&form).unwrap();
            for code in 0..25 {
                let point = [code % 5 - 2, code / 5 - 2].map(Rational::from);
                let value = evaluator.evaluate(&point);
                if right {
                    let expected = network().evaluate_exact(&point);
                    prop_assert_eq!(value.unwrap(), expected.clone());
                    prop_assert_eq!(expanded.as_ref().unwrap().evaluate(&point).unwrap(), expected);
                }
            }
        }
    }
}
