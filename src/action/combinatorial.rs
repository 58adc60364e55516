//! Numbering of subsets and of tuples with distinct entries.

/// The binomial coefficient `n choose k`; `None` where it exceeds `usize`.
///
/// ```
/// assert_eq!(isotypic::action::combinatorial::binomial(100, 2), Some(4950));
/// ```
pub fn binomial(n: usize, k: usize) -> Option<usize> {
    if k > n {
        return Some(0);
    }
    let mut value: u128 = 1;
    for i in 0..k.min(n - k) {
        value = value.checked_mul((n - i) as u128)? / (i + 1) as u128;
    }
    usize::try_from(value).ok()
}

/// The number of tuples of `k` distinct points out of `n`; `None` where it exceeds `usize`.
pub fn falling_factorial(n: usize, k: usize) -> Option<usize> {
    if k > n {
        return Some(0);
    }
    (0..k).try_fold(1usize, |product, i| product.checked_mul(n - i))
}

/// The `k`-subsets of `0..n` in lexicographic order.
pub fn subsets(n: usize, k: usize) -> Vec<Vec<u32>> {
    itertools::Itertools::combinations(0..n as u32, k).collect()
}

/// The tuples of `k` distinct points of `0..n` in lexicographic order.
pub fn distinct_tuples(n: usize, k: usize) -> Vec<Vec<u32>> {
    let mut tuples = vec![vec![]];
    for _ in 0..k {
        tuples = tuples
            .iter()
            .flat_map(|tuple: &Vec<u32>| {
                (0..n as u32).filter(|x| !tuple.contains(x)).map(|x| {
                    let mut longer = tuple.clone();
                    longer.push(x);
                    longer
                })
            })
            .collect();
    }
    tuples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_match_the_lists() {
        for n in 0..7 {
            for k in 0..8 {
                assert_eq!(Some(subsets(n, k).len()), binomial(n, k));
                assert_eq!(Some(distinct_tuples(n, k).len()), falling_factorial(n, k));
            }
        }
        assert_eq!(binomial(200, 100), None);
    }
}
