//! Linear regions as text and JSON.

use crate::analysis::{RegionAnswer, RegionDomain};
use crate::network::Network;
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
    bounded: String,
    facets: String,
    adjacent_pairs: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    distinct_affine: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linear_regions_connected: Option<String>,
}

impl RegionReport {
    /// The report of an answer; `group` names the symmetry that was used.
    pub fn new(network: &Network, domain: &RegionDomain, group: Option<&str>, answer: &RegionAnswer) -> Self {
        let regions = answer.regions.len();
        RegionReport {
            regions: regions.to_string(),
            orbits: answer.orbits.as_ref().map_or(regions, |orbits| orbits.count()).to_string(),
            domain: domain.name(),
            complete: answer.certified,
            certified: answer.certified,
            input_dim: network.inputs(),
            neurons: network.neurons(),
            group: group.map(str::to_owned),
            orbit_sizes: answer
                .orbit_sizes()
                .iter()
                .map(|(size, count)| (size.to_string(), count.to_string()))
                .collect(),
            bounded: answer.regions.iter().filter(|region| region.is_bounded()).count().to_string(),
            facets: answer.regions.iter().map(|region| region.facets.len()).sum::<usize>().to_string(),
            adjacent_pairs: answer.adjacent_pairs.to_string(),
            distinct_affine: answer.distinct_affine.map(|count| count.to_string()),
            linear_regions_connected: answer.linear_regions_connected.map(|count| count.to_string()),
        }
    }

    /// The text for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "domain   {} in dimension {}, {} neurons\nregions  {} ({} bounded), {} pairs share a facet\n",
            self.domain, self.input_dim, self.neurons, self.regions, self.bounded, self.adjacent_pairs
        );
        if let Some(group) = &self.group {
            let mut sizes: Vec<(usize, &str)> = self
                .orbit_sizes
                .iter()
                .map(|(size, count)| (size.parse().unwrap_or(0), count.as_str()))
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
        let proof = if self.certified {
            "complete: the neighbour across every facet was found"
        } else {
            "not proved complete"
        };
        let _ = writeln!(text, "proof    {proof}; every decision in exact arithmetic");
        text
    }
}
