//! A form as the bytes of a file.

use super::super::orbit_form::{OrbitFacet, OrbitForm};
use super::super::symmetry::LayerPermutation;
use super::text::lines;
use super::{DomainText, ENTRY, Header, SCHEMA, content_hash, header_text};
use crate::error::{Error, Result};
use crate::group::Permutation;
use crate::num::Rational;
use crate::polyhedral::Domain;
use safetensors::tensor::{Dtype, TensorView};
use std::collections::{BTreeMap, HashMap};

/// The bytes of a tensor, its type and its shape.
type Tensor = (Vec<u8>, Dtype, Vec<usize>);

impl OrbitForm {
    /// The form in the [file format](super). Equal forms give equal bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where a count does not fit the format.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let tensors = self.tensors()?;
        let mut header = Header {
            schema: SCHEMA,
            network: self.provenance.network.clone(),
            group: self.provenance.group.clone(),
            action: self.provenance.action.clone(),
            inputs: self.inputs,
            outputs: self.outputs,
            hidden: self.hidden.clone(),
            domain: domain_text(&self.domain),
            boundary: self.boundary.name().into(),
            slice: self.slice.as_ref().map(|rows| rows.iter().map(|row| words(row)).collect()),
            content: String::new(),
        };
        let parts = tensors.iter().map(|(name, tensor)| (*name, tensor.0.as_slice()));
        header.content = content_hash(&header, parts)?;
        let failed =
            |error: &dyn std::fmt::Display| Error::inconsistent("three-layer form file", error.to_string());
        let views = tensors
            .iter()
            .map(|(name, (bytes, kind, shape))| {
                Ok((*name, TensorView::new(*kind, shape.clone(), bytes).map_err(|error| failed(&error))?))
            })
            .collect::<Result<Vec<_>>>()?;
        let metadata = HashMap::from([(ENTRY.to_string(), header_text(&header)?)]);
        safetensors::serialize(views, Some(metadata)).map_err(|error| failed(&error))
    }

    fn tensors(&self) -> Result<BTreeMap<&'static str, Tensor>> {
        let orbits = &self.orbits;
        let neurons: usize = self.hidden.iter().sum();
        let facets: Vec<&OrbitFacet> = orbits.iter().flat_map(|orbit| &orbit.facets).collect();
        let mut offsets = vec![0];
        orbits.iter().for_each(|orbit| offsets.push(offsets[offsets.len() - 1] + orbit.facets.len()));
        let bits = orbits.iter().flat_map(|orbit| (0..neurons).map(|n| u8::from(orbit.pattern.is_active(n))));
        let generators = &self.symmetry.generators;
        let images = |width: usize, of: &dyn Fn(&LayerPermutation) -> Vec<usize>| {
            let all: Vec<usize> = generators.iter().flat_map(of).collect();
            indices(&all, vec![generators.len(), width])
        };
        let whole = |permutation: &Permutation| permutation.images().iter().map(|&x| x as usize).collect();
        let viewpoint = [self.viewpoint.coordinates().to_vec()];
        Ok(BTreeMap::from([
            ("extents", text(lines(orbits.iter().flat_map(|orbit| &orbit.extent)))),
            ("facet_offsets", indices(&offsets, vec![offsets.len()])?),
            ("facet_points", text(lines(facets.iter().map(|facet| &facet.point)))),
            ("facet_rows", indices(&facets.iter().map(|f| f.row).collect::<Vec<_>>(), vec![facets.len()])?),
            ("implied", text(lines(orbits.iter().flat_map(|orbit| &orbit.implied)))),
            ("interior_points", text(lines(orbits.iter().map(|orbit| &orbit.interior_point)))),
            (
                "orbit_pieces",
                indices(&orbits.iter().map(|o| o.piece).collect::<Vec<_>>(), vec![orbits.len()])?,
            ),
            ("orbit_sizes", indices(&orbits.iter().map(|o| o.size).collect::<Vec<_>>(), vec![orbits.len()])?),
            ("patterns", (bits.collect(), Dtype::U8, vec![orbits.len(), neurons])),
            ("pieces", text(lines(self.pieces.iter().flat_map(|piece| &piece.rows)))),
            ("rows", text(lines(self.rows.iter()))),
            ("symmetry_hidden", images(neurons, &|g| joined(&g.hidden))?),
            ("symmetry_inputs", images(self.inputs, &|g| whole(&g.input))?),
            ("symmetry_outputs", images(self.outputs, &|g| whole(&g.output))?),
            ("viewpoint", text(lines(viewpoint.iter()))),
        ]))
    }
}

/// Images of neurons numbered over all layers.
fn joined(layers: &[Permutation]) -> Vec<usize> {
    let mut images = Vec::new();
    for layer in layers {
        let offset = images.len();
        images.extend(layer.images().iter().map(|&image| offset + image as usize));
    }
    images
}

fn text(bytes: Vec<u8>) -> Tensor {
    let length = bytes.len();
    (bytes, Dtype::U8, vec![length])
}

fn indices(numbers: &[usize], shape: Vec<usize>) -> Result<Tensor> {
    let mut bytes = Vec::with_capacity(4 * numbers.len());
    for &number in numbers {
        let small = u32::try_from(number).map_err(|_| {
            Error::too_large(
                "three-layer form file",
                number,
                u32::MAX,
                "choose a smaller domain or a larger group",
            )
        })?;
        bytes.extend(small.to_le_bytes());
    }
    Ok((bytes, Dtype::U32, shape))
}

fn words(row: &[Rational]) -> Vec<String> {
    row.iter().map(ToString::to_string).collect()
}

fn domain_text(domain: &Domain) -> DomainText {
    match domain {
        Domain::WholeSpace => DomainText::All,
        Domain::Box { lo, hi } => DomainText::Box { lo: words(lo), hi: words(hi) },
        Domain::Polytope(rows) => DomainText::Polytope { rows: rows.iter().map(|row| words(row)).collect() },
    }
}
