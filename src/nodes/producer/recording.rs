//! A recorded trace of events: lines of CSV or NDJSON with times, as they are pasted.
//!
//! CSV has the columns time, event, key and body, in this order or as a first line names them.
//! NDJSON has one object a line with `time`, `event` or `type`, `key` or `subject`, `body` or
//! `data`. Times are seconds, durations or dates; they count from the start of the producer, dates
//! from the first one.

use serde_json::Value;

use crate::nodes::SettingsProblem;
use crate::nodes::shared::events::NAME_MOST;
use crate::units::{Date, SimDuration};

/// An event of a recorded trace.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recorded {
    pub(super) at: SimDuration,
    pub(super) event: String,
    pub(super) key: String,
    pub(super) body: Value,
}

/// Most events of a recorded trace.
const LINES_MOST: usize = 5_000;
/// What the columns are if no line says so.
const COLUMNS: [&str; 4] = ["time", "event", "key", "body"];

/// The moment of a line.
enum Moment {
    Since(SimDuration),
    /// A date, and what comes after its whole seconds.
    Date(Date, SimDuration),
}

/// The events of a trace in the order of their times, or what is wrong with which line.
pub(super) fn read(text: &str) -> Result<Vec<Recorded>, SettingsProblem> {
    let mut events = Vec::new();
    let mut columns: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
    let mut first_date = None;
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, it)| !it.trim().is_empty())
    {
        let wrong = |what: &str| SettingsProblem::new(format!("trace line {}", n + 1), what);
        let fields = match line.trim_start().starts_with('{') {
            true => of_json(line).ok_or_else(|| wrong("expected a JSON object"))?,
            false => {
                let cells = cells(line);
                if events.is_empty() && cells.iter().any(|cell| is_column(cell)) {
                    columns = cells
                        .iter()
                        .map(|cell| cell.trim().to_lowercase())
                        .collect();
                    continue;
                }
                of_cells(&columns, cells)
            }
        };
        let moment = fields.time.as_deref().and_then(moment);
        let expected = "expected a time such as 1.5, \"250ms\" or \"2026-03-02T09:00:00Z\"";
        let at = match moment.ok_or_else(|| wrong(expected))? {
            Moment::Since(at) => at,
            Moment::Date(date, rest) => {
                let (first, before) = *first_date.get_or_insert((date, rest));
                let secs = date.seconds_since(first).map(SimDuration::from_secs);
                let at = secs.map(|secs| secs.plus(rest).nanos());
                let at = at.and_then(|at| at.checked_sub(before.nanos()));
                SimDuration::from_nanos(at.ok_or_else(|| wrong("it is before the first one"))?)
            }
        };
        let length = fields.event.chars().count();
        if !(1..=NAME_MOST).contains(&length) || fields.key.chars().count() > NAME_MOST {
            return Err(wrong(
                "expected an event and a key of at most 120 characters",
            ));
        }
        if events.len() == LINES_MOST {
            return Err(wrong("expected at most 5000 events"));
        }
        events.push(Recorded {
            at,
            event: fields.event,
            key: fields.key,
            body: fields.body,
        });
    }
    // Stable: what happened at the same moment stays in its order.
    crate::units::sort_by_key(&mut events, |event| event.at);
    Ok(events)
}

/// What a line says.
#[derive(Default)]
struct Line {
    time: Option<String>,
    event: String,
    key: String,
    body: Value,
}

impl Line {
    fn set(&mut self, column: &str, value: Value) {
        let text = |value: Value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        match column {
            "time" | "at" | "timestamp" => self.time = Some(text(value)),
            "event" | "type" => self.event = text(value),
            "key" | "subject" => self.key = text(value),
            "body" | "data" => self.body = value,
            _ => {}
        }
    }
}

fn is_column(cell: &str) -> bool {
    ["time", "at", "timestamp"].contains(&cell.trim().to_lowercase().as_str())
}

fn of_json(line: &str) -> Option<Line> {
    let Ok(Value::Object(object)) = serde_json::from_str(line) else {
        return None;
    };
    let mut read = Line::default();
    for (name, value) in object {
        read.set(&name, value);
    }
    Some(read)
}

/// A body that is JSON is taken as that, else as a text.
fn of_cells(columns: &[String], cells: Vec<String>) -> Line {
    let mut read = Line::default();
    for (column, cell) in columns.iter().zip(cells) {
        let is_body = matches!(column.as_str(), "body" | "data");
        let value = match cell.trim() {
            "" if is_body => Value::Null,
            text if is_body => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
            text => text.into(),
        };
        read.set(column, value);
    }
    read
}

/// The cells of a line of CSV, with quotes as RFC 4180 has them.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut quoted, mut letters) = (false, line.chars().peekable());
    while let Some(letter) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let seconds = || format!("{text}s").parse().ok();
    if let Some(since) = text.parse().ok().or_else(seconds) {
        return Some(Moment::Since(since));
    }
    let (whole, rest) = match text.split_once('.') {
        None => (text.to_owned(), SimDuration::ZERO),
        Some((whole, fraction)) => {
            let fraction = fraction.strip_suffix('Z')?;
            (format!("{whole}Z"), format!("0.{fraction}s").parse().ok()?)
        }
    };
    Some(Moment::Date(whole.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str) -> Vec<(u64, String, String, Value)> {
        let events = read(text).unwrap_or_else(|problem| panic!("{problem:?}"));
        let millis = |event: &Recorded| event.at.nanos() / 1_000_000;
        let row = |it: Recorded| (millis(&it), it.event, it.key, it.body);
        events.into_iter().map(row).collect()
    }

    #[test]
    fn lines_of_csv_and_of_json_are_events() {
        let csv = "time,event,key,body\n2,Paid,ada,\"{\"\"n\"\": 1}\"\n\n0.5,Placed,\"a,b\",\n";
        let expected = [
            (500, "Placed".to_owned(), "a,b".to_owned(), json!(null)),
            (
                2_000,
                "Paid".to_owned(),
                "ada".to_owned(),
                json!({ "n": 1 }),
            ),
        ];
        assert_eq!(check(csv), expected);
        assert_eq!(
            check("2s,Paid,ada,{\"n\": 1}").len(),
            1,
            "without a first line"
        );
        let json = "{\"time\": 2, \"type\": \"Paid\", \"subject\": \"ada\", \"data\": {\"n\": 1}}";
        assert_eq!(check(json), expected[1..]);
    }

    #[test]
    fn dates_count_from_the_first() {
        let text = "2026-03-02T09:00:00.250Z,A\n2026-03-02T09:01:00Z,B";
        let times: Vec<u64> = check(text).iter().map(|event| event.0).collect();
        assert_eq!(times, [0, 59_750]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line) in [
            ("1,A\nsoon,B", 2),
            ("1,A\n2", 2),
            ("{\"event\": \"A\"}", 1),
            ("{nothing", 1),
            ("2026-03-02T09:00:00Z,A\n2026-03-02T08:00:00Z,B", 2),
        ] {
            let problem = read(text).unwrap_err();
            assert_eq!(problem.field, format!("trace line {line}"), "{text}");
        }
        let many = "1,A\n".repeat(LINES_MOST + 1);
        assert!(read(&many).is_err());
    }
}
