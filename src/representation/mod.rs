//! Permutation representations and their simple pieces over the real numbers.
//!
//! The representation is `Fun(X, R)` with `(g.f)(x) = f(g^-1 x)`. It splits into *isotypic components*, one for each
//! simple representation `L` that occurs; `L` has a dimension, a multiplicity and a type: its endomorphisms are the real
//! numbers, the complex numbers or the quaternions.
//!
//! * [`piece`]: [`SimplePiece`] and [`RealType`].
//! * [`abelian`]: groups that act through an abelian group, by characters; exact integers throughout.
//! * [`commutant`]: all other groups, by the algebra of orbitals; cost O(|X| r + r^3) with `r` the rank, whatever |X|.
//! * [`exact`]: the proof of what the algebra gave, modulo a prime ([`prime_field`], [`central`]).
//! * [`signed_block`]: where the vectors of a piece agree up to sign, and what lives there.
//! * [`copy`]: explicit coordinates of one copy of a piece, for pictures and samples.
//! * [`decomposition`]: [`Decomposition`], which chooses between the two.
//! * [`character`]: characters of the pieces; [`label`]: their names.
//! * [`kernel`]: which group elements act on a piece as 1 or -1.
//! * [`partition`]: partitions and the simple representations of `S_n` that they name.
//!
//! Uses `action`, `group` and `num`.

pub mod abelian;
pub mod central;
pub mod character;
pub mod commutant;
pub mod copy;
pub mod decomposition;
pub mod exact;
pub mod kernel;
pub mod label;
pub mod partition;
pub mod piece;
pub mod prime_field;
pub mod signed_block;

pub use copy::SimpleCopy;
pub use decomposition::{Decomposition, Proof};
pub use piece::{RealType, SimplePiece};
pub use signed_block::SignedBlock;
