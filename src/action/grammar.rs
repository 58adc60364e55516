//! The text form of actions (`--on`).
//!
//! ```text
//! action  = term { "+" term }            disjoint union
//! term    = product [ "*" channels ]     so many copies of the set
//! product = set { "x" set }              pairs of points, the group acting on both at once
//! set     = "points" | "regular" | "subsets:K" | "tuples:K" | "pairs"
//!         | "cosets:(1,2,3),(1,2)"       left cosets of the subgroup with these generators
//!         | "orbit:{1,3,5}"              what the group makes of one set of points
//!         | "orbit:(1,3,5)"              what the group makes of one tuple of points
//!         | "images:(1,2,3),(1,2)"       what each generator of the group does, in its order
//! ```
//! Channels are copies: `points*2` is two copies of the points. [`parse`] reads a set without channels, as the
//! symmetry side wants it, [`parse_with_channels`] the list of sets and channels of a layer.

use super::GSet;
use crate::error::{Error, Result};
use crate::group::PermutationGroup;
use std::sync::Arc;

const MEND: &str = "write points, regular, subsets:K, tuples:K, pairs, cosets:(1,2,3), orbit:{1,2}, orbit:(1,2), images:(1,2),(1,2,3), a product such as pointsxpoints or a sum such as points+subsets:2, with channels as in points*2";

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
    let mut factors = set.split('x').map(|factor| parse_set(group, factor, text));
    let first = factors.next().unwrap_or_else(|| Err(bad("the text is empty".into())))?;
    let product = factors.try_fold(first, |left, right| GSet::product(left, right?))?;
    Ok((product, channels))
}

fn parse_set(group: &Arc<PermutationGroup>, set: &str, text: &str) -> Result<GSet> {
    let bad = |problem: String| Error::input(format!("action '{text}'"), problem, MEND);
    let number = |word: &str| word.parse::<usize>().map_err(|_| bad(format!("'{word}' is no number")));
    Ok(match set.split_once(':') {
        None => match set {
            "points" => GSet::points(group),
            "regular" => GSet::regular(group)?,
            "pairs" => GSet::pairs(group)?,
            _ => return Err(bad(format!("'{set}' is no action"))),
        },
        Some(("subsets", k)) => GSet::subsets(group, number(k)?)?,
        Some(("tuples", k)) => GSet::tuples(group, number(k)?)?,
        Some(("cosets", generators)) => {
            GSet::cosets(group, permutations(generators, group.degree())?.generators())?
        }
        Some(("orbit", list)) => {
            let inner = |open, close| list.strip_prefix(open).and_then(|l| l.strip_suffix(close));
            let points = |inner: &str| -> Result<Vec<usize>> {
                inner
                    .split(',')
                    .map(|word| match number(word)? {
                        0 => Err(bad("points are counted from 1".into())),
                        point => Ok(point - 1),
                    })
                    .collect()
            };
            match (inner('{', '}'), inner('(', ')')) {
                (Some(set), _) => GSet::orbit_of_set(group, &points(set)?)?,
                (_, Some(tuple)) => GSet::orbit_of_tuple(group, &points(tuple)?)?,
                _ => return Err(bad(format!("'{list}' is neither a set {{1,2}} nor a tuple (1,2)"))),
            }
        }
        Some(("images", images)) => {
            let images = permutations(images, 1)?;
            GSet::from_images(group, set, images.degree(), images.generators().to_vec())?
        }
        Some((word, _)) => return Err(bad(format!("'{word}' is no action"))),
    })
}

/// Permutations in cycle notation, with or without angle brackets around the list.
fn permutations(text: &str, least_degree: usize) -> Result<PermutationGroup> {
    let inner = text.strip_prefix('<').and_then(|g| g.strip_suffix('>')).unwrap_or(text);
    PermutationGroup::parse_generators(inner, least_degree)
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
            "orbit:1,2",
            "orbit:{0,1}",
            "orbit:{1,1}",
            "orbit:(1,5)",
            "orbit:{}",
            "images:(1,2,3,4)",
            "images:(1,2,3,4),(1,2,3)",
            "pointsx",
            "xpoints",
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
            ("orbit:{1,2}", 6),
            ("orbit:(1,2,3)", 24),
            ("pointsxpoints", 16),
            ("pointsxsubsets:2xpoints*2", 192),
            ("images:(1,2),(1,2)", 2),
        ] {
            let set = parse(&group, text).unwrap();
            assert_eq!(set.size(), size, "{text}");
            let again = parse(&group, set.name()).unwrap();
            assert_eq!(again.generators(), set.generators(), "{text} by its own name");
        }
    }
}
