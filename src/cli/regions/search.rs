//! The search by the fast engine, with progress, limits and checkpoints.

use super::merge::read_part;
use super::{Regions, files};
use crate::cli::output::OutputArguments;
use crate::cli::{Outcome, interrupt};
use isotypic::analysis::region_search::details::Inspector;
use isotypic::analysis::region_search::{Part, RegionSearch, SearchOptions};
use isotypic::analysis::{NetworkSymmetry, RegionAnswer, RegionDomain};
use isotypic::io::write_atomically;
use isotypic::network::Network;
use isotypic::num::Natural;
use isotypic::polyhedral::{ActivationPattern, Options};
use isotypic::report::regions::RegionReport;
use isotypic::{Error, Result};
use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Facets are looked at unasked for up to this many regions.
const DETAILED: u64 = 5000;
/// The number of regions that are described at a time.
const BATCH: usize = 256;
/// The regions between two looks at the clock for showing progress.
const TICK: u64 = 1024;

impl Regions {
    pub(super) fn run_search(
        &self,
        network: &Network,
        domain: &RegionDomain,
        symmetry: Option<&NetworkSymmetry>,
        output: &OutputArguments,
    ) -> anyhow::Result<Outcome> {
        let search = RegionSearch::new(network, domain, symmetry)?;
        let mut part = self.begin(&search)?;
        interrupt::listen()?;
        let spinner = output.spinner();
        spinner.set_message("searching linear regions");
        let mut inspector = Inspector::new(&search, self.volume);
        let mut rows = files::RowFiles::new(&self.output)?;
        // Regions are described as they come where every one is asked for; else they are kept until it is clear that they
        // are few.
        let every = self.facets || self.volume || !rows.is_empty();
        let counts_only = self.shard.is_some() || self.resume.is_some() || self.checkpoint.is_some();
        let mut batch: Vec<(ActivationPattern, Natural)> = Vec::new();
        let mut few = !counts_only;
        let progress = Cell::new(part.progress());
        let mut visited = 0u64;
        let mut told = Instant::now();
        let mut describe = |batch: &mut Vec<(ActivationPattern, Natural)>| -> Result<()> {
            for chunk in batch.chunks(BATCH) {
                rows.add(&inspector.add(chunk, self.threads)?, chunk)?;
            }
            batch.clear();
            Ok(())
        };
        let mut visit = |pattern: &ActivationPattern, size: &Natural| {
            visited += 1;
            if visited.is_multiple_of(TICK) && told.elapsed() > Duration::from_millis(200) {
                told = Instant::now();
                let done = 100.0 * progress.get();
                spinner.set_message(format!("{visited} found, about {done:.1} % of the search done"));
            }
            few = few && visited <= DETAILED;
            if every || few {
                batch.push((pattern.clone(), size.clone()));
            } else {
                batch.clear();
            }
            if every && batch.len() >= BATCH {
                describe(&mut batch)?;
            }
            Ok(if interrupt::asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        let mut tell = |part: &Part| {
            progress.set(part.progress());
            self.checkpoint.as_ref().map_or(Ok(()), |path| write_atomically(path, &part.to_bytes()))
        };
        search.run(&mut part, &self.search_options(), &mut visit, &mut tell)?;
        if every || few {
            spinner.set_message("looking at facets");
            describe(&mut batch)?;
        }
        rows.finish(part.is_complete(), output)?;
        let mut report = RegionReport::of_part(&part, Some(self.signs()));
        if every || few {
            report = report.with_details(inspector.details(), inspector.is_closed());
        }
        if self.shard.is_some() {
            for path in &self.output {
                output.write_file(path, &part.to_bytes())?;
            }
        } else if part.is_complete() && files::needs_all(self) {
            spinner.set_message("listing all regions");
            let options = Options {
                kernel: self.kernel(),
                arithmetic: self.signs(),
                threads: self.threads,
                ..Options::default()
            };
            let answer = RegionAnswer::fast(network, domain, symmetry, self.merge, &options)?;
            files::write_all(self, network, domain, &answer, output)?;
            report = report.with_merged(&answer);
        } else if files::needs_all(self) {
            output.remark("stopped before the end: no pictures, graphs, certificates and merged counts");
        }
        spinner.finish_and_clear();
        output.print(|| report.text(), || &report)?;
        output.remark(RegionReport::remark_on_work(&part.tally().work));
        Ok(if part.is_complete() { Outcome::Yes } else { Outcome::Stopped })
    }

    /// The part to go on with.
    fn begin(&self, search: &RegionSearch) -> Result<Part> {
        match (&self.resume, &self.shard) {
            (Some(path), _) => read_part(path),
            (None, Some(text)) => {
                let shard = text.split_once('/').and_then(|(shard, shards)| {
                    Some((shard.parse::<usize>().ok()?.checked_sub(1)?, shards.parse::<usize>().ok()?))
                });
                let (shard, shards) = shard.ok_or_else(|| {
                    Error::input(format!("--shard {text}"), "it is no share", "write I/N, such as 1/4")
                })?;
                search.begin_shard(shard, shards, self.kernel())
            }
            (None, None) => Ok(search.begin()),
        }
    }

    fn search_options(&self) -> SearchOptions {
        SearchOptions {
            kernel: self.kernel(),
            arithmetic: self.signs(),
            threads: self.threads,
            max_regions: self.max_regions,
            max_time: self.max_seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            ..SearchOptions::default()
        }
    }
}
