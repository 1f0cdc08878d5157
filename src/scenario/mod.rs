//! The document: what is saved, shared and opened, and the examples that come with the program.

mod document;
mod edit;
mod examples;
pub mod gallery;
mod lasting;
pub mod link;
mod mend;
mod schema;

pub use document::{Scenario, TEXT_MAX, from_json, read, write};
pub use edit::Edit;
pub use examples::{Example, examples};
pub use schema::schema;
