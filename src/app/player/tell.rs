//! Captions: the run stands still where one comes, and goes on when it was read.

use super::Player;
use crate::editor::{Item, Rect};
use crate::simulation::{Came, Pointer};
use crate::units::{LinkId, NodeId};

/// How large the place of a message is, for pointing at it.
const TOKEN: f64 = 18.0;

/// A caption that is on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its number among those that have come, from 1.
    pub nth: usize,
    /// How many there are.
    pub of: usize,
    /// What it says.
    pub text: String,
    /// What it points at, for a camera.
    pub item: Option<Item>,
    /// Where that is in the world.
    pub at: Option<Rect>,
}

impl Player {
    /// Whether the run stands still for captions.
    pub fn set_tells(&mut self, tells: bool) {
        self.tells = tells;
        if !tells && !self.telling.is_empty() {
            self.telling.clear();
            self.set_playing(true);
        }
        self.unsaid = true;
    }

    /// The captions that have come so far.
    pub(super) fn came(&self) -> Vec<usize> {
        self.run.captions().map(|(number, _)| number).collect()
    }

    /// What has come since is to be read now.
    pub(super) fn tell(&mut self, before: &[usize]) {
        if !self.tells {
            return;
        }
        let fresh = self.run.captions().map(|(number, _)| number);
        let fresh: Vec<usize> = fresh.filter(|number| !before.contains(number)).collect();
        if !fresh.is_empty() {
            self.set_playing(false);
            self.telling = fresh;
        }
    }

    /// The caption was read: the next one comes, or the run goes on.
    pub fn go_on(&mut self) {
        if !self.telling.is_empty() {
            self.telling.remove(0);
        }
        if self.telling.is_empty() {
            self.set_playing(true);
        }
        self.unsaid = true;
    }

    /// The captions that wait to be read are put away.
    pub fn stop_telling(&mut self) {
        self.telling.clear();
        self.unsaid = true;
    }

    /// The caption that is on the screen.
    pub fn told(&self) -> Option<Told> {
        let number = *self.telling.first()?;
        let caption = self.document.captions.get(number)?;
        let came: Vec<(usize, Came)> = self.run.captions().collect();
        let (_, this) = came.iter().find(|(other, _)| *other == number)?;
        let place = match caption.points {
            Pointer::Nothing => None,
            Pointer::Thing(id) => Some(id),
            Pointer::Message => caption.place(),
        };
        let item = place.and_then(|id| self.item_with(id));
        let token = self.scene.tokens.iter();
        let token = token
            .filter(|_| caption.points == Pointer::Message)
            .find(|token| token.message == this.message)
            .map(|token| {
                Rect::new(
                    token.at.x - TOKEN,
                    token.at.y - TOKEN,
                    TOKEN * 2.0,
                    TOKEN * 2.0,
                )
            });
        Some(Told {
            nth: came.len() + 1 - self.telling.len(),
            of: self.document.captions.len(),
            text: caption.text.clone(),
            item,
            at: token.or_else(|| self.pointed_at(item?)),
        })
    }

    /// Where an item is, for pointing at it: of a link that is its label.
    fn pointed_at(&self, item: Item) -> Option<Rect> {
        let mut links = self.scene.links.iter();
        let line = links.find(|line| item == Item::Link(line.id) && !line.label.is_empty());
        line.map_or_else(|| self.rect_of(item), |line| Some(line.label_box()))
    }

    /// The node or link with an id; they share their numbers.
    fn item_with(&self, id: u32) -> Option<Item> {
        let topology = self.run.topology();
        let node = topology.node(NodeId(id)).map(|node| Item::Node(node.id));
        node.or_else(|| topology.link(LinkId(id)).map(|link| Item::Link(link.id)))
    }
}
