//! A link as others write it down, and where one of its length fits.

/// What is said of a link that has so many characters, and whether it may not fit everywhere.
pub fn fits(characters: usize) -> (&'static str, bool) {
    match characters {
        0..=1_000 => ("It fits everywhere, also into mails.", false),
        1_001..=2_000 => (
            "It fits into chats; some mail programs cut links behind 1,000 characters.",
            false,
        ),
        _ => (
            "Chats such as Discord end at 2,000 characters, and mails before that: send the file.",
            true,
        ),
    }
}

/// How long a link is, in words.
pub fn length(characters: usize) -> String {
    match characters {
        0..1_000 => format!("{characters} characters. "),
        _ => format!(
            "{},{:03} characters. ",
            characters / 1_000,
            characters % 1_000
        ),
    }
}

/// A link in Markdown.
pub fn markdown(name: &str, address: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if matches!(letter, '[' | ']' | '\\' | '`' | '*' | '_' | '<') {
            words.push('\\');
        }
        words.push(if letter.is_control() { ' ' } else { letter });
    }
    format!("[{words}]({address})")
}

/// The page inside of another page, in HTML, with a scenario that can be played and not changed.
pub fn iframe(name: &str, page: &str, fragment: &str) -> String {
    let mut title = String::new();
    for letter in name.chars() {
        match letter {
            '&' => title.push_str("&amp;"),
            '"' => title.push_str("&quot;"),
            '<' => title.push_str("&lt;"),
            '>' => title.push_str("&gt;"),
            other => title.push(other),
        }
    }
    format!(
        "<iframe src=\"{page}#embed&amp;readonly&amp;{fragment}\" title=\"{title}\" width=\"800\" \
         height=\"500\" loading=\"lazy\" style=\"border:0\"></iframe>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_no_harm_in_snippets() {
        let name = "a]<script>\"&b";
        assert_eq!(markdown(name, "x#s1.A"), "[a\\]\\<script>\"&b](x#s1.A)");
        let html = iframe(name, "https://example.org/", "s1.A");
        assert!(
            html.contains("title=\"a]&lt;script&gt;&quot;&amp;b\""),
            "{html}"
        );
        assert!(html.contains("#embed&amp;readonly&amp;s1.A\""));
    }

    #[test]
    fn long_links_are_told_where_they_end() {
        assert_eq!(length(1_050), "1,050 characters. ");
        assert!(fits(1_000).0.contains("everywhere") && !fits(2_000).1 && fits(2_001).1);
    }
}
