//! The outputs that README and docs show are those that the program prints.
//!
//! In every block marked `text`, a line `$ isotypic ...` is a command that is run in a folder beside `data/`, and the lines
//! up to the next command are what it must print on standard output, with `...` for lines left out; `$ echo $?` shows its
//! exit code. Commands of one page see the files that earlier ones wrote.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A command as a page shows it.
struct Shown {
    page: String,
    command: String,
    output: Vec<String>,
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> = std::fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.push(root.join("README.md"));
    pages.sort();
    pages
}

fn shown(page: &Path) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    let (mut inside, mut after_command) = (false, false);
    for line in std::fs::read_to_string(page).unwrap().lines() {
        if line.starts_with("```") {
            (inside, after_command) = (line == "```text", false);
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            let (page, command) = (page.display().to_string(), command.to_owned());
            commands.push(Shown { page, command, output: Vec::new() });
            after_command = true;
        } else if let (true, Some(last)) = (after_command, commands.last_mut()) {
            last.output.push(line.to_owned());
        }
    }
    commands
}

/// Lines without what cannot be seen.
fn visible<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Whether a text is the expected one; a line `...` there stands for any lines.
fn agree(printed: &str, expected: &str) -> bool {
    let parts: Vec<String> = expected
        .split("\n...")
        .map(|part| visible(part.strip_prefix("...").unwrap_or(part).lines()))
        .collect();
    if parts.len() == 1 {
        return printed == expected;
    }
    let mut rest = printed;
    parts.iter().enumerate().all(|(i, part)| match rest.find(part.as_str()) {
        Some(at) if i > 0 || at == 0 => {
            rest = &rest[at + part.len()..];
            true
        }
        _ => false,
    })
}

fn run(arguments: &str, folder: &Path) -> Output {
    let arguments = arguments.split_whitespace().map(|word| word.trim_matches('\''));
    Command::new(env!("CARGO_BIN_EXE_isotypic"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

#[cfg(unix)]
#[test]
fn printed_outputs_are_real() {
    let (mut compared, mut wrong) = (0, String::new());
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        std::os::unix::fs::symlink(data, folder.path().join("data")).unwrap();
        let mut code = None;
        for Shown { page, command, output } in shown(&page) {
            let expected = visible(output.iter().map(String::as_str));
            let Some(arguments) = command.strip_prefix("isotypic ") else {
                assert_eq!(command, "echo $?", "{page}: only the program is run");
                assert_eq!(code.map(|code: i32| code.to_string()), Some(expected), "{page}: exit code");
                continue;
            };
            let result = run(arguments, folder.path());
            code = result.status.code();
            let message = String::from_utf8_lossy(&result.stderr);
            let printed = visible(String::from_utf8(result.stdout).unwrap().lines());
            if code == Some(2) || !agree(&printed, &expected) {
                wrong += &format!("\n{page}: $ {command}\n{printed}\n{message}");
            }
            compared += 1;
        }
    }
    assert!(compared >= 15, "{compared} commands are shown");
    assert!(wrong.is_empty(), "these print something else:{wrong}");
}
