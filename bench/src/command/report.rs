//! How rows are shown: a table that a person reads, or one JSON object a line.

use std::fmt::Write;

use bench::Model;

use super::comparison::Comparison;
use super::row::Row;

/// All rows as a table with a line about what its columns mean.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    let heads = [
        "model", "target", "tracing", "against", "ratio", "min", "max", "gate", "",
    ];
    let more = ["ns", "base ns", "instr", "base", "MB", "wait ms", "theory"];
    let heads: Vec<String> = heads.iter().chain(&more).map(ToString::to_string).collect();
    let mut lines = vec![heads];
    lines.extend(rows.iter().map(cells));
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| {
            lines
                .iter()
                .map(|line| line[column].len())
                .max()
                .unwrap_or(0)
        })
        .collect();
    for line in &lines {
        let cells = line
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, &width))| {
                // Words to the left, numbers to the right.
                if column < 4 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text.push_str(
        "\nratio: time an event, divided by the base's, median of alternating pairs. ns: median \
         nanoseconds an event.\ninstr: instructions an event under callgrind. MB: peak memory of a \
         million messages.\n",
    );
    text
}

fn cells(row: &Row) -> Vec<String> {
    let Comparison {
        model,
        target,
        tracing,
    } = row.comparison;
    let number = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
    };
    let verdict = match row.met() {
        Some(true) => "met",
        Some(false) => "missed",
        None => "skipped",
    };
    vec![
        model.name().to_owned(),
        target.name().to_owned(),
        if tracing { "on" } else { "off" }.to_owned(),
        against(row).to_owned(),
        number(row.ratio.map(|ratio| ratio.median), 2),
        number(row.ratio.map(|ratio| ratio.min), 2),
        number(row.ratio.map(|ratio| ratio.max), 2),
        number(Some(row.comparison.gate()), 1),
        verdict.to_owned(),
        number(row.cost.map(|cost| cost.median), 1),
        number(row.base_cost.map(|cost| cost.median), 1),
        number(row.instructions, 0),
        number(row.base_instructions, 0),
        number(row.peak_megabytes, 1),
        number(row.mean_wait.map(|wait| wait * 1e3), 2),
        number(row.theory().map(|wait| wait * 1e3), 2),
    ]
}

/// One row as a JSON object on one line.
pub fn json(row: &Row) -> String {
    let Comparison {
        model,
        target,
        tracing,
    } = row.comparison;
    let number = |value: Option<f64>| match value {
        Some(value) if value.is_finite() => format!("{value:.6}"),
        _ => "null".to_owned(),
    };
    let quoted = |text: &str| format!("\"{text}\"");
    let fields = [
        ("model", quoted(model.name())),
        ("target", quoted(target.name())),
        ("tracing", tracing.to_string()),
        ("against", quoted(against(row))),
        ("ratio_median", number(row.ratio.map(|ratio| ratio.median))),
        ("ratio_min", number(row.ratio.map(|ratio| ratio.min))),
        ("ratio_max", number(row.ratio.map(|ratio| ratio.max))),
        ("gate", number(Some(row.comparison.gate()))),
        (
            "met",
            row.met().map_or("null".to_owned(), |met| met.to_string()),
        ),
        ("nanoseconds", number(row.cost.map(|cost| cost.median))),
        (
            "base_nanoseconds",
            number(row.base_cost.map(|cost| cost.median)),
        ),
        ("instructions", number(row.instructions)),
        ("base_instructions", number(row.base_instructions)),
        ("peak_megabytes", number(row.peak_megabytes)),
        ("mean_wait_seconds", number(row.mean_wait)),
        ("theory_seconds", number(row.theory())),
        (
            "skipped",
            row.skipped.as_deref().map_or("null".to_owned(), quoted),
        ),
    ];
    let fields = fields.map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", fields.join(","))
}

fn against(row: &Row) -> &'static str {
    match (row.comparison.against_reference(), row.comparison.model) {
        (true, _) => "REF",
        (false, Model::LogKept) => "engine log",
        (false, _) => "engine mm1",
    }
}
