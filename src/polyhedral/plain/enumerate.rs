//! The depth-first search of the plain engine.

use super::cone::{Cone, Split};
use super::region::region_of;
use crate::error::{Error, Result};
use crate::num::Integer;
use crate::polyhedral::forms::LayerForms;
use crate::polyhedral::{Domain, PiecewiseLinearMap, Region, Regions};

/// What the plain engine may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest input dimension; the number of vertices of a region grows exponentially with it.
    pub dimension: usize,
    /// The largest number of regions; they are all held in memory.
    pub regions: usize,
}

impl Default for Limits {
    /// Eight dimensions, a million regions.
    fn default() -> Self {
        Limits { dimension: 8, regions: 1_000_000 }
    }
}

/// All regions of a map on a domain, within the default [`Limits`].
///
/// Cost per region: one integer product per neuron, ray and input; the number of rays of a region is about `2^d` for
/// networks in general position.
///
/// # Errors
/// As [`enumerate_within`].
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::{Domain, PiecewiseLinearMap, plain};
/// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
/// let hidden = vec![row([1, 0, 0]), row([0, 1, 0]), row([1, 1, -1])];
/// let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO])?;
/// assert_eq!(plain::enumerate(&map, &Domain::WholeSpace)?.len(), 7);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn enumerate(map: &PiecewiseLinearMap, domain: &Domain) -> Result<Regions> {
    enumerate_within(map, domain, Limits::default())
}

/// As [`enumerate`], within the given limits.
///
/// # Errors
/// [`Error::TooLarge`] where a limit is passed; [`Error::Shape`] and [`Error::Input`] for a domain of another dimension
/// or without interior.
pub fn enumerate_within(map: &PiecewiseLinearMap, domain: &Domain, limits: Limits) -> Result<Regions> {
    if map.inputs() > limits.dimension {
        return Err(Error::too_large(
            "plain enumeration of regions",
            format!("{} inputs", map.inputs()),
            format!("{} inputs", limits.dimension),
            "look at a segment or a plane of the input space",
        ));
    }
    let root = domain_cell(map.inputs(), &domain.half_spaces(map.inputs())?)?;
    let border = root.border_rows();
    let mut search = Search { map, border, limit: limits.regions, found: Vec::new() };
    search.layer(root, vec![map.first_forms()], Vec::new())?;
    Ok(Regions::new(map.clone(), domain.clone(), search.found))
}

/// The domain as a cone: row 0 is `t >= 0`, then come the given rows that are needed for its interior.
///
/// # Errors
/// [`Error::Input`] where the interior is empty.
pub(in crate::polyhedral) fn domain_cell(dimension: usize, border: &[Vec<Integer>]) -> Result<Cone> {
    let mut cell = Cone::whole_space(dimension);
    for row in border {
        cell = cell.intersect(row).ok_or_else(|| {
            Error::input(
                "domain",
                "its half-spaces have no interior point in common",
                "give a domain of full dimension, or restrict the network to the slice that contains it",
            )
        })?;
    }
    Ok(cell)
}

struct Search<'a> {
    map: &'a PiecewiseLinearMap,
    /// The number of rows of the domain in every cell, after row 0.
    border: usize,
    limit: usize,
    found: Vec<Region>,
}

impl Search<'_> {
    /// The regions in `cell`, on which `forms` are the forms of the layers so far, the last one undecided.
    fn layer(&mut self, cell: Cone, forms: Vec<LayerForms>, decided: Vec<bool>) -> Result<()> {
        if forms.len() <= self.map.hidden_layers() {
            return self.neuron(cell, &forms, decided, Vec::new());
        }
        if self.found.len() == self.limit {
            return Err(Error::too_large(
                "plain enumeration of regions",
                format!("more than {} regions", self.limit),
                format!("{} regions", self.limit),
                "raise the limit, or choose a smaller domain",
            ));
        }
        self.found.push(region_of(&cell, self.border, &forms, decided, self.map.inputs()));
        Ok(())
    }

    /// The regions in `cell`, where `decided` are the bits of earlier layers and `bits` those of this one so far.
    fn neuron(
        &mut self,
        mut cell: Cone,
        forms: &[LayerForms],
        decided: Vec<bool>,
        mut bits: Vec<bool>,
    ) -> Result<()> {
        let layer = forms.len() - 1;
        while bits.len() < forms[layer].rows.len() {
            let form = &forms[layer].rows[bits.len()];
            // A constant form is a multiple of t, so it never splits and has the sign of its constant.
            match cell.split(form) {
                Split::Positive => bits.push(true),
                Split::Negative | Split::Zero => bits.push(false),
                Split::Both(parts) => {
                    let (positive, negative) = *parts;
                    let mut active = bits.clone();
                    active.push(true);
                    self.neuron(positive, forms, decided.clone(), active)?;
                    bits.push(false);
                    cell = negative;
                }
            }
        }
        let mut forms = forms.to_vec();
        forms.push(self.map.next_forms(layer, &forms[layer], &bits));
        let decided = decided.into_iter().chain(bits).collect();
        self.layer(cell, forms, decided)
    }
}
