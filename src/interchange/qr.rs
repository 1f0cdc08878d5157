//! A link as a QR code, for a phone that is held in front of a screen.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Longest text that phones still read well from a screen, in bytes.
pub const TEXT_MAX: usize = 800;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Its width and height in squares, with the empty border that readers need.
    pub side: i32,
    /// The path around its dark squares, as SVG has it.
    pub path: String,
}

/// The code of a text, unless that is too long to be read from a screen.
pub fn drawn(text: &str) -> Option<Drawn> {
    const BORDER: i32 = 4;
    if text.len() > TEXT_MAX {
        return None;
    }
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        // One stroke for neighbours in a row.
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let (left, top, width) = (start + BORDER, y + BORDER, x - start);
                let _ = write!(path, "M{left} {top}h{width}v1h-{width}z");
            }
            x += 1;
        }
    }
    let side = code.size() + 2 * BORDER;
    Some(Drawn { side, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_drawn_while_it_can_be_scanned() {
        let code = drawn("https://example.org/#s1.AAAA").expect("it is short");
        // Version 2 has 25 squares; the three marks in its corners are where they belong.
        assert_eq!(code.side, 33);
        for corner in ["M4 4h7v1h-7z", "M22 4h7v1h-7z", "M4 28h7v1h-7z"] {
            assert!(code.path.contains(corner), "{corner}");
        }
        assert!(drawn(&"a".repeat(TEXT_MAX)).is_some_and(|code| code.side <= 105));
        assert_eq!(drawn(&"a".repeat(TEXT_MAX + 1)), None);
    }
}
