//! What can be added: the kinds, found by a few letters, by their headings, or by what a link
//! asks for. It adds nothing itself.

use super::ranked;
use crate::nodes::{Blueprint, Group, Kind, Preset, Role};
use crate::units::sort_by_key;

/// One of what can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addable {
    /// The kind.
    pub kind: Kind,
    /// The product's node, if it is one.
    pub preset: Option<&'static Preset>,
    /// The line below its name: what it does, or what the link to it would be.
    pub words: String,
}

impl Addable {
    /// What a new node would be.
    pub fn blueprint(&self) -> Blueprint {
        Blueprint {
            kind: self.kind,
            preset: self.preset,
        }
    }
}

/// The kinds that a query finds, the best first, all of them if nothing is asked. Of a link that
/// was drawn from a node of a kind and a name, those that it can end at, or that can end at it.
pub fn addable(query: &str, from: Option<(Kind, &str)>) -> Vec<Addable> {
    let kinds = Kind::ALL.iter().map(|kind| Blueprint::from(*kind));
    addable_of(kinds.collect(), query, from)
}

/// The same, and what is asked for by the name of a product.
pub fn addable_products(query: &str, from: Option<(Kind, &str)>) -> Vec<Addable> {
    if query.trim().is_empty() {
        return addable(query, from);
    }
    addable_of(blueprints().collect(), query, from)
}

/// All that can be added: the kinds, then what products have.
pub fn blueprints() -> impl Iterator<Item = Blueprint> {
    let kinds = Kind::ALL.iter().map(|kind| Blueprint::from(*kind));
    kinds.chain(Preset::all().map(|(kind, preset)| Blueprint {
        kind,
        preset: Some(preset),
    }))
}

fn addable_of(offered: Vec<Blueprint>, query: &str, from: Option<(Kind, &str)>) -> Vec<Addable> {
    let fits = |Blueprint { kind, preset }: Blueprint| {
        let words = match (from, preset) {
            (Some((source, name)), _) => link_words(source, name, kind)?,
            (None, None) => kind.descriptor().brief.to_owned(),
            (None, Some(_)) => kind.descriptor().label.to_owned(),
        };
        Some(Addable {
            kind,
            preset,
            words,
        })
    };
    let found = found(offered, query).into_iter();
    let mut all: Vec<Addable> = found.filter_map(fits).collect();
    if let Some((source, _)) = from {
        // Who draws a link from a node mostly means one that leaves it, and seldom a dead letter.
        sort_by_key(&mut all, |it| match Role::between(source, it.kind) {
            Some(Role::DeadLetters) => 1,
            Some(_) => 0,
            None => 2,
        });
    }
    all
}

/// What a query finds by its name and by other words for it.
fn found(offered: Vec<Blueprint>, query: &str) -> Vec<Blueprint> {
    let texts: Vec<String> = offered.iter().map(words_for).collect();
    let ranked = ranked(query, &texts, |text| text);
    ranked
        .into_iter()
        .map(|(place, _)| offered[place])
        .collect()
}

/// The words by which something is found, its name first.
pub fn words_for(what: &Blueprint) -> String {
    match what.preset {
        Some(preset) => format!("{}, {}", preset.label, preset.product),
        None => {
            let descriptor = what.kind.descriptor();
            format!("{}, {}", descriptor.label, descriptor.aliases.join(", "))
        }
    }
}

/// What a link between a node and a new one would be, whichever way round they fit.
fn link_words(source: Kind, name: &str, kind: Kind) -> Option<String> {
    match Role::between(source, kind) {
        Some(role) => Some(format!("{name} {} to it", role.verb())),
        None => Role::between(kind, source).map(|role| format!("{} to {name}", role.verb())),
    }
}

/// In which direction a link between two kinds fits: as it was drawn (`true`), or the other way
/// round.
pub fn direction(from: Kind, to: Kind) -> Option<bool> {
    if Role::between(from, to).is_some() {
        Some(true)
    } else {
        Role::between(to, from).map(|_| false)
    }
}

/// The kinds by heading, in the order of their numbers.
pub fn groups() -> Vec<(Group, Vec<Kind>)> {
    let mut groups: Vec<(Group, Vec<Kind>)> = Vec::new();
    for kind in Kind::ALL {
        let group = kind.descriptor().group;
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, kinds)) => kinds.push(*kind),
            None => groups.push((group, vec![*kind])),
        }
    }
    groups
}

/// With what an empty document is begun: something that sends, something between, something that
/// works.
pub fn starters() -> Vec<Kind> {
    let groups = [Group::Sources, Group::Channels, Group::Workers];
    let first = |group| {
        let mut kinds = Kind::ALL.iter();
        kinds.find(|kind| kind.descriptor().group == group).copied()
    };
    groups.into_iter().filter_map(first).collect()
}

/// The number of a kind among all.
pub fn number(kind: Kind) -> u8 {
    let place = Kind::ALL.iter().position(|other| *other == kind);
    place
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> Kind {
        Kind::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == name)
            .expect("there is such a kind")
    }

    fn names(found: &[Addable]) -> Vec<&'static str> {
        found.iter().map(|it| it.kind.name()).collect()
    }

    #[test]
    fn nothing_asked_is_every_kind_with_what_it_does() {
        let all = addable("", None);
        assert_eq!(all.len(), Kind::ALL.len());
        for (place, it) in all.iter().enumerate() {
            assert_eq!(it.kind, Kind::ALL[place]);
            assert_eq!(usize::from(number(it.kind)), place);
            // It stands on one line of the palette.
            assert!(
                !it.words.is_empty() && it.words.chars().count() <= 18,
                "{it:?}"
            );
        }
    }

    #[test]
    fn kinds_are_found_by_names_and_by_other_words() {
        assert_eq!(names(&addable("queue", None))[0], "queue");
        assert_eq!(names(&addable("rabbit", None))[0], "queue");
        assert_eq!(names(&addable("zzz", None)), [] as [&str; 0]);
    }

    #[test]
    fn products_are_found_by_their_names() {
        let slugs = |query: &str| -> Vec<&str> {
            let found = addable_products(query, None).into_iter();
            found.filter_map(|it| Some(it.preset?.slug)).collect()
        };
        assert_eq!(slugs("sqs fifo"), ["sqs-fifo"]);
        assert_eq!(slugs("quorum")[0], "rabbitmq-quorum-queue");
        assert_eq!(slugs("service bus").len(), 3);
        assert_eq!(slugs(" "), [] as [&str; 0]);
        let from = Some((kind("projection"), "Rows"));
        assert_eq!(
            addable_products("sqs", from),
            [],
            "no queue feeds a projection"
        );
        let first = &addable_products("sqs fifo", None)[0];
        assert_eq!((first.kind.name(), &*first.words), ("queue", "Queue"));
    }

    #[test]
    fn a_link_is_offered_what_fits_at_either_end() {
        for source in Kind::ALL {
            let offered = addable("", Some((*source, "It")));
            for other in Kind::ALL {
                let fits = Role::between(*source, *other).is_some()
                    || Role::between(*other, *source).is_some();
                let is_offered = offered.iter().any(|it| it.kind == *other);
                assert_eq!(fits, is_offered, "{} and {}", source.name(), other.name());
                assert_eq!(fits, direction(*source, *other).is_some());
            }
        }
    }

    #[test]
    fn the_words_say_what_the_link_would_be() {
        let from = Some((kind("queue"), "Orders"));
        let offered = addable("service", from);
        assert_eq!(offered[0].words, "Orders delivers to it");
        let offered = addable("", from);
        let source = offered.iter().find(|it| it.kind.name() == "producer");
        assert_eq!(source.map(|it| it.words.as_str()), Some("sends to Orders"));
        assert_eq!(
            names(&offered)[0],
            "service",
            "what it gives to stands first"
        );
        let nothing_fits = addable("", Some((kind("projection"), "Rows")));
        assert_eq!(names(&nothing_fits), ["log", "event_store"]);
    }

    #[test]
    fn every_kind_stands_below_one_heading() {
        let groups = groups();
        let kinds = groups.iter().flat_map(|(_, kinds)| kinds).count();
        assert_eq!(kinds, Kind::ALL.len());
        for (n, (group, _)) in groups.iter().enumerate() {
            assert!(groups[..n].iter().all(|(other, _)| other != group));
        }
        assert_eq!(starters().len(), 3);
    }
}
