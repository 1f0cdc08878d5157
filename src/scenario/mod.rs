//! The document: what is saved, shared and opened, and the examples that come with the program.

mod document;
mod examples;
pub mod link;
mod schema;

pub use document::{Note, Scenario, TEXT_MAX, from_json, read, write};
pub use examples::{Example, examples};
pub use schema::schema;
