//! The fast engine: every region of a map on a domain, each once.
//!
//! Two kernels stand behind one interface, chosen by dimension or by [`Options::kernel`]. Both split cells depth first,
//! neuron by neuron and layer by layer; no list of visited regions is needed, and memory grows with the depth of the
//! search only. Every sign that decides something is certain by a forward error bound in `f64`, or is decided in exact
//! integers; the result is the exact one always ([`Options::arithmetic`] can force exactness throughout for checking).
//!
//! Regions come in the same sequence whatever the number of threads.

use super::driver::{Driver, Visitor};
use super::engine::{NeuronGroup, Path, Problem, RootCell, root_cells};
use super::options::{Arithmetic, Kernel, Options, Summary};
use super::{ActivationPattern, Domain, Frontier, PiecewiseLinearMap};
use crate::error::{Error, Result};
use std::ops::ControlFlow;

/// Calls a function on the pattern of every region until it breaks off. Holds no regions in memory beyond what threads
/// find ahead of the visitor.
///
/// Cost with vertices: per region one cut of a cell, `O(v^2)` steps of a few instructions and `O(v^{1/2})` values per
/// neuron for a cell with `v` vertices (about `2^d` in general position).
///
/// # Errors
/// [`Error::Shape`] and [`Error::Input`] for a domain of another dimension or without interior, or a checkpoint of
/// another problem; [`Error::TooLarge`] where the chosen kernel cannot hold the cells.
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::{Domain, Options, PiecewiseLinearMap, for_each_region};
/// use std::ops::ControlFlow;
/// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
/// let hidden = vec![row([1, 0, 0]), row([0, 1, 0]), row([1, 1, -1])];
/// let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO])?;
/// let mut seen = Vec::new();
/// let summary = for_each_region(&map, &Domain::WholeSpace, &Options::default(), |pattern| {
///     seen.push(pattern.to_string());
///     ControlFlow::Continue(())
/// })?;
/// assert!(summary.is_complete());
/// assert_eq!(seen, ["111", "110", "101", "100", "011", "010", "000"]);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn for_each_region(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    options: &Options,
    visit: impl FnMut(&ActivationPattern) -> ControlFlow<()>,
) -> Result<Summary> {
    search(map, domain, options, None, visit)
}

/// [`for_each_region`], or the same for the smallest pattern of every orbit of a group only.
///
/// # Errors
/// As [`for_each_region`].
pub(super) fn search(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    options: &Options,
    group: Option<&NeuronGroup>,
    mut visit: impl FnMut(&ActivationPattern) -> ControlFlow<()>,
) -> Result<Summary> {
    let search = Prepared::new(map, domain, options)?;
    let paths = search.paths(group, options)?;
    let mut regions = 0;
    let visit: &mut Visitor<'_> = &mut |pattern| {
        regions += 1;
        visit(pattern)
    };
    let (rest, work) = search.driver(group).run(paths, options, visit)?;
    let Prepared { problem, roots, kernel, .. } = &search;
    Ok(Summary {
        regions,
        rest: Frontier::new(problem, *kernel, group, roots.len(), rest),
        kernel: *kernel,
        work,
    })
}

/// A search whose kernel is chosen and whose cells to start from are there.
pub(super) struct Prepared {
    problem: Problem,
    roots: Vec<RootCell>,
    kernel: Kernel,
    always_exact: bool,
}

impl Prepared {
    pub(super) fn new(map: &PiecewiseLinearMap, domain: &Domain, options: &Options) -> Result<Self> {
        let problem = Problem::new(map, domain)?;
        let kernel = options.kernel.resolve(problem.map.inputs(), problem.border.len())?;
        let roots = roots(&problem, kernel)?;
        Ok(Prepared { problem, roots, kernel, always_exact: options.arithmetic == Arithmetic::Exact })
    }

    pub(super) fn driver<'p>(&'p self, group: Option<&'p NeuronGroup>) -> Driver<'p> {
        let Prepared { problem, roots, kernel, always_exact } = self;
        Driver { problem, roots, kernel: *kernel, always_exact: *always_exact, group }
    }

    /// Where the search begins, or goes on.
    pub(super) fn paths(&self, group: Option<&NeuronGroup>, options: &Options) -> Result<Vec<Path>> {
        let Some(frontier) = &options.resume else { return Ok(self.driver(group).whole_search()) };
        frontier.check(&self.problem, self.kernel, group, self.roots.len())?;
        Ok(frontier.paths.clone())
    }
}

/// The number of regions, with what else is to say about the search.
///
/// # Errors
/// As [`for_each_region`].
pub fn count_regions(map: &PiecewiseLinearMap, domain: &Domain, options: &Options) -> Result<Summary> {
    for_each_region(map, domain, options, |_| ControlFlow::Continue(()))
}

/// The patterns of all regions in increasing order.
///
/// # Errors
/// As [`for_each_region`]; [`Error::TooLarge`] where a limit stopped the search.
pub fn patterns(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    options: &Options,
) -> Result<Vec<ActivationPattern>> {
    let mut found = Vec::new();
    let summary = for_each_region(map, domain, options, |pattern| {
        found.push(pattern.clone());
        ControlFlow::Continue(())
    })?;
    if !summary.is_complete() {
        return Err(Error::too_large(
            "list of all regions",
            format!("more than {} regions, or more time", summary.regions),
            "what the options allow",
            "raise the limits, or visit the regions one by one",
        ));
    }
    found.sort();
    Ok(found)
}

/// Cuts the whole search into at least `jobs` subtrees, where it has that many, without visiting any region: the
/// shares of a search on many machines, which must use the same kernel. Deterministic.
///
/// # Errors
/// As [`for_each_region`].
pub fn split_into(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    kernel: Kernel,
    jobs: usize,
) -> Result<Frontier> {
    split_search(map, domain, kernel, None, jobs)
}

/// [`split_into`] for [`search`].
///
/// # Errors
/// As [`for_each_region`].
pub(super) fn split_search(
    map: &PiecewiseLinearMap,
    domain: &Domain,
    kernel: Kernel,
    group: Option<&NeuronGroup>,
    jobs: usize,
) -> Result<Frontier> {
    let search = Prepared::new(map, domain, &Options { kernel, ..Options::default() })?;
    let driver = search.driver(group);
    let mut paths = driver.whole_search();
    loop {
        let before = paths.len();
        let mut next = Vec::with_capacity(2 * before);
        for path in paths {
            next.extend(driver.split(path)?);
        }
        paths = next;
        if paths.len() >= jobs || paths.len() == before {
            return Ok(Frontier::new(&search.problem, search.kernel, group, search.roots.len(), paths));
        }
    }
}

/// The cells from which a kernel starts; the row kernel starts from the domain as it is.
fn roots(problem: &Problem, kernel: Kernel) -> Result<Vec<RootCell>> {
    match kernel {
        Kernel::Rows => Ok(vec![RootCell::default()]),
        _ => root_cells(problem),
    }
}
