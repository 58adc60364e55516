//! Where regions are looked for.

use clap::Args;
use isotypic::analysis::RegionDomain;
use isotypic::io::read_exact_table;
use isotypic::num::parse_number;
use isotypic::{Error, Result};
use std::path::Path;

#[derive(Args)]
pub(crate) struct DomainArguments {
    /// all; box:LO,HI (the same ends in every coordinate) or box:LO..HI,LO..HI,... (one interval each); polytope:FILE (rows
    /// a_1,...,a_d,c with a.x + c >= 0); near:FILE,RADIUS (around a point, in every coordinate); segment:FILE (two points,
    /// one row each), plane:FILE (three points) or slice:FILE (k + 1 points, k dimensions). Given several times: what the
    /// domains have in common. Files are .csv, .json or .npy; decimals and fractions p/q are taken exactly.
    #[arg(long = "domain", default_value = "all", allow_hyphen_values = true, value_name = "DOMAIN")]
    domains: Vec<String>,
}

impl DomainArguments {
    pub(crate) fn parse(&self) -> Result<RegionDomain> {
        RegionDomain::common(self.domains.iter().map(|text| parse_one(text)).collect::<Result<_>>()?)
    }
}

fn parse_one(text: &str) -> Result<RegionDomain> {
    match text.split_once(':') {
        Some((kind @ ("segment" | "plane" | "slice" | "polytope"), file)) => {
            RegionDomain::from_rows(kind, file, read_exact_table(Path::new(file))?)
        }
        Some(("near", rest)) => {
            let refuse =
                |problem: String, mend: &str| Error::input(format!("domain '{text}'"), problem, mend);
            let mend = "write near:FILE,RADIUS, with one point in the file";
            let (file, radius) =
                rest.rsplit_once(',').ok_or_else(|| refuse("there is no radius".into(), mend))?;
            let radius =
                parse_number(radius).ok_or_else(|| refuse(format!("'{radius}' is no number"), mend))?;
            let mut rows = read_exact_table(Path::new(file))?;
            if rows.len() != 1 {
                return Err(refuse(format!("{file} has {} rows", rows.len()), mend));
            }
            RegionDomain::near(rows.remove(0), radius)
        }
        _ => RegionDomain::parse(text),
    }
}
