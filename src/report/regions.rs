//! Linear regions as text and JSON.

use crate::analysis::region_search::details::Details;
use crate::analysis::region_search::{Part, Tally, kernel_name};
use crate::analysis::{RegionAnswer, RegionDomain};
use crate::network::Network;
use crate::num::Natural;
use crate::polyhedral::{Arithmetic, Work};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What `regions` prints; counts are decimal strings. The names of the JSON fields are part of the program's contract.
#[derive(Serialize)]
pub struct RegionReport {
    regions: String,
    orbits: String,
    domain: String,
    complete: bool,
    certified: bool,
    input_dim: usize,
    neurons: usize,
    group: Option<String>,
    /// Orbit size to number of orbits.
    orbit_sizes: BTreeMap<String, String>,
    engine: String,
    arithmetic: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    shard_done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounded: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjacent_pairs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distinct_affine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linear_regions_connected: Option<String>,
}

impl RegionReport {
    /// The report of a part of a search; of a shard, if it is one.
    pub fn of_part(part: &Part, arithmetic: Option<Arithmetic>) -> Self {
        let mut report =
            RegionReport::of_tally(part.tally(), part.domain(), part.group(), part.network_size());
        report.complete = part.is_complete();
        report.engine = part.kernel().map_or("auto", kernel_name).to_owned();
        report.arithmetic = match arithmetic {
            Some(Arithmetic::Exact) => "exact",
            _ => "filtered",
        }
        .to_owned();
        let (shard, shards) = part.shard();
        if shards > 1 {
            report.shard = Some(format!("{}/{shards}", shard + 1));
            report.complete = false;
            report.shard_done = part.is_complete();
        }
        report
    }

    /// The report of regions that are all held in memory, found by the plain engine; `group` names the symmetry.
    pub fn of_answer(
        network: &Network,
        domain: &RegionDomain,
        group: Option<&str>,
        answer: &RegionAnswer,
    ) -> Self {
        let size = (network.inputs(), network.neurons());
        let mut report = RegionReport::of_tally(&answer.tally(), &domain.name(), group, size);
        report.complete = answer.certified;
        report.engine = "plain".into();
        report.arithmetic = "exact".into();
        report.with_details(&answer.details(), answer.certified).with_merged(answer)
    }

    fn of_tally(tally: &Tally, domain: &str, group: Option<&str>, size: (usize, usize)) -> Self {
        let sizes = tally.sizes.iter().map(|(size, count)| (size.to_string(), count.to_string()));
        RegionReport {
            regions: tally.regions.to_string(),
            orbits: tally.orbits.to_string(),
            domain: domain.to_owned(),
            complete: true,
            certified: false,
            input_dim: size.0,
            neurons: size.1,
            group: group.map(str::to_owned),
            orbit_sizes: if group.is_some() { sizes.collect() } else { BTreeMap::new() },
            engine: String::new(),
            arithmetic: String::new(),
            shard: None,
            shard_done: false,
            bounded: None,
            facets: None,
            adjacent_pairs: None,
            volume: None,
            distinct_affine: None,
            linear_regions_connected: None,
        }
    }

    /// Adds facets, boundedness and volume; `closed` says whether the region beyond every facet was found.
    pub fn with_details(mut self, details: &Details, closed: bool) -> Self {
        self.certified = self.complete && closed;
        self.bounded = Some(details.bounded.to_string());
        self.facets = Some(details.facets.to_string());
        self.adjacent_pairs = self.complete.then(|| details.adjacent_pairs().to_string());
        self.volume = details.volume.as_ref().map(ToString::to_string);
        self
    }

    /// Adds the merged counts of an answer, where it has them.
    pub fn with_merged(mut self, answer: &RegionAnswer) -> Self {
        self.distinct_affine = answer.distinct_affine.map(|count| count.to_string());
        self.linear_regions_connected = answer.linear_regions_connected.map(|count| count.to_string());
        self
    }

    /// A remark on how signs were decided. No part of the result: with more threads some signs are decided twice.
    pub fn remark_on_work(work: &Work) -> String {
        format!("{} signs decided, {} of them in exact arithmetic", work.decisions, work.exact_decisions)
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text =
            format!("domain   {} in dimension {}, {} neurons\n", self.domain, self.input_dim, self.neurons);
        let found = if self.complete || self.shard_done { "" } else { " found so far" };
        let of_shard = self.shard.as_ref().map_or(String::new(), |shard| format!(" in shard {shard}"));
        let _ = write!(text, "regions  {}{found}{of_shard}", self.regions);
        if let Some(bounded) = &self.bounded {
            let _ = write!(text, " ({bounded} bounded)");
        }
        if let Some(pairs) = &self.adjacent_pairs {
            let _ = write!(text, ", {pairs} pairs share a facet");
        }
        text.push('\n');
        if let Some(group) = &self.group {
            let mut sizes: Vec<(Natural, &str)> = self
                .orbit_sizes
                .iter()
                .filter_map(|(size, count)| Some((size.parse().ok()?, count.as_str())))
                .collect();
            sizes.sort_unstable();
            let sizes: Vec<String> =
                sizes.iter().map(|(size, count)| format!("{count} of size {size}")).collect();
            let _ = writeln!(text, "orbits   {} under {group}: {}", self.orbits, sizes.join(", "));
        }
        if let (Some(distinct), Some(connected)) = (&self.distinct_affine, &self.linear_regions_connected) {
            let _ = writeln!(
                text,
                "merged   {distinct} different affine maps, {connected} connected linear regions"
            );
        }
        if let Some(volume) = &self.volume {
            let _ = writeln!(text, "volume   {volume} over all regions");
        }
        let _ = match (self.engine.as_str(), self.arithmetic.as_str()) {
            ("plain", _) => writeln!(text, "engine   plain, integers throughout"),
            (engine, "exact") => writeln!(text, "engine   {engine}, exact arithmetic throughout"),
            (engine, _) => writeln!(text, "engine   {engine}, exact arithmetic where floats cannot decide"),
        };
        let proof = match (self.complete, self.certified) {
            (true, true) => "complete: the neighbour across every facet was found; every decision is exact",
            (true, false) => "complete by the exact search; the neighbours across facets were not looked up",
            (false, _) if self.shard_done => {
                "this shard is done; put all of them together with 'isotypic regions merge'"
            }
            (false, _) => "INCOMPLETE: stopped before the end",
        };
        let _ = writeln!(text, "proof    {proof}");
        text
    }
}
