//! Promise: the numbers that the gallery's captions tell, and no check of theirs can, are measured.

use eventyard::engine::{Entry, NodeMetrics, Place, What};
use eventyard::nodes::Survey;
use eventyard::nodes::log::KeyHash;
use eventyard::scenario::gallery::gallery;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimDuration, SimTime};

/// A scenario of the gallery, played to a moment.
struct Played(Run);

impl Played {
    fn to(slug: &str, millis: u64) -> Self {
        let entries = gallery();
        let entry = entries.iter().find(|entry| entry.slug == slug).unwrap();
        let mut run = Run::new(entry.scenario().plan()).unwrap();
        run.keep_trace(true);
        let moment = SimTime::ZERO.after(SimDuration::from_millis(millis));
        run.advance(moment, u64::MAX);
        Self(run)
    }

    fn id(&self, name: &str) -> NodeId {
        let nodes = &self.0.topology().nodes;
        nodes.iter().find(|node| node.name == name).unwrap().id
    }

    fn at(&self, name: &str) -> &NodeMetrics {
        self.0.metrics(self.id(name)).unwrap()
    }

    fn count(&self, name: &str, what: What) -> u64 {
        self.at(name).count(what)
    }

    /// What a log tells of itself.
    fn survey(&self, name: &str) -> Survey {
        let id = self.id(name);
        let node = self.0.world().nodes().find(|it| it.1 == id).unwrap().2;
        node.survey().unwrap()
    }

    /// What was observed at a node, in order: when, and to which event.
    fn entries(&self, name: &str, what: What) -> Vec<Entry> {
        let place = Place::Node(self.id(name));
        let all = self.0.kept_entries();
        let found = all.filter(|entry| entry.place() == place && entry.what == what);
        found.copied().collect()
    }

    fn seconds(&self, name: &str, what: What) -> Vec<f64> {
        let entries = self.entries(name, what);
        entries.iter().map(|it| it.time.as_secs()).collect()
    }
}

fn is_about(value: f64, told: f64) {
    assert!((value - told).abs() < 0.006, "{value}, and told is {told}");
}

#[test]
fn the_same_customers_wait_twice_as_long_and_twice_again() {
    let run = Played::to("utilisation", 120_000);
    for (percent, wait) in [(80, 0.20), (90, 0.46), (95, 0.93)] {
        let counter = run.at(&format!("{percent} percent busy"));
        is_about(counter.wait.mean().as_secs(), wait);
        let busy = counter.busy.average(run.0.now());
        assert!((busy * 100.0 - f64::from(percent)).abs() < 1.5, "{busy}");
    }
}

#[test]
fn one_line_waits_less_than_three() {
    let tills = ["Till 1", "Till 2", "Till 3"];
    let run = Played::to("one-line-or-three", 12_000);
    assert_eq!(run.at("Till 2").depth.value(), 6);
    assert_eq!(run.at("Till 1").busy.value(), 0);
    let run = Played::to("one-line-or-three", 120_000);
    let waits = tills.map(|till| &run.at(till).wait);
    let customers: u64 = waits.iter().map(|wait| wait.count()).sum();
    let all = |wait: &&eventyard::engine::Latency| wait.mean().as_secs() * wait.count() as f64;
    let above: f64 = waits.iter().map(all).sum::<f64>() / customers as f64;
    is_about(above, 1.60);
    is_about(run.at("One line").wait.mean().as_secs(), 0.63);
}

#[test]
fn batches_are_slower_with_few_records_and_keep_up_with_many() {
    let run = Played::to("batches", 11_000);
    is_about(run.at("One by one").age.longest().as_secs(), 0.44);
    is_about(run.at("By ten").age.mean().as_secs(), 1.19);
    let run = Played::to("batches", 24_000);
    assert_eq!(run.at("To archive A").depth.value(), 58);
    assert!(run.at("By ten").age.longest().as_secs() < 1.5);
}

#[test]
fn without_jitter_all_tills_come_within_a_tenth_of_a_second() {
    let run = Played::to("retry-storm", 60_000);
    let most = |name: &str| {
        let asked = run.seconds(name, What::Delivered);
        let within = |from: &f64| {
            let near = asked.iter().filter(|it| *it >= from && *it < &(from + 0.1));
            near.count()
        };
        asked.iter().map(within).max().unwrap()
    };
    assert_eq!(most("Price list A"), 40);
    assert!(most("Price list B") <= 6, "{}", most("Price list B"));
    let done = |name: &str, millis| Played::to("retry-storm", millis).count(name, What::Finished);
    assert_eq!(done("Tills A", 18_000), 20);
    assert_eq!(done("Tills B", 18_000), 40);
}

#[test]
fn an_open_circuit_lets_the_stock_recover_at_once() {
    let run = Played::to("circuit-breaker", 10_000);
    assert_eq!(run.at("Stock A").depth.value(), 17);
    let run = Played::to("circuit-breaker", 60_000);
    let last = |shop| run.seconds(shop, What::Failed).pop().unwrap();
    assert!((29.6..29.7).contains(&last("Shop A")));
    assert!((12.0..12.3).contains(&last("Shop B")));
    let begun = |entry: &Entry| entry.time.as_secs() > 10.0 && entry.time.as_secs() < 29.6;
    let failed = run.entries("Shop A", What::Failed);
    let went_well = run.entries("Shop A", What::Finished);
    assert!(failed.iter().any(begun) && !went_well.iter().any(begun));
}

#[test]
fn ordinary_repairs_wait_until_no_urgent_one_comes() {
    let run = Played::to("priority-starvation", 24_400);
    assert_eq!(
        run.at("Strictly by priority")
            .wait
            .longest()
            .as_secs()
            .round(),
        23.0
    );
    assert!(run.at("Two and one").wait.longest().as_secs() < 11.0);
    let run = Played::to("priority-starvation", 24_000);
    assert!(run.at("Strictly by priority").wait.longest().as_secs() < 8.0);
    assert_eq!(run.count("Repairs A", What::Created), 80);
}

#[test]
fn offers_behind_the_head_expire_with_it() {
    let run = Played::to("ttl-head", 20_000);
    let times = run.seconds("Longest first", What::DeadLettered);
    assert_eq!(times, [13.25, 13.25, 13.25]);
    let times = run.seconds("Shortest first", What::DeadLettered);
    assert_eq!(times, [3.25, 6.25, 15.25]);
    let run = Played::to("ttl-head", 8_000);
    assert_eq!(run.at("Longest first").depth.value(), 3);
}

#[test]
fn refusals_gain_nothing() {
    let run = Played::to("token-bucket", 29_000);
    let last = |sender| run.seconds(sender, What::Finished).pop().unwrap();
    assert_eq!(run.count("Sender A", What::Finished), 30);
    assert_eq!(last("Sender A"), last("Sender B"));
}

#[test]
fn captions_in_the_middle_tell_what_is_so_then() {
    let done = |slug, millis, name| Played::to(slug, millis).count(name, What::Finished);
    assert_eq!(done("competing-consumers", 13_000, "Quick B"), 22);
    assert_eq!(done("competing-consumers", 13_000, "Slow B"), 8);
    assert!(done("competing-consumers", 12_000, "Slow A") < 15);
    assert_eq!(done("competing-consumers", 16_100, "Slow A"), 15);
    assert_eq!(done("crash-ack", 28_000, "Worker A"), 20);
    assert_eq!(done("crash-ack", 28_000, "Worker B"), 24);
    assert_eq!(done("poison-line", 20_000, "Bank A"), 4);
    assert_eq!(done("delivery-guarantees", 29_000, "Reader A"), 13);
    assert_eq!(done("delivery-guarantees", 29_000, "Reader B"), 25);
    assert_eq!(done("delivery-guarantees", 29_000, "Reader C"), 20);
    let run = Played::to("poison-line", 20_000);
    assert_eq!(run.at("No limit").depth.value(), 10);
    let run = Played::to("backpressure-ways", 11_000);
    assert_eq!(run.count("Drops", What::Dropped), 21);
    assert_eq!(run.at("Buffers").depth.highest(), 21);
    let run = Played::to("bulkhead", 20_000);
    assert_eq!(run.count("Pages A", What::Failed), 12);
    assert_eq!(run.count("Pages B", What::Failed), 21);
}

#[test]
fn keys_lie_where_the_captions_say() {
    let with = |label: &str, keys: u32, partitions: u32, wanted: &dyn Fn(u32) -> bool| {
        let place = |n: &u32| {
            let key = format!("{label}-{n}");
            KeyHash::Murmur2.partition(key.as_bytes(), partitions)
        };
        let found = (1..=keys).filter(|n| wanted(place(n)));
        found.collect::<Vec<u32>>()
    };
    assert_eq!(with("sensor", 12, 4, &|place| place == 0), [3, 7, 11, 12]);
    assert_eq!(with("sensor", 12, 4, &|place| place == 2).len(), 2);
    // With twice as many partitions those move whose place is one of the new ones.
    assert_eq!(with("account", 8, 4, &|place| place >= 2).len(), 3);
    let lines = Played::to("log-aggregation", 40_000).survey("Lines");
    let counts = lines.partitions.iter().map(|it| it.count);
    assert_eq!(counts.collect::<Vec<_>>(), [45; 3]);
    let readings = Played::to("iot-sensors", 2_000).survey("Readings");
    let owned = readings.groups[0].members.iter().map(|it| it.owned.len());
    assert_eq!(owned.collect::<Vec<_>>(), [3; 4]);
    let met = |millis| Played::to("murmur-and-crc", millis).count("Post office", What::Finished);
    assert_eq!((met(15_400), met(29_000)), (27, 41));
}

#[test]
fn what_waits_in_logs_is_what_the_captions_say() {
    let behind = |slug, millis, log| Played::to(slug, millis).at(log).depth.value();
    assert_eq!(behind("slow-consumer", 20_000, "Clicks"), 31);
    assert_eq!(behind("record-sharing", 16_000, "Share partitions"), 18);
    assert_eq!(behind("record-sharing", 16_000, "Share records"), 3);
    assert_eq!(behind("rebalance-eager", 16_430, "Orders"), 12);
    assert_eq!(behind("rebalance-cooperative", 16_430, "Orders"), 5);
    let run = Played::to("poll-too-slow", 29_500);
    assert_eq!(run.count("Archive", What::Finished), 87);
    let done = |millis, name| Played::to("static-members", millis).count(name, What::Finished);
    assert_eq!(done(13_000, "Billing A1"), done(18_000, "Billing A1"));
    assert!(done(13_000, "Billing B1") < done(18_000, "Billing B1"));
    let run = Played::to("retries-reorder", 28_000);
    let done = ["Ledger A", "Ledger B", "Ledger C"].map(|it| run.count(it, What::Finished));
    assert_eq!(done, [85, 87, 80]);
    let run = Played::to("exactly-once", 29_500);
    let done = ["Post A", "Post B", "Curious"].map(|it| run.count(it, What::Finished));
    assert_eq!(done, [30, 26, 27]);
    let run = Played::to("exactly-once-ends", 29_500);
    let done = ["Post", "Printer", "Books"].map(|it| run.count(it, What::Finished));
    assert_eq!(done, [26, 27, 27]);
    let commits = Played::to("commit-before", 29_900).survey("Payments log");
    assert!(commits.groups[0].places.iter().all(|place| place.lag == 0));
    let done = |slug, millis| Played::to(slug, millis).count("Ledger", What::Finished);
    assert_eq!(done("commit-before", 29_900), 78);
    assert_eq!(done("commit-after", 29_960), 80);
}

#[test]
fn what_all_in_sync_costs_is_measured() {
    let placed = |slug, millis, shop| Played::to(slug, millis).count(shop, What::Created);
    let shops = ["Shop A", "Shop B", "Shop C"];
    let placed_in_20 = shops.map(|shop| placed("acks-latency", 20_000, shop));
    assert_eq!(placed_in_20, [50, 29, 112]);
    let run = Played::to("acks-latency", 20_000);
    let gap = |shop: &str| {
        let times = run.seconds(shop, What::Created);
        (times[times.len() - 1] - times[1]) / (times.len() - 2) as f64
    };
    is_about(gap("Shop A"), 0.4);
    is_about(gap("Shop B"), 0.7);
    let oldest = |name| run.at(name).age.longest().as_secs();
    is_about(oldest("Billing A"), oldest("Billing B"));
    // Closed from the eighth order without a confirm on, until the others have elected.
    let slug = "network-partition-acks-all";
    let placed = |millis| Played::to(slug, millis).count("Orders", What::Created);
    assert_eq!(placed(10_600), placed(13_400));
    assert!(placed(13_600) > placed(13_400));
    let run = Played::to(slug, 11_000);
    let log = run.survey("Order log");
    let unsafe_ones = log.partitions[0].end - log.partitions[0].high;
    assert_eq!(unsafe_ones, 8);
}
