//! Values that change, behind one type each: what shows them is compiled once instead of once for
//! every place, which keeps the program small.

/// A text that changes.
pub type LiveText = Box<dyn Fn() -> String + Send + Sync>;
/// Something that holds or not.
pub type LiveFlag = Box<dyn Fn() -> bool + Send + Sync>;

/// A text that changes.
pub fn live(text: impl Fn() -> String + Send + Sync + 'static) -> LiveText {
    Box::new(text)
}

/// Something that holds or not.
pub fn flag(holds: impl Fn() -> bool + Send + Sync + 'static) -> LiveFlag {
    Box::new(holds)
}
