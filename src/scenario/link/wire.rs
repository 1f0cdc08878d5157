//! JSON as a row of small numbers and letters, each in its context, for the [`super::model`].
//!
//! It is the same for every JSON, so that settings may come and go without another format. What is
//! usual is learned from a primer, a scenario that both sides read first: its words are known from
//! then on by their numbers, and what usually stands where costs next to nothing. What the primer
//! does not have is written out.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Number, Value};

use super::model::{CONTEXTS, Coder};
use crate::units::SimDuration;

/// Links count on it: it never changes, whatever kinds and settings are called later. What is usual
/// then may be told in a second primer, behind this one, in links of another tag.
const PRIMER: &str = include_str!("primer.json");

/// What a link unfolds to makes no sense, or is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Senseless;

type Read<T> = Result<T, Senseless>;

/// Most memory that a link may unfold to, in bytes, about. What is longer goes as a file.
const ROOM: usize = 3 << 20;
const ROOM_OF_VALUE: usize = 80;
const ROOM_OF_OBJECT: usize = 240;
const ROOM_OF_FIELD: usize = 80;
/// Most numbers and letters.
const BYTES_MAX: usize = 256 << 10;
/// How deep values may be inside of each other: a little more than in a file.
const DEPTH_MAX: usize = 140;

// What a value is.
const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
/// A whole number that fits `i64`.
const WHOLE: u8 = 3;
/// The same, as what it adds to the last one of its name.
const STEP: u8 = 4;
/// A whole number above that.
const LARGE: u8 = 5;
/// A number with few decimals: a whole number, and how many tenths of it are taken.
const DECIMAL: u8 = 6;
/// Another number, bit by bit.
const BITS: u8 = 7;
const TEXT: u8 = 8;
/// A text that is a duration, as a program writes it: nanoseconds, without their last zeros.
const SPAN: u8 = 9;
const ARRAY: u8 = 10;
const OBJECT: u8 = 11;
/// The end of an array.
const END: u8 = 12;

// What texts begin with, where they are no numbers of known ones.
const NO_MORE: u64 = 0;
const SPELLED: u64 = 1;
const KNOWN: u64 = 2;

/// Most decimals of a number that is written as a decimal.
const DECIMALS_MAX: u8 = 15;
/// Largest step that is written as one.
const STEP_MAX: u64 = 8;

/// Writes a value, unless it is more than is read.
pub fn write(value: &Value) -> Option<Vec<u8>> {
    let mut wire = Wire::primed();
    wire.coder.start_writing();
    wire.write(value).then(|| wire.coder.finish())
}

/// Reads a value.
pub fn read(bytes: &[u8]) -> Read<Value> {
    let mut wire = Wire::primed();
    wire.coder.start_reading(bytes);
    let tag = wire.tag(0);
    wire.read(tag, DEPTH_MAX)
}

/// What a number or letter is, for its context.
#[derive(Clone, Copy)]
enum Part {
    Tag,
    Key,
    Number,
    Letter,
}

/// Where one is in a scenario.
#[derive(Clone)]
struct Wire<'a> {
    coder: Coder<'a>,
    /// The numbers of texts that were there before.
    codes: BTreeMap<String, u64>,
    texts: Vec<String>,
    /// The last whole number of each name.
    last: BTreeMap<u32, i64>,
    /// The name of the field, or the one before, and that of the object around it.
    key: u32,
    around: u32,
    /// The text that says best what the object is, such as the kind of a node.
    sort: u32,
    /// The latest numbers, and the latest letters, four each.
    numbers: u32,
    letters: u32,
    /// The beginning of a word.
    word: u32,
    room: usize,
    bytes: usize,
}

impl<'a> Wire<'a> {
    /// One that has read the primer. That takes a hundred times as long as a copy of it.
    fn primed() -> Self {
        static PRIMED: OnceLock<Wire<'static>> = OnceLock::new();
        PRIMED.get_or_init(Self::prime).clone()
    }

    fn prime() -> Wire<'static> {
        let mut wire = Wire {
            coder: Coder::new(),
            codes: BTreeMap::new(),
            texts: Vec::new(),
            last: BTreeMap::new(),
            key: 0,
            around: 0,
            sort: 0,
            numbers: 0,
            letters: 0,
            word: 0,
            room: ROOM,
            bytes: BYTES_MAX,
        };
        let primer: Value = serde_json::from_str(PRIMER).unwrap_or_default();
        for sample in primer.as_array().into_iter().flatten() {
            wire.write(sample);
            wire.last.clear();
        }
        (wire.room, wire.bytes) = (ROOM, BYTES_MAX);
        wire
    }

    /// Whether there is room for so much more. To be asked before anything is made.
    fn has_room(&mut self, bytes: usize) -> bool {
        let left = self.room.checked_sub(bytes);
        self.room = left.unwrap_or_default();
        left.is_some()
    }

    fn byte(&mut self, part: Part, place: u32, byte: u8) -> u8 {
        self.bytes = self.bytes.saturating_sub(1);
        let (key, before) = (self.key, self.numbers);
        let is_letter = matches!(part, Part::Letter);
        let contexts: [u32; CONTEXTS] = if is_letter {
            let letters = self.letters;
            [
                0,
                letters & 0xff,
                letters & 0xffff,
                letters & 0xff_ffff,
                letters,
                self.word,
                key,
                mixed(key, letters & 0xff),
            ]
        } else {
            [
                key,
                mixed(key, before & 0xff),
                mixed(key, before & 0xffff),
                mixed(key, self.sort),
                mixed(key, self.around),
                mixed(mixed(key, self.sort), before & 0xff),
                before & 0xffff,
                before & 0xff_ffff,
            ]
        };
        let salt = 0x1_0001 * (1 + part as u32 + 4 * place.min(3));
        let mut hashed = [0; CONTEXTS];
        for (n, context) in contexts.into_iter().enumerate() {
            hashed[n] = mixed(context, salt + n as u32);
        }
        let byte = self.coder.byte(&hashed, part as usize, byte);
        if is_letter {
            self.letters = self.letters << 8 | u32::from(byte);
            self.word = match byte.is_ascii_alphabetic() {
                true => mixed(self.word, byte.to_ascii_lowercase().into()),
                false => 0,
            };
        } else {
            self.numbers = self.numbers << 8 | u32::from(byte);
        }
        byte
    }

    fn tag(&mut self, tag: u8) -> u8 {
        self.byte(Part::Tag, 0, tag)
    }

    /// A number in as many bytes as it needs, seven bits in each.
    fn number(&mut self, part: Part, number: u64) -> u64 {
        let (mut rest, mut read) = (number, 0);
        for place in 0..10 {
            let is_last = rest < 0x80;
            let byte = rest as u8 & 0x7f | u8::from(!is_last) << 7;
            let byte = self.byte(part, place, byte);
            read |= u64::from(byte & 0x7f) << (7 * place);
            rest >>= 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        read
    }

    fn whole(&mut self, whole: i64) -> i64 {
        let read = self.number(Part::Number, zigzag(whole));
        (read >> 1) as i64 ^ -((read & 1) as i64)
    }

    /// A whole number of the field that this is; the next may be a step from it.
    fn remember(&mut self, whole: i64) {
        self.last.insert(self.key, whole);
    }

    fn letters(&mut self, text: &str) -> Read<String> {
        let mut bytes = Vec::new();
        let mut spelled = text.bytes();
        self.letters = 0;
        self.word = 0;
        loop {
            // No text has this byte, so it can be the end.
            let byte = self.byte(Part::Letter, 0, spelled.next().unwrap_or(0xff));
            if byte == 0xff {
                return String::from_utf8(bytes).map_err(|_| Senseless);
            }
            if self.bytes == 0 || !self.has_room(1) {
                return Err(Senseless);
            }
            bytes.push(byte);
        }
    }

    fn know(&mut self, text: &str) {
        let code = KNOWN + self.texts.len() as u64;
        self.codes.insert(text.to_owned(), code);
        self.texts.push(text.to_owned());
    }

    /// Writes a text, or that there is none.
    fn write_text(&mut self, part: Part, text: Option<&str>) -> Read<()> {
        let code = text.map_or(NO_MORE, |text| {
            self.codes.get(text).copied().unwrap_or(SPELLED)
        });
        self.number(part, code);
        match text {
            Some(text) if code == SPELLED => {
                self.letters(text)?;
                self.know(text);
            }
            Some(text) if !self.has_room(text.len()) => return Err(Senseless),
            _ => {}
        }
        Ok(())
    }

    fn read_text(&mut self, part: Part) -> Read<Option<String>> {
        match self.number(part, 0) {
            NO_MORE => Ok(None),
            SPELLED => {
                let text = self.letters("")?;
                self.know(&text);
                Ok(Some(text))
            }
            code => {
                let known = usize::try_from(code - KNOWN).ok();
                let text = known.and_then(|known| self.texts.get(known)).cloned();
                let text = text.ok_or(Senseless)?;
                if !self.has_room(text.len()) {
                    return Err(Senseless);
                }
                Ok(Some(text))
            }
        }
    }

    fn write(&mut self, value: &Value) -> bool {
        self.write_value(value, DEPTH_MAX).is_ok()
    }

    fn write_value(&mut self, value: &Value, depth: usize) -> Read<()> {
        let last = self.last.get(&self.key).copied().unwrap_or_default();
        let tag = tag_of(value, last);
        self.tag(tag);
        if !self.has_room(ROOM_OF_VALUE) || self.bytes == 0 {
            return Err(Senseless);
        }
        match value {
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => {
                    let base = if tag == STEP { last } else { 0 };
                    self.whole(whole.wrapping_sub(base));
                    self.remember(whole);
                }
                (_, Some(number)) if tag == DECIMAL => {
                    let (whole, tens) = decimal(number).unwrap_or_default();
                    self.number(Part::Number, tens.into());
                    self.whole(whole);
                }
                (_, float) => {
                    let bits = float.map(f64::to_bits);
                    let bits = number.as_u64().or(bits).unwrap_or_default();
                    self.number(Part::Number, bits);
                }
            },
            Value::String(text) if tag == SPAN => {
                let (whole, zeros) = span(text).unwrap_or_default();
                self.number(Part::Number, zeros.into());
                self.whole(whole);
            }
            Value::String(text) => {
                self.write_text(Part::Number, Some(text))?;
                self.sort_by(text);
            }
            Value::Array(items) => {
                let depth = depth.checked_sub(1).ok_or(Senseless)?;
                for item in items {
                    self.write_value(item, depth)?;
                }
                self.tag(END);
            }
            Value::Object(fields) => {
                let depth = depth.checked_sub(1).ok_or(Senseless)?;
                let outside = self.enter()?;
                for (name, value) in fields {
                    self.write_text(Part::Key, Some(name))?;
                    self.name(name)?;
                    self.write_value(value, depth)?;
                }
                self.write_text(Part::Key, None)?;
                self.leave(outside);
            }
            _ => {}
        }
        Ok(())
    }

    fn read(&mut self, tag: u8, depth: usize) -> Read<Value> {
        if !self.has_room(ROOM_OF_VALUE) || self.bytes == 0 {
            return Err(Senseless);
        }
        let last = self.last.get(&self.key).copied().unwrap_or_default();
        Ok(match tag {
            NULL => Value::Null,
            FALSE | TRUE => Value::Bool(tag == TRUE),
            WHOLE | STEP => {
                let base = if tag == STEP { last } else { 0 };
                let whole = self.whole(0).wrapping_add(base);
                self.remember(whole);
                Value::from(whole)
            }
            LARGE => Value::from(self.number(Part::Number, 0)),
            BITS => float(f64::from_bits(self.number(Part::Number, 0)))?,
            DECIMAL | SPAN => {
                let tens = self.number(Part::Number, 0);
                let tens = u8::try_from(tens).map_err(|_| Senseless)?;
                let whole = self.whole(0);
                match tag {
                    SPAN => Value::from(span_text(whole, tens).ok_or(Senseless)?),
                    _ if tens <= DECIMALS_MAX => float(from_decimal(whole, tens))?,
                    _ => return Err(Senseless),
                }
            }
            TEXT => {
                let text = self.read_text(Part::Number)?.ok_or(Senseless)?;
                self.sort_by(&text);
                Value::from(text)
            }
            ARRAY => {
                let depth = depth.checked_sub(1).ok_or(Senseless)?;
                let mut items = Vec::new();
                loop {
                    match self.tag(0) {
                        END => break,
                        tag => items.push(self.read(tag, depth)?),
                    }
                }
                Value::Array(items)
            }
            OBJECT => {
                let depth = depth.checked_sub(1).ok_or(Senseless)?;
                let outside = self.enter()?;
                let mut fields = Map::new();
                while let Some(name) = self.read_text(Part::Key)? {
                    self.name(&name)?;
                    let tag = self.tag(0);
                    let value = self.read(tag, depth)?;
                    fields.insert(name, value);
                }
                self.leave(outside);
                Value::Object(fields)
            }
            _ => return Err(Senseless),
        })
    }

    /// Into an object; where one was before is what it is left for.
    fn enter(&mut self) -> Read<[u32; 3]> {
        let outside = [self.key, self.around, self.sort];
        self.around = self.key;
        self.key = mixed(self.key, 1);
        self.has_room(ROOM_OF_OBJECT)
            .then_some(outside)
            .ok_or(Senseless)
    }

    fn leave(&mut self, outside: [u32; 3]) {
        [self.key, self.around, self.sort] = outside;
    }

    /// To a field.
    fn name(&mut self, name: &str) -> Read<()> {
        self.key = hash(name);
        let room = ROOM_OF_FIELD;
        self.has_room(room).then_some(()).ok_or(Senseless)
    }

    /// A text that is known from elsewhere says what the object is.
    fn sort_by(&mut self, text: &str) {
        if text.len() < 20 && !text.contains(' ') {
            self.sort = hash(text);
        }
    }
}

fn mixed(a: u32, b: u32) -> u32 {
    let mixed = (a ^ b.wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca77);
    mixed ^ mixed >> 15
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(7, |hash, byte| mixed(hash, byte.into()))
}

fn tag_of(value: &Value, last: i64) -> u8 {
    match value {
        Value::Null => NULL,
        Value::Bool(false) => FALSE,
        Value::Bool(true) => TRUE,
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) if whole.abs_diff(last) <= STEP_MAX => STEP,
            (Some(_), _) => WHOLE,
            _ if number.is_u64() => LARGE,
            (_, Some(number)) if decimal(number).is_some() => DECIMAL,
            _ => BITS,
        },
        Value::String(text) if span(text).is_some() => SPAN,
        Value::String(_) => TEXT,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// A whole number and how often it is divided by ten, if that gives this number to the bit.
fn decimal(number: f64) -> Option<(i64, u8)> {
    let tens = (0..=DECIMALS_MAX).find(|tens| {
        let whole = libm::round(number * power(*tens));
        whole.abs() < 1e15 && from_decimal(whole as i64, *tens).to_bits() == number.to_bits()
    })?;
    Some((libm::round(number * power(tens)) as i64, tens))
}

/// Both numbers are exact, so the quotient is the number that is next to it.
fn from_decimal(whole: i64, tens: u8) -> f64 {
    whole as f64 / power(tens)
}

fn power(tens: u8) -> f64 {
    (0..tens).fold(1.0, |power, _| power * 10.0)
}

fn float(number: f64) -> Read<Value> {
    Number::from_f64(number).map(Value::Number).ok_or(Senseless)
}

/// The nanoseconds of a duration, without their last zeros, and how many of those there are.
fn span(text: &str) -> Option<(i64, u8)> {
    let is_like = text.ends_with('s') && text.len() < 30;
    if !is_like || !text.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let duration = text.parse::<SimDuration>().ok()?;
    if duration.to_string() != text {
        return None;
    }
    let mut whole = i64::try_from(duration.nanos()).ok()?;
    let mut zeros = 0;
    while whole != 0 && whole % 10 == 0 {
        whole /= 10;
        zeros += 1;
    }
    Some((whole, zeros))
}

fn span_text(whole: i64, zeros: u8) -> Option<String> {
    let scale = 10_u64.checked_pow(zeros.into())?;
    let nanos = u64::try_from(whole).ok()?.checked_mul(scale)?;
    Some(SimDuration::from_nanos(nanos).to_string())
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}
