//! The statements of a Sruja text as they were written. Nothing here knows what they mean for a
//! scenario.

/// The names that lead to an element.
pub(super) type Path = Vec<String>;

/// A statement and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) at: usize,
    pub(super) what: What,
}

/// What is stated.
#[derive(Clone, Debug)]
pub(super) enum What {
    Element(Element),
    Relation(Relation),
    Walk(Walk),
    View(View),
    /// `name "text"`.
    Property(String, String),
    /// The texts of a block `metadata`.
    Metadata(Vec<(String, String)>),
    Tags(Vec<String>),
    /// More about an element that is somewhere else.
    Extend(Path, Vec<Statement>),
    /// `architecture "name" { … }`.
    Header(String, Vec<Statement>),
    /// A declared kind: its name, its title, and the statement.
    Kind(String, String, String),
    /// Something that means nothing here: the statement, and what it is.
    Kept(String, Reason),
}

/// Why a statement is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It is known, and nothing needs to be said about it.
    Known,
    /// It is known, and means nothing for a run.
    Idle,
    /// It was not understood.
    Unknown,
}

/// A person, system, container, queue …
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub(super) word: String,
    pub(super) sort: String,
    pub(super) label: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) body: Vec<Statement>,
}

/// `a -> b "label"`.
#[derive(Clone, Debug, Default)]
pub(super) struct Relation {
    pub(super) from: Path,
    pub(super) to: Path,
    pub(super) verb: String,
    pub(super) label: String,
    pub(super) description: String,
    pub(super) technology: String,
    pub(super) tags: Vec<String>,
    pub(super) order: Option<u32>,
    pub(super) body: Vec<Statement>,
}

/// A scenario, story or flow.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    pub(super) word: String,
    pub(super) sort: String,
    pub(super) title: String,
    pub(super) description: String,
    /// Steps, properties, and what is kept.
    pub(super) body: Vec<Statement>,
}

/// A view.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    pub(super) word: String,
    pub(super) title: String,
    pub(super) of: Option<Path>,
    pub(super) extends: Option<String>,
    /// What is shown (or not), in the order of the text.
    pub(super) rules: Vec<Rule>,
    /// Where elements are.
    pub(super) places: Vec<(Path, i32, i32)>,
    pub(super) body: Vec<Statement>,
}

/// What a view shows, or does not.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) at: usize,
    pub(super) shows: bool,
    pub(super) what: Shown,
}

/// Elements of a view.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    All,
    /// One, with all that is in it.
    One(Path),
    /// What is in one.
    Inside(Path),
    /// One with its neighbours: before it, behind it.
    Around(Path, bool, bool),
}
