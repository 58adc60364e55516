//! The files that `regions` writes.

use super::{Colour, Regions};
use crate::cli::output::{OutputArguments, extension};
use isotypic::analysis::{RegionAnswer, RegionCertificate, RegionDomain};
use isotypic::io::AtomicFile;
use isotypic::network::Network;
use isotypic::num::Natural;
use isotypic::polyhedral::{ActivationPattern, Region};
use isotypic::report::region_picture::{RegionColour, dual_graph_dot, dual_graph_json, region_picture};
use isotypic::report::region_rows::RegionRow;
use isotypic::{Error, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Refuses files that could not be written.
pub(super) fn check(command: &Regions, output: &OutputArguments) -> Result<()> {
    for path in &command.output {
        let place = path.display().to_string();
        match extension(path).as_str() {
            "png" => {
                return Err(Error::unsupported(
                    format!("{place}: writing PNG"),
                    "write the picture as .svg and convert it, for example with 'rsvg-convert -z 2 in.svg -o out.png'",
                ));
            }
            "parquet" => {
                return Err(Error::unsupported(
                    format!("{place}: writing Parquet"),
                    "write .jsonl, which table programs read and convert",
                ));
            }
            _ if command.shard.is_some() => output.require_extension(path, &["json"])?,
            _ => output.require_extension(path, &["jsonl", "svg", "dot", "json"])?,
        }
    }
    if command.shard.is_some() && command.output.is_empty() {
        return Err(Error::input("--shard", "there is no place for the part", "give one with -o FILE.json"));
    }
    for path in command.certificate.iter().chain(&command.checkpoint) {
        output.require_extension(path, &["json"])?;
    }
    Ok(())
}

/// Whether something is asked for that takes all regions at a time.
pub(super) fn needs_all(command: &Regions) -> bool {
    let drawn = |path: &PathBuf| matches!(extension(path).as_str(), "svg" | "dot" | "json");
    command.merge || command.certificate.is_some() || command.output.iter().any(drawn)
}

/// Writes what takes all regions at a time; with the plain engine the rows of regions, too.
pub(super) fn write_all(
    command: &Regions,
    network: &Network,
    domain: &RegionDomain,
    answer: &RegionAnswer,
    output: &OutputArguments,
) -> anyhow::Result<()> {
    for path in &command.output {
        let bytes = match extension(path).as_str() {
            "svg" => {
                let colour = match command.colour {
                    Colour::Piece => RegionColour::Piece,
                    Colour::Orbit => RegionColour::Orbit,
                };
                region_picture(answer, colour)?.to_string().into_bytes()
            }
            "dot" => dual_graph_dot(answer).into_bytes(),
            "json" => serde_json::to_vec(&dual_graph_json(answer))?,
            _ => continue,
        };
        output.write_file(path, &bytes)?;
    }
    if let Some(path) = &command.certificate {
        let certificate = RegionCertificate::new(network, domain, answer)?;
        output.write_file(path, &certificate.to_bytes())?;
    }
    Ok(())
}

/// Files with one row per region, written as regions come.
pub(super) struct RowFiles {
    files: Vec<(PathBuf, AtomicFile)>,
}

impl RowFiles {
    pub(super) fn new(paths: &[PathBuf]) -> Result<Self> {
        let of_rows = paths.iter().filter(|path| extension(path) == "jsonl");
        let files = of_rows.map(|path| Ok((path.clone(), AtomicFile::new(path)?)));
        Ok(RowFiles { files: files.collect::<Result<_>>()? })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Adds regions, each with the size of its orbit.
    pub(super) fn add(&mut self, regions: &[Region], sizes: &[(ActivationPattern, Natural)]) -> Result<()> {
        for (path, file) in &mut self.files {
            for (region, (_, size)) in regions.iter().zip(sizes) {
                let row = RegionRow::new(region, size);
                serde_json::to_writer(&mut *file, &row).map_err(|error| Error::io(&*path, error.into()))?;
                file.write_all(b"\n").map_err(|source| Error::io(&*path, source))?;
            }
        }
        Ok(())
    }

    /// Puts the files in their places; one that is not complete gets `.partial` before its extension.
    pub(super) fn finish(self, complete: bool, output: &OutputArguments) -> Result<()> {
        for (path, file) in self.files {
            let place = if complete { path } else { partial(&path) };
            file.finish_as(&place)?;
            output.remark(format!("wrote {}", place.display()));
        }
        Ok(())
    }
}

fn partial(path: &Path) -> PathBuf {
    path.with_extension(format!("partial.{}", extension(path)))
}
