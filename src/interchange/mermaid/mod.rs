//! A scenario as a text of Mermaid, for documents and wikis: a flowchart of what is drawn, or a
//! sequence diagram of a run. It is only written.

mod sequence;

use std::fmt::Write as _;

pub use sequence::{STEPS_MAX, sequence};

use crate::nodes::{Glyph, Kind};
use crate::scenario::Scenario;
use crate::topology::{Frame, Node};

/// The flowchart.
pub fn write(scenario: &Scenario) -> String {
    let mut text = String::from("flowchart LR\n");
    let frames = &scenario.drawing.frames;
    let smallest = |node: &Node| -> Option<&Frame> {
        let around = frames
            .iter()
            .filter(|frame| frame.members.contains(&node.id));
        around.min_by_key(|frame| frame.members.len())
    };
    let nodes = &scenario.topology.nodes;
    for node in nodes.iter().filter(|node| smallest(node).is_none()) {
        let _ = writeln!(text, "  {}", shape(node));
    }
    for frame in frames {
        let members = nodes.iter();
        let members = members.filter(|node| smallest(node).is_some_and(|it| it.id == frame.id));
        let members: Vec<&Node> = members.collect();
        if members.is_empty() {
            continue;
        }
        let _ = writeln!(
            text,
            "  subgraph f{}[\"{}\"]",
            frame.id.0,
            escaped(&frame.name)
        );
        for node in members {
            let _ = writeln!(text, "    {}", shape(node));
        }
        text.push_str("  end\n");
    }
    for link in &scenario.topology.links {
        let said = match link.label.as_str() {
            "" => String::new(),
            label => format!("|\"{}\"|", escaped(label)),
        };
        let _ = writeln!(text, "  n{} -->{said} n{}", link.from.0, link.to.0);
    }
    text
}

fn shape(node: &Node) -> String {
    let (open, close) = marks(node.settings.kind());
    format!("n{}{open}\"{}\"{close}", node.id.0, escaped(&node.name))
}

fn marks(kind: Kind) -> (&'static str, &'static str) {
    match kind.descriptor().glyph {
        Glyph::Antenna => ("([", "])"),
        Glyph::Pipe => ("[[", "]]"),
        Glyph::Fan => ("{{", "}}"),
        Glyph::Cylinder => ("[(", ")]"),
        Glyph::Gear | Glyph::Scales | Glyph::Table => ("[", "]"),
    }
}

/// A text in which nothing means anything to Mermaid.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '#' | '&' | '<' | '>' | ';' | '`' | '\\' => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    match escaped.trim() {
        "" => " ".to_owned(),
        _ => escaped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::examples;

    #[test]
    fn every_node_and_link_is_a_line() {
        let mut scenario = examples()[0].scenario();
        scenario.topology.nodes[0].name = "A \"big\" <shop> #1".to_owned();
        let text = write(&scenario);
        assert!(
            text.contains("n1([\"A #34;big#34; #60;shop#62; #35;1\"])"),
            "{text}"
        );
        assert!(
            text.contains("n3{{\"Orders\"}}") && !text.contains("n12"),
            "{text}"
        );
        assert_eq!(text.matches(" --> ").count(), scenario.topology.links.len());
    }
}
