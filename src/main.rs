//! The `isotypic` program: reads arguments, runs one command, turns the outcome into an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match cli::usage::parse() {
        Ok(arguments) => arguments,
        Err(usage) => return cli::usage::answer(&usage),
    };
    match arguments.run() {
        Ok(outcome) => outcome.into(),
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
