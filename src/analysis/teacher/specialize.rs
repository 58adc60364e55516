//! Specialisation: how many samples a student needs until every teacher node has a student node of its own.

use super::matching::{Match, match_modulo_group};
use super::train::{Training, TwoLayer, Tying};
use crate::analysis::group_table::GroupTable;
use crate::error::{Error, Result};
use nalgebra::DMatrix;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Serialize;

/// The most entries of a weight matrix.
pub const MOST_ENTRIES: usize = 1 << 24;

/// The most activities of a layer on all samples together.
const MOST_ACTIVITIES: usize = 1 << 27;

/// What the teacher's output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum OutputKind {
    /// A group convolution of the hidden layer: it moves with the input.
    Equivariant,
    /// Sums over the group: only channels modulo shifts can be told apart.
    Invariant,
}

/// A specialisation experiment. Teacher and student are two-layer networks; the teacher is a random group
/// convolution.
#[derive(Clone, Debug)]
pub struct SpecializationOptions {
    /// The group.
    pub group: GroupTable,
    /// Channels of the input.
    pub input_channels: usize,
    /// Hidden channels of the teacher.
    pub teacher_channels: usize,
    /// Channels of an equivariant output, or numbers of an invariant one.
    pub output_channels: usize,
    /// The kind of output.
    pub output: OutputKind,
    /// The student has this many times the teacher's hidden units.
    pub width_factor: usize,
    /// Whether the student shares weights as the teacher does.
    pub shared: bool,
    /// Training samples.
    pub samples: usize,
    /// Independent pairs of teacher and student.
    pub runs: usize,
    /// How to train.
    pub training: Training,
    /// Seed.
    pub seed: u64,
}

impl SpecializationOptions {
    /// The setting of the documentation: four input and four teacher channels, a student of twice the width, four
    /// runs.
    pub fn new(group: GroupTable, samples: usize, shared: bool) -> Self {
        SpecializationOptions {
            group,
            input_channels: 4,
            teacher_channels: 4,
            output_channels: 4,
            output: OutputKind::Equivariant,
            width_factor: 2,
            shared,
            samples,
            runs: 4,
            training: Training::default(),
            seed: 1,
        }
    }
}

/// Over all teacher channels of all runs.
#[derive(Clone, Debug, Serialize)]
pub struct SpecializationReport {
    /// Training samples.
    pub samples: usize,
    /// Whether weights were shared.
    pub shared: bool,
    /// The student's parameters.
    pub parameters: usize,
    /// Mean over the runs of the error on fresh samples, relative to the targets' mean square.
    pub relative_error: f64,
    /// Mean correlation with the best student node.
    pub mean_correlation: f64,
    /// Smallest correlation with the best student node.
    pub least_correlation: f64,
    /// Fraction of teacher channels with a correlation above 0.95, any shift.
    pub specialized: f64,
    /// The same at the identity only.
    pub specialized_at_identity: f64,
    /// The matches, run by run.
    pub matches: Vec<Vec<Match>>,
}

/// Trains and matches. The correlation is taken over 1000 fresh samples.
///
/// # Errors
/// [`Error::Input`] where a size is zero; [`Error::TooLarge`] for a layer of more than [`MOST_ENTRIES`] weights, or
/// more samples than fit the memory.
pub fn specialize(
    options: &SpecializationOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<SpecializationReport> {
    let sizes = [
        options.input_channels,
        options.teacher_channels,
        options.output_channels,
        options.width_factor,
        options.samples,
        options.runs,
        options.training.steps,
    ];
    if sizes.contains(&0) {
        return Err(Error::input(
            "specialisation",
            format!("sizes {sizes:?}"),
            "give at least one channel, sample, run and step",
        ));
    }
    let order = options.group.order();
    let inputs = options.input_channels.saturating_mul(order);
    let student_channels = options.width_factor.saturating_mul(options.teacher_channels);
    let widest = options.input_channels.max(options.output_channels).saturating_mul(order);
    let entries = widest.saturating_mul(student_channels.saturating_mul(order));
    if entries > MOST_ENTRIES {
        return Err(Error::too_large(
            "a student network",
            format!("{entries} weights in a layer"),
            format!("{MOST_ENTRIES} weights"),
            "choose a smaller group or fewer channels",
        ));
    }
    let activities = widest.max(student_channels.saturating_mul(order)).saturating_mul(options.samples);
    if activities > MOST_ACTIVITIES {
        return Err(Error::too_large(
            "the training of a student",
            format!("{activities} activities in a layer"),
            format!("{MOST_ACTIVITIES} activities"),
            "choose fewer samples, a smaller group or fewer channels",
        ));
    }
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let total = options.runs.saturating_mul(options.training.steps);
    let (mut matches, mut errors, mut parameters) = (Vec::new(), 0.0, 0);
    for run in 0..options.runs {
        let teacher = TwoLayer::random(tyings(options, options.teacher_channels, true), &mut random);
        let mut student = TwoLayer::random(tyings(options, student_channels, options.shared), &mut random);
        let mut normal = |n| DMatrix::from_fn(inputs, n, |_, _| random.sample::<f64, _>(StandardNormal));
        let (seen, fresh) = (normal(options.samples), normal(1000));
        let done = run * options.training.steps;
        student.train(&seen, &teacher.outputs(&seen), options.training, &mut |step, _| {
            progress(done + step, total);
        });
        progress(done + options.training.steps, total);
        let target = teacher.outputs(&fresh);
        errors += (student.outputs(&fresh) - &target).norm_squared() / target.norm_squared();
        parameters = student.parameters();
        let student_order = if options.shared { order } else { 1 };
        matches.push(match_modulo_group(
            &teacher.hidden(&fresh),
            order,
            &student.hidden(&fresh),
            student_order,
        ));
    }
    let all: Vec<&Match> = matches.iter().flatten().collect();
    let count = all.len() as f64;
    let fraction =
        |high: &dyn Fn(&Match) -> f64| all.iter().filter(|m| high(m) > 0.95).count() as f64 / count;
    Ok(SpecializationReport {
        samples: options.samples,
        shared: options.shared,
        parameters,
        relative_error: errors / options.runs as f64,
        mean_correlation: all.iter().map(|m| m.correlation).sum::<f64>() / count,
        least_correlation: all.iter().map(|m| m.correlation).fold(f64::INFINITY, f64::min),
        specialized: fraction(&|m| m.correlation),
        specialized_at_identity: fraction(&|m| m.correlation_at_identity),
        matches,
    })
}

fn tyings(options: &SpecializationOptions, channels: usize, shared: bool) -> [Tying; 2] {
    let group = &options.group;
    let n = group.order();
    let outputs = match options.output {
        OutputKind::Equivariant => options.output_channels * n,
        OutputKind::Invariant => options.output_channels,
    };
    if !shared {
        return [Tying::free(channels * n, options.input_channels * n), Tying::free(outputs, channels * n)];
    }
    let read_out = match options.output {
        OutputKind::Equivariant => Tying::convolution(group, options.output_channels, channels),
        OutputKind::Invariant => Tying::invariant(group, outputs, channels),
    };
    [Tying::convolution(group, channels, options.input_channels), read_out]
}
