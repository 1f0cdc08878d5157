//! What the gallery tells is true: each scenario is run, and what its text claims is a check.

use std::collections::BTreeSet;

use eventyard::editor::showcase::{Wanted, exhibits};
use eventyard::scenario::gallery::{Entry, Level, Topic, gallery};
use eventyard::scenario::{self, Scenario};
use eventyard::simulation::{Intervention, Run};
use eventyard::topology::{Node, Severity, findings};
use eventyard::units::SimTime;

/// The checks that break because that is the lesson: which, and between which milliseconds.
const BREAKS: &[(&str, usize, u64, u64)] = &[
    // Shares of all events are judged at the end.
    ("critical-path", 2, 60_000, 60_000),
    ("request-response", 9, 60_000, 60_000),
    ("at-once-or-in-batches", 2, 45_000, 45_000),
    ("silent-gap", 5, 35_000, 35_000),
    ("notifications", 4, 6_000, 6_500),
    ("resilience", 6, 9_000, 11_000),
    ("retail-order", 7, 12_000, 14_000),
    ("social-feed", 3, 11_000, 14_000),
    ("ordering", 2, 1_000, 5_000),
    ("eventual-consistency", 3, 2_000, 12_000),
    ("duplicates", 1, 3_000, 12_000),
    // What only the lane that does it better keeps, or what happens twice in the other.
    ("bulkhead", 2, 30_000, 30_000),
    ("delivery-guarantees", 2, 10_000, 15_000),
    ("idempotent-consumer", 1, 2_000, 5_000),
    ("idempotent-consumer", 3, 11_000, 13_000),
    ("lost-confirm", 1, 2_000, 5_000),
    ("visibility-timeout", 1, 4_500, 5_500),
    ("message-groups", 6, 30_000, 30_000),
    ("single-active", 2, 9_000, 10_000),
    ("priority-starvation", 1, 12_000, 13_000),
    ("delayed-messages", 5, 20_000, 20_000),
    ("backpressure", 9, 18_000, 23_000),
    // Reading the whole history for the second time is done eight seconds after it began.
    ("long-history", 3, 29_000, 30_000),
    ("rebalance-eager", 5, 16_000, 17_500),
    ("retries-reorder", 1, 13_000, 14_000),
    ("retries-reorder", 2, 1_000, 2_000),
    ("retries-reorder", 4, 2_000, 3_000),
    ("record-sharing", 3, 40_000, 40_000),
    ("record-sharing", 4, 40_000, 40_000),
    ("murmur-and-crc", 5, 40_000, 40_000),
    ("more-partitions", 3, 16_000, 19_000),
    ("static-members", 2, 40_000, 40_000),
    ("static-members", 3, 40_000, 40_000),
    ("retention-overtakes", 5, 11_000, 14_000),
];

fn own_or_kind(slug: &str) -> Option<Entry> {
    gallery().into_iter().find(|entry| entry.slug == slug)
}

fn own() -> impl Iterator<Item = Entry> {
    let entries = gallery().into_iter();
    entries.filter(|entry| entry.topic != Topic::Kinds)
}

fn end_of(scenario: &Scenario) -> SimTime {
    SimTime::ZERO.after(scenario.duration)
}

fn sentences(text: &str) -> usize {
    let ends = text.split_inclusive(['.', '?', '!']);
    ends.filter(|part| part.ends_with(['.', '?', '!'])).count()
}

#[test]
fn every_entry_says_what_it_shows_and_is_not_long() {
    let mut slugs = BTreeSet::new();
    let mut names = BTreeSet::new();
    for entry in own() {
        let slug = entry.slug;
        let scenario = scenario::read(entry.text()).unwrap_or_else(|why| panic!("{slug}: {why:?}"));
        assert!(slugs.insert(slug), "{slug} is there twice");
        assert!(
            names.insert(scenario.name.clone()),
            "{slug}: its name is there twice"
        );
        assert_eq!(sentences(&scenario.about), 3, "{slug}: {}", scenario.about);
        for (what, text, most) in [
            ("name", &scenario.name, 36),
            ("about", &scenario.about, 330),
            ("hint", &scenario.hint, 200),
        ] {
            let length = text.chars().count();
            assert!(
                (3..=most).contains(&length),
                "{slug}: its {what} has {length} characters"
            );
        }
        for caption in &scenario.captions {
            let length = caption.text.chars().count();
            assert!(
                (20..=180).contains(&length),
                "{slug}: {length}: {}",
                caption.text
            );
        }
        assert!((1..=6).contains(&entry.tags.len()), "{slug}");
        assert!(scenario.checks.len() >= 2, "{slug} has too few checks");
        // The first screen of a new visitor plays by itself and stops for nothing.
        let told = scenario.captions.len() >= 2;
        assert_eq!(told, slug != "online-shop", "{slug} has too few captions");
        assert!(scenario.topology.nodes.len() <= 16, "{slug} is large");
    }
    assert!(slugs.len() >= 25);
    for level in Level::ALL {
        assert!(own().filter(|entry| entry.level == level).count() >= 5);
    }
}

#[test]
fn what_is_told_holds_and_every_caption_comes() {
    let mut broken = Vec::new();
    for entry in gallery() {
        let slug = entry.slug;
        let scenario = entry.scenario();
        let mut run = Run::new(scenario.plan()).expect("it can be run");
        run.advance(end_of(&scenario), u64::MAX);
        assert_eq!(run.world().stopped(), None, "{slug}");
        for (n, result) in (1..).zip(run.results()) {
            let Some(at) = result.failed_at else { continue };
            let millis = at.nanos() / 1_000_000;
            broken.push((slug, n));
            let told = BREAKS.iter().find(|it| (it.0, it.1) == (slug, n));
            let Some((_, _, from, to)) = told else {
                panic!("{slug}: {} failed at {at}: {}", result.name, result.detail);
            };
            assert!(
                (*from..=*to).contains(&millis),
                "{slug}: {} at {at}",
                result.name
            );
        }
        let came: Vec<usize> = run.captions().map(|(n, _)| n).collect();
        let all: Vec<usize> = (0..scenario.captions.len()).collect();
        assert_eq!(came, all, "{slug}: these captions came");
        captions_do_not_crowd(slug, &run);
    }
    let told: BTreeSet<_> = BREAKS.iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(BTreeSet::from_iter(broken), told, "these checks break");
}

/// What is drawn may be doubtful, but wrong only where that is what it shows.
#[test]
fn nothing_is_drawn_that_cannot_work() {
    // Work that takes longer than a message is hidden.
    let meant = ["visibility-timeout"];
    for entry in gallery().iter().filter(|it| !meant.contains(&it.slug)) {
        let found = findings(&entry.scenario().topology);
        let wrong = found.iter().find(|it| it.severity == Severity::Wrong);
        assert_eq!(wrong, None, "{}", entry.slug);
    }
}

/// Captions come one after the other, and leave time to look.
fn captions_do_not_crowd(slug: &str, run: &Run) {
    let mut moments: Vec<u64> = run
        .captions()
        .map(|(_, came)| came.at.nanos() / 1_000_000)
        .collect();
    moments.sort_unstable();
    let gaps = moments.windows(2).map(|pair| pair[1] - pair[0]);
    let least = gaps.min().unwrap_or(u64::MAX);
    assert!(least >= 100, "{slug}: {moments:?}");
    let last = moments.last().copied().unwrap_or_default();
    assert!(last <= 30_000, "{slug}: {moments:?}");
}

/// The drawing is tidy: nothing lies on anything else, and messages go to the right.
#[test]
fn everything_has_its_place() {
    for entry in own() {
        let scenario = entry.scenario();
        let added = scenario
            .script
            .iter()
            .filter_map(|entry| match &entry.what {
                Intervention::AddNode(node) => Some(&**node),
                _ => None,
            });
        let nodes: Vec<&Node> = scenario.topology.nodes.iter().chain(added).collect();
        for (n, one) in nodes.iter().enumerate() {
            for other in &nodes[n + 1..] {
                let (across, down) = (one.x.abs_diff(other.x), one.y.abs_diff(other.y));
                assert!(
                    across >= 260 || down >= 150,
                    "{}: {} lies on {}",
                    entry.slug,
                    one.name,
                    other.name
                );
            }
        }
        let place = |id| nodes.iter().find(|node| node.id == id).map(|node| node.x);
        let back = scenario.topology.links.iter();
        let back = back
            .filter(|link| place(link.from) > place(link.to))
            .count();
        assert_eq!(back, 0, "{}: so many links go to the left", entry.slug);
    }
}

#[test]
fn both_accounts_are_folded_from_their_events() {
    let entry = own().find(|entry| entry.slug == "bank-account").unwrap();
    let mut run = Run::new(entry.scenario().plan()).unwrap();
    let mut seen = Vec::new();
    let end = SimTime::from_nanos(9_000_000_000);
    while run.now() < end {
        run.advance_to_caption(end, u64::MAX);
        let world = run.world();
        let balances = world.nodes().find(|(_, id, ..)| id.0 == 5).unwrap();
        let picture = balances.2.picture(run.now(), world.names());
        seen.push(format!("{picture:?}"));
    }
    let shows = |words: &str| seen.iter().any(|picture| picture.contains(words));
    assert!(shows("balance 70") && shows("balance 50"), "{seen:#?}");
}

#[test]
fn the_notification_system_has_its_views_and_walks() {
    let entry = own()
        .find(|entry| entry.slug == "notification-system")
        .unwrap();
    let scenario = entry.scenario();
    let views: Vec<usize> = scenario
        .drawing
        .views
        .iter()
        .map(|it| it.nodes.len())
        .collect();
    assert_eq!(views, [6, 4, 3]);
    let walks: Vec<usize> = scenario
        .drawing
        .walks
        .iter()
        .map(|it| it.steps.len())
        .collect();
    assert_eq!(walks, [5, 3]);
    assert_eq!(scenario.topology.links.len(), 5);
}

#[test]
fn everything_is_found_by_its_words() {
    let called = |slug: &str| own_or_kind(slug).map(|entry| entry.scenario());
    let all = exhibits(called);
    assert_eq!(all.len(), gallery().len());
    let found = |query: &str, level, topic: Option<&str>| -> Vec<&str> {
        let wanted = Wanted {
            query: query.to_owned(),
            level,
            topic: topic.map(str::to_owned),
        };
        let fitting = all.iter().filter(|exhibit| wanted.fits(exhibit));
        fitting.map(|exhibit| exhibit.slug).collect()
    };
    assert_eq!(found("", None, None).len(), all.len());
    assert_eq!(found("order123", None, None), ["payment-queue"]);
    assert_eq!(found("MILLION", None, None), ["iot-sensors"]);
    assert!(found("pub/sub filter", None, None).contains(&"notifications"));
    // What people who teach all this say it is about.
    for word in [
        "asynchronous",
        "synchronous",
        "request/response",
        "point-to-point",
        "pub/sub",
        "fan-out",
        "event sourcing",
        "cqrs",
        "replay",
        "auditability",
        "decoupling",
        "scalability",
        "resilience",
        "flexibility",
        "spike",
        "duplicates",
        "ordering",
        "tracing",
        "complexity",
        "eventual consistency",
        "schema evolution",
        "retry",
        "dlq",
        "poison",
        "idempotency",
        "backpressure",
        "rate limit",
        "circuit breaker",
        "event-carried state transfer",
        "notification",
        "domain",
        "integration",
        "correlation",
        "kafka",
        "sqs",
        "rabbitmq",
        "cap",
        "iot",
        "metrics",
        "log aggregation",
        "analytics",
        "image",
        "interview",
        "real time",
    ] {
        assert!(!found(word, None, None).is_empty(), "{word}");
    }
    assert_eq!(found("nothing is called so", None, None), [""; 0]);
    let deep = found("", Some(Level::Deep), Some("Whole systems"));
    assert!(deep.contains(&"social-feed") && !deep.contains(&"retail-order"));
    assert!(found("aggregate", None, Some("One kind each")).contains(&"aggregate"));
}

/// Facts carry over, sentences do not: no eight words in a row are those of a text that taught us.
#[test]
fn no_sentence_is_somebody_elses() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/seeds");
    let Ok(files) = std::fs::read_dir(folder) else {
        return;
    };
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let mut theirs = BTreeSet::new();
    for file in files.filter_map(Result::ok) {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        theirs.extend(words(&text).windows(8).map(|run| run.join(" ")));
    }
    for entry in gallery() {
        let scenario = entry.scenario();
        let captions = scenario.captions.iter().map(|caption| &caption.text);
        let steps = scenario.drawing.walks.iter().flat_map(|walk| &walk.steps);
        let steps = steps.map(|step| &step.text);
        let texts = [&scenario.about, &scenario.hint].into_iter();
        for text in texts.chain(captions).chain(steps) {
            for run in words(text).windows(8) {
                let run = run.join(" ");
                assert!(!theirs.contains(&run), "{}: {run}", entry.slug);
            }
        }
    }
}
