//! The browser's database, as two tables of texts: documents and places, both by the document's id.
//!
//! A crate over it would bring its own runtime; this needs five calls.

use std::cell::RefCell;

use js_sys::{Array, Function, Promise, futures::JsFuture};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DomException, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

const NAME: &str = "eventyard";
const VERSION: u32 = 1;
const DOCUMENTS: &str = "documents";
const PLACES: &str = "places";
/// A browser that has not answered by then never will.
const PATIENCE_MILLIS: i32 = 3_000;

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = const { RefCell::new(None) };
}

/// Ids with what is written for them.
pub type Texts = Vec<(String, String)>;

/// All documents and all places.
pub async fn all() -> Result<(Texts, Texts), String> {
    let database = open().await?;
    let (transaction, documents, places) = begin(&database, IdbTransactionMode::Readonly)?;
    let asked = [&documents, &places].map(|store| -> Result<[IdbRequest; 2], String> {
        Ok([
            store.get_all_keys().map_err(words)?,
            store.get_all().map_err(words)?,
        ])
    });
    done(&transaction).await?;
    let [documents, places] = asked.map(|asked| asked.and_then(texts));
    Ok((documents?, places?))
}

fn texts([keys, values]: [IdbRequest; 2]) -> Result<Texts, String> {
    let list =
        |request: IdbRequest| Ok::<_, String>(Array::from(&request.result().map_err(words)?));
    let (keys, values) = (list(keys)?, list(values)?);
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    Ok(keys.iter().map(text).zip(values.iter().map(text)).collect())
}

/// Writes a document, if what is there may be replaced. Says whether it was.
pub async fn put_document(
    id: &str,
    text: &str,
    may_replace: impl FnOnce(&str) -> bool,
) -> Result<bool, String> {
    let database = open().await?;
    let (transaction, documents, _) = begin(&database, IdbTransactionMode::Readwrite)?;
    let there = answer(documents.get(&id.into()).map_err(words)?).await?;
    if there.as_string().is_some_and(|there| !may_replace(&there)) {
        return Ok(false);
    }
    let put = documents.put_with_key(&text.into(), &id.into());
    put.map_err(words)?;
    done(&transaction).await?;
    Ok(true)
}

/// Waits for the answer to what was asked; the transaction stays open for the next question.
async fn answer(request: IdbRequest) -> Result<JsValue, String> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(resolve.unchecked_ref()));
        request.set_onerror(Some(reject.unchecked_ref()));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result().map_err(words),
        Err(_) => Err("the browser broke it off".to_owned()),
    }
}

/// Writes where somebody is in a document.
pub async fn put_place(id: &str, text: &str) -> Result<(), String> {
    change(|_, places| places.put_with_key(&text.into(), &id.into())).await
}

/// Removes a document and its place.
pub async fn remove(id: &str) -> Result<(), String> {
    change(|documents, places| {
        places.delete(&id.into())?;
        documents.delete(&id.into())
    })
    .await
}

async fn change(
    what: impl Fn(&IdbObjectStore, &IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<(), String> {
    let database = open().await?;
    let (transaction, documents, places) = begin(&database, IdbTransactionMode::Readwrite)?;
    what(&documents, &places).map_err(words)?;
    done(&transaction).await
}

/// A transaction over both tables. It ends by itself when nothing more is asked.
fn begin(
    database: &IdbDatabase,
    mode: IdbTransactionMode,
) -> Result<(IdbTransaction, IdbObjectStore, IdbObjectStore), String> {
    let names = Array::of2(&DOCUMENTS.into(), &PLACES.into());
    let begun = database
        .transaction_with_str_sequence_and_mode(&names, mode)
        .and_then(|transaction| {
            let documents = transaction.object_store(DOCUMENTS)?;
            let places = transaction.object_store(PLACES)?;
            Ok((transaction, documents, places))
        });
    begun.map_err(|error| {
        // The browser closes a database when it likes: the next call opens it again.
        OPEN.set(None);
        words(error)
    })
}

/// The database. The first call opens it, and so does the next one after a failure.
async fn open() -> Result<IdbDatabase, String> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let factory = window().indexed_db().map_err(words)?;
    let factory = factory.ok_or("it has no database")?;
    let request = factory.open_with_u32(NAME, VERSION).map_err(words)?;
    let asked = request.clone();
    let make = Closure::<dyn FnMut()>::new(move || make_tables(&asked));
    request.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
    let opened = Promise::new(&mut |resolve, reject| {
        let (resolve, reject): (&Function, &Function) =
            (resolve.unchecked_ref(), reject.unchecked_ref());
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(reject, PATIENCE_MILLIS);
    });
    let outcome = JsFuture::from(opened).await;
    drop(make);
    request.set_onupgradeneeded(None);
    if outcome.is_err() {
        let error = request.error().ok().flatten();
        return Err(error.map_or_else(|| "its database does not answer".to_owned(), why));
    }
    let database: IdbDatabase = request.result().map_err(words)?.unchecked_into();
    let close = Closure::once_into_js(|| {
        // A newer version of the page waits for this one to let go.
        if let Some(database) = OPEN.take() {
            database.close();
        }
    });
    database.set_onversionchange(Some(close.unchecked_ref()));
    OPEN.set(Some(database.clone()));
    Ok(database)
}

fn make_tables(request: &IdbOpenDbRequest) {
    let Ok(database) = request.result() else {
        return;
    };
    let database: IdbDatabase = database.unchecked_into();
    for name in [DOCUMENTS, PLACES] {
        let _ = database.create_object_store(name);
    }
}

/// Waits until what was asked is on the disk.
async fn done(transaction: &IdbTransaction) -> Result<(), String> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(resolve.unchecked_ref()));
        transaction.set_onabort(Some(reject.unchecked_ref()));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(_) => Err(transaction
            .error()
            .map_or_else(|| "the browser broke it off".to_owned(), why)),
    }
}

fn words(error: JsValue) -> String {
    match error.dyn_into::<DomException>() {
        Ok(error) => why(error),
        Err(other) => format!("{other:?}"),
    }
}

fn why(error: DomException) -> String {
    match error.name().as_str() {
        "QuotaExceededError" => "its storage is full".to_owned(),
        "SecurityError" | "InvalidStateError" => "storage is forbidden here".to_owned(),
        name => format!("{name}: {}", error.message()),
    }
}
