//! Where regions are looked for.

use clap::Args;
use isotypic::Result;
use isotypic::analysis::RegionDomain;
use isotypic::io::read_table;
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
            Some(("segment" | "plane", file)) => {
                let domain = RegionDomain::through(file, &read_table(Path::new(file))?.rows)?;
                let named = self.domain.starts_with(&domain.name());
                if named { Ok(domain) } else { RegionDomain::parse(&self.domain) }
            }
            _ => RegionDomain::parse(&self.domain),
        }
    }
}
