//! Sparse exact affine forms, the entries of tensors during import.

use crate::num::{Integer, Natural, Rational};

/// `sum of factor * v[index] + constant` over the values `v` of one source (the input or an activation); indices
/// ascend, and no factor is zero.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    pub(super) terms: Vec<(u32, Rational)>,
    pub(super) constant: Rational,
}

impl Form {
    /// The form without terms.
    pub(super) fn constant(constant: Rational) -> Self {
        Form { terms: Vec::new(), constant }
    }

    /// The value `v[index]` itself.
    pub(super) fn variable(index: u32) -> Self {
        Form { terms: vec![(index, Rational::ONE)], constant: Rational::ZERO }
    }

    /// The number that the form is, where it has no terms.
    pub(super) fn as_constant(&self) -> Option<&Rational> {
        self.terms.is_empty().then_some(&self.constant)
    }

    /// `factor` times the form.
    pub(super) fn scaled(&self, factor: &Rational) -> Self {
        let mut sum = FormSum::default();
        sum.add(self, factor);
        sum.finish()
    }

    /// `self + factor * other`.
    pub(super) fn plus(&self, other: &Form, factor: &Rational) -> Self {
        let mut sum = FormSum::default();
        sum.add(self, &Rational::ONE);
        sum.add(other, factor);
        sum.finish()
    }

    /// Whether all numerators and denominators are within the bound.
    pub(super) fn is_within(&self, bound: &Bound) -> bool {
        let small = |value: &Rational| {
            *value.numerator() > bound.low
                && *value.numerator() < bound.high
                && *value.denominator() < bound.denominator
        };
        small(&self.constant) && self.terms.iter().all(|(_, factor)| small(factor))
    }
}

/// A bound on the size of exact numbers.
pub(super) struct Bound {
    low: Integer,
    high: Integer,
    denominator: Natural,
}

impl Bound {
    /// Numerators and denominators of at most this many bits.
    pub(super) fn bits(bits: usize) -> Self {
        let high = Integer::ONE << bits;
        Bound { low: -&high, high, denominator: Natural::ONE << bits }
    }
}

/// A sum of multiples of forms under construction: terms are gathered and merged from time to time.
#[derive(Default)]
pub(super) struct FormSum {
    pending: Vec<(u32, Rational)>,
    merged: usize,
    constant: Rational,
}

impl FormSum {
    /// Adds `factor * form`. A factor or coefficient of one is not multiplied, so that copies stay copies.
    pub(super) fn add(&mut self, form: &Form, factor: &Rational) {
        if factor.is_zero() {
            return;
        }
        self.constant += times(&form.constant, factor);
        self.pending.extend(form.terms.iter().map(|(index, value)| (*index, times(value, factor))));
        if self.pending.len() > 2 * self.merged + 4096 {
            self.merge();
        }
    }

    /// Adds the product of two forms; `None` where both vary.
    pub(super) fn add_product(&mut self, a: &Form, b: &Form) -> Option<()> {
        match (a.as_constant(), b.as_constant()) {
            (_, Some(factor)) => self.add(a, factor),
            (Some(factor), None) => self.add(b, factor),
            (None, None) => return None,
        }
        Some(())
    }

    /// The sum.
    pub(super) fn finish(mut self) -> Form {
        self.merge();
        Form { terms: self.pending, constant: self.constant }
    }

    fn merge(&mut self) {
        if !self.pending.is_sorted_by(|a, b| a.0 < b.0) {
            self.pending.sort_by_key(|&(index, _)| index);
            self.pending.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                if same {
                    kept.1 += &later.1;
                }
                same
            });
            self.pending.retain(|(_, factor)| !factor.is_zero());
        }
        self.merged = self.pending.len();
    }
}

fn times(a: &Rational, b: &Rational) -> Rational {
    if a.is_zero() {
        Rational::ZERO
    } else if a.is_one() {
        b.clone()
    } else if b.is_one() {
        a.clone()
    } else {
        a * b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_merge_and_cancel() {
        let x = Form::variable(3);
        let y = Form::variable(1);
        let sum = x.plus(&y, &Rational::from(2)).plus(&x, &Rational::from(-1));
        assert_eq!(sum.terms, [(1, Rational::from(2))]);
        assert!(FormSum::default().add_product(&sum, &x).is_none());
        let seven = Form::constant(Rational::from(7));
        let mut product = FormSum::default();
        product.add_product(&seven, &sum).unwrap();
        assert_eq!(product.finish().terms, [(1, Rational::from(14))]);
        assert!(seven.is_within(&Bound::bits(3)) && !seven.is_within(&Bound::bits(2)));
        assert_eq!(sum.scaled(&Rational::ZERO), Form::constant(Rational::ZERO));
    }

    #[test]
    fn long_sums_agree_with_their_value() {
        let mut sum = FormSum::default();
        for k in 0..20_000u32 {
            sum.add(&Form::variable(k % 7), &Rational::from(k % 7));
        }
        let form = sum.finish();
        assert_eq!(form.terms.len(), 6);
        assert_eq!(form.terms[0], (1, Rational::from(2857)));
    }
}
