//! The proof that a list of regions is correct and complete, as a file.
//!
//! The file says which network and domain it is about (the layers of the map in the coordinates of the domain, and the
//! embedding where these are not the inputs), and lists for every region the proof that
//! [`polyhedral::certificate`](crate::polyhedral::certificate) describes. With a symmetry, too, all regions are listed: the
//! proof needs no group.

use super::{RegionAnswer, RegionDomain};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, parse_fraction};
use crate::polyhedral::certificate::{Certificate, Flaw, RegionProof, RowProof, check};
use crate::polyhedral::{ActivationPattern, Domain, PiecewiseLinearMap};
use crate::shallow::form::piecewise_linear_map;
use serde::{Deserialize, Serialize};

/// The only version of the format so far.
pub const FORMAT: &str = "isotypic regions certificate 1";

/// A proof with what it is about.
#[derive(Clone, Debug)]
pub struct RegionCertificate {
    map: PiecewiseLinearMap,
    embedding: Option<Vec<Vec<Rational>>>,
    /// The half-spaces of the domain as rows, the constant last, `>= 0` inside.
    domain: Vec<Vec<Rational>>,
    domain_name: String,
    certificate: Certificate,
}

/// The file; numbers are texts `p` or `p/q`, points and rows lists of them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    domain: String,
    inputs: usize,
    layers: Vec<Vec<Vec<String>>>,
    slopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    embedding: Option<Vec<Vec<String>>>,
    half_spaces: Vec<Vec<String>>,
    regions: Vec<RegionFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionFile {
    pattern: String,
    point: Vec<String>,
    rows: Vec<RowFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum RowFile {
    Constant,
    Facet { point: Vec<String>, beyond: Option<usize> },
    Implied { terms: Vec<(usize, String)>, constant: String },
}

impl RegionCertificate {
    /// Proves that the regions of an answer are all there are.
    ///
    /// # Errors
    /// As [`Certificate::new`].
    pub fn new(network: &Network, domain: &RegionDomain, answer: &RegionAnswer) -> Result<Self> {
        let (restricted, within) = domain.restrict(network)?;
        let map = piecewise_linear_map(&restricted)?;
        let half_spaces = within.half_spaces(map.inputs())?;
        Ok(RegionCertificate {
            embedding: domain.embedding(),
            domain: half_spaces
                .into_iter()
                .map(|row| row.into_iter().map(Rational::from).collect())
                .collect(),
            domain_name: domain.name(),
            certificate: Certificate::new(&answer.regions)?,
            map,
        })
    }

    /// The number of regions.
    pub fn regions(&self) -> usize {
        self.certificate.regions.len()
    }

    /// The name of the domain.
    pub fn domain(&self) -> &str {
        &self.domain_name
    }

    /// Whether the certificate is about this network: its layers, seen in the coordinates of the domain, are those of the
    /// certificate.
    ///
    /// # Errors
    /// As [`piecewise_linear_map`].
    pub fn is_about(&self, network: &Network) -> Result<bool> {
        let mut map = piecewise_linear_map(network)?;
        if let Some(embedding) = &self.embedding {
            if embedding.len() != map.inputs() {
                return Ok(false);
            }
            map = map.restrict_to(embedding)?;
        }
        Ok(same_layers(&map, &self.map))
    }

    /// Checks the proof with code of its own, from the layers, the half-spaces of the domain and exact numbers.
    ///
    /// # Errors
    /// The first [`Flaw`].
    pub fn check(&self) -> std::result::Result<(), Flaw> {
        let domain =
            if self.domain.is_empty() { Domain::WholeSpace } else { Domain::Polytope(self.domain.clone()) };
        check(&self.map, &domain, &self.certificate)
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hidden = self.map.hidden_layers();
        let file = File {
            format: FORMAT.to_owned(),
            domain: self.domain_name.clone(),
            inputs: self.map.inputs(),
            layers: (0..=hidden).map(|layer| all_texts(&self.map.rows(layer))).collect(),
            slopes: (0..hidden).map(|layer| self.map.slope(layer).to_string()).collect(),
            embedding: self.embedding.as_ref().map(|rows| all_texts(rows)),
            half_spaces: all_texts(&self.domain),
            regions: self.certificate.regions.iter().map(region_file).collect(),
        };
        let mut bytes = serde_json::to_vec(&file).expect("strings and numbers are JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `place` stands for the file in errors.
    ///
    /// # Errors
    /// [`Error::Input`] where the bytes are no certificate of this version.
    pub fn parse(bytes: &[u8], place: &str) -> Result<Self> {
        let mend = "give a file that regions --certificate wrote";
        let bad = |problem: String| Error::input(place, problem, mend);
        let file: File = serde_json::from_slice(bytes)
            .map_err(|error| bad(format!("no certificate of regions ({error})")))?;
        if file.format != FORMAT {
            return Err(bad(format!("the format is '{}'", file.format)));
        }
        let one =
            |text: &String| parse_fraction(text).ok_or_else(|| bad(format!("'{text}' is no exact number")));
        let row = |row: &Vec<String>| row.iter().map(one).collect::<Result<Vec<Rational>>>();
        let rows = |rows: &Vec<Vec<String>>| rows.iter().map(row).collect::<Result<Vec<_>>>();
        let layers = file.layers.iter().map(rows).collect::<Result<Vec<_>>>()?;
        let map = PiecewiseLinearMap::new(file.inputs, &layers, row(&file.slopes)?)?;
        let proof = |region: &RegionFile| -> Result<RegionProof> {
            let of_row = |proof: &RowFile| -> Result<RowProof> {
                Ok(match proof {
                    RowFile::Constant => RowProof::Constant,
                    RowFile::Facet { point, beyond } => {
                        RowProof::Facet { point: row(point)?, beyond: *beyond }
                    }
                    RowFile::Implied { terms, constant } => RowProof::Implied {
                        terms: terms
                            .iter()
                            .map(|(index, factor)| Ok((*index, one(factor)?)))
                            .collect::<Result<_>>()?,
                        constant: one(constant)?,
                    },
                })
            };
            Ok(RegionProof {
                pattern: ActivationPattern::parse(&region.pattern)
                    .ok_or_else(|| bad(format!("'{}' is no activation pattern", region.pattern)))?,
                interior_point: row(&region.point)?,
                rows: region.rows.iter().map(of_row).collect::<Result<_>>()?,
            })
        };
        Ok(RegionCertificate {
            map,
            embedding: file.embedding.as_ref().map(rows).transpose()?,
            domain: rows(&file.half_spaces)?,
            domain_name: file.domain.clone(),
            certificate: Certificate { regions: file.regions.iter().map(proof).collect::<Result<_>>()? },
        })
    }
}

fn same_layers(a: &PiecewiseLinearMap, b: &PiecewiseLinearMap) -> bool {
    let hidden = a.hidden_layers();
    a.inputs() == b.inputs()
        && hidden == b.hidden_layers()
        && (0..hidden).all(|layer| a.slope(layer) == b.slope(layer))
        && (0..=hidden).all(|layer| a.rows(layer) == b.rows(layer))
}

fn texts(numbers: &[Rational]) -> Vec<String> {
    numbers.iter().map(ToString::to_string).collect()
}

fn all_texts(rows: &[Vec<Rational>]) -> Vec<Vec<String>> {
    rows.iter().map(|row| texts(row)).collect()
}

fn region_file(proof: &RegionProof) -> RegionFile {
    let row = |row: &RowProof| match row {
        RowProof::Constant => RowFile::Constant,
        RowProof::Facet { point, beyond } => RowFile::Facet { point: texts(point), beyond: *beyond },
        RowProof::Implied { terms, constant } => RowFile::Implied {
            terms: terms.iter().map(|(index, factor)| (*index, factor.to_string())).collect(),
            constant: constant.to_string(),
        },
    };
    RegionFile {
        pattern: proof.pattern.to_string(),
        point: texts(&proof.interior_point),
        rows: proof.rows.iter().map(row).collect(),
    }
}
