//! Activation patterns: one bit per hidden neuron.

use std::fmt;

/// Which hidden neurons are active, over all hidden layers in order: bit `n` is set iff the pre-activation of neuron
/// `n` is `> 0`.
///
/// Patterns are ordered by their bits, neuron 0 first, inactive before active. Printed as one character per neuron.
///
/// ```
/// use isotypic::polyhedral::ActivationPattern;
/// let mut pattern = ActivationPattern::inactive(3);
/// pattern.set(1, true);
/// assert_eq!(pattern.to_string(), "010");
/// assert!(pattern.is_active(1));
/// assert_eq!(pattern.active().collect::<Vec<_>>(), [1]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActivationPattern {
    /// Neuron `n` is bit `n % 64` of word `n / 64`; bits beyond the last neuron are 0.
    words: Box<[u64]>,
    neurons: u32,
}

impl ActivationPattern {
    /// The pattern of `neurons` neurons with none active.
    pub fn inactive(neurons: usize) -> Self {
        ActivationPattern { words: vec![0; neurons.div_ceil(64)].into(), neurons: neurons as u32 }
    }

    /// The pattern with the given bits, neuron 0 first.
    pub fn from_bits(bits: impl IntoIterator<Item = bool>) -> Self {
        let bits: Vec<bool> = bits.into_iter().collect();
        let mut pattern = ActivationPattern::inactive(bits.len());
        for (neuron, bit) in bits.into_iter().enumerate() {
            pattern.set(neuron, bit);
        }
        pattern
    }

    /// Reads a pattern as [`Display`](fmt::Display) writes it; `None` where a character is neither `0` nor `1`.
    pub fn parse(text: &str) -> Option<Self> {
        let bits: Option<Vec<bool>> = text
            .bytes()
            .map(|byte| match byte {
                b'0' => Some(false),
                b'1' => Some(true),
                _ => None,
            })
            .collect();
        Some(ActivationPattern::from_bits(bits?))
    }

    /// The number of neurons, active or not.
    pub fn neurons(&self) -> usize {
        self.neurons as usize
    }

    /// Whether a neuron is active.
    ///
    /// # Panics
    /// Panics where there is no such neuron.
    #[inline]
    pub fn is_active(&self, neuron: usize) -> bool {
        assert!(neuron < self.neurons(), "neuron {neuron} of {}", self.neurons);
        self.words[neuron / 64] >> (neuron % 64) & 1 == 1
    }

    /// Sets the bit of a neuron.
    ///
    /// # Panics
    /// Panics where there is no such neuron.
    #[inline]
    pub fn set(&mut self, neuron: usize, active: bool) {
        assert!(neuron < self.neurons(), "neuron {neuron} of {}", self.neurons);
        let bit = 1u64 << (neuron % 64);
        if active {
            self.words[neuron / 64] |= bit;
        } else {
            self.words[neuron / 64] &= !bit;
        }
    }

    /// The active neurons in increasing order.
    pub fn active(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.neurons()).filter(|&neuron| self.is_active(neuron))
    }

    /// The neurons in which two patterns differ, in increasing order.
    ///
    /// # Panics
    /// Panics where the patterns have different numbers of neurons.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        assert_eq!(self.neurons, other.neurons, "patterns of different networks");
        (0..self.neurons()).filter(|&neuron| self.is_active(neuron) != other.is_active(neuron))
    }

    /// Sets all bits from the words of consecutive layers, each given with the number of its first neuron; bits of a
    /// layer beyond its last neuron must be 0.
    pub(super) fn assemble<'a>(&mut self, layers: impl Iterator<Item = (usize, &'a Vec<u64>)>) {
        self.words.fill(0);
        for (offset, words) in layers {
            let (word, shift) = (offset / 64, offset % 64);
            for (i, &bits) in words.iter().enumerate() {
                self.words[word + i] |= bits << shift;
                if shift != 0 && bits >> (64 - shift) != 0 {
                    self.words[word + i + 1] |= bits >> (64 - shift);
                }
            }
        }
    }

    /// The bits as words: neuron `n` is bit `n % 64` of word `n / 64`.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

impl Ord for ActivationPattern {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let reversed =
            |pattern: &Self| -> Vec<u64> { pattern.words.iter().map(|w| w.reverse_bits()).collect() };
        self.neurons.cmp(&other.neurons).then_with(|| reversed(self).cmp(&reversed(other)))
    }
}

impl PartialOrd for ActivationPattern {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ActivationPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..self.neurons()).try_for_each(|neuron| f.write_str(if self.is_active(neuron) { "1" } else { "0" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bits_survive(bits in proptest::collection::vec(any::<bool>(), 0..150)) {
            let pattern = ActivationPattern::from_bits(bits.clone());
            prop_assert_eq!(ActivationPattern::parse(&pattern.to_string()), Some(pattern.clone()));
            prop_assert_eq!(pattern.active().count(), bits.iter().filter(|&&b| b).count());
        }

        #[test]
        fn the_order_is_that_of_the_text(
            a in proptest::collection::vec(any::<bool>(), 70),
            b in proptest::collection::vec(any::<bool>(), 70),
        ) {
            let (a, b) = (ActivationPattern::from_bits(a), ActivationPattern::from_bits(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }
}
