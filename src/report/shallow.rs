//! The three-layer form as text and JSON.

use super::checks::CheckRow;
use crate::error::Result;
use crate::shallow::{Certificate, FormSizes, OrbitForm, ShallowNetwork};
use serde::Serialize;
use std::collections::BTreeMap;
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
    boundary: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_selectors: Option<String>,
    orbit_sizes: BTreeMap<usize, usize>,
    checks: Vec<CheckRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    orbit_list: Option<Vec<OrbitRow>>,
}

/// One orbit of regions.
#[derive(Serialize)]
struct OrbitRow {
    pattern: String,
    size: usize,
    facets: usize,
    piece: usize,
}

impl ShallowReport {
    /// The report of a form with its certificate.
    ///
    /// # Errors
    /// As [`OrbitForm::sizes`].
    pub fn new(form: &OrbitForm, certificate: &Certificate) -> Result<Self> {
        let FormSizes { half_spaces, regions, incidences, layer_widths, .. } = form.sizes()?;
        let with_symmetry = !form.symmetry().generators.is_empty();
        let mut orbit_sizes = BTreeMap::new();
        form.orbits().iter().for_each(|orbit| *orbit_sizes.entry(orbit.size).or_default() += 1);
        Ok(ShallowReport {
            half_spaces: half_spaces.to_string(),
            regions: regions.to_string(),
            orbits: form.orbits().len().to_string(),
            with_symmetry,
            layer_widths,
            equivariant: with_symmetry && certificate.ok(),
            verified: certificate.ok(),
            affine_pieces: form.pieces().len().to_string(),
            incidences: incidences.to_string(),
            boundary: form.boundary().name(),
            merged_selectors: None,
            orbit_sizes,
            checks: certificate.checks.iter().map(CheckRow::from).collect(),
            orbit_list: None,
        })
    }

    /// Replaces the sizes by those of the form after merging, and adds what was checked of it.
    pub fn add_merged(&mut self, merged: &ShallowNetwork, certificate: &Certificate) {
        let sizes = merged.sizes();
        self.merged_selectors = Some(sizes.selectors.to_string());
        self.half_spaces = sizes.half_spaces.to_string();
        self.incidences = sizes.incidences.to_string();
        self.layer_widths = sizes.layer_widths;
        self.verified &= certificate.ok();
        // Merging need not respect the group.
        self.equivariant = false;
        let named = |check: &crate::shallow::Check| CheckRow {
            name: format!("merged form, {}", check.name),
            ..CheckRow::from(check)
        };
        self.checks.extend(certificate.checks.iter().map(named));
    }

    /// Lists the orbits, too.
    pub fn list_orbits(&mut self, form: &OrbitForm) {
        let row = |orbit: &crate::shallow::SelectorOrbit| OrbitRow {
            pattern: orbit.pattern.to_string(),
            size: orbit.size,
            facets: orbit.facets.len(),
            piece: orbit.piece,
        };
        self.orbit_list = Some(form.orbits().iter().map(row).collect());
    }

    /// The checks.
    pub fn checks(&self) -> &[CheckRow] {
        &self.checks
    }

    /// The sizes, as pairs of a name and a number.
    pub fn sizes(&self) -> Vec<(&'static str, String)> {
        let mut sizes = vec![("half-spaces", self.half_spaces.clone()), ("regions", self.regions.clone())];
        if self.with_symmetry {
            let by_size = |(size, count): (&usize, &usize)| format!("{count} of {size}");
            let all: Vec<String> = self.orbit_sizes.iter().map(by_size).collect();
            sizes.push(("orbits of regions", self.orbits.clone()));
            sizes.push(("orbits by number of regions", all.join(", ")));
        }
        if let Some(selectors) = &self.merged_selectors {
            sizes.push(("selectors after merging", selectors.clone()));
        }
        let pieces = if self.with_symmetry { "affine pieces stored" } else { "different affine pieces" };
        sizes.extend([
            (pieces, self.affine_pieces.clone()),
            ("conditions of all selectors", self.incidences.clone()),
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
        for orbit in self.orbit_list.iter().flatten() {
            let OrbitRow { pattern, size, facets, piece } = orbit;
            let _ = writeln!(text, "orbit {pattern}: {size} regions with {facets} facets, piece {piece}");
        }
        for check in &self.checks {
            text += &check.line();
        }
        let _ = writeln!(text, "{}", if self.verified { "verified" } else { "not verified" });
        text
    }

    /// Whether every check holds.
    pub fn is_verified(&self) -> bool {
        self.verified
    }
}
