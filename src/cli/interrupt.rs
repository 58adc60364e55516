//! Stopping in good order: the first signal asks the work to end and keep what it has, the second ends the program.

use isotypic::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on an interrupt (Ctrl-C) or termination signal is noted instead of ending the program at once.
pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .map_err(|error| {
        Error::input("interrupt handler", error.to_string(), "run the program where signals may be handled")
    })
}

/// Whether a signal has come.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
