// The page without a network. `cargo xtask` writes this into dist/ as sw.js, with the id of the
// build and the names of its files.
//
// Each build has a cache of its own, filled before anything is served from it, and the page comes
// from the same cache as all that it loads: never a mix of two builds. A new build waits until the
// person says so. Without an id this takes itself away: that is what a page gets that is built anew
// while it is watched.

const BUILD = "%BUILD%";
const FILES = ["%FILES%"];
const PAGE = "./";
const SCOPE = self.registration.scope;
const OURS = `eventyard ${SCOPE} `;
const CACHE = OURS + BUILD;

async function fill() {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(PAGE, { cache: "no-cache" });
    const text = await answer.text();
    // Between this file and the page, the server may have got a new build.
    if (!answer.ok || !text.includes(BUILD)) throw new Error("The page is of another build.");
    // Made anew, because one that was redirected may not answer a navigation.
    await cache.put(PAGE, new Response(text, { headers: { "Content-Type": "text/html" } }));
    await cache.addAll(FILES.map((name) => new Request(name, { cache: "no-cache" })));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
  }
  if (!BUILD) await self.registration.unregister();
}

// What a request is called in the cache, if it is for a file of the page.
function nameOf(request) {
  if (!BUILD || request.method !== "GET" || !request.url.startsWith(SCOPE)) return null;
  const path = request.url.slice(SCOPE.length).split(/[?#]/)[0];
  if (path === "" || path === "index.html") return PAGE;
  return FILES.includes(path) ? path : null;
}

async function answer(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(name)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(BUILD ? fill() : self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name) event.respondWith(answer(name, event.request));
});
