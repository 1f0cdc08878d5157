// What happens before the program runs, and after it died: the loading bar, and plain words; and
// how the rest of a program that was split in two comes to the first part.
// Trunk calls the default export while it fetches the program.

const byId = (id) => document.getElementById(id);

function fail(sentence) {
  const box = byId("loading");
  if (!box) return;
  byId("loading-title").textContent = "Eventyard cannot start here";
  byId("loading-words").textContent = sentence;
  box.classList.add("is-failed");
  box.setAttribute("role", "alert");
}

// Where this version does not work, a newer one that waits need not be asked for.
async function letNewerTakeOver() {
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    registration?.waiting?.postMessage("take over");
  } catch {
    // There are no service workers here.
  }
}

function armCrashPanel() {
  const report = byId("crashed-report");
  byId("crashed-reload").addEventListener("click", async () => {
    await letNewerTakeOver();
    location.reload();
  });
  byId("crashed-fresh").addEventListener("click", () => {
    // The document stays in the list; only this tab does not begin with it again.
    try {
      sessionStorage.setItem("eventyard.tab", JSON.stringify({ id: "", shown: [], fresh: true }));
    } catch {
      // Storage is closed to us: then nothing is kept there either.
    }
    history.replaceState(null, "", location.pathname + location.search);
    location.reload();
  });
  byId("crashed-copy").addEventListener("click", async (event) => {
    report.select();
    try {
      await navigator.clipboard.writeText(report.value);
      event.target.textContent = "Copied";
    } catch {
      event.target.textContent = "Press Ctrl+C to copy";
    }
  });
}

// The page works without a network after the first visit, where a build has its worker: not while
// it is built anew on each change, and not inside of another page.
let isKept = false;

function keepForOffline() {
  const workers = navigator.serviceWorker;
  const isBuild = document.querySelector("meta[name=eventyard-build]");
  if (isKept || !isBuild || !workers || location.hash.startsWith("#embed")) return;
  isKept = true;
  let waiting = null;
  const tell = (what) => dispatchEvent(new Event(`eventyard-${what}`));
  const offer = (registration) => {
    // The very first one takes over by itself.
    if (!registration.waiting || !registration.active) return;
    waiting = registration.waiting;
    // The program may not be listening yet.
    document.documentElement.dataset.renewal = "waits";
    tell("renewal");
  };
  addEventListener("eventyard-renew", () => {
    waiting?.addEventListener("statechange", () => {
      if (waiting.state === "activated") tell("renewed");
    });
    waiting?.postMessage("take over");
  });
  // Another tab may have said so.
  workers.addEventListener("controllerchange", () => tell("renewed"));
  workers
    .register("sw.js", { updateViaCache: "none" })
    .then((registration) => {
      offer(registration);
      registration.addEventListener("updatefound", () => {
        const coming = registration.installing;
        coming?.addEventListener("statechange", () => offer(registration));
      });
      if (registration.active) return registration.update();
    })
    .catch(() => {
      // There is no network now; or the browser forbids it, and the page needs one as before.
    });
}

// The program calls eventyardRest(0) when it is alive: from then on the first sign of a person
// fetches the rest. A door that leads into the rest calls it with its number if nothing is there.
// It sends itself an "eventyard-wanted" when it has something to ask.
const SIGNS = [
  "pointermove",
  "pointerdown",
  "touchstart",
  "wheel",
  "keydown",
  "click",
  "eventyard-wanted",
];
let first;
let rest;
let coming;

function catchFirstPart() {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    if (!original) continue;
    WebAssembly[name] = async (...parts) => {
      const result = await original.apply(WebAssembly, parts);
      first ??= result.instance?.exports;
      return result;
    };
  }
}

// A program that was not split has no table under this name.
const isWhole = () => !first?.t0 || rest === "there";

const restAddress = () => {
  const link = document.querySelector("link[rel=preload][type='application/wasm']");
  return link.href.replace("_bg.wasm", "_rest.wasm");
};

// Not at once: the program may be in the middle of something.
const tell = (name) => setTimeout(() => dispatchEvent(new Event(name)));

function restIsThere() {
  rest = "there";
  tell("eventyard-rest");
}

function join(module) {
  new WebAssembly.Instance(module, { first });
  restIsThere();
}

function awaitPerson() {
  for (const sign of SIGNS) addEventListener(sign, fetchRest, { capture: true, passive: true });
}

function fetchRest() {
  for (const sign of SIGNS) removeEventListener(sign, fetchRest, true);
  coming ??= bringRest();
  return coming;
}

async function bringRest() {
  try {
    const module = await WebAssembly.compileStreaming(fetch(restAddress()));
    // A door may have been quicker.
    if (!isWhole()) join(module);
  } catch (error) {
    coming = undefined;
    if (isWhole()) return;
    console.error(error);
    tell("eventyard-no-rest");
    awaitPerson();
  }
}

// Firefox runs microtasks while it waits in the middle of the program. They have to wait as well:
// the program cannot be entered twice.
let held;

function holdMicrotasks() {
  const original = globalThis.queueMicrotask.bind(globalThis);
  globalThis.queueMicrotask = (task) => original(() => (held ? held.push(task) : task()));
}

function fetchRestNow() {
  held = [];
  try {
    const request = new XMLHttpRequest();
    request.open("GET", restAddress(), false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status !== 200) throw new Error(`The rest of the program: ${request.status}`);
    const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 255);
    // What could be done while it waited may have brought the rest.
    if (!isWhole()) join(new WebAssembly.Module(bytes));
  } finally {
    const tasks = held;
    held = undefined;
    for (const task of tasks) queueMicrotask(task);
  }
}

globalThis.eventyardRest = (door) => {
  // Whoever wants to know what a visit calls has a list there.
  if (door) globalThis.eventyardCalls?.add(door);
  if (door) return isWhole() || fetchRestNow();
  if (isWhole()) restIsThere();
  else awaitPerson();
};

// The program waits for the rest before it begins, if it needs it at once or it is at hand: all
// files of a page that was visited before are.
globalThis.eventyardWhole = async (needed) => {
  if (!isWhole() && (needed || navigator.serviceWorker?.controller)) await fetchRest();
};

export default function initializer() {
  armCrashPanel();
  if (typeof WebAssembly === "object") catchFirstPart();
  holdMicrotasks();
  // The files are here already: what is newer is looked for before pictures keep the browser busy.
  if (navigator.serviceWorker?.controller) keepForOffline();
  document.documentElement.toggleAttribute("data-embed", location.hash.startsWith("#embed"));
  return {
    onStart() {
      if (typeof WebAssembly !== "object") {
        fail(
          "This browser has no WebAssembly, or it is switched off. Eventyard runs entirely in " +
            "your browser and needs it: any current Chrome, Edge, Firefox or Safari will do.",
        );
      }
    },
    onProgress({ current, total }) {
      const bar = byId("loading-bar");
      if (bar && total > 0) bar.style.setProperty("--done", Math.min(1, current / total));
    },
    onSuccess: keepForOffline,
    onFailure(error) {
      if (typeof WebAssembly !== "object") return;
      const crashed = byId("crashed");
      if (crashed && !crashed.hidden) return;
      console.error(error);
      letNewerTakeOver();
      fail(
        "The program could not be loaded. Check the connection and reload the page. " +
          `(The browser says: ${error})`,
      );
    },
  };
}
