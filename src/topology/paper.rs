//! What people know about something that is drawn, and no run needs: a description, a technology,
//! tags, and whatever else another tool said about it.

use serde_json::{Map, Value, json};

use super::{Fields, Problem, TextLimit};

/// What stands on paper about a node, a link, a frame, a view, a walk or the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Its name in texts: one word.
    pub word: String,
    /// What another tool calls its kind.
    pub sort: String,
    /// What it is for.
    pub description: String,
    /// What it is made with.
    pub technology: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Further texts by their names, in their order. No name stands there twice.
    pub more: Vec<(String, String)>,
    /// Statements of another tool's text that mean nothing here, word for word.
    pub kept: Vec<String>,
}

impl Paper {
    /// Most tags.
    pub const TAGS_MAX: usize = 100;
    /// Most further texts.
    pub const MORE_MAX: usize = 200;
    /// Most statements that are kept.
    pub const KEPT_MAX: usize = 1_000;

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A further text by its name.
    pub fn more(&self, name: &str) -> Option<&str> {
        let found = self.more.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.as_str())
    }

    /// The paper as documents have it.
    pub fn to_json(&self) -> Value {
        let mut json = json!({});
        for (name, text) in [
            ("word", &self.word),
            ("sort", &self.sort),
            ("description", &self.description),
            ("technology", &self.technology),
        ] {
            if !text.is_empty() {
                json[name] = json!(text);
            }
        }
        if !self.tags.is_empty() {
            json["tags"] = json!(self.tags);
        }
        if !self.more.is_empty() {
            let texts = self.more.iter();
            let texts = texts.map(|(name, text)| (name.clone(), json!(text)));
            json["more"] = Value::Object(texts.collect());
        }
        if !self.kept.is_empty() {
            json["kept"] = json!(self.kept);
        }
        json
    }

    /// Writes it into the JSON of what it is about, unless nothing is known.
    pub(crate) fn write_into(&self, json: &mut Value) {
        if !self.is_empty() {
            json["paper"] = self.to_json();
        }
    }

    /// Reads the paper of something from its field, and says what is wrong with it.
    pub(crate) fn of_field(
        json: Option<&Value>,
        place: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        match json {
            None => Some(Self::default()),
            Some(json) => Self::from_json(json, &format!("{place}.paper"), problems),
        }
    }

    /// Reads a paper, and says what is wrong with it.
    pub fn from_json(json: &Value, place: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let mut fields = Fields::of(json, place, problems)?;
        let word = fields.optional_text("word", TextLimit::Name);
        let sort = fields.optional_text("sort", TextLimit::Name);
        let description = fields.optional_text("description", TextLimit::Note);
        let technology = fields.optional_text("technology", TextLimit::Name);
        let tags = fields.texts("tags", Self::TAGS_MAX, TextLimit::Name);
        let kept = fields.texts("kept", Self::KEPT_MAX, TextLimit::Page);
        let more = read_more(&mut fields);
        fields.finish();
        (problems.len() == before).then(|| Self {
            word: word.unwrap_or_default(),
            sort: sort.unwrap_or_default(),
            description: description.unwrap_or_default(),
            technology: technology.unwrap_or_default(),
            tags,
            more,
            kept,
        })
    }
}

fn read_more(fields: &mut Fields<'_, '_>) -> Vec<(String, String)> {
    let none = Map::new();
    let texts = match fields.optional("more") {
        None => &none,
        Some(Value::Object(texts)) => texts,
        Some(_) => {
            fields.wrong("more", "expected an object with texts", "write { … }");
            return Vec::new();
        }
    };
    if texts.len() > Paper::MORE_MAX {
        let what = format!(
            "expected at most {}, found {}",
            Paper::MORE_MAX,
            texts.len()
        );
        fields.wrong("more", what, "remove some");
        return Vec::new();
    }
    let fits = |text: &str, limit: TextLimit| text.chars().count() <= limit.most();
    let mut more = Vec::with_capacity(texts.len());
    for (name, value) in texts {
        match value.as_str() {
            Some(text) if fits(name, TextLimit::Name) && fits(text, TextLimit::Note) => {
                more.push((name.clone(), text.to_owned()));
            }
            _ => {
                let most = TextLimit::Note.most();
                let what = format!("expected texts of at most {most} characters");
                fields.wrong("more", what, "correct the text, or shorten it");
                return Vec::new();
            }
        }
    }
    more
}
