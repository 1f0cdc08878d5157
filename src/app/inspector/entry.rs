//! A setting in the inspector: whose it is, what it is now, and what is wrong with what was typed.

use leptos::prelude::*;
use serde_json::Value;

use crate::app::session::{Session, use_session};
use crate::editor::form::{SharedField, idle_reason, is_meant, text_of, value_of};
use crate::nodes::{Control, Field as Setting};
use crate::topology::Finding;
use crate::units::{LinkId, NodeId};

/// Whose settings a form shows.
#[derive(Clone, PartialEq)]
pub enum Owners {
    /// Those of nodes.
    Nodes(Vec<NodeId>),
    /// Those of links.
    Links(Vec<LinkId>),
}

/// What all fields of a form share.
#[derive(Clone, Copy)]
pub struct Form {
    /// Whose settings it shows.
    pub owners: StoredValue<Owners>,
    /// The settings with their values.
    pub rows: Memo<Vec<SharedField>>,
    /// What is likely wrong with them.
    pub findings: Memo<Vec<Finding>>,
    /// What is searched for among them.
    pub search: RwSignal<String>,
}

impl Form {
    /// Whether something is searched for.
    pub fn is_searched(&self) -> bool {
        self.search.with(|search| !search.trim().is_empty())
    }
}

/// A setting in the inspector.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What it is.
    pub setting: &'static Setting,
    /// What is wrong with what was typed.
    pub problem: RwSignal<Option<String>>,
    /// The form in which it stands.
    pub form: Form,
    /// What it is now, in all that are selected.
    row: Memo<Option<SharedField>>,
    session: Session,
}

impl Entry {
    /// A setting in a form.
    pub fn new(form: Form, setting: &'static Setting) -> Self {
        let row = Memo::new(move |_| {
            form.rows.with(|rows| {
                let mut rows = rows.iter();
                rows.find(|row| row.field.name == setting.name).cloned()
            })
        });
        Self {
            setting,
            problem: RwSignal::new(None),
            form,
            row,
            session: use_session(),
        }
    }

    /// What can be put in.
    pub fn control(&self) -> &'static Control {
        &self.setting.control
    }

    /// The id of its input.
    pub fn id(&self) -> String {
        format!("field-{}", self.setting.name)
    }

    /// The ids of what is said about it.
    pub fn described_by(&self) -> String {
        let name = self.setting.name;
        ["word", "help", "idle", "error", "finding"]
            .map(|what| format!("field-{what}-{name}"))
            .join(" ")
    }

    /// Its value; `None` if that differs.
    pub fn value(&self) -> Option<Value> {
        self.row.with(|row| row.as_ref()?.value.clone())
    }

    /// Its value at this moment; nothing if that differs.
    pub fn value_now(&self) -> Value {
        let row = self.row.get_untracked();
        row.and_then(|row| row.value).unwrap_or_default()
    }

    /// Whether several are selected, with different values.
    pub fn differs(&self) -> bool {
        self.row
            .with(|row| row.as_ref().is_some_and(|row| row.value.is_none()))
    }

    /// The text for its input.
    pub fn text(&self) -> String {
        let value = self.value();
        value.map_or_else(String::new, |value| text_of(self.control(), &value))
    }

    /// Whether it is not as in a new one.
    pub fn is_unusual(&self) -> bool {
        self.row
            .with(|row| row.as_ref().is_some_and(SharedField::is_unusual))
    }

    /// Whether it is shown: those that count now, that are set or doubtful, or that are searched
    /// for.
    pub fn is_shown(&self) -> bool {
        if self.form.is_searched() {
            let search = self.form.search;
            return search.with(|search| is_meant(self.setting, search));
        }
        self.is_unusual() || self.is_doubtful() || self.idle_reason().is_none()
    }

    /// Whether something is wrong with it, or likely so.
    pub fn is_doubtful(&self) -> bool {
        self.problem.with(Option::is_some) || self.finding().is_some()
    }

    /// Why it does not count now, if it does not.
    pub fn idle_reason(&self) -> Option<String> {
        let rows = self.form.rows;
        rows.with(|rows| idle_reason(rows, self.setting))
    }

    /// The value in a new one.
    pub fn usual(&self) -> Option<Value> {
        self.row.with(|row| row.as_ref()?.usual.clone())
    }

    /// What is likely wrong with it.
    pub fn finding(&self) -> Option<Finding> {
        let name = Some(self.setting.name);
        self.form.findings.with(|findings| {
            let mut findings = findings.iter();
            findings.find(|finding| finding.field == name).cloned()
        })
    }

    /// Gives it another value, in all that are selected.
    pub fn change(&self, value: Value) {
        self.problem.set(None);
        if self.row.with_untracked(|row| {
            let now = row.as_ref().and_then(|row| row.value.as_ref());
            now == Some(&value)
        }) {
            return;
        }
        let name = self.setting.name;
        match self.form.owners.get_value() {
            Owners::Nodes(nodes) => self.session.set_nodes(nodes, name, value),
            Owners::Links(links) => self.session.set_links(links, name, value),
        }
    }

    /// The value of a text, if it is one.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        value_of(self.control(), text, &self.value_now())
    }

    /// Takes a text over, or says what is wrong with it; the text stays then.
    pub fn accept(&self, text: &str) {
        // Nothing was typed where several values are.
        if text.trim().is_empty() && untrack(|| self.differs()) {
            return self.problem.set(None);
        }
        match self.read(text) {
            Ok(value) => self.change(value),
            Err(why) => self.problem.set(Some(why)),
        }
    }

    /// A problem goes as soon as the text is right again.
    pub fn look_again(&self, text: &str) {
        if self.problem.with_untracked(Option::is_some) && self.read(text).is_ok() {
            self.problem.set(None);
        }
    }

    /// Whether a change shows at once what it does: the run stands still, and it is known from when
    /// on changes hold.
    pub fn changes_live(&self) -> bool {
        let known = self.session.reach.with_untracked(Option::is_some)
            || !self.session.player.with_value(|player| player.has_begun());
        known && !self.session.playing.get_untracked()
    }

    /// Whether the run is still on its way back to the moment at which something was changed.
    pub fn is_on_its_way(&self) -> bool {
        self.session
            .player
            .with_value(|player| player.aim().is_some())
    }

    /// Changes from here on are one step, until the next call; `begins` it anew.
    pub fn step(&self, begins: bool) {
        self.session
            .player
            .update_value(|player| player.hold_step(begins));
    }
}
