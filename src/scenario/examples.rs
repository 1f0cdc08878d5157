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
    use crate::topology::{Severity, Subject, findings};
    use crate::units::NodeId;

    /// What is found in each is what it is there to show.
    #[test]
    fn nothing_is_found_but_what_an_example_shows() {
        for example in examples() {
            let topology = example.scenario().topology;
            let found: Vec<_> = (findings(&topology).into_iter())
                .map(|finding| {
                    (
                        finding.subject,
                        finding.severity,
                        finding.field,
                        finding.what,
                    )
                })
                .collect();
            let shipping = "2.4 a second arrive, 1.11 can be done with 1 worker of 900 ms";
            let expected = match example.slug {
                "online-shop" => vec![(
                    Subject::Node(NodeId(10)),
                    Severity::Doubtful,
                    Some("workers"),
                    shipping.to_owned(),
                )],
                _ => vec![],
            };
            assert_eq!(found, expected, "{}", example.slug);
        }
    }

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
