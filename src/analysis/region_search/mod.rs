//! Searching the regions of a network on a domain with the fast engine: counting them, one per orbit under a symmetry, in
//! memory that does not grow with their number; within limits, and in parts that can be resumed and put together.
//!
//! * [`RegionSearch`]: what is searched; [`RegionSearch::run`] goes on with a [`Part`].
//! * [`Part`]: what has been counted and what is left, as a file; [`merge`] puts the parts of several machines together.
//! * [`details`]: facets, boundedness and volumes, and the closure under crossing facets.
//!
//! # Symmetry
//! As [`OrbitSearch`] says: in the fundamental chamber of a group of reflections, by smallest patterns for any other.

pub mod details;
mod part;

pub use part::{Part, kernel_name, merge};

use super::network_symmetry::NetworkSymmetry;
use super::region_domain::RegionDomain;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::Natural;
use crate::polyhedral::{ActivationPattern, Arithmetic, Domain, Kernel, Options, PiecewiseLinearMap, Work};
use crate::shallow::form::piecewise_linear_map;
use crate::shallow::orbit_search::OrbitIterator;
use crate::shallow::provenance::network_hash;
use crate::shallow::{LayerSymmetry, OrbitSearch};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// The subtrees per shard into which a search is cut, so that shards are of similar size.
const SUBTREES_PER_SHARD: usize = 32;

/// How regions are searched.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    /// How cells are represented.
    pub kernel: Kernel,
    /// How signs are decided.
    pub arithmetic: Arithmetic,
    /// The number of threads.
    pub threads: usize,
    /// Stop when this many regions have been visited, one per orbit under a symmetry.
    pub max_regions: Option<u64>,
    /// Stop soon after this time.
    pub max_time: Option<Duration>,
    /// How often progress is told and a checkpoint can be written.
    pub interval: Duration,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            kernel: Kernel::Auto,
            arithmetic: Arithmetic::Filtered,
            threads: 1,
            max_regions: None,
            max_time: None,
            interval: Duration::from_secs(10),
        }
    }
}

/// What has been counted. All of it adds up over disjoint parts of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The regions, those of whole orbits.
    pub regions: Natural,
    /// The orbits; without symmetry the regions.
    pub orbits: u64,
    /// How many orbits there are of each size.
    pub sizes: BTreeMap<Natural, u64>,
    /// Signs decided, and how.
    pub work: Work,
}

impl Tally {
    /// Counts one orbit of a size.
    pub(in crate::analysis) fn add(&mut self, size: &Natural) {
        self.regions += size;
        self.orbits += 1;
        *self.sizes.entry(size.clone()).or_default() += 1;
    }
}

/// A question about regions, ready to be searched.
pub struct RegionSearch {
    map: PiecewiseLinearMap,
    domain: Domain,
    orbits: OrbitSearch,
    network: String,
    domain_name: String,
    group: Option<String>,
    size: (usize, usize),
}

/// A function that sees a region's pattern and the size of its orbit, and says whether to go on.
pub type Visitor<'v> = dyn FnMut(&ActivationPattern, &Natural) -> Result<ControlFlow<()>> + 'v;

impl RegionSearch {
    /// Prepares the search for the regions of a network on a domain, one per orbit where there is a symmetry.
    ///
    /// # Errors
    /// [`Error::Shape`] where the domain does not fit the network; [`Error::Input`] where the network is not exactly
    /// equivariant or the group does not map the domain to itself.
    ///
    /// ```
    /// use isotypic::analysis::region_search::{Part, RegionSearch, SearchOptions};
    /// use isotypic::analysis::{NetworkSymmetry, RegionDomain, SymmetryQuestion};
    /// use isotypic::num::Natural;
    /// use std::ops::ControlFlow;
    /// let network = isotypic::io::read_network("data/nets/s5_1-2-2.json".as_ref())?;
    /// let symmetry = NetworkSymmetry::new(&network, &SymmetryQuestion::on_points("S5"))?;
    /// let search = RegionSearch::new(&network, &RegionDomain::All, Some(&symmetry))?;
    /// let mut part = search.begin();
    /// let options = SearchOptions::default();
    /// search.run(&mut part, &options, &mut |_, _| Ok(ControlFlow::Continue(())), &mut |_| Ok(()))?;
    /// assert!(part.is_complete());
    /// assert_eq!((part.tally().regions.clone(), part.tally().orbits), (Natural::from(18996u32), 515));
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn new(network: &Network, domain: &RegionDomain, symmetry: Option<&NetworkSymmetry>) -> Result<Self> {
        if symmetry.is_some() && domain.is_sliced() {
            return Err(Error::input(
                format!("domain {}", domain.name()),
                "the group acts on the whole input space, and a slice has other coordinates",
                "count orbits on 'all', a box, a polytope or a neighbourhood that the group preserves, or leave out the group",
            ));
        }
        let (sliced, domain_of_map) = domain.restrict(network)?;
        let map = piecewise_linear_map(&sliced)?;
        let generators =
            symmetry.map_or_else(|| Ok(LayerSymmetry::default()), NetworkSymmetry::layer_symmetry)?;
        let orbits = OrbitSearch::new(network.inputs(), &generators)?;
        orbits.check(&map, &domain_of_map)?;
        Ok(RegionSearch {
            map,
            domain: domain_of_map,
            orbits,
            network: network_hash(network),
            domain_name: domain.name(),
            group: symmetry.map(|symmetry| symmetry.group().name().to_owned()),
            size: (network.inputs(), network.neurons()),
        })
    }

    /// The map whose regions are searched, in the coordinates of the domain.
    pub fn map(&self) -> &PiecewiseLinearMap {
        &self.map
    }

    /// The domain in its coordinates.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// How the symmetry is used, in words; `None` without one.
    pub fn method(&self) -> Option<&'static str> {
        self.orbits.method()
    }

    /// The whole search, not begun.
    pub fn begin(&self) -> Part {
        Part::new(self.network.clone(), self.domain_name.clone(), self.group.clone(), self.size)
    }

    /// Share number `shard` of `shards`, counted from 0, not begun.
    ///
    /// # Errors
    /// [`Error::Input`] unless `shard < shards`; else as [`OrbitSearch::split_into`].
    pub fn begin_shard(&self, shard: usize, shards: usize, kernel: Kernel) -> Result<Part> {
        if shard >= shards {
            return Err(Error::input(
                format!("shard {}/{shards}", shard + 1),
                "there is no such shard",
                "count shards from 1/n to n/n",
            ));
        }
        let jobs = shards.saturating_mul(SUBTREES_PER_SHARD);
        let frontier = self.orbits.split_into(&self.map, &self.domain, kernel, jobs)?;
        Ok(self.begin().with_share(frontier.share(shard, shards), shard, shards))
    }

    /// Goes on with a part until it is complete, a limit is reached, or `visit` or `tell` stop it. Calls `visit` for every
    /// new orbit with the pattern of one of its regions, in the same order whatever the number of threads, and `tell` at
    /// every interval with the part as it stands.
    ///
    /// # Errors
    /// [`Error::Input`] where the part belongs to another search; what `visit` and `tell` return; else as
    /// [`OrbitSearch::for_each`].
    pub fn run(
        &self,
        part: &mut Part,
        options: &SearchOptions,
        visit: &mut Visitor<'_>,
        tell: &mut dyn FnMut(&Part) -> Result<()>,
    ) -> Result<()> {
        part.check_identity(&self.begin())?;
        let start = Instant::now();
        let first = part.tally.orbits;
        let mut stopped = false;
        while !part.is_complete() && !stopped {
            let left = options.max_time.map(|most| most.saturating_sub(start.elapsed()));
            let found = part.tally.orbits - first;
            if left.is_some_and(|left| left.is_zero())
                || options.max_regions.is_some_and(|most| found >= most)
            {
                break;
            }
            let engine = Options {
                kernel: options.kernel,
                arithmetic: options.arithmetic,
                threads: options.threads,
                max_regions: None,
                max_time: Some(left.unwrap_or(options.interval).min(options.interval)),
                resume: part.rest.take(),
            };
            let mut failure = None;
            let tally = &mut part.tally;
            let summary = self.orbits.for_each(&self.map, &self.domain, &engine, |pattern, size| {
                tally.add(size);
                let enough = options.max_regions.is_some_and(|most| tally.orbits - first >= most);
                match visit(pattern, size) {
                    Ok(flow) if flow.is_continue() && !enough => return ControlFlow::Continue(()),
                    Ok(_) => {}
                    Err(error) => failure = Some(error),
                }
                stopped = true;
                ControlFlow::Break(())
            })?;
            if let Some(error) = failure {
                return Err(error);
            }
            part.tally.work += summary.work;
            part.kernel = Some(summary.kernel);
            part.rest = Some(summary.rest);
            tell(part)?;
        }
        Ok(())
    }

    /// The regions one after the other, one of every orbit with the orbit's size, in the order of [`run`](Self::run): found as
    /// they are asked for, in memory that does not grow with their number. Limits of the options do not apply; errors of
    /// the search come in the place of a region, and nothing after them.
    ///
    /// # Errors
    /// As [`OrbitSearch::for_each`].
    ///
    /// ```
    /// use isotypic::analysis::region_search::{RegionSearch, SearchOptions};
    /// use isotypic::analysis::{NetworkSymmetry, RegionDomain, SymmetryQuestion};
    /// use isotypic::num::Natural;
    /// let network = isotypic::io::read_network("data/nets/s5_1-2-2.json".as_ref())?;
    /// let symmetry = NetworkSymmetry::new(&network, &SymmetryQuestion::on_points("S5"))?;
    /// let search = RegionSearch::new(&network, &RegionDomain::All, Some(&symmetry))?;
    /// let mut largest = 0;
    /// for orbit in search.regions(&SearchOptions::default())? {
    ///     let (pattern, size) = orbit?;
    ///     assert_eq!(pattern.neurons(), 20);
    ///     largest += u32::from(size == Natural::from(120u8));
    /// }
    /// assert_eq!(largest, 21);
    /// # Ok::<(), isotypic::Error>(())
    /// ```
    pub fn regions(&self, options: &SearchOptions) -> Result<Box<OrbitIterator<'_>>> {
        let options = Options {
            kernel: options.kernel,
            arithmetic: options.arithmetic,
            threads: options.threads,
            ..Options::default()
        };
        self.orbits.stream(&self.map, &self.domain, &options)
    }
}
