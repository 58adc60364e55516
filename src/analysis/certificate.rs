//! Certificates of interaction graphs.
//!
//! A certificate holds everything that is needed to check a graph again without trusting the program that found it: the
//! permutations that generate the group, a prime `p`, a central element of the commutant algebra by words in the
//! generators, its eigenvalue modulo `p` on every piece, the signed block of every source, and for every pair of pieces
//! how many copies of the target occur in the functions on that block. The checker ([`certificate_check`]) is code of
//! its own: it starts from the permutations and recomputes the rest.
//!
//! What a certificate proves, without floats: that `Fun(X)` is the sum of the listed pieces with their dimensions,
//! multiplicities and types; that each block is the set of points where the source's vectors agree up to sign; and that
//! each edge has the listed number of copies of the target on the block, and each non-edge none. By the theorem in
//! [`interaction_graph`](super::interaction_graph), which the checker does not prove anew, these numbers are the graph: an
//! edge is witnessed by a positive integer, a non-edge by the integer zero. Pieces are told apart up to a simultaneous
//! automorphism of their character values, so two pieces that such an automorphism exchanges (as the two of dimension 3
//! of `A5`) are known as a pair.
//!
//! [`certificate_check`]: super::certificate_check

use super::parity::{ActiveParts, PointwiseFunction};
use super::targets::copies_reached;
use super::{EdgeKind, InteractionGraph};
use crate::action::GSet;
use crate::error::{Error, Result};
use crate::representation::abelian::AbelianDecomposition;
use crate::representation::central::Term;
use crate::representation::decomposition::GeneralDecomposition;
use crate::representation::prime_field::PrimeField;
use crate::representation::signed_block::points_of;
use crate::representation::{Decomposition, Proof, SimplePiece};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The first field of every certificate.
pub const FORMAT: &str = "isotypic graph certificate 1";
/// The largest set for which a certificate is written and checked: the checker keeps a table of all pairs of points.
pub const LARGEST_SET: usize = 6000;
/// Multiplications that the checker may spend on the projectors.
pub const LARGEST_WORK: usize = 1 << 33;

/// A certificate, as it stands in its file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphCertificate {
    /// [`FORMAT`].
    pub format: String,
    /// The group's name, for people.
    pub group: String,
    /// The action's name, for people.
    pub action: String,
    /// The activation's name.
    pub activation: String,
    /// Whether there is a bias before the activation.
    pub bias: bool,
    /// Which parts of the activation act, after the bias if there is one.
    pub parts: Parts,
    /// The number of points.
    pub points: usize,
    /// What each generator does to the points: 0-based images.
    pub generators: Vec<Vec<u32>>,
    /// The prime.
    #[serde(with = "decimal")]
    pub prime: u64,
    /// The central element: a weighted sum of means of conjugates.
    pub central: Vec<CentralTerm>,
    /// Whether it is claimed that no piece splits further.
    pub simple: bool,
    /// The pieces.
    pub pieces: Vec<CertifiedPiece>,
    /// The edges, by source and target.
    pub edges: Vec<CertifiedEdge>,
    /// All other pairs: on the blocks of the source there is no copy of the target.
    pub non_edges: Vec<[usize; 2]>,
}

/// Which parts of the activation act; see [`ActiveParts`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// The linear part.
    pub linear: bool,
    /// The even part.
    pub even: bool,
    /// The odd non-linear part.
    pub odd: bool,
    /// Even and odd parts mixed, as after a bias.
    pub mixed: bool,
}

/// One term of the central element: `weight` times the mean of the conjugates of `g` and `g^-1`, where `g` is the `power`
/// of the product of the generators in `word`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CentralTerm {
    /// Indices of generators; the last one acts first.
    pub word: Vec<u32>,
    /// The power.
    pub power: u64,
    /// The weight.
    pub weight: u64,
}

/// A piece with its eigenvalue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedPiece {
    /// Its name.
    pub label: String,
    /// The dimension of the simple representation.
    pub dim: usize,
    /// Its multiplicity.
    pub multiplicity: usize,
    /// `R`, `C` or `H`.
    #[serde(rename = "type")]
    pub real_type: String,
    /// By what the central element acts, modulo the prime.
    #[serde(with = "decimal")]
    pub eigenvalue: u64,
    /// By orbit, in order of the smallest points: the signed block of that point; none where the piece does not occur.
    pub blocks: Vec<Option<CertifiedBlock>>,
}

/// The points where the vectors of a piece agree with that of the base point, and where they are opposite.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertifiedBlock {
    /// The points of the same vector, sorted; the base point is among them.
    pub plus: Vec<u32>,
    /// The points of the opposite vector, sorted.
    pub minus: Vec<u32>,
}

/// An edge with its witness.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct CertifiedEdge {
    /// The source.
    pub from: usize,
    /// The target.
    pub to: usize,
    /// `linear` or `nonlinear`.
    pub kind: String,
    /// By orbit: how many copies of the target occur in the functions on the block of the source. All zero for a linear
    /// loop.
    pub copies: Vec<usize>,
}

/// Numbers of 64 bits as decimal strings, because many readers of JSON round them.
mod decimal {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl GraphCertificate {
    /// Writes down the proof of a graph.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for sets that are too large for the checker; [`Error::Unsupported`] where the decomposition
    /// rests on rounding.
    pub fn new(
        set: &GSet,
        decomposition: &Decomposition,
        graph: &InteractionGraph,
        activation: PointwiseFunction,
        bias: bool,
    ) -> Result<Self> {
        let n = set.size();
        let work = decomposition.pieces().len().saturating_mul(n).saturating_mul(n);
        if n > LARGEST_SET || work > LARGEST_WORK {
            return Err(Error::too_large(
                format!("the certificate of {} of {}", set.name(), set.group().name()),
                format!("{n} points and {work} steps for its check"),
                format!("{LARGEST_SET} points and {LARGEST_WORK} steps"),
                "choose a smaller set; the graph itself is proved without a certificate",
            ));
        }
        let active = ActiveParts::of(activation, bias);
        let (prime, central, eigenvalues) = match decomposition {
            Decomposition::General(general) => match general.exact() {
                Some(exact) => {
                    let central = exact.central();
                    (central.field.prime(), central.terms.clone(), central.eigenvalues.clone())
                }
                None => {
                    return Err(Error::unsupported(
                        "a certificate of a decomposition that rests on rounding",
                        "choose a smaller group or set",
                    ));
                }
            },
            Decomposition::Abelian(abelian) => separating_element(set, abelian)?,
        };
        let pieces: Vec<CertifiedPiece> = decomposition
            .pieces()
            .iter()
            .zip(eigenvalues)
            .enumerate()
            .map(|(index, (piece, eigenvalue))| CertifiedPiece {
                label: piece.label.clone(),
                dim: piece.dim,
                multiplicity: piece.multiplicity,
                real_type: piece.real_type.to_string(),
                eigenvalue,
                blocks: match decomposition {
                    Decomposition::Abelian(abelian) => abelian_blocks(abelian, index),
                    Decomposition::General(general) => general_blocks(set, general, index),
                },
            })
            .collect();
        let mut edges = Vec::with_capacity(graph.edge_count());
        for (from, to, kind) in graph.edges() {
            let copies = match decomposition {
                Decomposition::Abelian(abelian) => abelian_copies(abelian, from, kind),
                Decomposition::General(general) => general_copies(general, from, to, active)?,
            };
            edges.push(CertifiedEdge { from, to, kind: kind.name().to_owned(), copies });
        }
        let count = pieces.len();
        let non_edges = (0..count)
            .flat_map(|from| (0..count).map(move |to| [from, to]))
            .filter(|&[from, to]| !graph.has_edge(from, to))
            .collect();
        Ok(GraphCertificate {
            format: FORMAT.to_owned(),
            group: set.group().name().to_owned(),
            action: set.name().to_owned(),
            activation: activation.to_string(),
            bias,
            parts: Parts { linear: active.linear, even: active.even, odd: active.odd, mixed: active.mixed },
            points: n,
            generators: set.generators().iter().map(|g| g.images().to_vec()).collect(),
            prime,
            central: central
                .into_iter()
                .map(|Term { word, power, weight }| CentralTerm { word, power, weight })
                .collect(),
            simple: decomposition.proof() == Proof::Complete,
            pieces,
            edges,
            non_edges,
        })
    }

    /// Reads a certificate.
    ///
    /// # Errors
    /// [`Error::Input`] where the text is none; `place` is named in the message.
    pub fn parse(bytes: &[u8], place: &str) -> Result<Self> {
        let mend = "give a file that graph --certificate wrote";
        let certificate: GraphCertificate = serde_json::from_slice(bytes)
            .map_err(|problem| Error::input(place, format!("no graph certificate ({problem})"), mend))?;
        if certificate.format != FORMAT {
            return Err(Error::input(place, format!("the format is '{}'", certificate.format), mend));
        }
        Ok(certificate)
    }
}

fn general_blocks(set: &GSet, general: &GeneralDecomposition, piece: usize) -> Vec<Option<CertifiedBlock>> {
    let bases = general.suborbits().bases();
    let points = |base: usize, part: &[usize]| {
        let own = bases[base].suborbits.of(bases[base].point);
        let mut points: Vec<u32> = points_of(set, &bases[base], part).into_iter().map(|x| x as u32).collect();
        if !part.contains(&own) {
            points.remove(0);
        }
        points.sort_unstable();
        points
    };
    (0..bases.len())
        .map(|base| {
            let block = general.signed_block(piece, base)?;
            Some(CertifiedBlock { plus: points(base, &block.plus), minus: points(base, &block.minus) })
        })
        .collect()
}

/// On an orbit the character is 1 on the points of the plus part and -1 on those of the minus part.
fn abelian_blocks(abelian: &AbelianDecomposition, piece: usize) -> Vec<Option<CertifiedBlock>> {
    let exponent = abelian.exponent();
    (0..abelian.orbits().len())
        .map(|orbit| {
            if !abelian.occurs(piece, orbit) {
                return None;
            }
            let mut block = CertifiedBlock { plus: Vec::new(), minus: Vec::new() };
            for (place, &point) in abelian.orbits()[orbit].points.iter().enumerate() {
                let turns = abelian.turns(piece, orbit, place);
                if turns == 0 {
                    block.plus.push(point);
                } else if 2 * turns == exponent {
                    block.minus.push(point);
                }
            }
            block.plus.sort_unstable();
            block.minus.sort_unstable();
            Some(block)
        })
        .collect()
}

fn general_copies(
    general: &GeneralDecomposition,
    from: usize,
    to: usize,
    parts: ActiveParts,
) -> Result<Vec<usize>> {
    (0..general.suborbits().bases().len())
        .map(|base| match general.signed_block(from, base) {
            Some(block) => copies_reached(general, block, to, base, parts),
            None => Ok(0),
        })
        .collect()
}

/// On every orbit where the source occurs a power of its character occurs once.
fn abelian_copies(abelian: &AbelianDecomposition, from: usize, kind: EdgeKind) -> Vec<usize> {
    (0..abelian.orbits().len())
        .map(|orbit| usize::from(kind == EdgeKind::Nonlinear && abelian.occurs(from, orbit)))
        .collect()
}

/// Words in the generators on whose weighted sum all characters differ, modulo a prime.
fn separating_element(set: &GSet, abelian: &AbelianDecomposition) -> Result<(u64, Vec<Term>, Vec<u64>)> {
    let pieces: &[SimplePiece] = abelian.pieces();
    let exponent = abelian.exponent();
    let field = PrimeField::with_roots_of_unity(exponent).ok_or_else(|| {
        Error::too_large("the exponent of the group", exponent, "2^40", "choose a smaller group")
    })?;
    let root = field.root_of_unity(exponent);
    let half = field.invert(2);
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut terms = Vec::new();
    let mut eigenvalues = vec![0; pieces.len()];
    for attempt in 0.. {
        let mut sorted = eigenvalues.clone();
        sorted.sort_unstable();
        if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
            break;
        }
        let letters = set.generators().len();
        let word: Vec<u32> = if attempt < letters {
            vec![attempt as u32]
        } else {
            (0..random.random_range(2..16)).map(|_| random.random_range(0..letters) as u32).collect()
        };
        let weight = random.random_range(1..1 << 20);
        for (piece, eigenvalue) in eigenvalues.iter_mut().enumerate() {
            let turns = word.iter().fold(0u128, |sum, &letter| {
                (sum + abelian.character(piece)[letter as usize] as u128) % exponent as u128
            }) as u64;
            let sum = field.add(field.power(root, turns), field.power(root, exponent - turns));
            let cosine = field.multiply(half, sum);
            *eigenvalue = field.add(*eigenvalue, field.multiply(weight, cosine));
        }
        terms.push(Term { word, power: 1, weight });
    }
    Ok((field.prime(), terms, eigenvalues))
}
