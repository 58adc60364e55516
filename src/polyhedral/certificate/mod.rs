//! Proofs that an enumeration of regions is complete and correct.
//!
//! A certificate lists, for each region, a point strictly inside it; and for each inequality of the region (rows of the
//! domain, then one per neuron, `>= 0` on the region) one of
//! * a point in the relative interior of the facet on it, and the region beyond, unless it is a row of the domain;
//! * multipliers that write it as a non-negative combination of inequalities that do have facets, plus a constant
//!   that is not negative (Farkas), so that it is no facet;
//! * the remark that it is constant on the region.
//!
//! If all of this holds, the regions are regions, they are different, and every facet that is not on the border of the
//! domain leads to a region of the list. The interior of the domain without all faces of codimension two is connected,
//! so no region is missing.
//!
//! [`Certificate::new`] makes certificates, [`check`] checks them. The checker uses exact numbers and the layers as
//! they were given, and nothing else of this module.

mod build;
mod check;

pub use check::{Flaw, check};

use super::ActivationPattern;
use crate::num::Rational;

/// A proof of completeness for one map on one domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// One proof per region.
    pub regions: Vec<RegionProof>,
}

/// What is proven of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionProof {
    /// The pattern of the region.
    pub pattern: ActivationPattern,
    /// A point strictly inside.
    pub interior_point: Vec<Rational>,
    /// One proof per inequality: those of the domain in the order of its half-spaces, then those of the neurons.
    pub rows: Vec<RowProof>,
}

/// What an inequality is to a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowProof {
    /// It has a facet.
    Facet {
        /// A point in the relative interior of the facet.
        point: Vec<Rational>,
        /// The region on the other side, by its place in the list; `None` for a row of the domain.
        beyond: Option<usize>,
    },
    /// It follows from others: `row = sum of factor * row[index] + constant`.
    Implied {
        /// Places of inequalities with facets, and their factors, all positive.
        terms: Vec<(usize, Rational)>,
        /// What is added, at least 0.
        constant: Rational,
    },
    /// It is a constant on the region: the neuron does not depend on the input there.
    Constant,
}
