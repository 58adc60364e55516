//! The files that `regions` writes.

use super::{Colour, Regions};
use crate::cli::output::{OutputArguments, extension};
use isotypic::analysis::{RegionAnswer, RegionCertificate, RegionDomain};
use isotypic::io::AtomicFile;
#[cfg(feature = "parquet")]
use isotypic::io::parquet::ParquetFile;
use isotypic::network::Network;
use isotypic::num::Natural;
use isotypic::polyhedral::{ActivationPattern, Region};
use isotypic::report::region_picture::{RegionColour, dual_graph_dot, dual_graph_json, region_picture};
#[cfg(feature = "parquet")]
use isotypic::report::region_rows::PARQUET_SCHEMA;
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
            "parquet" if cfg!(not(feature = "parquet")) => {
                return Err(Error::unsupported(
                    format!("{place}: writing Parquet by a program that was built without it"),
                    "build it with 'cargo install --path . --features parquet', or write .jsonl",
                ));
            }
            _ if command.shard.is_some() => output.require_extension(path, &["json"])?,
            _ => output.require_extension(path, &["jsonl", "parquet", "svg", "dot", "json"])?,
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
    files: Vec<(PathBuf, RowFile)>,
}

impl RowFiles {
    pub(super) fn new(paths: &[PathBuf]) -> Result<Self> {
        let files = paths.iter().filter_map(|path| RowFile::new(path).map(|file| Ok((path.clone(), file?))));
        Ok(RowFiles { files: files.collect::<Result<_>>()? })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Adds regions, each with the size of its orbit.
    pub(super) fn add(&mut self, regions: &[Region], sizes: &[(ActivationPattern, Natural)]) -> Result<()> {
        for (path, file) in &mut self.files {
            for (region, (_, size)) in regions.iter().zip(sizes) {
                file.add(path, &RegionRow::new(region, size))?;
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

/// One file of rows.
enum RowFile {
    Lines(AtomicFile),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetFile>),
}

impl RowFile {
    /// Begins the file that the extension asks for, `None` if that is none of rows.
    fn new(path: &Path) -> Option<Result<Self>> {
        match extension(path).as_str() {
            "jsonl" => Some(AtomicFile::new(path).map(RowFile::Lines)),
            #[cfg(feature = "parquet")]
            "parquet" => Some(ParquetFile::new(path, PARQUET_SCHEMA).map(Box::new).map(RowFile::Parquet)),
            _ => None,
        }
    }

    fn add(&mut self, path: &Path, row: &RegionRow) -> Result<()> {
        match self {
            RowFile::Lines(file) => {
                serde_json::to_writer(&mut *file, row).map_err(|error| Error::io(path, error.into()))?;
                file.write_all(b"\n").map_err(|source| Error::io(path, source))
            }
            #[cfg(feature = "parquet")]
            RowFile::Parquet(file) => file.add(row),
        }
    }

    fn finish_as(self, place: &Path) -> Result<()> {
        match self {
            RowFile::Lines(file) => file.finish_as(place),
            #[cfg(feature = "parquet")]
            RowFile::Parquet(file) => file.finish_as(place),
        }
    }
}

fn partial(path: &Path) -> PathBuf {
    path.with_extension(format!("partial.{}", extension(path)))
}
