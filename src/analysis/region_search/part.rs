//! Parts of a search as files: checkpoints and shards.

use super::Tally;
use crate::error::{Error, Result};
use crate::num::Natural;
use crate::polyhedral::{Frontier, Kernel, Work};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The only version of the format so far.
const FORMAT: &str = "isotypic regions part 1";

/// What has been counted of a search, and what is left of it.
#[derive(Clone, Debug)]
pub struct Part {
    network: String,
    domain: String,
    group: Option<String>,
    /// The numbers of inputs and of hidden neurons of the network.
    size: (usize, usize),
    /// The share that this part began with, from 0, and the number of shares.
    shard: (usize, usize),
    pub(super) kernel: Option<Kernel>,
    pub(super) tally: Tally,
    /// What is left; `None` for a search that has not begun.
    pub(super) rest: Option<Frontier>,
}

/// The file; numbers that may be large are decimal strings.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    network: String,
    domain: String,
    group: Option<String>,
    input_dim: usize,
    neurons: usize,
    shard: usize,
    shards: usize,
    regions: String,
    orbits: u64,
    orbit_sizes: BTreeMap<String, u64>,
    decisions: u64,
    exact_decisions: u64,
    exact_vertices: u64,
    engine: Option<String>,
    rest: Vec<String>,
}

impl Part {
    pub(super) fn new(network: String, domain: String, group: Option<String>, size: (usize, usize)) -> Self {
        Part {
            network,
            domain,
            group,
            size,
            shard: (0, 1),
            kernel: None,
            tally: Tally::default(),
            rest: None,
        }
    }

    pub(super) fn with_share(mut self, rest: Frontier, shard: usize, shards: usize) -> Self {
        self.rest = Some(rest);
        self.shard = (shard, shards);
        self
    }

    /// What has been counted.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The kernel that was used; `None` before the search has begun.
    pub fn kernel(&self) -> Option<Kernel> {
        self.kernel
    }

    /// The share that this part is, from 0, and the number of shares.
    pub fn shard(&self) -> (usize, usize) {
        self.shard
    }

    /// The domain's name.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The group's name.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The numbers of inputs and of hidden neurons of the network.
    pub fn network_size(&self) -> (usize, usize) {
        self.size
    }

    /// Whether nothing of this part is left.
    pub fn is_complete(&self) -> bool {
        self.rest.as_ref().is_some_and(Frontier::is_empty)
    }

    /// The share of the search tree that is done, were every split an even one; for showing progress.
    pub fn progress(&self) -> f64 {
        let left = self.rest.as_ref().map_or(1.0, Frontier::weight) * self.shard.1 as f64;
        (1.0 - left).clamp(0.0, 1.0)
    }

    pub(super) fn check_identity(&self, other: &Part) -> Result<()> {
        let same = [
            (self.network == other.network, "network"),
            (self.domain == other.domain, "domain"),
            (self.group == other.group, "group"),
        ];
        match same.iter().find(|(same, _)| !same) {
            None => Ok(()),
            Some((_, what)) => Err(Error::input(
                "part of a search for regions",
                format!("it belongs to another {what}"),
                "use parts of one network, domain, group and engine",
            )),
        }
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = File {
            format: FORMAT.to_owned(),
            network: self.network.clone(),
            domain: self.domain.clone(),
            group: self.group.clone(),
            input_dim: self.size.0,
            neurons: self.size.1,
            shard: self.shard.0 + 1,
            shards: self.shard.1,
            regions: self.tally.regions.to_string(),
            orbits: self.tally.orbits,
            orbit_sizes: self.tally.sizes.iter().map(|(size, count)| (size.to_string(), *count)).collect(),
            decisions: self.tally.work.decisions,
            exact_decisions: self.tally.work.exact_decisions,
            exact_vertices: self.tally.work.exact_vertices,
            engine: self.kernel.map(|kernel| kernel_name(kernel).to_owned()),
            rest: self
                .rest
                .iter()
                .flat_map(|rest| rest.to_string().lines().map(str::to_owned).collect::<Vec<_>>())
                .collect(),
        };
        let mut bytes = serde_json::to_vec_pretty(&file).expect("strings and numbers are JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `place` stands for the file in errors.
    ///
    /// # Errors
    /// [`Error::Input`] where the bytes are no part of this version, or contradict themselves.
    pub fn parse(bytes: &[u8], place: &str) -> Result<Self> {
        let bad = |problem: String| {
            Error::input(place, problem, "give a file that regions --checkpoint or --shard wrote, unchanged")
        };
        let file: File = serde_json::from_slice(bytes)
            .map_err(|error| bad(format!("no part of a search for regions ({error})")))?;
        if file.format != FORMAT {
            return Err(bad(format!("the format is '{}'", file.format)));
        }
        let natural = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = if digits { Natural::from_str_radix(text, 10).ok() } else { None };
            number.ok_or_else(|| bad(format!("'{text}' is no number")))
        };
        let mut sizes = BTreeMap::new();
        for (size, &count) in &file.orbit_sizes {
            sizes.insert(natural(size)?, count);
        }
        let rest = match file.rest.as_slice() {
            [] => None,
            lines => Some(lines.join("\n").parse().map_err(|error: Error| bad(error.to_string()))?),
        };
        let kernel = match file.engine.as_deref() {
            None => None,
            Some("vertex") => Some(Kernel::Vertices),
            Some("row") => Some(Kernel::Rows),
            Some(other) => return Err(bad(format!("there is no engine '{other}'"))),
        };
        let regions = natural(&file.regions)?;
        let total = sizes.iter().fold(Natural::ZERO, |sum, (size, count)| sum + size * Natural::from(*count));
        let orbits = sizes.values().try_fold(0u64, |sum, count| sum.checked_add(*count));
        let fits = total == regions && orbits == Some(file.orbits);
        if !fits || file.shard == 0 || file.shard > file.shards {
            return Err(bad("its counts do not add up".into()));
        }
        let work = Work {
            decisions: file.decisions,
            exact_decisions: file.exact_decisions,
            exact_vertices: file.exact_vertices,
        };
        Ok(Part {
            network: file.network,
            domain: file.domain,
            group: file.group,
            size: (file.input_dim, file.neurons),
            shard: (file.shard - 1, file.shards),
            kernel,
            tally: Tally { regions, orbits: file.orbits, sizes, work },
            rest,
        })
    }
}

/// The name of a kernel on the command line.
pub fn kernel_name(kernel: Kernel) -> &'static str {
    match kernel {
        Kernel::Auto => "auto",
        Kernel::Vertices => "vertex",
        Kernel::Rows => "row",
    }
}

/// Puts all shards of one search together: the same counts as one run gives. What shards left over is left over.
///
/// # Errors
/// [`Error::Input`] where the parts belong to different searches, or shards are missing or given twice.
pub fn merge(parts: &[Part]) -> Result<Part> {
    let refuse = |problem: String| {
        Error::input("parts of a search for regions", problem, "give every shard of one search, each once")
    };
    let first = parts.first().ok_or_else(|| refuse("there is none".into()))?;
    let shards = first.shard.1;
    let mut given = vec![false; shards];
    for part in parts {
        part.check_identity(first)?;
        if part.shard.1 != shards {
            return Err(refuse(format!("shards of {shards} and of {}", part.shard.1)));
        }
        if part.rest.is_none() {
            return Err(refuse(format!("shard {}/{shards} has not begun", part.shard.0 + 1)));
        }
        if std::mem::replace(&mut given[part.shard.0], true) {
            return Err(refuse(format!("shard {}/{shards} is given twice", part.shard.0 + 1)));
        }
    }
    if let Some(missing) = given.iter().position(|given| !given) {
        return Err(refuse(format!("shard {}/{shards} is missing", missing + 1)));
    }
    let rest = Frontier::join(parts.iter().filter_map(|part| part.rest.clone()))?;
    let mut merged = Part::new(first.network.clone(), first.domain.clone(), first.group.clone(), first.size);
    merged.rest = Some(rest);
    for part in parts {
        merged.kernel = merged.kernel.or(part.kernel);
        merged.tally.work += part.tally.work;
        merged.tally.regions += &part.tally.regions;
        merged.tally.orbits += part.tally.orbits;
        for (size, count) in &part.tally.sizes {
            *merged.tally.sizes.entry(size.clone()).or_default() += count;
        }
    }
    Ok(merged)
}
