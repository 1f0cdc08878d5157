//! Rows of things that come and go, each with a key of its own: one machine for all of them, which
//! keeps the program small.

use leptos::prelude::*;

/// A row that may be shown: its key, and how it looks when it is new.
struct Row {
    key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Shows a row for each item of `each`. A row stays as long as its key is there.
pub fn keyed<T, V>(
    each: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> String + Send + Sync + 'static,
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    all(Box::new(move || {
        let row = |item| Row {
            key: key(&item),
            view: {
                let view = view.clone();
                Box::new(move || view(item).into_any())
            },
        };
        each().into_iter().map(row).collect()
    }))
}

fn all(each: Box<dyn Fn() -> Vec<Row> + Send + Sync>) -> AnyView {
    view! { <For each key=|row| row.key.clone() children=|row| (row.view)() /> }.into_any()
}
