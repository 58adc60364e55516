//! The three-layer form as text and JSON.

use crate::shallow::{FormSymmetry, ShallowNetwork, certificate::Certificate};
use serde::Serialize;
use std::fmt::Write;

/// What `shallow` prints. The names of the JSON fields are part of the program's contract.
#[derive(Serialize)]
pub struct ShallowReport {
    half_spaces: String,
    regions: String,
    /// Without a group: the number of regions.
    orbits: String,
    #[serde(skip)]
    with_symmetry: bool,
    layer_widths: [usize; 3],
    equivariant: bool,
    verified: bool,
    affine_pieces: String,
    incidences: String,
    checks: Vec<NamedCheck>,
}

/// One check of a certificate.
#[derive(Serialize)]
pub struct NamedCheck {
    /// What was checked.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// Figures, or what went wrong.
    pub detail: String,
}

impl ShallowReport {
    /// The report of a form with its certificate and, if a group was given, its symmetry.
    pub fn new(form: &ShallowNetwork, certificate: &Certificate, symmetry: Option<&FormSymmetry>) -> Self {
        let regions = form.selectors().len();
        let orbits = symmetry.map(|symmetry| symmetry.selector_orbits(form).count());
        ShallowReport {
            with_symmetry: orbits.is_some(),
            half_spaces: form.half_spaces().len().to_string(),
            regions: regions.to_string(),
            orbits: orbits.unwrap_or(regions).to_string(),
            layer_widths: form.layer_widths(),
            equivariant: symmetry.is_some() && certificate.ok(),
            verified: certificate.ok(),
            affine_pieces: form.pieces().len().to_string(),
            incidences: form.incidences().to_string(),
            checks: checks(certificate),
        }
    }

    /// The checks.
    pub fn checks(&self) -> &[NamedCheck] {
        &self.checks
    }

    /// The sizes, as pairs of a name and a number.
    pub fn sizes(&self) -> Vec<(&'static str, String)> {
        let mut sizes = vec![("half-spaces", self.half_spaces.clone()), ("regions", self.regions.clone())];
        if self.with_symmetry {
            sizes.push(("orbits of regions", self.orbits.clone()));
        }
        sizes.extend([
            ("different affine pieces", self.affine_pieces.clone()),
            ("facets over all regions", self.incidences.clone()),
            ("units in hidden layers 1, 2, 3", self.layer_widths.map(|w| w.to_string()).join(", ")),
        ]);
        sizes
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.sizes() {
            let _ = writeln!(text, "{name:<32}{value}");
        }
        for check in &self.checks {
            let mark = if check.ok { "ok  " } else { "FAIL" };
            let _ = writeln!(text, "{mark} {}: {}", check.name, check.detail);
        }
        let _ = writeln!(text, "{}", if self.verified { "verified" } else { "not verified" });
        text
    }

    /// Whether every check holds.
    pub fn is_verified(&self) -> bool {
        self.verified
    }
}

fn checks(certificate: &Certificate) -> Vec<NamedCheck> {
    certificate
        .checks
        .iter()
        .map(|check| NamedCheck { name: check.name.to_string(), ok: check.ok, detail: check.detail.clone() })
        .collect()
}
