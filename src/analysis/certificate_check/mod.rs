//! The checker of graph certificates: own code, from the permutations up.
//!
//! It shares with the search only the format of the file. All pairs of points are joined into orbitals by union-find; the
//! central element and its spectral projectors are computed modulo the prime by plain sums over points; dimensions,
//! multiplicities, types and the copies on blocks are traces of idempotents, integers that are smaller than the prime and
//! therefore exact. O(pieces |X|^2 + rank |X|) multiplications and 4 |X|^2 bytes.

mod blocks;
mod edges;
mod field;
mod pairs;
mod pieces;

use super::certificate::{GraphCertificate, LARGEST_SET, LARGEST_WORK};
use crate::error::{Error, Result};
use crate::shallow::Check;
use field::Field;
use pairs::Pairs;

/// Checks a certificate; the graph is proved iff every check is `ok`. Checks that cannot be made after an earlier one
/// failed are left out.
///
/// # Errors
/// [`Error::TooLarge`] where the check would need too much memory or time.
///
/// ```
/// use isotypic::analysis::{GraphCertificate, InteractionGraph, PointwiseFunction, certificate_check::check};
/// use isotypic::{action::GSet, group::PermutationGroup, representation::Decomposition};
/// use std::sync::Arc;
/// let set = GSet::subsets(&Arc::new(PermutationGroup::parse("S4")?), 2)?;
/// let decomposition = Decomposition::new(&set)?;
/// let relu = PointwiseFunction::Relu;
/// let graph = InteractionGraph::of_decomposition(&decomposition, relu, false)?;
/// let mut certificate = GraphCertificate::new(&set, &decomposition, &graph, relu, false)?;
/// assert!(check(&certificate)?.iter().all(|check| check.ok));
/// certificate.edges.pop();
/// assert!(!check(&certificate)?.iter().all(|check| check.ok));
/// # Ok::<(), isotypic::Error>(())
/// ```
pub fn check(certificate: &GraphCertificate) -> Result<Vec<Check>> {
    let n = certificate.points;
    let work = certificate.pieces.len().saturating_mul(n).saturating_mul(n);
    if n > LARGEST_SET || work > LARGEST_WORK {
        return Err(Error::too_large(
            "the check of the certificate",
            format!("{n} points and {work} steps"),
            format!("{LARGEST_SET} points and {LARGEST_WORK} steps"),
            "certify a smaller set",
        ));
    }
    let mut checks = Vec::new();
    let failed = run(certificate, &mut checks).err();
    if let Some((name, detail)) = failed {
        checks.push(Check { name: name.into(), ok: false, detail });
    }
    Ok(checks)
}

/// What a step finds, or the name of the failed check and what is wrong.
type Step<T> = std::result::Result<T, (&'static str, String)>;

fn run(certificate: &GraphCertificate, checks: &mut Vec<Check>) -> Step<()> {
    let mut passed =
        |name: &'static str, detail: String| checks.push(Check { name: name.into(), ok: true, detail });
    passed(ACTIVATION, check_activation(certificate)?);
    let pairs = Pairs::new(certificate)?;
    passed(
        "the generators are permutations",
        format!("number of orbits {}, rank {}", pairs.bases.len(), pairs.representatives.len()),
    );
    let field = Field::new(certificate)?;
    passed("the prime is a prime and large enough", field.prime.to_string());
    let projectors = pieces::projectors(certificate, &pairs, field)?;
    passed(
        "the central element splits Fun(X) as stated",
        format!("{} orthogonal projectors that add up to the identity", projectors.len()),
    );
    pieces::check_traces(certificate, &pairs, field, &projectors)?;
    passed("dimensions, multiplicities and types", "three traces of each projector".into());
    if certificate.simple {
        let detail = pieces::check_simple(certificate, &pairs, field)?;
        passed("no piece splits further", detail);
    } else {
        passed("no piece splits further", "not claimed".into());
    }
    let blocks = blocks::check_blocks(certificate, &pairs, field, &projectors)?;
    passed("the blocks of the sources", format!("{blocks} blocks"));
    edges::check_edges(certificate, &pairs, field, &projectors)?;
    passed(
        "edges and non-edges",
        format!("{} edges, {} non-edges", certificate.edges.len(), certificate.non_edges.len()),
    );
    Ok(())
}

const ACTIVATION: &str = "the parts of the activation";

/// That the parts which act are those of the named activation, after a bias if there is one.
fn check_activation(certificate: &GraphCertificate) -> Step<String> {
    let name = certificate.activation.as_str();
    let slope = name.strip_prefix("leaky:").and_then(|slope| slope.parse::<f64>().ok());
    let (linear, even, odd) = match (name, slope) {
        ("relu" | "min0" | "softplus" | "silu" | "gelu" | "root", _) => (true, true, false),
        ("abs", _) => (false, true, false),
        ("tanh", _) => (false, false, true),
        (_, Some(slope)) if slope.is_finite() => (slope != -1.0, slope != 1.0, false),
        _ => return Err((ACTIVATION, format!("'{name}' is no activation"))),
    };
    let mixed = certificate.bias && (even || odd);
    let parts = certificate.parts;
    if (parts.linear, parts.even, parts.odd, parts.mixed) != (linear, even && !mixed, odd && !mixed, mixed) {
        return Err((ACTIVATION, format!("those listed are not the parts of {name}")));
    }
    Ok(format!("{name}{}", if certificate.bias { " after a generic invariant bias" } else { ", no bias" }))
}
