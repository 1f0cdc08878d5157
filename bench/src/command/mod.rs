//! How the program measures, one file for each way, in reading order.

pub mod arguments;
pub mod child;
pub mod comparison;
pub mod node;
pub mod pairs;
pub mod report;
pub mod row;
