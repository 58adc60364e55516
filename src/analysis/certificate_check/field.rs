//! Arithmetic modulo the prime of a certificate.

use super::{GraphCertificate, Step};

/// Arithmetic modulo the prime.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) prime: u64,
}

impl Field {
    pub(super) fn new(certificate: &GraphCertificate) -> Step<Self> {
        const NAME: &str = "the prime is a prime and large enough";
        let prime = certificate.prime;
        if prime >> 32 == 0 || prime >> 60 != 0 || prime.is_multiple_of(2) || !Field::is_prime(prime) {
            return Err((NAME, format!("{prime} is no prime between 2^32 and 2^60")));
        }
        let field = Field { prime };
        if certificate.pieces.iter().any(|piece| piece.eigenvalue >= prime) {
            return Err((NAME, "an eigenvalue is not reduced".into()));
        }
        Ok(field)
    }

    /// The test of Miller and Rabin with the first twelve primes, which is exact below `2^64`.
    fn is_prime(n: u64) -> bool {
        let field = Field { prime: n };
        let twos = (n - 1).trailing_zeros();
        [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].into_iter().all(|base| {
            let mut power = field.power(base, (n - 1) >> twos);
            let mut seen = power == 1 || power == n - 1;
            for _ in 1..twos {
                power = field.times(power, power);
                seen |= power == n - 1;
            }
            seen
        })
    }

    pub(super) fn times(self, a: u64, b: u64) -> u64 {
        (u128::from(a) * u128::from(b) % u128::from(self.prime)) as u64
    }

    pub(super) fn plus(self, a: u64, b: u64) -> u64 {
        (a + b) % self.prime
    }

    pub(super) fn minus(self, a: u64, b: u64) -> u64 {
        (a + self.prime - b) % self.prime
    }

    pub(super) fn power(self, a: u64, exponent: u64) -> u64 {
        (0..64).rev().fold(1, |result, bit| {
            let square = self.times(result, result);
            if exponent >> bit & 1 == 1 { self.times(square, a) } else { square }
        })
    }

    pub(super) fn inverse(self, a: u64) -> u64 {
        self.power(a, self.prime - 2)
    }

    /// The integer between `-bound` and `bound` that a residue stands for.
    pub(super) fn integer(self, a: u64, bound: u64) -> Option<i64> {
        if a <= bound {
            return i64::try_from(a).ok();
        }
        if self.prime - a <= bound { i64::try_from(self.prime - a).ok().map(|value| -value) } else { None }
    }
}
