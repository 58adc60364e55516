//! What a three-layer form says about single points.

use super::isotypic_projector::IsotypicProjectors;
use super::network_symmetry::NetworkSymmetry;
use super::slice::index;
use crate::error::{Error, Result};
use crate::num::{Integer, Rational, nearest_f64};
use crate::polyhedral::ActivationPattern;
use crate::shallow::explain::{
    Counterfactual, Decision, IntegratedGradients, PointExplanation, ShapleyValues,
};
use crate::shallow::{OrbitEvaluator, OrbitForm, ShallowNetwork};

/// Explains points by a form; everything but the split over simple pieces is exact.
pub struct Explainer<'a> {
    form: &'a OrbitForm,
    expanded: ShallowNetwork,
    evaluator: OrbitEvaluator<'a>,
    pieces: Option<PieceSplit<'a>>,
    baseline: Vec<Rational>,
    decision: Decision,
}

/// How a change of the input splits over simple pieces.
struct PieceSplit<'a> {
    symmetry: &'a NetworkSymmetry,
    projectors: IsotypicProjectors,
}

/// All that is said about one point.
pub struct Explanation {
    /// The point.
    pub point: Vec<Rational>,
    /// Its activation pattern: that of the region that owns it.
    pub pattern: ActivationPattern,
    /// The orbit of the region, by its place in the stored form, and the number of regions in it.
    pub orbit: (usize, usize),
    /// The affine piece there: one row per output, the constant last.
    pub affine: Vec<Vec<Rational>>,
    /// The value, and the distances of the facets with their feet.
    pub place: PointExplanation,
    /// For each facet, in the order of `place.facets`, its primitive row, `<= 0` inside.
    pub facet_rows: Vec<Vec<Integer>>,
    /// The nearest point that is on the verge of another decision, with the pattern of a region that holds it; `Ok(None)`
    /// where the whole domain is decided alike, and the reason where the point itself is undecided.
    pub counterfactual: std::result::Result<Option<(Counterfactual, ActivationPattern)>, String>,
    /// Integrated gradients from the baseline.
    pub gradients: IntegratedGradients,
    /// Shapley values against the baseline, or why there are none.
    pub shapley: std::result::Result<ShapleyValues, String>,
    /// `by_piece[o]`: for each simple piece its name and its share in the change of output `o`, rounded; empty without a
    /// group. The shares of one output sum to its change.
    pub by_piece: Vec<Vec<(String, f64)>>,
}

impl<'a> Explainer<'a> {
    /// Prepares a form. Without a baseline the origin is taken.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a form with selectors for faces; [`Error::Shape`] and [`Error::Input`] for a baseline of
    /// another dimension or outside the domain, and for an output that there is not; else as [`OrbitForm::expand`].
    pub fn new(
        form: &'a OrbitForm,
        symmetry: Option<&'a NetworkSymmetry>,
        baseline: Option<Vec<Rational>>,
        decision: Decision,
    ) -> Result<Self> {
        let expanded = form.expand()?;
        let baseline = baseline.unwrap_or_else(|| vec![Rational::ZERO; form.inputs()]);
        expanded.locate(&baseline).map_err(|error| {
            Error::input("baseline", error.to_string(), "give one in the domain with --baseline")
        })?;
        if let Decision::Sign { output } = decision
            && output >= form.outputs()
        {
            return Err(Error::input(
                format!("output {}", output + 1),
                format!("the network has {} outputs", form.outputs()),
                "choose one of them, counted from 1",
            ));
        }
        let split = |symmetry: &'a NetworkSymmetry| -> Result<PieceSplit<'a>> {
            Ok(PieceSplit { symmetry, projectors: IsotypicProjectors::new(&symmetry.layout.one_channel)? })
        };
        Ok(Explainer {
            form,
            expanded,
            evaluator: OrbitEvaluator::new(form)?,
            pieces: symmetry.map(split).transpose()?,
            baseline,
            decision,
        })
    }

    /// The baseline of attributions.
    pub fn baseline(&self) -> &[Rational] {
        &self.baseline
    }

    /// What counts as a decision.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Explains one point.
    ///
    /// # Errors
    /// As [`ShallowNetwork::locate`] and [`ShallowNetwork::integrated_gradients`].
    pub fn explain(&self, point: &[Rational]) -> Result<Explanation> {
        let place = self.expanded.explain_point(point)?;
        let selector = &self.expanded.selectors()[place.selector];
        let orbit = self.evaluator.locate(point)?.orbit;
        let counterfactual = match self.expanded.counterfactual(point, self.decision) {
            Ok(found) => Ok(found.map(|found| {
                let pattern = self.expanded.selectors()[found.selector].pattern.clone();
                (found, pattern)
            })),
            Err(Error::Input { problem, .. }) => Err(problem),
            Err(other) => return Err(other),
        };
        let gradients = self.expanded.integrated_gradients(&self.baseline, point)?;
        let shapley = match self.expanded.shapley_values(&self.baseline, point) {
            Ok(values) => Ok(values),
            Err(error @ (Error::TooLarge { .. } | Error::Input { .. })) => Err(error.to_string()),
            Err(other) => return Err(other),
        };
        let change: Vec<Rational> = point.iter().zip(&self.baseline).map(|(x, b)| x - b).collect();
        let by_piece = match &self.pieces {
            Some(pieces) => pieces.shares(&gradients.mean_gradient, &change),
            None => Vec::new(),
        };
        let rows = place.facets.iter().map(|f| self.expanded.half_spaces()[f.half_space].row.clone());
        Ok(Explanation {
            point: point.to_vec(),
            pattern: selector.pattern.clone(),
            orbit: (orbit, self.form.orbits()[orbit].size),
            affine: self.expanded.pieces()[selector.piece].rows.clone(),
            facet_rows: rows.collect(),
            place,
            counterfactual,
            gradients,
            shapley,
            by_piece,
        })
    }
}

impl PieceSplit<'_> {
    /// `gradient . P_L change` for each output and each piece `L`, channel by channel.
    fn shares(&self, gradient: &[Vec<Rational>], change: &[Rational]) -> Vec<Vec<(String, f64)>> {
        let layout = &self.symmetry.layout;
        let points = layout.one_channel.size();
        let change: Vec<f64> = change.iter().map(nearest_f64).collect();
        gradient
            .iter()
            .map(|row| {
                let row: Vec<f64> = row.iter().map(nearest_f64).collect();
                let share = |piece: usize| -> f64 {
                    let projector = self.projectors.matrix(piece);
                    (0..layout.channels)
                        .map(|channel| {
                            let at = |x: usize| index(layout, channel, x);
                            let term = |x: usize, y: usize| row[at(x)] * projector[(x, y)] * change[at(y)];
                            (0..points).map(|x| (0..points).map(|y| term(x, y)).sum::<f64>()).sum::<f64>()
                        })
                        .sum()
                };
                let pieces = self.projectors.pieces().iter().enumerate();
                pieces.map(|(piece, simple)| (simple.label.clone(), share(piece))).collect()
            })
            .collect()
    }
}
