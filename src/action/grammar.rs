//! The text form of actions (`--on`).
//!
//! ```text
//! action = term { "+" term }            disjoint union
//! term   = set [ "*" channels ]         so many copies of the set
//! set    = "points" | "regular" | "subsets:K" | "tuples:K" | "pairs" | "cosets:(1,2,3),(1,2)"
//! ```
//! Channels are copies: `points*2` is two copies of the points. [`parse`] reads a set without channels, as the
//! symmetry side wants it, [`parse_with_channels`] the list of sets and channels of a layer.

use super::GSet;
use crate::error::{Error, Result};
use crate::group::{Permutation, PermutationGroup};
use std::sync::Arc;

const MEND: &str = "write points, regular, subsets:K, tuples:K, pairs, cosets:(1,2,3) or a sum such as points+subsets:2, with channels as in points*2";

/// Reads an action; channels become further copies.
///
/// # Errors
/// [`Error::Input`] where the text is no action of the group; [`Error::TooLarge`] for sets that are too large.
///
/// ```
/// use isotypic::{action::grammar, group::PermutationGroup};
/// use std::sync::Arc;
/// let group = Arc::new(PermutationGroup::parse("S4")?);
/// assert_eq!(grammar::parse(&group, "points+subsets:2")?.size(), 10);
/// assert_eq!(grammar::parse(&group, "cosets:(1,2,3)")?.size(), 8);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn parse(group: &Arc<PermutationGroup>, text: &str) -> Result<GSet> {
    let mut parts = Vec::new();
    for (set, channels) in parse_with_channels(group, text)? {
        parts.extend(std::iter::repeat_n(set, channels));
    }
    GSet::sum(parts)
}

/// Reads an action as the list of its sets with the channels of each.
///
/// # Errors
/// As [`parse`].
pub fn parse_with_channels(group: &Arc<PermutationGroup>, text: &str) -> Result<Vec<(GSet, usize)>> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    compact.split('+').map(|term| parse_term(group, term, text)).collect()
}

fn parse_term(group: &Arc<PermutationGroup>, term: &str, text: &str) -> Result<(GSet, usize)> {
    let bad = |problem: String| Error::input(format!("action '{text}'"), problem, MEND);
    let (set, channels) = match term.rsplit_once('*') {
        Some((set, count)) => match count.parse::<usize>() {
            Ok(channels) if (1..=1 << 16).contains(&channels) => (set, channels),
            _ => return Err(bad(format!("'{count}' is no number of channels"))),
        },
        None => (term, 1),
    };
    let number = |word: &str| word.parse::<usize>().map_err(|_| bad(format!("'{word}' is no number")));
    let gset = match set.split_once(':') {
        None => match set {
            "points" => GSet::points(group),
            "regular" => GSet::regular(group)?,
            "pairs" => GSet::pairs(group)?,
            _ => return Err(bad(format!("'{set}' is no action"))),
        },
        Some(("subsets", k)) => GSet::subsets(group, number(k)?)?,
        Some(("tuples", k)) => GSet::tuples(group, number(k)?)?,
        Some(("cosets", generators)) => {
            let inner = generators.strip_prefix('<').and_then(|g| g.strip_suffix('>')).unwrap_or(generators);
            let subgroup = PermutationGroup::parse_generators(inner, group.degree())?;
            let generators: &[Permutation] = subgroup.generators();
            GSet::cosets(group, generators)?
        }
        Some((word, _)) => return Err(bad(format!("'{word}' is no action"))),
    };
    Ok((gset, channels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_action_is_refused() {
        let group = Arc::new(PermutationGroup::parse("S4").unwrap());
        for text in [
            "",
            "point",
            "subsets",
            "subsets:",
            "subsets:0",
            "subsets:5",
            "points*0",
            "points*x",
            "points++pairs",
            "cosets:(1,5)",
            "cosets:1",
        ] {
            assert!(parse(&group, text).is_err(), "{text}");
        }
        let a4 = Arc::new(PermutationGroup::parse("A4").unwrap());
        assert!(parse(&a4, "cosets:(1,2)").is_err());
    }

    #[test]
    fn sizes_are_right() {
        let group = Arc::new(PermutationGroup::parse("S4").unwrap());
        for (text, size) in [
            ("points", 4),
            ("regular", 24),
            ("subsets:2", 6),
            ("tuples:2", 12),
            ("pairs", 16),
            ("points*3", 12),
        ] {
            assert_eq!(parse(&group, text).unwrap().size(), size, "{text}");
        }
    }
}
