//! What is said when a step was done: steps are named as they are undone ("move Shipping"), and
//! said as they have happened ("Moved Shipping").

/// Verbs at the beginning of the names of steps.
const VERBS: &[(&str, &str)] = &[
    ("add", "Added"),
    ("align", "Aligned"),
    ("change", "Changed"),
    ("copy", "Copied"),
    ("commit", "Committed"),
    ("cut", "Cut"),
    ("delete", "Deleted"),
    ("distribute", "Distributed"),
    ("duplicate", "Duplicated"),
    ("fold", "Folded"),
    ("frame", "Framed"),
    ("join", "Joined"),
    ("lay", "Laid"),
    ("link", "Linked"),
    ("make", "Made"),
    ("move", "Moved"),
    ("paste", "Pasted"),
    ("reconnect", "Reconnected"),
    ("remove", "Removed"),
    ("rename", "Renamed"),
    ("restart", "Restarted"),
    ("save", "Saved"),
    ("start", "Started"),
    ("stop", "Stopped"),
    ("take", "Took"),
    ("unfold", "Unfolded"),
];

/// A step as it has happened.
pub fn done(step: &str) -> String {
    let (first, rest) = step.split_at(step.find(' ').unwrap_or(step.len()));
    if let Some((_, past)) = VERBS.iter().find(|(verb, _)| *verb == first) {
        return format!("{past}{rest}");
    }
    // "workers of Shipping" is the name of a setting.
    if step.contains(" of ") {
        return format!("Changed {step}");
    }
    let mut letters = step.chars();
    let first = letters.next().map(|letter| letter.to_uppercase());
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::done;

    #[test]
    fn steps_are_said_as_they_have_happened() {
        assert_eq!(done("move Shipping"), "Moved Shipping");
        assert_eq!(done("lay out"), "Laid out");
        assert_eq!(done("rename"), "Renamed");
        assert_eq!(done("workers of Shipping"), "Changed workers of Shipping");
        assert_eq!(done("Shipping crashes"), "Shipping crashes");
        assert_eq!(done(""), "");
    }
}
