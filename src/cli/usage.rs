//! Help that fits the terminal, and arguments that cannot be understood as one line like every other error.

use super::Arguments;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use std::process::ExitCode;

/// Reads the arguments of the program.
///
/// # Errors
/// The help or the version, where asked for, and what is wrong with the arguments.
pub(crate) fn parse() -> Result<Arguments, clap::Error> {
    let matches = reflowed(Arguments::command()).try_get_matches()?;
    Arguments::from_arg_matches(&matches)
}

/// The command with help texts whose paragraphs are not broken into lines, for the terminal to break.
fn reflowed(command: clap::Command) -> clap::Command {
    let text = command.get_after_help().map(|help| unbroken(&help.to_string()));
    let command = match text {
        Some(text) => command.after_help(text),
        None => command,
    };
    command.mut_subcommands(reflowed)
}

/// Joins lines of prose: those that are not indented and follow one that is not, nor ends in a colon.
fn unbroken(text: &str) -> String {
    let mut joined = String::new();
    let mut goes_on = false;
    for line in text.lines() {
        let prose = !line.is_empty() && !line.starts_with(' ');
        if !joined.is_empty() {
            joined.push(if prose && goes_on { ' ' } else { '\n' });
        }
        joined.push_str(line);
        goes_on = prose && !line.ends_with(':');
    }
    joined
}

/// Prints the help that was asked for, or what is wrong with the arguments.
pub(crate) fn answer(usage: &clap::Error) -> ExitCode {
    if !usage.use_stderr() || usage.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // A closed pipe is no reason to fail while showing help.
        let _ = usage.print();
    } else {
        anstream::eprintln!("{}", one_line(&usage.render().to_string()));
    }
    ExitCode::from(if usage.use_stderr() { 2 } else { 0 })
}

/// Paragraphs as parts of one line.
fn one_line(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let lines: Vec<&str> = paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.join(" ").trim_end_matches('.').to_owned()
    });
    let parts: Vec<String> = paragraphs.filter(|paragraph| !paragraph.is_empty()).collect();
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_joined_and_examples_are_not() {
        let text = "A file holds\nthe form.\n\nExamples:\n  isotypic a\n  isotypic b";
        assert_eq!(unbroken(text), "A file holds the form.\n\nExamples:\n  isotypic a\n  isotypic b");
    }

    #[test]
    fn paragraphs_become_one_line() {
        let text = "error: no such value\n  [possible values: a, b]\n\n  tip: try a\n\nFor more, see x.\n";
        assert_eq!(
            one_line(text),
            "error: no such value [possible values: a, b]; tip: try a; For more, see x"
        );
    }
}
