//! Runs jobs, on one thread or on many, in the order of the search.
//!
//! With one thread the search simply runs. With more, the subtrees still to visit stand in a queue in the order of the
//! search; in each round the first ones are run in parallel, each for a fixed number of splits, and replaced by the
//! regions that they found followed by the subtrees that they left. Regions are handed to the visitor from the front of
//! the queue only, so it sees the same sequence whatever the number of threads.

use super::ActivationPattern;
use super::engine::{NeuronGroup, Outcome, Path, Problem, RootCell, Stop, TreeSearch, Work};
use super::options::{Kernel, Options};
use super::row_cells::RowCells;
use super::vertex_cells::{VertexCells, WideMask};
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Instant;

/// The jobs of one round. Constants, so that the sequence of rounds does not depend on the machine.
const JOBS_PER_ROUND: usize = 64;
/// The splits of one job in a round.
const SPLITS_PER_JOB: u64 = 8192;

/// A function that sees the pattern of a region and says whether to go on.
pub(super) type Visitor<'v> = dyn FnMut(&ActivationPattern) -> ControlFlow<()> + 'v;

/// One search with everything that it needs.
pub(super) struct Driver<'p> {
    pub(super) problem: &'p Problem,
    pub(super) roots: &'p [RootCell],
    pub(super) kernel: Kernel,
    pub(super) always_exact: bool,
    /// Where only the smallest pattern of every orbit of a group is visited.
    pub(super) group: Option<&'p NeuronGroup>,
}

/// A subtree, and whether it needs room for many facets.
#[derive(Clone)]
struct Job {
    path: Path,
    wide: bool,
}

/// The queue's items.
enum Item {
    Job(Job),
    /// What a job found; what it left follows in the queue.
    Found(Job, Vec<ActivationPattern>),
}

impl Driver<'_> {
    /// The paths of the whole search.
    pub(super) fn whole_search(&self) -> Vec<Path> {
        (0..self.roots.len() as u32).map(|root| Path { root, choices: Vec::new() }).collect()
    }

    /// Visits the regions below the given paths; returns the paths left over where the visitor or a limit stopped it.
    pub(super) fn run(
        &self,
        paths: Vec<Path>,
        options: &Options,
        visit: &mut Visitor<'_>,
    ) -> Result<(Vec<Path>, Work)> {
        let deadline = options.max_time.map(|most| Instant::now() + most);
        let mut regions = 0u64;
        let mut visit = |pattern: &ActivationPattern| {
            regions += 1;
            let flow = visit(pattern);
            let enough = options.max_regions.is_some_and(|most| regions >= most);
            if enough || (options.threads <= 1 && is_late(deadline, regions)) {
                ControlFlow::Break(())
            } else {
                flow
            }
        };
        let jobs = paths.into_iter().map(|path| Job { path, wide: false }).collect();
        if options.threads <= 1 {
            self.in_order(jobs, &mut visit)
        } else {
            self.in_rounds(jobs, options.threads, deadline, &mut visit)
        }
    }

    /// The two sides of the first split below a path, or the path itself where it holds one region only.
    pub(super) fn split(&self, path: Path) -> Result<Vec<Path>> {
        let job = Job { path, wide: false };
        let mut visit = |_: &ActivationPattern| ControlFlow::Break(());
        // Leaves either at the second split or at the first region; in both cases the second side is left over.
        let outcome = self.run_job(&job, 1, &mut visit, &mut Work::default())?;
        if outcome.unfinished.is_empty() {
            return Ok(vec![job.path]);
        }
        let side = |choice| {
            let mut side = job.path.clone();
            side.choices.push(choice);
            side
        };
        Ok(vec![side(true), side(false)])
    }

    fn in_order(&self, jobs: Vec<Job>, visit: &mut Visitor<'_>) -> Result<(Vec<Path>, Work)> {
        let mut work = Work::default();
        let mut waiting: Vec<Job> = jobs.into_iter().rev().collect();
        while let Some(job) = waiting.pop() {
            let outcome = self.run_job(&job, u64::MAX, visit, &mut work)?;
            let stopped = outcome.stop == Some(Stop::Visitor);
            waiting.extend(follow_up(outcome).into_iter().rev());
            if stopped {
                break;
            }
        }
        Ok((waiting.into_iter().rev().map(|job| job.path).collect(), work))
    }

    fn in_rounds(
        &self,
        jobs: Vec<Job>,
        threads: usize,
        deadline: Option<Instant>,
        visit: &mut Visitor<'_>,
    ) -> Result<(Vec<Path>, Work)> {
        let pool = thread_pool(threads)?;
        let mut work = Work::default();
        let mut queue: VecDeque<Item> = jobs.into_iter().map(Item::Job).collect();
        while let Some(front) = queue.pop_front() {
            match front {
                Item::Found(job, patterns) => {
                    let mut seen = 0;
                    let stop = patterns.iter().any(|pattern| {
                        seen += 1;
                        visit(pattern).is_break()
                    });
                    if stop {
                        let mut rest = self.rest_after(&job, seen)?;
                        rest.extend(unvisited(queue, Some(job.path)));
                        return Ok((rest, work));
                    }
                }
                Item::Job(_) => {
                    queue.push_front(front);
                    if is_late(deadline, 0) {
                        return Ok((unvisited(queue, None), work));
                    }
                    self.round(&pool, &mut queue, deadline, &mut work)?;
                }
            }
        }
        Ok((Vec::new(), work))
    }

    /// Runs the first jobs of the queue and puts what they found and left in their places.
    fn round(
        &self,
        pool: &rayon::ThreadPool,
        queue: &mut VecDeque<Item>,
        deadline: Option<Instant>,
        work: &mut Work,
    ) -> Result<()> {
        let waiting =
            queue.iter().filter_map(|item| if let Item::Job(job) = item { Some(job.clone()) } else { None });
        let jobs: Vec<Job> = waiting.take(JOBS_PER_ROUND).collect();
        let results: Vec<Result<(Vec<ActivationPattern>, Outcome, Work)>> = pool.install(|| {
            jobs.par_iter()
                .map(|job| {
                    let (mut found, mut work) = (Vec::new(), Work::default());
                    let mut keep = |pattern: &ActivationPattern| {
                        found.push(pattern.clone());
                        let late = is_late(deadline, found.len() as u64);
                        if late { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    };
                    let outcome = self.run_job(job, SPLITS_PER_JOB, &mut keep, &mut work)?;
                    Ok((found, outcome, work))
                })
                .collect()
        });
        let mut results = results.into_iter();
        let mut next = VecDeque::with_capacity(queue.len() + 2 * jobs.len());
        for item in queue.drain(..) {
            match item {
                Item::Job(job) => match results.next() {
                    Some(result) => {
                        let (found, outcome, done) = result?;
                        *work += done;
                        next.push_back(Item::Found(job, found));
                        next.extend(follow_up(outcome).into_iter().map(Item::Job));
                    }
                    None => next.push_back(Item::Job(job)),
                },
                found => next.push_back(found),
            }
        }
        *queue = next;
        Ok(())
    }

    /// What is left of a job's subtree after its first `seen` regions.
    fn rest_after(&self, job: &Job, seen: usize) -> Result<Vec<Path>> {
        let mut left = seen;
        let mut count = |_: &ActivationPattern| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let (rest, _) = self.in_order(vec![job.clone()], &mut count)?;
        Ok(rest)
    }

    fn run_job(&self, job: &Job, budget: u64, visit: &mut Visitor<'_>, work: &mut Work) -> Result<Outcome> {
        let Driver { problem, roots, always_exact, group, .. } = *self;
        let (outcome, done) = if self.kernel == Kernel::Rows {
            TreeSearch::new(problem, RowCells::new(problem, always_exact), group, visit)
                .run(&job.path, budget)?
        } else if job.wide {
            let cells = VertexCells::<WideMask>::new(problem, roots, always_exact);
            TreeSearch::new(problem, cells, group, visit).run(&job.path, budget)?
        } else {
            let cells = VertexCells::<u64>::new(problem, roots, always_exact);
            TreeSearch::new(problem, cells, group, visit).run(&job.path, budget)?
        };
        *work += done;
        if job.wide && outcome.stop == Some(Stop::Facets) {
            return Err(Error::too_large(
                "facets of one cell",
                "more than 1024 facets",
                "1024 facets",
                "use the kernel for rows",
            ));
        }
        Ok(outcome)
    }
}

/// A pool of its own, so that the number of threads is the one asked for.
pub(super) fn thread_pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
        Error::input("threads", format!("the system refused {threads}: {error}"), "ask for fewer threads")
    })
}

/// The jobs that an outcome leaves, in the order of the search.
fn follow_up(outcome: Outcome) -> Vec<Job> {
    let wide = outcome.stop == Some(Stop::Facets);
    let jobs = outcome.unfinished.into_iter().enumerate();
    jobs.map(|(i, path)| Job { path, wide: wide && i == 0 }).collect()
}

/// The subtrees of a queue whose regions were not handed over, without those below `done`. What jobs found ahead of
/// time is given up: their subtrees are left as wholes.
fn unvisited(queue: VecDeque<Item>, done: Option<Path>) -> Vec<Path> {
    let mut rest = Vec::new();
    let mut covered = done;
    for item in queue {
        let (Item::Job(job) | Item::Found(job, _)) = item;
        if !covered.as_ref().is_some_and(|covered| job.path.is_below(covered)) {
            covered = Some(job.path.clone());
            rest.push(job.path);
        }
    }
    rest
}

/// Whether the time is over. Reading the clock costs more than a region, so it is read for every 256th only; these take
/// less than a millisecond.
fn is_late(deadline: Option<Instant>, regions: u64) -> bool {
    regions.is_multiple_of(256) && deadline.is_some_and(|deadline| Instant::now() >= deadline)
}
