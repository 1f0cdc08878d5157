//! Whatever a link is, reading it ends soon, with the scenario that was put in or with problems,
//! and takes no memory to speak of. One test, because all that runs takes from the same memory.

#[path = "links/dice.rs"]
mod dice;

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dice::Dice;
use eventyard::nodes::Kind;
use eventyard::scenario::link::{self, Sent, Standpoint};
use eventyard::scenario::{self, Scenario, examples};
use eventyard::topology::{Node, Paper, Problem};
use eventyard::units::{NodeId, SimTime};
use peak_alloc::PeakAlloc;

/// Tells how much memory reading a link takes.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most memory that reading a link may take.
const MOST: usize = 4 << 20;

#[test]
fn no_link_does_harm() {
    no_damaged_link_opens_as_something_else();
    what_would_grow_beyond_measure_is_refused();
    what_is_too_large_for_a_link_makes_none();
}

fn opened(link: &str) -> Result<Sent, Vec<Problem>> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let opened = link::open(link);
    let took = MEMORY.peak_usage().saturating_sub(before);
    assert!(took <= MOST, "{took} bytes for {} characters", link.len());
    opened
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.#% ";

/// Something that happens to links.
fn damaged(link: &str, dice: &mut Dice) -> String {
    let mut text = link.as_bytes().to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(text.len() as u64) as usize;
        let letter = LETTERS[dice.below(LETTERS.len() as u64) as usize];
        let other = dice.below(text.len() as u64) as usize;
        match dice.below(8) {
            0..=2 => text[at] = letter,
            3 => text.insert(at, letter),
            4 if text.len() > 1 => drop(text.remove(at)),
            5 => text.swap(at, other),
            6 => text.truncate(at.max(1)),
            _ => text.extend_from_within(at..),
        }
    }
    String::from_utf8(text).expect("it is ASCII")
}

fn no_damaged_link_opens_as_something_else() {
    let plain = fs::read_to_string("tests/links/golden/shop-j1.link").expect("it is there");
    let saga = scenario::read(include_str!("links/order-saga.json")).expect("it is one");
    let standpoint = Standpoint {
        moment: Some(SimTime::from_nanos(47_123_456_789)),
        selection: vec![2, 3],
        ..Standpoint::default()
    };
    let links = [
        link::encode_at(&examples()[1].scenario(), &standpoint).expect("it is short"),
        link::encode_short(&Scenario::new("Small")).expect("it is short"),
        link::encode_short(&saga).expect("it is short"),
        plain.trim().to_owned(),
    ];
    let sent = links
        .each_ref()
        .map(|link| link::open(link).expect("it opens"));
    let mut dice = Dice(4);
    for round in 0..20_000 {
        let n = round % links.len();
        let other = damaged(&links[n], &mut dice);
        if let Ok(opened) = opened(&other) {
            // Something may stand behind it, or letters be put back where they were.
            assert!(opened == sent[n], "{other}");
        }
    }
}

/// A link as somebody else could make it: with the right checksum.
fn forged(stream: &[u8]) -> String {
    let mut payload = eventyard::units::crc32(&[stream]).to_le_bytes().to_vec();
    payload.extend(stream);
    format!("s1.{}", URL_SAFE_NO_PAD.encode(payload))
}

fn what_would_grow_beyond_measure_is_refused() {
    let mut dice = Dice(9);
    // With what is usual known, noise may well be a scenario, if a strange one.
    let noise: Vec<String> = (0..300)
        .map(|n| {
            let length = dice.below(3 * n + 2);
            let byte = dice.below(256) as u8;
            let noise = (0..length).map(|k| match n % 3 {
                0 => dice.below(256) as u8,
                _ if k < n / 4 => dice.below(256) as u8,
                _ => byte,
            });
            forged(&noise.collect::<Vec<u8>>())
        })
        .collect();
    for link in noise {
        let _ = opened(&link);
    }
    let zlib = |text: &[u8]| {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(text, 9);
        format!("j1.{}", URL_SAFE_NO_PAD.encode(packed))
    };
    let mut hostile = vec![zlib(&vec![b' '; 1 << 20])];
    hostile.push(zlib(&vec![b'['; 200 << 10]));
    hostile.push(zlib(format!("[{}0]", "0,".repeat(100 << 10)).as_bytes()));
    hostile.push(zlib(
        format!("{{{}}}", "\"\":{},".repeat(30 << 10)).as_bytes(),
    ));
    hostile.push(zlib(format!("[\"{}\"]", "a".repeat(250 << 10)).as_bytes()));
    hostile.push("s1.".to_owned() + &"A".repeat(70_000));
    for link in hostile {
        assert!(opened(&link).is_err());
    }
}

fn what_is_too_large_for_a_link_makes_none() {
    let mut scenario = Scenario::new("Large");
    let node = |n: u32| Node {
        id: NodeId(1 + n),
        name: format!("Queue {n}"),
        x: 0,
        y: 0,
        luck: None,
        preset: None,
        settings: Kind::from_name("queue")
            .expect("there are queues")
            .defaults(),
        paper: Paper::default(),
    };
    scenario.topology.nodes = (0..1_000).map(node).collect();
    scenario.next_id = 1_001;
    let link = link::encode_short(&scenario).expect("a thousand plain nodes are short");
    assert!(opened(&link).is_ok_and(|sent| sent.scenario == scenario));
    let mut dice = Dice(1);
    for node in &mut scenario.topology.nodes {
        node.paper.description = (0..200)
            .map(|_| char::from(33 + dice.below(90) as u8))
            .collect();
    }
    assert_eq!(link::encode_short(&scenario), None);
}
