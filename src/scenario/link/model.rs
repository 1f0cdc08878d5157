//! Bytes as few bits: each bit is predicted from what stood in like places, and only what was not
//! expected costs much.
//!
//! Predictions of several contexts are mixed by weights that are learned on the way, as in Matt
//! Mahoney's lpaq; an arithmetic coder writes what is left. All numbers are whole, so that every
//! machine predicts the same. Links count on it: nothing here may ever change.

/// How many contexts predict each bit.
pub const CONTEXTS: usize = 8;
/// How many sets of weights there are.
pub const MIXES: usize = 4;
/// There are two to the power of this many places for predictions: a megabyte.
const SLOTS_POWER: u32 = 19;
const INPUTS: usize = 2 * CONTEXTS;
/// From here on a prediction changes slowly.
const SURE: u16 = 15;
/// How fast weights are learned.
const HASTE: i32 = 12;
const FIRST_WEIGHT: i32 = 12_000;

/// Where bits go to, or come from.
#[derive(Clone)]
enum Bits<'a> {
    /// Nowhere: it only learns.
    Learn,
    Write(Vec<u8>),
    Read(&'a [u8]),
}

/// Predicts, and writes or reads.
#[derive(Clone)]
pub struct Coder<'a> {
    /// How likely a one is in 4,096, times sixteen, and how often that was learned.
    slots: Vec<u16>,
    /// [`squash`] the other way round.
    stretched: Vec<i16>,
    weights: [[i32; INPUTS]; MIXES],
    low: u32,
    high: u32,
    /// What was read of the number between `low` and `high`.
    code: u32,
    bits: Bits<'a>,
}

impl<'a> Coder<'a> {
    /// A coder that only learns at first.
    pub fn new() -> Self {
        Self {
            slots: vec![1 << 15; 1 << SLOTS_POWER],
            stretched: (0..4_096).map(stretch).collect(),
            weights: [[FIRST_WEIGHT; INPUTS]; MIXES],
            low: 0,
            high: u32::MAX,
            code: 0,
            bits: Bits::Learn,
        }
    }

    /// Writes from now on.
    pub fn start_writing(&mut self) {
        self.bits = Bits::Write(Vec::new());
    }

    /// Reads from now on. Behind the end everything is zero.
    pub fn start_reading(&mut self, bytes: &'a [u8]) {
        self.bits = Bits::Read(bytes);
        for _ in 0..4 {
            self.code = self.code << 8 | self.next_byte();
        }
    }

    fn next_byte(&mut self) -> u32 {
        let Bits::Read(rest) = &mut self.bits else {
            return 0;
        };
        let Some((first, behind)) = rest.split_first() else {
            return 0;
        };
        *rest = behind;
        u32::from(*first)
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        let Bits::Write(mut bytes) = self.bits else {
            return Vec::new();
        };
        // The shortest number from `low` to `high`.
        let cut = (0..32).rev().find(|cut| {
            let number = (self.high >> cut) << cut;
            number >= self.low
        });
        let number = cut.map_or(self.low, |cut| (self.high >> cut) << cut);
        bytes.extend(number.to_be_bytes());
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        bytes
    }

    /// Writes a byte, or reads one in its place.
    pub fn byte(&mut self, contexts: &[u32; CONTEXTS], mix: usize, byte: u8) -> u8 {
        let mut known = 1_u32;
        for place in (0..8).rev() {
            let bit = self.bit(contexts, mix, known, byte >> place & 1 == 1);
            known = known << 1 | u32::from(bit);
        }
        known as u8
    }

    fn bit(&mut self, contexts: &[u32; CONTEXTS], mix: usize, known: u32, bit: bool) -> bool {
        let mut places = [0; CONTEXTS];
        let mut inputs = [0; INPUTS];
        let weights = &self.weights[mix];
        let mut sum = 0_i64;
        for n in 0..CONTEXTS {
            let hash = (contexts[n] ^ known.wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca6b);
            places[n] = (hash >> (32 - SLOTS_POWER)) as usize;
            let slot = self.slots[places[n]];
            let (chance, learned) = (slot >> 4, slot & 15);
            if learned > 0 {
                inputs[2 * n] = self.stretched[usize::from(chance)].into();
                let off = i32::from(chance) - 2_048;
                inputs[2 * n + 1] = off * i32::from(learned.min(8)) / 16;
            }
            for k in 2 * n..2 * n + 2 {
                sum += i64::from(inputs[k]) * i64::from(weights[k]);
            }
        }
        let chance = squash((sum >> 16).clamp(-2_047, 2_047) as i32);
        let bit = self.code_bit(chance as u32, bit);
        let miss = ((i32::from(bit) << 12) - chance) * HASTE;
        for (weight, input) in self.weights[mix].iter_mut().zip(inputs) {
            *weight = weight.saturating_add((input * miss + 0x8000) >> 16);
        }
        let goal = if bit { 4_095 } else { 0 };
        for place in places {
            let slot = self.slots[place];
            let (chance, learned) = (i32::from(slot >> 4), slot & 15);
            let step = (goal - chance) * 4 / (4 * i32::from(learned) + 5);
            self.slots[place] = ((chance + step) as u16) << 4 | (learned + 1).min(SURE);
        }
        bit
    }

    /// Writes or reads a bit that is a one with this chance in 4,096.
    fn code_bit(&mut self, chance: u32, bit: bool) -> bool {
        if matches!(self.bits, Bits::Learn) {
            return bit;
        }
        let range = u64::from(self.high - self.low);
        let middle = self.low + ((range * u64::from(chance)) >> 12) as u32;
        let bit = match self.bits {
            Bits::Read(_) => self.code <= middle,
            _ => bit,
        };
        if bit {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            if let Bits::Write(bytes) = &mut self.bits {
                bytes.push((self.high >> 24) as u8);
            }
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
            self.code = self.code << 8 | self.next_byte();
        }
        bit
    }
}

/// The logistic function, from -2,047…2,047 (256 is one) to 1…4,095, along straight lines.
fn squash(x: i32) -> i32 {
    const AT: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1_101, 1_546, 2_047, 2_549, 2_994,
        3_348, 3_607, 3_785, 3_901, 3_975, 4_024, 4_050, 4_068, 4_079, 4_085, 4_089, 4_092, 4_093,
        4_094,
    ];
    let (place, part) = (((x >> 7) + 16) as usize, x & 127);
    (AT[place] * (128 - part) + AT[place + 1] * part + 64) >> 7
}

/// The inverse of [`squash`].
fn stretch(chance: i32) -> i16 {
    let (mut low, mut high) = (-2_047, 2_047);
    while low < high {
        let middle = (low + high) >> 1;
        if squash(middle) < chance {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low as i16
}
