//! Questions about the three-layer form: on which domain, with which symmetry.

use super::network_symmetry::NetworkSymmetry;
use super::region_domain::RegionDomain;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, exact};
use crate::polyhedral::Domain;
use crate::shallow::{LayerSymmetry, Options, OrbitForm};

/// What form is wanted.
#[derive(Clone, Debug)]
pub struct FormQuestion<'a> {
    /// Where the form shall answer.
    pub domain: &'a RegionDomain,
    /// The symmetry by which regions are stored once per orbit.
    pub symmetry: Option<&'a NetworkSymmetry>,
    /// Points whose bounding box the domain is cut down to; with a symmetry the smallest invariant box.
    pub data: Option<&'a [Vec<f64>]>,
    /// How the form is made.
    pub options: Options,
}

impl FormQuestion<'_> {
    /// Builds the form. It bears the names of the group and of its action.
    ///
    /// # Errors
    /// [`Error::Input`] where a symmetry or data are given with a slice; else as [`OrbitForm::from_network`].
    pub fn build(&self, network: &Network) -> Result<OrbitForm> {
        let (_, domain) = self.domain.restrict(network)?;
        if let Some(embedding) = self.domain.embedding() {
            for (given, what) in
                [(self.symmetry.is_some(), "--group"), (self.data.is_some(), "a box of data")]
            {
                if given {
                    return Err(Error::input(
                        format!("domain {}", self.domain.name()),
                        format!("{what} does not go with a slice of the input space"),
                        "choose the domain 'all' or a box, or leave it out",
                    ));
                }
            }
            return OrbitForm::from_slice(network, &embedding, &domain, &self.options);
        }
        let layers = match self.symmetry {
            Some(symmetry) => symmetry.layer_symmetry()?,
            None => LayerSymmetry::default(),
        };
        let domain = match self.data {
            Some(rows) => within_data(&domain, rows, &layers, network.inputs())?,
            None => domain,
        };
        let form = OrbitForm::from_network(network, &domain, &layers, &self.options)?;
        Ok(match self.symmetry {
            Some(symmetry) => form.with_names(symmetry.group().name(), symmetry.layout.describe()),
            None => form,
        })
    }
}

/// The part of a domain in the smallest box that holds the data and that the group preserves.
fn within_data(
    domain: &Domain,
    rows: &[Vec<f64>],
    symmetry: &LayerSymmetry,
    inputs: usize,
) -> Result<Domain> {
    let place = "bounding box of the data";
    let mut ends: Vec<(Rational, Rational)> = Vec::new();
    for row in rows {
        for (i, &x) in row.iter().enumerate() {
            let x = exact(x).ok_or_else(|| {
                Error::input(place, "a number is NaN or infinite", "remove or mend the row")
            })?;
            match ends.get_mut(i) {
                Some(end) => *end = (end.0.clone().min(x.clone()), end.1.clone().max(x)),
                None => ends.push((x.clone(), x)),
            }
        }
    }
    if ends.len() != inputs {
        return Err(Error::shape(
            place,
            format!("{inputs} columns, one for each input"),
            ends.len(),
            "give a table with the network's inputs only",
        ));
    }
    // Widened along each orbit of inputs until nothing changes.
    let mut changed = true;
    while changed {
        changed = false;
        for generator in &symmetry.generators {
            for i in 0..inputs {
                let j = generator.input.apply(i);
                let wide =
                    (ends[i].0.clone().min(ends[j].0.clone()), ends[i].1.clone().max(ends[j].1.clone()));
                changed |= ends[i] != wide || ends[j] != wide;
                (ends[i], ends[j]) = (wide.clone(), wide);
            }
        }
    }
    let (mut lo, mut hi): (Vec<Rational>, Vec<Rational>) = ends.into_iter().unzip();
    if let Some(i) = (0..inputs).find(|&i| lo[i] == hi[i]) {
        return Err(Error::input(
            place,
            format!("column {} holds one number only, so the box has no interior", i + 1),
            "give more data, or choose a box with --domain",
        ));
    }
    match domain {
        Domain::WholeSpace => {}
        Domain::Box { lo: low, hi: high } => {
            for i in 0..inputs {
                lo[i] = lo[i].clone().max(low[i].clone());
                hi[i] = hi[i].clone().min(high[i].clone());
            }
        }
        Domain::Polytope(_) => {
            return Err(Error::unsupported("a box of data within a polytope", "choose 'all' or a box"));
        }
    }
    if (0..inputs).any(|i| lo[i] >= hi[i]) {
        return Err(Error::input(place, "the data lie outside the domain", "choose a larger domain"));
    }
    Ok(Domain::Box { lo, hi })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::Permutation;
    use crate::shallow::LayerPermutation;

    fn swap() -> LayerSymmetry {
        let input = Permutation::parse("(1,2)", 2).unwrap();
        let output = Permutation::identity(1);
        LayerSymmetry { generators: vec![LayerPermutation { input, hidden: vec![], output }] }
    }

    #[test]
    fn the_box_of_data_is_invariant_and_within_the_domain() {
        let rows = [vec![0.0, 2.0], vec![1.0, 5.0]];
        let number = |x: i32| Rational::from(x);
        let free = within_data(&Domain::WholeSpace, &rows, &LayerSymmetry::default(), 2).unwrap();
        assert_eq!(free, Domain::Box { lo: vec![number(0), number(2)], hi: vec![number(1), number(5)] });
        let cube = Domain::cube(2, (-1).into(), 3.into()).unwrap();
        let bound = within_data(&cube, &rows, &swap(), 2).unwrap();
        assert_eq!(bound, Domain::Box { lo: vec![number(0); 2], hi: vec![number(3); 2] });
        let far = Domain::cube(2, 9.into(), 10.into()).unwrap();
        for bad in [
            within_data(&far, &rows, &swap(), 2),
            within_data(&cube, &rows[..1], &LayerSymmetry::default(), 2),
            within_data(&cube, &rows, &LayerSymmetry::default(), 3),
            within_data(&cube, &[vec![f64::NAN, 0.0]], &LayerSymmetry::default(), 2),
        ] {
            assert!(bad.is_err());
        }
    }
}
