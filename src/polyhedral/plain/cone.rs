//! Polyhedral cones by the double description method.
//!
//! Reference: T. S. Motzkin, H. Raiffa, G. L. Thompson, R. M. Thrall, *The double description method* (1953);
//! adjacency of rays by incidence as in K. Fukuda, A. Prodon, *Double description method revisited* (1996).

use crate::num::{Integer, Rational, Sign, row::make_primitive};
use fixedbitset::FixedBitSet;

/// The cone `{ y : row . y >= 0 for every row }` of full dimension, with the lines and extreme rays that generate it.
#[derive(Clone, Debug)]
pub(in crate::polyhedral) struct Cone {
    /// Primitive rows; some may be redundant. Row 0 is `t >= 0`, `t` being the last coordinate.
    pub(super) rows: Vec<Vec<Integer>>,
    /// A basis of the largest linear subspace in the cone.
    pub(super) lines: Vec<Vec<Integer>>,
    /// One ray for each extreme ray of the cone modulo its lines.
    pub(super) rays: Vec<Ray>,
}

/// An extreme ray modulo the lines.
#[derive(Clone, Debug)]
pub(super) struct Ray {
    /// A primitive integer vector.
    pub(super) direction: Vec<Integer>,
    /// The rows that vanish on it.
    pub(super) tight: FixedBitSet,
}

/// What a hyperplane does to a cone.
pub(in crate::polyhedral) enum Split {
    /// The form is zero on the whole cone.
    Zero,
    /// The form is `>= 0` on the cone, and `> 0` inside.
    Positive,
    /// The form is `<= 0` on the cone, and `< 0` inside.
    Negative,
    /// The form takes both signs: the part where it is `>= 0`, then the one where it is `<= 0`.
    Both(Box<(Cone, Cone)>),
}

fn dot(row: &[Integer], vector: &[Integer]) -> Integer {
    row.iter().zip(vector).filter(|(a, _)| !a.is_zero()).map(|(a, x)| a * x).sum()
}

/// `a x + b y`, made primitive.
fn combine(a: &Integer, x: &[Integer], b: &Integer, y: &[Integer]) -> Vec<Integer> {
    let mut sum: Vec<Integer> = x.iter().zip(y).map(|(x, y)| a * x + b * y).collect();
    make_primitive(&mut sum);
    sum
}

fn negated(vector: &[Integer]) -> Vec<Integer> {
    vector.iter().map(|entry| -entry).collect()
}

impl Cone {
    /// The half-space `t >= 0` in `R^(dimension + 1)`: the whole of `R^dimension`, homogeneously.
    pub(super) fn whole_space(dimension: usize) -> Self {
        let unit = |i: usize| -> Vec<Integer> {
            (0..=dimension).map(|j| if i == j { Integer::ONE } else { Integer::ZERO }).collect()
        };
        Cone {
            rows: vec![unit(dimension)],
            lines: (0..dimension).map(unit).collect(),
            rays: vec![Ray { direction: unit(dimension), tight: FixedBitSet::with_capacity(1) }],
        }
    }

    /// The dimension of the space that the cone lies in.
    fn ambient(&self) -> usize {
        self.rows[0].len()
    }

    /// The number of rows beside `t >= 0`: those of the domain, as long as no neuron has cut the cone.
    pub(super) fn border_rows(&self) -> usize {
        self.rows.len() - 1
    }

    /// The rows, `t >= 0` first.
    pub(in crate::polyhedral) fn rows(&self) -> &[Vec<Integer>] {
        &self.rows
    }

    /// Whether some line of the cone crosses the hyperplane of a form.
    pub(in crate::polyhedral) fn has_line_across(&self, form: &[Integer]) -> bool {
        self.lines.iter().any(|line| !dot(form, line).is_zero())
    }

    /// The extreme rays, each with the rows that vanish on it.
    pub(in crate::polyhedral) fn into_rays(self) -> Vec<(Vec<Integer>, Vec<usize>)> {
        self.rays.into_iter().map(|ray| (ray.direction, ray.tight.ones().collect())).collect()
    }

    /// Cuts the cone by the hyperplane of a form.
    pub(in crate::polyhedral) fn split(&self, form: &[Integer]) -> Split {
        let on_lines: Vec<Integer> = self.lines.iter().map(|line| dot(form, line)).collect();
        if let Some(crossing) = on_lines.iter().position(|value| !value.is_zero()) {
            return Split::Both(Box::new(self.split_line(form, crossing, &on_lines)));
        }
        let on_rays: Vec<Integer> = self.rays.iter().map(|ray| dot(form, &ray.direction)).collect();
        let some = |sign| on_rays.iter().any(|value| Sign::of(value) == sign);
        match (some(Sign::Positive), some(Sign::Negative)) {
            (false, false) => Split::Zero,
            (true, false) => Split::Positive,
            (false, true) => Split::Negative,
            (true, true) => Split::Both(Box::new(self.split_rays(form, &on_rays))),
        }
    }

    /// A line crosses the hyperplane: it becomes a ray of either part, and everything else slides along it onto the
    /// hyperplane.
    fn split_line(&self, form: &[Integer], crossing: usize, on_lines: &[Integer]) -> (Cone, Cone) {
        let (mut line, mut height) = (self.lines[crossing].clone(), on_lines[crossing].clone());
        if height < Integer::ZERO {
            (line, height) = (negated(&line), -height);
        }
        let slide = |vector: &[Integer]| combine(&height, vector, &-dot(form, vector), &line);
        let lines: Vec<Vec<Integer>> = (0..self.lines.len())
            .filter(|&other| other != crossing)
            .map(|other| slide(&self.lines[other]))
            .collect();
        let rays: Vec<Ray> = self
            .rays
            .iter()
            .map(|ray| Ray {
                direction: slide(&ray.direction),
                tight: with_row(&ray.tight, self.rows.len(), true),
            })
            .collect();
        let mut all_but_new = FixedBitSet::with_capacity(self.rows.len() + 1);
        all_but_new.insert_range(..self.rows.len());
        let part = |sign: bool| {
            let mut part = Cone { rows: self.rows.clone(), lines: lines.clone(), rays: rays.clone() };
            part.rows.push(primitive(if sign { form.to_vec() } else { negated(form) }));
            let direction = if sign { line.clone() } else { negated(&line) };
            part.rays.push(Ray { direction, tight: all_but_new.clone() });
            part
        };
        (part(true), part(false))
    }

    /// No line crosses: keep the rays on either side, and add one where the hyperplane cuts a two-dimensional face.
    fn split_rays(&self, form: &[Integer], values: &[Integer]) -> (Cone, Cone) {
        let row = self.rows.len();
        let mut cut = Vec::new();
        for (p, above) in values.iter().enumerate().filter(|(_, v)| Sign::of(v) == Sign::Positive) {
            for (n, below) in values.iter().enumerate().filter(|(_, v)| Sign::of(v) == Sign::Negative) {
                let mut common = self.rays[p].tight.clone();
                common.intersect_with(&self.rays[n].tight);
                if self.span_a_face(p, n, &common) {
                    let direction = combine(above, &self.rays[n].direction, &-below, &self.rays[p].direction);
                    cut.push(Ray { direction, tight: with_row(&common, row, true) });
                }
            }
        }
        let part = |sign: Sign| {
            let mut part = Cone { rows: self.rows.clone(), lines: self.lines.clone(), rays: Vec::new() };
            part.rows.push(primitive(if sign == Sign::Positive { form.to_vec() } else { negated(form) }));
            for (ray, value) in self.rays.iter().zip(values) {
                let zero = value.is_zero();
                if zero || Sign::of(value) == sign {
                    let tight = with_row(&ray.tight, row, zero);
                    part.rays.push(Ray { direction: ray.direction.clone(), tight });
                }
            }
            part.rays.extend(cut.iter().cloned());
            part
        };
        (part(Sign::Positive), part(Sign::Negative))
    }

    /// Whether two extreme rays span a face of dimension two: no third ray lies in all the rows that they share.
    fn span_a_face(&self, p: usize, n: usize, common: &FixedBitSet) -> bool {
        let needed = (self.ambient() - self.lines.len()).saturating_sub(2);
        common.count_ones(..) >= needed
            && !(0..self.rays.len()).any(|r| r != p && r != n && common.is_subset(&self.rays[r].tight))
    }

    /// The part of the cone where a form is `>= 0`; `None` where that part has no interior.
    pub(super) fn intersect(&self, form: &[Integer]) -> Option<Cone> {
        match self.split(form) {
            Split::Zero | Split::Negative => None,
            Split::Positive => Some(self.clone()),
            Split::Both(parts) => Some(parts.0),
        }
    }

    /// A point in the relative interior of the face that the given rays span, de-homogenised.
    pub(super) fn point_between<'a>(rays: impl Iterator<Item = &'a Ray>, dimension: usize) -> Vec<Rational> {
        let mut sum = vec![Integer::ZERO; dimension + 1];
        for ray in rays {
            sum.iter_mut().zip(&ray.direction).for_each(|(entry, value)| *entry += value);
        }
        let height = Rational::from(sum[dimension].clone());
        sum[..dimension].iter().map(|entry| Rational::from(entry.clone()) / &height).collect()
    }

    /// The vectors that generate the polyhedron: `(vertex, true)` for vertices, `(direction, false)` for directions of
    /// unbounded edges and, with both signs, of lines.
    pub(in crate::polyhedral) fn generating_vectors(&self) -> Vec<(Vec<Rational>, bool)> {
        let dimension = self.ambient() - 1;
        let direction = |vector: &[Integer]| -> Vec<Rational> {
            vector[..dimension].iter().cloned().map(Rational::from).collect()
        };
        let mut vectors = Vec::new();
        for ray in &self.rays {
            let finite = !ray.direction[dimension].is_zero();
            let vector = if finite {
                Cone::point_between(std::iter::once(ray), dimension)
            } else {
                direction(&ray.direction)
            };
            vectors.push((vector, finite));
        }
        for line in &self.lines {
            vectors.push((direction(line), false));
            vectors.push((direction(&negated(line)), false));
        }
        vectors
    }
}

fn with_row(tight: &FixedBitSet, row: usize, set: bool) -> FixedBitSet {
    let mut tight = tight.clone();
    tight.grow(row + 1);
    tight.set(row, set);
    tight
}

fn primitive(mut row: Vec<Integer>) -> Vec<Integer> {
    make_primitive(&mut row);
    row
}
