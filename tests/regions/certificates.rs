//! Certificates of completeness: true ones pass, and every way to spoil one is found out.

use super::laws::{domains, small_maps};
use super::support::{domain, known_networks};
use isotypic::num::Rational;
use isotypic::polyhedral::certificate::{Certificate, RowProof, check};
use isotypic::polyhedral::{Options, describe, plain};
use proptest::prelude::*;

#[test]
fn known_networks_are_certified() {
    let mut certified = 0;
    for known in known_networks() {
        for (name, expected) in &known.counts {
            if expected["regions"].as_u64().unwrap() > 150 || known.map.inputs() > 8 {
                continue;
            }
            let domain = domain(name, known.map.inputs());
            let regions = describe::regions(&known.map, &domain, &Options::default()).unwrap();
            let certificate = Certificate::new(&regions).unwrap();
            check(&known.map, &domain, &certificate)
                .unwrap_or_else(|flaw| panic!("{} on {name}: {flaw}", known.name));
            certified += 1;
        }
    }
    assert!(certified > 35, "{certified}");
}

/// Spoils one thing in a certificate; `None` where there is no such thing.
fn spoil(certificate: &Certificate, how: usize, at: usize) -> Option<Certificate> {
    let mut spoilt = certificate.clone();
    let region = at % spoilt.regions.len();
    let proof = &mut spoilt.regions[region];
    let interior = proof.interior_point.clone();
    match how {
        0 if certificate.regions.len() > 1 => {
            spoilt.regions.remove(region);
        }
        1 => {
            let copy = proof.clone();
            spoilt.regions.push(copy);
        }
        2 => {
            let neuron = at % proof.pattern.neurons();
            let bit = proof.pattern.is_active(neuron);
            proof.pattern.set(neuron, !bit);
        }
        3 => {
            let facet = proof.rows.iter_mut().find(|p| matches!(p, RowProof::Facet { .. }))?;
            let RowProof::Facet { point, .. } = facet else { return None };
            *point = interior;
        }
        4 => {
            let implied = proof.rows.iter_mut().find(|p| matches!(p, RowProof::Implied { .. }))?;
            let RowProof::Implied { constant, .. } = implied else { return None };
            *constant += Rational::ONE;
        }
        5 => {
            let facet =
                proof.rows.iter_mut().find(|p| matches!(p, RowProof::Facet { beyond: Some(_), .. }))?;
            let RowProof::Facet { beyond, .. } = facet else { return None };
            *beyond = None;
        }
        6 => {
            proof.rows.pop()?;
        }
        7 => {
            let last = proof.rows.iter().position(|p| !matches!(p, RowProof::Constant))?;
            proof.rows[last] = RowProof::Constant;
        }
        _ => return None,
    }
    Some(spoilt)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn true_certificates_pass_and_spoilt_ones_do_not(
        (map, domain) in small_maps(3, 7).prop_flat_map(|map| { let d = map.inputs(); (Just(map), domains(d)) }),
        at in 0usize..1000,
    ) {
        let Ok(regions) = plain::enumerate(&map, &domain) else { return Ok(()) };
        let certificate = Certificate::new(&regions).unwrap();
        prop_assert_eq!(check(&map, &domain, &certificate), Ok(()));
        for how in 0..8 {
            if let Some(spoilt) = spoil(&certificate, how, at) {
                prop_assert!(check(&map, &domain, &spoilt).is_err(), "way {}", how);
            }
        }
    }
}
