//! How often lengths fell into classes that are less than one percent wide.
//!
//! Lengths below 256 have a class each; above, every power of two is cut into 128 classes of equal
//! width (the layout of HdrHistogram with two digits). Counting one is an index and an addition.

/// Counts by class. It takes memory up to the largest length seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Histogram {
    counts: Vec<u32>,
    total: u64,
}

/// Classes of each power of two, as a power of two.
const CLASS_BITS: u32 = 7;

impl Histogram {
    /// Counts a length.
    #[inline(always)]
    pub(super) fn record(&mut self, length: u64) {
        let class = class_of(length);
        self.total += 1;
        match self.counts.get_mut(class) {
            Some(count) => *count = count.saturating_add(1),
            None => self.grow(class),
        }
    }

    /// Counts one in a class for which there was no room: there is then to the end of the power of
    /// two, so that growing is rare.
    #[inline(never)]
    fn grow(&mut self, class: usize) {
        self.counts.resize((class | ((1 << CLASS_BITS) - 1)) + 1, 0);
        self.counts[class] += 1;
    }

    /// How many were counted.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The longest length of the class in which `percent` of all are reached; zero if there are
    /// none.
    pub(super) fn percentile(&self, percent: f64) -> u64 {
        let wanted = libm::ceil(self.total as f64 * percent.clamp(0.0, 100.0) / 100.0) as u64;
        let mut sum = 0;
        for (class, count) in self.counts.iter().enumerate() {
            sum += u64::from(*count);
            if sum >= wanted.max(1) {
                return longest_of(class);
            }
        }
        0
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.counts.len() * 4
    }
}

#[inline]
fn class_of(length: u64) -> usize {
    let shift = (63 - (length | 1).leading_zeros()).saturating_sub(CLASS_BITS);
    ((u64::from(shift) << CLASS_BITS) + (length >> shift)) as usize
}

fn longest_of(class: usize) -> u64 {
    let shift = (class >> CLASS_BITS).saturating_sub(1);
    let first = (class - (shift << CLASS_BITS)) as u64;
    (first << shift) + ((1u64 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_in_a_class_less_than_one_percent_wide() {
        let lengths = (0..5_000).chain((8..64).flat_map(|bit| [(1 << bit) - 1, 1 << bit]));
        for length in lengths.chain([u64::MAX]) {
            let longest = longest_of(class_of(length));
            assert!(longest >= length, "{length}");
            assert!(
                (longest - length) as f64 <= length as f64 / 128.0,
                "{length} {longest}"
            );
            assert_eq!(class_of(longest), class_of(length), "{length}");
        }
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_lengths() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(50.0), 0);
        for length in 1..=100 {
            histogram.record(length);
        }
        for (percent, expected) in [(0.0, 1), (1.0, 1), (50.0, 50), (99.0, 99), (100.0, 100)] {
            assert_eq!(histogram.percentile(percent), expected);
        }
    }
}
