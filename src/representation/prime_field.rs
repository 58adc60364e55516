//! Arithmetic modulo a large prime, with roots of unity.
//!
//! Commutant algebras are semisimple modulo every prime that does not divide the group order, so their central idempotents
//! modulo such a prime are those of characteristic 0, reduced; integers below the prime that are traces of idempotents
//! can be read off exactly. With `p = 1 mod n` the field holds the `n`-th roots of unity, so that character values reduce.

/// The integers modulo a prime between `2^59` and `2^60`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrimeField {
    prime: u64,
    root: u64,
    root_order: u64,
}

/// Products below `2^120` whose sum surely fits into 128 bits.
const TERMS: usize = 128;

impl PrimeField {
    /// The field with the smallest prime above `2^59` that is 1 modulo `order`, and a primitive root of unity of that
    /// order. `None` where `order` is 0 or exceeds `2^40`.
    ///
    /// ```
    /// use isotypic::representation::prime_field::PrimeField;
    /// let field = PrimeField::with_roots_of_unity(12).unwrap();
    /// assert_eq!(field.power(field.root_of_unity(12), 6), field.prime() - 1);
    /// ```
    pub fn with_roots_of_unity(order: u64) -> Option<Self> {
        if order == 0 || order > 1 << 40 {
            return None;
        }
        let prime = ((1u64 << 59) / order + 1..)
            .map(|k| k * order + 1)
            .take_while(|&candidate| candidate < 1 << 60)
            .find(|&candidate| is_prime(candidate))?;
        let mut field = PrimeField { prime, root: 1, root_order: order };
        let factors = prime_factors(order);
        field.root = (2..prime)
            .map(|base| field.power(base, (prime - 1) / order))
            .find(|&root| factors.iter().all(|&q| field.power(root, order / q) != 1))?;
        Some(field)
    }

    /// The prime.
    pub fn prime(self) -> u64 {
        self.prime
    }

    /// The chosen primitive root of unity of this order, a power of one and the same root for all orders.
    ///
    /// # Panics
    /// Panics unless `order` divides the order for which the field was made.
    pub fn root_of_unity(self, order: u64) -> u64 {
        assert!(self.root_order.is_multiple_of(order), "order of a root of unity");
        self.power(self.root, self.root_order / order)
    }

    /// `a + b`.
    #[inline]
    pub fn add(self, a: u64, b: u64) -> u64 {
        let sum = a + b;
        if sum >= self.prime { sum - self.prime } else { sum }
    }

    /// `a - b`.
    #[inline]
    pub fn subtract(self, a: u64, b: u64) -> u64 {
        if a >= b { a - b } else { a + self.prime - b }
    }

    /// `a b`.
    #[inline]
    pub fn multiply(self, a: u64, b: u64) -> u64 {
        (a as u128 * b as u128 % self.prime as u128) as u64
    }

    /// `a^exponent`.
    pub fn power(self, mut a: u64, mut exponent: u64) -> u64 {
        let mut result = 1;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.multiply(result, a);
            }
            a = self.multiply(a, a);
            exponent >>= 1;
        }
        result
    }

    /// `1 / a`.
    ///
    /// # Panics
    /// Panics for 0.
    pub fn invert(self, a: u64) -> u64 {
        assert!(!a.is_multiple_of(self.prime), "zero has no inverse");
        self.power(a, self.prime - 2)
    }

    /// `a / b` for two numbers.
    ///
    /// # Panics
    /// Panics where `b` is a multiple of the prime.
    pub fn fraction(self, a: u64, b: u64) -> u64 {
        self.multiply(a % self.prime, self.invert(b % self.prime))
    }

    /// `sum a_i b_i`.
    pub fn dot(self, a: &[u64], b: &[u64]) -> u64 {
        let mut total = 0u128;
        for (a, b) in a.chunks(TERMS).zip(b.chunks(TERMS)) {
            let sum: u128 = a.iter().zip(b).map(|(&a, &b)| a as u128 * b as u128).sum();
            total = (total + sum) % self.prime as u128;
        }
        total as u64
    }

    /// The number `value` as an integer between `-bound` and `bound`; `None` where it is none.
    pub fn small(self, value: u64, bound: u64) -> Option<i64> {
        let bound = bound.min(1 << 58);
        if value <= bound {
            Some(value as i64)
        } else if self.prime - value <= bound {
            Some(-((self.prime - value) as i64))
        } else {
            None
        }
    }
}

/// Whether a number is prime, by the test of Miller and Rabin with bases that decide all numbers of 64 bits.
///
/// ```
/// use isotypic::representation::prime_field::is_prime;
/// assert!(is_prime(2) && is_prime((1 << 61) - 1) && !is_prime(1) && !is_prime(3_215_031_751));
/// ```
pub fn is_prime(n: u64) -> bool {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if n < 2 || BASES.iter().any(|&q| n != q && n.is_multiple_of(q)) {
        return false;
    }
    let field = PrimeField { prime: n, root: 1, root_order: 1 };
    let (odd, twos) = ((n - 1) >> (n - 1).trailing_zeros(), (n - 1).trailing_zeros());
    BASES.iter().filter(|&&base| base < n).all(|&base| {
        let mut x = field.power(base, odd);
        if x == 1 || x == n - 1 {
            return true;
        }
        (1..twos).any(|_| {
            x = field.multiply(x, x);
            x == n - 1
        })
    })
}

fn prime_factors(mut n: u64) -> Vec<u64> {
    let mut factors = Vec::new();
    let mut q = 2;
    while q * q <= n {
        if n.is_multiple_of(q) {
            factors.push(q);
            while n.is_multiple_of(q) {
                n /= q;
            }
        }
        q += 1;
    }
    if n > 1 {
        factors.push(n);
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_primes_are_found() {
        let sieve: Vec<u64> = (2..2000).filter(|&n| (2..n).all(|d| n % d != 0)).collect();
        let tested: Vec<u64> = (0..2000).filter(|&n| is_prime(n)).collect();
        assert_eq!(sieve, tested);
    }

    proptest! {
        #[test]
        fn inverses_and_dots(a in 1u64..u64::MAX, order in 1u64..100_000, length in 0usize..400) {
            let field = PrimeField::with_roots_of_unity(order).unwrap();
            let a = a % field.prime();
            prop_assume!(a != 0);
            prop_assert_eq!(field.multiply(a, field.invert(a)), 1);
            prop_assert_eq!(field.power(field.root_of_unity(order), order), 1);
            let values: Vec<u64> = (0..length as u64).map(|i| field.multiply(a, a ^ i)).collect();
            let slow = values.iter().fold(0, |sum, &v| field.add(sum, field.multiply(v, v)));
            prop_assert_eq!(field.dot(&values, &values), slow);
        }
    }
}
