//! Which way messages go along an arrow. An arrow is a dependency: who depends on a queue takes
//! from it or gives to it, and only the label says which.

const TAKES: &[&str] = &[
    "consum",
    "subscrib",
    "read",
    "listen",
    "poll",
    "dequeu",
    "receiv",
    "pull",
    "process",
    "fetch",
    "triggered",
    "watch",
];
const GIVES: &[&str] = &[
    "publish",
    "emit",
    "send",
    "writ",
    "enqueu",
    "produc",
    "push",
    "notif",
    "rout",
    "trigger",
    "stor",
    "append",
    "log",
    "queue",
    "broadcast",
    "stream",
    "submit",
    "place",
    "creat",
];

/// Which way messages go along an arrow to something that hands them on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As the arrow.
    Gives,
    /// Against it.
    Takes,
    /// Both.
    Both,
    /// The label does not say.
    Unsaid,
}

/// What a label says.
pub(super) fn way(label: &str) -> Way {
    let words: Vec<String> = label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_lowercase)
        .collect();
    let verb = |word: &String| {
        let starts = |of: &&&str| word.starts_with(**of);
        if TAKES.iter().any(|it| starts(&it)) {
            Some(Way::Takes)
        } else if GIVES.iter().any(|it| starts(&it)) {
            Some(Way::Gives)
        } else {
            None
        }
    };
    let Some(first) = words.iter().position(|word| verb(word).is_some()) else {
        return Way::Unsaid;
    };
    let said = verb(&words[first]).unwrap_or(Way::Unsaid);
    // "consumes and publishes", "Reads/Writes".
    let rest = &words[first + 1..];
    let next = match rest.first().map(String::as_str) {
        Some("and" | "or") => rest.get(1),
        other => other.and(rest.first()),
    };
    let is_joined = |joint: &str| {
        let lower = label.to_lowercase();
        let at = lower.find(words[first].as_str());
        at.is_some_and(|at| {
            lower[at + words[first].len()..]
                .trim_start()
                .starts_with(joint)
        })
    };
    let joined = ["and", "or", "/", "&", ","].iter().any(|it| is_joined(it));
    match next.and_then(verb) {
        Some(other) if joined && other != said => Way::Both,
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumers_are_told_from_producers() {
        for (label, expected) in [
            ("Publishes Events", Way::Gives),
            ("publishes events to", Way::Gives),
            ("Consumes - sends welcome email", Way::Takes),
            ("Consumes messages from queue", Way::Takes),
            ("subscribes OrderCreated", Way::Takes),
            ("AMQP - consumes and publishes events", Way::Both),
            ("Reads/Writes", Way::Both),
            ("Webhook/Sync", Way::Unsaid),
            ("", Way::Unsaid),
        ] {
            assert_eq!(way(label), expected, "{label}");
        }
    }
}
