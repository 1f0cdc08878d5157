//! A file somewhere else, named by the address: `u=https://…`. Nothing is loaded from there before
//! the person has seen where it is.

use crate::topology::Problem;

/// Longest address that is taken, in characters.
const ADDRESS_MAX: usize = 2_000;
const SAFE: &str = "https://";
const PLAIN: &str = "http://";

/// A file somewhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Its whole address.
    pub address: String,
    /// Who is asked for it.
    pub host: String,
    /// Its name, for what is said of it.
    pub name: String,
}

/// The file that a fragment names, with or without `#`; nothing if it names none.
///
/// # Errors
/// Why it is not asked for.
pub fn named_by(fragment: &str) -> Option<Result<Remote, Problem>> {
    let named = fragment.trim_start_matches('#').strip_prefix("u=")?;
    Some(remote(named))
}

fn remote(named: &str) -> Result<Remote, Problem> {
    if named.len() > 3 * ADDRESS_MAX {
        return Err(wrong("its address is too long"));
    }
    // Programs that make links write it in one of two ways.
    let address = match named.contains("://") {
        true => named.to_owned(),
        false => unescaped(named).ok_or_else(|| wrong("its address is cut off"))?,
    };
    let is_plain = |c: char| c.is_ascii_graphic() && c != '\\';
    if address.len() > ADDRESS_MAX || !address.chars().all(is_plain) {
        return Err(wrong(
            "its address is too long, or has characters that none has",
        ));
    }
    let lower = address.to_ascii_lowercase();
    let (scheme, rest) = match () {
        () if lower.starts_with(SAFE) => (SAFE, &address[SAFE.len()..]),
        () if lower.starts_with(PLAIN) => (PLAIN, &address[PLAIN.len()..]),
        () => return Err(wrong("only addresses with https:// are loaded")),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // A name or password before the host is there to deceive.
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if authority.is_empty() || !authority.chars().all(is_host) {
        return Err(wrong(
            "its address does not say plainly which host it is on",
        ));
    }
    let host = authority.to_ascii_lowercase();
    if scheme == PLAIN && !is_this_machine(&host) {
        return Err(wrong(
            "http:// is taken only of this machine, elsewhere https://",
        ));
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().filter(|name| !name.is_empty());
    Ok(Remote {
        name: name.unwrap_or(&host).to_owned(),
        address,
        host,
    })
}

fn is_this_machine(host: &str) -> bool {
    let port = |rest: &str| {
        let digits = rest.strip_prefix(':').unwrap_or("0");
        (rest.is_empty() || rest.starts_with(':'))
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    // What the policy of the page lets through.
    ["localhost", "127.0.0.1"]
        .iter()
        .any(|own| host.strip_prefix(own).is_some_and(port))
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn wrong(what: &str) -> Problem {
    let hint = "download the file yourself, and open it from there";
    Problem::new("the file that this link names is not loaded", what, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(fragment: &str) -> Remote {
        named_by(fragment)
            .expect("it names a file")
            .expect(fragment)
    }

    #[test]
    fn the_host_is_known_before_anything_is_loaded() {
        let plain = found("#u=https://Files.example.org:8443/a/shop.json?x=1&y=2#z");
        assert_eq!(plain.host, "files.example.org:8443");
        assert_eq!(plain.name, "shop.json");
        assert_eq!(
            plain.address,
            "https://Files.example.org:8443/a/shop.json?x=1&y=2#z"
        );
        let escaped = found("u=https%3A%2F%2Fexample.org%2Fa%2520b.json").host;
        assert_eq!(escaped, "example.org");
    }

    #[test]
    fn this_machine_may_do_without_encryption() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:9"] {
            assert_eq!(found(&format!("u=http://{host}/a.json")).host, host);
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "localhost:x",
        ] {
            let refused = named_by(&format!("u=http://{host}/a.json")).unwrap();
            assert!(refused.unwrap_err().what.contains("https"), "{host}");
        }
    }

    #[test]
    fn what_hides_where_it_is_is_refused() {
        for named in [
            "",
            "javascript:alert(1)",
            "data:text/plain,x",
            "file:///etc/passwd",
            "//example.org/a",
            "https://",
            "https:///a",
            "https://good.example@evil.example/a",
            "https://good.example\\@evil.example/a",
            "https://good.example%40evil.example/a",
            "https://gооd.example/a",
            "https://a b/",
            "https%3A%2F%2Fexample.org%2",
            "https%3A%2F%2Fexample.org%FF",
        ] {
            assert!(
                named_by(&format!("#u={named}")).unwrap().is_err(),
                "{named}"
            );
        }
        let long = format!("u=https://a.example/{}", "x".repeat(10_000));
        assert!(named_by(&long).unwrap().is_err());
        assert_eq!(named_by("#j1.abc"), None);
    }
}
