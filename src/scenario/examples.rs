//! The scenarios that come with the program.

use super::{Scenario, document};

/// A scenario that comes with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its name in addresses and on the command line.
    pub slug: &'static str,
    /// The document.
    pub text: &'static str,
}

impl Example {
    /// The scenario.
    pub fn scenario(&self) -> Scenario {
        document::read(self.text).expect("examples are read by a test")
    }
}

/// All of them; the first is what a new visitor sees.
pub fn examples() -> &'static [Example] {
    &[
        Example {
            slug: "online-shop",
            text: include_str!("gallery/online-shop.json"),
        },
        Example {
            slug: "bank-account",
            text: include_str!("gallery/bank-account.json"),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_read_and_written_back() {
        for example in examples() {
            let scenario = document::read(example.text)
                .unwrap_or_else(|problems| panic!("{}: {problems:?}", example.slug));
            assert!(
                !scenario.hint.is_empty() && !scenario.about.is_empty(),
                "{}",
                example.slug
            );
            assert_eq!(
                document::read(&document::write(&scenario)).as_ref(),
                Ok(&scenario)
            );
        }
    }
}
