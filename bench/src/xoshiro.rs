//! The random numbers of the reference loops: xoshiro256++ and exponential variates by inversion.
//!
//! It follows the public-domain algorithm of Blackman and Vigna (prng.di.unimi.it), seeded with
//! splitmix64 as they recommend. The engine draws its luck in another way and shares none of this.

/// State of one xoshiro256++ generator.
#[derive(Clone, Debug)]
pub struct Xoshiro {
    state: [u64; 4],
}

impl Xoshiro {
    /// A generator whose state is filled by splitmix64 from one number.
    pub fn new(seed: u64) -> Self {
        let mut word = seed;
        let state = std::array::from_fn(|_| {
            word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = word;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        });
        Self { state }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number below `bound`, by multiplication.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// An exponential variate with this mean, by -ln(u) with u in (0, 1].
    #[inline]
    pub fn exponential(&mut self, mean: f64) -> f64 {
        let uniform = ((self.bits() >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64);
        -uniform.ln() * mean
    }
}

#[cfg(test)]
mod tests {
    use super::Xoshiro;

    /// The first outputs for the state 1, 2, 3, 4, as the authors' C program prints them.
    #[test]
    fn bits_follow_the_published_algorithm() {
        let mut luck = Xoshiro {
            state: [1, 2, 3, 4],
        };
        let bits: [u64; 5] = std::array::from_fn(|_| luck.bits());
        let published = [
            41943041,
            58720359,
            3588806011781223,
            3591011842654386,
            9228616714210784205,
        ];
        assert_eq!(bits, published);
    }

    #[test]
    fn exponential_variates_have_the_mean_and_variance() {
        let mut luck = Xoshiro::new(7);
        let (mut sum, mut squares, count) = (0.0, 0.0, 1_000_000);
        for _ in 0..count {
            let variate = luck.exponential(0.01);
            sum += variate;
            squares += variate * variate;
        }
        let mean = sum / f64::from(count);
        let variance = squares / f64::from(count) - mean * mean;
        assert!((mean / 0.01 - 1.0).abs() < 0.005, "mean {mean}");
        assert!((variance / 1e-4 - 1.0).abs() < 0.02, "variance {variance}");
    }
}
