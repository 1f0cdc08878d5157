//! Links of the first kind, which still open: a zlib stream of the document's JSON.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{COPY, Scenario, UNPACKED_MAX, broken, document, unknown};
use crate::topology::Problem;

/// Most values in one: each takes memory, however few letters it has.
const VALUES_MAX: usize = 20_000;

/// The scenario that one carries. The stream's checksum finds every changed character.
pub fn open(payload: &str) -> Result<Scenario, Vec<Problem>> {
    let bytes = URL_SAFE_NO_PAD.decode(payload);
    let bytes = bytes.map_err(|_| broken("characters are missing or wrong", COPY))?;
    let json = decompress_to_vec_zlib_with_limit(&bytes, UNPACKED_MAX)
        .map_err(|_| broken("a part of it is missing, changed or too large", COPY))?;
    let values = json.iter().filter(|byte| b",[{".contains(byte)).count();
    match std::str::from_utf8(&json) {
        Ok(text) if values <= VALUES_MAX => document::read(text).map_err(unknown),
        _ => Err(broken("what it carries is no text, or too much", COPY)),
    }
}
