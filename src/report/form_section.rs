//! The section of the report page on the three-layer form.

use super::explain::{ExplainReport, explanation_picture};
use super::shallow::ShallowReport;
use crate::analysis::explanation::Explainer;
use crate::analysis::{FormQuestion, NetworkSymmetry, RegionDomain};
use crate::draw::page::{Block, Section, Status, Table, Verdict};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::num::{Rational, exact};
use crate::polyhedral;
use crate::shallow::explain::{Decision, OrbitList};
use crate::shallow::{Options, OrbitForm, checker};

/// Forms are built up to this number of inputs.
const LARGEST_DIMENSION: usize = 5;
/// A search that finds more regions than this in the group's chamber is given up.
const MOST_REGIONS: u64 = 20_000;

/// The section with what it adds to the rest of the page.
pub(super) struct FormSection {
    pub(super) section: Section,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) facts: Vec<(String, String)>,
}

/// Builds, checks and explains the form of a network on its whole input space; or says why not.
///
/// # Errors
/// As the construction, beyond limits of size.
pub(super) fn form_section(
    network: &Network,
    symmetry: Option<&NetworkSymmetry>,
    data: Option<(&str, &[Vec<f64>])>,
) -> Result<std::result::Result<FormSection, String>> {
    if network.inputs() > LARGEST_DIMENSION {
        return Ok(Err(format!(
            "{} inputs; the page builds it up to {LARGEST_DIMENSION} (see isotypic shallow --domain)",
            network.inputs()
        )));
    }
    let enumeration =
        polyhedral::Options { max_regions: Some(MOST_REGIONS), ..polyhedral::Options::default() };
    let options = Options { enumeration, ..Options::default() };
    let question = FormQuestion { domain: &RegionDomain::All, symmetry, data: None, options };
    let form = match question.build(network) {
        Ok(form) => form,
        Err(error @ Error::TooLarge { .. }) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error),
    };
    let certificate = checker::check(&form, network);
    let report = ShallowReport::new(&form, &certificate)?;
    let verdicts = report
        .checks()
        .iter()
        .map(|check| {
            let status = if check.ok { Status::Passed } else { Status::Failed };
            Verdict::new(&format!("three-layer form, {}", check.name), status, &check.detail)
        })
        .collect();
    let widths = form.sizes()?.layer_widths.map(|width| width.to_string()).join(", ");
    let mut blocks = vec![
        Block::Text(
            "The same function, exactly, as a network with three hidden layers: half-spaces, their violations, and one \
             selector for each region that lets its affine piece through. Every point, boundaries included, is answered \
             by exactly one region. The form is stored once per orbit of the group and was checked by a program part \
             that shares nothing with its construction but numbers and permutations."
                .into(),
        ),
        Block::Table(Table {
            caption: String::new(),
            head: vec!["size".into(), "number".into()],
            rows: report.sizes().into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect(),
        }),
    ];
    if let Some((name, rows)) = data
        && certificate.ok()
    {
        blocks.extend(explanations(network, symmetry, &form, name, rows)?);
    }
    Ok(Ok(FormSection {
        section: Section::new("Three-layer form", blocks),
        verdicts,
        facts: vec![("units of the three-layer form".into(), widths)],
    }))
}

/// Which regions the data populate, and why the network answers as it does on the first row.
fn explanations(
    network: &Network,
    symmetry: Option<&NetworkSymmetry>,
    form: &OrbitForm,
    name: &str,
    rows: &[Vec<f64>],
) -> Result<Vec<Block>> {
    let decision = if network.outputs() == 1 { Decision::Sign { output: 0 } } else { Decision::Largest };
    let explainer = Explainer::new(network, form.domain(), symmetry, None, decision, MOST_REGIONS)?
        .with_orbits(OrbitList::of_form(form));
    let coverage = explainer.coverage(rows)?;
    let mut blocks = vec![Block::Text(format!(
        "The {} rows of {name} lie in {} of {} regions and {} of {} orbits; {} orbits hold 95 % of them.",
        coverage.points,
        coverage.regions,
        form.regions(),
        coverage.orbits.len(),
        form.orbits().len(),
        coverage.orbits_for(95, 100)
    ))];
    let Some(point) =
        rows.first().and_then(|row| row.iter().map(|&x| exact(x)).collect::<Option<Vec<Rational>>>())
    else {
        return Ok(blocks);
    };
    let explanation = explainer.explain(&point)?;
    let picture = explanation_picture("", &explanation, explainer.baseline(), decision, network)?;
    let caption = format!(
        "Row 1 of {name}: exact shares of inputs and of simple pieces in the change from the origin, distances of the \
         region's facets, and the plane through the nearest point that is decided otherwise."
    );
    blocks.push(Block::Figures(vec![(picture, caption)]));
    blocks.push(Block::Details {
        summary: "The figures".into(),
        blocks: vec![Block::Code(ExplainReport::new(&explainer, &[explanation]).text())],
    });
    Ok(blocks)
}
