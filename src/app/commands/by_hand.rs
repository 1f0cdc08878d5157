//! What a person does by hand with messages: taking and answering them, purging, sending on.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::player::Player;
use crate::app::session::Session;
use crate::editor::brokers::BrokerDeed;
use crate::editor::panel::Sheet;
use crate::editor::stock::{StockRow, StockSheet};
use crate::editor::tempo::short;
use crate::editor::{Action, Item, Selection};
use crate::engine::{Chosen, Goal, GroupName, MessageId, Operation, SeekTo, Verdict};
use crate::simulation::Intervention;
use crate::units::{NodeId, SimDuration};

/// More messages than one operation ever has.
pub const ALL: u32 = 1_000_000;

impl Session {
    /// Reads what the sheet that is open says about what its node has.
    pub fn with_stock<T>(&self, read: impl FnOnce(&StockSheet) -> T) -> Option<T> {
        self.sheet.with(|sheet| match sheet {
            Some(Sheet::Node(sheet)) => sheet.stock.as_ref().map(read),
            _ => None,
        })
    }

    /// Does something by hand now. What follows from it at this very moment happens as well.
    fn operate(&self, node: NodeId, operation: Operation) -> bool {
        let what = Intervention::Operate { node, operation };
        let name = self
            .player
            .with_value(|player| what.label(player.run().topology()));
        let done = self.edit_quietly(&name, None, |desk| desk.intervene(what));
        self.act(Player::end_instant);
        done.is_some()
    }

    /// Takes messages out of the queues that lend to a node.
    pub fn take(&self, node: NodeId, most: u32) {
        let stock = || {
            let stock = untrack(|| self.with_stock(|stock| (stock.total, stock.offered)));
            stock.unwrap_or_default()
        };
        let (held, offered) = stock();
        if !self.operate(node, Operation::Take { most, hide: None }) {
            return;
        }
        let came = stock().0.saturating_sub(held);
        let words = match came {
            0 if offered == 0 => "Nothing waits there to be taken".to_owned(),
            0 => "Asked for: it comes as time goes on".to_owned(),
            1 => "Took 1 message".to_owned(),
            several => format!("Took {several} messages"),
        };
        self.speak(words);
    }

    /// Answers a message in the hand.
    pub fn answer(&self, node: NodeId, row: &StockRow, verdict: Verdict) {
        let which = row.delivery();
        let focus = place_of_focus();
        if !self.operate(node, Operation::Settle { which, verdict }) {
            return;
        }
        let words = row.words();
        let said = match verdict {
            Verdict::Ack => format!("Acknowledged {words}"),
            Verdict::Reject => format!("Rejected {words}"),
            Verdict::Requeue => format!("Requeued {words}"),
        };
        match &row.fate {
            Some(fate) if row.forgiving.is_some() && verdict == Verdict::Ack => {
                self.say(
                    format!("{said} late: {fate}, but the answer still counts."),
                    false,
                );
            }
            Some(fate) => self.say(format!("{said}, but too late: {fate}."), false),
            None => self.speak(said),
        }
        keep_focus(focus);
    }

    /// Asks for more time for a message in the hand.
    pub fn wait_longer(&self, node: NodeId, row: &StockRow) {
        let words = row.words();
        let Some(time) = row.longer else {
            return self.speak(format!("{words}: there is no time limit to extend"));
        };
        let which = row.delivery();
        if self.operate(node, Operation::Extend { which, time }) {
            self.speak(format!("{words}: {} from now", short(time)));
        }
    }

    /// Throws away what waits.
    pub fn purge(&self, node: NodeId) {
        if self.operate(node, Operation::Purge) {
            self.speak("Purged");
        }
    }

    /// Sends on what waits: chosen messages, or the first ones.
    pub fn redrive(
        &self,
        node: NodeId,
        which: Option<Arc<[Chosen]>>,
        most: u32,
        (every, to): (SimDuration, Goal),
    ) {
        let redrive = Operation::Redrive {
            which,
            most,
            every,
            to,
        };
        if self.operate(node, redrive) {
            self.speak("They are sent on");
        }
    }

    /// The consumers of a group commit what they are done with.
    pub fn commit_group(&self, node: NodeId, group: GroupName) {
        if self.operate(node, Operation::Commit { group }) {
            self.speak("Committed");
        }
    }

    /// A group reads on somewhere else.
    pub fn seek_group(&self, node: NodeId, group: GroupName, to: SeekTo) {
        if self.operate(node, Operation::Seek { group, to }) {
            self.speak("It reads on from there");
        }
    }

    /// Lets a broker fail or come back, wherever one of the nodes runs on it.
    pub fn do_with_broker(&self, nodes: &[NodeId], number: u32, deed: BrokerDeed, of: &str) {
        let name = deed.name(number, of);
        self.edit(name, None, |desk| desk.broker(nodes, number, deed));
        self.act(Player::end_instant);
    }

    /// Shows the data of a message in the list, or hides them.
    pub fn open_row(&self, message: Option<MessageId>) {
        self.act(|player| player.open_row(message));
    }

    /// Does what an action says with what is selected.
    pub(super) fn do_by_hand(&self, action: Action) {
        let meant = || self.player.with_value(Player::in_hand);
        let node = self.selection.with_untracked(Selection::only);
        match (action, node) {
            (Action::Answer(verdict), _) => {
                if let Some((node, row)) = meant() {
                    self.answer(node, &row, verdict);
                }
            }
            (Action::WaitLonger, _) => {
                if let Some((node, row)) = meant() {
                    self.wait_longer(node, &row);
                }
            }
            (Action::Take, Some(Item::Node(node))) => self.take(node, 1),
            (Action::Purge, Some(Item::Node(node))) => self.purge(node),
            (Action::Redrive, Some(Item::Node(node))) => {
                let at_once = (SimDuration::ZERO, Goal::Source);
                self.redrive(node, None, ALL, at_once);
            }
            _ => {}
        }
    }
}

/// Where the focus is among the buttons of a list of messages: the row, and the button in it.
fn place_of_focus() -> Option<(u32, String)> {
    let active = document().active_element()?;
    let row = active.closest(".stock-row").ok()??;
    let before = std::iter::successors(row.previous_element_sibling(), |row| {
        row.previous_element_sibling()
    });
    Some((before.count() as u32, active.get_attribute("data-deed")?))
}

/// The row with the focus may have gone: the next one gets it, or what takes messages.
fn keep_focus(place: Option<(u32, String)>) {
    let Some((row, deed)) = place else { return };
    request_animation_frame(move || {
        let find = |selector: &str| document().query_selector(selector).ok().flatten();
        if find(".stock-row :focus").is_some() {
            return;
        }
        let nth = format!(".stock-row:nth-child({}) [data-deed={deed}]", row + 1);
        let last = format!(".stock-row:last-child [data-deed={deed}]");
        let found = find(&nth).or_else(|| find(&last));
        let found = found.or_else(|| find("[data-testid=stock-take]"));
        let found = found.or_else(|| find(".stock > summary"));
        if let Some(element) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
