//! CRC-32, as PNG and zlib have it: it finds every change within 32 neighbouring bits.

/// The checksum of the bytes of several parts, one behind the other.
pub fn crc32(parts: &[&[u8]]) -> u32 {
    let crc = parts.iter().copied().flatten().fold(u32::MAX, |crc, byte| {
        CRC_OF_BYTE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8)
    });
    !crc
}

const CRC_OF_BYTE: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut crc = n as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            bit += 1;
        }
        table[n] = crc;
        n += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    #[test]
    fn it_is_the_published_one() {
        assert_eq!(crc32(&[b"1234", b"56789"]), 0xcbf4_3926);
    }
}
