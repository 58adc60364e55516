//! Where regions are looked for.

use clap::Args;
use isotypic::analysis::RegionDomain;
use isotypic::io::read_table;
use isotypic::{Error, Result};
use std::path::Path;

#[derive(Args)]
pub(crate) struct DomainArguments {
    /// all, box:LO,HI (the same ends in every coordinate), segment:FILE (two points, one row each) or plane:FILE
    /// (three points).
    #[arg(long, default_value = "all", allow_hyphen_values = true)]
    domain: String,
}

impl DomainArguments {
    pub(crate) fn parse(&self) -> Result<RegionDomain> {
        match self.domain.split_once(':') {
            Some((kind @ ("segment" | "plane"), file)) => {
                let rows = read_table(Path::new(file))?.rows;
                let needed = if kind == "segment" { 2 } else { 3 };
                if rows.len() != needed {
                    return Err(Error::shape(
                        format!("domain {}", self.domain),
                        format!("{needed} points, one in each row"),
                        rows.len(),
                        "give two points for a segment, three for a plane",
                    ));
                }
                RegionDomain::through(file, &rows)
            }
            _ => RegionDomain::parse(&self.domain),
        }
    }
}
