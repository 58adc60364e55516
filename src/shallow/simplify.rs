//! Smaller forms of the same function.

use super::boundary::Boundary;
use super::farkas::combination;
use super::form::{Condition, HalfSpace, Selector, ShallowNetwork};
use super::{Chamber, LayerSymmetry, Viewpoint, negated};
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, Sign};
use crate::polyhedral::{Domain, PiecewiseLinearMap, Region, plain};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

impl ShallowNetwork {
    /// Merges selectors with equal affine pieces as long as the union of two of them is convex.
    ///
    /// Two regions `P` and `Q` on the two sides of a hyperplane have a convex union iff every other half-space of `P` holds
    /// on `Q` and every other one of `Q` on `P`; the union then has these half-spaces. That a half-space holds on a region is
    /// decided by [`combination`]. Pairs are tried in the order of the selectors until none is left, so the result is
    /// deterministic, but it may depend on the order and need not have the network's symmetry.
    ///
    /// A merged selector bears the pattern of its first region. Its facets are no longer those of single regions, so the
    /// facet points are those of the parts.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a form with selectors for faces.
    pub fn merged(&self) -> Result<Self> {
        self.refuse_faces("merging of selectors")?;
        let mut by_piece: Vec<Vec<Selector>> = vec![Vec::new(); self.pieces.len()];
        for selector in &self.selectors {
            by_piece[selector.piece].push(selector.clone());
        }
        let mut selectors: Vec<Selector> =
            by_piece.into_iter().flat_map(|class| self.merge_class(class)).collect();
        selectors.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        Ok(self.with_selectors(selectors, self.domain.clone(), self.viewpoint.clone()))
    }

    fn merge_class(&self, mut class: Vec<Selector>) -> Vec<Selector> {
        let mut first = 0;
        while first < class.len() {
            let found = (first + 1..class.len())
                .find_map(|other| self.union(&class[first], &class[other]).map(|union| (other, union)));
            match found {
                // A larger region may merge with earlier ones that its parts did not merge with.
                Some((other, union)) => {
                    class.remove(other);
                    class[first] = union;
                    first = 0;
                }
                None => first += 1,
            }
        }
        class
    }

    /// The union of two selectors where it is convex.
    fn union(&self, p: &Selector, q: &Selector) -> Option<Selector> {
        let opposite = |c: usize| self.half_spaces[self.conditions[c].half_space].opposite;
        let (wall, other_wall) = p.conditions.iter().find_map(|&c| {
            let across =
                q.conditions.iter().find(|&&e| opposite(c) == Some(self.conditions[e].half_space))?;
            Some((c, *across))
        })?;
        let inward = |c: usize| negated(&self.half_spaces[self.conditions[c].half_space].row);
        let rows = |s: &Selector| -> Vec<Vec<Integer>> { s.conditions.iter().map(|&c| inward(c)).collect() };
        let all_hold = |from: &Selector, but: usize, on: &Selector| {
            let rows = rows(on);
            from.conditions.iter().filter(|&&c| c != but).all(|&c| combination(&inward(c), &rows).is_some())
        };
        if !all_hold(p, wall, q) || !all_hold(q, other_wall, p) {
            return None;
        }
        let mut facets: Vec<(usize, Vec<Rational>)> = [(p, wall), (q, other_wall)]
            .into_iter()
            .flat_map(|(s, but)| {
                s.conditions
                    .iter()
                    .copied()
                    .zip(s.facet_points.iter().cloned())
                    .filter(move |(c, _)| *c != but)
            })
            .collect();
        facets.sort_by_key(|&(c, _)| c);
        facets.dedup_by_key(|&mut (c, _)| c);
        let (conditions, facet_points) = facets.into_iter().unzip();
        Some(Selector { conditions, facet_points, ..p.clone() })
    }

    /// The form on a smaller domain, with those selectors only whose regions meet its interior. Regions are not cut.
    ///
    /// # Errors
    /// [`Error::Input`] where the two domains have no interior point in common; [`Error::Unsupported`] for a form with
    /// selectors for faces; else as [`Domain::half_spaces`].
    pub fn restricted(&self, domain: &Domain) -> Result<Self> {
        self.refuse_faces("restriction to a smaller domain")?;
        let mut border: Vec<Vec<Integer>> = self.domain.half_spaces(self.inputs)?;
        border.extend(domain.half_spaces(self.inputs)?);
        let domain = match self.domain {
            Domain::WholeSpace => domain.clone(),
            _ => Domain::Polytope(border.iter().map(|row| rational(row)).collect()),
        };
        let interior = self.cell(&border)?.interior_point;
        let kept: Vec<Selector> = self
            .selectors
            .iter()
            .filter(|selector| {
                let own = selector.conditions.iter();
                let mut rows: Vec<Vec<Integer>> =
                    own.map(|&c| negated(&self.half_spaces[self.conditions[c].half_space].row)).collect();
                rows.extend(border.iter().cloned());
                self.cell(&rows).is_ok()
            })
            .cloned()
            .collect();
        let rows: Vec<Vec<Integer>> = self.half_spaces.iter().map(|h| h.row.clone()).collect();
        let chamber = Chamber::new(self.inputs, &LayerSymmetry::default());
        let viewpoint = Viewpoint::generic(&domain, &interior, &rows, &chamber)?;
        Ok(self.with_selectors(kept, domain, viewpoint))
    }

    /// The polyhedron of inward rows as a region of a map without neurons.
    fn cell(&self, rows: &[Vec<Integer>]) -> Result<Region> {
        let map = PiecewiseLinearMap::new(self.inputs, &[vec![]], vec![])?;
        let cell = Domain::Polytope(rows.iter().map(|row| rational(row)).collect());
        Ok(plain::enumerate(&map, &cell)?[0].clone())
    }

    /// The form with other selectors, whose condition indices are those of this form; tables keep what is used.
    fn with_selectors(&self, selectors: Vec<Selector>, domain: Domain, viewpoint: Viewpoint) -> Self {
        let used: BTreeSet<usize> = selectors
            .iter()
            .flat_map(|selector| &selector.conditions)
            .map(|&c| self.conditions[c].half_space)
            .collect();
        let closed = |h: &HalfSpace| h.border || viewpoint.side(&h.row) == Sign::Negative;
        let needed: Vec<&HalfSpace> = used.iter().map(|&k| &self.half_spaces[k]).collect();
        // An open half-space is computed from the unit of its opposite.
        let opposites = needed.iter().filter(|h| !closed(h)).map(|h| (negated(&h.row), h.border));
        let own = needed.iter().map(|h| (h.row.clone(), h.border));
        let table: BTreeMap<Vec<Integer>, bool> = own.chain(opposites).collect();
        let rows: Vec<&Vec<Integer>> = table.keys().collect();
        let place = |row: &Vec<Integer>| rows.binary_search(&row).ok();
        let half_spaces = table
            .iter()
            .map(|(row, &border)| HalfSpace { row: row.clone(), opposite: place(&negated(row)), border })
            .collect();
        let conditions = needed
            .iter()
            .map(|h| Condition {
                half_space: place(&h.row).expect("needed ones are listed"),
                closed: closed(h),
            })
            .collect();
        let used: Vec<usize> = used.into_iter().collect();
        let mut piece_places: FxHashMap<usize, usize> = FxHashMap::default();
        let mut pieces = Vec::new();
        let selectors = selectors
            .into_iter()
            .map(|mut selector| {
                for c in &mut selector.conditions {
                    let half_space = self.conditions[*c].half_space;
                    *c = used.binary_search(&half_space).expect("used ones are listed");
                }
                selector.piece = *piece_places.entry(selector.piece).or_insert_with(|| {
                    pieces.push(self.pieces[selector.piece].clone());
                    pieces.len() - 1
                });
                selector
            })
            .collect();
        ShallowNetwork {
            inputs: self.inputs,
            outputs: self.outputs,
            domain,
            boundary: Boundary::HalfOpen,
            viewpoint,
            half_spaces,
            conditions,
            selectors,
            pieces,
            stored: None,
        }
    }

    fn refuse_faces(&self, what: &str) -> Result<()> {
        match self.boundary {
            Boundary::HalfOpen => Ok(()),
            Boundary::Faces => Err(Error::unsupported(
                format!("{what} in a form with selectors for faces"),
                "use the half-open form",
            )),
        }
    }
}

fn rational(row: &[Integer]) -> Vec<Rational> {
    row.iter().cloned().map(Rational::from).collect()
}
