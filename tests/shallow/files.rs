//! Saving and loading.

use crate::support::{position_symmetry, read_network};
use isotypic::num::Rational;
use isotypic::polyhedral::Domain;
use isotypic::shallow::slice::on_slice;
use isotypic::shallow::{Options, OrbitForm, checker};

fn stored() -> OrbitForm {
    let network = read_network("s3_1-2");
    let symmetry = position_symmetry(&network, 'S', 3);
    let domain = Domain::cube(3, (-2).into(), 2.into()).unwrap();
    let form = OrbitForm::from_network(&network, &domain, &symmetry, &Options::default()).unwrap();
    form.with_names("S3", "points")
}

#[test]
fn a_form_comes_back_and_is_checked_against_its_network() {
    let form = stored();
    let bytes = form.to_bytes().unwrap();
    assert_eq!(bytes, form.to_bytes().unwrap());
    let back = OrbitForm::from_bytes(&bytes, "form").unwrap();
    assert_eq!(back, form);
    let certificate = checker::check(&back, &read_network("s3_1-2"));
    assert!(certificate.ok(), "{certificate:?}");
    assert!(!checker::check(&back, &read_network("s3_1-3")).ok());
}

/// Whatever byte is changed, the file is refused, or says the same (blanks in the header).
#[test]
fn changed_bytes_are_noticed() {
    let form = stored();
    let bytes = form.to_bytes().unwrap();
    let step = bytes.len() / 1500 + 1;
    for at in (0..bytes.len()).step_by(step).chain(0..600) {
        for change in [1u8, 0x20] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            if let Ok(back) = OrbitForm::from_bytes(&changed, "form") {
                assert_eq!(back, form, "byte {at}");
            }
        }
    }
}

#[test]
fn cut_files_are_refused_with_their_name() {
    let bytes = stored().to_bytes().unwrap();
    for length in [0, 7, 8, 100, bytes.len() / 2, bytes.len() - 1] {
        let message = OrbitForm::from_bytes(&bytes[..length], "cut.form").unwrap_err().to_string();
        assert!(message.starts_with("cut.form"), "{message}");
    }
}

/// A form on a plane through the input space of a network is checked against the whole network.
#[test]
fn a_form_on_a_slice_knows_its_slice() {
    let network = read_network("mlp_3-8-8-1");
    let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
    let slice = [row([1, 0, 0]), row([1, 2, -1]), row([0, 1, 1])];
    let triangle = Domain::Polytope(vec![row([1, 0, 2]), row([0, 1, 2]), row([-1, -1, 3])]);
    for domain in [Domain::WholeSpace, triangle] {
        let form = OrbitForm::from_slice(&network, &slice, &domain, &Options::default()).unwrap();
        let back = OrbitForm::from_bytes(&form.to_bytes().unwrap(), "slice").unwrap();
        assert_eq!(back, form);
        let certificate = checker::check(&back, &network);
        assert!(certificate.ok(), "{certificate:?}");
        let expanded = form.expand().unwrap();
        assert!(expanded.verify(&on_slice(&network, &slice).unwrap(), None).unwrap().ok());
        let (u, x) = ([Rational::ONE, Rational::ZERO], [1, 0, 1].map(Rational::from));
        assert_eq!(expanded.evaluate(&u).unwrap(), network.evaluate_exact(&x));
    }
}
