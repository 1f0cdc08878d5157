//! What single groups do otherwise than the log says for all, as people see it.

use super::fields::field;
use crate::nodes::{Control, Field};

/// A choice for one group. What is left empty is as the log says for all.
const fn of_group(
    heading: &'static str,
    name: &'static str,
    label: &'static str,
    choices: &'static [(&'static str, &'static str)],
) -> Field {
    field(
        heading,
        name,
        label,
        "",
        "As the log says for all, or otherwise.",
        Control::Choice(choices),
    )
}

const AS_THE_LOG: (&str, &str) = ("", "As the log says");

/// What one group does otherwise.
pub(super) const GROUP_FIELDS: &[Field] = &[
    field(
        "",
        "name",
        "Group",
        "",
        "The name that the links of its consumers have.",
        Control::Text(120),
    ),
    of_group(
        "",
        "commit",
        "Commit",
        &[
            AS_THE_LOG,
            ("before", "Before the work"),
            ("after", "After the work"),
            ("interval", "At an interval"),
            ("never", "Never"),
            ("by_hand", "By hand"),
        ],
    ),
    of_group(
        "More",
        "sharing",
        "Its consumers share",
        &[
            AS_THE_LOG,
            ("partitions", "Partitions"),
            ("records", "Records"),
        ],
    ),
    of_group(
        "More",
        "reset",
        "It begins",
        &[
            AS_THE_LOG,
            ("earliest", "With the earliest"),
            ("latest", "With the latest"),
        ],
    ),
    of_group(
        "More",
        "isolation",
        "Sees",
        &[
            AS_THE_LOG,
            ("read_uncommitted", "All"),
            ("read_committed", "What is committed"),
        ],
    ),
    of_group(
        "More",
        "assignor",
        "Shared by",
        &[
            AS_THE_LOG,
            ("range", "Range"),
            ("round_robin", "Round robin"),
            ("sticky", "Sticky"),
            ("cooperative_sticky", "Cooperative sticky"),
        ],
    ),
    of_group(
        "More",
        "static_members",
        "Static members",
        &[AS_THE_LOG, ("true", "Yes"), ("false", "No")],
    ),
    of_group(
        "More",
        "seek",
        "Sent to",
        &[
            ("", "Nowhere"),
            ("earliest", "The earliest"),
            ("latest", "The latest"),
        ],
    ),
];
