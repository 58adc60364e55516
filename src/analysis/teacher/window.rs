//! What one layer can make of the events when regions are the images of one window under a group.
//!
//! Every point of a set carries one of `values` values; the event of the root is the whole assignment, and the
//! features are the one-hot assignments of the window and all its images. The linear loss splits by simple piece; a
//! ReLU layer loses nothing as soon as every assignment is a vertex of the concatenated features.

use super::linear::{PieceLoss, assignments, indicator_features, linear_loss_by_piece, rank};
use super::polytope::{construct_identity, relu_loss, vertices};
use crate::action::GSet;
use crate::error::{Error, Result};
use serde::Serialize;

/// Vertices are counted, and the ReLU layer is built, for at most this many events.
pub const MOST_VERTICES: usize = 512;

/// The most entries of the matrix of features.
const MOST_FEATURES: usize = 1 << 24;

/// The losses of one window.
#[derive(Clone, Debug, Serialize)]
pub struct WindowLoss {
    /// The points of the window.
    pub window: Vec<usize>,
    /// The number of its images.
    pub images: usize,
    /// The number of events, `values^points`.
    pub events: usize,
    /// The rank of the features.
    pub rank: usize,
    /// `min |P W - I|^2`, which is `events - rank`.
    pub linear_loss: usize,
    /// How many events are vertices of the features; `None` beyond [`MOST_VERTICES`].
    pub vertices: Option<usize>,
    /// The loss of the constructed ReLU layer; `None` where some event is no vertex, or beyond [`MOST_VERTICES`].
    pub relu_loss: Option<f64>,
    /// The linear loss by simple piece.
    pub pieces: Vec<PieceLoss>,
}

/// The images of a window under the group, sorted: the regions of the hierarchy.
///
/// # Errors
/// [`Error::Input`] for a window that is empty, repeats a point, or leaves the set.
pub fn images(points: &GSet, window: &[usize]) -> Result<Vec<Vec<usize>>> {
    let mut first = window.to_vec();
    first.sort_unstable();
    let repeated = first.windows(2).any(|pair| pair[0] == pair[1]);
    if first.is_empty() || repeated || first.last().is_some_and(|&last| last >= points.size()) {
        return Err(Error::input(
            format!("window {window:?}"),
            format!("it is no set of points below {}", points.size()),
            "list different points, counted from 0",
        ));
    }
    let mut found = std::collections::BTreeSet::from([first.clone()]);
    let mut open = vec![first];
    while let Some(next) = open.pop() {
        for g in points.generators() {
            let mut moved: Vec<usize> = next.iter().map(|&x| g.apply(x)).collect();
            moved.sort_unstable();
            if found.insert(moved.clone()) {
                open.push(moved);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The losses for one window. O(events^3).
///
/// # Errors
/// As [`images`] and [`assignments`]; [`Error::TooLarge`] for too many features.
///
/// ```
/// use isotypic::action::GSet;
/// use isotypic::analysis::teacher::window::window_loss;
/// use isotypic::group::PermutationGroup;
/// use std::sync::Arc;
/// let points = GSet::points(&Arc::new(PermutationGroup::parse("C4")?));
/// let single = window_loss(&points, 2, &[0])?;
/// assert_eq!((single.linear_loss, single.vertices), (11, Some(16)));
/// assert_eq!(window_loss(&points, 2, &[0, 1])?.linear_loss, 7);
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn window_loss(points: &GSet, values: usize, window: &[usize]) -> Result<WindowLoss> {
    if values < 2 {
        return Err(Error::input("events of a teacher", format!("{values} values"), "give at least two"));
    }
    let events = assignments(points, values)?;
    let regions = images(points, window)?;
    let columns = values.saturating_pow(window.len() as u32).saturating_mul(regions.len());
    if columns.saturating_mul(events.size()) > MOST_FEATURES {
        return Err(Error::too_large(
            "features of a teacher",
            format!("{} events times {columns} features", events.size()),
            format!("{MOST_FEATURES} entries"),
            "choose a smaller window, fewer points or fewer values",
        ));
    }
    let features = indicator_features(points.size(), values, &regions);
    let small = events.size() <= MOST_VERTICES;
    let rank = rank(&features);
    Ok(WindowLoss {
        window: window.to_vec(),
        images: regions.len(),
        events: events.size(),
        rank,
        linear_loss: events.size() - rank,
        vertices: small.then(|| vertices(&features).into_iter().filter(|vertex| *vertex).count()),
        relu_loss: if small {
            construct_identity(&features).map(|(weights, bias)| relu_loss(&features, &weights, &bias))
        } else {
            None
        },
        pieces: linear_loss_by_piece(&events, &features)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::PermutationGroup;
    use std::sync::Arc;

    #[test]
    fn windows_are_moved_by_the_group() {
        let points = GSet::points(&Arc::new(PermutationGroup::parse("C6").unwrap()));
        assert_eq!(images(&points, &[3, 0]).unwrap(), [[0, 3], [1, 4], [2, 5]]);
        assert!(images(&points, &[0, 0]).is_err() && images(&points, &[6]).is_err());
        assert!(images(&points, &[]).is_err());
    }

    #[test]
    fn the_parts_add_up_to_the_loss_for_groups_that_are_not_abelian() {
        let points = GSet::points(&Arc::new(PermutationGroup::parse("S4").unwrap()));
        for window in [&[0][..], &[0, 1], &[0, 1, 2]] {
            let loss = window_loss(&points, 2, window).unwrap();
            assert_eq!(loss.pieces.iter().map(|piece| piece.loss).sum::<usize>(), loss.linear_loss);
            // Indicators of all k-subsets of binary leaves span the polynomials of degree k.
            assert_eq!(loss.linear_loss, [11, 5, 1][window.len() - 1]);
            assert!(loss.relu_loss.unwrap() < 1e-18 && loss.vertices == Some(16));
        }
        assert!(window_loss(&points, 1, &[0]).is_err() && window_loss(&points, 8, &[0]).is_err());
    }
}
