//! Simple pieces of a permutation representation.

use crate::num::Natural;
use std::fmt;

/// The type of a simple real representation `L`: the algebra `End_G(L)` (Frobenius-Schur type).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RealType {
    /// `End_G(L) = R`.
    Real,
    /// `End_G(L) = C`.
    Complex,
    /// `End_G(L) = H`, the quaternions.
    Quaternionic,
}

impl RealType {
    /// The dimension of `End_G(L)` over the real numbers: 1, 2 or 4.
    pub fn endomorphism_dim(self) -> usize {
        match self {
            RealType::Real => 1,
            RealType::Complex => 2,
            RealType::Quaternionic => 4,
        }
    }

    /// The type with endomorphisms of this dimension.
    ///
    /// ```
    /// use isotypic::representation::RealType;
    /// assert_eq!(RealType::of_endomorphism_dim(4), Some(RealType::Quaternionic));
    /// assert_eq!(RealType::of_endomorphism_dim(3), None);
    /// ```
    pub fn of_endomorphism_dim(dim: usize) -> Option<Self> {
        [RealType::Real, RealType::Complex, RealType::Quaternionic]
            .into_iter()
            .find(|real_type| real_type.endomorphism_dim() == dim)
    }
}

impl fmt::Display for RealType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RealType::Real => "R",
            RealType::Complex => "C",
            RealType::Quaternionic => "H",
        })
    }
}

/// One isotypic component: a simple representation and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimplePiece {
    /// A name: a frequency for abelian groups, a partition for `S_n`, else the dimension with a running letter.
    pub label: String,
    /// The dimension of the simple representation.
    pub dim: usize,
    /// How many copies of it the representation holds.
    pub multiplicity: usize,
    /// Its type.
    pub real_type: RealType,
    /// The order of its kernel, the group elements that act trivially on it.
    pub kernel_order: Natural,
}
