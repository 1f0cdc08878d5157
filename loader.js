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

function armCrashPanel() {
  const report = byId("crashed-report");
  byId("crashed-reload").addEventListener("click", () => location.reload());
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

// The program calls eventyardRest(0) when it is alive: from then on the first sign of a person
// fetches the rest. A door that leads into the rest calls it with its number if nothing is there.
const SIGNS = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown", "click"];
let first;
let rest;

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

function awaitPerson() {
  for (const sign of SIGNS) addEventListener(sign, fetchRest, { capture: true, passive: true });
}

async function fetchRest() {
  for (const sign of SIGNS) removeEventListener(sign, fetchRest, true);
  if (rest) return;
  rest = "coming";
  try {
    const { module } = await WebAssembly.instantiateStreaming(fetch(restAddress()), { first });
    if (module && rest !== "there") restIsThere();
  } catch (error) {
    if (rest === "there") return;
    rest = undefined;
    console.error(error);
    tell("eventyard-no-rest");
    awaitPerson();
  }
}

function fetchRestNow() {
  const request = new XMLHttpRequest();
  request.open("GET", restAddress(), false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`The rest of the program: ${request.status}`);
  const bytes = Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0) & 255);
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { first });
  restIsThere();
}

globalThis.eventyardRest = (door) => {
  if (door) return isWhole() || fetchRestNow();
  if (isWhole()) restIsThere();
  else awaitPerson();
};

export default function initializer() {
  armCrashPanel();
  if (typeof WebAssembly === "object") catchFirstPart();
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
    onFailure(error) {
      if (typeof WebAssembly !== "object") return;
      const crashed = byId("crashed");
      if (crashed && !crashed.hidden) return;
      console.error(error);
      fail(
        "The program could not be loaded. Check the connection and reload the page. " +
          `(The browser says: ${error})`,
      );
    },
  };
}
