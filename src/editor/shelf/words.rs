//! Names of documents and of files, and how long ago something was.

/// Most characters of a name.
pub const NAME_MOST: usize = 200;

/// An id that is not taken, made of the time.
pub fn free_id<'a>(now: u64, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let ids = (now..).map(|number| format!("d{number}"));
    let mut free = ids.skip_while(|id| taken.clone().any(|other| other == id));
    free.next().unwrap_or_default()
}

/// A name that is not taken: this one, or the same with a number.
pub fn free_name<'a>(name: &str, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let is_free = |name: &str| taken.clone().all(|other| other != name);
    if is_free(name) {
        return name.to_owned();
    }
    let base = match name.rsplit_once(' ') {
        Some((base, number)) if number.parse::<u32>().is_ok() => base,
        _ => name,
    };
    let base: String = base.chars().take(NAME_MOST - 8).collect();
    let mut names = (2_u32..).map(|number| format!("{base} {number}"));
    names.find(|name| is_free(name)).unwrap_or(base)
}

/// A name as somebody typed it; empty ones are none.
pub fn typed_name(text: &str) -> Option<String> {
    let visible = text.trim().chars().filter(|c| !c.is_control());
    let name: String = visible.take(NAME_MOST).collect();
    (!name.is_empty()).then_some(name)
}

/// How long ago something was.
pub fn age_words(now: u64, then: u64) -> String {
    const UNITS: [(u64, &str); 5] = [
        (365 * 24 * 60, "year"),
        (30 * 24 * 60, "month"),
        (24 * 60, "day"),
        (60, "hour"),
        (1, "minute"),
    ];
    let minutes = now.saturating_sub(then) / 60_000;
    let fitting = UNITS.iter().find(|(length, _)| minutes >= *length);
    match fitting.map(|(length, word)| (minutes / length, word)) {
        None => "just now".to_owned(),
        Some((1, word)) => format!("1 {word} ago"),
        Some((many, word)) => format!("{many} {word}s ago"),
    }
}

/// The name of a file with a document.
pub fn file_name(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).take(12).collect();
    let stem: String = words.join("-").to_lowercase().chars().take(80).collect();
    match stem.as_str() {
        "" => "scenario.eventyard.json".to_owned(),
        stem => format!("{stem}.eventyard.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = ["Shop", "Shop 2", "Room 101", &"x".repeat(NAME_MOST)];
        let free = |name: &str| free_name(name, taken.into_iter());
        assert_eq!(free("Bank"), "Bank");
        assert_eq!(free("Shop"), "Shop 3");
        assert_eq!(free("Shop 2"), "Shop 3");
        assert_eq!(free("Room 101"), "Room 2");
        assert!(free(taken[3]).chars().count() <= NAME_MOST);
        assert_eq!(free_id(7, ["d7", "d8"].into_iter()), "d9");
    }

    #[test]
    fn what_is_typed_becomes_a_name_that_can_be_read_back() {
        assert_eq!(typed_name("  A\u{7}b \n"), Some("Ab".to_owned()));
        assert_eq!(typed_name(" \t "), None);
        let long = typed_name(&"é".repeat(999)).expect("it is a name");
        let written = crate::scenario::write(&crate::scenario::Scenario::new(&long));
        assert_eq!(
            crate::scenario::read(&written).expect("it is read").name,
            long
        );
    }

    #[test]
    fn ages_are_said_in_the_largest_unit() {
        let minute = 60_000;
        let said = |minutes: u64| age_words(minutes * minute + 1_000, 1_000);
        assert_eq!(said(0), "just now");
        assert_eq!(said(1), "1 minute ago");
        assert_eq!(said(59), "59 minutes ago");
        assert_eq!(said(60), "1 hour ago");
        assert_eq!(said(49 * 60), "2 days ago");
        assert_eq!(said(400 * 24 * 60), "1 year ago");
        // A clock that was set back.
        assert_eq!(age_words(0, 5), "just now");
    }

    #[test]
    fn files_have_plain_names() {
        assert_eq!(
            file_name("Online shop: v2/final"),
            "online-shop-v2-final.eventyard.json"
        );
        assert_eq!(file_name("../.."), "scenario.eventyard.json");
    }
}
