//! The one error type of the library.
//!
//! Every message says *what* is wrong, *where*, and *how to mend it*; the program prints it as one line.

use thiserror::Error as ThisError;

/// Everything that can go wrong in the library.
///
/// The variants separate the causes that a caller may want to treat differently; the text of each is complete on
/// its own: what, where, how to mend.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A file or an argument does not say what it should.
    #[error("{place}: {problem}; {mend}")]
    Input {
        /// The file, node, line or argument at fault.
        place: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        mend: String,
    },
    /// Two things that must fit together do not.
    #[error("{place}: expected {expected}, got {got}; {mend}")]
    Shape {
        /// Where the two meet.
        place: String,
        /// What would have fitted.
        expected: String,
        /// What was there instead.
        got: String,
        /// What to do about it.
        mend: String,
    },
    /// The request is sound but outgrows a stated limit; refused before the work starts.
    #[error("{what}: {estimate} is more than the limit of {limit}; {mend}")]
    TooLarge {
        /// The thing that would grow too large.
        what: String,
        /// Its estimated size, with unit.
        estimate: String,
        /// The limit, with unit.
        limit: String,
        /// What to do about it.
        mend: String,
    },
    /// The request is sound but no code answers it.
    #[error("{what} is not supported; {mend}")]
    Unsupported {
        /// The missing feature.
        what: String,
        /// What to do instead.
        mend: String,
    },
    /// A result that must hold exactly did not; no answer is given in its place.
    #[error("{place}: {problem}; please report this with the input that led to it")]
    Inconsistent {
        /// The computation that failed its own check.
        place: String,
        /// The identity that does not hold.
        problem: String,
    },
    /// The operating system refused to read or write a file.
    #[error("{path}: {reason}; check that the path exists and may be used")]
    Io {
        /// The file.
        path: String,
        /// The system's reason; part of the message, so no separate cause.
        reason: std::io::Error,
    },
}

/// The library's result type.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An [`Error::Input`] from its three parts.
    pub fn input(place: impl Into<String>, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Error::Input { place: place.into(), problem: problem.into(), mend: mend.into() }
    }

    /// An [`Error::Shape`] from its four parts.
    pub fn shape(
        place: impl Into<String>,
        expected: impl ToString,
        got: impl ToString,
        mend: impl Into<String>,
    ) -> Self {
        Error::Shape {
            place: place.into(),
            expected: expected.to_string(),
            got: got.to_string(),
            mend: mend.into(),
        }
    }

    /// An [`Error::TooLarge`] from its four parts.
    pub fn too_large(
        what: impl Into<String>,
        estimate: impl ToString,
        limit: impl ToString,
        mend: impl Into<String>,
    ) -> Self {
        Error::TooLarge {
            what: what.into(),
            estimate: estimate.to_string(),
            limit: limit.to_string(),
            mend: mend.into(),
        }
    }

    /// An [`Error::Unsupported`] from its two parts.
    pub fn unsupported(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Error::Unsupported { what: what.into(), mend: mend.into() }
    }

    /// An [`Error::Inconsistent`] from its two parts.
    pub fn inconsistent(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Error::Inconsistent { place: place.into(), problem: problem.into() }
    }

    /// An [`Error::Io`] for the file at `path`.
    pub fn io(path: impl AsRef<std::path::Path>, reason: std::io::Error) -> Self {
        Error::Io { path: path.as_ref().display().to_string(), reason }
    }
}
