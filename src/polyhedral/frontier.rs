//! What remains of a search: the subtrees that were not visited, for resuming and for sharing out.

use super::Kernel;
use super::engine::{NeuronGroup, Path, Problem, fingerprint};
use crate::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// Disjoint subtrees of the search for the regions of one map on one domain.
///
/// Printed as text of one line per subtree after a line with the fingerprint of map and domain, so that a checkpoint
/// can be kept in a file, and shares of it can be given to other machines; [`parse`](str::parse) reads it back. The
/// regions below the parts of a frontier together are those below the frontier, each once.
///
/// ```
/// use isotypic::num::Rational;
/// use isotypic::polyhedral::{Domain, Frontier, Kernel, Options, PiecewiseLinearMap, count_regions, enumerate};
/// let row = |entries: [i32; 3]| entries.map(Rational::from).to_vec();
/// let hidden = vec![row([1, 0, 0]), row([0, 1, 0]), row([1, 1, -1])];
/// let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO])?;
/// let frontier = enumerate::split_into(&map, &Domain::WholeSpace, Kernel::Auto, 4)?;
/// let mut regions = 0;
/// for part in 0..2 {
///     let share: Frontier = frontier.share(part, 2).to_string().parse()?;
///     let options = Options { resume: Some(share), ..Options::default() };
///     regions += count_regions(&map, &Domain::WholeSpace, &options)?.regions;
/// }
/// assert_eq!(regions, 7);
/// # Ok::<(), isotypic::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    pub(super) paths: Vec<Path>,
    /// The number of root cells of the whole search, at least 1.
    roots: u32,
    fingerprint: u64,
}

impl Frontier {
    pub(super) fn new(
        problem: &Problem,
        kernel: Kernel,
        group: Option<&NeuronGroup>,
        roots: usize,
        paths: Vec<Path>,
    ) -> Self {
        let fingerprint = fingerprint(problem, kernel, group);
        Frontier { paths, roots: roots.max(1) as u32, fingerprint }
    }

    /// The number of subtrees.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// The part of the whole search that is left, were every split an even one: for showing progress.
    pub fn weight(&self) -> f64 {
        let each = self.paths.iter().map(|path| 0.5f64.powi(path.choices.len().min(1000) as i32));
        each.sum::<f64>() / f64::from(self.roots)
    }

    /// Share number `part` of `parts`: every `parts`-th subtree.
    ///
    /// # Panics
    /// Panics unless `part < parts`.
    pub fn share(&self, part: usize, parts: usize) -> Frontier {
        assert!(part < parts, "share {part} of {parts}");
        let paths = self.paths.iter().skip(part).step_by(parts).cloned().collect();
        Frontier { paths, ..*self }
    }

    /// All subtrees of several frontiers: what shares left over together.
    ///
    /// # Errors
    /// [`Error::Input`] where they do not belong to one map, domain and kernel, or there is none.
    pub fn join(parts: impl IntoIterator<Item = Frontier>) -> Result<Frontier> {
        let mut parts = parts.into_iter();
        let refuse = |problem| {
            Error::input("checkpoints of an enumeration", problem, "join the checkpoints of one enumeration")
        };
        let mut all = parts.next().ok_or_else(|| refuse("there is none"))?;
        for part in parts {
            if part.fingerprint != all.fingerprint {
                return Err(refuse("they belong to different networks, domains, kernels or groups"));
            }
            all.paths.extend(part.paths);
        }
        all.paths.sort();
        Ok(all)
    }

    /// # Errors
    /// [`Error::Input`] where the frontier belongs to another map, domain, kernel or group.
    pub(super) fn check(
        &self,
        problem: &Problem,
        kernel: Kernel,
        group: Option<&NeuronGroup>,
        roots: usize,
    ) -> Result<()> {
        if self.fingerprint == fingerprint(problem, kernel, group)
            && self.roots as usize == roots.max(1)
            && self.paths.iter().all(|path| path.root < self.roots)
        {
            return Ok(());
        }
        Err(Error::input(
            "checkpoint of an enumeration",
            "it belongs to another network, domain, kernel or group",
            "resume with the network, domain, kernel and group with which the checkpoint was made",
        ))
    }
}

impl fmt::Display for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "regions frontier 2 {:016x} {}", self.fingerprint, self.roots)?;
        for path in &self.paths {
            write!(f, "{} ", path.root)?;
            path.choices.iter().try_for_each(|&side| f.write_str(if side { "+" } else { "-" }))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

impl FromStr for Frontier {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = |line: usize| {
            Error::input(
                format!("checkpoint of an enumeration, line {}", line + 1),
                "it is not as the program writes it",
                "use a checkpoint that this version wrote, unchanged",
            )
        };
        let mut lines = text.lines().enumerate();
        let (fingerprint, roots) = lines
            .next()
            .and_then(|(_, line)| line.strip_prefix("regions frontier 2 ")?.split_once(' '))
            .and_then(|(mark, roots)| Some((u64::from_str_radix(mark, 16).ok()?, roots.parse::<u32>().ok()?)))
            .filter(|&(_, roots)| roots > 0)
            .ok_or_else(|| bad(0))?;
        let paths = lines
            .map(|(number, line)| {
                let (root, sides) = line.split_once(' ').ok_or_else(|| bad(number))?;
                let root = root.parse().map_err(|_| bad(number))?;
                let choices = sides
                    .bytes()
                    .map(|side| match side {
                        b'+' => Ok(true),
                        b'-' => Ok(false),
                        _ => Err(bad(number)),
                    })
                    .collect::<Result<_>>()?;
                Ok(Path { root, choices })
            })
            .collect::<Result<_>>()?;
        Ok(Frontier { paths, roots, fingerprint })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_and_nonsense_is_refused() {
        let paths = vec![Path { root: 3, choices: vec![true, false] }, Path::default()];
        let frontier = Frontier { paths, roots: 4, fingerprint: 0xabc };
        assert_eq!(frontier.to_string().parse::<Frontier>().unwrap(), frontier);
        let joined = Frontier::join([frontier.share(1, 2), frontier.share(0, 2)]).unwrap();
        assert_eq!(joined.len(), 2);
        let other = Frontier { paths: Vec::new(), roots: 1, fingerprint: 1 };
        assert!(Frontier::join([frontier, other]).is_err());
        for text in [
            "",
            "regions frontier 2 xyz 1",
            "regions frontier 2 0a 1\n0",
            "regions frontier 2 0a 1\n0 +x",
            "regions frontier 2 0a 0",
        ] {
            assert!(text.parse::<Frontier>().is_err(), "{text}");
        }
    }
}
