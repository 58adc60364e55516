//! The independent checker: is a stored form the network's function, exactly?
//!
//! It shares nothing with the construction but the numbers, the permutations and the file reader; everything else is
//! computed here again, plainly. It uses no search and no linear programming: the form carries witnesses, and they are
//! verified by substitution.
//!
//! # What is checked, and why it suffices
//! Let `f` be the network, `D` the domain, `G` the group. For an activation pattern `p` let `Q(p)` be the set of points of
//! `D` where every neuron's affine form under `p` is `>= 0` if active and `<= 0` if not. Sets `Q(p)` with interior are the
//! regions; they cover `D`, their interiors are disjoint, and `f` is affine on each.
//!
//! 1. `file`: sizes fit the network, and the recorded hash is the network's. (A form on a slice is compared with the network
//!    behind the slice's embedding.)
//! 2. `symmetry`: every generator takes weights to weights, up to positive factors of neurons, and the domain to itself. So
//!    `f(g x) = g f(x)`, `g` takes `Q(p)` to `Q(g p)`, and what follows holds for all images once it holds for the stored
//!    regions.
//! 3. `affine pieces`: each is the product of the masked layers, so it is `f` on `Q(p)`.
//! 4. `regions`: each row of a region is one of the inequalities of `Q(p)`; each inequality of `Q(p)` is a non-negative
//!    combination of the rows, or holds on a box whose sides are such combinations; and the interior point has pattern `p`
//!    and satisfies the rows strictly. So the rows describe `Q(p)`, which has interior. Each facet point lies on its row and
//!    strictly inside the others: no row is superfluous.
//! 5. `orbits`: sizes are right, and no two orbits share a pattern.
//! 6. `completeness`: a step across each facet inside `D`, along its normal, leads to a pattern of some orbit. Exactly one
//!    region lies beyond a facet: inside the facet no neuron changes its sign, layer by layer, so the pattern beyond is the
//!    same along the whole of it. The interior of `D` less the faces of codimension two is connected, so there is no other
//!    region.
//! 7. `ownership`: the viewpoint lies inside `D` and on no image of a row. So exactly one region owns each point of `D`.
//! 8. `values`: at facet points, vertices, random points and images of all these, exactly one region owns the point, and
//!    its piece gives the network's value (implied by the above, and tried all the same).
//! 9. `permutations`: each generator permutes half-spaces and regions, products of generators as products.
//! 10. `equivariance`: the form's value at `g x` is `g` times that at `x`, at the test points.
//! 11. `faces`, for forms that ask for selectors of faces: at the test points exactly one of these answers, and rightly. The
//!     faces are made by [`OrbitForm::expand`]; this check is by points only.
//!
//! What names of the group and of its action a form bears is for people and proves nothing.

mod geometry;
mod images;
mod layers;
mod values;

use super::boundary::Boundary;
use super::certificate::Certificate;
use super::orbit_form::OrbitForm;
use super::provenance::network_hash;
use crate::network::Network;
use images::Images;
use layers::Layers;

/// What a check finds: how much was checked, or what is wrong.
type Outcome = Result<String, String>;

/// Checks a stored form against a network. Checks that rest on failed ones are left out.
///
/// Cost: for each stored region one product of the masked layers and `(N + m) m d` multiplications, `m` its number of
/// facets; for each facet one evaluation of the network; O((R f + K) d) for the images; some hundred test points.
pub fn check(form: &OrbitForm, network: &Network) -> Certificate {
    let mut certificate = Certificate::default();
    certificate.record("file", file(form, network));
    if !certificate.ok() {
        return certificate;
    }
    let layers = match form.slice() {
        None => Layers::new(network),
        Some(slice) => Layers::new(network).on_slice(slice, form.inputs()),
    };
    certificate.record("symmetry", layers::symmetry(form, &layers));
    if !certificate.ok() {
        return certificate;
    }
    let (pieces, regions) = geometry::pieces_and_regions(form, &layers);
    certificate.record("affine pieces", pieces);
    if !certificate.ok() {
        return certificate;
    }
    certificate.record("regions", regions);
    let images = match Images::new(form) {
        Ok((images, found)) => {
            certificate.record("orbits", Ok(found));
            images
        }
        Err(problem) => {
            certificate.record("orbits", Err(problem));
            return certificate;
        }
    };
    certificate.record("completeness", geometry::completeness(form, &layers, &images));
    certificate.record("ownership", geometry::ownership(form, &images));
    certificate.record("values", values::values(form, &layers, &images));
    certificate.record("permutations", images.permutations());
    certificate.record("equivariance", values::equivariance(form, &images));
    if form.boundary() == Boundary::Faces {
        certificate.record("faces", values::faces(form, &layers, &images));
    }
    certificate
}

fn file(form: &OrbitForm, network: &Network) -> Outcome {
    let hidden: Vec<usize> = network.layers().iter().map(|layer| layer.outputs()).collect();
    let (outputs, hidden) = hidden.split_last().ok_or("the network has no layer")?;
    // On a slice the form's inputs are those of the slice, which has one row per input of the network.
    let inputs = form.slice().map_or(form.inputs(), <[_]>::len);
    if (inputs, form.outputs(), form.hidden()) != (network.inputs(), *outputs, hidden) {
        return Err(format!(
            "the form is for {inputs} inputs, {:?} neurons and {} outputs, the network has {}, {hidden:?} and {outputs}",
            form.hidden(),
            form.outputs(),
            network.inputs()
        ));
    }
    let every = |count: usize, used: &mut dyn Iterator<Item = usize>| {
        let mut unused: std::collections::BTreeSet<usize> = (0..count).collect();
        used.for_each(|index| {
            unused.remove(&index);
        });
        unused.is_empty()
    };
    let orbits = form.orbits();
    let pieces = every(form.pieces().len(), &mut orbits.iter().map(|orbit| orbit.piece));
    let rows =
        every(form.rows().len(), &mut orbits.iter().flat_map(|orbit| &orbit.facets).map(|facet| facet.row));
    if !pieces || !rows {
        return Err("an affine piece or a row is used by no region".into());
    }
    let hash = network_hash(network);
    if form.provenance().network != hash {
        return Err(format!("made for the network {}, not for {hash}", form.provenance().network));
    }
    Ok(format!("schema and sizes are right; network {}", &hash[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::Permutation;
    use crate::network::{Activation, AffineLayer};
    use crate::num::{Integer, Rational};
    use crate::polyhedral::Domain;
    use crate::shallow::{LayerPermutation, LayerSymmetry, Options, SelectorOrbit, Viewpoint};

    /// A network on three positions: two hidden layers and an output per position, weights `a` on and `b` off the diagonal.
    fn network() -> Network {
        let layer = |a: i32, b: i32, bias: i32| {
            let row = |i: usize| -> Vec<Rational> {
                (0..3).map(|j| if i == j { a } else { b }).chain([bias]).map(Rational::from).collect()
            };
            AffineLayer::from_exact(3, &[row(0), row(1), row(2)])
        };
        let layers = vec![layer(2, -1, 1), layer(1, -2, -1), layer(1, 3, 2)];
        Network::new(layers, vec![Activation::Relu, Activation::Abs]).unwrap()
    }

    fn symmetry() -> LayerSymmetry {
        let generators = ["(1,2,3)", "(1,2)"].map(|text| {
            let p = Permutation::parse(text, 3).unwrap();
            LayerPermutation { input: p.clone(), hidden: vec![p.clone(), p.clone()], output: p }
        });
        LayerSymmetry { generators: generators.to_vec() }
    }

    fn form(domain: &Domain) -> OrbitForm {
        OrbitForm::from_network(&network(), domain, &symmetry(), &Options::default()).unwrap()
    }

    /// The first check that fails.
    fn failure(form: &OrbitForm) -> Option<String> {
        check(form, &network()).checks.into_iter().find(|check| !check.ok).map(|check| check.name)
    }

    fn bump(number: &mut Rational) {
        *number += Rational::ONE;
    }

    /// Removes a facet whose row another region uses too.
    fn drop_shared_facet(form: &mut OrbitForm) {
        let uses =
            |row: usize| form.orbits.iter().flat_map(|orbit| &orbit.facets).filter(|f| f.row == row).count();
        let shared: Vec<bool> = (0..form.rows.len()).map(|row| uses(row) > 1).collect();
        let facets = form.orbits.iter_mut().map(|orbit| &mut orbit.facets);
        for facets in facets {
            if let Some(at) = facets.iter().position(|facet| shared[facet.row]) {
                facets.remove(at);
                return;
            }
        }
    }

    #[test]
    fn right_forms_pass() {
        for domain in [Domain::WholeSpace, Domain::cube(3, (-2).into(), 2.into()).unwrap()] {
            let certificate = check(&form(&domain), &network());
            assert!(certificate.ok() && certificate.checks.len() == 10, "{certificate:?}");
        }
    }

    #[test]
    fn every_kind_of_wrong_entry_is_caught() {
        type Change = fn(&mut OrbitForm);
        let changes: [(&str, Change, &str); 19] = [
            ("inputs", |f| f.inputs = 4, "file"),
            ("hidden", |f| f.hidden[0] = 2, "file"),
            ("hash", |f| f.provenance.network.replace_range(0..1, "x"), "file"),
            ("symmetry", |f| f.symmetry.generators[0].input = Permutation::identity(3), "symmetry"),
            (
                "hidden symmetry",
                |f| f.symmetry.generators[0].hidden[1] = Permutation::identity(3),
                "symmetry",
            ),
            ("output symmetry", |f| f.symmetry.generators[1].output = Permutation::identity(3), "symmetry"),
            ("domain", |f| f.domain = Domain::cube(3, (-1).into(), 1.into()).unwrap(), "regions"),
            ("piece", |f| bump(&mut f.pieces[1].rows[0][2]), "affine pieces"),
            ("piece index", |f| f.orbits[1].piece = f.orbits[0].piece, "file"),
            ("row", |f| f.rows[0][0] += Integer::ONE, "regions"),
            ("constant", |f| f.rows[0][3] += Integer::ONE, "regions"),
            ("pattern", |f| f.orbits[0].pattern = f.orbits[1].pattern.clone(), "affine pieces"),
            ("missing facet", drop_shared_facet, "regions"),
            ("facet point", |f| bump(&mut f.orbits[0].facets[0].point[0]), "regions"),
            ("interior point", |f| f.orbits[0].interior_point = vec![Rational::from(50); 3], "regions"),
            ("proof", |f| f.orbits[0].implied[0].clear(), "regions"),
            ("orbit size", |f| f.orbits[2].size += 1, "orbits"),
            ("missing orbit", |f| drop(f.orbits.remove(0)), "file"),
            (
                "viewpoint",
                |f| {
                    f.viewpoint =
                        Viewpoint::from_coordinates([1, 1, 1, 0].map(Integer::from).to_vec()).unwrap()
                },
                "ownership",
            ),
        ];
        for (what, change, expected) in changes {
            let mut form = form(&Domain::WholeSpace);
            change(&mut form);
            assert_eq!(failure(&form).as_deref(), Some(expected), "{what}");
        }
    }

    /// `sum of relu(x + y - k)` for 36 numbers `k`: strips, most of whose inequalities hold on boxes around them.
    fn strips() -> Network {
        let row = |k: i32| [1, 1, k].map(Rational::from).to_vec();
        let hidden = AffineLayer::from_exact(2, &(-18..18).map(row).collect::<Vec<_>>());
        let output = AffineLayer::from_exact(36, &[[vec![Rational::ONE; 36], vec![Rational::ZERO]].concat()]);
        Network::new(vec![hidden, output], vec![Activation::Relu]).unwrap()
    }

    #[test]
    fn wrong_boxes_are_caught() {
        let domain = Domain::cube(2, (-1).into(), 1.into()).unwrap();
        let right =
            OrbitForm::from_network(&strips(), &domain, &LayerSymmetry::default(), &Options::default())
                .unwrap();
        assert!(check(&right, &strips()).ok());
        type Change = fn(&mut SelectorOrbit);
        let changes: [(&str, Change); 5] = [
            ("sides exchanged", |orbit| orbit.extent.swap(0, 1)),
            ("no box", |orbit| orbit.extent.iter_mut().for_each(Vec::clear)),
            ("a side too few", |orbit| drop(orbit.extent.pop())),
            ("another facet", |orbit| orbit.extent[0][0] = (orbit.extent[0][0] + 1) % orbit.facets.len()),
            ("a facet that the box does not imply", |orbit| orbit.implied.iter_mut().for_each(Vec::clear)),
        ];
        for (what, change) in changes {
            let mut form = right.clone();
            change(&mut form.orbits[0]);
            let certificate = check(&form, &strips());
            let wrong = certificate.checks.iter().find(|check| !check.ok);
            assert_eq!(wrong.map(|check| check.name.as_str()), Some("regions"), "{what}");
        }
    }

    #[test]
    fn a_missing_region_is_noticed_even_where_nothing_else_misses_it() {
        let mut form = form(&Domain::WholeSpace);
        let all = form.orbits.clone();
        for orbit in &all {
            form.orbits = all.iter().filter(|other| other.pattern != orbit.pattern).cloned().collect();
            let images = Images::new(&form).unwrap().0;
            assert!(geometry::completeness(&form, &Layers::new(&network()), &images).is_err());
        }
    }

    #[test]
    fn another_network_is_refused() {
        let mut layers = network().layers().to_vec();
        layers.pop();
        let other = Network::new(layers, vec![Activation::Relu]).unwrap();
        assert!(!check(&form(&Domain::WholeSpace), &other).ok());
    }
}
