//! Walks: what happens in a system told step by step, from node to node. A run never sees them.

use serde_json::{Value, json};

use super::{Fields, Paper, Problem, TextLimit};
use crate::units::{NodeId, WalkId};

/// A way through what is drawn, step by step, with a text for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Its id, for ever.
    pub id: WalkId,
    /// Its title.
    pub name: String,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// What is known about it.
    pub paper: Paper,
}

/// One step of a walk. It may go against a link, where there is none, or stay where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it begins.
    pub from: NodeId,
    /// Where it goes.
    pub to: NodeId,
    /// What happens.
    pub text: String,
}

impl Walk {
    /// Most steps of one walk.
    pub const STEPS_MAX: usize = 500;

    /// The walk as documents have it.
    pub fn to_json(&self) -> Value {
        let steps: Vec<Value> = self.steps.iter().map(Step::to_json).collect();
        let mut json = json!({ "id": self.id, "name": self.name, "steps": steps });
        self.paper.write_into(&mut json);
        json
    }

    /// Reads a walk, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let id = fields.id("id");
        let name = fields.optional_text("name", TextLimit::Name);
        let steps = fields.list("steps", Self::STEPS_MAX);
        let paper = fields.optional("paper");
        fields.finish();
        let paper = Paper::of_field(paper, place, problems);
        let numbered = steps.iter().enumerate();
        let steps: Option<Vec<Step>> = numbered
            .map(|(n, step)| Step::from_json(step, &format!("{place}.steps[{n}]"), problems))
            .collect();
        Some(Self {
            id: WalkId(id?),
            name: name.unwrap_or_default(),
            steps: steps?,
            paper: paper?,
        })
    }
}

impl Step {
    fn to_json(&self) -> Value {
        json!({ "from": self.from, "to": self.to, "text": self.text })
    }

    fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(json, place, problems)?;
        let (from, to) = (fields.id("from"), fields.id("to"));
        let text = fields.optional_text("text", TextLimit::Note);
        fields.finish();
        Some(Self {
            from: NodeId(from?),
            to: NodeId(to?),
            text: text.unwrap_or_default(),
        })
    }
}
