//! A scenario inside of a PNG picture: an `iTXt` chunk with a keyword of our own. Pixels are not
//! looked at.

use super::shrunk::{pack, unpack};
use crate::scenario::{Scenario, TEXT_MAX};
use crate::units::crc32;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"eventyard";
/// Length, kind and checksum.
const CHUNK_EXTRA: usize = 12;

/// Whether a file is a PNG picture, broken or not.
pub fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// The picture with a scenario inside, in place of one that it had. `None` if it is no whole PNG
/// picture.
pub fn with_scenario(picture: &[u8], scenario: &Scenario) -> Option<Vec<u8>> {
    let mut data = KEYWORD.to_vec();
    // The end of the keyword; compressed; with zlib; no language; no keyword in that language.
    data.extend_from_slice(&[0, 1, 0, 0, 0]);
    data.extend(pack(scenario));
    let mut whole = SIGNATURE.to_vec();
    let mut rest = picture.strip_prefix(SIGNATURE)?;
    while !rest.is_empty() {
        let (chunk, after) = Chunk::first_of(rest).ok()?;
        if chunk.kind == b"IEND" {
            write_chunk(&mut whole, b"iTXt", &data);
        }
        if !chunk.is_ours() {
            whole.extend_from_slice(&rest[..rest.len() - after.len()]);
        }
        if chunk.kind == b"IEND" {
            return Some(whole);
        }
        rest = after;
    }
    None
}

/// The text of the scenario inside of a picture, if there is one.
///
/// # Errors
/// What is wrong with the picture.
pub fn scenario_text(picture: &[u8]) -> Result<Option<String>, String> {
    let mut rest = picture.strip_prefix(SIGNATURE).unwrap_or_default();
    while !rest.is_empty() {
        let (chunk, after) = Chunk::first_of(rest)?;
        if chunk.is_ours() {
            if crc32(&[chunk.kind, chunk.data]) != chunk.checksum {
                return Err("the scenario inside of this picture is damaged".to_owned());
            }
            return text_of(&chunk).map(Some);
        }
        if chunk.kind == b"IEND" {
            return Ok(None);
        }
        rest = after;
    }
    Err("this picture is cut off".to_owned())
}

/// A part of a PNG picture.
struct Chunk<'a> {
    kind: &'a [u8],
    data: &'a [u8],
    checksum: u32,
}

impl<'a> Chunk<'a> {
    /// The first chunk, and what comes after it.
    fn first_of(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), String> {
        let cut = || "this picture is cut off or damaged".to_owned();
        let length = bytes.first_chunk::<4>().ok_or_else(cut)?;
        let length = u32::from_be_bytes(*length) as usize;
        // Compared this way round, because a sum could be more than the largest number.
        if bytes.len() < CHUNK_EXTRA || bytes.len() - CHUNK_EXTRA < length {
            return Err(cut());
        }
        let (kind, data) = bytes[4..8 + length].split_at(4);
        let (checksum, rest) = bytes[8 + length..]
            .split_first_chunk::<4>()
            .ok_or_else(cut)?;
        let checksum = u32::from_be_bytes(*checksum);
        Ok((
            Self {
                kind,
                data,
                checksum,
            },
            rest,
        ))
    }

    fn is_ours(&self) -> bool {
        let named = self.data.strip_prefix(KEYWORD);
        matches!(self.kind, b"iTXt" | b"zTXt") && named.is_some_and(|rest| rest.starts_with(&[0]))
    }
}

/// The text of a chunk of ours. Programs that save pictures anew may have unpacked it.
fn text_of(chunk: &Chunk<'_>) -> Result<String, String> {
    let damaged = || "the scenario inside of this picture is damaged".to_owned();
    let after = chunk.data.get(KEYWORD.len() + 1..).ok_or_else(damaged)?;
    if chunk.kind == b"zTXt" {
        let (method, packed) = after.split_first().ok_or_else(damaged)?;
        return if *method == 0 {
            unpack(packed)
        } else {
            Err(damaged())
        };
    }
    let (flags, rest) = after.split_first_chunk::<2>().ok_or_else(damaged)?;
    // Language and keyword in it, each with a zero at its end.
    let mut parts = rest.splitn(3, |byte| *byte == 0);
    let text = parts.nth(2).ok_or_else(damaged)?;
    match flags {
        [0, _] if text.len() > TEXT_MAX => Err(damaged()),
        [0, _] => String::from_utf8(text.to_vec()).map_err(|_| damaged()),
        [1, 0] => unpack(text),
        _ => Err(damaged()),
    }
}

pub(super) fn write_chunk(into: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    into.extend((data.len() as u32).to_be_bytes());
    into.extend(kind);
    into.extend(data);
    into.extend(crc32(&[kind, data]).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_specification() {
        // The last chunk of every PNG picture in the world.
        assert_eq!(crc32(&[b"IEND"]), 0xae42_6082);
    }
}
