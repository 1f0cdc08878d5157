//! The flags of a command: names, some of them with a value.

/// Flags as they were given. Each command takes what it knows and then calls [`Flags::finish`].
pub struct Flags {
    left: Vec<String>,
}

impl Flags {
    pub fn new(args: &[String]) -> Self {
        Self {
            left: args.to_vec(),
        }
    }

    /// Whether the flag was given.
    pub fn has(&mut self, name: &str) -> bool {
        match self.left.iter().position(|arg| arg == name) {
            Some(at) => {
                self.left.remove(at);
                true
            }
            None => false,
        }
    }

    /// The value of `--name value` or `--name=value`.
    pub fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        let prefix = format!("{name}=");
        if let Some(at) = self.left.iter().position(|arg| arg.starts_with(&prefix)) {
            return Ok(Some(self.left.remove(at)[prefix.len()..].to_owned()));
        }
        let Some(at) = self.left.iter().position(|arg| arg == name) else {
            return Ok(None);
        };
        self.left.remove(at);
        if at == self.left.len() {
            return Err(format!("{name} needs a value after it."));
        }
        Ok(Some(self.left.remove(at)))
    }

    /// Fails on what no one took.
    pub fn finish(self) -> Result<(), String> {
        match self.left.first() {
            Some(arg) => Err(format!(
                "There is no flag \"{arg}\" here; see cargo xtask help."
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;

    fn flags(text: &str) -> Flags {
        Flags::new(
            &text
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn both_ways_of_giving_a_value() {
        assert_eq!(flags("--port 80").value("--port"), Ok(Some("80".into())));
        assert_eq!(flags("--port=80").value("--port"), Ok(Some("80".into())));
        assert!(flags("--port").value("--port").is_err());
    }

    #[test]
    fn what_nobody_knows_is_an_error() {
        let mut given = flags("--no-open --prot 80");
        assert!(given.has("--no-open"));
        assert!(given.finish().unwrap_err().contains("--prot"));
    }
}
