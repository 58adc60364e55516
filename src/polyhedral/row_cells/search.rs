//! Row cells as a kernel of the search.

use super::cell::Cell;
use super::dictionary::{Dictionary, FREE, Scratch, WalkEnd};
use super::exact_program::point_between;
use super::proof;
use super::row_stack::RowStack;
use super::witness::Witness;
use crate::error::Result;
use crate::num::elimination::solve_over;
use crate::num::{Integer, Sign};
use crate::polyhedral::engine::{ExactPath, FloatPath, Kernel, LayerBits, Problem, Source, Work};

/// The kernel, with everything that the cells on the current path share.
pub(in crate::polyhedral) struct RowCells<'p> {
    pub(super) problem: &'p Problem,
    pub(super) bits: LayerBits,
    /// The neurons on the current path whose form is constant on the cell.
    pub(super) flat: LayerBits,
    pub(super) always_exact: bool,
    pub(super) work: Work,
    pub(super) rows: RowStack,
    floats: FloatPath<'p>,
    exact: ExactPath<'p>,
    pub(super) scratch: Scratch,
    pool: Vec<Cell>,
    /// The largest size of each coordinate in the domain, where it is bounded.
    pub(super) bounds: Option<Vec<f64>>,
    /// The form in question, its constant last, and its negative.
    pub(super) form: Vec<f64>,
}

/// The signs that a neuron takes inside a cell.
enum Sides {
    One(bool),
    /// Both, with witnesses for the positive and the negative side; `None` is the cell's own.
    Both([Option<Witness>; 2]),
}

impl<'p> RowCells<'p> {
    pub(in crate::polyhedral) fn new(problem: &'p Problem, always_exact: bool) -> Self {
        let empty: LayerBits = problem.layers.iter().map(|layer| vec![0; layer.words]).collect();
        let d = problem.map.inputs();
        let bounds = problem.intervals.as_ref().map(|ends| {
            ends.iter().map(|(lo, hi)| lo.abs().max(hi.abs()) * (1.0 + 4.0 * f64::EPSILON)).collect()
        });
        RowCells {
            problem,
            bits: empty.clone(),
            flat: empty,
            always_exact,
            work: Work::default(),
            rows: RowStack::new(d, problem.border.len() + problem.map.neurons()),
            floats: FloatPath::new(problem),
            exact: ExactPath::new(problem),
            scratch: Scratch::default(),
            pool: Vec::new(),
            bounds,
            form: Vec::new(),
        }
    }

    /// The signs that a neuron takes inside the cell.
    fn sides(&mut self, cell: &mut Cell, layer: usize, neuron: usize) -> Result<Sides> {
        self.work.decisions += 1;
        let d = self.problem.map.inputs();
        self.form.clear();
        self.form.extend_from_slice(self.floats.row(&self.bits, layer, neuron));
        let this = &self.problem.layers[layer];
        let doubt = this.error * this.scale[neuron];
        let steepness: f64 = self.form[..d].iter().map(|a| a.abs()).sum();
        let flat_or_unclear = steepness.partial_cmp(&doubt) != Some(std::cmp::Ordering::Greater);
        if flat_or_unclear || self.always_exact {
            let row = self.exact.row(&self.bits, layer, neuron);
            if row[..d].iter().all(Integer::is_zero) {
                let positive = Sign::of(&row[d]) == Sign::Positive;
                self.flat[layer][neuron / 64] |= 1 << (neuron % 64);
                return Ok(Sides::One(positive));
            }
        }
        let here = self.sign_at(&mut cell.witness, layer, neuron)?;
        if flat_or_unclear || self.always_exact || here == Sign::Zero {
            return self.exact_sides(cell, layer, neuron, here);
        }
        let positive = here == Sign::Positive;
        if !positive {
            self.form.iter_mut().for_each(|entry| *entry = -*entry);
        }
        let own =
            |other: Witness| Sides::Both(if positive { [None, Some(other)] } else { [Some(other), None] });
        match self.walk(cell) {
            WalkEnd::Negative(point) => {
                let target = self.between(cell, neuron, &point);
                if let Some(other) = self.witness_at(target, layer, neuron, !positive)? {
                    return Ok(own(other));
                }
            }
            WalkEnd::Optimal => {
                let bounds = self.bounds.as_deref();
                let rates = &self.scratch.rates;
                let proven =
                    proof::is_positive(&self.rows, &cell.dictionary, rates, &self.form, doubt, bounds);
                if proven || self.is_proven_exactly(&cell.dictionary, layer, neuron, positive) {
                    return Ok(Sides::One(positive));
                }
            }
            WalkEnd::Unclear => {}
        }
        self.exact_sides(cell, layer, neuron, here)
    }

    /// Makes the dictionary valid for the cell and walks to make the form negative.
    fn walk(&mut self, cell: &mut Cell) -> WalkEnd {
        let dictionary = &mut cell.dictionary;
        if dictionary.basis.is_empty() || !dictionary.repair(&self.rows, &mut self.scratch) {
            dictionary.reset(&self.rows, &cell.witness.point);
        }
        dictionary.walk(&self.rows, &self.form, &mut self.scratch)
    }

    /// A point beyond the form's zero on the way from the witness to a point where it is negative.
    fn between(&self, cell: &Cell, neuron: usize, below: &[f64]) -> Vec<f64> {
        let d = below.len();
        let at_witness = cell.witness.values[neuron].abs();
        let at_below = self.form[d] + self.form.iter().zip(below).map(|(a, x)| a * x).sum::<f64>();
        let part = 0.5 * (at_witness / (at_witness - at_below) + 1.0);
        cell.witness.point.iter().zip(below).map(|(a, b)| a + part * (b - a)).collect()
    }

    /// Whether the exact multipliers of the basis prove that the neuron takes no other sign.
    fn is_proven_exactly(
        &mut self,
        dictionary: &Dictionary,
        layer: usize,
        neuron: usize,
        positive: bool,
    ) -> bool {
        self.work.exact_decisions += 1;
        let form = self.exact_form(layer, neuron, positive);
        self.basis_implies(dictionary, &form)
    }

    /// Whether a form is a combination of the rows of a basis, exactly, with factors and a constant that are not negative.
    /// Free columns stand for no row: a form may need fewer rows than there are coordinates, and a cell with a line has no
    /// more.
    pub(super) fn basis_implies(&mut self, dictionary: &Dictionary, form: &[Integer]) -> bool {
        let d = self.problem.map.inputs();
        let tight = dictionary.basis.iter().filter(|&&row| row != FREE);
        let basis: Vec<Vec<Integer>> = tight.map(|&row| self.exact_row(row)).collect();
        let transposed: Vec<Vec<Integer>> =
            (0..d).map(|c| basis.iter().map(|row| row[c].clone()).collect()).collect();
        let Some((factors, denominator)) = solve_over(&transposed, &form[..d]) else { return false };
        let used: Integer = factors.iter().zip(&basis).map(|(factor, row)| factor * &row[d]).sum();
        factors.iter().all(|factor| *factor >= Integer::ZERO) && denominator * &form[d] >= used
    }

    pub(super) fn exact_row(&mut self, row: usize) -> Vec<Integer> {
        self.exact.oriented_row(&self.bits, self.rows.source(row))
    }

    fn exact_form(&mut self, layer: usize, neuron: usize, positive: bool) -> Vec<Integer> {
        self.exact.oriented_row(&self.bits, (Source::Neuron(layer as u32, neuron as u32), positive))
    }

    /// The signs of a neuron that is not constant, by exact linear programs.
    fn exact_sides(&mut self, cell: &mut Cell, layer: usize, neuron: usize, here: Sign) -> Result<Sides> {
        self.work.exact_decisions += 1;
        let start = cell.witness.exact()?.vector.clone();
        let rows: Vec<Vec<Integer>> = (0..self.rows.len()).map(|row| self.exact_row(row)).collect();
        let mut sides = [None, None];
        for (side, positive) in [(0, true), (1, false)] {
            let own = if positive { Sign::Positive } else { Sign::Negative };
            if here == own {
                continue;
            }
            let form = self.exact_form(layer, neuron, !positive);
            let Some(point) = point_between(&rows, &form, &start) else {
                return Ok(Sides::One(!positive));
            };
            sides[side] = Some(self.exact_witness(&point, layer, neuron, positive)?);
        }
        Ok(Sides::Both(sides))
    }
}

impl Kernel for RowCells<'_> {
    type Cell = Cell;
    type Mark = usize;

    fn start(&mut self, _root: usize) -> Result<Option<Cell>> {
        for (i, row) in self.problem.float_border.iter().enumerate() {
            let size: f64 = row.iter().map(|a| a.abs()).sum();
            self.rows.push(row, f64::EPSILON * size, Source::Border(i as u32), true);
        }
        let mut cell = Cell { witness: self.first_witness()?, ..Cell::default() };
        if !self.problem.layers.is_empty() {
            self.enter_layer(&mut cell, 0)?;
        }
        Ok(Some(cell))
    }

    fn decide(&mut self, cell: &mut Cell, layer: usize) -> Result<Option<usize>> {
        if let Some(row) = cell.flip.take() {
            self.rows.flip(row);
        }
        for neuron in cell.next..self.problem.layers[layer].width {
            let (word, bit) = (neuron / 64, 1u64 << (neuron % 64));
            self.flat[layer][word] &= !bit;
            match self.sides(cell, layer, neuron)? {
                Sides::One(positive) => {
                    let bits = &mut self.bits[layer][word];
                    *bits = if positive { *bits | bit } else { *bits & !bit };
                }
                Sides::Both(sides) => {
                    cell.next = neuron + 1;
                    cell.sides = sides;
                    return Ok(Some(neuron));
                }
            }
        }
        cell.next = self.problem.layers[layer].width;
        Ok(None)
    }

    fn is_only_undecided(&self, _cell: &Cell, layer: usize, neuron: usize) -> bool {
        neuron + 1 == self.problem.layers[layer].width
    }

    fn enter_layer(&mut self, cell: &mut Cell, layer: usize) -> Result<()> {
        self.exact.enter(layer);
        self.floats.enter(layer);
        cell.next = 0;
        let mut witness = std::mem::take(&mut cell.witness);
        self.advance(&mut witness, layer);
        cell.witness = witness;
        Ok(())
    }

    fn split(&mut self, cell: &mut Cell, layer: usize, neuron: usize) -> Result<Option<Cell>> {
        let row = self.rows.len();
        let this = &self.problem.layers[layer];
        let doubt = this.error * this.scale[neuron];
        let form = self.floats.row(&self.bits, layer, neuron);
        let source = Source::Neuron(layer as u32, neuron as u32);
        let factor = self.rows.push(form, doubt, source, true);
        let value = |point: &[f64]| {
            factor * (form[point.len()] + form.iter().zip(point).map(|(a, x)| a * x).sum::<f64>())
        };
        let mut positive = self.pool.pop().unwrap_or_default();
        positive.next = cell.next;
        positive.flip = None;
        positive.sides = [None, None];
        positive.dictionary.copy(&cell.dictionary);
        if !cell.dictionary.basis.is_empty() {
            let slack = value(&cell.dictionary.point);
            positive.dictionary.slack.push(slack);
            cell.dictionary.slack.push(-slack);
        }
        let [above, below] = std::mem::take(&mut cell.sides);
        match above {
            Some(witness) => positive.witness = witness,
            None => positive.witness.copy(&cell.witness),
        }
        if let Some(witness) = below {
            cell.witness = witness;
        }
        cell.flip = Some(row);
        Ok(Some(positive))
    }

    fn mark(&self) -> usize {
        self.rows.len()
    }

    fn release(&mut self, mark: usize) {
        self.rows.truncate(mark);
    }

    fn recycle(&mut self, cell: Cell) {
        self.pool.push(cell);
    }

    fn bits(&mut self) -> &mut LayerBits {
        &mut self.bits
    }

    fn work(&self) -> Work {
        self.work
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::Rational;
    use crate::polyhedral::{Domain, PiecewiseLinearMap};
    use proptest::prelude::*;

    proptest! {
        /// In the square, a form takes one sign iff it does at all corners; multipliers prove it only from the corner
        /// where the form is smallest.
        #[test]
        fn exact_multipliers_prove_nothing_false(form in proptest::collection::vec(-3i32..=3, 3), corner in 0usize..4) {
            prop_assume!(form[..2] != [0, 0]);
            let hidden = vec![form.iter().map(|&n| Rational::from(n)).collect()];
            let map = PiecewiseLinearMap::new(2, &[hidden, vec![]], vec![Rational::ZERO]).unwrap();
            let domain = Domain::cube(2, (-1).into(), 1.into()).unwrap();
            let problem = Problem::new(&map, &domain).unwrap();
            let mut cells = RowCells::new(&problem, false);
            let mut cell = cells.start(0).unwrap().unwrap();
            cell.dictionary.reset(&cells.rows, &[0.0, 0.0]);
            let d = problem.map.inputs();
            prop_assume!(d == 2);
            // The rows are x >= -1, x <= 1, y >= -1, y <= 1 in this order.
            cell.dictionary.basis = vec![corner % 2, 2 + corner / 2];
            for positive in [true, false] {
                let sign = if positive { 1 } else { -1 };
                let at = |x: i32, y: i32| sign * (form[0] * x + form[1] * y + form[2]);
                let least = [at(-1, -1), at(-1, 1), at(1, -1), at(1, 1)].into_iter().min().unwrap();
                let here = at(2 * (corner as i32 % 2) - 1, 2 * (corner as i32 / 2) - 1);
                let proven = cells.is_proven_exactly(&cell.dictionary, 0, 0, positive);
                prop_assert_eq!(proven, least >= 0 && here == least);
            }
        }

        /// A basis with a free column has one row in the square: it implies that row's multiples with something added, and
        /// nothing that is negative somewhere in the square.
        #[test]
        fn a_free_column_stands_for_no_row(
            row in 0usize..4,
            factor in -1i32..=3,
            added in -2i32..=2,
            aside in -1i32..=1,
        ) {
            let map = PiecewiseLinearMap::new(2, &[vec![]], vec![]).unwrap();
            let domain = Domain::cube(2, (-1).into(), 1.into()).unwrap();
            let problem = Problem::new(&map, &domain).unwrap();
            let mut cells = RowCells::new(&problem, false);
            let mut cell = cells.start(0).unwrap().unwrap();
            cell.dictionary.reset(&cells.rows, &[0.0, 0.0]);
            cell.dictionary.basis = vec![row, FREE];
            let (axis, sign) = (row / 2, if row % 2 == 0 { 1 } else { -1 });
            let mut form = [0, 0, factor + added];
            form[axis] = factor * sign;
            form[1 - axis] = aside;
            let form = form.map(Integer::from);
            let implied = cells.basis_implies(&cell.dictionary, &form);
            prop_assert_eq!(implied, factor >= 0 && added >= 0 && aside == 0);
        }
    }
}
