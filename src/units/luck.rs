//! Counter-based luck: a draw is a pure function of what it is for.
//!
//! A [`Luck`] is the seed of a SplitMix64 sequence (Steele, Lea and Flood 2014), and a draw is the
//! n-th output of that sequence, computed without the ones before it. Outputs seed further
//! sequences, so that luck branches like a path: seed and name, purpose, message, draw. Nothing is
//! consumed and nothing has to be saved.

use xxhash_rust::xxh64::xxh64;

/// The increment of SplitMix64: 2^64 divided by the golden ratio, made odd.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A place in the tree of all luck, from which any number of draws can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck(u64);

/// What a draw decides. The numbers are part of every digest: they are never changed or reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Which id an event gets.
    Identity = 1,
    /// The time until the next event of a producer.
    Interarrival = 2,
    /// Which of several event types is sent.
    EventChoice = 3,
    /// Which key a message has.
    KeyChoice = 4,
    /// The variable parts of a body.
    Body = 5,
    /// How long the work on a message takes.
    ServiceTime = 6,
    /// Whether the work on a message fails.
    Failure = 7,
    /// How long a link takes.
    Latency = 8,
    /// Whether a link loses what it carries.
    Loss = 9,
    /// Whether a link carries something twice.
    Duplication = 10,
    /// Whether a link holds something back so that later ones overtake it.
    Reordering = 11,
    /// Whether a service emits one of its events.
    Emission = 12,
    /// Which member of a group gets a message.
    Member = 13,
    /// How long to wait before something is tried again.
    Backoff = 14,
    /// What a call meets.
    Call = 15,
    /// Which partition gets a message without a key.
    Partition = 20,
    /// Whether a request of a client fails, or its answer.
    Request = 24,
}

impl Luck {
    /// The luck of everything that goes by `name` in a run with `seed`.
    pub fn of(seed: u64, name: &str) -> Self {
        Self(xxh64(name.as_bytes(), seed))
    }

    /// The part of this luck that is for one purpose.
    pub const fn purpose(self, purpose: Purpose) -> Self {
        self.at(purpose as u64)
    }

    /// The part of this luck that belongs to number `counter`.
    #[inline]
    pub const fn at(self, counter: u64) -> Self {
        Self(self.draw(counter))
    }

    /// The part of this luck that belongs to one attempt at one event.
    ///
    /// Identities of events are draws of 64 bits, so that neighbours of one are not others.
    #[inline]
    pub const fn attempt(self, root: u64, attempt: u16) -> Self {
        self.at(root.wrapping_add(attempt as u64))
    }

    /// Draw number `index`: 64 even bits.
    #[inline]
    pub const fn draw(self, index: u64) -> u64 {
        split_mix(
            self.0
                .wrapping_add(index.wrapping_add(1).wrapping_mul(GAMMA)),
        )
    }

    /// Draw number `index` as a real number above 0 and up to 1.
    #[inline]
    pub fn unit(self, index: u64) -> f64 {
        ((self.draw(index) >> 11) + 1) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Draw number `index` as a whole number below `bound`, which is above zero.
    #[inline]
    pub const fn below(self, index: u64, bound: u32) -> u32 {
        (((self.draw(index) >> 32) * bound as u64) >> 32) as u32
    }
}

/// The output function of SplitMix64 (variant 13 of Stafford's mixers).
#[inline]
const fn split_mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the authors' splitmix64.c for the seed 1234567.
    #[test]
    fn draws_are_the_published_sequence() {
        let expected: [u64; 5] = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (index, value) in expected.into_iter().enumerate() {
            assert_eq!(Luck(1_234_567).draw(index as u64), value);
        }
    }

    /// Chi-square over 256 classes, for draws along each axis on which runs take them: the index,
    /// the counter, the attempt, the purpose and the name. 255 degrees of freedom: 99.99 % of fair
    /// samples lie between 179 and 347.
    #[test]
    fn draws_are_even_along_every_axis() {
        let base = Luck::of(1, "node 7");
        type Axis = Box<dyn Fn(u64) -> u64>;
        let axes: [(&str, Axis); 6] = [
            ("index", Box::new(move |n| base.draw(n))),
            ("counter", Box::new(move |n| base.at(n).draw(0))),
            (
                "event",
                Box::new(move |n| base.attempt(base.draw(n), 1).draw(0)),
            ),
            (
                "attempt",
                Box::new(move |n| base.attempt(99, n as u16).draw(0)),
            ),
            (
                "name",
                Box::new(|n| Luck::of(1, &format!("node {n}")).draw(0)),
            ),
            (
                "seed",
                Box::new(|n| Luck::of(n, "node 1").purpose(Purpose::Latency).draw(0)),
            ),
        ];
        for (axis, draw) in axes {
            for shift in [0, 28, 56] {
                let mut classes = [0u32; 256];
                for n in 0..65_536 {
                    classes[(draw(n) >> shift) as usize & 255] += 1;
                }
                let chi: f64 = classes
                    .iter()
                    .map(|&count| f64::from(count) - 256.0)
                    .map(|off| off * off / 256.0)
                    .sum();
                assert!(
                    (179.0..347.0).contains(&chi),
                    "{axis} >> {shift}: chi-square {chi}"
                );
            }
        }
    }

    /// Neighbouring counters share no pattern: the correlation of 65,536 pairs stays within four
    /// standard errors (4 / 256) of zero.
    #[test]
    fn neighbouring_draws_are_not_correlated() {
        let luck = Luck::of(42, "node 1").purpose(Purpose::ServiceTime);
        let pairs = 65_536;
        let covariance: f64 = (0..pairs)
            .map(|n| (luck.unit(n) - 0.5) * (luck.unit(n + 1) - 0.5))
            .sum();
        let correlation = covariance / pairs as f64 * 12.0;
        assert!(correlation.abs() < 4.0 / 256.0, "correlation {correlation}");
    }
}
