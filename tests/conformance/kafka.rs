//! The vectors of Apache Kafka: where keys go, and who gets which partitions.

use std::collections::BTreeMap;

use eventyard::nodes::log::assign::{Assignor, Joining, Place, Topic, assign};
use eventyard::nodes::log::{KeyHash, crc32, murmur2};
use serde_json::{Value, json};

use super::{Verdict, list, text};

/// The hash of each key, and its partition for several numbers of partitions.
pub fn keys(json: &Value, verdict: &mut Verdict) {
    for vector in list(&json["vectors"]) {
        let key = bytes(text(&vector["key_hex"]));
        let name = format!("key {}", vector["key_hex"]);
        let hash = murmur2(&key);
        let expected = [&vector["murmur2_u32"], &vector["murmur2_i32"]];
        let found = [json!(hash), json!(hash as i32)];
        let partitions = vector["partition"].as_object().into_iter().flatten();
        let places: BTreeMap<&str, u32> = partitions
            .filter_map(|(count, _)| Some((count.as_str(), count.parse().ok()?)))
            .map(|(text, count)| (text, KeyHash::Murmur2.partition(&key, count)))
            .collect();
        let expected = json!([expected, vector["partition"]]);
        verdict.judge(&name, &expected, &json!([found, places]));
        if let Some(crc) = vector.get("crc32") {
            verdict.judge(&format!("{name} crc32"), crc, &json!(crc32(&key)));
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let byte = |pair: &[u32]| (pair[0] << 4 | pair[1]) as u8;
    digits.chunks_exact(2).map(byte).collect()
}

/// Each case by itself, and each round of each sequence as a case.
pub fn assignors(json: &Value, verdict: &mut Verdict) {
    for case in list(&json["cases"]) {
        let is_rack_aware = case["rack_aware"] == true;
        if is_rack_aware {
            verdict.skip("racks are left out", 1);
        } else {
            judge(
                text(&case["id"]),
                &case["assignor"],
                &case["judge"],
                case,
                verdict,
            );
        }
    }
    for sequence in list(&json["sequences"]) {
        for round in list(&sequence["rounds"]) {
            let generation = &round["generation"];
            let name = format!("{} generation {generation}", text(&sequence["id"]));
            judge(
                &name,
                &sequence["assignor"],
                &sequence["judge"],
                round,
                verdict,
            );
        }
    }
}

/// Runs one case, and judges it exactly or by the properties that Kafka's choice had.
fn judge(name: &str, assignor: &Value, how: &Value, case: &Value, verdict: &mut Verdict) {
    let assignor = match text(assignor) {
        "range" => Assignor::Range,
        "roundrobin" => Assignor::RoundRobin,
        "sticky" => Assignor::Sticky,
        "cooperative-sticky" => Assignor::CooperativeSticky,
        other => return verdict.skip(format!("the assignor {other:?}"), 1),
    };
    let known = case["topics"].as_object().into_iter().flatten();
    let topics: Vec<Topic<'_>> = known
        .map(|(name, count)| Topic {
            name,
            partitions: count.as_u64().unwrap_or_default() as u32,
        })
        .collect();
    let place = |json: &Value| {
        let topic = topics
            .iter()
            .position(|topic| topic.name == text(&json[0]))? as u32;
        let partition = json[1].as_u64()? as u32;
        Some(Place { topic, partition })
    };
    let members: Vec<Joining<'_>> = case["members"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(id, json)| {
            let wanted = list(&json["topics"]).iter().map(text);
            let number = |wanted: &str| topics.iter().position(|topic| topic.name == wanted);
            let numbers: Vec<Option<usize>> = wanted.map(number).collect();
            Joining {
                id,
                instance: json["group_instance_id"].as_str(),
                unknown_topics: numbers.iter().filter(|it| it.is_none()).count() as u32,
                topics: numbers.into_iter().flatten().map(|n| n as u32).collect(),
                owned: list(&json["owned"]).iter().filter_map(place).collect(),
                generation: json["generation"].as_i64(),
            }
        })
        .collect();
    let shares = assign(assignor, &topics, &members);
    let expected: Vec<Vec<Place>> = members
        .iter()
        .map(|member| {
            let share = list(&case["assignment"][member.id]);
            let mut share: Vec<Place> = share.iter().filter_map(place).collect();
            share.sort_unstable();
            share
        })
        .collect();
    match text(how) {
        "exact" => {
            let show = |shares: &[Vec<Place>]| json!(format!("{shares:?}"));
            verdict.judge(name, &show(&expected), &show(&shares));
        }
        _ => {
            let found = properties(&topics, &members, &shares);
            let wanted = properties(&topics, &members, &expected);
            let mut as_good = found.clone();
            // More that stays where it was is better still.
            as_good["kept"] = json!(found["kept"].as_u64().max(wanted["kept"].as_u64()));
            let mut wanted = wanted;
            wanted["kept"] = as_good["kept"].clone();
            verdict.judge(name, &wanted, &found);
        }
    }
}

/// What is judged where several shares are equally good.
fn properties(topics: &[Topic<'_>], members: &[Joining<'_>], shares: &[Vec<Place>]) -> Value {
    let mut counts: Vec<usize> = shares.iter().map(Vec::len).collect();
    counts.sort_unstable();
    let mut owners: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let (mut kept, mut is_valid) = (0, true);
    for (member, share) in members.iter().zip(shares) {
        for place in share {
            *owners.entry((place.topic, place.partition)).or_default() += 1;
            kept += u64::from(member.owned.contains(place));
            let there = topics[place.topic as usize].partitions;
            is_valid &= member.topics.contains(&place.topic) && place.partition < there;
        }
    }
    is_valid &= owners.values().all(|owners| *owners == 1);
    let subscribed = |topic: &u32| members.iter().any(|it| it.topics.contains(topic));
    let unassigned: Vec<(u32, u32)> = (0..topics.len() as u32)
        .filter(subscribed)
        .flat_map(|topic| {
            (0..topics[topic as usize].partitions).map(move |partition| (topic, partition))
        })
        .filter(|place| !owners.contains_key(place))
        .collect();
    json!({ "counts": counts, "unassigned": unassigned, "kept": kept, "valid": is_valid })
}
