//! How large a form is.

use super::boundary::Boundary;
use super::form::ShallowNetwork;
use super::orbit_form::OrbitForm;
use crate::error::Result;

/// The sizes of a form with all its selectors written out, whether or not it is stored that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormSizes {
    /// Half-spaces, `K`.
    pub half_spaces: usize,
    /// Linear regions; after merging, selectors.
    pub regions: usize,
    /// Selectors, `R`: one per region, and with [`Boundary::Faces`] one per face.
    pub selectors: usize,
    /// Pairs of a selector and one of its conditions.
    pub incidences: usize,
    /// The widths of the three hidden layers, see [`ShallowNetwork::layer_widths`].
    pub layer_widths: [usize; 3],
}

impl ShallowNetwork {
    /// The sizes of this form.
    pub fn sizes(&self) -> FormSizes {
        FormSizes {
            half_spaces: self.half_spaces.len(),
            regions: self.selectors.iter().filter(|selector| selector.dimension == self.inputs).count(),
            selectors: self.selectors.len(),
            incidences: self.incidences(),
            layer_widths: self.layer_widths(),
        }
    }
}

impl OrbitForm {
    /// The sizes of the form, counted without expanding it; with [`Boundary::Faces`] it is expanded to count the faces.
    ///
    /// # Errors
    /// As [`OrbitForm::expand`].
    pub fn sizes(&self) -> Result<FormSizes> {
        if self.boundary == Boundary::Faces {
            return Ok(self.expand()?.sizes());
        }
        let half_spaces = self.half_spaces().len();
        let (regions, width) = (self.regions(), half_spaces + 2 * self.inputs);
        Ok(FormSizes {
            half_spaces,
            regions,
            selectors: regions,
            incidences: self.incidences(),
            layer_widths: [width, width, 2 * regions * self.outputs],
        })
    }
}
