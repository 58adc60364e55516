//! The bytes of a file as a form.

use super::super::boundary::Boundary;
use super::super::orbit_form::{OrbitFacet, OrbitForm, SelectorOrbit};
use super::super::provenance::Provenance;
use super::super::symmetry::{LayerPermutation, LayerSymmetry};
use super::super::viewpoint::Viewpoint;
use super::text::{integer, rational};
use super::{DomainText, ENTRY, Header, SCHEMA, TENSORS, bad, content_hash};
use crate::error::Result;
use crate::group::Permutation;
use crate::num::Rational;
use crate::polyhedral::{ActivationPattern, AffinePiece, Domain};
use safetensors::tensor::{Dtype, SafeTensors};

/// More inputs than this no form can have.
const MOST_INPUTS: usize = 1 << 16;

impl OrbitForm {
    /// Whether the bytes are a file of this [format](super), as far as its header tells; it may be damaged.
    pub fn is_form(bytes: &[u8]) -> bool {
        // Safetensors files begin with the length of the header in eight bytes, the highest of which is zero, as no
        // byte of a text is; then comes the header, a JSON object.
        bytes.get(7..9) == Some(b"\0{")
    }

    /// Reads a form in the [file format](super); `file` is its name in messages.
    ///
    /// # Errors
    /// [`Error::Input`](crate::Error::Input) that names the file and the tensor at fault.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self> {
        let header = read_header(bytes, file)?;
        let reader = match SafeTensors::deserialize(bytes) {
            Ok(tensors) => Reader { file, tensors, header },
            Err(error) => return bad(file, "header", error.to_string()),
        };
        reader.check_content()?;
        reader.form()
    }
}

fn read_header(bytes: &[u8], file: &str) -> Result<Header> {
    let metadata = match SafeTensors::read_metadata(bytes) {
        Ok((_, metadata)) => metadata,
        Err(error) => return bad(file, "header", error.to_string()),
    };
    let Some(entry) = metadata.metadata().as_ref().and_then(|entries| entries.get(ENTRY)) else {
        return bad(file, "header", format!("there is no metadata entry {ENTRY}"));
    };
    match serde_json::from_str::<Header>(entry) {
        Ok(header) if header.schema == SCHEMA => Ok(header),
        Ok(header) => bad(file, "header", format!("schema {} is not the known {SCHEMA}", header.schema)),
        Err(error) => bad(file, "header", error.to_string()),
    }
}

struct Reader<'a> {
    file: &'a str,
    tensors: SafeTensors<'a>,
    header: Header,
}

impl<'a> Reader<'a> {
    fn check_content(&self) -> Result<()> {
        let mut names = self.tensors.names();
        names.sort_unstable();
        if names != TENSORS {
            return bad(self.file, "header", format!("the tensors are {names:?}, not {TENSORS:?}"));
        }
        let mut parts = Vec::new();
        for name in TENSORS {
            parts.push((name, self.bytes(name)?));
        }
        if content_hash(&self.header, parts.into_iter())? != self.header.content {
            return bad(self.file, "content", "the hash of the content is not the recorded one");
        }
        Ok(())
    }

    fn form(&self) -> Result<OrbitForm> {
        let Header { inputs, outputs, ref hidden, .. } = self.header;
        let neurons = hidden.iter().try_fold(0usize, |sum, &width| sum.checked_add(width));
        let (Some(neurons), true) = (neurons, (1..=MOST_INPUTS).contains(&inputs)) else {
            return bad(self.file, "header", "the network's sizes are out of range");
        };
        let domain = self.domain()?;
        let Some(boundary) = Boundary::parse(&self.header.boundary) else {
            return bad(self.file, "header", format!("boundary {} is unknown", self.header.boundary));
        };
        let view = self.numbers("viewpoint", inputs + 1, integer)?;
        let viewpoint = match view.as_slice() {
            [coordinates] => Viewpoint::from_coordinates(coordinates.clone()),
            _ => None,
        };
        let Some(viewpoint) = viewpoint else {
            return bad(self.file, "viewpoint", "it is neither a point nor a direction");
        };
        let rows = self.numbers("rows", inputs + 1, integer)?;
        if !rows.is_sorted_by(|a, b| a < b) {
            return bad(self.file, "rows", "they are not in increasing order");
        }
        let pieces = self.pieces(inputs, outputs)?;
        let orbits = self.orbits(neurons, rows.len(), pieces.len(), &domain)?;
        Ok(OrbitForm {
            inputs,
            outputs,
            hidden: hidden.clone(),
            domain,
            boundary,
            symmetry: self.symmetry()?,
            viewpoint,
            rows,
            pieces,
            orbits,
            slice: self.slice()?,
            provenance: Provenance {
                network: self.header.network.clone(),
                group: self.header.group.clone(),
                action: self.header.action.clone(),
            },
        })
    }

    fn slice(&self) -> Result<Option<Vec<Vec<Rational>>>> {
        let Some(rows) = &self.header.slice else { return Ok(None) };
        let row =
            |words: &Vec<String>| words.iter().map(|word| rational(word)).collect::<Option<Vec<Rational>>>();
        let rows: Option<Vec<Vec<Rational>>> = rows.iter().map(row).collect();
        match rows {
            Some(rows) if rows.iter().all(|row| row.len() == self.header.inputs + 1) => Ok(Some(rows)),
            _ => bad(self.file, "slice", "a row cannot be read"),
        }
    }

    fn domain(&self) -> Result<Domain> {
        let row =
            |words: &Vec<String>| words.iter().map(|word| rational(word)).collect::<Option<Vec<Rational>>>();
        let domain = match &self.header.domain {
            DomainText::All => Some(Domain::WholeSpace),
            DomainText::Box { lo, hi } => row(lo).zip(row(hi)).map(|(lo, hi)| Domain::Box { lo, hi }),
            DomainText::Polytope { rows } => {
                rows.iter().map(row).collect::<Option<_>>().map(Domain::Polytope)
            }
        };
        let Some(domain) = domain else { return bad(self.file, "domain", "a number cannot be read") };
        match domain.half_spaces(self.header.inputs) {
            Ok(_) => Ok(domain),
            Err(error) => bad(self.file, "domain", error.to_string()),
        }
    }

    fn pieces(&self, inputs: usize, outputs: usize) -> Result<Vec<AffinePiece>> {
        let rows = self.numbers("pieces", inputs + 1, rational)?;
        if outputs == 0 || !rows.len().is_multiple_of(outputs) {
            return bad(self.file, "pieces", format!("{} lines are no multiple of {outputs}", rows.len()));
        }
        Ok(rows.chunks(outputs).map(|rows| AffinePiece { rows: rows.to_vec() }).collect())
    }

    fn orbits(
        &self,
        neurons: usize,
        rows: usize,
        pieces: usize,
        domain: &Domain,
    ) -> Result<Vec<SelectorOrbit>> {
        let d = self.header.inputs;
        let sizes = self.indices("orbit_sizes", None, u32::MAX as usize)?;
        let count = sizes.len();
        let patterns = self.patterns(count, neurons)?;
        let piece_of = self.indices_below("orbit_pieces", Some(count), pieces)?;
        let facet_rows = self.indices_below("facet_rows", None, rows)?;
        let offsets = self.indices("facet_offsets", Some(count + 1), facet_rows.len())?;
        if count == 0 || offsets[0] != 0 || offsets[count] != facet_rows.len() || !offsets.is_sorted() {
            return bad(self.file, "facet_offsets", "they do not divide the facets among the regions");
        }
        let facet_points = self.numbers("facet_points", d, rational)?;
        let interior_points = self.numbers("interior_points", d, rational)?;
        let each = neurons + domain.half_spaces(d)?.len();
        let implied = self.supports("implied", each)?;
        let sides = 2 * d;
        let extents = self.supports("extents", sides)?;
        let lengths = [
            ("facet_points", facet_points.len(), facet_rows.len()),
            ("interior_points", interior_points.len(), count),
            ("implied", implied.len(), count.saturating_mul(each)),
            ("extents", extents.len(), count.saturating_mul(sides)),
        ];
        if let Some((name, got, expected)) = lengths.into_iter().find(|(_, got, expected)| got != expected) {
            return bad(self.file, name, format!("{got} lines, not {expected}"));
        }
        (0..count)
            .map(|r| {
                let facets: Vec<OrbitFacet> = (offsets[r]..offsets[r + 1])
                    .map(|f| OrbitFacet { row: facet_rows[f], point: facet_points[f].clone() })
                    .collect();
                let implied = implied[r * each..(r + 1) * each].to_vec();
                let extent = extents[r * sides..(r + 1) * sides].to_vec();
                let known = |proof: &Vec<usize>| proof.iter().all(|&facet| facet < facets.len());
                if !facets.is_sorted_by(|a, b| a.row < b.row) || !implied.iter().chain(&extent).all(known) {
                    return bad(
                        self.file,
                        "facet_rows",
                        format!("region {r} has facets out of order or range"),
                    );
                }
                Ok(SelectorOrbit {
                    pattern: patterns[r].clone(),
                    facets,
                    interior_point: interior_points[r].clone(),
                    piece: piece_of[r],
                    size: sizes[r],
                    extent,
                    implied,
                })
            })
            .collect()
    }

    fn patterns(&self, count: usize, neurons: usize) -> Result<Vec<ActivationPattern>> {
        let bytes = self.bytes("patterns")?;
        let shape = self.shape("patterns")?;
        if shape != [count, neurons] || bytes.iter().any(|&bit| bit > 1) {
            return bad(self.file, "patterns", format!("expected bits of shape {count} x {neurons}"));
        }
        let pattern = |r: usize| {
            ActivationPattern::from_bits(bytes[r * neurons..(r + 1) * neurons].iter().map(|&bit| bit == 1))
        };
        let patterns: Vec<ActivationPattern> = (0..count).map(pattern).collect();
        if !patterns.is_sorted_by(|a, b| a < b) {
            return bad(self.file, "patterns", "they are not in increasing order");
        }
        Ok(patterns)
    }

    /// Lines of indices of facets; with none per region there is no line.
    fn supports(&self, name: &str, each: usize) -> Result<Vec<Vec<usize>>> {
        let indices = |line: &str| line.split_whitespace().map(|word| word.parse().ok()).collect();
        let found: Option<Vec<Vec<usize>>> = self.text(name)?.lines().map(indices).collect();
        match found {
            Some(found) if each > 0 || found.is_empty() => Ok(found),
            _ => bad(self.file, name, "a line cannot be read"),
        }
    }

    fn symmetry(&self) -> Result<LayerSymmetry> {
        let Header { inputs, outputs, ref hidden, .. } = self.header;
        let neurons: usize = hidden.iter().sum();
        let count = self.shape("symmetry_inputs")?.first().copied().unwrap_or(0);
        let table = |name: &str, width: usize| -> Result<Vec<usize>> {
            if self.shape(name)? != [count, width] {
                return bad(self.file, name, format!("expected the shape {count} x {width}"));
            }
            self.indices_below(name, None, width)
        };
        let by_input = table("symmetry_inputs", inputs)?;
        let by_neuron = table("symmetry_hidden", neurons)?;
        let by_output = table("symmetry_outputs", outputs)?;
        let permutation = |images: &[usize], offset: usize| -> Result<Permutation> {
            let local: Option<Vec<u32>> =
                images.iter().map(|image| image.checked_sub(offset).map(|image| image as u32)).collect();
            match local.map(Permutation::from_images) {
                Some(Ok(permutation)) => Ok(permutation),
                _ => bad(self.file, "symmetry", "a generator is no permutation of every layer"),
            }
        };
        let mut generators = Vec::with_capacity(count);
        for g in 0..count {
            let mut offset = 0;
            let mut layers = Vec::with_capacity(hidden.len());
            for &width in hidden {
                let first = g * neurons + offset;
                layers.push(permutation(&by_neuron[first..first + width], offset)?);
                offset += width;
            }
            generators.push(LayerPermutation {
                input: permutation(&by_input[g * inputs..(g + 1) * inputs], 0)?,
                hidden: layers,
                output: permutation(&by_output[g * outputs..(g + 1) * outputs], 0)?,
            });
        }
        Ok(LayerSymmetry { generators })
    }

    fn bytes(&self, name: &str) -> Result<&'a [u8]> {
        match self.tensors.tensor(name) {
            Ok(tensor) => Ok(tensor.data()),
            Err(error) => bad(self.file, name, error.to_string()),
        }
    }

    fn shape(&self, name: &str) -> Result<Vec<usize>> {
        match self.tensors.tensor(name) {
            Ok(tensor) => Ok(tensor.shape().to_vec()),
            Err(error) => bad(self.file, name, error.to_string()),
        }
    }

    fn text(&self, name: &str) -> Result<&'a str> {
        match std::str::from_utf8(self.bytes(name)?) {
            Ok(text) => Ok(text),
            Err(error) => bad(self.file, name, error.to_string()),
        }
    }

    /// Rows of numbers, one per line.
    fn numbers<T>(&self, name: &str, width: usize, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<Vec<T>>> {
        let mut rows = Vec::new();
        for (number, line) in self.text(name)?.lines().enumerate() {
            let row: Option<Vec<T>> = line.split_whitespace().map(&parse).collect();
            match row {
                Some(row) if row.len() == width => rows.push(row),
                _ => return bad(self.file, name, format!("line {} cannot be read", number + 1)),
            }
        }
        Ok(rows)
    }

    /// Indices of one of `choices` things: none fits where there is nothing to choose from.
    fn indices_below(&self, name: &str, count: Option<usize>, choices: usize) -> Result<Vec<usize>> {
        let found = self.indices(name, count, choices.saturating_sub(1))?;
        match choices == 0 && !found.is_empty() {
            true => bad(self.file, name, "an entry points at nothing"),
            false => Ok(found),
        }
    }

    /// Unsigned integers of at most `largest`.
    fn indices(&self, name: &str, count: Option<usize>, largest: usize) -> Result<Vec<usize>> {
        let tensor = match self.tensors.tensor(name) {
            Ok(tensor) if tensor.dtype() == Dtype::U32 => tensor,
            Ok(tensor) => return bad(self.file, name, format!("type {:?}, not U32", tensor.dtype())),
            Err(error) => return bad(self.file, name, error.to_string()),
        };
        let numbers: Vec<usize> = tensor
            .data()
            .chunks_exact(4)
            .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
            .collect();
        if count.is_some_and(|count| count != numbers.len()) || numbers.iter().any(|&n| n > largest) {
            return bad(self.file, name, "the count or an entry is out of range");
        }
        Ok(numbers)
    }
}
