//! What a person does by hand: which message is meant, and what comes of it at once.

use super::Player;
use crate::editor::Item;
use crate::editor::panel::Sheet;
use crate::editor::stock::{MessageData, StockRow, StockSheet, held};
use crate::engine::{Behaviour, MessageId, Stock};
use crate::nodes::Status;
use crate::units::NodeId;

/// Most dispatches of one instant that are waited for.
const INSTANT_MOST: u64 = 10_000;

impl Player {
    /// Shows the data of a message in a list, or of none.
    pub fn open_row(&mut self, message: Option<MessageId>) {
        self.opened = message;
        self.unsaid = true;
    }

    /// Puts the data of the opened message into what is shown.
    pub(super) fn open_in(&self, stock: &mut StockSheet) {
        let opened = self.opened.filter(|opened| {
            let mut rows = stock.rows.iter();
            rows.any(|row| row.message == *opened)
        });
        let message = opened.and_then(|opened| self.find_message(opened));
        stock.open = message.map(|message| MessageData::of(message.id, &self.envelope(&message)));
    }

    /// The message that is meant by what a person does by hand: the one that is followed, or else
    /// of the selected node the one that is opened, or the oldest.
    pub fn in_hand(&self) -> Option<(NodeId, StockRow)> {
        if let Some(followed) = self.view.selection.followed() {
            return held(&self.run, followed.message);
        }
        let (node, stock) = self.stock(1)?;
        if !stock.in_hand || stock.total == 0 {
            return None;
        }
        let items = [Item::Node(node)];
        let drawing = &self.document.drawing;
        let sheet = crate::editor::panel::sheet_of(&self.run, drawing, &items)?;
        let Sheet::Node(sheet) = sheet else {
            return None;
        };
        let rows = sheet.stock?.rows;
        let opened = rows.iter().position(|row| Some(row.message) == self.opened);
        let row = rows.into_iter().nth(opened.unwrap_or(0))?;
        Some((node, row))
    }

    /// What the selected node has that a person can do something with.
    pub fn stock(&self, most: usize) -> Option<(NodeId, Stock)> {
        let Some(Item::Node(node)) = self.view.selection.only() else {
            return None;
        };
        let world = self.run.world();
        let stock = world.node(world.node_index(node)?).stock(most)?;
        Some((node, stock))
    }

    /// Whether the selected node takes messages by hand.
    pub(super) fn takes(&self) -> bool {
        self.stock(0).is_some_and(|(node, stock)| {
            let world = self.run.world();
            let index = world.node_index(node);
            let up = index.is_some_and(|index| {
                let picture = world.node(index).picture(self.run.now(), world.names());
                picture.status == Status::Up
            });
            stock.in_hand && up
        })
    }

    /// Whether something waits at the selected node, or dead letters do.
    pub(super) fn waits(&self, dead: bool) -> bool {
        self.stock(1).is_some_and(|(_, stock)| {
            let mut first = stock.first.iter();
            !stock.in_hand && first.any(|it| !dead || it.message.dead)
        })
    }

    /// Lets happen what follows at this very moment from what a person did, though time stands
    /// still.
    pub fn end_instant(&mut self) {
        if !self.playing && self.goal.is_none() {
            self.advance_to(self.run.now(), INSTANT_MOST);
            self.unsaid = true;
            self.stale = true;
        }
    }
}
