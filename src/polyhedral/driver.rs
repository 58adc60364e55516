//! Runs jobs, on one thread or on many, in the order of the search.
//!
//! With one thread the search simply runs. With more, the jobs still to do stand in a queue in the order of the search; in
//! each round the first ones are run in parallel, each for a fixed number of splits, and replaced by the regions that they
//! found followed by what they left. Regions are handed to the visitor from the front of the queue only, so it sees the
//! same sequence whatever the number of threads. While jobs are few, each is cut into all of its subtrees soon; later, what
//! a job leaves stays one job, for every subtree costs a walk to its node.

use super::ActivationPattern;
use super::engine::{NeuronGroup, Outcome, Path, Problem, RootCell, Span, Stop, TreeSearch, Work};
use super::options::{Kernel, Options};
use super::row_cells::RowCells;
use super::vertex_cells::{VertexCells, WideMask};
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Instant;

/// The jobs of one round at most. Constants, so that the sequence of rounds does not depend on the machine.
const JOBS_PER_ROUND: usize = 64;
/// With fewer jobs than this, jobs are short and what they leave is cut into subtrees.
const FEW_JOBS: usize = 32;
/// The splits of one job in a round: so many that the way down to the first of them costs little beside them.
const SPLITS_PER_JOB: u64 = 8192;
/// The same for the slower kernel, so that no job is long.
const SPLITS_PER_JOB_OF_ROWS: u64 = 2048;
/// Where there are few jobs, they are shorter by this factor.
const SHORTER: u64 = 8;

/// With more regions than this found ahead of their turn, only [`FRONT_JOBS`] run, and one alone with twice as many: memory is
/// bounded by them.
const MOST_WAITING: usize = 1 << 20;
/// The jobs of a round that is to come to the regions that wait.
const FRONT_JOBS: usize = 4;

/// More threads than this would fill the memory before they help.
const MOST_THREADS: usize = 1024;

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

/// A part of the search, and whether it needs room for many facets.
#[derive(Clone)]
struct Job {
    span: Span,
    wide: bool,
}

/// The queue's items.
enum Item {
    Job(Job),
    /// What a job found; what it left follows in the queue.
    Found(Job, Vec<ActivationPattern>),
}

/// A search that goes on in rounds: what is to be handed over and to be done, in the order of the search.
#[derive(Default)]
pub(super) struct Queue {
    items: VecDeque<Item>,
    /// The work of all rounds.
    pub(super) work: Work,
}

impl Queue {
    pub(super) fn new(paths: Vec<Path>) -> Self {
        Queue { items: jobs_of(paths).into_iter().map(Item::Job).collect(), work: Work::default() }
    }

    /// How many jobs may run in the next round, so that not too many regions wait for their turn.
    fn jobs_to_run(&self) -> usize {
        let found = |item: &Item| if let Item::Found(_, patterns) = item { patterns.len() } else { 0 };
        match self.items.iter().map(found).sum::<usize>() {
            few if few <= MOST_WAITING => JOBS_PER_ROUND,
            many if many <= 2 * MOST_WAITING => FRONT_JOBS,
            _ => 1,
        }
    }
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
        if options.threads <= 1 {
            self.in_order(jobs_of(paths), &mut visit)
        } else {
            self.in_rounds(paths, options.threads, deadline, &mut visit)
        }
    }

    /// The two sides of the first split below a path, or the path itself where it holds one region only.
    pub(super) fn split(&self, path: Path) -> Result<Vec<Path>> {
        let job = Job { span: Span::subtree(path.clone()), wide: false };
        let mut visit = |_: &ActivationPattern| ControlFlow::Break(());
        // Leaves either at the second split or at the first region; in both cases the second side is left over.
        let outcome = self.run_job(&job, 1, &mut visit, &mut Work::default())?;
        if outcome.unfinished.is_empty() {
            return Ok(vec![path]);
        }
        let side = |choice| {
            let mut side = path.clone();
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
            waiting.extend(follow_up(outcome, false).into_iter().rev());
            if stopped {
                break;
            }
        }
        Ok((waiting.into_iter().rev().flat_map(|job| job.span.into_paths()).collect(), work))
    }

    fn in_rounds(
        &self,
        paths: Vec<Path>,
        threads: usize,
        deadline: Option<Instant>,
        visit: &mut Visitor<'_>,
    ) -> Result<(Vec<Path>, Work)> {
        let pool = thread_pool(threads)?;
        let mut queue = Queue::new(paths);
        while let Some(front) = queue.items.pop_front() {
            match front {
                Item::Found(job, patterns) => {
                    let mut seen = 0;
                    let stop = patterns.iter().any(|pattern| {
                        seen += 1;
                        visit(pattern).is_break()
                    });
                    if stop {
                        let mut rest = self.rest_after(&job, seen)?;
                        rest.extend(unvisited(queue.items, Some(job.span)));
                        return Ok((rest, queue.work));
                    }
                }
                Item::Job(_) => {
                    queue.items.push_front(front);
                    if is_late(deadline, 0) {
                        return Ok((unvisited(queue.items, None), queue.work));
                    }
                    self.round(Some(&pool), &mut queue, deadline)?;
                }
            }
        }
        Ok((Vec::new(), queue.work))
    }

    /// The next regions of the search, at most those of one job; `None` at the end. Works in the calling thread alone where
    /// there is no pool.
    pub(super) fn next_regions(
        &self,
        pool: Option<&rayon::ThreadPool>,
        queue: &mut Queue,
    ) -> Result<Option<Vec<ActivationPattern>>> {
        loop {
            match queue.items.pop_front() {
                None => return Ok(None),
                Some(Item::Found(_, patterns)) if patterns.is_empty() => {}
                Some(Item::Found(_, patterns)) => return Ok(Some(patterns)),
                Some(job) => {
                    queue.items.push_front(job);
                    self.round(pool, queue, None)?;
                }
            }
        }
    }

    /// Runs the first jobs of the queue and puts what they found and left in their places; without a pool the first job only.
    fn round(
        &self,
        pool: Option<&rayon::ThreadPool>,
        queue: &mut Queue,
        deadline: Option<Instant>,
    ) -> Result<()> {
        let waiting = queue
            .items
            .iter()
            .filter_map(|item| if let Item::Job(job) = item { Some(job.clone()) } else { None });
        let jobs: Vec<Job> = waiting.take(if pool.is_some() { queue.jobs_to_run() } else { 1 }).collect();
        let few = pool.is_some() && jobs.len() < FEW_JOBS;
        let splits = if self.kernel == Kernel::Rows { SPLITS_PER_JOB_OF_ROWS } else { SPLITS_PER_JOB };
        let splits = if few { splits / SHORTER } else { splits };
        let run = |job: &Job| -> Result<(Vec<ActivationPattern>, Outcome, Work)> {
            let (mut found, mut work) = (Vec::new(), Work::default());
            let mut keep = |pattern: &ActivationPattern| {
                found.push(pattern.clone());
                let late = is_late(deadline, found.len() as u64);
                if late { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let outcome = self.run_job(job, splits, &mut keep, &mut work)?;
            Ok((found, outcome, work))
        };
        let results: Vec<_> = match pool {
            // Jobs differ much in size, so each is a task of its own.
            Some(pool) => pool.install(|| jobs.par_iter().with_max_len(1).map(run).collect()),
            None => jobs.iter().map(run).collect(),
        };
        let mut results = results.into_iter();
        let mut next = VecDeque::with_capacity(queue.items.len() + 2 * jobs.len());
        for item in queue.items.drain(..) {
            match item {
                Item::Job(job) => match results.next() {
                    Some(result) => {
                        let (found, outcome, done) = result?;
                        queue.work += done;
                        next.push_back(Item::Found(job, found));
                        next.extend(follow_up(outcome, few).into_iter().map(Item::Job));
                    }
                    None => next.push_back(Item::Job(job)),
                },
                found => next.push_back(found),
            }
        }
        queue.items = next;
        Ok(())
    }

    /// What is left of a job after its first `seen` regions.
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
                .run(&job.span, budget)?
        } else if job.wide {
            let cells = VertexCells::<WideMask>::new(problem, roots, always_exact);
            TreeSearch::new(problem, cells, group, visit).run(&job.span, budget)?
        } else {
            let cells = VertexCells::<u64>::new(problem, roots, always_exact);
            TreeSearch::new(problem, cells, group, visit).run(&job.span, budget)?
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
    if threads > MOST_THREADS {
        return Err(Error::too_large(
            "threads",
            format!("{threads} threads"),
            format!("{MOST_THREADS} threads"),
            "ask for as many as the machine has cores",
        ));
    }
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
        Error::input("threads", format!("the system refused {threads}: {error}"), "ask for fewer threads")
    })
}

/// The jobs that an outcome leaves, in the order of the search: its subtrees one by one, or as few jobs as possible.
fn follow_up(outcome: Outcome, one_by_one: bool) -> Vec<Job> {
    let mut paths = outcome.unfinished;
    let mut jobs = Vec::new();
    if outcome.stop == Some(Stop::Facets) {
        jobs.push(Job { span: Span::subtree(paths.remove(0)), wide: true });
    }
    if one_by_one {
        jobs.extend(jobs_of(paths));
    } else {
        jobs.extend(Span::of_unfinished(&paths).map(|span| Job { span, wide: false }));
    }
    jobs
}

/// The subtrees at paths as jobs.
fn jobs_of(paths: Vec<Path>) -> Vec<Job> {
    paths.into_iter().map(|path| Job { span: Span::subtree(path), wide: false }).collect()
}

/// The subtrees of a queue whose regions were not handed over, without those of `done`. What jobs found ahead of time is
/// given up: they are left as wholes.
fn unvisited(queue: VecDeque<Item>, done: Option<Span>) -> Vec<Path> {
    let mut rest = Vec::new();
    let mut covered = done;
    for item in queue {
        let (Item::Job(job) | Item::Found(job, _)) = item;
        if !covered.as_ref().is_some_and(|covered| job.span.is_within(covered)) {
            covered = Some(job.span.clone());
            rest.extend(job.span.into_paths());
        }
    }
    rest
}

/// Whether the time is over. Reading the clock costs more than a region, so it is read for every 256th only; these take
/// less than a millisecond.
fn is_late(deadline: Option<Instant>, regions: u64) -> bool {
    regions.is_multiple_of(256) && deadline.is_some_and(|deadline| Instant::now() >= deadline)
}
