//! Partitions of `n`: names of the simple representations of the symmetric group.

use crate::num::{Integer, Natural};

/// A partition: parts in decreasing order, all positive.
///
/// ```
/// use isotypic::representation::partition::Partition;
/// let shape = Partition::new(vec![3, 1]);
/// assert_eq!(shape.to_string(), "[3,1]");
/// assert_eq!(shape.dim(), 3u8.into());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(Vec<usize>);

impl Partition {
    /// The partition with these parts, sorted here; zeros are dropped.
    pub fn new(mut parts: Vec<usize>) -> Self {
        parts.retain(|&part| part > 0);
        parts.sort_unstable_by(|a, b| b.cmp(a));
        Partition(parts)
    }

    /// The parts in decreasing order.
    pub fn parts(&self) -> &[usize] {
        &self.0
    }

    /// The sum of the parts.
    pub fn size(&self) -> usize {
        self.0.iter().sum()
    }

    /// The partition whose diagram is this one reflected.
    pub fn conjugate(&self) -> Self {
        let columns = self.0.first().copied().unwrap_or(0);
        Partition((0..columns).map(|c| self.0.iter().filter(|&&part| part > c).count()).collect())
    }

    /// The dimension of the simple representation that the partition names, by the hook length formula.
    pub fn dim(&self) -> Natural {
        let columns = self.conjugate();
        let mut hooks = Natural::ONE;
        for (row, &length) in self.0.iter().enumerate() {
            for column in 0..length {
                hooks *= Natural::from(length - column + columns.0[column] - row - 1);
            }
        }
        crate::group::stabilizer_chain::factorial(self.size()) / hooks
    }

    /// The sum of the contents (column minus row) of the boxes: the number by which the sum of all transpositions acts.
    pub fn content(&self) -> Integer {
        let mut sum: i128 = 0;
        for (row, &length) in self.0.iter().enumerate() {
            let (row, length) = (row as i128, length as i128);
            sum += length * (length - 1) / 2 - row * length;
        }
        Integer::from(sum)
    }

    /// The value of the character at a cycle of length `k` (the other points fixed), by the rule of Murnaghan and
    /// Nakayama: the sum over rim hooks of length `k`, with sign, of the dimension of what is left.
    ///
    /// ```
    /// use isotypic::representation::partition::Partition;
    /// assert_eq!(Partition::new(vec![3, 1]).character_at_cycle(2), 1.into());
    /// assert_eq!(Partition::new(vec![2, 2]).character_at_cycle(3), (-1).into());
    /// ```
    pub fn character_at_cycle(&self, k: usize) -> Integer {
        let rows = self.0.len();
        let beta: Vec<usize> = self.0.iter().enumerate().map(|(i, &part)| part + rows - 1 - i).collect();
        let mut sum = Integer::ZERO;
        for &b in &beta {
            let Some(lowered) = b.checked_sub(k).filter(|lowered| !beta.contains(lowered)) else { continue };
            let jumped = beta.iter().filter(|&&other| lowered < other && other < b).count();
            let mut rest: Vec<usize> = beta.iter().map(|&o| if o == b { lowered } else { o }).collect();
            rest.sort_unstable_by(|a, b| b.cmp(a));
            let parts = rest.iter().enumerate().map(|(i, &b)| b - (rows - 1 - i)).collect();
            let dim = Integer::from(Partition::new(parts).dim());
            sum += if jumped % 2 == 0 { dim } else { -dim };
        }
        sum
    }

    /// The Kostka number: how many semistandard tableaux of this shape hold `content[i]` entries `i`. It is how often the
    /// simple representation occurs in the functions on the cosets of the Young subgroup of the content.
    ///
    /// ```
    /// use isotypic::representation::partition::Partition;
    /// // Ordered pairs of distinct points: the cosets of S_1 x S_1 x S_(n-2).
    /// assert_eq!(Partition::new(vec![3, 1]).kostka(&[2, 1, 1]), 2);
    /// ```
    pub fn kostka(&self, content: &[usize]) -> usize {
        let Some((&last, earlier)) = content.split_last() else { return usize::from(self.0.is_empty()) };
        if self.size() != content.iter().sum::<usize>() || self.0.len() > content.len() {
            return 0;
        }
        let mut total = 0;
        let mut parts = self.0.clone();
        parts.resize(content.len(), 0);
        without_horizontal_strips(&parts, last, &mut Vec::new(), &mut |rest| {
            total += Partition::new(rest.to_vec()).kostka(earlier);
        });
        total
    }

    /// All partitions of `n` in decreasing lexicographic order: `[n]` first.
    ///
    /// ```
    /// use isotypic::representation::partition::Partition;
    /// assert_eq!(Partition::all(5).len(), 7);
    /// ```
    pub fn all(n: usize) -> Vec<Partition> {
        let mut found = Vec::new();
        extend(n, n, &mut Vec::new(), &mut found);
        found
    }

    /// The partitions of `n` with at most `depth` boxes below the first row, by increasing number of such boxes.
    pub fn with_few_below(n: usize, depth: usize) -> Vec<Partition> {
        let mut found = Vec::new();
        for below in 0..=depth.min(n) {
            for rest in Partition::all(below) {
                if rest.0.first().copied().unwrap_or(0) <= n - below {
                    let mut parts = vec![n - below];
                    parts.extend(&rest.0);
                    found.push(Partition::new(parts));
                }
            }
        }
        found
    }
}

/// Calls `found` with every shape that is `parts` without a horizontal strip of `boxes` boxes.
fn without_horizontal_strips(
    parts: &[usize],
    boxes: usize,
    chosen: &mut Vec<usize>,
    found: &mut dyn FnMut(&[usize]),
) {
    let row = chosen.len();
    if row == parts.len() {
        if boxes == 0 {
            found(chosen);
        }
        return;
    }
    let least = parts.get(row + 1).copied().unwrap_or(0).max(parts[row].saturating_sub(boxes));
    for length in least..=parts[row] {
        chosen.push(length);
        without_horizontal_strips(parts, boxes - (parts[row] - length), chosen, found);
        chosen.pop();
    }
}

fn extend(left: usize, largest: usize, parts: &mut Vec<usize>, found: &mut Vec<Partition>) {
    if left == 0 {
        found.push(Partition(parts.clone()));
        return;
    }
    for part in (1..=largest.min(left)).rev() {
        parts.push(part);
        extend(left - part, part, parts, found);
        parts.pop();
    }
}

impl std::fmt::Display for Partition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self.0.iter().map(usize::to_string).collect();
        write!(f, "[{}]", parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_of_dimensions_add_up_to_the_order() {
        for n in 1..9 {
            let sum = Partition::all(n).iter().fold(Natural::ZERO, |sum, p| sum + p.dim() * p.dim());
            assert_eq!(sum, crate::group::stabilizer_chain::factorial(n));
        }
    }

    #[test]
    fn conjugation_negates_the_content() {
        for partition in Partition::all(7) {
            assert_eq!(partition.conjugate().content(), -partition.content());
            assert_eq!(partition.conjugate().conjugate(), partition);
        }
    }

    /// `sum_L K_L,content dim L` is the number of cosets of the Young subgroup.
    #[test]
    fn kostka_numbers_count_cosets() {
        use crate::group::stabilizer_chain::factorial;
        for content in [vec![4, 2], vec![2, 4], vec![3, 1, 1, 1], vec![2, 2, 2], vec![1; 5], vec![6]] {
            let n = content.iter().sum();
            let sum = Partition::all(n)
                .iter()
                .fold(Natural::ZERO, |sum, p| sum + Natural::from(p.kostka(&content)) * p.dim());
            let young = content.iter().fold(Natural::ONE, |order, &part| order * factorial(part));
            assert_eq!(sum, factorial(n) / young, "{content:?}");
        }
    }

    #[test]
    fn characters_at_transpositions_are_contents() {
        for n in 2..8usize {
            for partition in Partition::all(n) {
                let pairs = Integer::from(n * (n - 1) / 2);
                let dim = Integer::from(partition.dim());
                assert_eq!(partition.character_at_cycle(2) * pairs, partition.content() * dim);
                assert_eq!(partition.character_at_cycle(1), Integer::from(partition.dim()));
            }
        }
    }

    #[test]
    fn few_below_is_a_part_of_all() {
        let mut few = Partition::with_few_below(6, 6);
        let mut all = Partition::all(6);
        few.sort();
        all.sort();
        assert_eq!(few, all);
    }
}
