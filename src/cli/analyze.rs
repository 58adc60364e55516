//! `isotypic analyze`.

use super::Outcome;
use super::eval::read_rows;
use super::network::ActionArguments;
use super::output::OutputArguments;
use clap::Args;
use isotypic::io::read_network;
use isotypic::report::page::{PageInput, report_page};
use serde_json::json;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Exit code 0: every check that was made passed; 1: one failed (the page is written all the same).

Examples:
  isotypic analyze data/elnino_c4.onnx --group C4 --data data/elnino_c4.csv -o report.html
  isotypic analyze data/digits_points_s3.onnx --group S3 --on 'points*2' -o points.html")]
pub(crate) struct Analyze {
    /// The network: .onnx or .json.
    network: PathBuf,
    /// The group under which the network is equivariant.
    #[arg(long)]
    group: String,
    #[command(flatten)]
    action: ActionArguments,
    /// Inputs on which energy is measured, one row each: .csv or .npy.
    #[arg(long, value_name = "TABLE")]
    data: Option<PathBuf>,
    /// The page to write: one self-contained .html file.
    #[arg(short, value_name = "FILE", default_value = "report.html")]
    o: PathBuf,
}

impl Analyze {
    pub(crate) fn run(&self, output: &OutputArguments) -> anyhow::Result<Outcome> {
        output.require_extension(&self.o, &["html", "htm"])?;
        let network = read_network(&self.network)?;
        let rows = self.data.as_ref().map(|path| read_rows(path, network.inputs())).transpose()?;
        let file_name = |path: &PathBuf| {
            path.file_name()
                .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
        };
        let (name, data_name) = (file_name(&self.network), self.data.as_ref().map(file_name));
        let input = PageInput {
            name: &name,
            network: &network,
            question: self.action.question(&self.group, 0.0),
            data: data_name.as_deref().zip(rows.as_deref()),
            command: self.command(),
        };
        let spinner = output.spinner();
        let report = report_page(&input, &mut |step| spinner.set_message(step.to_owned()))?;
        spinner.finish_and_clear();
        output.write_file(&self.o, report.page.to_string().as_bytes())?;
        let text = || report.summary.join("\n") + "\n";
        output
            .print(text, || json!({ "report": self.o, "ok": report.all_passed, "checks": report.summary }))?;
        Ok(if report.all_passed { Outcome::Yes } else { Outcome::No })
    }

    /// The command that makes the same page.
    fn command(&self) -> String {
        let mut words = vec![
            "isotypic analyze".to_owned(),
            self.network.display().to_string(),
            format!("--group '{}'", self.group),
            self.action.words(),
        ];
        if let Some(data) = &self.data {
            words.push(format!("--data {}", data.display()));
        }
        words.push(format!("-o {}", self.o.display()));
        words.retain(|word| !word.is_empty());
        words.join(" ")
    }
}
