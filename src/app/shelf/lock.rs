//! Whose document it is: of several tabs, one may write to it. The others work on a copy.

use std::cell::RefCell;

use js_sys::{Function, Object, Promise, Reflect, futures::JsFuture};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// The right to write to a document; who drops it gives it up.
#[derive(Debug)]
pub struct Lock {
    release: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// What became of the wish to write to a document.
#[derive(Debug)]
pub enum Claim {
    /// It is ours. Where the browser knows no locks there is none to hold.
    Ours(Option<Lock>),
    /// Another tab has it.
    Elsewhere,
}

/// Claims a document, without waiting for another tab.
pub async fn claim(id: &str) -> Claim {
    let claimed = match request(id) {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    match claimed {
        Ok(value) if value.is_null() => Claim::Elsewhere,
        Ok(value) => Claim::Ours(value.dyn_into().ok().map(|release| Lock { release })),
        Err(_) => Claim::Ours(None),
    }
}

/// A promise of the function that gives the lock up, or of null where another tab has it.
fn request(id: &str) -> Result<Promise, JsValue> {
    // Not yet in the crate for the browser's interfaces.
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let name = format!("eventyard.document.{id}");
    let failed = RefCell::new(None);
    let promise = Promise::new(&mut |resolve, reject| {
        let resolve: Function = resolve.unchecked_into();
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                let _ = resolve.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::UNDEFINED;
            }
            // Held for as long as this promise is open.
            Promise::new(&mut |release, _| {
                let _ = resolve.call1(&JsValue::NULL, release.unchecked_ref());
            })
            .into()
        });
        let asked: Result<JsValue, JsValue> =
            request.call3(&locks, &name.as_str().into(), &options, &granted);
        match asked {
            Ok(promise) => {
                let refused = Closure::once_into_js(move |error: JsValue| {
                    let reject: &Function = reject.unchecked_ref();
                    let _ = reject.call1(&JsValue::NULL, &error);
                });
                let _ = Reflect::get(&promise, &"catch".into())
                    .and_then(|catch| catch.dyn_into::<Function>())
                    .and_then(|catch| catch.call1(&promise, &refused));
            }
            Err(error) => *failed.borrow_mut() = Some(error),
        }
    });
    match failed.into_inner() {
        Some(error) => Err(error),
        None => Ok(promise),
    }
}
