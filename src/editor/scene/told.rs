//! The survey of a log in words, for those who do not see its lanes.

use super::survey::{Tag, tag_of};
use crate::nodes::survey::{Broker, Group, Survey};

/// How the groups and the brokers of a log are.
pub(super) fn log_words(survey: &Survey) -> String {
    let mut words: Vec<String> = survey.groups.iter().map(group_words).collect();
    if survey.brokers.len() > 1 {
        words.extend(survey.brokers.iter().map(broker_words));
    }
    words.join("; ")
}

fn group_words(group: &Group) -> String {
    let mut words = format!("group {}, lag {}", group.shown, group.lag);
    for member in &group.members {
        let tag = tag_of(group, member);
        words += &format!(", consumer {}: {}", tag.number, tag.words);
    }
    words
}

fn broker_words(broker: &Broker) -> String {
    let state = match broker {
        it if it.stopped && it.missed => " stopped and missed",
        it if it.stopped => " stopped",
        it if it.cut_off => " cut off",
        _ => "",
    };
    let Broker {
        number,
        leads,
        led,
        follows,
        ..
    } = broker;
    let led = match led {
        0 => String::new(),
        led => format!(", {led} that it led have no leader"),
    };
    format!("broker {number}{state} leads {leads}, follows {follows}{led}")
}

/// What a consumer is to the logs that it reads.
pub(super) fn consumer_words(reads: &[(String, Tag)]) -> String {
    let words = reads.iter().map(|(log, tag)| match tag.number {
        0 => format!("{} of {log}", tag.words),
        number => format!("consumer {number} of {log}: {}", tag.words),
    });
    words.collect::<Vec<_>>().join("; ")
}
