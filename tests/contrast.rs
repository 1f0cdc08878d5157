//! The promise that texts can be read and lines seen, in the light and in the dark: the contrasts
//! that WCAG asks for, of each pair of colours that lie on each other.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../style/tokens.css");

/// Texts and what they are written on.
const TEXTS: &[(&str, &[&str])] = &[
    ("ink", GROUNDS),
    ("ink-2", GROUNDS),
    ("ink-3", GROUNDS),
    ("link-label", &["ground"]),
    ("accent", &["ground", "surface", "card", "accent-soft"]),
    ("accent-ink", &["accent"]),
    ("good", &["surface", "good-soft"]),
    ("warn", &["surface", "card", "card-inset", "warn-soft"]),
    (
        "trouble",
        &["surface", "card", "card-inset", "trouble-soft"],
    ),
    ("trouble-ink", &["trouble"]),
];
const GROUNDS: &[&str] = &[
    "ground",
    "surface",
    "surface-2",
    "surface-3",
    "card",
    "card-inset",
];

/// What is drawn and means something.
const DRAWN: &[(&str, &[&str])] = &[
    ("link", &["ground"]),
    ("flow", &["ground"]),
    ("accent", &["ground", "card-inset"]),
    ("trouble", &["ground", "card-inset"]),
    ("event-1", &["ground", "card-inset"]),
    ("event-2", &["ground", "card-inset"]),
    ("event-3", &["ground", "card-inset"]),
    ("event-4", &["ground", "card-inset"]),
    ("event-5", &["ground", "card-inset"]),
    ("event-6", &["ground", "card-inset"]),
    ("event-7", &["ground", "card-inset"]),
    ("event-8", &["ground", "card-inset"]),
];

#[test]
fn what_is_on_the_page_can_be_told_from_what_it_lies_on() {
    let light = colours("light");
    // What the dark theme does not change is as in the light one.
    let mut dark = light.clone();
    dark.extend(colours("dark"));
    let mut faint = Vec::new();
    for (theme, colours) in [("light", light), ("dark", dark)] {
        for (pairs, least) in [(TEXTS, 4.5), (DRAWN, 3.0)] {
            for (name, grounds) in pairs {
                for ground in *grounds {
                    let contrast = contrast(colours[*name], colours[*ground]);
                    if contrast < least {
                        faint.push(format!(
                            "{theme}: --{name} on --{ground} is {contrast:.2}, at least {least}"
                        ));
                    }
                }
            }
        }
    }
    assert!(faint.is_empty(), "style/tokens.css:\n{}", faint.join("\n"));
}

/// The colours of a theme that are written as six digits.
fn colours(theme: &str) -> BTreeMap<&'static str, [f64; 3]> {
    let start = TOKENS
        .find(&format!("[data-theme=\"{theme}\"]"))
        .expect("the theme is there");
    let block = TOKENS[start..].split('}').next().expect("it has a block");
    let colour = |line: &'static str| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(':')?;
        let digits = value.trim().trim_end_matches(';').strip_prefix('#')?;
        let part = |n: usize| u8::from_str_radix(digits.get(n..n + 2)?, 16).ok();
        Some((
            name,
            [part(0)?, part(2)?, part(4)?].map(|part| f64::from(part) / 255.0),
        ))
    };
    block.lines().filter_map(colour).collect()
}

/// WCAG's measure, from 1 to 21.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| match part {
        low if low <= 0.040_45 => low / 12.92,
        high => libm::pow((high + 0.055) / 1.055, 2.4),
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[test]
fn black_on_white_has_the_most_contrast_there_is() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}
