//! Regions one by one, as rows for other programs.

use crate::num::Natural;
use crate::polyhedral::Region;
use serde::Serialize;

/// The columns of [`RegionRow`] in a Parquet file: the same names and nesting as in a `.jsonl` file.
#[cfg(feature = "parquet")]
pub const PARQUET_SCHEMA: &str = "
message region {
  required binary pattern (STRING);
  required binary orbit_size (STRING);
  required group affine (LIST) { repeated group list { required group element (LIST) { repeated group list {
    required binary element (STRING);
  } } } }
  required group interior_point (LIST) { repeated group list { required binary element (STRING); } }
  required group facets (LIST) { repeated group list { required group element {
    required group half_space (LIST) { repeated group list { required binary element (STRING); } }
    required group neurons (LIST) { repeated group list { required int64 element; } }
    required boolean border;
  } } }
}";

/// One region in a `.jsonl` or `.parquet` file: numbers are exact, as texts `p` or `p/q`.
#[derive(Serialize)]
pub struct RegionRow {
    /// One character per hidden neuron, `1` where it is active.
    pub pattern: String,
    /// The size of the orbit that the region stands for, 1 without a symmetry.
    pub orbit_size: String,
    /// One row per output: the coefficients of the inputs, then the constant.
    pub affine: Vec<Vec<String>>,
    /// A point strictly inside.
    pub interior_point: Vec<String>,
    /// The facets.
    pub facets: Vec<FacetRow>,
}

/// One facet of a region.
#[derive(Serialize)]
pub struct FacetRow {
    /// Integers `a_1, ..., a_d, c` with `a . x + c >= 0` on the region and `= 0` on the facet.
    pub half_space: Vec<String>,
    /// The neurons that vanish on the facet, counted from 0; none on the border of the domain.
    pub neurons: Vec<usize>,
    /// Whether the facet is on the border of the domain.
    pub border: bool,
}

fn texts<T: ToString>(numbers: &[T]) -> Vec<String> {
    numbers.iter().map(ToString::to_string).collect()
}

impl RegionRow {
    /// The row of a region that stands for an orbit.
    pub fn new(region: &Region, orbit_size: &Natural) -> Self {
        let facet = |facet: &crate::polyhedral::Facet| FacetRow {
            half_space: texts(&facet.half_space),
            neurons: facet.neurons.clone(),
            border: facet.border,
        };
        RegionRow {
            pattern: region.pattern.to_string(),
            orbit_size: orbit_size.to_string(),
            affine: region.affine.rows.iter().map(|row| texts(row)).collect(),
            interior_point: texts(&region.interior_point),
            facets: region.facets.iter().map(facet).collect(),
        }
    }
}
