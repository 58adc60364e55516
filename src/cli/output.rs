//! Where results go.

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use isotypic::io::{AtomicFile, write_atomically};
use isotypic::report::findings::Findings;
use isotypic::{Error, Result};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Options that every command shares.
#[derive(Args)]
pub(crate) struct OutputArguments {
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text", global = true)]
    format: Format,
    /// No progress and no remarks on standard error.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For papers; of the command shallow.
    Latex,
}

impl OutputArguments {
    /// Prints the result: the text, or the value as JSON, whichever was asked for; only that one is made.
    pub(crate) fn print<T: Serialize>(
        &self,
        text: impl FnOnce() -> String,
        value: impl FnOnce() -> T,
    ) -> anyhow::Result<()> {
        self.print_or_latex(text, value, String::new)
    }

    /// As [`print`](Self::print), for a command that prints LaTeX, too.
    pub(crate) fn print_or_latex<T: Serialize>(
        &self,
        text: impl FnOnce() -> String,
        value: impl FnOnce() -> T,
        latex: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        match self.format {
            Format::Text => write!(out, "{}", text())?,
            Format::Latex => write!(out, "{}", latex())?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &value())?;
                writeln!(out)?;
            }
        }
        out.flush()?;
        Ok(())
    }

    /// Refuses `--format latex`, for commands that print none.
    pub(crate) fn refuse_latex(&self) -> Result<()> {
        match self.format {
            Format::Latex => Err(Error::unsupported("--format latex of this command", "choose text or json")),
            Format::Text | Format::Json => Ok(()),
        }
    }

    /// A spinner on standard error for steps that may take a while; invisible when quiet or not on a terminal.
    pub(crate) fn spinner(&self) -> ProgressBar {
        let spinner = if self.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        spinner.enable_steady_tick(std::time::Duration::from_millis(120));
        spinner
    }

    /// Runs work that tells how much of it is done, under a progress bar on standard error; invisible when quiet or
    /// not on a terminal.
    pub(crate) fn with_progress<T>(&self, work: impl FnOnce(&mut dyn FnMut(usize, usize)) -> T) -> T {
        let bar = if self.quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
        let result = work(&mut |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        });
        bar.finish_and_clear();
        result
    }

    /// Prints what an experiment found; to a file as well, in the form that its name says.
    pub(crate) fn deliver<T: Findings>(&self, findings: &T, file: Option<&Path>) -> anyhow::Result<()> {
        if let Some(path) = file {
            match extension(path).as_str() {
                "svg" => self.write_file(path, findings.picture()?.to_string().as_bytes())?,
                "csv" => self.write_file(path, findings.csv().as_bytes())?,
                _ => self.write_json(path, findings)?,
            }
        }
        self.print(|| findings.text(), || findings)
    }

    /// Refuses, before any work, a file name that [`deliver`](Self::deliver) cannot write.
    pub(crate) fn require_findings_file(&self, file: Option<&Path>) -> Result<()> {
        file.map_or(Ok(()), |path| self.require_extension(path, &["svg", "csv", "json"]))
    }

    /// A remark on standard error, unless quiet.
    pub(crate) fn remark(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            anstream::eprintln!("{text}");
        }
    }

    /// Refuses, before any work, a file name that does not end in one of the extensions or has no folder to go to.
    pub(crate) fn require_extension(&self, path: &Path, extensions: &[&str]) -> Result<()> {
        let found = extension(path);
        let found = found.as_str();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(missing) = folder.filter(|folder| !folder.is_dir()) {
            let problem = format!("there is no folder {}", missing.display());
            return Err(Error::input(
                path.display().to_string(),
                problem,
                "make it, or choose another place",
            ));
        }
        if extensions.contains(&found) {
            return Ok(());
        }
        let names: Vec<String> = extensions.iter().map(|extension| format!(".{extension}")).collect();
        Err(Error::input(
            path.display().to_string(),
            "this command writes no such kind of file",
            format!("end the name in {}", names.join(", ")),
        ))
    }

    /// Writes a whole file and says so.
    pub(crate) fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        write_atomically(path, bytes)?;
        self.remark(format!("wrote {}", path.display()));
        Ok(())
    }

    /// Writes a value as a JSON file, without holding its text in memory, and says so.
    pub(crate) fn write_json(&self, path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
        let mut file = AtomicFile::new(path)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.finish()?;
        self.remark(format!("wrote {}", path.display()));
        Ok(())
    }
}

/// The extension of a file name in lower case, empty where there is none.
pub(crate) fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Whether the reader of standard output went away, which is no failure of ours.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}
