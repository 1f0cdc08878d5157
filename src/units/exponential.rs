//! Exponential variates without a logarithm.
//!
//! The algorithm SA of Ahrens and Dieter (1972), which is also that of R: the leading zeros of the
//! draw count how often the variate is halved, and the digits after them say where it lies. Only
//! additions, multiplications and comparisons, which give the same bits on every platform.

use std::f64::consts::LN_2;

use super::Luck;

/// The sums of the first terms of `exp(ln 2) - 1`: `ln 2 / 1! + (ln 2)^2 / 2! + ...`, up to one.
const SUMS: [f64; 16] = {
    let mut sums = [0.0; 16];
    let (mut term, mut sum, mut n) = (1.0, 0.0, 0);
    while n < sums.len() {
        term *= LN_2 / (n + 1) as f64;
        sum += term;
        sums[n] = sum;
        n += 1;
    }
    sums
};

/// Draw number `index` of `luck` as an exponential variate with mean one.
#[inline(always)]
pub fn exponential(luck: Luck, index: u64) -> f64 {
    let bits = luck.draw(index) | 1;
    let zeros = bits.leading_zeros();
    let digits = bits << zeros << 1;
    let place = (digits >> 11) as i64 as f64 * (1.0 / 9_007_199_254_740_992.0);
    let whole = f64::from(zeros) * LN_2;
    if place <= LN_2 {
        whole + place
    } else {
        whole + LN_2 * least(luck.at(index), place)
    }
}

/// The least of as many further draws as it takes until `place` is below the sum, and one more.
#[inline(never)]
fn least(further: Luck, place: f64) -> f64 {
    let mut least = further.unit(0);
    for (n, sum) in (1..).zip(&SUMS[1..]) {
        let draw = further.unit(n);
        if draw < least {
            least = draw;
        }
        if place <= *sum {
            break;
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u64 = 1_000_000;

    /// The raw moments of an exponential are 1, 2, 6 and 24; their standard errors here are 0.001,
    /// 0.0045, 0.026 and 0.2.
    #[test]
    fn variates_have_the_moments_of_an_exponential() {
        let luck = Luck::of(1, "moments");
        let mut sums = [0.0; 4];
        for index in 0..DRAWS {
            let variate = exponential(luck, index);
            let mut power = 1.0;
            for sum in &mut sums {
                power *= variate;
                *sum += power;
            }
        }
        for ((sum, moment), error) in sums.iter().zip([1.0, 2.0, 6.0, 24.0]).zip([1, 5, 27, 200]) {
            let off: f64 = sum / DRAWS as f64 - moment;
            assert!(
                off.abs() < 4e-3 * f64::from(error),
                "{moment}: off by {off}"
            );
        }
    }

    /// Chi-square over 256 equally likely classes of the distribution function. 255 degrees of
    /// freedom: 99.99 % of fair samples lie between 179 and 347.
    #[test]
    fn variates_are_distributed_as_an_exponential() {
        for name in ["a", "b", "c"] {
            let luck = Luck::of(7, name);
            let mut classes = [0u32; 256];
            for index in 0..DRAWS {
                let below = -libm::expm1(-exponential(luck, index));
                classes[((below * 256.0) as usize).min(255)] += 1;
            }
            let expected = DRAWS as f64 / 256.0;
            let chi: f64 = classes
                .iter()
                .map(|&count| (f64::from(count) - expected).powi(2) / expected)
                .sum();
            assert!((179.0..347.0).contains(&chi), "chi-square {chi}");
        }
    }

    #[test]
    fn neighbouring_variates_are_not_correlated() {
        let luck = Luck::of(3, "pairs");
        let pairs = 100_000;
        let products =
            (0..pairs).map(|n| (exponential(luck, n) - 1.0) * (exponential(luck, n + 1) - 1.0));
        let correlation = products.sum::<f64>() / pairs as f64;
        assert!(correlation.abs() < 4.0 / 316.0, "correlation {correlation}");
    }
}
