//! The groups that read a node: what each is at, who is in it, how far it is in each partition, and
//! what a person can do to it.

use leptos::prelude::*;

use crate::app::icons::Icon;
use crate::app::keyed::keyed;
use crate::app::live::{flag, live};
use crate::app::session::Session;
use crate::editor::Item;
use crate::editor::consumers::{GroupSheet, MemberRow, PlaceRow};
use crate::editor::panel::Sheet;
use crate::editor::tempo::count;
use crate::engine::SeekTo;
use crate::nodes::Tone;
use crate::units::{NodeId, SimDuration, SimTime};

impl Session {
    /// The groups in the sheet that is open.
    fn with_groups<T>(&self, read: impl FnOnce(&[GroupSheet]) -> T) -> Option<T> {
        self.sheet.with(|sheet| match sheet {
            Some(Sheet::Node(sheet)) => Some(read(&sheet.groups)),
            _ => None,
        })
    }
}

/// A group in the inspector.
#[derive(Clone, Copy)]
struct Shown {
    session: Session,
    node: NodeId,
    group: Memo<Option<GroupSheet>>,
    /// Which of them, for names of elements.
    n: usize,
}

impl Shown {
    fn tell(self, tell: fn(&GroupSheet) -> String) -> crate::app::live::LiveText {
        live(move || {
            let group = self.group;
            group.with(|group| group.as_ref().map_or_else(String::new, tell))
        })
    }

    fn list<T>(self, list: impl Fn(&GroupSheet) -> Vec<T>) -> Vec<T> {
        let group = self.group;
        group
            .with(|group| group.as_ref().map(list))
            .unwrap_or_default()
    }
}

/// The groups, if somebody ever read.
pub fn groups(session: Session, node: NodeId) -> AnyView {
    let names = Memo::new(move |_| {
        let names = |groups: &[GroupSheet]| groups.iter().map(|it| it.name.clone()).collect();
        let names: Vec<String> = session.with_groups(names).unwrap_or_default();
        names
    });
    let group = move |(n, name): (usize, String)| {
        let title = name.clone();
        let group = Memo::new(move |before: Option<&Option<GroupSheet>>| {
            let found = session.with_groups(|groups| {
                let mut groups = groups.iter();
                groups.find(|group| group.name == name).cloned()
            });
            found.flatten().or_else(|| before.cloned().flatten())
        });
        let shown = Shown {
            session,
            node,
            group,
            n,
        };
        view_group(shown, title)
    };
    view! {
        <section
            class="consumers"
            data-testid="groups"
            hidden=flag(move || names.with(Vec::is_empty))
        >
            <h3>"Groups"</h3>
            {keyed(
                move || names.get().into_iter().enumerate().collect(),
                |(_, name)| name.clone(),
                group,
            )}
        </section>
    }
    .into_any()
}

fn view_group(shown: Shown, name: String) -> AnyView {
    let Shown { group, n, .. } = shown;
    let tone = move |tone: Tone| {
        flag(move || group.with(|group| group.as_ref().is_some_and(|it| it.tone == tone)))
    };
    view! {
        <details class="consumer-group" open={n < 2} data-testid=format!("group-of-{n}")>
            <summary data-testid=format!("group-summary-{n}")>
                <b>{name.clone()}</b>
                <span class="group-phase" class:is-warning=tone(Tone::Warning)
                    data-testid=format!("group-phase-{n}")>
                    {shown.tell(|it| it.phase.clone())}
                </span>
                <span class="group-lag" data-testid=format!("group-lag-{n}")>
                    {shown.tell(|it| it.lag.clone())}
                </span>
            </summary>
            <p class="panel-quiet">{shown.tell(|it| it.about.clone())}</p>
            <ul class="member-list" aria-label=format!("Consumers of {name}")>
                {keyed(
                    move || shown.list(|it| it.members.clone()),
                    |member| format!("{member:?}"),
                    move |member| view_member(shown.session, member),
                )}
            </ul>
            {places(shown, &name)}
            {deeds(shown, &name)}
        </details>
    }
    .into_any()
}

fn view_member(session: Session, member: MemberRow) -> AnyView {
    let words = match member.state.as_str() {
        "" => member.owns,
        state => format!("{} · {state}", member.owns),
    };
    let name = match member.node {
        Some(node) => view! {
            <button
                type="button"
                class="member-name"
                title="Go to it"
                on:click=move |_| session.go_to_item(Item::Node(node))
            >
                {member.name}
            </button>
        }
        .into_any(),
        None => member.name.into_any(),
    };
    view! {
        <li
            class:is-warning={member.tone == Tone::Warning}
            class:is-trouble={member.tone == Tone::Trouble}
            data-member=MemberRow::mark(member.number).to_string()
        >
            <span class="member-number" aria-hidden="true">{member.number}</span>
            <div>
                {name}
                <small>{words}</small>
            </div>
        </li>
    }
    .into_any()
}

/// The table of partitions.
fn places(shown: Shown, name: &str) -> AnyView {
    let rows = move || shown.list(|it| it.places.iter().map(|it| it.partition).collect());
    let more = move || {
        let more = shown.group.with(|it| it.as_ref().map_or(0, |it| it.more));
        match more {
            0 => String::new(),
            more => format!("and {more} more partitions"),
        }
    };
    view! {
        <div class="places" tabindex="0" role="region" aria-label=format!("Partitions of {name}")>
            <table>
                <thead>
                    <tr>
                        <th scope="col"><abbr title="Partition">"P"</abbr></th>
                        <th scope="col">"End"</th>
                        <th scope="col">"Committed"</th>
                        <th scope="col">"Lag"</th>
                        <th scope="col">"Owner"</th>
                    </tr>
                </thead>
                <tbody>
                    {keyed(rows, u32::to_string, move |partition| view_place(shown, partition))}
                </tbody>
            </table>
        </div>
        <p class="panel-quiet" hidden=flag(move || more().is_empty())>{live(more)}</p>
    }
    .into_any()
}

fn view_place(shown: Shown, partition: u32) -> AnyView {
    let Shown { group, n, .. } = shown;
    let place = Memo::new(move |_| {
        group.with(|group| group.as_ref()?.places.get(partition as usize).cloned())
    });
    let tell = move |tell: fn(&PlaceRow) -> String| {
        live(move || place.with(|place| place.as_ref().map_or_else(String::new, tell)))
    };
    let is_behind = move || place.with(|it| it.as_ref().is_some_and(|it| it.lag > 0));
    // What leads to a partition leads to the first table.
    let id = match n {
        0 => format!("part-{partition}"),
        n => format!("part-{n}-{partition}"),
    };
    view! {
        <tr data-testid=id tabindex="-1">
            <th scope="row">{partition}</th>
            <td>{tell(|it| count(it.end))}</td>
            <td>{tell(|it| it.committed.map_or_else(|| "–".to_owned(), count))}</td>
            <td class:is-behind=flag(is_behind)>
                {tell(|it| count(it.lag))}
            </td>
            <td class="owner" data-member=tell(|it| MemberRow::mark(it.number).to_string())>
                {tell(|it| it.owner.clone())}
            </td>
        </tr>
    }
    .into_any()
}

/// Where a group can be sent, in words.
const GOALS: [(&str, &str); 4] = [
    ("earliest", "The earliest record"),
    ("latest", "The latest"),
    ("time", "A time of the run"),
    ("offset", "An offset"),
];

/// Committing, and being sent elsewhere.
fn deeds(shown: Shown, name: &str) -> AnyView {
    let Shown {
        session,
        node,
        group,
        n,
    } = shown;
    let goal = RwSignal::new("earliest".to_owned());
    let (time, partition, offset) = (
        RwSignal::new("10s".to_owned()),
        RwSignal::new("0".to_owned()),
        RwSignal::new("0".to_owned()),
    );
    let meant = move || group.with_untracked(|group| group.as_ref()?.meant.clone());
    let is = move |what: &'static str| flag(move || goal.with(|goal| goal != what));
    let number = |text: RwSignal<String>| text.with_untracked(|text| text.trim().parse::<u64>());
    let to = move || match &*goal.get_untracked() {
        "earliest" => Ok(SeekTo::Earliest),
        "latest" => Ok(SeekTo::Latest),
        "time" => match time.with_untracked(|time| time.trim().parse::<SimDuration>()) {
            Ok(time) => Ok(SeekTo::Time(SimTime::ZERO.after(time))),
            Err(error) => Err(error.to_string()),
        },
        _ => match (number(partition), number(offset)) {
            (Ok(partition), Ok(offset)) => Ok(SeekTo::Offset {
                partition: partition as u32,
                offset,
            }),
            _ => Err("Expected the number of a partition and of an offset".to_owned()),
        },
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match (meant(), to()) {
            (Some(group), Ok(to)) => session.seek_group(node, group, to),
            (_, Err(why)) => session.say(why, true),
            (None, _) => {}
        }
    };
    let input = move |what: &'static str, hides: &'static str, label: &'static str, value| {
        view! {
            <input
                class="input"
                type="text"
                autocomplete="off"
                aria-label=label
                title=label
                data-testid=format!("seek-{what}-{n}")
                hidden=is(hides)
                bind:value=value
            />
        }
        .into_any()
    };
    let goals = GOALS.map(|(value, words)| view! { <option value=value>{words}</option> });
    view! {
        <form
            class="group-deeds"
            hidden=flag(move || group.with(|it| it.as_ref().is_none_or(|it| it.meant.is_none())))
            on:submit=send
        >
            <label for=format!("seek-to-{n}")>"Send it to"</label>
            <select
                class="input"
                id=format!("seek-to-{n}")
                data-testid=format!("seek-to-{n}")
                on:change=move |event| goal.set(event_target_value(&event))
            >
                {Vec::from(goals)}
            </select>
            {input("time", "time", "Time since the start of the run, such as 10s", time)}
            {input("partition", "offset", "Partition", partition)}
            {input("offset", "offset", "Offset", offset)}
            <button
                type="submit"
                class="button"
                data-testid=format!("seek-{n}")
                aria-label=format!("Go: send {name} there")
            >
                <Icon name="turn" />
                "Go"
            </button>
            <button
                type="button"
                class="button"
                data-testid=format!("commit-{n}")
                aria-label=format!("Commit now: {name}")
                title="Its consumers commit all that they are done with"
                on:click=move |_| {
                    if let Some(group) = meant() {
                        session.commit_group(node, group);
                    }
                }
            >
                <Icon name="check" />
                "Commit now"
            </button>
        </form>
    }
    .into_any()
}
