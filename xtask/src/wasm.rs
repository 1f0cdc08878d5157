//! A WebAssembly file as a row of sections, just far enough to leave some out.

const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// Sections that only debuggers read, a tenth of what a visit would cost.
const FOR_DEBUGGERS: &[&str] = &["name", "producers"];

/// The module without the names of its functions; nothing if this is no module.
pub fn without_names(module: &[u8]) -> Option<Vec<u8>> {
    let mut rest = module.strip_prefix(HEADER)?;
    let mut kept = HEADER.to_vec();
    while let Some((id, after)) = rest.split_first() {
        let (size, contents) = number(after)?;
        let header = rest.len() - contents.len();
        let section = rest.get(..header.checked_add(size)?)?;
        if *id != 0 || !is_for_debuggers(&section[header..]) {
            kept.extend_from_slice(section);
        }
        rest = &rest[section.len()..];
    }
    Some(kept)
}

/// A custom section begins with its name.
fn is_for_debuggers(contents: &[u8]) -> bool {
    let name = number(contents).and_then(|(length, after)| after.get(..length));
    name.is_some_and(|name| FOR_DEBUGGERS.iter().any(|known| known.as_bytes() == name))
}

/// An unsigned LEB128 number, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{HEADER, number, without_names};

    #[test]
    fn only_what_debuggers_read_is_left_out() {
        let code = [10, 2, 1, 2];
        let name = [0, 6, 4, b'n', b'a', b'm', b'e', 9];
        let other = [0, 3, 1, b'x', 9];
        let module = [HEADER, &code, &name, &other].concat();
        assert_eq!(
            without_names(&module),
            Some([HEADER, &code, &other].concat())
        );
    }

    #[test]
    fn what_is_no_module_is_left_alone() {
        assert_eq!(without_names(b"<html>"), None);
        assert_eq!(without_names(&[HEADER, &[10, 99, 1]].concat()), None);
    }

    #[test]
    fn long_numbers_are_read() {
        assert_eq!(
            number(&[0xe5, 0x8e, 0x26, 7]),
            Some((624_485, [7].as_slice()))
        );
    }
}
