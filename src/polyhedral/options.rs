//! What the caller of the fast engine may choose.

use super::Frontier;
use super::engine::Work;
use crate::error::{Error, Result};
use std::time::Duration;

/// How cells are represented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kernel {
    /// Vertices up to [`Kernel::VERTEX_DIMENSIONS`] essential dimensions, two more where the domain has fewer
    /// half-spaces than a box, and up to [`Kernel::MOST_VERTEX_DIMENSIONS`] in a cone that is nearly simplicial (cells
    /// then have fewer vertices); rows beyond.
    #[default]
    Auto,
    /// Cells as vertices: fastest in low dimension, exponential in it.
    Vertices,
    /// Cells as rows with one vertex, and a linear program per question: for higher dimension.
    Rows,
}

/// How signs are decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arithmetic {
    /// In `f64` where the error bound allows, else exactly. The answer is the exact one in either case.
    #[default]
    Filtered,
    /// Exactly throughout: slow, for checking the filter.
    Exact,
}

/// The choices for one enumeration.
///
/// ```
/// use isotypic::polyhedral::{Kernel, Options};
/// let options = Options { kernel: Kernel::Rows, threads: 4, ..Options::default() };
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// How cells are represented.
    pub kernel: Kernel,
    /// How signs are decided.
    pub arithmetic: Arithmetic,
    /// The number of threads; 0 and 1 both mean the calling thread alone. Results do not depend on it.
    pub threads: usize,
    /// Stop when this many regions are found, at least one.
    pub max_regions: Option<u64>,
    /// Stop soon after this time.
    pub max_time: Option<Duration>,
    /// Visit only what an earlier run left over.
    pub resume: Option<Frontier>,
}

impl Kernel {
    /// The largest number of essential dimensions for which vertices are the automatic choice.
    pub const VERTEX_DIMENSIONS: usize = 6;
    /// The largest number of essential dimensions for which vertices may be asked for.
    pub const MOST_VERTEX_DIMENSIONS: usize = 12;

    /// The kernel for a number of essential dimensions and of half-spaces of the domain.
    pub(super) fn resolve(self, dimension: usize, half_spaces: usize) -> Result<Kernel> {
        let most = match half_spaces {
            // A chamber of a symmetric group or another cone that is nearly simplicial.
            narrow if dimension <= narrow + 1 && narrow <= dimension + 1 => Kernel::MOST_VERTEX_DIMENSIONS,
            open if open < 2 * dimension => Kernel::VERTEX_DIMENSIONS + 2,
            _ => Kernel::VERTEX_DIMENSIONS,
        };
        match self {
            Kernel::Auto if dimension <= most => Ok(Kernel::Vertices),
            Kernel::Auto => Ok(Kernel::Rows),
            Kernel::Vertices if dimension > Kernel::MOST_VERTEX_DIMENSIONS => Err(Error::too_large(
                "enumeration of regions by vertices",
                format!("{dimension} dimensions"),
                format!("{} dimensions", Kernel::MOST_VERTEX_DIMENSIONS),
                "use the kernel for rows",
            )),
            chosen => Ok(chosen),
        }
    }
}

/// What an enumeration found.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The number of regions visited.
    pub regions: u64,
    /// What was left over where a limit or the visitor stopped the search; empty where every region was visited.
    pub rest: Frontier,
    /// The kernel that was used.
    pub kernel: Kernel,
    /// Signs decided, and how.
    pub work: Work,
}

impl Summary {
    /// Whether every region was visited.
    pub fn is_complete(&self) -> bool {
        self.rest.is_empty()
    }
}
