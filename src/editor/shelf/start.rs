//! What a page begins with: which document, example or link.

use serde::{Deserialize, Serialize};

use super::{Kept, Record};
use crate::scenario::{self, Example, Scenario, link};

/// What a tab remembers over a reload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Its document.
    pub id: String,
    /// What it wrote of it into the address last, and before that: a page that goes away writes
    /// in vain.
    pub shown: Vec<String>,
    /// Whether it wants none of the documents: what it showed made the page stop working.
    #[serde(default)]
    pub fresh: bool,
}

/// What a page begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum Start<'a> {
    /// A document of the list.
    Kept(&'a Record),
    /// What this tab showed, of which nothing was kept yet.
    Draft(Box<Scenario>),
    /// An example, as it comes with the program.
    Example(&'static Example),
    /// A scenario that somebody sent.
    Link(Box<Scenario>),
    /// A link that cannot be read, and why.
    Broken(String),
}

/// What a page begins with: that of the address, else what the tab showed, else what was used
/// last, else the first example. Only an address that carries something else than the documents
/// of the list is a link from elsewhere.
pub fn choose<'a>(fragment: Option<&str>, tab: Option<&Tab>, all: &'a [Kept]) -> Start<'a> {
    let own = tab.and_then(|tab| record(all, &tab.id));
    if tab.is_some_and(|tab| tab.fresh) && fragment.is_none() {
        return first_example();
    }
    let Some(fragment) = fragment.map(|text| text.trim_start_matches('#')) else {
        return match own.or_else(|| last_used(all)) {
            Some(record) => Start::Kept(record),
            None => first_example(),
        };
    };
    let shown = tab.is_some_and(|tab| tab.shown.iter().any(|shown| shown == fragment));
    if let Some(record) = own.filter(|record| shown || record.fragment == fragment) {
        return Start::Kept(record);
    }
    let scenario = match link::decode(fragment) {
        Ok(scenario) => Box::new(scenario),
        Err(problems) => {
            let why = problems.first().map(ToString::to_string);
            return Start::Broken(why.unwrap_or_default());
        }
    };
    if shown {
        return Start::Draft(scenario);
    }
    if let Some(example) = example_like(&scenario) {
        return Start::Example(example);
    }
    let is_it = |record: &&Record| record.fragment == fragment || record.came_as == fragment;
    match records(all).find(is_it) {
        Some(record) => Start::Kept(record),
        None => Start::Link(scenario),
    }
}

/// The first example.
pub fn first_example() -> Start<'static> {
    match scenario::examples().first() {
        Some(example) => Start::Example(example),
        None => Start::Draft(Box::new(Scenario::new("Untitled"))),
    }
}

/// The example that is exactly this scenario.
pub fn example_like(scenario: &Scenario) -> Option<&'static Example> {
    let mut examples = scenario::examples().iter();
    examples.find(|example| example.scenario() == *scenario)
}

fn records(all: &[Kept]) -> impl Iterator<Item = &Record> {
    all.iter().filter_map(|kept| kept.record.as_ref().ok())
}

fn record<'a>(all: &'a [Kept], id: &str) -> Option<&'a Record> {
    records(all).find(|record| record.id == id)
}

fn last_used(all: &[Kept]) -> Option<&Record> {
    let readable = all.iter().filter(|kept| kept.record.is_ok());
    readable
        .max_by_key(|kept| kept.last_used())?
        .record
        .as_ref()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::shelf::Place;

    fn own(id: &str, seen: u64) -> Kept {
        let mut scenario = Scenario::new(id);
        scenario.seed = seen;
        let record = Record {
            id: id.to_owned(),
            name: id.to_owned(),
            text: scenario::write(&scenario),
            changed: 5,
            fragment: link::encode_short(&scenario).unwrap(),
            came_as: String::new(),
        };
        let place = Place {
            seen,
            ..Place::default()
        };
        Kept {
            id: id.to_owned(),
            record: Ok(record),
            place: Some(place),
        }
    }

    fn id_of<'a>(start: &Start<'a>) -> &'a str {
        match start {
            Start::Kept(record) => &record.id,
            other => panic!("{other:?} is none of the list"),
        }
    }

    fn tab(id: &str, shown: &str) -> Tab {
        Tab {
            id: id.to_owned(),
            shown: vec!["j1.latest".to_owned(), shown.to_owned()],
            fresh: false,
        }
    }

    #[test]
    fn without_a_link_it_is_what_was_there() {
        let all = [own("a", 20), own("b", 30), own("c", 10)];
        assert_eq!(id_of(&choose(None, Some(&tab("a", "x")), &all)), "a");
        assert_eq!(id_of(&choose(None, Some(&tab("gone", "x")), &all)), "b");
        assert_eq!(id_of(&choose(None, None, &all)), "b");
        assert_eq!(choose(None, None, &[]), first_example());
        let fresh = Tab {
            fresh: true,
            ..tab("a", "")
        };
        assert_eq!(choose(None, Some(&fresh), &all), first_example());
        let mut unreadable = own("z", 99);
        unreadable.record = Err("?".into());
        assert_eq!(choose(None, None, &[unreadable]), first_example());
    }

    #[test]
    fn ones_own_address_is_ones_own_document() {
        let all = [own("a", 20), own("b", 30)];
        let address = all[0].record.as_ref().expect("it is one").fragment.clone();
        let with_mark = format!("#{address}");
        assert_eq!(id_of(&choose(Some(&with_mark), None, &all)), "a");
        // Saved, and then the page went away before the address could follow.
        let mut newer = all;
        if let Ok(record) = &mut newer[0].record {
            record.fragment = "j1.newer".into();
        }
        let reloaded = tab("a", &address);
        let start = choose(Some(&address), Some(&reloaded), &newer);
        assert_eq!(id_of(&start), "a");
        // In another tab the same address is a link to what the document was.
        assert!(matches!(
            choose(Some(&address), None, &newer),
            Start::Link(_)
        ));
    }

    #[test]
    fn a_link_is_never_a_document_of_the_list_unless_it_came_so() {
        let mut all = [own("a", 20)];
        let sent = link::encode_short(&Scenario::new("Sent")).unwrap();
        let tab = tab("a", "j1.other");
        assert!(matches!(
            choose(Some(&sent), Some(&tab), &all),
            Start::Link(_)
        ));
        if let Ok(record) = &mut all[0].record {
            record.came_as = sent.clone();
        }
        assert_eq!(id_of(&choose(Some(&sent), None, &all)), "a");
        assert!(matches!(
            choose(Some(&sent[..20]), None, &all),
            Start::Broken(_)
        ));
    }

    #[test]
    fn an_example_and_a_draft_survive_a_reload() {
        let example = scenario::examples()[1];
        let address = link::encode_short(&example.scenario()).unwrap();
        match choose(Some(&address), None, &[own("a", 20)]) {
            Start::Example(found) => assert_eq!(found.slug, example.slug),
            other => panic!("{other:?}"),
        }
        let draft = Scenario::new("Untitled");
        let address = link::encode_short(&draft).unwrap();
        let tab = tab("gone", &address);
        let all = [own("a", 20)];
        let start = choose(Some(&address), Some(&tab), &all);
        assert_eq!(start, Start::Draft(Box::new(draft)));
    }
}
