//! Cards that glide to where they were put, so that the eye can follow.

use super::Player;
use crate::units::NodeId;

const MILLIS: f64 = 320.0;

/// Cards on their way.
pub(super) struct CardGlide {
    /// Where they come from.
    from: Vec<(NodeId, i32, i32)>,
    started_millis: f64,
}

impl Player {
    /// Lets nodes glide to where they are in the document from where they were.
    pub fn glide_cards(&mut self, from: Vec<(NodeId, i32, i32)>, now_millis: f64) {
        self.run.show_at(&from);
        self.card_glide = Some(CardGlide {
            from,
            started_millis: now_millis,
        });
    }

    /// Lets cards that glide go on.
    pub(super) fn glide_cards_on(&mut self, now_millis: f64) {
        let Some(glide) = &self.card_glide else {
            return;
        };
        let part = ((now_millis - glide.started_millis) / MILLIS).clamp(0.0, 1.0);
        let eased = 1.0 - (1.0 - part) * (1.0 - part) * (1.0 - part);
        let between = |from: i32, to: i32| from + (f64::from(to - from) * eased).round() as i32;
        let plan = &self.run.plan().topology;
        let places: Vec<_> = glide
            .from
            .iter()
            .filter_map(|(id, x, y)| {
                let (to_x, to_y) = plan.node(*id).map(|node| (node.x, node.y))?;
                Some((*id, between(*x, to_x), between(*y, to_y)))
            })
            .collect();
        self.run.show_at(&places);
        self.stale = true;
        self.unsaid = true;
        if part >= 1.0 {
            self.card_glide = None;
        }
    }
}
