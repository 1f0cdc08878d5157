//! A scenario's text made small for the inside of a picture, and made large again.

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use crate::scenario::{Scenario, TEXT_MAX};

/// Packs a scenario.
pub(super) fn pack(scenario: &Scenario) -> Vec<u8> {
    compress_to_vec_zlib(scenario.to_json().to_string().as_bytes(), 9)
}

/// The text that was packed.
///
/// # Errors
/// What is wrong with it.
pub(super) fn unpack(bytes: &[u8]) -> Result<String, String> {
    let text = decompress_to_vec_zlib_with_limit(bytes, TEXT_MAX).map_err(|error| {
        if error.status == TINFLStatus::HasMoreOutput {
            format!("the scenario inside of this picture has more than {TEXT_MAX} bytes")
        } else {
            "the scenario inside of this picture is damaged".to_owned()
        }
    })?;
    String::from_utf8(text).map_err(|_| "what is inside of this picture is no text".to_owned())
}
