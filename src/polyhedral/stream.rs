//! Regions one after the other, in bounded memory.

use super::driver::{Queue, thread_pool};
use super::engine::NeuronGroup;
use super::enumerate::Prepared;
use super::options::Options;
use super::{ActivationPattern, Domain, PiecewiseLinearMap};
use crate::error::Result;

/// The patterns of all regions, each once, in the order of [`for_each_region`](super::for_each_region). After an error there
/// is nothing more.
///
/// Holds the regions that were found ahead of their turn, two millions at most with several threads and two thousand
/// with one, and what is left to do.
pub struct RegionStream {
    search: Prepared,
    group: Option<NeuronGroup>,
    pool: Option<rayon::ThreadPool>,
    queue: Queue,
    ready: std::vec::IntoIter<ActivationPattern>,
}

/// The regions of a map on a domain one after the other, found as they are asked for. Limits of the options do not apply.
///
/// # Errors
/// As [`for_each_region`](super::for_each_region); errors of the search itself come in the place of a region.
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::{Domain, Options, PiecewiseLinearMap, stream};
/// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
/// let hidden = vec![row([1, 0, 0]), row([0, 1, 0]), row([1, 1, -1])];
/// let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO])?;
/// let mut regions = stream::regions(&map, &Domain::WholeSpace, &Options::default())?;
/// assert_eq!(regions.next().unwrap()?.to_string(), "111");
/// assert_eq!(regions.count(), 6);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn regions(map: &PiecewiseLinearMap, domain: &Domain, options: &Options) -> Result<RegionStream> {
    RegionStream::new(map, domain, None, options)
}

impl RegionStream {
    /// The stream of all regions, or of the smallest pattern of every orbit of a group only.
    pub(super) fn new(
        map: &PiecewiseLinearMap,
        domain: &Domain,
        group: Option<NeuronGroup>,
        options: &Options,
    ) -> Result<Self> {
        let search = Prepared::new(map, domain, options)?;
        let queue = Queue::new(search.paths(group.as_ref(), options)?);
        let pool = if options.threads > 1 { Some(thread_pool(options.threads)?) } else { None };
        Ok(RegionStream { search, group, pool, queue, ready: Vec::new().into_iter() })
    }

    /// The group whose orbits are searched.
    pub(super) fn group(&self) -> Option<&NeuronGroup> {
        self.group.as_ref()
    }
}

impl Iterator for RegionStream {
    type Item = Result<ActivationPattern>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(pattern) = self.ready.next() {
            return Some(Ok(pattern));
        }
        let driver = self.search.driver(self.group.as_ref());
        match driver.next_regions(self.pool.as_ref(), &mut self.queue) {
            Ok(found) => {
                self.ready = found?.into_iter();
                self.ready.next().map(Ok)
            }
            Err(error) => {
                self.queue = Queue::default();
                Some(Err(error))
            }
        }
    }
}
